/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

#pragma once

#include "dyno-grid.h"

G_BEGIN_DECLS

/* A table of a tune (analysis.md 5.1): the bytes it came as, and where in them each
 * cell stands. What is written is those bytes with the texts of some cells replaced;
 * nothing else is ever formatted anew. Immutable, reference counted, any thread.
 *
 * Rows are engine speed in 1/min in a VE table, columns kPa absolute or % throttle;
 * cell = row · n_columns + column. A blank cell is NaN, never 0.
 *
 * A row or column whose label does not ascend, and all behind it, is padding: the
 * axes of analysis end before it. */

typedef enum
{
  DYNO_TABLE_OTHER,
  DYNO_TABLE_VE_MAP,
  DYNO_TABLE_VE_TPS,
  DYNO_TABLE_SPARK,
  DYNO_TABLE_AFR,
  DYNO_N_TABLE_KINDS
} DynoTableKind;

typedef enum
{
  DYNO_TABLE_BOTH, /* one table for both cylinders, or none of the two */
  DYNO_TABLE_FRONT,
  DYNO_TABLE_REAR,
  DYNO_N_TABLE_SIDES
} DynoTableSide;

typedef struct
{
  double value;    /* NaN: blank */
  gsize  offset;   /* of its text in the bytes */
  guint  length;   /* of its text; 0: blank */
  guint  decimals; /* of its text */
} DynoTableCell;

typedef struct _DynoTable DynoTable;

/* A way to write tables. The room that knows it gives these. */
typedef struct
{
  const char *name; /* "csv", "pvv" */
  /* The table that these bytes are. BAD_TABLE. */
  DynoTable *(*parse)  (GBytes             *bytes,
                        DynoAnalysisError **error);
  /* The text of a number in that cell. (transfer full) */
  char      *(*format) (const DynoTable    *table,
                        guint               cell,
                        double              value);
} DynoTableForm;

struct _DynoTable
{
  const DynoTableForm *form;      /* (borrowed) static */
  char                *name;      /* (owned) */
  char                *unit;      /* (owned) "%" */
  DynoTableKind        kind;
  DynoTableSide        side;
  guint                n_rows;
  guint                n_columns;
  double              *row_labels;    /* (owned) */
  double              *column_labels; /* (owned) */
  DynoTableCell       *cells;     /* (owned) row-major */
  guint                axis_rows; /* up to the padding */
  guint                axis_columns;
  guint                decimals;  /* the most found */
  char                 mark;      /* decimal mark of its texts */
  gboolean             is_read_only; /* a text that is no number stands in it */
  GBytes              *bytes;     /* (owned) */
  gatomicrefcount      n_refs;
};

/* "ve-map", "ve-tps", "spark", "afr", "other"; "", "front", "rear". */
const char   *dyno_table_kind_name      (DynoTableKind        kind);
gboolean      dyno_table_kind_find      (const char          *name,
                                         DynoTableKind       *kind);
const char   *dyno_table_side_name      (DynoTableSide        side);
gboolean      dyno_table_side_find      (const char          *name,
                                         DynoTableSide       *side);

/* A CSV table: a first line of any word and the columns, then a line for each engine
 * speed. Comma, semicolon (then the decimal mark may be a comma) or tab; a byte order
 * mark, quotes and one ' before a number are not part of its text. BAD_TABLE names
 * the line. Kind VE-MAP, both cylinders. (transfer full) */
DynoTable    *dyno_table_parse          (GBytes              *bytes,
                                         DynoAnalysisError  **error);
extern const DynoTableForm dyno_table_csv_form;

/* For forms: an empty one to be filled, all labels 0, all cells blank. */
DynoTable    *dyno_table_new            (const DynoTableForm *form,
                                         GBytes              *bytes,
                                         guint                n_rows,
                                         guint                n_columns);
/* Once labels and cells are there: axes and decimals. */
void          dyno_table_settle         (DynoTable           *self);

DynoTable    *dyno_table_ref            (DynoTable           *self);
void          dyno_table_unref          (DynoTable           *self);
/* The same table under another name, kind and side; each as it was where `name` is
 * NULL. (transfer full) */
DynoTable    *dyno_table_rename         (const DynoTable     *self,
                                         const char          *name,
                                         DynoTableKind        kind,
                                         DynoTableSide        side);

static inline guint
dyno_table_n_cells (const DynoTable *self)
{
  return self->n_rows * self->n_columns;
}

static inline guint
dyno_table_cell (const DynoTable *self,
                 guint            row,
                 guint            column)
{
  return row * self->n_columns + column;
}

/* (transfer full) The text of a cell; "" where it is blank. */
char         *dyno_table_text           (const DynoTable     *self,
                                         guint                cell);
/* The number that a text of this table means; NaN for blank and for no number. */
double        dyno_table_read           (const DynoTable     *self,
                                         const char          *text);
/* The number as the cell would hold it: rounded half to even to its decimals. */
double        dyno_table_round          (const DynoTable     *self,
                                         guint                cell,
                                         double               value);

/* The axes of analysis. BAD_TABLE where one is shorter than 2 or longer than 64. */
gboolean      dyno_table_shape          (const DynoTable     *self,
                                         DynoGridShape       *shape,
                                         DynoAnalysisError  **error);
/* The cells on those axes. (transfer full) BAD_TABLE. */
DynoGrid     *dyno_table_grid           (const DynoTable     *self,
                                         DynoAnalysisError  **error);
/* Same size and labels within 0.01. */
gboolean      dyno_table_same_axes      (const DynoTable     *a,
                                         const DynoTable     *b);

/* The bytes with other texts in some cells: `texts` is one a cell, NULL as it was.
 * (transfer full) */
GBytes       *dyno_table_replace        (const DynoTable     *self,
                                         const char *const   *texts);

/* 64 hexadecimal digits. Of the bytes; of kind, labels and values in a form that does
 * not know how they were written (5.5). (transfer full) */
char         *dyno_table_bytes_sha256   (const DynoTable     *self);
char         *dyno_table_content_sha256 (const DynoTable     *self);
/* The text that the latter is the sum of. (transfer full) */
char         *dyno_table_canonical      (const DynoTable     *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (DynoTable, dyno_table_unref)

G_END_DECLS
