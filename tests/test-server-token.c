/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

#include "config.h"

#include <glib/gstdio.h>
#include <string.h>

#include "dyno-crypt-seal.h"
#include "dyno-crypt-text.h"
#include "dyno-error.h"
#include "dyno-json.h"
#include "dyno-test.h"
#include "dyno-token.h"

#define NOW_MS G_GINT64_CONSTANT (1789000000000)
#define ISSUER "urn:dynoai:0199a2b4-7c1e-7d3a-9f00-3b8c5d6e7f80"

/* Made once: each takes a second. The third is the attacker's. */
static DynoTokenKey *keys[3];
static DynoTokenRing *ring;

static const DynoTokenSubject ana = {
  "usr_0aZ9bY8cX7dW6eV5fU4g", "ana@shop.example", "tuner",
  "0199a2b4-0000-7000-8000-000000000001", NOW_MS - 60000, 3,
};

static DynoTokenVerdict
verdict_at (const char *token,
            gint64      now_ms)
{
  g_autoptr(DynoTokenClaims) claims = NULL;
  DynoTokenVerdict verdict = dyno_token_check (ring, ISSUER, token, now_ms, &claims);

  g_assert_true ((claims != NULL) == (verdict == DYNO_TOKEN_GOOD));

  return verdict;
}

static DynoTokenVerdict
verdict (const char *token)
{
  return verdict_at (token, NOW_MS);
}

/* Any header and claims, really signed by `key`. */
static char *
seal (DynoTokenKey *key,
      const char   *head,
      const char   *claims)
{
  g_autofree char *first = dyno_crypt_base64url (head, strlen (head));
  g_autofree char *second = dyno_crypt_base64url (claims, strlen (claims));
  g_autofree char *text = g_strconcat (first, ".", second, NULL);
  g_autoptr(GBytes) signature = dyno_token_key_sign (key, text, strlen (text));
  g_autofree char *third =
      dyno_crypt_base64url (g_bytes_get_data (signature, NULL), g_bytes_get_size (signature));

  return g_strconcat (text, ".", third, NULL);
}

static char *
segment (const char *token,
         guint       index)
{
  g_auto(GStrv) parts = g_strsplit (token, ".", -1);
  g_autoptr(GBytes) bytes = dyno_crypt_from_base64url (parts[index], strlen (parts[index]));

  return g_strndup (g_bytes_get_data (bytes, NULL), g_bytes_get_size (bytes));
}

static char *
good_head (void)
{
  g_autofree char *token = dyno_token_issue (ring, ISSUER, &ana, NOW_MS);

  return segment (token, 0);
}

/* Our own header and signature over claims in which `from` became `to`. */
static char *
with_claim (const char *from,
            const char *to)
{
  g_autofree char *token = dyno_token_issue (ring, ISSUER, &ana, NOW_MS);
  g_autofree char *head = segment (token, 0);
  g_autofree char *claims = segment (token, 1);
  g_auto(GStrv) halves = g_strsplit (claims, from, 2);
  g_autofree char *changed = NULL;

  g_assert_cmpuint (g_strv_length (halves), ==, 2);
  changed = g_strconcat (halves[0], to, halves[1], NULL);

  return seal (keys[0], head, changed);
}

static void
test_round_trip (void)
{
  g_autofree char *token = dyno_token_issue (ring, ISSUER, &ana, NOW_MS);
  g_autoptr(DynoTokenClaims) claims = NULL;

  g_assert_cmpint (dyno_token_check (ring, ISSUER, token, NOW_MS, &claims), ==, DYNO_TOKEN_GOOD);
  g_assert_cmpstr (claims->user_id, ==, ana.user_id);
  g_assert_cmpstr (claims->sid, ==, ana.sid);
  g_assert_cmpint (claims->epoch, ==, 3);
  g_assert_cmpint (claims->auth_time_ms, ==, NOW_MS - 60000);
  g_assert_cmpint (claims->expires_ms, ==, NOW_MS + 900000);
  g_assert_cmpuint (strlen (claims->jti), ==, 36);
}

