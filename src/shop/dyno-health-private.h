/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

#pragma once

#include "dyno-health.h"

G_BEGIN_DECLS

/* Since when a component is as it is. A mutex, held for a look. */
typedef struct _DynoHealthMemory DynoHealthMemory;

DynoHealthMemory *dyno_health_memory_new  (void);
void              dyno_health_memory_free (DynoHealthMemory *self);

G_END_DECLS
