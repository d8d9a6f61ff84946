/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

#include "config.h"

#include "dyno-curve-bins.h"

#include <math.h>

#define RPM_LIMIT 20000
#define N_BINS ((gsize) (RPM_LIMIT / DYNO_CURVE_BIN_RPM) + 1)

typedef struct
{
  gboolean is_used;
  double   power_kw;
  double   torque_nm;
} Bin;

/* fmax takes the number where the other is missing. */
static void
collect (Bin          *bins,
         const double *rpm,
         const double *power_kw,
         const double *torque_nm,
         gsize         n)
{
  for (gsize i = 0; i < n; i++)
    {
      Bin *bin;

      if (!(rpm[i] > 0 && rpm[i] < RPM_LIMIT))
        continue;
      bin = &bins[(gsize) rint (rpm[i] / DYNO_CURVE_BIN_RPM)];
      bin->power_kw = bin->is_used ? fmax (bin->power_kw, power_kw[i]) : power_kw[i];
      bin->torque_nm = bin->is_used ? fmax (bin->torque_nm, torque_nm[i]) : torque_nm[i];
      bin->is_used = TRUE;
    }
}

DynoCurve *
dyno_curve_bins (const double *rpm,
                 const double *power_kw,
                 const double *torque_nm,
                 gsize         n)
{
  g_autofree Bin *bins = g_new0 (Bin, N_BINS);
  DynoCurve *curve;
  gsize n_used = 0;
  gsize used = 0;

  collect (bins, rpm, power_kw, torque_nm, n);
  for (gsize i = 0; i < N_BINS; i++)
    n_used += bins[i].is_used;
  curve = dyno_curve_new (n_used, FALSE);
  curve->is_pair = TRUE;
  for (gsize i = 0; i < N_BINS; i++)
    {
      if (!bins[i].is_used)
        continue;
      curve->x[used] = (double) i * DYNO_CURVE_BIN_RPM;
      curve->power_kw[used] = bins[i].power_kw;
      curve->torque_nm[used] = bins[i].torque_nm;
      used++;
    }

  return curve;
}
