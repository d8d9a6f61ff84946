/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

#pragma once

#include "dyno-progress.h"
#include "dyno-ve-result.h"

G_BEGIN_DECLS

/* The correction that each accepted sample asked for, worked out again from a
 * result, in percent of fuel: (f − 1) · 100. Nothing is kept a row. Any thread. */

/* `row` is of the set. */
typedef void (*DynoFactorFunc) (gsize    row,
                                double   factor_pct,
                                gpointer user_data);

/* Accepted rows in ascending order; cut short when cancelled. */
void dyno_factors_each (const DynoVeResult *result,
                        guint               cylinder,
                        DynoFactorFunc      func,
                        gpointer            user_data,
                        const DynoProgress *progress);

G_END_DECLS
