/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

#include "config.h"

#include "dyno-import-rows-private.h"

#include "dyno-crew.h"
#include "dyno-import-reader.h"

#include <string.h>

/* Rows of a large log, read side by side: a block is cut at line ends, each lane reads
 * its part into batches of its own, and these are appended in the order of the log. A
 * lane that meets something which needs the number of its line gives up; the block is
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
  DynoCrew *crew; /* (owned) */
  Lane            lanes[N_LANES];
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
    }
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

gboolean
dyno_import_lanes_take (DynoImportRows *self,
                        GError        **error)
{
  for (guint i = 0; i < N_LANES; i++)
    {
      Lane *lane = &self->lanes->lanes[i];

      add_counts (&self->counts, &lane->rows.counts);
      for (guint k = 0; k < lane->rows.done->len; k++)
        {
          if (!dyno_import_rows_append (self, lane->rows.done->pdata[k], error))
            return FALSE;
        }
      if (!dyno_import_rows_append (self, lane->rows.batch, error))
        return FALSE;
    }

  return TRUE;
}
