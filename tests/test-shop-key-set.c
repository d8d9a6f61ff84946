/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

#include "config.h"

#include "dyno-crypt-text.h"
#include "dyno-crypt.h"
#include "dyno-error.h"
#include "dyno-key-set.h"
#include "dyno-key-terms.h"

#include <string.h>

#define NOW_MS G_GINT64_CONSTANT (1789000000000)
#define N_GUESSES 2000000

static DynoKeyRecord *
make_record (const char *text,
             const char *id)
{
  DynoKeyRecord *record = g_new0 (DynoKeyRecord, 1);

  g_assert_true (dyno_key_sum (text, record->sha256));
  record->id = g_strdup (id);
  record->name = g_strdup ("Grafana");
  record->user_id = g_strdup ("usr_1");
  record->owner_role = g_strdup ("tuner");
  record->scopes = g_strdup ("[\"runs:read\",\"metrics:read\"]");
  record->cidrs = g_strdup ("[]");
  record->per_minute = 60;
  record->per_day = 10000;
  record->expires_ms = NOW_MS + 1000;

  return record;
}

static DynoKeySet *
make_set (DynoKeyRecord *record)
{
  g_autoptr(GPtrArray) records
    = g_ptr_array_new_with_free_func ((GDestroyNotify) dyno_key_record_free);

  g_ptr_array_add (records, record);

  return dyno_key_set_new (records);
}

static gboolean
lets_in (DynoKeySet *set,
         const char *text,
         const char *address,
         gint64      now_ms)
{
  g_autoptr(GInetAddress) from
    = address != NULL ? g_inet_address_new_from_string (address) : NULL;
  g_autoptr(DynoPrincipal) principal = dyno_key_set_check (set, text, from, now_ms);

  return principal != NULL;
}

/* What it holds is what it was given and its owner has: a tuner has no metrics. */
static void
test_principal (void)
{
  g_autofree char *text = dyno_crypt_new_token (DYNO_KEY_PREFIX);
  g_autoptr(DynoKeySet) set = make_set (make_record (text, "key_1"));
  g_autoptr(DynoPrincipal) principal = dyno_key_set_check (set, text, NULL, NOW_MS);

  g_assert_nonnull (principal);
  g_assert_cmpint (principal->kind, ==, DYNO_PRINCIPAL_KEY);
  g_assert_cmpuint (principal->scopes, ==, DYNO_SCOPE_BIT (DYNO_SCOPE_RUNS_READ));
  g_assert_cmpstr (principal->key_id, ==, "key_1");
  g_assert_cmpstr (principal->user_id, ==, "usr_1");
  g_assert_cmpstr (dyno_principal_id (principal), ==, "key_1");
  g_assert_cmpuint (principal->per_minute, ==, 60);
  g_assert_cmpuint (principal->per_day, ==, 10000);
  g_assert_cmpint (principal->expires_ms, ==, NOW_MS + 1000);
  g_assert_cmpint (principal->auth_time_ms, ==, 0);
}

/* Negative cases; each text differs from the good one in one thing. */
static void
test_only_that_text (void)
{
  g_autofree char *text = dyno_crypt_new_token (DYNO_KEY_PREFIX);
  g_autofree char *other = dyno_crypt_new_token (DYNO_KEY_PREFIX);
  g_autofree char *longer = g_strconcat (text, "0", NULL);
  g_autofree char *spaced = g_strconcat (" ", text, NULL);
  g_autofree char *refresh = g_strconcat ("dynort_", text + strlen (DYNO_KEY_PREFIX), NULL);
  g_autoptr(DynoKeySet) set = make_set (make_record (text, "key_1"));

  g_assert_true (lets_in (set, text, NULL, NOW_MS));
  g_assert_false (lets_in (set, other, NULL, NOW_MS));
  g_assert_false (lets_in (set, longer, NULL, NOW_MS));
  g_assert_false (lets_in (set, spaced, NULL, NOW_MS));
  g_assert_false (lets_in (set, refresh, NULL, NOW_MS));
  g_assert_false (lets_in (set, "", NULL, NOW_MS));
  for (gsize i = 0; text[i] != '\0'; i++)
    {
      char kept = text[i];

      text[i] = kept == 'q' ? 'Q' : 'q';
      g_assert_false (lets_in (set, text, NULL, NOW_MS));
      text[i] = kept;
    }
}

