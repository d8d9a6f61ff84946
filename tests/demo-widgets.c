/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

/* The own widgets with made-up values, to be looked at:
 *
 *   demo-widgets SCENE             a window
 *   demo-widgets SCENE --shot=FILE the same as a PNG, then it ends
 *
 * --dark, --shop, --size=WxH, --wait=MS. Under run-ui.sh it needs no screen. High contrast:
 * ADW_DEBUG_HIGH_CONTRAST=1 in the environment. */

#include "config.h"

#include "dyno-banner.h"
#include "dyno-chart.h"
#include "dyno-gauge.h"
#include "dyno-job-row.h"
#include "dyno-legend.h"
#include "dyno-readout.h"
#include "dyno-sparkline.h"
#include "dyno-test-ui.h"

#include <math.h>
#include <stdlib.h>

static gboolean is_dark;
static gboolean is_shop;
static char *size_text;
static char *shot_path;
static int wait_ms = 500;

static const GOptionEntry entries[] = {
  { "dark", 0, 0, G_OPTION_ARG_NONE, &is_dark, "The dark look", NULL },
  { "shop", 0, 0, G_OPTION_ARG_NONE, &is_shop, "Shop mode", NULL },
  { "size", 0, 0, G_OPTION_ARG_STRING, &size_text, "Size of the window", "WxH" },
  { "wait", 0, 0, G_OPTION_ARG_INT, &wait_ms, "How long before the PNG is made", "MS" },
  { "shot", 0, 0, G_OPTION_ARG_FILENAME, &shot_path, "Write a PNG and end", "FILE" },
  { NULL },
};

/* A pull of a twin, a little different for each run. */
static void
make_run (DynoSeries *power,
          DynoSeries *torque,
          DynoSeries *raw,
          DynoSeries *mixture,
          guint       run)
{
  enum { N = 900 };
  double rpm[N];
  double kw[N];
  double nm[N];
  double noisy[N];
  double afr[N];

  for (int i = 0; i < N; i++)
    {
      double r = 1500 + i * 5;
      double t = 148 - 20 * pow ((r - 3400) / 1900, 2) - 1.5 * run + 2 * sin (r / 300 + run);

      rpm[i] = r;
      nm[i] = t;
      kw[i] = t * r / 9549.3;
      noisy[i] = kw[i] + 1.2 * sin (i * 1.7) + 0.8 * sin (i * 4.1);
      afr[i] = 13 + 0.5 * sin (r / 500 + run) + (i > 600 ? 0.004 * (i - 600) : 0);
      if (run == 1 && i > 400 && i < 460)
        kw[i] = nm[i] = noisy[i] = afr[i] = NAN;
    }
  dyno_series_set_arrays (power, N, rpm, kw);
  if (torque != NULL)
    dyno_series_set_arrays (torque, N, rpm, nm);
  if (raw != NULL)
    dyno_series_set_arrays (raw, N, rpm, noisy);
  if (mixture != NULL)
    dyno_series_set_arrays (mixture, N, rpm, afr);
}

static void
add_band (DynoChart *chart,
          guint      pane)
{
  static const double rpm[] = { 1500, 3000, 3500, 6000 };
  static const double low[] = { 13.0, 13.0, 12.6, 12.6 };
  static const double high[] = { 13.6, 13.6, 13.2, 13.2 };
  g_autoptr(DynoSeries) band = dyno_series_new ("Target", DYNO_QUANTITY_AFR);

  dyno_series_set_band (band, 4, rpm, low, high);
  dyno_series_set_trace (band, 8);
  dyno_chart_add_layer (chart, pane, DYNO_LAYER_BAND, band);
}

