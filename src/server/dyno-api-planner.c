/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

/* What the runs of a vehicle have covered, and what to run next. */

#include "config.h"

#include <math.h>

#include "dyno-api-ask.h"
#include "dyno-planner-book.h"
#include "dyno-shape-plan.h"

/* What goes over the wire */

#define CELLS DYNO_LIST (DYNO_LIST (DYNO_ANY))
#define RANGE DYNO_ARRAY_OF (2, 2, DYNO_ANY_NUMBER)

static const DynoField coverage_fields[] = {
  { "cells", DYNO_COUNT, 0, "All" },
  { "covered", DYNO_COUNT, 0, "Those with enough hits" },
  { "weak", DYNO_COUNT, 0, "Those with some" },
  { "pct", DYNO_ANY_NUMBER, DYNO_NULLABLE, "Covered, %" },
  { "grade", DYNO_ANY_TEXT, 0, "A to D" },
  { "runs", DYNO_COUNT, 0, "Runs that were counted" },
  { "runs_on_other_axes", DYNO_COUNT, 0, "Runs that are not in here" },
  { "rpm", DYNO_LIST (DYNO_ANY_NUMBER), 0, "Engine speeds: the rows" },
  { "map_kpa", DYNO_LIST (DYNO_ANY_NUMBER), 0, "Pressures: the columns" },
  { "hits", CELLS, 0, "Samples" },
  { "last_seen", CELLS, 0, "When; null: never" },
  { NULL }
};
static const DynoSchema coverage_schema = { "PlanCoverage", "What was reached", coverage_fields };

static const DynoField gap_fields[] = {
  { "name", DYNO_ANY_TEXT, 0, "The region" },
  { "rpm_range", RANGE, 0, "From, to" },
  { "map_range", RANGE, 0, "From, to" },
  { "empty_cells", DYNO_COUNT, 0, "Without enough hits" },
  { "total_cells", DYNO_COUNT, 0, "All" },
  { "impact", DYNO_ANY_TEXT, 0, "high or medium" },
  { "type", DYNO_ANY_TEXT, 0, "A word" },
  { NULL }
};
static const DynoSchema gap_schema = { "PlanGap", "A region with empty cells", gap_fields };

static const DynoField test_fields[] = {
  { "name", DYNO_ANY_TEXT, 0, "The test" },
  { "goal", DYNO_ANY_TEXT, 0, "What for" },
  { "how", DYNO_ANY_TEXT, 0, "How it is run" },
  { "rpm_range", RANGE, DYNO_NULLABLE, "From, to; null: any" },
  { "map_range", RANGE, DYNO_NULLABLE, "From, to; null: any" },
  { "gears", RANGE, DYNO_NULLABLE, "From, to; null: any" },
  { "test_type", DYNO_ANY_TEXT, 0, "A word" },
  { "required_channels", DYNO_LIST (DYNO_ANY_TEXT), 0, "That must be logged" },
  { "success_criteria", DYNO_ANY_TEXT, DYNO_NULLABLE, "When it is done" },
  { "risk_notes", DYNO_ANY_TEXT, DYNO_NULLABLE, "What to look out for" },
  { "priority", DYNO_ANY_INTEGER, 0, "1 first" },
  { "pulls", DYNO_COUNT, 0, "Pulls" },
  { "minutes", DYNO_ANY_NUMBER, DYNO_NULLABLE, "Time" },
  { "expected_gain", DYNO_ANY_NUMBER, DYNO_NULLABLE, "Coverage, %" },
  { "score", DYNO_ANY_NUMBER, DYNO_NULLABLE, "What the order is by" },
  { "is_cut", DYNO_BOOLEAN, 0, "Cut to the constraints" },
  { NULL }
};
static const DynoSchema test_schema = { "PlanTest", "What to run", test_fields };

static const DynoField drop_fields[] = {
  { "name", DYNO_ANY_TEXT, 0, "The test" },
  { "reason", DYNO_ANY_TEXT, 0, "Why it is left out" },
  { NULL }
};
static const DynoSchema drop_schema = { "PlanDrop", "A test that is left out", drop_fields };

#define CONSTRAINT_FIELDS                                                                   \
  { "min_rpm", DYNO_NUMBER (0, 30000), 0, "Lowest engine speed", "1000" },                  \
  { "max_rpm", DYNO_NUMBER (0, 30000), 0, "Highest engine speed", "7000" },                 \
  { "min_map_kpa", DYNO_NUMBER (0, 1000), 0, "Lowest pressure", "20" },                     \
  { "max_map_kpa", DYNO_NUMBER (0, 1000), 0, "Highest pressure", "100" },                   \
  { "max_pulls", DYNO_INTEGER (1, 1000), 0, "Pulls of one plan", "8" },                     \
  { "environment", DYNO_WORD ("both|inertia_dyno|street"), 0, "Where it is run", "both" },  \
  { NULL }

