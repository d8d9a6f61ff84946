/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

#include "config.h"

#include "dyno-import-rows-private.h"

#include "dyno-crew.h"
#include "dyno-import-reader.h"

#include <string.h>

/* Rows of a large log, read side by side: a block is cut at line ends, each lane reads
 * its part into batches of its own, and these are taken into the columns, side by side,
 * too, in the order of the log. A lane that meets something which needs the number of its line gives up; the block is
 * then read again by one, so that nothing depends on how it was cut. */

#define N_LANES DYNO_CREW_MAX

typedef struct
{
  DynoImportRows rows;  /* of this part only */
  const char    *text;  /* (borrowed) */
  const char    *end;
  gboolean       is_good;
} Lane;

struct _DynoImportLanes
{
  DynoCrew        *crew; /* (owned) */
  Lane             lanes[N_LANES];

  /* Of the block in hand. */
  DynoImportTable *table;          /* (borrowed) */
  GPtrArray       *batches;        /* (owned) of DynoImportBatch, borrowed, with rows */
  gsize            n_expected;     /* rows of the whole log */
  guint8          *marks[N_LANES]; /* (owned) rows in which a team of columns saw a change */
};

static void
batch_free (gpointer data)
{
  dyno_import_batch_free (data);
}

static DynoImportLanes *
lanes_new (const DynoImportRows *owner)
{
  DynoImportLanes *self = g_new0 (DynoImportLanes, 1);

  self->crew = dyno_crew_new (dyno_crew_helpers ());
  self->table = owner->table;
  self->batches = g_ptr_array_new ();
  for (guint i = 0; i < N_LANES; i++)
    {
      DynoImportRows *rows = &self->lanes[i].rows;

      rows->layout = owner->layout;
      rows->table = owner->table;
      rows->n_columns = owner->n_columns;
      rows->n_needed = owner->n_needed;
      rows->done = g_ptr_array_new_with_free_func (batch_free);
      rows->batch = dyno_import_batch_new (owner->n_columns, G_MAXSIZE);
    }

  return self;
}

static void
lane_clear (Lane *self)
{
  DynoImportRowCounts *counts = &self->rows.counts;

  g_ptr_array_set_size (self->rows.done, 0);
  g_array_set_size (self->rows.batch->odd, 0);
  self->rows.batch->n_rows = 0;
  self->rows.n_done = 0;
  g_free (counts->ragged[0]);
  g_free (counts->ragged[1]);
  *counts = (DynoImportRowCounts){ 0 };
}

void
dyno_import_lanes_free (DynoImportLanes *self)
{
  if (self == NULL)
    return;

  g_clear_pointer (&self->crew, dyno_crew_free);
  for (guint i = 0; i < N_LANES; i++)
    {
      lane_clear (&self->lanes[i]);
      g_ptr_array_unref (self->lanes[i].rows.done);
      dyno_import_batch_free (self->lanes[i].rows.batch);
      g_free (self->marks[i]);
    }
  g_ptr_array_unref (self->batches);
  g_free (self);
}

/* Of the order of the log's whole length, from the part of it that was read. */
static gboolean
is_large (const DynoImportRows *rows)
{
  return rows->fraction > 0
         && (double) rows->n_bytes / rows->fraction >= (double) DYNO_IMPORT_LEAST_PARALLEL;
}

/* Behind the first line end from there on. */
static const char *
find_line (const char *text,
           const char *end)
{
  const char *newline = memchr (text, '\n', (gsize) (end - text));

  return newline != NULL ? newline + 1 : end;
}

/* The state that a lane needs to read as the owner would. */
static void
lane_begin (Lane                 *self,
            const DynoImportRows *owner,
            const char           *text,
            const char           *end)
{
  lane_clear (self);
  self->text = text;
  self->end = end;
  self->rows.n_bytes = (guint64) (end - text);
  self->rows.has_marker = FALSE;
  self->rows.clock_column = owner->clock_column;
  self->rows.stamps = owner->stamps;
  self->rows.stamps.first = NULL; /* the owner's */
}

/* On any thread. */
static void
read_lane (guint    index,
           gpointer data)
{
  DynoImportLanes *lanes = data;
  Lane *self = &lanes->lanes[index];
  guint n_cells = 0;

  self->is_good
    = dyno_import_rows_read_lines (&self->rows, self->text, self->end, &n_cells, NULL)
      && self->rows.counts.n_ragged == 0 && !self->rows.has_marker;
}

static gsize
count_rows (const DynoImportLanes *self)
{
  gsize n = 0;

  for (guint i = 0; i < N_LANES; i++)
    n += self->lanes[i].rows.n_done + self->lanes[i].rows.batch->n_rows;

  return n;
}

