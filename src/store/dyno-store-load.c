/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

/* From blobs back to samples. */

#include "config.h"

#include <math.h>
#include <string.h>

#include "dyno-align.h"
#include "dyno-pack.h"
#include "dyno-store-private.h"
#include "dyno-store-runs-private.h"
#include "dyno-store-samples-private.h"

typedef struct
{
  char    *run_id;  /* (owned) */
  DynoLoad load;    /* indices owned */
  gint64   first;   /* seconds, for load-seconds */
  gint64   last;
} LoadArgs;

/* The rows of an imported run. */
typedef struct
{
  gsize    n_rows;
  gsize    chunk_rows;
  gboolean has_time;
} Grid;

typedef struct
{
  gint64 t_us;
  double value;
} Reading;

/* A captured channel that is wanted, while its blocks are gathered. */
typedef struct
{
  const DynoRunChannel *channel;   /* (borrowed) */
  GArray               *readings;  /* (owned) of Reading */
  gboolean              is_sorted;
  gint64               *t_us;      /* (owned) (nullable) split off in the end */
  double               *values;    /* (owned) (nullable) */
} Track;

static void
load_args_free (gpointer data)
{
  LoadArgs *args = data;

  g_free (args->run_id);
  g_free ((gpointer) args->load.indices);
  g_free (args);
}

static gboolean
has_window (const DynoLoad *load)
{
  return load->to_s > load->from_s;
}

static gboolean
is_wanted (const DynoLoad       *load,
           const DynoRunChannel *channel)
{
  if (load->canonical != 0 && (load->canonical >> channel->channel & 1) == 0)
    return FALSE;
  if (load->indices == NULL)
    return TRUE;
  for (guint i = 0; i < load->n_indices; i++)
    {
      if (load->indices[i] == channel->index)
        return TRUE;
    }

  return FALSE;
}

static void
track_free (gpointer data)
{
  Track *track = data;

  g_array_unref (track->readings);
  g_free (track->t_us);
  g_free (track->values);
  g_free (track);
}

/* The wanted channels by their index, in the order of the list. */
static GPtrArray *
make_tracks (const DynoLoad *load,
             GPtrArray      *channels,
             GHashTable     *by_index)
{
  GPtrArray *tracks = g_ptr_array_new_with_free_func (track_free);

  for (guint i = 0; i < channels->len; i++)
    {
      const DynoRunChannel *channel = g_ptr_array_index (channels, i);
      Track *track;

      if (!is_wanted (load, channel))
        continue;
      track = g_new0 (Track, 1);
      track->channel = channel;
      track->readings = g_array_new (FALSE, FALSE, sizeof (Reading));
      track->is_sorted = TRUE;
      g_ptr_array_add (tracks, track);
      g_hash_table_insert (by_index, GUINT_TO_POINTER (channel->index), track);
    }

  return tracks;
}

static void
add_reading (Track *track,
             gint64 t_us,
             float  raw)
{
  Reading reading = { t_us, (double) raw };

  if (track->readings->len > 0
      && g_array_index (track->readings, Reading, track->readings->len - 1).t_us > t_us)
    track->is_sorted = FALSE;
  g_array_append_val (track->readings, reading);
}

static gboolean
add_block (Track         *track,
           DynoStatement *row,
           gint64         from_us,
           gint64         to_us,
           GError       **error)
{
  g_auto(DynoUnpackedBlock) block = { 0 };
  gconstpointer data;
  gsize size;

  data = dyno_statement_blob (row, 2, &size);
  if (!dyno_unpack_block (data, size, &block, error))
    return FALSE;
  for (gsize i = 0; i < block.n; i++)
    {
      if (block.t_us[i] >= from_us && block.t_us[i] <= to_us)
        add_reading (track, block.t_us[i], block.raw[i]);
    }

  return TRUE;
}

static DynoStatement *
begin_blocks (DynoTurn *turn,
              gint64    number,
              gint64    first,
              gint64    last)
{
  DynoStatement *s = dyno_statement_begin (turn->db, DYNO_SQL_BLOCK_LIST);

  dyno_statement_set_integer (s, ":run", number);
  dyno_statement_set_integer (s, ":first", first);
  dyno_statement_set_integer (s, ":last", last);

  return s;
}

