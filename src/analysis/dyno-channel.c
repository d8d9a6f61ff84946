/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

#include "config.h"

#include "dyno-channel.h"

#include <math.h>

#define N_(text) text

/* analysis.md 1.2. The mixture's range is that of AFR; a λ column is compared
 * after conversion. */
static const DynoChannelInfo infos[DYNO_N_CHANNELS] = {
  [DYNO_CHANNEL_NONE] = { "", "", "", -INFINITY, INFINITY, NAN, NAN },
  [DYNO_CHANNEL_TIME] = { "time", N_ ("Time"), "s", 0, 1e6, NAN, NAN },
  [DYNO_CHANNEL_RPM] = { "rpm", N_ ("Engine speed"), "rpm", 0, 20000, 500, 15000 },
  [DYNO_CHANNEL_SPEED] = { "speed", N_ ("Speed"), "km/h", 0, 600, NAN, NAN },
  [DYNO_CHANNEL_FORCE] = { "force", N_ ("Drum force"), "N", -5000, 22000, NAN, NAN },
  [DYNO_CHANNEL_ACCEL] = { "accel", N_ ("Acceleration"), "m/s²", -50, 100, NAN, NAN },
  [DYNO_CHANNEL_POWER] = { "power", N_ ("Power"), "kW", -200, 1500, 0, 750 },
  [DYNO_CHANNEL_POWER_CORR] = { "power_corr", N_ ("Power, corrected"), "kW", -200, 1500, 0, 750 },
  [DYNO_CHANNEL_TORQUE] = { "torque", N_ ("Torque"), "N·m", -400, 2700, 0, 1100 },
  [DYNO_CHANNEL_TORQUE_CORR] = { "torque_corr", N_ ("Torque, corrected"), "N·m", -400, 2700, 0, 1100 },
  [DYNO_CHANNEL_CORRECTION] = { "correction", N_ ("Correction factor"), "", 0.5, 2, 0.93, 1.07 },
  [DYNO_CHANNEL_MAP] = { "map", N_ ("Manifold pressure"), "kPa", 0, 400, 20, 250 },
  [DYNO_CHANNEL_BARO] = { "baro", N_ ("Barometer"), "kPa", 67, 120, 95, 105 },
  [DYNO_CHANNEL_AMBIENT_TEMP] = { "ambient_temp", N_ ("Ambient temperature"), "°C", -40, 66, 0, 44 },
  [DYNO_CHANNEL_HUMIDITY] = { "humidity", N_ ("Humidity"), "%", 0, 100, NAN, NAN },
  [DYNO_CHANNEL_IAT] = { "iat", N_ ("Intake air"), "°C", -40, 150, 0, 95 },
  [DYNO_CHANNEL_ENGINE_TEMP] = { "engine_temp", N_ ("Engine temperature"), "°C", -40, 250, 38, 150 },
  [DYNO_CHANNEL_TPS] = { "tps", N_ ("Throttle"), "%", 0, 100, NAN, NAN },
  [DYNO_CHANNEL_MIX_F] = { "mix_f", N_ ("Mixture, front"), "AFR", 6, 35, 10, 20 },
  [DYNO_CHANNEL_MIX_R] = { "mix_r", N_ ("Mixture, rear"), "AFR", 6, 35, 10, 20 },
  [DYNO_CHANNEL_MIX] = { "mix", N_ ("Mixture"), "AFR", 6, 35, 10, 20 },
  [DYNO_CHANNEL_TARGET_F] = { "target_f", N_ ("Target, front"), "AFR", 6, 35, 10, 20 },
  [DYNO_CHANNEL_TARGET_R] = { "target_r", N_ ("Target, rear"), "AFR", 6, 35, 10, 20 },
  [DYNO_CHANNEL_TARGET] = { "target", N_ ("Target"), "AFR", 6, 35, 10, 20 },
  [DYNO_CHANNEL_SPARK_F] = { "spark_f", N_ ("Spark, front"), "°", -20, 70, NAN, NAN },
  [DYNO_CHANNEL_SPARK_R] = { "spark_r", N_ ("Spark, rear"), "°", -20, 70, NAN, NAN },
  [DYNO_CHANNEL_SPARK] = { "spark", N_ ("Spark"), "°", -20, 70, NAN, NAN },
  [DYNO_CHANNEL_KNOCK_F] = { "knock_f", N_ ("Knock, front"), "", 0, 100, 0, 30 },
  [DYNO_CHANNEL_KNOCK_R] = { "knock_r", N_ ("Knock, rear"), "", 0, 100, 0, 30 },
  [DYNO_CHANNEL_KNOCK] = { "knock", N_ ("Knock"), "", 0, 100, 0, 30 },
  [DYNO_CHANNEL_VE_F] = { "ve_f", N_ ("VE, front"), "%", 0, 250, NAN, NAN },
  [DYNO_CHANNEL_VE_R] = { "ve_r", N_ ("VE, rear"), "%", 0, 250, NAN, NAN },
  [DYNO_CHANNEL_PW_F] = { "pw_f", N_ ("Injector, front"), "ms", 0, 50, NAN, NAN },
  [DYNO_CHANNEL_PW_R] = { "pw_r", N_ ("Injector, rear"), "ms", 0, 50, NAN, NAN },
  [DYNO_CHANNEL_VBATT] = { "vbatt", N_ ("Battery"), "V", 0, 20, 11, 15 },
  [DYNO_CHANNEL_GEAR] = { "gear", N_ ("Gear"), "", 0, 8, NAN, NAN },
  [DYNO_CHANNEL_STFT] = { "stft", N_ ("Short-term trim"), "%", -50, 50, NAN, NAN },
  [DYNO_CHANNEL_LTFT] = { "ltft", N_ ("Long-term trim"), "%", -50, 50, NAN, NAN },
  [DYNO_CHANNEL_WB_READY_F] = { "wb_ready_f", N_ ("Sensor ready, front"), "", 0, 1, NAN, NAN },
  [DYNO_CHANNEL_WB_READY_R] = { "wb_ready_r", N_ ("Sensor ready, rear"), "", 0, 1, NAN, NAN },
  [DYNO_CHANNEL_DISTANCE] = { "distance", N_ ("Distance"), "m", -INFINITY, INFINITY, NAN, NAN },
  [DYNO_CHANNEL_GEAR_RATIO] = { "gear_ratio", N_ ("Gear ratio"), "rpm/(km/h)", 1, 500, NAN, NAN },
  [DYNO_CHANNEL_AMB_TEMP_2] = { "amb_temp_2", N_ ("Ambient temperature 2"), "°C", -40, 66, NAN, NAN },
  [DYNO_CHANNEL_SAMPLING] = { "sampling", N_ ("Sampling"), "", -INFINITY, INFINITY, NAN, NAN },
  [DYNO_CHANNEL_SAMPLING_DURATION] = { "sampling_duration", N_ ("Sampling duration"), "s",
                                       -INFINITY, INFINITY, NAN, NAN },
};

const DynoChannelInfo *
dyno_channel_info (DynoChannel channel)
{
  return &infos[channel < DYNO_N_CHANNELS ? channel : DYNO_CHANNEL_NONE];
}

DynoChannel
dyno_channel_find (const char *name)
{
  for (guint i = DYNO_CHANNEL_NONE + 1; i < DYNO_N_CHANNELS; i++)
    {
      if (g_strcmp0 (infos[i].name, name) == 0)
        return (DynoChannel) i;
    }

  return DYNO_CHANNEL_NONE;
}

gboolean
dyno_channel_is_mixture (DynoChannel channel)
{
  return channel >= DYNO_CHANNEL_MIX_F && channel <= DYNO_CHANNEL_TARGET;
}
