/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

#include "config.h"

#include "dyno-api-job-events.h"

#include <libsoup/soup.h>
#include <string.h>

#include "dyno-reply.h"
#include "dyno-shape-job-card.h"
#include "dyno-shop.h"

#define DATA_KEY "job-events"
#define PING_S 15

/* One write is with libsoup at a time, because its own queue has no bound. Ends with its
 * request. */
typedef struct
{
  DynoRequest *request;      /* (borrowed) owns this */
  DynoBus     *bus;          /* (owned) */
  char        *job_id;       /* (owned) */
  char        *told;         /* (owned) (nullable) the last event, to tell nothing twice */
  GSource     *ping;         /* (owned) */
  guint        subscription;
  gulong       on_wrote;     /* of "wrote-chunk" */
  guint        seq;
  gboolean     is_writing;
  gboolean     has_news;     /* while it was writing */
  gboolean     is_last;      /* the end is told: closed after that, */
  gboolean     is_closed;    /* which has happened */
} Events;

static void
events_free (gpointer data)
{
  Events *self = data;

  dyno_bus_unsubscribe (self->bus, self->subscription);
  dyno_bus_unref (self->bus);
  g_signal_handler_disconnect (dyno_request_get_message (self->request), self->on_wrote);
  g_source_destroy (self->ping);
  g_source_unref (self->ping);
  g_free (self->job_id);
  g_free (self->told);
  g_free (self);
}

static void
write_text (Events     *self,
            const char *text)
{
  SoupServerMessage *message = dyno_request_get_message (self->request);
  g_autoptr(GBytes) bytes = g_bytes_new (text, strlen (text));

  self->is_writing = TRUE;
  soup_message_body_append_bytes (soup_server_message_get_response_body (message), bytes);
  soup_server_message_unpause (message);
}

static const char *
event_of (const DynoJobCard *job)
{
  if (!dyno_job_card_has_ended (job))
    return "progress";

  return job->state == DYNO_JOB_RECORD_SUCCEEDED ? "done" : "failed";
}

static char *
shape (const DynoJobCard *job)
{
  DynoJsonWriter *w = dyno_json_writer_new (FALSE);

  if (dyno_job_card_has_ended (job))
    dyno_shape_job_end (w, job);
  else
    dyno_shape_job_progress (w, job);

  return dyno_json_writer_finish (w);
}

/* The id is the job's own, and a number: the events of two jobs are never one stream. */
static void
tell (Events            *self,
      const DynoJobCard *job)
{
  g_autofree char *data = shape (job);
  g_autofree char *text = NULL;

  if (self->is_last || g_strcmp0 (data, self->told) == 0)
    return;

  self->seq++;
  text = g_strdup_printf ("id: %s-%u\nevent: %s\n%sdata: %s\n\n", job->id, self->seq,
                          event_of (job), self->seq == 1 ? "retry: 2000\n" : "", data);
  self->is_last = dyno_job_card_has_ended (job);
  g_free (self->told);
  self->told = g_steal_pointer (&data);
  write_text (self, text);
}

static void
tell_now (Events *self)
{
  g_autoptr(DynoJobCard) job = dyno_job_book_peek (dyno_request_get_shop (self->request),
                                                   self->job_id);

  self->has_news = FALSE;
  if (job != NULL)
    tell (self, job);
}

static void
wrote_chunk_cb (SoupServerMessage *message,
                gpointer           data)
{
  Events *self = data;

  self->is_writing = FALSE;
  if (self->is_closed)
    return;
  if (self->is_last)
    {
      self->is_closed = TRUE;
      soup_message_body_complete (soup_server_message_get_response_body (message));
      soup_server_message_unpause (message);
    }
  else if (self->has_news)
    tell_now (self);
}

static void
news_cb (DynoTopic   topic,
         const char *subject,
         const char *detail,
         gpointer    data)
{
  Events *self = data;

  if (!g_str_equal (subject, self->job_id))
    return;
  if (self->is_writing)
    self->has_news = TRUE;
  else
    tell_now (self);
}

static gboolean
ping_cb (gpointer data)
{
  Events *self = data;

  if (!self->is_writing && !self->is_last)
    write_text (self, ": ping\n\n");

  return G_SOURCE_CONTINUE;
}

static Events *
events_new (DynoRequest *request,
            const char  *job_id)
{
  GMainContext *context = g_main_context_get_thread_default ();
  Events *self = g_new0 (Events, 1);

  self->request = request;
  self->job_id = g_strdup (job_id);
  self->bus = dyno_bus_ref (dyno_shop_get_bus (dyno_request_get_shop (request)));
  self->subscription = dyno_bus_subscribe (self->bus, DYNO_TOPIC_JOB, context, news_cb, self, NULL);
  self->on_wrote = g_signal_connect (dyno_request_get_message (request), "wrote-chunk",
                                     G_CALLBACK (wrote_chunk_cb), self);
  self->ping = g_timeout_source_new_seconds (PING_S);
  g_source_set_callback (self->ping, ping_cb, self, NULL);
  g_source_attach (self->ping, context);

  return self;
}

void
dyno_api_job_events_open (DynoRequest *request,
                          DynoJobCard *job)
{
  g_autoptr(DynoJobCard) present = NULL;
  Events *self;

  if (!dyno_reply_open (request, "text/event-stream")
      || g_str_equal (dyno_request_get_method (request), "HEAD"))
    return;
  self = events_new (request, job->id);
  dyno_request_set_data (request, DATA_KEY, self, events_free);
  /* It may have gone on since it was looked up, and before we listened. */
  present = dyno_job_book_peek (dyno_request_get_shop (request), job->id);
  tell (self, present != NULL ? present : job);
}
