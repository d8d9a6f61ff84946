/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

#pragma once

#include "dyno-finding.h"
#include "dyno-ve-result.h"

G_BEGIN_DECLS

/* What of the map a vehicle's runs have reached so far (analysis.md 4.13): hits of
 * accepted samples on the axes of the analysis. A run counts once and can be taken
 * out again, so its hits are kept apart. Pure; not shared while it is changed. */

typedef struct
{
  char    *run_id;                   /* (owned) */
  gint64   seen_ms;                  /* when the run was made, UTC */
  guint32 *hits[DYNO_VE_CYLINDERS];  /* (owned) (nullable) one a cell; NULL: no sensor */
} DynoCoverageRun;

typedef struct
{
  DynoGridShape  shape;
  GPtrArray     *runs; /* (owned) of DynoCoverageRun, in the order they were added */
} DynoCoverage;

#define DYNO_COVERED_HITS 3
#define DYNO_WEAK_HITS 5 /* a cell with hits, but fewer than these, is weak */

typedef struct
{
  guint32  hits;    /* of the cylinder that has fewer, over all runs */
  gint64   seen_ms; /* of the newest run with a hit here; 0: never */
  DynoZone zone;
} DynoCoverageCell;

typedef struct
{
  guint             n_cells;
  guint             n_covered;
  guint             n_weak;
  double            pct;   /* covered cells, weighted by zone */
  char              grade; /* A, B, C, D, F */
  DynoCoverageCell *cells; /* (owned) row-major */
} DynoCoverageSummary;

DynoCoverage        *dyno_coverage_new          (const DynoGridShape *shape);
void                 dyno_coverage_free         (DynoCoverage        *self);

/* The run is taken over. FALSE: it was counted already, nothing changes. */
gboolean             dyno_coverage_add          (DynoCoverage        *self,
                                                 DynoCoverageRun     *run);
/* FALSE: no such run. */
gboolean             dyno_coverage_remove       (DynoCoverage        *self,
                                                 const char          *run_id);

/* `edge_rpm` as in dyno_zone_of (). (transfer full) */
DynoCoverageSummary *dyno_coverage_summarise    (const DynoCoverage  *self,
                                                 const double         edge_rpm[2]);
void                 dyno_coverage_summary_free (DynoCoverageSummary *self);

/* Without hits, for no cylinder. (transfer full) */
DynoCoverageRun     *dyno_coverage_run_new      (const char          *run_id,
                                                 gint64               seen_ms);
/* What the accepted samples of one run of an analysis hit. (transfer full) */
DynoCoverageRun     *dyno_coverage_run_of       (const DynoVeResult  *result,
                                                 guint                run,
                                                 const char          *run_id,
                                                 gint64               seen_ms);
void                 dyno_coverage_run_free     (DynoCoverageRun     *self);

/* "coverage" with the figures, "weak-cells" where there are any. (transfer full) */
DynoAdvice          *dyno_coverage_advise       (const DynoCoverageSummary *summary);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (DynoCoverage, dyno_coverage_free)
G_DEFINE_AUTOPTR_CLEANUP_FUNC (DynoCoverageRun, dyno_coverage_run_free)
G_DEFINE_AUTOPTR_CLEANUP_FUNC (DynoCoverageSummary, dyno_coverage_summary_free)

G_END_DECLS
