/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

#include "config.h"

#include "dyno-shape.h"

#include <math.h>

#include "dyno-log.h"
#include "dyno-shape-private.h"

static void
write_component (DynoJsonWriter      *w,
                 const DynoComponent *component)
{
  dyno_json_writer_begin_object (w);
  dyno_json_writer_add_string (w, "name", component->name);
  dyno_json_writer_add_string (w, "status", dyno_component_status_name (component->status));
  dyno_json_writer_add_string (w, "message", component->message);
  dyno_shape_add_time_us (w, "since", component->since_us);
  if (component->fix != NULL)
    dyno_json_writer_add_string (w, "fix", component->fix);
  dyno_json_writer_add_rounded (w, "latency_ms", component->latency_ms, 3);
  dyno_json_writer_end_object (w);
}

void
dyno_shape_health (DynoJsonWriter         *w,
                   const DynoHealthReport *report)
{
  dyno_json_writer_begin_object (w);
  dyno_json_writer_add_string (w, "status", dyno_component_status_name (report->status));
  dyno_json_writer_add_string (w, "version", DYNO_VERSION);
  dyno_shape_add_time_us (w, "timestamp", report->time_us);
  dyno_json_writer_add_rounded (w, "uptime_s", report->uptime_s, 3);
  dyno_json_writer_name (w, "memory");
  dyno_json_writer_begin_object (w);
  dyno_json_writer_add_number (w, "rss_bytes", report->rss_bytes > 0 ? (double) report->rss_bytes
                                                                     : NAN);
  dyno_json_writer_add_number (w, "budget_bytes", (double) report->budget_bytes);
  dyno_json_writer_end_object (w);
  dyno_json_writer_name (w, "components");
  dyno_json_writer_begin_array (w);
  for (guint i = 0; i < report->components->len; i++)
    write_component (w, g_ptr_array_index (report->components, i));
  dyno_json_writer_end_array (w);
  dyno_json_writer_end_object (w);
}

void
dyno_shape_alert (DynoJsonWriter  *w,
                  const DynoAlert *alert)
{
  g_autofree char *message = dyno_log_redact (alert->message);

  dyno_json_writer_begin_object (w);
  dyno_json_writer_add_string (w, "id", alert->id);
  dyno_json_writer_add_string (w, "name", alert->name);
  dyno_json_writer_add_string (w, "severity", dyno_alert_severity_name (alert->severity));
  dyno_json_writer_add_string (w, "state", alert->is_open ? "raised" : "cleared");
  dyno_json_writer_add_string (w, "message", message);
  dyno_shape_add_time_us (w, "at", alert->at_us);
  dyno_json_writer_end_object (w);
}
