/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

#include "config.h"

#include "dyno-lsq.h"

#include <math.h>

#define DEPENDENT 1e-10 /* of a unit column: what is left of it is rounding */

static double
column_norm (const double *a,
             gsize         rows,
             guint         n,
             guint         column,
             gsize         from)
{
  double squares = 0;

  for (gsize r = from; r < rows; r++)
    squares += a[r * n + column] * a[r * n + column];

  return sqrt (squares);
}

static gboolean
scale_columns (double *a,
               gsize   rows,
               guint   n,
               double *scale)
{
  for (guint c = 0; c < n; c++)
    {
      scale[c] = column_norm (a, rows, n, c, 0);
      if (!(scale[c] > 0) || !isfinite (scale[c]))
        return FALSE;
      for (gsize r = 0; r < rows; r++)
        a[r * n + c] /= scale[c];
    }

  return TRUE;
}

/* x ← x − 2 v (v·x)/(v·v); v stands in column `k` from row k on. */
static void
reflect (const double *a,
         gsize         rows,
         guint         n,
         guint         k,
         double        vv,
         double       *x,
         guint         stride)
{
  double dot = 0;

  for (gsize r = k; r < rows; r++)
    dot += a[r * n + k] * x[r * stride];
  dot *= 2 / vv;
  for (gsize r = k; r < rows; r++)
    x[r * stride] -= dot * a[r * n + k];
}

/* Leaves R above the diagonal of `a`, its diagonal in `diagonal`, Qᵀb in `b`. */
static gboolean
factorise (double *a,
           double *b,
           gsize   rows,
           guint   n,
           double *diagonal)
{
  for (guint k = 0; k < n; k++)
    {
      double norm = column_norm (a, rows, n, k, k);
      double vv;

      if (norm < DEPENDENT)
        return FALSE;
      diagonal[k] = a[k * n + k] > 0 ? -norm : norm;
      a[k * n + k] -= diagonal[k];
      vv = column_norm (a, rows, n, k, k);
      vv *= vv;
      for (guint c = k + 1; c < n; c++)
        reflect (a, rows, n, k, vv, a + c, n);
      reflect (a, rows, n, k, vv, b, 1);
    }

  return TRUE;
}

static void
back_substitute (const double *a,
                 guint         n,
                 const double *diagonal,
                 double       *x)
{
  for (guint k = n; k-- > 0;)
    {
      for (guint c = k + 1; c < n; c++)
        x[k] -= a[k * n + c] * x[c];
      x[k] /= diagonal[k];
    }
}

/* Row c of R⁻¹ has the length that the standard error of unknown c grows by. */
static void
set_errors (const double *a,
            guint         n,
            const double *diagonal,
            const double *scale,
            double        variance,
            DynoLsq      *result)
{
  double lengths[DYNO_LSQ_MAX] = { 0 };

  for (guint e = 0; e < n; e++)
    {
      double column[DYNO_LSQ_MAX] = { 0 };

      column[e] = 1;
      back_substitute (a, n, diagonal, column);
      for (guint c = 0; c < n; c++)
        lengths[c] += column[c] * column[c];
    }
  for (guint c = 0; c < n; c++)
    result->std_error[c] = sqrt (variance * lengths[c]) / scale[c];
}

gboolean
dyno_lsq_solve (double  *a,
                double  *b,
                gsize    rows,
                guint    n,
                DynoLsq *result)
{
  double scale[DYNO_LSQ_MAX];
  double diagonal[DYNO_LSQ_MAX];
  double rss = 0;

  g_return_val_if_fail (n > 0 && n <= DYNO_LSQ_MAX, FALSE);
  if (rows < n || !scale_columns (a, rows, n, scale) || !factorise (a, b, rows, n, diagonal))
    return FALSE;

  for (gsize r = n; r < rows; r++)
    rss += b[r] * b[r];
  result->n = n;
  result->rms = sqrt (rss / (double) rows);
  for (guint c = 0; c < n; c++)
    result->solution[c] = b[c];
  back_substitute (a, n, diagonal, result->solution);
  for (guint c = 0; c < n; c++)
    result->solution[c] /= scale[c];
  set_errors (a, n, diagonal, scale, rows > n ? rss / (double) (rows - n) : NAN, result);

  return TRUE;
}
