/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

/* Recording: where it stands, and its commands. */

#include "config.h"

#include "dyno-api-ask.h"

/* Where it stands */

static const DynoField passed_fields[] = {
  { "passed", DYNO_BOOLEAN, 0, "No check failed" },
  { "at", DYNO_TIME, 0, "When it ended" },
  { NULL }
};
static const DynoSchema passed_schema = { "PreflightPassed", "The last preflight", passed_fields };

static const DynoField capture_fields[] = {
  { "state", DYNO_WORD ("idle|armed|recording|stopping"), 0, "Where recording stands" },
  { "phase", DYNO_WORD ("no_dyno|connecting|live|armed|recording|saving|saved|link_lost|error"), 0,
    "The same as the window says it" },
  { "run_id", DYNO_ID ("run"), DYNO_NULLABLE, "The run in hand, or just saved" },
  { "provider_id", DYNO_TEXT (6, 6), DYNO_NULLABLE, "The dyno in use, as 0x1A2B" },
  { "provider", DYNO_ANY_TEXT, DYNO_NULLABLE, "Its name" },
  { "simulated", DYNO_BOOLEAN, 0, "It is the simulator" },
  { "since", DYNO_TIME, DYNO_NULLABLE, "When the phase began" },
  { "samples", DYNO_COUNT, 0, "Recorded in the run in hand" },
  { "dropped", DYNO_COUNT, 0, "Messages lost since it began" },
  { "message", DYNO_ANY_TEXT, DYNO_NULLABLE, "What is wrong and what to do" },
  { "preflight", DYNO_OBJECT (&passed_schema), DYNO_NULLABLE, "The last one" },
  { NULL }
};
static const DynoSchema capture_schema = { "Capture", "Where recording stands", capture_fields };

static void
get_capture (DynoRequest *request)
{
  DynoClock *clock = dyno_request_get_service (request)->clock;
  DynoLive *live = dyno_shop_get_live (dyno_request_get_shop (request));
  g_autoptr(DynoArmState) arm = dyno_live_ref_arm (live);
  g_autoptr(DynoPreflight) preflight = dyno_live_ref_preflight (live);
  DynoJsonWriter *w = dyno_json_writer_new (FALSE);

  if (arm == NULL)
    arm = dyno_arm_state_new ();
  dyno_shape_capture (w, arm, preflight,
                      dyno_clock_real_us (clock) - dyno_clock_monotonic_us (clock));
  dyno_reply_json (request, w);
}

/* Commands. What a request names is done in this order: dyno, vehicle, rolls, command; the
 * first that fails is the answer. */

static void
run_started (GObject      *unused,
             GAsyncResult *result,
             gpointer      data)
{
  g_autoptr(DynoRequest) request = data;
  g_autoptr(GError) error = NULL;
  g_autofree char *run_id = dyno_arm_start_finish (result, &error);

  if (run_id != NULL)
    get_capture (request);
  else
    dyno_reply_error (request, error);
}

static void
start_run (DynoRequest *request)
{
  DYNO_API_ASK (request, run_started, dyno_arm_start_async, dyno_request_text (request, "title"));
}

static void
armed (GObject      *unused,
       GAsyncResult *result,
       gpointer      data)
{
  g_autoptr(DynoRequest) request = data;
  g_autoptr(GError) error = NULL;

  if (dyno_arm_arm_finish (result, &error))
    get_capture (request);
  else
    dyno_reply_error (request, error);
}

/* As the last preflight was meant: one that blocks has to be passed. */
static gboolean
is_blocking (DynoRequest *request)
{
  DynoLive *live = dyno_shop_get_live (dyno_request_get_shop (request));
  g_autoptr(DynoPreflight) preflight = dyno_live_ref_preflight (live);

  return preflight != NULL && preflight->is_blocking;
}

static void
arm (DynoRequest *request)
{
  DynoArmOptions options = { .is_blocking = is_blocking (request),
                             .override = dyno_request_text (request, "override_reason") };

  DYNO_API_ASK (request, armed, dyno_arm_arm_async, &options);
}

/* A callback that goes on with `next` when `finish` says TRUE. */
#define STEP_DONE(callback, finish, next)             \
  static void                                         \
  callback (GObject      *unused,                     \
            GAsyncResult *result,                     \
            gpointer      data)                       \
  {                                                   \
    g_autoptr(DynoRequest) request = data;            \
    g_autoptr(GError) error = NULL;                   \
    DynoAsker *asker = dyno_request_get_asker (request); \
                                                      \
    if (!finish (result, &error))                     \
      {                                               \
        dyno_reply_error (request, error);            \
        return;                                       \
      }                                               \
                                                      \
    dyno_asker_push (asker);                          \
    next (request);                                   \
    dyno_asker_pop (asker);                           \
  }

