/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

#include "config.h"

#include "dyno-loop.h"

#include <math.h>

#include "dyno-analysis.h"
#include "dyno-bike.h"
#include "dyno-noise.h"

#define LIMIT_PCT 10         /* of an iteration */
#define TOTAL_LIMIT_PCT 60   /* of all of them */
#define RISE_AFR 0.1         /* of the largest error, twice running: diverging */
#define VE_LOW 0.3
#define VE_HIGH 1.5
#define TABLE_STREAM G_GUINT64_CONSTANT (0x7461626C65) /* of the seed, beside the sessions' */

/* What works together during a run. */
typedef struct
{
  const DynoLoopOptions *options;
  const DynoProgress    *progress;
  DynoVeOptions         *ve_options; /* (owned) */
  DynoEcu               *ecu;        /* (owned) */
  DynoLoop              *loop;       /* (borrowed) */
} Work;

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
                         + scenarios[scenario].scatter_pct * dyno_noise_normal (&noise);

      table->values[i] = CLAMP (table->values[i] * (1 + error_pct / 100), VE_LOW, VE_HIGH);
    }

  return table;
}

/* An iteration */

static DynoVeResult *
analyse_session (const Work         *work,
                 DynoAnalysisError **error)
{
  g_autoptr(DynoSamples) samples = dyno_loop_session_new (work->ecu, &work->options->sensor,
                                                          work->loop->iterations->len);
  DynoSamples *runs[] = { samples };

  return dyno_analysis_run (runs, 1, work->ve_options, &work->ecu->ve->shape, NULL, error);
}

static void
measure_errors (DynoLoop           *loop,
                const DynoVeCell   *cells,
                DynoLoopIteration  *iteration)
{
  double squares = 0;

  for (guint i = 0; i < dyno_grid_shape_cells (&loop->ve->shape); i++)
    {
      double afr_error = cells[i].mean_mix - cells[i].mean_target;
      double error_pct = fabs (cells[i].raw);

      loop->afr_error->hits[i] = cells[i].hits;
      loop->afr_error->values[i] = isnan (error_pct) ? NAN : afr_error;
      if (isnan (error_pct))
        continue;
      iteration->cells++;
      iteration->max_afr_error = MAX (iteration->max_afr_error, fabs (afr_error));
      iteration->mean_afr_error += fabs (afr_error);
      squares += afr_error * afr_error;
      iteration->max_error_pct = MAX (iteration->max_error_pct, error_pct);
      iteration->mean_error_pct += error_pct;
      iteration->cells_converged += error_pct < DYNO_LOOP_DELTA_PCT;
    }
  iteration->mean_afr_error /= iteration->cells;
  iteration->mean_error_pct /= iteration->cells;
  iteration->rms_afr_error = sqrt (squares / iteration->cells);
}

/* A pull of the bike with the mixture that the table makes: a lean engine knocks. */
static void
measure_power (const Work        *work,
               DynoLoopIteration *iteration)
{
  g_autoptr(DynoBike) bike = dyno_bike_new (work->options->engine);
  g_autoptr(DynoGrid) error_pct = dyno_grid_copy (work->ecu->ve);
  const DynoGridShape *shape = &error_pct->shape;
  DynoBikeFigures figures;

  for (guint i = 0; i < dyno_grid_shape_cells (shape); i++)
    error_pct->values[i] = (dyno_ecu_actual_ve (shape->rpm.at[i / shape->load.n],
                                                shape->load.at[i % shape->load.n])
                            / work->ecu->ve->values[i] - 1) * 100;
  dyno_bike_mixture_set_error (dyno_bike_mixture (bike), error_pct, 0);
  dyno_bike_pull (bike, &figures);
  iteration->peak_power_kw = figures.peak_power_corr_kw;
  iteration->peak_torque_nm = figures.peak_torque_corr_nm;
}

static gboolean
has_converged (const DynoLoopIteration *iteration)
{
  return iteration->cells > 0 && iteration->max_afr_error < DYNO_LOOP_ERROR_AFR
         && iteration->cells_converged >= DYNO_LOOP_DELTA_SHARE * iteration->cells;
}

static gboolean
is_diverging (const GArray *iterations)
{
  const DynoLoopIteration *all = (const DynoLoopIteration *) (gconstpointer) iterations->data;
  guint n = iterations->len;

  return n > 2 && all[n - 1].max_afr_error > all[n - 2].max_afr_error + RISE_AFR
         && all[n - 2].max_afr_error > all[n - 3].max_afr_error + RISE_AFR;
}

/* FALSE where a cell has moved further in all than anybody would believe. */
static gboolean
correct_table (const Work        *work,
               const DynoVeCell  *cells,
               DynoLoopIteration *iteration)
{
  DynoLoop *loop = work->loop;
  gboolean is_within = TRUE;

  for (guint i = 0; i < dyno_grid_shape_cells (&loop->ve->shape); i++)
    {
      double before = loop->ve->values[i];

      if (isnan (cells[i].limited))
        continue;
      loop->ve->values[i] = CLAMP (before * (1 + cells[i].limited / 100), VE_LOW, VE_HIGH);
      iteration->cells_corrected += loop->ve->values[i] != before;
      if (fabs (loop->ve->values[i] / loop->start_ve->values[i] - 1) * 100 > TOTAL_LIMIT_PCT)
        is_within = FALSE;
    }
  dyno_ecu_set_ve (work->ecu, loop->ve);

  return is_within;
}

