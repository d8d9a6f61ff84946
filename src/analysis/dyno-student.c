/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

#include "config.h"

#include "dyno-student.h"

#include <math.h>

#define PRECISION 1e-15
#define TINY 1e-300
#define MAX_TERMS 10000

static double
not_zero (double value)
{
  return fabs (value) < TINY ? TINY : value;
}

/* The two terms that follow each other in the fraction: number m of each kind. */
static double
even_term (double a,
           double b,
           double x,
           double m)
{
  return m * (b - m) * x / ((a + 2 * m - 1) * (a + 2 * m));
}

static double
odd_term (double a,
          double b,
          double x,
          double m)
{
  return -(a + m) * (a + b + m) * x / ((a + 2 * m) * (a + 2 * m + 1));
}

/* One step of Lentz's method; the answer is by how much the value changed. */
static double
lentz_step (double  term,
            double *c,
            double *d,
            double *value)
{
  double change;

  *d = 1 / not_zero (1 + term * *d);
  *c = not_zero (1 + term / *c);
  change = *c * *d;
  *value *= change;

  return change;
}

static double
beta_fraction (double a,
               double b,
               double x)
{
  double c = 1;
  double d = 1 / not_zero (1 - (a + b) * x / (a + 1));
  double value = d;

  for (double m = 1; m < MAX_TERMS; m++)
    {
      lentz_step (even_term (a, b, x, m), &c, &d, &value);
      if (fabs (lentz_step (odd_term (a, b, x, m), &c, &d, &value) - 1) < PRECISION)
        break;
    }

  return value;
}

/* With 1 − x beside x: near 1 it cannot be had from x any more. */
static double
beta_of (double a,
         double b,
         double x,
         double rest)
{
  int sign;
  double front;

  if (x <= 0 || rest <= 0)
    return x <= 0 ? 0 : 1;

  front = exp (lgamma_r (a + b, &sign) - lgamma_r (a, &sign) - lgamma_r (b, &sign) + a * log (x)
               + b * log (rest));
  if (x < (a + 1) / (a + b + 2))
    return front * beta_fraction (a, b, x) / a;

  return 1 - front * beta_fraction (b, a, rest) / b;
}

double
dyno_student_p (double t,
                double nu)
{
  if (isnan (t) || !(nu > 0))
    return NAN;
  if (isinf (t))
    return 0;

  return beta_of (nu / 2, 0.5, nu / (nu + t * t), t * t / (nu + t * t));
}

double
dyno_student_quantile (double q,
                       double nu)
{
  double tail = 2 * MIN (q, 1 - q);
  double low = 0;
  double high = 1;

  if (!(q > 0 && q < 1) || !(nu > 0))
    return NAN;

  while (dyno_student_p (high, nu) > tail && high < 1e300)
    high *= 2;
  for (guint i = 0; i < 200 && low < high; i++)
    {
      double middle = low + (high - low) / 2;

      if (middle == low || middle == high)
        break;
      if (dyno_student_p (middle, nu) > tail)
        low = middle;
      else
        high = middle;
    }

  return q < 0.5 ? -high : high;
}
