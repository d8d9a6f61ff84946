/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

#include "config.h"

#include "dyno-error.h"
#include "dyno-test-store.h"

#include <sqlite3.h>
#include <string.h>

#define DAY_US (24 * G_GINT64_CONSTANT (3600000000))

static GBytes *
make_key (void)
{
  return g_bytes_new_static ("0123456789abcdef0123456789abcdef", 32);
}

static DynoAuditRecord *
make_record (const char *event,
             const char *actor,
             const char *resource_id)
{
  DynoAuditRecord *record = g_new0 (DynoAuditRecord, 1);

  record->event = g_strdup (event);
  record->actor = g_strdup (actor);
  record->actor_kind = g_strdup ("user");
  record->resource_type = g_strdup ("key");
  record->resource_id = g_strdup (resource_id);
  record->action = g_strdup ("create");
  record->details = g_strdup ("{\"name\":\"Bay \\\"2\\\"\"}");
  record->is_success = TRUE;

  return record;
}

static void
add (DynoTestStore *f,
     GBytes        *key,
     guint          n)
{
  for (guint i = 0; i < n; i++)
    {
      DynoRider *rider = dyno_rider_new (key);
      g_autoptr(GError) error = NULL;

      dyno_rider_add_audit (rider, make_record ("key.created", "usr_1", "key_1"));
      g_assert_true (dyno_test_verb (f, send_rider, &error, rider));
      g_assert_no_error (error);
    }
}

static DynoAuditVerdict *
verify (DynoTestStore *f,
        GBytes        *key)
{
  g_autoptr(GError) error = NULL;
  DynoAuditVerdict *verdict = dyno_test_verb (f, verify_audit, &error, key);

  g_assert_no_error (error);

  return verdict;
}

static void
assert_bad (DynoTestStore *f,
            gint64         first_bad_seq)
{
  g_autoptr(GBytes) key = make_key ();
  g_autoptr(DynoAuditVerdict) verdict = verify (f, key);

  g_assert_cmpint (verdict->first_bad_seq, ==, first_bad_seq);
  g_assert_cmpint (verdict->is_good, ==, first_bad_seq == 0);
}

/* As a thief of the file would do it: without our triggers. */
static void
tamper (DynoTestStore *f,
        const char    *sql)
{
  g_autofree char *path = g_build_filename (f->folder, "dynoai.db", NULL);
  sqlite3 *handle;

  dyno_test_store_close (f);
  g_assert_cmpint (sqlite3_open (path, &handle), ==, SQLITE_OK);
  sqlite3_db_config (handle, SQLITE_DBCONFIG_ENABLE_TRIGGER, 0, NULL);
  g_assert_cmpint (sqlite3_exec (handle, sql, NULL, NULL, NULL), ==, SQLITE_OK);
  sqlite3_close (handle);
  dyno_test_store_open (f, DYNO_STORE_DEFAULT, NULL);
}

static void
test_chain (DynoTestStore *f,
            gconstpointer  unused)
{
  g_autoptr(GBytes) key = make_key ();
  g_autoptr(GBytes) other = g_bytes_new_static ("another key of thirty-two bytes!", 32);
  g_autoptr(DynoAuditVerdict) empty = verify (f, key);
  g_autoptr(DynoAuditVerdict) full = NULL;
  g_autoptr(DynoAuditVerdict) wrong = NULL;

  g_assert_true (empty->is_good);
  g_assert_cmpuint (empty->n_rows, ==, 0);
  add (f, key, 20);
  dyno_test_store_reopen (f);
  add (f, key, 5);
  full = verify (f, key);
  g_assert_true (full->is_good);
  g_assert_cmpuint (full->n_rows, ==, 25);
  g_assert_cmpint (full->first_seq, ==, 1);
  g_assert_cmpint (full->last_seq, ==, 25);
  g_assert_cmpuint (strlen (full->head), ==, 64);
  g_assert_cmpuint (full->n_waiting, ==, 0);
  wrong = verify (f, other);
  g_assert_cmpint (wrong->first_bad_seq, ==, 1);
}

