/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

#include "config.h"

#include "dyno-auth.h"

#include <string.h>

#include "dyno-error.h"

#define RECENT_MS (G_GINT64_CONSTANT (15) * 60 * 1000)

static const char realm[] = "Bearer realm=\"dynoai\"";
static const char invalid_token[] = "Bearer realm=\"dynoai\", error=\"invalid_token\"";
static const char insufficient_scope[] = "Bearer realm=\"dynoai\", error=\"insufficient_scope\"";

struct _DynoAuth
{
  DynoAuthSource  source;
  char           *issuer; /* (owned) */
  DynoTokenRing  *ring;   /* (owned) */
};

DynoAuth *
dyno_auth_new (const DynoAuthSource *source)
{
  DynoAuth *self = g_new0 (DynoAuth, 1);

  self->source = *source;
  self->issuer = g_strdup (source->issuer);
  self->source.issuer = self->issuer;
  self->ring = dyno_token_ring_new (NULL, 0);

  return self;
}

void
dyno_auth_free (DynoAuth *self)
{
  if (self == NULL)
    return;

  dyno_token_ring_unref (self->ring);
  g_free (self->issuer);
  g_free (self);
}

void
dyno_auth_set_ring (DynoAuth      *self,
                    DynoTokenRing *ring)
{
  dyno_token_ring_ref (ring);
  dyno_token_ring_unref (self->ring);
  self->ring = ring;
}

static gint64
now_ms (DynoAuth *self)
{
  return dyno_clock_real_us (self->source.clock) / 1000;
}

/* Credentials as they stand in the headers. */
typedef enum
{
  NO_CREDENTIAL,
  BEARER_TOKEN, /* an access token behind Bearer */
  BEARER_KEY,   /* a key behind Bearer */
  PLAIN_KEY,    /* a key in X-API-Key or behind ApiKey */
  GARBAGE,      /* an Authorization that is none of these */
} CredentialKind;

typedef struct
{
  CredentialKind  kind;
  const char     *text; /* (borrowed) */
} Credential;

/* The one word behind a scheme; NULL: another scheme, no word or more of them. */
static const char *
word_after (const char *header,
            const char *scheme)
{
  gsize length = strlen (scheme);
  const char *word = header + length + 1;

  if (g_ascii_strncasecmp (header, scheme, length) != 0 || header[length] != ' ')
    return NULL;

  return *word != '\0' && strpbrk (word, " \t,") == NULL ? word : NULL;
}

/* An access token has two dots and ours begin with a brace in base64url; a key of
 * API_KEYS may hold a dot, but does not begin so. */
static gboolean
looks_like_token (const char *word)
{
  const char *dot = strchr (word, '.');

  return g_str_has_prefix (word, "eyJ") && dot != NULL && strchr (dot + 1, '.') != NULL;
}

static Credential
read_authorization (const char *header)
{
  Credential credential = { GARBAGE, "" };
  const char *word;

  if ((word = word_after (header, "Bearer")) != NULL)
    credential = (Credential) { looks_like_token (word) ? BEARER_TOKEN : BEARER_KEY, word };
  else if ((word = word_after (header, "ApiKey")) != NULL)
    credential = (Credential) { PLAIN_KEY, word };

  return credential;
}

/* FALSE: there are two, and they differ. */
static gboolean
read_credential (const DynoAuthRequest *request,
                 Credential            *credential)
{
  *credential = (Credential) { NO_CREDENTIAL, NULL };
  if (request->authorization != NULL)
    *credential = read_authorization (request->authorization);
  if (request->api_key == NULL)
    return TRUE;
  if (credential->kind != NO_CREDENTIAL && strcmp (credential->text, request->api_key) != 0)
    return FALSE;
  *credential = (Credential) { PLAIN_KEY, request->api_key };

  return TRUE;
}

static DynoAuthOutcome
refuse (DynoAuthRefusal *refusal,
        const char      *challenge,
        gboolean         is_guess,
        GError         **error,
        const char      *reason,
        const char      *sentence)
{
  refusal->challenge = challenge;
  refusal->is_guess = is_guess;
  dyno_error_set (error, DYNO_ERROR_DENIED, reason, "%s", sentence);

  return DYNO_AUTH_REFUSED;
}

