/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

#include "config.h"

#include "dyno-crypt.h"
#include "dyno-error.h"
#include "dyno-test-store.h"
#include "dyno-test.h"

#include <string.h>

static GBytes *
bytes_of (const char *text)
{
  return g_bytes_new (text, strlen (text));
}

static DynoTableRecord *
make_table (int         item,
            const char *cylinder,
            const char *text)
{
  DynoTableRecord *table = g_new0 (DynoTableRecord, 1);

  table->item = item;
  table->name = g_strdup_printf ("VE %s", cylinder);
  table->kind = g_strdup ("ve");
  table->cylinder = g_strdup (cylinder);
  table->bytes = bytes_of (text);
  table->content_sha256 = g_strdup_printf ("content of %s", text);

  return table;
}

static GPtrArray *
add_tune (DynoTestStore *f,
          const char    *vehicle_id,
          GError       **error)
{
  DynoTuneRecord *tune = g_new0 (DynoTuneRecord, 1);
  GPtrArray *tables = g_ptr_array_new_with_free_func ((GDestroyNotify) dyno_table_record_free);

  tune->vehicle_id = g_strdup (vehicle_id);
  tune->name = g_strdup ("base.pvv");
  tune->format = g_strdup ("pvv");
  tune->file = g_bytes_new ("<PVV>\0raw", 9);
  g_ptr_array_add (tables, make_table (0, "front", "F1"));
  g_ptr_array_add (tables, make_table (4, "rear", "R1"));

  return dyno_test_verb (f, add_tune, error, tune, tables, "local:owner");
}

static DynoChangeRecord *
make_change (const char          *table_id,
             DynoChangeRecordKind kind,
             const char          *before,
             const char          *after)
{
  DynoChangeRecord *change = g_new0 (DynoChangeRecord, 1);

  change->table_id = g_strdup (table_id);
  change->kind = kind;
  change->made_by = g_strdup ("local:owner");
  change->analysis_id = g_strdup ("ana_1");
  change->sha256_before = g_strdup_printf ("content of %s", before);
  change->sha256_after = g_strdup_printf ("content of %s", after);
  change->cells_changed = 12;
  change->data = g_strdup ("{\"cells\":[]}");
  change->bytes_after = bytes_of (after);

  return change;
}

static void
assert_bytes (DynoTestStore *f,
              const char    *table_id,
              int            version,
              const char    *expected)
{
  g_autoptr(GError) error = NULL;
  g_autoptr(DynoTableRecord) table = dyno_test_verb (f, get_table, &error, table_id, version);
  g_autofree char *sum = dyno_crypt_sha256_hex (expected, strlen (expected));
  gsize size;
  gconstpointer data;

  g_assert_no_error (error);
  data = g_bytes_get_data (table->bytes, &size);
  g_assert_cmpmem (data, size, expected, strlen (expected));
  g_assert_cmpstr (table->bytes_sha256, ==, sum);
}

