/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

#pragma once

#include "dyno-bike-sensors.h"
#include "dyno-samples.h"

G_BEGIN_DECLS

/* Logs of any length for benchmarks of the analysis: a pattern of readings of the virtual
 * bike at 50 Hz, repeated. */

#define DYNO_BENCH_ROW_MS 20
#define DYNO_BENCH_PATTERN_ROWS 20000 /* a pattern has at least so many */

/* Appends `n` readings to a pattern, an array of DynoBikeReading, one a row. */
void                dyno_bench_bike_record  (GArray            *pattern,
                                             DynoBike          *bike,
                                             DynoBikeSensors   *sensors,
                                             guint              n);
/* n rows of time and of the bike's channels but those of `leave_out` (nullable; ends with
 * DYNO_CHANNEL_NONE), for more columns to be added. (transfer full) */
DynoSamplesBuilder *dyno_bench_bike_builder (const GArray      *pattern,
                                             gsize              n,
                                             const DynoChannel *leave_out);

G_END_DECLS
