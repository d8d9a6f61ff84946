/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

#pragma once

#include <gio/gio.h>

#include "dyno-field.h"

G_BEGIN_DECLS

/* What the routes of API keys have in common. */

/* A key (dyno-shape-key.h). */
extern const DynoSchema dyno_key_schema;
/* {"key","message","key_info"} */
extern const DynoSchema dyno_key_made_schema;
/* {"revoked":true} */
extern const DynoSchema dyno_key_revoked_schema;

/* A callback of dyno_keys_revoke_async (); `data` is the request. */
void dyno_api_key_revoked (GObject      *unused,
                           GAsyncResult *result,
                           gpointer      data);

G_END_DECLS