/* Whatever was done to the file, the first row that is not what it was is named. */
static void
test_tampered (DynoTestStore *f,
               gconstpointer  unused)
{
  static const struct
  {
    const char *sql;
    gint64      bad_seq;
  } cases[] = {
    { "UPDATE audit SET actor = 'usr_2' WHERE seq = 7", 7 },
    { "UPDATE audit SET at = at + 1 WHERE seq = 7", 7 },
    { "UPDATE audit SET success = 0 WHERE seq = 7", 7 },
    { "UPDATE audit SET status = 200 WHERE seq = 7", 7 },
    { "UPDATE audit SET key_id = '' WHERE seq = 7", 7 },
    { "UPDATE audit SET details_json = '{}' WHERE seq = 7", 7 },
    { "UPDATE audit SET hash = zeroblob (32) WHERE seq = 7", 7 },
    { "UPDATE audit SET hash = NULL WHERE seq = 7", 8 },
    { "DELETE FROM audit WHERE seq = 7", 7 },
    { "DELETE FROM audit WHERE seq = 1", 2 },
    { "DELETE FROM audit WHERE seq = 10", 10 },
    { "UPDATE audit SET seq = 99 WHERE seq = 7; UPDATE audit SET seq = 7 WHERE seq = 8;"
      "UPDATE audit SET seq = 8 WHERE seq = 99", 7 },
    { "DELETE FROM audit WHERE seq <= 3; INSERT INTO audit (seq, at, event, severity, actor,"
      " actor_kind, action, success, details_json, hash) SELECT 3, 0, 'audit.anchor', 'info', '',"
      " '', '', 1, '{\"removed\":3,\"proof\":\"00\"}', zeroblob (32)", 3 },
  };
  g_autoptr(GBytes) key = make_key ();

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_test_message ("%s", cases[i].sql);
      dyno_test_store_tear_down (f, NULL);
      dyno_test_store_set_up (f, NULL);
      add (f, key, 10);
      assert_bad (f, 0);
      tamper (f, cases[i].sql);
      assert_bad (f, cases[i].bad_seq);
    }
}

/* Without the key rows wait, and are chained in their order when it is there. */
static void
test_waiting (DynoTestStore *f,
              gconstpointer  unused)
{
  g_autoptr(GBytes) key = make_key ();
  g_autoptr(DynoAuditVerdict) closed = NULL;
  g_autoptr(DynoAuditVerdict) open = NULL;

  add (f, key, 2);
  add (f, NULL, 3);
  closed = verify (f, key);
  g_assert_true (closed->is_good);
  g_assert_cmpuint (closed->n_waiting, ==, 3);
  g_assert_true (dyno_test_verb (f, chain_audit, NULL, key));
  open = verify (f, key);
  g_assert_true (open->is_good);
  g_assert_cmpuint (open->n_waiting, ==, 0);
  g_assert_cmpstr (open->head, !=, closed->head);

  /* A row that comes with the key chains what waits before it. */
  add (f, NULL, 2);
  add (f, key, 1);
  assert_bad (f, 0);
}

static DynoAuditQuery *
make_query (guint limit)
{
  DynoAuditQuery *query = g_new0 (DynoAuditQuery, 1);

  query->success = -1;
  query->limit = limit;

  return query;
}

static guint
count (DynoTestStore  *f,
       DynoAuditQuery *query)
{
  g_autoptr(GError) error = NULL;
  g_autoptr(GPtrArray) rows = dyno_test_verb (f, list_audit, &error, query);

  g_assert_no_error (error);

  return rows->len;
}

static void
add_row (DynoTestStore   *f,
         DynoAuditRecord *record)
{
  DynoRider *rider = dyno_rider_new (NULL);

  dyno_rider_add_audit (rider, record);
  g_assert_true (dyno_test_verb (f, send_rider, NULL, rider));
}

