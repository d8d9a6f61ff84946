/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

#include "config.h"

#include "dyno-gain.h"

#include <math.h>

#include "dyno-repeat.h"
#include "dyno-stat.h"

/* Normal quantiles of a test at 5 % that finds what is there in 80 %. */
#define TEST_QUANTILE 1.96
#define POWER_QUANTILE 0.84

/* The runs of one side. */
typedef struct
{
  const DynoCurve *const *runs;
  gsize                   n;
} Side;

const char *
dyno_gain_verdict_name (DynoGainVerdict verdict)
{
  static const char *const names[] = {
    "not-enough-runs", "real-gain", "real-loss", "partly", "not-proved",
  };

  g_return_val_if_fail (verdict < G_N_ELEMENTS (names), NULL);

  return names[verdict];
}

/* FALSE where the runs are not over one quantity, or have no common range. */
static gboolean
find_window (const Side *a,
             const Side *b,
             double     *from,
             double     *to)
{
  g_autoptr(GPtrArray) all = g_ptr_array_new ();

  for (gsize i = 0; i < a->n; i++)
    g_ptr_array_add (all, (gpointer) a->runs[i]);
  for (gsize i = 0; i < b->n; i++)
    g_ptr_array_add (all, (gpointer) b->runs[i]);
  for (guint i = 1; i < all->len; i++)
    {
      const DynoCurve *run = g_ptr_array_index (all, i);

      if (run->is_over_speed != ((const DynoCurve *) g_ptr_array_index (all, 0))->is_over_speed)
        return FALSE;
    }

  return dyno_curve_window ((const DynoCurve *const *) all->pdata, all->len, from, to);
}

static double *
side_means (const Side *side,
            double      from,
            double      to)
{
  double *means = g_new (double, MAX (side->n, 1));
  double torque_nm;

  for (gsize i = 0; i < side->n; i++)
    dyno_curve_mean (side->runs[i], from, to, &means[i], &torque_nm);

  return means;
}

static void
test_area (DynoGain   *self,
           const Side *a,
           const Side *b)
{
  g_autofree double *a_kw = side_means (a, self->from, self->to);
  g_autofree double *b_kw = side_means (b, self->from, self->to);

  dyno_welch_test (a_kw, a->n, b_kw, b->n, &self->area);
  self->area_pct = self->area.mean_a != 0 ? self->area.gain / self->area.mean_a * 100 : NAN;
}

/* Power of all runs of a side, a row a bin. (transfer full) */
static double *
side_bins (const Side *side,
           double      from,
           double      to,
           gsize       n_bins)
{
  double *rows = g_new (double, MAX (side->n * n_bins, 1));

  for (gsize run = 0; run < side->n; run++)
    {
      g_autofree double *power_kw = dyno_repeat_power (side->runs[run], from, to);

      for (gsize i = 0; i < n_bins; i++)
        rows[i * side->n + run] = power_kw[i];
    }

  return rows;
}

static void
test_bins (DynoGain   *self,
           const Side *a,
           const Side *b)
{
  gsize n = dyno_repeat_n_bins (self->is_over_speed, self->from, self->to);
  g_autofree double *a_kw = side_bins (a, self->from, self->to, n);
  g_autofree double *b_kw = side_bins (b, self->from, self->to, n);
  g_autofree double *p = g_new (double, n);

  self->n = n;
  self->x = g_new (double, n);
  self->bins = g_new (DynoWelch, n);
  self->holm = g_new (double, n);
  for (gsize i = 0; i < n; i++)
    {
      self->x[i] = dyno_repeat_bin_at (self->is_over_speed, self->from, i);
      dyno_welch_test (a_kw + i * a->n, a->n, b_kw + i * b->n, b->n, &self->bins[i]);
      p[i] = self->bins[i].p;
    }
  dyno_welch_holm (p, n, self->holm);
}

static void
find_stretches (DynoGain *self)
{
  gboolean is_open = FALSE;

  for (gsize i = 0; i < self->n; i++)
    {
      DynoGainStretch one = { self->x[i], self->x[i], self->bins[i].gain < 0 };
      DynoGainStretch *last;

      if (!(self->holm[i] < DYNO_GAIN_ALPHA_BINS))
        {
          is_open = FALSE;
          continue;
        }
      last = self->stretches->len > 0 ? &g_array_index (self->stretches, DynoGainStretch,
                                                        self->stretches->len - 1) : NULL;
      if (is_open && last->is_loss == one.is_loss)
        last->to = one.to;
      else
        g_array_append_val (self->stretches, one);
      is_open = TRUE;
    }
}

static guint
missing_runs (gsize n)
{
  return n < DYNO_GAIN_FEWEST ? DYNO_GAIN_FEWEST - (guint) n : 0;
}

/* Pulls a side that would show a gain of this size, beyond those at hand. */
static guint
more_runs (const DynoGain *self)
{
  double df = (double) (self->n_a + self->n_b) - 2;
  double variance = ((double) (self->n_a - 1) * self->area.sd_a * self->area.sd_a
                     + (double) (self->n_b - 1) * self->area.sd_b * self->area.sd_b) / df;
  double quantiles = TEST_QUANTILE + POWER_QUANTILE;
  double needed = ceil (2 * quantiles * quantiles * variance / (self->area.gain * self->area.gain))
                  - (double) MIN (self->n_a, self->n_b);

  return needed <= DYNO_GAIN_MANY_MORE ? (guint) MAX (needed, 1) : DYNO_GAIN_MANY_MORE + 1;
}

static void
judge (DynoGain *self)
{
  find_stretches (self);
  if (self->area.p < DYNO_GAIN_ALPHA_AREA)
    {
      self->verdict = self->area.gain > 0 ? DYNO_GAIN_REAL_GAIN : DYNO_GAIN_REAL_LOSS;
      return;
    }

  self->verdict = self->stretches->len > 0 ? DYNO_GAIN_PARTLY : DYNO_GAIN_NOT_PROVED;
  if (self->verdict == DYNO_GAIN_NOT_PROVED)
    self->more = more_runs (self);
}

DynoGain *
dyno_gain_new (const DynoCurve *const *a,
               gsize                   n_a,
               const DynoCurve *const *b,
               gsize                   n_b)
{
  Side side_a = { a, n_a };
  Side side_b = { b, n_b };
  double from, to;
  DynoGain *self;

  if (n_a == 0 || n_b == 0 || !find_window (&side_a, &side_b, &from, &to))
    return NULL;

  self = g_new0 (DynoGain, 1);
  self->is_over_speed = a[0]->is_over_speed;
  self->n_a = n_a;
  self->n_b = n_b;
  self->from = from;
  self->to = to;
  self->stretches = g_array_new (FALSE, FALSE, sizeof (DynoGainStretch));
  self->missing_a = missing_runs (n_a);
  self->missing_b = missing_runs (n_b);
  test_area (self, &side_a, &side_b);
  if (self->missing_a + self->missing_b > 0)
    return self;

  test_bins (self, &side_a, &side_b);
  judge (self);

  return self;
}

void
dyno_gain_free (DynoGain *self)
{
  if (self == NULL)
    return;

  g_free (self->x);
  g_free (self->bins);
  g_free (self->holm);
  g_array_unref (self->stretches);
  g_free (self);
}
