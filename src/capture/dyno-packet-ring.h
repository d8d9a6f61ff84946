/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

#pragma once

#include "dyno-batch.h"

G_BEGIN_DECLS

/* The journal records of the last 120 s in memory (at most 32 MiB), so that a
 * run's journal can begin with its pre-roll. It keeps references on what the
 * batches hold and copies nothing.
 *
 * Not locked: it belongs to the thread that the sink is called on. */

#define DYNO_PACKET_RING_SPAN_US (120 * G_USEC_PER_SEC)
#define DYNO_PACKET_RING_BYTES (32 * 1024 * 1024)

typedef struct _DynoPacketRing DynoPacketRing;

DynoPacketRing *dyno_packet_ring_new        (gint64                span_us,
                                             gsize                 most_bytes);
void            dyno_packet_ring_free       (DynoPacketRing       *self);

void            dyno_packet_ring_push       (DynoPacketRing       *self,
                                             DynoBatch            *batch);

/* All records from the last key frame at or before `since_us` (arrival) to now;
 * from the first key frame there is where the ring does not reach back so far.
 * What comes out can be replayed from its first byte. (transfer full) of
 * GBytes, empty before the first key frame. `begin_us` (nullable) is the
 * arrival of the key frame. */
GPtrArray      *dyno_packet_ring_copy_since (const DynoPacketRing *self,
                                             gint64                since_us,
                                             gint64               *begin_us);

gsize           dyno_packet_ring_n_bytes    (const DynoPacketRing *self);
/* Records let go before they were `span_us` old, because of `most_bytes`. */
guint64         dyno_packet_ring_n_dropped  (const DynoPacketRing *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (DynoPacketRing, dyno_packet_ring_free)

G_END_DECLS
