/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

#include "config.h"

#include "dyno-surface.h"

#include "dyno-bin.h"
#include "dyno-crew.h"
#include "dyno-readings.h"
#include "dyno-stat.h"
#include "dyno-ve-block.h"

#define MODE_BIT(mode) (1u << (mode))
#define STEADY (MODE_BIT (DYNO_MODE_WOT) | MODE_BIT (DYNO_MODE_CRUISE))
#define FULL MODE_BIT (DYNO_MODE_WOT)

/* What a surface is made of. */
static const struct
{
  const char *name;
  const char *title;
  guint       modes;
  DynoChannel channels[DYNO_READINGS_MAX]; /* none: the mixture of a cylinder */
  guint       cylinder;
} kinds[DYNO_N_SURFACES] = {
  { "spark_f", "Spark of the front cylinder", STEADY, { DYNO_CHANNEL_SPARK_F }, 0 },
  { "spark_r", "Spark of the rear cylinder", STEADY, { DYNO_CHANNEL_SPARK_R }, 1 },
  { "mix_error_f", "Mixture error of the front cylinder", STEADY, { DYNO_CHANNEL_NONE }, 0 },
  { "mix_error_r", "Mixture error of the rear cylinder", STEADY, { DYNO_CHANNEL_NONE }, 1 },
  { "knock", "Knock", FULL,
    { DYNO_CHANNEL_KNOCK, DYNO_CHANNEL_KNOCK_F, DYNO_CHANNEL_KNOCK_R }, 0 },
};

/* The sums of a surface in the making. */
typedef struct
{
  const DynoVeSet  *set;
  const DynoModes  *modes;
  DynoSurfaceKind   kind;
  gboolean          is_compat;
  DynoSurface      *surface;
  double           *weights; /* (owned) one a cell */
  GArray           *tip_in;  /* (owned) of double: errors of mixtures made in a tip-in */
  DynoBinHint       hint;
} Build;

static gboolean
is_wanted (const Build *build,
           gsize        row)
{
  return (kinds[build->kind].modes >> build->modes->modes[row] & 1) != 0;
}

/* Where a sample goes */

static void
add_to_cell (Build *build,
             guint  cell,
             double weight,
             double value)
{
  build->weights[cell] += weight;
  build->surface->grid->values[cell] += weight * value;
}

static void
add_bilinear (Build *build,
              double rpm,
              double map_kpa,
              double value)
{
  const DynoGridShape *shape = &build->set->shape;
  guint cells[4];
  double weights[4];
  guint home;

  if (!dyno_axis_holds (&shape->rpm, rpm) || !dyno_axis_holds (&shape->load, map_kpa))
    return;

  dyno_bin_weights (shape, rpm, map_kpa, &build->hint, cells, weights);
  for (guint k = 0; k < 4; k++)
    add_to_cell (build, cells[k], weights[k], value);
  home = dyno_axis_nearer (&shape->rpm, rpm, build->hint.row) * shape->load.n
         + dyno_axis_nearer (&shape->load, map_kpa, build->hint.column);
  build->surface->grid->hits[home]++;
  build->surface->n_samples++;
}

/* The original's bin: ties go up. `away` is the distance in bins. */
static guint
compat_bin (const DynoAxis *axis,
            double          value,
            double         *away)
{
  guint bin = dyno_axis_locate (axis, value, 0, away);

  if (*away < 0.5)
    return bin;
  *away -= 1;

  return bin + 1;
}

#define COMPAT_LEAST_DISTANCE 1e-10
#define COMPAT_MOST_WEIGHT 100

/* A weight of 0 is a hit nevertheless. */
static void
add_compat (Build *build,
            double rpm,
            double map_kpa,
            double value)
{
  const DynoGridShape *shape = &build->set->shape;
  double u;
  double v;
  guint cell = compat_bin (&shape->rpm, rpm, &u) * shape->load.n;
  double d;

  cell += compat_bin (&shape->load, map_kpa, &v);
  d = MAX (sqrt (u * u + v * v), COMPAT_LEAST_DISTANCE);
  add_to_cell (build, cell, CLAMP (-log10 (d * d) / pow (d + 1, 4), 0, COMPAT_MOST_WEIGHT), value);
  build->surface->grid->hits[cell]++;
  build->surface->n_samples++;
}

static void
add_sample (Build *build,
            double rpm,
            double map_kpa,
            double value)
{
  if (isnan (rpm) || isnan (map_kpa) || isnan (value))
    return;

  if (build->is_compat)
    add_compat (build, rpm, map_kpa, value);
  else
    add_bilinear (build, rpm, map_kpa, value);
}

/* Columns of a run: spark and knock */

/* One channel of spark serves both cylinders where they have none of their own. */
static DynoReadings
open_readings (Build             *build,
               const DynoSamples *samples)
{
  static const DynoChannel shared[DYNO_READINGS_MAX] = { DYNO_CHANNEL_SPARK };
  DynoReadings own = dyno_readings_open (samples, kinds[build->kind].channels);

  if (own.n > 0 || build->kind == DYNO_SURFACE_KNOCK)
    return own;

  own = dyno_readings_open (samples, shared);
  build->surface->is_shared |= own.n > 0;

  return own;
}

