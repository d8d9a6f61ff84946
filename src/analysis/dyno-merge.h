/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

#pragma once

#include "dyno-table.h"

G_BEGIN_DECLS

/* Three states of one table become one (formats.md B.7): what only one side changed is
 * taken, what both changed to the same is the same, what both changed otherwise is a
 * conflict. Values are compared; the text of the side that changed it is kept. Swapping
 * the sides gives the same bytes, conflicts apart. Pure. */

typedef enum
{
  DYNO_MERGE_ASK,    /* a conflict stays one */
  DYNO_MERGE_OURS,
  DYNO_MERGE_THEIRS,
} DynoMergePrefer;

/* The choice for one cell, stronger than the general one. */
typedef struct
{
  double          rpm;
  double          load;
  DynoMergePrefer take;
} DynoMergeChoice;

typedef struct
{
  guint  cell;
  double rpm;
  double load;
  double base; /* NaN: blank */
  double ours;
  double theirs;
} DynoMergeConflict;

typedef struct
{
  DynoTable *merged;      /* (owned) (nullable) while conflicts are open */
  GArray    *conflicts;   /* (owned) of DynoMergeConflict: open ones */
  guint      n_ours;      /* cells taken from only our side, */
  guint      n_theirs;    /* from only theirs, */
  guint      n_same;      /* changed alike */
  guint      n_preferred; /* conflicts that were decided */
} DynoMerge;

/* `choices` (nullable) of DynoMergeChoice. GRID_MISMATCH where axes differ, REFUSED where
 * a cell became blank or was: then only whole tables can be taken. (transfer full) */
DynoMerge *dyno_merge_tables (const DynoTable    *base,
                              const DynoTable    *ours,
                              const DynoTable    *theirs,
                              DynoMergePrefer     prefer,
                              GArray             *choices,
                              DynoAnalysisError **error);
void       dyno_merge_free   (DynoMerge          *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (DynoMerge, dyno_merge_free)

G_END_DECLS
