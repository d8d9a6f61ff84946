/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* Channels that a log lacks, from those it has. Time is in seconds, never
 * decreasing; missing is NaN; nothing is computed across a gap (a step in time
 * larger than `gap_s`). */

/* Slope of a local quadratic over ±half_s, without lag, in the units of `values`
 * a second. NaN where fewer than four values lie in the window. (transfer full) */
double *dyno_derive_rate (const double *time_s,
                          const double *values,
                          gsize         n,
                          double        half_s,
                          double        gap_s);

/* A value in every row: linear between the rows that `updates` marks, NaN before
 * the first and behind the last, NaN across a gap of the rows or of the channel
 * itself (a step larger than max (gap_s, 10 × its median step)). (transfer full) */
double *dyno_derive_between (const double *time_s,
                             const double *values,
                             const guint8 *updates,
                             gsize         n,
                             double        gap_s);
/* That limit for the marked rows. */
double  dyno_derive_gap_s   (const double *time_s,
                             const guint8 *updates,
                             gsize         n,
                             double        gap_s);

G_END_DECLS
