/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

#include "config.h"

#include "dyno-pvv-scan.h"

#include <string.h>

#include "dyno-error.h"
#include "dyno-pvv.h"

#define BYTE_ORDER_MARK "\xEF\xBB\xBF"

G_STATIC_ASSERT (G_N_ELEMENTS (((DynoPvvScan *) NULL)->open) == DYNO_PVV_MAX_DEPTH);

gboolean
dyno_pvv_scan_fail (const DynoPvvScan *self,
                    gsize              offset,
                    const char        *reason,
                    GError           **error,
                    const char        *format,
                    ...)
{
  gboolean is_large = g_str_equal (reason, "pvv_too_large");
  g_autofree char *why = NULL;
  guint line = 1;
  guint column = 1;
  va_list args;

  for (gsize i = 0; i < MIN (offset, self->size); i++)
    {
      column = self->text[i] == '\n' ? 1 : column + 1;
      line += self->text[i] == '\n';
    }
  va_start (args, format);
  why = g_strdup_vprintf (format, args);
  va_end (args);
  dyno_error_set (error, is_large ? DYNO_ERROR_TOO_LARGE : DYNO_ERROR_INVALID, reason,
                  "The tune cannot be read, line %u, column %u: %s", line, column, why);

  return FALSE;
}

void
dyno_pvv_scan_clear (DynoPvvScan *self)
{
  for (guint i = 0; i < self->n_attributes; i++)
    {
      g_free (self->attributes[i].name);
      g_free (self->attributes[i].value);
    }
  self->n_attributes = 0;
  while (self->depth > 0)
    g_free (self->open[--self->depth]);
  g_clear_pointer (&self->name, g_free);
}

static gboolean
begins_with (const DynoPvvScan *self,
             gsize              at,
             const char        *word)
{
  gsize length = strlen (word);

  return self->size - at >= length && memcmp (self->text + at, word, length) == 0;
}

/* The place of a word from `at` on, or the end of the bytes. */
static gsize
find_word (const DynoPvvScan *self,
           gsize              at,
           const char        *word)
{
  gsize length = strlen (word);

  for (; at + length <= self->size; at++)
    {
      const char *found = memchr (self->text + at, *word, self->size - at);

      if (found == NULL)
        break;
      at = (gsize) (found - self->text);
      if (begins_with (self, at, word))
        return at;
    }

  return self->size;
}

static gboolean
is_blank (char c)
{
  return c == ' ' || c == '\t' || c == '\r' || c == '\n';
}

static void
skip_blanks (DynoPvvScan *self)
{
  while (self->at < self->size && is_blank (self->text[self->at]))
    self->at++;
}

/* Encoding */

/* What the declaration says of it; NULL without. (transfer full) */
static char *
read_encoding (const DynoPvvScan *self,
               gsize              begin,
               gsize              end)
{
  g_autofree char *declaration = g_strndup (self->text + begin, end - begin);
  const char *word = strstr (declaration, "encoding");
  gsize length;

  if (word == NULL)
    return NULL;
  word += strlen ("encoding");
  word += strspn (word, " \t\r\n=\"'");
  length = strcspn (word, "\"' \t?");

  return g_ascii_strdown (word, (gssize) length);
}

static gboolean
take_declaration (DynoPvvScan *self,
                  GError     **error)
{
  static const char *const singles[] = { "windows-1252", "cp1252", "iso-8859-1", "latin1", NULL };
  static const char *const utf8[] = { "utf-8", "utf8", "us-ascii", "ascii", NULL };
  gsize begin = self->at;
  gsize end = find_word (self, begin, "?>");
  g_autofree char *encoding = NULL;

  if (!begins_with (self, begin, "<?xml") || begin + 5 >= self->size
      || !is_blank (self->text[begin + 5]))
    return TRUE;
  if (end == self->size)
    return dyno_pvv_scan_fail (self, begin, "pvv_malformed", error,
                               "the XML declaration does not end.");
  encoding = read_encoding (self, begin, end);
  self->at = end + 2;
  if (encoding != NULL && g_strv_contains (singles, encoding))
    self->is_1252 = TRUE;
  else if (encoding != NULL && !g_strv_contains (utf8, encoding))
    return dyno_pvv_scan_fail (self, begin, "pvv_malformed", error,
                               "the encoding is not UTF-8 or Windows-1252.");

  return TRUE;
}

