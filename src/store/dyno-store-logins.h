/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

#pragma once

#include <gio/gio.h>

#include "dyno-store-users.h"

G_BEGIN_DECLS

/* Login sessions of people, each with its family of refresh tokens, and what stands in
 * the way of guessing. */

#define DYNO_LOGIN_MAX           10 /* sessions of a user; the oldest give way */
#define DYNO_LOGIN_SHORT_MS      (G_GINT64_CONSTANT (12) * 3600 * 1000)
#define DYNO_LOGIN_REMEMBERED_MS (G_GINT64_CONSTANT (30) * 24 * 3600 * 1000)
#define DYNO_LOGIN_IDLE_MS       (G_GINT64_CONSTANT (7) * 24 * 3600 * 1000)
#define DYNO_LOGIN_GRACE_MS      (G_GINT64_CONSTANT (30) * 1000)

typedef struct
{
  char     *id;            /* the sid: a UUIDv7 */
  char     *user_id;
  char     *client_label;  /* what the client calls itself; may be empty */
  char     *ip;            /* of the last refresh */
  char     *user_agent;
  gboolean  is_remembered;
  gboolean  is_live;
  gint64    auth_time_ms;  /* when the password was last given */
  gint64    created_ms;
  gint64    last_seen_ms;  /* of the last refresh */
  gint64    expires_ms;    /* whatever happens */
} DynoLoginSession;

void              dyno_login_session_free       (DynoLoginSession    *self);

/* May an attempt begin? Counted as a failure at once, so that many at a time do not
 * get more tries; dyno_store_open_login_async () takes it back. */
typedef struct
{
  gboolean is_allowed;
  gboolean is_stopped;     /* a hundred failures: an administrator must unlock it */
  gint64   retry_after_ms; /* where it is not allowed */
} DynoLoginTurn;

/* `email` as typed, known or not. A new answer is the caller's (g_free). */
void              dyno_store_take_login_turn_async  (DynoStore           *self,
                                                     const char          *email,
                                                     const char          *address,
                                                     GCancellable        *cancellable,
                                                     GAsyncReadyCallback  callback,
                                                     gpointer             user_data);
DynoLoginTurn    *dyno_store_take_login_turn_finish (DynoStore           *self,
                                                     GAsyncResult        *result,
                                                     GError             **error);

/* Forgets the failures of an account. */
void              dyno_store_unlock_login_async     (DynoStore           *self,
                                                     const char          *email,
                                                     GCancellable        *cancellable,
                                                     GAsyncReadyCallback  callback,
                                                     gpointer             user_data);
gboolean          dyno_store_unlock_login_finish    (DynoStore           *self,
                                                     GAsyncResult        *result,
                                                     GError             **error);

/* A password was right. */
typedef struct
{
  char     *user_id;
  gint64    epoch;         /* for which it was right */
  char     *email;         /* as the turn was taken with */
  char     *sid;           /* of the new session */
  GBytes   *token;         /* (owned) SHA-256 of its first refresh token */
  char     *client_label;
  char     *ip;
  char     *address;       /* by which attempts are counted: the ip or its network */
  char     *user_agent;
  gboolean  is_remembered;
  char     *password;      /* (nullable) the same one, to be kept anew */
} DynoLoginOpening;

void              dyno_login_opening_free       (DynoLoginOpening    *self);

/* `opening` is taken over. CONFLICT "stale": password, role or status have changed in
 * the meantime. */
void              dyno_store_open_login_async   (DynoStore           *self,
                                                 DynoLoginOpening    *opening,
                                                 GCancellable        *cancellable,
                                                 GAsyncReadyCallback  callback,
                                                 gpointer             user_data);
DynoLoginSession *dyno_store_open_login_finish  (DynoStore           *self,
                                                 GAsyncResult        *result,
                                                 GError             **error);

/* The password was given again. NOT_FOUND: the session has ended. */
void              dyno_store_prove_login_async  (DynoStore           *self,
                                                 const char          *user_id,
                                                 const char          *sid,
                                                 const char          *email,
                                                 const char          *address,
                                                 GCancellable        *cancellable,
                                                 GAsyncReadyCallback  callback,
                                                 gpointer             user_data);
DynoLoginSession *dyno_store_prove_login_finish (DynoStore           *self,
                                                 GAsyncResult        *result,
                                                 GError             **error);

/* The live ones of a user, the newest first. (element-type DynoLoginSession) */
void              dyno_store_list_logins_async  (DynoStore           *self,
                                                 const char          *user_id,
                                                 GCancellable        *cancellable,
                                                 GAsyncReadyCallback  callback,
                                                 gpointer             user_data);
GPtrArray        *dyno_store_list_logins_finish (DynoStore           *self,
                                                 GAsyncResult        *result,
                                                 GError             **error);

/* Ends the session `sid` (NULL: all) of the user; `jti` (nullable) is an access token
 * that is revoked by name until `jti_expires_ms`. Answers in `n` how many ended. */
