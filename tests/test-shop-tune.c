/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

#include "config.h"

#include <math.h>
#include <signal.h>
#include <sqlite3.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "dyno-error.h"
#include "dyno-test-shop.h"
#include "dyno-test.h"
#include "dyno-timeline.h"
#include "dyno-tune.h"

/* The tables of a tune: what comes in goes out as it came, what is applied can be taken
 * back to the byte, and nobody applies what he was not shown. */

#define FRONT "RPM,35,50,65\r\n1500,80.0,82.5,\r\n2000,84.0,86.0,88.0\r\n"
#define REAR "RPM,35,50,65\r\n1500,70.0,72.5,\r\n2000,74.0,76.0,78.0\r\n"
#define PERCENTS "RPM,35,50,65\n1500,2,-3,5\n2000,,1,9\n"
#define OTHER_PERCENTS "RPM,35,50,65\n1500,1,1,1\n2000,1,1,1\n"

static char *
write_file (DynoTestShop *f,
            const char   *name,
            const char   *text)
{
  char *path = g_build_filename (f->folder, name, NULL);

  g_assert_true (g_file_set_contents (path, text, -1, NULL));

  return path;
}

static GPtrArray *
import_pair (DynoTestShop *f)
{
  g_autofree char *front = write_file (f, "front.csv", FRONT);
  g_autofree char *rear = write_file (f, "rear.csv", REAR);
  DynoTuneImport *import = dyno_tune_import_new ();
  g_autoptr(GError) error = NULL;
  GPtrArray *records;

  dyno_tune_import_add (import, front, DYNO_TABLE_FRONT);
  dyno_tune_import_add (import, rear, DYNO_TABLE_REAR);
  records = dyno_test_ask (f, dyno_tune_import, &error, import);
  g_assert_no_error (error);
  g_assert_cmpuint (records->len, ==, 2);

  return records;
}

static const char *
id_of (GPtrArray *records,
       guint      index)
{
  return ((DynoTableRecord *) g_ptr_array_index (records, index))->id;
}

static GBytes *
bytes_of (DynoTestShop *f,
          const char   *table_id,
          int           version)
{
  g_autoptr(GError) error = NULL;
  g_autoptr(DynoTuneTable) table
      = dyno_test_ask (f, dyno_tune_get, &error, table_id, version, NULL);

  g_assert_no_error (error);

  return g_bytes_ref (table->record->bytes);
}

static void
assert_bytes (DynoTestShop *f,
              const char   *table_id,
              const char   *wanted)
{
  g_autoptr(GBytes) bytes = bytes_of (f, table_id, 0);
  gsize size;
  const char *data = g_bytes_get_data (bytes, &size);

  g_assert_cmpmem (data, size, wanted, strlen (wanted));
}

static int
version_of (DynoTestShop *f,
            const char   *table_id)
{
  g_autoptr(DynoTuneTable) table = dyno_test_ask (f, dyno_tune_get, NULL, table_id, 0, NULL);

  return table->record->version;
}

/* Both tables, both cylinders by one grid of percents. */
static DynoTuneRequest *
request_of (DynoTestShop *f,
            GPtrArray    *records,
            const char   *percents)
{
  DynoTuneRequest *request = dyno_tune_request_new ();

  request->corrections = write_file (f, "percents.csv", percents);
  request->options->is_shared = TRUE;
  dyno_tune_request_add_base (request, id_of (records, 0), DYNO_TABLE_BOTH);

  return request;
}

static DynoTuneApplied *
apply (DynoTestShop *f,
       GPtrArray    *records,
       const char   *percents)
{
  g_autoptr(GError) error = NULL;
  DynoTuneApplied *applied = dyno_test_ask (f, dyno_tune_apply, &error,
                                            request_of (f, records, percents));

  g_assert_no_error (error);

  return applied;
}

static const char *
change_of (const DynoTuneApplied *applied,
           guint                  index)
{
  return ((DynoChangeRecord *) g_ptr_array_index (applied->changes, index))->id;
}