static gboolean
add_readings (Build              *build,
              const DynoVeRun    *run,
              const DynoReadings *readings,
              const DynoProgress *progress)
{
  for (gsize i = 0; i < run->n; i++)
    {
      const DynoVeInstant now = dyno_ve_on_row (run, i);

      if (dyno_progress_stops (progress, i))
        return FALSE;
      if (is_wanted (build, run->first + i) && !dyno_ve_is_excluded (run, i))
        add_sample (build, dyno_ve_state (run, &run->rpm, &now),
                    dyno_ve_state (run, &run->map, &now), dyno_readings_max (readings, i));
    }

  return TRUE;
}

/* Mixtures: the engine state is that of the time when they were made. */

static void
add_mixture (Build             *build,
             const DynoVeRun   *run,
             const DynoVeBlock *block,
             guint              i)
{
  const DynoVeInstant at = { block->at[i], block->time_s[i], block->u[i] };
  gsize row = run->first + dyno_ve_nearest_row (&at);
  double error = block->mix[i] - block->target[i];

  if (is_wanted (build, row))
    add_sample (build, block->rpm[i], block->map[i], error);
  else if (build->modes->modes[row] == DYNO_MODE_TIP_IN && !isnan (error))
    g_array_append_val (build->tip_in, error);
}

static void
add_mixtures (Build           *build,
              const DynoVeRun *run,
              DynoVeBlock     *block)
{
  const double *window = build->set->options->mix_window;

  dyno_ve_block_fill (build->set, run, kinds[build->kind].cylinder, block);
  for (guint i = 0; i < block->n; i++)
    {
      if (block->is_known[i] && block->mix[i] >= window[0] && block->mix[i] <= window[1])
        add_mixture (build, run, block, i);
    }
  block->n = 0;
}

static gboolean
add_cylinder (Build              *build,
              const DynoVeRun    *run,
              const DynoProgress *progress)
{
  const DynoVeChannel *mix = &run->mix[kinds[build->kind].cylinder];
  DynoVeBlock block = { .n = 0 };

  for (gsize i = 0; i < run->n; i++)
    {
      if (dyno_progress_stops (progress, i))
        return FALSE;
      if (!dyno_ve_is_update (mix, i) || dyno_ve_is_excluded (run, i))
        continue;
      block.rows[block.n++] = i;
      if (block.n == DYNO_VE_BLOCK)
        add_mixtures (build, run, &block);
    }
  add_mixtures (build, run, &block);

  return TRUE;
}

/* The whole */

static gboolean
is_mixture (DynoSurfaceKind kind)
{
  return kind == DYNO_SURFACE_MIX_ERROR_F || kind == DYNO_SURFACE_MIX_ERROR_R;
}

static void
build_begin (Build *build)
{
  guint n_cells = dyno_grid_shape_cells (&build->set->shape);

  if (build->surface->grid != NULL)
    return;

  build->surface->grid = dyno_grid_new (&build->set->shape);
  build->weights = g_new0 (double, n_cells);
  for (guint i = 0; i < n_cells; i++)
    build->surface->grid->values[i] = 0;
}

/* FALSE: cancelled. */
static gboolean
add_run (Build              *build,
         const DynoVeRun    *run,
         const DynoProgress *progress)
{
  DynoReadings readings;
  gboolean goes_on = TRUE;

  if (is_mixture (build->kind))
    {
      if (!dyno_ve_has (&run->mix[kinds[build->kind].cylinder]))
        return TRUE;
      build_begin (build);
      return add_cylinder (build, run, progress);
    }

  readings = open_readings (build, run->samples);
  if (readings.n > 0)
    {
      build_begin (build);
      goes_on = add_readings (build, run, &readings, progress);
    }
  dyno_readings_clear (&readings);

  return goes_on;
}

static void
describe (DynoSurface *self)
{
  guint n_cells = dyno_grid_shape_cells (&self->grid->shape);
  g_autofree double *values = g_new (double, n_cells);

  for (guint i = 0; i < n_cells; i++)
    {
      if (!isnan (self->grid->values[i]))
        values[self->n_cells++] = self->grid->values[i];
    }
  self->coverage_pct = 100.0 * self->n_cells / n_cells;
  self->mean = dyno_stat_mean (values, self->n_cells);
  self->min = dyno_stat_quantile (values, self->n_cells, 0);
  self->max = dyno_stat_quantile (values, self->n_cells, 1);
  self->p05 = dyno_stat_quantile (values, self->n_cells, 0.05);
  self->p95 = dyno_stat_quantile (values, self->n_cells, 0.95);
}

static void
build_end (Build *build)
{
  DynoGrid *grid = build->surface->grid;

  if (grid == NULL)
    return;

  for (guint i = 0; i < dyno_grid_shape_cells (&grid->shape); i++)
    grid->values[i] = grid->hits[i] >= DYNO_SURFACE_MIN_HITS && build->weights[i] > 0
                          ? grid->values[i] / build->weights[i]
                          : NAN;
  describe (build->surface);
}

