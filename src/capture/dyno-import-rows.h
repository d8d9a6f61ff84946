/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

#pragma once

#include "dyno-import-layout.h"
#include "dyno-import-reader.h"
#include "dyno-import-search.h"
#include "dyno-import-stamp.h"
#include "dyno-import-table.h"

G_BEGIN_DECLS

/* The rows of a log, read block by block into a table: where an import spends its
 * time. A cell that is a number is read in place; everything else takes the long
 * way over dyno-import-cell.h. */

typedef struct
{
  guint64  n_lines;     /* seen so far, those above the first row included */
  guint64  n_lf;
  guint64  n_crlf;
  guint64  n_cr;
  guint64  n_missing;   /* cells that say so */
  guint64  n_extra;     /* filled cells beyond the last column */
  guint64  n_unclosed;  /* quotes */
  guint64  n_ragged;    /* rows more than one cell too wide or too narrow */
  char    *ragged[2];   /* (owned) (nullable) the first two of them, quoted */
  gboolean has_cut_row; /* the last row ended early and was dropped */
} DynoImportRowCounts;

typedef struct _DynoImportRows DynoImportRows;

/* Layout, table and watch must outlive it. The table's time_column is set. `length` is
 * that of the first block: a small log needs little room. */
DynoImportRows            *dyno_import_rows_new    (const DynoImportLayout *layout,
                                                    DynoImportTable        *table,
                                                    const DynoImportWatch  *watch,
                                                    gsize                   length);
void                       dyno_import_rows_free   (DynoImportRows         *self);

/* What stands above the first row: its lines are counted. */
void                       dyno_import_rows_skip   (DynoImportRows         *self,
                                                    const char             *text,
                                                    gsize                   length);

/* The rows of a block. `fraction` of the log has been read with it. `is_cut`: its
 * last line had no end in the file. FALSE when cancelled or beyond a limit. */
gboolean                   dyno_import_rows_read   (DynoImportRows         *self,
                                                    const char             *text,
                                                    gsize                   length,
                                                    double                  fraction,
                                                    gboolean                is_cut,
                                                    GError                **error);

/* Valid when all is read. */
const DynoImportStampReader *dyno_import_rows_stamps (const DynoImportRows *self);
const DynoImportRowCounts *dyno_import_rows_counts (const DynoImportRows   *self);

/* Moves the markers that were met to the report, by the rows as they were read. */
void                       dyno_import_rows_take_markers (DynoImportRows   *self,
                                                          DynoImportReport *report);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (DynoImportRows, dyno_import_rows_free)

G_END_DECLS
