/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

#pragma once

#include "dyno-call.h"
#include "dyno-store-logins.h"

G_BEGIN_DECLS

/* Login sessions and generations of their refresh tokens inside a verb. */

/* TRUE with `session` NULL where there is none of that id. */
gboolean dyno_login_rows_find    (DynoTurn                *turn,
                                  const char              *sid,
                                  DynoLoginSession       **session,
                                  GError                 **error);

/* The token of a generation, good until the session ends. */
typedef struct
{
  const char *family;
  gint64      generation;
  GBytes     *sha256;
  const char *client_label;
  const char *ip;
  const char *user_agent;
  gint64      expires_ms;
} DynoRefreshRow;

gboolean dyno_refresh_rows_add   (DynoTurn                *turn,
                                  const DynoRefreshRow    *row,
                                  GError                 **error);

G_END_DECLS
