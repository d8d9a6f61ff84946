/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

#pragma once

#include "dyno-picture.h"
#include "dyno-sheet.h"

G_BEGIN_DECLS

/* dyno-sheet-chart.c: power and torque of all runs, the mixture below. */
DynoPicture *dyno_sheet_chart        (const DynoSheet *self);

/* dyno-sheet-text.c: a value with its unit, "—" without one. (transfer full) */
char        *dyno_sheet_quantity     (const DynoSheet *self,
                                      DynoQuantity     quantity,
                                      double           value_si);
/* Rows of the table of figures and its columns. */
#define DYNO_SHEET_FIGURE_COLUMNS 6
GPtrArray   *dyno_sheet_figures      (const DynoSheet *self);
/* "Gain over Run 13: +1.9 kW …"; NULL without a baseline. */
char        *dyno_sheet_gain         (const DynoSheet *self);
/* Is the gain real? NULL without a baseline, or without a range in common. */
char        *dyno_sheet_verdict      (const DynoSheet *self);
/* A run that the others are compared with. */
gboolean     dyno_sheet_is_baseline  (const DynoSheet *self,
                                      guint            index);
/* Lines of the correction's passport. */
GPtrArray   *dyno_sheet_passport     (const DynoSheet *self);
/* What the dyno weighs and loses, and how the curve was made. */
char        *dyno_sheet_method       (const DynoSheet *self);
/* Warnings of curve, correction and sheet, each once. */
GPtrArray   *dyno_sheet_all_warnings (const DynoSheet *self);

/* dyno-sheet-grid.c */
void         dyno_sheet_put_grid     (DynoPaper           *paper,
                                      const DynoSheetGrid *grid);

G_END_DECLS
