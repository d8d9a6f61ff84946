/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

#pragma once

#include "dyno-finding.h"
#include "dyno-progress.h"
#include "dyno-ve-result.h"

G_BEGIN_DECLS

/* Rules of analysis.md 4.2 that look at rows: the wiring, the sensors, the clock.
 * Each adds its findings to `advice`. Any thread. */

/* What the engine asks for follows the battery: Pearson's r of corrections and
 * voltage, in rows with load, at or below −0.4. Load is more than 6.8 N·m, without
 * torque 50 kPa. Score |r|. */
void   dyno_anomaly_electrical (DynoAdvice         *advice,
                                const DynoVeResult *result,
                                const DynoProgress *progress);
/* A sensor that gates 12 to 16 reject in more than a tenth of its readings, one
 * finding a cylinder. Score: percent. */
void   dyno_anomaly_sensor     (DynoAdvice         *advice,
                                const DynoVeResult *result);
/* Gaps, stamps that go back or stand still, irregular steps: all runs together.
 * Score: percent of the steps. */
void   dyno_anomaly_clock      (DynoAdvice         *advice,
                                const DynoVeResult *result);
/* More than 30 % of the rows of a mixture repeat an older reading. Score: percent. */
void   dyno_anomaly_held       (DynoAdvice         *advice,
                                const DynoVeResult *result);

/* What a time column looks like; stamps may be in any order here. */
typedef struct
{
  gsize n_steps;
  gsize n_gaps;
  gsize n_backward;
  gsize n_irregular; /* below half or above twice the median step, gaps apart */
} DynoClockCounts;

/* Adds to `counts`. */
void   dyno_clock_count        (const double       *time_s,
                                gsize               n,
                                double              gap_s,
                                DynoClockCounts    *counts);

G_END_DECLS
