/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

#include "config.h"

#include "dyno-http-service.h"

#include "dyno-error.h"
#include "dyno-metrics.h"
#include "dyno-retry.h"

#define TIMEOUT_MS 30000

struct _DynoHttpService
{
  gatomicrefcount n_refs;
  char           *name;    /* (owned) */
  DynoBreaker    *breaker; /* (borrowed) */
  DynoRetry      *retry;   /* (owned) */
  DynoClock      *clock;   /* (borrowed) */
};

typedef struct
{
  DynoHttpService *service;       /* (owned) */
  DynoHttpRequest  request;       /* strings owned */
  gboolean         is_repeatable;
  gint64           deadline_us;   /* monotonic */
  guint            attempt;
  DynoBreakerCall  call;
} Sending;

static void try_once (GTask *task);

DynoHttpService *
dyno_http_service_new (DynoBreakerSet *breakers,
                       const char     *name,
                       DynoClock      *clock)
{
  DynoHttpService *self = g_new0 (DynoHttpService, 1);

  g_atomic_ref_count_init (&self->n_refs);
  self->name = g_strdup (name);
  self->breaker = dyno_breaker_set_get (breakers, name);
  self->retry = dyno_retry_new (clock, NULL, NULL);
  self->clock = clock;

  return self;
}

DynoHttpService *
dyno_http_service_ref (DynoHttpService *self)
{
  g_atomic_ref_count_inc (&self->n_refs);

  return self;
}

void
dyno_http_service_unref (DynoHttpService *self)
{
  if (self == NULL || !g_atomic_ref_count_dec (&self->n_refs))
    return;

  dyno_retry_free (self->retry);
  g_free (self->name);
  g_free (self);
}

static void
sending_free (gpointer data)
{
  Sending *self = data;

  dyno_http_service_unref (self->service);
  g_free ((char *) self->request.method);
  g_free ((char *) self->request.url);
  g_strfreev ((char **) self->request.headers);
  g_free ((char *) self->request.content_type);
  g_clear_pointer (&self->request.body, g_bytes_unref);
  g_strfreev ((char **) self->request.networks);
  g_free (self);
}

static Sending *
sending_new (DynoHttpService       *service,
             const DynoHttpRequest *request)
{
  Sending *self = g_new0 (Sending, 1);

  self->service = dyno_http_service_ref (service);
  self->request = *request;
  self->request.method = g_strdup (request->method);
  self->request.url = g_strdup (request->url);
  self->request.headers = (const char *const *) g_strdupv ((char **) request->headers);
  self->request.content_type = g_strdup (request->content_type);
  self->request.body = request->body != NULL ? g_bytes_ref (request->body) : NULL;
  self->request.networks = (const char *const *) g_strdupv ((char **) request->networks);

  return self;
}

static void
count (DynoHttpService *self,
       const char      *outcome)
{
  DynoBreakerStatus status;
  int state;

  dyno_breaker_get_status (self->breaker, &status);
  state = status.state == DYNO_BREAKER_HALF_OPEN                                           ? 1
          : status.state == DYNO_BREAKER_OPEN || status.state == DYNO_BREAKER_FORCED_OPEN ? 2
                                                                                           : 0;
  dyno_metrics_set (DYNO_METRIC_CIRCUIT_STATE, state, self->name, NULL);
  dyno_metrics_add (DYNO_METRIC_PROVIDER_CALLS, 1, self->name, outcome, NULL);
}

/* A refusal by our own rules, and one that is too long, say nothing of the service. */
static DynoCallEnd
end_of (const GError *error)
{
  const char *reason = error != NULL ? dyno_error_get_reason (error) : NULL;

  if (error == NULL)
    return DYNO_CALL_ANSWERED;
  if (g_error_matches (error, DYNO_ERROR, DYNO_ERROR_TIMED_OUT))
    return DYNO_CALL_TIMED_OUT;
  if (!g_error_matches (error, DYNO_ERROR, DYNO_ERROR_UNAVAILABLE))
    return DYNO_CALL_CANCELLED;
  if (g_strcmp0 (reason, "tls") == 0)
    return DYNO_CALL_TLS_FAILED;

  return g_strcmp0 (reason, "broken") == 0 ? DYNO_CALL_BROKEN : DYNO_CALL_NO_CONNECTION;
}