static DynoAuthOutcome
refuse_token (DynoAuthRefusal *refusal,
              gboolean         is_guess,
              GError         **error)
{
  return refuse (refusal, invalid_token, is_guess, error, "AUTHENTICATION_ERROR",
                 "This login is not good, or not any more. Log in again.");
}

static DynoPrincipal *
principal_of (const DynoLoginUser   *user,
              const DynoTokenClaims *claims)
{
  DynoPrincipal *principal = dyno_principal_new (DYNO_PRINCIPAL_USER);

  principal->role = user->role;
  principal->scopes = dyno_role_scopes (user->role);
  principal->user_id = g_strdup (user->id);
  principal->email = g_strdup (user->email);
  principal->name = g_strdup (user->name);
  principal->sid = g_strdup (claims->sid);
  principal->jti = g_strdup (claims->jti);
  principal->auth_time_ms = claims->auth_time_ms;
  principal->expires_ms = claims->expires_ms;
  principal->per_day = user->per_day;

  return principal;
}

/* The user of a good token, if his session, his epoch and the token itself still hold. */
static const DynoLoginUser *
find_bearer (const DynoLoginSet    *set,
             const DynoTokenClaims *claims,
             gint64                 moment_ms)
{
  const DynoLoginUser *user = dyno_login_set_get_session (set, claims->sid, moment_ms);

  return user != NULL && user->is_active && user->role != DYNO_ROLE_SERVICE
                 && strcmp (user->id, claims->user_id) == 0 && user->epoch == claims->epoch
                 && !dyno_login_set_is_revoked (set, claims->jti)
             ? user : NULL;
}

static DynoAuthOutcome
check_token (DynoAuth         *self,
             const char       *token,
             DynoPrincipal   **principal,
             DynoAuthRefusal  *refusal,
             GError          **error)
{
  gint64 moment_ms = now_ms (self);
  g_autoptr(DynoLoginSet) set = NULL;
  g_autoptr(DynoTokenClaims) claims = NULL;
  DynoTokenVerdict verdict =
      dyno_token_check (self->ring, self->issuer, token, moment_ms, &claims);
  const DynoLoginUser *user;

  if (verdict == DYNO_TOKEN_EXPIRED)
    return refuse (refusal, invalid_token, FALSE, error, "TOKEN_EXPIRED",
                   "This access token has expired. Refresh it.");
  if (verdict == DYNO_TOKEN_BAD)
    return refuse_token (refusal, TRUE, error);
  set = self->source.ref_set (self->source.data);
  user = find_bearer (set, claims, moment_ms);
  if (user == NULL)
    return refuse_token (refusal, FALSE, error);
  *principal = principal_of (user, claims);

  return DYNO_AUTH_GRANTED;
}

static DynoAuthOutcome
check_key (DynoAuth               *self,
           const DynoAuthRequest  *request,
           const Credential       *credential,
           DynoPrincipal         **principal,
           DynoAuthRefusal        *refusal,
           GError                **error)
{
  gboolean was_known = FALSE;

  *principal = self->source.check_key (credential->text, request->address, &was_known,
                                       self->source.data);
  if (*principal != NULL)
    return DYNO_AUTH_GRANTED;
  if (credential->kind == BEARER_KEY)
    return refuse_token (refusal, !was_known, error);

  return refuse (refusal, NULL, !was_known, error, "INVALID_API_KEY",
                 "This API key does not serve here. Ask an administrator for one.");
}

static DynoPrincipal *
new_developer (void)
{
  DynoPrincipal *principal = dyno_principal_new (DYNO_PRINCIPAL_DEVELOPER);

  principal->role = DYNO_ROLE_ADMIN;
  principal->scopes = dyno_scopes_of_developer ();
  principal->user_id = g_strdup ("local:dev");
  principal->name = g_strdup ("local:dev");

  return principal;
}

static gboolean
is_set_up (DynoAuth *self)
{
  g_autoptr(DynoLoginSet) set = self->source.ref_set (self->source.data);

  return dyno_login_set_has_admin (set) || self->source.has_key (self->source.data);
}

