/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

#pragma once

#include "dyno-curve.h"

G_BEGIN_DECLS

/* What B makes more than A (analysis.md 2.5): at every point of the grid, and as
 * area over a window. Both with one level of smoothing and one correction standard;
 * nobody can see that from here. A single pull against a single pull: whether the
 * difference is more than scatter says dyno-gain.h. */

#define DYNO_CURVE_PARTS 3

/* The gain of the mean over a stretch. */
typedef struct
{
  double from;
  double to;
  double mean_kw;
  double mean_pct; /* of A's mean; NaN at 0 */
  double mean_nm;  /* NaN over speed */
} DynoCurveArea;

typedef struct
{
  gsize         n;
  double       *x;          /* (owned) the curve's own grid: 5 rpm, 0.25 km/h */
  double       *power_kw;   /* (owned) B − A */
  double       *power_pct;  /* (owned) of A */
  double       *torque_nm;  /* (owned) B − A; NaN over speed */
  double       *torque_pct; /* (owned) of A */
  DynoCurveArea area;       /* of the window */
  DynoCurveArea parts[DYNO_CURVE_PARTS]; /* its thirds */
  double        max_gain_kw; /* 0 or more; at the lowest x on ties */
  double        max_gain_x;  /* NaN where B is nowhere better */
  double        max_loss_kw; /* 0 or less */
  double        max_loss_x;  /* NaN where B is nowhere worse */
} DynoCurveGain;

/* Over the common range; NULL where the two have none, or are not over the same
 * quantity. (transfer full) */
DynoCurveGain *dyno_curve_compare      (const DynoCurve *a,
                                        const DynoCurve *b);
/* Over a window inside both; NULL for one that is not. */
DynoCurveGain *dyno_curve_compare_over (const DynoCurve *a,
                                        const DynoCurve *b,
                                        double           from,
                                        double           to);
void           dyno_curve_gain_free    (DynoCurveGain   *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (DynoCurveGain, dyno_curve_gain_free)

G_END_DECLS
