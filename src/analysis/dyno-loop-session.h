/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

#pragma once

#include "dyno-ecu.h"
#include "dyno-samples.h"

G_BEGIN_DECLS

/* A mapping session of the virtual dyno (analysis.md 6.5): the eddy brake holds
 * every cell of the ECU's table for 1.5 s, in serpentine order, and a log of 50 Hz
 * is written of it. Time is a count of steps: nobody waits. */

#define DYNO_LOOP_STEP_S 0.02
#define DYNO_LOOP_CELL_S 1.5

/* What stands between the engine and the log. All zero: a perfect instrument. */
typedef struct
{
  double  delay_s;         /* 0…1: a reading is of the mixture that long ago */
  double  update_period_s; /* a new reading only so often, held between; 0: every row */
  double  noise_afr;       /* standard deviation of a reading */
  double  noise_rpm_pct;   /* of the engine speed */
  double  drift_afr;       /* a dying sensor: so much leaner with every session */
  guint64 seed;
} DynoLoopSensor;

/* Engine speed, MAP, commanded and measured mixture of one cylinder, all as
 * channels of the front. `session` counts the sessions of a seed, so that each has
 * noise of its own. (transfer full) */
DynoSamples *dyno_loop_session_new (const DynoEcu        *ecu,
                                    const DynoLoopSensor *sensor,
                                    guint                 session);

G_END_DECLS
