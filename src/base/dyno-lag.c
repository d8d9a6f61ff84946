/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

#include "config.h"

#include "dyno-lag.h"

#include <string.h>

#include "dyno-metrics.h"

#define EVERY_MS 250
#define N_TURNS 240 /* a minute */

struct _DynoLag
{
  GSource    *source;        /* (owned) */
  DynoSeries *series;        /* (borrowed) */
  gint64      due_us;        /* (the loop's thread) */
  gint64      turned_us;     /* (lock) monotonic, of the last turn */
  double      late_s[N_TURNS]; /* (lock) a ring */
  guint       n_turns;       /* (lock) in all */
};

static GMutex lock;
static GPtrArray *lags;      /* (owned) (lock) (nullable) of DynoLag, borrowed */

/* the loop's thread */
static gboolean
turn_cb (gpointer data)
{
  DynoLag *self = data;
  gint64 now_us = g_get_monotonic_time ();
  double late_s = (double) MAX (now_us - self->due_us, 0) / G_USEC_PER_SEC;

  dyno_series_observe (self->series, late_s);
  self->due_us = now_us + EVERY_MS * 1000;
  g_mutex_lock (&lock);
  self->turned_us = now_us;
  self->late_s[self->n_turns++ % N_TURNS] = late_s;
  g_mutex_unlock (&lock);

  return G_SOURCE_CONTINUE;
}

DynoLag *
dyno_lag_new (GMainContext *context,
              const char   *loop)
{
  DynoLag *self = g_new0 (DynoLag, 1);

  self->series = dyno_metrics_series (DYNO_METRIC_LOOP_LAG, loop, NULL);
  self->turned_us = g_get_monotonic_time ();
  self->due_us = self->turned_us + EVERY_MS * 1000;
  g_mutex_lock (&lock);
  if (lags == NULL)
    lags = g_ptr_array_new ();
  g_ptr_array_add (lags, self);
  g_mutex_unlock (&lock);

  self->source = g_timeout_source_new (EVERY_MS);
  g_source_set_callback (self->source, turn_cb, self, NULL);
  g_source_attach (self->source, context);

  return self;
}

void
dyno_lag_free (DynoLag *self)
{
  if (self == NULL)
    return;

  g_source_destroy (self->source);
  g_source_unref (self->source);
  g_mutex_lock (&lock);
  g_ptr_array_remove (lags, self);
  if (lags->len == 0)
    g_clear_pointer (&lags, g_ptr_array_unref);
  g_mutex_unlock (&lock);
  g_free (self);
}

static int
compare_times (gconstpointer a,
               gconstpointer b)
{
  double left = *(const double *) a;
  double right = *(const double *) b;

  return (left > right) - (left < right);
}

/* (lock) */
static double
p99 (const DynoLag *self)
{
  guint n = MIN (self->n_turns, N_TURNS);
  double sorted[N_TURNS];

  if (n == 0)
    return 0;

  memcpy (sorted, self->late_s, n * sizeof sorted[0]);
  qsort (sorted, n, sizeof sorted[0], compare_times);

  return sorted[(n * 99 - 1) / 100];
}

void
dyno_lag_look (DynoLagState *state)
{
  gint64 now_us = g_get_monotonic_time ();

  *state = (DynoLagState){ 0 };
  g_mutex_lock (&lock);
  for (guint i = 0; lags != NULL && i < lags->len; i++)
    {
      const DynoLag *self = g_ptr_array_index (lags, i);

      state->n_loops++;
      state->p99_s = MAX (state->p99_s, p99 (self));
      state->still_s = MAX (state->still_s, (double) (now_us - self->turned_us) / G_USEC_PER_SEC);
    }
  g_mutex_unlock (&lock);
}
