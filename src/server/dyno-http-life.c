/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

/* What the service does beside requests, from its start to its end; part of
 * dyno-http-face.h. Thread dyno-server. */

#include "config.h"

#include "dyno-http-face-private.h"

#include "dyno-day-book.h"
#include "dyno-health.h"
#include "dyno-notify.h"

#define SAVE_EVERY 10  /* ticks of a second */
#define SIGN_EVERY 10  /* of life, for the service manager */
#define LOOK_EVERY 5   /* at the addresses of this machine */
#define DAY (24 * 3600) /* and at the certificate, whatever they are */

static void
save_days (const DynoLimitDay *days,
           gsize               n,
           gpointer            data)
{
  GPtrArray *pages = g_ptr_array_new_with_free_func ((GDestroyNotify) dyno_day_page_free);

  for (gsize i = 0; i < n; i++)
    {
      DynoDayPage *page = g_new0 (DynoDayPage, 1);

      page->policy = g_strdup (days[i].policy);
      page->subject = g_strdup (days[i].subject);
      page->day = days[i].window;
      page->used = days[i].count;
      g_ptr_array_add (pages, page);
    }
  dyno_day_book_save_async (((DynoHttpFace *) data)->shop, pages, NULL, NULL, NULL);
}

static void
save (DynoHttpFace *self)
{
  static const DynoLimitKeeper keeper = { save_days };

  dyno_limit_save_days (self->limit, &keeper, self);
}

static void
tell_memory (DynoHttpFace *self)
{
  g_autoptr(DynoHealthReport) report = dyno_health_last (self->shop);

  if (report != NULL)
    dyno_admission_set_memory (self->admission, report->rss_bytes, report->budget_bytes);
}

static gboolean
tick_cb (gpointer data)
{
  DynoHttpFace *self = data;

  self->n_ticks++;
  dyno_admission_tick (self->admission);
  dyno_http_gauge (self);
  tell_memory (self);
  if (self->n_ticks % SAVE_EVERY == 0)
    save (self);
  if (self->n_ticks % SIGN_EVERY == 0)
    dyno_notify ("WATCHDOG=1");
  if (self->n_ticks % LOOK_EVERY == 0)
    dyno_http_look_at_network (self, self->n_ticks % DAY == 0);

  return G_SOURCE_CONTINUE;
}

static void
begin (DynoHttpFace *self)
{
  GMainContext *context = dyno_server_get_context (self->server);

  self->lag = dyno_lag_new (context, "server");
  self->tick = g_timeout_source_new_seconds (1);
  g_source_set_callback (self->tick, tick_cb, self, NULL);
  g_source_attach (self->tick, context);
  dyno_http_follow_settings (self);
  dyno_notify ("READY=1");
}

static void
drain (DynoHttpFace *self)
{
  self->service.is_draining = TRUE;
  dyno_notify ("STOPPING=1");
}

/* What was begun in the pool answers here first: it works for this service. */
static void
end (DynoHttpFace *self)
{
  dyno_http_unfollow_settings (self);
  while (self->n_pending > 0)
    g_main_context_iteration (dyno_server_get_context (self->server), TRUE);
  save (self);
  g_clear_pointer (&self->lag, dyno_lag_free);
  if (self->tick != NULL)
    g_source_destroy (self->tick);
  g_clear_pointer (&self->tick, g_source_unref);
  g_clear_pointer (&self->keeper, dyno_token_keeper_free);
}

void
dyno_http_state_changed (DynoServer      *server,
                         DynoServerState  state,
                         gpointer         pipeline)
{
  DynoHttpFace *self = dyno_pipeline_get_data (pipeline);

  dyno_pipeline_callbacks.state (server, state, pipeline);
  if (state == DYNO_SERVER_LIVE)
    begin (self);
  else if (state == DYNO_SERVER_DRAINING)
    drain (self);
  else if (state == DYNO_SERVER_STOPPED)
    end (self);
}