static void
test_tune (DynoTestStore *f,
           gconstpointer  unused)
{
  g_autoptr(GError) error = NULL;
  g_autoptr(DynoVehicle) vehicle = dyno_test_verb (f, ensure_vehicle, &error, "Rosa");
  g_autoptr(GPtrArray) added = add_tune (f, vehicle->id, &error);
  g_autoptr(GPtrArray) tunes = dyno_test_verb (f, list_tunes, &error, vehicle->id);
  g_autoptr(GPtrArray) other = dyno_test_verb (f, list_tunes, &error, "veh_other");
  g_autoptr(GPtrArray) rear = dyno_test_verb (f, list_tables, &error, vehicle->id, "ve", "rear");
  g_autoptr(DynoTuneRecord) tune = NULL;
  const DynoTableRecord *table = added->pdata[1];

  g_assert_no_error (error);
  g_assert_cmpuint (added->len, ==, 2);
  g_assert_true (dyno_crypt_is_id (table->id, "tbl"));
  g_assert_cmpint (table->version, ==, 1);
  g_assert_cmpint (table->item, ==, 4);
  g_assert_cmpstr (table->vehicle_id, ==, vehicle->id);
  g_assert_cmpuint (tunes->len, ==, 1);
  g_assert_null (((DynoTuneRecord *) tunes->pdata[0])->file);
  g_assert_cmpuint (other->len, ==, 0);
  g_assert_cmpuint (rear->len, ==, 1);
  g_assert_cmpstr (((DynoTableRecord *) rear->pdata[0])->id, ==, table->id);

  tune = dyno_test_verb (f, get_tune, &error, table->tune_id);
  g_assert_no_error (error);
  g_assert_cmpmem (g_bytes_get_data (tune->file, NULL), g_bytes_get_size (tune->file),
                   "<PVV>\0raw", 9);

  /* The vehicle is needed now. */
  g_assert_false (dyno_test_verb (f, delete_vehicle, &error, vehicle->id, 0));
  g_assert_error (error, DYNO_ERROR, DYNO_ERROR_CONFLICT);
  g_clear_error (&error);
  g_assert_null (add_tune (f, "veh_nobody", &error));
  g_assert_error (error, DYNO_ERROR, DYNO_ERROR_NOT_FOUND);
}

static GPtrArray *
change_both (DynoTestStore *f,
             GPtrArray     *tables,
             const char    *front_before,
             const char    *rear_before,
             GError       **error)
{
  GPtrArray *changes = g_ptr_array_new_with_free_func ((GDestroyNotify) dyno_change_record_free);

  g_ptr_array_add (changes, make_change (((DynoTableRecord *) tables->pdata[0])->id,
                                         DYNO_CHANGE_RECORD_APPLY, front_before, "F2"));
  g_ptr_array_add (changes, make_change (((DynoTableRecord *) tables->pdata[1])->id,
                                         DYNO_CHANGE_RECORD_APPLY, rear_before, "R2"));

  return dyno_test_verb (f, add_changes, error, changes);
}

static void
test_changes (DynoTestStore *f,
              gconstpointer  unused)
{
  g_autoptr(GError) error = NULL;
  g_autoptr(GPtrArray) tables = add_tune (f, NULL, &error);
  const char *front = ((DynoTableRecord *) tables->pdata[0])->id;
  g_autoptr(GPtrArray) changes = change_both (f, tables, "F1", "R1", &error);
  g_autoptr(GPtrArray) history = dyno_test_verb (f, list_changes, &error, front, NULL);
  g_autoptr(GPtrArray) of_analysis = dyno_test_verb (f, list_changes, &error, NULL, "ana_1");
  g_autoptr(GPtrArray) versions = dyno_test_verb (f, list_table_versions, &error, front);
  g_autoptr(DynoChangeRecord) change = NULL;

  g_assert_no_error (error);
  g_assert_cmpuint (changes->len, ==, 2);
  change = dyno_test_verb (f, get_change, &error, ((DynoChangeRecord *) changes->pdata[0])->id);
  g_assert_no_error (error);
  g_assert_cmpint (change->kind, ==, DYNO_CHANGE_RECORD_APPLY);
  g_assert_cmpint (change->version_before, ==, 1);
  g_assert_cmpint (change->version_after, ==, 2);
  g_assert_cmpint (change->cells_changed, ==, 12);
  g_assert_cmpstr (change->sha256_before, ==, "content of F1");
  g_assert_cmpstr (change->sha256_after, ==, "content of F2");
  g_assert_cmpstr (change->data, ==, "{\"cells\":[]}");
  g_assert_cmpint (change->made_ms, ==, DYNO_TEST_STORE_BEGIN_MS);

  g_assert_cmpuint (history->len, ==, 2);
  g_assert_cmpint (((DynoChangeRecord *) history->pdata[1])->kind, ==, DYNO_CHANGE_RECORD_IMPORT);
  g_assert_null (((DynoChangeRecord *) history->pdata[1])->sha256_before);
  g_assert_cmpuint (of_analysis->len, ==, 2);
  g_assert_cmpuint (versions->len, ==, 2);
  g_assert_cmpint (((DynoTableRecord *) versions->pdata[0])->version, ==, 2);
  assert_bytes (f, front, 0, "F2");
  assert_bytes (f, front, 1, "F1");
}

