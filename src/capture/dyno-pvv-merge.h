/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

#pragma once

#include "dyno-merge.h"
#include "dyno-pvv.h"

G_BEGIN_DECLS

/* Three states of a tune become one (formats.md B.7), cell by cell in all items. What
 * stands around the cells (items, axes, comments) may be other on one side only; both:
 * INVALID "pvv_axes". Swapping the sides gives the same bytes, conflicts apart. */

typedef struct
{
  char             *item; /* (owned) its name */
  guint             occurrence;
  DynoMergeConflict cell; /* cell G_MAXUINT: the item whole, where it is read only */
} DynoPvvConflict;

typedef struct
{
  GBytes *merged;    /* (owned) (nullable) while conflicts are open */
  GArray *conflicts; /* (owned) of DynoPvvConflict */
  guint   n_changed; /* cells that are not as in the base */
} DynoPvvMerge;

/* (transfer full) */
DynoPvvMerge *dyno_pvv_merge      (const DynoPvv   *base,
                                   const DynoPvv   *ours,
                                   const DynoPvv   *theirs,
                                   DynoMergePrefer  prefer,
                                   GError         **error);
void          dyno_pvv_merge_free (DynoPvvMerge    *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (DynoPvvMerge, dyno_pvv_merge_free)

G_END_DECLS