static GtkWidget *
make_compare (guint n_runs)
{
  DynoChart *chart = DYNO_CHART (dyno_chart_new ());
  guint main_pane;
  guint mixture_pane;

  dyno_chart_set_title (chart, "FXDLS Rosa");
  dyno_chart_set_caption (chart, "SAE J1349 1990, CF 1.021 · smoothing 2 (±120 rpm)");
  dyno_chart_set_x (chart, DYNO_QUANTITY_ROTATION, NAN, NAN);
  main_pane = dyno_chart_add_pane (chart, "Power and torque", DYNO_QUANTITY_POWER, 3);
  mixture_pane = dyno_chart_add_pane (chart, "Mixture", DYNO_QUANTITY_AFR, 1);
  add_band (chart, mixture_pane);
  for (guint i = 0; i < n_runs; i++)
    {
      g_autofree char *name = g_strdup_printf ("Run %u", 14 - i);
      g_autoptr(DynoSeries) power = dyno_series_new (name, DYNO_QUANTITY_POWER);
      g_autoptr(DynoSeries) torque = dyno_series_new (name, DYNO_QUANTITY_TORQUE);
      g_autoptr(DynoSeries) raw = dyno_series_new (name, DYNO_QUANTITY_POWER);
      g_autoptr(DynoSeries) mixture = dyno_series_new (name, DYNO_QUANTITY_AFR);

      make_run (power, torque, raw, mixture, i);
      dyno_series_set_trace (power, i);
      dyno_series_set_trace (torque, i);
      dyno_series_set_trace (raw, i);
      dyno_series_set_trace (mixture, i);
      dyno_series_set_dash (torque, DYNO_DASH_TORQUE);
      if (n_runs <= 3)
        dyno_chart_add_layer (chart, main_pane, DYNO_LAYER_RAW, raw);
      dyno_chart_add_layer (chart, main_pane, DYNO_LAYER_LINE, power);
      dyno_chart_add_layer (chart, main_pane, DYNO_LAYER_LINE, torque);
      dyno_chart_add_layer (chart, mixture_pane, DYNO_LAYER_LINE, mixture);
    }

  return GTK_WIDGET (chart);
}

static GtkWidget *
make_compare3 (void)
{
  return make_compare (3);
}

static GtkWidget *
make_compare20 (void)
{
  return make_compare (20);
}

static GtkWidget *
make_cursors (void)
{
  GtkWidget *chart = make_compare (2);

  dyno_chart_set_cursor (DYNO_CHART (chart), 0, 4350);
  dyno_chart_set_cursor (DYNO_CHART (chart), 1, 5480);

  return chart;
}

/* Live: a simulated minute, then in real time. */

typedef struct
{
  DynoLive *live;
  gint64    begin_us;
  gint64    next_us;
} Feed;

static double
value_of (guint  channel,
          double t)
{
  double phase = fmod (t, 12);
  double pull = phase < 7 ? phase / 7 : fmax (1 - (phase - 7) / 3, 0);

  switch (channel)
    {
    case 0:
      return 1500 + 4400 * pull + 15 * sin (t * 40);
    case 1:
      return 40 + 120 * pull;
    case 2:
      return phase < 7 ? 86 * pull + sin (t * 31) : 0;
    case 3:
      return 13.1 + 0.4 * sin (t) + 0.15 * sin (t * 23);
    default:
      return phase > 4 && phase < 5 ? NAN : 12.9 + 0.3 * cos (t * 1.1) + 0.2 * sin (t * 19);
    }
}

static void
feed_until (Feed   *feed,
            gint64  now_us)
{
  for (; feed->next_us <= now_us; feed->next_us += 20000)
    for (guint c = 0; c < 5; c++)
      {
        gint64 t_us = feed->next_us - feed->begin_us;
        double value = value_of (c, (double) t_us / 1e6);

        dyno_live_append (feed->live, c, 1, &t_us, &value);
      }
}

static gboolean
feed_cb (gpointer data)
{
  feed_until (data, g_get_monotonic_time ());

  return G_SOURCE_CONTINUE;
}

static void
add_live_layer (DynoChart   *chart,
                guint        pane,
                DynoChannel  channel,
                guint        trace,
                DynoDash     dash)
{
  g_autoptr(DynoSeries) series = dyno_series_new_channel (channel);

  dyno_series_set_trace (series, trace);
  dyno_series_set_dash (series, dash);
  dyno_chart_add_layer (chart, pane, DYNO_LAYER_LINE, series);
}

