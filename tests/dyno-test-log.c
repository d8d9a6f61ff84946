/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

#include "config.h"

#include "dyno-test-log.h"

#include <math.h>

#include "dyno-test.h"

struct _DynoTestLog
{
  GArray *readings; /* of DynoBikeReading */
};

static const struct
{
  DynoChannel channel;
  const char *unit;
  gsize       offset;
} columns[] = {
  { DYNO_CHANNEL_RPM, "rpm", G_STRUCT_OFFSET (DynoBikeReading, rpm) },
  { DYNO_CHANNEL_SPEED, "km/h", G_STRUCT_OFFSET (DynoBikeReading, speed_kmh) },
  { DYNO_CHANNEL_ACCEL, "km/h/s", G_STRUCT_OFFSET (DynoBikeReading, accel_kmh_s) },
  { DYNO_CHANNEL_FORCE, "N", G_STRUCT_OFFSET (DynoBikeReading, force_n) },
  { DYNO_CHANNEL_POWER, "kW", G_STRUCT_OFFSET (DynoBikeReading, power_kw) },
  { DYNO_CHANNEL_TORQUE, "N·m", G_STRUCT_OFFSET (DynoBikeReading, torque_nm) },
  { DYNO_CHANNEL_POWER_CORR, "kW", G_STRUCT_OFFSET (DynoBikeReading, power_corr_kw) },
  { DYNO_CHANNEL_TORQUE_CORR, "N·m", G_STRUCT_OFFSET (DynoBikeReading, torque_corr_nm) },
  { DYNO_CHANNEL_CORRECTION, "", G_STRUCT_OFFSET (DynoBikeReading, correction) },
  { DYNO_CHANNEL_TPS, "%", G_STRUCT_OFFSET (DynoBikeReading, tps_pct) },
  { DYNO_CHANNEL_MAP, "kPa", G_STRUCT_OFFSET (DynoBikeReading, map_kpa) },
  { DYNO_CHANNEL_TARGET, "AFR", G_STRUCT_OFFSET (DynoBikeReading, target_afr) },
  { DYNO_CHANNEL_MIX_F, "AFR", G_STRUCT_OFFSET (DynoBikeReading, afr) },
  { DYNO_CHANNEL_MIX_R, "AFR", G_STRUCT_OFFSET (DynoBikeReading, afr) + sizeof (double) },
  { DYNO_CHANNEL_BARO, "kPa", G_STRUCT_OFFSET (DynoBikeReading, baro_kpa) },
  { DYNO_CHANNEL_AMBIENT_TEMP, "°C", G_STRUCT_OFFSET (DynoBikeReading, ambient_c) },
  { DYNO_CHANNEL_HUMIDITY, "%", G_STRUCT_OFFSET (DynoBikeReading, humidity_pct) },
  { DYNO_CHANNEL_IAT, "°C", G_STRUCT_OFFSET (DynoBikeReading, iat_c) },
  { DYNO_CHANNEL_ENGINE_TEMP, "°C", G_STRUCT_OFFSET (DynoBikeReading, engine_c) },
};

DynoTestLog *
dyno_test_log_new (void)
{
  DynoTestLog *self = g_new0 (DynoTestLog, 1);

  self->readings = g_array_new (FALSE, FALSE, sizeof (DynoBikeReading));

  return self;
}

void
dyno_test_log_free (DynoTestLog *self)
{
  g_array_unref (self->readings);
  g_free (self);
}

void
dyno_test_log_add (DynoTestLog           *self,
                   const DynoBikeReading *reading)
{
  g_array_append_vals (self->readings, reading, 1);
}

void
dyno_test_log_record (DynoTestLog     *self,
                      DynoBike        *bike,
                      DynoBikeSensors *sensors,
                      guint            n,
                      guint            step_ms)
{
  for (guint i = 0; i < n; i++)
    {
      DynoBikeReading reading;

      dyno_bike_advance (bike, step_ms);
      dyno_bike_sensors_read (sensors, dyno_bike_state (bike), &reading);
      dyno_test_log_add (self, &reading);
    }
}

guint
dyno_test_log_length (const DynoTestLog *self)
{
  return self->readings->len;
}

static gboolean
is_wanted (const DynoChannel *channels,
           DynoChannel        channel)
{
  if (channels == NULL)
    return TRUE;
  for (; *channels != DYNO_CHANNEL_NONE; channels++)
    {
      if (*channels == channel)
        return TRUE;
    }

  return FALSE;
}

static double
number_at (const DynoTestLog *self,
           guint              row,
           gsize              offset)
{
  const DynoBikeReading *reading = &g_array_index (self->readings, DynoBikeReading, row);

  return *(const double *) (gconstpointer) ((const char *) reading + offset);
}

