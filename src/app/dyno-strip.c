/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

#include "config.h"

#include "dyno-strip.h"

#include "dyno-access.h"
#include "dyno-tile-meter.h"
#include "dyno-wording.h"

#include <glib/gi18n.h>
#include <math.h>

struct _DynoStrip
{
  AdwBin           parent_instance;

  DynoLive        *live;       /* (owned) (nullable) */
  DynoLayout      *layout;     /* (owned) (nullable) */
  guint            span_s;
  gboolean         is_simulator;

  DynoChart       *chart;      /* template */
  GtkDropDown     *span;
  GtkToggleButton *pause;
  GtkLabel        *behind;
  GtkLabel        *watermark;
};

enum
{
  PROP_PAUSED = 1,
  PROP_SPAN,
  PROP_SIMULATOR,
  N_PROPS
};

enum
{
  EDIT_PANES,
  N_SIGNALS
};

static GParamSpec *props[N_PROPS];
static guint signals[N_SIGNALS];

G_DEFINE_FINAL_TYPE (DynoStrip, dyno_strip, ADW_TYPE_BIN)

/* Seconds, in the order of the list in the template. */
static const guint spans[] = { 10, 30, 60, 120, 300, 600 };

static void
restart (DynoStrip *self)
{
  dyno_chart_set_live (self->chart, self->live, (gint64) self->span_s * G_USEC_PER_SEC);
}

/* Panes. */

static DynoDash
dash_of (DynoChannel channel)
{
  switch ((int) channel)
    {
    case DYNO_CHANNEL_TORQUE:
    case DYNO_CHANNEL_TORQUE_CORR:
      return DYNO_DASH_TORQUE;
    case DYNO_CHANNEL_MIX_R:
    case DYNO_CHANNEL_SPARK_R:
    case DYNO_CHANNEL_KNOCK_R:
      return DYNO_DASH_REAR;
    case DYNO_CHANNEL_TARGET:
    case DYNO_CHANNEL_TARGET_F:
    case DYNO_CHANNEL_TARGET_R:
      return DYNO_DASH_TARGET;
    default:
      return DYNO_DASH_SOLID;
    }
}

static DynoQuantity
quantity_of (DynoStrip  *self,
             const char *source)
{
  DynoChannel channel = dyno_channel_find (source);
  int index = self->live != NULL ? dyno_tile_meter_find (self->live, source) : -1;

  if (index >= 0)
    return dyno_live_quantity (self->live, (guint) index);
  if (channel != DYNO_CHANNEL_NONE)
    return dyno_unit_find (dyno_channel_info (channel)->unit)->quantity;

  return DYNO_QUANTITY_NONE;
}

static DynoSeries *
make_series (DynoStrip  *self,
             const char *source)
{
  DynoChannel channel = dyno_channel_find (source);
  DynoSeries *series;

  if (channel != DYNO_CHANNEL_NONE
      && !(dyno_channel_is_mixture (channel)
           && quantity_of (self, source) == DYNO_QUANTITY_LAMBDA))
    return dyno_series_new_channel (channel);

  series = dyno_series_new (dyno_tile_source_title (source), quantity_of (self, source));
  dyno_series_set_channel (series, channel);

  return series;
}

static void
add_pane (DynoStrip *self,
          GPtrArray *sources,
          guint     *trace)
{
  guint pane = dyno_chart_add_pane (self->chart, "",
                                    quantity_of (self, g_ptr_array_index (sources, 0)), 1);

  for (guint i = 0; i < sources->len; i++)
    {
      const char *source = g_ptr_array_index (sources, i);
      g_autoptr(DynoSeries) series = make_series (self, source);

      dyno_series_set_trace (series, (*trace)++ % DYNO_N_TRACES);
      dyno_series_set_dash (series, dash_of (dyno_channel_find (source)));
      dyno_chart_add_layer (self->chart, pane, DYNO_LAYER_LINE, series);
    }
}

