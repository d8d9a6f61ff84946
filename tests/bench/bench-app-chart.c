/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

/* What a chart and readouts cost, a JSON line a figure, with the budget of ui.md 4
 * beside it. Run under run-ui.sh. DYNO_BENCH_SECONDS is how long the long part lasts
 * (60). A frame's time is all of it, from taking the new samples to handing the
 * pixels to the X server, in processor time of the main thread, so that a busy
 * machine does not count; frames that drew nothing are left out. */

#include "config.h"

#include "dyno-chart.h"
#include "dyno-fold.h"
#include "dyno-gauge.h"
#include "dyno-readout.h"
#include "dyno-sparkline.h"
#include "dyno-test-ui.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/resource.h>
#include <time.h>

#define WIDTH 1200
#define HEIGHT 700

static void
print_figure (const char *name,
              double      value,
              const char *unit,
              double      budget)
{
  g_print ("{\"bench\":\"app-chart\",\"figure\":\"%s\",\"value\":%.3f,\"unit\":\"%s\"", name, value,
           unit);
  if (!isnan (budget))
    g_print (",\"budget\":%g", budget);
  g_print ("}\n");
}

static double
cpu_seconds (void)
{
  struct rusage usage;

  getrusage (RUSAGE_SELF, &usage);

  return (double) usage.ru_utime.tv_sec + (double) usage.ru_utime.tv_usec / 1e6
         + (double) usage.ru_stime.tv_sec + (double) usage.ru_stime.tv_usec / 1e6;
}

/* Processor time of this thread, µs. */
static gint64
busy_us (void)
{
  struct timespec time;

  clock_gettime (CLOCK_THREAD_CPUTIME_ID, &time);

  return (gint64) time.tv_sec * G_USEC_PER_SEC + time.tv_nsec / 1000;
}

static double
resident_mb (void)
{
  g_autofree char *text = NULL;
  long pages[2] = { 0, 0 };

  g_file_get_contents ("/proc/self/statm", &text, NULL, NULL);
  if (text != NULL)
    sscanf (text, "%ld %ld", &pages[0], &pages[1]);

  return (double) pages[1] * 4096 / 1e6;
}

/* A stopwatch on frames. */

typedef struct
{
  gint64  begin_us;
  GArray *ms;       /* (owned) of double, frames that took more than nothing */
  guint   n_frames;
} Watch;

static void
before_cb (GdkFrameClock *clock,
           Watch         *watch)
{
  watch->begin_us = busy_us ();
}

static void
after_cb (GdkFrameClock *clock,
          Watch         *watch)
{
  double ms = (double) (busy_us () - watch->begin_us) / 1000;

  watch->n_frames++;
  if (ms > 0.3)
    g_array_append_val (watch->ms, ms);
}

static void
watch_begin (Watch     *watch,
             GtkWidget *window)
{
  GdkFrameClock *clock = gtk_widget_get_frame_clock (window);

  *watch = (Watch) { 0, g_array_new (FALSE, FALSE, sizeof (double)), 0 };
  g_signal_connect (clock, "before-paint", G_CALLBACK (before_cb), watch);
  g_signal_connect (clock, "after-paint", G_CALLBACK (after_cb), watch);
}

static int
compare_doubles (gconstpointer a,
                 gconstpointer b)
{
  double x = *(const double *) a;
  double y = *(const double *) b;

  return x < y ? -1 : x > y;
}

static double
quantile (GArray *values,
          double  part)
{
  if (values->len == 0)
    return NAN;

  g_array_sort (values, compare_doubles);

  return g_array_index (values, double, (guint) (part * (values->len - 1)));
}

static void
watch_end (Watch     *watch,
           GtkWidget *window)
{
  g_signal_handlers_disconnect_by_data (gtk_widget_get_frame_clock (window), watch);
  g_array_unref (watch->ms);
}

static void
print_paint (const char *name,
             Watch      *watch,
             double      budget)
{
  g_autofree char *median = g_strdup_printf ("%s_frame_ms", name);
  g_autofree char *worst = g_strdup_printf ("%s_frame_p95_ms", name);

  print_figure (median, quantile (watch->ms, 0.5), "ms", budget);
  print_figure (worst, quantile (watch->ms, 0.95), "ms", NAN);
}

/* Live. */

typedef struct
{
  DynoLive *live;
  guint     n_channels;
  gint64    begin_us;
  gint64    next_us;
  guint     timer;
} Feed;

