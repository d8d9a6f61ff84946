/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

#pragma once

#include <gio/gio.h>

#include "dyno-clock.h"
#include "dyno-login-set.h"
#include "dyno-principal.h"
#include "dyno-token.h"

G_BEGIN_DECLS

/* From the credentials of a request to who asks, or to the refusal. Nothing waits: it is
 * judged by the set of logins and the ring of keys that are in force at that moment.
 * Thread dyno-server. */

typedef struct _DynoAuth DynoAuth;

/* Where the judge gets what he judges by. All are asked on the server thread, at each
 * request, and must not wait. */
typedef struct
{
  DynoLoginSet  *(*ref_set)   (gpointer       data); /* (transfer full) */
  /* Whose key that is; NULL: it does not serve. `was_known` is set where it served once
   * and has expired or been revoked: then it is no guess. */
  DynoPrincipal *(*check_key) (const char    *key,
                               GInetAddress  *address,
                               gboolean      *was_known,
                               gpointer       data);
  gboolean       (*has_key)   (gpointer       data); /* there is a key that would serve */
  gpointer       data;                               /* (borrowed) */
  DynoClock     *clock;                              /* (borrowed) */
  const char    *issuer;                             /* of access tokens; copied */
  gboolean       is_enabled;                         /* auth.enabled */
} DynoAuthSource;

DynoAuth       *dyno_auth_new           (const DynoAuthSource   *source);
void            dyno_auth_free          (DynoAuth               *self);
/* The keys from now on. Until the first call no access token is good. */
void            dyno_auth_set_ring      (DynoAuth               *self,
                                         DynoTokenRing          *ring);

/* What a request brings. */
typedef struct
{
  const char   *authorization; /* (nullable) Authorization */
  const char   *api_key;       /* (nullable) X-API-Key */
  GInetAddress *address;       /* (nullable) of the client, behind proxies that are trusted */
  gboolean      is_admin;      /* came by the admin socket */
  gboolean      is_forwarded;  /* has Forwarded or X-Forwarded-*, and from no trusted proxy */
  gboolean      is_always_open; /* health, metrics, docs: answered before anybody is known */
} DynoAuthRequest;

typedef enum
{
  DYNO_AUTH_GRANTED,
  DYNO_AUTH_ABSENT,  /* no credential: where the route needs none, go on with nobody */
  DYNO_AUTH_REFUSED,
} DynoAuthOutcome;

typedef struct
{
  const char *challenge; /* (nullable) static: the value of WWW-Authenticate */
  gboolean    is_guess;  /* counts among the failed credentials of the address */
} DynoAuthRefusal;

/* `principal` (transfer full) is set when granted, `refusal` and `error` else:
 *   DENIED "AUTHENTICATION_ERROR", "TOKEN_EXPIRED"  no credential, or a bad bearer (401)
 *   DENIED "INVALID_API_KEY"      whatever is wrong with the key
 *   DENIED "AUTHORIZATION_ERROR"  forwarded, while authentication is switched off
 *   INVALID "BAD_REQUEST"         two credentials that are not the same
 *   UNAVAILABLE "SETUP_REQUIRED"  nobody can come in yet */
DynoAuthOutcome dyno_auth_check         (DynoAuth               *self,
                                         const DynoAuthRequest  *request,
                                         DynoPrincipal         **principal,
                                         DynoAuthRefusal        *refusal,
                                         GError                **error);

/* DENIED "AUTHORIZATION_ERROR": a permission is missing. */
gboolean        dyno_auth_require       (const DynoPrincipal    *principal,
                                         DynoScope               scope,
                                         DynoAuthRefusal        *refusal,
                                         GError                **error);
/* The password was given within the last 15 min; keys and the owner need none. DENIED
 * "REAUTH_REQUIRED". */
gboolean        dyno_auth_require_recent (DynoAuth              *self,
                                          const DynoPrincipal   *principal,
                                          GError               **error);

/* May the server listen so? INVALID "auth.enabled" where authentication is switched off
 * and somebody else could reach a listener. */
gboolean        dyno_auth_check_listeners (gboolean              is_enabled,
                                           gboolean              is_all_loopback,
                                           GError              **error);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (DynoAuth, dyno_auth_free)

G_END_DECLS
