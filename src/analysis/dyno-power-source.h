/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

#pragma once

#include "dyno-power.h"

G_BEGIN_DECLS

/* Where the power of a run comes from: inputs (a) to (e) of analysis.md 2.1, or
 * the file's own figures. Part of dyno-power. */

/* The channels in SI, a value in every row where one can be known: readings of
 * another time base are joined by straight lines. NULL for an absent channel. */
typedef struct
{
  const DynoSamples *samples;  /* (borrowed) */
  gsize              n;
  const double      *time_s;   /* (borrowed) */
  double             gap_s;
  double            *rpm;      /* (owned), as all below */
  double            *speed;    /* km/h */
  double            *force;    /* N */
  double            *power;    /* kW, as logged */
  double            *power_corr;
  double            *torque;   /* N·m, as logged */
  double            *torque_corr;
  double            *correction;
  double            *tps;
  double            *afr;
  double            *map;
} DynoPowerChannels;

/* Uncorrected power and torque in every row, and where they come from. */
typedef struct
{
  DynoPowerInput input;
  double        *power_kw;     /* (owned) (nullable) */
  double        *torque_nm;    /* (owned) (nullable): from power and engine speed */
  const guint8  *base;         /* (owned) a byte a row: rows that carry a reading of it */
  gboolean       is_printed;   /* the file corrected it, and it stays so */
  guint          warnings;
} DynoPowerSource;

void dyno_power_channels_init  (DynoPowerChannels      *self,
                                const DynoSamples      *samples,
                                const DynoPowerOptions *options);
void dyno_power_channels_clear (DynoPowerChannels      *self);

/* The best input there is. A drum's rpm becomes the speed of the channels. */
void dyno_power_source_init    (DynoPowerSource        *self,
                                DynoPowerChannels      *channels,
                                const DynoPowerOptions *options);
void dyno_power_source_clear   (DynoPowerSource        *self);

G_END_DECLS
