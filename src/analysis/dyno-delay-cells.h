/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

#pragma once

#include "dyno-delay-series.h"

G_BEGIN_DECLS

/* The delay by the table itself: with the right one, the readings of a cell agree
 * best with each other. The variance of ln f within cells, pooled, is taken for each
 * delay over the same points; its least place is the delay.
 *
 * Analysis.md 3.4 looks at changes over 50 ms, whose noise hides all but quick
 * throttles; this sees slow ones as well, and does not take the table's own error for
 * a shift. It is asked where the changes do not answer, and to sharpen what they say. */

typedef struct
{
  double tau_ms;        /* NaN: none */
  double half_width_ms; /* 95 %, by the jackknife over ten blocks of time */
  double gain;          /* median variance of all delays by that of this one: 1 says nothing;
                         * INFINITY where only the surroundings were looked at */
  double least;         /* variance with this delay, over all blocks */
  double variance;      /* on the odd blocks, with the delay of the even ones */
  double variance_zero; /* the same without delay */
} DynoDelayFit;

/* Of the points whose flow lies in ]low, high]. `near_ms` NaN: any delay up to
 * DYNO_DELAY_MAX_MS; else one within 80 ms of it. */
void dyno_delay_cells_fit (const DynoDelaySeries *series,
                           double                 flow_low,
                           double                 flow_high,
                           double                 near_ms,
                           DynoDelayFit          *fit);

/* The variance over all blocks and flows with the delay of the model `flow`; NaN
 * without points. */
double dyno_delay_cells_of_flow (const DynoDelaySeries *series,
                                 const DynoDelay       *delay);

G_END_DECLS
