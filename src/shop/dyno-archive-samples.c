/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

#include "config.h"

#include "dyno-archive-samples.h"

#include <math.h>
#include <string.h>

#include "dyno-archive-private.h"

/* What run.json says beside */

static void
column_free (gpointer data)
{
  DynoArchiveColumn *column = data;

  g_free (column->module);
  g_free (column->unit_text);
  g_free (column);
}

DynoArchiveNotes *
dyno_archive_notes_new (void)
{
  DynoArchiveNotes *self = g_new0 (DynoArchiveNotes, 1);

  self->columns = g_ptr_array_new_with_free_func (column_free);
  self->excluded = g_array_new (FALSE, FALSE, sizeof (gsize));
  self->has_time = TRUE;

  return self;
}

void
dyno_archive_notes_free (DynoArchiveNotes *self)
{
  if (self == NULL)
    return;

  g_ptr_array_unref (self->columns);
  g_array_unref (self->excluded);
  g_free (self);
}

void
dyno_archive_notes_add (DynoArchiveNotes *self,
                        const char       *module,
                        const char       *unit_text)
{
  DynoArchiveColumn *column = g_new0 (DynoArchiveColumn, 1);

  column->module = g_strdup (module != NULL ? module : "");
  column->unit_text = g_strdup (unit_text != NULL ? unit_text : "");
  g_ptr_array_add (self->columns, column);
}

static gboolean
is_set (const guint8 *bits,
        gsize         i)
{
  return (bits[i / 8] >> (i % 8) & 1) != 0;
}

static void
note_excluded (DynoArchiveNotes  *self,
               const DynoSamples *samples)
{
  const guint8 *bits = dyno_samples_excluded (samples);
  gsize n = dyno_samples_n_rows (samples);

  for (gsize i = 0; bits != NULL && i < n; i++)
    {
      gboolean begins = is_set (bits, i) && (i == 0 || !is_set (bits, i - 1));
      gboolean ends = is_set (bits, i) && (i + 1 == n || !is_set (bits, i + 1));

      if (begins)
        g_array_append_val (self->excluded, i);
      if (ends)
        g_array_append_val (self->excluded, i);
    }
}

DynoArchiveNotes *
dyno_archive_notes_of (const DynoSamples *samples)
{
  DynoArchiveNotes *self = dyno_archive_notes_new ();

  for (guint i = 0; i < dyno_samples_n_columns (samples); i++)
    {
      const DynoColumn *column = dyno_samples_column (samples, i);

      dyno_archive_notes_add (self, column->module, column->unit_text);
    }
  note_excluded (self, samples);
  self->has_time = dyno_samples_has_time (samples);

  return self;
}

/* Writing */

static void
put_u16 (GByteArray *out,
         guint16     value)
{
  guint16 little = GUINT16_TO_LE (value);

  g_byte_array_append (out, (const guint8 *) &little, sizeof little);
}

static void
put_u32 (GByteArray *out,
         guint32     value)
{
  guint32 little = GUINT32_TO_LE (value);

  g_byte_array_append (out, (const guint8 *) &little, sizeof little);
}

static void
put_u64 (GByteArray *out,
         guint64     value)
{
  guint64 little = GUINT64_TO_LE (value);

  g_byte_array_append (out, (const guint8 *) &little, sizeof little);
}

static void
put_number (GByteArray *out,
            double      value)
{
  guint64 bits = DYNO_SAMPLES_MISSING;

  if (!isnan (value))
    memcpy (&bits, &value, sizeof bits);
  put_u64 (out, bits);
}

static void
put_numbers (GByteArray   *out,
             const double *values,
             gsize         n)
{
  for (gsize i = 0; i < n; i++)
    put_number (out, values[i]);
}

static void
put_text (GByteArray *out,
          const char *text)
{
  gsize n = MIN (strlen (text), G_MAXUINT16);

  put_u16 (out, (guint16) n);
  g_byte_array_append (out, (const guint8 *) text, (guint) n);
}

/* Bits behind the last row are 0, whatever the samples have there. */
static void
put_bits (GByteArray   *out,
          const guint8 *bits,
          gsize         n)
{
  guint8 rest = n % 8 != 0 ? (guint8) ((1u << (n % 8)) - 1) : 0xff;
  guint8 last;

  if (n == 0)
    return;
  g_byte_array_append (out, bits, (guint) ((n - 1) / 8));
  last = bits[(n - 1) / 8] & rest;
  g_byte_array_append (out, &last, 1);
}

static void
put_column (GByteArray       *out,
            const DynoColumn *column,
            gsize             n)
{
  guint8 flags = (guint8) ((column->updates != NULL ? DYNO_SAMPLES_UPDATES : 0)
                           | (column->reasons != NULL ? DYNO_SAMPLES_REASONS : 0));

  put_text (out, column->name);
  put_text (out, dyno_channel_info (column->channel)->name);
  put_text (out, column->unit->symbol);
  put_number (out, column->scale);
  put_number (out, column->offset);
  put_u32 (out, 0);
  g_byte_array_append (out, &flags, 1);
  for (gsize row = 0; row < n; row++)
    put_number (out, dyno_column_value (column, row));
  if (column->updates != NULL)
    put_bits (out, column->updates, n);
  if (column->reasons != NULL)
    g_byte_array_append (out, column->reasons, (guint) n);
}

GBytes *
dyno_archive_samples_write (const DynoSamples *samples)
{
  GByteArray *out = g_byte_array_new ();
  gsize n = dyno_samples_n_rows (samples);

  g_byte_array_append (out, (const guint8 *) DYNO_SAMPLES_MAGIC, strlen (DYNO_SAMPLES_MAGIC));
  put_u32 (out, DYNO_SAMPLES_VERSION);
  put_u32 (out, dyno_samples_n_columns (samples));
  put_u32 (out, 1);
  put_u64 (out, n);
  put_numbers (out, dyno_samples_time (samples), n);
  for (guint i = 0; i < dyno_samples_n_columns (samples); i++)
    put_column (out, dyno_samples_column (samples, i), n);

  return g_byte_array_free_to_bytes (out);
}