static gboolean
are_good_bytes (DynoPvvScan *self,
                gboolean     is_fragment,
                GError     **error)
{
  const char *end = NULL;

  for (gsize i = 0; i < self->size; i++)
    {
      if ((guchar) self->text[i] < 0x20 && !is_blank (self->text[i]))
        return dyno_pvv_scan_fail (self, i, "pvv_malformed", error,
                                   "a control character stands there.");
    }
  if (self->is_1252 || g_utf8_validate (self->text, (gssize) self->size, &end))
    return TRUE;
  self->is_1252 = is_fragment;

  return is_fragment
         || dyno_pvv_scan_fail (self, (gsize) (end - self->text), "pvv_malformed", error,
                                "the text is no UTF-8, and nothing else is declared.");
}

gboolean
dyno_pvv_scan_begin (DynoPvvScan *self,
                     const char  *text,
                     gsize        size,
                     gboolean     is_fragment,
                     GError     **error)
{
  self->text = text;
  self->size = size;
  if (begins_with (self, 0, BYTE_ORDER_MARK))
    self->at = strlen (BYTE_ORDER_MARK);
  if (size > DYNO_PVV_MAX_BYTES)
    return dyno_pvv_scan_fail (self, 0, "pvv_too_large", error, "it has more than 16 MiB.");

  return take_declaration (self, error) && are_good_bytes (self, is_fragment, error);
}

/* References */

static gboolean
decode_number (const DynoPvvScan *self,
               const char        *name,
               GString           *value)
{
  gboolean is_hex = name[0] == 'x';
  char *end = NULL;
  guint64 code = 0;

  if (g_ascii_isxdigit (name[is_hex]))
    code = g_ascii_strtoull (name + is_hex, &end, is_hex ? 16 : 10);
  if (end == NULL || *end != '\0' || code < 0x20 || code > 0x10FFFF
      || !g_unichar_validate ((gunichar) code) || (self->is_1252 && code > 0x7E))
    return FALSE;
  g_string_append_unichar (value, (gunichar) code);

  return TRUE;
}

/* The one at `*at`, which then stands behind it. */
static gboolean
decode_reference (const DynoPvvScan *self,
                  gsize             *at,
                  gsize              end,
                  GString           *value,
                  GError           **error)
{
  static const struct
  {
    const char *name;
    char        is;
  } known[] = { { "lt", '<' }, { "gt", '>' }, { "amp", '&' }, { "quot", '"' }, { "apos", '\'' } };
  const char *begin = self->text + *at + 1;
  const char *semicolon = memchr (begin, ';', MIN (end - *at - 1, 12));
  g_autofree char *name = NULL;
  gsize start = *at;

  if (semicolon != NULL)
    {
      name = g_strndup (begin, (gsize) (semicolon - begin));
      *at = (gsize) (semicolon - self->text) + 1;
    }
  for (guint i = 0; name != NULL && i < G_N_ELEMENTS (known); i++)
    {
      if (!g_str_equal (name, known[i].name))
        continue;
      g_string_append_c (value, known[i].is);
      return TRUE;
    }
  if (name != NULL && *name == '#' && decode_number (self, name + 1, value))
    return TRUE;

  return dyno_pvv_scan_fail (self, start, "pvv_forbidden", error,
                             "entities other than &lt; &gt; &amp; &quot; &apos; are not read.");
}

