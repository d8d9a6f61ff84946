/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

#include "config.h"

#include "dyno-ledger.h"

#include <math.h>

#include "dyno-crew.h"
#include "dyno-crypt.h"
#include "dyno-error.h"
#include "dyno-ve-block.h"

#define LEVEL 1 /* of gzip: 6 takes five times as long for a quarter less */
#define ROOM (1024 * 1024) /* for what deflate gives at once */
#define HEADER "row,time,cylinder,reason,cell rpm,cell kPa,factor\r\n"

static const char *const sides[DYNO_VE_CYLINDERS] = { "front", "rear" };

/* A chunk of rows on its way to text and through deflate. */
typedef struct
{
  const DynoVeResult *result;
  const DynoVeRun    *run;
  gsize               begin;                      /* of the run */
  gsize               end;
  double             *factors[DYNO_VE_CYLINDERS]; /* (owned) of these rows */
  GString            *text;                       /* (owned) */
  GByteArray         *packed;                     /* (owned) whole bytes of deflate, no last block */
} Ledger;

#define N_LANES DYNO_CREW_MAX /* chunks at once */

typedef struct
{
  Ledger         lanes[N_LANES];
  guint          n;      /* of lanes with rows */
  GOutputStream *stream; /* (borrowed) */
  GCancellable  *cancellable;
  guint32        crc;    /* of all text written */
  guint32        size;   /* likewise, modulo 2³² */
} Writer;

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
append_rows (Ledger *self)
{
  for (guint c = 0; c < DYNO_VE_CYLINDERS; c++)
    {
      if (self->result->set->has_sensor[c])
        fill_factors (self, c, self->begin, self->end);
    }
  for (gsize i = self->begin; i < self->end; i++)
    {
      for (guint c = 0; c < DYNO_VE_CYLINDERS; c++)
        {
          if (self->result->set->has_sensor[c])
            append_line (self, c, i, self->factors[c][i - self->begin]);
        }
    }
}

/* Each text is deflated for itself and ends with a byte: such pieces stand one behind
 * the other as one stream, whoever made them. */
static void
pack_text (Ledger *self)
{
  g_autoptr(GZlibCompressor) zlib = g_zlib_compressor_new (G_ZLIB_COMPRESSOR_FORMAT_RAW, LEVEL);
  const char *from = self->text->str;
  gsize left = self->text->len;
  GConverterResult result;

  g_byte_array_set_size (self->packed, 0);
  do
    {
      guint length = self->packed->len;
      gsize n_read = 0;
      gsize n_written = 0;

      g_byte_array_set_size (self->packed, length + ROOM);
      result = g_converter_convert (G_CONVERTER (zlib), from, left, self->packed->data + length,
                                    ROOM, G_CONVERTER_FLUSH, &n_read, &n_written, NULL);
      from += n_read;
      left -= n_read;
      g_byte_array_set_size (self->packed, length + (guint) n_written);
    }
  while (result == G_CONVERTER_CONVERTED);
}

/* On any thread. */
static void
make_lane (guint    index,
           gpointer data)
{
  Ledger *self = &((Writer *) data)->lanes[index];

  append_rows (self);
  pack_text (self);
}

static gboolean
write_bytes (Writer       *self,
             gconstpointer bytes,
             gsize         size,
             GError      **error)
{
  return g_output_stream_write_all (self->stream, bytes, size, NULL, self->cancellable, error);
}

static gboolean
write_lanes (Writer  *self,
             GError **error)
{
  dyno_crew_share (self->n, self->n > 1, make_lane, self);
  for (guint i = 0; i < self->n; i++)
    {
      Ledger *lane = &self->lanes[i];

      self->crc = dyno_crypt_crc32 (self->crc, lane->text->str, lane->text->len);
      self->size += (guint32) lane->text->len;
      g_string_truncate (lane->text, 0);
      if (!write_bytes (self, lane->packed->data, lane->packed->len, error))
        return FALSE;
    }
  self->n = 0;

  return TRUE;
}

static gboolean
write_run (Writer             *self,
           const DynoVeResult *result,
           const DynoVeRun    *run,
           GError            **error)
{
  for (gsize begin = 0; begin < run->n; begin += DYNO_VE_CHUNK)
    {
      Ledger *lane = &self->lanes[self->n++];

      lane->result = result;
      lane->run = run;
      lane->begin = begin;
      lane->end = MIN (begin + DYNO_VE_CHUNK, run->n);
      if (self->n == N_LANES && !write_lanes (self, error))
        return FALSE;
    }

  return TRUE;
}

/* RFC 1952: deflate, no name, no time, fastest, unknown system. */
static gboolean
write_head (Writer  *self,
            GError **error)
{
  static const guint8 head[] = { 0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 4, 255 };

  g_string_append (self->lanes[0].text, HEADER);

  return write_bytes (self, head, sizeof head, error);
}

/* An empty last block, the sum and the length. */
static gboolean
write_tail (Writer  *self,
            GError **error)
{
  const guint32 numbers[] = { GUINT32_TO_LE (self->crc), GUINT32_TO_LE (self->size) };
  static const guint8 last[] = { 0x03, 0x00 };

  return write_bytes (self, last, sizeof last, error)
         && write_bytes (self, numbers, sizeof numbers, error)
         && g_output_stream_close (self->stream, self->cancellable, error);
}

static void
writer_init (Writer        *self,
             GOutputStream *stream,
             GCancellable  *cancellable)
{
  *self = (Writer){ .stream = stream, .cancellable = cancellable };
  for (guint i = 0; i < N_LANES; i++)
    {
      self->lanes[i].text = g_string_new (NULL);
      self->lanes[i].packed = g_byte_array_new ();
      for (guint c = 0; c < DYNO_VE_CYLINDERS; c++)
        self->lanes[i].factors[c] = g_new (double, DYNO_VE_CHUNK);
    }
}

static void
writer_clear (Writer *self)
{
  for (guint i = 0; i < N_LANES; i++)
    {
      g_string_free (self->lanes[i].text, TRUE);
      g_byte_array_unref (self->lanes[i].packed);
      for (guint c = 0; c < DYNO_VE_CYLINDERS; c++)
        g_free (self->lanes[i].factors[c]);
    }
}

static gboolean
write_runs (const DynoVeResult *result,
            GOutputStream      *stream,
            GCancellable       *cancellable,
            GError            **error)
{
  Writer self;
  gboolean is_good;

  writer_init (&self, stream, cancellable);
  is_good = write_head (&self, error);
  for (guint i = 0; is_good && i < result->set->n_runs; i++)
    is_good = write_run (&self, result, &result->set->runs[i], error);
  is_good = is_good && write_lanes (&self, error) && write_tail (&self, error);
  writer_clear (&self);

  return is_good;
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

  if (out == NULL)
    return FALSE;
  if (write_runs (result, G_OUTPUT_STREAM (out), cancellable, error))
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
