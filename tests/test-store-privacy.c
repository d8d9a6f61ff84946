/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

#include "config.h"

#include "dyno-error.h"
#include "dyno-json.h"
#include "dyno-test-store.h"
#include "dyno-test.h"

#include <sqlite3.h>
#include <string.h>

#define DAY_US (24 * 3600 * G_GINT64_CONSTANT (1000000))
#define DAY_MS (DAY_US / 1000)

#define USER(id, role, name, email)                                                              \
  "INSERT INTO users (id, role, status, email, email_key, display_name, password,"              \
  " max_requests_per_day, locale, timezone, units, epoch, revision, created_at, updated_at)"    \
  " VALUES ('" id "', '" role "', 'active', '" email "', '" email "', '" name "', 'bcrypt', 100," \
  " 'de', 'Europe/Berlin', 'metric', 1, 1, 5, 5);"

#define KEY(id, user, sum, name, ip)                                                                       \
  "INSERT INTO api_keys (id, sha256, display, name, user_id, origin, scopes, cidrs,"             \
  " rate_limit_per_minute, rate_limit_per_day, created_at, created_by, updated_at, last_ip,"     \
  " total_requests, denied_requests, revision) VALUES ('" id "', " sum ", 'dynoai_abc…', '" name "'," \
  " '" user "', 'made', '[\"runs:read\"]', '[]', 60, 100, 5, '" user "', 5, '" ip "', 3, 0, 1);"

static const char people[] =
  USER ("usr_boss", "admin", "Boss", "boss@example.org")
  USER ("usr_jo", "tuner", "Josephine Roe", "jo.roe@example.org")
  KEY ("key_jo", "usr_jo", "zeroblob (32)", "Jos phone", "192.0.2.9")
  KEY ("key_boss", "usr_boss", "randomblob (32)", "Desk", "192.0.2.1")
  "INSERT INTO api_key_networks VALUES ('key_jo', '192.0.2.0/24', 5);"
  "INSERT INTO key_usage VALUES ('key_jo', 5, '/runs', 3, 0);"
  "INSERT INTO login_sessions VALUES ('ses_jo', 'usr_jo', 'Jos tablet', '192.0.2.9', 'Firefox', 0, 5,"
  " 5, 5, 9999999999999, NULL, NULL), ('ses_boss', 'usr_boss', 'Desk', '192.0.2.1', 'Firefox', 0, 5,"
  " 5, 5, 9999999999999, NULL, NULL);"
  "INSERT INTO refresh_tokens VALUES ('ses_jo', 1, zeroblob (32), 'Jos tablet', '192.0.2.9', '', 5,"
  " NULL, 9999999999999);"
  "INSERT INTO login_addresses VALUES ('usr_jo', '192.0.2.9', 5);"
  "INSERT INTO login_throttle VALUES ('email:jo.roe@example.org', 5, 1, NULL, 5);"
  "INSERT INTO invitations VALUES ('inv_1', 'invitation', zeroblob (32), NULL, 'Jo.Roe@example.org',"
  " 'tuner', 'usr_boss', 5, 6, 0, 6, 'usr_jo');"
  "INSERT INTO day_usage VALUES ('usr_jo', 20000, 7), ('usr_boss', 20000, 8);"
  "INSERT INTO idempotency VALUES ('usr_jo', 'POST', '/runs', 'k', zeroblob (32), 201, '{}', NULL,"
  " NULL, 5);";

static const char customers[] =
  "INSERT INTO customers VALUES ('cus_1', 'Ann Oelmann', '+49 30 1', 'ann@example.org', 'Street 1',"
  " 'pays late', 1, 0, 0), ('cus_2', 'Bob', '', '', '', '', 1, 0, 0);"
  "INSERT INTO vehicles VALUES ('veh_1', 'cus_1', 'Anns Rosa', 'Harley', 'Low Rider', 2021,"
  " '1HD1KBM12AB123456', 'B-AO 117', '{\"engine\":\"114\"}', 1, 0, 0),"
  " ('veh_2', 'cus_2', 'Bobs', '', '', NULL, 'VIN2', 'B-OB 1', '{}', 1, 0, 0);"
  "INSERT INTO runs (id, status, source, progress, title, notes, starred, baseline, vehicle_id,"
  " started_at, simulated, n_gaps, revision, created_at, updated_at)"
  " VALUES ('run_1', 'complete', 'capture', 1, 'Ann Oelmann stage two', 'plate B-AO 117, leaner', 0,"
  " 0, 'veh_1', 5, 0, 0, 1, 5, 5),"
  " ('run_2', 'complete', 'capture', 1, 'Bob', '', 0, 0, 'veh_2', 5, 0, 0, 1, 5, 5);"
  "INSERT INTO run_notes SELECT number, 1, 5, 'called Ann Oelmann' FROM runs WHERE id = 'run_1';";

