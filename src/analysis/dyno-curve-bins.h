/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

#pragma once

#include "dyno-curve.h"

G_BEGIN_DECLS

/* The engine table as the original made it (analysis.md 2.5, compat): engine speed
 * rounded half to even to 100, of each bin the largest power and the largest torque,
 * from different rows where they are. For the compat profiles; the product's own
 * table is dyno_curve_resample (). */

#define DYNO_CURVE_BIN_RPM 100.0

/* Rows in any order; those without 0 < rpm < 20000 and missing values are left out.
 * Time, mixture and MAP of the answer are missing. (transfer full) */
DynoCurve *dyno_curve_bins (const double *rpm,
                            const double *power_kw,
                            const double *torque_nm,
                            gsize         n);

G_END_DECLS
