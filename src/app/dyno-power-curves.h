/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

#pragma once

#include "dyno-chart.h"
#include "dyno-power-set.h"

G_BEGIN_DECLS

/* The curves of a set of runs on a chart: power and torque, behind them as they were
 * measured; below them the mixture with its target. What the reader zoomed, hid or
 * pinned stays while only the way to look at the runs changes. Main thread. */

typedef struct _DynoPowerCurves DynoPowerCurves;

DynoPowerCurves *dyno_power_curves_new      (DynoChart       *chart);
void             dyno_power_curves_free     (DynoPowerCurves *self);

/* Brings the chart in line with the set. */
void             dyno_power_curves_update   (DynoPowerCurves *self,
                                             DynoPowerSet    *set);
void             dyno_power_curves_set_raw  (DynoPowerCurves *self,
                                             gboolean         with_raw);
/* A run of the set has a mixture that was measured. */
gboolean         dyno_power_curves_has_mixture (DynoPowerCurves *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (DynoPowerCurves, dyno_power_curves_free)

G_END_DECLS
