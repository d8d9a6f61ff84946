/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

#include "config.h"

#include "dyno-ledger.h"

#include <math.h>

#include "dyno-error.h"
#include "dyno-ve-block.h"

#define LEVEL 1 /* of gzip: 6 takes five times as long for a quarter less */
#define HEADER "row,time,cylinder,reason,cell rpm,cell kPa,factor\r\n"

static const char *const sides[DYNO_VE_CYLINDERS] = { "front", "rear" };

typedef struct
{
  const DynoVeResult *result;
  const DynoVeRun    *run;
  double             *factors[DYNO_VE_CYLINDERS]; /* of a chunk of rows */
  GString            *text;
} Ledger;

static void
append_unsigned (GString *text,
                 guint64  value)
{
  char digits[20];
  guint n = 0;

  do
    digits[n++] = (char) ('0' + value % 10);
  while ((value /= 10) > 0);
  while (n > 0)
    g_string_append_c (text, digits[--n]);
}

/* As "%.*f" in the C locale, which rounds the exact double: a number that lies half
 * way between two others as far as a product can tell is left to it. */
static void
append_fixed (GString *text,
              double   value,
              guint    decimals)
{
  static const double ten[] = { 1, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6 };
  double scaled = value * ten[decimals];
  double rounded = rint (scaled);
  guint64 number;

  if (!(scaled >= 0 && scaled < 1e15) || fabs (fabs (scaled - rounded) - 0.5) < 1e-3)
    {
      char format[8];
      char room[G_ASCII_DTOSTR_BUF_SIZE + 320];

      g_snprintf (format, sizeof format, "%%.%uf", decimals);
      g_string_append (text, g_ascii_formatd (room, sizeof room, format, value));
      return;
    }
  number = (guint64) rounded;
  append_unsigned (text, number / (guint64) ten[decimals]);
  g_string_append_c (text, '.');
  for (guint i = decimals; i > 0; i--)
    g_string_append_c (text, (char) ('0' + number / (guint64) ten[i - 1] % 10));
}

/* A label of an axis, shortest. */
static void
append_label (GString *text,
              double   label)
{
  char room[G_ASCII_DTOSTR_BUF_SIZE];

  if (label >= 0 && label < 1e15 && rint (label) == label)
    append_unsigned (text, (guint64) label);
  else
    {
      dyno_json_format_number (label, room);
      g_string_append (text, room);
    }
}

/* Factors are not kept in the result; they are worked out again, to the same bits. */
static void
fill_block (Ledger      *self,
            guint        cylinder,
            gsize        begin,
            DynoVeBlock *block)
{
  const DynoVeSet *set = self->result->set;

  dyno_ve_block_fill (set, self->run, cylinder, block);
  for (guint i = 0; i < block->n; i++)
    self->factors[cylinder][block->rows[i] - begin]
      = dyno_ve_block_factor (set, self->run, block, i);
  block->n = 0;
}

static void
fill_factors (Ledger *self,
              guint   cylinder,
              gsize   begin,
              gsize   end)
{
  const guint8 *reasons = self->result->reasons[cylinder] + self->run->first;
  DynoVeBlock block = { 0 };

  block.hint = begin;
  for (gsize i = begin; i < end; i++)
    {
      if (reasons[i] != DYNO_GATE_ACCEPTED)
        continue;
      block.rows[block.n++] = i;
      if (block.n == DYNO_VE_BLOCK)
        fill_block (self, cylinder, begin, &block);
    }
  fill_block (self, cylinder, begin, &block);
}

static void
append_line (Ledger *self,
             guint   cylinder,
             gsize   row,
             double  factor)
{
  const DynoGridShape *shape = &self->result->set->shape;
  gsize at = self->run->first + row;
  DynoGate reason = self->result->reasons[cylinder][at];
  guint16 home = self->result->homes[cylinder][at];
  GString *text = self->text;

  append_unsigned (text, at + 1);
  g_string_append_c (text, ',');
  append_fixed (text, self->run->time_s[row], 3);
  g_string_append_c (text, ',');
  g_string_append (text, sides[cylinder]);
  g_string_append_c (text, ',');
  g_string_append (text, dyno_gate_name (reason));
  if (reason != DYNO_GATE_ACCEPTED)
    {
      g_string_append (text, ",,,\r\n");
      return;
    }
  g_string_append_c (text, ',');
  append_label (text, shape->rpm.at[home / shape->load.n]);
  g_string_append_c (text, ',');
  append_label (text, shape->load.at[home % shape->load.n]);
  g_string_append_c (text, ',');
  append_fixed (text, factor, 6);
  g_string_append (text, "\r\n");
}

