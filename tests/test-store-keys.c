/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

#include "config.h"

#include "dyno-error.h"
#include "dyno-test-store.h"

#include <string.h>

#define HOUR_MS G_GINT64_CONSTANT (3600000)

static DynoKeyRecord *
make_key (const char *user_id,
          guint8      sum)
{
  DynoKeyRecord *key = g_new0 (DynoKeyRecord, 1);

  memset (key->sha256, sum, sizeof key->sha256);
  key->display = g_strdup ("7Qm1…9xZa");
  key->name = g_strdup_printf ("Key %u", sum);
  key->user_id = g_strdup (user_id);
  key->scopes = g_strdup ("[\"runs:read\"]");
  key->cidrs = g_strdup ("[]");
  key->per_minute = 60;
  key->per_day = 10000;
  key->created_by = g_strdup ("local:owner");
  key->expires_ms = DYNO_TEST_STORE_BEGIN_MS + 24 * HOUR_MS;

  return key;
}

static char *
find_owner (DynoTestStore *f,
            const char    *who)
{
  g_autoptr(GError) error = NULL;
  char *id = dyno_test_verb (f, find_key_owner, &error, who);

  g_assert_no_error (error);

  return id;
}

static DynoKeyRecord *
add (DynoTestStore *f,
     const char    *label,
     guint8         sum)
{
  g_autofree char *owner = find_owner (f, label);
  g_autoptr(GError) error = NULL;
  DynoKeyRecord *key = dyno_test_verb (f, add_key, &error, make_key (owner, sum));

  g_assert_no_error (error);

  return key;
}

static guint
count_live (DynoTestStore *f)
{
  g_autoptr(GPtrArray) keys = dyno_test_verb0 (f, list_live_keys, NULL);

  return keys->len;
}

static void
test_owners (DynoTestStore *f,
             gconstpointer  unused)
{
  g_autofree char *bay = find_owner (f, "Bay 2");
  g_autofree char *same = find_owner (f, "Bay 2");
  g_autofree char *other = find_owner (f, "Bay 3");
  g_autofree char *by_id = find_owner (f, bay);
  g_autofree char *ana = NULL;
  g_autoptr(GError) disabled = NULL;
  g_autoptr(GError) local = NULL;

  g_assert_cmpstr (bay, ==, same);
  g_assert_cmpstr (bay, ==, by_id);
  g_assert_cmpstr (bay, !=, other);
  dyno_test_store_close (f);
  dyno_test_store_sql (f, "INSERT INTO users (id, role, status, email, email_key, display_name,"
                          " max_requests_per_day, locale, timezone, units, epoch, revision,"
                          " created_at, updated_at) VALUES"
                          " ('usr_ana', 'tuner', 'active', 'Ana@Shop.example', 'ana@shop.example',"
                          " 'Ana', 1, '', '', '', 1, 1, 0, 0),"
                          " ('usr_bo', 'tuner', 'disabled', 'bo@shop.example',"
                          " 'bo@shop.example', 'Bo', 1, '', '', '', 1, 1, 0, 0);");
  dyno_test_store_open (f, DYNO_STORE_DEFAULT, NULL);
  ana = find_owner (f, "ANA@shop.example");
  g_assert_cmpstr (ana, ==, "usr_ana");
  g_assert_null (dyno_test_verb (f, find_key_owner, &disabled, "bo@shop.example"));
  g_assert_error (disabled, DYNO_ERROR, DYNO_ERROR_CONFLICT);
  g_assert_null (dyno_test_verb (f, find_key_owner, &local, "local:owner"));
  g_assert_error (local, DYNO_ERROR, DYNO_ERROR_CONFLICT);
}

