/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

#include "config.h"

#include "dyno-loop.h"

#include <math.h>

#include "dyno-noise.h"

/* Scenarios, start tables and names; part of dyno-loop.h. */

#define TABLE_STREAM G_GUINT64_CONSTANT (0x7461626C65) /* of the seed, beside the sessions' */
#define FURTHEST 2                                     /* standard deviations */

static const struct
{
  const char *name;
  double      mean_pct;
  double      scatter_pct;
} scenarios[] = {
  { "lean", -10, 5 },
  { "rich", 10, 5 },
  { "mixed", 0, 8 },
};

gboolean
dyno_loop_scenario_find (const char       *name,
                         DynoLoopScenario *scenario)
{
  for (guint i = 0; i < DYNO_N_LOOP_SCENARIOS; i++)
    {
      if (g_strcmp0 (scenarios[i].name, name) != 0)
        continue;
      *scenario = i;
      return TRUE;
    }

  return FALSE;
}

const char *
dyno_loop_scenario_name (DynoLoopScenario scenario)
{
  g_return_val_if_fail (scenario < DYNO_N_LOOP_SCENARIOS, NULL);

  return scenarios[scenario].name;
}

const char *
dyno_loop_outcome_name (DynoLoopOutcome outcome)
{
  static const char *const names[] = { "converged", "max-iterations", "diverging", "limit",
                                       "stopped" };

  g_return_val_if_fail (outcome < G_N_ELEMENTS (names), NULL);

  return names[outcome];
}

void
dyno_loop_options_init (DynoLoopOptions *options)
{
  *options = (DynoLoopOptions){
    .engine = dyno_bike_engine_find ("m8_114"),
    .max_iterations = DYNO_LOOP_MAX_ITERATIONS,
    .sensor = { .seed = 1 },
  };
}

/* Drawn again where it is far out. */
static double
near_normal (DynoNoise *noise)
{
  double value;

  do
    value = dyno_noise_normal (noise);
  while (fabs (value) > FURTHEST);

  return value;
}

DynoGrid *
dyno_loop_start_table (DynoLoopScenario scenario,
                       guint64          seed)
{
  g_autoptr(DynoEcu) right = dyno_ecu_new ();
  DynoGrid *table = dyno_grid_copy (right->ve);
  DynoNoise noise;

  dyno_noise_init (&noise, seed, TABLE_STREAM);
  for (guint i = 0; i < dyno_grid_shape_cells (&table->shape); i++)
    {
      double error_pct = scenarios[scenario].mean_pct
                         + scenarios[scenario].scatter_pct * near_normal (&noise);

      table->values[i] = CLAMP (table->values[i] * (1 + error_pct / 100), DYNO_LOOP_VE_LOW,
                                DYNO_LOOP_VE_HIGH);
    }

  return table;
}
