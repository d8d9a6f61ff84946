/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

#pragma once

#include "dyno-analysis-error.h"
#include "dyno-bike-engine.h"
#include "dyno-loop-session.h"
#include "dyno-progress.h"

G_BEGIN_DECLS

/* Virtual tuning (analysis.md 6.5): an ECU with a wrong fuel table is mapped on the
 * virtual dyno, the log goes through the VE analysis of every day, the correction
 * goes into the table, and again, until the mixture is what the ECU asks for or it
 * is plain that it will not be. The closed loop proves the analysis: its sign, its
 * gates, its delay.
 *
 * Profile `default`, but for the limit: ±10 % an iteration, whatever the confidence.
 * Pure; a session is milliseconds of work. */

#define DYNO_LOOP_MAX_ITERATIONS 10
#define DYNO_LOOP_MOST_ITERATIONS 50  /* that may be asked for */
#define DYNO_LOOP_ERROR_AFR 0.3       /* converged: no cell is further from its target */
#define DYNO_LOOP_DELTA_PCT 2.1       /* and these many cells ask for less than this */
#define DYNO_LOOP_DELTA_SHARE 0.9

/* How the table is wrong at the start, percent of the right fuel: a mean and a
 * scatter from cell to cell. */
typedef enum
{
  DYNO_LOOP_LEAN,  /* −10 ± 5 */
  DYNO_LOOP_RICH,  /* +10 ± 5 */
  DYNO_LOOP_MIXED, /*   0 ± 8 */
  DYNO_N_LOOP_SCENARIOS
} DynoLoopScenario;

typedef enum
{
  DYNO_LOOP_CONVERGED,
  DYNO_LOOP_OUT_OF_ITERATIONS,
  DYNO_LOOP_DIVERGING, /* the largest error rose by more than 0.1 AFR twice running */
  DYNO_LOOP_LIMIT,     /* a cell would move by more than 60 % in all */
  DYNO_LOOP_STOPPED,   /* cancelled */
} DynoLoopOutcome;

typedef struct
{
  const DynoBikeEngine *engine;         /* (borrowed) whose power is told; m8_114 */
  const DynoGrid       *start_ve;       /* (borrowed) (nullable) 11x9; else by scenario */
  DynoLoopScenario      scenario;
  guint                 max_iterations;
  DynoLoopSensor        sensor;         /* its seed makes the start table, too */
} DynoLoopOptions;

/* Of the mapping session at the beginning of an iteration. */
typedef struct
{
  guint  cells;           /* with enough hits */
  double max_afr_error;   /* |measured − wanted|, mean of a cell */
  double mean_afr_error;
  double rms_afr_error;
  double max_error_pct;   /* |δ| that the analysis asks for, before its limit */
  double mean_error_pct;
  guint  cells_converged; /* |δ| below DYNO_LOOP_DELTA_PCT */
  guint  cells_corrected; /* changed by this iteration; 0 in a last one */
  double peak_power_kw;   /* of a pull with the table as it is; corrected */
  double peak_torque_nm;
} DynoLoopIteration;

typedef struct
{
  DynoLoopOutcome  outcome;
  GArray          *iterations; /* (owned) of DynoLoopIteration; none: stopped at once */
  DynoGrid        *start_ve;   /* (owned) */
  DynoGrid        *ve;         /* (owned) the table at the end */
  DynoGrid        *afr_error;  /* (owned) measured − wanted of the last session */
  char            *sentence;   /* (owned) how it ended, which cells are left and why */
} DynoLoop;

/* "lean", "rich", "mixed"; FALSE for another name. */
gboolean    dyno_loop_scenario_find (const char              *name,
                                     DynoLoopScenario        *scenario);
const char *dyno_loop_scenario_name (DynoLoopScenario         scenario);
/* "converged", "max-iterations", "diverging", "limit", "stopped". */
const char *dyno_loop_outcome_name  (DynoLoopOutcome          outcome);

/* Scenario lean, a perfect sensor, seed 1, ten iterations. */
void        dyno_loop_options_init  (DynoLoopOptions         *options);

/* The right table made wrong by a scenario. (transfer full) */
DynoGrid   *dyno_loop_start_table   (DynoLoopScenario         scenario,
                                     guint64                  seed);

/* Told after each iteration; cancelling gives what was done so far. NULL with
 * BAD_OPTION, or GRID_MISMATCH for a start table of other axes. */
DynoLoop   *dyno_loop_run           (const DynoLoopOptions   *options,
                                     const DynoProgress      *progress,
                                     DynoAnalysisError      **error);
void        dyno_loop_free          (DynoLoop                *self);

/* What dyno_loop_run () puts into `sentence`. (transfer full) */
char       *dyno_loop_tell          (const DynoLoop          *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (DynoLoop, dyno_loop_free)

G_END_DECLS