static const char *
outcome_of (const DynoHttpReply *reply,
            const GError        *error)
{
  if (dyno_http_is_failure (reply, error))
    return "failed";
  if (error != NULL)
    return "cancelled";

  return reply->status < 400 ? "success" : "refused";
}

static gboolean
again_cb (gpointer task)
{
  try_once (task);

  return G_SOURCE_REMOVE;
}

static void
try_later (GTask *task,
           gint64 wait_us)
{
  g_autoptr(GSource) source = g_timeout_source_new ((guint) (wait_us / 1000));

  g_source_set_callback (source, again_cb, task, NULL);
  g_source_attach (source, g_task_get_context (task));
}

static void
sent_cb (GObject      *source,
         GAsyncResult *result,
         gpointer      user_data)
{
  GTask *task = user_data;
  Sending *self = g_task_get_task_data (task);
  GError *error = NULL;
  DynoHttpReply *reply = dyno_http_send_finish (result, &error);
  guint status = reply != NULL ? reply->status : 0;
  gint64 asked_s = reply != NULL ? MAX (reply->retry_after_s, 0) : 0;
  gint64 left_us = self->deadline_us - dyno_clock_monotonic_us (self->service->clock);
  gint64 wait_us = 0;

  dyno_breaker_end (self->service->breaker, &self->call, end_of (error), status);
  count (self->service, outcome_of (reply, error));
  if (self->is_repeatable
      && dyno_retry_again (self->service->retry, self->attempt, end_of (error), status, asked_s,
                           left_us, &wait_us))
    {
      dyno_http_reply_free (reply);
      g_clear_error (&error);
      try_later (task, wait_us);
      return;
    }

  if (reply != NULL)
    g_task_return_pointer (task, reply, (GDestroyNotify) dyno_http_reply_free);
  else
    g_task_return_error (task, error);
  g_object_unref (task);
}

static void
try_once (GTask *task)
{
  Sending *self = g_task_get_task_data (task);
  gint64 left_us = self->deadline_us - dyno_clock_monotonic_us (self->service->clock);
  DynoHttpRequest request = self->request;
  GError *error = NULL;

  if (!dyno_breaker_begin (self->service->breaker, &self->call, NULL, &error))
    {
      count (self->service, "circuit_open");
      g_task_return_error (task, error);
      g_object_unref (task);
      return;
    }

  self->attempt++;
  if (self->attempt == 1)
    dyno_retry_first (self->service->retry);
  request.timeout_ms = (guint) MAX (left_us / 1000, 1);
  dyno_http_send_async (&request, g_task_get_cancellable (task), sent_cb, task);
}

void
dyno_http_service_send_async (DynoHttpService       *self,
                              const DynoHttpRequest *request,
                              gboolean               is_repeatable,
                              GCancellable          *cancellable,
                              GAsyncReadyCallback    callback,
                              gpointer               user_data)
{
  GTask *task = g_task_new (NULL, cancellable, callback, user_data);
  Sending *sending = sending_new (self, request);

  g_task_set_source_tag (task, dyno_http_service_send_async);
  g_task_set_task_data (task, sending, sending_free);
  g_task_set_check_cancellable (task, FALSE);
  sending->is_repeatable = is_repeatable;
  sending->deadline_us = dyno_clock_monotonic_us (self->clock)
                         + (gint64) (request->timeout_ms > 0 ? request->timeout_ms : TIMEOUT_MS)
                             * 1000;
  try_once (task);
}

DynoHttpReply *
dyno_http_service_send_finish (GAsyncResult  *result,
                               GError       **error)
{
  g_return_val_if_fail (g_async_result_is_tagged (result, dyno_http_service_send_async), NULL);

  return g_task_propagate_pointer (G_TASK (result), error);
}
