/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

#pragma once

#include "dyno-mode.h"

G_BEGIN_DECLS

/* Means of a channel over the map (analysis.md 4.10): spark and mixture error of the
 * rows in full load and cruise, knock of those in full load. Placed like the samples
 * of the VE analysis: weights in up to four cells, a hit in the nearest one, nothing
 * outside the axes. Pure. */

typedef enum
{
  DYNO_SURFACE_SPARK_F,     /* ° before top dead centre */
  DYNO_SURFACE_SPARK_R,
  DYNO_SURFACE_MIX_ERROR_F, /* measured − target, AFR of petrol; lean is positive */
  DYNO_SURFACE_MIX_ERROR_R,
  DYNO_SURFACE_KNOCK,       /* of the cylinder that has more of it */
  DYNO_N_SURFACES
} DynoSurfaceKind;

typedef struct
{
  DynoGrid *grid;         /* (owned) (nullable) NULL: no channel. NaN below 3 hits */
  gboolean  is_shared;    /* one channel for both cylinders */
  guint     n_cells;      /* with a value */
  gsize     n_samples;
  double    coverage_pct; /* of all cells */
  double    min;          /* over the cells with a value; NaN without any, so below */
  double    max;
  double    mean;
  double    p05;
  double    p95;
} DynoSurface;

/* Mixture error (measured − target, AFR of petrol) over some rows; NaN without rows. */
typedef struct
{
  gsize  n;
  double mean;
  double p05;
  double p95;
} DynoMixError;

typedef struct
{
  DynoSurface  surfaces[DYNO_N_SURFACES];
  DynoMixError tip_in[DYNO_VE_CYLINDERS]; /* of the mixtures made while the throttle opened */
  gboolean     has_knock; /* a knock channel that is not the same all along */
} DynoSurfaces;

#define DYNO_SURFACE_MIN_HITS 3

/* `modes` are of this set. NULL only when cancelled. (transfer full) */
DynoSurfaces *dyno_surfaces_make        (const DynoVeSet     *set,
                                         const DynoModes     *modes,
                                         const DynoProgress  *progress);
/* The original's: log-distance weights (analysis.md 1.4), the outer cells take what
 * lies beyond them, any knock channel is one. The set must know no delay. */
DynoSurfaces *dyno_surfaces_make_compat (const DynoVeSet     *set,
                                         const DynoModes     *modes);
void          dyno_surfaces_free        (DynoSurfaces        *self);

/* A finding a surface that has a channel; score: coverage in %. There is always one:
 * a set has a mixture. (transfer full) */
DynoAdvice   *dyno_surfaces_advise      (const DynoSurfaces  *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (DynoSurfaces, dyno_surfaces_free)

G_END_DECLS
