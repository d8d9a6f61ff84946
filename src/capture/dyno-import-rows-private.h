/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

#pragma once

#include "dyno-import-rows.h"

G_BEGIN_DECLS

/* What dyno-import-rows.c and dyno-import-lanes.c share. */

#define DYNO_IMPORT_NO_COLUMN G_MAXUINT

typedef struct _DynoImportLanes DynoImportLanes;

struct _DynoImportRows
{
  const DynoImportLayout *layout;       /* (borrowed) */
  DynoImportTable        *table;        /* (borrowed) */
  const DynoImportWatch  *watch;        /* (borrowed) (nullable) NULL in a lane */
  DynoImportBatch        *batch;        /* (owned) */
  GPtrArray              *done;         /* (owned) (nullable) of a lane: full batches */
  DynoImportLanes        *lanes;        /* (owned) (nullable) of a large log */
  GArray                 *markers;      /* (owned) (nullable) of DynoImportMarker; NULL in a lane */
  gboolean                has_marker;
  DynoImportRowCounts     counts;
  guint                   n_columns;
  guint                   n_needed;     /* cells of a whole row: up to the last named column */
  guint                   clock_column; /* NO_COLUMN when stamps are numbers like all others */
  DynoImportStampReader   stamps;
  double                  fraction;
  guint64                 n_bytes;      /* of text, the block in hand included */
  gsize                   n_done;       /* rows in `done` */

  /* Of the row in hand. */
  guint                   row_width; /* beyond the columns: up to the last filled cell */
  gboolean                is_filled;
};

/* Reads whole lines. FALSE when cancelled or beyond a limit; `n_cells` are those of the
 * last row. */
gboolean dyno_import_rows_read_lines (DynoImportRows    *self,
                                      const char        *text,
                                      const char        *end,
                                      guint             *n_cells,
                                      GError           **error);

/* Rows of the whole log, when `n_more` are at hand that the table has not yet: all of the
 * text up to `fraction`. 0: not known. */
gsize    dyno_import_rows_expect     (const DynoImportRows *self,
                                      gsize                 n_more);

/* A header of a thousand names above rows of one cell would fill the memory with
 * nothing: `n_more` rows are about to come. */
gboolean dyno_import_rows_has_room   (const DynoImportRows *self,
                                      gsize                 n_more);

/* A large log is read in lanes side by side. FALSE: this block must be read by one,
 * either because it is small or because it holds what must be counted in its place (a
 * refusal names a line, a warning quotes one); nothing has been taken then. */
gboolean dyno_import_lanes_read      (DynoImportRows    *self,
                                      const char        *text,
                                      gsize              length);
/* What the lanes have read, in the order of the log. */
gboolean dyno_import_lanes_take      (DynoImportRows    *self,
                                      GError           **error);
void     dyno_import_lanes_free      (DynoImportLanes   *self);

G_END_DECLS
