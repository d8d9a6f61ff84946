/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

#include "config.h"

#include "dyno-api.h"

const DynoRouteTable *const dyno_api_tables[] = {
  &dyno_api_health,
  &dyno_api_import,
  &dyno_api_run_compare,
  &dyno_api_run_data,
  &dyno_api_run_papers,
  &dyno_api_run_replay,
  &dyno_api_runs,
  &dyno_api_vehicles,
  NULL
};
