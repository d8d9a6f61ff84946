/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

/* People and programs that may ask, and the codes by which they come in. */

typedef struct _DynoStore DynoStore;

/* Requests a day of a user of whom nothing else was said. */
#define DYNO_USER_PER_DAY 10000

typedef enum
{
  DYNO_USER_INVITED,  /* has no password yet */
  DYNO_USER_ACTIVE,
  DYNO_USER_DISABLED,
  DYNO_USER_ERASED,
  DYNO_N_USER_STATUSES
} DynoUserStatus;

typedef struct
{
  char           *id;           /* (nullable) of a new one: NULL lets the store make it */
  char           *role;         /* name of a role; "owner", "developer" of the two local rows */
  DynoUserStatus  status;
  char           *email;        /* (nullable) unique but for capitals */
  char           *display_name; /* of a service user: its label, unique */
  char           *password;     /* (nullable) as kept; never leaves the shop */
  guint           per_day;      /* requests */
  char           *locale;       /* these three may be empty */
  char           *timezone;
  char           *units;
  gint64          epoch;        /* grows when tokens made before are no longer good */
  gint64          revision;     /* 1, 2, 3, …; 0: not kept yet */
  gint64          created_ms;   /* this and the rest are given by the store */
  gint64          updated_ms;
  gint64          last_login_ms; /* 0: never */
} DynoUser;

/* Small letters by which addresses are compared. (transfer full) (nullable) */
char           *dyno_user_email_key           (const char          *email);
const char     *dyno_user_status_name         (DynoUserStatus       status);
gboolean        dyno_user_status_find         (const char          *name,
                                               DynoUserStatus      *status);
void            dyno_user_free                (DynoUser            *self);
DynoUser       *dyno_user_copy                (const DynoUser      *self);

/* A code that serves once: for a new user (invitation) or a new password (reset). */
typedef enum
{
  DYNO_CODE_INVITATION,
  DYNO_CODE_RESET,
} DynoCodeKind;

#define DYNO_CODE_MAX_TRIES 5

typedef struct
{
  char         *id;         /* (nullable) given by the store; NULL in an answer: not good */
  DynoCodeKind  kind;
  GBytes       *sha256;     /* (owned) of the code: 32 bytes */
  char         *user_id;    /* (nullable) for this user alone */
  char         *email;      /* (nullable) for this address alone */
  char         *role;       /* (nullable) of the user that comes of it */
  char         *created_by;
  gint64        expires_ms;
} DynoCode;

void            dyno_code_free                (DynoCode            *self);

/* A new user (revision 0) or, by its revision, role, status, names, address, per_day and
 * settings of a known one; the password stays. `code` (nullable) is kept with it, for
 * it. Both are taken over. Another role or status makes a new epoch; who is not active
 * any more has no login session either.
 *   NOT_FOUND; CONFLICT "stale", "email" (taken), "label" (taken), "last_admin" */
void            dyno_store_put_user_async     (DynoStore           *self,
                                               DynoUser            *user,
                                               DynoCode            *code,
                                               GCancellable        *cancellable,
                                               GAsyncReadyCallback  callback,
                                               gpointer             user_data);
DynoUser       *dyno_store_put_user_finish    (DynoStore           *self,
                                               GAsyncResult        *result,
                                               GError             **error);

/* By id. NOT_FOUND, also for one that was erased. */
void            dyno_store_get_user_async     (DynoStore           *self,
                                               const char          *user_id,
                                               GCancellable        *cancellable,
                                               GAsyncReadyCallback  callback,
                                               gpointer             user_data);
DynoUser       *dyno_store_get_user_finish    (DynoStore           *self,
                                               GAsyncResult        *result,
                                               GError             **error);

/* By address. NOT_FOUND. */
void            dyno_store_find_user_async    (DynoStore           *self,
                                               const char          *email,
                                               GCancellable        *cancellable,
                                               GAsyncReadyCallback  callback,
                                               gpointer             user_data);