/* All its items, and the file again. */
static void
test_pvv (DynoTestShop *f,
          gconstpointer unused)
{
  g_autofree char *path = dyno_test_shared_file ("logs/dynoai3/pvv_template.pvv");
  DynoTuneImport *import;
  g_autoptr(GPtrArray) records = NULL;
  g_autoptr(GPtrArray) ve = NULL;
  g_autoptr(GBytes) file = NULL;
  g_autoptr(GBytes) again = NULL;
  g_autoptr(GError) error = NULL;
  g_autofree char *text = NULL;
  gsize size;

  if (path == NULL)
    return;
  import = dyno_tune_import_new ();
  dyno_tune_import_add (import, path, DYNO_TABLE_BOTH);
  records = dyno_test_ask (f, dyno_tune_import, &error, import);
  g_assert_no_error (error);
  g_assert_cmpuint (records->len, ==, 41);
  ve = dyno_test_ask (f, dyno_tune_list, &error, NULL, "ve", NULL);
  g_assert_cmpuint (ve->len, ==, 4);
  text = dyno_test_read (path, &size);
  file = g_bytes_new (text, size);
  again = dyno_test_ask (f, dyno_tune_export, &error, id_of (ve, 0), 0, DYNO_TUNE_PVV, FALSE);
  g_assert_no_error (error);
  g_assert_true (g_bytes_equal (file, again));
}

static void
test_apply_and_back (DynoTestShop *f,
                     gconstpointer unused)
{
  g_autoptr(GPtrArray) records = import_pair (f);
  g_autoptr(DynoTuneApplied) applied = NULL;
  g_autoptr(DynoTuneRestored) restored = NULL;
  g_autoptr(DynoTuneRestored) twice = NULL;
  g_autoptr(GPtrArray) history = NULL;
  g_autoptr(GError) error = NULL;
  g_autoptr(GError) second = NULL;

  applied = apply (f, records, PERCENTS);
  g_assert_cmpuint (applied->changes->len, ==, 2);
  /* 9 % is more than is allowed; the blank cell stays blank. */
  assert_bytes (f, id_of (records, 0),
                "RPM,35,50,65\r\n1500,81.6,80.0,\r\n2000,84.0,86.9,94.2\r\n");
  assert_bytes (f, id_of (records, 1),
                "RPM,35,50,65\r\n1500,71.4,70.3,\r\n2000,74.0,76.8,83.5\r\n");

  /* One of the two is asked for: both go back. */
  restored = dyno_test_ask (f, dyno_tune_rollback, &error, change_of (applied, 1), NULL, NULL);
  g_assert_no_error (error);
  g_assert_cmpuint (restored->changes->len, ==, 2);
  assert_bytes (f, id_of (records, 0), FRONT);
  assert_bytes (f, id_of (records, 1), REAR);
  g_assert_cmpstr (restored->sha256_after, ==, applied->preview->sha256_before);

  twice = dyno_test_ask (f, dyno_tune_rollback, &second, change_of (applied, 0), NULL, NULL);
  g_assert_error (second, DYNO_ERROR, DYNO_ERROR_CONFLICT);
  g_assert_cmpstr (dyno_error_get_reason (second), ==, "already_rolled_back");
  history = dyno_test_ask (f, dyno_timeline_list, &error, id_of (records, 0));
  g_assert_cmpuint (history->len, ==, 3);
}

static void
test_not_what_was_shown (DynoTestShop *f,
                         gconstpointer unused)
{
  g_autoptr(GPtrArray) records = import_pair (f);
  g_autoptr(DynoTunePreview) shown = NULL;
  g_autoptr(DynoTuneApplied) other = NULL;
  g_autoptr(DynoTuneApplied) refused = NULL;
  g_autoptr(DynoTuneApplied) again = NULL;
  g_autoptr(GError) error = NULL;
  g_autoptr(GError) changed = NULL;
  g_autoptr(GError) twice = NULL;
  DynoTuneRequest *request;

  shown = dyno_test_ask (f, dyno_tune_preview, &error, request_of (f, records, PERCENTS));
  g_assert_no_error (error);
  assert_bytes (f, id_of (records, 0), FRONT);
  other = apply (f, records, OTHER_PERCENTS);
  request = request_of (f, records, PERCENTS);
  request->preview_sha256 = g_strdup (shown->change->preview_sha256);
  refused = dyno_test_ask (f, dyno_tune_apply, &changed, request);
  g_assert_null (refused);
  g_assert_cmpstr (dyno_error_get_reason (changed), ==, "PREVIEW_CHANGED");
  again = dyno_test_ask (f, dyno_tune_apply, &twice, request_of (f, records, OTHER_PERCENTS));
  g_assert_null (again);
  g_assert_cmpstr (dyno_error_get_reason (twice), ==, "ALREADY_APPLIED");
  g_assert_cmpint (version_of (f, id_of (records, 0)), ==, 2);
}

