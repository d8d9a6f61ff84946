/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

#include "config.h"

#include "dyno-loop-session.h"

#include <math.h>

#include "dyno-noise.h"

#define CELL_ROWS ((gsize) (DYNO_LOOP_CELL_S / DYNO_LOOP_STEP_S + 0.5))

enum
{
  NOISE_AFR,
  NOISE_RPM,
  N_NOISES
};

typedef struct
{
  const DynoEcu *ecu;
  gsize          n;          /* rows */
  double        *rpm;        /* (owned) */
  double        *map_kpa;    /* (owned) */
  double        *target_afr; /* (owned) */
  double        *burnt_afr;  /* (owned) in the cylinder, at that row */
  double        *read_afr;   /* (owned) of the sensor */
  guint8        *updates;    /* (owned) a bit a row: it is a new reading */
} Session;

/* Up one row of the table, down the next. */
static gsize
cell_in_order (const DynoGridShape *shape,
               gsize                place)
{
  gsize row = place / shape->load.n;
  gsize column = place % shape->load.n;

  return row * shape->load.n + (row % 2 == 0 ? column : shape->load.n - 1 - column);
}

static void
hold_cells (Session   *session,
            DynoNoise *noise,
            double     noise_pct)
{
  const DynoGridShape *shape = &session->ecu->ve->shape;

  for (gsize i = 0; i < session->n; i++)
    {
      gsize cell = cell_in_order (shape, i / CELL_ROWS);
      double rpm = shape->rpm.at[cell / shape->load.n];
      double map_kpa = shape->load.at[cell % shape->load.n];

      session->map_kpa[i] = map_kpa;
      session->rpm[i] = noise_pct > 0 ? rpm * (1 + noise_pct / 100 * dyno_noise_normal (noise))
                                      : rpm;
      session->target_afr[i] = dyno_ecu_target_afr (session->ecu, rpm, map_kpa);
      session->burnt_afr[i] = dyno_ecu_resulting_afr (session->ecu, rpm, map_kpa,
                                                      dyno_ecu_actual_ve (rpm, map_kpa));
    }
}

static gsize
in_steps (double seconds)
{
  return (gsize) (MAX (seconds, 0) / DYNO_LOOP_STEP_S + 0.5);
}

static void
read_sensor (Session              *session,
             const DynoLoopSensor *sensor,
             double                bias_afr,
             DynoNoise            *noise)
{
  gsize delay = in_steps (sensor->delay_s);
  gsize period = MAX (in_steps (sensor->update_period_s), 1);

  for (gsize i = 0; i < session->n; i++)
    {
      if (i % period != 0)
        {
          session->read_afr[i] = session->read_afr[i - 1];
          continue;
        }
      session->read_afr[i] = session->burnt_afr[i > delay ? i - delay : 0] + bias_afr;
      if (sensor->noise_afr > 0)
        session->read_afr[i] += sensor->noise_afr * dyno_noise_normal (noise);
      session->updates[i / 8] |= (guint8) (1u << i % 8);
    }
}

static guint
take_column (DynoSamplesBuilder *builder,
             DynoChannel         channel,
             const char         *unit,
             double             *values)
{
  return dyno_samples_builder_take (builder, dyno_channel_info (channel)->name, "", channel,
                                    dyno_unit_find (unit), values);
}

/* A steady engine repeats its readings: every row is a new one all the same. */
static void
mark_all_rows (DynoSamplesBuilder *builder,
               guint               column,
               gsize               n)
{
  guint8 *bits = g_malloc (n / 8 + 1);

  memset (bits, 0xFF, n / 8 + 1);
  dyno_samples_builder_take_updates (builder, column, bits);
}

/* Takes the columns over. (transfer full) */
static DynoSamples *
write_log (Session *session)
{
  DynoSamplesBuilder *builder = dyno_samples_builder_new (session->n);
  double *time_s = g_new (double, session->n);
  gsize n = session->n;

  for (gsize i = 0; i < n; i++)
    time_s[i] = (double) i * DYNO_LOOP_STEP_S;
  dyno_samples_builder_take_time (builder, time_s);
  mark_all_rows (builder, take_column (builder, DYNO_CHANNEL_RPM, "rpm", session->rpm), n);
  mark_all_rows (builder, take_column (builder, DYNO_CHANNEL_MAP, "kPa", session->map_kpa), n);
  mark_all_rows (builder, take_column (builder, DYNO_CHANNEL_TARGET_F, "AFR", session->target_afr),
                 n);
  dyno_samples_builder_take_updates (
    builder, take_column (builder, DYNO_CHANNEL_MIX_F, "AFR", session->read_afr),
    session->updates);
  g_free (session->burnt_afr);

  return dyno_samples_builder_finish (builder);
}

DynoSamples *
dyno_loop_session_new (const DynoEcu        *ecu,
                       const DynoLoopSensor *sensor,
                       guint                 session)
{
  gsize n = dyno_grid_shape_cells (&ecu->ve->shape) * CELL_ROWS;
  Session all = { ecu, n, g_new (double, n), g_new (double, n), g_new (double, n),
                  g_new (double, n), g_new (double, n), g_malloc0 (n / 8 + 1) };
  DynoNoise noises[N_NOISES];

  for (guint i = 0; i < N_NOISES; i++)
    dyno_noise_init (&noises[i], sensor->seed, (guint64) session * N_NOISES + i);
  hold_cells (&all, &noises[NOISE_RPM], sensor->noise_rpm_pct);
  read_sensor (&all, sensor, session * sensor->drift_afr, &noises[NOISE_AFR]);

  return write_log (&all);
}
