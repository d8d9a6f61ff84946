/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

/* An imported run: columns of rows, gathered from their chunks. */

#include "config.h"

#include <math.h>

#include "dyno-error.h"
#include "dyno-load-private.h"
#include "dyno-pack.h"
#include "dyno-store-samples-private.h"

/* One column of rows first…first + n − 1, gathered from its chunks. */
typedef struct
{
  gsize   first;
  gsize   n;
  double *values;  /* (owned) */
  guint8 *updates; /* (owned) (nullable) */
  guint8 *reasons; /* (owned) (nullable) */
} Rows;

static void
rows_clear (Rows *rows)
{
  g_clear_pointer (&rows->values, g_free);
  g_clear_pointer (&rows->updates, g_free);
  g_clear_pointer (&rows->reasons, g_free);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Rows, rows_clear)

static void
place_row (Rows                    *rows,
           gsize                    to,
           const DynoUnpackedChunk *chunk,
           gsize                    from)
{
  rows->values[to] = chunk->values[from];
  if (chunk->updates != NULL && (chunk->updates[from / 8] >> (from % 8) & 1) != 0)
    rows->updates[to / 8] |= (guint8) (1 << (to % 8));
  if (chunk->reasons != NULL)
    rows->reasons[to] = chunk->reasons[from];
}

/* Bits and reasons are made when the first chunk that has them comes. */
static gboolean
place_chunk (Rows          *rows,
             gsize          chunk_first,
             DynoStatement *row,
             GError       **error)
{
  g_auto(DynoUnpackedChunk) chunk = { 0 };
  gconstpointer data;
  gsize size;

  data = dyno_statement_blob (row, 1, &size);
  if (!dyno_unpack_chunk (data, size, &chunk, error))
    return FALSE;
  if (chunk.updates != NULL && rows->updates == NULL)
    rows->updates = g_new0 (guint8, rows->n / 8 + 1);
  if (chunk.reasons != NULL && rows->reasons == NULL)
    rows->reasons = g_new0 (guint8, MAX (rows->n, 1));

  for (gsize i = 0; i < chunk.n; i++)
    {
      if (chunk_first + i >= rows->first && chunk_first + i < rows->first + rows->n)
        place_row (rows, chunk_first + i - rows->first, &chunk, i);
    }

  return TRUE;
}

static gboolean
load_rows (DynoTurn           *turn,
           gint64              number,
           const DynoLoadGrid *grid,
           int                 channel,
           Rows               *rows,
           GError            **error)
{
  DynoStatement *s = dyno_statement_begin (turn->db, DYNO_SQL_CHUNK_LIST);
  DynoStep step;

  rows->values = g_new (double, MAX (rows->n, 1));
  for (gsize i = 0; i < rows->n; i++)
    rows->values[i] = NAN;
  if (rows->n == 0)
    return TRUE;

  dyno_statement_set_integer (s, ":run", number);
  dyno_statement_set_integer (s, ":channel", channel);
  dyno_statement_set_integer (s, ":first", (gint64) (rows->first / grid->chunk_rows));
  dyno_statement_set_integer (s, ":last",
                              (gint64) ((rows->first + rows->n - 1) / grid->chunk_rows));
  while ((step = dyno_statement_step (s, error)) == DYNO_STEP_ROW)
    {
      gsize chunk = (gsize) dyno_statement_integer (s, 0);

      if (!place_chunk (rows, chunk * grid->chunk_rows, s, error))
        return FALSE;
    }

  return step == DYNO_STEP_DONE;
}

static gboolean
missing_time (GError **error)
{
  dyno_error_set (error, DYNO_ERROR_CORRUPT, "samples",
                  "A part of this run's time is missing in the database. Import its file again.");

  return FALSE;
}

/* Reads the time axis and cuts it, and the brush with it, to the window. */
static gboolean
load_time (DynoTurn           *turn,
           gint64              number,
           const DynoLoadGrid *grid,
           const DynoLoad     *load,
           Rows               *time,
           GError            **error)
{
  g_auto(Rows) all = { 0, grid->n_rows, NULL, NULL, NULL };
  gsize first = 0;
  gsize end = grid->n_rows;

  if (!load_rows (turn, number, grid, DYNO_CHUNK_TIME, &all, error))
    return FALSE;
  for (gsize i = 0; i < all.n; i++)
    {
      if (isnan (all.values[i]) || (i > 0 && all.values[i] < all.values[i - 1]))
        return missing_time (error);
    }
  while (dyno_load_has_window (load) && first < end && all.values[first] < load->from_s)
    first++;
  while (dyno_load_has_window (load) && end > first && all.values[end - 1] > load->to_s)
    end--;

  time->first = first;
  time->n = end - first;

  return load_rows (turn, number, grid, DYNO_CHUNK_TIME, time, error);
}

static gboolean
load_column (DynoTurn             *turn,
             gint64                number,
             const DynoLoadGrid   *grid,
             const DynoRunChannel *channel,
             const Rows           *time,
             DynoSamplesBuilder   *builder,
             GError              **error)
{
  g_auto(Rows) rows = { time->first, time->n, NULL, NULL, NULL };
  const DynoUnit *unit = dyno_unit_find (channel->unit);
  guint column;

  if (!load_rows (turn, number, grid, (int) channel->index, &rows, error))
    return FALSE;
  column = dyno_samples_builder_take (builder, channel->name, channel->module, channel->channel,
                                      unit != NULL ? unit : dyno_unit_none (),
                                      g_steal_pointer (&rows.values));
  dyno_samples_builder_set_scale (builder, column, channel->unit_text, channel->scale,
                                  channel->offset);
  if (rows.updates != NULL)
    dyno_samples_builder_take_updates (builder, column, g_steal_pointer (&rows.updates));
  if (rows.reasons != NULL)
    dyno_samples_builder_take_reasons (builder, column, g_steal_pointer (&rows.reasons));

  return TRUE;
}

DynoSamples *
dyno_load_imported (DynoTurn           *turn,
                    gint64              number,
                    const DynoLoadGrid *grid,
                    const DynoLoad     *load,
                    GPtrArray          *channels,
                    GError            **error)
{
  g_autoptr(DynoSamplesBuilder) builder = NULL;
  g_auto(Rows) time = { 0, 0, NULL, NULL, NULL };

  if (!load_time (turn, number, grid, load, &time, error))
    return NULL;

  builder = dyno_samples_builder_new (time.n);
  for (guint i = 0; i < channels->len; i++)
    {
      const DynoRunChannel *channel = g_ptr_array_index (channels, i);

      if (dyno_load_is_wanted (load, channel)
          && !load_column (turn, number, grid, channel, &time, builder, error))
        return NULL;
    }
  if (grid->has_time)
    dyno_samples_builder_take_time (builder, g_steal_pointer (&time.values));
  if (time.updates != NULL)
    dyno_samples_builder_take_excluded (builder, g_steal_pointer (&time.updates));

  return dyno_samples_builder_finish (g_steal_pointer (&builder));
}
