/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

/* What counting costs: a series that is kept, one that is looked up, and a page. */

#include "config.h"

#include "dyno-bench.h"
#include "dyno-metrics.h"

#define N 5000000

static void
tell (const char *figure,
      gint64      begin_us,
      guint       n)
{
  dyno_bench_figure (figure, (double) (dyno_bench_now_us () - begin_us) * 1000 / n, "ns");
}

int
main (void)
{
  DynoSeries *kept = dyno_metrics_series (DYNO_METRIC_CAPTURE_SAMPLES, "bench", NULL);
  DynoSeries *time = dyno_metrics_series (DYNO_METRIC_SQLITE_TXN, "commit", NULL);
  gint64 begin_us;

  dyno_bench_begin ("base-metrics");
  begin_us = dyno_bench_now_us ();
  for (guint i = 0; i < N; i++)
    dyno_series_add (kept, 1);
  tell ("add", begin_us, N);

  begin_us = dyno_bench_now_us ();
  for (guint i = 0; i < N; i++)
    dyno_series_observe (time, i * 1e-7);
  tell ("observe", begin_us, N);

  begin_us = dyno_bench_now_us ();
  for (guint i = 0; i < N; i++)
    dyno_metrics_add (DYNO_METRIC_AUTH_ATTEMPTS, 1, "key", "success", NULL);
  tell ("add_by_labels", begin_us, N);

  begin_us = dyno_bench_now_us ();
  for (guint i = 0; i < 1000; i++)
    g_free (dyno_metrics_print (DYNO_METRICS_TEXT));
  dyno_bench_figure ("print", (double) (dyno_bench_now_us () - begin_us) / 1000, "µs");

  return 0;
}
