/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

#include "config.h"

#include "dyno-json.h"

#include "dyno-error.h"

#include <json-glib/json-glib.h>
#include <math.h>
#include <string.h>

/* The scanner walks the text once, recursion bounded by max_depth, and answers
 * only "good" or "bad, here, because". What it passes json-glib may parse. */

const DynoJsonLimits dyno_json_limits_outside = { 32, 50000, 64 * 1024 };
const DynoJsonLimits dyno_json_limits_own = { 64, 50 * 1000 * 1000, 16 * 1024 * 1024 };

#define MAX_INTEGER 9007199254740992.0 /* 2^53 */

typedef struct
{
  const char           *text;
  const char           *at;
  const char           *end;
  const DynoJsonLimits *limits;
  guint                 depth;
  guint                 n_values;
  const char           *complaint; /* NULL while all is well */
} Scanner;

static gboolean scan_value (Scanner *s);

static gboolean
complain (Scanner    *s,
          const char *complaint)
{
  if (s->complaint == NULL)
    s->complaint = complaint;

  return FALSE;
}

static void
skip_blanks (Scanner *s)
{
  while (s->at < s->end && (*s->at == ' ' || *s->at == '\t' || *s->at == '\n' || *s->at == '\r'))
    s->at++;
}

static char
peek (Scanner *s)
{
  return s->at < s->end ? *s->at : '\0';
}

static gboolean
scan_word (Scanner    *s,
           const char *word)
{
  gsize length = strlen (word);

  if ((gsize) (s->end - s->at) < length || memcmp (s->at, word, length) != 0)
    return complain (s, "unknown word");
  s->at += length;

  return TRUE;
}

static gboolean
scan_digits (Scanner *s)
{
  const char *start = s->at;

  while (g_ascii_isdigit (peek (s)))
    s->at++;

  return s->at > start || complain (s, "digit expected");
}

static gboolean
check_number (Scanner    *s,
              const char *start,
              gboolean    is_integer)
{
  g_autofree char *copy = g_strndup (start, (gsize) (s->at - start));
  double value = g_ascii_strtod (copy, NULL);

  if (!isfinite (value))
    return complain (s, "number out of range");
  if (is_integer && fabs (value) > MAX_INTEGER)
    return complain (s, "integer beyond 2^53");

  return TRUE;
}

static gboolean
scan_number (Scanner *s)
{
  const char *start = s->at;
  gboolean is_integer = TRUE;

  if (peek (s) == '-')
    s->at++;
  if (peek (s) == '0' && s->at + 1 < s->end && g_ascii_isdigit (s->at[1]))
    return complain (s, "number with a leading zero");
  if (!scan_digits (s))
    return FALSE;

  if (peek (s) == '.')
    {
      is_integer = FALSE;
      s->at++;
      if (!scan_digits (s))
        return FALSE;
    }
  if (peek (s) == 'e' || peek (s) == 'E')
    {
      is_integer = FALSE;
      s->at++;
      if (peek (s) == '+' || peek (s) == '-')
        s->at++;
      if (!scan_digits (s))
        return FALSE;
    }

  return check_number (s, start, is_integer);
}

static int
scan_hex4 (Scanner *s)
{
  int value = 0;

  for (int i = 0; i < 4; i++)
    {
      int digit = g_ascii_xdigit_value (peek (s));

      if (digit < 0)
        return -1;
      value = value * 16 + digit;
      s->at++;
    }

  return value;
}

static gboolean
scan_unicode_escape (Scanner *s)
{
  int unit = scan_hex4 (s);

  if (unit < 0)
    return complain (s, "four hexadecimal digits expected");
  if (unit == 0)
    return complain (s, "NUL in a string");
  if (unit >= 0xDC00 && unit <= 0xDFFF)
    return complain (s, "lone surrogate");
  if (unit < 0xD800 || unit > 0xDBFF)
    return TRUE;

  if (s->end - s->at < 6 || s->at[0] != '\\' || s->at[1] != 'u')
    return complain (s, "lone surrogate");
  s->at += 2;
  unit = scan_hex4 (s);

  return (unit >= 0xDC00 && unit <= 0xDFFF) || complain (s, "lone surrogate");
}

