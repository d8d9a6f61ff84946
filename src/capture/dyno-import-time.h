/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

#pragma once

#include "dyno-import.h"
#include "dyno-import-stamp.h"
#include "dyno-import-table.h"

G_BEGIN_DECLS

/* The stamps of a log as seconds from its first row that never go back
 * (formats.md A.5): wraps unrolled, restarts carried on, small disorder sorted,
 * repeated rows dropped, gaps and jumps listed, all of it counted. */

typedef struct
{
  const DynoUnit *unit;       /* (nullable) of numbers: found out from them */
  gboolean        is_assumed; /* by the dialect: to be reported */
  gboolean        keeps_rows; /* a row that repeats the row before is meant */
} DynoImportTimeUnit;

/* FALSE with import_no_time where neither the log nor the options give rows a time. */
gboolean dyno_import_time_check (const DynoImportTable       *table,
                                 const DynoImportOptions     *options,
                                 GError                     **error);

/* Rows of the table may be dropped and sorted. (transfer full): a number a row;
 * NULL with `error` for import_no_time and import_time_disorder; NULL without it
 * where the rows have no time and need none (options->row_index). */
double  *dyno_import_time_make  (DynoImportTable             *table,
                                 const DynoImportStampReader *reader,
                                 const DynoImportTimeUnit    *unit,
                                 const DynoImportOptions     *options,
                                 DynoImportReport            *report,
                                 GError                     **error);

G_END_DECLS
