/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

/* What the server knows and the counters show; part of dyno-http-face.h. */

#include "config.h"

#include "dyno-http-face-private.h"

#include "dyno-metrics.h"

static void
count_connections (const DynoServerCounts *counts)
{
  static const char *const names[DYNO_N_LISTENERS] = { "loopback", "lan", "admin" };

  for (guint i = 0; i < DYNO_N_LISTENERS; i++)
    dyno_metrics_set (DYNO_METRIC_HTTP_CONNECTIONS, (double) counts->n_open[i], names[i], NULL);
}

/* How much `now` has grown since the last look. */
static guint64
grown (guint64 *seen,
       guint64  now)
{
  guint64 more = now - *seen;

  *seen = now;

  return more;
}

static void
count_refusals (DynoHttpGauges         *self,
                const DynoServerCounts *counts)
{
  for (guint i = 0; i < DYNO_N_REFUSALS; i++)
    {
      guint64 more = grown (&self->n_refused[i], counts->n_refused[i]);

      if (more > 0)
        dyno_metrics_add (DYNO_METRIC_GUARD_REJECTED, more, dyno_refusal_of (i)->name, NULL);
    }
}

static void
show_circuits (DynoShop *shop)
{
  static const double values[]
    = { [DYNO_BREAKER_CLOSED] = 0, [DYNO_BREAKER_HALF_OPEN] = 1, [DYNO_BREAKER_OPEN] = 2,
        [DYNO_BREAKER_FORCED_OPEN] = 2, [DYNO_BREAKER_DISABLED] = 0 };
  g_autoptr(GArray) all = dyno_breaker_set_list (dyno_shop_get_breakers (shop));

  for (guint i = 0; i < all->len; i++)
    {
      const DynoBreakerStatus *status = &g_array_index (all, DynoBreakerStatus, i);

      dyno_metrics_set (DYNO_METRIC_CIRCUIT_STATE, values[status->state], status->name, NULL);
    }
}

void
dyno_http_gauge (DynoHttpFace *self)
{
  const DynoServerCounts *counts = dyno_server_get_counts (self->server);

  count_connections (counts);
  dyno_metrics_add (DYNO_METRIC_ACCEPT_PAUSED,
                    grown (&self->gauges.n_accept_paused, counts->n_accept_paused), NULL);
  count_refusals (&self->gauges, counts);
  show_circuits (self->shop);
}

void
dyno_http_gauge_delay (DynoPriority priority,
                       gint64       delay_us,
                       gpointer     unused)
{
  dyno_metrics_observe (DYNO_METRIC_QUEUE_DELAY, (double) delay_us / G_USEC_PER_SEC,
                        dyno_http_priority_name (priority), NULL);
}
