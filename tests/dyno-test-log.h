/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

#pragma once

#include "dyno-bike-sensors.h"
#include "dyno-samples.h"

G_BEGIN_DECLS

/* A log written by the virtual bike: what an import would have made of it. */

typedef struct _DynoTestLog DynoTestLog;

DynoTestLog *dyno_test_log_new    (void);
void         dyno_test_log_free   (DynoTestLog           *self);
void         dyno_test_log_add    (DynoTestLog           *self,
                                   const DynoBikeReading *reading);
/* Advances the bike by `n` steps of `step_ms` and reads its sensors after each. */
void         dyno_test_log_record (DynoTestLog           *self,
                                   DynoBike              *bike,
                                   DynoBikeSensors       *sensors,
                                   guint                  n,
                                   guint                  step_ms);
guint        dyno_test_log_length (const DynoTestLog     *self);
/* The readings so far, in SI; `channels` ends with DYNO_CHANNEL_NONE, NULL is all
 * there are. (transfer full) */
DynoSamples *dyno_test_log_finish (const DynoTestLog     *self,
                                   const DynoChannel     *channels);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (DynoTestLog, dyno_test_log_free)

/* A column out of an array that the caller keeps. */
void         dyno_test_take       (DynoSamplesBuilder    *builder,
                                   DynoChannel            channel,
                                   const char            *unit,
                                   const double          *values,
                                   gsize                  n);
/* The numbers of a column as they are in its source. (transfer full) */
double      *dyno_test_dup_column (const DynoColumn      *column);
/* Two columns hold the same numbers, bit by bit. */
void         dyno_test_assert_same_numbers (const DynoColumn *a,
                                            const DynoColumn *b);

/* A real run of the shared data in WinPEP's layout, the columns that power needs
 * bound by name; NULL where the data is not there. Only for tests of `analysis`:
 * reading files well is the business of capture. (transfer full) */
DynoSamples *dyno_test_read_winpep (const char           *name);

G_END_DECLS