static gboolean
gather_blocks (DynoTurn   *turn,
               gint64      number,
               GHashTable *by_index,
               gint64      from_us,
               gint64      to_us,
               GError    **error)
{
  DynoStatement *s = dyno_statement_begin (turn->db, DYNO_SQL_SECOND_RANGE);
  gint64 first = 0;
  gint64 last = -1;
  DynoStep step;

  dyno_statement_set_integer (s, ":run", number);
  dyno_statement_set_integer (s, ":from_us", from_us);
  dyno_statement_set_integer (s, ":to_us", to_us);
  step = dyno_statement_step (s, error);
  if (step == DYNO_STEP_ROW && !dyno_statement_is_null (s, 0))
    {
      first = dyno_statement_integer (s, 0);
      last = dyno_statement_integer (s, 1);
    }
  dyno_statement_end (s);
  if (step == DYNO_STEP_FAILED)
    return FALSE;

  s = begin_blocks (turn, number, first, last);
  while ((step = dyno_statement_step (s, error)) == DYNO_STEP_ROW)
    {
      gint64 index = dyno_statement_integer (s, 1);
      Track *track = g_hash_table_lookup (by_index, GUINT_TO_POINTER ((guint) index));

      if (track != NULL && !add_block (track, s, from_us, to_us, error))
        return FALSE;
    }

  return step == DYNO_STEP_DONE;
}

static int
compare_readings (gconstpointer a,
                  gconstpointer b)
{
  const Reading *x = a;
  const Reading *y = b;

  return x->t_us < y->t_us ? -1 : x->t_us > y->t_us;
}

static void
split_readings (Track *track)
{
  guint n = track->readings->len;

  if (!track->is_sorted)
    g_array_sort (track->readings, compare_readings);
  track->t_us = g_new (gint64, MAX (n, 1));
  track->values = g_new (double, MAX (n, 1));
  for (guint i = 0; i < n; i++)
    {
      const Reading *reading = &g_array_index (track->readings, Reading, i);

      track->t_us[i] = reading->t_us;
      track->values[i] = reading->value;
    }
}

/* The one of several channels with one canonical name that has most to say. */
static gboolean
is_speaker (const GPtrArray *tracks,
            guint            index)
{
  const Track *track = g_ptr_array_index (tracks, index);

  for (guint i = 0; i < tracks->len; i++)
    {
      const Track *other = g_ptr_array_index (tracks, i);

      if (i == index || other->channel->channel != track->channel->channel)
        continue;
      if (other->readings->len > track->readings->len
          || (other->readings->len == track->readings->len && i < index))
        return FALSE;
    }

  return TRUE;
}

static DynoSamples *
align_tracks (GPtrArray *tracks,
              gint64     origin_us)
{
  g_autofree DynoTrack *joined = g_new0 (DynoTrack, MAX (tracks->len, 1));

  for (guint i = 0; i < tracks->len; i++)
    {
      Track *track = g_ptr_array_index (tracks, i);
      const DynoUnit *unit = dyno_unit_find (track->channel->unit);

      split_readings (track);
      joined[i] = (DynoTrack) {
        .name = track->channel->name,
        .module = track->channel->module,
        .channel = is_speaker (tracks, i) ? track->channel->channel : DYNO_CHANNEL_NONE,
        .unit = unit != NULL ? unit : dyno_unit_none (),
        .scale = track->channel->scale,
        .offset = track->channel->offset,
        .n = track->readings->len,
        .t_us = track->t_us,
        .values = track->values,
      };
    }

  return dyno_align (joined, tracks->len, origin_us);
}

static gint64
stamp_at (gint64 origin_us,
          double seconds)
{
  return origin_us + (gint64) llround (CLAMP (seconds, -1e9, 1e9) * 1e6);
}

