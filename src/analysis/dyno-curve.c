/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

#include "config.h"

#include "dyno-curve.h"

#include <math.h>

#include "dyno-units.h"

#define WINDOW_STEP_RPM 50
#define WINDOW_STEP_KMH 5

static double *
new_empty (gsize n)
{
  double *values = g_new (double, MAX (n, 1));

  for (gsize i = 0; i < n; i++)
    values[i] = NAN;

  return values;
}

DynoCurve *
dyno_curve_new (gsize    n,
                gboolean is_over_speed)
{
  DynoCurve *self = g_new0 (DynoCurve, 1);

  self->is_over_speed = is_over_speed;
  self->n = n;
  self->x = new_empty (n);
  self->time_s = new_empty (n);
  self->power_kw = new_empty (n);
  self->torque_nm = new_empty (n);
  self->afr = new_empty (n);
  self->map_kpa = new_empty (n);

  return self;
}

void
dyno_curve_free (DynoCurve *self)
{
  if (self == NULL)
    return;

  g_free (self->x);
  g_free (self->time_s);
  g_free (self->power_kw);
  g_free (self->torque_nm);
  g_free (self->afr);
  g_free (self->map_kpa);
  g_free (self);
}

double
dyno_curve_half_rpm (guint level)
{
  return level == 0 ? 0 : 25 * (double) (1u << (level - 1));
}

/* Value at 0 of the parabola through (−left…right, values) in the mean square,
 * positions scaled to the half-width. */
static double
parabola_at_zero (const double *values,
                  gint          left,
                  gint          right,
                  double        half)
{
  double s0 = 0, s1 = 0, s2 = 0, s3 = 0, s4 = 0;
  double y0 = 0, y1 = 0, y2 = 0;
  double c0, c1, c2;

  for (gint k = -left; k <= right; k++)
    {
      double t = k / half;
      double y = values[k];

      s0 += 1;
      s1 += t;
      s2 += t * t;
      s3 += t * t * t;
      s4 += t * t * t * t;
      y0 += y;
      y1 += y * t;
      y2 += y * t * t;
    }
  /* Cramer's rule for the constant of the three normal equations. */
  c0 = s2 * s4 - s3 * s3;
  c1 = s2 * s3 - s1 * s4;
  c2 = s1 * s3 - s2 * s2;

  return (y0 * c0 + y1 * c1 + y2 * c2) / (s0 * c0 + s1 * c1 + s2 * c2);
}

void
dyno_curve_filter (const double *values,
                   gsize         n,
                   guint         half,
                   double       *smoothed)
{
  for (gsize i = 0; i < n; i++)
    {
      gint left = (gint) MIN (i, half);
      gint right = (gint) MIN (n - 1 - i, half);

      smoothed[i] =
          left + right < 2 ? values[i] : parabola_at_zero (values + i, left, right, half);
    }
}

/* Linear between the points that have a value; NaN beyond them. */
static void
resample_series (const double *x,
                 const double *values,
                 gsize         n,
                 const double *grid,
                 gsize         n_grid,
                 double       *resampled)
{
  gsize left = n; /* last point with a value at or below the grid point */
  gsize next = 0;

  for (gsize g = 0; g < n_grid; g++)
    {
      gsize right;

      for (; next < n && x[next] <= grid[g]; next++)
        {
          if (!isnan (values[next]))
            left = next;
        }
      for (right = next; right < n && isnan (values[right]); right++)
        ;
      if (left < n && x[left] == grid[g])
        resampled[g] = values[left];
      else if (left < n && right < n)
        resampled[g] = values[left]
                       + (values[right] - values[left]) * (grid[g] - x[left]) / (x[right] - x[left]);
      else
        resampled[g] = NAN;
    }
}

DynoCurve *
dyno_curve_resample (const DynoCurve *self,
                     double           step)
{
  double first = self->n > 0 ? ceil (self->x[0] / step) : 1;
  double last = self->n > 0 ? floor (self->x[self->n - 1] / step) : 0;
  DynoCurve *curve = dyno_curve_new (last >= first ? (gsize) (last - first) + 1 : 0,
                                     self->is_over_speed);

  for (gsize i = 0; i < curve->n; i++)
    curve->x[i] = (first + (double) i) * step;
  resample_series (self->x, self->time_s, self->n, curve->x, curve->n, curve->time_s);
  resample_series (self->x, self->power_kw, self->n, curve->x, curve->n, curve->power_kw);
  resample_series (self->x, self->torque_nm, self->n, curve->x, curve->n, curve->torque_nm);
  resample_series (self->x, self->afr, self->n, curve->x, curve->n, curve->afr);
  resample_series (self->x, self->map_kpa, self->n, curve->x, curve->n, curve->map_kpa);
  curve->level = self->level;
  curve->is_pair = self->is_pair;

  return curve;
}

static double
grid_step (const DynoCurve *self)
{
  return self->is_over_speed ? DYNO_CURVE_GRID_KMH : DYNO_CURVE_GRID_RPM;
}

