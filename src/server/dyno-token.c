/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

/* The header of a token is never read: only the headers that our own keys write are
 * known, as text, so that there is no algorithm, key or certificate that somebody
 * else could name in one. */

#include "config.h"

#include "dyno-token.h"

#include <string.h>

#include "dyno-crypt-text.h"
#include "dyno-crypt.h"
#include "dyno-json.h"

/* The claims of a token, all of them, each once. */
static const char *const claim_names[] = {
  "iss", "aud", "sub", "email", "roles", "sid", "jti", "iat", "nbf", "exp", "auth_time", "epoch",
};

char *
dyno_token_issuer (const char *install)
{
  return g_strconcat ("urn:dynoai:", install, NULL);
}

void
dyno_token_claims_free (DynoTokenClaims *self)
{
  if (self == NULL)
    return;

  g_free (self->user_id);
  g_free (self->sid);
  g_free (self->jti);
  g_free (self);
}

static void
write_roles (DynoJsonWriter *w,
             const char     *role)
{
  dyno_json_writer_name (w, "roles");
  dyno_json_writer_begin_array (w);
  dyno_json_writer_string (w, role);
  dyno_json_writer_end_array (w);
}

static char *
write_claims (const char             *issuer,
              const DynoTokenSubject *subject,
              gint64                  now_ms)
{
  DynoJsonWriter *w = dyno_json_writer_new (FALSE);
  g_autofree char *jti = dyno_crypt_new_uuid (now_ms);
  gint64 now_s = now_ms / 1000;

  dyno_json_writer_begin_object (w);
  dyno_json_writer_add_string (w, "iss", issuer);
  dyno_json_writer_add_string (w, "aud", DYNO_TOKEN_AUDIENCE);
  dyno_json_writer_add_string (w, "sub", subject->user_id);
  dyno_json_writer_add_string (w, "email", subject->email);
  write_roles (w, subject->role);
  dyno_json_writer_add_string (w, "sid", subject->sid);
  dyno_json_writer_add_string (w, "jti", jti);
  dyno_json_writer_add_integer (w, "iat", now_s);
  dyno_json_writer_add_integer (w, "nbf", now_s);
  dyno_json_writer_add_integer (w, "exp", now_s + DYNO_TOKEN_LIFE_S);
  dyno_json_writer_add_integer (w, "auth_time", subject->auth_time_ms / 1000);
  dyno_json_writer_add_integer (w, "epoch", subject->epoch);
  dyno_json_writer_end_object (w);

  return dyno_json_writer_finish (w);
}

char *
dyno_token_issue (const DynoTokenRing    *ring,
                  const char             *issuer,
                  const DynoTokenSubject *subject,
                  gint64                  now_ms)
{
  const DynoTokenSlot *active = dyno_token_ring_get (ring, DYNO_TOKEN_KEY_ACTIVE);
  g_autofree char *claims = NULL;
  g_autofree char *body = NULL;
  g_autofree char *text = NULL;
  g_autofree char *sum = NULL;
  g_autoptr(GBytes) signature = NULL;

  if (active == NULL)
    return NULL;

  claims = write_claims (issuer, subject, now_ms);
  body = dyno_crypt_base64url (claims, strlen (claims));
  text = g_strconcat (dyno_token_key_get_head (active->key), ".", body, NULL);
  signature = dyno_token_key_sign (active->key, text, strlen (text));
  sum = dyno_crypt_base64url (g_bytes_get_data (signature, NULL), g_bytes_get_size (signature));

  return g_strconcat (text, ".", sum, NULL);
}

