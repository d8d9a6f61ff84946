/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

#include "config.h"

#include "dyno-db.h"
#include "dyno-error.h"
#include "dyno-schema.h"
#include "dyno-test.h"

#include <string.h>

#define NOW_US G_GINT64_CONSTANT (1789000000123000)

typedef struct
{
  char                *folder;
  char                *backups;
  char                *path;
  DynoDb              *db;
  const DynoMigration *steps;
  guint                n_steps;
} Fixture;

/* What a shop had in its first version. */
static const char old_rows[] =
  "INSERT INTO customers VALUES ('cus_1', 'Ann Ölmann', '', '', '', '', 1, 0, 0);"
  "INSERT INTO vehicles VALUES"
  " ('veh_1', 'cus_1', 'FXDLS Rosa', 'Harley', 'Low Rider', 2021, '', '', '{}', 1, 0, 0);"
  "INSERT INTO runs (id, status, source, progress, title, notes, starred, baseline, vehicle_id,"
  " started_at, simulated, n_gaps, revision, created_at, updated_at)"
  " VALUES ('run_1', 'complete', 'capture', 1, 'Stage two', 'leaner at 4000', 0, 0, 'veh_1',"
  " 5, 0, 0, 1, 5, 5);"
  "INSERT INTO run_tags VALUES (1, 'street-glide');";

static void
set_up (Fixture      *f,
        gconstpointer unused)
{
  g_autoptr(GError) error = NULL;

  f->folder = dyno_test_make_folder ();
  f->backups = g_build_filename (f->folder, "backups", NULL);
  f->path = g_build_filename (f->folder, "dynoai.db", NULL);
  f->db = dyno_db_open (f->path, DYNO_DB_CREATE, &error);
  g_assert_no_error (error);
  f->steps = dyno_schema_migrations (&f->n_steps);
}

static void
tear_down (Fixture      *f,
           gconstpointer unused)
{
  dyno_db_close (f->db);
  dyno_test_remove_folder (f->folder);
  g_free (f->folder);
  g_free (f->backups);
  g_free (f->path);
}

static void
migrate (Fixture *f,
         guint    n)
{
  g_autoptr(GError) error = NULL;

  dyno_schema_migrate (f->db, f->steps, n, f->backups, NOW_US, &error);
  g_assert_no_error (error);
}

static void
exec (Fixture    *f,
      const char *sql)
{
  g_autoptr(GError) error = NULL;

  dyno_db_exec (f->db, sql, &error);
  g_assert_no_error (error);
}

static void
assert_refused (Fixture      *f,
                DynoErrorCode code,
                const char   *reason)
{
  g_autoptr(GError) error = NULL;
  gint64 before = dyno_db_pragma (f->db, "data_version");

  g_assert_false (dyno_schema_migrate (f->db, f->steps, f->n_steps, f->backups, NOW_US, &error));
  g_assert_error (error, DYNO_ERROR, (int) code);
  g_assert_cmpstr (dyno_error_get_reason (error), ==, reason);
  g_assert_cmpint (dyno_db_pragma (f->db, "data_version"), ==, before);
  g_assert_false (dyno_db_is_in_transaction (f->db));
}

static guint
count_backups (Fixture *f)
{
  g_autoptr(GDir) dir = g_dir_open (f->backups, 0, NULL);
  guint n = 0;

  while (dir != NULL && g_dir_read_name (dir) != NULL)
    n++;

  return n;
}

static void
test_fresh (Fixture      *f,
            gconstpointer unused)
{
  g_autoptr(GError) error = NULL;
  int current = -1;

  g_assert_true (dyno_schema_verify (f->db, f->steps, f->n_steps, &current, &error));
  g_assert_cmpint (current, ==, 0);
  migrate (f, f->n_steps);
  g_assert_true (dyno_schema_verify (f->db, f->steps, f->n_steps, &current, &error));
  g_assert_cmpint (current, ==, (int) f->n_steps);
  g_assert_cmpint (dyno_db_pragma (f->db, "user_version"), ==, f->n_steps);
  g_assert_cmpint (dyno_db_pragma (f->db, "application_id"), ==, DYNO_DB_APPLICATION_ID);
  g_assert_cmpuint (count_backups (f), ==, 0);
}

