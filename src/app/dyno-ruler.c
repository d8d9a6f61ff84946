/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

#include "config.h"

#include "dyno-ruler.h"

#include "dyno-plot.h"

#include <glib/gi18n.h>
#include <math.h>

/* The range may be this many times the data, or this part of it. */
#define MOST_OUT 20.0
#define MOST_IN 1e-7
/* Above the highest and below the lowest value, of the range. */
#define AIR 0.02
/* Texts of a low pane stand at least so far apart, and there are three of them. */
#define LOW_TICK_PX 22.0
#define TICK_PX 60.0
/* What of the data stays in view when panning. */
#define LEAST_LEFT 0.1

struct _DynoRuler
{
  GObject         parent_instance;

  DynoQuantity    quantity;
  const DynoUnit *unit;        /* (borrowed) static */
  gboolean        is_upright;
  gboolean        is_relative;
  double          length;
  guint           n_columns;   /* 0: upright, or not allocated yet */
  gint64          first;       /* first column */
  double          dx;          /* width of a column in SI */
  double          min;
  double          max;
  double          limit_min;   /* NaN: no limits */
  double          limit_max;
};

enum
{
  CHANGED,
  N_SIGNALS
};

static guint signals[N_SIGNALS];

G_DEFINE_FINAL_TYPE (DynoRuler, dyno_ruler, G_TYPE_OBJECT)

static void
tell_changed (DynoRuler *self)
{
  g_signal_emit (self, signals[CHANGED], 0);
}

static gboolean
has_limits (DynoRuler *self)
{
  return isfinite (self->limit_min) && isfinite (self->limit_max);
}

/* The range from the columns. */
static void
range_from_columns (DynoRuler *self)
{
  self->min = (double) self->first * self->dx;
  self->max = (double) (self->first + self->n_columns) * self->dx;
}

/* A range that can be divided into columns without all of them being the same
 * number. */
static void
keep_apart (DynoRuler *self,
            double    *min,
            double    *max)
{
  double least;

  dyno_plot_widen (min, max);
  least = fmax (fabs (*min), fabs (*max)) * 1e-12 * fmax (self->n_columns, 1000);
  if (*max - *min < least)
    {
      double middle = (*min + *max) / 2;

      *min = middle - least / 2;
      *max = middle + least / 2;
    }
}

static void
put_range (DynoRuler *self,
           double     min,
           double     max)
{
  keep_apart (self, &min, &max);
  self->min = min;
  self->max = max;
  if (self->n_columns == 0)
    return;

  self->dx = (max - min) / self->n_columns;
  self->first = (gint64) floor (min / self->dx + 0.5);
  range_from_columns (self);
}

void
dyno_ruler_set_range (DynoRuler *self,
                      double     min,
                      double     max)
{
  double old_min = self->min;
  double old_max = self->max;

  g_return_if_fail (DYNO_IS_RULER (self));

  put_range (self, min, max);
  if (self->min != old_min || self->max != old_max)
    tell_changed (self);
}

void
dyno_ruler_get_range (DynoRuler *self,
                      double    *min,
                      double    *max)
{
  *min = self->min;
  *max = self->max;
}

void
dyno_ruler_set_limits (DynoRuler *self,
                       double     min,
                       double     max)
{
  self->limit_min = min;
  self->limit_max = max;
}

void
dyno_ruler_set_length (DynoRuler *self,
                       double     length,
                       guint      n_columns)
{
  if (self->length == length && self->n_columns == n_columns)
    return;

  self->length = length;
  self->n_columns = n_columns;
  put_range (self, self->min, self->max);
  tell_changed (self);
}

double
dyno_ruler_get_length (DynoRuler *self)
{
  return self->length;
}

static DynoPlotScale
scale_of (DynoRuler *self)
{
  return (DynoPlotScale) {
    .min = self->min,
    .max = self->max,
    .from = self->is_upright ? self->length : 0,
    .to = self->is_upright ? 0 : self->length,
  };
}

double
dyno_ruler_place (DynoRuler *self,
                  double     value)
{
  DynoPlotScale scale = scale_of (self);

  return dyno_plot_place (&scale, value);
}

double
dyno_ruler_value (DynoRuler *self,
                  double     place)
{
  DynoPlotScale scale = scale_of (self);

  return self->length > 0 ? dyno_plot_value (&scale, place) : self->min;
}

double
dyno_ruler_get_columns (DynoRuler *self,
                        gint64    *first,
                        guint     *n_columns)
{
  *first = self->first;
  *n_columns = self->n_columns;

  return self->dx;
}

/* Curves of these are compared by their height above zero. */
static gboolean
begins_at_zero (DynoRuler *self,
                double     low,
                double     high)
{
  if (self->quantity == DYNO_QUANTITY_POWER || self->quantity == DYNO_QUANTITY_TORQUE)
    return TRUE;

  return low < high / 2;
}

