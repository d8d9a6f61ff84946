/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

#pragma once

#include "dyno-import-alias.h"
#include "dyno-samples.h"

G_BEGIN_DECLS

/* The cells of a log as columns of numbers while it is imported. Missing is NaN;
 * why a cell was rejected stands beside it. A column without a number has no
 * memory. */

typedef struct
{
  char          *cell;      /* (owned) whole header cell, "name#2" where it repeats */
  const char    *suffix;    /* "#2" in it, or "" */
  DynoImportName name;      /* of that cell, without the suffix */
  guint          index;     /* in the file, from 1 */
  gboolean       is_named;
  gboolean       is_dropped; /* no channel: stamps, metadata, blank without a name */
  DynoNumbers    numbers;   /* n_rows, or none at all */
  guint8        *reasons;   /* (owned) (nullable) one DynoReject a row */
  gsize          n_reasons; /* rows that `reasons` covers */
  gsize          n;         /* numbers; as min and max without NaN */
  double         min;       /* +∞ without numbers */
  double         max;
  gboolean       was_constant; /* as read, before cells were rejected for their meaning */
  gsize          n_nan;     /* numbers of a binary log that are none */
  guint64        rejected[DYNO_N_REJECTS];
} DynoImportColumn;

typedef struct
{
  DynoImportColumn *columns; /* (owned) */
  guint             n_columns;
  int               time_column; /* −1: the rows have no stamps */
  gsize             n_rows;
  guint8           *is_changed; /* (owned) a byte a row: differs from that before, stamps aside */
  gsize             n_marks;    /* bytes of is_changed, n_rows at least */
  gboolean          has_readings; /* every number is a reading, even one that repeats the last */
} DynoImportTable;

typedef struct
{
  guint      row; /* in its batch */
  guint      column;
  DynoReject reason;
} DynoImportOddCell;

/* Some rows, column after column: the cell of row r and column c is
 * cells[c · stride + r]. */
typedef struct
{
  double *cells;   /* (owned) */
  gsize   stride;
  guint   capacity; /* rows */
  guint   n_rows;
  GArray *odd;     /* (owned) of DynoImportOddCell */
} DynoImportBatch;

/* `cells` as in the header, "" for a nameless one. */
DynoImportTable *dyno_import_table_new     (const char *const     *cells,
                                            guint                  n_columns);
void             dyno_import_table_free    (DynoImportTable       *self);

/* Takes the rows over and empties the batch. `n_expected` is a guess at the rows
 * of the whole log, so that columns need not grow often. */
void             dyno_import_table_append  (DynoImportTable       *self,
                                            DynoImportBatch       *batch,
                                            gsize                  n_expected);

/* For readers that fill columns one by one, or side by side: n cells of a column from
 * `row` on, where n_rows of the table stay as they are until all columns have theirs.
 * is_changed[i] is set where row + i differs from the row before it. */
void             dyno_import_table_take       (DynoImportTable  *self,
                                               guint             column,
                                               const double     *values,
                                               gsize             row,
                                               gsize             n,
                                               gsize             n_expected,
                                               guint8           *is_changed);
/* Why a cell is missing that was so taken. */
void             dyno_import_table_set_reason (DynoImportTable  *self,
                                               guint             column,
                                               gsize             row,
                                               DynoReject        reason);
/* All columns have n more rows; the marks are those of these rows. */
void             dyno_import_table_add_rows   (DynoImportTable  *self,
                                               gsize             n,
                                               const guint8     *is_changed);

/* Keeps the rows order[0 … n − 1], in that order. */
void             dyno_import_table_reorder (DynoImportTable       *self,
                                            const gsize           *order,
                                            gsize                  n);

/* Makes one cell missing, for that reason. */
void             dyno_import_table_reject  (DynoImportTable       *self,
                                            DynoImportColumn      *column,
                                            gsize                  row,
                                            DynoReject             reason);

/* Counts a column anew: n, min, max. */
void             dyno_import_table_measure (DynoImportTable       *self,
                                            DynoImportColumn      *column);

/* The number of a row; NaN in a column without numbers. */
static inline double
dyno_import_column_value (const DynoImportColumn *column,
                          gsize                   row)
{
  return dyno_numbers_is_null (&column->numbers) ? (double) __builtin_nan ("")
                                                 : dyno_numbers_at (&column->numbers, row);
}

static inline gboolean
dyno_import_column_is_constant (const DynoImportColumn *column)
{
  return column->n >= 2 && column->min == column->max;
}

/* Equal cell by cell; two missing cells are equal. */
gboolean         dyno_import_column_equals (const DynoImportColumn *a,
                                            const DynoImportColumn *b,
                                            gsize                   n_rows);

/* The column whose header cell, or whose name without module and unit, is `name`;
 * −1 where there is none, −2 where several have that short name. */
int              dyno_import_table_find    (const DynoImportTable *self,
                                            const char            *name);

/* With room for a few thousand rows, but for no more than `max_rows`. */
DynoImportBatch *dyno_import_batch_new     (guint                  n_columns,
                                            gsize                  max_rows);
void             dyno_import_batch_free    (DynoImportBatch       *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (DynoImportTable, dyno_import_table_free)
G_DEFINE_AUTOPTR_CLEANUP_FUNC (DynoImportBatch, dyno_import_batch_free)

G_END_DECLS
