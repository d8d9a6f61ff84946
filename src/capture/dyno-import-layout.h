/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

#pragma once

#include "dyno-import.h"

G_BEGIN_DECLS

/* How the rows of a text log are written (formats.md A.4), found out from its
 * first 1 MiB: delimiter, decimal mark, header, unit row, first row. */

#define DYNO_IMPORT_MAX_COLUMNS 4096

typedef struct _DynoDialect DynoDialect;

/* TRUE for a line among the rows that is a remark and no row. */
typedef gboolean (*DynoImportMarkerTest) (const char *line);

typedef struct
{
  char     delimiter;
  char     decimal;
  char     time_decimal; /* of stamps that are numbers: some write "0.5;12,75" */
  guint    n_columns;
  guint    row_width;    /* cells of the rows that were looked at, trailing blanks included */
  char   **names;        /* (owned) n_columns trimmed cells; "" without a name */
  char   **units;        /* (owned) (nullable) n_columns cells of the unit row */
  char   **others;       /* (owned) (nullable) n_columns names of a second kind, above the units */
  char   **kinds;        /* (owned) (nullable) n_columns words of the dialect's own */
  guint    n_nameless;
  guint64  header_line;  /* from 1; 0: given by the operator, or the names stand apart */
  guint64  unit_line;    /* 0: none */
  guint64  data_line;
  guint    n_between;    /* lines of another kind between header and first row, dropped */
  gsize    data_offset;  /* of the first row in the text */
  char    *preamble;     /* (owned) */
  guint64  preamble_lines;
  DynoImportMarkerTest is_marker; /* (nullable) */
} DynoImportLayout;

/* `text` is the first block, `is_all` that it is the whole log; `dialect` says what is
 * no row and where units stand ("plain": nothing). NULL with the
 * refusal import_no_data, import_no_header, import_limit, import_ambiguous_decimal,
 * import_ambiguous_delimiter or import_option. */
DynoImportLayout *dyno_import_layout_detect (const char              *text,
                                             gsize                    length,
                                             gboolean                 is_all,
                                             const DynoDialect       *dialect,
                                             const DynoImportOptions *options,
                                             GError                 **error);
void              dyno_import_layout_free   (DynoImportLayout        *self);

/* For dialects whose names stand apart from the rows. */

/* With a point as decimal mark and nothing else. */
DynoImportLayout *dyno_import_layout_new        (char               delimiter);

/* The cells of a line, followed by "" until there are `n`. (transfer full) */
char            **dyno_import_layout_split      (const char        *line,
                                                 char               delimiter,
                                                 guint              n);

/* Takes the names over. FALSE with import_limit for too many of them. */
gboolean          dyno_import_layout_take_names (DynoImportLayout  *self,
                                                 char             **names,
                                                 GError           **error);

/* Places in `text`: the line of the names (NULL: none), that of the units (NULL:
 * none), the first row. */
void              dyno_import_layout_place      (DynoImportLayout  *self,
                                                 const char        *text,
                                                 const char        *names,
                                                 const char        *units,
                                                 const char        *row);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (DynoImportLayout, dyno_import_layout_free)

G_END_DECLS
