/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

#pragma once

#include "dyno-confidence.h"
#include "dyno-gate-judge.h"
#include "dyno-notes.h"
#include "dyno-ve-set.h"

G_BEGIN_DECLS

/* What a VE analysis found (analysis.md 3.9). Immutable, any thread. Corrections
 * are percent of fuel: +2 asks for 2 % more. Missing is NaN. */

typedef enum
{
  DYNO_CELL_OK,
  DYNO_CELL_NO_DATA,
  DYNO_CELL_FEW_HITS, /* a provisional factor, never used */
  DYNO_CELL_SKIP,     /* too unsure to be touched */
  DYNO_CELL_CLAMPED,
  DYNO_N_CELL_REASONS
} DynoCellReason;

typedef struct
{
  guint32        hits;        /* accepted samples whose nearest cell this is */
  double         factor;      /* R; provisional for FEW_HITS */
  double         raw;         /* (R − 1) · 100; NaN without enough hits */
  double         smoothed;
  double         limited;     /* what may be applied; NaN for SKIP */
  double         limit;       /* of the class, % */
  double         se;          /* standard error of R, % */
  double         spread;      /* of the factors, % */
  double         n_eff;
  double         mean_mix;    /* of the hits, AFR of the fuel */
  double         mean_target;
  double         mean_rpm;
  double         mean_map;
  DynoZone       zone;
  DynoConfidence confidence;  /* SKIP without value */
  DynoCellReason reason;
} DynoVeCell;

typedef struct
{
  gboolean           has_sensor;
  DynoVeTargetSource target;
  DynoDelay          delay;
  DynoVeCell        *cells;  /* (owned) row-major */
  double            *mads;   /* (owned) a cell: median absolute deviation of the correction in */
                             /* %, over the samples whose home it is; NaN without */
  DynoGateCounts     counts; /* rows by reason; their sum is n_rows */
  DynoGateCounts     blind;  /* rows at which a gate could not see */
} DynoVeCylinder;

typedef enum
{
  DYNO_BIAS_UNKNOWN, /* no cell with both cylinders */
  DYNO_BIAS_NONE,
  DYNO_BIAS_MINOR,
  DYNO_BIAS_NOTICEABLE,
  DYNO_BIAS_SIGNIFICANT,
} DynoBias;

/* Rear against front, weighted by hits. */
typedef struct
{
  DynoBias bias;
  double   mean_pct;
  double   worst_pct;  /* with its sign */
  guint    worst_cell;
  guint    n_cells;
} DynoVeBalance;

typedef struct _DynoVeIndex DynoVeIndex;

typedef struct
{
  DynoVeSet      *set;          /* (owned) */
  gsize           n_rows;
  guint           n_cells;
  DynoVeCylinder  cylinders[DYNO_VE_CYLINDERS];
  double         *combined;     /* (owned) limited %, both cylinders by hits */
  DynoVeBalance   balance;
  guint8         *reasons[DYNO_VE_CYLINDERS]; /* (owned) a DynoGate a row */
  guint16        *homes[DYNO_VE_CYLINDERS];   /* (owned) a cell a row, or DYNO_NO_CELL */
  guint32         gates_unavailable;          /* a bit a DynoGate */
  GPtrArray      *assumptions;  /* (owned) of DynoNote */
  GPtrArray      *warnings;     /* (owned) of DynoNote */
  char           *options;      /* (owned) canonical text */
  DynoVeIndex    *index;        /* (owned) (lock) samples by cell, made when asked for */
} DynoVeResult;

/* "ok", "no-data", …; "none", … */
const char *dyno_cell_reason_name (DynoCellReason  reason);
const char *dyno_bias_name        (DynoBias        bias);

void        dyno_ve_result_free   (DynoVeResult   *self);

/* The run of a row of the set and its row there. */
guint       dyno_ve_result_run_of (const DynoVeResult *self,
                                   gsize           row,
                                   gsize          *run_row);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (DynoVeResult, dyno_ve_result_free)

G_END_DECLS
