/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

#include "config.h"

#include "dyno-stream-log.h"

#include <string.h>

static const char *const topic_names[DYNO_STREAM_N_TOPICS] = { "live", "capture", "job", "alert",
                                                               "health" };

/* A ring a topic, so that the news of a busy job do not push out an alert. */
typedef struct
{
  DynoStreamEvent *events[DYNO_STREAM_KEPT]; /* (owned) event i stands at i % KEPT */
  guint64          n_events;                 /* ever */
  guint64          lost;                     /* number of the last that was let go */
} Ring;

struct _DynoStreamLog
{
  char *boot; /* (owned) */
  Ring  rings[DYNO_STREAM_N_TOPICS];
};

DynoStreamTopic
dyno_stream_topic_find (const char *word)
{
  for (guint i = 0; i < DYNO_STREAM_N_TOPICS; i++)
    {
      if (g_str_equal (topic_names[i], word))
        return (DynoStreamTopic) (1 << i);
    }

  return 0;
}

const char *
dyno_stream_topic_name (DynoStreamTopic topic)
{
  return topic_names[g_bit_nth_lsf (topic, -1)];
}

GBytes *
dyno_stream_frame (const char *boot,
                   guint64     seq,
                   const char *event,
                   const char *json)
{
  char *text = g_strdup_printf ("id: %s-%" G_GUINT64_FORMAT "\nevent: %s\ndata: %s\n\n", boot, seq,
                                event, json);

  return g_bytes_new_take (text, strlen (text));
}

static void
event_free (DynoStreamEvent *event)
{
  g_free (event->owner);
  g_bytes_unref (event->bytes);
  g_free (event);
}

DynoStreamLog *
dyno_stream_log_new (const char *boot)
{
  DynoStreamLog *self = g_new0 (DynoStreamLog, 1);

  self->boot = g_strdup (boot);

  return self;
}

void
dyno_stream_log_free (DynoStreamLog *self)
{
  if (self == NULL)
    return;

  for (guint i = 0; i < DYNO_STREAM_N_TOPICS; i++)
    {
      for (guint k = 0; k < DYNO_STREAM_KEPT; k++)
        g_clear_pointer (&self->rings[i].events[k], event_free);
    }
  g_free (self->boot);
  g_free (self);
}

const DynoStreamEvent *
dyno_stream_log_add (DynoStreamLog   *self,
                     guint64          seq,
                     DynoStreamTopic  topic,
                     const char      *owner,
                     const char      *json)
{
  Ring *ring = &self->rings[g_bit_nth_lsf (topic, -1)];
  DynoStreamEvent **place = &ring->events[ring->n_events++ % DYNO_STREAM_KEPT];

  if (*place != NULL)
    ring->lost = (*place)->seq;
  g_clear_pointer (place, event_free);
  *place = g_new0 (DynoStreamEvent, 1);
  (*place)->seq = seq;
  (*place)->topic = topic;
  (*place)->owner = g_strdup (owner);
  (*place)->bytes = dyno_stream_frame (self->boot, seq, dyno_stream_topic_name (topic), json);

  return *place;
}

/* The numbers of a ring grow: a search by halves. */
static const DynoStreamEvent *
ring_next (const Ring *ring,
           guint64     seq)
{
  guint64 low = ring->n_events > DYNO_STREAM_KEPT ? ring->n_events - DYNO_STREAM_KEPT : 0;
  guint64 high = ring->n_events;

  while (low < high)
    {
      guint64 middle = low + (high - low) / 2;

      if (ring->events[middle % DYNO_STREAM_KEPT]->seq > seq)
        high = middle;
      else
        low = middle + 1;
    }

  return low < ring->n_events ? ring->events[low % DYNO_STREAM_KEPT] : NULL;
}

const DynoStreamEvent *
dyno_stream_log_next (DynoStreamLog *self,
                      guint          topics,
                      guint64        seq)
{
  const DynoStreamEvent *first = NULL;

  for (guint i = 0; i < DYNO_STREAM_N_TOPICS; i++)
    {
      const DynoStreamEvent *event
        = (topics & (1u << i)) != 0 ? ring_next (&self->rings[i], seq) : NULL;

      if (event != NULL && (first == NULL || event->seq < first->seq))
        first = event;
    }

  return first;
}

guint64
dyno_stream_log_lost (DynoStreamLog *self,
                      guint          topics)
{
  guint64 lost = 0;

  for (guint i = 0; i < DYNO_STREAM_N_TOPICS; i++)
    {
      if ((topics & (1u << i)) != 0)
        lost = MAX (lost, self->rings[i].lost);
    }

  return lost;
}
