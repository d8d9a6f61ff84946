/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

#pragma once

#include <gtk/gtk.h>

#include "dyno-palette.h"
#include "dyno-run-draft.h"
#include "dyno-vehicle-list.h"

G_BEGIN_DECLS

/* What people say of a run, to be read and changed: title, vehicle, tags, notes; and
 * below it what the machine knows. Texts save themselves; what cannot be saved says
 * so beside the text, which stays.
 *
 * The button of tags calls `runs.tag`, that of verifying `runs.verify`. Signals:
 * vehicle-chosen (const char *vehicle_id) NULL: none; vehicle-created (const char
 * *label). */

#define DYNO_TYPE_RUN_DETAILS (dyno_run_details_get_type ())
G_DECLARE_FINAL_TYPE (DynoRunDetails, dyno_run_details, DYNO, RUN_DETAILS, GtkWidget)

/* Both are there from now on. */
void          dyno_run_details_set_shop      (DynoRunDetails  *self,
                                              DynoShop        *shop,
                                              DynoVehicleList *vehicles);
/* NULL: none. What was typed of the one before is saved. */
void          dyno_run_details_set_item      (DynoRunDetails  *self,
                                              DynoRunItem     *item);
void          dyno_run_details_set_units     (DynoRunDetails  *self,
                                              DynoUnitSet      units);

void          dyno_run_details_focus_notes   (DynoRunDetails  *self);
void          dyno_run_details_popup_vehicle (DynoRunDetails  *self);
/* Of the run that is shown, NULL without one. (transfer none) */
DynoRunDraft *dyno_run_details_get_draft     (DynoRunDetails  *self);
/* A sentence on the last verification of the run; NULL: none yet. */
void          dyno_run_details_set_verdict   (DynoRunDetails  *self,
                                              const char      *sentence,
                                              DynoStatus       status);

G_END_DECLS