/* What is refused whoever asks. */
static gboolean
is_house_open (DynoAuth              *self,
               const DynoAuthRequest *request,
               DynoAuthRefusal       *refusal,
               GError               **error)
{
  if (!self->source.is_enabled && request->is_forwarded)
    {
      refuse (refusal, NULL, FALSE, error, "AUTHORIZATION_ERROR",
              "While authentication is switched off, nobody asks through a proxy.");
      return FALSE;
    }
  if (!self->source.is_enabled || request->is_always_open || is_set_up (self))
    return TRUE;

  dyno_error_set (error, DYNO_ERROR_UNAVAILABLE, "SETUP_REQUIRED",
                  "There is no administrator yet. Make one in the window of DynoAI, or with "
                  "dynoctl user create --role admin.");

  return FALSE;
}

static DynoAuthOutcome
check_nobody (DynoAuth         *self,
              DynoPrincipal   **principal,
              DynoAuthRefusal  *refusal,
              GError          **error)
{
  if (!self->source.is_enabled)
    {
      *principal = new_developer ();
      return DYNO_AUTH_GRANTED;
    }
  refuse (refusal, realm, FALSE, error, "AUTHENTICATION_ERROR",
          "Say who you are: an access token or an API key.");

  return DYNO_AUTH_ABSENT;
}

DynoAuthOutcome
dyno_auth_check (DynoAuth               *self,
                 const DynoAuthRequest  *request,
                 DynoPrincipal         **principal,
                 DynoAuthRefusal        *refusal,
                 GError                **error)
{
  Credential credential;

  *principal = NULL;
  *refusal = (DynoAuthRefusal) { NULL, FALSE };
  if (request->is_admin)
    {
      *principal = dyno_principal_new_owner ();
      return DYNO_AUTH_GRANTED;
    }
  if (!is_house_open (self, request, refusal, error))
    return DYNO_AUTH_REFUSED;
  if (!read_credential (request, &credential))
    {
      dyno_error_set (error, DYNO_ERROR_INVALID, "BAD_REQUEST",
                      "There are two credentials, and they differ. Send one.");
      return DYNO_AUTH_REFUSED;
    }

  switch (credential.kind)
    {
    case NO_CREDENTIAL:
      return check_nobody (self, principal, refusal, error);
    case BEARER_TOKEN:
      return check_token (self, credential.text, principal, refusal, error);
    case BEARER_KEY:
    case PLAIN_KEY:
      return check_key (self, request, &credential, principal, refusal, error);
    case GARBAGE:
    default:
      return refuse_token (refusal, TRUE, error);
    }
}

gboolean
dyno_auth_require (const DynoPrincipal *principal,
                   DynoScope            scope,
                   DynoAuthRefusal     *refusal,
                   GError             **error)
{
  gboolean is_bearer = principal->kind == DYNO_PRINCIPAL_USER;

  *refusal = (DynoAuthRefusal) { NULL, FALSE };
  if (dyno_principal_may (principal, scope))
    return TRUE;

  refusal->challenge = is_bearer ? insufficient_scope : NULL;
  dyno_error_set (error, DYNO_ERROR_DENIED, "AUTHORIZATION_ERROR",
                  "This needs the permission %s. Ask an administrator for it.",
                  dyno_scope_name (scope));

  return FALSE;
}

gboolean
dyno_auth_require_recent (DynoAuth            *self,
                          const DynoPrincipal *principal,
                          GError             **error)
{
  if (principal->kind != DYNO_PRINCIPAL_USER
      || now_ms (self) - principal->auth_time_ms <= RECENT_MS)
    return TRUE;

  dyno_error_set (error, DYNO_ERROR_DENIED, "REAUTH_REQUIRED",
                  "Give your password once more, then repeat this.");

  return FALSE;
}

gboolean
dyno_auth_check_listeners (gboolean  is_enabled,
                           gboolean  is_all_loopback,
                           GError  **error)
{
  if (is_enabled || is_all_loopback)
    return TRUE;

  dyno_error_set (error, DYNO_ERROR_INVALID, "auth.enabled",
                  "API_AUTH_ENABLED=false is for this machine alone. Switch authentication on, or "
                  "listen on 127.0.0.1 and ::1 only.");

  return FALSE;
}
