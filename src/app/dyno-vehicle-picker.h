/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

#pragma once

#include <adwaita.h>

#include "dyno-vehicle-list.h"

G_BEGIN_DECLS

/* A button with the vehicle's name; behind it a search, the vehicles, none of them, and
 * a new one of the name that was typed.
 *
 * Signals: chosen (const char *vehicle_id) NULL: none; created (const char *label). */

#define DYNO_TYPE_VEHICLE_PICKER (dyno_vehicle_picker_get_type ())
G_DECLARE_FINAL_TYPE (DynoVehiclePicker, dyno_vehicle_picker, DYNO, VEHICLE_PICKER, AdwBin)

void dyno_vehicle_picker_set_list    (DynoVehiclePicker *self,
                                      DynoVehicleList   *list);
/* The one whose name is shown; NULL: none. */
void dyno_vehicle_picker_set_vehicle (DynoVehiclePicker *self,
                                      const char        *vehicle_id);
void dyno_vehicle_picker_popup       (DynoVehiclePicker *self);

G_END_DECLS