/* (transfer full) */
static char *
decode (const DynoPvvScan *self,
        gsize              begin,
        gsize              end,
        GError           **error)
{
  g_autoptr(GString) value = NULL;
  char *text;

  if (!self->is_1252 && memchr (self->text + begin, '&', end - begin) == NULL)
    return g_strndup (self->text + begin, end - begin);

  value = g_string_new (NULL);
  for (gsize at = begin; at < end;)
    {
      if (self->text[at] != '&')
        g_string_append_c (value, self->text[at++]);
      else if (!decode_reference (self, &at, end, value, error))
        return NULL;
    }
  if (!self->is_1252)
    return g_string_free (g_steal_pointer (&value), FALSE);

  text = g_convert (value->str, (gssize) value->len, "UTF-8", "WINDOWS-1252", NULL, NULL, NULL);
  if (text == NULL)
    dyno_pvv_scan_fail (self, begin, "pvv_malformed", error, "that is no Windows-1252.");

  return text;
}

/* Pieces */

static gboolean
is_name_char (char c)
{
  return g_ascii_isalnum (c) || c == '_' || c == '-' || c == '.' || c == ':' || (guchar) c >= 0x80;
}

/* NULL where none begins there. (transfer full) */
static char *
read_name (DynoPvvScan *self)
{
  gsize begin = self->at;

  while (self->at < self->size && is_name_char (self->text[self->at]))
    self->at++;

  return self->at > begin ? g_strndup (self->text + begin, self->at - begin) : NULL;
}

static gboolean
read_attribute (DynoPvvScan *self,
                GError     **error)
{
  DynoPvvAttribute attribute = { .name = read_name (self) };
  const char *end = NULL;
  char quote = '\0';

  skip_blanks (self);
  if (self->at < self->size && self->text[self->at] == '=')
    {
      self->at++;
      skip_blanks (self);
      quote = self->at < self->size ? self->text[self->at] : '\0';
    }
  if (quote == '"' || quote == '\'')
    end = memchr (self->text + self->at + 1, quote, self->size - self->at - 1);
  if (attribute.name == NULL || end == NULL || self->n_attributes == DYNO_PVV_MAX_ATTRIBUTES
      || dyno_pvv_scan_attribute (self, attribute.name) != NULL)
    {
      g_free (attribute.name);
      return dyno_pvv_scan_fail (self, self->at, "pvv_malformed", error,
                                 "an attribute is wanted: a name, = and a text in quotes.");
    }
  attribute.offset = self->at + 1;
  attribute.length = (gsize) (end - self->text) - attribute.offset;
  if (memchr (self->text + attribute.offset, '<', attribute.length) != NULL)
    dyno_pvv_scan_fail (self, attribute.offset, "pvv_malformed", error,
                        "“<” stands in a text in quotes.");
  else
    attribute.value = decode (self, attribute.offset, attribute.offset + attribute.length, error);
  self->attributes[self->n_attributes++] = attribute;
  self->at = attribute.offset + attribute.length + 1;

  return attribute.value != NULL;
}

static void
forget_attributes (DynoPvvScan *self)
{
  for (guint i = 0; i < self->n_attributes; i++)
    {
      g_free (self->attributes[i].name);
      g_free (self->attributes[i].value);
    }
  self->n_attributes = 0;
}

static gboolean
read_open (DynoPvvScan *self,
           GError     **error)
{
  self->at = self->begin + 1;
  g_free (self->name);
  self->name = read_name (self);
  forget_attributes (self);
  if (self->name == NULL)
    return dyno_pvv_scan_fail (self, self->begin, "pvv_malformed", error,
                               "“<” is followed by no name.");
  for (skip_blanks (self); self->at < self->size && strchr ("/>", self->text[self->at]) == NULL;
       skip_blanks (self))
    {
      if (!read_attribute (self, error))
        return FALSE;
    }
  self->is_empty = self->at < self->size && self->text[self->at] == '/';
  self->at += self->is_empty;
  if (self->at >= self->size || self->text[self->at] != '>')
    return dyno_pvv_scan_fail (self, self->begin, "pvv_malformed", error, "<%s does not end.",
                               self->name);
  self->at++;
  if (self->is_empty)
    return TRUE;
  if (self->depth == DYNO_PVV_MAX_DEPTH)
    return dyno_pvv_scan_fail (self, self->begin, "pvv_too_large", error,
                               "more than %d elements lie in each other.", DYNO_PVV_MAX_DEPTH);
  self->open[self->depth++] = g_strdup (self->name);

  return TRUE;
}

