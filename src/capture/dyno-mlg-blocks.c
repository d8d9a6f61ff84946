/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

#include "config.h"

#include "dyno-mlg-blocks.h"

#include "dyno-error.h"
#include "dyno-mlg-bytes.h"
#include "dyno-mlg-decode.h"
#include "dyno-mlg-info.h"

#include <math.h>

#define BLOCK_HEAD 4           /* type, counter, clock */
#define MARKER_SIZE 50         /* of its text */
#define SEARCH (64 * 1024)     /* for sound blocks behind an unknown one */
#define TICK_S 1e-5            /* of the clock in a block's head */
#define FIRST_RECORDS 100      /* that decide whether the log is damaged as a whole */
#define MAX_FIRST_DAMAGED 10

typedef enum
{
  BLOCK_RECORD,
  BLOCK_MARKER,
  BLOCK_DAMAGED, /* a record with a wrong sum */
  BLOCK_CUT,     /* the bytes end within it */
  BLOCK_UNKNOWN,
} BlockKind;

struct _DynoMlgBlocks
{
  const DynoMlg         *mlg;    /* (borrowed) */
  DynoImportTable       *table;  /* (borrowed) */
  DynoImportReport      *report; /* (borrowed) */
  const DynoImportWatch *watch;  /* (borrowed) */
  gboolean              *is_mixture; /* (owned) one a field */
  DynoImportBatch       *batch;      /* (owned) */
  const guint8         **records;    /* (owned) of the batch, in the bytes in hand */
  gsize                  n_expected; /* rows of the whole log; 0: not known */
  DynoMlgCounts          counts;
  gboolean               has_clock; /* a column of its own */
  gboolean               has_begun;
  gboolean               is_over;   /* the rest makes no sense */
  guint8                 counter;   /* of the block before */
  guint16                clock;
  guint64                ticks;     /* since the first block */
};

static gsize
record_size (const DynoMlgBlocks *self)
{
  return BLOCK_HEAD + self->mlg->record_length + 1;
}

DynoMlgBlocks *
dyno_mlg_blocks_new (const DynoMlg         *mlg,
                     DynoImportTable       *table,
                     const gboolean        *is_mixture,
                     DynoImportReport      *report,
                     const DynoImportWatch *watch,
                     guint64                file_size)
{
  DynoMlgBlocks *self = g_new0 (DynoMlgBlocks, 1);

  self->mlg = mlg;
  self->table = table;
  self->report = report;
  self->watch = watch;
  self->is_mixture = g_memdup2 (is_mixture, mlg->n_fields * sizeof *is_mixture);
  self->has_clock = table->time_column == (int) mlg->n_fields;
  if (file_size > mlg->data_start)
    self->n_expected = (gsize) ((file_size - mlg->data_start) / record_size (self)) + 1;
  self->batch = dyno_import_batch_new (table->n_columns,
                                       self->n_expected > 0 ? self->n_expected : G_MAXSIZE);
  self->records = g_new (const guint8 *, self->batch->capacity);
  for (gsize i = 0; i < self->batch->stride * table->n_columns; i++)
    self->batch->cells[i] = NAN;

  return self;
}

void
dyno_mlg_blocks_free (DynoMlgBlocks *self)
{
  if (self == NULL)
    return;

  dyno_import_batch_free (self->batch);
  g_free (self->is_mixture);
  g_free (self->records);
  g_free (self);
}

const DynoMlgCounts *
dyno_mlg_blocks_counts (const DynoMlgBlocks *self)
{
  return &self->counts;
}

static void
note_odd (DynoMlgBlocks *self,
          guint          row,
          guint          column,
          DynoReject     reason)
{
  DynoImportOddCell odd = { row, column, reason };

  g_array_append_val (self->batch->odd, odd);
}

/* The sensor's byte is all ones: no reading, but 25.5. */
static void
reject_all_ones (DynoMlgBlocks *self,
                 guint          column,
                 double        *values)
{
  const DynoMlgField *field = &self->mlg->fields[column];

  if (!self->is_mixture[column] || field->type != DYNO_MLG_U8)
    return;
  for (guint i = 0; i < self->batch->n_rows; i++)
    {
      if (self->records[i][field->offset] != G_MAXUINT8)
        continue;
      values[i] = NAN;
      note_odd (self, i, column, DYNO_REJECT_SENTINEL);
    }
}

