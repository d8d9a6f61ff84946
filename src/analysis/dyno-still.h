/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

#pragma once

#include "dyno-progress.h"
#include "dyno-ve-run.h"

G_BEGIN_DECLS

/* Stretches of a run in which a channel gives the same number again and again, and whether
 * that can be (gate 14, analysis.md 3.3). Needs time.
 *
 * A mixture that stands still for 2 s while the engine moves is frozen: no engine burns so
 * evenly. Speed and pressure are another matter: a brake holds 3000 rpm to the digit while
 * the throttle opens, a pull at full throttle stays at 98 kPa from end to end, and a logger
 * that writes whole kPa shows no noise at all. So for these two it takes 2 s, something else
 * that moves meanwhile (speed by 300 rpm, pressure by 10 kPa, throttle by 10 %, mixture by
 * 1 AFR), and one of two proofs:
 *
 *   noise     Elsewhere in the run the channel has noise of its own, larger than its last
 *             digit: two readings in ten or more are higher or lower than both neighbours,
 *             by more than the flicker of one digit. White noise is so at two of three, a
 *             clean ramp or a step or a flickering digit at none. Such a channel does not
 *             give 20 equal readings by chance. Numbers at the channel's own end are let
 *             pass: there a logger clips.
 *   throttle  Of pressure only: the throttle, 20 % or less open at its least, opens or shuts
 *             three times as far for the speed as before, (tps + 5) / rpm, a tenth of the
 *             rows at either end apart. Pressure cannot stay the same to the digit then; a
 *             session that holds it on purpose opens the throttle as the speed rises, and
 *             the quotient stays.
 *
 * Without noise and without a throttle a frozen pressure cannot be told from a held one;
 * nothing is rejected then. A frozen throttle moves no cell, since it is no axis of the
 * table, and is often right (full throttle, a locked cable): it is not judged. */

#define DYNO_STILL_S 2.0

typedef struct
{
  const DynoVeRun     *run;
  const DynoVeChannel *channel;    /* with values */
  gsize                next;       /* row behind the stretch */
  gsize                first;      /* row of its first reading, and of its last */
  gsize                last;
  gsize                n;          /* readings; rows that hold one over are none */
} DynoStill;

/* The stretch of equal readings that begins at `next`, set to 0 at first; a gap ends it.
 * FALSE at the end of the run, or when told to stop. */
gboolean dyno_still_next         (DynoStill           *self,
                                  const DynoProgress  *progress);
double   dyno_still_duration     (const DynoStill     *self); /* s */

/* The channel is there, and its highest and lowest reading in those rows are `far` apart,
 * in SI. */
gboolean dyno_still_other_moves  (const DynoStill     *self,
                                  const DynoVeChannel *other,
                                  double               far);

/* Sets `frozen` of the run's speed and pressure. */
void     dyno_still_find_frozen  (DynoVeRun           *run);

G_END_DECLS
