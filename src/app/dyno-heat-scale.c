/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

#include "config.h"

#include "dyno-heat-scale.h"

#include "dyno-look.h"
#include "dyno-palette.h"

#include <glib/gi18n.h>

#define N_CLASSES 11
#define BAR_HEIGHT 12

struct _DynoHeatScale
{
  GtkWidget  parent_instance;

  GtkWidget *rich; /* child */
  GtkWidget *lean; /* child */
};

G_DEFINE_FINAL_TYPE (DynoHeatScale, dyno_heat_scale, GTK_TYPE_WIDGET)

void
dyno_heat_scale_set_range (DynoHeatScale *self,
                           double         range_pct)
{
  g_autofree char *rich = g_strdup_printf (_ ("\342\210\222%.0f %% rich · remove fuel"), range_pct);
  g_autofree char *lean = g_strdup_printf (_ ("lean · add fuel +%.0f %%"), range_pct);

  gtk_label_set_label (GTK_LABEL (self->rich), rich);
  gtk_label_set_label (GTK_LABEL (self->lean), lean);
}

static void
dyno_heat_scale_measure (GtkWidget      *widget,
                         GtkOrientation  orientation,
                         int             for_size,
                         int            *minimum,
                         int            *natural,
                         int            *minimum_baseline,
                         int            *natural_baseline)
{
  DynoHeatScale *self = DYNO_HEAT_SCALE (widget);
  int rich;
  int lean;

  gtk_widget_measure (self->rich, orientation, -1, NULL, &rich, NULL, NULL);
  gtk_widget_measure (self->lean, orientation, -1, NULL, &lean, NULL, NULL);
  *natural = orientation == GTK_ORIENTATION_HORIZONTAL ? rich + lean + 24
                                                       : MAX (rich, lean) + BAR_HEIGHT + 2;
  *minimum = orientation == GTK_ORIENTATION_HORIZONTAL ? 200 : *natural;
}

static void
dyno_heat_scale_size_allocate (GtkWidget *widget,
                               int        width,
                               int        height,
                               int        baseline)
{
  DynoHeatScale *self = DYNO_HEAT_SCALE (widget);
  int below = height - BAR_HEIGHT - 2;

  gtk_widget_size_allocate (self->rich, &(GtkAllocation){ 0, BAR_HEIGHT + 2, width / 2, below },
                            -1);
  gtk_widget_size_allocate (self->lean,
                            &(GtkAllocation){ width / 2, BAR_HEIGHT + 2, width - width / 2, below },
                            -1);
}

static void
dyno_heat_scale_snapshot (GtkWidget   *widget,
                          GtkSnapshot *snapshot)
{
  DynoHeatScale *self = DYNO_HEAT_SCALE (widget);
  float step = (float) gtk_widget_get_width (widget) / N_CLASSES;
  DynoLook look = dyno_look_now ();

  for (int i = 0; i < N_CLASSES; i++)
    {
      GdkRGBA color = dyno_look_rgba (dyno_palette_diverging (look, i - N_CLASSES / 2));

      gtk_snapshot_append_color (snapshot, &color,
                                 &GRAPHENE_RECT_INIT ((float) i * step, 0, step, BAR_HEIGHT));
    }
  gtk_widget_snapshot_child (widget, self->rich, snapshot);
  gtk_widget_snapshot_child (widget, self->lean, snapshot);
}

static void
dyno_heat_scale_dispose (GObject *object)
{
  DynoHeatScale *self = DYNO_HEAT_SCALE (object);

  g_clear_pointer (&self->rich, gtk_widget_unparent);
  g_clear_pointer (&self->lean, gtk_widget_unparent);

  G_OBJECT_CLASS (dyno_heat_scale_parent_class)->dispose (object);
}

static void
dyno_heat_scale_class_init (DynoHeatScaleClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = dyno_heat_scale_dispose;
  widget_class->measure = dyno_heat_scale_measure;
  widget_class->size_allocate = dyno_heat_scale_size_allocate;
  widget_class->snapshot = dyno_heat_scale_snapshot;
}

static GtkWidget *
add_label (DynoHeatScale *self,
           float          xalign)
{
  GtkWidget *label = gtk_label_new (NULL);

  gtk_label_set_xalign (GTK_LABEL (label), xalign);
  gtk_label_set_ellipsize (GTK_LABEL (label), PANGO_ELLIPSIZE_END);
  gtk_widget_add_css_class (label, "caption");
  gtk_widget_set_parent (label, GTK_WIDGET (self));

  return label;
}

static void
dyno_heat_scale_init (DynoHeatScale *self)
{
  self->rich = add_label (self, 0);
  self->lean = add_label (self, 1);
  dyno_heat_scale_set_range (self, 15);
  dyno_look_watch (GTK_WIDGET (self), gtk_widget_queue_draw);
}