static DynoErasure *
order (DynoSubjectKind kind,
       const char     *id,
       gint64          wait_ms)
{
  DynoErasure *erasure = g_new0 (DynoErasure, 1);

  erasure->kind = kind;
  erasure->subject_id = g_strdup (id);
  erasure->requested_by = g_strdup ("usr_boss");
  erasure->purge_ms = wait_ms;

  return erasure;
}

static DynoErasure *
begin (DynoTestStore   *f,
       DynoSubjectKind  kind,
       const char      *id,
       gint64           wait_ms)
{
  g_autoptr(GError) error = NULL;
  DynoErasure *erasure = dyno_test_verb (f, begin_erasure, &error, order (kind, id, wait_ms));

  g_assert_no_error (error);

  return erasure;
}

static gint64
ask (DynoTestStore *f,
     const char    *sql)
{
  g_autofree char *path = g_build_filename (f->folder, "dynoai.db", NULL);
  sqlite3 *handle;
  sqlite3_stmt *stmt;
  gint64 answer;

  g_assert_cmpint (sqlite3_open (path, &handle), ==, SQLITE_OK);
  g_assert_cmpint (sqlite3_prepare_v2 (handle, sql, -1, &stmt, NULL), ==, SQLITE_OK);
  g_assert_cmpint (sqlite3_step (stmt), ==, SQLITE_ROW);
  answer = sqlite3_column_int64 (stmt, 0);
  sqlite3_finalize (stmt);
  sqlite3_close (handle);

  return answer;
}

/* No byte of it in the file or its log. */
static void
assert_nowhere (DynoTestStore *f,
                const char    *text)
{
  g_autofree char *path = g_build_filename (f->folder, "dynoai.db", NULL);
  g_autofree char *content = NULL;
  gsize size;

  dyno_test_store_close (f);
  content = dyno_test_read (path, &size);
  g_test_message ("%s", text);
  g_assert_null (memmem (content, size, text, strlen (text)));
  dyno_test_store_open (f, DYNO_STORE_DEFAULT, NULL);
}

static void
test_user_at_once (DynoTestStore *f,
                   gconstpointer  unused)
{
  g_autoptr(DynoErasure) erasure = NULL;

  dyno_test_store_sql (f, people);
  erasure = begin (f, DYNO_SUBJECT_USER, "usr_jo", 0);
  g_assert_cmpuint (strlen (erasure->receipt), ==, 26);
  g_assert_cmpint (erasure->purged_ms, ==, DYNO_TEST_STORE_BEGIN_MS);
  g_assert_cmpint (ask (f, "SELECT count (*) FROM users WHERE id = 'usr_jo' AND status = 'erased'"
                           " AND display_name = 'deleted user' AND password IS NULL"), ==, 1);
  g_assert_cmpint (ask (f, "SELECT count (*) FROM refresh_tokens"), ==, 0);
  g_assert_cmpint (ask (f, "SELECT count (*) FROM login_sessions"), ==, 1);
  g_assert_cmpint (ask (f, "SELECT count (*) FROM invitations"), ==, 0);
  g_assert_cmpint (ask (f, "SELECT count (*) FROM login_throttle"), ==, 0);
  g_assert_cmpint (ask (f, "SELECT count (*) FROM day_usage"), ==, 1);
  g_assert_cmpint (ask (f, "SELECT count (*) FROM api_keys WHERE is_active"), ==, 1);
  assert_nowhere (f, "Josephine");
  assert_nowhere (f, "jo.roe@");
  assert_nowhere (f, "Jo.Roe@");
  assert_nowhere (f, "192.0.2.9");
  assert_nowhere (f, "Jos phone");
}

