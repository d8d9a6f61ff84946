/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

#pragma once

#include "dyno-json.h"
#include "dyno-live.h"

G_BEGIN_DECLS

/* A way through the live ring, along the time of its stamps: for batches of every
 * sample, and for what a client has missed. One thread. */

typedef struct _DynoStreamWalk DynoStreamWalk;

/* `channels` is a set of canonical ones (bit: the channel). Begins behind the last sample
 * that is not younger than `after_us`; G_MAXINT64: at what comes from now on. */
DynoStreamWalk *dyno_stream_walk_new    (DynoLive        *live,
                                         guint64          channels,
                                         gint64           after_us);
void            dyno_stream_walk_free   (DynoStreamWalk  *self);

/* Goes on to the stamp `to_us` (G_MAXINT64: to the newest) and writes the member "v": every
 * sample as {"rpm":[[t_ms,value],…],…}. Answers how many. */
gsize           dyno_stream_walk_write_all    (DynoStreamWalk *self,
                                               DynoJsonWriter *w,
                                               gint64          to_us);
/* The same with the value that each channel had then, {"rpm":3120, …}, and in "s" why one
 * has none. */
void            dyno_stream_walk_write_latest (DynoStreamWalk *self,
                                               DynoJsonWriter *w,
                                               gint64          to_us);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (DynoStreamWalk, dyno_stream_walk_free)

G_END_DECLS
