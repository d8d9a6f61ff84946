/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

#pragma once

#include "dyno-ctl.h"
#include "dyno-json.h"
#include "dyno-keys.h"

G_BEGIN_DECLS

/* API keys, in the store that is opened here or by the process that holds it: the same
 * documents either way, those of the API (service.md 2.2). All (transfer full). */

/* {"key","message","key_info"} */
DynoJson  *dyno_key_desk_create (DynoCtl              *ctl,
                                 const DynoKeyRequest *request,
                                 GError              **error);
/* `state` and `owner` (nullable) choose. (element-type DynoJson) */
GPtrArray *dyno_key_desk_list   (DynoCtl              *ctl,
                                 const char           *state,
                                 const char           *owner,
                                 guint                 limit,
                                 GError              **error);
DynoJson  *dyno_key_desk_get    (DynoCtl              *ctl,
                                 const char           *key_id,
                                 GError              **error);
/* As create. */
DynoJson  *dyno_key_desk_rotate (DynoCtl              *ctl,
                                 const char           *key_id,
                                 guint                 overlap_s,
                                 GError              **error);
/* The key as it is then. */
DynoJson  *dyno_key_desk_revoke (DynoCtl              *ctl,
                                 const char           *key_id,
                                 GError              **error);

G_END_DECLS