static const DynoField constraint_fields[] = { CONSTRAINT_FIELDS };
static const DynoSchema constraint_schema = { "PlanConstraints", "What may be asked of a vehicle",
                                              constraint_fields };

static const DynoField plan_fields[] = {
  { "vehicle_id", DYNO_ID ("veh"), 0, "The vehicle" },
  { "vehicle", DYNO_ANY_TEXT, 0, "Its label" },
  { "coverage", DYNO_OBJECT (&coverage_schema), 0, "What was reached" },
  { "gaps", DYNO_LIST (DYNO_OBJECT (&gap_schema)), 0, "What was not" },
  { "next_tests", DYNO_LIST (DYNO_OBJECT (&test_schema)), 0, "What to run" },
  { "dropped", DYNO_LIST (DYNO_OBJECT (&drop_schema)), 0, "What is left out" },
  { "constraints", DYNO_OBJECT (&constraint_schema), 0, "As they hold" },
  { "constraints_are_default", DYNO_BOOLEAN, 0, "Nobody has set any" },
  { NULL }
};
static const DynoSchema plan_schema = { "Plan", "What to run next", plan_fields };

/* The ETag is that of the constraints, the only part that a client changes. It is a plain
 * header: the plan changes with every run, too, and is never answered 304. */
static void
reply_plan (DynoRequest     *request,
            DynoPlannerView *view)
{
  DynoJsonWriter *w = dyno_json_writer_new (FALSE);
  g_autofree char *tag = g_strdup_printf ("\"%s-%" G_GINT64_FORMAT "\"", view->vehicle_id,
                                          view->version);

  dyno_reply_header (request, "ETag", tag);
  dyno_shape_plan (w, view);
  dyno_reply_json (request, w);
}

DYNO_API_ANSWER (plan_made, DynoPlannerView, dyno_planner_get_finish, reply_plan)

static void
get_plan (DynoRequest *request)
{
  DYNO_API_ASK (request, plan_made, dyno_planner_get_async,
                dyno_request_text (request, "vehicle_id"), NULL);
}

DYNO_API_ANSWER (constraints_set, DynoPlannerView, dyno_planner_set_constraints_finish, reply_plan)

static void
put_constraints (DynoRequest *request)
{
  DynoPlanConstraints constraints = {
    .min_rpm = dyno_request_number (request, "min_rpm"),
    .max_rpm = dyno_request_number (request, "max_rpm"),
    .min_map_kpa = dyno_request_number (request, "min_map_kpa"),
    .max_map_kpa = dyno_request_number (request, "max_map_kpa"),
    .max_pulls = (guint) dyno_request_integer (request, "max_pulls"),
  };

  dyno_plan_environment_find (dyno_request_text (request, "environment"),
                              &constraints.environment);
  DYNO_API_ASK (request, constraints_set, dyno_planner_set_constraints_async,
                dyno_request_text (request, "vehicle_id"), NULL, &constraints,
                dyno_request_get_version (request));
}

DYNO_API_ANSWER (constraints_reset, DynoPlannerView, dyno_planner_reset_finish, reply_plan)

static void
reset_constraints (DynoRequest *request)
{
  DYNO_API_ASK (request, constraints_reset, dyno_planner_reset_async,
                dyno_request_text (request, "vehicle_id"), NULL);
}

/* The rows */

static const DynoField plan_args[] = {
  { "vehicle_id", DYNO_ID ("veh"), DYNO_REQUIRED, "The vehicle" },
  { NULL }
};

static const DynoRoute rows[] = {
  DYNO_ROUTE (DYNO_GET, "/api/v1/planner/{vehicle_id}", DYNO_MAY (RUNS_READ), get_plan,
              .args = plan_args, .reply = &plan_schema, .summary = "What to run next"),
  DYNO_ROUTE (DYNO_PUT, "/api/v1/planner/{vehicle_id}/constraints", DYNO_MAY (ANALYZE_RUN),
              put_constraints, .args = plan_args, .body = constraint_fields,
              .reply = &plan_schema, .summary = "Says what may be asked of a vehicle",
              .description = "What is left out has its default."),
  DYNO_ROUTE (DYNO_POST, "/api/v1/planner/{vehicle_id}/reset", DYNO_MAY (ANALYZE_RUN),
              reset_constraints, .args = plan_args, .reply = &plan_schema,
              .summary = "Goes back to the default constraints"),
};

const DynoRouteTable dyno_api_planner = {
  "Planner", "What the runs of a vehicle have covered, and what to run next.", rows,
  G_N_ELEMENTS (rows)
};
