/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

/* Values of PDF: where one ends, and what it is (ISO 32000-1, 7.2 and 7.3). */

#include "config.h"

#include "dyno-pdf.h"

#include <string.h>

#define MAX_DEPTH 32

static gboolean
is_blank (char c)
{
  return c == ' ' || c == '\n' || c == '\r' || c == '\t' || c == '\f' || c == '\0';
}

static gboolean
is_delimiter (char c)
{
  return c != '\0' && strchr ("()<>[]{}/%", c) != NULL;
}

static gsize
skip_blanks (DynoPdfSpan span,
             gsize       at)
{
  while (at < span.length && (is_blank (span.text[at]) || span.text[at] == '%'))
    {
      if (span.text[at] == '%')
        while (at < span.length && span.text[at] != '\n' && span.text[at] != '\r')
          at++;
      else
        at++;
    }

  return at;
}

static gsize
skip_word (DynoPdfSpan span,
           gsize       at)
{
  while (at < span.length && !is_blank (span.text[at]) && !is_delimiter (span.text[at]))
    at++;

  return at;
}

static gsize
skip_text (DynoPdfSpan span,
           gsize       at)
{
  guint depth = 0;

  for (; at < span.length; at++)
    {
      if (span.text[at] == '\\')
        at++;
      else if (span.text[at] == '(')
        depth++;
      else if (span.text[at] == ')' && --depth == 0)
        return at + 1;
    }

  return 0;
}

static gsize
skip_hex (DynoPdfSpan span,
          gsize       at)
{
  const char *end = memchr (span.text + at, '>', span.length - at);

  return end != NULL ? (gsize) (end - span.text) + 1 : 0;
}

static gboolean
starts (DynoPdfSpan  span,
        gsize        at,
        const char  *word)
{
  gsize length = strlen (word);

  return span.length - at >= length && memcmp (span.text + at, word, length) == 0;
}

/* Digits, blanks, digits, blanks, R. */
static gsize
skip_reference (DynoPdfSpan span,
                gsize       at)
{
  for (int i = 0; i < 2; i++)
    {
      gsize begin = at;

      while (at < span.length && g_ascii_isdigit (span.text[at]))
        at++;
      if (at == begin || at - begin > 10)
        return 0;
      begin = at;
      while (at < span.length && is_blank (span.text[at]))
        at++;
      if (at == begin)
        return 0;
    }

  return at < span.length && span.text[at] == 'R' && skip_word (span, at) == at + 1 ? at + 1 : 0;
}

static gsize skip_value (DynoPdfSpan span,
                         gsize       at,
                         guint       depth);

static gsize
skip_group (DynoPdfSpan  span,
            gsize        at,
            const char  *end,
            guint        depth)
{
  at += strlen (end);
  while ((at = skip_blanks (span, at)) < span.length && !starts (span, at, end))
    {
      at = skip_value (span, at, depth + 1);
      if (at == 0)
        return 0;
    }

  return at < span.length ? at + strlen (end) : 0;
}

/* The place behind the value that begins at `at`; 0 where there is none. */
static gsize
skip_value (DynoPdfSpan span,
            gsize       at,
            guint       depth)
{
  gsize end;

  if (at >= span.length || depth > MAX_DEPTH)
    return 0;
  if (starts (span, at, "<<"))
    return skip_group (span, at, ">>", depth);
  switch (span.text[at])
    {
    case '[':
      return skip_group (span, at, "]", depth);
    case '(':
      return skip_text (span, at);
    case '<':
      return skip_hex (span, at);
    case '/':
      return skip_word (span, at + 1);
    default:
      end = skip_reference (span, at);
      if (end == 0)
        end = skip_word (span, at);
      return end > at ? end : 0;
    }
}

static DynoPdfSpan
value_at (DynoPdfSpan span,
          gsize       at)
{
  gsize end = skip_value (span, at, 0);

  return end > 0 ? (DynoPdfSpan) { span.text + at, end - at } : (DynoPdfSpan) { NULL, 0 };
}