/* FALSE when there is nothing more to do: the outcome is set, or an error. */
static gboolean
iterate (const Work         *work,
         DynoAnalysisError **error)
{
  DynoLoop *loop = work->loop;
  g_autoptr(DynoVeResult) result = NULL;
  DynoLoopIteration iteration = { 0 };
  DynoLoopIteration *kept;

  result = analyse_session (work, error);
  if (result == NULL)
    return FALSE;
  measure_errors (loop, result->cylinders[0].cells, &iteration);
  measure_power (work, &iteration);
  g_array_append_val (loop->iterations, iteration);
  dyno_progress_tell (work->progress, (double) loop->iterations->len / work->options->max_iterations,
                      "iterate");

  if (has_converged (&iteration))
    loop->outcome = DYNO_LOOP_CONVERGED;
  else if (is_diverging (loop->iterations))
    loop->outcome = DYNO_LOOP_DIVERGING;
  else if (loop->iterations->len >= work->options->max_iterations)
    loop->outcome = DYNO_LOOP_OUT_OF_ITERATIONS;
  else
    {
      kept = &g_array_index (loop->iterations, DynoLoopIteration, loop->iterations->len - 1);
      if (correct_table (work, result->cylinders[0].cells, kept))
        return TRUE;
      loop->outcome = DYNO_LOOP_LIMIT;
    }

  return FALSE;
}

/* A run */

static gboolean
options_are_good (const DynoLoopOptions *options,
                  const DynoEcu         *ecu,
                  DynoAnalysisError    **error)
{
  const DynoLoopSensor *sensor = &options->sensor;

  if (options->start_ve != NULL
      && !dyno_grid_shape_equal (&options->start_ve->shape, &ecu->ve->shape))
    dyno_analysis_error_set (error, DYNO_ANALYSIS_GRID_MISMATCH,
                             "The virtual ECU has a table of 11x9, 1500 to 6500 rpm and 20 to "
                             "100 kPa; give one on these axes.");
  else if (options->max_iterations < 1 || options->max_iterations > DYNO_LOOP_MOST_ITERATIONS)
    dyno_analysis_error_set (error, DYNO_ANALYSIS_BAD_OPTION,
                             "max_iterations is %u; 1 to %d are possible.", options->max_iterations,
                             DYNO_LOOP_MOST_ITERATIONS);
  else if (!(sensor->delay_s >= 0 && sensor->delay_s <= 1))
    dyno_analysis_error_set (error, DYNO_ANALYSIS_BAD_OPTION,
                             "The delay of the sensor is 0 to 1000 ms.");
  else if (!(sensor->noise_afr >= 0 && sensor->noise_afr <= 2))
    dyno_analysis_error_set (error, DYNO_ANALYSIS_BAD_OPTION,
                             "The noise of the sensor is 0 to 2 AFR.");
  else
    return TRUE;

  return FALSE;
}

static DynoVeOptions *
flat_limit_options (void)
{
  DynoVeOptions *options = dyno_ve_options_new ();

  options->clamp_pct = LIMIT_PCT;
  for (guint i = 0; i < DYNO_N_LIMITS; i++)
    options->limits[i] = LIMIT_PCT;

  return options;
}

static DynoLoop *
loop_new (const DynoLoopOptions *options)
{
  DynoLoop *self = g_new0 (DynoLoop, 1);

  self->outcome = DYNO_LOOP_STOPPED;
  self->iterations = g_array_new (FALSE, FALSE, sizeof (DynoLoopIteration));
  self->start_ve = options->start_ve != NULL
                     ? dyno_grid_copy (options->start_ve)
                     : dyno_loop_start_table (options->scenario, options->sensor.seed);
  self->ve = dyno_grid_copy (self->start_ve);
  self->afr_error = dyno_grid_new (&self->ve->shape);

  return self;
}

DynoLoop *
dyno_loop_run (const DynoLoopOptions *options,
               const DynoProgress    *progress,
               DynoAnalysisError    **error)
{
  g_autoptr(DynoEcu) ecu = dyno_ecu_new ();
  g_autoptr(DynoVeOptions) ve_options = flat_limit_options ();
  g_autoptr(DynoAnalysisError) cause = NULL;
  g_autoptr(DynoLoop) loop = NULL;
  Work work;

  if (!options_are_good (options, ecu, error))
    return NULL;

  loop = loop_new (options);
  work = (Work){ options, progress, ve_options, ecu, loop };
  dyno_ecu_set_ve (ecu, loop->ve);
  while (!dyno_progress_is_cancelled (progress) && iterate (&work, &cause))
    ;
  if (cause != NULL)
    {
      dyno_analysis_error_set (error, cause->reason, "%s", cause->message);
      return NULL;
    }
  loop->sentence = dyno_loop_tell (loop);

  return g_steal_pointer (&loop);
}

void
dyno_loop_free (DynoLoop *self)
{
  if (self == NULL)
    return;

  g_array_unref (self->iterations);
  dyno_grid_free (self->start_ve);
  dyno_grid_free (self->ve);
  dyno_grid_free (self->afr_error);
  g_free (self->sentence);
  g_free (self);
}
