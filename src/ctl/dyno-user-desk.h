/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

#pragma once

#include "dyno-ctl.h"
#include "dyno-json.h"
#include "dyno-scope.h"
#include "dyno-users.h"

G_BEGIN_DECLS

/* People, in the store that is opened here or by the process that holds it: the same
 * documents either way. A user is as the API has it (service.md 2.9, ex. 1); with "code"
 * and "code_expires_at" where a code was made for him. All (transfer full). */

/* Of somebody new, with a password (nullable) or else a code. */
typedef struct
{
  const char *email;
  const char *name;
  DynoRole    role;
  const char *password; /* (nullable) */
} DynoUserWish;

DynoJson  *dyno_user_desk_create (DynoCtl             *ctl,
                                  const DynoUserWish  *wish,
                                  GError             **error);
/* (element-type DynoJson) */
GPtrArray *dyno_user_desk_list   (DynoCtl             *ctl,
                                  GError             **error);
/* By id, e-mail address or the label of a service user. NOT_FOUND. */
DynoJson  *dyno_user_desk_find   (DynoCtl             *ctl,
                                  const char          *who,
                                  GError             **error);
/* `user` as it was found; role and status of `edit` alone. */
DynoJson  *dyno_user_desk_edit   (DynoCtl             *ctl,
                                  const DynoJson      *user,
                                  const DynoUserEdit  *edit,
                                  GError             **error);
/* A code with which he takes a new password, or the password (nullable) at once. */
DynoJson  *dyno_user_desk_reset  (DynoCtl             *ctl,
                                  const DynoJson      *user,
                                  const char          *password,
                                  GError             **error);
/* {"code","code_expires_at"} for somebody of that role, and of that address (nullable). */
DynoJson  *dyno_user_desk_invite (DynoCtl             *ctl,
                                  DynoRole             role,
                                  const char          *email,
                                  guint                hours,
                                  GError             **error);

G_END_DECLS
