/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

#pragma once

#include "dyno-bike-sensors.h"

G_BEGIN_DECLS

/* What the instruments of the virtual dyno say under the names that real ones
 * use: from a reading of the bike to the number on the wire. Pure. */

typedef struct
{
  const DynoBikeReading *reading;
  double                 t_s;            /* simulated */
  gboolean               drum_has_moved; /* since the beginning */
  gboolean               is_sampling;
  double                 sampling_s;
} DynoSignalInput;

/* One source of numbers; 0 is none. */
typedef guint DynoSignal;

/* By the registered name and unit of a channel; 0 for a name nobody feeds. */
DynoSignal dyno_signal_find  (const char            *name,
                              guint8                 unit);

/* The value in the wire's unit; NaN where the instrument is silent now. */
double     dyno_signal_value (DynoSignal             signal,
                              const DynoSignalInput *input);

G_END_DECLS