void              dyno_store_end_logins_async   (DynoStore           *self,
                                                 const char          *user_id,
                                                 const char          *sid,
                                                 const char          *jti,
                                                 gint64               jti_expires_ms,
                                                 GCancellable        *cancellable,
                                                 GAsyncReadyCallback  callback,
                                                 gpointer             user_data);
gboolean          dyno_store_end_logins_finish  (DynoStore           *self,
                                                 GAsyncResult        *result,
                                                 guint               *n,
                                                 GError             **error);

/* Refresh tokens. */

typedef struct
{
  char  *family;     /* the sid; NULL: no such token */
  gint64 generation;
} DynoRefreshPlace;

void              dyno_refresh_place_free       (DynoRefreshPlace    *self);

/* Where the token of that SHA-256 stands. */
void              dyno_store_find_refresh_async  (DynoStore           *self,
                                                  GBytes              *token,
                                                  GCancellable        *cancellable,
                                                  GAsyncReadyCallback  callback,
                                                  gpointer             user_data);
DynoRefreshPlace *dyno_store_find_refresh_finish (DynoStore           *self,
                                                  GAsyncResult        *result,
                                                  GError             **error);

typedef enum
{
  DYNO_REFRESH_ROTATED,  /* the successor is kept and may go out */
  DYNO_REFRESH_REPEATED, /* it was kept already, and may go out once more */
  DYNO_REFRESH_REUSED,   /* an old one came again: the family has ended */
  DYNO_REFRESH_ENDED,    /* the session, or its user's right to one, had ended; no such token */
} DynoRefreshOutcome;

typedef struct
{
  GBytes *token;        /* (owned) SHA-256 of the one that came */
  GBytes *successor;    /* (owned) SHA-256 of the one that follows it */
  char   *client_label; /* (nullable) then as before */
  char   *ip;
  char   *user_agent;
} DynoRefreshTurn;

void              dyno_refresh_turn_free        (DynoRefreshTurn     *self);

typedef struct
{
  DynoRefreshOutcome  outcome;
  DynoLoginSession   *session; /* (owned) (nullable) */
  DynoUser           *user;    /* (owned) (nullable) */
} DynoRefreshAnswer;

void              dyno_refresh_answer_free      (DynoRefreshAnswer   *self);

/* Rotates, all of it in one transaction. `turn` is taken over. */
void              dyno_store_rotate_refresh_async  (DynoStore           *self,
                                                    DynoRefreshTurn     *turn,
                                                    GCancellable        *cancellable,
                                                    GAsyncReadyCallback  callback,
                                                    gpointer             user_data);
DynoRefreshAnswer *dyno_store_rotate_refresh_finish (DynoStore           *self,
                                                     GAsyncResult        *result,
                                                     GError             **error);

/* Removes what is over: sessions that ended 30 days ago with their tokens, revoked
 * tokens past their end, counts of attempts of a day ago. */
void              dyno_store_prune_logins_async  (DynoStore           *self,
                                                  GCancellable        *cancellable,
                                                  GAsyncReadyCallback  callback,
                                                  gpointer             user_data);
gboolean          dyno_store_prune_logins_finish (DynoStore           *self,
                                                  GAsyncResult        *result,
                                                  GError             **error);

/* Everything by which an access token is judged, of one moment. */

typedef struct
{
  char   *sid;
  char   *user_id;
  gint64  expires_ms;
} DynoLiveLogin;

typedef struct
{
  GPtrArray *users;  /* (owned) of DynoUser; without password, names of places and times */
  GPtrArray *logins; /* (owned) of DynoLiveLogin */
  GPtrArray *jtis;   /* (owned) of char *: revoked ones */
} DynoLoginAuthority;

void                dyno_login_authority_free         (DynoLoginAuthority  *self);

void                dyno_store_load_authority_async   (DynoStore           *self,
                                                       GCancellable        *cancellable,
                                                       GAsyncReadyCallback  callback,
                                                       gpointer             user_data);
DynoLoginAuthority *dyno_store_load_authority_finish  (DynoStore           *self,
                                                       GAsyncResult        *result,
                                                       GError             **error);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (DynoLoginAuthority, dyno_login_authority_free)
G_DEFINE_AUTOPTR_CLEANUP_FUNC (DynoLoginOpening, dyno_login_opening_free)
G_DEFINE_AUTOPTR_CLEANUP_FUNC (DynoLoginSession, dyno_login_session_free)
G_DEFINE_AUTOPTR_CLEANUP_FUNC (DynoRefreshAnswer, dyno_refresh_answer_free)
G_DEFINE_AUTOPTR_CLEANUP_FUNC (DynoRefreshPlace, dyno_refresh_place_free)
G_DEFINE_AUTOPTR_CLEANUP_FUNC (DynoRefreshTurn, dyno_refresh_turn_free)

G_END_DECLS
