/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* The channel sets of real dynos and of load tests (jetdrive.md §11, §12.1), as
 * data. The place in the list is the channel id. */

typedef struct
{
  const char *name;    /* as registered; the wire cuts it at 30 bytes */
  guint8      unit;    /* jetdrive.md §1.7 */
  double      rate_hz; /* 0: announced, never valued */
} DynoProfileChannel;

typedef struct _DynoProfile DynoProfile;

/* NULL for a name nobody knows. */
const DynoProfile        *dyno_profile_find       (const char        *name);
/* NULL-terminated, "rt150-104" first. */
const char *const        *dyno_profile_names      (void);

const char               *dyno_profile_title      (const DynoProfile *self);
/* "twin114" or "four20": the engine that belongs on it. */
const char               *dyno_profile_engine     (const DynoProfile *self);
guint                     dyno_profile_n_channels (const DynoProfile *self);
/* `name` (at least 64 bytes) holds the answer's name where it is made up. */
DynoProfileChannel        dyno_profile_channel    (const DynoProfile *self,
                                                   guint              index,
                                                   char              *name);
/* How often it flushes: 50, or 20 for the load tests of 50 datagrams a second. */
guint                     dyno_profile_flush_ms   (const DynoProfile *self);
/* Its channels are numbers, not a machine: each counts its own samples. */
gboolean                  dyno_profile_is_load    (const DynoProfile *self);

G_END_DECLS
