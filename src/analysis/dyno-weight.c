/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

#include "config.h"

#include "dyno-weight.h"

#include <math.h>

#define LEAST_DISTANCE 1e-10
#define MOST_WEIGHT 100.0
#define NEXT_FRACTION 0.5

/* The original squared by pow (), whose last bit is not always that of x · x; a
 * compiler that sees the exponent multiplies. */
static double
square (double x)
{
  static const volatile double two = 2;

  return pow (x, two);
}

static double
log_weight (double distance)
{
  double d = MAX (distance, LEAST_DISTANCE);

  return CLAMP (-log10 (square (d)) / pow (d + 1, 4), 0, MOST_WEIGHT);
}

double
dyno_weight_of (DynoWeight weight,
                double     distance)
{
  switch (weight)
    {
    case DYNO_WEIGHT_LINEAR:
      return MAX (0, 1 - distance);
    case DYNO_WEIGHT_LOG:
      return log_weight (distance);
    case DYNO_WEIGHT_GAUSSIAN:
      return exp (-(distance * distance) / 0.5);
    case DYNO_WEIGHT_UNIFORM:
    default:
      return 1;
    }
}

guint
dyno_weight_place (const DynoAxis *axis,
                   double          value,
                   double         *fraction)
{
  guint index = dyno_axis_locate (axis, value, 0, fraction);

  if (*fraction < 1)
    return index;

  *fraction = 0;

  return index + 1;
}

/* The nearer bin, and how far it is: negative towards the one before. */
static guint
snap (const DynoAxis *axis,
      double          value,
      double         *offset)
{
  guint index = dyno_weight_place (axis, value, offset);

  if (*offset < NEXT_FRACTION)
    return index;

  *offset -= 1;

  return index + 1;
}

guint
dyno_weight_cell (const DynoGridShape *shape,
                  double               rpm,
                  double               load,
                  double              *distance)
{
  double u;
  double w;
  guint row = snap (&shape->rpm, rpm, &u);
  guint column = snap (&shape->load, load, &w);

  *distance = sqrt (square (u) + square (w));

  return row * shape->load.n + column;
}