/* The claims of a token whose signature is right; NULL where it is not. */
static DynoJson *
open_token (const DynoTokenRing *ring,
            const char          *token)
{
  const char *body = strchr (token, '.');
  const char *sum = body != NULL ? strchr (body + 1, '.') : NULL;
  DynoTokenKey *key;
  g_autoptr(GBytes) signature = NULL;
  g_autoptr(GBytes) claims = NULL;

  if (sum == NULL || strlen (token) > DYNO_TOKEN_MAX_SIZE)
    return NULL;
  key = dyno_token_ring_find (ring, token, (gsize) (body - token));
  if (key == NULL)
    return NULL;
  signature = dyno_crypt_from_base64url (sum + 1, strlen (sum + 1));
  if (signature == NULL || !dyno_token_key_verify (key, token, (gsize) (sum - token), signature))
    return NULL;
  claims = dyno_crypt_from_base64url (body + 1, (gsize) (sum - body - 1));
  if (claims == NULL)
    return NULL;

  return dyno_json_parse (g_bytes_get_data (claims, NULL), (gssize) g_bytes_get_size (claims),
                          NULL);
}

static gboolean
is_text (const DynoJson *claims,
         const char     *name,
         const char     *wanted)
{
  const char *text = dyno_json_get_string (claims, name);

  return text != NULL && (wanted != NULL ? strcmp (text, wanted) == 0 : *text != '\0');
}

static gboolean
is_whole (const DynoJson *claims)
{
  if (dyno_json_type (claims) != DYNO_JSON_OBJECT
      || dyno_json_n_elements (claims) != G_N_ELEMENTS (claim_names))
    return FALSE;
  for (guint i = 0; i < G_N_ELEMENTS (claim_names); i++)
    {
      if (dyno_json_member (claims, claim_names[i]) == NULL)
        return FALSE;
    }

  return TRUE;
}

/* Everything but the time of its end. */
static gboolean
is_for_us (const DynoJson *claims,
           const char     *issuer,
           gint64          now_s)
{
  gint64 iat = dyno_json_get_integer (claims, "iat", -1);
  gint64 nbf = dyno_json_get_integer (claims, "nbf", G_MAXINT64);
  gint64 exp = dyno_json_get_integer (claims, "exp", -1);

  return is_whole (claims) && is_text (claims, "iss", issuer)
         && is_text (claims, "aud", DYNO_TOKEN_AUDIENCE) && is_text (claims, "sub", NULL)
         && is_text (claims, "sid", NULL) && is_text (claims, "jti", NULL) && iat >= 0
         && exp - iat == DYNO_TOKEN_LIFE_S && nbf >= 0 && nbf <= now_s + DYNO_TOKEN_LEEWAY_S
         && dyno_json_get_integer (claims, "auth_time", -1) >= 0
         && dyno_json_get_integer (claims, "epoch", -1) >= 0;
}

static DynoTokenClaims *
read_claims (const DynoJson *json)
{
  DynoTokenClaims *claims = g_new0 (DynoTokenClaims, 1);

  claims->user_id = g_strdup (dyno_json_get_string (json, "sub"));
  claims->sid = g_strdup (dyno_json_get_string (json, "sid"));
  claims->jti = g_strdup (dyno_json_get_string (json, "jti"));
  claims->auth_time_ms = 1000 * dyno_json_get_integer (json, "auth_time", 0);
  claims->expires_ms = 1000 * dyno_json_get_integer (json, "exp", 0);
  claims->epoch = dyno_json_get_integer (json, "epoch", -1);

  return claims;
}

DynoTokenVerdict
dyno_token_check (const DynoTokenRing  *ring,
                  const char           *issuer,
                  const char           *token,
                  gint64                now_ms,
                  DynoTokenClaims     **claims)
{
  g_autoptr(DynoJson) json = open_token (ring, token);

  *claims = NULL;
  if (json == NULL || !is_for_us (json, issuer, now_ms / 1000))
    return DYNO_TOKEN_BAD;
  if (now_ms >= 1000 * dyno_json_get_integer (json, "exp", 0))
    return DYNO_TOKEN_EXPIRED;
  *claims = read_claims (json);

  return DYNO_TOKEN_GOOD;
}
