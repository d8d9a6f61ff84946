/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

#include "config.h"

#include "dyno-curve-compare.h"

#include <math.h>

static double
percent_of (double part,
            double whole)
{
  return whole != 0 ? part / whole * 100 : NAN;
}

/* B − A of one column, and in percent of A. */
static void
subtract (const DynoCurve *a,
          const double    *a_column,
          const DynoCurve *b,
          const double    *b_column,
          const double    *x,
          gsize            n,
          double          *difference,
          double          *percent)
{
  g_autofree double *before = g_new (double, n);

  dyno_curve_column_at (a, a_column, x, n, before);
  dyno_curve_column_at (b, b_column, x, n, difference);
  for (gsize i = 0; i < n; i++)
    {
      difference[i] -= before[i];
      percent[i] = percent_of (difference[i], before[i]);
    }
}

static void
compare_area (const DynoCurve *a,
              const DynoCurve *b,
              double           from,
              double           to,
              DynoCurveArea   *area)
{
  double a_kw, a_nm;
  double b_kw, b_nm;

  dyno_curve_mean (a, from, to, &a_kw, &a_nm);
  dyno_curve_mean (b, from, to, &b_kw, &b_nm);
  *area = (DynoCurveArea){ from, to, b_kw - a_kw, percent_of (b_kw - a_kw, a_kw), b_nm - a_nm };
}

static void
note_extremes (DynoCurveGain *gain)
{
  gain->max_gain_x = gain->max_loss_x = NAN;
  for (gsize i = 0; i < gain->n; i++)
    {
      if (gain->power_kw[i] > gain->max_gain_kw)
        {
          gain->max_gain_kw = gain->power_kw[i];
          gain->max_gain_x = gain->x[i];
        }
      if (gain->power_kw[i] < gain->max_loss_kw)
        {
          gain->max_loss_kw = gain->power_kw[i];
          gain->max_loss_x = gain->x[i];
        }
    }
}

static DynoCurveGain *
gain_new (double from,
          double to,
          double step)
{
  DynoCurveGain *gain = g_new0 (DynoCurveGain, 1);

  gain->n = (gsize) floor ((to - from) / step + 1e-9) + 1;
  gain->x = g_new (double, gain->n);
  gain->power_kw = g_new (double, gain->n);
  gain->power_pct = g_new (double, gain->n);
  gain->torque_nm = g_new (double, gain->n);
  gain->torque_pct = g_new (double, gain->n);
  for (gsize i = 0; i < gain->n; i++)
    gain->x[i] = from + (double) i * step;

  return gain;
}

DynoCurveGain *
dyno_curve_compare (const DynoCurve *a,
                    const DynoCurve *b)
{
  const DynoCurve *both[] = { a, b };
  double from, to;

  if (a->is_over_speed != b->is_over_speed || !dyno_curve_window (both, 2, &from, &to))
    return NULL;

  return dyno_curve_compare_over (a, b, from, to);
}

static gboolean
holds (const DynoCurve *curve,
       double           from,
       double           to)
{
  return curve->n > 0 && curve->x[0] <= from && curve->x[curve->n - 1] >= to;
}

DynoCurveGain *
dyno_curve_compare_over (const DynoCurve *a,
                         const DynoCurve *b,
                         double           from,
                         double           to)
{
  DynoCurveGain *gain;

  if (a->is_over_speed != b->is_over_speed || !(from < to) || !holds (a, from, to)
      || !holds (b, from, to))
    return NULL;

  gain = gain_new (from, to, a->is_over_speed ? DYNO_CURVE_GRID_KMH : DYNO_CURVE_GRID_RPM);
  subtract (a, a->power_kw, b, b->power_kw, gain->x, gain->n, gain->power_kw, gain->power_pct);
  subtract (a, a->torque_nm, b, b->torque_nm, gain->x, gain->n, gain->torque_nm, gain->torque_pct);
  note_extremes (gain);
  compare_area (a, b, from, to, &gain->area);
  for (guint i = 0; i < DYNO_CURVE_PARTS; i++)
    compare_area (a, b, from + (to - from) * i / DYNO_CURVE_PARTS,
                  from + (to - from) * (i + 1) / DYNO_CURVE_PARTS, &gain->parts[i]);

  return gain;
}

void
dyno_curve_gain_free (DynoCurveGain *self)
{
  if (self == NULL)
    return;

  g_free (self->x);
  g_free (self->power_kw);
  g_free (self->power_pct);
  g_free (self->torque_nm);
  g_free (self->torque_pct);
  g_free (self);
}