/* Nothing is written while something is blocked, of either table. */
static void
test_blocked (DynoTestShop *f,
              gconstpointer unused)
{
  g_autoptr(GPtrArray) records = import_pair (f);
  g_autoptr(DynoTuneApplied) refused = NULL;
  g_autoptr(GError) error = NULL;
  DynoTuneRequest *request = request_of (f, records, "RPM,35,50,65\n1500,30,,\n2000,,1,\n");

  refused = dyno_test_ask (f, dyno_tune_apply, &error, request);
  g_assert_null (refused);
  g_assert_error (error, DYNO_ERROR, DYNO_ERROR_CONFLICT);
  g_assert_cmpstr (dyno_error_get_reason (error), ==, "CHANGE_BLOCKED");
  g_assert_cmpint (version_of (f, id_of (records, 0)), ==, 1);
  g_assert_cmpint (version_of (f, id_of (records, 1)), ==, 1);
}

/* What was changed since is not lost by rolling back; the cells are named. */
static void
test_newer_change (DynoTestShop *f,
                   gconstpointer unused)
{
  g_autoptr(GPtrArray) records = import_pair (f);
  g_autoptr(DynoTuneApplied) first = apply (f, records, PERCENTS);
  g_autoptr(DynoTuneApplied) second = apply (f, records, OTHER_PERCENTS);
  g_autoptr(DynoTuneRestored) refused = NULL;
  g_autoptr(DynoTuneRestored) newest = NULL;
  g_autoptr(DynoTuneRestored) then = NULL;
  g_autoptr(GError) error = NULL;
  g_autoptr(GError) since = NULL;

  refused = dyno_test_ask (f, dyno_tune_rollback, &since, change_of (first, 0), NULL, NULL);
  g_assert_null (refused);
  g_assert_cmpstr (dyno_error_get_reason (since), ==, "changed_since");
  g_assert_nonnull (strstr (since->message, "1500, 35: base 80, applied 81.6, now 82.4"));
  newest = dyno_test_ask (f, dyno_tune_rollback, &error, change_of (second, 0), NULL, NULL);
  g_assert_no_error (error);
  then = dyno_test_ask (f, dyno_tune_rollback, &error, change_of (first, 0), NULL, NULL);
  g_assert_no_error (error);
  assert_bytes (f, id_of (records, 0), FRONT);
  assert_bytes (f, id_of (records, 1), REAR);
}

static void
test_restore (DynoTestShop *f,
              gconstpointer unused)
{
  g_autoptr(GPtrArray) records = import_pair (f);
  const char *id = id_of (records, 0);
  g_autoptr(DynoTuneApplied) first = apply (f, records, PERCENTS);
  g_autoptr(DynoTuneApplied) second = apply (f, records, OTHER_PERCENTS);
  g_autoptr(GBytes) wanted = bytes_of (f, id, 2);
  g_autoptr(GBytes) present = NULL;
  g_autoptr(DynoChangeRecord) change = NULL;
  g_autoptr(DynoChangeRecord) none = NULL;
  g_autoptr(DynoDiff) diff = NULL;
  g_autoptr(GError) error = NULL;
  g_autoptr(GError) stale = NULL;
  g_autoptr(GError) same = NULL;

  none = dyno_test_ask (f, dyno_timeline_restore, &stale, id, 2, 2, NULL, NULL);
  g_assert_cmpstr (dyno_error_get_reason (stale), ==, "stale");
  change = dyno_test_ask (f, dyno_timeline_restore, &error, id, 2, 3, NULL, NULL);
  g_assert_no_error (error);
  g_assert_cmpint (change->version_after, ==, 4);
  present = bytes_of (f, id, 0);
  g_assert_true (g_bytes_equal (present, wanted));
  g_assert_null (dyno_test_ask (f, dyno_timeline_restore, &same, id, 2, 0, NULL, NULL));
  g_assert_cmpstr (dyno_error_get_reason (same), ==, "unchanged");
  diff = dyno_test_ask (f, dyno_timeline_diff, &error, id, 1, id, 4, NULL);
  g_assert_no_error (error);
  g_assert_cmpuint (diff->changed->len, ==, 4);
}

