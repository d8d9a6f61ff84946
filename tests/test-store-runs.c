/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

#include "config.h"

#include <math.h>

#include "dyno-crypt.h"
#include "dyno-error.h"
#include "dyno-test-store.h"
#include "dyno-test.h"

/* Every field with a value of its own. */
static DynoRun *
make_full_run (void)
{
  DynoRun *run = dyno_test_make_run ("Stage two");

  run->notes = g_strdup ("first words");
  run->tags = g_strsplit ("stage2, street-glide,stage2,  ,STAGE2", ",", -1);
  run->is_starred = TRUE;
  run->gear = 4;
  run->trim_start_s = 0.5;
  run->source = DYNO_SOURCE_CAPTURE;
  run->progress = 0.25;
  run->error = g_strdup ("odd");
  run->started_ms = 1700000000123;
  run->duration_s = 12.75;
  run->provider = g_strdup ("Dynojet RT-150");
  run->is_simulator = TRUE;
  run->peaks = (DynoRunPeaks) { 86.4, 5400, 148.25, 3600, 13.1, g_strdup ("sae-1990"), 2, 1.0213 };
  run->loss_pct = 0.125;
  run->n_gaps = 3;
  run->discarded = g_strdup ("short");
  run->origin_us = -5;
  run->roll_start_us = 0;
  run->run_start_us = 2000000;
  run->run_end_us = G_MAXINT64;
  run->origin_run_id = g_strdup ("run_other");
  run->derivation = g_strdup ("1");
  run->config = g_strdup ("{\"a\":1}");
  run->results = g_strdup ("{\"b\":2}");
  run->mapping = g_strdup ("{\"c\":3}");
  run->report = g_strdup ("{\"d\":4}");
  run->gaps = g_strdup ("[]");

  return run;
}

static void
assert_is_full_run (const DynoRun *run)
{
  g_assert_cmpstr (run->title, ==, "Stage two");
  g_assert_cmpstr (run->notes, ==, "first words");
  g_assert_cmpuint (g_strv_length (run->tags), ==, 2);
  g_assert_cmpstr (run->tags[0], ==, "stage2");
  g_assert_cmpstr (run->tags[1], ==, "street-glide");
  g_assert_true (run->is_starred);
  g_assert_false (run->is_baseline);
  g_assert_cmpint (run->gear, ==, 4);
  g_assert_cmpfloat (run->trim_start_s, ==, 0.5);
  g_assert_true (isnan (run->trim_end_s));
  g_assert_cmpint (run->status, ==, DYNO_RUN_COMPLETE);
  g_assert_cmpint (run->source, ==, DYNO_SOURCE_CAPTURE);
  g_assert_cmpfloat (run->progress, ==, 0.25);
  g_assert_cmpstr (run->error, ==, "odd");
  g_assert_cmpint (run->started_ms, ==, 1700000000123);
  g_assert_cmpfloat (run->duration_s, ==, 12.75);
  g_assert_cmpstr (run->provider, ==, "Dynojet RT-150");
  g_assert_true (run->is_simulator);
  g_assert_cmpfloat (run->peaks.power_kw, ==, 86.4);
  g_assert_cmpfloat (run->peaks.power_rpm, ==, 5400);
  g_assert_cmpfloat (run->peaks.torque_nm, ==, 148.25);
  g_assert_cmpfloat (run->peaks.torque_rpm, ==, 3600);
  g_assert_cmpfloat (run->peaks.mean_afr, ==, 13.1);
  g_assert_cmpstr (run->peaks.correction, ==, "sae-1990");
  g_assert_cmpint (run->peaks.smoothing, ==, 2);
  g_assert_cmpfloat (run->peaks.factor, ==, 1.0213);
  g_assert_cmpfloat (run->loss_pct, ==, 0.125);
  g_assert_cmpuint (run->n_gaps, ==, 3);
  g_assert_cmpstr (run->discarded, ==, "short");
  g_assert_cmpint (run->origin_us, ==, -5);
  g_assert_cmpint (run->roll_start_us, ==, 0);
  g_assert_cmpint (run->run_start_us, ==, 2000000);
  g_assert_cmpint (run->run_end_us, ==, G_MAXINT64);
  g_assert_cmpint (run->roll_end_us, ==, DYNO_NO_STAMP);
  g_assert_cmpstr (run->origin_run_id, ==, "run_other");
  g_assert_cmpstr (run->derivation, ==, "1");
  g_assert_cmpstr (run->config, ==, "{\"a\":1}");
  g_assert_cmpstr (run->results, ==, "{\"b\":2}");
  g_assert_cmpstr (run->mapping, ==, "{\"c\":3}");
  g_assert_cmpstr (run->report, ==, "{\"d\":4}");
  g_assert_cmpstr (run->gaps, ==, "[]");
}

