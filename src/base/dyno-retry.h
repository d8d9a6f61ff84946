/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

#pragma once

#include "dyno-breaker.h"

G_BEGIN_DECLS

/* Whether a call that failed is worth another attempt, and when (service.md 6). One
 * layer retries, and all calls to a service share one budget, so that a service in
 * trouble is not buried under repeats. Carries its own lock, any thread. */

#define DYNO_RETRY_ATTEMPTS 3

typedef struct _DynoRetry DynoRetry;

/* `clock` (borrowed). `chance` NULL: GLib's. */
DynoRetry *dyno_retry_new   (DynoClock         *clock,
                             DynoBreakerChance  chance,
                             gpointer           chance_data);
void       dyno_retry_free  (DynoRetry         *self);

/* The first attempt of a call begins. */
void       dyno_retry_first (DynoRetry         *self);

/* A call's `attempt` (1 is the first) ended so; it may be repeated without harm (a
 * call to a model may, until its first token). `retry_after_s` is what the service
 * asked for, 0 for nothing; `left_us` what the call's deadline leaves.
 *
 * TRUE: repeat after `wait_us`, at random up to min (60, 2^(attempt − 1)) s, or what
 * the service asked for where that is longer. The repeat is then counted. FALSE: it
 * was the third attempt; the failure is not of the kind that passes (it is connection,
 * time, 429, 502, 503, 504); the service asked for more than 60 s; the deadline comes
 * first; or the repeats of 10 s, those waiting included, are already max (3, 20 % of
 * the first attempts). */
gboolean   dyno_retry_again (DynoRetry         *self,
                             guint              attempt,
                             DynoCallEnd        end,
                             guint              status,
                             gint64             retry_after_s,
                             gint64             left_us,
                             gint64            *wait_us);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (DynoRetry, dyno_retry_free)

G_END_DECLS