DynoUser       *dyno_store_find_user_finish   (DynoStore           *self,
                                               GAsyncResult        *result,
                                               GError             **error);

/* Those who were not erased, but the two local ones, by age; at most `limit` that come
 * behind the user `after` (nullable). (element-type DynoUser) */
void            dyno_store_list_users_async   (DynoStore           *self,
                                               const char          *after,
                                               guint                limit,
                                               GCancellable        *cancellable,
                                               GAsyncReadyCallback  callback,
                                               gpointer             user_data);
GPtrArray      *dyno_store_list_users_finish  (DynoStore           *self,
                                               GAsyncResult        *result,
                                               GError             **error);

/* The service user of that label; made where there is none. */
void            dyno_store_ensure_service_async  (DynoStore           *self,
                                                  const char          *label,
                                                  GCancellable        *cancellable,
                                                  GAsyncReadyCallback  callback,
                                                  gpointer             user_data);
DynoUser       *dyno_store_ensure_service_finish (DynoStore           *self,
                                                  GAsyncResult        *result,
                                                  GError             **error);

typedef struct
{
  char     *user_id;
  char     *password; /* as it is to be kept */
  GBytes   *code;     /* (owned) (nullable) SHA-256 of the reset code that is used up by it */
  gboolean  is_same;  /* only kept anew: sessions stay, and so does the epoch */
} DynoPasswordChange;

void            dyno_password_change_free     (DynoPasswordChange  *self);

/* `change` is taken over. Unless it is the same, a new epoch begins and all login
 * sessions end. NOT_FOUND; DENIED "code": used up or over. */
void            dyno_store_set_password_async  (DynoStore           *self,
                                                DynoPasswordChange  *change,
                                                GCancellable        *cancellable,
                                                GAsyncReadyCallback  callback,
                                                gpointer             user_data);
DynoUser       *dyno_store_set_password_finish (DynoStore           *self,
                                                GAsyncResult        *result,
                                                GError             **error);

/* Keeps a code (taken over); one of that kind that the user had before is gone. */
void            dyno_store_put_code_async     (DynoStore           *self,
                                               DynoCode            *code,
                                               GCancellable        *cancellable,
                                               GAsyncReadyCallback  callback,
                                               gpointer             user_data);
gboolean        dyno_store_put_code_finish    (DynoStore           *self,
                                               GAsyncResult        *result,
                                               GError             **error);

/* Is `sha256` a code of that kind, for that address? Answers the code, or one without
 * id; then each code for the address has one try less. */
void            dyno_store_try_code_async     (DynoStore           *self,
                                               DynoCodeKind         kind,
                                               GBytes              *sha256,
                                               const char          *email,
                                               GCancellable        *cancellable,
                                               GAsyncReadyCallback  callback,
                                               gpointer             user_data);
DynoCode       *dyno_store_try_code_finish    (DynoStore           *self,
                                               GAsyncResult        *result,
                                               GError             **error);

/* A person comes in: `user` is taken over, with password, and becomes active. `code`
 * (nullable) is the SHA-256 of the invitation, which is used up; where it is for a
 * known user, that one gets name and password, else a new one is made with its role.
 * CONFLICT "email"; DENIED "code". */
void            dyno_store_accept_user_async  (DynoStore           *self,
                                               DynoUser            *user,
                                               GBytes              *code,
                                               GCancellable        *cancellable,
                                               GAsyncReadyCallback  callback,
                                               gpointer             user_data);
DynoUser       *dyno_store_accept_user_finish (DynoStore           *self,
                                               GAsyncResult        *result,
                                               GError             **error);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (DynoCode, dyno_code_free)
G_DEFINE_AUTOPTR_CLEANUP_FUNC (DynoPasswordChange, dyno_password_change_free)
G_DEFINE_AUTOPTR_CLEANUP_FUNC (DynoUser, dyno_user_free)

G_END_DECLS
