/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* The canonical channels: a closed list of what a number can mean. A column of
 * a log or of a dyno is bound to at most one of them; the range of a channel
 * belongs to its canonical name, never to a word in a header. */

typedef enum
{
  DYNO_CHANNEL_NONE, /* an extra channel: kept, shown, never judged */
  DYNO_CHANNEL_TIME,
  DYNO_CHANNEL_RPM, /* of the engine, never of the drum */
  DYNO_CHANNEL_SPEED,
  DYNO_CHANNEL_FORCE, /* at the drum's surface */
  DYNO_CHANNEL_ACCEL,
  DYNO_CHANNEL_POWER, /* uncorrected */
  DYNO_CHANNEL_POWER_CORR,
  DYNO_CHANNEL_TORQUE, /* uncorrected */
  DYNO_CHANNEL_TORQUE_CORR,
  DYNO_CHANNEL_CORRECTION,
  DYNO_CHANNEL_MAP, /* absolute */
  DYNO_CHANNEL_BARO,
  DYNO_CHANNEL_AMBIENT_TEMP,
  DYNO_CHANNEL_HUMIDITY,
  DYNO_CHANNEL_IAT,
  DYNO_CHANNEL_ENGINE_TEMP,
  DYNO_CHANNEL_TPS,
  DYNO_CHANNEL_MIX_F, /* measured mixture, λ or AFR by the unit of the column */
  DYNO_CHANNEL_MIX_R,
  DYNO_CHANNEL_MIX,
  DYNO_CHANNEL_TARGET_F, /* commanded mixture */
  DYNO_CHANNEL_TARGET_R,
  DYNO_CHANNEL_TARGET,
  DYNO_CHANNEL_SPARK_F,
  DYNO_CHANNEL_SPARK_R,
  DYNO_CHANNEL_SPARK,
  DYNO_CHANNEL_KNOCK_F, /* degrees of retard, or a count by the unit */
  DYNO_CHANNEL_KNOCK_R,
  DYNO_CHANNEL_KNOCK,
  DYNO_CHANNEL_VE_F,
  DYNO_CHANNEL_VE_R,
  DYNO_CHANNEL_PW_F, /* injector pulse width */
  DYNO_CHANNEL_PW_R,
  DYNO_CHANNEL_VBATT,
  DYNO_CHANNEL_GEAR,
  DYNO_CHANNEL_STFT,
  DYNO_CHANNEL_LTFT,
  DYNO_CHANNEL_WB_READY_F,
  DYNO_CHANNEL_WB_READY_R,
  /* Roles inside capture, recorded as extra channels. */
  DYNO_CHANNEL_DISTANCE,
  DYNO_CHANNEL_GEAR_RATIO,
  DYNO_CHANNEL_AMB_TEMP_2,
  DYNO_CHANNEL_SAMPLING,
  DYNO_CHANNEL_SAMPLING_DURATION,
  DYNO_N_CHANNELS
} DynoChannel;

typedef struct
{
  const char *name;     /* "rpm": the spelling of files and wire */
  const char *title;    /* "Engine speed", for gettext in the faces */
  const char *unit;     /* SI symbol, dyno_unit_find () knows it; "" for a plain number */
  double      low;      /* accepted range in that unit, both ends included; */
  double      high;     /* a reading outside is no reading */
  double      warn_low; /* NaN where the list gives no warning range */
  double      warn_high;
} DynoChannelInfo;

/* Never NULL for a channel of the list. */
const DynoChannelInfo *dyno_channel_info (DynoChannel channel);

/* DYNO_CHANNEL_NONE for a name that is not in the list. */
DynoChannel            dyno_channel_find (const char *name);

/* Measured mixture, commanded mixture: their unit is λ or AFR. */
gboolean               dyno_channel_is_mixture (DynoChannel channel);

G_END_DECLS