static gboolean
read_close (DynoPvvScan *self,
            GError     **error)
{
  self->at = self->begin + 2;
  g_free (self->name);
  self->name = read_name (self);
  skip_blanks (self);
  if (self->name == NULL || self->at >= self->size || self->text[self->at] != '>')
    return dyno_pvv_scan_fail (self, self->begin, "pvv_malformed", error,
                               "an end tag is not as it must be.");
  self->at++;
  if (self->depth == 0 || !g_str_equal (self->open[self->depth - 1], self->name))
    return dyno_pvv_scan_fail (self, self->begin, "pvv_malformed", error,
                               "</%s> ends what did not begin.", self->name);
  g_free (self->open[--self->depth]);

  return TRUE;
}

static gboolean
skip_comment (DynoPvvScan *self,
              GError     **error)
{
  gsize end = find_word (self, self->begin + 4, "-->");

  if (end == self->size)
    return dyno_pvv_scan_fail (self, self->begin, "pvv_malformed", error,
                               "a comment does not end.");
  self->n_comments++;
  self->at = end + 3;

  return TRUE;
}

/* Text means nothing, but what it refers to is looked at. */
static gboolean
skip_text (DynoPvvScan *self,
           GError     **error)
{
  const char *next = memchr (self->text + self->at, '<', self->size - self->at);
  gsize end = next != NULL ? (gsize) (next - self->text) : self->size;
  g_autofree char *text = NULL;

  if (memchr (self->text + self->at, '&', end - self->at) != NULL)
    {
      text = decode (self, self->at, end, error);
      if (text == NULL)
        return FALSE;
    }
  self->at = end;

  return TRUE;
}

static gboolean
forbid (DynoPvvScan *self,
        GError     **error)
{
  gboolean is_cdata = begins_with (self, self->begin, "<![CDATA[");

  return dyno_pvv_scan_fail (self, self->begin, is_cdata ? "pvv_malformed" : "pvv_forbidden", error,
                             is_cdata ? "a tune has no CDATA."
                                      : "document types and processing instructions are not read.");
}

gboolean
dyno_pvv_scan_next (DynoPvvScan  *self,
                    DynoPvvPiece *piece,
                    GError      **error)
{
  while (self->at < self->size)
    {
      self->begin = self->at;
      if (self->text[self->at] != '<')
        {
          if (!skip_text (self, error))
            return FALSE;
        }
      else if (begins_with (self, self->at, "<!--"))
        {
          if (!skip_comment (self, error))
            return FALSE;
        }
      else if (begins_with (self, self->at, "<!") || begins_with (self, self->at, "<?"))
        return forbid (self, error);
      else
        {
          gboolean is_close = begins_with (self, self->at, "</");

          *piece = is_close ? DYNO_PVV_CLOSE : DYNO_PVV_OPEN;
          return is_close ? read_close (self, error) : read_open (self, error);
        }
    }
  *piece = DYNO_PVV_END;
  if (self->depth > 0)
    return dyno_pvv_scan_fail (self, self->size, "pvv_malformed", error, "<%s> does not end.",
                               self->open[self->depth - 1]);

  return TRUE;
}

const DynoPvvAttribute *
dyno_pvv_scan_attribute (const DynoPvvScan *self,
                         const char        *name)
{
  for (guint i = 0; i < self->n_attributes; i++)
    {
      if (g_str_equal (self->attributes[i].name, name))
        return &self->attributes[i];
    }

  return NULL;
}