/* From every older version to the head: the same tables as a fresh database,
 * the rows still there, a copy of each version on the way. */
static void
test_every_old_version (Fixture      *f,
                        gconstpointer unused)
{
  g_autofree char *fresh = NULL;

  migrate (f, f->n_steps);
  fresh = dyno_db_dup_schema_sum (f->db, NULL);
  for (guint old = 1; old < f->n_steps; old++)
    {
      g_autofree char *found = NULL;

      tear_down (f, NULL);
      set_up (f, NULL);
      migrate (f, old);
      exec (f, old_rows);
      migrate (f, f->n_steps);
      found = dyno_db_dup_schema_sum (f->db, NULL);
      g_assert_cmpstr (found, ==, fresh);
      g_assert_cmpuint (count_backups (f), ==, f->n_steps - old);
      exec (f, "INSERT INTO run_tags VALUES ((SELECT number FROM runs WHERE id = 'run_1'), 'x');");
    }
}

/* Whoever sits at the machine owns rows from the first day, in a new shop and in an
 * old one. */
static void
test_local_users (Fixture      *f,
                  gconstpointer unused)
{
  for (guint old = 1; old <= f->n_steps; old += f->n_steps - 1)
    {
      tear_down (f, NULL);
      set_up (f, NULL);
      migrate (f, old);
      migrate (f, f->n_steps);
      exec (f, "UPDATE users SET epoch = 2 WHERE id IN ('local:owner', 'local:dev')"
               " AND password IS NULL");
      g_assert_cmpint (dyno_db_n_changed (f->db), ==, 2);
    }
}

static void
assert_exec_fails (Fixture    *f,
                   const char *sql)
{
  g_autoptr(GError) error = NULL;

  g_test_message ("%s", sql);
  g_assert_false (dyno_db_exec (f->db, sql, &error));
  g_assert_nonnull (error);
}

#define AUDIT_ROW(seq)                                                                           \
  " INTO audit (seq, at, event, severity, actor, actor_kind, action, success, details_json)"     \
  " VALUES (" #seq ", 5, 'key.created', 'info', 'usr_1', 'user', 'create', 1, '{}');"

static void
test_audit_is_append_only (Fixture      *f,
                           gconstpointer unused)
{
  static const char *const wrong[] = {
    "UPDATE audit SET actor = 'usr_2' WHERE seq = 1",
    "UPDATE audit SET seq = 9 WHERE seq = 1",
    "UPDATE audit SET hash = zeroblob (31) WHERE seq = 2",
    "UPDATE audit SET hash = zeroblob (32) WHERE seq = 1",
    "UPDATE audit SET hash = NULL WHERE seq = 1",
    "INSERT OR REPLACE" AUDIT_ROW (1),
    "DELETE FROM audit WHERE seq = 2",
    "DELETE FROM audit",
  };

  migrate (f, f->n_steps);
  exec (f, "INSERT" AUDIT_ROW (1));
  exec (f, "INSERT" AUDIT_ROW (2));
  exec (f, "UPDATE audit SET hash = zeroblob (32) WHERE seq = 1");
  for (guint i = 0; i < G_N_ELEMENTS (wrong); i++)
    assert_exec_fails (f, wrong[i]);

  exec (f, "INSERT INTO audit_pruning VALUES (1)");
  assert_exec_fails (f, "DELETE FROM audit");
  exec (f, "DELETE FROM audit WHERE seq <= 1");
  g_assert_cmpint (dyno_db_n_changed (f->db), ==, 1);
}

