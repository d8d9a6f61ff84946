/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

#pragma once

#include "dyno-ve-result.h"

G_BEGIN_DECLS

/* The correction that each accepted sample asked for, worked out again from a
 * result. In percent of fuel: (f − 1) · 100. Any thread. */

/* (transfer full) n_rows numbers, NaN where a row was not accepted. */
double *dyno_factors_pct (const DynoVeResult *result,
                          guint               cylinder);

/* Median absolute deviation of these numbers in each cell, over the samples whose
 * home it is (analysis.md 4.5). (transfer full) n_cells numbers, NaN without
 * samples. `factors_pct` are of dyno_factors_pct (). */
double *dyno_factors_mad (const DynoVeResult *result,
                          guint               cylinder,
                          const double       *factors_pct);

G_END_DECLS
