/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

#include "config.h"

#include "dyno-error.h"
#include "dyno-shape-key.h"
#include "dyno-test-shop.h"
#include "dyno-test.h"

#include <glib/gstdio.h>
#include <sqlite3.h>
#include <string.h>

#define BEGIN_US G_GINT64_CONSTANT (1789000000000000)
#define MINUTE_US G_GINT64_CONSTANT (60000000)
#define KEY "000102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f"

static void
set_up (DynoTestShop *f,
        gconstpointer unused)
{
  g_autofree char *path = NULL;

  dyno_test_shop_prepare (f, dyno_test_make_folder ());
  f->clock = dyno_clock_new_fake (0, BEGIN_US);
  path = g_build_filename (f->folder, "master", NULL);
  g_assert_true (g_file_set_contents (path, KEY, -1, NULL));
  g_assert_cmpint (g_chmod (path, 0600), ==, 0);
  dyno_test_shop_set (f, "DYNOAI_MASTER_KEY_FILE", path);
  dyno_test_shop_open (f, DYNO_SHOP_NO_CAPTURE);
}

static void
reopen (DynoTestShop *f)
{
  dyno_test_shop_close (f);
  dyno_test_shop_open (f, DYNO_SHOP_NO_CAPTURE);
}

static void
open_vault (DynoTestShop *f)
{
  DynoVaultState state = DYNO_VAULT_CLOSED;

  dyno_vault_open_async (f->shop, NULL, dyno_await_cb, f->await);
  g_assert_true (dyno_vault_open_finish (dyno_await_wait (f->await), &state, NULL));
  g_assert_cmpint (state, ==, DYNO_VAULT_READY);
}

/* (transfer full) of DynoAuditRecord */
static GPtrArray *
list (DynoTestShop *f,
      const char   *event)
{
  DynoAuditQuery *query = g_new0 (DynoAuditQuery, 1);
  g_autoptr(GError) error = NULL;
  GPtrArray *rows;

  query->success = -1;
  query->limit = 1000;
  query->event = g_strdup (event);
  rows = dyno_test_ask (f, dyno_audit_list, &error, query);
  g_assert_no_error (error);

  return rows;
}

static void
set_units (DynoTestShop *f,
           const char   *units)
{
  g_autoptr(GError) error = NULL;

  g_assert_true (dyno_test_ask (f, dyno_shop_set_config, &error, "ui.units", units));
  g_assert_no_error (error);
}

/* Rows of the time without a key are chained when it comes, and verified. */
static void
test_chained_on_opening (DynoTestShop *f,
                         gconstpointer unused)
{
  g_autoptr(GError) closed = NULL;
  g_autoptr(DynoAuditVerdict) verdict = NULL;
  g_autoptr(GPtrArray) before = NULL;
  g_autoptr(GPtrArray) after = NULL;

  set_units (f, "us");
  set_units (f, "metric");
  before = list (f, "settings.changed");
  g_assert_cmpuint (before->len, ==, 2);
  g_assert_false (((const DynoAuditRecord *) g_ptr_array_index (before, 0))->is_chained);
  g_assert_null (dyno_test_ask0 (f, dyno_audit_verify, &closed));
  g_assert_error (closed, DYNO_ERROR, DYNO_ERROR_UNAVAILABLE);
  open_vault (f);
  set_units (f, "european");
  after = list (f, NULL);
  g_assert_cmpuint (after->len, ==, 3);
  for (guint i = 0; i < after->len; i++)
    g_assert_true (((const DynoAuditRecord *) g_ptr_array_index (after, i))->is_chained);
  verdict = dyno_test_ask0 (f, dyno_audit_verify, NULL);
  g_assert_true (verdict->is_good);
  g_assert_cmpuint (verdict->n_rows, ==, 3);
}

/* An edited row is named, over the shop and after a restart. */
static void
test_edited_row (DynoTestShop *f,
                 gconstpointer unused)
{
  g_autofree char *path = g_build_filename (f->folder, "dynoai.db", NULL);
  g_autoptr(DynoAuditVerdict) verdict = NULL;
  sqlite3 *handle;

  open_vault (f);
  for (int i = 0; i < 5; i++)
    set_units (f, i % 2 == 0 ? "us" : "metric");
  dyno_test_shop_close (f);
  g_assert_cmpint (sqlite3_open (path, &handle), ==, SQLITE_OK);
  sqlite3_db_config (handle, SQLITE_DBCONFIG_ENABLE_TRIGGER, 0, NULL);
  g_assert_cmpint (sqlite3_exec (handle, "UPDATE audit SET actor = 'usr_x' WHERE seq = 4", NULL,
                                 NULL, NULL), ==, SQLITE_OK);
  sqlite3_close (handle);
  dyno_test_shop_open (f, DYNO_SHOP_NO_CAPTURE);
  open_vault (f);
  verdict = dyno_test_ask0 (f, dyno_audit_verify, NULL);
  g_assert_false (verdict->is_good);
  g_assert_cmpint (verdict->first_bad_seq, ==, 4);
}

