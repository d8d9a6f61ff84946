/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

/* A dyno that is not there. */

#include "config.h"

#include "dyno-api-ask.h"

static const DynoField simulator_fields[] = {
  { "running", DYNO_BOOLEAN, 0, "It is on the wire" },
  { "profile", DYNO_ANY_TEXT, 0, "Whose channels it has" },
  { "engine", DYNO_ANY_TEXT, DYNO_NULLABLE, "What turns it; null: that of the profile" },
  { "throttle_pct", DYNO_NUMBER (0, 100), DYNO_NULLABLE, "Held by hand" },
  { "auto_pull", DYNO_BOOLEAN, 0, "Pulls by itself" },
  { "auto_pull_interval_s", DYNO_ANY_NUMBER, 0, "From pull to pull" },
  { NULL }
};
static const DynoSchema simulator_schema = { "Simulator", "A dyno that is not there",
                                             simulator_fields };

static gboolean
pulls_by_itself (const DynoDemoOptions *options)
{
  return options->cycle == NULL || g_str_equal (options->cycle, "pulls");
}

static void
get_simulator (DynoRequest *request)
{
  DynoShop *shop = dyno_request_get_shop (request);
  g_autoptr(DynoDemoOptions) options = dyno_demo_dup_options (shop);
  DynoJsonWriter *w = dyno_json_writer_new (FALSE);

  dyno_json_writer_begin_object (w);
  dyno_json_writer_add_boolean (w, "running", dyno_demo_is_running (shop));
  dyno_json_writer_add_string (w, "profile",
                               options->profile != NULL ? options->profile
                                                        : dyno_demo_profiles ()[0]);
  dyno_json_writer_add_string (w, "engine", options->engine);
  dyno_json_writer_name (w, "throttle_pct");
  if (options->throttle_pct > 0)
    dyno_json_writer_number (w, options->throttle_pct);
  else
    dyno_json_writer_null (w);
  dyno_json_writer_add_boolean (w, "auto_pull", pulls_by_itself (options));
  dyno_json_writer_add_number (w, "auto_pull_interval_s",
                               options->period_s > 0 ? options->period_s : 12);
  dyno_json_writer_end_object (w);
  dyno_reply_json (request, w);
}

#define DONE(callback, finish)             \
  static void                              \
  callback (GObject      *unused,          \
            GAsyncResult *result,          \
            gpointer      data)            \
  {                                        \
    g_autoptr(DynoRequest) request = data; \
    g_autoptr(GError) error = NULL;        \
                                           \
    if (finish (result, &error))           \
      get_simulator (request);             \
    else                                   \
      dyno_reply_error (request, error);   \
  }

DONE (started, dyno_demo_start_finish)
DONE (stopped, dyno_demo_stop_finish)
DONE (pulled, dyno_demo_pull_finish)

/* With the throttle in a hand, or without pulls, the bike stands and waits. */
static void
start (DynoRequest *request)
{
  double throttle_pct = dyno_request_number (request, "throttle_pct");
  gboolean is_held = throttle_pct > 0;
  gboolean pulls = dyno_request_boolean (request, "auto_pull") && !is_held;
  DynoDemoOptions options = { .profile = dyno_request_text (request, "profile"),
                              .engine = dyno_request_text (request, "engine"),
                              .cycle = pulls ? "pulls" : "idle",
                              .period_s = dyno_request_number (request, "auto_pull_interval_s"),
                              .throttle_pct = is_held ? throttle_pct : 0 };

  DYNO_API_ASK (request, started, dyno_demo_start_async, &options);
}

static void
put_simulator (DynoRequest *request)
{
  if (dyno_request_boolean (request, "running"))
    start (request);
  else
    DYNO_API_ASK (request, stopped, dyno_demo_stop_async);
}

static void
post_pull (DynoRequest *request)
{
  DYNO_API_ASK (request, pulled, dyno_demo_pull_async);
}

static const DynoField simulator_body[] = {
  { "running", DYNO_BOOLEAN, DYNO_REQUIRED, "Start it, anew where it runs; or stop it" },
  { "profile", DYNO_TEXT (1, 40), 0, "Whose channels it has", "rt150-104" },
  { "engine", DYNO_TEXT (1, 40), DYNO_NULLABLE, "What turns it; absent: that of the profile" },
  { "throttle_pct", DYNO_NUMBER (0, 100), DYNO_NULLABLE, "Held by hand: no pulls" },
  { "auto_pull", DYNO_BOOLEAN, 0, "Pulls by itself", "true" },
  { "auto_pull_interval_s", DYNO_NUMBER (5, 3600), 0, "From pull to pull", "12" },
  { NULL }
};

static const DynoRoute rows[] = {
  DYNO_ROUTE (DYNO_GET, "/api/v1/simulator", DYNO_MAY (LIVE_READ), get_simulator,
              .reply = &simulator_schema, .summary = "The simulator"),
  DYNO_ROUTE (DYNO_POST, "/api/v1/simulator/pull", DYNO_MAY (LIVE_CONTROL), post_pull,
              .status = 200, .reply = &simulator_schema, .also = DYNO_STATUSES (409),
              .summary = "One pull"),
  DYNO_ROUTE (DYNO_PUT, "/api/v1/simulator", DYNO_MAY (LIVE_CONTROL), put_simulator,
              .flags = DYNO_ROUTE_NO_IF_MATCH, .body = simulator_body, .reply = &simulator_schema,
              .summary = "Starts or stops it"),
};

const DynoRouteTable dyno_api_simulator = {
  "Simulator", "A dyno that is not there; its runs are always marked.", rows, G_N_ELEMENTS (rows)
};
