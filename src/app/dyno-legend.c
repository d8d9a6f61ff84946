/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

#include "config.h"

#include "dyno-legend.h"

#include "dyno-legend-row.h"

#include <glib/gi18n.h>

struct _DynoLegend
{
  GtkWidget   parent_instance;

  DynoChart  *chart;        /* (owned) */
  GtkListBox *list;         /* child */
  char       *details[DYNO_N_TRACES]; /* (owned) (nullable) */
  gboolean    is_removable;
  gboolean    is_linking;   /* setting the series of a trace by one another */
};

enum
{
  REMOVE_TRACE,
  N_SIGNALS
};

static guint signals[N_SIGNALS];

G_DEFINE_FINAL_TYPE (DynoLegend, dyno_legend, GTK_TYPE_WIDGET)

static DynoLegendRow *
row_of (DynoLegend *self,
        guint       trace)
{
  GtkListBoxRow *row;

  for (int i = 0; (row = gtk_list_box_get_row_at_index (self->list, i)) != NULL; i++)
    {
      if (dyno_series_get_trace (dyno_legend_row_get_series (DYNO_LEGEND_ROW (row))) == trace)
        return DYNO_LEGEND_ROW (row);
    }

  return NULL;
}

guint
dyno_legend_get_n_rows (DynoLegend *self)
{
  guint n = 0;

  while (gtk_list_box_get_row_at_index (self->list, (int) n) != NULL)
    n++;

  return n;
}

/* What happened to one series of a trace happens to all; pinning one trace
 * unpins the others. */
static void
series_notify_cb (DynoSeries *changed,
                  GParamSpec *pspec,
                  DynoLegend *self)
{
  GListModel *model = dyno_chart_get_all_series (self->chart);
  guint trace = dyno_series_get_trace (changed);
  gboolean is_pinned = dyno_series_get_pinned (changed);

  if (self->is_linking)
    return;

  self->is_linking = TRUE;
  for (guint i = 0; i < g_list_model_get_n_items (model); i++)
    {
      g_autoptr(DynoSeries) series = g_list_model_get_item (model, i);

      if (dyno_series_get_trace (series) == trace)
        {
          dyno_series_set_visible (series, dyno_series_get_visible (changed));
          dyno_series_set_pinned (series, is_pinned);
        }
      else if (is_pinned)
        dyno_series_set_pinned (series, FALSE);
    }
  self->is_linking = FALSE;
}

static void
select_active (DynoLegend *self)
{
  DynoSeries *active = dyno_chart_get_active (self->chart);
  DynoLegendRow *row = active != NULL ? row_of (self, dyno_series_get_trace (active)) : NULL;

  gtk_list_box_select_row (self->list, GTK_LIST_BOX_ROW (row));
}

static void
row_selected_cb (DynoLegend    *self,
                 GtkListBoxRow *row)
{
  DynoSeries *active = dyno_chart_get_active (self->chart);
  DynoSeries *series = row != NULL ? dyno_legend_row_get_series (DYNO_LEGEND_ROW (row)) : NULL;

  if (series != NULL
      && (active == NULL || dyno_series_get_trace (active) != dyno_series_get_trace (series)))
    dyno_chart_set_active (self->chart, series);
}

static void
add_row (DynoLegend *self,
         DynoSeries *series)
{
  guint trace = dyno_series_get_trace (series);
  GtkWidget *row;

  if (row_of (self, trace) != NULL)
    return;

  row = dyno_legend_row_new (series);
  dyno_legend_row_set_detail (DYNO_LEGEND_ROW (row), self->details[trace]);
  dyno_legend_row_set_removable (DYNO_LEGEND_ROW (row), self->is_removable);
  gtk_list_box_append (self->list, row);
}

static void
drop_rows (DynoLegend *self)
{
  GtkListBoxRow *row;

  while ((row = gtk_list_box_get_row_at_index (self->list, 0)) != NULL)
    gtk_list_box_remove (self->list, GTK_WIDGET (row));
}