static void
test_life (DynoTestStore *f,
           gconstpointer  unused)
{
  g_autoptr(DynoKeyRecord) key = add (f, "Bay 2", 1);
  g_autoptr(DynoKeyRecord) edited = NULL;
  g_autoptr(DynoKeyRecord) gone = NULL;
  g_autoptr(GError) stale = NULL;
  g_autoptr(GError) revoked = NULL;
  DynoKeyRecord *change = make_key (NULL, 9);

  g_assert_true (g_str_has_prefix (key->id, "key_"));
  g_assert_cmpstr (key->owner_role, ==, "service");
  g_assert_cmpstr (key->owner_status, ==, "active");
  g_assert_cmpstr (key->owner_name, ==, "Bay 2");
  g_assert_cmpint (key->revision, ==, 1);
  g_assert_cmpint (key->created_ms, ==, DYNO_TEST_STORE_BEGIN_MS);
  g_assert_cmpint (key->sha256[31], ==, 1);
  g_assert_cmpuint (count_live (f), ==, 1);

  change->id = g_strdup (key->id);
  change->revision = 1;
  change->per_minute = 7;
  edited = dyno_test_verb (f, edit_key, NULL, change);
  g_assert_cmpint (edited->per_minute, ==, 7);
  g_assert_cmpint (edited->revision, ==, 2);
  g_assert_cmpint (edited->sha256[0], ==, 1); /* another secret is another key */
  change = make_key (NULL, 9);
  change->id = g_strdup (key->id);
  change->revision = 1;
  g_assert_null (dyno_test_verb (f, edit_key, &stale, change));
  g_assert_error (stale, DYNO_ERROR, DYNO_ERROR_CONFLICT);

  g_assert_true (dyno_test_verb (f, revoke_key, NULL, key->id, "usr_1"));
  g_assert_true (dyno_test_verb (f, revoke_key, NULL, key->id, "usr_2"));
  gone = dyno_test_verb (f, get_key, NULL, key->id);
  g_assert_cmpstr (gone->revoked_by, ==, "usr_1");
  g_assert_cmpint (gone->revision, ==, 3);
  g_assert_cmpuint (count_live (f), ==, 0);
  change = make_key (NULL, 9);
  change->id = g_strdup (key->id);
  change->revision = 3;
  g_assert_null (dyno_test_verb (f, edit_key, &revoked, change));
  g_assert_error (revoked, DYNO_ERROR, DYNO_ERROR_NOT_FOUND);
  g_assert_false (dyno_test_verb (f, revoke_key, NULL, "key_nobody", "usr_1"));
}

static void
test_expiry (DynoTestStore *f,
             gconstpointer  unused)
{
  g_autoptr(DynoKeyRecord) key = add (f, "Bay 2", 1);

  dyno_clock_advance (f->clock, 24 * HOUR_MS * 1000 - 1000);
  g_assert_cmpuint (count_live (f), ==, 1);
  dyno_clock_advance (f->clock, 1000);
  g_assert_cmpuint (count_live (f), ==, 0);
}

/* Both live until the overlap ends; without one the old ends at once. */
static void
test_rotation (DynoTestStore *f,
               gconstpointer  unused)
{
  g_autoptr(DynoKeyRecord) first = add (f, "Bay 2", 1);
  gint64 until_ms = DYNO_TEST_STORE_BEGIN_MS + HOUR_MS;
  g_autoptr(DynoKeyRecord) second = dyno_test_verb (f, rotate_key, NULL, first->id,
                                                    make_key (first->user_id, 2), until_ms);
  g_autoptr(DynoKeyRecord) old = dyno_test_verb (f, get_key, NULL, first->id);
  g_autoptr(DynoKeyRecord) third = NULL;
  g_autoptr(DynoKeyRecord) older = NULL;

  g_assert_cmpstr (second->id, !=, first->id);
  g_assert_cmpstr (old->replaced_by, ==, second->id);
  g_assert_cmpint (old->expires_ms, ==, until_ms);
  g_assert_cmpuint (count_live (f), ==, 2);
  dyno_clock_advance (f->clock, HOUR_MS * 1000);
  g_assert_cmpuint (count_live (f), ==, 1);
  third = dyno_test_verb (f, rotate_key, NULL, second->id, make_key (first->user_id, 3), 0);
  older = dyno_test_verb (f, get_key, NULL, second->id);
  g_assert_cmpint (older->revoked_ms, !=, 0);
  g_assert_cmpuint (count_live (f), ==, 1);
  g_assert_null (dyno_test_verb (f, rotate_key, NULL, second->id, make_key (first->user_id, 4), 0));
}

static guint
count_page (DynoTestStore *f,
            const char    *user_id,
            const char    *state)
{
  DynoKeyQuery *query = g_new0 (DynoKeyQuery, 1);
  g_autoptr(GPtrArray) keys = NULL;

  query->user_id = g_strdup (user_id);
  query->state = g_strdup (state);
  query->limit = 50;
  keys = dyno_test_verb (f, list_keys, NULL, query);

  return keys->len;
}