static GtkWidget *
make_live (void)
{
  static const DynoChannel channels[] = { DYNO_CHANNEL_RPM, DYNO_CHANNEL_SPEED, DYNO_CHANNEL_POWER,
                                          DYNO_CHANNEL_MIX_F, DYNO_CHANNEL_MIX_R };
  DynoChart *chart = DYNO_CHART (dyno_chart_new ());
  Feed *feed = g_new0 (Feed, 1);

  feed->live = dyno_live_new (dyno_clock_get_system ());
  for (guint i = 0; i < G_N_ELEMENTS (channels); i++)
    dyno_live_bind (feed->live, channels[i],
                    dyno_live_add (feed->live, "", DYNO_QUANTITY_NONE));
  feed->begin_us = feed->next_us = g_get_monotonic_time () - 40 * G_USEC_PER_SEC;
  feed_until (feed, g_get_monotonic_time ());
  g_timeout_add (50, feed_cb, feed);

  dyno_chart_set_title (chart, "Strip chart");
  dyno_chart_add_pane (chart, "", DYNO_QUANTITY_ROTATION, 1);
  dyno_chart_add_pane (chart, "", DYNO_QUANTITY_POWER, 1);
  dyno_chart_add_pane (chart, "", DYNO_QUANTITY_AFR, 1);
  add_live_layer (chart, 0, DYNO_CHANNEL_RPM, 0, DYNO_DASH_SOLID);
  add_live_layer (chart, 0, DYNO_CHANNEL_SPEED, 1, DYNO_DASH_SOLID);
  add_live_layer (chart, 1, DYNO_CHANNEL_POWER, 2, DYNO_DASH_SOLID);
  add_live_layer (chart, 2, DYNO_CHANNEL_MIX_F, 3, DYNO_DASH_SOLID);
  add_live_layer (chart, 2, DYNO_CHANNEL_MIX_R, 4, DYNO_DASH_REAR);
  dyno_chart_set_live (chart, feed->live, 30 * G_USEC_PER_SEC);

  return GTK_WIDGET (chart);
}

/* Readouts and gauges in every state. */

static const struct
{
  DynoChannel   channel;
  double        value;
  DynoLiveState state;
  double        age_s;
} readings[] = {
  { DYNO_CHANNEL_RPM, 4350, DYNO_LIVE_OK, 0 },
  { DYNO_CHANNEL_POWER, 86.4, DYNO_LIVE_OK, 0 },
  { DYNO_CHANNEL_TORQUE, 148.2, DYNO_LIVE_STALE, 2.4 },
  { DYNO_CHANNEL_MIX_F, 13.1, DYNO_LIVE_OK, 0 },
  { DYNO_CHANNEL_MIX_R, 22.4, DYNO_LIVE_PEGGED, 0 },
  { DYNO_CHANNEL_SPEED, 0, DYNO_LIVE_IDLE, 40 },
  { DYNO_CHANNEL_MAP, 96, DYNO_LIVE_LOST, 12 },
  { DYNO_CHANNEL_ENGINE_TEMP, 158, DYNO_LIVE_OK, 0 },
  { DYNO_CHANNEL_VBATT, 10.4, DYNO_LIVE_OK, 0 },
  { DYNO_CHANNEL_TPS, NAN, DYNO_LIVE_UNMAPPED, 0 },
  { DYNO_CHANNEL_KNOCK, 0, DYNO_LIVE_NO_SIGNAL, 0 },
  { DYNO_CHANNEL_IAT, 31, DYNO_LIVE_SLOW, 0 },
};

static DynoMeter *
make_meter (guint i)
{
  DynoMeter *meter = dyno_meter_new_channel (readings[i].channel);

  if (readings[i].channel == DYNO_CHANNEL_ENGINE_TEMP)
    dyno_meter_set_red (meter, NAN, 155);
  if (readings[i].channel == DYNO_CHANNEL_RPM)
    dyno_meter_set_range (meter, 0, 8000);
  if (readings[i].channel == DYNO_CHANNEL_POWER)
    {
      dyno_meter_set_range (meter, 0, 150);
      dyno_meter_set_hold_max (meter, TRUE);
    }
  if (dyno_channel_is_mixture (readings[i].channel))
    dyno_meter_set_target (meter, 13.0, 2);
  dyno_meter_set_reading (meter, readings[i].value, readings[i].state,
                          (gint64) (readings[i].age_s * 1e6));

  return meter;
}