static gboolean
is_arming (DynoRequest *request)
{
  return g_str_has_suffix (dyno_request_get_route (request)->path, "/arm");
}

static void
do_last_step (DynoRequest *request)
{
  if (is_arming (request))
    arm (request);
  else
    start_run (request);
}

/* A time of rolling is a setting: it holds for the runs from now on. TRUE: it is being set. */
static gboolean
set_roll (DynoRequest         *request,
          const char          *name,
          const char          *key,
          GAsyncReadyCallback  callback)
{
  char text[G_ASCII_DTOSTR_BUF_SIZE];

  if (!is_arming (request) || !dyno_request_has (request, name))
    return FALSE;

  g_ascii_formatd (text, sizeof text, "%.3f", dyno_request_number (request, name));
  DYNO_API_ASK (request, callback, dyno_shop_set_config_async, key, text);

  return TRUE;
}

STEP_DONE (post_roll_set, dyno_shop_set_config_finish, do_last_step)

static void
set_post_roll (DynoRequest *request)
{
  if (!set_roll (request, "post_roll_s", "capture.post_roll_s", post_roll_set))
    do_last_step (request);
}

STEP_DONE (pre_roll_set, dyno_shop_set_config_finish, set_post_roll)

static void
set_pre_roll (DynoRequest *request)
{
  if (!set_roll (request, "pre_roll_s", "capture.pre_roll_s", pre_roll_set))
    set_post_roll (request);
}

STEP_DONE (vehicle_set, dyno_arm_set_vehicle_finish, set_pre_roll)

static void
set_vehicle (DynoRequest *request)
{
  if (dyno_request_text (request, "vehicle_id") == NULL)
    set_pre_roll (request);
  else
    DYNO_API_ASK (request, vehicle_set, dyno_arm_set_vehicle_async,
                  dyno_request_text (request, "vehicle_id"));
}

STEP_DONE (provider_chosen, dyno_arm_choose_provider_finish, set_vehicle)

/* The name of the dyno of that id, as it is heard now. (transfer full) (nullable) */
static char *
find_provider (DynoRequest *request,
               const char  *id)
{
  DynoLive *live = dyno_shop_get_live (dyno_request_get_shop (request));
  g_autoptr(DynoCaptureState) state = dyno_live_ref_capture (live);
  guint64 host = g_ascii_strtoull (id, NULL, 16);

  for (guint i = 0; state != NULL && i < state->n_providers; i++)
    {
      if (state->providers[i].is_provider && state->providers[i].host_id == host)
        return g_strdup (state->providers[i].name);
    }

  return NULL;
}

static void
choose_provider (DynoRequest *request)
{
  const char *id = dyno_request_text (request, "provider_id");
  g_autofree char *name = id != NULL ? find_provider (request, id) : NULL;

  if (id == NULL)
    set_vehicle (request);
  else if (name == NULL)
    dyno_reply_refuse (request, "NO_PROVIDER");
  else
    DYNO_API_ASK (request, provider_chosen, dyno_arm_choose_provider_async, name);
}

/* Of a run by hand the reason is asked here: the recorder asks for it when it is armed. */
static gboolean
has_passed (DynoRequest *request)
{
  DynoLive *live = dyno_shop_get_live (dyno_request_get_shop (request));
  g_autoptr(DynoPreflight) preflight = dyno_live_ref_preflight (live);

  return preflight == NULL || !preflight->is_blocking || preflight->has_passed
         || dyno_request_text (request, "override_reason") != NULL;
}

static void
post_start (DynoRequest *request)
{
  if (has_passed (request))
    choose_provider (request);
  else
    dyno_reply_refuse (request, "PREFLIGHT_REQUIRED");
}

static void
run_stopped (GObject      *unused,
             GAsyncResult *result,
             gpointer      data)
{
  g_autoptr(DynoRequest) request = data;
  g_autoptr(GError) error = NULL;
  g_autofree char *run_id = dyno_arm_stop_finish (result, &error);

  if (run_id != NULL)
    get_capture (request);
  else
    dyno_reply_error (request, error);
}

static void
post_stop (DynoRequest *request)
{
  DYNO_API_ASK (request, run_stopped, dyno_arm_stop_async);
}

STEP_DONE (disarmed, dyno_arm_disarm_finish, get_capture)

static void
post_disarm (DynoRequest *request)
{
  DYNO_API_ASK (request, disarmed, dyno_arm_disarm_async);
}

/* Marks */

