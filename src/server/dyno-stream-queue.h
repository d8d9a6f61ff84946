/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* What waits for one client of a stream (service.md 5.5). Bounded: over 1 MiB the oldest
 * live frames are let go, and one event "gap" says in their place which; news is never
 * let go. Over 2 MiB the client is too slow to be served. One thread. */

#define DYNO_STREAM_QUEUE_FULL     (1024 * 1024)
#define DYNO_STREAM_QUEUE_HOPELESS (2 * 1024 * 1024)

typedef struct
{
  GQueue   chunks;   /* of Chunk, the oldest first */
  gsize    n_bytes;
  guint64  gap_from; /* of the frames that were let go; 0: none since the last gap was told */
  guint64  gap_to;
} DynoStreamQueue;

void      dyno_stream_queue_init  (DynoStreamQueue *self);
void      dyno_stream_queue_clear (DynoStreamQueue *self);

/* FALSE: hopeless. `seq` (1 or more) of a live frame is what a gap names; 0: news. */
gboolean  dyno_stream_queue_push  (DynoStreamQueue *self,
                                   GBytes          *bytes,
                                   guint64          seq);
/* The next to be sent, a gap before what came after it; NULL: nothing waits. (transfer full) */
GBytes   *dyno_stream_queue_pop   (DynoStreamQueue *self);

/* "event: gap" of what is lost. (transfer full) */
GBytes   *dyno_stream_gap         (guint64          from,
                                   guint64          to);

G_END_DECLS