static gboolean
find_origin (DynoTurn   *turn,
             const char *run_id,
             gint64     *origin_us,
             GError    **error)
{
  DynoStatement *s = dyno_statement_begin (turn->db, DYNO_SQL_RUN_ORIGIN);
  DynoStep step;

  dyno_statement_set_text (s, ":id", run_id);
  step = dyno_statement_step (s, error);
  if (step == DYNO_STEP_ROW)
    *origin_us = dyno_statement_integer (s, 0);
  dyno_statement_end (s);

  return step == DYNO_STEP_ROW;
}

static DynoSamples *
load_captured (DynoTurn       *turn,
               const LoadArgs *args,
               gint64          number,
               GPtrArray      *channels,
               GError        **error)
{
  g_autoptr(GHashTable) by_index = g_hash_table_new (NULL, NULL);
  g_autoptr(GPtrArray) tracks = make_tracks (&args->load, channels, by_index);
  gint64 from_us = G_MININT64;
  gint64 to_us = G_MAXINT64;
  gint64 origin_us = 0;

  if (!find_origin (turn, args->run_id, &origin_us, error))
    return NULL;
  if (has_window (&args->load))
    {
      from_us = stamp_at (origin_us, args->load.from_s);
      to_us = stamp_at (origin_us, args->load.to_s);
    }
  if (!gather_blocks (turn, number, by_index, from_us, to_us, error))
    return NULL;

  return align_tracks (tracks, origin_us);
}

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
load_rows (DynoTurn   *turn,
           gint64      number,
           const Grid *grid,
           int         channel,
           Rows       *rows,
           GError    **error)
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
load_time (DynoTurn       *turn,
           gint64          number,
           const Grid     *grid,
           const DynoLoad *load,
           Rows           *time,
           GError        **error)
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
  while (has_window (load) && first < end && all.values[first] < load->from_s)
    first++;
  while (has_window (load) && end > first && all.values[end - 1] > load->to_s)
    end--;

  time->first = first;
  time->n = end - first;

  return load_rows (turn, number, grid, DYNO_CHUNK_TIME, time, error);
}