/* The range of an upright axis for those limits, in the unit shown: a little
 * air, zero where it is near, ends at a quarter of what lies between ticks. */
static void
round_range (DynoRuler *self,
             double    *min,
             double    *max)
{
  double low = dyno_unit_from_si (self->unit, *min);
  double high = dyno_unit_from_si (self->unit, *max);
  double air;

  dyno_plot_widen (&low, &high);
  air = AIR * (high - low);
  if (low >= 0 && begins_at_zero (self, low, high))
    low = 0;
  else
    low -= air;
  if (high <= 0 && begins_at_zero (self, -high, -low))
    high = 0;
  else
    high += air;
  dyno_plot_round (&low, &high, 4 * self->length);
  *min = dyno_unit_to_si (self->unit, low);
  *max = dyno_unit_to_si (self->unit, high);
}

/* Columns so wide that, beginning at a whole one, they hold both ends. */
static void
fit_columns (DynoRuler *self,
             double     min,
             double     max)
{
  double old_dx = self->dx;
  gint64 old_first = self->first;

  keep_apart (self, &min, &max);
  self->dx = (max - min) / fmax (self->n_columns - 1.01, 1);
  self->first = (gint64) floor (min / self->dx);
  range_from_columns (self);
  if (self->dx != old_dx || self->first != old_first)
    tell_changed (self);
}

gboolean
dyno_ruler_fit (DynoRuler *self)
{
  double min = self->limit_min;
  double max = self->limit_max;

  if (!has_limits (self))
    return FALSE;

  if (self->is_upright)
    round_range (self, &min, &max);
  if (self->n_columns > 0)
    fit_columns (self, min, max);
  else
    dyno_ruler_set_range (self, min, max);

  return TRUE;
}

void
dyno_ruler_follow (DynoRuler *self,
                   double     min,
                   double     max)
{
  gboolean is_outside = min < self->min || max > self->max;
  double old_min = self->min;
  double old_max = self->max;

  if (!isfinite (min) || !isfinite (max))
    return;

  round_range (self, &min, &max);
  if (is_outside)
    dyno_ruler_set_range (self, fmin (min, old_min), fmax (max, old_max));
  if (max - min < 0.6 * (self->max - self->min))
    dyno_ruler_set_range (self, min, max);
}

/* Moves a range so far that LEAST_LEFT of the smaller of view and data is seen. */
static void
keep_in_limits (DynoRuler *self,
                double    *min,
                double    *max)
{
  double left;

  if (!has_limits (self))
    return;

  left = LEAST_LEFT * fmin (*max - *min, self->limit_max - self->limit_min);
  if (*max < self->limit_min + left)
    {
      *min += self->limit_min + left - *max;
      *max = self->limit_min + left;
    }
  if (*min > self->limit_max - left)
    {
      *max -= *min - (self->limit_max - left);
      *min = self->limit_max - left;
    }
}

void
dyno_ruler_zoom (DynoRuler *self,
                 double     factor,
                 double     at)
{
  double span = (self->max - self->min) / factor;
  double part = (at - self->min) / (self->max - self->min);
  double min;
  double max;

  g_return_if_fail (factor > 0 && isfinite (factor));

  if (has_limits (self) && self->limit_max > self->limit_min)
    span = CLAMP (span, MOST_IN * (self->limit_max - self->limit_min),
                  MOST_OUT * (self->limit_max - self->limit_min));
  min = at - part * span;
  max = min + span;
  keep_in_limits (self, &min, &max);
  dyno_ruler_set_range (self, min, max);
}

void
dyno_ruler_pan (DynoRuler *self,
                double     distance)
{
  double delta = self->length > 0 ? distance / self->length * (self->max - self->min) : 0;
  double min = self->min + delta;
  double max = self->max + delta;

  keep_in_limits (self, &min, &max);
  if (self->n_columns == 0)
    {
      dyno_ruler_set_range (self, min, max);
      return;
    }

  /* The width of a column stays to the last bit, so what is folded stays. */
  delta = floor (min / self->dx + 0.5) - (double) self->first;
  if (delta == 0)
    return;
  self->first += (gint64) delta;
  range_from_columns (self);
  tell_changed (self);
}

gboolean
dyno_ruler_scroll_to (DynoRuler *self,
                      double     x)
{
  gint64 first;

  if (self->n_columns == 0)
    return FALSE;

  first = (gint64) floor (x / self->dx) + 1 - self->n_columns;
  if (first == self->first)
    return FALSE;

  self->first = first;
  range_from_columns (self);

  return TRUE;
}

/* The length on which ticks of 60 px are as close as a low pane needs them. */
static double
length_for_ticks (DynoRuler *self)
{
  if (!self->is_upright)
    return self->length;

  return self->length * TICK_PX / CLAMP (self->length / 3, LOW_TICK_PX, TICK_PX);
}