static gboolean
scan_escape (Scanner *s)
{
  char c = peek (s);

  if (c == '\0' || strchr ("\"\\/bfnrtu", c) == NULL)
    return complain (s, "unknown escape");
  s->at++;

  return c != 'u' || scan_unicode_escape (s);
}

static gboolean
scan_string (Scanner *s)
{
  const char *start;

  if (peek (s) != '"')
    return complain (s, "string expected");
  start = ++s->at;

  while (s->at < s->end && *s->at != '"')
    {
      if ((guint8) *s->at < 0x20)
        return complain (s, "control character in a string");
      if (*s->at++ == '\\' && !scan_escape (s))
        return FALSE;
      if ((gsize) (s->at - start) > s->limits->max_string)
        return complain (s, "string too long");
    }
  if (s->at >= s->end)
    return complain (s, "string without an end");
  s->at++;

  return TRUE;
}

static gboolean
scan_element (Scanner *s)
{
  gboolean good;

  skip_blanks (s);
  good = scan_value (s);
  skip_blanks (s);

  return good;
}

static gboolean
scan_array (Scanner *s)
{
  s->at++;
  skip_blanks (s);
  if (peek (s) == ']')
    {
      s->at++;
      return TRUE;
    }

  while (scan_element (s))
    {
      char c = peek (s);

      s->at++;
      if (c == ']')
        return TRUE;
      if (c != ',')
        {
          s->at--;
          return complain (s, "',' or ']' expected");
        }
    }

  return FALSE;
}

static char *
unescape_name (const char *start,
               const char *end)
{
  g_autofree char *quoted = NULL;
  g_autoptr(JsonNode) node = NULL;

  if (memchr (start, '\\', (gsize) (end - start)) == NULL)
    return g_strndup (start + 1, (gsize) (end - start) - 2);

  quoted = g_strndup (start, (gsize) (end - start));
  node = json_from_string (quoted, NULL);

  return node != NULL ? json_node_dup_string (node) : NULL;
}

static gboolean
scan_member (Scanner    *s,
             GHashTable *names)
{
  const char *start;
  char *name;

  skip_blanks (s);
  start = s->at;
  if (!scan_string (s))
    return FALSE;
  name = unescape_name (start, s->at);
  if (name == NULL)
    return complain (s, "bad member name");
  if (!g_hash_table_add (names, name))
    return complain (s, "doubled member");

  skip_blanks (s);
  if (peek (s) != ':')
    return complain (s, "':' expected");
  s->at++;

  return scan_element (s);
}

static gboolean
scan_object (Scanner *s)
{
  g_autoptr(GHashTable) names = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);

  s->at++;
  skip_blanks (s);
  if (peek (s) == '}')
    {
      s->at++;
      return TRUE;
    }

  while (scan_member (s, names))
    {
      char c = peek (s);

      s->at++;
      if (c == '}')
        return TRUE;
      if (c != ',')
        {
          s->at--;
          return complain (s, "',' or '}' expected");
        }
    }

  return FALSE;
}

static gboolean
scan_container (Scanner *s)
{
  gboolean good;

  if (++s->depth > s->limits->max_depth)
    return complain (s, "nested too deeply");
  good = *s->at == '{' ? scan_object (s) : scan_array (s);
  s->depth--;

  return good;
}

static gboolean
scan_value (Scanner *s)
{
  if (++s->n_values > s->limits->max_values)
    return complain (s, "too many values");

  switch (peek (s))
    {
    case '{':
    case '[':
      return scan_container (s);
    case '"':
      return scan_string (s);
    case 't':
      return scan_word (s, "true");
    case 'f':
      return scan_word (s, "false");
    case 'n':
      return scan_word (s, "null");
    default:
      if (peek (s) == '-' || g_ascii_isdigit (peek (s)))
        return scan_number (s);
      return complain (s, s->at >= s->end ? "text ends too early" : "value expected");
    }
}

