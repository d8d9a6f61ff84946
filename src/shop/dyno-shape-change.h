/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

#pragma once

#include "dyno-json.h"
#include "dyno-tune.h"

G_BEGIN_DECLS

/* What the API answers to a change of a table (service.md example 9):
 * {"change_id","table_id","version","cells_changed","sha256_before","sha256_after",
 * "applied_at","applied_by","tables":[{"table_id","change_id","version","cells_changed",
 * "sha256_before","sha256_after"}]}. Of a pair the ids and the version are those of the
 * table that was named, cells are of both, sums are those that the preview showed; in
 * "tables" sums are of the content. */

/* The change of `table_id` among several (element-type DynoChangeRecord), else the
 * first. (transfer none) (nullable) of none */
const DynoChangeRecord *
     dyno_shape_change_find     (GPtrArray              *changes,
                                 const char             *table_id);
void dyno_shape_change_applied  (DynoJsonWriter         *w,
                                 const DynoTuneApplied  *applied);
void dyno_shape_change_restored (DynoJsonWriter         *w,
                                 const DynoTuneRestored *restored,
                                 const char             *table_id);

G_END_DECLS
