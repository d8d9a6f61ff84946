/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

#pragma once

#include "dyno-json.h"
#include "dyno-spark.h"

G_BEGIN_DECLS

/* {"front":{"state","shared","degree_unknown","pull_deg","knock","severity",
 * "single_event"},"rear":{…}}: member "spark" of `analyze`. Grids have a row an engine
 * speed and are null where nothing was heard. */
void dyno_shape_spark (DynoJsonWriter      *w,
                       const DynoGridShape *shape,
                       const DynoSpark     *spark);

G_END_DECLS