static void
fill (DynoStrip *self)
{
  guint trace = 0;

  dyno_chart_clear (self->chart);
  for (guint i = 0; self->layout != NULL && i < dyno_layout_n_panes (self->layout); i++)
    {
      GPtrArray *sources = dyno_layout_pane (self->layout, i);

      if (sources->len > 0)
        add_pane (self, sources, &trace);
    }
  restart (self);
}

static void
series_dropped_cb (DynoStrip  *self,
                   guint       pane,
                   const char *source)
{
  g_signal_emit (self, signals[EDIT_PANES], 0, source, (int) pane);
}

/* Pause and span. */

static gboolean
is_paused (DynoStrip *self)
{
  return !dyno_chart_get_following (self->chart);
}

void
dyno_strip_update (DynoStrip *self)
{
  double behind_s = (double) dyno_chart_get_behind_us (self->chart) / G_USEC_PER_SEC;
  g_autofree char *text = NULL;
  g_autofree char *ago = NULL;

  gtk_widget_set_visible (GTK_WIDGET (self->behind), is_paused (self));
  if (!is_paused (self))
    return;

  ago = dyno_wording_duration (behind_s);
  /* Translators: the chart stands still, so long behind what happens now. */
  text = g_strdup_printf (_ ("paused, %s behind"), ago);
  gtk_label_set_label (self->behind, text);
}

static void
following_cb (DynoStrip *self)
{
  gtk_toggle_button_set_active (self->pause, is_paused (self));
  dyno_strip_update (self);
  g_object_notify_by_pspec (G_OBJECT (self), props[PROP_PAUSED]);
}

static void
pause_toggled_cb (DynoStrip *self)
{
  gboolean pauses = gtk_toggle_button_get_active (self->pause);

  gtk_button_set_icon_name (GTK_BUTTON (self->pause),
                            pauses ? "dyno-play-symbolic" : "dyno-pause-symbolic");
  if (pauses != is_paused (self))
    dyno_chart_set_following (self->chart, !pauses);
}

static void
span_chosen_cb (DynoStrip *self)
{
  guint chosen = gtk_drop_down_get_selected (self->span);

  if (chosen >= G_N_ELEMENTS (spans) || spans[chosen] == self->span_s)
    return;

  self->span_s = spans[chosen];
  restart (self);
  g_object_notify_by_pspec (G_OBJECT (self), props[PROP_SPAN]);
}

/* The nearest of the list. */
static void
set_span (DynoStrip *self,
          guint      span_s)
{
  guint nearest = 0;

  for (guint i = 1; i < G_N_ELEMENTS (spans); i++)
    {
      if (ABS ((int) spans[i] - (int) span_s) < ABS ((int) spans[nearest] - (int) span_s))
        nearest = i;
    }
  gtk_drop_down_set_selected (self->span, nearest);
}

/* Public. */

void
dyno_strip_set_live (DynoStrip *self,
                     DynoLive  *live)
{
  g_return_if_fail (DYNO_IS_STRIP (self));

  if (self->live == live)
    return;

  g_clear_pointer (&self->live, dyno_live_unref);
  if (live != NULL)
    self->live = dyno_live_ref (live);
  fill (self);
}

void
dyno_strip_set_layout (DynoStrip  *self,
                       DynoLayout *layout)
{
  g_return_if_fail (DYNO_IS_STRIP (self));

  if (self->layout == layout)
    return;
  if (self->layout != NULL)
    g_signal_handlers_disconnect_by_data (self->layout, self);
  g_set_object (&self->layout, layout);
  if (layout != NULL)
    g_signal_connect_object (layout, "edited", G_CALLBACK (fill), self, G_CONNECT_SWAPPED);
  fill (self);
}

void
dyno_strip_set_units (DynoStrip   *self,
                      DynoUnitSet  units)
{
  dyno_chart_set_units (self->chart, units);
}

DynoChart *
dyno_strip_get_chart (DynoStrip *self)
{
  return self->chart;
}

/* Object. */

