/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

#include "config.h"

#include "dyno-bar.h"

#include "dyno-compat.h"
#include "dyno-look.h"

#include <math.h>

#define MARK_WIDTH 2

struct _DynoBar
{
  AdwBin     parent_instance;

  DynoMeter *meter;  /* (owned) (nullable) */
  GtkLabel  *title;  /* template */
  GtkLabel  *word;
  GtkLabel  *digits;
  GtkLabel  *unit;
  GtkWidget *track;  /* an empty place that the bar is drawn in */
};

enum
{
  PROP_METER = 1,
  N_PROPS
};

static GParamSpec *props[N_PROPS];

G_DEFINE_FINAL_TYPE (DynoBar, dyno_bar, ADW_TYPE_BIN)

/* The track in px of the widget, and the range of its meter. */
typedef struct
{
  graphene_rect_t area;
  double          low;
  double          high;
} Track;

static gboolean
find_track (DynoBar *self,
            Track   *track)
{
  return self->meter != NULL && dyno_meter_get_range (self->meter, &track->low, &track->high)
         && gtk_widget_compute_bounds (self->track, GTK_WIDGET (self), &track->area);
}

static float
place (const Track *track,
       double       value)
{
  double part = CLAMP ((value - track->low) / (track->high - track->low), 0, 1);

  return floorf ((float) (track->area.origin.x + part * track->area.size.width));
}

static void
draw_mark (GtkSnapshot *snapshot,
           const Track *track,
           double       limit,
           DynoStatus   status)
{
  GdkRGBA color = dyno_look_rgba (dyno_palette_status (dyno_look_now (), status));

  if (isnan (limit) || limit <= track->low || limit >= track->high)
    return;

  gtk_snapshot_append_color (snapshot, &color,
                             &GRAPHENE_RECT_INIT (place (track, limit), track->area.origin.y - 2,
                                                  MARK_WIDTH, track->area.size.height + 4));
}

/* From zero where zero is within the range. */
static void
draw_value (DynoBar       *self,
            GtkSnapshot   *snapshot,
            const Track   *track,
            const GdkRGBA *ink)
{
  double value = dyno_meter_get_value (self->meter);
  GdkRGBA grey = dyno_look_rgba (dyno_palette_status (dyno_look_now (), DYNO_STATUS_OFF));
  gboolean is_stale = dyno_meter_get_form (self->meter) == DYNO_METER_STALE;
  float zero = place (track, 0);
  float x;

  if (isnan (value))
    return;

  x = place (track, value);
  gtk_snapshot_append_color (snapshot, is_stale ? &grey : ink,
                             &GRAPHENE_RECT_INIT (fminf (x, zero), track->area.origin.y,
                                                  fmaxf (fabsf (x - zero), 1),
                                                  track->area.size.height));
}

static void
dyno_bar_snapshot (GtkWidget   *widget,
                   GtkSnapshot *snapshot)
{
  DynoBar *self = DYNO_BAR (widget);
  GdkRGBA ink;
  GdkRGBA ground;
  double amber[2];
  double red[2];
  Track track;

  GTK_WIDGET_CLASS (dyno_bar_parent_class)->snapshot (widget, snapshot);
  if (!find_track (self, &track))
    return;

  dyno_compat_get_text_color (widget, &ink);
  ground = ink;
  ground.alpha *= 0.15f;
  gtk_snapshot_append_color (snapshot, &ground, &track.area);
  draw_value (self, snapshot, &track, &ink);
  dyno_meter_get_limits (self->meter, amber, red);
  for (int i = 0; i < 2; i++)
    {
      draw_mark (snapshot, &track, amber[i], DYNO_STATUS_WARN);
      draw_mark (snapshot, &track, red[i], DYNO_STATUS_FAULT);
    }
}

static void
set_class (GtkWidget  *widget,
           const char *name,
           gboolean    is_on)
{
  if (is_on)
    gtk_widget_add_css_class (widget, name);
  else
    gtk_widget_remove_css_class (widget, name);
}

static void
show (DynoBar *self)
{
  DynoAlarm alarm = dyno_meter_get_alarm (self->meter);

  gtk_label_set_label (self->digits, dyno_meter_get_digits (self->meter));
  gtk_label_set_label (self->word, dyno_meter_get_word (self->meter));
  set_class (GTK_WIDGET (self->digits), "dyno-off",
             dyno_meter_get_form (self->meter) == DYNO_METER_STALE);
  set_class (GTK_WIDGET (self), "dyno-amber", alarm == DYNO_ALARM_AMBER);
  set_class (GTK_WIDGET (self), "dyno-red", alarm == DYNO_ALARM_RED);
}