static void
reject_not_finite (DynoMlgBlocks *self,
                   guint          column,
                   double        *values)
{
  const DynoMlgField *field = &self->mlg->fields[column];

  if (field->type != DYNO_MLG_F32 && isfinite (field->scale) && isfinite (field->transform))
    return;
  for (guint i = 0; i < self->batch->n_rows; i++)
    {
      self->table->columns[column].n_nan += (gsize) isnan (values[i]);
      if (!isinf (values[i]))
        continue;
      values[i] = NAN;
      note_odd (self, i, column, DYNO_REJECT_NOT_FINITE);
    }
}

/* Field after field: the records are still in the cache. */
static gboolean
flush (DynoMlgBlocks *self,
       double         fraction,
       GError       **error)
{
  for (guint i = 0; i < self->mlg->n_fields; i++)
    {
      double *values = self->batch->cells + i * self->batch->stride;

      dyno_mlg_decode (&self->mlg->fields[i], self->records, self->batch->n_rows, values);
      reject_all_ones (self, i, values);
      reject_not_finite (self, i, values);
    }
  dyno_import_table_append (self->table, self->batch, self->n_expected);

  return dyno_import_watch_step (self->watch, fraction, "read", error);
}

static gboolean
is_text (const guint8 *bytes,
         gsize         n)
{
  for (gsize i = 0; i < n && bytes[i] != '\0'; i++)
    {
      if (bytes[i] < ' ' && bytes[i] != '\t' && bytes[i] != '\r' && bytes[i] != '\n')
        return FALSE;
    }

  return TRUE;
}

/* What begins there, and how long it is where that is known. */
static BlockKind
judge (const DynoMlgBlocks *self,
       const guint8        *bytes,
       gsize                n,
       gsize               *size)
{
  guint length = self->mlg->record_length;
  gboolean is_record = bytes[0] == 0;

  if (bytes[0] > 1)
    return BLOCK_UNKNOWN;
  *size = is_record ? record_size (self) : BLOCK_HEAD + MARKER_SIZE;
  if (n < *size)
    return BLOCK_CUT;
  if (!is_record)
    return is_text (bytes + BLOCK_HEAD, MARKER_SIZE) ? BLOCK_MARKER : BLOCK_UNKNOWN;

  return dyno_mlg_sum_bytes (bytes + BLOCK_HEAD, length) == bytes[BLOCK_HEAD + length]
           ? BLOCK_RECORD : BLOCK_DAMAGED;
}

/* Two sound blocks in a row begin there, or a last one. */
static gboolean
is_sound (const DynoMlgBlocks *self,
          const guint8        *bytes,
          gsize                n)
{
  gsize size = 0;
  BlockKind kind = judge (self, bytes, n, &size);

  if (kind != BLOCK_RECORD && kind != BLOCK_MARKER)
    return FALSE;
  if (size == n)
    return TRUE;
  kind = judge (self, bytes + size, n - size, &size);

  return kind == BLOCK_RECORD || kind == BLOCK_MARKER;
}

/* Bytes to the next sound blocks; n where there are none within reach. The sum of the
 * record that would begin at each byte moves along, so that long records take no longer
 * than short ones. */
static gsize
find_sound (const DynoMlgBlocks *self,
            const guint8        *bytes,
            gsize                n)
{
  gsize length = self->mlg->record_length;
  gsize last = n >= record_size (self) ? n - record_size (self) : 0; /* where one still fits */
  gsize end = MIN (n, SEARCH + 1);
  guint8 sum = last > 0 ? dyno_mlg_sum_bytes (bytes + 1 + BLOCK_HEAD, length) : 0;

  for (gsize at = 1; at < end; at++)
    {
      const guint8 *numbers = bytes + at + BLOCK_HEAD;
      gboolean may_be = bytes[at] == 1 || (bytes[at] == 0 && at <= last && sum == numbers[length]);

      if (may_be && is_sound (self, bytes + at, n - at))
        return at;
      if (at <= last)
        sum = (guint8) (sum + numbers[length] - numbers[0]);
    }

  return n;
}

