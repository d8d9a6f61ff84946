/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

#pragma once

#include <gio/gio.h>

#include "dyno-login-set.h"
#include "dyno-principal.h"
#include "dyno-store-logins.h"

G_BEGIN_DECLS

/* Logging in and out. A login session (sid) has a family of refresh tokens; each refresh
 * gives the next one. Access tokens are the server's: a ticket is what it makes them of.
 *
 * What ends a session or changes who somebody is, is in force for the next request when
 * the answer comes (dyno_login_ref_set ()), and is told on the bus: DYNO_TOPIC_ACCESS,
 * subject the user, detail "login", "changed", or "stolen" where a refresh token came
 * twice. Passwords are checked on two threads: UNAVAILABLE "KDF_BUSY" where too many
 * wait. Errors of the vault: its keys are needed. */

typedef struct _DynoShop DynoShop;

/* Where a request comes from. */
typedef struct
{
  const char *label;      /* (nullable) what the client calls itself */
  const char *ip;         /* text of the address; (nullable) this machine */
  const char *user_agent; /* (nullable) */
} DynoLoginClient;

typedef struct
{
  DynoUser *user;               /* (owned) without password */
  char     *sid;                /* (owned) */
  gint64    auth_time_ms;       /* when the password was given */
  char     *refresh_token;      /* (owned) (nullable) not after a proof */
  gint64    refresh_expires_ms; /* whatever happens */
} DynoLoginTicket;

void             dyno_login_ticket_free            (DynoLoginTicket     *self);

/* Who may come in, now. (transfer full), never NULL; empty until it was loaded. */
DynoLoginSet    *dyno_login_ref_set                (DynoShop            *shop);

/* Reads that set from the store; once, before the first request. */
void             dyno_login_load_async             (DynoShop            *shop,
                                                    GCancellable        *cancellable,
                                                    GAsyncReadyCallback  callback,
                                                    gpointer             user_data);
gboolean         dyno_login_load_finish            (GAsyncResult        *result,
                                                    GError             **error);

/* E-mail address and password. DENIED "AUTHENTICATION_ERROR" for all that is wrong,
 * after the same time. LIMITED "login_throttled", or "login_stopped" after a hundred
 * failures on end; `retry_after_s` (nullable) then says when again, else 0. */
void             dyno_login_open_async             (DynoShop              *shop,
                                                    const char            *email,
                                                    const char            *password,
                                                    gboolean               is_remembered,
                                                    const DynoLoginClient *client,
                                                    GCancellable          *cancellable,
                                                    GAsyncReadyCallback    callback,
                                                    gpointer               user_data);
DynoLoginTicket *dyno_login_open_finish            (GAsyncResult          *result,
                                                    gint64                *retry_after_s,
                                                    GError               **error);

/* The next refresh token. The same one comes again within 30 s of its first use and
 * from the same client, as the reply may have been lost. DENIED "AUTHENTICATION_ERROR";
 * DENIED "REFRESH_TOKEN_REUSED": it was used before, and its session has ended. */
void             dyno_login_refresh_async          (DynoShop              *shop,
                                                    const char            *token,
                                                    const DynoLoginClient *client,
                                                    GCancellable          *cancellable,
                                                    GAsyncReadyCallback    callback,
                                                    gpointer               user_data);
DynoLoginTicket *dyno_login_refresh_finish         (GAsyncResult          *result,
                                                    GError               **error);

/* The asker's password once more, for what needs it to be recent. Errors of open; DENIED
 * for one who did not log in. */
void             dyno_login_prove_async            (DynoShop              *shop,
                                                    DynoPrincipal         *asker,
                                                    const char            *password,
                                                    const DynoLoginClient *client,
                                                    GCancellable          *cancellable,
                                                    GAsyncReadyCallback    callback,
                                                    gpointer               user_data);
DynoLoginTicket *dyno_login_prove_finish           (GAsyncResult          *result,
                                                    gint64                *retry_after_s,
                                                    GError               **error);

/* A new password of the asker's; all login sessions end. Errors of open; INVALID
 * "password" where the new one is too weak. */
void             dyno_login_change_password_async  (DynoShop              *shop,
                                                    DynoPrincipal         *asker,
                                                    const char            *current,
                                                    const char            *fresh,
                                                    const DynoLoginClient *client,
                                                    GCancellable          *cancellable,
                                                    GAsyncReadyCallback    callback,
                                                    gpointer               user_data);
gboolean         dyno_login_change_password_finish (GAsyncResult          *result,
                                                    gint64                *retry_after_s,
                                                    GError               **error);

/* The same by a reset code. DENIED "code": not that one, or not any more. */
void             dyno_login_reset_password_async   (DynoShop              *shop,
                                                    const char            *email,
                                                    const char            *code,
                                                    const char            *fresh,
                                                    GCancellable          *cancellable,
                                                    GAsyncReadyCallback    callback,
                                                    gpointer               user_data);
gboolean         dyno_login_reset_password_finish  (GAsyncResult          *result,
                                                    GError               **error);

/* The asker's live sessions, the newest first. (element-type DynoLoginSession) */
void             dyno_login_list_async             (DynoShop            *shop,
                                                    DynoPrincipal       *asker,
                                                    GCancellable        *cancellable,
                                                    GAsyncReadyCallback  callback,
                                                    gpointer             user_data);
GPtrArray       *dyno_login_list_finish            (GAsyncResult        *result,
                                                    GError             **error);

/* Logs the asker out: of the session he asks in, whose access token is revoked by name
 * as well, or of all. `n` (nullable): how many ended. */
void             dyno_login_end_async              (DynoShop            *shop,
                                                    DynoPrincipal       *asker,
                                                    gboolean             is_all,
                                                    GCancellable        *cancellable,
                                                    GAsyncReadyCallback  callback,
                                                    gpointer             user_data);
gboolean         dyno_login_end_finish             (GAsyncResult        *result,
                                                    guint               *n,
                                                    GError             **error);

/* Ends one session of the asker's. NOT_FOUND, also for somebody else's. */
void             dyno_login_end_one_async          (DynoShop            *shop,
                                                    DynoPrincipal       *asker,
                                                    const char          *sid,
                                                    GCancellable        *cancellable,
                                                    GAsyncReadyCallback  callback,
                                                    gpointer             user_data);
gboolean         dyno_login_end_one_finish         (GAsyncResult        *result,
                                                    GError             **error);

/* Removes what ended long ago; once a day. */
void             dyno_login_prune_async            (DynoShop            *shop,
                                                    GCancellable        *cancellable,
                                                    GAsyncReadyCallback  callback,
                                                    gpointer             user_data);
gboolean         dyno_login_prune_finish           (GAsyncResult        *result,
                                                    GError             **error);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (DynoLoginTicket, dyno_login_ticket_free)

G_END_DECLS
