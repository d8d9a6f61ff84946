/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

#pragma once

#include "dyno-call.h"
#include "dyno-store-vehicles.h"

G_BEGIN_DECLS

/* FALSE with NOT_FOUND for an id that is none; NULL is no vehicle, which is
 * always known. */
gboolean dyno_vehicle_rows_is_known (DynoTurn   *turn,
                                     const char *vehicle_id,
                                     GError    **error);

/* The vehicle of that label, else this one, new, with its customer: the one of that
 * name, else this one, new. Ids that are given are not looked at. Answers the id of the
 * vehicle (transfer full). */
char    *dyno_vehicle_rows_ensure   (DynoTurn           *turn,
                                     const DynoVehicle  *vehicle,
                                     const DynoCustomer *customer,
                                     GError            **error);
/* (transfer full) id; `customer` is not NULL. */
char    *dyno_customer_rows_ensure  (DynoTurn           *turn,
                                     const DynoCustomer *customer,
                                     GError            **error);

G_END_DECLS
