/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

#include "config.h"

#include "dyno-legend-row.h"

#include "dyno-swatch.h"

#include <glib/gi18n.h>

struct _DynoLegendRow
{
  GtkListBoxRow    parent_instance;

  DynoSeries      *series; /* (owned) */
  DynoSwatch      *swatch; /* template */
  GtkLabel        *name;
  GtkLabel        *detail;
  GtkToggleButton *eye;
  GtkToggleButton *pin;
  GtkButton       *remove;
};

G_DEFINE_FINAL_TYPE (DynoLegendRow, dyno_legend_row, GTK_TYPE_LIST_BOX_ROW)

/* The row names itself: "A Run 14, 86.4 kW · 148 N·m". */
static void
update_name (DynoLegendRow *self)
{
  const char *detail = gtk_label_get_label (self->detail);
  g_autofree char *text =
      g_strdup_printf ("%s %s%s%s", dyno_palette_letter (dyno_series_get_trace (self->series)),
                       dyno_series_get_name (self->series), *detail != '\0' ? ", " : "", detail);

  gtk_label_set_label (self->name, dyno_series_get_name (self->series));
  dyno_swatch_set (self->swatch, dyno_series_get_trace (self->series),
                   dyno_series_get_dash (self->series));
  gtk_accessible_update_property (GTK_ACCESSIBLE (self), GTK_ACCESSIBLE_PROPERTY_LABEL, text, -1);
}

static void
update_eye (DynoLegendRow *self)
{
  gtk_button_set_icon_name (GTK_BUTTON (self->eye), dyno_series_get_visible (self->series)
                                                        ? "dyno-eye-symbolic"
                                                        : "dyno-eye-off-symbolic");
}

static void
dyno_legend_row_dispose (GObject *object)
{
  DynoLegendRow *self = DYNO_LEGEND_ROW (object);

  g_clear_object (&self->series);
  gtk_widget_dispose_template (GTK_WIDGET (self), DYNO_TYPE_LEGEND_ROW);

  G_OBJECT_CLASS (dyno_legend_row_parent_class)->dispose (object);
}

static void
dyno_legend_row_class_init (DynoLegendRowClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = dyno_legend_row_dispose;
  g_type_ensure (DYNO_TYPE_SWATCH);
  gtk_widget_class_set_template_from_resource (widget_class,
                                               "/org/dynoai/DynoAI/dyno-legend-row.ui");
  gtk_widget_class_bind_template_child (widget_class, DynoLegendRow, swatch);
  gtk_widget_class_bind_template_child (widget_class, DynoLegendRow, name);
  gtk_widget_class_bind_template_child (widget_class, DynoLegendRow, detail);
  gtk_widget_class_bind_template_child (widget_class, DynoLegendRow, eye);
  gtk_widget_class_bind_template_child (widget_class, DynoLegendRow, pin);
  gtk_widget_class_bind_template_child (widget_class, DynoLegendRow, remove);
}

static void
dyno_legend_row_init (DynoLegendRow *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
}

GtkWidget *
dyno_legend_row_new (DynoSeries *series)
{
  DynoLegendRow *self = g_object_new (DYNO_TYPE_LEGEND_ROW, NULL);
  GBindingFlags flags = G_BINDING_BIDIRECTIONAL | G_BINDING_SYNC_CREATE;

  self->series = g_object_ref (series);
  g_object_bind_property (series, "visible", self->eye, "active", flags);
  g_object_bind_property (series, "pinned", self->pin, "active", flags);
  g_signal_connect_object (series, "notify::visible", G_CALLBACK (update_eye), self,
                           G_CONNECT_SWAPPED);
  g_signal_connect_object (series, "notify::name", G_CALLBACK (update_name), self,
                           G_CONNECT_SWAPPED);
  g_signal_connect_object (series, "notify::trace", G_CALLBACK (update_name), self,
                           G_CONNECT_SWAPPED);
  gtk_actionable_set_action_target (GTK_ACTIONABLE (self->remove), "u",
                                    dyno_series_get_trace (series));
  update_eye (self);
  update_name (self);

  return GTK_WIDGET (self);
}

DynoSeries *
dyno_legend_row_get_series (DynoLegendRow *self)
{
  return self->series;
}

void
dyno_legend_row_set_detail (DynoLegendRow *self,
                            const char    *detail)
{
  gtk_label_set_label (self->detail, detail != NULL ? detail : "");
  update_name (self);
}

void
dyno_legend_row_set_removable (DynoLegendRow *self,
                               gboolean       is_removable)
{
  gtk_widget_set_visible (GTK_WIDGET (self->remove), is_removable);
}