guint
dyno_ruler_ticks (DynoRuler     *self,
                  DynoRulerTick *ticks,
                  guint          max)
{
  gboolean is_time = self->quantity == DYNO_QUANTITY_TIME;
  double shift = self->is_relative ? self->max : 0;
  double from = dyno_unit_from_si (self->unit, self->min - shift);
  double to = dyno_unit_from_si (self->unit, self->max - shift);
  DynoPlotTicks plot = dyno_plot_ticks (from, to, length_for_ticks (self), is_time);
  guint n = 0;

  for (guint i = 0; i < plot.n && n < max; i++)
    {
      double value = dyno_unit_to_si (self->unit, dyno_plot_tick (&plot, i)) + shift;

      ticks[n].place = dyno_ruler_place (self, value);
      ticks[n].text = dyno_plot_tick_text (&plot, i, is_time);
      n++;
    }

  return n;
}

void
dyno_ruler_clear_ticks (DynoRulerTick *ticks,
                        guint          n)
{
  for (guint i = 0; i < n; i++)
    g_clear_pointer (&ticks[i].text, g_free);
}

char *
dyno_ruler_format (DynoRuler *self,
                   double     value,
                   gboolean   with_unit)
{
  g_autofree char *number = NULL;

  if (self->is_relative)
    value -= self->max;
  number = dyno_unit_format (self->unit, value, FALSE);
  if (!with_unit || self->unit->symbol[0] == '\0')
    return g_steal_pointer (&number);

  return g_strdup_printf ("%s %s", number, self->unit->symbol);
}

char *
dyno_ruler_label (DynoRuler *self)
{
  static const char *const titles[DYNO_N_QUANTITIES] = {
    [DYNO_QUANTITY_TIME] = N_ ("Time"),
    [DYNO_QUANTITY_DISTANCE] = N_ ("Distance"),
    [DYNO_QUANTITY_SPEED] = N_ ("Speed"),
    [DYNO_QUANTITY_FORCE] = N_ ("Force"),
    [DYNO_QUANTITY_POWER] = N_ ("Power"),
    [DYNO_QUANTITY_TORQUE] = N_ ("Torque"),
    [DYNO_QUANTITY_TEMPERATURE] = N_ ("Temperature"),
    [DYNO_QUANTITY_PRESSURE] = N_ ("Pressure"),
    [DYNO_QUANTITY_ROTATION] = N_ ("Engine speed"),
    [DYNO_QUANTITY_GEAR_RATIO] = N_ ("Gear ratio"),
    [DYNO_QUANTITY_ACCELERATION] = N_ ("Acceleration"),
    [DYNO_QUANTITY_FLOW] = N_ ("Flow"),
    [DYNO_QUANTITY_VOLTAGE] = N_ ("Voltage"),
    [DYNO_QUANTITY_CURRENT] = N_ ("Current"),
    [DYNO_QUANTITY_ANGLE] = N_ ("Angle"),
  };
  const char *title = titles[self->quantity];

  if (title == NULL)
    return g_strdup (self->unit->symbol);

  return g_strdup_printf ("%s, %s", _ (title), self->unit->symbol);
}

DynoQuantity
dyno_ruler_get_quantity (DynoRuler *self)
{
  return self->quantity;
}

void
dyno_ruler_set_quantity (DynoRuler    *self,
                         DynoQuantity  quantity)
{
  if (self->quantity == quantity)
    return;

  self->quantity = quantity;
  self->unit = dyno_unit_si (quantity);
  tell_changed (self);
}

const DynoUnit *
dyno_ruler_get_unit (DynoRuler *self)
{
  return self->unit;
}

void
dyno_ruler_set_unit (DynoRuler      *self,
                     const DynoUnit *unit)
{
  g_return_if_fail (unit != NULL && unit->quantity == self->quantity);

  if (self->unit == unit)
    return;

  self->unit = unit;
  tell_changed (self);
}

void
dyno_ruler_set_relative (DynoRuler *self,
                         gboolean   is_relative)
{
  if (self->is_relative == !!is_relative)
    return;

  self->is_relative = !!is_relative;
  tell_changed (self);
}

gboolean
dyno_ruler_get_relative (DynoRuler *self)
{
  return self->is_relative;
}

static void
dyno_ruler_class_init (DynoRulerClass *klass)
{
  signals[CHANGED] = g_signal_new ("changed", DYNO_TYPE_RULER, G_SIGNAL_RUN_LAST, 0, NULL, NULL,
                                   NULL, G_TYPE_NONE, 0);
}

static void
dyno_ruler_init (DynoRuler *self)
{
  self->unit = dyno_unit_none ();
  self->max = 1;
  self->limit_min = NAN;
  self->limit_max = NAN;
}

DynoRuler *
dyno_ruler_new (DynoQuantity quantity,
                gboolean     is_upright)
{
  DynoRuler *self = g_object_new (DYNO_TYPE_RULER, NULL);

  self->quantity = quantity;
  self->unit = dyno_unit_si (quantity);
  self->is_upright = !!is_upright;

  return self;
}
