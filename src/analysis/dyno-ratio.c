/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

#include "config.h"

#include "dyno-ratio.h"

double
dyno_ratio_clamp (double factor)
{
  return CLAMP (factor, 1 - DYNO_RATIO_CLAMP, 1 + DYNO_RATIO_CLAMP);
}
