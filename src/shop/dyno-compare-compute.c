/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

#include "config.h"

#include "dyno-compare-private.h"

#include <math.h>

#include "dyno-error.h"

/* From the powers of some runs to what a comparison says; pure. */

static DynoCompareSeries *
series_at (const DynoCompare *self,
           guint              index)
{
  return g_ptr_array_index (self->series, index);
}

/* Curves */

/* The same points over the speed of the drum. (transfer full) */
static DynoCurve *
curve_over_speed (const DynoPower *power)
{
  DynoCurve *curve = dyno_curve_smooth (power->curve, 0);

  for (gsize i = 0; i < curve->n && !curve->is_over_speed; i++)
    curve->x[i] /= power->ratio;
  curve->is_over_speed = TRUE;

  return curve;
}

static gboolean
make_curve (DynoCompareSeries *series,
            DynoCompareX       x,
            GError           **error)
{
  const DynoPower *power = series->power->power;

  if (power->curve->n == 0)
    dyno_error_set (error, DYNO_ERROR_INVALID, "no_pull",
                    "There is no pull in “%s”; leave it out of the comparison.", series->name);
  else if (x == DYNO_COMPARE_OVER_RPM && power->curve->is_over_speed)
    dyno_error_set (error, DYNO_ERROR_INVALID, "no_rpm",
                    "“%s” has no engine speed; compare over speed.", series->name);
  else if (x == DYNO_COMPARE_OVER_SPEED && !power->curve->is_over_speed && isnan (power->ratio))
    dyno_error_set (error, DYNO_ERROR_INVALID, "no_speed",
                    "“%s” has no drum speed; compare over rpm.", series->name);
  else
    {
      series->curve = x == DYNO_COMPARE_OVER_SPEED ? curve_over_speed (power)
                                                   : dyno_curve_smooth (power->curve, 0);
      series->curve->level = power->curve->level;
      return TRUE;
    }

  return FALSE;
}

/* The curves of a group. (transfer container) */
static GPtrArray *
collect_curves (const DynoCompare *self,
                gboolean         (*is_member) (const DynoCompare *, guint))
{
  GPtrArray *curves = g_ptr_array_new ();

  for (guint i = 0; i < self->series->len; i++)
    {
      if (is_member (self, i))
        g_ptr_array_add (curves, series_at (self, i)->curve);
    }

  return curves;
}

static gboolean
is_any (const DynoCompare *self,
        guint              index)
{
  return TRUE;
}

static gboolean
is_before (const DynoCompare *self,
           guint              index)
{
  return series_at (self, index)->is_before;
}

static gboolean
is_after (const DynoCompare *self,
          guint              index)
{
  return !series_at (self, index)->is_before;
}

static gboolean
find_window (DynoCompare *self,
             GError     **error)
{
  g_autoptr(GPtrArray) curves = collect_curves (self, is_any);

  if (dyno_curve_window ((const DynoCurve *const *) curves->pdata, curves->len, &self->from,
                         &self->to))
    return TRUE;

  dyno_error_set (error, DYNO_ERROR_INVALID, "no_common_range",
                  "The pulls have no common range of %s; compare fewer of them.",
                  self->x == DYNO_COMPARE_OVER_RPM ? "engine speed" : "speed");

  return FALSE;
}

/* Figures */

static DynoRepeat *
repeat_of (const DynoCompare *self,
           const GPtrArray   *curves)
{
  if (curves->len < DYNO_REPEAT_FEWEST)
    return NULL;

  return dyno_repeat_new ((const DynoCurve *const *) curves->pdata, curves->len, self->from,
                          self->to);
}

static void
compute_figures (DynoCompare *self)
{
  g_autoptr(GPtrArray) all = collect_curves (self, is_any);
  g_autoptr(GPtrArray) before = collect_curves (self, is_before);
  g_autoptr(GPtrArray) after = collect_curves (self, is_after);
  const DynoCurve *baseline = series_at (self, self->baseline)->curve;

  for (guint i = 0; i < self->series->len; i++)
    {
      if (i != self->baseline)
        series_at (self, i)->gain = dyno_curve_compare_over (baseline, series_at (self, i)->curve,
                                                             self->from, self->to);
    }
  self->all = repeat_of (self, all);
  self->before = repeat_of (self, before);
  self->after = repeat_of (self, after);
  self->gain = dyno_gain_new ((const DynoCurve *const *) before->pdata, before->len,
                              (const DynoCurve *const *) after->pdata, after->len);
}

static gboolean
is_pinned (const DynoCompare *self,
           guint              index)
{
  return series_at (self, index)->is_pinned;
}

/* −1 without one. */
static gint
first_of (const DynoCompare *self,
          gboolean         (*is_member) (const DynoCompare *, guint))
{
  for (guint i = 0; i < self->series->len; i++)
    {
      if (is_member (self, i))
        return (gint) i;
    }

  return -1;
}

/* Without groups the baseline alone is what the others are held against. */
static void
choose_groups (DynoCompare *self,
               gint         baseline)
{
  self->has_groups = first_of (self, is_before) >= 0;
  if (baseline < 0)
    baseline = first_of (self, self->has_groups ? is_before : is_pinned);
  self->baseline = (guint) MAX (baseline, 0);
  if (!self->has_groups)
    series_at (self, self->baseline)->is_before = TRUE;
}

gboolean
dyno_compare_compute (DynoCompare *self,
                      gint         baseline,
                      GError     **error)
{
  for (guint i = 0; i < self->series->len; i++)
    {
      if (!make_curve (series_at (self, i), self->x, error))
        return FALSE;
    }
  if (!find_window (self, error))
    return FALSE;

  choose_groups (self, baseline);
  compute_figures (self);

  return TRUE;
}
