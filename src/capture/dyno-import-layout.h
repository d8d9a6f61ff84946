/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

#pragma once

#include "dyno-import.h"

G_BEGIN_DECLS

/* How the rows of a text log are written (formats.md A.4), found out from its
 * first 1 MiB: delimiter, decimal mark, header, unit row, first row. */

#define DYNO_IMPORT_MAX_COLUMNS 4096

typedef struct
{
  char     delimiter;
  char     decimal;
  char     time_decimal; /* of stamps that are numbers: some write "0.5;12,75" */
  guint    n_columns;
  guint    row_width;    /* cells of the rows that were looked at, trailing blanks included */
  char   **names;        /* (owned) n_columns trimmed cells; "" without a name */
  char   **units;        /* (owned) (nullable) n_columns cells of the unit row */
  guint    n_nameless;
  guint64  header_line;  /* from 1; 0: given by the operator */
  guint64  unit_line;    /* 0: none */
  guint64  data_line;
  guint    n_between;    /* lines of another kind between header and first row, dropped */
  gsize    data_offset;  /* of the first row in the text */
  char    *preamble;     /* (owned) */
  guint64  preamble_lines;
} DynoImportLayout;

/* `text` is the first block, `is_all` that it is the whole log. NULL with the
 * refusal import_no_data, import_no_header, import_limit, import_ambiguous_decimal,
 * import_ambiguous_delimiter or import_option. */
DynoImportLayout *dyno_import_layout_detect (const char              *text,
                                             gsize                    length,
                                             gboolean                 is_all,
                                             const DynoImportOptions *options,
                                             GError                 **error);
void              dyno_import_layout_free   (DynoImportLayout        *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (DynoImportLayout, dyno_import_layout_free)

G_END_DECLS
