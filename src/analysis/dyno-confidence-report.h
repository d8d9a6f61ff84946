/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

#pragma once

#include "dyno-ve-result.h"

G_BEGIN_DECLS

/* How far a whole analysis can be trusted, and what would help most (analysis.md
 * 4.5). Scores are 0…100. Any thread. */

typedef enum
{
  DYNO_CONFIDENCE_PART_COVERAGE,
  DYNO_CONFIDENCE_PART_CONSISTENCY,
  DYNO_CONFIDENCE_PART_ANOMALIES,
  DYNO_CONFIDENCE_PART_CLAMPING,
  DYNO_N_CONFIDENCE_PARTS
} DynoConfidencePart;

typedef enum
{
  DYNO_CONFIDENCE_REGION_IDLE,   /* 1000–2000 1/min, 20–40 kPa */
  DYNO_CONFIDENCE_REGION_CRUISE, /* 2000–3500, 40–70 */
  DYNO_CONFIDENCE_REGION_WOT,    /* 3000–6500, 85–105 */
  DYNO_N_CONFIDENCE_REGIONS
} DynoConfidenceRegionId;

typedef struct
{
  guint  n_cells;
  guint  n_covered;
  double covered_pct; /* 0 without cells */
  double mean_mad;    /* of its cells with MAD above 0; NaN without */
} DynoConfidenceRegion;

/* What is looked at; arrays have an entry a cell. */
typedef struct
{
  DynoGridShape  shape;
  const guint32 *hits[DYNO_VE_CYLINDERS];
  const double  *mad[DYNO_VE_CYLINDERS]; /* of the corrections, %; NaN without */
  const double  *edge_rpm;               /* (nullable) zones of the gains; two speeds */
  guint          n_clamped;              /* cells */
  const double  *anomaly_scores;
  guint          n_anomalies;
  guint          n_gates_unavailable;    /* of engine-cold, sensor-not-ready, transient */
  gboolean       is_original;            /* the arithmetic of the original */
} DynoConfidenceInput;

/* So many more hits in this cell would lift the whole by so much. */
typedef struct
{
  guint  cell;
  guint  hits;
  double gain;
} DynoConfidenceGain;

#define DYNO_CONFIDENCE_GAINS 5

typedef struct
{
  char                 grade;   /* A, B, C, D */
  double               overall; /* one decimal */
  double               parts[DYNO_N_CONFIDENCE_PARTS]; /* one decimal */
  guint                n_cells;
  guint                n_covered; /* ten hits and more, both cylinders together */
  double               covered_pct;
  double               mean_mad;  /* three decimals; NaN without */
  guint                n_mads;
  guint                n_anomalies;
  guint                n_grave;   /* anomalies that score above 3 */
  double               clamped_pct;
  guint                n_gates_unavailable;
  DynoConfidenceRegion regions[DYNO_N_CONFIDENCE_REGIONS];
  guint                n_gains;
  DynoConfidenceGain   gains[DYNO_CONFIDENCE_GAINS]; /* cheapest first */
} DynoConfidenceReport;

void        dyno_confidence_report_init (DynoConfidenceReport      *self,
                                         const DynoConfidenceInput *input);

/* "coverage", …; "idle", … */
const char *dyno_confidence_part_name   (DynoConfidencePart         part);
const char *dyno_confidence_region_name (DynoConfidenceRegionId     region);

G_END_DECLS
