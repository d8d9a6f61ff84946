/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

#include "config.h"

#include "dyno-pipeline.h"

#include "dyno-idempotency.h"
#include "dyno-pipeline-private.h"
#include "dyno-reply.h"
#include "dyno-stream.h"

#define DATA_KEY "pipeline"

struct _DynoPipeline
{
  const DynoService       *service; /* (borrowed) */
  const DynoPipelineHooks *hooks;   /* (borrowed) */
  gpointer                 data;    /* (borrowed) */
};

/* How far a request is. */
typedef struct
{
  DynoPipeline *pipeline;   /* (borrowed) */
  gboolean      is_waiting; /* for room in the house */
  gboolean      has_body;   /* all of it */
} Progress;

typedef struct
{
  const char   *name;
  gboolean    (*check) (DynoRequest *request); /* ours */
  gsize         hook;                          /* or another's: its place in the hooks */
} Step;

#define OURS(name, check)  { name, check, 0 }
#define HOOK(name, member) { name, NULL, G_STRUCT_OFFSET (DynoPipelineHooks, member) }

/* The order of service.md 1.1, from the head to the body. */
static const Step steps[] = {
  HOOK ("span", begun),
  OURS ("refusal of the wire", dyno_pipeline_check_refusal),
  OURS ("host", dyno_pipeline_check_host),
  OURS ("path", dyno_pipeline_read_path),
  OURS ("origin", dyno_pipeline_check_origin),
  OURS ("route", dyno_pipeline_find_route),
  OURS ("origin of a stream", dyno_pipeline_check_reader),
  HOOK ("admission", admit),
  HOOK ("limit of the address", address),
  HOOK ("credential", authenticate),
  OURS ("permission", dyno_pipeline_check_access),
  HOOK ("limits of the class", limit),
  OURS ("format of the reply", dyno_pipeline_check_accept),
  OURS ("format of the body", dyno_pipeline_check_type),
  OURS ("version", dyno_pipeline_check_version),
  OURS ("idempotency key", dyno_pipeline_check_key),
  OURS ("deadline", dyno_pipeline_set_deadline),
  OURS ("query", dyno_pipeline_read_query),
  OURS ("size of the body", dyno_pipeline_open_body),
};

typedef DynoVerdict (*Hook) (DynoRequest *request,
                             gpointer     data);

DynoPipeline *
dyno_pipeline_new (const DynoService       *service,
                   const DynoPipelineHooks *hooks,
                   gpointer                 data)
{
  DynoPipeline *self = g_new0 (DynoPipeline, 1);

  self->service = service;
  self->hooks = hooks;
  self->data = data;

  return self;
}

void
dyno_pipeline_free (DynoPipeline *self)
{
  g_free (self);
}

gpointer
dyno_pipeline_get_data (DynoPipeline *self)
{
  return self->data;
}

static gboolean
pass_hook (DynoPipeline *self,
           const Step   *step,
           DynoRequest  *request)
{
  Hook hook = G_STRUCT_MEMBER (Hook, self->hooks, step->hook);
  Progress *progress = dyno_request_get_data (request, DATA_KEY);
  DynoVerdict verdict = hook != NULL ? hook (request, self->data) : DYNO_VERDICT_PASS;

  progress->is_waiting |= verdict == DYNO_VERDICT_WAIT;

  return verdict != DYNO_VERDICT_ANSWERED;
}

static gboolean
pass_step (DynoPipeline *self,
           const Step   *step,
           DynoRequest  *request)
{
  gboolean passes = step->check != NULL ? step->check (request) : pass_hook (self, step, request);

  if (!passes && request->status == 0)
    {
      g_critical ("Step “%s” neither let %s pass nor answered it", step->name,
                  dyno_request_get_path (request));
      dyno_reply_refuse (request, "INTERNAL_ERROR");
    }

  return passes;
}

static DynoRequest *
request_of (SoupServerMessage *message)
{
  return g_object_get_data (G_OBJECT (message), DYNO_REQUEST_OF_MESSAGE);
}

static void
head_cb (SoupServerMessage *message,
         DynoConnection    *connection,
         gpointer           data)
{
  DynoPipeline *self = data;
  DynoRequest *request = dyno_request_new (self->service, message, connection);
  Progress *progress = g_new0 (Progress, 1);

  progress->pipeline = self;
  dyno_request_set_data (request, DATA_KEY, progress, g_free);
  g_object_set_data_full (G_OBJECT (message), DYNO_REQUEST_OF_MESSAGE, request,
                          (GDestroyNotify) dyno_request_unref);

  for (guint i = 0; i < G_N_ELEMENTS (steps); i++)
    {
      if (!pass_step (self, &steps[i], request))
        return;
    }
}