static GtkWidget *
make_grid (GtkWidget *(*make_one) (guint i))
{
  GtkWidget *grid = gtk_grid_new ();

  gtk_grid_set_row_spacing (GTK_GRID (grid), 12);
  gtk_grid_set_column_spacing (GTK_GRID (grid), 12);
  gtk_grid_set_row_homogeneous (GTK_GRID (grid), TRUE);
  gtk_grid_set_column_homogeneous (GTK_GRID (grid), TRUE);
  for (guint i = 0; i < G_N_ELEMENTS (readings); i++)
    {
      GtkWidget *one = make_one (i);

      gtk_widget_set_hexpand (one, TRUE);
      gtk_widget_set_vexpand (one, TRUE);
      gtk_grid_attach (GTK_GRID (grid), one, (int) i % 4, (int) i / 4, 1, 1);
    }

  return grid;
}

static GtkWidget *
make_readout (guint i)
{
  static DynoDigitGroup *group;
  g_autoptr(DynoMeter) meter = make_meter (i);
  GtkWidget *readout = dyno_readout_new (meter);

  if (group == NULL)
    group = dyno_digit_group_new ();
  dyno_readout_set_group (DYNO_READOUT (readout), group);

  return readout;
}

static GtkWidget *
make_readouts (void)
{
  return make_grid (make_readout);
}

static GtkWidget *
make_gauge (guint i)
{
  g_autoptr(DynoMeter) meter = make_meter (i);

  return dyno_gauge_new (meter);
}

static GtkWidget *
make_gauges (void)
{
  return make_grid (make_gauge);
}

/* The rest on one page. */

static GtkWidget *
make_jobs (void)
{
  GtkWidget *list = gtk_list_box_new ();
  GtkWidget *rows[4];

  gtk_widget_add_css_class (list, "boxed-list");
  for (guint i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      rows[i] = dyno_job_row_new (i == 0 ? "Import 134power.csv" : "Analyse runs 9–14", NULL);
      gtk_list_box_append (GTK_LIST_BOX (list), rows[i]);
    }
  dyno_job_row_set_progress (DYNO_JOB_ROW (rows[0]), 4100, 12000, "rows");
  dyno_job_row_set_progress (DYNO_JOB_ROW (rows[1]), 1204, 0, "samples");
  dyno_job_row_end (DYNO_JOB_ROW (rows[2]), FALSE, "47 cells, grade B");
  dyno_job_row_end (DYNO_JOB_ROW (rows[3]), TRUE, "No mixture channel. Map one and try again.");

  return list;
}

static GtkWidget *
make_sparklines (void)
{
  GtkWidget *box = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 12);

  for (guint k = 0; k < 4; k++)
    {
      GtkWidget *line = dyno_sparkline_new ();
      double values[60];

      for (int i = 0; i < 60; i++)
        values[i] = k == 3 && i > 20 && i < 30 ? NAN : k == 2 ? 5 : sin (i * 0.2 + k) + i * 0.02;
      dyno_sparkline_set_values (DYNO_SPARKLINE (line), 60, values);
      dyno_sparkline_set_text (DYNO_SPARKLINE (line), "requests, last 24 hours", "1204, most 96");
      gtk_box_append (GTK_BOX (box), line);
    }

  return box;
}

