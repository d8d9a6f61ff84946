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
} gates[DYNO_N_GATES] = {
  { "accepted", FALSE, "" },
  { "not-an-update", TRUE, N_ ("the log holds each reading for many rows.") },
  { "excluded", FALSE, N_ ("these rows were brushed out.") },
  { "no-rpm", FALSE, N_ ("engine speed is missing there.") },
  { "no-map", FALSE, N_ ("manifold pressure is missing there.") },
  { "no-mixture", FALSE, N_ ("the mixture is missing there.") },
  { "no-target", FALSE, N_ ("the target is missing there; choose the target table.") },
  { "rpm-range", TRUE, N_ ("the engine hardly ran, or its speed has another unit.") },
  { "map-range", TRUE, N_ ("the manifold pressure has another unit.") },
  { "tps-range", TRUE, N_ ("the throttle sensor is not calibrated.") },
  { "iat-range", TRUE, N_ ("the intake temperature has another unit.") },
  { "engine-cold", TRUE, N_ ("the engine was not warm.") },
  { "sensor-not-ready", TRUE, N_ ("the mixture sensor was still heating.") },
  { "sensor-pegged", TRUE, N_ ("the mixture sensor stands at its end or at an error code.") },
  { "sensor-frozen", TRUE, N_ ("the mixture sensor did not move while the engine did.") },
  { "mix-window", TRUE, N_ ("the mixture is beyond what an engine burns; check the sensor.") },
  { "mix-neighbour", TRUE, N_ ("the mixture sensor drops out again and again.") },
  { "target-implausible", TRUE, N_ ("the commanded mixture is no target; choose the target table.") },
  { "fuel-cut", TRUE, N_ ("the engine was mostly on overrun.") },
  { "transient", TRUE, N_ ("this log is no time series, or its clock is wrong.") },
  { "settling", TRUE, N_ ("the engine was hardly ever held steady.") },
  { "no-partner", FALSE, N_ ("the log has gaps wherever the mixture was read.") },
  { "out-of-grid", FALSE, N_ ("the engine ran outside this table.") },
  { "outlier", TRUE, N_ ("the readings of a cell disagree with each other.") },
  { "low-weight", FALSE, "" },
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
