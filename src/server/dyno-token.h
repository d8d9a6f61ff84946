/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

#pragma once

#include "dyno-token-ring.h"

G_BEGIN_DECLS

/* Access tokens: JWT (RFC 7519, 9068), signed RS256, good for 900 s.
 *
 * Here is judged what stands in the token. Whether its login session still lives and
 * its user's epoch is the same, dyno-auth knows. Any thread; a check takes some 30 µs. */

#define DYNO_TOKEN_LIFE_S   900
#define DYNO_TOKEN_LEEWAY_S 5    /* a token may come from a clock so much ahead */
#define DYNO_TOKEN_MAX_SIZE 4096
#define DYNO_TOKEN_AUDIENCE "dynoai-api"

/* Who it is for. */
typedef struct
{
  const char *user_id;     /* usr_… */
  const char *email;
  const char *role;        /* for display: what counts is the user's role at the time */
  const char *sid;         /* the login session */
  gint64      auth_time_ms; /* when the password was given */
  gint64      epoch;       /* of the user */
} DynoTokenSubject;

/* What a good one says. */
typedef struct
{
  char   *user_id;      /* (owned) */
  char   *sid;          /* (owned) */
  char   *jti;          /* (owned) UUIDv7 */
  gint64  auth_time_ms;
  gint64  expires_ms;
  gint64  epoch;
} DynoTokenClaims;

typedef enum
{
  DYNO_TOKEN_GOOD,
  DYNO_TOKEN_BAD,     /* not ours, changed, or not for us: a guess */
  DYNO_TOKEN_EXPIRED, /* was good */
} DynoTokenVerdict;

/* "urn:dynoai:<install>". (transfer full) */
char             *dyno_token_issuer       (const char             *install);

/* Signed by the active key; NULL where the ring has none. (transfer full) */
char             *dyno_token_issue        (const DynoTokenRing    *ring,
                                           const char             *issuer,
                                           const DynoTokenSubject *subject,
                                           gint64                  now_ms);

/* `claims` is set for a good one alone. */
DynoTokenVerdict  dyno_token_check        (const DynoTokenRing    *ring,
                                           const char             *issuer,
                                           const char             *token,
                                           gint64                  now_ms,
                                           DynoTokenClaims       **claims);

void              dyno_token_claims_free  (DynoTokenClaims        *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (DynoTokenClaims, dyno_token_claims_free)

G_END_DECLS