/* Pages of one, without a gap or a key twice. */
static void
test_pages (DynoTestStore *f,
            gconstpointer  unused)
{
  g_autoptr(DynoKeyRecord) one = add (f, "Bay 2", 1);
  g_autoptr(DynoKeyRecord) two = add (f, "Bay 3", 2);
  g_autoptr(DynoKeyRecord) three = NULL;
  g_autoptr(GHashTable) seen = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  gint64 before_ms = 0;
  g_autofree char *before_id = NULL;

  dyno_clock_advance (f->clock, 1000000);
  three = add (f, "Bay 2", 3);
  g_assert_true (dyno_test_verb (f, revoke_key, NULL, one->id, "usr_1"));
  for (int i = 0; i < 4; i++)
    {
      DynoKeyQuery *query = g_new0 (DynoKeyQuery, 1);
      g_autoptr(GPtrArray) keys = NULL;
      const DynoKeyRecord *key;

      query->limit = 1;
      query->before_ms = before_ms;
      query->before_id = g_strdup (before_id);
      keys = dyno_test_verb (f, list_keys, NULL, query);
      if (keys->len == 0)
        break;
      key = g_ptr_array_index (keys, 0);
      g_assert_true (g_hash_table_add (seen, g_strdup (key->id)));
      before_ms = key->created_ms;
      g_free (before_id);
      before_id = g_strdup (key->id);
    }
  g_assert_cmpuint (g_hash_table_size (seen), ==, 3);
  g_assert_cmpuint (count_page (f, one->user_id, NULL), ==, 2);
  g_assert_cmpuint (count_page (f, NULL, "revoked"), ==, 1);
  g_assert_cmpuint (count_page (f, NULL, "active"), ==, 2);
  g_assert_cmpuint (count_page (f, two->user_id, "revoked"), ==, 0);
  dyno_clock_advance (f->clock, 25 * HOUR_MS * 1000);
  g_assert_cmpuint (count_page (f, NULL, "expired"), ==, 2);
}

static void
list_in_environment (DynoTestStore *f,
                     const char    *owner,
                     const guint8  *sums,
                     guint          n)
{
  GPtrArray *keys = g_ptr_array_new_with_free_func ((GDestroyNotify) dyno_key_record_free);

  for (guint i = 0; i < n; i++)
    {
      DynoKeyRecord *key = make_key (owner, sums[i]);

      key->origin = DYNO_KEY_ENVIRONMENT;
      key->expires_ms = 0;
      g_ptr_array_add (keys, key);
    }
  g_assert_true (dyno_test_verb (f, set_listed_keys, NULL, DYNO_KEY_ENVIRONMENT, keys));
}

/* What is listed lives, what is not does not; who was thrown out by a person stays
 * out, and keys of people are left alone. */
static void
test_listed (DynoTestStore *f,
             gconstpointer  unused)
{
  g_autofree char *owner = find_owner (f, "Environment");
  g_autoptr(DynoKeyRecord) made = add (f, "Bay 2", 9);
  g_autoptr(GPtrArray) live = NULL;
  const DynoKeyRecord *key;

  list_in_environment (f, owner, (const guint8[]){ 1, 2, 3 }, 3);
  g_assert_cmpuint (count_live (f), ==, 4);
  list_in_environment (f, owner, (const guint8[]){ 2 }, 1);
  g_assert_cmpuint (count_live (f), ==, 2);
  list_in_environment (f, owner, (const guint8[]){ 1, 2 }, 2);
  live = dyno_test_verb0 (f, list_live_keys, NULL);
  g_assert_cmpuint (live->len, ==, 3);
  for (guint i = 0; i < live->len; i++)
    {
      key = g_ptr_array_index (live, i);
      if (key->sha256[0] == 2)
        g_assert_true (dyno_test_verb (f, revoke_key, NULL, key->id, "usr_1"));
    }
  list_in_environment (f, owner, (const guint8[]){ 1, 2 }, 2);
  g_assert_cmpuint (count_live (f), ==, 2);
  list_in_environment (f, owner, NULL, 0);
  g_assert_cmpuint (count_live (f), ==, 1);
}

static GPtrArray *
make_usage (const char *key_id,
            gint64      hour_ms,
            gint64      used_ms,
            const char *ip)
{
  GPtrArray *all = g_ptr_array_new_with_free_func ((GDestroyNotify) dyno_key_usage_free);
  DynoKeyUsage *usage = g_new0 (DynoKeyUsage, 1);

  usage->key_id = g_strdup (key_id);
  usage->hour_ms = hour_ms;
  usage->route = g_strdup ("/runs");
  usage->n_requests = 3;
  usage->n_denied = 1;
  usage->last_used_ms = used_ms;
  usage->last_ip = g_strdup (ip);
  g_ptr_array_add (all, usage);

  return all;
}