/* The tune was edited elsewhere meanwhile. */
static void
test_merge (DynoTestShop *f,
            gconstpointer unused)
{
  g_autoptr(GPtrArray) records = import_pair (f);
  g_autoptr(DynoTuneApplied) applied = apply (f, records, PERCENTS);
  DynoTuneMergeRequest *request = dyno_tune_merge_request_new ();
  g_autoptr(DynoTuneMerged) open = NULL;
  g_autoptr(DynoTuneMerged) merged = NULL;
  g_autoptr(GError) error = NULL;
  DynoMergeChoice choice = { 1500, 35, DYNO_MERGE_OURS };

  /* One cell that only they changed, one that both did. */
  request->ours = g_strdup (id_of (records, 0));
  request->theirs = write_file (f, "theirs.csv",
                                "RPM,35,50,65\r\n1500,83.0,82.5,\r\n2000,85.0,86.0,88.0\r\n");
  open = dyno_test_ask (f, dyno_tune_merge, &error, request);
  g_assert_no_error (error);
  g_assert_cmpuint (open->conflicts->len, ==, 1);
  g_assert_null (open->change);
  g_assert_cmpint (version_of (f, id_of (records, 0)), ==, 2);

  request = dyno_tune_merge_request_new ();
  request->ours = g_strdup (id_of (records, 0));
  request->theirs = g_build_filename (f->folder, "theirs.csv", NULL);
  g_array_append_val (request->choices, choice);
  merged = dyno_test_ask (f, dyno_tune_merge, &error, request);
  g_assert_no_error (error);
  g_assert_cmpint (merged->change->version_after, ==, 3);
  assert_bytes (f, id_of (records, 0),
                "RPM,35,50,65\r\n1500,81.6,80.0,\r\n2000,85.0,86.9,94.2\r\n");
}

static void
test_export_holes (DynoTestShop *f,
                   gconstpointer unused)
{
  g_autoptr(GPtrArray) records = import_pair (f);
  g_autoptr(GBytes) refused = NULL;
  g_autoptr(GBytes) text = NULL;
  g_autoptr(GError) error = NULL;
  g_autoptr(GError) holes = NULL;
  gsize size;
  const char *data;

  refused
      = dyno_test_ask (f, dyno_tune_export, &holes, id_of (records, 0), 0, DYNO_TUNE_TEXT, FALSE);
  g_assert_cmpstr (dyno_error_get_reason (holes), ==, "INCOMPLETE_TABLE");
  g_assert_nonnull (strstr (holes->message, "1500, 65"));
  text = dyno_test_ask (f, dyno_tune_export, &error, id_of (records, 0), 0, DYNO_TUNE_TEXT, TRUE);
  g_assert_no_error (error);
  data = g_bytes_get_data (text, &size);
  g_assert_cmpmem (data, size, "80.0\t82.5\t\n84.0\t86.0\t88.0", 25);
}

/* A kept analysis on another grid is made again on the axes of the table. */
static void
test_analysis_on_the_table (DynoTestShop *f,
                            gconstpointer unused)
{
  g_autoptr(DynoSamples) pull = dyno_test_pull_samples (0, NULL);
  g_autofree char *run_id = dyno_test_shop_keep (f, "Pull", pull);
  g_autofree char *table = write_file (f, "ve.csv",
                                       "RPM,80,95,105\n2500,80.0,80.0,80.0\n3500,80.0,80.0,80.0\n"
                                       "4500,80.0,80.0,80.0\n5500,80.0,80.0,80.0\n");
  DynoAnalyseRequest *analyse = dyno_analyse_request_new ();
  DynoTuneImport *import = dyno_tune_import_new ();
  DynoTuneRequest *request = dyno_tune_request_new ();
  g_autoptr(DynoAnalyse) found = NULL;
  g_autoptr(GPtrArray) records = NULL;
  g_autoptr(DynoTunePreview) preview = NULL;
  g_autoptr(GError) error = NULL;

  dyno_analyse_request_add_run (analyse, run_id);
  dyno_analyse_async (f->shop, analyse, NULL, NULL, dyno_await_cb, f->await);
  found = dyno_analyse_finish (dyno_await_wait (f->await), &error);
  g_assert_no_error (error);
  dyno_tune_import_add (import, table, DYNO_TABLE_BOTH);
  records = dyno_test_ask (f, dyno_tune_import, &error, import);
  g_assert_no_error (error);
  request->analysis_id = g_strdup (found->id);
  dyno_tune_request_add_base (request, id_of (records, 0), DYNO_TABLE_BOTH);
  preview = dyno_test_ask (f, dyno_tune_preview, &error, request);
  g_assert_no_error (error);
  g_assert_cmpuint (preview->change->tables[0]->cells->len, ==, 12);
  g_assert_cmpstr (preview->change->result_id, !=, found->id);
  g_assert_true (g_str_has_prefix (preview->change->result_id, "ana_"));
}