/* What an operator reads with any SQLite shell. */
static void
test_names_for_other_programs (Fixture      *f,
                               gconstpointer unused)
{
  migrate (f, f->n_steps);
  exec (f, "INSERT" AUDIT_ROW (1));
  exec (f, "INSERT INTO api_keys (id, sha256, display, name, user_id, origin, scopes, cidrs,"
           " rate_limit_per_minute, rate_limit_per_day, created_at, created_by, updated_at,"
           " total_requests, denied_requests, revision) VALUES ('key_1', zeroblob (32), '', 'Bay',"
           " 'local:owner', 'made', '[]', '[]', 60, 10000, 1, '', 1, 7, 0, 1)");
  exec (f, "CREATE TEMP TABLE seen AS SELECT id, name, user_id FROM api_keys"
           " WHERE is_active = 1 AND total_requests = 7; DELETE FROM seen");
  g_assert_cmpint (dyno_db_n_changed (f->db), ==, 1);
  exec (f, "UPDATE api_keys SET revoked_at = 2; DELETE FROM api_keys WHERE is_active = 0");
  g_assert_cmpint (dyno_db_n_changed (f->db), ==, 1);
  exec (f, "CREATE TEMP TABLE logs AS SELECT * FROM audit_logs; DELETE FROM logs");
  g_assert_cmpint (dyno_db_n_changed (f->db), ==, 1);
}

static void
test_backup_is_the_way_back (Fixture      *f,
                             gconstpointer unused)
{
  g_autoptr(GDir) dir = NULL;
  const char *name;
  guint n = 0;

  migrate (f, 1);
  exec (f, old_rows);
  migrate (f, f->n_steps);

  dir = g_dir_open (f->backups, 0, NULL);
  while ((name = g_dir_read_name (dir)) != NULL)
    {
      g_autofree char *path = g_build_filename (f->backups, name, NULL);
      g_autoptr(DynoDb) copy = dyno_db_open (path, DYNO_DB_WRITE, NULL);
      int current;

      g_assert_nonnull (copy);
      g_assert_true (g_str_has_prefix (name, "dynoai-2026-09-10T"));
      g_assert_true (dyno_schema_verify (copy, f->steps, f->n_steps, &current, NULL));
      g_assert_cmpint (current, <, (int) f->n_steps);
      g_assert_true (dyno_db_exec (copy, "DELETE FROM runs WHERE id = 'run_1'", NULL));
      g_assert_cmpint (dyno_db_n_changed (copy), ==, 1);
      n++;
    }
  g_assert_cmpuint (n, ==, f->n_steps - 1);
}

static void
test_search_is_filled (Fixture      *f,
                       gconstpointer unused)
{
  static const char *const words[] = { "stage", "leaner", "glide", "rosa", "olmann" };

  migrate (f, 1);
  exec (f, old_rows);
  migrate (f, f->n_steps);
  for (guint i = 0; i < G_N_ELEMENTS (words); i++)
    {
      g_autofree char *sql = g_strdup_printf (
          "CREATE TEMP TABLE found%u AS SELECT rowid FROM run_text WHERE run_text MATCH '%s';"
          "DELETE FROM found%u",
          i, words[i], i);

      exec (f, sql);
      g_assert_cmpint (dyno_db_n_changed (f->db), ==, 1);
    }
}

static void
test_changed_step (Fixture      *f,
                   gconstpointer unused)
{
  g_autofree DynoMigration *steps = g_memdup2 (f->steps, f->n_steps * sizeof *steps);

  migrate (f, f->n_steps);
  steps[1].sql = "CREATE TABLE other (x TEXT) STRICT;";
  f->steps = steps;
  assert_refused (f, DYNO_ERROR_CORRUPT, "schema_drift");
}

static void
test_changed_tables (Fixture      *f,
                     gconstpointer unused)
{
  migrate (f, f->n_steps);
  exec (f, "CREATE TABLE stray (x TEXT);");
  assert_refused (f, DYNO_ERROR_CORRUPT, "schema_drift");
  exec (f, "DROP TABLE stray;");
  migrate (f, f->n_steps);
  exec (f, "DROP INDEX runs_by_start;");
  assert_refused (f, DYNO_ERROR_CORRUPT, "schema_drift");
}