static void
append_rows (Ledger *self,
             gsize   begin,
             gsize   end)
{
  for (guint c = 0; c < DYNO_VE_CYLINDERS; c++)
    {
      if (self->result->set->has_sensor[c])
        fill_factors (self, c, begin, end);
    }
  for (gsize i = begin; i < end; i++)
    {
      for (guint c = 0; c < DYNO_VE_CYLINDERS; c++)
        {
          if (self->result->set->has_sensor[c])
            append_line (self, c, i, self->factors[c][i - begin]);
        }
    }
}

static gboolean
write_run (Ledger        *self,
           GOutputStream *stream,
           GCancellable  *cancellable,
           GError       **error)
{
  for (gsize begin = 0; begin < self->run->n; begin += DYNO_VE_CHUNK)
    {
      append_rows (self, begin, MIN (begin + DYNO_VE_CHUNK, self->run->n));
      if (!g_output_stream_write_all (stream, self->text->str, self->text->len, NULL, cancellable,
                                      error))
        return FALSE;
      g_string_truncate (self->text, 0);
    }

  return TRUE;
}

static gboolean
write_runs (const DynoVeResult *result,
            GOutputStream      *stream,
            GCancellable       *cancellable,
            GError            **error)
{
  g_autoptr(GString) text = g_string_new (HEADER);
  g_autofree double *front = g_new (double, DYNO_VE_CHUNK);
  g_autofree double *rear = g_new (double, DYNO_VE_CHUNK);
  Ledger self = { result, NULL, { front, rear }, text };

  for (guint i = 0; i < result->set->n_runs; i++)
    {
      self.run = &result->set->runs[i];
      if (!write_run (&self, stream, cancellable, error))
        return FALSE;
    }

  return g_output_stream_write_all (stream, text->str, text->len, NULL, cancellable, error)
         && g_output_stream_close (stream, cancellable, error);
}

/* Beside the file that it will be, so that there is all of it or nothing new. */
static gboolean
write_whole (const DynoVeResult *result,
             GFile              *file,
             GCancellable       *cancellable,
             GError            **error)
{
  g_autoptr(GFileOutputStream) out
    = g_file_replace (file, NULL, FALSE, G_FILE_CREATE_REPLACE_DESTINATION, cancellable, error);
  g_autoptr(GZlibCompressor) gzip = g_zlib_compressor_new (G_ZLIB_COMPRESSOR_FORMAT_GZIP, LEVEL);
  g_autoptr(GOutputStream) stream = NULL;

  if (out == NULL)
    return FALSE;
  stream = g_converter_output_stream_new (G_OUTPUT_STREAM (out), G_CONVERTER (gzip));
  if (write_runs (result, stream, cancellable, error))
    return TRUE;

  /* A close that is cancelled leaves what was there before. */
  {
    g_autoptr(GCancellable) undone = g_cancellable_new ();

    g_cancellable_cancel (undone);
    g_output_stream_close (G_OUTPUT_STREAM (out), undone, NULL);
  }

  return FALSE;
}

gboolean
dyno_ledger_write (const DynoVeResult *result,
                   const char         *path,
                   GCancellable       *cancellable,
                   GError            **error)
{
  g_autoptr(GFile) file = g_file_new_for_path (path);
  g_autoptr(GError) cause = NULL;

  if (write_whole (result, file, cancellable, &cause))
    return TRUE;

  if (g_error_matches (cause, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    g_propagate_error (error, g_steal_pointer (&cause));
  else
    dyno_error_set (error, DYNO_ERROR_UNAVAILABLE, "io", "%s cannot be written: %s", path,
                    cause->message);

  return FALSE;
}