static gboolean
scan_document (Scanner *s)
{
  if (s->at == s->end)
    return complain (s, "empty text");
  if (s->end - s->at >= 3 && memcmp (s->at, "\xEF\xBB\xBF", 3) == 0)
    return complain (s, "byte order mark");
  if (!g_utf8_validate_len (s->at, (gsize) (s->end - s->at), &s->at))
    return complain (s, "not UTF-8");
  s->at = s->text;

  if (!scan_element (s))
    return FALSE;

  return s->at == s->end || complain (s, "text after the value");
}

static void
set_scan_error (const Scanner  *s,
                GError        **error)
{
  const char *line_start = s->text;
  int line = 1;

  for (const char *p = s->text; p < s->at; p++)
    {
      if (*p == '\n')
        {
          line++;
          line_start = p + 1;
        }
    }

  dyno_error_set (error, DYNO_ERROR_INVALID, "json", "The JSON is wrong at line %d, column %d: %s.",
                  line, (int) (s->at - line_start) + 1, s->complaint);
}

DynoJson *
dyno_json_parse_limited (const char            *text,
                         gssize                 length,
                         const DynoJsonLimits  *limits,
                         GError               **error)
{
  gsize size = length >= 0 ? (gsize) length : strlen (text);
  Scanner s = { .text = text, .at = text, .end = text + size, .limits = limits };
  g_autoptr(JsonParser) parser = NULL;
  g_autoptr(GError) failure = NULL;

  if (!scan_document (&s))
    {
      set_scan_error (&s, error);
      return NULL;
    }

  parser = json_parser_new_immutable ();
  if (!json_parser_load_from_data (parser, text, (gssize) size, &failure))
    {
      dyno_error_set (error, DYNO_ERROR_INVALID, "json", "The JSON is wrong: %s.",
                      failure->message);
      return NULL;
    }

  return json_parser_steal_root (parser);
}

DynoJson *
dyno_json_parse (const char  *text,
                 gssize       length,
                 GError     **error)
{
  return dyno_json_parse_limited (text, length, &dyno_json_limits_outside, error);
}

void
dyno_json_free (DynoJson *self)
{
  g_clear_pointer (&self, json_node_unref);
}

DynoJsonType
dyno_json_type (const DynoJson *self)
{
  JsonNode *node = (JsonNode *) self;

  if (node == NULL || JSON_NODE_HOLDS_NULL (node))
    return DYNO_JSON_NULL;
  if (JSON_NODE_HOLDS_OBJECT (node))
    return DYNO_JSON_OBJECT;
  if (JSON_NODE_HOLDS_ARRAY (node))
    return DYNO_JSON_ARRAY;
  if (json_node_get_value_type (node) == G_TYPE_STRING)
    return DYNO_JSON_STRING;
  if (json_node_get_value_type (node) == G_TYPE_BOOLEAN)
    return DYNO_JSON_BOOLEAN;

  return DYNO_JSON_NUMBER;
}

const DynoJson *
dyno_json_member (const DynoJson *self,
                  const char     *name)
{
  if (dyno_json_type (self) != DYNO_JSON_OBJECT)
    return NULL;

  return json_object_get_member (json_node_get_object ((JsonNode *) self), name);
}

const DynoJson *
dyno_json_element (const DynoJson *self,
                   guint           index)
{
  if (dyno_json_type (self) != DYNO_JSON_ARRAY || index >= dyno_json_n_elements (self))
    return NULL;

  return json_array_get_element (json_node_get_array ((JsonNode *) self), index);
}

