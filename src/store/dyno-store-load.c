/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

#include "config.h"

#include "dyno-load-private.h"
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

static void
load_args_free (gpointer data)
{
  LoadArgs *args = data;

  g_free (args->run_id);
  g_free ((gpointer) args->load.indices);
  g_free (args);
}

gboolean
dyno_load_has_window (const DynoLoad *load)
{
  return load->to_s > load->from_s;
}

gboolean
dyno_load_is_wanted (const DynoLoad       *load,
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

static gboolean
find_grid (DynoTurn     *turn,
           gint64        number,
           DynoLoadGrid *grid,
           gboolean     *is_there,
           GError      **error)
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
  gint64 number = dyno_run_rows_find (turn, args->run_id, error);
  g_autoptr(GPtrArray) channels = NULL;
  gboolean is_imported;
  DynoLoadGrid grid;

  if (number == 0 || !find_grid (turn, number, &grid, &is_imported, error))
    return NULL;
  channels = dyno_sample_rows_channels (turn, number, error);
  if (channels == NULL)
    return NULL;

  return is_imported ? dyno_load_imported (turn, number, &grid, &args->load, channels, error)
                     : dyno_load_captured (turn, args->run_id, number, &args->load, channels,
                                           error);
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
  gint64 number = dyno_run_rows_find (turn, args->run_id, error);
  g_autoptr(GPtrArray) seconds =
      g_ptr_array_new_with_free_func ((GDestroyNotify) dyno_second_free);
  DynoStatement *s;
  DynoStep step;

  if (number == 0)
    return NULL;

  s = dyno_load_begin_blocks (turn, number, args->first, args->last);
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