DynoSamples *
dyno_test_log_finish (const DynoTestLog *self,
                      const DynoChannel *channels)
{
  guint n = self->readings->len;
  DynoSamplesBuilder *builder = dyno_samples_builder_new (n);
  double *time = g_new (double, MAX (n, 1));
  gint64 origin_ms = n > 0 ? g_array_index (self->readings, DynoBikeReading, 0).t_ms : 0;

  for (guint i = 0; i < n; i++)
    time[i] =
        (double) (g_array_index (self->readings, DynoBikeReading, i).t_ms - origin_ms) / 1000;
  dyno_samples_builder_take_time (builder, time);
  for (gsize c = 0; c < G_N_ELEMENTS (columns); c++)
    {
      double *values;

      if (!is_wanted (channels, columns[c].channel))
        continue;
      values = g_new (double, MAX (n, 1));
      for (guint i = 0; i < n; i++)
        values[i] = number_at (self, i, columns[c].offset);
      dyno_samples_builder_take (builder, dyno_channel_info (columns[c].channel)->name, "",
                                 columns[c].channel, dyno_unit_find (columns[c].unit), values);
    }

  return dyno_samples_builder_finish (builder);
}

void
dyno_test_take (DynoSamplesBuilder *builder,
                DynoChannel         channel,
                const char         *unit,
                const double       *values,
                gsize               n)
{
  dyno_samples_builder_take (builder, dyno_channel_info (channel)->name, "", channel,
                             dyno_unit_find (unit), g_memdup2 (values, n * sizeof (double)));
}

double *
dyno_test_dup_column (const DynoColumn *column)
{
  double *values = g_new (double, MAX (column->numbers.n, 1));

  dyno_numbers_copy (&column->numbers, 0, column->numbers.n, values);

  return values;
}

void
dyno_test_assert_same_numbers (const DynoColumn *a,
                               const DynoColumn *b)
{
  g_autofree double *x = dyno_test_dup_column (a);
  g_autofree double *y = dyno_test_dup_column (b);

  g_assert_cmpmem (x, a->numbers.n * sizeof *x, y, b->numbers.n * sizeof *y);
}

static const struct
{
  const char *header;
  DynoChannel channel;
  const char *unit;
} winpep[] = {
  { "(DWRT CPU) Engine RPM", DYNO_CHANNEL_RPM, "krpm" },
  { "(DWRT CPU) Speed", DYNO_CHANNEL_SPEED, "mph" },
  { "(DWRT CPU) Acceleration", DYNO_CHANNEL_ACCEL, "mph/s" },
  { "(DWRT CPU) Force", DYNO_CHANNEL_FORCE, "lbf" },
  { "(DWRT CPU) Power", DYNO_CHANNEL_POWER_CORR, "hp" },
  { "(DWRT CPU) Power (uncorrected)", DYNO_CHANNEL_POWER, "hp" },
  { "(DWRT CPU) Torque", DYNO_CHANNEL_TORQUE_CORR, "lbf·ft" },
  { "(DWRT CPU) Torque (uncorrected)", DYNO_CHANNEL_TORQUE, "lbf·ft" },
  { "(DWRT CPU) Correction Factor", DYNO_CHANNEL_CORRECTION, "" },
  { "(DWRT ATMO) Pressure", DYNO_CHANNEL_BARO, "inHg" },
  { "(DWRT ATMO) Temperature 1", DYNO_CHANNEL_AMBIENT_TEMP, "°F" },
  { "(DWRT ATMO) Humidity", DYNO_CHANNEL_HUMIDITY, "%" },
  { "(DWRT AFR) Air/Fuel Ratio 1", DYNO_CHANNEL_MIX_F, "AFR" },
};

static double *
read_column (char **lines,
             guint  n,
             guint  column)
{
  double *values = g_new (double, MAX (n, 1));

  for (guint i = 0; i < n; i++)
    {
      g_auto(GStrv) cells = g_strsplit (lines[i + 1], ",", -1);
      char *end = NULL;

      values[i] = g_ascii_strtod (g_strstrip (cells[column]), &end);
      if (end == cells[column])
        values[i] = NAN;
    }

  return values;
}

DynoSamples *
dyno_test_read_winpep (const char *name)
{
  g_autofree char *path = dyno_test_shared_file (name);
  g_autofree char *text = NULL;
  g_auto(GStrv) lines = NULL;
  g_auto(GStrv) header = NULL;
  DynoSamplesBuilder *builder;
  guint n;

  if (path == NULL)
    return NULL;

  text = dyno_test_read (path, NULL);
  lines = g_strsplit (g_strstrip (text), "\n", -1);
  header = g_strsplit (lines[0], ",", -1);
  n = g_strv_length (lines) - 1;
  builder = dyno_samples_builder_new (n);
  dyno_samples_builder_take_time (builder, read_column (lines, n, 0));
  for (guint h = 1; header[h] != NULL; h++)
    {
      for (gsize w = 0; w < G_N_ELEMENTS (winpep); w++)
        {
          if (g_str_equal (g_strstrip (header[h]), winpep[w].header))
            dyno_samples_builder_take (builder, winpep[w].header, "", winpep[w].channel,
                                       dyno_unit_find (winpep[w].unit),
                                       read_column (lines, n, h));
        }
    }

  return dyno_samples_builder_finish (builder);
}