/* The second of a pair is stale: neither is made. */
static void
test_stale_pair (DynoTestStore *f,
                 gconstpointer  unused)
{
  g_autoptr(GError) error = NULL;
  g_autoptr(GPtrArray) tables = add_tune (f, NULL, &error);
  const char *front = ((DynoTableRecord *) tables->pdata[0])->id;
  g_autoptr(GPtrArray) history = NULL;

  g_assert_null (change_both (f, tables, "F1", "R0", &error));
  g_assert_error (error, DYNO_ERROR, DYNO_ERROR_CONFLICT);
  g_assert_cmpstr (dyno_error_get_reason (error), ==, "stale");
  assert_bytes (f, front, 0, "F1");
  history = dyno_test_verb (f, list_changes, NULL, front, NULL);
  g_assert_cmpuint (history->len, ==, 1);
}

static void
test_roll_back (DynoTestStore *f,
                gconstpointer  unused)
{
  g_autoptr(GError) error = NULL;
  g_autoptr(GPtrArray) tables = add_tune (f, NULL, &error);
  const char *front = ((DynoTableRecord *) tables->pdata[0])->id;
  g_autoptr(GPtrArray) applied = change_both (f, tables, "F1", "R1", &error);
  GPtrArray *back = g_ptr_array_new_with_free_func ((GDestroyNotify) dyno_change_record_free);
  DynoChangeRecord *change = make_change (front, DYNO_CHANGE_RECORD_ROLLBACK, "F2", "F1");
  g_autoptr(GPtrArray) rolled = NULL;

  change->undoes = g_strdup (((DynoChangeRecord *) applied->pdata[0])->id);
  g_ptr_array_add (back, change);
  rolled = dyno_test_verb (f, add_changes, &error, back);
  g_assert_no_error (error);
  g_assert_cmpint (((DynoChangeRecord *) rolled->pdata[0])->version_after, ==, 3);
  g_assert_cmpstr (((DynoChangeRecord *) rolled->pdata[0])->undoes, ==,
                   ((DynoChangeRecord *) applied->pdata[0])->id);
  assert_bytes (f, front, 0, "F1");
}

static void
test_deleted_table (DynoTestStore *f,
                    gconstpointer  unused)
{
  g_autoptr(GError) error = NULL;
  g_autoptr(GPtrArray) tables = add_tune (f, NULL, &error);
  g_autoptr(GPtrArray) left = NULL;
  const char *front = ((DynoTableRecord *) tables->pdata[0])->id;

  g_assert_false (dyno_test_verb (f, delete_table, &error, front, 2));
  g_assert_error (error, DYNO_ERROR, DYNO_ERROR_CONFLICT);
  g_clear_error (&error);
  g_assert_true (dyno_test_verb (f, delete_table, &error, front, 0));
  left = dyno_test_verb (f, list_tables, &error, NULL, NULL, NULL);
  g_assert_cmpuint (left->len, ==, 1);
  assert_bytes (f, front, 1, "F1");
  g_assert_null (change_both (f, tables, "F1", "R1", &error));
  g_assert_error (error, DYNO_ERROR, DYNO_ERROR_NOT_FOUND);
  g_clear_error (&error);
  g_assert_false (dyno_test_verb (f, delete_table, &error, front, 0));
  g_assert_error (error, DYNO_ERROR, DYNO_ERROR_NOT_FOUND);
  g_clear_error (&error);
  g_assert_null (dyno_test_verb (f, get_table, &error, front, 9));
  g_assert_error (error, DYNO_ERROR, DYNO_ERROR_NOT_FOUND);
}