static void
test_every_field (DynoTestStore *f,
                  gconstpointer  unused)
{
  g_autoptr(DynoRun) kept = dyno_test_keep_run (f, make_full_run ());
  g_autoptr(DynoRun) again = NULL;
  g_autoptr(GError) error = NULL;

  assert_is_full_run (kept);
  g_assert_true (dyno_crypt_is_id (kept->id, "run"));
  g_assert_cmpint (kept->number, ==, 1);
  g_assert_cmpint (kept->revision, ==, 1);
  g_assert_cmpint (kept->created_ms, ==, DYNO_TEST_STORE_BEGIN_MS);
  g_assert_cmpint (kept->deleted_ms, ==, 0);

  dyno_test_store_reopen (f);
  again = dyno_test_verb (f, get_run, &error, kept->id);
  g_assert_no_error (error);
  assert_is_full_run (again);
}

static void
test_nothing_is_null (DynoTestStore *f,
                      gconstpointer  unused)
{
  g_autoptr(DynoRun) kept = dyno_test_keep_run (f, dyno_test_make_run (NULL));

  g_assert_cmpstr (kept->title, ==, "");
  g_assert_cmpstr (kept->notes, ==, "");
  g_assert_null (kept->tags);
  g_assert_null (kept->vehicle_id);
  g_assert_true (isnan (kept->duration_s));
  g_assert_true (isnan (kept->peaks.power_kw));
  g_assert_cmpint (kept->peaks.smoothing, ==, -1);
  g_assert_cmpint (kept->started_ms, ==, DYNO_TEST_STORE_BEGIN_MS);
  g_assert_null (kept->config);
}

static void
test_not_found (DynoTestStore *f,
                gconstpointer  unused)
{
  g_autoptr(GError) error = NULL;
  DynoRun *run = dyno_test_make_run ("x");

  g_assert_null (dyno_test_verb (f, get_run, &error, "run_nobody"));
  g_assert_error (error, DYNO_ERROR, DYNO_ERROR_NOT_FOUND);
  g_clear_error (&error);

  run->id = g_strdup ("run_nobody");
  g_assert_false (dyno_test_verb (f, save_run, &error, run));
  g_assert_error (error, DYNO_ERROR, DYNO_ERROR_NOT_FOUND);
}

static DynoRun *
edit_of (const DynoRun *run,
         gint64         revision)
{
  DynoRun *edit = dyno_run_new ();

  edit->id = g_strdup (run->id);
  edit->revision = revision;

  return edit;
}

static void
test_edit_changes_what_is_named (DynoTestStore *f,
                                 gconstpointer  unused)
{
  g_autoptr(DynoRun) kept = dyno_test_keep_run (f, make_full_run ());
  g_autoptr(DynoRun) after = NULL;
  g_autoptr(GError) error = NULL;
  DynoRun *edit = edit_of (kept, kept->revision);

  edit->title = g_strdup ("Stage three");
  edit->is_baseline = TRUE;
  after = dyno_test_verb (f, edit_run, &error, edit, DYNO_RUN_TITLE | DYNO_RUN_BASELINE);
  g_assert_no_error (error);
  g_assert_cmpstr (after->title, ==, "Stage three");
  g_assert_true (after->is_baseline);
  g_assert_cmpstr (after->notes, ==, "first words");
  g_assert_true (after->is_starred);
  g_assert_cmpint (after->gear, ==, 4);
  g_assert_cmpuint (g_strv_length (after->tags), ==, 2);
  g_assert_cmpint (after->revision, ==, kept->revision + 1);
  g_assert_cmpstr (after->config, ==, "{\"a\":1}");

  g_clear_pointer (&after, dyno_run_free);
  after = dyno_test_verb (f, edit_run, &error, edit_of (kept, 0),
                          DYNO_RUN_TAGS | DYNO_RUN_STAR | DYNO_RUN_GEAR | DYNO_RUN_TRIM);
  g_assert_no_error (error);
  g_assert_null (after->tags);
  g_assert_false (after->is_starred);
  g_assert_cmpint (after->gear, ==, 0);
  g_assert_true (isnan (after->trim_start_s));
}

