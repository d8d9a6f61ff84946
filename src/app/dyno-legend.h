/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

#pragma once

#include "dyno-chart.h"

G_BEGIN_DECLS

/* The legend of a chart: a list with a row a trace. All series of one trace (power,
 * torque and mixture of a run) are shown, hidden and pinned together; one trace
 * at most is pinned. The selected row is the chart's active series.
 *
 * Signal `remove-trace` (guint trace): asked for by the row's button, which is
 * there when `removable` is set. */

#define DYNO_TYPE_LEGEND (dyno_legend_get_type ())
G_DECLARE_FINAL_TYPE (DynoLegend, dyno_legend, DYNO, LEGEND, GtkWidget)

GtkWidget *dyno_legend_new           (DynoChart  *chart);
/* What stands behind the name of a trace's row: its peaks. */
void       dyno_legend_set_detail    (DynoLegend *self,
                                      guint       trace,
                                      const char *detail);
void       dyno_legend_set_removable (DynoLegend *self,
                                      gboolean    is_removable);
guint      dyno_legend_get_n_rows    (DynoLegend *self);

G_END_DECLS
