/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

#include "config.h"

#include "dyno-run-samples.h"

#include <math.h>

#include "dyno-errand-load.h"
#include "dyno-error.h"
#include "dyno-shop-private.h"

typedef struct
{
  char                *run_id; /* (owned) */
  DynoRunSamplesWanted wanted; /* names owned */
} Order;

static void
order_free (gpointer data)
{
  Order *order = data;

  g_free (order->run_id);
  g_strfreev (order->wanted.channels);
  g_free (order);
}

void
dyno_run_samples_free (DynoRunSamples *self)
{
  guint n;

  if (self == NULL)
    return;

  n = self->names != NULL ? g_strv_length (self->names) : 0;
  for (guint i = 0; self->values != NULL && i < n; i++)
    g_free (self->values[i]);
  g_free (self->values);
  g_free (self->t_s);
  g_strfreev (self->names);
  g_clear_pointer (&self->gaps, g_array_unref);
  g_free (self);
}

/* Which channels */

/* Canonical names alone need no other channel to be read. */
static guint64
canonical_set (char **names)
{
  guint64 set = 0;

  if (names == NULL)
    return DYNO_LOAD_CANONICAL;
  for (; *names != NULL; names++)
    {
      DynoChannel channel = dyno_channel_find (*names);

      if (channel == DYNO_CHANNEL_NONE)
        return 0;
      set |= G_GUINT64_CONSTANT (1) << channel;
    }

  return set;
}

static char **
list_canonical (const DynoSamples *samples)
{
  g_autoptr(GStrvBuilder) names = g_strv_builder_new ();
  guint n = 0;

  for (guint i = 0; i < dyno_samples_n_columns (samples); i++)
    {
      DynoChannel channel = dyno_samples_column (samples, i)->channel;

      if (channel == DYNO_CHANNEL_NONE || n++ == DYNO_RUN_SAMPLES_MOST_CHANNELS)
        continue;
      g_strv_builder_add (names, dyno_channel_info (channel)->name);
    }

  return g_strv_builder_end (names);
}

/* `column` is NULL for a canonical channel that the run does not have. */
static gboolean
find_column (const DynoSamples  *samples,
             const char         *name,
             const DynoColumn  **column,
             GError            **error)
{
  DynoChannel channel = dyno_channel_find (name);
  g_autofree char *shown = NULL;

  *column = channel != DYNO_CHANNEL_NONE ? dyno_samples_find (samples, channel)
                                         : dyno_samples_find_name (samples, name);
  if (*column != NULL || channel != DYNO_CHANNEL_NONE)
    return TRUE;

  shown = dyno_error_excerpt (name);
  dyno_error_set (error, DYNO_ERROR_INVALID, "channel",
                  "The run has no channel “%s”. Its channels stand in the run itself.", shown);

  return FALSE;
}

/* Which rows */

typedef struct
{
  gsize first;
  gsize n;     /* rows */
  gsize parts; /* buckets; 0: each row is a point */
} Stretch;

static Stretch
find_stretch (const DynoSamples          *samples,
              const DynoRunSamplesWanted *wanted)
{
  const double *t_s = dyno_samples_time (samples);
  gsize n = dyno_samples_n_rows (samples);
  Stretch stretch = { 0, 0, 0 };
  gsize end = n;

  while (stretch.first < n && t_s[stretch.first] < wanted->from_s)
    stretch.first++;
  while (end > stretch.first && t_s[end - 1] > wanted->to_s)
    end--;
  stretch.n = end - stretch.first;
  if (stretch.n > wanted->max_points)
    stretch.parts = MAX (wanted->max_points / 2, 1);

  return stretch;
}

static gsize
part_begin (const Stretch *stretch,
            gsize          part)
{
  return stretch->first + (gsize) ((guint64) part * stretch->n / stretch->parts);
}

static double *
make_times (const DynoSamples *samples,
            const Stretch     *stretch,
            gsize             *n)
{
  const double *t_s = dyno_samples_time (samples);
  double *times;

  *n = stretch->parts > 0 ? 2 * stretch->parts : stretch->n;
  if (stretch->parts == 0)
    return g_memdup2 (t_s + stretch->first, stretch->n * sizeof *t_s);

  times = g_new (double, *n);
  for (gsize i = 0; i < stretch->parts; i++)
    {
      times[2 * i] = t_s[part_begin (stretch, i)];
      times[2 * i + 1] = t_s[part_begin (stretch, i + 1) - 1];
    }

  return times;
}

static double
read_value (const DynoColumn *column,
            gsize             row)
{
  return dyno_channel_is_mixture (column->channel)
           ? dyno_column_afr (column, row, DYNO_STOICH_PETROL) : dyno_column_si (column, row);
}