static void
test_stale_edit (DynoTestStore *f,
                 gconstpointer  unused)
{
  g_autoptr(DynoRun) kept = dyno_test_keep_run (f, make_full_run ());
  g_autoptr(DynoRun) after = NULL;
  g_autoptr(GError) error = NULL;
  DynoRun *edit = edit_of (kept, kept->revision);
  DynoRun *late = edit_of (kept, kept->revision);

  edit->title = g_strdup ("A");
  after = dyno_test_verb (f, edit_run, &error, edit, DYNO_RUN_TITLE);
  g_assert_no_error (error);
  late->title = g_strdup ("B");
  g_assert_null (dyno_test_verb (f, edit_run, &error, late, DYNO_RUN_TITLE));
  g_assert_error (error, DYNO_ERROR, DYNO_ERROR_CONFLICT);
  g_assert_cmpstr (dyno_error_get_reason (error), ==, "stale");

  g_clear_pointer (&after, dyno_run_free);
  after = dyno_test_verb (f, get_run, NULL, kept->id);
  g_assert_cmpstr (after->title, ==, "A");
}

static void
test_edit_vehicle (DynoTestStore *f,
                   gconstpointer  unused)
{
  g_autoptr(DynoRun) kept = dyno_test_keep_run (f, make_full_run ());
  g_autoptr(DynoVehicle) vehicle = dyno_test_verb (f, ensure_vehicle, NULL, "FXDLS Rosa");
  g_autoptr(DynoRun) after = NULL;
  g_autoptr(GError) error = NULL;
  DynoRun *edit = edit_of (kept, 0);
  DynoRun *wrong = edit_of (kept, 0);

  edit->vehicle_id = g_strdup (vehicle->id);
  after = dyno_test_verb (f, edit_run, &error, edit, DYNO_RUN_VEHICLE);
  g_assert_no_error (error);
  g_assert_cmpstr (after->vehicle_label, ==, "FXDLS Rosa");

  wrong->vehicle_id = g_strdup ("veh_nobody");
  g_assert_null (dyno_test_verb (f, edit_run, &error, wrong, DYNO_RUN_VEHICLE));
  g_assert_error (error, DYNO_ERROR, DYNO_ERROR_NOT_FOUND);
}

/* Saving what the machine knows leaves alone what people said. */
static void
test_save (DynoTestStore *f,
           gconstpointer  unused)
{
  g_autoptr(DynoRun) kept = dyno_test_keep_run (f, make_full_run ());
  g_autoptr(DynoRun) after = NULL;
  g_autoptr(GError) error = NULL;
  DynoRun *save = dyno_run_new ();

  save->id = g_strdup (kept->id);
  save->status = DYNO_RUN_ERROR;
  save->error = g_strdup ("no channels");
  save->results = g_strdup ("{\"new\":true}");
  g_assert_true (dyno_test_verb (f, save_run, &error, save));
  g_assert_no_error (error);

  after = dyno_test_verb (f, get_run, &error, kept->id);
  g_assert_cmpint (after->status, ==, DYNO_RUN_ERROR);
  g_assert_cmpstr (after->error, ==, "no channels");
  g_assert_cmpstr (after->results, ==, "{\"new\":true}");
  g_assert_cmpstr (after->config, ==, "{\"a\":1}");
  g_assert_cmpstr (after->title, ==, "Stage two");
  g_assert_cmpint (after->started_ms, ==, kept->started_ms);
  g_assert_cmpint (after->source, ==, DYNO_SOURCE_CAPTURE);
  g_assert_true (isnan (after->peaks.power_kw));
}

