/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* How late a main loop runs what is due: a timer of 250 ms on its context. Each turn
 * goes to the counters (dynoai_loop_lag_seconds) and into the look of the last minute
 * that health takes. The watches of a process know each other. It is freed on the thread of its loop; looking
 * may happen on any. */

typedef struct _DynoLag DynoLag;

/* `context` NULL: the default one; `loop` as the counters name it, "main". */
DynoLag *dyno_lag_new   (GMainContext *context,
                         const char   *loop);
void     dyno_lag_free  (DynoLag      *self);

typedef struct
{
  guint  n_loops;      /* watched; 0: nothing is known */
  double p99_s;        /* of the last minute, of the latest loop; 0 before a turn */
  double still_s;      /* since the last turn, of the loop that stands longest */
} DynoLagState;

void     dyno_lag_look  (DynoLagState *state);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (DynoLag, dyno_lag_free)

G_END_DECLS
