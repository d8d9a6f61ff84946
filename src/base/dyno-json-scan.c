/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

#include "config.h"

#include "dyno-json-private.h"

#include <json-glib/json-glib.h>
#include <math.h>
#include <string.h>

#include "dyno-error.h"

/* The scanner walks the text once, recursion bounded by max_depth, and answers
 * only "good" or "bad, here, because". What it passes json-glib may parse. */

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
  if (is_integer && fabs (value) > DYNO_JSON_MAX_INTEGER)
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

gboolean
dyno_json_scan (const char            *text,
                gsize                  size,
                const DynoJsonLimits  *limits,
                GError               **error)
{
  Scanner s = { .text = text, .at = text, .end = text + size, .limits = limits };

  if (scan_document (&s))
    return TRUE;

  set_scan_error (&s, error);

  return FALSE;
}
