/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

#include "config.h"

#include "dyno-mlg-blocks.h"

#include "dyno-error.h"
#include "dyno-mlg-bytes.h"
#include "dyno-mlg-decode.h"
#include "dyno-mlg-info.h"

#define BLOCK_HEAD 4           /* type, counter, clock */
#define MARKER_SIZE 50         /* of its text */
#define SEARCH (64 * 1024)     /* for sound blocks behind an unknown one */
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
  const DynoMlg         *mlg;     /* (borrowed) */
  DynoMlgColumns        *columns; /* (borrowed) */
  DynoImportReport      *report;  /* (borrowed) */
  const DynoImportWatch *watch;   /* (borrowed) */
  GPtrArray             *records; /* (owned) numbers of records in the bytes in hand (borrowed) */
  GArray                *ticks;   /* (owned) of guint64: their clocks */
  DynoMlgCounts          counts;
  gboolean               has_begun;
  gboolean               is_over; /* the rest makes no sense */
  guint8                 counter; /* of the block before */
  guint16                clock;
  guint64                now;     /* ticks since the first block */
};

static gsize
record_size (const DynoMlgBlocks *self)
{
  return BLOCK_HEAD + self->mlg->record_length + 1;
}

DynoMlgBlocks *
dyno_mlg_blocks_new (const DynoMlg         *mlg,
                     DynoMlgColumns        *columns,
                     DynoImportReport      *report,
                     const DynoImportWatch *watch)
{
  DynoMlgBlocks *self = g_new0 (DynoMlgBlocks, 1);

  self->mlg = mlg;
  self->columns = columns;
  self->report = report;
  self->watch = watch;
  self->records = g_ptr_array_new ();
  self->ticks = g_array_new (FALSE, FALSE, sizeof (guint64));

  return self;
}

void
dyno_mlg_blocks_free (DynoMlgBlocks *self)
{
  if (self == NULL)
    return;

  g_ptr_array_unref (self->records);
  g_array_unref (self->ticks);
  g_free (self);
}

const DynoMlgCounts *
dyno_mlg_blocks_counts (const DynoMlgBlocks *self)
{
  return &self->counts;
}

static gboolean
flush (DynoMlgBlocks *self,
       double         fraction,
       GError       **error)
{
  dyno_mlg_columns_take (self->columns, (const guint8 *const *) self->records->pdata,
                         (const guint64 *) self->ticks->data, self->records->len);
  g_ptr_array_set_size (self->records, 0);
  g_array_set_size (self->ticks, 0);

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
      self->now += (guint16) (clock - self->clock);
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
    .before_row = self->counts.n_records + 1,
    .text = dyno_mlg_dup_text (bytes + BLOCK_HEAD, MARKER_SIZE),
  };

  self->counts.n_markers++;
  g_array_append_val (self->report->markers, marker);
}

static void
add_record (DynoMlgBlocks *self,
            const guint8  *bytes)
{
  self->counts.n_records++;
  g_ptr_array_add (self->records, (gpointer) (bytes + BLOCK_HEAD));
  g_array_append_val (self->ticks, self->now);
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
    }
  if (self->is_over)
    {
      self->counts.n_unread += n - at;
      at = n;
    }
  *n_used = at;

  return flush (self, fraction, error);
}
