/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

#include "config.h"

#include "dyno-crypt-text.h"
#include "dyno-error.h"
#include "dyno-shape-key.h"
#include "dyno-test-shop.h"
#include "dyno-test.h"

#include <glib/gstdio.h>
#include <sqlite3.h>
#include <string.h>

#define DAY_US (24 * G_GINT64_CONSTANT (3600000000))
#define BEGIN_US G_GINT64_CONSTANT (1789000000000000)
#define BEGIN_MS (BEGIN_US / 1000)

#define SCOPE(name) DYNO_SCOPE_BIT (DYNO_SCOPE_##name)

static void
run_sql (DynoTestShop *f,
         const char   *sql)
{
  g_autofree char *path = g_build_filename (f->folder, "dynoai.db", NULL);
  sqlite3 *handle;

  dyno_test_shop_close (f);
  g_assert_cmpint (sqlite3_open (path, &handle), ==, SQLITE_OK);
  g_assert_cmpint (sqlite3_exec (handle, sql, NULL, NULL, NULL), ==, SQLITE_OK);
  sqlite3_close (handle);
  dyno_test_shop_open (f, DYNO_SHOP_NO_CAPTURE);
}

#define USER(id, role)                                                                            \
  "INSERT INTO users (id, role, status, email, email_key, display_name, max_requests_per_day,"    \
  " locale, timezone, units, epoch, revision, created_at, updated_at) VALUES ('" id "', '" role   \
  "', 'active', '" id "@x', '" id "@x', '" id "', 1, '', '', '', 1, 1, 0, 0);"

static void
start (DynoTestShop *f)
{
  g_autoptr(GError) error = NULL;

  g_assert_true (dyno_test_ask0 (f, dyno_keys_start, &error));
  g_assert_no_error (error);
}

static void
set_up (DynoTestShop *f,
        gconstpointer unused)
{
  dyno_test_shop_prepare (f, dyno_test_make_folder ());
  f->clock = dyno_clock_new_fake (0, BEGIN_US);
  dyno_test_shop_open (f, DYNO_SHOP_NO_CAPTURE);
  run_sql (f, USER ("usr_ana", "tuner") USER ("usr_bo", "viewer") USER ("usr_root", "admin"));
  start (f);
}

static DynoAsker *
person (const char *id,
        DynoRole    role)
{
  g_autoptr(DynoPrincipal) principal = dyno_principal_new (DYNO_PRINCIPAL_USER);

  principal->user_id = g_strdup (id);
  principal->role = role;
  principal->scopes = dyno_role_scopes (role);

  return dyno_asker_new (principal, "192.0.2.9", "corr-1");
}

