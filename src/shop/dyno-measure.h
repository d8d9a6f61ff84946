/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

#pragma once

#include "dyno-analyse.h"
#include "dyno-arm-state.h"
#include "dyno-capture-state.h"
#include "dyno-loop.h"
#include "dyno-store.h"

G_BEGIN_DECLS

/* What the shop's operations tell the counters (dyno-metrics) where they end. Any
 * thread. */

/* An analysis: `analyse` NULL where it failed with `error`. `source` is that of its
 * first run, or "file". */
void dyno_measure_analysis (const DynoAnalyse      *analyse,
                            const char             *source,
                            double                  seconds,
                            const GError           *error);

/* A session of virtual tuning: `loop` NULL where it failed with `error`. */
void dyno_measure_virtual  (const DynoLoop         *loop,
                            const GError           *error);

/* A run that is kept, and the file that it came from (bytes, 0: none). */
void dyno_measure_run      (const DynoRun          *run,
                            gint64                  bytes);

/* Changes of tables that were written. (element-type DynoChangeRecord) */
void dyno_measure_changes  (GPtrArray              *changes);

/* What has come since `before` (nullable), both of one capture. */
void dyno_measure_capture  (const DynoCaptureState *before,
                            const DynoCaptureState *now);

/* The word of the recording has become another one. */
void dyno_measure_phase    (DynoArmPhase            phase);

G_END_DECLS