/* A run that is thrown away and taken back says so; one that is not there, nothing. */
static void
test_runs (DynoTestShop *f,
           gconstpointer unused)
{
  g_autofree char *run_id = dyno_test_shop_keep (f, "Baseline", NULL);
  const char *const ids[] = { run_id, NULL };
  const char *const nobody[] = { run_id, "run_00000000000000000000", NULL };
  g_autoptr(GPtrArray) deleted = NULL;
  g_autoptr(GPtrArray) restored = NULL;
  const DynoAuditRecord *row;

  g_assert_true (dyno_test_ask (f, dyno_runbook_delete, NULL, ids));
  g_assert_true (dyno_test_ask (f, dyno_runbook_restore, NULL, ids));
  g_assert_false (dyno_test_ask (f, dyno_runbook_delete, NULL, nobody));
  deleted = list (f, "run.deleted");
  restored = list (f, "run.restored");
  g_assert_cmpuint (deleted->len, ==, 1);
  g_assert_cmpuint (restored->len, ==, 1);
  row = g_ptr_array_index (deleted, 0);
  g_assert_cmpstr (row->actor, ==, "local:owner");
  g_assert_cmpstr (row->actor_kind, ==, "owner");
  g_assert_cmpstr (row->resource_type, ==, "run");
  g_assert_cmpstr (row->resource_id, ==, run_id);
}

static gint64
folded (const DynoAuditRecord *row)
{
  g_autoptr(DynoJson) details = dyno_json_parse (row->details, -1, NULL);

  return dyno_json_integer (dyno_json_member (details, "count"), -1);
}

/* One row an actor, route and minute, told when the minute is over or the shop ends. */
static void
test_denials (DynoTestShop *f,
              gconstpointer unused)
{
  g_autoptr(GPtrArray) rows = NULL;
  g_autoptr(GPtrArray) all = NULL;
  gint64 n = 0;

  for (int i = 0; i < 100; i++)
    {
      dyno_audit_deny_address (f->shop, "192.0.2.1", "/runs", 403);
      dyno_audit_deny_address (f->shop, "192.0.2.2", "/runs", 403);
      dyno_audit_deny (f->shop, "/runs", 403);
      dyno_audit_deny (f->shop, "/keys", 403);
    }
  rows = list (f, "authz.denied");
  g_assert_cmpuint (rows->len, ==, 0);
  dyno_clock_advance (f->clock, MINUTE_US);
  dyno_audit_deny_address (f->shop, "192.0.2.1", "/runs", 403);
  reopen (f);
  all = list (f, "authz.denied");
  g_assert_cmpuint (all->len, ==, 5);
  for (guint i = 0; i < all->len; i++)
    {
      const DynoAuditRecord *row = g_ptr_array_index (all, i);

      n += folded (row);
      g_assert_false (row->is_success);
      g_assert_cmpint (row->status, ==, 403);
    }
  g_assert_cmpint (n, ==, 401);
}

/* Whoever comes from a million addresses fills no disk. */
static void
test_many_denials (DynoTestShop *f,
                   gconstpointer unused)
{
  g_autoptr(GPtrArray) rows = NULL;

  for (int i = 0; i < 20000; i++)
    {
      g_autofree char *address = g_strdup_printf ("10.%d.%d.1", i / 256, i % 256);

      dyno_audit_deny_address (f->shop, address, "/runs", 401);
    }
  reopen (f);
  rows = list (f, "authz.denied");
  g_assert_cmpuint (rows->len, ==, 201);
  g_assert_cmpint (((const DynoAuditRecord *) g_ptr_array_index (rows, 0))->seq, <=, 1001);
}

static void
test_tell (DynoTestShop *f,
           gconstpointer unused)
{
  g_autoptr(GPtrArray) rows = NULL;
  DynoJsonWriter *w = dyno_json_writer_new (FALSE);
  g_autofree char *text = NULL;
  const DynoAuditRecord *row;

  g_assert_true (dyno_test_ask (f, dyno_audit_tell, NULL, DYNO_AUDIT_AUTH_REFRESH_REUSE, "session",
                                "sid-1", "{\"generation\":3}"));
  rows = list (f, "auth.refresh_reuse");
  row = g_ptr_array_index (rows, 0);
  g_assert_cmpint (row->severity, ==, DYNO_AUDIT_CRITICAL);
  g_assert_false (row->is_success);
  g_assert_cmpstr (row->details, ==, "{\"generation\":3}");
  dyno_shape_audit (w, row);
  text = dyno_json_writer_finish (w);
  g_assert_cmpstr (text, ==,
                   "{\"seq\":1,\"at\":\"2026-09-10T00:26:40.000Z\",\"event\":\"auth.refresh_reuse\","
                   "\"severity\":\"critical\",\"actor\":\"local:owner\",\"actor_kind\":\"owner\","
                   "\"key_id\":null,\"sid\":null,\"ip\":null,\"correlation_id\":null,"
                   "\"resource_type\":\"session\",\"resource_id\":\"sid-1\","
                   "\"action\":\"refresh\",\"success\":false,\"status\":null,"
                   "\"details\":{\"generation\":3}}");
  for (int i = 0; i < DYNO_N_AUDIT_EVENTS; i++)
    g_assert_nonnull (strchr (dyno_audit_event_name ((DynoAuditEvent) i), '.'));
}

#define ADD(path, function) \
  g_test_add (path, DynoTestShop, NULL, set_up, function, dyno_test_shop_tear_down)

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);
  ADD ("/shop-audit/chained-on-opening", test_chained_on_opening);
  ADD ("/shop-audit/edited-row", test_edited_row);
  ADD ("/shop-audit/runs", test_runs);
  ADD ("/shop-audit/denials", test_denials);
  ADD ("/shop-audit/denials/many", test_many_denials);
  ADD ("/shop-audit/tell", test_tell);

  return g_test_run ();
}
