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

G_END_DECLS