static void
test_form (void)
{
  g_autofree char *token = dyno_token_issue (ring, ISSUER, &ana, NOW_MS);
  g_autofree char *head = segment (token, 0);
  g_autofree char *claims = segment (token, 1);
  g_autofree char *wanted = g_strdup_printf ("{\"alg\":\"RS256\",\"kid\":\"%s\",\"typ\":\"at+jwt\"}",
                                             dyno_token_key_get_id (keys[0]));
  g_autoptr(DynoJson) json = dyno_json_parse (claims, -1, NULL);

  g_assert_cmpstr (head, ==, wanted);
  g_assert_cmpuint (dyno_json_n_elements (json), ==, 12);
  g_assert_cmpstr (dyno_json_get_string (json, "iss"), ==, ISSUER);
  g_assert_cmpstr (dyno_json_get_string (json, "aud"), ==, "dynoai-api");
  g_assert_cmpstr (dyno_json_string (dyno_json_element (dyno_json_member (json, "roles"), 0)), ==,
                   "tuner");
  g_assert_cmpint (dyno_json_get_integer (json, "exp", 0), ==,
                   dyno_json_get_integer (json, "iat", 0) + 900);
}

static void
test_time (void)
{
  g_autofree char *token = dyno_token_issue (ring, ISSUER, &ana, NOW_MS);

  g_assert_cmpint (verdict_at (token, NOW_MS + 899999), ==, DYNO_TOKEN_GOOD);
  g_assert_cmpint (verdict_at (token, NOW_MS + 900000), ==, DYNO_TOKEN_EXPIRED);
  g_assert_cmpint (verdict_at (token, NOW_MS - 5000), ==, DYNO_TOKEN_GOOD);
  g_assert_cmpint (verdict_at (token, NOW_MS - 6000), ==, DYNO_TOKEN_BAD);
}

