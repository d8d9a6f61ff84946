/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

#pragma once

#include <gtk/gtk.h>

#include "dyno-analyse.h"
#include "dyno-heatmap.h"
#include "dyno-shop.h"

G_BEGIN_DECLS

/* The correction of the fuel table that one run or several ask for: offered, being
 * computed as a job with progress and Cancel, or there as a heatmap with the story of
 * the cell under the cursor. Runs that were analysed before show their result at
 * once.
 *
 * The button calls `runs.analyse`. Property busy (read): a job runs. */

#define DYNO_TYPE_RUN_FUEL (dyno_run_fuel_get_type ())
G_DECLARE_FINAL_TYPE (DynoRunFuel, dyno_run_fuel, DYNO, RUN_FUEL, GtkWidget)

/* There from now on. */
void         dyno_run_fuel_set_shop    (DynoRunFuel       *self,
                                        DynoShop          *shop);
/* The runs it is about, in their order; a result of others goes. */
void         dyno_run_fuel_set_runs    (DynoRunFuel       *self,
                                        const char *const *run_ids);
void         dyno_run_fuel_analyse     (DynoRunFuel       *self);
/* Is the pane in sight? Only then a result that is kept is fetched. */
void         dyno_run_fuel_set_active  (DynoRunFuel       *self,
                                        gboolean           is_active);

/* (nullable) */
DynoAnalyse *dyno_run_fuel_get_result  (DynoRunFuel       *self);
DynoHeatmap *dyno_run_fuel_get_heatmap (DynoRunFuel       *self);
/* The story of the cell under the cursor. */
const char  *dyno_run_fuel_get_story   (DynoRunFuel       *self);
/* "ask", "running", "failed", "result". */
const char  *dyno_run_fuel_get_shown   (DynoRunFuel       *self);

G_END_DECLS
