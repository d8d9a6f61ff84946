/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

#pragma once

#include "dyno-shape.h"

G_BEGIN_DECLS

/* What is heard on the network, as the API names it (service.md 2.4). Values are in the
 * unit of the wire, which stands beside them. `state` (nullable) NULL: nothing is. */

/* {"link","reason","providers":[{"id":"0x1A2B","name","address","last_seen_at", …,
 * "channels":[{"id","name","unit"}]}],"interfaces":[…]}. `utc_minus_monotonic_us` dates them. */
void dyno_shape_wire_providers (DynoJsonWriter         *w,
                                const DynoCaptureState *state,
                                gint64                  utc_minus_monotonic_us);
/* {"overall","channels":[{"canonical","source_id","name","unit","health","reason","value", …}]}
 * of the provider in use; after them what the dyno should have and has not. */
void dyno_shape_wire_channels  (DynoJsonWriter         *w,
                                const DynoCaptureState *state);

G_END_DECLS