/* A change in any place, and the end cut off anywhere. */
static void
test_flipped_characters (void)
{
  static const char alphabet[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
  g_autofree char *token = dyno_token_issue (ring, ISSUER, &ana, NOW_MS);
  gsize length = strlen (token);
  guint n = 0;

  for (gsize i = 0; i < length; i++)
    {
      for (guint bit = 0; bit < 6; bit++)
        {
          g_autofree char *forged = g_strdup (token);
          const char *place = strchr (alphabet, token[i]);

          forged[i] = place != NULL ? alphabet[(guint) (place - alphabet) ^ 1u << bit] : 'A';
          g_assert_cmpint (verdict (forged), ==, DYNO_TOKEN_BAD);
          forged[i] = '\0';
          g_assert_cmpint (verdict (forged), ==, DYNO_TOKEN_BAD);
          n++;
        }
    }
  g_assert_cmpuint (n, >=, 2000);
}

static void
test_segments (void)
{
  g_autofree char *token = dyno_token_issue (ring, ISSUER, &ana, NOW_MS);
  const char *const tails[] = { ".", "=", "==", ".a", " ", "\n", "A", "." ISSUER };
  g_autofree char *empty = g_strnfill (5000, 'a');

  for (guint i = 0; i < G_N_ELEMENTS (tails); i++)
    {
      g_autofree char *behind = g_strconcat (token, tails[i], NULL);
      g_autofree char *before = g_strconcat (tails[i], token, NULL);

      g_assert_cmpint (verdict (behind), ==, DYNO_TOKEN_BAD);
      g_assert_cmpint (verdict (before), ==, DYNO_TOKEN_BAD);
    }
  g_assert_cmpint (verdict (""), ==, DYNO_TOKEN_BAD);
  g_assert_cmpint (verdict ("."), ==, DYNO_TOKEN_BAD);
  g_assert_cmpint (verdict (".."), ==, DYNO_TOKEN_BAD);
  g_assert_cmpint (verdict (empty), ==, DYNO_TOKEN_BAD);
}

static void
test_size (void)
{
  g_autofree char *long_name = g_strnfill (4000, 'x');
  DynoTokenSubject subject = ana;
  g_autofree char *token = NULL;

  subject.email = long_name;
  token = dyno_token_issue (ring, ISSUER, &subject, NOW_MS);
  g_assert_cmpint (verdict (token), ==, DYNO_TOKEN_BAD);
}

/* The header of the attack, our claims, and the signature as the header would have it. */
static void
test_algorithms (void)
{
  static const char *const names[] = { "none", "None", "NONE", "nOnE", "", "HS256", "RS384",
                                       "RS512", "PS256", "ES256", "EdDSA", "rs256" };
  g_autofree char *token = dyno_token_issue (ring, ISSUER, &ana, NOW_MS);
  g_auto(GStrv) parts = g_strsplit (token, ".", 3);

  for (guint i = 0; i < G_N_ELEMENTS (names); i++)
    {
      g_autofree char *head =
          g_strdup_printf ("{\"alg\":\"%s\",\"kid\":\"%s\",\"typ\":\"at+jwt\"}", names[i],
                           dyno_token_key_get_id (keys[0]));
      g_autofree char *first = dyno_crypt_base64url (head, strlen (head));
      g_autofree char *unsigned_one = g_strconcat (first, ".", parts[1], ".", NULL);
      g_autofree char *old_sum = g_strconcat (first, ".", parts[1], ".", parts[2], NULL);
      g_autofree char *resigned = seal (keys[0], head, "{}");

      g_assert_cmpint (verdict (unsigned_one), ==, DYNO_TOKEN_BAD);
      g_assert_cmpint (verdict (old_sum), ==, DYNO_TOKEN_BAD);
      g_assert_cmpint (verdict (resigned), ==, DYNO_TOKEN_BAD);
    }
}

/* HS256 with everything of the public key that anybody can know as the secret. */
static void
test_public_key_as_secret (void)
{
  g_autofree char *token = dyno_token_issue (ring, ISSUER, &ana, NOW_MS);
  g_auto(GStrv) parts = g_strsplit (token, ".", 3);
  g_autofree char *jwk = dyno_token_key_to_jwk (keys[0]);
  g_autofree char *jwks = dyno_token_ring_to_jwks (ring);
  g_autoptr(DynoJson) json = dyno_json_parse (jwk, -1, NULL);
  const char *secrets[] = { jwk, jwks, dyno_json_get_string (json, "n"),
                            dyno_token_key_get_id (keys[0]), "" };
  g_autofree char *ours = good_head ();
  const char *heads[] = { "{\"alg\":\"HS256\",\"typ\":\"at+jwt\"}", ours };

  for (guint i = 0; i < G_N_ELEMENTS (secrets) * G_N_ELEMENTS (heads); i++)
    {
      const char *secret = secrets[i / G_N_ELEMENTS (heads)];
      const char *head = heads[i % G_N_ELEMENTS (heads)];
      g_autoptr(GBytes) key = g_bytes_new (secret, strlen (secret));
      g_autofree char *first = dyno_crypt_base64url (head, strlen (head));
      g_autofree char *text = g_strconcat (first, ".", parts[1], NULL);
      guint8 mac[DYNO_HMAC_SIZE];
      g_autofree char *sum = NULL;
      g_autofree char *forged = NULL;

      dyno_crypt_hmac (key, text, strlen (text), mac);
      sum = dyno_crypt_base64url (mac, sizeof mac);
      forged = g_strconcat (text, ".", sum, NULL);
      g_assert_cmpint (verdict (forged), ==, DYNO_TOKEN_BAD);
    }
}

/* Signed by somebody else, with a header that says where his key is to be found. */
static void
test_headers (void)
{
  static const char *const members[] = {
    "\"kid\":\"../../../dev/null\"", "\"kid\":\"' OR 1=1 --\"", "\"kid\":\"\"", "\"kid\":null",
    "\"kid\":%s,\"kid\":%s", "\"kid\":%s,\"jku\":\"https://evil.example/jwks\"",
    "\"kid\":%s,\"x5u\":\"https://evil.example/cert\"", "\"kid\":%s,\"x5c\":[\"MIIB\"]",
    "\"kid\":%s,\"crit\":[\"exp\"]", "\"kid\":%s,\"b64\":false", "\"kid\":%s", "\"x\":1",
    "\"kid\":%s,\"jwk\":%j", "\"kid\":%s,\"zip\":\"DEF\"", "\"kid\":%s,\"cty\":\"JWT\"",
  };
  g_autofree char *token = dyno_token_issue (ring, ISSUER, &ana, NOW_MS);
  g_autofree char *claims = segment (token, 1);
  g_autofree char *own_jwk = dyno_token_key_to_jwk (keys[2]);

  for (guint i = 0; i < G_N_ELEMENTS (members) * 2; i++)
    {
      g_autofree char *kid =
          g_strdup_printf ("\"%s\"", dyno_token_key_get_id (i % 2 == 0 ? keys[0] : keys[2]));
      g_autoptr(GString) head = g_string_new ("{\"alg\":\"RS256\",");
      g_autofree char *forged = NULL;

      g_string_append (head, members[i / 2]);
      g_string_replace (head, "%s", kid, 0);
      g_string_replace (head, "%j", own_jwk, 0);
      g_string_append (head, ",\"typ\":\"at+jwt\"}");
      forged = seal (keys[2], head->str, claims);
      g_assert_cmpint (verdict (forged), ==, DYNO_TOKEN_BAD);
    }
}

/* Not even our own key makes another header good. */
static void
test_own_key_other_header (void)
{
  static const char *const heads[] = {
    "{\"kid\":\"%s\",\"alg\":\"RS256\",\"typ\":\"at+jwt\"}",
    "{\"alg\":\"RS256\",\"kid\":\"%s\",\"typ\":\"JWT\"}",
    "{\"alg\":\"RS256\",\"kid\":\"%s\"}",
    "{\"alg\":\"RS256\",\"kid\":\"%s\",\"typ\":\"at+jwt\",\"x\":1}",
    "{\"alg\":\"RS256\", \"kid\":\"%s\",\"typ\":\"at+jwt\"}",
  };
  g_autofree char *token = dyno_token_issue (ring, ISSUER, &ana, NOW_MS);
  g_autofree char *claims = segment (token, 1);

  for (guint i = 0; i < G_N_ELEMENTS (heads); i++)
    {
      g_autoptr(GString) head = g_string_new (heads[i]);
      g_autofree char *forged = NULL;

      g_string_replace (head, "%s", dyno_token_key_get_id (keys[0]), 0);
      forged = seal (keys[0], head->str, claims);
      g_assert_cmpint (verdict (forged), ==, DYNO_TOKEN_BAD);
    }
}

/* What our own key signed by mistake is still refused, claim by claim. */
static void
test_claims (void)
{
  static const struct
  {
    const char *from;
    const char *to;
  } wrong[] = {
    { "\"iss\":\"" ISSUER "\"", "\"iss\":\"urn:dynoai:other\"" },
    { "\"iss\":\"" ISSUER "\"", "\"iss\":null" },
    { "\"aud\":\"dynoai-api\"", "\"aud\":\"dynoai-api2\"" },
    { "\"aud\":\"dynoai-api\"", "\"aud\":[\"dynoai-api\"]" },
    { "\"aud\":\"dynoai-api\"", "\"aud\":\"dynoai-api\",\"aud\":\"dynoai-api\"" },
    { "\"aud\":", "\"azp\":" },
    { "\"sub\":\"usr_0aZ9bY8cX7dW6eV5fU4g\"", "\"sub\":\"\"" },
    { "\"sub\":\"usr_0aZ9bY8cX7dW6eV5fU4g\"", "\"sub\":7" },
    { "\"sid\":\"0199a2b4-0000-7000-8000-000000000001\"", "\"sid\":null" },
    { "\"jti\":\"", "\"jtj\":\"" },
    { "\"nbf\":1789000000", "\"nbf\":1789000006" },
    { "\"nbf\":1789000000", "\"nbf\":\"1789000000\"" },
    { "\"nbf\":1789000000", "\"nbf\":-1" },
    { "\"exp\":1789000900", "\"exp\":1789000901" },
    { "\"exp\":1789000900", "\"exp\":1789000899" },
    { "\"exp\":1789000900", "\"exp\":1789000900.5" },
    { "\"exp\":1789000900", "\"exp\":1e999" },
    { "\"exp\":1789000900", "\"exp\":null" },
    { "\"iat\":1789000000", "\"iat\":1789000001" },
    { "\"iat\":1789000000,", "" },
    { "\"auth_time\":1788999940", "\"auth_time\":true" },
    { "\"epoch\":3", "\"epoch\":\"3\"" },
    { "\"epoch\":3", "\"epoch\":-3" },
    { "\"epoch\":3", "\"epoch\":3,\"admin\":true" },
    { "\"epoch\":3}", "\"epoch\":3}}" },
    { "\"epoch\":3}", "\"epoch\":3} " "{}" },
    { "{\"iss\"", "[{\"iss\"" },
  };

  for (guint i = 0; i < G_N_ELEMENTS (wrong); i++)
    {
      g_autofree char *forged = with_claim (wrong[i].from, wrong[i].to);

      g_assert_cmpint (verdict (forged), ==, DYNO_TOKEN_BAD);
    }
}

/* What with_claim () makes of no change is good: the test above can fail. */
static void
test_claims_unchanged (void)
{
  g_autofree char *same = with_claim ("\"epoch\":3", "\"epoch\":3");

  g_assert_cmpint (verdict (same), ==, DYNO_TOKEN_GOOD);
}

static void
test_der (void)
{
  g_autoptr(GBytes) der = dyno_token_key_to_der (keys[1]);
  g_autoptr(DynoTokenKey) again = dyno_token_key_from_der (der, NULL);
  g_autoptr(GBytes) cut = g_bytes_new_from_bytes (der, 0, g_bytes_get_size (der) - 9);
  g_autoptr(GError) error = NULL;

  g_assert_cmpstr (dyno_token_key_get_id (again), ==, dyno_token_key_get_id (keys[1]));
  g_assert_null (dyno_token_key_from_der (cut, &error));
  g_assert_error (error, DYNO_ERROR, DYNO_ERROR_CORRUPT);
}

static void
assert_ring (const DynoTokenRing *self,
             DynoTokenKey        *active,
             DynoTokenKey        *next,
             DynoTokenKey        *retired)
{
  DynoTokenKey *wanted[] = { active, next, retired };

  for (guint i = 0; i < DYNO_N_TOKEN_KEY_STATES; i++)
    {
      const DynoTokenSlot *slot = dyno_token_ring_get (self, i);

      g_assert_true ((slot != NULL ? slot->key : NULL) == wanted[i]);
    }
}

#define HOURS(n) ((n) * DYNO_TOKEN_HOUR_MS)
#define DAYS(n)  HOURS (24 * (n))

static void
test_lives (void)
{
  g_autoptr(DynoTokenRing) none = dyno_token_ring_new (NULL, 0);
  g_autoptr(DynoTokenRing) first = dyno_token_ring_turn (none, keys[0], NOW_MS);
  g_autoptr(DynoTokenRing) second = dyno_token_ring_turn (first, keys[1], NOW_MS + DAYS (29));
  g_autoptr(DynoTokenRing) third = dyno_token_ring_turn (second, NULL, NOW_MS + DAYS (30));
  g_autoptr(DynoTokenRing) fourth = dyno_token_ring_turn (third, NULL, NOW_MS + DAYS (31));

  g_assert_true (dyno_token_ring_wants_key (none, NOW_MS));
  assert_ring (first, keys[0], NULL, NULL);
  g_assert_false (dyno_token_ring_wants_key (first, NOW_MS + DAYS (29) - 1));
  g_assert_true (dyno_token_ring_wants_key (first, NOW_MS + DAYS (29)));
  assert_ring (second, keys[0], keys[1], NULL);
  g_assert_false (dyno_token_ring_wants_key (second, NOW_MS + DAYS (29)));
  g_assert_false (dyno_token_ring_is_due (second, NOW_MS + DAYS (30) - 1));
  g_assert_true (dyno_token_ring_is_due (second, NOW_MS + DAYS (30)));
  assert_ring (third, keys[1], NULL, keys[0]);
  g_assert_false (dyno_token_ring_is_due (third, NOW_MS + DAYS (31) - 1));
  g_assert_true (dyno_token_ring_is_due (third, NOW_MS + DAYS (31)));
  assert_ring (fourth, keys[1], NULL, NULL);
}

/* The program stood still for two months: the next key is published for a day before
 * it signs, all the same. */
static void
test_late (void)
{
  g_autoptr(DynoTokenRing) none = dyno_token_ring_new (NULL, 0);
  g_autoptr(DynoTokenRing) first = dyno_token_ring_turn (none, keys[0], NOW_MS);
  g_autoptr(DynoTokenRing) late = dyno_token_ring_turn (first, keys[1], NOW_MS + DAYS (60));
  g_autoptr(DynoTokenRing) turned =
      dyno_token_ring_turn (late, NULL, NOW_MS + DAYS (60) + HOURS (24));

  assert_ring (late, keys[0], keys[1], NULL);
  g_assert_false (dyno_token_ring_is_due (late, NOW_MS + DAYS (60) + HOURS (24) - 1));
  assert_ring (turned, keys[1], NULL, keys[0]);
}

/* The retired key is still believed; after an emergency no old one is. */
static void
test_believed (void)
{
  g_autofree char *token = dyno_token_issue (ring, ISSUER, &ana, NOW_MS);
  DynoTokenSlot slots[] = { { keys[0], DYNO_TOKEN_KEY_RETIRED, 1, 1, NOW_MS },
                            { keys[1], DYNO_TOKEN_KEY_ACTIVE, 2, 2, 0 } };
  g_autoptr(DynoTokenRing) turned = dyno_token_ring_new (slots, 2);
  g_autoptr(DynoTokenRing) replaced = dyno_token_ring_replace (keys[1], NOW_MS);
  g_autoptr(DynoTokenClaims) claims = NULL;
  g_autoptr(DynoTokenClaims) nothing = NULL;

  g_assert_cmpint (dyno_token_check (turned, ISSUER, token, NOW_MS, &claims), ==, DYNO_TOKEN_GOOD);
  g_assert_cmpint (dyno_token_check (replaced, ISSUER, token, NOW_MS, &nothing), ==,
                   DYNO_TOKEN_BAD);
}

static void
test_no_key (void)
{
  g_autoptr(DynoTokenRing) none = dyno_token_ring_new (NULL, 0);
  g_autofree char *jwks = dyno_token_ring_to_jwks (none);

  g_assert_null (dyno_token_issue (none, ISSUER, &ana, NOW_MS));
  g_assert_cmpstr (jwks, ==, "{\"keys\":[]}");
}

static const char verifier[] =
  "import json, sys, jwt\n"
  "jwks, token, issuer = json.load (open (sys.argv[1])), sys.argv[2], sys.argv[3]\n"
  "kid = jwt.get_unverified_header (token)['kid']\n"
  "jwk = [k for k in jwks['keys'] if k['kid'] == kid][0]\n"
  "key = jwt.algorithms.RSAAlgorithm.from_jwk (json.dumps (jwk))\n"
  "claims = jwt.decode (token, key, ['RS256'], audience='dynoai-api', issuer=issuer)\n"
  "print (claims['sub'])\n";

/* Somebody else's library reads our token by our key set, and refuses a changed one. */
static gboolean
is_good_elsewhere (const char *jwks_path,
                   const char *token)
{
  g_autofree char *out = NULL;
  const char *argv[] = { "/usr/bin/python3", "-c", verifier, jwks_path, token, ISSUER, NULL };
  int status = 1;

  g_spawn_sync (NULL, (char **) argv, NULL, G_SPAWN_STDERR_TO_DEV_NULL, NULL, NULL, &out, NULL,
                &status, NULL);

  return g_spawn_check_wait_status (status, NULL)
         && g_strcmp0 (g_strstrip (out), "usr_0aZ9bY8cX7dW6eV5fU4g") == 0;
}

static gboolean
has_pyjwt (void)
{
  const char *argv[] = { "/usr/bin/python3", "-c", "import jwt, cryptography", NULL };
  int status = 1;

  return g_spawn_sync (NULL, (char **) argv, NULL, G_SPAWN_STDERR_TO_DEV_NULL, NULL, NULL, NULL,
                       NULL, &status, NULL)
         && g_spawn_check_wait_status (status, NULL);
}

static void
test_elsewhere (void)
{
  g_autofree char *folder = dyno_test_make_folder ();
  g_autofree char *path = g_build_filename (folder, "jwks.json", NULL);
  g_autofree char *jwks = dyno_token_ring_to_jwks (ring);
  gint64 now_ms = g_get_real_time () / 1000;
  g_autofree char *token = dyno_token_issue (ring, ISSUER, &ana, now_ms);
  g_autofree char *stale = dyno_token_issue (ring, ISSUER, &ana, now_ms - 1000000);

  g_assert_true (g_file_set_contents (path, jwks, -1, NULL));
  if (has_pyjwt ())
    {
      g_assert_true (is_good_elsewhere (path, token));
      g_assert_false (is_good_elsewhere (path, stale));
      token[strlen (token) - 20] ^= 1;
      g_assert_false (is_good_elsewhere (path, token));
    }
  else
    g_test_skip ("python3-jwt is not installed");
  dyno_test_remove_folder (folder);
}

static void
add_forgeries (void)
{
  g_test_add_func ("/server/token/flipped-characters", test_flipped_characters);
  g_test_add_func ("/server/token/segments", test_segments);
  g_test_add_func ("/server/token/size", test_size);
  g_test_add_func ("/server/token/algorithms", test_algorithms);
  g_test_add_func ("/server/token/public-key-as-secret", test_public_key_as_secret);
  g_test_add_func ("/server/token/headers", test_headers);
  g_test_add_func ("/server/token/own-key-other-header", test_own_key_other_header);
  g_test_add_func ("/server/token/claims", test_claims);
  g_test_add_func ("/server/token/claims-unchanged", test_claims_unchanged);
}

int
main (int   argc,
      char *argv[])
{
  DynoTokenSlot slot = { .state = DYNO_TOKEN_KEY_ACTIVE };
  int status;

  g_test_init (&argc, &argv, NULL);
  for (guint i = 0; i < G_N_ELEMENTS (keys); i++)
    keys[i] = dyno_token_key_generate ();
  slot.key = keys[0];
  ring = dyno_token_ring_new (&slot, 1);

  g_test_add_func ("/server/token/round-trip", test_round_trip);
  g_test_add_func ("/server/token/form", test_form);
  g_test_add_func ("/server/token/time", test_time);
  add_forgeries ();
  g_test_add_func ("/server/token/der", test_der);
  g_test_add_func ("/server/token/lives", test_lives);
  g_test_add_func ("/server/token/late", test_late);
  g_test_add_func ("/server/token/believed", test_believed);
  g_test_add_func ("/server/token/no-key", test_no_key);
  g_test_add_func ("/server/token/elsewhere", test_elsewhere);

  status = g_test_run ();
  dyno_token_ring_unref (ring);
  for (guint i = 0; i < G_N_ELEMENTS (keys); i++)
    dyno_token_key_unref (keys[i]);

  return status;
}