static void
test_user_after_a_while (DynoTestStore *f,
                         gconstpointer  unused)
{
  g_autoptr(DynoErasure) erasure = NULL;
  g_autoptr(DynoErasure) cancelled = NULL;
  g_autoptr(GPtrArray) none = NULL;
  g_autoptr(GPtrArray) done = NULL;
  g_autoptr(GError) error = NULL;

  dyno_test_store_sql (f, people);
  erasure = begin (f, DYNO_SUBJECT_USER, "usr_jo", 7 * DAY_MS);
  g_assert_cmpint (ask (f, "SELECT epoch FROM users WHERE id = 'usr_jo' AND status = 'disabled'"), ==, 2);
  g_assert_cmpint (ask (f, "SELECT count (*) FROM login_sessions WHERE ended_at IS NULL"), ==, 1);
  g_assert_cmpint (ask (f, "SELECT count (*) FROM api_keys WHERE is_active"), ==, 1);
  g_assert_null (dyno_test_verb (f, begin_erasure, &error, order (DYNO_SUBJECT_USER, "usr_jo", 0)));
  g_assert_cmpstr (dyno_error_get_reason (error), ==, "erasing");
  g_clear_error (&error);

  /* The person thinks better of it. */
  cancelled = dyno_test_verb (f, cancel_erasure, &error, erasure->id);
  g_assert_no_error (error);
  g_assert_cmpint (ask (f, "SELECT count (*) FROM users WHERE id = 'usr_jo' AND status = 'active'"), ==, 1);
  g_assert_null (dyno_test_verb (f, cancel_erasure, &error, erasure->id));
  g_assert_error (error, DYNO_ERROR, DYNO_ERROR_NOT_FOUND);
  g_clear_error (&error);

  /* And then not. */
  g_clear_pointer (&erasure, dyno_erasure_free);
  erasure = begin (f, DYNO_SUBJECT_USER, "usr_jo", 7 * DAY_MS);
  dyno_clock_advance (f->clock, 7 * DAY_US - 1000);
  none = dyno_test_verb0 (f, purge_erasures, &error);
  g_assert_cmpuint (none->len, ==, 0);
  dyno_clock_advance (f->clock, 1000);
  done = dyno_test_verb0 (f, purge_erasures, &error);
  g_assert_cmpuint (done->len, ==, 1);
  assert_nowhere (f, "Josephine");
}

static void
test_who_stays (DynoTestStore *f,
                gconstpointer  unused)
{
  static const struct
  {
    DynoSubjectKind kind;
    const char     *id;
    DynoErrorCode   code;
    const char     *reason;
  } rows[] = {
    { DYNO_SUBJECT_USER, "local:owner", DYNO_ERROR_DENIED, "local" },
    { DYNO_SUBJECT_USER, "usr_boss", DYNO_ERROR_CONFLICT, "last_admin" },
    { DYNO_SUBJECT_USER, "usr_nobody", DYNO_ERROR_NOT_FOUND, NULL },
    { DYNO_SUBJECT_CUSTOMER, "usr_jo", DYNO_ERROR_NOT_FOUND, NULL },
    { DYNO_SUBJECT_USER, "' OR 1 --", DYNO_ERROR_NOT_FOUND, NULL },
  };

  dyno_test_store_sql (f, people);
  for (guint i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      g_autoptr(GError) error = NULL;

      g_assert_null (dyno_test_verb (f, begin_erasure, &error, order (rows[i].kind, rows[i].id, 0)));
      g_assert_error (error, DYNO_ERROR, (int) rows[i].code);
      g_assert_cmpstr (dyno_error_get_reason (error), ==, rows[i].reason);
    }
  g_assert_cmpint (ask (f, "SELECT count (*) FROM erasures"), ==, 0);
  g_assert_cmpint (ask (f, "SELECT count (*) FROM users WHERE status = 'active'"), ==, 4);
}