/* An analysis that was made on the table is not for the table as it is later. */
static void
test_analysis_is_stale (DynoTestShop *f,
                        gconstpointer unused)
{
  g_autoptr(DynoSamples) pull = dyno_test_pull_samples (0, NULL);
  g_autofree char *run_id = dyno_test_shop_keep (f, "Pull", pull);
  g_autoptr(GPtrArray) records = import_pair (f);
  DynoAnalyseRequest *analyse = dyno_analyse_request_new ();
  DynoTuneRequest *request = dyno_tune_request_new ();
  g_autoptr(DynoAnalyse) found = NULL;
  g_autoptr(DynoTuneApplied) applied = NULL;
  g_autoptr(DynoTunePreview) preview = NULL;
  g_autoptr(GError) error = NULL;
  gboolean is_stale = FALSE;

  dyno_analyse_request_add_run (analyse, run_id);
  for (guint i = 0; i < DYNO_VE_CYLINDERS; i++)
    analyse->bases[i] = g_strdup (id_of (records, 0));
  dyno_analyse_async (f->shop, analyse, NULL, NULL, dyno_await_cb, f->await);
  found = dyno_analyse_finish (dyno_await_wait (f->await), &error);
  g_assert_no_error (error);
  g_assert_cmpuint (found->result->n_cells, ==, 6);
  applied = apply (f, records, PERCENTS);
  request->analysis_id = g_strdup (found->id);
  dyno_tune_request_add_base (request, id_of (records, 0), DYNO_TABLE_BOTH);
  preview = dyno_test_ask (f, dyno_tune_preview, &error, request);
  g_assert_no_error (error);
  for (guint i = 0; i < preview->change->blocks->len; i++)
    is_stale = is_stale
               || g_str_equal (((DynoChangeBlock *) preview->change->blocks->pdata[i])->code,
                               "stale-base");
  g_assert_true (is_stale);
}

/* Kept bytes that were tampered with are not put back. */
static void
test_damaged (DynoTestShop *f,
              gconstpointer unused)
{
  g_autoptr(GPtrArray) records = import_pair (f);
  g_autoptr(DynoTuneApplied) applied = apply (f, records, PERCENTS);
  g_autofree char *path = g_build_filename (f->folder, "dynoai.db", NULL);
  g_autoptr(DynoTuneRestored) refused = NULL;
  g_autoptr(GError) error = NULL;
  sqlite3 *db = NULL;

  dyno_test_shop_close (f);
  g_assert_cmpint (sqlite3_open (path, &db), ==, SQLITE_OK);
  g_assert_cmpint (sqlite3_exec (db, "UPDATE table_versions SET bytes = CAST(replace(CAST(bytes AS "
                                     "TEXT), '84.0', '85.0') AS BLOB) WHERE version = 1",
                                 NULL, NULL, NULL), ==, SQLITE_OK);
  g_assert_cmpint (sqlite3_changes (db), ==, 2);
  sqlite3_close (db);
  dyno_test_shop_open (f, DYNO_SHOP_NO_CAPTURE);
  refused = dyno_test_ask (f, dyno_tune_rollback, &error, change_of (applied, 0), NULL, NULL);
  g_assert_null (refused);
  g_assert_error (error, DYNO_ERROR, DYNO_ERROR_CORRUPT);
  g_assert_cmpint (version_of (f, id_of (records, 0)), ==, 2);
}

/* Killed at any moment */

/* Applies and takes back for ever; a line for each. */
static int
apply_until_killed (const char *folder,
                    const char *table_id)
{
  DynoTestShop f = { NULL };
  g_autoptr(GPtrArray) records
    = g_ptr_array_new_with_free_func ((GDestroyNotify) dyno_table_record_free);
  DynoTableRecord *record = g_new0 (DynoTableRecord, 1);

  dyno_test_shop_prepare (&f, g_strdup (folder));
  dyno_test_shop_open (&f, DYNO_SHOP_NO_CAPTURE);
  record->id = g_strdup (table_id);
  g_ptr_array_add (records, record);
  for (;;)
    {
      g_autoptr(DynoTuneApplied) applied = apply (&f, records, PERCENTS);
      g_autoptr(DynoTuneRestored) restored
        = dyno_test_ask (&f, dyno_tune_rollback, NULL, change_of (applied, 0), NULL, NULL);

      if (restored == NULL || write (STDOUT_FILENO, "x", 1) != 1)
        _exit (2);
    }
}

