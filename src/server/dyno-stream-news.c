/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

#include "config.h"

#include "dyno-stream-private.h"

/* News of the bus as events. The bus says that something is different; what it is now is
 * asked of its owner. */

static void
tell (DynoStreams     *self,
      DynoStreamTopic  topic,
      const char      *owner,
      const char      *json)
{
  const DynoStreamEvent *event
    = dyno_stream_log_add (self->log, dyno_streams_next_seq (self), topic, owner, json);

  for (guint i = self->clients->len; i > 0; i--)
    dyno_stream_client_tell (g_ptr_array_index (self->clients, i - 1), event);
}

/* The pictures come often, and mostly say the same. */
static void
tell_capture (DynoStreams *self)
{
  g_autoptr(DynoArmState) arm = dyno_live_ref_arm (self->live);
  g_autoptr(DynoPreflight) preflight = dyno_live_ref_preflight (self->live);
  g_autoptr(DynoJsonWriter) w = NULL;
  g_autofree char *json = NULL;

  if (arm == NULL)
    return;

  w = dyno_json_writer_new (FALSE);
  dyno_shape_capture (w, arm, preflight, dyno_clock_real_us (self->clock)
                                           - dyno_clock_monotonic_us (self->clock));
  json = dyno_json_writer_finish (g_steal_pointer (&w));
  if (g_strcmp0 (json, self->last_capture) == 0)
    return;

  tell (self, DYNO_STREAM_CAPTURE, NULL, json);
  g_free (self->last_capture);
  self->last_capture = g_steal_pointer (&json);
}

static void
tell_job (DynoStreams *self,
          const char  *id)
{
  g_autoptr(DynoJobInfo) job = dyno_jobs_get (dyno_shop_get_jobs (self->shop), id);
  DynoJsonWriter *w;
  g_autofree char *json = NULL;

  if (job == NULL)
    return;

  w = dyno_json_writer_new (FALSE);
  dyno_shape_job (w, job);
  json = dyno_json_writer_finish (w);
  tell (self, DYNO_STREAM_JOB, job->owner, json);
}

static void
tell_alert (DynoStreams *self,
            const char  *id)
{
  g_autoptr(DynoAlert) alert = dyno_alert_find (self->shop, id);
  DynoJsonWriter *w;
  g_autofree char *json = NULL;

  if (alert == NULL)
    return;

  w = dyno_json_writer_new (FALSE);
  dyno_shape_alert (w, alert);
  json = dyno_json_writer_finish (w);
  tell (self, DYNO_STREAM_ALERT, NULL, json);
}

static void
tell_health (DynoStreams *self,
             const char  *component,
             const char  *status)
{
  g_autofree char *at = dyno_clock_format_utc (dyno_clock_real_us (self->clock));
  DynoJsonWriter *w = dyno_json_writer_new (FALSE);
  g_autofree char *json = NULL;

  dyno_json_writer_begin_object (w);
  dyno_json_writer_add_string (w, "component", component);
  dyno_json_writer_add_string (w, "status", status);
  dyno_json_writer_add_string (w, "at", at);
  dyno_json_writer_end_object (w);
  json = dyno_json_writer_finish (w);
  tell (self, DYNO_STREAM_HEALTH, NULL, json);
}

static void
check_all (DynoStreams *self)
{
  for (guint i = self->clients->len; i > 0; i--)
    dyno_stream_client_check (g_ptr_array_index (self->clients, i - 1));
}

static void
news_cb (DynoTopic   topic,
         const char *subject,
         const char *detail,
         gpointer    user_data)
{
  DynoStreams *self = user_data;

  if (topic == DYNO_TOPIC_CAPTURE)
    tell_capture (self);
  else if (topic == DYNO_TOPIC_JOB)
    tell_job (self, subject);
  else if (topic == DYNO_TOPIC_ALERT)
    tell_alert (self, subject);
  else if (topic == DYNO_TOPIC_HEALTH)
    tell_health (self, subject, detail);
  else
    check_all (self);
}

void
dyno_streams_subscribe (DynoStreams *self)
{
  guint topics = DYNO_TOPIC_CAPTURE | DYNO_TOPIC_JOB | DYNO_TOPIC_ALERT | DYNO_TOPIC_HEALTH
                 | DYNO_TOPIC_KEY | DYNO_TOPIC_ACCESS;

  self->subscription = dyno_bus_subscribe (dyno_shop_get_bus (self->shop), topics,
                                           g_main_context_get_thread_default (), news_cb, self,
                                           NULL);
}

void
dyno_streams_unsubscribe (DynoStreams *self)
{
  if (self->subscription != 0)
    dyno_bus_unsubscribe (dyno_shop_get_bus (self->shop), self->subscription);
  self->subscription = 0;
}
