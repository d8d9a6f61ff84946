/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

#pragma once

#include <gio/gio.h>

#include "dyno-principal.h"
#include "dyno-store-users.h"

G_BEGIN_DECLS

/* The people who may come in, and programs that have keys. `asker` is who asks for it:
 * what it may not is DENIED "AUTHORIZATION_ERROR". A change is in force for the next
 * request when its answer comes, and is told on the bus (DYNO_TOPIC_ACCESS).
 *
 * A DynoUser that is answered has no password in it; its revision is the version for
 * If-Match. Of a user that is given, members that a verb does not name are ignored. */

typedef struct _DynoShop DynoShop;

/* A secret that is told once, and until when it serves. */
typedef struct
{
  DynoUser *user;       /* (owned) (nullable) */
  char     *code;       /* (owned) (nullable) 13 characters of base32 */
  gint64    expires_ms;
} DynoUserCode;

void          dyno_user_code_free              (DynoUserCode        *self);

/* INVALID "email": one @, at most 254 bytes, no blanks; normalised. (transfer full) */
char         *dyno_users_check_email           (const char          *text,
                                                GError             **error);

/* By age; the next page begins after the user `after` (nullable). Needs users:read.
 * (element-type DynoUser) */
void          dyno_users_list_async            (DynoShop            *shop,
                                                DynoPrincipal       *asker,
                                                const char          *after,
                                                guint                limit,
                                                GCancellable        *cancellable,
                                                GAsyncReadyCallback  callback,
                                                gpointer             user_data);
GPtrArray    *dyno_users_list_finish           (GAsyncResult        *result,
                                                GError             **error);

/* NOT_FOUND. Oneself, else needs users:read. */
void          dyno_users_get_async             (DynoShop            *shop,
                                                DynoPrincipal       *asker,
                                                const char          *user_id,
                                                GCancellable        *cancellable,
                                                GAsyncReadyCallback  callback,
                                                gpointer             user_data);
DynoUser     *dyno_users_get_finish            (GAsyncResult        *result,
                                                GError             **error);

/* A person with email, display_name and role (taken over), who comes in by the code
 * that is answered, within 72 h. `password` (nullable) is for the owner of this machine
 * alone: then the account is active at once, and there is no code. The first
 * administrator is made so. Needs users:write.
 * INVALID; CONFLICT "email"; errors of the vault with a password. */
void          dyno_users_create_async          (DynoShop            *shop,
                                                DynoPrincipal       *asker,
                                                DynoUser            *user,
                                                const char          *password,
                                                GCancellable        *cancellable,
                                                GAsyncReadyCallback  callback,
                                                gpointer             user_data);
DynoUserCode *dyno_users_create_finish         (GAsyncResult        *result,
                                                GError             **error);

/* What becomes other; -1 and NULL leave it. */
typedef struct
{
  int         role;         /* DynoRole; never to or from service */
  int         status;       /* DYNO_USER_ACTIVE, DYNO_USER_DISABLED */
  int         per_day;
  const char *display_name;
  const char *email;
  const char *locale;
  const char *timezone;
  const char *units;
} DynoUserEdit;

#define DYNO_USER_EDIT_NOTHING { -1, -1, -1, NULL, NULL, NULL, NULL, NULL }

/* `revision` as it was shown. Oneself may change display_name, email, locale, timezone
 * and units; all else needs users:write. `edit` is copied.
 * NOT_FOUND; INVALID; CONFLICT "stale", "email", "last_admin". */
void          dyno_users_edit_async            (DynoShop            *shop,
                                                DynoPrincipal       *asker,
                                                const char          *user_id,
                                                gint64               revision,
                                                const DynoUserEdit  *edit,
                                                GCancellable        *cancellable,
                                                GAsyncReadyCallback  callback,
                                                gpointer             user_data);
DynoUser     *dyno_users_edit_finish           (GAsyncResult        *result,
                                                GError             **error);

/* A code for somebody with that role; `email` (nullable): for this address alone;
 * hours 1 to 720. Needs users:write. */
void          dyno_users_invite_async          (DynoShop            *shop,
                                                DynoPrincipal       *asker,
                                                DynoRole             role,
                                                const char          *email,
                                                guint                hours,
                                                GCancellable        *cancellable,
                                                GAsyncReadyCallback  callback,
                                                gpointer             user_data);
DynoUserCode *dyno_users_invite_finish         (GAsyncResult        *result,
                                                GError             **error);

/* A code with which that person takes a new password within 30 min; one made before
 * is gone. Needs users:write. INVALID "service". */
void          dyno_users_make_reset_async      (DynoShop            *shop,
                                                DynoPrincipal       *asker,
                                                const char          *user_id,
                                                GCancellable        *cancellable,
                                                GAsyncReadyCallback  callback,
                                                gpointer             user_data);
DynoUserCode *dyno_users_make_reset_finish     (GAsyncResult        *result,
                                                GError             **error);

/* Somebody comes in by himself. */
typedef struct
{
  const char *email;
  const char *password;
  const char *display_name;
  const char *code;     /* (nullable) of an invitation */
  gboolean    is_local; /* asked on a listener that only this machine reaches */
} DynoRegistration;

/* With auth.registration `open` and without a code: a viewer, from this machine alone.
 * DENIED "REGISTRATION_CLOSED", "code"; INVALID; CONFLICT "email"; UNAVAILABLE
 * "KDF_BUSY"; errors of the vault. `registration` is copied. */
void          dyno_users_register_async        (DynoShop               *shop,
                                                const DynoRegistration *registration,
                                                GCancellable           *cancellable,
                                                GAsyncReadyCallback     callback,
                                                gpointer                user_data);
DynoUser     *dyno_users_register_finish       (GAsyncResult           *result,
                                                GError                **error);

/* The service user of that label, made where there is none. Needs keys:manage. */
void          dyno_users_ensure_service_async  (DynoShop            *shop,
                                                DynoPrincipal       *asker,
                                                const char          *label,
                                                GCancellable        *cancellable,
                                                GAsyncReadyCallback  callback,
                                                gpointer             user_data);
DynoUser     *dyno_users_ensure_service_finish (GAsyncResult        *result,
                                                GError             **error);

/* Lets somebody try again whose account stopped after too many wrong passwords. Needs
 * users:write. */
void          dyno_users_unlock_async          (DynoShop            *shop,
                                                DynoPrincipal       *asker,
                                                const char          *user_id,
                                                GCancellable        *cancellable,
                                                GAsyncReadyCallback  callback,
                                                gpointer             user_data);
gboolean      dyno_users_unlock_finish         (GAsyncResult        *result,
                                                GError             **error);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (DynoUserCode, dyno_user_code_free)

G_END_DECLS