/* Counter and clock of a block in its place. */
static void
count_block (DynoMlgBlocks *self,
             const guint8  *bytes)
{
  guint8 counter = bytes[1];
  guint16 clock = dyno_mlg_get_u16 (bytes + 2);

  if (self->has_begun)
    {
      guint8 n_lost = (guint8) (counter - self->counter - 1);

      self->counts.n_breaks += n_lost != 0;
      self->counts.n_lost += n_lost;
      self->ticks += (guint16) (clock - self->clock);
    }
  self->has_begun = TRUE;
  self->counter = counter;
  self->clock = clock;
}

static void
add_marker (DynoMlgBlocks *self,
            const guint8  *bytes)
{
  DynoImportMarker marker = {
    .before_row = self->table->n_rows + self->batch->n_rows + 1,
    .text = dyno_mlg_dup_text (bytes + BLOCK_HEAD, MARKER_SIZE),
  };

  self->counts.n_markers++;
  g_array_append_val (self->report->markers, marker);
}

static void
add_record (DynoMlgBlocks *self,
            const guint8  *bytes)
{
  guint row = self->batch->n_rows++;

  self->counts.n_records++;
  self->records[row] = bytes + BLOCK_HEAD;
  if (self->has_clock)
    self->batch->cells[self->mlg->n_fields * self->batch->stride + row]
      = (double) self->ticks * TICK_S;
}

static gboolean
note_damaged (DynoMlgBlocks *self,
              GError       **error)
{
  self->counts.n_checksum++;
  if (self->counts.n_checksum <= MAX_FIRST_DAMAGED
      || self->counts.n_records + self->counts.n_checksum > FIRST_RECORDS)
    return TRUE;

  dyno_error_set (error, DYNO_ERROR_INVALID, "import_corrupt",
                  "The MegaLogViewer log is damaged: %" G_GUINT64_FORMAT " of its first %"
                  G_GUINT64_FORMAT " records have a wrong check sum. Copy it again.",
                  self->counts.n_checksum, self->counts.n_records + self->counts.n_checksum);

  return FALSE;
}

/* Bytes to skip of what is no block. */
static gsize
resync (DynoMlgBlocks *self,
        const guint8  *bytes,
        gsize          n)
{
  gsize skipped = find_sound (self, bytes, n);

  if (skipped == n)
    {
      self->is_over = TRUE;
      return 0;
    }
  self->counts.n_resyncs++;
  self->counts.n_skipped += skipped;

  return skipped;
}

/* One block; `*size` bytes are done with. */
static gboolean
read_block (DynoMlgBlocks *self,
            const guint8  *bytes,
            gsize          n,
            gsize         *size,
            GError       **error)
{
  switch (judge (self, bytes, n, size))
    {
    case BLOCK_RECORD:
      count_block (self, bytes);
      add_record (self, bytes);
      return TRUE;
    case BLOCK_MARKER:
      count_block (self, bytes);
      add_marker (self, bytes);
      return TRUE;
    case BLOCK_DAMAGED:
      count_block (self, bytes);
      return note_damaged (self, error);
    case BLOCK_CUT:
      self->counts.n_cut = n;
      *size = n;
      return TRUE;
    case BLOCK_UNKNOWN:
    default:
      *size = resync (self, bytes, n);
      return TRUE;
    }
}

gboolean
dyno_mlg_blocks_read (DynoMlgBlocks *self,
                      const guint8  *bytes,
                      gsize          n,
                      gboolean       is_last,
                      double         fraction,
                      gsize         *n_used,
                      GError       **error)
{
  gsize at = 0;

  while (at < n && !self->is_over && (is_last || n - at >= DYNO_MLG_LOOKAHEAD))
    {
      gsize size = 0;

      if (!read_block (self, bytes + at, n - at, &size, error))
        return FALSE;
      at += size;
      if (self->batch->n_rows == self->batch->capacity && !flush (self, fraction, error))
        return FALSE;
    }
  if (self->is_over)
    {
      self->counts.n_unread += n - at;
      at = n;
    }
  *n_used = at;

  return flush (self, fraction, error);
}
