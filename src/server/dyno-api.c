/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

#include "config.h"

#include "dyno-api.h"

const DynoRouteTable *const dyno_api_tables[] = {
  &dyno_api_admin_keys,
  &dyno_api_audit,
  &dyno_api_auth,
  &dyno_api_health,
  &dyno_api_keys,
  &dyno_api_me,
  &dyno_api_pair,
  &dyno_api_users,
  &dyno_api_vehicles,
  NULL
};
