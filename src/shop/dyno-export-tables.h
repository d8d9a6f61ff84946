/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

#pragma once

#include "dyno-export-grid.h"
#include "dyno-json.h"

G_BEGIN_DECLS

/* The fuel correction of an analysis as tables, from its JSON (dyno_shape_analyse ()),
 * fresh or kept. Plain memory. */

typedef enum
{
  DYNO_EXPORT_FRONT,
  DYNO_EXPORT_REAR,
  DYNO_EXPORT_COMBINED, /* both cylinders by hits; the one that there is */
  DYNO_N_EXPORT_SIDES
} DynoExportSide;

typedef struct
{
  char   *id;                              /* (owned) (nullable) ana_… */
  guint   n_rpm;
  guint   n_map;
  double *rpm;                         /* (owned) */
  double *map_kpa;                     /* (owned) */
  double *correction[DYNO_N_EXPORT_SIDES]; /* (owned) (nullable) % of fuel, NaN: no data */
  double *hits[DYNO_N_EXPORT_SIDES];       /* (owned) (nullable) */
  double *afr_error[DYNO_N_EXPORT_SIDES];  /* (owned) (nullable) measured less wanted */
} DynoExportTables;

/* NULL for JSON that has no grid. (transfer full) */
DynoExportTables *dyno_export_tables_parse (const char             *json);
void              dyno_export_tables_free  (DynoExportTables       *self);

/* The correction of a side; FALSE where it has none. */
gboolean          dyno_export_tables_grid  (const DynoExportTables *self,
                                            DynoExportSide           side,
                                            DynoExportGrid         *grid);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (DynoExportTables, dyno_export_tables_free)

G_END_DECLS