guint
dyno_json_n_elements (const DynoJson *self)
{
  if (dyno_json_type (self) == DYNO_JSON_ARRAY)
    return json_array_get_length (json_node_get_array ((JsonNode *) self));
  if (dyno_json_type (self) == DYNO_JSON_OBJECT)
    return json_object_get_size (json_node_get_object ((JsonNode *) self));

  return 0;
}

GPtrArray *
dyno_json_names (const DynoJson *self)
{
  GPtrArray *names = g_ptr_array_new ();
  g_autoptr(GList) members = NULL;

  if (dyno_json_type (self) != DYNO_JSON_OBJECT)
    return names;

  members = json_object_get_members (json_node_get_object ((JsonNode *) self));
  for (GList *l = members; l != NULL; l = l->next)
    g_ptr_array_add (names, l->data);

  return names;
}

double
dyno_json_number (const DynoJson *self,
                  double          otherwise)
{
  if (dyno_json_type (self) != DYNO_JSON_NUMBER)
    return otherwise;

  return json_node_get_double ((JsonNode *) self);
}

gint64
dyno_json_integer (const DynoJson *self,
                   gint64          otherwise)
{
  double value = dyno_json_number (self, NAN);

  if (!(fabs (value) <= MAX_INTEGER) || value != floor (value))
    return otherwise;

  return (gint64) value;
}

gboolean
dyno_json_boolean (const DynoJson *self,
                   gboolean        otherwise)
{
  if (dyno_json_type (self) != DYNO_JSON_BOOLEAN)
    return otherwise;

  return json_node_get_boolean ((JsonNode *) self);
}

const char *
dyno_json_string (const DynoJson *self)
{
  if (dyno_json_type (self) != DYNO_JSON_STRING)
    return NULL;

  return json_node_get_string ((JsonNode *) self);
}

double
dyno_json_get_number (const DynoJson *self,
                      const char     *name,
                      double          otherwise)
{
  return dyno_json_number (dyno_json_member (self, name), otherwise);
}

gint64
dyno_json_get_integer (const DynoJson *self,
                       const char     *name,
                       gint64          otherwise)
{
  return dyno_json_integer (dyno_json_member (self, name), otherwise);
}

gboolean
dyno_json_get_boolean (const DynoJson *self,
                       const char     *name,
                       gboolean        otherwise)
{
  return dyno_json_boolean (dyno_json_member (self, name), otherwise);
}

const char *
dyno_json_get_string (const DynoJson *self,
                      const char     *name)
{
  return dyno_json_string (dyno_json_member (self, name));
}

struct _DynoJsonWriter
{
  GString  *text;       /* (owned) */
  gboolean  pretty;
  guint     depth;
  gboolean  is_first;   /* nothing stands yet in the innermost container */
  gboolean  after_name;
};

DynoJsonWriter *
dyno_json_writer_new (gboolean pretty)
{
  DynoJsonWriter *self = g_new0 (DynoJsonWriter, 1);

  self->text = g_string_new (NULL);
  self->pretty = pretty;
  self->is_first = TRUE;

  return self;
}

void
dyno_json_writer_free (DynoJsonWriter *self)
{
  if (self == NULL)
    return;

  g_string_free (self->text, TRUE);
  g_free (self);
}

char *
dyno_json_writer_finish (DynoJsonWriter *self)
{
  char *text = g_string_free (self->text, FALSE);

  g_assert (self->depth == 0);
  g_free (self);

  return text;
}

static void
new_line (DynoJsonWriter *self)
{
  if (!self->pretty)
    return;

  g_string_append_c (self->text, '\n');
  for (guint i = 0; i < self->depth; i++)
    g_string_append (self->text, "  ");
}

/* What stands between the value before and this one. */
static void
separate (DynoJsonWriter *self)
{
  if (self->after_name)
    {
      self->after_name = FALSE;
      return;
    }

  if (!self->is_first)
    g_string_append_c (self->text, ',');
  if (self->depth > 0)
    new_line (self);
  self->is_first = FALSE;
}