static void
test_customer (DynoTestStore *f,
               gconstpointer  unused)
{
  g_autoptr(DynoErasure) erasure = NULL;

  dyno_test_store_sql (f, customers);
  erasure = begin (f, DYNO_SUBJECT_CUSTOMER, "cus_1", 0);
  g_assert_cmpint (ask (f, "SELECT count (*) FROM runs WHERE vehicle_id = 'veh_1'"
                           " AND title = '… stage two' AND notes = 'plate …, leaner'"), ==, 1);
  g_assert_cmpint (ask (f, "SELECT count (*) FROM vehicles WHERE id = 'veh_1' AND customer_id = 'cus_1'"
                           " AND label = 'Harley Low Rider' AND vin = '' AND plate = ''"), ==, 1);
  g_assert_cmpint (ask (f, "SELECT count (*) FROM vehicles WHERE vin = 'VIN2' AND label = 'Bobs'"), ==, 1);
  g_assert_cmpint (ask (f, "SELECT count (*) FROM runs WHERE title = 'Bob'"), ==, 1);
  assert_nowhere (f, "Oelmann");
  assert_nowhere (f, "oelmann"); /* of the index */
  assert_nowhere (f, "1HD1KBM12AB123456");
  assert_nowhere (f, "B-AO 117");
  assert_nowhere (f, "ann@example.org");
  assert_nowhere (f, "pays late");
}

/* A database from before: the erasures since then, whatever became of them. */
static void
test_settle (DynoTestStore *f,
             gconstpointer  unused)
{
  g_autoptr(DynoErasure) jo = NULL;
  g_autoptr(DynoErasure) ann = NULL;
  GPtrArray *erasures = g_ptr_array_new_with_free_func ((GDestroyNotify) dyno_erasure_free);
  g_autoptr(GPtrArray) known = NULL;
  g_autoptr(GError) error = NULL;

  dyno_test_store_sql (f, people);
  dyno_test_store_sql (f, customers);
  jo = begin (f, DYNO_SUBJECT_USER, "usr_jo", 0);
  ann = begin (f, DYNO_SUBJECT_CUSTOMER, "cus_1", 0);
  g_ptr_array_add (erasures, dyno_erasure_copy (jo));
  g_ptr_array_add (erasures, dyno_erasure_copy (ann));
  dyno_test_store_sql (f, "DELETE FROM erasures; DELETE FROM api_keys; DELETE FROM users;"
                          "DELETE FROM runs; DELETE FROM vehicles; DELETE FROM customers;"
                          "DELETE FROM login_sessions; DELETE FROM day_usage; DELETE FROM run_notes");
  dyno_test_store_sql (f, people);
  dyno_test_store_sql (f, customers);

  g_assert_true (dyno_test_verb (f, settle, &error, erasures));
  g_assert_no_error (error);
  g_assert_cmpint (ask (f, "SELECT count (*) FROM login_sessions WHERE ended_at IS NULL"), ==, 0);
  g_assert_cmpint (ask (f, "SELECT epoch FROM users WHERE id = 'usr_boss'"), ==, 2);
  known = dyno_test_verb0 (f, list_erasures, &error);
  g_assert_cmpuint (known->len, ==, 2);
  assert_nowhere (f, "Josephine");
  assert_nowhere (f, "Oelmann");
}

static const DynoSubjectTable *
find_table (GPtrArray  *tables,
            const char *name)
{
  for (guint i = 0; i < tables->len; i++)
    {
      const DynoSubjectTable *table = g_ptr_array_index (tables, i);

      if (g_str_equal (table->name, name))
        return table;
    }
  g_assert_not_reached ();
}

static void
assert_line (GPtrArray  *tables,
             const char *table,
             guint       n_rows,
             const char *part)
{
  const DynoSubjectTable *found = find_table (tables, table);
  gsize size;
  const char *text = g_bytes_get_data (found->lines, &size);
  g_autofree char *whole = g_strndup (text, size);
  g_auto(GStrv) lines = g_strsplit (whole, "\n", -1);

  g_assert_cmpuint (found->n_rows, ==, n_rows);
  g_assert_cmpuint (g_strv_length (lines), ==, n_rows > 0 ? n_rows + 1 : 0);
  for (guint i = 0; i < n_rows; i++)
    {
      g_autoptr(DynoJson) json = dyno_json_parse (lines[i], -1, NULL);

      g_assert_cmpint (dyno_json_type (json), ==, DYNO_JSON_OBJECT);
    }
  g_assert_nonnull (strstr (whole, part));
}

