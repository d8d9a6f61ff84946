/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

#pragma once

#include "dyno-table.h"

G_BEGIN_DECLS

/* What is different between two tables of the same axes (analysis.md 5.5): to − from
 * per cell. A cell counts as changed from 0.001 on, or from half the last decimal where
 * both are coarser, and where one of the two is blank. Pure. */

#define DYNO_DIFF_TOP 20

typedef struct
{
  guint  cell;
  double rpm;
  double load;
  double from;  /* NaN: blank */
  double to;
  double delta; /* NaN where one is blank */
} DynoDiffCell;

typedef struct
{
  guint   n_rows;
  guint   n_columns;
  double *row_labels;    /* (owned) */
  double *column_labels; /* (owned) */
  double *delta;         /* (owned) one a cell; 0 where it is the same, NaN where blank */
  GArray *changed;       /* (owned) of DynoDiffCell, ascending by cell */
  GArray *top;           /* (owned) of DynoDiffCell: the largest first */
  double  mean;          /* of the changed cells; NaN without */
  double  min;
  double  max;
} DynoDiff;

/* GRID_MISMATCH. (transfer full) */
DynoDiff *dyno_diff_tables (const DynoTable    *from,
                            const DynoTable    *to,
                            DynoAnalysisError **error);
void      dyno_diff_free   (DynoDiff           *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (DynoDiff, dyno_diff_free)

G_END_DECLS
