/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* Tables for spreadsheets and for pasting into a tuning program (formats.md C.4).
 * Values stand row after row, a row an engine speed; NaN is a cell without data. Pure,
 * any thread. */

typedef struct
{
  const double *rpm;      /* (borrowed) n_rpm row labels */
  guint         n_rpm;
  const double *columns;  /* (borrowed) n_columns labels: kPa or % */
  guint         n_columns;
  const double *values;   /* (borrowed) n_rpm · n_columns */
  int           decimals; /* VE 1, correction 2, spark 2, hits 0 */
} DynoExportGrid;

/* First line "RPM" and the column labels, then a line an engine speed; an empty cell
 * where there is no data. CRLF. (transfer full) */
char *dyno_export_grid_csv   (const DynoExportGrid *self,
                              char                  delimiter,
                              char                  mark);

/* Has every cell data, or a value of `base` (nullable)? If not, INVALID "export_holes"
 * lists those that have none and ends with `advice`. */
gboolean dyno_export_grid_is_whole (const DynoExportGrid *self,
                                    const double         *base,
                                    const char           *advice,
                                    GError              **error);

/* Values only: tab between, LF between rows, none at the end. A cell without data
 * takes that of `base` (nullable, as many as `values`), else it is empty where
 * `may_have_holes`, else the whole is refused: INVALID "export_holes" lists them.
 * (transfer full) */
char *dyno_export_grid_paste (const DynoExportGrid *self,
                              const double         *base,
                              gboolean              may_have_holes,
                              GError              **error);

G_END_DECLS
