/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

#pragma once

#include "dyno-shop.h"
#include "dyno-vehicle-item.h"

G_BEGIN_DECLS

/* The shop's vehicles by label, read anew whenever one changes. A list model of
 * DynoVehicleItem. Main thread. */

#define DYNO_TYPE_VEHICLE_LIST (dyno_vehicle_list_get_type ())
G_DECLARE_FINAL_TYPE (DynoVehicleList, dyno_vehicle_list, DYNO, VEHICLE_LIST, GObject)

DynoVehicleList *dyno_vehicle_list_new  (DynoShop        *shop);
/* (transfer none) (nullable) */
DynoVehicleItem *dyno_vehicle_list_find (DynoVehicleList *self,
                                         const char      *vehicle_id);

G_END_DECLS