static void
begin (DynoJsonWriter *self,
       char            bracket)
{
  separate (self);
  g_string_append_c (self->text, bracket);
  self->depth++;
  self->is_first = TRUE;
}

static void
end (DynoJsonWriter *self,
     char            bracket)
{
  g_assert (self->depth > 0 && !self->after_name);

  self->depth--;
  if (!self->is_first)
    new_line (self);
  g_string_append_c (self->text, bracket);
  self->is_first = FALSE;
}

void
dyno_json_writer_begin_object (DynoJsonWriter *self)
{
  begin (self, '{');
}

void
dyno_json_writer_end_object (DynoJsonWriter *self)
{
  end (self, '}');
}

void
dyno_json_writer_begin_array (DynoJsonWriter *self)
{
  begin (self, '[');
}

void
dyno_json_writer_end_array (DynoJsonWriter *self)
{
  end (self, ']');
}

static void
append_escaped (GString    *text,
                const char *value)
{
  g_string_append_c (text, '"');
  for (const char *p = value; *p != '\0'; p++)
    {
      switch (*p)
        {
        case '"':
          g_string_append (text, "\\\"");
          break;
        case '\\':
          g_string_append (text, "\\\\");
          break;
        case '\n':
          g_string_append (text, "\\n");
          break;
        case '\r':
          g_string_append (text, "\\r");
          break;
        case '\t':
          g_string_append (text, "\\t");
          break;
        default:
          if ((guint8) *p < 0x20 || *p == 0x7f)
            g_string_append_printf (text, "\\u%04x", (guint8) *p);
          else
            g_string_append_c (text, *p);
        }
    }
  g_string_append_c (text, '"');
}

static void
append_string (GString    *text,
               const char *value)
{
  g_autofree char *valid = NULL;

  if (!g_utf8_validate (value, -1, NULL))
    value = valid = g_utf8_make_valid (value, -1);
  append_escaped (text, value);
}

void
dyno_json_writer_name (DynoJsonWriter *self,
                       const char     *name)
{
  g_assert (!self->after_name);

  separate (self);
  append_string (self->text, name);
  g_string_append (self->text, self->pretty ? ": " : ":");
  self->after_name = TRUE;
}

void
dyno_json_format_number (double value,
                         char   text[G_ASCII_DTOSTR_BUF_SIZE])
{
  static const char *const formats[] = { "%.15g", "%.16g", "%.17g" };

  if (value == 0.0)
    value = 0.0;
  for (gsize i = 0; i < G_N_ELEMENTS (formats); i++)
    {
      g_ascii_formatd (text, G_ASCII_DTOSTR_BUF_SIZE, formats[i], value);
      if (g_ascii_strtod (text, NULL) == value)
        break;
    }
  if (g_str_equal (text, "-0"))
    strcpy (text, "0");
  /* A whole number beyond 2^53 is no integer of ours: keep it readable as a number. */
  if (fabs (value) > MAX_INTEGER && strpbrk (text, ".e") == NULL)
    strcat (text, ".0");
}

void
dyno_json_writer_number (DynoJsonWriter *self,
                         double          value)
{
  char text[G_ASCII_DTOSTR_BUF_SIZE];

  if (!isfinite (value))
    {
      dyno_json_writer_null (self);
      return;
    }

  dyno_json_format_number (value, text);
  dyno_json_writer_raw (self, text);
}

void
dyno_json_writer_rounded (DynoJsonWriter *self,
                          double          value,
                          int             decimals)
{
  char text[64];
  char format[8];

  if (!isfinite (value) || fabs (value) >= 1e15)
    {
      dyno_json_writer_number (self, value);
      return;
    }

  g_snprintf (format, sizeof format, "%%.%df", CLAMP (decimals, 0, 12));
  g_ascii_formatd (text, sizeof text, format, value);
  dyno_json_writer_number (self, g_ascii_strtod (text, NULL));
}