static void
kill_one (DynoTestShop *f,
          const char   *table_id,
          guint         delay_us)
{
  g_autofree char *program = g_file_read_link ("/proc/self/exe", NULL);
  char *argv[] = { program, (char *) "--applier", f->folder, (char *) table_id, NULL };
  g_autoptr(GError) error = NULL;
  int from_child;
  GPid pid;
  char sign;

  g_spawn_async_with_pipes (NULL, argv, NULL, G_SPAWN_DO_NOT_REAP_CHILD, NULL, NULL, &pid, NULL,
                            &from_child, NULL, &error);
  g_assert_no_error (error);
  g_assert_cmpint (read (from_child, &sign, 1), ==, 1);
  g_usleep (delay_us);
  kill (pid, SIGKILL);
  waitpid (pid, NULL, 0);
  close (from_child);
}

/* Front and rear are at one version, whatever happened, and it is one of the two. */
static void
test_kill (DynoTestShop *f,
           gconstpointer unused)
{
  g_autoptr(GPtrArray) records = import_pair (f);
  g_autoptr(GRand) rand = g_rand_new_with_seed (3);

  for (guint i = 0; i < 6; i++)
    {
      g_autoptr(GBytes) front = NULL;
      gboolean is_back;

      dyno_test_shop_close (f);
      kill_one (f, id_of (records, 0), (guint) g_rand_int_range (rand, 0, 20000));
      dyno_test_shop_open (f, DYNO_SHOP_NO_CAPTURE);
      g_assert_no_error (dyno_shop_get_trouble (f->shop));
      g_assert_cmpint (version_of (f, id_of (records, 0)), ==, version_of (f, id_of (records, 1)));
      front = bytes_of (f, id_of (records, 0), 0);
      is_back = g_bytes_get_size (front) == strlen (FRONT)
                && memcmp (g_bytes_get_data (front, NULL), FRONT, strlen (FRONT)) == 0;
      if (is_back)
        assert_bytes (f, id_of (records, 1), REAR);
      else
        {
          g_autoptr(GPtrArray) history
            = dyno_test_ask (f, dyno_timeline_list, NULL, id_of (records, 0));
          const char *newest = ((DynoChangeRecord *) history->pdata[0])->id;
          g_autoptr(DynoTuneRestored) restored
            = dyno_test_ask (f, dyno_tune_rollback, NULL, newest, NULL, NULL);

          g_assert_nonnull (restored);
          assert_bytes (f, id_of (records, 0), FRONT);
          assert_bytes (f, id_of (records, 1), REAR);
        }
    }
}

int
main (int    argc,
      char **argv)
{
  if (argc == 4 && g_str_equal (argv[1], "--applier"))
    return apply_until_killed (argv[2], argv[3]);
  g_test_init (&argc, &argv, NULL);

  DYNO_TEST_SHOP_ADD_QUIET ("/tune/pvv", test_pvv);
  DYNO_TEST_SHOP_ADD_QUIET ("/tune/apply-and-back", test_apply_and_back);
  DYNO_TEST_SHOP_ADD_QUIET ("/tune/not-what-was-shown", test_not_what_was_shown);
  DYNO_TEST_SHOP_ADD_QUIET ("/tune/blocked", test_blocked);
  DYNO_TEST_SHOP_ADD_QUIET ("/tune/newer-change", test_newer_change);
  DYNO_TEST_SHOP_ADD_QUIET ("/tune/restore", test_restore);
  DYNO_TEST_SHOP_ADD_QUIET ("/tune/merge", test_merge);
  DYNO_TEST_SHOP_ADD_QUIET ("/tune/export-holes", test_export_holes);
  DYNO_TEST_SHOP_ADD_QUIET ("/tune/analysis-on-the-table", test_analysis_on_the_table);
  DYNO_TEST_SHOP_ADD_QUIET ("/tune/analysis-is-stale", test_analysis_is_stale);
  DYNO_TEST_SHOP_ADD_QUIET ("/tune/damaged", test_damaged);
  DYNO_TEST_SHOP_ADD_QUIET ("/tune/kill", test_kill);

  return g_test_run ();
}