/* At most 20 runs: all rows anew is quick, and right whatever changed. */
static void
fill (DynoLegend *self)
{
  GListModel *model = dyno_chart_get_series (self->chart);

  drop_rows (self);
  for (guint i = 0; i < g_list_model_get_n_items (model); i++)
    {
      g_autoptr(DynoSeries) series = g_list_model_get_item (model, i);

      g_signal_handlers_disconnect_by_func (series, series_notify_cb, self);
      g_signal_connect_object (series, "notify::visible", G_CALLBACK (series_notify_cb), self, 0);
      g_signal_connect_object (series, "notify::pinned", G_CALLBACK (series_notify_cb), self, 0);
      add_row (self, series);
    }
  select_active (self);
}

static void
remove_action (GtkWidget  *widget,
               const char *name,
               GVariant   *trace)
{
  g_signal_emit (widget, signals[REMOVE_TRACE], 0, g_variant_get_uint32 (trace));
}

void
dyno_legend_set_detail (DynoLegend *self,
                        guint       trace,
                        const char *detail)
{
  DynoLegendRow *row = row_of (self, trace);

  g_return_if_fail (trace < DYNO_N_TRACES);

  g_free (self->details[trace]);
  self->details[trace] = g_strdup (detail);
  if (row != NULL)
    dyno_legend_row_set_detail (row, detail);
}

void
dyno_legend_set_removable (DynoLegend *self,
                           gboolean    is_removable)
{
  GtkListBoxRow *row;

  self->is_removable = !!is_removable;
  for (int i = 0; (row = gtk_list_box_get_row_at_index (self->list, i)) != NULL; i++)
    dyno_legend_row_set_removable (DYNO_LEGEND_ROW (row), is_removable);
}

static void
dyno_legend_dispose (GObject *object)
{
  DynoLegend *self = DYNO_LEGEND (object);

  if (self->list != NULL)
    drop_rows (self);
  if (self->list != NULL)
    gtk_widget_unparent (GTK_WIDGET (self->list));
  self->list = NULL;
  g_clear_object (&self->chart);

  G_OBJECT_CLASS (dyno_legend_parent_class)->dispose (object);
}

static void
dyno_legend_finalize (GObject *object)
{
  for (guint i = 0; i < DYNO_N_TRACES; i++)
    g_free (DYNO_LEGEND (object)->details[i]);

  G_OBJECT_CLASS (dyno_legend_parent_class)->finalize (object);
}

static void
dyno_legend_class_init (DynoLegendClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  object_class->dispose = dyno_legend_dispose;
  object_class->finalize = dyno_legend_finalize;

  signals[REMOVE_TRACE] = g_signal_new ("remove-trace", DYNO_TYPE_LEGEND, G_SIGNAL_RUN_LAST, 0,
                                        NULL, NULL, NULL, G_TYPE_NONE, 1, G_TYPE_UINT);
  gtk_widget_class_set_css_name (widget_class, "dynolegend");
  gtk_widget_class_set_layout_manager_type (widget_class, GTK_TYPE_BIN_LAYOUT);
  gtk_widget_class_install_action (widget_class, "legend.remove", "u", remove_action);
}

static void
dyno_legend_init (DynoLegend *self)
{
  self->list = GTK_LIST_BOX (gtk_list_box_new ());
  gtk_widget_add_css_class (GTK_WIDGET (self->list), "navigation-sidebar");
  gtk_widget_set_parent (GTK_WIDGET (self->list), GTK_WIDGET (self));
  gtk_accessible_update_property (GTK_ACCESSIBLE (self->list), GTK_ACCESSIBLE_PROPERTY_LABEL,
                                  _ ("Legend"), -1);
  g_signal_connect_swapped (self->list, "row-selected", G_CALLBACK (row_selected_cb), self);
}

GtkWidget *
dyno_legend_new (DynoChart *chart)
{
  DynoLegend *self = g_object_new (DYNO_TYPE_LEGEND, NULL);

  g_return_val_if_fail (DYNO_IS_CHART (chart), NULL);

  self->chart = g_object_ref (chart);
  gtk_accessible_update_relation (GTK_ACCESSIBLE (self->list), GTK_ACCESSIBLE_RELATION_CONTROLS,
                                  chart, NULL, -1);
  g_signal_connect_object (dyno_chart_get_series (chart), "items-changed", G_CALLBACK (fill), self,
                           G_CONNECT_SWAPPED);
  g_signal_connect_object (chart, "notify::active-series", G_CALLBACK (select_active), self,
                           G_CONNECT_SWAPPED);
  fill (self);

  return GTK_WIDGET (self);
}