static void
test_read_user (DynoTestStore *f,
                gconstpointer  unused)
{
  g_autoptr(GPtrArray) tables = NULL;
  g_autoptr(GError) error = NULL;

  dyno_test_store_sql (f, people);
  tables = dyno_test_verb (f, read_subject, &error, DYNO_SUBJECT_USER, "usr_jo");
  g_assert_no_error (error);
  assert_line (tables, "users", 1, "\"email\":\"jo.roe@example.org\"");
  assert_line (tables, "login_sessions", 1, "\"ip\":\"192.0.2.9\"");
  assert_line (tables, "api_keys", 1, "\"scopes\":[\"runs:read\"]");
  assert_line (tables, "audit", 0, "");
  for (guint i = 0; i < tables->len; i++)
    {
      const DynoSubjectTable *table = g_ptr_array_index (tables, i);
      gsize size;
      const char *text = g_bytes_get_data (table->lines, &size);

      g_assert_null (g_strstr_len (text, (gssize) size, "bcrypt"));
      g_assert_null (g_strstr_len (text, (gssize) size, "Boss"));
    }
  g_assert_null (dyno_test_verb (f, read_subject, &error, DYNO_SUBJECT_USER, "cus_1"));
  g_assert_error (error, DYNO_ERROR, DYNO_ERROR_NOT_FOUND);
}

static void
test_read_customer (DynoTestStore *f,
                    gconstpointer  unused)
{
  g_autoptr(GPtrArray) tables = NULL;
  g_autoptr(GError) error = NULL;

  dyno_test_store_sql (f, customers);
  tables = dyno_test_verb (f, read_subject, &error, DYNO_SUBJECT_CUSTOMER, "cus_1");
  g_assert_no_error (error);
  assert_line (tables, "customers", 1, "Ann Oelmann");
  assert_line (tables, "vehicles", 1, "\"data\":{\"engine\":\"114\"}");
  assert_line (tables, "runs", 1, "run_1");
  assert_line (tables, "run_notes", 1, "called Ann");
}

static void
test_retain (DynoTestStore *f,
             gconstpointer  unused)
{
  const gint64 now_ms = DYNO_TEST_STORE_BEGIN_MS;
  gint64 before[DYNO_N_RETAIN];
  g_autoptr(DynoErasure) erasure = NULL;
  g_autofree guint64 *dry = NULL;
  g_autofree guint64 *wet = NULL;
  g_autofree guint64 *again = NULL;

  for (guint i = 0; i < DYNO_N_RETAIN; i++)
    before[i] = now_ms + 1;
  dyno_test_store_sql (f, people);
  erasure = begin (f, DYNO_SUBJECT_USER, "usr_jo", 0);
  dyno_test_store_sql (f, "UPDATE login_sessions SET ended_at = 7;"
                          "INSERT INTO idempotency VALUES ('usr_boss', 'POST', '/runs', 'k',"
                          " zeroblob (32), 201, '{}', NULL, NULL, 5)");
  dry = dyno_test_verb (f, retain, NULL, before, TRUE);
  wet = dyno_test_verb (f, retain, NULL, before, FALSE);
  again = dyno_test_verb (f, retain, NULL, before, TRUE);
  for (guint i = 0; i < DYNO_N_RETAIN; i++)
    {
      g_assert_cmpuint (dry[i], ==, wet[i]);
      g_assert_cmpuint (again[i], ==, 0);
    }
  g_assert_cmpuint (dry[DYNO_RETAIN_ACCOUNTS], ==, 1);
  g_assert_cmpuint (dry[DYNO_RETAIN_SESSIONS], ==, 1);
  g_assert_cmpuint (dry[DYNO_RETAIN_REPLIES], ==, 1);
  g_assert_cmpint (ask (f, "SELECT count (*) FROM users"), ==, 3);
  g_assert_cmpint (ask (f, "SELECT count (*) FROM api_keys"), ==, 1);
}

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);

  DYNO_TEST_STORE_ADD ("/store/privacy/user-at-once", test_user_at_once);
  DYNO_TEST_STORE_ADD ("/store/privacy/user-after-a-while", test_user_after_a_while);
  DYNO_TEST_STORE_ADD ("/store/privacy/who-stays", test_who_stays);
  DYNO_TEST_STORE_ADD ("/store/privacy/customer", test_customer);
  DYNO_TEST_STORE_ADD ("/store/privacy/settle", test_settle);
  DYNO_TEST_STORE_ADD ("/store/privacy/read-user", test_read_user);
  DYNO_TEST_STORE_ADD ("/store/privacy/read-customer", test_read_customer);
  DYNO_TEST_STORE_ADD ("/store/privacy/retain", test_retain);

  return g_test_run ();
}
