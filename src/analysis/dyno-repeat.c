/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

#include "config.h"

#include "dyno-repeat.h"

#include <math.h>

#include "dyno-stat.h"
#include "dyno-student.h"

#define GRID_STEPS 5 /* of the curve's own grid to a bin: 25 rpm, 1.25 km/h */
#define LIMIT 2.8    /* 1.96 · √2, as ISO 5725-6 rounds it */

static double
bin_step (gboolean is_over_speed)
{
  return GRID_STEPS * (is_over_speed ? DYNO_CURVE_GRID_KMH : DYNO_CURVE_GRID_RPM);
}

gsize
dyno_repeat_n_bins (gboolean is_over_speed,
                    double   from,
                    double   to)
{
  return to >= from ? (gsize) floor ((to - from) / bin_step (is_over_speed)) + 1 : 0;
}

double
dyno_repeat_bin_at (gboolean is_over_speed,
                    double   from,
                    gsize    bin)
{
  return from + (double) bin * bin_step (is_over_speed);
}

double *
dyno_repeat_power (const DynoCurve *run,
                   double           from,
                   double           to)
{
  gsize n = dyno_repeat_n_bins (run->is_over_speed, from, to);
  double *power_kw = g_new (double, MAX (n, 1));
  g_autofree double *x = g_new (double, MAX (n, 1));

  for (gsize i = 0; i < n; i++)
    x[i] = dyno_repeat_bin_at (run->is_over_speed, from, i);
  dyno_curve_column_at (run, run->power_kw, x, n, power_kw);

  return power_kw;
}

/* What the runs say of one bin. */
static void
describe_bin (DynoRepeat    *self,
              double *const *power_kw,
              gsize          bin)
{
  g_autofree double *values = g_new (double, self->n_runs);
  double t = dyno_student_quantile (0.975, (double) self->n_runs - 1);

  for (gsize run = 0; run < self->n_runs; run++)
    values[run] = power_kw[run][bin];
  self->mean_kw[bin] = dyno_stat_mean (values, self->n_runs);
  self->sd_kw[bin] = dyno_stat_sd (values, self->n_runs);
  self->cv_pct[bin] = self->mean_kw[bin] != 0 ? self->sd_kw[bin] / self->mean_kw[bin] * 100 : NAN;
  self->ci_kw[bin] = t * self->sd_kw[bin] / sqrt ((double) self->n_runs);
}

static void
sum_up (DynoRepeat *self)
{
  double variance = 0;
  gsize n = 0;

  for (gsize i = 0; i < self->n; i++)
    {
      if (isnan (self->sd_kw[i]))
        continue;
      variance += self->sd_kw[i] * self->sd_kw[i];
      n++;
    }
  self->sr_kw = n > 0 ? sqrt (variance / (double) n) : NAN;
  self->limit_kw = LIMIT * self->sr_kw;
}

DynoRepeat *
dyno_repeat_new (const DynoCurve *const *runs,
                 gsize                   n_runs,
                 double                  from,
                 double                  to)
{
  DynoRepeat *self = g_new0 (DynoRepeat, 1);
  g_autoptr(GPtrArray) power_kw = g_ptr_array_new_with_free_func (g_free);

  self->n_runs = n_runs;
  if (n_runs >= DYNO_REPEAT_FEWEST)
    self->n = dyno_repeat_n_bins (runs[0]->is_over_speed, from, to);
  self->x = g_new (double, MAX (self->n, 1));
  self->mean_kw = g_new (double, MAX (self->n, 1));
  self->sd_kw = g_new (double, MAX (self->n, 1));
  self->cv_pct = g_new (double, MAX (self->n, 1));
  self->ci_kw = g_new (double, MAX (self->n, 1));
  for (gsize run = 0; run < n_runs; run++)
    g_ptr_array_add (power_kw, dyno_repeat_power (runs[run], from, to));
  for (gsize i = 0; i < self->n; i++)
    {
      self->x[i] = dyno_repeat_bin_at (runs[0]->is_over_speed, from, i);
      describe_bin (self, (double *const *) power_kw->pdata, i);
    }
  sum_up (self);

  return self;
}

void
dyno_repeat_free (DynoRepeat *self)
{
  if (self == NULL)
    return;

  g_free (self->x);
  g_free (self->mean_kw);
  g_free (self->sd_kw);
  g_free (self->cv_pct);
  g_free (self->ci_kw);
  g_free (self);
}