static double
value_of (guint  channel,
          double t)
{
  return 50 + 40 * sin (t * (0.4 + 0.05 * channel) + channel) + 2 * sin (t * 37 + channel)
         + g_random_double ();
}

static gboolean
feed_cb (gpointer data)
{
  Feed *feed = data;
  gint64 now_us = g_get_monotonic_time ();

  for (; feed->next_us <= now_us; feed->next_us += 20000)
    for (guint c = 0; c < feed->n_channels; c++)
      {
        gint64 t_us = feed->next_us - feed->begin_us;
        double value = value_of (c, (double) t_us / 1e6);

        dyno_live_append (feed->live, c, 1, &t_us, &value);
      }

  return G_SOURCE_CONTINUE;
}

/* 50 Hz a channel in datagrams each 50 ms, so many seconds there already. */
static void
feed_begin (Feed  *feed,
            guint  n_channels,
            gint64 seconds)
{
  *feed = (Feed) { .live = dyno_live_new (dyno_clock_get_system ()), .n_channels = n_channels };
  feed->begin_us = feed->next_us = g_get_monotonic_time () - seconds * G_USEC_PER_SEC;
  for (guint i = 0; i < n_channels; i++)
    {
      dyno_live_add (feed->live, "", DYNO_QUANTITY_NONE);
      if (i + 1 < DYNO_N_CHANNELS)
        dyno_live_bind (feed->live, (DynoChannel) (i + 1), (int) i);
    }
  feed_cb (feed);
  feed->timer = g_timeout_add (50, feed_cb, feed);
}

static void
feed_end (Feed *feed)
{
  g_source_remove (feed->timer);
  dyno_live_unref (feed->live);
}

/* Lines on channels 1…, on as many panes. Only quantities of their own would
 * need axes of their own, so all are plain numbers here. */
static DynoChart *
make_live_chart (DynoLive *live,
                 guint     n_panes,
                 guint     n_lines,
                 gint64    span_us)
{
  DynoChart *chart = DYNO_CHART (dyno_chart_new ());

  for (guint i = 0; i < n_panes; i++)
    dyno_chart_add_pane (chart, "", DYNO_QUANTITY_NONE, 1);
  dyno_chart_set_live (chart, live, span_us);
  for (guint i = 0; i < n_lines; i++)
    {
      g_autoptr(DynoSeries) series =
          g_object_new (DYNO_TYPE_SERIES, "name", "", "trace", i % DYNO_N_TRACES, NULL);

      dyno_series_set_channel (series, (DynoChannel) (i + 1));
      dyno_chart_add_layer (chart, i % n_panes, DYNO_LAYER_LINE, series);
      dyno_series_set_live (series, live);
    }

  return chart;
}

static void
bench_live (guint       n_panes,
            gint64      span_us,
            const char *name)
{
  g_autofree char *fold_name = g_strdup_printf ("%s_fold_ms", name);
  g_autofree char *cpu_name = g_strdup_printf ("%s_cpu_percent", name);
  g_autofree char *memory_name = g_strdup_printf ("%s_memory_mb", name);
  g_autofree char *draws_name = g_strdup_printf ("%s_draws_per_s", name);
  g_autoptr(GArray) folds = g_array_new (FALSE, FALSE, sizeof (double));
  DynoChart *chart;
  DynoChartStats before;
  DynoChartStats after;
  GtkWidget *window;
  Watch watch;
  Feed feed;
  double cpu;
  double memory;
  gint64 begin;

  feed_begin (&feed, 8, 700);
  memory = resident_mb ();
  chart = make_live_chart (feed.live, n_panes, 8, span_us);
  window = dyno_test_ui_show (GTK_WIDGET (chart), WIDTH, HEIGHT);
  dyno_test_ui_run (500);
  watch_begin (&watch, window);
  cpu = cpu_seconds ();
  begin = g_get_monotonic_time ();
  dyno_chart_get_stats (chart, &before);
  for (int i = 0; i < 50; i++)
    {
      double ms;

      dyno_test_ui_run (100);
      dyno_chart_get_stats (chart, &after);
      ms = (double) after.fold_us / 1000;
      g_array_append_val (folds, ms);
    }
  cpu = (cpu_seconds () - cpu) / ((double) (g_get_monotonic_time () - begin) / 1e6);
  print_figure (fold_name, quantile (folds, 0.5), "ms", 0.5);
  print_paint (name, &watch, 12);
  print_figure (cpu_name, 100 * cpu, "%", 50);
  print_figure (memory_name, resident_mb () - memory, "MB", 20);
  print_figure (draws_name,
                (double) (after.n_drawn - before.n_drawn) / n_panes
                    / ((double) (g_get_monotonic_time () - begin) / 1e6), "1/s", NAN);
  watch_end (&watch, window);
  dyno_test_ui_close (window);
  feed_end (&feed);
}

