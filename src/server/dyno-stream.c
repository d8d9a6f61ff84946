/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

#include "config.h"

#include "dyno-stream-private.h"

#include "dyno-reply.h"

#define LOOK_US (G_USEC_PER_SEC / 2)

/* The timer: a source that is ready when the next frame, or the next look, is due. */

static gboolean
timer_dispatch (GSource     *source,
                GSourceFunc  callback,
                gpointer     data)
{
  return callback (data);
}

static GSourceFuncs timer_funcs = { .dispatch = timer_dispatch };

void
dyno_streams_move_timer (DynoStreams *self)
{
  gint64 next_us = self->look_us;

  if (self->timer == NULL)
    return;

  for (guint i = 0; i < self->groups->len; i++)
    next_us = MIN (next_us, dyno_stream_group_next_us (g_ptr_array_index (self->groups, i)));
  g_source_set_ready_time (self->timer, self->clients->len > 0 ? next_us : -1);
}

static void
look_at_all (DynoStreams *self,
             gint64       now_us)
{
  if (now_us < self->look_us)
    return;

  self->look_us = now_us + LOOK_US;
  for (guint i = self->clients->len; i > 0; i--)
    dyno_stream_client_look (g_ptr_array_index (self->clients, i - 1), now_us);
}

static gboolean
turn_cb (gpointer data)
{
  DynoStreams *self = data;
  gint64 now_us = dyno_clock_monotonic_us (self->clock);
  guint64 seq = dyno_streams_next_seq (self);

  dyno_streams_note_generation (self);
  for (guint i = self->groups->len; i > 0; i--)
    dyno_stream_group_turn (g_ptr_array_index (self->groups, i - 1), self, seq, now_us);
  look_at_all (self, now_us);
  dyno_streams_move_timer (self);

  return G_SOURCE_CONTINUE;
}

static void
start (DynoStreams *self)
{
  if (self->timer != NULL)
    return;

  self->timer = g_source_new (&timer_funcs, sizeof (GSource));
  g_source_set_callback (self->timer, turn_cb, self, NULL);
  g_source_set_static_name (self->timer, "streams");
  g_source_attach (self->timer, g_main_context_get_thread_default ());
  dyno_streams_subscribe (self);
}

static void
drain (DynoStreams *self)
{
  self->is_draining = TRUE;
  for (guint i = self->clients->len; i > 0; i--)
    dyno_stream_client_end (g_ptr_array_index (self->clients, i - 1), "draining");
}

static void
stop (DynoStreams *self)
{
  if (self->timer == NULL)
    return;

  dyno_streams_unsubscribe (self);
  g_source_destroy (self->timer);
  g_clear_pointer (&self->timer, g_source_unref);
}

void
dyno_streams_set_state (DynoStreams     *self,
                        DynoServerState  state)
{
  if (state == DYNO_SERVER_LIVE)
    start (self);
  else if (state == DYNO_SERVER_DRAINING)
    drain (self);
  else if (state == DYNO_SERVER_STOPPED)
    stop (self);
}

DynoStreams *
dyno_streams_new (DynoShop *shop)
{
  DynoStreams *self = g_new0 (DynoStreams, 1);

  self->shop = shop;
  self->live = dyno_shop_get_live (shop);
  self->clock = dyno_shop_get_clock (shop);
  self->boot = g_strdup_printf ("%08x", g_random_int ());
  self->born_us = dyno_clock_monotonic_us (self->clock);
  self->log = dyno_stream_log_new (self->boot);
  self->clients = g_ptr_array_new ();
  self->groups = g_ptr_array_new ();
  self->generation = dyno_live_generation (self->live);

  return self;
}

void
dyno_streams_free (DynoStreams *self)
{
  if (self == NULL)
    return;

  g_assert (self->clients->len == 0 && self->timer == NULL);
  g_ptr_array_unref (self->clients);
  g_ptr_array_unref (self->groups);
  dyno_stream_log_free (self->log);
  g_free (self->last_capture);
  g_free (self->boot);
  g_free (self);
}

/* Numbers */

guint64
dyno_streams_get_seq (DynoStreams *self)
{
  gint64 age_ms = (dyno_clock_monotonic_us (self->clock) - self->born_us) / 1000;

  return MAX (self->last_seq, (guint64) age_ms + 1);
}

guint64
dyno_streams_next_seq (DynoStreams *self)
{
  self->last_seq = MAX (self->last_seq + 1, dyno_streams_get_seq (self));

  return self->last_seq;
}

void
dyno_streams_note_generation (DynoStreams *self)
{
  guint generation = dyno_live_generation (self->live);

  if (generation == self->generation)
    return;

  self->generation = generation;
  self->generation_seq = dyno_streams_get_seq (self);
}

/* Clients */

guint
dyno_streams_count (DynoStreams *self)
{
  return self->clients->len;
}

static gboolean
has_room (DynoStreams         *self,
          const DynoPrincipal *principal)
{
  const char *id = dyno_principal_id (principal);
  guint n = 0;

  for (guint i = 0; i < self->clients->len; i++)
    {
      DynoStreamClient *client = g_ptr_array_index (self->clients, i);

      if (g_str_equal (dyno_principal_id (dyno_stream_client_principal (client)), id))
        n++;
    }

  return self->clients->len < DYNO_STREAM_MAX && n < DYNO_STREAM_MAX_PRINCIPAL;
}

static void
refuse (DynoRequest *request,
        const char  *reason,
        const char  *message)
{
  dyno_reply_problem (request, &(DynoProblem) { .code = "SERVICE_UNAVAILABLE",
                                                .reason = reason,
                                                .message = message,
                                                .retry_after_s = 5 });
}

static void
open_stream (DynoStreams          *self,
             DynoRequest          *request,
             const DynoStreamWish *wish)
{
  SoupServerMessage *message = dyno_request_get_message (request);

  dyno_reply_header (request, "X-Accel-Buffering", "no");
  if (!dyno_reply_open (request, "text/event-stream"))
    return;

  if (g_str_equal (dyno_request_get_method (request), "HEAD"))
    {
      soup_message_body_complete (soup_server_message_get_response_body (message));
      return;
    }

  dyno_stream_client_new (self, request, wish);
  self->look_us = MIN (self->look_us, dyno_clock_monotonic_us (self->clock) + LOOK_US);
  dyno_streams_move_timer (self);
}

void
dyno_streams_open (DynoStreams          *self,
                   DynoRequest          *request,
                   const DynoStreamWish *wish)
{
  if (self->is_draining)
    refuse (request, "DRAINING", "The program ends. Try again when it is back.");
  else if (!has_room (self, dyno_request_get_principal (request)))
    refuse (request, "STREAMS_FULL", "Too many streams are open. Close one, or try again later.");
  else
    open_stream (self, request, wish);
}
