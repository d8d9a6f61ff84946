/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

#pragma once

#include "dyno-route.h"

G_BEGIN_DECLS

/* What can be asked: a table a noun, in dyno-api-<noun>.c. */
extern const DynoRouteTable dyno_api_admin_keys;
extern const DynoRouteTable dyno_api_analyses;
extern const DynoRouteTable dyno_api_analyze;
extern const DynoRouteTable dyno_api_audit;
extern const DynoRouteTable dyno_api_auth;
extern const DynoRouteTable dyno_api_backups;
extern const DynoRouteTable dyno_api_capture;
extern const DynoRouteTable dyno_api_circuits;
extern const DynoRouteTable dyno_api_dyno;
extern const DynoRouteTable dyno_api_health;
extern const DynoRouteTable dyno_api_import;
extern const DynoRouteTable dyno_api_jobs;
extern const DynoRouteTable dyno_api_keys;
extern const DynoRouteTable dyno_api_live;
extern const DynoRouteTable dyno_api_mappings;
extern const DynoRouteTable dyno_api_me;
extern const DynoRouteTable dyno_api_monitor;
extern const DynoRouteTable dyno_api_pages;
extern const DynoRouteTable dyno_api_pair;
extern const DynoRouteTable dyno_api_password;
extern const DynoRouteTable dyno_api_personal_data;
extern const DynoRouteTable dyno_api_planner;
extern const DynoRouteTable dyno_api_preflight;
extern const DynoRouteTable dyno_api_privacy;
extern const DynoRouteTable dyno_api_run_changes;
extern const DynoRouteTable dyno_api_run_compare;
extern const DynoRouteTable dyno_api_run_data;
extern const DynoRouteTable dyno_api_run_papers;
extern const DynoRouteTable dyno_api_run_replay;
extern const DynoRouteTable dyno_api_runs;
extern const DynoRouteTable dyno_api_settings;
extern const DynoRouteTable dyno_api_simulator;
extern const DynoRouteTable dyno_api_table_changes;
extern const DynoRouteTable dyno_api_tables_in_out;
extern const DynoRouteTable dyno_api_users;
extern const DynoRouteTable dyno_api_vehicles;
extern const DynoRouteTable dyno_api_virtual;

/* The tables of all nouns, sorted, ended by NULL: for dyno_router_new () and
 * dyno_openapi_new (). */
extern const DynoRouteTable *const dyno_api_tables[];

G_END_DECLS
