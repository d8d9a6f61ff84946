/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

#include "config.h"

#include "dyno-seen.h"

#include "dyno-error.h"

DynoSeen *
dyno_seen_new (const char *id,
               gint64      revision)
{
  DynoSeen *self = g_new0 (DynoSeen, 1);

  self->id = g_strdup (id);
  self->revision = revision;

  return self;
}

void
dyno_seen_free (gpointer data)
{
  DynoSeen *self = data;

  g_free (self->id);
  g_free (self);
}

void
dyno_seen_set_stale (GError **error)
{
  dyno_error_set (error, DYNO_ERROR_CONFLICT, "stale",
                  "Somebody has changed it in the meantime. Look again, then repeat the change.");
}

gboolean
dyno_seen_is_current (const DynoSeen  *self,
                      gint64           revision,
                      GError         **error)
{
  if (self->revision == 0 || self->revision == revision)
    return TRUE;
  dyno_seen_set_stale (error);

  return FALSE;
}
