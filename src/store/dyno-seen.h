/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* What somebody has seen before asking for a change: a thing and its revision. */

typedef struct
{
  char  *id;       /* (owned) */
  gint64 revision; /* 0: whichever */
} DynoSeen;

DynoSeen *dyno_seen_new        (const char      *id,
                                gint64           revision);
void      dyno_seen_free       (gpointer         self);

/* FALSE with CONFLICT "stale". */
gboolean  dyno_seen_is_current (const DynoSeen  *self,
                                gint64           revision,
                                GError         **error);
void      dyno_seen_set_stale  (GError         **error);

G_END_DECLS