static GtkWidget *
make_rest (void)
{
  GtkWidget *box = gtk_box_new (GTK_ORIENTATION_VERTICAL, 18);
  GtkWidget *banner = dyno_banner_new ();
  GtkWidget *other = dyno_banner_new ();
  GtkWidget *panes = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 12);
  GtkWidget *chart = make_compare (13);
  GtkWidget *legend = dyno_legend_new (DYNO_CHART (chart));
  GtkWidget *scrolled = gtk_scrolled_window_new ();

  dyno_banner_set (DYNO_BANNER (banner), DYNO_CAUSE_SIMULATOR, "SIMULATOR: no real dyno.", NULL,
                   NULL);
  dyno_banner_set (DYNO_BANNER (banner), DYNO_CAUSE_LINK,
                   "No data from RT-150 for 6 s: check the cable.", "Doctor", NULL);
  dyno_banner_set (DYNO_BANNER (banner), DYNO_CAUSE_HANDS_FREE, "Hands-free is on.", "Off", NULL);
  dyno_banner_set (DYNO_BANNER (other), DYNO_CAUSE_STORE, "The store cannot be written.", "Health",
                   NULL);
  dyno_legend_set_detail (DYNO_LEGEND (legend), 0, "86.4 kW · 148 N·m");
  dyno_legend_set_removable (DYNO_LEGEND (legend), TRUE);
  gtk_widget_set_hexpand (chart, TRUE);
  gtk_widget_set_vexpand (chart, TRUE);
  gtk_scrolled_window_set_child (GTK_SCROLLED_WINDOW (scrolled), legend);
  gtk_widget_set_size_request (scrolled, 420, -1);
  gtk_box_append (GTK_BOX (panes), chart);
  gtk_box_append (GTK_BOX (panes), scrolled);
  gtk_box_append (GTK_BOX (box), banner);
  gtk_box_append (GTK_BOX (box), other);
  gtk_box_append (GTK_BOX (box), make_sparklines ());
  gtk_box_append (GTK_BOX (box), make_jobs ());
  gtk_box_append (GTK_BOX (box), panes);

  return box;
}

static const struct
{
  const char *name;
  GtkWidget *(*make) (void);
} scenes[] = {
  { "compare3", make_compare3 },
  { "compare20", make_compare20 },
  { "cursors", make_cursors },
  { "live", make_live },
  { "readouts", make_readouts },
  { "gauges", make_gauges },
  { "rest", make_rest },
};

static GtkWidget *
make_scene (const char *name)
{
  for (gsize i = 0; i < G_N_ELEMENTS (scenes); i++)
    {
      if (g_strcmp0 (scenes[i].name, name) == 0)
        return scenes[i].make ();
    }

  g_printerr ("Scenes:");
  for (gsize i = 0; i < G_N_ELEMENTS (scenes); i++)
    g_printerr (" %s", scenes[i].name);
  g_printerr ("\n");
  exit (2);
}

int
main (int    argc,
      char **argv)
{
  g_autoptr(GOptionContext) context = g_option_context_new ("SCENE");
  int width = 1280;
  int height = 800;
  GtkWidget *scene;
  GtkWidget *window;

  g_option_context_add_main_entries (context, entries, NULL);
  if (!g_option_context_parse (context, &argc, &argv, NULL) || !dyno_test_ui_start ())
    return 2;

  if (size_text != NULL)
    sscanf (size_text, "%dx%d", &width, &height);
  if (is_dark)
    adw_style_manager_set_color_scheme (adw_style_manager_get_default (),
                                        ADW_COLOR_SCHEME_FORCE_DARK);
  if (is_shop)
    g_object_set (gtk_settings_get_default (), "gtk-xft-dpi", 96 * 1024 * 3 / 2, NULL);
  scene = make_scene (argc > 1 ? argv[1] : NULL);
  gtk_widget_set_margin_top (scene, 12);
  gtk_widget_set_margin_bottom (scene, 12);
  gtk_widget_set_margin_start (scene, 12);
  gtk_widget_set_margin_end (scene, 12);
  if (is_shop)
    gtk_widget_add_css_class (scene, "shop");
  window = dyno_test_ui_show (scene, width, height);
  if (shot_path != NULL)
    {
      g_autoptr(GdkTexture) texture = NULL;

      dyno_test_ui_run ((guint) wait_ms);
      texture = dyno_test_ui_shot (window);

      return gdk_texture_save_to_png (texture, shot_path) ? 0 : 1;
    }
  while (g_list_model_get_n_items (gtk_window_get_toplevels ()) > 0)
    g_main_context_iteration (NULL, TRUE);

  return 0;
}
