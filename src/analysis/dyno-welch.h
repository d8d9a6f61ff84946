/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* Do two groups of measurements differ, when neither need scatter like the other?
 * (B. L. Welch 1947; analysis.md 2.7) */

typedef struct
{
  double mean_a;
  double mean_b;
  double sd_a;
  double sd_b;
  double gain;    /* mean_b − mean_a */
  double t;       /* ±INFINITY where nothing scatters and the means differ */
  double nu;      /* degrees of freedom */
  double p;       /* two-sided */
  double ci_low;  /* of the gain, 95 % */
  double ci_high;
} DynoWelch;

/* Two values or more on each side, else all is NaN. Where neither side scatters p
 * is 0 for means that differ by more than 0.05 %, else 1. */
void dyno_welch_test (const double *a,
                      gsize         n_a,
                      const double *b,
                      gsize         n_b,
                      DynoWelch    *test);

/* p-values of a family made to answer for each other: with `adjusted` ≤ α a claim
 * anywhere in the family is wrong at most once in 1 / α (S. Holm 1979). NaN stays
 * NaN and is not counted. `adjusted` has room for n and may be `p`. */
void dyno_welch_holm (const double *p,
                      gsize         n,
                      double       *adjusted);

G_END_DECLS