/* Filters each stretch without holes for itself. */
static void
filter_series (double *values,
               gsize   n,
               guint   half)
{
  g_autofree double *smoothed = g_new (double, MAX (n, 1));
  gsize begin = 0;

  while (begin < n)
    {
      gsize end = begin;

      while (end < n && !isnan (values[end]))
        end++;
      dyno_curve_filter (values + begin, end - begin, half, smoothed + begin);
      for (gsize i = begin; i < end; i++)
        values[i] = smoothed[i];
      begin = end + 1;
    }
}

DynoCurve *
dyno_curve_smooth (const DynoCurve *self,
                   guint            level)
{
  DynoCurve *curve;
  guint half;

  g_return_val_if_fail (level < DYNO_CURVE_LEVELS, NULL);

  if (level == 0)
    {
      curve = dyno_curve_new (self->n, self->is_over_speed);
      curve->is_pair = self->is_pair;
      for (gsize i = 0; i < self->n; i++)
        {
          curve->x[i] = self->x[i];
          curve->time_s[i] = self->time_s[i];
          curve->power_kw[i] = self->power_kw[i];
          curve->torque_nm[i] = self->torque_nm[i];
          curve->afr[i] = self->afr[i];
          curve->map_kpa[i] = self->map_kpa[i];
        }
      return curve;
    }

  curve = dyno_curve_resample (self, grid_step (self));
  curve->level = level;
  half = (guint) (dyno_curve_half_rpm (level) / DYNO_CURVE_GRID_RPM);
  filter_series (curve->afr, curve->n, half);
  filter_series (curve->map_kpa, curve->n, half);
  if (self->is_over_speed || self->is_pair)
    filter_series (curve->power_kw, curve->n, half);
  if (!self->is_over_speed)
    filter_series (curve->torque_nm, curve->n, half);
  for (gsize i = 0; i < curve->n && !self->is_over_speed && !self->is_pair; i++)
    curve->power_kw[i] = curve->torque_nm[i] * curve->x[i] / DYNO_NM_RPM_PER_KW;

  return curve;
}

void
dyno_curve_column_at (const DynoCurve *self,
                      const double    *column,
                      const double    *x,
                      gsize            n,
                      double          *values)
{
  resample_series (self->x, column, self->n, x, n, values);
}

void
dyno_curve_scale (DynoCurve *self,
                  double     factor)
{
  for (gsize i = 0; i < self->n; i++)
    {
      self->power_kw[i] *= factor;
      self->torque_nm[i] *= factor;
    }
}

static DynoPeak
peak_of (const DynoCurve *self,
         const double    *values)
{
  DynoPeak peak = { NAN, NAN, NAN };

  for (gsize i = 0; i < self->n; i++)
    {
      if (values[i] > peak.value || (isnan (peak.value) && !isnan (values[i])))
        peak = (DynoPeak){ values[i], self->x[i], self->time_s[i] };
    }

  return peak;
}

DynoPeak
dyno_curve_peak_power (const DynoCurve *self)
{
  return peak_of (self, self->power_kw);
}

DynoPeak
dyno_curve_peak_torque (const DynoCurve *self)
{
  return peak_of (self, self->torque_nm);
}

static double
value_at (const DynoCurve *self,
          const double    *values,
          double           x)
{
  double value;

  resample_series (self->x, values, self->n, &x, 1, &value);

  return value;
}

/* Exact for the straight lines between the points. */
static double
mean_of (const DynoCurve *self,
         const double    *values,
         double           from,
         double           to)
{
  double x = from;
  double y = value_at (self, values, from);
  double y_end = value_at (self, values, to);
  double area = 0;

  for (gsize i = 0; i < self->n; i++)
    {
      if (self->x[i] <= from || self->x[i] >= to || isnan (values[i]))
        continue;
      area += (self->x[i] - x) * (values[i] + y) / 2;
      x = self->x[i];
      y = values[i];
    }
  area += (to - x) * (y_end + y) / 2;

  return area / (to - from);
}

void
dyno_curve_mean (const DynoCurve *self,
                 double           from,
                 double           to,
                 double          *power_kw,
                 double          *torque_nm)
{
  *power_kw = from < to ? mean_of (self, self->power_kw, from, to) : NAN;
  *torque_nm = from < to ? mean_of (self, self->torque_nm, from, to) : NAN;
}

gboolean
dyno_curve_window (const DynoCurve *const *curves,
                   gsize                   n,
                   double                 *from,
                   double                 *to)
{
  double step = n > 0 && curves[0]->is_over_speed ? WINDOW_STEP_KMH : WINDOW_STEP_RPM;

  *from = -INFINITY;
  *to = INFINITY;
  for (gsize i = 0; i < n; i++)
    {
      if (curves[i]->n == 0)
        return FALSE;
      *from = MAX (*from, curves[i]->x[0]);
      *to = MIN (*to, curves[i]->x[curves[i]->n - 1]);
    }
  *from = ceil (*from / step) * step;
  *to = floor (*to / step) * step;

  return n > 0 && *from < *to;
}
