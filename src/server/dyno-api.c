/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

#include "config.h"

#include "dyno-api.h"

const DynoRouteTable *const dyno_api_tables[] = {
  &dyno_api_admin_keys,
  &dyno_api_analyses,
  &dyno_api_analyze,
  &dyno_api_audit,
  &dyno_api_auth,
  &dyno_api_backups,
  &dyno_api_capture,
  &dyno_api_circuits,
  &dyno_api_dyno,
  &dyno_api_health,
  &dyno_api_import,
  &dyno_api_jobs,
  &dyno_api_keys,
  &dyno_api_live,
  &dyno_api_mappings,
  &dyno_api_me,
  &dyno_api_monitor,
  &dyno_api_pages,
  &dyno_api_pair,
  &dyno_api_password,
  &dyno_api_personal_data,
  &dyno_api_planner,
  &dyno_api_preflight,
  &dyno_api_privacy,
  &dyno_api_run_changes,
  &dyno_api_run_compare,
  &dyno_api_run_data,
  &dyno_api_run_papers,
  &dyno_api_run_replay,
  &dyno_api_runs,
  &dyno_api_settings,
  &dyno_api_simulator,
  &dyno_api_table_changes,
  &dyno_api_tables_in_out,
  &dyno_api_users,
  &dyno_api_vehicles,
  &dyno_api_virtual,
  NULL
};