/* The same as dyno_test_ask (), on somebody's behalf (nullable: the owner). */
#define ask_as(f, who, verb, error, ...) \
  (who != NULL ? dyno_asker_push (who) : (void) 0, \
   verb##_async ((f)->shop, __VA_ARGS__, NULL, dyno_await_cb, (f)->await), \
   who != NULL ? dyno_asker_pop (who) : (void) 0, \
   verb##_finish (dyno_await_wait ((f)->await), (error)))

static DynoKeyMade *
create (DynoTestShop *f,
        DynoAsker    *who,
        DynoScopes    scopes,
        const char   *owner)
{
  DynoKeyRequest request = { .name = "Grafana", .scopes = scopes, .owner = owner };
  g_autoptr(GError) error = NULL;
  DynoKeyMade *made = ask_as (f, who, dyno_keys_create, &error, &request);

  g_assert_no_error (error);

  return made;
}

static gboolean
lets_in (DynoTestShop *f,
         const char   *text)
{
  g_autoptr(DynoKeySet) set = dyno_keys_ref_set (f->shop);
  g_autoptr(DynoPrincipal) principal
    = dyno_key_set_check (set, text, NULL,
                          dyno_clock_real_us (dyno_shop_get_clock (f->shop)) / 1000);

  return principal != NULL;
}

static void
assert_refused (DynoTestShop         *f,
                DynoAsker            *who,
                const DynoKeyRequest *request,
                int                   code)
{
  g_autoptr(GError) error = NULL;

  g_assert_null (ask_as (f, who, dyno_keys_create, &error, request));
  g_assert_error (error, DYNO_ERROR, code);
}

/* Example 2 of the contract, and what a day later is left of it. */
static void
test_create (DynoTestShop *f,
             gconstpointer unused)
{
  g_autoptr(DynoAsker) ana = person ("usr_ana", DYNO_ROLE_TUNER);
  g_autoptr(DynoKeyMade) made = create (f, ana, SCOPE (RUNS_READ), NULL);
  const DynoKeyRecord *record = made->record;

  g_assert_cmpuint (strlen (made->text), ==, 56);
  g_assert_true (dyno_crypt_is_token (made->text, DYNO_KEY_PREFIX));
  g_assert_cmpstr (record->user_id, ==, "usr_ana");
  g_assert_cmpint (strncmp (record->display, made->text + 7, 4), ==, 0);
  g_assert_true (g_str_has_suffix (record->display, made->text + 52));
  g_assert_cmpint (record->expires_ms, ==, BEGIN_MS + 90 * DAY_US / 1000);
  g_assert_cmpint (record->per_minute, ==, 60);
  g_assert_cmpint (record->per_day, ==, 10000);
  g_assert_cmpuint (dyno_key_record_scopes (record), ==, SCOPE (RUNS_READ));
  g_assert_true (lets_in (f, made->text));
  dyno_clock_advance (f->clock, 90 * DAY_US);
  g_assert_false (lets_in (f, made->text));
}

/* Example 2 of the contract, member by member; a list never holds the key. */
static void
test_shape (DynoTestShop *f,
            gconstpointer unused)
{
  g_autoptr(DynoAsker) ana = person ("usr_ana", DYNO_ROLE_TUNER);
  g_autoptr(DynoKeyMade) made = create (f, ana, SCOPE (RUNS_READ), NULL);
  DynoJsonWriter *w = dyno_json_writer_new (FALSE);
  g_autofree char *text = NULL;
  g_autofree char *expected = g_strdup_printf (
      "{\"key\":\"%s\",\"message\":\"Store this key securely. It is not shown again.\","
      "\"key_info\":{\"id\":\"%s\",\"name\":\"Grafana\",\"display\":\"%s\","
      "\"user_id\":\"usr_ana\",\"scopes\":[\"runs:read\"],\"cidrs\":[],"
      "\"rate_limit_per_minute\":60,\"rate_limit_per_day\":10000,"
      "\"created_at\":\"2026-09-10T00:26:40.000Z\",\"expires_at\":\"2026-12-09T00:26:40.000Z\","
      "\"revoked_at\":null,\"last_used_at\":null,\"total_requests\":0,\"denied_requests\":0,"
      "\"version\":1}}",
      made->text, made->record->id, made->record->display);

  dyno_shape_key_made (w, made);
  text = dyno_json_writer_finish (w);
  g_assert_cmpstr (text, ==, expected);
}

static void
test_bounds (DynoTestShop *f,
             gconstpointer unused)
{
  const gint64 day_ms = DAY_US / 1000;
  g_autoptr(DynoAsker) root = person ("usr_root", DYNO_ROLE_ADMIN);
  g_autofree char *long_name = g_strnfill (101, 'x');
  static const char *const bad_cidr[] = { "here", NULL };
  const DynoKeyRequest bad[] = {
    { .name = "" },
    { .name = NULL },
    { .name = long_name },
    { .name = "n", .per_minute = 6001 },
    { .name = "n", .per_minute = -1 },
    { .name = "n", .per_day = 1000001 },
    { .name = "n", .expires_ms = BEGIN_MS },
    { .name = "n", .expires_ms = BEGIN_MS + 366 * day_ms + 1 },
    { .name = "n", .cidrs = bad_cidr },
  };
  const DynoKeyRequest longest = { .name = "n", .expires_ms = BEGIN_MS + 366 * day_ms };
  const DynoKeyRequest endless = { .name = "n", .is_endless = TRUE };
  g_autoptr(DynoKeyMade) made = NULL;
  g_autoptr(DynoKeyMade) for_ever = NULL;

  for (guint i = 0; i < G_N_ELEMENTS (bad); i++)
    assert_refused (f, root, &bad[i], DYNO_ERROR_INVALID);
  made = ask_as (f, root, dyno_keys_create, NULL, &longest);
  g_assert_nonnull (made);

  /* Only the owner of the machine makes a key that never ends. */
  assert_refused (f, root, &endless, DYNO_ERROR_DENIED);
  for_ever = dyno_test_ask (f, dyno_keys_create, NULL, &endless);
  g_assert_cmpint (for_ever->record->expires_ms, ==, 0);
  g_assert_cmpstr (for_ever->record->owner_role, ==, "service");
  dyno_clock_advance (f->clock, 4000 * DAY_US);
  g_assert_true (lets_in (f, for_ever->text));
}

/* Nobody gives what he has not, and only who manages gives to others. */
static void
test_scopes (DynoTestShop *f,
             gconstpointer unused)
{
  g_autoptr(DynoAsker) bo = person ("usr_bo", DYNO_ROLE_VIEWER);
  g_autoptr(DynoAsker) root = person ("usr_root", DYNO_ROLE_ADMIN);
  g_autoptr(DynoAsker) service = person ("usr_bo", DYNO_ROLE_SERVICE);
  const DynoKeyRequest more = { .name = "n", .scopes = SCOPE (RUNS_WRITE) };
  const DynoKeyRequest other = { .name = "n", .owner = "usr_ana" };
  const DynoKeyRequest label = { .name = "n", .owner = "Bay 2" };
  const DynoKeyRequest plain = { .name = "n" };
  g_autoptr(DynoKeyMade) own = create (f, bo, SCOPE (RUNS_READ), "usr_bo");
  g_autoptr(DynoKeyMade) given = create (f, root, SCOPE (TUNE_APPLY), "usr_ana@x");
  g_autoptr(DynoKeyMade) device = create (f, root, SCOPE (LIVE_READ), "Bay 2");

  assert_refused (f, bo, &more, DYNO_ERROR_DENIED);
  assert_refused (f, bo, &other, DYNO_ERROR_DENIED);
  assert_refused (f, bo, &label, DYNO_ERROR_DENIED);
  assert_refused (f, service, &plain, DYNO_ERROR_DENIED);
  g_assert_cmpstr (own->record->user_id, ==, "usr_bo");
  g_assert_cmpstr (given->record->user_id, ==, "usr_ana");
  g_assert_cmpstr (device->record->owner_role, ==, "service");
}

static DynoKeyRecord *
get_as (DynoTestShop *f,
        DynoAsker    *who,
        const char   *key_id,
        int           code)
{
  g_autoptr(GError) error = NULL;
  DynoKeyRecord *record = ask_as (f, who, dyno_keys_get, &error, key_id);

  if (code >= 0)
    g_assert_error (error, DYNO_ERROR, code);
  else
    g_assert_no_error (error);

  return record;
}

static guint
count_as (DynoTestShop *f,
          DynoAsker    *who,
          const char   *user_id)
{
  DynoKeyQuery *query = g_new0 (DynoKeyQuery, 1);
  g_autoptr(GPtrArray) keys = NULL;

  query->user_id = g_strdup (user_id);
  keys = ask_as (f, who, dyno_keys_list, NULL, query);

  return keys->len;
}

/* Another's key is not there: not to see, to change, to rotate, to revoke. */
static void
test_isolation (DynoTestShop *f,
                gconstpointer unused)
{
  g_autoptr(DynoAsker) ana = person ("usr_ana", DYNO_ROLE_TUNER);
  g_autoptr(DynoAsker) bo = person ("usr_bo", DYNO_ROLE_VIEWER);
  g_autoptr(DynoAsker) root = person ("usr_root", DYNO_ROLE_ADMIN);
  g_autoptr(DynoKeyMade) made = create (f, ana, SCOPE (RUNS_READ), NULL);
  g_autoptr(DynoKeyMade) of_bo = create (f, bo, SCOPE (RUNS_READ), NULL);
  const char *id = made->record->id;
  DynoKeyChange change = { .members = DYNO_KEY_SET_NAME, .revision = 1, .to = { .name = "x" } };
  g_autoptr(GError) changed = NULL;
  g_autoptr(GError) rotated = NULL;
  g_autoptr(GError) revoked = NULL;
  g_autoptr(DynoKeyRecord) seen = get_as (f, ana, id, -1);
  g_autoptr(DynoKeyRecord) managed = get_as (f, root, id, -1);

  g_assert_null (get_as (f, bo, id, DYNO_ERROR_NOT_FOUND));
  g_assert_null (ask_as (f, bo, dyno_keys_change, &changed, id, &change));
  g_assert_error (changed, DYNO_ERROR, DYNO_ERROR_NOT_FOUND);
  g_assert_null (ask_as (f, bo, dyno_keys_rotate, &rotated, id, 0));
  g_assert_error (rotated, DYNO_ERROR, DYNO_ERROR_NOT_FOUND);
  g_assert_false (ask_as (f, bo, dyno_keys_revoke, &revoked, id));
  g_assert_error (revoked, DYNO_ERROR, DYNO_ERROR_NOT_FOUND);
  g_assert_true (lets_in (f, made->text));
  g_assert_cmpuint (count_as (f, bo, NULL), ==, 1);
  g_assert_cmpuint (count_as (f, bo, "usr_ana"), ==, 1); /* his own, whatever he asks for */
  g_assert_cmpuint (count_as (f, root, NULL), ==, 2);
  g_assert_cmpuint (count_as (f, root, "usr_ana"), ==, 1);
  g_assert_true (ask_as (f, root, dyno_keys_revoke, NULL, id));
  g_assert_false (lets_in (f, made->text));
}

static DynoScopes
scopes_of (DynoTestShop *f,
           const char   *text)
{
  g_autoptr(DynoKeySet) set = dyno_keys_ref_set (f->shop);
  g_autoptr(DynoPrincipal) principal = dyno_key_set_check (set, text, NULL, BEGIN_MS);

  return principal->scopes;
}

/* Less at once; more only as far as whoever asks holds it. */
static void
test_change (DynoTestShop *f,
             gconstpointer unused)
{
  g_autoptr(DynoAsker) ana = person ("usr_ana", DYNO_ROLE_TUNER);
  g_autoptr(DynoKeyMade) made = create (f, ana, SCOPE (RUNS_READ) | SCOPE (TUNE_APPLY), NULL);
  DynoKeyChange less = { .members = DYNO_KEY_SET_SCOPES | DYNO_KEY_SET_PER_DAY,
                         .revision = 1,
                         .to = { .scopes = SCOPE (RUNS_READ), .per_day = 5 } };
  DynoKeyChange more = { .members = DYNO_KEY_SET_SCOPES,
                         .revision = 2,
                         .to = { .scopes = SCOPE (RUNS_READ) | SCOPE (RUNS_WRITE) } };
  DynoKeyChange too_much = { .members = DYNO_KEY_SET_SCOPES,
                             .revision = 3,
                             .to = { .scopes = SCOPE (METRICS_READ) } };
  g_autoptr(DynoKeyRecord) first = ask_as (f, ana, dyno_keys_change, NULL, made->record->id, &less);
  g_autoptr(DynoKeyRecord) second = NULL;
  g_autoptr(GError) stale = NULL;
  g_autoptr(GError) denied = NULL;

  g_assert_cmpuint (scopes_of (f, made->text), ==, SCOPE (RUNS_READ));
  g_assert_cmpint (first->per_day, ==, 5);
  g_assert_cmpstr (first->name, ==, "Grafana");
  g_assert_null (ask_as (f, ana, dyno_keys_change, &stale, made->record->id, &less));
  g_assert_error (stale, DYNO_ERROR, DYNO_ERROR_CONFLICT);
  second = ask_as (f, ana, dyno_keys_change, NULL, made->record->id, &more);
  g_assert_cmpuint (scopes_of (f, made->text), ==, SCOPE (RUNS_READ) | SCOPE (RUNS_WRITE));
  g_assert_null (ask_as (f, ana, dyno_keys_change, &denied, made->record->id, &too_much));
  g_assert_error (denied, DYNO_ERROR, DYNO_ERROR_DENIED);
}

static void
test_rotate (DynoTestShop *f,
             gconstpointer unused)
{
  g_autoptr(DynoAsker) ana = person ("usr_ana", DYNO_ROLE_TUNER);
  g_autoptr(DynoKeyMade) first = create (f, ana, SCOPE (RUNS_READ), NULL);
  g_autoptr(DynoKeyMade) second = ask_as (f, ana, dyno_keys_rotate, NULL, first->record->id, 60);
  g_autoptr(DynoKeyMade) third = NULL;
  g_autoptr(GError) too_long = NULL;

  g_assert_cmpstr (first->text, !=, second->text);
  g_assert_cmpstr (first->record->id, !=, second->record->id);
  g_assert_true (lets_in (f, first->text));
  g_assert_true (lets_in (f, second->text));
  dyno_clock_advance (f->clock, 60000000);
  g_assert_false (lets_in (f, first->text));
  third = ask_as (f, ana, dyno_keys_rotate, NULL, second->record->id, 0);
  g_assert_false (lets_in (f, second->text));
  g_assert_true (lets_in (f, third->text));
  g_assert_null (ask_as (f, ana, dyno_keys_rotate, &too_long, third->record->id, 86401));
  g_assert_error (too_long, DYNO_ERROR, DYNO_ERROR_INVALID);
}

static guint
count_audit (DynoTestShop *f,
             const char   *event,
             const char   *actor)
{
  DynoAuditQuery *query = g_new0 (DynoAuditQuery, 1);
  g_autoptr(GPtrArray) rows = NULL;

  query->success = -1;
  query->event = g_strdup (event);
  query->actor = g_strdup (actor);
  rows = dyno_test_ask (f, dyno_audit_list, NULL, query);

  return rows->len;
}

static void
notice_cb (DynoTopic   topic,
           const char *subject,
           const char *detail,
           gpointer    seen)
{
  g_hash_table_add (seen, g_strndup (subject, strcspn (subject, " ")));
}

static void
count (DynoTestShop *f,
       const char   *text,
       const char   *address,
       gboolean      is_denied)
{
  g_autoptr(DynoKeySet) set = dyno_keys_ref_set (f->shop);
  g_autoptr(GInetAddress) from = g_inet_address_new_from_string (address);
  g_autoptr(DynoPrincipal) principal = dyno_key_set_check (set, text, from, BEGIN_MS);

  dyno_keys_count (f->shop, principal, "/runs", from, is_denied);
}

/* Counted, kept at the end; new networks and many denials are told once. */
static void
test_usage (DynoTestShop *f,
            gconstpointer unused)
{
  g_autoptr(DynoAsker) ana = person ("usr_ana", DYNO_ROLE_TUNER);
  g_autoptr(DynoKeyMade) made = create (f, ana, SCOPE (RUNS_READ), NULL);
  g_autoptr(GHashTable) seen = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  g_autoptr(DynoKeyRecord) kept = NULL;
  guint id = dyno_bus_subscribe (dyno_shop_get_bus (f->shop), DYNO_TOPIC_NOTICE, NULL, notice_cb,
                                 seen, NULL);

  for (int i = 0; i < 20; i++)
    count (f, made->text, "192.0.2.1", TRUE);
  g_assert_cmpuint (count_audit (f, "key.denials", NULL), ==, 0);
  count (f, made->text, "192.0.2.200", TRUE);
  count (f, made->text, "192.0.3.1", FALSE);
  count (f, made->text, "2001:db8::1", FALSE);
  count (f, made->text, "2001:db8::ffff", TRUE);
  while (g_main_context_iteration (g_main_context_get_thread_default (), FALSE))
    ;
  dyno_bus_unsubscribe (dyno_shop_get_bus (f->shop), id);
  g_assert_true (g_hash_table_contains (seen, "key.first_use"));
  g_assert_true (g_hash_table_contains (seen, "key.denials"));

  dyno_test_shop_close (f);
  dyno_test_shop_open (f, DYNO_SHOP_NO_CAPTURE);
  start (f);
  g_assert_cmpuint (count_audit (f, "key.first_use", NULL), ==, 3);
  g_assert_cmpuint (count_audit (f, "key.denials", NULL), ==, 1);
  kept = get_as (f, NULL, made->record->id, -1);
  g_assert_cmpint (kept->n_requests, ==, 24);
  g_assert_cmpint (kept->n_denied, ==, 22);
  g_assert_cmpstr (kept->last_ip, ==, "2001:db8::ffff");

  /* A network that is known stays known. */
  count (f, made->text, "192.0.2.9", FALSE);
  dyno_test_shop_close (f);
  dyno_test_shop_open (f, DYNO_SHOP_NO_CAPTURE);
  g_assert_cmpuint (count_audit (f, "key.first_use", NULL), ==, 3);
}

/* A role that is less is less for its keys; a disabled account has none. */
static void
test_owner_changes (DynoTestShop *f,
                    gconstpointer unused)
{
  g_autoptr(DynoAsker) ana = person ("usr_ana", DYNO_ROLE_TUNER);
  g_autoptr(DynoKeyMade) made = create (f, ana, SCOPE (RUNS_READ) | SCOPE (TUNE_APPLY), NULL);

  run_sql (f, "UPDATE users SET role = 'viewer' WHERE id = 'usr_ana'");
  start (f);
  g_assert_cmpuint (scopes_of (f, made->text), ==, SCOPE (RUNS_READ));
  run_sql (f, "UPDATE users SET status = 'disabled' WHERE id = 'usr_ana'");
  start (f);
  g_assert_false (lets_in (f, made->text));
}

/* Each deed has its row, with who, from where and in which request. */
static void
test_audit_rows (DynoTestShop *f,
                 gconstpointer unused)
{
  g_autoptr(DynoAsker) ana = person ("usr_ana", DYNO_ROLE_TUNER);
  g_autoptr(DynoKeyMade) made = create (f, ana, SCOPE (RUNS_READ), NULL);
  g_autoptr(DynoKeyMade) rotated = ask_as (f, ana, dyno_keys_rotate, NULL, made->record->id, 9);
  const DynoKeyRequest wrong = { .name = "" };
  DynoAuditQuery *query = g_new0 (DynoAuditQuery, 1);
  g_autoptr(GPtrArray) rows = NULL;
  const DynoAuditRecord *row;

  g_assert_true (ask_as (f, ana, dyno_keys_revoke, NULL, made->record->id));
  assert_refused (f, ana, &wrong, DYNO_ERROR_INVALID);
  g_assert_cmpuint (count_audit (f, NULL, "usr_ana"), ==, 3);
  g_assert_cmpuint (count_audit (f, "key.created", NULL), ==, 1);
  g_assert_cmpuint (count_audit (f, "key.rotated", NULL), ==, 1);
  query->success = -1;
  query->event = g_strdup ("key.revoked");
  rows = dyno_test_ask (f, dyno_audit_list, NULL, query);
  row = g_ptr_array_index (rows, 0);
  g_assert_cmpstr (row->resource_id, ==, made->record->id);
  g_assert_cmpstr (row->ip, ==, "192.0.2.9");
  g_assert_cmpstr (row->correlation_id, ==, "corr-1");
  g_assert_cmpstr (row->actor_kind, ==, "user");
}

/* One request with a key of its own makes one key. */
static void
test_once (DynoTestShop *f,
           gconstpointer unused)
{
  g_autoptr(DynoAsker) ana = person ("usr_ana", DYNO_ROLE_TUNER);
  const DynoKeyRequest request = { .name = "n" };
  const guint8 sum[32] = { 1, 2, 3 };
  g_autoptr(DynoKeyMade) made = NULL;
  g_autoptr(DynoReplyRecord) mark = NULL;
  g_autoptr(DynoReplyRecord) completed = NULL;
  g_autoptr(GError) none = NULL;
  g_autoptr(GError) again = NULL;

  dyno_asker_set_once (ana, "POST", "/keys", "idem-1", sum);
  g_assert_null (dyno_test_ask (f, dyno_once_find, &none, ana));
  g_assert_error (none, DYNO_ERROR, DYNO_ERROR_NOT_FOUND);
  made = ask_as (f, ana, dyno_keys_create, NULL, &request);
  mark = dyno_test_ask (f, dyno_once_find, NULL, ana);
  g_assert_cmpint (mark->status, ==, 0);
  g_assert_cmpstr (mark->resource_id, ==, made->record->id);
  g_assert_cmpmem (mark->fingerprint, 32, sum, 32);
  g_assert_null (ask_as (f, ana, dyno_keys_create, &again, &request));
  g_assert_cmpstr (dyno_error_get_reason (again), ==, "replayed");
  g_assert_cmpuint (count_as (f, ana, NULL), ==, 1);
  g_assert_true (dyno_test_ask (f, dyno_once_complete, NULL, ana, 201, "{}", NULL));
  completed = dyno_test_ask (f, dyno_once_find, NULL, ana);
  g_assert_cmpint (completed->status, ==, 201);
  g_assert_null (completed->body);
}

static void
assert_file_lacks (const char *folder,
                   const char *name,
                   const char *text)
{
  g_autofree char *path = g_build_filename (folder, name, NULL);
  g_autofree char *content = NULL;
  gsize size;

  if (g_file_get_contents (path, &content, &size, NULL))
    g_assert_null (memmem (content, size, text, strlen (text)));
}

static void
test_no_text_on_disk (DynoTestShop *f,
                      gconstpointer unused)
{
  g_autoptr(DynoKeyMade) made = create (f, NULL, SCOPE (RUNS_READ), NULL);
  const char *body = made->text + strlen (DYNO_KEY_PREFIX);
  g_autofree char *part = g_strndup (body + 10, 20);

  assert_file_lacks (f->folder, "dynoai.db-wal", part);
  dyno_test_shop_close (f);
  assert_file_lacks (f->folder, "dynoai.db", part);
  assert_file_lacks (f->folder, "dynoai.db", body);
}

/* Keys of other programs */

#define FIRST  "first-key-of-another-program-0001"
#define SECOND "second-key-of-another-program-0002"
#define THIRD  "third-key-of-another-program-00003"

static void
reopen (DynoTestShop *f)
{
  dyno_test_shop_close (f);
  dyno_test_shop_open (f, DYNO_SHOP_NO_CAPTURE);
}

static void
test_listed (DynoTestShop *f,
             gconstpointer unused)
{
  g_autofree char *path = g_build_filename (f->folder, "keys", NULL);
  g_autoptr(DynoKeySet) set = NULL;
  g_autoptr(DynoPrincipal) principal = NULL;

  g_assert_true (g_file_set_contents (path, "# of the bay\n\n  " SECOND " \n", -1, NULL));
  g_chmod (path, 0600);
  dyno_test_shop_set (f, "API_KEYS", FIRST ", " THIRD);
  dyno_test_shop_set (f, "API_KEYS_FILE", path);
  dyno_test_shop_set (f, "API_KEYS_SCOPES", "runs:read,live:read");
  reopen (f);
  start (f);
  g_assert_true (lets_in (f, FIRST));
  g_assert_true (lets_in (f, SECOND));
  g_assert_true (lets_in (f, THIRD));
  set = dyno_keys_ref_set (f->shop);
  principal = dyno_key_set_check (set, FIRST, NULL, BEGIN_MS);
  g_assert_cmpint (principal->role, ==, DYNO_ROLE_SERVICE);
  g_assert_cmpuint (principal->scopes, ==, SCOPE (RUNS_READ) | SCOPE (LIVE_READ));

  dyno_test_shop_set (f, "API_KEYS", FIRST);
  reopen (f);
  start (f);
  g_assert_true (lets_in (f, FIRST));
  g_assert_false (lets_in (f, THIRD));
  dyno_test_shop_close (f);
  assert_file_lacks (f->folder, "dynoai.db", FIRST);
  assert_file_lacks (f->folder, "dynoai.db", SECOND);
}

/* The settings are refused; the place is named, never the text. */
static void
test_bad_lists (void)
{
  static const struct
  {
    const char *keys;
    const char *scopes;
    const char *place;
  } bad[] = {
    { "API_KEYS=" FIRST ",tooshort", "API_KEYS_SCOPES=runs:read", "entry 2" },
    { "API_KEYS=tooshort", "API_KEYS_SCOPES=runs:read", "entry 1" },
    { "API_KEYS=" FIRST "," SECOND ",a-key-with-an-ümlaut-in-its-middle-1",
      "API_KEYS_SCOPES=runs:read", "entry 3" },
    { "API_KEYS=" FIRST, "API_KEYS_SCOPES=runs:everything", "runs:everything" },
  };

  for (guint i = 0; i < G_N_ELEMENTS (bad); i++)
    {
      const char *const env[] = { bad[i].keys, bad[i].scopes, NULL };
      g_autoptr(GError) error = NULL;
      g_autoptr(DynoConfig) config = dyno_config_load (NULL, env, &error);

      g_assert_null (config);
      g_assert_error (error, DYNO_ERROR, DYNO_ERROR_INVALID);
      g_assert_nonnull (strstr (error->message, bad[i].place));
      g_assert_null (strstr (error->message, "tooshort"));
      g_assert_null (strstr (error->message, "mlaut"));
    }
}

/* A permission that no service key may hold. */
static void
test_too_much (DynoTestShop *f,
               gconstpointer unused)
{
  g_autoptr(GError) error = NULL;

  dyno_test_shop_set (f, "API_KEYS", FIRST);
  dyno_test_shop_set (f, "API_KEYS_SCOPES", "users:write");
  reopen (f);
  g_assert_false (dyno_test_ask0 (f, dyno_keys_start, &error));
  g_assert_nonnull (error);
  g_assert_nonnull (strstr (error->message, "users:write"));
}

static void
test_bad_file (DynoTestShop *f,
               gconstpointer unused)
{
  g_autofree char *path = g_build_filename (f->folder, "keys", NULL);
  g_autoptr(GError) open_to_all = NULL;
  g_autoptr(GError) short_line = NULL;

  dyno_test_shop_set (f, "API_KEYS_FILE", path);
  g_assert_true (g_file_set_contents (path, FIRST "\n", -1, NULL));
  g_chmod (path, 0640);
  reopen (f);
  g_assert_false (dyno_test_ask0 (f, dyno_keys_start, &open_to_all));
  g_assert_error (open_to_all, DYNO_ERROR, DYNO_ERROR_INVALID);
  g_assert_true (g_file_set_contents (path, FIRST "\n# short\nshort\n", -1, NULL));
  g_chmod (path, 0600);
  reopen (f);
  g_assert_false (dyno_test_ask0 (f, dyno_keys_start, &short_line));
  g_assert_nonnull (strstr (short_line->message, "Line 3"));
}

/* A line that is taken out of the file while it is watched revokes. */
static void
test_watched (DynoTestShop *f,
              gconstpointer unused)
{
  g_autofree char *path = g_build_filename (f->folder, "keys", NULL);
  gint64 end_us = g_get_monotonic_time () + 15 * G_USEC_PER_SEC;

  g_assert_true (g_file_set_contents (path, FIRST "\n" SECOND "\n", -1, NULL));
  g_chmod (path, 0600);
  dyno_test_shop_set (f, "API_KEYS_FILE", path);
  reopen (f);
  start (f);
  g_assert_true (lets_in (f, SECOND));
  g_assert_true (g_file_set_contents_full (path, FIRST "\n", -1,
                                           G_FILE_SET_CONTENTS_CONSISTENT, 0600, NULL));
  while (lets_in (f, SECOND) && g_get_monotonic_time () < end_us)
    {
      g_main_context_iteration (g_main_context_get_thread_default (), FALSE);
      g_usleep (5000);
    }
  g_assert_false (lets_in (f, SECOND));
  g_assert_true (lets_in (f, FIRST));
}

#define ADD(path, function) \
  g_test_add (path, DynoTestShop, NULL, set_up, function, dyno_test_shop_tear_down)

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);
  ADD ("/keys/create", test_create);
  ADD ("/keys/shape", test_shape);
  ADD ("/keys/bounds", test_bounds);
  ADD ("/keys/scopes", test_scopes);
  ADD ("/keys/isolation", test_isolation);
  ADD ("/keys/change", test_change);
  ADD ("/keys/rotate", test_rotate);
  ADD ("/keys/usage", test_usage);
  ADD ("/keys/owner-changes", test_owner_changes);
  ADD ("/keys/audit-rows", test_audit_rows);
  ADD ("/keys/once", test_once);
  ADD ("/keys/no-text-on-disk", test_no_text_on_disk);
  ADD ("/keys/listed", test_listed);
  g_test_add_func ("/keys/listed/bad", test_bad_lists);
  ADD ("/keys/listed/too-much", test_too_much);
  ADD ("/keys/listed/bad-file", test_bad_file);
  ADD ("/keys/listed/watched", test_watched);

  return g_test_run ();
}
