/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

#pragma once

#include "dyno-route.h"

G_BEGIN_DECLS

/* What tables and their changes are on the wire, for dyno-api-tables.c,
 * dyno-api-table-history.c and dyno-api-table-changes.c. */

extern const DynoSchema dyno_table_schema;        /* a row of the list */
extern const DynoSchema dyno_table_cells_schema;  /* the same with axes and cells */
extern const DynoSchema dyno_table_import_schema;
extern const DynoSchema dyno_table_history_schema; /* one change of the history */
extern const DynoSchema dyno_table_diff_schema;
extern const DynoSchema dyno_table_preview_schema;
extern const DynoSchema dyno_table_change_schema; /* of apply and rollback */
extern const DynoSchema dyno_table_merge_schema;

extern const DynoField dyno_table_args[];         /* {id} */
extern const DynoField dyno_table_preview_body[];
extern const DynoField dyno_table_apply_body[];
extern const DynoField dyno_table_rollback_body[];
extern const DynoField dyno_table_merge_body[];

G_END_DECLS