/* Ten million points. */

static void
bench_long (void)
{
  gsize n = 10000000;
  g_autofree double *x = g_new (double, n);
  g_autofree double *y = g_new (double, n);
  g_autoptr(DynoFold) fold = dyno_fold_new ();
  g_autoptr(DynoSeries) series = dyno_series_new ("", DYNO_QUANTITY_NONE);
  double pan_ms = 0;
  double zoom_ms = 0;
  double worst_piece_ms = 0;
  guint n_pieces = 1;
  gint64 begin;
  gsize n_points;
  gboolean is_done;

  for (gsize i = 0; i < n; i++)
    {
      x[i] = (double) i * 0.01;
      y[i] = sin ((double) i * 1e-5) + 0.1 * g_random_double ();
    }
  dyno_series_set_arrays (series, n, x, y);
  do
    {
      begin = busy_us ();
      is_done = dyno_series_reduce (series);
      worst_piece_ms = fmax (worst_piece_ms, (double) (busy_us () - begin) / 1000);
      n_pieces++;
    }
  while (!is_done);

  dyno_fold_update (fold, series, FALSE, 0, WIDTH, 40);
  for (int i = 1; i <= 100; i++)
    {
      begin = busy_us ();
      dyno_fold_update (fold, series, FALSE, i * 8, WIDTH, 40);
      dyno_fold_points (fold, 0, G_MAXUINT, FALSE, &n_points);
      pan_ms = fmax (pan_ms, (double) (busy_us () - begin) / 1000);
      begin = busy_us ();
      dyno_fold_update (fold, series, FALSE, i * 8, WIDTH, 40 + i * 0.1);
      dyno_fold_points (fold, 0, G_MAXUINT, FALSE, &n_points);
      zoom_ms = fmax (zoom_ms, (double) (busy_us () - begin) / 1000);
      dyno_fold_update (fold, series, FALSE, i * 8, WIDTH, 40);
    }
  print_figure ("ten_million_pan_worst_ms", pan_ms, "ms", 4);
  print_figure ("ten_million_zoom_worst_ms", zoom_ms, "ms", 4);
  print_figure ("ten_million_reduce_piece_worst_ms", worst_piece_ms, "ms", 1);
  print_figure ("ten_million_reduce_pieces", n_pieces, "", NAN);
}

/* Twenty runs of two curves. */

static void
add_run (DynoChart *chart,
         guint      run)
{
  enum { N = 4000 };
  g_autofree double *rpm = g_new (double, N);
  g_autofree double *kw = g_new (double, N);
  g_autofree double *nm = g_new (double, N);
  g_autoptr(DynoSeries) power = dyno_series_new ("", DYNO_QUANTITY_POWER);
  g_autoptr(DynoSeries) torque = dyno_series_new ("", DYNO_QUANTITY_TORQUE);

  for (int i = 0; i < N; i++)
    {
      rpm[i] = 1500 + i * 4500.0 / N;
      nm[i] = 148 - 20 * pow ((rpm[i] - 3400) / 1900, 2) - run + 0.4 * sin (i * 0.7);
      kw[i] = nm[i] * rpm[i] / 9549.3;
    }
  dyno_series_set_arrays (power, N, rpm, kw);
  dyno_series_set_arrays (torque, N, rpm, nm);
  dyno_series_set_trace (power, run);
  dyno_series_set_trace (torque, run);
  dyno_series_set_dash (torque, DYNO_DASH_TORQUE);
  dyno_chart_add_layer (chart, 0, DYNO_LAYER_LINE, power);
  dyno_chart_add_layer (chart, 0, DYNO_LAYER_LINE, torque);
}

