/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

/* Objects of a PDF by its cross-reference tables (ISO 32000-1, 7.5.4–7.5.6). */

#include "config.h"

#include "dyno-pdf.h"

#include <string.h>

#define MAX_OBJECTS 100000
#define MAX_TABLES 64
#define TAIL 1024      /* bytes at the end that hold startxref */
#define ENTRY_SIZE 20  /* of a table */

struct _DynoPdf
{
  GBytes      *bytes;   /* (owned) */
  DynoPdfSpan  file;
  DynoPdfSpan  trailer; /* the newest */
  gsize        table;   /* where it stands */
  guint        size;
  GArray      *offsets; /* (owned) of gsize by number; 0: none */
};

static DynoPdfSpan
from (const DynoPdf *self,
      gsize          at)
{
  if (at >= self->file.length)
    return (DynoPdfSpan) { NULL, 0 };

  return (DynoPdfSpan) { self->file.text + at, self->file.length - at };
}

/* The place behind the value. */
static DynoPdfSpan
after (DynoPdfSpan span,
       DynoPdfSpan value)
{
  gsize used = (gsize) (value.text - span.text) + value.length;

  return (DynoPdfSpan) { span.text + used, span.length - used };
}

static gboolean
is_word (DynoPdfSpan  value,
         const char  *word)
{
  return value.text != NULL && value.length == strlen (word)
         && memcmp (value.text, word, value.length) == 0;
}

static gboolean
find_start (const DynoPdf *self,
            gsize         *table)
{
  static const char word[] = "startxref";
  gsize length = self->file.length;
  gsize first = length > TAIL ? length - TAIL : 0;

  for (gsize at = length - strlen (word); at > first; at--)
    {
      gint64 number;

      if (memcmp (self->file.text + at, word, strlen (word)) != 0)
        continue;
      number = dyno_pdf_integer (dyno_pdf_value (from (self, at + strlen (word))));
      *table = (gsize) MAX (number, 0);
      return number > 0;
    }

  return FALSE;
}

/* An entry is "0000000301 00000 n" and two bytes for the end of the line. */
static void
read_entry (DynoPdf    *self,
            const char *entry,
            guint       number)
{
  gint64 offset = dyno_pdf_integer ((DynoPdfSpan) { entry, 10 });
  gsize *known;

  if (number >= MAX_OBJECTS || offset <= 0 || entry[17] != 'n')
    return;
  if (self->offsets->len <= number)
    g_array_set_size (self->offsets, number + 1);
  known = &g_array_index (self->offsets, gsize, number);
  if (*known == 0)
    *known = (gsize) offset;
}

/* The entries of one section; what is left behind them. */
static DynoPdfSpan
read_section (DynoPdf     *self,
              DynoPdfSpan  span,
              gint64       first,
              gint64       n)
{
  while (span.length > 0 && g_ascii_isspace (span.text[0]))
    span = (DynoPdfSpan) { span.text + 1, span.length - 1 };
  if (n > MAX_OBJECTS || first > MAX_OBJECTS || span.length / ENTRY_SIZE < (gsize) n)
    return (DynoPdfSpan) { NULL, 0 };
  for (gint64 i = 0; i < n; i++)
    read_entry (self, span.text + i * ENTRY_SIZE, (guint) (first + i));

  return (DynoPdfSpan) { span.text + n * ENTRY_SIZE, span.length - (gsize) n * ENTRY_SIZE };
}

/* The trailer of the table at `at`. */
static DynoPdfSpan
read_table (DynoPdf *self,
            gsize    at)
{
  DynoPdfSpan span = from (self, at);
  DynoPdfSpan word = dyno_pdf_value (span);

  if (!is_word (word, "xref"))
    return (DynoPdfSpan) { NULL, 0 };
  span = after (span, word);
  while (span.text != NULL)
    {
      DynoPdfSpan first = dyno_pdf_value (span);
      DynoPdfSpan n;

      if (first.text == NULL || is_word (first, "trailer"))
        return first.text != NULL ? dyno_pdf_value (after (span, first)) : first;
      n = dyno_pdf_value (after (span, first));
      if (dyno_pdf_integer (first) < 0 || dyno_pdf_integer (n) < 0)
        break;
      span = read_section (self, after (span, n), dyno_pdf_integer (first), dyno_pdf_integer (n));
    }

  return (DynoPdfSpan) { NULL, 0 };
}

static gboolean
read_tables (DynoPdf *self)
{
  gsize at = self->table;

  for (guint i = 0; i < MAX_TABLES; i++)
    {
      DynoPdfSpan trailer = read_table (self, at);
      gint64 prev;

      if (trailer.text == NULL)
        return FALSE;
      if (i == 0)
        self->trailer = trailer;
      prev = dyno_pdf_integer (dyno_pdf_member (trailer, "Prev"));
      if (prev <= 0)
        return TRUE;
      at = (gsize) prev;
    }

  return FALSE;
}

DynoPdf *
dyno_pdf_open (GBytes *bytes)
{
  g_autoptr (DynoPdf) self = g_new0 (DynoPdf, 1);
  gint64 size;

  self->bytes = g_bytes_ref (bytes);
  self->file.text = g_bytes_get_data (bytes, &self->file.length);
  self->offsets = g_array_new (FALSE, TRUE, sizeof (gsize));
  if (self->file.length < 16 || memcmp (self->file.text, "%PDF-", 5) != 0
      || !find_start (self, &self->table) || !read_tables (self))
    return NULL;
  size = dyno_pdf_integer (dyno_pdf_member (self->trailer, "Size"));
  if (size <= 0 || size > MAX_OBJECTS)
    return NULL;
  self->size = (guint) size;

  return g_steal_pointer (&self);
}

void
dyno_pdf_free (DynoPdf *self)
{
  g_bytes_unref (self->bytes);
  g_array_unref (self->offsets);
  g_free (self);
}

gsize
dyno_pdf_table (DynoPdf *self)
{
  return self->table;
}

guint
dyno_pdf_size (DynoPdf *self)
{
  return self->size;
}

DynoPdfSpan
dyno_pdf_trailer (DynoPdf *self)
{
  return self->trailer;
}

DynoPdfSpan
dyno_pdf_object (DynoPdf *self,
                 guint    number)
{
  static const DynoPdfSpan none = { NULL, 0 };
  DynoPdfSpan span;
  DynoPdfSpan word;

  if (number == 0 || number >= self->offsets->len)
    return none;
  span = from (self, g_array_index (self->offsets, gsize, number));
  word = span.text != NULL ? dyno_pdf_value (span) : none;
  if (dyno_pdf_integer (word) != number)
    return none;
  for (int i = 0; i < 2; i++)
    {
      span = after (span, word);
      word = dyno_pdf_value (span);
      if (word.text == NULL)
        return none;
    }

  return is_word (word, "obj") ? after (span, word) : none;
}

DynoPdfSpan
dyno_pdf_resolve (DynoPdf     *self,
                  DynoPdfSpan  value)
{
  guint number = dyno_pdf_reference (value);

  return number == 0 ? value : dyno_pdf_value (dyno_pdf_object (self, number));
}
