/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

/* The breakers of the services outside. */

#include "config.h"

#include "dyno-api.h"

#include "dyno-api-ask.h"

static const DynoField circuit_fields[] = {
  { "name", DYNO_ANY_TEXT, 0, "Of the service outside" },
  { "state", DYNO_WORD ("closed|half_open|open|forced_open|disabled"), 0,
    "closed: it is called; open: it is left alone" },
  { "failures", DYNO_COUNT, 0, "In a row" },
  { "opened_at", DYNO_TIME, DYNO_NULLABLE, "When it opened last" },
  { "next_probe_at", DYNO_TIME, DYNO_NULLABLE, "When it is called again, to see" },
  { "calls", DYNO_COUNT, 0, "Since the start of the program" },
  { "rejected", DYNO_COUNT, 0, "Of those, not made while it was open" },
  { NULL }
};
static const DynoSchema circuit_schema = { "Circuit", "A breaker", circuit_fields };

static void
add_time (DynoJsonWriter *w,
          const char     *name,
          gint64          time_us)
{
  g_autofree char *text = time_us != 0 ? dyno_clock_format_utc (time_us) : NULL;

  dyno_json_writer_add_string (w, name, text);
}

static void
write_circuit (DynoJsonWriter          *w,
               const DynoBreakerStatus *status)
{
  dyno_json_writer_begin_object (w);
  dyno_json_writer_add_string (w, "name", status->name);
  dyno_json_writer_add_string (w, "state", dyno_breaker_state_name (status->state));
  dyno_json_writer_add_integer (w, "failures", status->failures);
  add_time (w, "opened_at", status->opened_at_us);
  add_time (w, "next_probe_at", status->next_probe_at_us);
  dyno_json_writer_add_integer (w, "calls", (gint64) status->calls);
  dyno_json_writer_add_integer (w, "rejected", (gint64) status->rejected);
  dyno_json_writer_end_object (w);
}

static void
list_circuits (DynoRequest *request)
{
  g_autoptr(GArray) all
    = dyno_breaker_set_list (dyno_shop_get_breakers (dyno_request_get_shop (request)));
  DynoJsonWriter *w = dyno_json_writer_new (FALSE);

  dyno_json_writer_begin_array (w);
  for (guint i = 0; i < all->len; i++)
    write_circuit (w, &g_array_index (all, DynoBreakerStatus, i));
  dyno_json_writer_end_array (w);
  dyno_reply_json (request, w);
}

static DynoBreaker *
find (DynoRequest *request)
{
  return dyno_breaker_set_find (dyno_shop_get_breakers (dyno_request_get_shop (request)),
                                dyno_request_text (request, "name"));
}

/* It is told before it is answered. */
static void
told_cb (GObject      *unused,
         GAsyncResult *result,
         gpointer      data)
{
  g_autoptr(DynoRequest) request = data;
  g_autoptr(GError) error = NULL;
  DynoBreakerStatus status;
  DynoJsonWriter *w;

  if (!dyno_audit_tell_finish (result, &error))
    {
      dyno_reply_error (request, error);
      return;
    }

  dyno_breaker_get_status (find (request), &status);
  w = dyno_json_writer_new (FALSE);
  write_circuit (w, &status);
  dyno_reply_json (request, w);
}

static void
reset_circuit (DynoRequest *request)
{
  DynoBreaker *breaker = find (request);

  if (breaker == NULL)
    {
      dyno_reply_refuse (request, "NOT_FOUND");
      return;
    }

  dyno_breaker_reset (breaker);
  DYNO_API_ASK (request, told_cb, dyno_audit_tell_async, DYNO_AUDIT_CIRCUIT_RESET, "circuit",
                dyno_request_text (request, "name"), NULL);
}

static const DynoField name_args[] = {
  { "name", DYNO_TEXT (1, 63), DYNO_REQUIRED, "Of the service outside, like webhook" },
  { NULL }
};

static const DynoRoute rows[] = {
  DYNO_ROUTE (DYNO_GET, "/api/v1/circuits", DYNO_MAY (HEALTH_READ), list_circuits,
              .flags = DYNO_ROUTE_LIST, .reply = &circuit_schema,
              .summary = "Breakers of the services outside"),
  DYNO_ROUTE (DYNO_POST, "/api/v1/circuits/{name}/reset", DYNO_MAY (CIRCUITS_RESET),
              reset_circuit, .args = name_args, .status = 200, .reply = &circuit_schema,
              .also = DYNO_STATUSES (404), .summary = "Calls a service again at once"),
};

const DynoRouteTable dyno_api_circuits = {
  "Circuits", "Which services outside are left alone for a while.", rows, G_N_ELEMENTS (rows)
};