static void
test_expiry (void)
{
  g_autofree char *text = dyno_crypt_new_token (DYNO_KEY_PREFIX);
  DynoKeyRecord *endless = make_record (text, "key_1");
  g_autoptr(DynoKeySet) set = make_set (make_record (text, "key_1"));
  g_autoptr(DynoKeySet) for_ever = NULL;

  g_assert_true (lets_in (set, text, NULL, NOW_MS + 999));
  g_assert_true (dyno_key_set_has (set, "key_1", NOW_MS + 999));
  g_assert_false (lets_in (set, text, NULL, NOW_MS + 1000));
  g_assert_false (dyno_key_set_has (set, "key_1", NOW_MS + 1000));
  g_assert_false (dyno_key_set_has (set, "key_2", NOW_MS));
  endless->expires_ms = 0;
  for_ever = make_set (endless);
  g_assert_true (lets_in (for_ever, text, NULL, G_MAXINT64));
}

static void
test_addresses (void)
{
  g_autofree char *text = dyno_crypt_new_token (DYNO_KEY_PREFIX);
  DynoKeyRecord *record = make_record (text, "key_1");
  g_autoptr(DynoKeySet) set = NULL;

  g_free (record->cidrs);
  record->cidrs = g_strdup ("[\"192.168.1.0/24\",\"fd00::/8\"]");
  set = make_set (record);
  g_assert_true (lets_in (set, text, "192.168.1.255", NOW_MS));
  g_assert_true (lets_in (set, text, "fd12::1", NOW_MS));
  g_assert_false (lets_in (set, text, "192.168.2.1", NOW_MS));
  g_assert_false (lets_in (set, text, "2001:db8::1", NOW_MS));
  g_assert_false (lets_in (set, text, NULL, NOW_MS));
}

/* A row that nobody understands lets nobody in. */
static void
test_damaged_rows (void)
{
  static const struct
  {
    const char *scopes;
    const char *cidrs;
    const char *role;
  } bad[] = {
    { "[\"runs:everything\"]", "[]", "tuner" }, { "runs:read", "[]", "tuner" },
    { "{}", "[]", "tuner" },                    { "[1]", "[]", "tuner" },
    { "[]", "[\"everywhere\"]", "tuner" },      { "[]", "", "tuner" },
    { "[]", "[]", "owner" },                    { "[]", "[]", "emperor" },
    { "[]", "{}", "tuner" },                    { "[]", "\"10.0.0.0/8\"", "tuner" },
  };

  for (guint i = 0; i < G_N_ELEMENTS (bad); i++)
    {
      g_autofree char *text = dyno_crypt_new_token (DYNO_KEY_PREFIX);
      DynoKeyRecord *record = make_record (text, "key_1");
      g_autoptr(DynoKeySet) set = NULL;

      g_free (record->scopes);
      record->scopes = g_strdup (bad[i].scopes);
      g_free (record->cidrs);
      record->cidrs = g_strdup (bad[i].cidrs);
      g_free (record->owner_role);
      record->owner_role = g_strdup (bad[i].role);
      set = make_set (record);
      g_assert_cmpuint (dyno_key_set_size (set), ==, 0);
      g_assert_false (lets_in (set, text, NULL, NOW_MS));
    }
}