static void
write_notes (DynoTestStore *f,
             const char    *run_id,
             const char    *text,
             int            minutes_later)
{
  g_autoptr(GError) error = NULL;
  g_autoptr(DynoRun) after = NULL;
  DynoRun *edit = dyno_run_new ();

  dyno_clock_advance (f->clock, (gint64) minutes_later * 60 * G_USEC_PER_SEC);
  edit->id = g_strdup (run_id);
  edit->notes = g_strdup (text);
  after = dyno_test_verb (f, edit_run, &error, edit, DYNO_RUN_NOTES);
  g_assert_no_error (error);
  g_assert_cmpstr (after->notes, ==, text);
}

static void
test_notes_history (DynoTestStore *f,
                    gconstpointer  unused)
{
  static const char *const expected[] = { "", "leaner at 4000 rpm, retry", "first words" };
  g_autoptr(DynoRun) kept = dyno_test_keep_run (f, make_full_run ());
  g_autoptr(GPtrArray) notes = NULL;
  g_autoptr(GError) error = NULL;

  write_notes (f, kept->id, "leaner", 10);
  write_notes (f, kept->id, "leaner at 4000 rpm", 1);
  write_notes (f, kept->id, "leaner at 4000 rpm, retry", 3);
  write_notes (f, kept->id, "", 5);
  notes = dyno_test_verb (f, list_run_notes, &error, kept->id);
  g_assert_no_error (error);
  g_assert_cmpuint (notes->len, ==, G_N_ELEMENTS (expected));
  for (guint i = 0; i < notes->len; i++)
    g_assert_cmpstr (((DynoRunNote *) notes->pdata[i])->text, ==, expected[i]);
}

static void
test_marks (DynoTestStore *f,
            gconstpointer  unused)
{
  g_autoptr(DynoRun) kept = dyno_test_keep_run (f, make_full_run ());
  GPtrArray *marks = g_ptr_array_new_with_free_func ((GDestroyNotify) dyno_run_mark_free);
  g_autoptr(GPtrArray) found = NULL;
  g_autoptr(GError) error = NULL;
  const DynoRunMark *mark;

  g_ptr_array_add (marks, dyno_run_mark_new (900, "mark", 7, "knock heard"));
  g_ptr_array_add (marks, dyno_run_mark_new (-4, "gap", 0, NULL));
  g_assert_true (dyno_test_verb (f, add_run_marks, &error, kept->id, marks));
  found = dyno_test_verb (f, list_run_marks, &error, kept->id);
  g_assert_no_error (error);
  g_assert_cmpuint (found->len, ==, 2);
  mark = found->pdata[0];
  g_assert_cmpint (mark->t_us, ==, -4);
  g_assert_cmpstr (mark->kind, ==, "gap");
  mark = found->pdata[1];
  g_assert_cmpint (mark->n, ==, 7);
  g_assert_cmpstr (mark->text, ==, "knock heard");
  g_assert_cmpint (mark->seq, ==, 1);
}

static void
test_tags (DynoTestStore *f,
           gconstpointer  unused)
{
  g_autoptr(GPtrArray) tags = NULL;
  g_autoptr(GError) error = NULL;
  const DynoRunTag *tag;

  for (int i = 0; i < 3; i++)
    {
      DynoRun *run = dyno_test_make_run ("x");

      run->tags = g_strsplit (i == 0 ? "rare" : "often", ",", -1);
      dyno_run_free (dyno_test_keep_run (f, run));
    }
  tags = dyno_test_verb0 (f, list_run_tags, &error);
  g_assert_no_error (error);
  g_assert_cmpuint (tags->len, ==, 2);
  tag = tags->pdata[0];
  g_assert_cmpstr (tag->tag, ==, "often");
  g_assert_cmpuint (tag->n_runs, ==, 2);
}

static gboolean
trash (DynoTestStore *f,
       const char    *id,
       GError       **error)
{
  const char *ids[] = { id, NULL };

  return dyno_test_verb (f, trash_runs, error, ids);
}

