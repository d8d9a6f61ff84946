/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

#pragma once

#include <gtk/gtk.h>

#include "dyno-series.h"

G_BEGIN_DECLS

/* A row of a legend: sample, name, detail, eye, pin, remove. It shows one series
 * and keeps eye and pin in step with it. */

#define DYNO_TYPE_LEGEND_ROW (dyno_legend_row_get_type ())
G_DECLARE_FINAL_TYPE (DynoLegendRow, dyno_legend_row, DYNO, LEGEND_ROW, GtkListBoxRow)

GtkWidget  *dyno_legend_row_new           (DynoSeries    *series);
DynoSeries *dyno_legend_row_get_series    (DynoLegendRow *self);
/* "86.4 kW · 148 N·m" */
void        dyno_legend_row_set_detail    (DynoLegendRow *self,
                                           const char    *detail);
void        dyno_legend_row_set_removable (DynoLegendRow *self,
                                           gboolean       is_removable);

G_END_DECLS