static void
bench_runs (void)
{
  DynoChart *chart = DYNO_CHART (dyno_chart_new ());
  GtkWidget *window;
  Watch watch;

  dyno_chart_add_pane (chart, "", DYNO_QUANTITY_POWER, 1);
  dyno_chart_set_x (chart, DYNO_QUANTITY_ROTATION, NAN, NAN);
  for (guint i = 0; i < 20; i++)
    add_run (chart, i);
  window = dyno_test_ui_show (GTK_WIDGET (chart), WIDTH, HEIGHT);
  dyno_test_ui_run (500);

  watch_begin (&watch, window);
  for (int i = 0; i < 60; i++)
    {
      gtk_widget_activate_action (GTK_WIDGET (chart),
                                  i % 20 < 10 ? "chart.zoom-in" : "chart.zoom-out", NULL);
      dyno_test_ui_run (30);
    }
  print_paint ("twenty_runs_moving", &watch, 16);
  watch_end (&watch, window);

  for (int i = 0; i < 10; i++)
    {
      gtk_widget_activate_action (GTK_WIDGET (chart), "chart.zoom-in", NULL);
      dyno_test_ui_run (30);
    }
  dyno_test_ui_run (500);
  watch_begin (&watch, window);
  for (int i = 0; i < 5; i++)
    {
      guint n;

      gtk_widget_activate_action (GTK_WIDGET (chart), "chart.zoom-out", NULL);
      dyno_test_ui_run (100);
      n = watch.ms->len;
      dyno_test_ui_run (400);
      /* Only the drawing at rest counts. */
      g_array_remove_range (watch.ms, (guint) i, n - (guint) i);
    }
  print_paint ("twenty_runs_rest", &watch, 120);
  watch_end (&watch, window);

  watch_begin (&watch, window);
  for (int i = 0; i < 60; i++)
    {
      dyno_chart_set_cursor (chart, 0, 3000 + i * 10);
      dyno_test_ui_run (30);
    }
  print_paint ("twenty_runs_cursor", &watch, 4);
  watch_end (&watch, window);
  dyno_test_ui_close (window);
}

/* Readouts and gauges. */

typedef struct
{
  GPtrArray *meters; /* (owned) of DynoMeter */
  DynoLive  *live;   /* (borrowed) (nullable) */
  guint      timer;
} Dials;

static gboolean
read_cb (gpointer data)
{
  Dials *dials = data;
  double t = (double) g_get_monotonic_time () / 1e6;

  for (guint i = 0; i < dials->meters->len; i++)
    {
      DynoMeter *meter = g_ptr_array_index (dials->meters, i);

      if (dials->live != NULL)
        dyno_meter_read (meter, dials->live, (int) i);
      else
        dyno_meter_set_reading (meter, value_of (i, t), DYNO_LIVE_OK, 0);
    }

  return G_SOURCE_CONTINUE;
}

/* `n` of them in rows of eight, at 10 Hz. */
static GtkWidget *
dials_begin (Dials    *dials,
             guint     n,
             gboolean  are_gauges,
             DynoLive *live)
{
  g_autoptr(DynoDigitGroup) group = dyno_digit_group_new ();
  GtkWidget *grid = gtk_grid_new ();

  *dials = (Dials) { g_ptr_array_new_with_free_func (g_object_unref), live, 0 };
  gtk_grid_set_row_homogeneous (GTK_GRID (grid), TRUE);
  gtk_grid_set_column_homogeneous (GTK_GRID (grid), TRUE);
  for (guint i = 0; i < n; i++)
    {
      DynoMeter *meter = dyno_meter_new ("Channel", DYNO_QUANTITY_POWER);
      GtkWidget *dial = are_gauges ? dyno_gauge_new (meter) : dyno_readout_new (meter);

      dyno_meter_set_range (meter, 0, 150);
      if (!are_gauges)
        dyno_readout_set_group (DYNO_READOUT (dial), group);
      gtk_widget_set_hexpand (dial, TRUE);
      gtk_widget_set_vexpand (dial, TRUE);
      gtk_grid_attach (GTK_GRID (grid), dial, (int) (i % 8), (int) (i / 8), 1, 1);
      g_ptr_array_add (dials->meters, meter);
    }
  dials->timer = g_timeout_add (100, read_cb, dials);

  return grid;
}

static void
dials_end (Dials *dials)
{
  g_source_remove (dials->timer);
  g_ptr_array_unref (dials->meters);
}

static void
bench_dials (gboolean    are_gauges,
             const char *name,
             double      budget)
{
  g_autofree char *cpu_name = g_strdup_printf ("%s_cpu_percent", name);
  Dials dials;
  Watch watch;
  GtkWidget *window = dyno_test_ui_show (dials_begin (&dials, 24, are_gauges, NULL), WIDTH, HEIGHT);
  double cpu;

  dyno_test_ui_run (500);
  watch_begin (&watch, window);
  cpu = cpu_seconds ();
  dyno_test_ui_run (5000);
  print_paint (name, &watch, budget);
  print_figure (cpu_name, (cpu_seconds () - cpu) / 5 * 100, "%", NAN);
  watch_end (&watch, window);
  dyno_test_ui_close (window);
  dials_end (&dials);
}