static GPtrArray *
make_networks (const char *key_id,
               const char *network)
{
  GPtrArray *all = g_ptr_array_new_with_free_func ((GDestroyNotify) dyno_key_network_free);
  DynoKeyNetwork *entry = g_new0 (DynoKeyNetwork, 1);

  entry->key_id = g_strdup (key_id);
  entry->network = g_strdup (network);
  g_ptr_array_add (all, entry);

  return all;
}

static void
test_usage (DynoTestStore *f,
            gconstpointer  unused)
{
  g_autoptr(DynoKeyRecord) key = add (f, "Bay 2", 1);
  g_autoptr(DynoKeyRecord) used = NULL;
  g_autoptr(GPtrArray) hours = NULL;
  g_autoptr(GPtrArray) networks = NULL;
  const DynoKeyUsage *hour;

  g_assert_true (dyno_test_verb (f, add_key_usage, NULL, make_usage (key->id, HOUR_MS, 500, "a"),
                                 make_networks (key->id, "192.0.2.0/24"), 0));
  g_assert_true (dyno_test_verb (f, add_key_usage, NULL, make_usage (key->id, HOUR_MS, 400, "b"),
                                 make_networks (key->id, "192.0.2.0/24"), 0));
  g_assert_true (dyno_test_verb (f, add_key_usage, NULL, make_usage ("key_gone", HOUR_MS, 1, "c"),
                                 make_networks ("key_gone", "10.0.0.0/24"), 0));
  used = dyno_test_verb (f, get_key, NULL, key->id);
  g_assert_cmpint (used->n_requests, ==, 6);
  g_assert_cmpint (used->n_denied, ==, 2);
  g_assert_cmpint (used->last_used_ms, ==, 500);
  g_assert_cmpstr (used->last_ip, ==, "a");
  g_assert_cmpint (used->revision, ==, 1);
  hours = dyno_test_verb (f, list_key_usage, NULL, key->id);
  g_assert_cmpuint (hours->len, ==, 1);
  hour = g_ptr_array_index (hours, 0);
  g_assert_cmpint (hour->n_requests, ==, 6);
  g_assert_cmpstr (hour->route, ==, "/runs");
  networks = dyno_test_verb0 (f, list_key_networks, NULL);
  g_assert_cmpuint (networks->len, ==, 1);

  g_assert_true (dyno_test_verb (f, add_key_usage, NULL,
                                 make_usage (key->id, 2 * HOUR_MS, 600, NULL),
                                 make_networks (key->id, "192.0.2.0/24"), 2 * HOUR_MS));
  g_clear_pointer (&hours, g_ptr_array_unref);
  hours = dyno_test_verb (f, list_key_usage, NULL, key->id);
  g_assert_cmpuint (hours->len, ==, 1);
}

static guint
count_warned (DynoTestStore *f,
              gint64         before_ms)
{
  g_autoptr(GPtrArray) keys = dyno_test_verb (f, warn_keys, NULL, before_ms);

  return keys->len;
}

/* Once a key, and again when its end was moved. */
static void
test_warnings (DynoTestStore *f,
               gconstpointer  unused)
{
  g_autoptr(DynoKeyRecord) key = add (f, "Bay 2", 1);
  gint64 end_ms = DYNO_TEST_STORE_BEGIN_MS + 24 * HOUR_MS;
  DynoKeyRecord *change = make_key (NULL, 1);

  g_assert_cmpuint (count_warned (f, end_ms), ==, 0);
  g_assert_cmpuint (count_warned (f, end_ms + 1), ==, 1);
  g_assert_cmpuint (count_warned (f, end_ms + 1), ==, 0);
  change->id = g_strdup (key->id);
  change->revision = 1;
  change->expires_ms = end_ms - 5;
  dyno_key_record_free (dyno_test_verb (f, edit_key, NULL, change));
  g_assert_cmpuint (count_warned (f, end_ms + 1), ==, 1);
}

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);
  DYNO_TEST_STORE_ADD ("/keys/owners", test_owners);
  DYNO_TEST_STORE_ADD ("/keys/life", test_life);
  DYNO_TEST_STORE_ADD ("/keys/expiry", test_expiry);
  DYNO_TEST_STORE_ADD ("/keys/rotation", test_rotation);
  DYNO_TEST_STORE_ADD ("/keys/pages", test_pages);
  DYNO_TEST_STORE_ADD ("/keys/listed", test_listed);
  DYNO_TEST_STORE_ADD ("/keys/usage", test_usage);
  DYNO_TEST_STORE_ADD ("/keys/warnings", test_warnings);

  return g_test_run ();
}
