/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

#pragma once

#include <math.h>

#include "dyno-math-version.h"

G_BEGIN_DECLS

/* From a mixture to a fuel factor (analysis.md 0.5, 0.6). Measured leaner than the
 * target is a factor above 1: more fuel. */

#define DYNO_RATIO_MIN_AFR 9.0
#define DYNO_RATIO_MAX_AFR 20.0
#define DYNO_RATIO_CLAMP 0.15

static inline gboolean
dyno_ratio_has_value (double afr)
{
  return afr >= DYNO_RATIO_MIN_AFR && afr <= DYNO_RATIO_MAX_AFR;
}

/* Both sides in AFR of petrol, 9…20; NaN for anything else. */
static inline double
dyno_ratio_factor (DynoMathVersion version,
                   double          measured_afr,
                   double          target_afr)
{
  if (!dyno_ratio_has_value (measured_afr) || !dyno_ratio_has_value (target_afr))
    return NAN;

  return version == DYNO_MATH_1_0_0 ? 1 + 0.07 * (measured_afr - target_afr)
                                    : measured_afr / target_afr;
}

/* A single step, at most ±15 %. */
double dyno_ratio_clamp (double factor);

G_END_DECLS
