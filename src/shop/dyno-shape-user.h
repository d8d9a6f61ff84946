/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

#pragma once

#include "dyno-json.h"
#include "dyno-principal.h"
#include "dyno-store-logins.h"
#include "dyno-store-users.h"

G_BEGIN_DECLS

/* The JSON of people and their login sessions (dyno-shape.h says how). Never a password. */

/* {"id","email","display_name","role","status","max_requests_per_day","created_at",
 *  "last_login_at","version"} */
void dyno_shape_user  (DynoJsonWriter         *w,
                       const DynoUser         *user);
/* The same, and {"locale","timezone","units","permissions","auth":{"kind","expires_at"}}:
 * what he is told who asks as `principal`. */
void dyno_shape_me    (DynoJsonWriter         *w,
                       const DynoUser         *user,
                       const DynoPrincipal    *principal);
/* {"id","client_label","ip","user_agent","created_at","last_seen_at","expires_at",
 *  "current"}; `sid` (nullable) is the session of who asks. */
void dyno_shape_login (DynoJsonWriter         *w,
                       const DynoLoginSession *session,
                       const char             *sid);

G_END_DECLS