/* Entries of API_KEYS are not of our shape and have no sum in them. */
static void
test_foreign_texts (void)
{
  static const char entry[] = "a-key-of-another-program-9f8e7d6c5b4a";
  g_autofree char *longest = g_strnfill (128, 'x');
  g_autofree char *too_long = g_strnfill (129, 'x');
  g_autofree char *short_one = g_strnfill (31, 'x');
  g_autoptr(DynoKeySet) set = make_set (make_record (entry, "key_1"));
  guint8 sum[DYNO_KEY_HASH_SIZE];

  g_assert_true (lets_in (set, entry, NULL, NOW_MS));
  g_assert_false (lets_in (set, "a-key-of-another-program-9f8e7d6c5b4b", NULL, NOW_MS));
  g_assert_true (dyno_key_sum (longest, sum));
  g_assert_false (dyno_key_sum (too_long, sum));
  g_assert_false (dyno_key_sum (short_one, sum));
  g_assert_false (dyno_key_sum ("thirty-two characters with blanks", sum));
  g_assert_false (dyno_key_sum ("thirty-two-characters-and-ümlauts!", sum));
}

/* Two million guesses, half of them with the right sum. */
static void
test_guesses (void)
{
  g_autofree char *text = dyno_crypt_new_token (DYNO_KEY_PREFIX);
  g_autoptr(DynoKeySet) set = make_set (make_record (text, "key_1"));
  g_autoptr(GRand) rand = g_rand_new_with_seed (4711);

  for (guint i = 0; i < N_GUESSES; i++)
    {
      guint32 raw[DYNO_TOKEN_RAW_SIZE / 4];
      g_autofree char *guess = NULL;

      for (guint j = 0; j < G_N_ELEMENTS (raw); j++)
        raw[j] = g_rand_int (rand);
      if (i % 2 == 0)
        guess = dyno_crypt_make_token (DYNO_KEY_PREFIX, (const guint8 *) raw);
      else
        guess = dyno_crypt_base64url (raw, sizeof raw);
      g_assert_false (lets_in (set, guess, NULL, NOW_MS));
    }
  g_assert_true (lets_in (set, text, NULL, NOW_MS));
}

static void
test_terms (void)
{
  static const char *const good[] = { "10.1.2.0/24", "::1", NULL };
  static const char *const bad[] = { "10.0.0.0/33", NULL };
  static const char *const host_bits[] = { "10.0.0.1/8", NULL };
  g_auto(GStrv) many = g_new0 (char *, DYNO_KEY_MOST_CIDRS + 2);
  g_autofree char *none = dyno_key_terms_put_cidrs (NULL, NULL);
  g_autofree char *two = dyno_key_terms_put_cidrs (good, NULL);
  g_autofree char *scopes = dyno_key_terms_put_scopes (DYNO_SCOPES_ALL);
  g_autoptr(GError) error = NULL;
  g_autoptr(GError) second = NULL;
  g_autoptr(GError) third = NULL;
  DynoScopes read_back;

  g_assert_cmpstr (none, ==, "[]");
  g_assert_cmpstr (two, ==, "[\"10.1.2.0/24\",\"::1\"]");
  g_assert_null (dyno_key_terms_put_cidrs (bad, &error));
  g_assert_error (error, DYNO_ERROR, DYNO_ERROR_INVALID);
  g_assert_null (dyno_key_terms_put_cidrs (host_bits, &second));
  g_assert_cmpstr (dyno_error_get_reason (second), ==, "cidr");
  for (int i = 0; i <= DYNO_KEY_MOST_CIDRS; i++)
    many[i] = g_strdup ("::1");
  g_assert_null (dyno_key_terms_put_cidrs ((const char *const *) many, &third));
  g_assert_true (dyno_key_terms_scopes (scopes, &read_back));
  g_assert_cmpuint (read_back, ==, DYNO_SCOPES_ALL);
}

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/key-set/principal", test_principal);
  g_test_add_func ("/key-set/only-that-text", test_only_that_text);
  g_test_add_func ("/key-set/expiry", test_expiry);
  g_test_add_func ("/key-set/addresses", test_addresses);
  g_test_add_func ("/key-set/damaged-rows", test_damaged_rows);
  g_test_add_func ("/key-set/foreign-texts", test_foreign_texts);
  g_test_add_func ("/key-set/guesses", test_guesses);
  g_test_add_func ("/key-set/terms", test_terms);

  return g_test_run ();
}
