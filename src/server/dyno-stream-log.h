/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* What streams have told, kept for those whose connection broke: of each topic but live
 * the last 1,024 events. (Live values stand in the live ring.) One thread.
 *
 * An event has a number; numbers grow by time, 1 a millisecond since the start, so that
 * a number is a moment, too. */

typedef enum
{
  DYNO_STREAM_LIVE    = 1 << 0,
  DYNO_STREAM_CAPTURE = 1 << 1,
  DYNO_STREAM_JOB     = 1 << 2,
  DYNO_STREAM_ALERT   = 1 << 3,
  DYNO_STREAM_HEALTH  = 1 << 4,
} DynoStreamTopic;

#define DYNO_STREAM_N_TOPICS 5
#define DYNO_STREAM_KEPT     1024

typedef struct
{
  guint64          seq;
  DynoStreamTopic  topic;
  char            *owner; /* (owned) (nullable) user id: only he is told */
  GBytes          *bytes; /* (owned) as it goes over the wire */
} DynoStreamEvent;

typedef struct _DynoStreamLog DynoStreamLog;

/* "live", "capture", … between bars; 0 for another word. */
#define DYNO_STREAM_TOPIC_WORDS "live|capture|job|alert|health"
DynoStreamTopic        dyno_stream_topic_find  (const char      *word);
const char            *dyno_stream_topic_name  (DynoStreamTopic  topic);

/* `boot` names the run of the program in the ids. */
DynoStreamLog         *dyno_stream_log_new     (const char      *boot);
void                   dyno_stream_log_free    (DynoStreamLog   *self);

/* Keeps an event and answers it; (transfer none) until 1,024 more of the topic came. `json` is
 * one line. */
const DynoStreamEvent *dyno_stream_log_add     (DynoStreamLog   *self,
                                                guint64          seq,
                                                DynoStreamTopic  topic,
                                                const char      *owner,
                                                const char      *json);
/* The first event of the set of topics after `seq`; NULL: none. */
const DynoStreamEvent *dyno_stream_log_next    (DynoStreamLog   *self,
                                                guint            topics,
                                                guint64          seq);
/* The newest number that is no more kept, of the set of topics; 0: all are. */
guint64                dyno_stream_log_lost    (DynoStreamLog   *self,
                                                guint            topics);

/* "id: …", "event: …", "data: …" as they go over the wire. (transfer full) */
GBytes                *dyno_stream_frame       (const char      *boot,
                                                guint64          seq,
                                                const char      *event,
                                                const char      *json);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (DynoStreamLog, dyno_stream_log_free)

G_END_DECLS
