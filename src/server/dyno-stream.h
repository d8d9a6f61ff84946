/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

#pragma once

#include "dyno-request.h"
#include "dyno-server.h"
#include "dyno-stream-log.h"

G_BEGIN_DECLS

/* Server-sent events (service.md 5.5): live values and news to those who keep a
 * connection open for them. Thread dyno-server.
 *
 *   id: <boot>-<number>      retry: 2000      a comment as ping every 15 s
 *   event: live              {"seq","t","v","s"}: the newest values, `hz` times a second
 *                            while values come, else once a second. All of them:
 *                            {"seq","t","now_ms","v":{"rpm":[[t_ms,value],…]}}
 *   event: capture, job, alert, health
 *   event: gap               {"from","to"}: numbers of what this client does not get
 *   event: bye               {"reason":"auth"|"draining"}; nothing follows
 *
 * With Last-Event-ID a client first gets what it has missed, at its own pace: live values
 * of the last 10 minutes, 1,024 events a topic; of all samples some may come twice, their
 * stamps tell. What is not there any more is a gap.
 *
 * A client that does not read holds one write of libsoup's, and a queue that is bounded
 * (dyno-stream-queue.h). A frame is made once for all who want the same. */

#define DYNO_STREAM_MAX           32
#define DYNO_STREAM_MAX_PRINCIPAL 4
#define DYNO_STREAM_MAX_HZ        50

typedef struct _DynoStreams DynoStreams;

/* What a client wants. */
typedef struct
{
  guint    topics;   /* a set of DynoStreamTopic */
  guint    hz;       /* of live frames, 1…50 */
  gboolean is_all;   /* every sample instead of the newest */
  guint64  channels; /* canonical ones, as bits */
} DynoStreamWish;

/* `shop` is borrowed and outlives it. */
DynoStreams *dyno_streams_new       (DynoShop             *shop);
/* No stream may be open. */
void         dyno_streams_free      (DynoStreams          *self);

/* LIVE: listens to the bus, in the thread's context; DRAINING: says good-bye to all and
 * takes none; STOPPED: listens no more. */
void         dyno_streams_set_state (DynoStreams          *self,
                                     DynoServerState       state);

/* Answers the request: with the head of a stream that then is fed until the client goes,
 * or 503 STREAMS_FULL. That the asker may see the topics is the caller's matter. */
void         dyno_streams_open      (DynoStreams          *self,
                                     DynoRequest          *request,
                                     const DynoStreamWish *wish);

/* What has to be held to see them. */
DynoScopes   dyno_stream_scopes     (guint                 topics);

/* The number of this moment. */
guint64      dyno_streams_get_seq   (DynoStreams          *self);
guint        dyno_streams_count     (DynoStreams          *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (DynoStreams, dyno_streams_free)

G_END_DECLS
