/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

#pragma once

#include "dyno-call.h"
#include "dyno-rider.h"

G_BEGIN_DECLS

/* The one that waits for a write of this thread. (transfer full) (nullable) */
DynoRider *dyno_rider_take_waiting (void);

/* After the verb, in its savepoint. `answer` is the verb's. */
gboolean   dyno_rider_run          (const DynoRider  *self,
                                    DynoTurn         *turn,
                                    gconstpointer     answer,
                                    GError          **error);

G_END_DECLS