static void
pause_message (DynoRequest *request)
{
  if (request->status != 0 || request->is_over || request->is_paused)
    return;

  request->is_paused = TRUE;
  soup_server_message_pause (request->message);
}

static gboolean
deadline_cb (gpointer data)
{
  g_autoptr(DynoRequest) request = dyno_request_ref (data);

  dyno_reply_refuse (request, "TIMEOUT");
  g_cancellable_cancel (request->cancellable);

  return G_SOURCE_REMOVE;
}

/* FALSE where it has passed already: no work is begun. */
static gboolean
start_deadline (DynoRequest *request)
{
  gint64 now_us = dyno_clock_monotonic_us (request->service->clock);
  gint64 left_us;

  if (request->deadline_us == 0)
    return TRUE;

  /* An upload takes the time that the wire gives it. */
  if (request->upload != NULL)
    request->deadline_us += now_us - request->started_us;
  left_us = request->deadline_us - now_us;
  if (left_us <= 0)
    {
      dyno_reply_refuse (request, "TIMEOUT");
      return FALSE;
    }

  request->deadline = g_timeout_source_new ((guint) (left_us / 1000 + 1));
  g_source_set_callback (request->deadline, deadline_cb, request, NULL);
  g_source_attach (request->deadline, g_main_context_get_thread_default ());

  return TRUE;
}

static void
run_handler (DynoRequest *request)
{
  DynoAsker *asker = dyno_request_get_asker (request);

  if (asker != NULL)
    dyno_asker_push (asker);
  request->match->route->handler (request);
  if (asker != NULL)
    dyno_asker_pop (asker);
  pause_message (request);
}

/* From the whole body to the handler. */
static void
run_body (DynoRequest *request)
{
  const DynoRoute *route = request->match->route;
  const char *header = dyno_request_get_header (request, "Idempotency-Key");
  DynoIdempotency *idempotency = request->service->idempotency;
  g_autofree char *key = NULL;

  if (!dyno_pipeline_read_body (request))
    return;

  if (dyno_route_takes_key (route) && request->principal != NULL && idempotency != NULL)
    key = dyno_idempotency_read_key (header, NULL);
  if (key != NULL)
    dyno_idempotency_begin (idempotency, request, key, run_handler);
  else
    run_handler (request);
  pause_message (request);
}

static void
body_cb (SoupServerMessage *message,
         DynoConnection    *connection,
         gpointer           data)
{
  g_autoptr(DynoRequest) request = dyno_request_ref (request_of (message));
  Progress *progress = dyno_request_get_data (request, DATA_KEY);

  progress->has_body = TRUE;
  if (!dyno_pipeline_check_refusal (request) || !start_deadline (request))
    return;

  if (progress->is_waiting)
    pause_message (request);
  else
    run_body (request);
}

void
dyno_pipeline_resume (DynoRequest *request)
{
  Progress *progress = dyno_request_get_data (request, DATA_KEY);

  if (!progress->is_waiting)
    return;

  progress->is_waiting = FALSE;
  if (progress->has_body && !dyno_request_is_over (request))
    run_body (request);
}

static void
end_cb (SoupServerMessage *message,
        DynoConnection    *connection,
        gpointer           data)
{
  DynoPipeline *self = data;
  DynoRequest *request = g_object_steal_data (G_OBJECT (message), DYNO_REQUEST_OF_MESSAGE);
  gint64 lasted_us = dyno_clock_monotonic_us (self->service->clock) - request->started_us;

  request->is_over = TRUE;
  g_cancellable_cancel (request->cancellable);
  if (request->deadline != NULL)
    g_source_destroy (request->deadline);
  g_clear_pointer (&request->deadline, g_source_unref);
  if (self->hooks->finished != NULL)
    self->hooks->finished (request, request->status, lasted_us, self->data);
  dyno_request_unref (request);
}

static void
state_cb (DynoServer      *server,
          DynoServerState  state,
          gpointer         data)
{
  DynoPipeline *self = data;

  if (self->service->streams != NULL)
    dyno_streams_set_state (self->service->streams, state);
}

const DynoServerCallbacks dyno_pipeline_callbacks = {
  .head = head_cb,
  .body = body_cb,
  .end = end_cb,
  .state = state_cb,
};
