/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* Filters of a mixture signal as the original's workflow had them (analysis.md 3.1):
 * for the compatible profiles only. They work in place; a rejected sample is NaN and
 * stays so in the filters after it. Times in ms, never decreasing. */

typedef struct
{
  double  *values;  /* (borrowed) NaN: rejected */
  const double *time_ms; /* (borrowed) */
  gsize    n;
} DynoFilterSignal;

/* y += α (x − y), α = dt / (rc + dt). The very first sample passes as it is and is not
 * the state: the second good one is. */
void dyno_filter_low_pass (DynoFilterSignal *signal,
                           double            rc_ms);
/* What is outside low…high. */
void dyno_filter_range    (DynoFilterSignal *signal,
                           double            low,
                           double            high);
/* The same, and what lies within `around_ms` before the first bad sample of a stretch
 * or after the first good one behind it. */
void dyno_filter_window   (DynoFilterSignal *signal,
                           double            low,
                           double            high,
                           double            around_ms);
/* What is more than `n_sigma` standard deviations from the mean of all, with
 * `n_around` samples on either side; nothing while σ is below `least_sigma`. */
void dyno_filter_outliers (DynoFilterSignal *signal,
                           double            n_sigma,
                           double            least_sigma,
                           guint             n_around);

G_END_DECLS
