/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

#include "config.h"

#include "dyno-clamp.h"

#include <math.h>

#define VISIBLE_PCT 0.01

double
dyno_clamp_limit_pct (const DynoVeOptions *options,
                      DynoConfidence       confidence)
{
  if (confidence >= DYNO_CONFIDENCE_SKIP)
    return NAN;

  return MIN (options->limits[confidence], options->clamp_pct);
}

double
dyno_clamp (double    delta_pct,
            double    limit_pct,
            gboolean *is_clamped)
{
  double limited;

  *is_clamped = FALSE;
  if (isnan (delta_pct) || isnan (limit_pct))
    return NAN;

  limited = CLAMP (delta_pct, -limit_pct, limit_pct);
  *is_clamped = fabs (limited - delta_pct) > VISIBLE_PCT;

  return limited;
}
