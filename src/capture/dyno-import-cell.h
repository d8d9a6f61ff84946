/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* Cells of a line and what stands in them (formats.md A.3, A.6). Text is a block
 * of dyno-import-reader.h: every line in it ends. */

/* A part of a line, trimmed, without its quotes; doubled quotes are still doubled. */
typedef struct
{
  const char *text; /* (borrowed) */
  gsize       length;
  gboolean    is_quoted;
  gboolean    is_unclosed; /* the quote was never closed: the cell ends with the line */
} DynoImportCell;

typedef enum
{
  DYNO_IMPORT_CELL_BLANK,
  DYNO_IMPORT_CELL_NUMBER,
  DYNO_IMPORT_CELL_FLAG,    /* On/Off, Yes/No, …: 1 or 0 */
  DYNO_IMPORT_CELL_MISSING, /* says so: NaN, N/A, NA, -, --, null, inf, * */
  DYNO_IMPORT_CELL_CLOCK,   /* a time of day or a wall clock */
  DYNO_IMPORT_CELL_TEXT,
} DynoImportCellKind;

static inline gboolean
dyno_import_is_line_end (char c)
{
  return c == '\n' || c == '\r';
}

/* The cell that begins at *text. Afterwards *text stands at the delimiter or line
 * end behind it. */
DynoImportCell     dyno_import_cell_next (const char           **text,
                                          char                   delimiter);

/* `value` (of a number or flag) may be an infinity; NaN for all other kinds. */
DynoImportCellKind dyno_import_cell_read (const DynoImportCell  *cell,
                                          char                   mark,
                                          double                *value);

gboolean           dyno_import_cell_is_number (const DynoImportCell *cell,
                                               char                  mark);

/* "1.000,5": thousands marks are never guessed, but it is meant for a number. */
gboolean           dyno_import_cell_has_both_marks (const DynoImportCell *cell);

/* The text of a cell with doubled quotes made single, always valid UTF-8. */
char              *dyno_import_cell_dup  (const DynoImportCell  *cell);

/* The first byte of the next line; past CRLF as one line end. */
const char        *dyno_import_line_next (const char            *text);

/* TRUE for lines that hold no row: blank, or beginning with "#", "*", "//". */
gboolean           dyno_import_line_is_skipped (const char      *text);

G_END_DECLS