static void
test_trash_and_back (DynoTestStore *f,
                     gconstpointer  unused)
{
  g_autoptr(DynoRun) kept = dyno_test_keep_run (f, make_full_run ());
  const char *ids[] = { kept->id, NULL };
  const char *one_wrong[] = { kept->id, "run_nobody", NULL };
  g_autoptr(DynoRun) after = NULL;
  g_autoptr(GError) error = NULL;

  g_assert_false (dyno_test_verb (f, trash_runs, &error, one_wrong));
  g_assert_error (error, DYNO_ERROR, DYNO_ERROR_NOT_FOUND);
  g_clear_error (&error);
  after = dyno_test_verb (f, get_run, &error, kept->id);
  g_assert_cmpint (after->deleted_ms, ==, 0);

  g_assert_true (trash (f, kept->id, &error));
  g_clear_pointer (&after, dyno_run_free);
  after = dyno_test_verb (f, get_run, &error, kept->id);
  g_assert_cmpint (after->deleted_ms, ==, DYNO_TEST_STORE_BEGIN_MS);

  g_assert_true (dyno_test_verb (f, restore_runs, &error, ids));
  g_clear_pointer (&after, dyno_run_free);
  after = dyno_test_verb (f, get_run, &error, kept->id);
  g_assert_no_error (error);
  g_assert_cmpint (after->deleted_ms, ==, 0);
}

static void
test_purge_by_age (DynoTestStore *f,
                   gconstpointer  unused)
{
  g_autoptr(DynoRun) old = dyno_test_keep_run (f, make_full_run ());
  g_autoptr(DynoRun) young = dyno_test_keep_run (f, make_full_run ());
  g_autoptr(DynoRun) kept = dyno_test_keep_run (f, make_full_run ());
  GPtrArray *files = g_ptr_array_new_with_free_func ((GDestroyNotify) dyno_run_file_free);
  g_autofree char *sum = dyno_crypt_sha256_hex ("x", 1);
  g_autoptr(GPtrArray) paths = NULL;
  g_autoptr(GPtrArray) nothing = NULL;
  g_autoptr(GPtrArray) chain = NULL;
  g_autoptr(DynoRun) next = NULL;
  g_autoptr(GError) error = NULL;
  gint64 now = DYNO_TEST_STORE_BEGIN_MS;

  g_ptr_array_add (files,
                   dyno_run_file_new (DYNO_FILE_JOURNAL, "journal/a.jdj", "a.jdj", 1, sum));
  g_assert_true (dyno_test_verb (f, add_run_files, &error, old->id, files));
  g_assert_true (trash (f, old->id, &error));
  dyno_clock_advance (f->clock, 2 * G_USEC_PER_SEC);
  g_assert_true (trash (f, young->id, &error));

  nothing = dyno_test_verb (f, purge_runs, &error, NULL, now);
  g_assert_cmpuint (nothing->len, ==, 0);
  paths = dyno_test_verb (f, purge_runs, &error, NULL, now + 1);
  g_assert_no_error (error);
  g_assert_cmpuint (paths->len, ==, 1);
  g_assert_cmpstr (paths->pdata[0], ==, "journal/a.jdj");
  g_assert_null (dyno_test_verb (f, get_run, &error, old->id));
  g_assert_error (error, DYNO_ERROR, DYNO_ERROR_NOT_FOUND);
  g_clear_error (&error);

  /* The link outlives the run. */
  chain = dyno_test_verb0 (f, read_chain, &error);
  g_assert_cmpuint (chain->len, ==, 1);
  g_assert_cmpstr (((DynoChainLink *) chain->pdata[0])->run_id, ==, old->id);
  g_assert_cmpint (((DynoChainLink *) chain->pdata[0])->removed_ms, >, 0);

  /* A number is never used again. */
  g_clear_pointer (&nothing, g_ptr_array_unref);
  g_assert_true (trash (f, kept->id, &error));
  nothing = dyno_test_verb (f, purge_runs, &error, NULL, G_MAXINT64);
  next = dyno_test_keep_run (f, make_full_run ());
  g_assert_cmpint (next->number, ==, 4);
}

static void
test_purge_by_name (DynoTestStore *f,
                    gconstpointer  unused)
{
  g_autoptr(DynoRun) kept = dyno_test_keep_run (f, make_full_run ());
  const char *ids[] = { kept->id, NULL };
  g_autoptr(GPtrArray) paths = NULL;
  g_autoptr(GError) error = NULL;

  paths = dyno_test_verb (f, purge_runs, &error, ids, 0);
  g_assert_no_error (error);
  g_assert_null (dyno_test_verb (f, purge_runs, &error, ids, 0));
  g_assert_error (error, DYNO_ERROR, DYNO_ERROR_NOT_FOUND);
}