static void
show_face (DynoBar *self)
{
  gtk_label_set_label (self->title, dyno_meter_get_title (self->meter));
  gtk_label_set_label (self->unit, dyno_meter_get_unit (self->meter)->symbol);
  gtk_label_set_width_chars (self->digits,
                             (int) g_utf8_strlen (dyno_meter_get_widest (self->meter), -1));
  gtk_accessible_update_property (GTK_ACCESSIBLE (self), GTK_ACCESSIBLE_PROPERTY_LABEL,
                                  dyno_meter_get_title (self->meter), -1);
  gtk_widget_queue_draw (GTK_WIDGET (self));
}

static void
speak (DynoBar *self)
{
  gtk_accessible_update_property (GTK_ACCESSIBLE (self), GTK_ACCESSIBLE_PROPERTY_DESCRIPTION,
                                  dyno_meter_get_spoken (self->meter), -1);
}

DynoMeter *
dyno_bar_get_meter (DynoBar *self)
{
  return self->meter;
}

void
dyno_bar_set_meter (DynoBar   *self,
                    DynoMeter *meter)
{
  g_return_if_fail (DYNO_IS_BAR (self));

  if (self->meter == meter)
    return;
  if (self->meter != NULL)
    g_signal_handlers_disconnect_by_data (self->meter, self);
  g_set_object (&self->meter, meter);
  if (meter == NULL)
    return;

  g_signal_connect_object (meter, "changed", G_CALLBACK (show), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (meter, "moved", G_CALLBACK (gtk_widget_queue_draw), self,
                           G_CONNECT_SWAPPED);
  g_signal_connect_object (meter, "face-changed", G_CALLBACK (show_face), self,
                           G_CONNECT_SWAPPED);
  g_signal_connect_object (meter, "notify::spoken", G_CALLBACK (speak), self, G_CONNECT_SWAPPED);
  show_face (self);
  show (self);
  speak (self);
  g_object_notify_by_pspec (G_OBJECT (self), props[PROP_METER]);
}

static void
dyno_bar_dispose (GObject *object)
{
  dyno_bar_set_meter (DYNO_BAR (object), NULL);
  adw_bin_set_child (ADW_BIN (object), NULL);
  gtk_widget_dispose_template (GTK_WIDGET (object), DYNO_TYPE_BAR);

  G_OBJECT_CLASS (dyno_bar_parent_class)->dispose (object);
}

static void
dyno_bar_get_property (GObject    *object,
                       guint       id,
                       GValue     *value,
                       GParamSpec *pspec)
{
  g_value_set_object (value, DYNO_BAR (object)->meter);
}

static void
dyno_bar_set_property (GObject      *object,
                       guint         id,
                       const GValue *value,
                       GParamSpec   *pspec)
{
  dyno_bar_set_meter (DYNO_BAR (object), g_value_get_object (value));
}

static void
dyno_bar_class_init (DynoBarClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  object_class->dispose = dyno_bar_dispose;
  object_class->get_property = dyno_bar_get_property;
  object_class->set_property = dyno_bar_set_property;
  widget_class->snapshot = dyno_bar_snapshot;
  props[PROP_METER] = g_param_spec_object ("meter", NULL, NULL, DYNO_TYPE_METER,
                                           G_PARAM_READWRITE | G_PARAM_EXPLICIT_NOTIFY
                                               | G_PARAM_STATIC_STRINGS);
  g_object_class_install_properties (object_class, N_PROPS, props);

  gtk_widget_class_set_template_from_resource (widget_class, "/org/dynoai/DynoAI/dyno-bar.ui");
  gtk_widget_class_bind_template_child (widget_class, DynoBar, title);
  gtk_widget_class_bind_template_child (widget_class, DynoBar, word);
  gtk_widget_class_bind_template_child (widget_class, DynoBar, digits);
  gtk_widget_class_bind_template_child (widget_class, DynoBar, unit);
  gtk_widget_class_bind_template_child (widget_class, DynoBar, track);
  gtk_widget_class_set_css_name (widget_class, "dynobar");
  gtk_widget_class_set_accessible_role (widget_class, GTK_ACCESSIBLE_ROLE_METER);
}

static void
dyno_bar_init (DynoBar *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
  gtk_widget_set_focusable (GTK_WIDGET (self), TRUE);
}

GtkWidget *
dyno_bar_new (DynoMeter *meter)
{
  return g_object_new (DYNO_TYPE_BAR, "meter", meter, NULL);
}
