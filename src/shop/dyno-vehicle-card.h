/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

#pragma once

#include "dyno-json.h"
#include "dyno-store-vehicles.h"

G_BEGIN_DECLS

/* A vehicle as programs see it: with what stands in its `data` under the names engine,
 * gearing, tyre, limits and aliases as members of their own. */

void dyno_vehicle_card_shape (DynoJsonWriter    *w,
                              const DynoVehicle *vehicle);

/* Puts those members of `object` (nullable) into the vehicle's data; null takes one
 * out, what is not named stays, and so does all else that stands there. */
void dyno_vehicle_card_take  (DynoVehicle       *vehicle,
                              const DynoJson    *object);

G_END_DECLS
