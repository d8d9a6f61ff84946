/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

#include "config.h"

#include "dyno-welch.h"

#include <math.h>

#include "dyno-stat.h"
#include "dyno-student.h"

#define SAME_SHARE 0.0005 /* means this near are one where nothing scatters */

typedef struct
{
  double p;
  gsize  index;
} Ranked;

static void
compare_without_scatter (DynoWelch *test,
                         double     nu)
{
  gboolean is_same = fabs (test->gain) <= SAME_SHARE * fabs (test->mean_a);

  test->nu = nu;
  test->t = is_same ? 0 : copysign (INFINITY, test->gain);
  test->p = is_same ? 1 : 0;
  test->ci_low = test->ci_high = test->gain;
}

void
dyno_welch_test (const double *a,
                 gsize         n_a,
                 const double *b,
                 gsize         n_b,
                 DynoWelch    *test)
{
  double u, w;
  double half;

  *test = (DynoWelch){ .mean_a = dyno_stat_mean (a, n_a), .mean_b = dyno_stat_mean (b, n_b),
                       .sd_a = dyno_stat_sd (a, n_a), .sd_b = dyno_stat_sd (b, n_b) };
  test->gain = test->mean_b - test->mean_a;
  test->t = test->nu = test->p = test->ci_low = test->ci_high = NAN;
  u = test->sd_a * test->sd_a / (double) n_a;
  w = test->sd_b * test->sd_b / (double) n_b;
  if (isnan (u + w))
    return;
  if (u + w == 0)
    {
      compare_without_scatter (test, (double) (n_a + n_b - 2));
      return;
    }

  test->t = test->gain / sqrt (u + w);
  test->nu = (u + w) * (u + w) / (u * u / (double) (n_a - 1) + w * w / (double) (n_b - 1));
  test->p = dyno_student_p (test->t, test->nu);
  half = dyno_student_quantile (0.975, test->nu) * sqrt (u + w);
  test->ci_low = test->gain - half;
  test->ci_high = test->gain + half;
}

static int
compare_ranked (gconstpointer a,
                gconstpointer b)
{
  const Ranked *left = a;
  const Ranked *right = b;

  if (left->p != right->p)
    return left->p < right->p ? -1 : 1;

  return left->index < right->index ? -1 : 1;
}

void
dyno_welch_holm (const double *p,
                 gsize         n,
                 double       *adjusted)
{
  g_autoptr(GArray) ranked = g_array_sized_new (FALSE, FALSE, sizeof (Ranked), (guint) n);
  double running = 0;

  for (gsize i = 0; i < n; i++)
    {
      Ranked one = { p[i], i };

      adjusted[i] = NAN;
      if (!isnan (one.p))
        g_array_append_val (ranked, one);
    }
  g_array_sort (ranked, compare_ranked);
  for (guint i = 0; i < ranked->len; i++)
    {
      const Ranked *one = &g_array_index (ranked, Ranked, i);

      running = MAX (running, one->p * (ranked->len - i));
      adjusted[one->index] = MIN (running, 1);
    }
}
