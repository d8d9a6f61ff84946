/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

#pragma once

#include "dyno-route.h"

G_BEGIN_DECLS

/* What can be asked: a table a noun, in dyno-api-<noun>.c. */
extern const DynoRouteTable dyno_api_admin_keys;
extern const DynoRouteTable dyno_api_audit;
extern const DynoRouteTable dyno_api_auth;
extern const DynoRouteTable dyno_api_health;
extern const DynoRouteTable dyno_api_keys;
extern const DynoRouteTable dyno_api_me;
extern const DynoRouteTable dyno_api_pair;
extern const DynoRouteTable dyno_api_users;
extern const DynoRouteTable dyno_api_vehicles;

/* The tables of all nouns, sorted, ended by NULL: for dyno_router_new () and
 * dyno_openapi_new (). */
extern const DynoRouteTable *const dyno_api_tables[];

G_END_DECLS
