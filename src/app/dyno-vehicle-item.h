/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

#pragma once

#include "dyno-people.h"

G_BEGIN_DECLS

/* A vehicle in a list. Properties (read): id, label, detail ("Harley-Davidson FXDLS
 * 2017 · Anna · 12 runs"). Immutable. */

#define DYNO_TYPE_VEHICLE_ITEM (dyno_vehicle_item_get_type ())
G_DECLARE_FINAL_TYPE (DynoVehicleItem, dyno_vehicle_item, DYNO, VEHICLE_ITEM, GObject)

/* Takes over. */
DynoVehicleItem   *dyno_vehicle_item_new         (DynoVehicle     *vehicle);
const DynoVehicle *dyno_vehicle_item_get_vehicle (DynoVehicleItem *self);
const char        *dyno_vehicle_item_get_label   (DynoVehicleItem *self);
const char        *dyno_vehicle_item_get_detail  (DynoVehicleItem *self);

G_END_DECLS
