/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

#pragma once

#include <gtk/gtk.h>

#include "dyno-power-view.h"
#include "dyno-run-details.h"
#include "dyno-run-fuel.h"

G_BEGIN_DECLS

/* One run, or several compared: their power, the correction of the fuel table that
 * they ask for, and notes and facts of the first of them. What sets the run apart
 * (simulated, incomplete, in the trash) stands above all three.
 *
 * Its buttons call actions of the page it is in. Property tab (s): "power", "fuel",
 * "details". */

#define DYNO_TYPE_RUN_VIEW (dyno_run_view_get_type ())
G_DECLARE_FINAL_TYPE (DynoRunView, dyno_run_view, DYNO, RUN_VIEW, GtkWidget)

/* Both are there from now on. */
void            dyno_run_view_set_shop    (DynoRunView     *self,
                                           DynoShop        *shop,
                                           DynoVehicleList *vehicles);
void            dyno_run_view_set_units   (DynoRunView     *self,
                                           DynoUnitSet      units);
/* A button leads back to the list. */
void            dyno_run_view_set_narrow  (DynoRunView     *self,
                                           gboolean         is_narrow);

/* These runs (element-type DynoRunItem), none of them for none; FALSE when there was
 * no room for all. */
gboolean        dyno_run_view_show        (DynoRunView     *self,
                                           GPtrArray       *items);
/* Beside those that are there; FALSE when there is no room. */
gboolean        dyno_run_view_add         (DynoRunView     *self,
                                           DynoRunItem     *item);
/* The first run, NULL for none. (transfer none) */
DynoRunItem    *dyno_run_view_get_item    (DynoRunView     *self);
guint           dyno_run_view_get_n       (DynoRunView     *self);
DynoPowerSet   *dyno_run_view_get_set     (DynoRunView     *self);

DynoPowerView  *dyno_run_view_get_power   (DynoRunView     *self);
DynoRunFuel    *dyno_run_view_get_fuel    (DynoRunView     *self);
DynoRunDetails *dyno_run_view_get_details (DynoRunView     *self);
const char     *dyno_run_view_get_tab     (DynoRunView     *self);
void            dyno_run_view_set_tab     (DynoRunView     *self,
                                           const char      *tab);

G_END_DECLS
