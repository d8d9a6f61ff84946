/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

#pragma once

#include <gtk/gtk.h>

#include "dyno-chart.h"
#include "dyno-power-set.h"

G_BEGIN_DECLS

/* Power and torque of one run or of several one over the other: legend, chart,
 * correction and smoothing, passport, and what one run gains on another.
 *
 * Runs may be dropped on it: signal `dropped` (GStrv run_ids). */

#define DYNO_TYPE_POWER_VIEW (dyno_power_view_get_type ())
G_DECLARE_FINAL_TYPE (DynoPowerView, dyno_power_view, DYNO, POWER_VIEW, GtkWidget)

/* The set is there from now on. */
void        dyno_power_view_set_set    (DynoPowerView *self,
                                        DynoPowerSet  *set);
void        dyno_power_view_set_units  (DynoPowerView *self,
                                        DynoUnitSet    units);
DynoChart  *dyno_power_view_get_chart  (DynoPowerView *self);
/* The sentence in the place of the chart, of a gain, or of the way it is looked at;
 * for tests. NULL: none. */
const char *dyno_power_view_get_reason (DynoPowerView *self);
const char *dyno_power_view_get_gain   (DynoPowerView *self);
const char *dyno_power_view_get_look   (DynoPowerView *self);

/* Every 50 rpm: speed, power, torque of each run, as CSV (formats.md C.2). NULL
 * without a curve. (transfer full) */
char       *dyno_power_view_make_csv   (DynoPowerView *self);

G_END_DECLS
