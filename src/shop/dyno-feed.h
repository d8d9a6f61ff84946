/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

#pragma once

#include "dyno-lineup.h"
#include "dyno-live.h"

G_BEGIN_DECLS

/* Fills the live ring from the batches: the channels of the provider in use, in
 * SI, with their states and bindings. A provider that restarts goes on in the
 * same curves, with a break; another provider begins a new generation. The ring's
 * one writer; one thread at a time. */

typedef struct _DynoFeed DynoFeed;

DynoFeed *dyno_feed_new  (DynoLive         *live);
void      dyno_feed_free (DynoFeed         *self);

/* `lineup` has seen the batch. */
void      dyno_feed_push (DynoFeed         *self,
                          const DynoLineup *lineup,
                          const DynoBatch  *batch);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (DynoFeed, dyno_feed_free)

G_END_DECLS