static gboolean
are_good (const DynoImportLanes *self)
{
  for (guint i = 0; i < N_LANES; i++)
    {
      if (!self->lanes[i].is_good)
        return FALSE;
    }

  return TRUE;
}

gboolean
dyno_import_lanes_read (DynoImportRows *self,
                        const char     *text,
                        gsize           length)
{
  const char *end = text + length;
  const char *at = text;

  if (!is_large (self) || (self->table->time_column >= 0 && !self->stamps.is_known))
    return FALSE;
  if (self->lanes == NULL)
    self->lanes = lanes_new (self);
  for (guint i = 0; i < N_LANES; i++)
    {
      const char *cut = text + length / N_LANES * (i + 1);
      const char *next = i + 1 == N_LANES ? end : cut > at ? find_line (cut, end) : at;

      lane_begin (&self->lanes->lanes[i], self, at, next);
      at = next;
    }
  dyno_crew_start (self->lanes->crew, N_LANES, read_lane, self->lanes);
  dyno_crew_join (self->lanes->crew);

  return are_good (self->lanes) && dyno_import_rows_has_room (self, count_rows (self->lanes));
}

static void
add_counts (DynoImportRowCounts       *sum,
            const DynoImportRowCounts *part)
{
  sum->n_lines += part->n_lines;
  sum->n_lf += part->n_lf;
  sum->n_crlf += part->n_crlf;
  sum->n_cr += part->n_cr;
  sum->n_missing += part->n_missing;
  sum->n_extra += part->n_extra;
  sum->n_unclosed += part->n_unclosed;
}

/* All that hold rows, in the order of the log. */
static void
list_batches (DynoImportLanes *self)
{
  g_ptr_array_set_size (self->batches, 0);
  for (guint i = 0; i < N_LANES; i++)
    {
      const DynoImportRows *rows = &self->lanes[i].rows;

      for (guint k = 0; k < rows->done->len; k++)
        g_ptr_array_add (self->batches, rows->done->pdata[k]);
      if (rows->batch->n_rows > 0)
        g_ptr_array_add (self->batches, rows->batch);
    }
}

/* The columns team, team + N_LANES, …, on any thread: no two teams touch the same. */
static void
take_team (guint    team,
           gpointer data)
{
  DynoImportLanes *self = data;

  for (guint column = team; column < self->table->n_columns; column += N_LANES)
    {
      gsize row = 0; /* of the block */

      for (guint i = 0; i < self->batches->len; i++)
        {
          const DynoImportBatch *batch = self->batches->pdata[i];

          dyno_import_table_take (self->table, column, batch->cells + column * batch->stride,
                                  self->table->n_rows + row, batch->n_rows, self->n_expected,
                                  self->marks[team] + row);
          row += batch->n_rows;
        }
    }
}

static void
take_odd_cells (DynoImportLanes *self)
{
  gsize row = 0;

  for (guint i = 0; i < self->batches->len; i++)
    {
      const DynoImportBatch *batch = self->batches->pdata[i];

      for (guint k = 0; k < batch->odd->len; k++)
        {
          const DynoImportOddCell *odd = &g_array_index (batch->odd, DynoImportOddCell, k);

          dyno_import_table_set_reason (self->table, odd->column,
                                        self->table->n_rows + row + odd->row, odd->reason);
          self->marks[0][row + odd->row] = TRUE;
        }
      row += batch->n_rows;
    }
}

/* What any team has seen. */
static void
join_marks (DynoImportLanes *self,
            gsize            n)
{
  for (guint team = 1; team < N_LANES; team++)
    {
      for (gsize i = 0; i < n; i++)
        self->marks[0][i] |= self->marks[team][i];
    }
}

gboolean
dyno_import_lanes_take (DynoImportRows *self,
                        GError        **error)
{
  DynoImportLanes *lanes = self->lanes;
  gsize n = count_rows (lanes);

  lanes->n_expected = dyno_import_rows_expect (self, n);
  list_batches (lanes);
  for (guint i = 0; i < N_LANES; i++)
    {
      add_counts (&self->counts, &lanes->lanes[i].rows.counts);
      lanes->marks[i] = g_realloc (lanes->marks[i], MAX (n, 1));
      memset (lanes->marks[i], 0, n);
    }
  dyno_crew_start (lanes->crew, N_LANES, take_team, lanes);
  dyno_crew_join (lanes->crew);
  take_odd_cells (lanes);
  join_marks (lanes, n);
  if (n > 0)
    dyno_import_table_add_rows (self->table, n, lanes->marks[0]);

  return dyno_import_watch_step (self->watch, self->fraction, "read", error);
}