static void
dyno_strip_dispose (GObject *object)
{
  DynoStrip *self = DYNO_STRIP (object);

  if (self->chart != NULL)
    dyno_chart_set_live (self->chart, NULL, 0);
  g_clear_object (&self->layout);
  g_clear_pointer (&self->live, dyno_live_unref);
  adw_bin_set_child (ADW_BIN (object), NULL);
  gtk_widget_dispose_template (GTK_WIDGET (object), DYNO_TYPE_STRIP);

  G_OBJECT_CLASS (dyno_strip_parent_class)->dispose (object);
}

static void
dyno_strip_get_property (GObject    *object,
                         guint       id,
                         GValue     *value,
                         GParamSpec *pspec)
{
  DynoStrip *self = DYNO_STRIP (object);

  switch (id)
    {
    case PROP_PAUSED:
      g_value_set_boolean (value, is_paused (self));
      break;
    case PROP_SPAN:
      g_value_set_int (value, (int) self->span_s);
      break;
    case PROP_SIMULATOR:
      g_value_set_boolean (value, self->is_simulator);
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, pspec);
    }
}

static void
dyno_strip_set_property (GObject      *object,
                         guint         id,
                         const GValue *value,
                         GParamSpec   *pspec)
{
  DynoStrip *self = DYNO_STRIP (object);

  switch (id)
    {
    case PROP_PAUSED:
      gtk_toggle_button_set_active (self->pause, g_value_get_boolean (value));
      break;
    case PROP_SPAN:
      set_span (self, (guint) g_value_get_int (value));
      break;
    case PROP_SIMULATOR:
      self->is_simulator = g_value_get_boolean (value);
      gtk_widget_set_visible (GTK_WIDGET (self->watermark), self->is_simulator);
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, pspec);
    }
}

static void
dyno_strip_class_init (DynoStripClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);
  GParamFlags both = G_PARAM_READWRITE | G_PARAM_EXPLICIT_NOTIFY | G_PARAM_STATIC_STRINGS;

  object_class->dispose = dyno_strip_dispose;
  object_class->get_property = dyno_strip_get_property;
  object_class->set_property = dyno_strip_set_property;
  props[PROP_PAUSED] = g_param_spec_boolean ("paused", NULL, NULL, FALSE, both);
  props[PROP_SPAN] = g_param_spec_int ("span", NULL, NULL, 10, 600, 30, both);
  props[PROP_SIMULATOR] = g_param_spec_boolean ("simulator", NULL, NULL, FALSE, both);
  g_object_class_install_properties (object_class, N_PROPS, props);
  signals[EDIT_PANES] = g_signal_new ("edit-panes", DYNO_TYPE_STRIP, G_SIGNAL_RUN_LAST, 0, NULL,
                                      NULL, NULL, G_TYPE_NONE, 2, G_TYPE_STRING, G_TYPE_INT);

  g_type_ensure (DYNO_TYPE_CHART);
  gtk_widget_class_set_template_from_resource (widget_class, "/org/dynoai/DynoAI/dyno-strip.ui");
  gtk_widget_class_bind_template_child (widget_class, DynoStrip, chart);
  gtk_widget_class_bind_template_child (widget_class, DynoStrip, span);
  gtk_widget_class_bind_template_child (widget_class, DynoStrip, pause);
  gtk_widget_class_bind_template_child (widget_class, DynoStrip, behind);
  gtk_widget_class_bind_template_child (widget_class, DynoStrip, watermark);
  gtk_widget_class_bind_template_callback (widget_class, following_cb);
  gtk_widget_class_bind_template_callback (widget_class, pause_toggled_cb);
  gtk_widget_class_bind_template_callback (widget_class, series_dropped_cb);
  gtk_widget_class_bind_template_callback (widget_class, span_chosen_cb);
}

static void
dyno_strip_init (DynoStrip *self)
{
  self->span_s = 30;
  gtk_widget_init_template (GTK_WIDGET (self));
  set_span (self, self->span_s);
  dyno_access_name_all (GTK_WIDGET (self));
}