static char *
add_analysis (DynoTestStore *f,
              const char    *run_ids,
              const char    *result,
              GError       **error)
{
  DynoAnalysisRecord *analysis = g_new0 (DynoAnalysisRecord, 1);

  analysis->run_ids = g_strsplit (run_ids, " ", -1);
  analysis->math_version = g_strdup ("2.0.0");
  analysis->options = g_strdup ("{}");
  analysis->input_sha256 = g_strdup ("in");
  analysis->fingerprint = g_strdup ("print");
  analysis->result = g_strdup (result);
  analysis->artefact = g_bytes_new ("\0\1\2", 3);

  return dyno_test_verb (f, add_analysis, error, analysis);
}

static void
test_analyses (DynoTestStore *f,
               gconstpointer  unused)
{
  g_autoptr(GError) error = NULL;
  g_autoptr(DynoRun) a = dyno_test_keep_run (f, dyno_test_make_run ("a"));
  g_autoptr(DynoRun) b = dyno_test_keep_run (f, dyno_test_make_run ("b"));
  g_autofree char *both = g_strdup_printf ("%s %s", b->id, a->id);
  g_autofree char *first = add_analysis (f, both, "{\"n\":1}", &error);
  g_autofree char *second = add_analysis (f, a->id, "{\"n\":2}", &error);
  g_autoptr(DynoAnalysisRecord) got = dyno_test_verb (f, get_analysis, &error, first);
  g_autoptr(DynoAnalysisRecord) found = dyno_test_verb (f, find_analysis, &error, "print");
  g_autoptr(GPtrArray) of_b = dyno_test_verb (f, list_analyses, &error, b->id);
  g_autoptr(GPtrArray) of_a = dyno_test_verb (f, list_analyses, &error, a->id);
  g_autoptr(GPtrArray) paths = NULL;
  const char *ids[] = { a->id, NULL };

  g_assert_no_error (error);
  g_assert_cmpstr (got->run_ids[0], ==, b->id);
  g_assert_cmpstr (got->run_ids[1], ==, a->id);
  g_assert_cmpstr (got->result, ==, "{\"n\":1}");
  g_assert_cmpuint (g_bytes_get_size (got->artefact), ==, 3);
  g_assert_cmpstr (found->id, ==, second);
  g_assert_cmpuint (of_b->len, ==, 1);
  g_assert_cmpuint (of_a->len, ==, 2);
  g_assert_cmpstr (((DynoAnalysisRecord *) of_a->pdata[0])->id, ==, second);
  g_assert_null (((DynoAnalysisRecord *) of_a->pdata[0])->result);

  g_assert_null (add_analysis (f, "run_nobody", "{}", &error));
  g_assert_error (error, DYNO_ERROR, DYNO_ERROR_NOT_FOUND);
  g_clear_error (&error);

  /* With its last run an analysis goes, too. */
  paths = dyno_test_verb (f, purge_runs, &error, ids, 0);
  g_assert_no_error (error);
  g_assert_null (dyno_test_verb (f, get_analysis, &error, second));
  g_assert_error (error, DYNO_ERROR, DYNO_ERROR_NOT_FOUND);
  g_clear_error (&error);
  g_clear_pointer (&got, dyno_analysis_record_free);
  got = dyno_test_verb (f, get_analysis, &error, first);
  g_assert_no_error (error);
  g_assert_cmpuint (g_strv_length (got->run_ids), ==, 1);
}

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);
  DYNO_TEST_STORE_ADD ("/tables/tune", test_tune);
  DYNO_TEST_STORE_ADD ("/tables/changes", test_changes);
  DYNO_TEST_STORE_ADD ("/tables/changes/stale", test_stale_pair);
  DYNO_TEST_STORE_ADD ("/tables/changes/roll-back", test_roll_back);
  DYNO_TEST_STORE_ADD ("/tables/deleted", test_deleted_table);
  DYNO_TEST_STORE_ADD ("/tables/analyses", test_analyses);

  return g_test_run ();
}
