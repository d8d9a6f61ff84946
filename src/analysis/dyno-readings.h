/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

#pragma once

#include "dyno-ve-set.h"

G_BEGIN_DECLS

/* Columns that mean the same thing, read as one: knock of both cylinders, or spark.
 * Held copies are no readings. */

#define DYNO_READINGS_MAX 3

typedef struct
{
  const DynoColumn *columns[DYNO_READINGS_MAX]; /* (borrowed) */
  guint8           *updates[DYNO_READINGS_MAX]; /* (owned) (nullable) NULL: all are new */
  guint             n;                          /* 0: the run has none of them */
} DynoReadings;

/* DYNO_READINGS_MAX channels; DYNO_CHANNEL_NONE is none. The samples must outlive it. */
DynoReadings dyno_readings_open  (const DynoSamples   *samples,
                                  const DynoChannel   *channels);
void         dyno_readings_clear (DynoReadings        *self);

/* The largest new reading of a row; NaN where there is none. */
double       dyno_readings_max   (const DynoReadings  *self,
                                  gsize                row);

/* One of the channels changes in one of the runs: a sensor that always says the same
 * is none. */
gboolean     dyno_readings_vary  (const DynoVeSet     *set,
                                  const DynoChannel   *channels);

G_END_DECLS