static void
bench_sparkline (void)
{
  GtkWidget *line = dyno_sparkline_new ();
  GtkWidget *window = dyno_test_ui_show (line, 96, 24);
  double values[DYNO_SPARKLINE_MAX_VALUES];
  gint64 begin;

  for (int i = 0; i < DYNO_SPARKLINE_MAX_VALUES; i++)
    values[i] = g_random_double ();
  dyno_sparkline_set_values (DYNO_SPARKLINE (line), G_N_ELEMENTS (values), values);
  begin = busy_us ();
  for (int i = 0; i < 100; i++)
    {
      g_autoptr(GdkTexture) shot = dyno_test_ui_shot (line);
    }
  print_figure ("sparkline_ms", (double) (busy_us () - begin) / 100 / 1000, "ms", 0.1);
  dyno_test_ui_close (window);
}

/* A shop's day in short: 104 channels on the wire, twelve in the chart, 24 read out. */

static void
bench_hundred_and_four (guint seconds)
{
  GtkWidget *box = gtk_box_new (GTK_ORIENTATION_VERTICAL, 6);
  DynoChart *chart;
  GtkWidget *window;
  Dials dials;
  Watch watch;
  Feed feed;
  double cpu;
  double memory;
  gint64 begin;
  double passed;

  /* The rings are full, so that what grows is not they. */
  feed_begin (&feed, 104, 700);
  chart = make_live_chart (feed.live, 3, 12, 30 * G_USEC_PER_SEC);
  gtk_widget_set_vexpand (GTK_WIDGET (chart), TRUE);
  gtk_box_append (GTK_BOX (box), dials_begin (&dials, 24, FALSE, feed.live));
  gtk_box_append (GTK_BOX (box), GTK_WIDGET (chart));
  window = dyno_test_ui_show (box, WIDTH, 1000);
  dyno_test_ui_run (MIN (seconds, 10) * 500);
  memory = resident_mb ();
  cpu = cpu_seconds ();
  begin = g_get_monotonic_time ();
  watch_begin (&watch, window);
  dyno_test_ui_run (seconds * 1000);
  passed = (double) (g_get_monotonic_time () - begin) / 1e6;
  print_figure ("channels_104_frames_per_s", watch.n_frames / passed, "1/s", 60);
  print_paint ("channels_104", &watch, 12);
  print_figure ("channels_104_cpu_percent", 100 * (cpu_seconds () - cpu) / passed, "%", 50);
  print_figure ("channels_104_growth_mb_per_min", (resident_mb () - memory) / passed * 60, "MB",
                NAN);
  print_figure ("channels_104_resident_mb", resident_mb (), "MB", NAN);
  watch_end (&watch, window);
  dyno_test_ui_close (window);
  dials_end (&dials);
  feed_end (&feed);
}

/* What GTK takes for its first window and its first text is not the chart's. */
static void
warm_up (void)
{
  DynoChart *chart = DYNO_CHART (dyno_chart_new ());

  dyno_chart_add_pane (chart, "", DYNO_QUANTITY_POWER, 1);
  add_run (chart, 0);
  dyno_test_ui_close (dyno_test_ui_show (GTK_WIDGET (chart), WIDTH, HEIGHT));
}

int
main (int    argc,
      char **argv)
{
  const char *seconds = g_getenv ("DYNO_BENCH_SECONDS");
  const char *part = argc > 1 ? argv[1] : "all"; /* long, live, runs, dials, shop */
  gboolean is_all = g_str_equal (part, "all");

  if (!dyno_test_ui_start ())
    return 77;

  warm_up ();
  if (is_all || g_str_equal (part, "long"))
    bench_long ();
  if (is_all || g_str_equal (part, "live"))
    {
      bench_live (1, 30 * G_USEC_PER_SEC, "live_8_in_one_pane_30_s");
      bench_live (4, 10 * G_USEC_PER_SEC, "live_8_in_four_panes_10_s");
    }
  if (is_all || g_str_equal (part, "runs"))
    bench_runs ();
  if (is_all || g_str_equal (part, "dials"))
    {
      bench_dials (FALSE, "readouts_24", 6);
      bench_dials (TRUE, "gauges_24", 6);
      bench_sparkline ();
    }
  if (is_all || g_str_equal (part, "shop"))
    bench_hundred_and_four (seconds != NULL ? (guint) atoi (seconds) : 60);

  return 0;
}