/* The extremes of the rows begin…end, the one that came first in pair[0]. */
static void
find_extremes (const DynoColumn *column,
               gsize             begin,
               gsize             end,
               double            pair[2])
{
  double least = NAN;
  double most = NAN;
  gboolean is_rising = TRUE;

  for (gsize row = begin; row < end; row++)
    {
      double value = read_value (column, row);

      if (value < least || isnan (least))
        {
          least = value;
          is_rising = FALSE;
        }
      if (value > most || isnan (most))
        {
          most = value;
          is_rising = TRUE;
        }
    }
  pair[0] = is_rising ? least : most;
  pair[1] = is_rising ? most : least;
}

static double *
make_values (const DynoColumn *column,
             const Stretch    *stretch)
{
  double *values;

  if (stretch->parts == 0)
    {
      values = g_new (double, MAX (stretch->n, 1));
      for (gsize i = 0; i < stretch->n; i++)
        values[i] = read_value (column, stretch->first + i);
      return values;
    }

  values = g_new (double, 2 * stretch->parts);
  for (gsize i = 0; i < stretch->parts; i++)
    find_extremes (column, part_begin (stretch, i), part_begin (stretch, i + 1), values + 2 * i);

  return values;
}

/* The answer */

static void
add_gaps (DynoRunSamples             *self,
          const char                 *text,
          const DynoRunSamplesWanted *wanted)
{
  g_autoptr(DynoJson) list = text != NULL ? dyno_json_parse_limited (text, -1, &dyno_json_limits_own,
                                                                     NULL) : NULL;

  for (guint i = 0; i < dyno_json_n_elements (list); i++)
    {
      const DynoJson *item = dyno_json_element (list, i);
      DynoRunGap gap = { dyno_json_get_number (item, "from", NAN),
                         dyno_json_get_number (item, "to", NAN),
                         dyno_json_get_number (item, "lost", NAN) };

      if (!(gap.to_s < wanted->from_s) && !(gap.from_s > wanted->to_s))
        g_array_append_val (self->gaps, gap);
    }
}

static gboolean
add_columns (DynoRunSamples    *self,
             const DynoSamples *samples,
             const Stretch     *stretch,
             GError           **error)
{
  self->values = g_new0 (double *, g_strv_length (self->names) + 1);
  for (guint i = 0; self->names[i] != NULL; i++)
    {
      const DynoColumn *column;

      if (!find_column (samples, self->names[i], &column, error))
        return FALSE;
      if (column != NULL)
        self->values[i] = make_values (column, stretch);
    }

  return TRUE;
}

static DynoSamples *
load_samples (const DynoErrand *errand,
              const Order      *order,
              GError          **error)
{
  DynoStore *store = errand->shop->store;
  DynoLoad load = { .canonical = canonical_set (order->wanted.channels) };

  dyno_store_load_samples_async (store, order->run_id, &load, errand->cancellable, dyno_await_cb,
                                 errand->await);

  return dyno_store_load_samples_finish (store, dyno_await_wait (errand->await), error);
}

static gpointer
make (const DynoErrand *errand,
      gpointer          data,
      GError          **error)
{
  const Order *order = data;
  g_autoptr(DynoRun) run = dyno_errand_load_run (errand, order->run_id, error);
  g_autoptr(DynoSamples) samples = run != NULL ? load_samples (errand, order, error) : NULL;
  g_autoptr(DynoRunSamples) self = NULL;
  Stretch stretch;

  if (samples == NULL)
    return NULL;

  self = g_new0 (DynoRunSamples, 1);
  stretch = find_stretch (samples, &order->wanted);
  self->is_whole = stretch.parts == 0;
  self->t_s = make_times (samples, &stretch, &self->n);
  self->names = order->wanted.channels != NULL ? g_strdupv (order->wanted.channels)
                                               : list_canonical (samples);
  self->gaps = g_array_new (FALSE, FALSE, sizeof (DynoRunGap));
  add_gaps (self, run->gaps, &order->wanted);

  return add_columns (self, samples, &stretch, error) ? g_steal_pointer (&self) : NULL;
}

static const DynoOperation operation = { "run-samples", make,
                                         (GDestroyNotify) dyno_run_samples_free, TRUE };

void
dyno_run_samples_async (DynoShop                   *shop,
                        const char                 *run_id,
                        const DynoRunSamplesWanted *wanted,
                        GCancellable               *cancellable,
                        GAsyncReadyCallback         callback,
                        gpointer                    user_data)
{
  Order *order = g_new0 (Order, 1);

  order->run_id = g_strdup (run_id);
  order->wanted = *wanted;
  order->wanted.channels = g_strdupv (wanted->channels);
  dyno_operation_start (shop, &operation, order, order_free, cancellable, callback, user_data);
}

DynoRunSamples *
dyno_run_samples_finish (GAsyncResult *result,
                         GError      **error)
{
  return dyno_operation_finish (result, &operation, error);
}
