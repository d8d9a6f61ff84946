/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

#pragma once

#include "dyno-correction.h"
#include "dyno-curve.h"
#include "dyno-drum.h"
#include "dyno-samples.h"
#include "dyno-trim.h"

G_BEGIN_DECLS

/* From a run to a power curve with its passport (analysis.md 2.1–2.5). Never
 * fails: a run without a pull gives a curve without points and the reason. */

typedef enum
{
  DYNO_POWER_FROM_NOTHING,      /* no channels that make power */
  DYNO_POWER_FROM_FORCE_SPEED,
  DYNO_POWER_FROM_TORQUE_RPM,
  DYNO_POWER_FROM_POWER_RPM,
  DYNO_POWER_FROM_SPEED,        /* alone, by the dyno's mass and losses */
  DYNO_POWER_FROM_DRUM_RPM,     /* as speed, by the drum's circumference */
} DynoPowerInput;

typedef enum
{
  DYNO_POWER_SLIP = 1 << 0,         /* more than 5 % of the samples slip */
  DYNO_POWER_INCONSISTENT = 1 << 1, /* the log's own F, v, P, T, rpm disagree */
  DYNO_POWER_UNKNOWN_CORRECTION = 1 << 2, /* corrected columns without their factor */
  DYNO_POWER_NO_RPM = 1 << 3,       /* a curve over speed, without torque */
} DynoPowerWarning;

#define DYNO_N_POWER_WARNINGS 4

typedef struct
{
  DynoStandard    standard;
  guint           level;          /* of smoothing, 0…5 */
  gboolean        as_logged;      /* the file's own power and torque columns */
  DynoWeather     typed;          /* used where the run has no probe; NaN: none */
  const DynoDrum *drum;           /* (borrowed) (nullable) for speed alone */
  const char     *drum_rpm_name;  /* (borrowed) (nullable) source name of that column */
  double          circumference_m;
  gssize          first_row;      /* trim by hand; −1: found */
  gssize          last_row;
  double          stoich;         /* AFR of the fuel */
} DynoPowerOptions;

typedef struct
{
  DynoPowerInput input;
  DynoTrimReason trim;
  gsize          first_row;       /* of the stretch; what lies outside is cut */
  gsize          last_row;
  guint8        *is_kept;         /* (owned) a byte a row: it is a point of the curve */
  DynoCurve     *raw;             /* (owned) trimmed, uncorrected, not smoothed */
  DynoCurve     *curve;           /* (owned) smoothed and corrected */
  DynoCorrection correction;
  DynoPeak       peak_power;      /* of `curve` */
  DynoPeak       peak_torque;
  double         ratio;           /* median rpm per km/h; NaN without both */
  double         slip_share;      /* 0…1; NaN without ratio */
  double         force_factor;    /* median of F·v/P against the constant; NaN: not known */
  double         torque_factor;   /* median of T·rpm/P against the constant */
  guint          warnings;        /* DynoPowerWarning */
} DynoPower;

/* sae-1990, level 2, everything found. */
void        dyno_power_options_init  (DynoPowerOptions       *options);

DynoPower  *dyno_power_new           (const DynoSamples      *samples,
                                      const DynoPowerOptions *options);
void        dyno_power_free          (DynoPower              *self);

/* "force-speed", "torque-rpm", …; "" for nothing. */
const char *dyno_power_input_name    (DynoPowerInput          input);
/* "slip", …; `index` counts the bits. */
const char *dyno_power_warning_code  (guint                   index);
/* A sentence, for gettext in the faces. */
const char *dyno_power_warning_sentence (guint                index);

/* Mean weather over the rows first…last, or over the whole run where those have
 * none. FALSE without pressure or temperature. */
gboolean    dyno_power_probe_weather (const DynoSamples      *samples,
                                      gsize                   first,
                                      gsize                   last,
                                      DynoWeather            *weather);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (DynoPower, dyno_power_free)

G_END_DECLS
