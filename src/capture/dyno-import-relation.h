/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

#pragma once

#include "dyno-import-table.h"

G_BEGIN_DECLS

/* What nameless JETDRIVE channels ("chan_27") may be, by physics (formats.md A.7):
 * force · speed / 3600 = power in N, km/h and kW, and correction · power = corrected
 * power. Found, such a relation is offered; it is never used unasked. */

typedef enum
{
  DYNO_IMPORT_RELATION_POWER,      /* a · b / 3600 = product */
  DYNO_IMPORT_RELATION_CORRECTION, /* a · b = product, a a factor near 1 */
} DynoImportRelationKind;

typedef struct
{
  DynoImportRelationKind kind;
  guint                  a; /* columns: force or factor, */
  guint                  b; /* speed or power */
  guint                  product;
  guint                  n_rows; /* that differ and agree */
} DynoImportRelation;

/* `is_candidate` is one flag a column. (transfer full) of DynoImportRelation. */
GArray *dyno_import_find_relations (const DynoImportTable *table,
                                    const gboolean        *is_candidate);

G_END_DECLS