static void
test_list (DynoTestStore *f,
           gconstpointer  unused)
{
  DynoAuditRecord *failed = make_record ("auth.login.failure", "usr_2", "usr_2");
  DynoAuditQuery *query;
  g_autoptr(GPtrArray) page = NULL;
  const DynoAuditRecord *row;

  failed->is_success = FALSE;
  failed->severity = DYNO_AUDIT_WARNING;
  failed->status = 401;
  failed->ip = g_strdup ("192.0.2.7");
  add (f, NULL, 5);
  dyno_clock_advance (f->clock, DAY_US);
  add_row (f, failed);

  query = make_query (50);
  page = dyno_test_verb (f, list_audit, NULL, query);
  g_assert_cmpuint (page->len, ==, 6);
  row = g_ptr_array_index (page, 0);
  g_assert_cmpint (row->seq, ==, 6);
  g_assert_cmpint (row->at_ms, ==, DYNO_TEST_STORE_BEGIN_MS + DAY_US / 1000);
  g_assert_cmpint (row->severity, ==, DYNO_AUDIT_WARNING);
  g_assert_cmpint (row->status, ==, 401);
  g_assert_cmpstr (row->ip, ==, "192.0.2.7");
  g_assert_null (row->sid);
  g_assert_false (row->is_success);
  row = g_ptr_array_index (page, 5);
  g_assert_cmpint (row->seq, ==, 1);
  g_assert_cmpstr (row->details, ==, "{\"name\":\"Bay \\\"2\\\"\"}");

  query = make_query (50);
  query->event = g_strdup ("key.created");
  g_assert_cmpuint (count (f, query), ==, 5);
  query = make_query (50);
  query->actor = g_strdup ("usr_2");
  g_assert_cmpuint (count (f, query), ==, 1);
  query = make_query (50);
  query->resource = g_strdup ("key_1");
  g_assert_cmpuint (count (f, query), ==, 5);
  query = make_query (50);
  query->resource = g_strdup ("key");
  g_assert_cmpuint (count (f, query), ==, 6);
  query = make_query (50);
  query->success = 0;
  g_assert_cmpuint (count (f, query), ==, 1);
  query = make_query (50);
  query->from_ms = DYNO_TEST_STORE_BEGIN_MS + 1;
  g_assert_cmpuint (count (f, query), ==, 1);
  query = make_query (50);
  query->to_ms = DYNO_TEST_STORE_BEGIN_MS + 1;
  g_assert_cmpuint (count (f, query), ==, 5);
  query = make_query (2);
  query->before_seq = 2;
  g_assert_cmpuint (count (f, query), ==, 1);
}

static gint64
prune (DynoTestStore *f,
       gint64         before_ms)
{
  g_autoptr(GBytes) key = make_key ();
  g_autoptr(GError) error = NULL;
  gint64 n = dyno_test_verb (f, prune_audit, &error, key, before_ms);

  g_assert_no_error (error);

  return n;
}

/* What is left is still a chain, however often it is cut. */
static void
test_pruning (DynoTestStore *f,
              gconstpointer  unused)
{
  const gint64 day_ms = DAY_US / 1000;
  g_autoptr(GBytes) key = make_key ();
  g_autoptr(DynoAuditVerdict) verdict = NULL;

  g_assert_cmpint (prune (f, DYNO_TEST_STORE_BEGIN_MS + day_ms), ==, 0);
  add (f, key, 4);
  dyno_clock_advance (f->clock, DAY_US);
  add (f, NULL, 3);
  dyno_clock_advance (f->clock, DAY_US);
  add (f, key, 3);
  g_assert_cmpint (prune (f, DYNO_TEST_STORE_BEGIN_MS), ==, 0);
  g_assert_cmpint (prune (f, DYNO_TEST_STORE_BEGIN_MS + day_ms), ==, 4);
  assert_bad (f, 0);
  g_assert_cmpint (prune (f, DYNO_TEST_STORE_BEGIN_MS + day_ms), ==, 0);
  g_assert_cmpint (prune (f, DYNO_TEST_STORE_BEGIN_MS + 2 * day_ms), ==, 4);
  verdict = verify (f, key);
  g_assert_true (verdict->is_good);
  g_assert_cmpint (verdict->first_seq, ==, 7);
  g_assert_cmpint (verdict->last_seq, ==, 10);
  add (f, key, 1);
  assert_bad (f, 0);
  g_assert_cmpint (prune (f, DYNO_TEST_STORE_BEGIN_MS + 900 * day_ms), ==, 4);
  assert_bad (f, 0);
  tamper (f, "UPDATE audit SET details_json = replace (details_json, '\"removed\":4',"
             " '\"removed\":3') WHERE event = 'audit.anchor'");
  assert_bad (f, 10);
}

#define ADD(path, function) DYNO_TEST_STORE_ADD (path, function)

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);
  ADD ("/audit/chain", test_chain);
  ADD ("/audit/tampered", test_tampered);
  ADD ("/audit/waiting", test_waiting);
  ADD ("/audit/list", test_list);
  ADD ("/audit/pruning", test_pruning);

  return g_test_run ();
}
