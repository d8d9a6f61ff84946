/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

#include "config.h"

#include "dyno-stream-private.h"

#define FLOWS_S 1.5 /* a value is younger: then frames go out at their rate */

struct _DynoStreamGroup
{
  guint           hz;
  gboolean        is_all;
  guint64         channels;
  guint           n_clients;
  gint64          next_us;  /* the next frame */
  gint64          told_us;  /* when the last one went out */
  DynoStreamWalk *walk;     /* (owned) (nullable) of all samples */
};

static gboolean
is_wanted (const DynoStreamGroup *self,
           const DynoStreamWish  *wish)
{
  return self->hz == wish->hz && self->is_all == wish->is_all && self->channels == wish->channels;
}

/* On multiples of the interval, so that groups of one rate wake the thread together. */
static void
set_next (DynoStreamGroup *self,
          gint64           now_us)
{
  gint64 interval_us = G_USEC_PER_SEC / self->hz;

  self->next_us = (now_us / interval_us + 1) * interval_us;
}

DynoStreamGroup *
dyno_stream_group_join (DynoStreams          *streams,
                        const DynoStreamWish *wish)
{
  DynoStreamGroup *self;

  for (guint i = 0; i < streams->groups->len; i++)
    {
      self = g_ptr_array_index (streams->groups, i);
      if (!is_wanted (self, wish))
        continue;
      self->n_clients++;
      return self;
    }

  self = g_new0 (DynoStreamGroup, 1);
  self->hz = wish->hz;
  self->is_all = wish->is_all;
  self->channels = wish->channels;
  self->n_clients = 1;
  if (self->is_all)
    self->walk = dyno_stream_walk_new (streams->live, self->channels, G_MAXINT64);
  set_next (self, dyno_clock_monotonic_us (streams->clock));
  g_ptr_array_add (streams->groups, self);

  return self;
}

void
dyno_stream_group_leave (DynoStreams     *streams,
                         DynoStreamGroup *self)
{
  if (--self->n_clients > 0)
    return;

  g_ptr_array_remove_fast (streams->groups, self);
  g_clear_pointer (&self->walk, dyno_stream_walk_free);
  g_free (self);
}

gint64
dyno_stream_group_next_us (DynoStreamGroup *self)
{
  return self->next_us;
}

static gboolean
is_flowing (DynoLive *live)
{
  g_autoptr(DynoCaptureState) state = dyno_live_ref_capture (live);

  return state != NULL && state->chosen >= 0
         && state->providers[state->chosen].value_age_s < FLOWS_S;
}

/* NULL where there is nothing to say. (transfer full) */
static char *
write_frame (DynoStreamGroup *self,
             DynoStreams     *streams,
             guint64          seq)
{
  g_autofree char *t = dyno_clock_format_utc (dyno_clock_real_us (streams->clock));
  g_autoptr(DynoJsonWriter) w = dyno_json_writer_new (FALSE);
  gsize n = 1;

  dyno_json_writer_begin_object (w);
  dyno_json_writer_add_integer (w, "seq", (gint64) seq);
  dyno_json_writer_add_string (w, "t", t);
  if (self->is_all)
    {
      dyno_json_writer_add_rounded (w, "now_ms", (double) dyno_live_now_us (streams->live) / 1000,
                                    3);
      n = dyno_stream_walk_write_all (self->walk, w, G_MAXINT64);
    }
  else
    dyno_shape_live_values (w, streams->live, self->channels);
  dyno_json_writer_end_object (w);

  return n > 0 ? dyno_json_writer_finish (g_steal_pointer (&w)) : NULL;
}

static void
send_to_members (DynoStreamGroup *self,
                 DynoStreams     *streams,
                 GBytes          *bytes,
                 guint64          seq)
{
  for (guint i = streams->clients->len; i > 0; i--)
    {
      DynoStreamClient *client = g_ptr_array_index (streams->clients, i - 1);

      if (dyno_stream_client_get_group (client) == self)
        dyno_stream_client_send (client, bytes, seq);
    }
}

void
dyno_stream_group_turn (DynoStreamGroup *self,
                        DynoStreams     *streams,
                        guint64          seq,
                        gint64           now_us)
{
  g_autofree char *json = NULL;
  g_autoptr(GBytes) bytes = NULL;

  if (now_us < self->next_us)
    return;

  set_next (self, now_us);
  if (!self->is_all && now_us - self->told_us < G_USEC_PER_SEC && !is_flowing (streams->live))
    return;

  json = write_frame (self, streams, seq);
  if (json == NULL)
    return;

  self->told_us = now_us;
  bytes = dyno_stream_frame (streams->boot, seq, "live", json);
  send_to_members (self, streams, bytes, seq);
}
