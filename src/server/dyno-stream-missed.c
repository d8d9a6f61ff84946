/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

#include "config.h"

#include "dyno-stream-private.h"

#include <string.h>

#define KEPT_US (10 * 60 * G_USEC_PER_SEC) /* of live values */
#define OVERLAP_US (G_USEC_PER_SEC / 2)    /* a sample may arrive that late after its stamp */
#define BATCH_US (G_USEC_PER_SEC / 4)      /* of all samples in a frame */

/* "<boot>-<number>" of this run of the program. */
static gboolean
read_id (DynoStreams *streams,
         const char  *id,
         guint64     *seq)
{
  gsize length = strlen (streams->boot);

  return strncmp (id, streams->boot, length) == 0 && id[length] == '-'
         && g_ascii_string_to_unsigned (id + length + 1, 10, 0, G_MAXINT64, seq, NULL);
}

static gboolean
is_kept (DynoStreams          *streams,
         const DynoStreamWish *wish,
         guint64               seq,
         guint64               now)
{
  if (dyno_stream_log_lost (streams->log, wish->topics) > seq)
    return FALSE;

  return (wish->topics & DYNO_STREAM_LIVE) == 0
         || (seq >= streams->generation_seq && (now - seq) * 1000 <= KEPT_US);
}

static void
put_gap (DynoStreamQueue *queue,
         guint64          from,
         guint64          to)
{
  g_autoptr(GBytes) gap = dyno_stream_gap (from, to);

  dyno_stream_queue_push (queue, gap, 0);
}

/* The stamp that was the present at that number. */
static gint64
stamp_of (DynoStreams *streams,
          guint64      seq)
{
  gint64 ago_us = dyno_clock_monotonic_us (streams->clock) - streams->born_us
                  - (gint64) seq * 1000;

  return dyno_live_now_us (streams->live) - ago_us;
}

void
dyno_stream_missed_begin (DynoStreamMissed     *self,
                          DynoStreams          *streams,
                          const DynoStreamWish *wish,
                          const char           *last_id,
                          DynoStreamQueue      *queue)
{
  guint64 now = dyno_streams_get_seq (streams);
  guint64 seq = 0;
  gboolean is_ours = last_id != NULL && read_id (streams, last_id, &seq);

  if (last_id == NULL || (is_ours && seq >= now))
    return;

  dyno_streams_note_generation (streams);
  if (!is_ours || !is_kept (streams, wish, seq, now))
    {
      put_gap (queue, seq + 1, now);
      return;
    }

  self->is_behind = TRUE;
  self->at = seq;
  if ((wish->topics & DYNO_STREAM_LIVE) != 0)
    self->walk = dyno_stream_walk_new (streams->live, wish->channels,
                                       stamp_of (streams, seq)
                                         - (wish->is_all ? OVERLAP_US : 0));
}

void
dyno_stream_missed_clear (DynoStreamMissed *self)
{
  self->is_behind = FALSE;
  g_clear_pointer (&self->walk, dyno_stream_walk_free);
}

static void
put_news (DynoStreams          *streams,
          const DynoStreamWish *wish,
          const DynoPrincipal  *principal,
          DynoStreamQueue      *queue,
          guint64               after,
          guint64               to)
{
  const DynoStreamEvent *event = dyno_stream_log_next (streams->log, wish->topics, after);

  for (; event != NULL && event->seq <= to;
       event = dyno_stream_log_next (streams->log, wish->topics, event->seq))
    {
      if (dyno_stream_may_see (principal, event))
        dyno_stream_queue_push (queue, event->bytes, 0);
    }
}

static char *
write_frame (DynoStreamMissed     *self,
             DynoStreams          *streams,
             const DynoStreamWish *wish,
             guint64               seq,
             gboolean              is_last)
{
  gint64 now_us = dyno_clock_monotonic_us (streams->clock);
  gint64 stamp_us = stamp_of (streams, seq);
  gint64 ago_us = now_us - streams->born_us - (gint64) seq * 1000;
  g_autofree char *t = dyno_clock_format_utc (dyno_clock_real_us (streams->clock) - ago_us);
  DynoJsonWriter *w = dyno_json_writer_new (FALSE);
  gint64 to_us = is_last ? G_MAXINT64 : stamp_us;

  dyno_json_writer_begin_object (w);
  dyno_json_writer_add_integer (w, "seq", (gint64) seq);
  dyno_json_writer_add_string (w, "t", t);
  if (wish->is_all)
    {
      dyno_json_writer_add_rounded (w, "now_ms", (double) stamp_us / 1000, 3);
      dyno_stream_walk_write_all (self->walk, w, to_us);
    }
  else
    dyno_stream_walk_write_latest (self->walk, w, to_us);
  dyno_json_writer_end_object (w);

  return dyno_json_writer_finish (w);
}

static void
put_live (DynoStreamMissed     *self,
          DynoStreams          *streams,
          const DynoStreamWish *wish,
          DynoStreamQueue      *queue,
          guint64               seq,
          gboolean              is_last)
{
  g_autofree char *json = write_frame (self, streams, wish, seq, is_last);
  g_autoptr(GBytes) bytes = dyno_stream_frame (streams->boot, seq, "live", json);

  dyno_stream_queue_push (queue, bytes, seq);
}

/* How far one step goes: a frame's time, or where nothing is live all of it. */
static guint64
next_stop (const DynoStreamMissed *self,
           const DynoStreamWish   *wish,
           guint64                 now)
{
  gint64 step_us = wish->is_all ? BATCH_US : G_USEC_PER_SEC / wish->hz;

  return self->walk != NULL ? MIN (self->at + (guint64) step_us / 1000, now) : now;
}

void
dyno_stream_missed_step (DynoStreamMissed     *self,
                         DynoStreams          *streams,
                         const DynoStreamWish *wish,
                         const DynoPrincipal  *principal,
                         DynoStreamQueue      *queue)
{
  guint64 now = dyno_streams_get_seq (streams);
  guint64 to = next_stop (self, wish, now);

  if (dyno_stream_log_lost (streams->log, wish->topics) > self->at)
    {
      put_gap (queue, self->at + 1, now);
      dyno_stream_missed_clear (self);
      return;
    }

  put_news (streams, wish, principal, queue, self->at, to);
  if (self->walk != NULL)
    put_live (self, streams, wish, queue, to, to == now);
  self->at = to;
  if (to == now)
    dyno_stream_missed_clear (self);
}