static const DynoField mark_fields[] = {
  { "run_id", DYNO_ID ("run"), 0, "The run it stands in" },
  { "n", DYNO_INTEGER (1, 9), DYNO_NULLABLE, "Its number" },
  { "t_s", DYNO_ANY_NUMBER, 0, "Seconds of the run" },
  { NULL }
};
static const DynoSchema mark_schema = { "CaptureMark", "A mark in the run in hand", mark_fields };

static void
reply_mark (DynoRequest *request,
            DynoArmMark *mark)
{
  DynoJsonWriter *w = dyno_json_writer_new (FALSE);

  dyno_json_writer_begin_object (w);
  dyno_json_writer_add_string (w, "run_id", mark->run_id);
  dyno_json_writer_name (w, "n");
  if (mark->n > 0)
    dyno_json_writer_integer (w, mark->n);
  else
    dyno_json_writer_null (w);
  dyno_json_writer_add_rounded (w, "t_s", mark->t_s, 3);
  dyno_json_writer_end_object (w);
  dyno_reply_json (request, w);
}

DYNO_API_ANSWER (marked, DynoArmMark, dyno_arm_mark_finish, reply_mark)

static void
post_mark (DynoRequest *request)
{
  DYNO_API_ASK (request, marked, dyno_arm_mark_async, (int) dyno_request_integer (request, "n"),
                dyno_request_text (request, "text"));
}

/* The rows */

#define WHO_AND_WHY                                                                          \
  { "provider_id", DYNO_TEXT (3, 6), DYNO_NULLABLE, "The dyno to use from now on, as 0x1A2B" }, \
  { "vehicle_id", DYNO_ID ("veh"), DYNO_NULLABLE, "Whose runs these are from now on" },      \
  { "override_reason", DYNO_TEXT (8, 500), DYNO_NULLABLE,                                    \
    "Why although the preflight failed; stands in the run" }

static const DynoField start_body[] = {
  WHO_AND_WHY,
  { "title", DYNO_TITLE, DYNO_NULLABLE, "Of the run" },
  { NULL }
};
static const DynoField arm_body[] = {
  WHO_AND_WHY,
  { "pre_roll_s", DYNO_NUMBER (0, 10), 0,
    "Seconds kept from before a run; a setting: it stays" },
  { "post_roll_s", DYNO_NUMBER (0, 10), 0, "Seconds kept from after it; a setting, too" },
  { NULL }
};
static const DynoField mark_body[] = {
  { "n", DYNO_INTEGER (1, 9), DYNO_NULLABLE, "Number" },
  { "text", DYNO_TEXT (0, 200), DYNO_NULLABLE, "Text, at most 200 bytes" },
  { NULL }
};

static const DynoRoute rows[] = {
  DYNO_ROUTE (DYNO_GET, "/api/v1/capture", DYNO_MAY (LIVE_READ), get_capture,
              .limit = DYNO_CLASS (LIVE), .reply = &capture_schema,
              .summary = "Where recording stands"),
  DYNO_ROUTE (DYNO_POST, "/api/v1/capture/arm", DYNO_MAY (LIVE_CONTROL), choose_provider,
              .flags = DYNO_ROUTE_BODY_OPTIONAL, .body = arm_body, .status = 200,
              .reply = &capture_schema, .also = DYNO_STATUSES (404, 409),
              .summary = "From now on pulls are recorded"),
  DYNO_ROUTE (DYNO_POST, "/api/v1/capture/disarm", DYNO_MAY (LIVE_CONTROL), post_disarm,
              .priority = DYNO_RANK (VITAL), .status = 200, .reply = &capture_schema,
              .summary = "No run begins by itself any more"),
  DYNO_ROUTE (DYNO_POST, "/api/v1/capture/mark", DYNO_MAY (LIVE_CONTROL), post_mark,
              .flags = DYNO_ROUTE_BODY_OPTIONAL, .body = mark_body, .status = 200,
              .reply = &mark_schema, .also = DYNO_STATUSES (409),
              .summary = "A mark at this moment of the run"),
  DYNO_ROUTE (DYNO_POST, "/api/v1/capture/start", DYNO_MAY (LIVE_CONTROL), post_start,
              .flags = DYNO_ROUTE_BODY_OPTIONAL, .body = start_body, .status = 200,
              .reply = &capture_schema, .also = DYNO_STATUSES (404, 409),
              .summary = "Begins a run by hand"),
  DYNO_ROUTE (DYNO_POST, "/api/v1/capture/stop", DYNO_MAY (LIVE_CONTROL), post_stop,
              .priority = DYNO_RANK (VITAL), .status = 200, .reply = &capture_schema,
              .also = DYNO_STATUSES (409), .summary = "Ends the run in hand"),
};

const DynoRouteTable dyno_api_capture = {
  "Capture", "Recording of runs.", rows, G_N_ELEMENTS (rows)
};