static gboolean
load_column (DynoTurn             *turn,
             gint64                number,
             const Grid           *grid,
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

static DynoSamples *
load_imported (DynoTurn       *turn,
               const LoadArgs *args,
               gint64          number,
               const Grid     *grid,
               GPtrArray      *channels,
               GError        **error)
{
  g_autoptr(DynoSamplesBuilder) builder = NULL;
  g_auto(Rows) time = { 0, 0, NULL, NULL, NULL };

  if (!load_time (turn, number, grid, &args->load, &time, error))
    return NULL;

  builder = dyno_samples_builder_new (time.n);
  for (guint i = 0; i < channels->len; i++)
    {
      const DynoRunChannel *channel = g_ptr_array_index (channels, i);

      if (is_wanted (&args->load, channel)
          && !load_column (turn, number, grid, channel, &time, builder, error))
        return NULL;
    }
  if (grid->has_time)
    dyno_samples_builder_take_time (builder, g_steal_pointer (&time.values));
  if (time.updates != NULL)
    dyno_samples_builder_take_excluded (builder, g_steal_pointer (&time.updates));

  return dyno_samples_builder_finish (g_steal_pointer (&builder));
}

static gboolean
find_grid (DynoTurn *turn,
           gint64    number,
           Grid     *grid,
           gboolean *is_there,
           GError  **error)
{
  DynoStatement *s = dyno_statement_begin (turn->db, DYNO_SQL_GRID_GET);
  DynoStep step;

  dyno_statement_set_integer (s, ":run", number);
  step = dyno_statement_step (s, error);
  *is_there = step == DYNO_STEP_ROW;
  if (*is_there)
    {
      grid->n_rows = (gsize) dyno_statement_integer (s, 0);
      grid->chunk_rows = (gsize) dyno_statement_integer (s, 1);
      grid->has_time = dyno_statement_integer (s, 2) != 0;
    }
  dyno_statement_end (s);

  return step != DYNO_STEP_FAILED;
}

static gpointer
load_samples (DynoTurn     *turn,
              gconstpointer data,
              GError      **error)
{
  const LoadArgs *args = data;
  gint64 number = dyno_runs_find (turn, args->run_id, error);
  g_autoptr(GPtrArray) channels = NULL;
  gboolean is_imported;
  Grid grid;

  if (number == 0 || !find_grid (turn, number, &grid, &is_imported, error))
    return NULL;
  channels = dyno_samples_channels (turn, number, error);
  if (channels == NULL)
    return NULL;

  return is_imported ? load_imported (turn, args, number, &grid, channels, error)
                     : load_captured (turn, args, number, channels, error);
}

static const DynoVerb load_samples_verb = { "load-samples", load_samples,
                                            (GDestroyNotify) dyno_samples_unref };

void
dyno_store_load_samples_async (DynoStore          *self,
                               const char         *run_id,
                               const DynoLoad     *load,
                               GCancellable       *cancellable,
                               GAsyncReadyCallback callback,
                               gpointer            user_data)
{
  LoadArgs *args = g_new0 (LoadArgs, 1);

  args->run_id = g_strdup (run_id);
  if (load != NULL)
    {
      args->load = *load;
      args->load.indices = g_memdup2 (load->indices, load->n_indices * sizeof *load->indices);
    }
  dyno_store_read (self, &load_samples_verb, args, load_args_free, cancellable, callback,
                   user_data);
}

DynoSamples *
dyno_store_load_samples_finish (DynoStore    *self,
                                GAsyncResult *result,
                                GError      **error)
{
  return dyno_call_finish (result, &load_samples_verb, error);
}

/* Rows come by second and channel; the order inside a second is that. */
static gboolean
add_to_second (GPtrArray     *seconds,
               DynoStatement *row,
               GError       **error)
{
  gint64 number = dyno_statement_integer (row, 0);
  DynoSecond *second = seconds->len > 0 ? seconds->pdata[seconds->len - 1] : NULL;
  g_auto(DynoUnpackedBlock) block = { 0 };
  gconstpointer data;
  gsize size;

  data = dyno_statement_blob (row, 2, &size);
  if (!dyno_unpack_block (data, size, &block, error))
    return FALSE;
  if (second == NULL || dyno_second_number (second) != number)
    {
      second = dyno_second_new (number);
      g_ptr_array_add (seconds, second);
    }
  dyno_second_add (second, (guint) dyno_statement_integer (row, 1), block.n, block.t_us, block.raw,
                   block.flags);

  return TRUE;
}

static gpointer
load_seconds (DynoTurn     *turn,
              gconstpointer data,
              GError      **error)
{
  const LoadArgs *args = data;
  gint64 number = dyno_runs_find (turn, args->run_id, error);
  g_autoptr(GPtrArray) seconds =
      g_ptr_array_new_with_free_func ((GDestroyNotify) dyno_second_free);
  DynoStatement *s;
  DynoStep step;

  if (number == 0)
    return NULL;

  s = begin_blocks (turn, number, args->first, args->last);
  while ((step = dyno_statement_step (s, error)) == DYNO_STEP_ROW)
    {
      if (!add_to_second (seconds, s, error))
        return NULL;
    }

  return step == DYNO_STEP_DONE ? g_steal_pointer (&seconds) : NULL;
}

static const DynoVerb load_seconds_verb = { "load-seconds", load_seconds,
                                            (GDestroyNotify) g_ptr_array_unref };

void
dyno_store_load_seconds_async (DynoStore          *self,
                               const char         *run_id,
                               gint64              first,
                               gint64              last,
                               GCancellable       *cancellable,
                               GAsyncReadyCallback callback,
                               gpointer            user_data)
{
  LoadArgs *args = g_new0 (LoadArgs, 1);

  args->run_id = g_strdup (run_id);
  args->first = first;
  args->last = last;
  dyno_store_read (self, &load_seconds_verb, args, load_args_free, cancellable, callback,
                   user_data);
}

GPtrArray *
dyno_store_load_seconds_finish (DynoStore    *self,
                                GAsyncResult *result,
                                GError      **error)
{
  return dyno_call_finish (result, &load_seconds_verb, error);
}
