/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

#pragma once

#include "dyno-progress.h"
#include "dyno-ve-run.h"

G_BEGIN_DECLS

/* What can be said of each row of a run without knowing the delay: a set of
 * DynoRowFlag a row, made once for both cylinders. */

typedef enum
{
  DYNO_ROW_TRANSIENT = 1 << 0,
  DYNO_ROW_RATE_BLIND = 1 << 1,  /* fewer than three rows around it */
  DYNO_ROW_TPS_BAD = 1 << 2,
  DYNO_ROW_TPS_BLIND = 1 << 3,   /* no reading in the last 2 s */
  DYNO_ROW_IAT_BAD = 1 << 4,
  DYNO_ROW_IAT_BLIND = 1 << 5,
  DYNO_ROW_COLD = 1 << 6,
  DYNO_ROW_COLD_BLIND = 1 << 7,
  /* Front; the rear's flag is the one before, shifted by one. */
  DYNO_ROW_CUT = 1 << 8,
  DYNO_ROW_SETTLING = 1 << 10,
  DYNO_ROW_NOT_READY = 1 << 12,
  DYNO_ROW_READY_BLIND = 1 << 14,
} DynoRowFlag;

/* A flag of a cylinder. */
#define DYNO_ROW_OF(flag, cylinder) ((flag) << (cylinder))

/* (transfer full): n flags of 16 bits. Gates that lack their channel or time are
 * added to `unavailable`, a bit a DynoGate. Cut short when cancelled: then the
 * flags mean nothing. */
guint16 *dyno_gate_rows (const DynoVeRun     *run,
                         const DynoVeOptions *options,
                         guint32             *unavailable,
                         const DynoProgress  *progress);

G_END_DECLS
