/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* Calls of the last 60 s in ten parts of 6 s, the present part included. Nothing
 * counted when all is zero. The caller holds the lock. */

#define DYNO_BREAKER_PARTS 10
#define DYNO_BREAKER_PART_US (6 * (gint64) G_USEC_PER_SEC)

typedef struct
{
  guint calls, failures, slow;
} DynoBreakerCount;

typedef struct
{
  gint64           part; /* the newest */
  DynoBreakerCount counts[DYNO_BREAKER_PARTS];
} DynoBreakerWindow;

void             dyno_breaker_window_add   (DynoBreakerWindow *self,
                                            gint64             now_us,
                                            gboolean           is_failure,
                                            gboolean           is_slow);
DynoBreakerCount dyno_breaker_window_total (DynoBreakerWindow *self,
                                            gint64             now_us);

G_END_DECLS