static void
describe_tip_in (const Build  *build,
                 DynoMixError *error)
{
  double *values = (double *) (gpointer) build->tip_in->data;
  gsize n = build->tip_in->len;

  error->n = n;
  error->mean = dyno_stat_mean (values, n);
  error->p05 = dyno_stat_quantile (values, n, 0.05);
  error->p95 = dyno_stat_quantile (values, n, 0.95);
}

/* All surfaces at once: none needs another. */
typedef struct
{
  DynoSurfaces    *surfaces;
  const DynoVeSet *set;
  const DynoModes *modes;
  gboolean         is_compat;
  DynoProgress     progress;
  gboolean         is_done[DYNO_N_SURFACES]; /* FALSE: cancelled */
} Making;

/* On any thread. */
static void
make_surface (guint    kind,
              gpointer data)
{
  Making *making = data;
  DynoSurface *surface = &making->surfaces->surfaces[kind];
  Build build = { .set = making->set, .modes = making->modes, .kind = kind,
                  .is_compat = making->is_compat, .surface = surface };
  gboolean goes_on = TRUE;

  build.tip_in = g_array_new (FALSE, FALSE, sizeof (double));
  surface->min = surface->max = surface->mean = surface->p05 = surface->p95 = NAN;
  for (guint i = 0; goes_on && i < making->set->n_runs; i++)
    goes_on = add_run (&build, &making->set->runs[i], &making->progress);
  build_end (&build);
  if (is_mixture (kind))
    describe_tip_in (&build, &making->surfaces->tip_in[kinds[kind].cylinder]);
  g_free (build.weights);
  g_array_unref (build.tip_in);
  making->is_done[kind] = goes_on;
}

static DynoSurfaces *
make (const DynoVeSet    *set,
      const DynoModes    *modes,
      gboolean            is_compat,
      const DynoProgress *progress)
{
  g_autoptr(DynoSurfaces) self = g_new0 (DynoSurfaces, 1);
  Making making = { self, set, modes, is_compat, dyno_progress_quiet (progress), { FALSE } };

  dyno_crew_share (DYNO_N_SURFACES, set->n_rows > DYNO_VE_CHUNK, make_surface, &making);
  for (guint kind = 0; kind < DYNO_N_SURFACES; kind++)
    {
      if (!making.is_done[kind])
        return NULL;
    }
  self->has_knock = self->surfaces[DYNO_SURFACE_KNOCK].grid != NULL
                    && (is_compat || dyno_readings_vary (set, kinds[DYNO_SURFACE_KNOCK].channels));

  return g_steal_pointer (&self);
}

DynoSurfaces *
dyno_surfaces_make (const DynoVeSet    *set,
                    const DynoModes    *modes,
                    const DynoProgress *progress)
{
  g_return_val_if_fail (set != NULL && modes != NULL, NULL);
  g_return_val_if_fail (modes->n_rows == set->n_rows, NULL);

  return make (set, modes, FALSE, progress);
}

DynoSurfaces *
dyno_surfaces_make_compat (const DynoVeSet *set,
                           const DynoModes *modes)
{
  g_return_val_if_fail (set != NULL && modes != NULL, NULL);

  return make (set, modes, TRUE, NULL);
}

void
dyno_surfaces_free (DynoSurfaces *self)
{
  if (self == NULL)
    return;

  for (guint i = 0; i < DYNO_N_SURFACES; i++)
    g_clear_pointer (&self->surfaces[i].grid, dyno_grid_free);
  g_free (self);
}

/* Advice */

static DynoFinding *
describe_surface (const DynoSurface *surface,
                  DynoSurfaceKind    kind)
{
  DynoFinding *finding =
      dyno_finding_new (kinds[kind].name, surface->coverage_pct, DYNO_EVIDENCE_MEASURED,
                        "%s: %u of %u cells have a value.", kinds[kind].title, surface->n_cells,
                        dyno_grid_shape_cells (&surface->grid->shape));

  dyno_finding_add_number (finding, "min", surface->min);
  dyno_finding_add_number (finding, "max", surface->max);
  dyno_finding_add_number (finding, "mean", surface->mean);
  dyno_finding_add_number (finding, "p05", surface->p05);
  dyno_finding_add_number (finding, "p95", surface->p95);
  dyno_finding_add_number (finding, "samples", (double) surface->n_samples);
  dyno_finding_add_number (finding, "coverage_pct", surface->coverage_pct);
  for (guint i = 0; i < dyno_grid_shape_cells (&surface->grid->shape); i++)
    {
      if (!isnan (surface->grid->values[i]))
        dyno_finding_add_cell (finding, i);
    }

  return finding;
}

DynoAdvice *
dyno_surfaces_advise (const DynoSurfaces *self)
{
  DynoAdvice *advice = dyno_advice_new ("surfaces");

  for (guint kind = 0; kind < DYNO_N_SURFACES; kind++)
    {
      if (self->surfaces[kind].grid != NULL)
        dyno_advice_take (advice, describe_surface (&self->surfaces[kind], kind));
    }

  return advice;
}
