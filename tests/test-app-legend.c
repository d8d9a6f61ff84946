/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

#include "config.h"

#include "dyno-legend.h"
#include "dyno-test-ui.h"

static DynoSeries *
add (DynoChart     *chart,
     DynoLayerKind  kind,
     const char    *name,
     DynoQuantity   quantity,
     guint          trace)
{
  static const double x[] = { 1500, 6000 };
  static const double y[] = { 10, 80 };
  g_autoptr(DynoSeries) series = dyno_series_new (name, quantity);

  dyno_series_set_trace (series, trace);
  if (kind == DYNO_LAYER_BAND)
    dyno_series_set_band (series, 2, x, y, y);
  else
    dyno_series_set_arrays (series, 2, x, y);
  g_assert_cmpuint (dyno_chart_add_layer (chart, 0, kind, series), >, 0);

  /* The chart keeps it. */
  return series;
}

static void
remove_cb (DynoLegend *legend,
           guint       trace,
           guint      *noted)
{
  *noted = trace;
}

/* The first widget below `widget` with that icon in its row of `index`. */
static GtkWidget *
find_button (GtkWidget  *widget,
             const char *icon)
{
  if (GTK_IS_BUTTON (widget)
      && g_strcmp0 (gtk_button_get_icon_name (GTK_BUTTON (widget)), icon) == 0)
    return widget;

  for (GtkWidget *child = gtk_widget_get_first_child (widget); child != NULL;
       child = gtk_widget_get_next_sibling (child))
    {
      GtkWidget *found = find_button (child, icon);

      if (found != NULL)
        return found;
    }

  return NULL;
}

static void
test_legend (void)
{
  DynoChart *chart = DYNO_CHART (dyno_chart_new ());
  GtkWidget *box = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 0);
  GtkWidget *legend;
  GtkWidget *window;
  DynoSeries *raw;
  DynoSeries *power;
  DynoSeries *torque;
  DynoSeries *other;
  guint noted = 99;

  dyno_chart_add_pane (chart, "", DYNO_QUANTITY_POWER, 1);
  add (chart, DYNO_LAYER_BAND, "Target", DYNO_QUANTITY_POWER, 5);
  raw = add (chart, DYNO_LAYER_RAW, "Run 14", DYNO_QUANTITY_POWER, 0);
  power = add (chart, DYNO_LAYER_LINE, "Run 14", DYNO_QUANTITY_POWER, 0);
  torque = add (chart, DYNO_LAYER_LINE, "Run 14", DYNO_QUANTITY_TORQUE, 0);
  legend = dyno_legend_new (chart);
  g_signal_connect (legend, "remove-trace", G_CALLBACK (remove_cb), &noted);
  gtk_widget_set_hexpand (GTK_WIDGET (chart), TRUE);
  gtk_box_append (GTK_BOX (box), GTK_WIDGET (chart));
  gtk_box_append (GTK_BOX (box), legend);
  window = dyno_test_ui_show (box, 1000, 500);

  /* A row a run, none for a band. */
  g_assert_cmpuint (dyno_legend_get_n_rows (DYNO_LEGEND (legend)), ==, 1);
  other = add (chart, DYNO_LAYER_LINE, "Run 13", DYNO_QUANTITY_POWER, 1);
  g_assert_cmpuint (dyno_legend_get_n_rows (DYNO_LEGEND (legend)), ==, 2);
  g_assert_true (dyno_chart_get_active (chart) == power);

  /* The eye hides all curves of the run. */
  gtk_toggle_button_set_active (GTK_TOGGLE_BUTTON (find_button (legend, "dyno-eye-symbolic")),
                                FALSE);
  g_assert_false (dyno_series_get_visible (power));
  g_assert_false (dyno_series_get_visible (torque));
  g_assert_false (dyno_series_get_visible (raw));
  g_assert_true (dyno_series_get_visible (other));
  g_assert_nonnull (find_button (legend, "dyno-eye-off-symbolic"));
  dyno_series_set_visible (torque, TRUE);
  g_assert_true (dyno_series_get_visible (power));

  /* One baseline. */
  dyno_series_set_pinned (power, TRUE);
  g_assert_true (dyno_series_get_pinned (torque));
  dyno_series_set_pinned (other, TRUE);
  g_assert_false (dyno_series_get_pinned (power));
  g_assert_false (dyno_series_get_pinned (torque));

  /* Selecting, both ways. */
  dyno_chart_set_active (chart, other);
  dyno_legend_set_detail (DYNO_LEGEND (legend), 1, "86.4 kW");
  dyno_legend_set_removable (DYNO_LEGEND (legend), TRUE);
  dyno_test_ui_frames (legend, 2);
  g_signal_emit_by_name (find_button (legend, "dyno-close-symbolic"), "clicked");
  g_assert_cmpuint (noted, ==, 0);

  dyno_chart_clear (chart);
  g_assert_cmpuint (dyno_legend_get_n_rows (DYNO_LEGEND (legend)), ==, 0);
  g_object_ref (legend);
  dyno_test_ui_close (window);
  g_assert_finalize_object (legend);
}

int
main (int    argc,
      char **argv)
{
  dyno_test_ui_init (&argc, &argv);
  g_test_add_func ("/legend/runs", test_legend);

  return g_test_run ();
}