void
dyno_json_writer_integer (DynoJsonWriter *self,
                          gint64          value)
{
  char text[24];
  char *at = text + sizeof text;
  guint64 left = value < 0 ? -(guint64) value : (guint64) value;

  do
    {
      *--at = (char) ('0' + left % 10);
      left /= 10;
    }
  while (left > 0);
  if (value < 0)
    *--at = '-';

  separate (self);
  g_string_append_len (self->text, at, text + sizeof text - at);
}

void
dyno_json_writer_boolean (DynoJsonWriter *self,
                          gboolean        value)
{
  dyno_json_writer_raw (self, value ? "true" : "false");
}

void
dyno_json_writer_string (DynoJsonWriter *self,
                         const char     *value)
{
  if (value == NULL)
    {
      dyno_json_writer_null (self);
      return;
    }

  separate (self);
  append_string (self->text, value);
}

void
dyno_json_writer_null (DynoJsonWriter *self)
{
  dyno_json_writer_raw (self, "null");
}

void
dyno_json_writer_raw (DynoJsonWriter *self,
                      const char     *json)
{
  separate (self);
  g_string_append (self->text, json);
}

static void
write_array (DynoJsonWriter *self,
             const DynoJson *value)
{
  dyno_json_writer_begin_array (self);
  for (guint i = 0; i < dyno_json_n_elements (value); i++)
    dyno_json_writer_value (self, dyno_json_element (value, i));
  dyno_json_writer_end_array (self);
}

static void
write_object (DynoJsonWriter *self,
              const DynoJson *value)
{
  g_autoptr(GPtrArray) names = dyno_json_names (value);

  dyno_json_writer_begin_object (self);
  for (guint i = 0; i < names->len; i++)
    {
      const char *name = g_ptr_array_index (names, i);

      dyno_json_writer_name (self, name);
      dyno_json_writer_value (self, dyno_json_member (value, name));
    }
  dyno_json_writer_end_object (self);
}

void
dyno_json_writer_value (DynoJsonWriter *self,
                        const DynoJson *value)
{
  switch (dyno_json_type (value))
    {
    case DYNO_JSON_BOOLEAN:
      dyno_json_writer_boolean (self, dyno_json_boolean (value, FALSE));
      break;
    case DYNO_JSON_NUMBER:
      dyno_json_writer_number (self, dyno_json_number (value, NAN));
      break;
    case DYNO_JSON_STRING:
      dyno_json_writer_string (self, dyno_json_string (value));
      break;
    case DYNO_JSON_ARRAY:
      write_array (self, value);
      break;
    case DYNO_JSON_OBJECT:
      write_object (self, value);
      break;
    case DYNO_JSON_NULL:
    default:
      dyno_json_writer_null (self);
    }
}

void
dyno_json_writer_add_number (DynoJsonWriter *self,
                             const char     *name,
                             double          value)
{
  dyno_json_writer_name (self, name);
  dyno_json_writer_number (self, value);
}

void
dyno_json_writer_add_rounded (DynoJsonWriter *self,
                              const char     *name,
                              double          value,
                              int             decimals)
{
  dyno_json_writer_name (self, name);
  dyno_json_writer_rounded (self, value, decimals);
}

void
dyno_json_writer_add_integer (DynoJsonWriter *self,
                              const char     *name,
                              gint64          value)
{
  dyno_json_writer_name (self, name);
  dyno_json_writer_integer (self, value);
}

void
dyno_json_writer_add_boolean (DynoJsonWriter *self,
                              const char     *name,
                              gboolean        value)
{
  dyno_json_writer_name (self, name);
  dyno_json_writer_boolean (self, value);
}

void
dyno_json_writer_add_string (DynoJsonWriter *self,
                             const char     *name,
                             const char     *value)
{
  dyno_json_writer_name (self, name);
  dyno_json_writer_string (self, value);
}
