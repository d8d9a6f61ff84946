/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

#pragma once

#include "dyno-curve.h"

G_BEGIN_DECLS

/* How well a group of pulls repeats (analysis.md 2.7): the spread of power in bins
 * of 25 rpm (1.25 km/h over speed) over a window. The curves must have one level of
 * smoothing and one correction standard; nobody can see that from here. */

#define DYNO_REPEAT_FEWEST 2

typedef struct
{
  gsize   n_runs;
  gsize   n;        /* bins; 0 below two runs */
  double *x;        /* (owned) 1/min, or km/h */
  double *mean_kw;  /* (owned) */
  double *sd_kw;    /* (owned) with n_runs − 1 */
  double *cv_pct;   /* (owned) of the mean; NaN at a mean of 0 */
  double *ci_kw;    /* (owned) half-width of the 95 % interval of the mean */
  double  sr_kw;    /* root of the mean variance over the bins */
  double  limit_kw; /* r = 2.8 · s_r: two pulls alike differ by less in 95 of 100 cases */
} DynoRepeat;

/* All runs over one quantity, all of [from, to] inside every one of them, as
 * dyno_curve_window () gives it. (transfer full) */
DynoRepeat *dyno_repeat_new  (const DynoCurve *const *runs,
                              gsize                   n_runs,
                              double                  from,
                              double                  to);
void        dyno_repeat_free (DynoRepeat             *self);

/* How many bins a window has, the place of one of them, and the power of a run in
 * all of them. (transfer full) */
gsize       dyno_repeat_n_bins (gboolean          is_over_speed,
                                double            from,
                                double            to);
double      dyno_repeat_bin_at (gboolean          is_over_speed,
                                double            from,
                                gsize             bin);
double     *dyno_repeat_power  (const DynoCurve  *run,
                                double            from,
                                double            to);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (DynoRepeat, dyno_repeat_free)

G_END_DECLS
