/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

#pragma once

#include "dyno-finding.h"
#include "dyno-ve-set.h"

G_BEGIN_DECLS

/* Channels as one number in every row, for advisers that need several of them at
 * one instant: a reading where there is one, linear between readings, NaN across a
 * gap, before the first and behind the last (analysis.md 1.1, 3.4). Rows that the
 * operator brushed out are NaN. Any thread. */

/* In SI. (transfer full) n_rows numbers, or NULL when the samples have no such
 * channel. */
double *dyno_rowwise_si      (const DynoSamples   *samples,
                              DynoChannel          channel);
/* A channel of a run in its own unit: mixtures in AFR of petrol. (transfer full)
 * n numbers, or NULL without it. */
double *dyno_rowwise_channel (const DynoVeRun     *run,
                              const DynoVeChannel *channel);

/* What an adviser needs in every run, DYNO_CHANNEL_TIME for stamps of its own; the
 * list ends with DYNO_CHANNEL_NONE. What is absent in one is lacking by name. */
void    dyno_rowwise_require (DynoAdvice          *advice,
                              const DynoVeSet     *set,
                              const DynoChannel   *needed);

G_END_DECLS
