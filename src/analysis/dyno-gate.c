/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

#include "config.h"

#include "dyno-gate.h"

#define N_(text) text

static const struct
{
  const char *name;
  gboolean    is_optional;
  const char *explanation;
  const char *remedy;
} gates[DYNO_N_GATES] = {
  { "accepted", FALSE, "", "" },
  { "not-an-update", TRUE, N_ ("the log holds each reading for many rows."), "" },
  { "excluded", FALSE, N_ ("these rows were brushed out."),
    N_ ("Bring back rows that were brushed out.") },
  { "no-rpm", FALSE, N_ ("engine speed is missing there."),
    N_ ("Name the column of the engine speed (--map).") },
  { "no-map", FALSE, N_ ("manifold pressure is missing there."),
    N_ ("Name the column of the manifold pressure (--map).") },
  { "no-mixture", FALSE, N_ ("the mixture is missing there."),
    N_ ("Name the column of the mixture (--map), and check that the sensor was connected.") },
  { "no-target", FALSE, N_ ("the target is missing there; choose the target table."),
    N_ ("Choose the target table.") },
  { "rpm-range", TRUE, N_ ("the engine hardly ran, or its speed has another unit."),
    N_ ("Check the unit of the engine speed, or the option rpm_range.") },
  { "map-range", TRUE, N_ ("the manifold pressure has another unit."),
    N_ ("Check the unit of the manifold pressure, or the option map_range.") },
  { "tps-range", TRUE, N_ ("the throttle sensor is not calibrated."),
    N_ ("Calibrate the throttle sensor.") },
  { "iat-range", TRUE, N_ ("the intake temperature has another unit."),
    N_ ("Check the unit of the intake temperature, or the option iat_range.") },
  { "engine-cold", TRUE, N_ ("the engine was not warm."),
    N_ ("Log with a warm engine, or check the unit of its temperature.") },
  { "sensor-not-ready", TRUE, N_ ("the mixture sensor was still heating."),
    N_ ("Log on for some seconds after the mixture sensor is ready.") },
  { "sensor-pegged", TRUE, N_ ("the mixture sensor stands at its end or at an error code."),
    N_ ("Check the mixture sensor and its wiring.") },
  { "sensor-frozen", TRUE, N_ ("a sensor did not move while the engine did."),
    N_ ("Check the sensors of mixture, speed and pressure and their wiring.") },
  { "mix-window", TRUE, N_ ("the mixture is beyond what an engine burns; check the sensor."),
    N_ ("Check the mixture sensor, and its unit and fuel.") },
  { "mix-neighbour", TRUE, N_ ("the mixture sensor drops out again and again."),
    N_ ("Check the wiring of the mixture sensor.") },
  { "target-implausible", TRUE, N_ ("the commanded mixture is no target; choose the target table."),
    N_ ("Choose the target table.") },
  { "fuel-cut", TRUE, N_ ("the engine was mostly on overrun."),
    N_ ("Log under load.") },
  { "transient", TRUE, N_ ("this log is no time series, or its clock is wrong."),
    N_ ("Hold speed and load steady for two seconds in each cell; if that was done, tell the "
        "true rate of the rows at the import (--rate). For a sweep the options rate_map, "
        "rate_rpm and rate_tps say how fast is too fast.") },
  { "settling", TRUE, N_ ("the engine was hardly ever held steady."),
    N_ ("Hold speed and load steady for two seconds in each cell.") },
  { "no-partner", FALSE, N_ ("the log has gaps wherever the mixture was read."),
    N_ ("Log longer without a break, or give a shorter delay.") },
  { "out-of-grid", FALSE, N_ ("the engine ran outside this table."),
    N_ ("Use the grid or the table of this engine.") },
  { "outlier", TRUE, N_ ("the readings of a cell disagree with each other."),
    N_ ("Check the mixture sensor for noise, or raise the option mad_limit.") },
  { "low-weight", FALSE, "", "" },
};

const char *
dyno_gate_name (DynoGate gate)
{
  g_return_val_if_fail (gate < DYNO_N_GATES, NULL);

  return gates[gate].name;
}

gboolean
dyno_gate_find (const char *name,
                DynoGate   *gate)
{
  for (guint i = 0; i < DYNO_N_GATES; i++)
    {
      if (g_strcmp0 (name, gates[i].name) == 0)
        {
          *gate = (DynoGate) i;
          return TRUE;
        }
    }

  return FALSE;
}

gboolean
dyno_gate_is_optional (DynoGate gate)
{
  return gate < DYNO_N_GATES && gates[gate].is_optional;
}

const char *
dyno_gate_explanation (DynoGate gate)
{
  g_return_val_if_fail (gate < DYNO_N_GATES, NULL);

  return gates[gate].explanation;
}

const char *
dyno_gate_remedy (DynoGate gate)
{
  g_return_val_if_fail (gate < DYNO_N_GATES, NULL);

  return gates[gate].remedy;
}