DynoPdfSpan
dyno_pdf_value (DynoPdfSpan span)
{
  return value_at (span, skip_blanks (span, 0));
}

DynoPdfSpan
dyno_pdf_member (DynoPdfSpan  dictionary,
                 const char  *key)
{
  DynoPdfSpan span = dyno_pdf_value (dictionary);
  gsize at = 2;

  if (span.text == NULL || span.length < 4 || !starts (span, 0, "<<"))
    return (DynoPdfSpan) { NULL, 0 };

  span.length -= 2;
  while ((at = skip_blanks (span, at)) < span.length)
    {
      DynoPdfSpan name = value_at (span, at);
      DynoPdfSpan value;

      at = name.text != NULL ? skip_blanks (span, at + name.length) : span.length;
      value = value_at (span, at);
      if (value.text == NULL || name.text[0] != '/')
        break;
      if (dyno_pdf_is_name (name, key))
        return value;
      at += value.length;
    }

  return (DynoPdfSpan) { NULL, 0 };
}

DynoPdfSpan
dyno_pdf_element (DynoPdfSpan array,
                  guint       index)
{
  DynoPdfSpan span = dyno_pdf_value (array);
  gsize at = 1;

  if (span.text == NULL || span.text[0] != '[')
    return (DynoPdfSpan) { NULL, 0 };

  span.length--;
  for (guint i = 0; (at = skip_blanks (span, at)) < span.length; i++)
    {
      DynoPdfSpan value = value_at (span, at);

      if (value.text == NULL || i == index)
        return value;
      at += value.length;
    }

  return (DynoPdfSpan) { NULL, 0 };
}

gint64
dyno_pdf_integer (DynoPdfSpan value)
{
  gint64 number = 0;

  if (value.text == NULL || value.length == 0 || value.length > 12)
    return -1;
  for (gsize i = 0; i < value.length; i++)
    {
      if (!g_ascii_isdigit (value.text[i]))
        return -1;
      number = 10 * number + (value.text[i] - '0');
    }

  return number;
}

guint
dyno_pdf_reference (DynoPdfSpan value)
{
  DynoPdfSpan number = value;

  if (value.text == NULL || skip_reference (value, 0) != value.length)
    return 0;
  number.length = skip_word (value, 0);

  return (guint) CLAMP (dyno_pdf_integer (number), 0, G_MAXINT);
}

gboolean
dyno_pdf_is_name (DynoPdfSpan  value,
                  const char  *name)
{
  return value.text != NULL && value.length == strlen (name) + 1 && value.text[0] == '/'
         && memcmp (value.text + 1, name, value.length - 1) == 0;
}

static GBytes *
read_hex (DynoPdfSpan value)
{
  GByteArray *bytes = g_byte_array_new ();
  int high = -1;

  for (gsize i = 1; i + 1 < value.length; i++)
    {
      int digit = g_ascii_xdigit_value (value.text[i]);
      guint8 byte;

      if (digit < 0)
        continue;
      if (high < 0)
        {
          high = digit;
          continue;
        }
      byte = (guint8) (16 * high + digit);
      g_byte_array_append (bytes, &byte, 1);
      high = -1;
    }

  return g_byte_array_free_to_bytes (bytes);
}

/* Only what is written here: a backslash stands before a mark that is meant. */
static GBytes *
read_text (DynoPdfSpan value)
{
  GByteArray *bytes = g_byte_array_new ();

  for (gsize i = 1; i + 1 < value.length; i++)
    {
      if (value.text[i] == '\\' && i + 2 < value.length)
        i++;
      g_byte_array_append (bytes, (const guint8 *) value.text + i, 1);
    }

  return g_byte_array_free_to_bytes (bytes);
}

GBytes *
dyno_pdf_string (DynoPdfSpan value)
{
  if (value.text == NULL || value.length < 2)
    return NULL;
  if (value.text[0] == '(')
    return read_text (value);

  return value.text[0] == '<' && value.text[1] != '<' ? read_hex (value) : NULL;
}
