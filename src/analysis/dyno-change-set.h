/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

#pragma once

#include "dyno-table.h"

G_BEGIN_DECLS

/* What is done to one table, and how it is undone (analysis.md 5.3, 5.4). The new
 * bytes are a function of the base bytes and of this; undoing gives back the base
 * bytes themselves, nothing is divided. Pure. */

typedef struct
{
  guint    cell;
  char    *before;     /* (owned) text */
  char    *after;      /* (owned) text */
  double   delta_pct;  /* that was wanted */
  double   limit_pct;  /* that it may not pass; NaN: none */
  gboolean is_padding; /* follows the cell beside it */
} DynoEdit;

typedef struct
{
  DynoTable *base;        /* (owned) its bytes whole */
  char      *base_sha256; /* (owned) of the bytes */
  GArray    *edits;       /* (owned) of DynoEdit, ascending by cell once settled */
} DynoChangeSet;

/* `base` is referenced. (transfer full) */
DynoChangeSet *dyno_change_set_new    (DynoTable           *base);
void           dyno_change_set_free   (DynoChangeSet       *self);

/* The cell is to hold `value`, or as near as its decimals allow. FALSE and nothing
 * done where that is the text that it has, and for blank cells. */
gboolean       dyno_change_set_add    (DynoChangeSet       *self,
                                       guint                cell,
                                       double               value,
                                       double               delta_pct,
                                       double               limit_pct);
/* Adds the edits of padding: a row or column beyond the axes whose cells all equalled
 * those of the one before it goes on doing so (formats.md B.4). Sorts. Once, last. */
void           dyno_change_set_settle (DynoChangeSet       *self);

/* The table with the edits, after five checks: the base is the one that was looked
 * at; read again, exactly the wanted values stand there; all other cells have their
 * bytes; no edit passes its limit; undone, the base is back. REFUSED names the cell.
 * (transfer full) */
DynoTable     *dyno_change_set_apply  (const DynoChangeSet *self,
                                       GBytes              *base,
                                       DynoAnalysisError  **error);

/* Up to ten cells of `current` that are not as they were applied, as base, applied and
 * current value: "3000, 60: base 88, applied 90.2, now 91"; NULL where no number is
 * other. (transfer full) */
char          *dyno_change_differences (const DynoTable     *base,
                                        const DynoTable     *applied,
                                        const DynoTable     *current);

/* `base` again, where `current` are the bytes that applying gave and both have these
 * sums. REFUSED says `differences` (nullable). (transfer full) */
GBytes        *dyno_change_undo        (GBytes              *base,
                                        const char          *base_sha256,
                                        GBytes              *current,
                                        const char          *applied_sha256,
                                        const char          *differences,
                                        DynoAnalysisError  **error);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (DynoChangeSet, dyno_change_set_free)

G_END_DECLS
