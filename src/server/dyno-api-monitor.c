/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

/* What a monitor asks: is it ready, how is it, what has it counted. Nothing here waits
 * for any owner. */

#include "config.h"

#include "dyno-api.h"

#include <string.h>

#include "dyno-metrics.h"
#include "dyno-reply.h"
#include "dyno-shop.h"

static void
add_now (DynoJsonWriter *w,
         DynoRequest    *request)
{
  g_autofree char *now
    = dyno_clock_format_utc (dyno_clock_real_us (dyno_request_get_service (request)->clock));

  dyno_json_writer_add_string (w, "timestamp", now);
}

/* Ready */

static const DynoField ready_fields[] = {
  { "status", DYNO_WORD ("ready|not_ready"), 0, "Whether it takes work; not_ready comes with 503" },
  { "reason", DYNO_WORD ("DRAINING|STORAGE"), DYNO_OPTIONAL, "Why it takes none" },
  { "timestamp", DYNO_TIME, 0, "Now, by the clock of the service" },
  { NULL }
};

static const DynoSchema ready_schema = { "Ready", "Whether work may be sent here", ready_fields };

static gboolean
is_store_lost (DynoHealthReport *report)
{
  for (guint i = 0; report != NULL && i < report->components->len; i++)
    {
      const DynoComponent *component = g_ptr_array_index (report->components, i);

      if (g_str_equal (component->name, "database"))
        return component->status == DYNO_COMPONENT_UNHEALTHY;
    }

  return FALSE;
}

/* NULL: it is ready. */
static const char *
find_hindrance (DynoRequest *request)
{
  g_autoptr(DynoHealthReport) report = dyno_health_last (dyno_request_get_shop (request));

  if (dyno_request_get_service (request)->is_draining)
    return "DRAINING";

  return is_store_lost (report) ? "STORAGE" : NULL;
}

static void
get_ready (DynoRequest *request)
{
  const char *reason = find_hindrance (request);
  DynoJsonWriter *w = dyno_json_writer_new (FALSE);

  dyno_json_writer_begin_object (w);
  dyno_json_writer_add_string (w, "status", reason == NULL ? "ready" : "not_ready");
  if (reason != NULL)
    {
      dyno_reply_status (request, 503);
      dyno_json_writer_add_string (w, "reason", reason);
    }
  add_now (w, request);
  dyno_json_writer_end_object (w);
  dyno_reply_json (request, w);
}

/* Health */

#define STATUS_WORDS DYNO_WORD ("healthy|degraded|unhealthy")

static const DynoField memory_fields[] = {
  { "rss_bytes", DYNO_COUNT, DYNO_NULLABLE, "Of the process; null where that is not known" },
  { "budget_bytes", DYNO_COUNT, 0, "Of the settings" },
  { NULL }
};
static const DynoSchema memory_schema = { "MemoryUse", "What the program takes", memory_fields };

static const DynoField component_fields[] = {
  { "name", DYNO_ANY_TEXT, 0, "Which part" },
  { "status", STATUS_WORDS, 0, "How it is" },
  { "message", DYNO_ANY_TEXT, DYNO_NULLABLE, "The same in a sentence" },
  { "since", DYNO_TIME, DYNO_NULLABLE, "When it came to this status" },
  { "fix", DYNO_ANY_TEXT, DYNO_OPTIONAL, "What to do" },
  { "latency_ms", DYNO_ANY_NUMBER, DYNO_NULLABLE, "How long the look took" },
  { NULL }
};
static const DynoSchema component_schema = { "HealthComponent", "How a part is", component_fields };

static const DynoField health_fields[] = {
  { "status", STATUS_WORDS, 0, "The worst of all parts; unhealthy comes with 503" },
  { "version", DYNO_ANY_TEXT, 0, "Of the program" },
  { "timestamp", DYNO_TIME, 0, "When this was looked at" },
  { "uptime_s", DYNO_ANY_NUMBER, DYNO_OPTIONAL, "Since the start" },
  { "memory", DYNO_OBJECT (&memory_schema), DYNO_OPTIONAL, "What the program takes" },
  { "components", DYNO_LIST (DYNO_OBJECT (&component_schema)), DYNO_OPTIONAL, "Each part" },
  { NULL }
};
static const DynoSchema health_schema = { "Health", "How the program is", health_fields };

/* `report` (nullable): nobody has looked yet, so nothing bad is known. */
static void
write_short (DynoJsonWriter         *w,
             DynoRequest            *request,
             const DynoHealthReport *report)
{
  DynoComponentStatus status = report != NULL ? report->status : DYNO_COMPONENT_HEALTHY;

  dyno_json_writer_begin_object (w);
  dyno_json_writer_add_string (w, "status", dyno_component_status_name (status));
  dyno_json_writer_add_string (w, "version", DYNO_VERSION);
  add_now (w, request);
  dyno_json_writer_end_object (w);
}

static void
get_health (DynoRequest *request)
{
  g_autoptr(DynoHealthReport) report = dyno_health_last (dyno_request_get_shop (request));
  gboolean sees_all
    = dyno_request_is_local (request) || dyno_request_may (request, DYNO_SCOPE_HEALTH_READ);
  DynoJsonWriter *w = dyno_json_writer_new (FALSE);

  if (report != NULL && report->status == DYNO_COMPONENT_UNHEALTHY)
    dyno_reply_status (request, 503);
  if (report != NULL && sees_all)
    dyno_shape_health (w, report);
  else
    write_short (w, request, report);
  dyno_reply_json (request, w);
}

/* Metrics */

static void
get_metrics (DynoRequest *request)
{
  DynoConfig *config = dyno_shop_get_config (dyno_request_get_shop (request));
  DynoMetricsFormat format
    = dyno_metrics_choose_format (dyno_request_get_header (request, "Accept"));
  g_autoptr(GBytes) bytes = NULL;
  char *text;

  if (!dyno_config_get_boolean (config, "metrics.enabled"))
    {
      dyno_reply_refuse (request, "NOT_FOUND");
      return;
    }

  text = dyno_metrics_print (format);
  bytes = g_bytes_new_take (text, strlen (text));
  dyno_reply_bytes (request, dyno_metrics_content_type (format), NULL, bytes);
}

static const DynoRoute rows[] = {
  DYNO_ROUTE (DYNO_GET, "/health/ready", DYNO_OPEN, get_ready,
              .aliases = DYNO_PATHS ("/ready", "/api/health/ready"),
              .flags = DYNO_ROUTE_WHILE_SETUP, .priority = DYNO_RANK (VITAL),
              .reply = &ready_schema, .summary = "Whether it takes work"),
  DYNO_ROUTE (DYNO_GET, "/health", DYNO_OPEN, get_health,
              .aliases = DYNO_PATHS ("/api/health", "/api/v1/health"),
              .flags = DYNO_ROUTE_WHILE_SETUP, .priority = DYNO_RANK (VITAL),
              .reply = &health_schema, .summary = "How the program is",
              .description = "On this machine, or with the permission health:read, with each "
                             "part; else the first three members alone."),
  DYNO_ROUTE (DYNO_GET, "/metrics", DYNO_LOOPBACK_OR (METRICS_READ), get_metrics,
              .flags = DYNO_ROUTE_WHILE_SETUP,
              .reply_media = "text/plain|application/openmetrics-text",
              .also = DYNO_STATUSES (404), .summary = "What it has counted",
              .description = "404 while metrics.enabled is off."),
};

const DynoRouteTable dyno_api_monitor = {
  "Monitoring", "Whether the service takes work, how it is, and what it has counted.",
  rows, G_N_ELEMENTS (rows),
};
