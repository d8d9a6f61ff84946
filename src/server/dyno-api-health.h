/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

#pragma once

#include "dyno-route.h"

G_BEGIN_DECLS

/* Whether the service lives, what it is, and what it can be asked. */
extern const DynoRouteTable dyno_api_health;

G_END_DECLS
