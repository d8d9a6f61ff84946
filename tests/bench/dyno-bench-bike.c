/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

#include "config.h"

#include "dyno-bench-bike.h"

#define AT(field) G_STRUCT_OFFSET (DynoBikeReading, field)

static const struct
{
  DynoChannel channel;
  const char *unit;
  gsize       offset;
} columns[] = {
  { DYNO_CHANNEL_RPM, "rpm", AT (rpm) },
  { DYNO_CHANNEL_MAP, "kPa", AT (map_kpa) },
  { DYNO_CHANNEL_TPS, "%", AT (tps_pct) },
  { DYNO_CHANNEL_IAT, "°C", AT (iat_c) },
  { DYNO_CHANNEL_ENGINE_TEMP, "°C", AT (engine_c) },
  { DYNO_CHANNEL_MIX_F, "AFR", AT (afr) },
  { DYNO_CHANNEL_MIX_R, "AFR", AT (afr) + sizeof (double) },
  { DYNO_CHANNEL_TARGET, "AFR", AT (target_afr) },
  { DYNO_CHANNEL_TORQUE, "N·m", AT (torque_nm) },
  { DYNO_CHANNEL_POWER, "kW", AT (power_kw) },
  { DYNO_CHANNEL_FORCE, "N", AT (force_n) },
  { DYNO_CHANNEL_SPEED, "km/h", AT (speed_kmh) },
  { DYNO_CHANNEL_BARO, "kPa", AT (baro_kpa) },
  { DYNO_CHANNEL_AMBIENT_TEMP, "°C", AT (ambient_c) },
};

void
dyno_bench_bike_record (GArray          *pattern,
                        DynoBike        *bike,
                        DynoBikeSensors *sensors,
                        guint            n)
{
  for (guint i = 0; i < n; i++)
    {
      DynoBikeReading reading;

      dyno_bike_advance (bike, DYNO_BENCH_ROW_MS);
      dyno_bike_sensors_read (sensors, dyno_bike_state (bike), &reading);
      g_array_append_val (pattern, reading);
    }
}

static double *
repeat (const GArray *pattern,
        gsize         offset,
        gsize         n)
{
  double *values = g_new (double, n);

  for (gsize i = 0; i < n; i++)
    values[i] = *(const double *) (gconstpointer) (pattern->data
                                                   + i % pattern->len * sizeof (DynoBikeReading)
                                                   + offset);

  return values;
}

static gboolean
is_left_out (DynoChannel        channel,
             const DynoChannel *leave_out)
{
  for (; leave_out != NULL && *leave_out != DYNO_CHANNEL_NONE; leave_out++)
    {
      if (*leave_out == channel)
        return TRUE;
    }

  return FALSE;
}

DynoSamplesBuilder *
dyno_bench_bike_builder (const GArray      *pattern,
                         gsize              n,
                         const DynoChannel *leave_out)
{
  DynoSamplesBuilder *builder = dyno_samples_builder_new (n);
  double *time = g_new (double, n);

  for (gsize i = 0; i < n; i++)
    time[i] = (double) i * DYNO_BENCH_ROW_MS / 1000;
  dyno_samples_builder_take_time (builder, time);
  for (gsize c = 0; c < G_N_ELEMENTS (columns); c++)
    {
      DynoChannel channel = columns[c].channel;

      if (!is_left_out (channel, leave_out))
        dyno_samples_builder_take (builder, dyno_channel_info (channel)->name, "", channel,
                                   dyno_unit_find (columns[c].unit),
                                   repeat (pattern, columns[c].offset, n));
    }

  return builder;
}