static void
test_run_in_hand_stays (DynoTestStore *f,
                        gconstpointer  unused)
{
  g_autoptr(GError) error = NULL;
  g_autoptr(DynoRun) run =
      dyno_test_verb (f, begin_run, &error, dyno_test_make_run ("now"), NULL);
  const char *ids[] = { run->id, NULL };

  g_assert_false (trash (f, run->id, &error));
  g_assert_error (error, DYNO_ERROR, DYNO_ERROR_CONFLICT);
  g_assert_cmpstr (dyno_error_get_reason (error), ==, "in_hand");
  g_clear_error (&error);
  g_assert_null (dyno_test_verb (f, purge_runs, &error, ids, 0));
  g_assert_error (error, DYNO_ERROR, DYNO_ERROR_CONFLICT);
}

static void
test_unfinished (DynoTestStore *f,
                 gconstpointer  unused)
{
  g_autoptr(GError) error = NULL;
  g_autoptr(DynoRun) run =
      dyno_test_verb (f, begin_run, &error, dyno_test_make_run ("cut"), NULL);
  g_autoptr(DynoRun) whole = dyno_test_keep_run (f, make_full_run ());
  g_autoptr(GPtrArray) left = NULL;

  dyno_test_store_reopen (f);
  left = dyno_test_verb0 (f, list_unfinished, &error);
  g_assert_no_error (error);
  g_assert_cmpuint (left->len, ==, 1);
  g_assert_cmpstr (((DynoRun *) left->pdata[0])->id, ==, run->id);
}

static void
test_same_id_twice (DynoTestStore *f,
                    gconstpointer  unused)
{
  g_autoptr(DynoRun) kept = dyno_test_keep_run (f, make_full_run ());
  DynoRun *again = dyno_test_make_run ("again");
  g_autoptr(GError) error = NULL;

  again->id = g_strdup (kept->id);
  g_assert_null (dyno_test_verb (f, begin_run, &error, again, NULL));
  g_assert_error (error, DYNO_ERROR, DYNO_ERROR_CONFLICT);
  g_assert_cmpstr (dyno_error_get_reason (error), ==, "exists");
}

static void
test_names (void)
{
  for (int i = 0; i < DYNO_N_RUN_STATUSES; i++)
    g_assert_cmpint (dyno_run_status_find (dyno_run_status_name (i)), ==, i);
  for (int i = 0; i < DYNO_N_RUN_SOURCES; i++)
    g_assert_cmpint (dyno_run_source_find (dyno_run_source_name (i)), ==, i);
  g_assert_cmpint (dyno_run_status_find ("done"), ==, -1);
}

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/runs/names", test_names);
  DYNO_TEST_STORE_ADD ("/runs/every-field", test_every_field);
  DYNO_TEST_STORE_ADD ("/runs/nothing-is-null", test_nothing_is_null);
  DYNO_TEST_STORE_ADD ("/runs/not-found", test_not_found);
  DYNO_TEST_STORE_ADD ("/runs/edit/named", test_edit_changes_what_is_named);
  DYNO_TEST_STORE_ADD ("/runs/edit/stale", test_stale_edit);
  DYNO_TEST_STORE_ADD ("/runs/edit/vehicle", test_edit_vehicle);
  DYNO_TEST_STORE_ADD ("/runs/save", test_save);
  DYNO_TEST_STORE_ADD ("/runs/notes", test_notes_history);
  DYNO_TEST_STORE_ADD ("/runs/marks", test_marks);
  DYNO_TEST_STORE_ADD ("/runs/tags", test_tags);
  DYNO_TEST_STORE_ADD ("/runs/trash", test_trash_and_back);
  DYNO_TEST_STORE_ADD ("/runs/purge/age", test_purge_by_age);
  DYNO_TEST_STORE_ADD ("/runs/purge/name", test_purge_by_name);
  DYNO_TEST_STORE_ADD ("/runs/in-hand", test_run_in_hand_stays);
  DYNO_TEST_STORE_ADD ("/runs/unfinished", test_unfinished);
  DYNO_TEST_STORE_ADD ("/runs/same-id", test_same_id_twice);

  return g_test_run ();
}