static void
test_lost_step (Fixture      *f,
                gconstpointer unused)
{
  migrate (f, f->n_steps);
  exec (f, "DELETE FROM schema_migrations WHERE number = 2;");
  assert_refused (f, DYNO_ERROR_CORRUPT, "schema_drift");
}

static void
test_newer (Fixture      *f,
            gconstpointer unused)
{
  migrate (f, f->n_steps);
  f->n_steps--;
  assert_refused (f, DYNO_ERROR_CONFLICT, "schema_newer");
}

static void
test_not_ours (Fixture      *f,
               gconstpointer unused)
{
  exec (f, "CREATE TABLE moz_places (x TEXT);");
  assert_refused (f, DYNO_ERROR_CONFLICT, "not_ours");
}

static void
assert_step_fails (Fixture    *f,
                   const char *sql)
{
  g_autofree DynoMigration *steps = g_new (DynoMigration, f->n_steps + 1);
  g_autofree char *before = NULL;
  g_autofree char *after = NULL;
  g_autoptr(GError) error = NULL;

  memcpy (steps, f->steps, f->n_steps * sizeof *steps);
  steps[f->n_steps] = (DynoMigration) { (int) f->n_steps + 1, "bad", sql };
  before = dyno_db_dup_schema_sum (f->db, NULL);
  g_assert_false (
      dyno_schema_migrate (f->db, steps, f->n_steps + 1, f->backups, NOW_US, &error));
  g_assert_nonnull (error);
  after = dyno_db_dup_schema_sum (f->db, NULL);
  g_assert_cmpstr (before, ==, after);
  g_assert_cmpint (dyno_db_pragma (f->db, "user_version"), ==, f->n_steps);
  g_assert_false (dyno_db_is_in_transaction (f->db));
}

static void
test_failed_step_changes_nothing (Fixture      *f,
                                  gconstpointer unused)
{
  migrate (f, f->n_steps);
  exec (f, old_rows);
  assert_step_fails (f, "CREATE TABLE half (x TEXT) STRICT; INSERT INTO nowhere VALUES (1);");
  dyno_test_remove_folder (f->backups);
  assert_step_fails (f, "CREATE TABLE half (x TEXT REFERENCES vehicles (id)) STRICT;"
                        "PRAGMA defer_foreign_keys=ON; INSERT INTO half VALUES ('veh_nobody');");
}

/* Without its copy no step is made. */
static void
test_no_backup_no_step (Fixture      *f,
                        gconstpointer unused)
{
  migrate (f, 1);
  exec (f, old_rows);
  g_assert_true (g_file_set_contents (f->backups, "in the way", -1, NULL));
  assert_refused (f, DYNO_ERROR_UNAVAILABLE, "read_only");
  g_assert_cmpint (dyno_db_pragma (f->db, "user_version"), ==, 1);
}

#define ADD(path, function) g_test_add (path, Fixture, NULL, set_up, function, tear_down)

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);
  ADD ("/schema/fresh", test_fresh);
  ADD ("/schema/every-old-version", test_every_old_version);
  ADD ("/schema/local-users", test_local_users);
  ADD ("/schema/audit-is-append-only", test_audit_is_append_only);
  ADD ("/schema/names-for-other-programs", test_names_for_other_programs);
  ADD ("/schema/way-back", test_backup_is_the_way_back);
  ADD ("/schema/search-is-filled", test_search_is_filled);
  ADD ("/schema/drift/step", test_changed_step);
  ADD ("/schema/drift/tables", test_changed_tables);
  ADD ("/schema/drift/lost-step", test_lost_step);
  ADD ("/schema/newer", test_newer);
  ADD ("/schema/not-ours", test_not_ours);
  ADD ("/schema/failed-step", test_failed_step_changes_nothing);
  ADD ("/schema/no-backup", test_no_backup_no_step);

  return g_test_run ();
}
