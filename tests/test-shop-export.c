/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

/* Runs out of the house and into another one (formats.md C, D, F.7). */

#include "config.h"

#include "dyno-export.h"

#include <glib/gstdio.h>
#include <math.h>
#include <string.h>

#include "dyno-analyse.h"
#include "dyno-archive.h"
#include "dyno-error.h"
#include "dyno-people.h"
#include "dyno-runbook.h"
#include "dyno-test-shop.h"
#include "dyno-test.h"
#include "dyno-tune.h"

#define VIN "1HD1KHM1XEB600001"
#define CUSTOMER "Rosa Lindqvist"
#define NOTES "jet 190, knocking at 4200"

/* A pull of 10 s at 20 Hz with everything that an analysis needs. */
static char *
write_log (DynoTestShop *f)
{
  g_autoptr(GString) text
    = g_string_new ("Time (s),RPM,MAP (kPa),AFR Front,AFR Rear,AFR Cmd,Torque (Nm),TPS (%)\n");
  char *path = g_build_filename (f->folder, "Rosas Bike.csv", NULL);

  for (int i = 0; i <= 200; i++)
    g_string_append_printf (text, "%d.%02d,%d,%d.%d,13.%d,12.%d,12.8,%d.%d,100\n", i / 20,
                            i % 20 * 5, 2000 + i * 18, 92 + i % 3, i % 10, 2 + i % 7, 1 + i % 5,
                            120 + i % 4, i % 9);
  g_assert_true (g_file_set_contents (path, text->str, -1, NULL));

  return path;
}

/* `request` is taken over. */
static DynoRun *
import (DynoTestShop       *f,
        DynoImportRequest  *request,
        GError            **error)
{
  g_autoptr(DynoImportOutcome) outcome = NULL;

  dyno_import_job_async (f->shop, request, NULL, NULL, dyno_await_cb, f->await);
  outcome = dyno_import_job_finish (dyno_await_wait (f->await), error);

  return outcome != NULL ? g_steal_pointer (&outcome->run) : NULL;
}

static DynoRun *
import_path (DynoTestShop  *f,
             const char    *path,
             gboolean       as_new,
             GError       **error)
{
  DynoImportRequest *request = dyno_import_request_new (path);

  request->as_new = as_new;

  return import (f, request, error);
}

/* The vehicle with its plate and its owner. */
static char *
make_vehicle (DynoTestShop *f)
{
  DynoCustomer *customer = g_new0 (DynoCustomer, 1);
  DynoVehicle *vehicle = g_new0 (DynoVehicle, 1);
  g_autoptr(GError) error = NULL;
  g_autoptr(DynoCustomer) owner = NULL;
  g_autoptr(DynoVehicle) kept = NULL;

  customer->name = g_strdup (CUSTOMER);
  customer->phone = g_strdup ("+46 70 1");
  owner = dyno_test_ask (f, dyno_people_put_customer, &error, customer);
  g_assert_no_error (error);
  vehicle->label = g_strdup ("FXDLS Rosa");
  vehicle->vin = g_strdup (VIN);
  vehicle->plate = g_strdup ("ABC 123");
  vehicle->year = 2014;
  vehicle->customer_id = g_strdup (owner->id);
  kept = dyno_test_ask (f, dyno_people_put_vehicle, &error, vehicle);
  g_assert_no_error (error);

  return g_strdup (kept->id);
}

/* A run with vehicle, notes, tags and an analysis. (transfer full) its id */
static char *
make_run (DynoTestShop *f)
{
  g_autofree char *path = write_log (f);
  g_autofree char *vehicle = make_vehicle (f);
  DynoImportRequest *request = dyno_import_request_new (path);
  DynoAnalyseRequest *analyse = dyno_analyse_request_new ();
  const char *tags[] = { "before", "jet190", NULL };
  g_autoptr(DynoAnalyse) analysis = NULL;
  g_autoptr(DynoRun) run = NULL;
  g_autoptr(GError) error = NULL;

  request->vehicle = g_strdup (vehicle);
  request->notes = g_strdup (NOTES);
  request->tags = g_strdupv ((char **) tags);
  run = import (f, request, &error);
  g_assert_no_error (error);
  dyno_analyse_request_add_run (analyse, run->id);
  dyno_analyse_async (f->shop, analyse, NULL, NULL, dyno_await_cb, f->await);
  analysis = dyno_analyse_finish (dyno_await_wait (f->await), &error);
  g_assert_no_error (error);
  g_assert_nonnull (analysis->id);

  return g_strdup (run->id);
}

/* `request` is taken over. */
static GBytes *
export (DynoTestShop      *f,
        DynoExportRequest *request)
{
  g_autoptr(DynoExportOutcome) outcome = NULL;
  g_autoptr(GError) error = NULL;

  dyno_export_async (f->shop, request, NULL, dyno_await_cb, f->await);
  outcome = dyno_export_finish (dyno_await_wait (f->await), &error);
  g_assert_no_error (error);

  return g_steal_pointer (&outcome->bytes);
}

static GBytes *
export_as (DynoTestShop     *f,
           const char       *run_id,
           DynoExportFormat  format,
           gboolean          is_redacted)
{
  DynoExportRequest *request = dyno_export_request_new ();

  request->run_id = g_strdup (run_id);
  request->format = format;
  request->is_redacted = is_redacted;

  return export (f, request);
}

/* (transfer full) its path */
static char *
write_bytes (DynoTestShop *f,
             const char   *name,
             GBytes       *bytes)
{
  char *path = g_build_filename (f->folder, name, NULL);

  g_assert_true (g_file_set_contents (path, g_bytes_get_data (bytes, NULL),
                                      (gssize) g_bytes_get_size (bytes), NULL));

  return path;
}

static guint
count_files (DynoTestShop *f,
             const char   *folder)
{
  g_autofree char *path = g_build_filename (dyno_shop_get_folders (f->shop)->data, folder, NULL);
  g_autoptr(GDir) dir = g_dir_open (path, 0, NULL);
  guint n = 0;

  while (dir != NULL && g_dir_read_name (dir) != NULL)
    n++;

  return n;
}

static void
assert_n_runs (DynoTestShop *f,
               guint         wanted)
{
  g_autoptr(GPtrArray) runs = dyno_test_shop_runs (f);

  g_assert_cmpuint (runs->len, ==, wanted);
}

static void
assert_verifies (DynoTestShop *f,
                 const char   *path,
                 gboolean      is_ok)
{
  g_autoptr(GError) error = NULL;
  g_autoptr(DynoVerifyReport) report = NULL;

  dyno_verify_file_async (f->shop, path, NULL, dyno_await_cb, f->await);
  report = dyno_verify_finish (dyno_await_wait (f->await), &error);
  g_assert_no_error (error);
  g_assert_cmpint (report->is_ok, ==, is_ok);
  g_assert_cmpint (report->first_bad == NULL, ==, is_ok);
}

/* Archives */

/* A shop that packs, and then another one, empty, that unpacks. */
typedef struct
{
  DynoTestShop here;
  DynoTestShop there;
} Two;

static void
two_set_up (Two           *f,
            gconstpointer  flags)
{
  dyno_test_shop_set_up (&f->here, flags);
}

/* A thread waits for one shop at a time. */
static void
go_there (Two *f)
{
  dyno_test_shop_tear_down (&f->here, NULL);
  dyno_test_shop_set_up (&f->there, GUINT_TO_POINTER (DYNO_SHOP_NO_CAPTURE));
}

static void
two_tear_down (Two           *f,
               gconstpointer  unused)
{
  dyno_test_shop_tear_down (f->there.folder != NULL ? &f->there : &f->here, unused);
}

static void
test_archive_goes_around (Two           *f,
                          gconstpointer  unused)
{
  g_autofree char *id = make_run (&f->here);
  g_autoptr(GBytes) archive = export_as (&f->here, id, DYNO_EXPORT_AS_ARCHIVE, FALSE);
  g_autofree char *path = NULL;
  g_autoptr(GError) error = NULL;
  g_autoptr(DynoRun) run = NULL;
  g_autoptr(DynoRun) again = NULL;
  g_autoptr(GBytes) back = NULL;
  g_autoptr(GPtrArray) analyses = NULL;

  go_there (f);
  path = write_bytes (&f->there, "run.dynorun", archive);
  run = import_path (&f->there, path, FALSE, &error);
  g_assert_no_error (error);
  g_assert_cmpstr (run->id, ==, id);
  g_assert_cmpstr (run->notes, ==, NOTES);
  g_assert_cmpstr (run->vehicle_label, ==, "FXDLS Rosa");
  g_assert_cmpstr (run->customer_name, ==, CUSTOMER);
  analyses = dyno_test_ask (&f->there, dyno_analyse_list, &error, id);
  g_assert_cmpuint (analyses->len, ==, 1);
  back = export_as (&f->there, id, DYNO_EXPORT_AS_ARCHIVE, FALSE);
  g_assert_cmpmem (g_bytes_get_data (archive, NULL), g_bytes_get_size (archive),
                   g_bytes_get_data (back, NULL), g_bytes_get_size (back));

  /* Once more is no error and no second run. */
  again = import_path (&f->there, path, FALSE, &error);
  g_assert_no_error (error);
  g_assert_cmpstr (again->id, ==, id);
  assert_n_runs (&f->there, 1);
}

/* The tune of the vehicle, and what came of the run. */

static void
append_ve (GString    *text,
           const char *side)
{
  g_string_append_printf (text, "<Item name=\"VE (MAP based/%s Cyl)\" units=\"%%\">"
                          "<Columns units=\"Kilopascals\"><Col label=\"80\"/>"
                          "<Col label=\"93\"/></Columns><Rows units=\"RPMx1000\">", side);
  for (int i = 2; i <= 6; i++)
    g_string_append_printf (text, "<Row label=\"%d\"><Cell value=\"80.5\"/>"
                            "<Cell value=\"90.5\"/></Row>", i);
  g_string_append (text, "</Rows></Item>\n");
}

/* Two of one name, so that their parts need two. Answers the id of the second. */
static char *
import_tunes (DynoTestShop *f,
              const char   *vehicle_id)
{
  g_autoptr(GString) text = g_string_new ("<PVV>\n<!-- " CUSTOMER " -->\n");
  g_autofree char *path = g_build_filename (f->folder, "Stage 1.pvv", NULL);
  char *id = NULL;

  append_ve (text, "Front");
  append_ve (text, "Rear");
  g_string_append (text, "</PVV>");
  g_assert_true (g_file_set_contents (path, text->str, -1, NULL));
  for (guint i = 0; i < 2; i++)
    {
      DynoTuneImport *import = dyno_tune_import_new ();
      g_autoptr(GError) error = NULL;
      g_autoptr(GPtrArray) records = NULL;

      dyno_tune_import_add (import, path, DYNO_TABLE_BOTH);
      import->vehicle_id = g_strdup (vehicle_id);
      records = dyno_test_ask (f, dyno_tune_import, &error, import);
      g_assert_no_error (error);
      g_free (id);
      id = g_strdup (((DynoTableRecord *) records->pdata[0])->tune_id);
    }

  return id;
}

/* Answers the id of the first change. */
static char *
apply_analysis (DynoTestShop *f,
                const char   *run_id,
                const char   *tune_id)
{
  g_autoptr(GError) error = NULL;
  g_autoptr(GPtrArray) analyses = dyno_test_ask (f, dyno_analyse_list, &error, run_id);
  DynoTuneRequest *request = dyno_tune_request_new ();
  g_autoptr(DynoTuneApplied) applied = NULL;

  request->analysis_id = g_strdup (((DynoAnalysisRecord *) analyses->pdata[0])->id);
  request->comment = g_strdup (CUSTOMER " is content");
  request->options->any_base = TRUE;
  dyno_tune_request_add_base (request, tune_id, DYNO_TABLE_BOTH);
  applied = dyno_test_ask (f, dyno_tune_apply, &error, request);
  g_assert_no_error (error);

  return g_strdup (((DynoChangeRecord *) applied->changes->pdata[0])->id);
}

static char *
make_tuned_run (DynoTestShop *f)
{
  g_autofree char *id = make_run (f);
  g_autoptr(GError) error = NULL;
  g_autoptr(DynoRunDetail) detail = dyno_test_ask (f, dyno_runbook_get, &error, id);
  g_autofree char *tune = import_tunes (f, detail->run->vehicle_id);
  g_autofree char *change = apply_analysis (f, id, tune);
  g_autoptr(DynoTuneRestored) restored
    = dyno_test_ask (f, dyno_tune_rollback, &error, change, "for a test", NULL);

  g_assert_no_error (error);

  return g_steal_pointer (&id);
}

static void
assert_changes (const DynoArchive *archive)
{
  const DynoArchiveMember *member = dyno_archive_find (archive, DYNO_ARCHIVE_CHANGES);
  gsize size;
  const char *text = g_bytes_get_data (member->bytes, &size);
  g_autoptr(DynoJson) json = dyno_json_parse (text, (gssize) size, NULL);
  const DynoJson *changes = dyno_json_member (json, "changes");

  g_assert_cmpstr (dyno_json_get_string (json, "schema"), ==, "org.dynoai.changes/1");
  /* Front and rear, there and back; the imports of the tunes are none of the run's. */
  g_assert_cmpuint (dyno_json_n_elements (changes), ==, 4);
  g_assert_cmpstr (dyno_json_get_string (dyno_json_element (changes, 0), "kind"), ==, "apply");
  g_assert_cmpstr (dyno_json_get_string (dyno_json_element (changes, 3), "kind"), ==, "rollback");
}

static void
test_tune_goes_along (Two           *f,
                      gconstpointer  unused)
{
  g_autofree char *id = make_tuned_run (&f->here);
  g_autoptr(GBytes) bytes = export_as (&f->here, id, DYNO_EXPORT_AS_ARCHIVE, FALSE);
  g_autoptr(GBytes) redacted = export_as (&f->here, id, DYNO_EXPORT_AS_ARCHIVE, TRUE);
  g_autoptr(DynoArchive) archive = dyno_archive_read (bytes, G_MAXUINT32, NULL, NULL);
  g_autoptr(DynoArchive) nameless = dyno_archive_read (redacted, G_MAXUINT32, NULL, NULL);
  const char *wanted[] = { "tune/Stage_1.pvv", "tune/Stage_1-2.pvv", DYNO_ARCHIVE_CHANGES };
  g_autofree char *path = NULL;
  g_autoptr(GError) error = NULL;
  g_autoptr(DynoRun) run = NULL;
  g_autoptr(GBytes) back = NULL;

  for (guint i = 0; i < G_N_ELEMENTS (wanted); i++)
    {
      guint at = archive->members->len - G_N_ELEMENTS (wanted) + i;

      g_assert_cmpstr (((DynoArchiveMember *) archive->members->pdata[at])->name, ==, wanted[i]);
    }
  assert_changes (archive);
  g_assert_null (dyno_archive_find (nameless, DYNO_ARCHIVE_TUNE_FOLDER));
  g_assert_null (dyno_archive_find (nameless, DYNO_ARCHIVE_CHANGES));

  go_there (f);
  path = write_bytes (&f->there, "run.dynorun", bytes);
  run = import_path (&f->there, path, FALSE, &error);
  g_assert_no_error (error);
  back = export_as (&f->there, id, DYNO_EXPORT_AS_ARCHIVE, FALSE);
  g_assert_true (g_bytes_equal (back, bytes));
}

/* The tune in the archive is the one of today, not the one that was imported. */
static void
test_tune_is_todays (Two           *f,
                     gconstpointer  unused)
{
  g_autofree char *id = make_run (&f->here);
  g_autoptr(GError) error = NULL;
  g_autoptr(DynoRunDetail) detail = dyno_test_ask (&f->here, dyno_runbook_get, &error, id);
  g_autofree char *tune = import_tunes (&f->here, detail->run->vehicle_id);
  g_autofree char *change = apply_analysis (&f->here, id, tune);
  g_autoptr(GBytes) today
    = dyno_test_ask (&f->here, dyno_tune_export, &error, tune, 0, DYNO_TUNE_PVV, FALSE);
  g_autoptr(GBytes) bytes = export_as (&f->here, id, DYNO_EXPORT_AS_ARCHIVE, FALSE);
  g_autoptr(DynoArchive) archive = dyno_archive_read (bytes, G_MAXUINT32, NULL, NULL);
  const DynoArchiveMember *one = dyno_archive_find (archive, "tune/Stage_1.pvv");
  const DynoArchiveMember *two = dyno_archive_find (archive, "tune/Stage_1-2.pvv");

  g_assert_false (g_bytes_equal (one->bytes, two->bytes));
  g_assert_true (g_bytes_equal (one->bytes, today) || g_bytes_equal (two->bytes, today));
}

static DynoImportOutcome *
import_whole (DynoTestShop *f,
              const char   *path)
{
  g_autoptr(GError) error = NULL;
  DynoImportOutcome *outcome;

  dyno_import_job_async (f->shop, dyno_import_request_new (path), NULL, NULL, dyno_await_cb,
                         f->await);
  outcome = dyno_import_job_finish (dyno_await_wait (f->await), &error);
  g_assert_no_error (error);

  return outcome;
}

static void
assert_known (DynoTestShop *f,
              const char   *path,
              const char   *run_id,
              const char   *notice)
{
  g_autoptr(DynoImportOutcome) outcome = import_whole (f, path);

  g_assert_true (outcome->is_known);
  g_assert_cmpstr (outcome->run->id, ==, run_id);
  if (notice == NULL)
    g_assert_null (outcome->notice);
  else
    g_assert_nonnull (strstr (outcome->notice, notice));
  assert_n_runs (f, 1);
}

static guint
count_analyses (DynoTestShop *f,
                const char   *run_id)
{
  g_autoptr(GError) error = NULL;
  g_autoptr(GPtrArray) analyses = dyno_test_ask (f, dyno_analyse_list, &error, run_id);

  g_assert_no_error (error);

  return analyses->len;
}

/* A run is the same run when its vehicle has got a tune since, or another one, and when it
 * was analysed once more. Nothing of what is there is lost. */
static void
test_own_archive_is_known (Two           *f,
                           gconstpointer  unused)
{
  g_autofree char *id = make_run (&f->here);
  g_autoptr(GBytes) first = export_as (&f->here, id, DYNO_EXPORT_AS_ARCHIVE, FALSE);
  g_autofree char *old = write_bytes (&f->here, "old.dynorun", first);
  g_autoptr(GError) error = NULL;
  g_autoptr(DynoRunDetail) detail = dyno_test_ask (&f->here, dyno_runbook_get, &error, id);
  DynoAnalyseRequest *analyse = dyno_analyse_request_new ();
  g_autoptr(DynoAnalyse) analysis = NULL;
  g_autoptr(GBytes) second = NULL;
  g_autofree char *tune = NULL;
  g_autofree char *change = NULL;
  g_autofree char *newer = NULL;
  guint n_analyses;

  assert_known (&f->here, old, id, NULL);
  tune = import_tunes (&f->here, detail->run->vehicle_id);
  assert_known (&f->here, old, id, "The tune in the archive is not the tune");
  second = export_as (&f->here, id, DYNO_EXPORT_AS_ARCHIVE, FALSE);
  newer = write_bytes (&f->here, "newer.dynorun", second);
  assert_known (&f->here, newer, id, NULL);

  change = apply_analysis (&f->here, id, tune);
  assert_known (&f->here, newer, id, "as run 1");
  dyno_analyse_request_add_run (analyse, id);
  analyse->options = dyno_ve_options_new ();
  analyse->options->clamp_pct = 3;
  dyno_analyse_async (f->here.shop, analyse, NULL, NULL, dyno_await_cb, f->here.await);
  analysis = dyno_analyse_finish (dyno_await_wait (f->here.await), &error);
  g_assert_no_error (error);
  n_analyses = count_analyses (&f->here, id);
  assert_known (&f->here, newer, id, "as run 1");
  g_assert_cmpuint (count_analyses (&f->here, id), ==, n_analyses);
}

/* An analysis of the archive that is not here any more: not all of it is there. */
static void
test_more_in_the_archive_is_a_conflict (Two           *f,
                                        gconstpointer  unused)
{
  g_autofree char *id = make_run (&f->here);
  g_autoptr(GBytes) first = export_as (&f->here, id, DYNO_EXPORT_AS_ARCHIVE, FALSE);
  DynoAnalyseRequest *analyse = dyno_analyse_request_new ();
  g_autoptr(DynoAnalyse) analysis = NULL;
  g_autoptr(GBytes) second = NULL;
  g_autofree char *old = NULL;
  g_autofree char *newer = NULL;
  g_autoptr(GError) error = NULL;
  g_autoptr(GError) conflict = NULL;
  g_autoptr(DynoRun) run = NULL;

  dyno_analyse_request_add_run (analyse, id);
  analyse->options = dyno_ve_options_new ();
  analyse->options->clamp_pct = 3;
  dyno_analyse_async (f->here.shop, analyse, NULL, NULL, dyno_await_cb, f->here.await);
  analysis = dyno_analyse_finish (dyno_await_wait (f->here.await), &error);
  g_assert_no_error (error);
  second = export_as (&f->here, id, DYNO_EXPORT_AS_ARCHIVE, FALSE);
  go_there (f);
  old = write_bytes (&f->there, "old.dynorun", first);
  newer = write_bytes (&f->there, "newer.dynorun", second);
  run = import_path (&f->there, old, FALSE, &error);
  g_assert_no_error (error);
  g_assert_null (import_path (&f->there, newer, FALSE, &conflict));
  g_assert_cmpstr (dyno_error_get_reason (conflict), ==, "archive_conflict");
}

static void
test_changed_run_is_a_conflict (Two           *f,
                                gconstpointer  unused)
{
  g_autofree char *id = make_run (&f->here);
  g_autoptr(GBytes) archive = export_as (&f->here, id, DYNO_EXPORT_AS_ARCHIVE, FALSE);
  g_autofree char *path = NULL;
  g_autoptr(GError) error = NULL;
  g_autoptr(GError) conflict = NULL;
  g_autoptr(DynoRun) run = NULL;
  g_autoptr(DynoRun) edited = NULL;
  g_autoptr(DynoRun) fresh = NULL;
  DynoRun *edit = dyno_run_new ();

  go_there (f);
  path = write_bytes (&f->there, "run.dynorun", archive);
  run = import_path (&f->there, path, FALSE, &error);
  g_assert_no_error (error);
  edit->id = g_strdup (id);
  edit->title = g_strdup ("after");
  edited = dyno_test_ask (&f->there, dyno_runbook_edit, &error, edit, DYNO_RUN_TITLE);
  g_assert_no_error (error);
  g_assert_null (import_path (&f->there, path, FALSE, &conflict));
  g_assert_error (conflict, DYNO_ERROR, DYNO_ERROR_CONFLICT);
  g_assert_cmpstr (dyno_error_get_reason (conflict), ==, "archive_conflict");
  assert_n_runs (&f->there, 1);

  fresh = import_path (&f->there, path, TRUE, &error);
  g_assert_no_error (error);
  g_assert_cmpstr (fresh->id, !=, id);
  g_assert_cmpstr (fresh->origin_run_id, ==, id);
  assert_n_runs (&f->there, 2);
}

/* Whatever is wrong with it, nothing of it is kept. */
static void
test_damaged_archive_leaves_nothing (Two           *f,
                                     gconstpointer  unused)
{
  g_autofree char *id = make_run (&f->here);
  g_autoptr(GBytes) archive = export_as (&f->here, id, DYNO_EXPORT_AS_ARCHIVE, FALSE);
  gsize size = g_bytes_get_size (archive);
  g_autofree guint8 *data = g_memdup2 (g_bytes_get_data (archive, NULL), size);

  go_there (f);
  for (gsize i = 11; i < size; i += size / 7)
    {
      g_autoptr(GBytes) damaged = NULL;
      g_autofree char *path = NULL;
      g_autoptr(GError) error = NULL;

      data[i] ^= 0x10;
      damaged = g_bytes_new (data, size);
      data[i] ^= 0x10;
      path = write_bytes (&f->there, "run.dynorun", damaged);
      g_assert_null (import_path (&f->there, path, FALSE, &error));
      g_assert_nonnull (error);
      assert_verifies (&f->there, path, FALSE);
    }
  assert_n_runs (&f->there, 0);
  g_assert_cmpuint (count_files (&f->there, "source"), ==, 0);
}

static void
test_interrupted_import_leaves_nothing (Two           *f,
                                        gconstpointer  unused)
{
  g_autofree char *id = make_run (&f->here);
  g_autoptr(GBytes) archive = export_as (&f->here, id, DYNO_EXPORT_AS_ARCHIVE, FALSE);
  g_autofree char *path = NULL;
  g_autoptr(GCancellable) cancellable = g_cancellable_new ();
  g_autoptr(DynoImportOutcome) outcome = NULL;
  g_autoptr(GPtrArray) vehicles = NULL;
  g_autoptr(GError) error = NULL;

  go_there (f);
  path = write_bytes (&f->there, "run.dynorun", archive);
  dyno_import_job_async (f->there.shop, dyno_import_request_new (path), NULL, cancellable,
                         dyno_await_cb, f->there.await);
  g_cancellable_cancel (cancellable);
  outcome = dyno_import_job_finish (dyno_await_wait (f->there.await), &error);
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
  g_assert_null (outcome);
  assert_n_runs (&f->there, 0);
  g_assert_cmpuint (count_files (&f->there, "source"), ==, 0);
  g_clear_error (&error);
  vehicles = dyno_test_ask (&f->there, dyno_people_list_vehicles, &error, NULL);
  g_assert_cmpuint (vehicles->len, ==, 0);
}

static gboolean
has_text (GBytes     *bytes,
          const char *text)
{
  gsize size;
  const char *data = g_bytes_get_data (bytes, &size);

  return memmem (data, size, text, strlen (text)) != NULL;
}

static void
test_redacted_archive_names_nobody (Two           *f,
                                    gconstpointer  unused)
{
  static const char *const secrets[] = { VIN, CUSTOMER, NOTES, "ABC 123", "+46 70 1" };
  g_autofree char *id = make_run (&f->here);
  g_autoptr(GBytes) plain = export_as (&f->here, id, DYNO_EXPORT_AS_ARCHIVE, FALSE);
  g_autoptr(GBytes) redacted = export_as (&f->here, id, DYNO_EXPORT_AS_ARCHIVE, TRUE);
  g_autoptr(DynoArchive) whole = dyno_archive_read (plain, G_MAXUINT32, NULL, NULL);
  g_autoptr(DynoArchive) archive = dyno_archive_read (redacted, G_MAXUINT32, NULL, NULL);

  g_assert_true (archive->is_redacted);
  g_assert_null (dyno_archive_find (archive, DYNO_ARCHIVE_SOURCE_FOLDER));
  for (guint i = 0; i < G_N_ELEMENTS (secrets); i++)
    {
      g_assert_true (has_text (dyno_archive_find (whole, DYNO_ARCHIVE_RUN)->bytes, secrets[i]));
      for (guint k = 0; k < archive->members->len; k++)
        g_assert_false (has_text (((DynoArchiveMember *) archive->members->pdata[k])->bytes,
                                  secrets[i]));
    }
}

/* A recorded run takes its packets along, and stays proved. */
static void
test_recorded_run_goes_around (Two           *f,
                               gconstpointer  unused)
{
  g_autoptr(GPtrArray) runs = NULL;
  g_autoptr(GBytes) archive = NULL;
  g_autoptr(GBytes) back = NULL;
  g_autoptr(GBytes) pcap = NULL;
  g_autofree char *path = NULL;
  g_autoptr(GError) error = NULL;
  g_autoptr(DynoRun) run = NULL;
  const DynoRun *recorded;

  if (!dyno_test_shop_has_wire ())
    return;
  runs = dyno_test_shop_record (&f->here, 1);
  recorded = g_ptr_array_index (runs, 0);
  archive = export_as (&f->here, recorded->id, DYNO_EXPORT_AS_ARCHIVE, FALSE);
  go_there (f);
  path = write_bytes (&f->there, "run.dynorun", archive);
  assert_verifies (&f->there, path, TRUE);
  run = import_path (&f->there, path, FALSE, &error);
  g_assert_no_error (error);
  dyno_assert_near (run->peaks.power_kw, recorded->peaks.power_kw, 0);
  back = export_as (&f->there, run->id, DYNO_EXPORT_AS_ARCHIVE, FALSE);
  g_assert_true (g_bytes_equal (archive, back));
  dyno_test_shop_assert_verified (&f->there);
  pcap = export_as (&f->there, run->id, DYNO_EXPORT_AS_PCAP, FALSE);
  g_assert_cmpuint (g_bytes_get_size (pcap), >, 10000);
  g_assert_cmpmem (g_bytes_get_data (pcap, NULL), 4, "\x4d\x3c\xb2\xa1", 4);
}

/* Other forms */

static void
test_same_input_same_bytes (DynoTestShop  *f,
                            gconstpointer  unused)
{
  g_autofree char *id = make_run (f);

  for (guint format = 0; format < DYNO_EXPORT_AS_PCAP; format++)
    {
      g_autoptr(GBytes) one = export_as (f, id, (DynoExportFormat) format, FALSE);
      g_autoptr(GBytes) two = export_as (f, id, (DynoExportFormat) format, FALSE);

      g_assert_cmpuint (g_bytes_get_size (one), >, 500);
      g_assert_true (g_bytes_equal (one, two));
    }
}

static void
test_json_has_its_members_in_order (DynoTestShop  *f,
                                    gconstpointer  unused)
{
  static const char *const wanted[]
    = { "schema", "run",     "source", "assumptions", "correction", "channels", "time_s",
        "markers", "gaps", "curve",  "peaks",       "warnings",   NULL };
  g_autofree char *id = make_run (f);
  g_autoptr(GBytes) bytes = export_as (f, id, DYNO_EXPORT_AS_JSON, FALSE);
  g_autoptr(GError) error = NULL;
  g_autoptr(DynoJson) json
    = dyno_json_parse_limited (g_bytes_get_data (bytes, NULL), (gssize) g_bytes_get_size (bytes),
                               &dyno_json_limits_own, &error);
  g_autoptr(GPtrArray) names = dyno_json_names (json);
  const DynoJson *channels = dyno_json_member (json, "channels");

  g_assert_no_error (error);
  for (guint i = 0; i < names->len; i++)
    g_assert_cmpstr (names->pdata[i], ==, wanted[i]);
  g_assert_cmpuint (names->len, ==, G_N_ELEMENTS (wanted) - 1);
  g_assert_cmpstr (dyno_json_get_string (dyno_json_element (channels, 0), "canonical"), ==, "rpm");
  g_assert_cmpuint (dyno_json_n_elements (dyno_json_member (dyno_json_element (channels, 0),
                                                            "values")), ==, 201);
  g_assert_cmpuint (dyno_json_n_elements (dyno_json_member (json, "time_s")), ==, 201);
  g_assert_cmpuint (dyno_json_n_elements (dyno_json_member (json, "curve")), >, 30);
}

static void
test_summary_fits_the_page (DynoTestShop  *f,
                            gconstpointer  unused)
{
  g_autofree char *id = make_run (f);
  g_autoptr(GBytes) bytes = export_as (f, id, DYNO_EXPORT_AS_TEXT, FALSE);
  g_autoptr(GBytes) redacted = export_as (f, id, DYNO_EXPORT_AS_TEXT, TRUE);
  g_autofree char *text = g_strndup (g_bytes_get_data (bytes, NULL), g_bytes_get_size (bytes));
  g_auto(GStrv) lines = g_strsplit (text, "\n", -1);

  g_assert_true (g_utf8_validate (text, -1, NULL));
  for (guint i = 0; lines[i] != NULL; i++)
    g_assert_cmpint (g_utf8_strlen (lines[i], -1), <=, 78);
  g_assert_true (has_text (bytes, CUSTOMER));
  g_assert_true (has_text (bytes, "FUEL TABLE"));
  g_assert_false (has_text (redacted, CUSTOMER));
  g_assert_false (has_text (redacted, NOTES));
}

static GBytes *
export_chart (DynoTestShop     *f,
              const char       *id,
              DynoExportFormat  format,
              const char       *chart)
{
  DynoExportRequest *request = dyno_export_request_new ();

  request->run_id = g_strdup (id);
  request->format = format;
  request->chart = g_strdup (chart);
  request->scale = 2;

  return export (f, request);
}

static void
test_pictures_say_what_they_are (DynoTestShop  *f,
                                 gconstpointer  unused)
{
  static const char *const charts[] = { "power", "ve", "rpm" };
  g_autofree char *id = make_run (f);

  for (guint i = 0; i < G_N_ELEMENTS (charts); i++)
    {
      g_autoptr(GBytes) svg = export_chart (f, id, DYNO_EXPORT_AS_SVG, charts[i]);
      g_autoptr(GBytes) png = export_chart (f, id, DYNO_EXPORT_AS_PNG, charts[i]);
      g_autoptr(GBytes) pdf = export_chart (f, id, DYNO_EXPORT_AS_PDF, charts[i]);
      const guint8 *head = g_bytes_get_data (png, NULL);

      g_assert_true (has_text (svg, "<title>"));
      g_assert_true (has_text (svg, "<desc>"));
      g_assert_true (has_text (svg, "</text>"));
      g_assert_true (has_text (svg, id));
      g_assert_true (has_text (png, id));
      g_assert_cmpint (head[18] << 8 | head[19], ==, 3200);
      g_assert_cmpmem (g_bytes_get_data (pdf, NULL), 5, "%PDF-", 5);
    }
}

/* A throttle that goes from 0 to 90 % has no −20 on its axis. */
static void
test_axis_stops_at_nought (DynoTestShop  *f,
                           gconstpointer  unused)
{
  g_autoptr(GString) text = g_string_new ("Time (s),RPM,TPS (%)\n");
  g_autofree char *path = g_build_filename (f->folder, "throttle.csv", NULL);
  DynoExportRequest *request = dyno_export_request_new ();
  g_autoptr(GBytes) svg = NULL;

  for (int i = 0; i <= 90; i++)
    g_string_append_printf (text, "%d.%d,%d,%d\n", i / 10, i % 10, 1000 + i * 20, i);
  g_assert_true (g_file_set_contents (path, text->str, -1, NULL));
  request->file = dyno_import_request_new (path);
  request->format = DYNO_EXPORT_AS_SVG;
  request->chart = g_strdup ("tps");
  svg = export (f, request);
  g_assert_true (has_text (svg, ">20<"));
  g_assert_false (has_text (svg, "\u2212"));
}

static void
test_source_is_never_written_over (DynoTestShop  *f,
                                   gconstpointer  unused)
{
  g_autofree char *path = write_log (f);
  DynoExportRequest *request = dyno_export_request_new ();
  g_autoptr(DynoExportOutcome) outcome = NULL;
  g_autoptr(GError) error = NULL;
  gsize before;
  gsize after;
  g_autofree char *text = dyno_test_read (path, &before);
  g_autofree char *same = NULL;

  request->file = dyno_import_request_new (path);
  request->output = g_strdup (path);
  dyno_export_async (f->shop, request, NULL, dyno_await_cb, f->await);
  outcome = dyno_export_finish (dyno_await_wait (f->await), &error);
  g_assert_cmpstr (dyno_error_get_reason (error), ==, "export_over_source");
  same = dyno_test_read (path, &after);
  g_assert_cmpmem (text, before, same, after);
}

static void
test_output_folder_gets_a_name (DynoTestShop  *f,
                                gconstpointer  unused)
{
  g_autofree char *id = make_run (f);
  DynoExportRequest *request = dyno_export_request_new ();
  g_autoptr(DynoExportOutcome) outcome = NULL;
  g_autoptr(GError) error = NULL;
  g_autofree char *name = NULL;

  request->run_id = g_strdup (id);
  request->format = DYNO_EXPORT_AS_ARCHIVE;
  request->output = g_strdup (f->folder);
  dyno_export_async (f->shop, request, NULL, dyno_await_cb, f->await);
  outcome = dyno_export_finish (dyno_await_wait (f->await), &error);
  g_assert_no_error (error);
  name = g_strdup_printf ("_FXDLS-Rosa_%s.dynorun", id);
  g_assert_true (g_str_has_suffix (outcome->path, name));
  assert_verifies (f, outcome->path, TRUE);
}

#define TWO(path, flags, function) \
  g_test_add (path, Two, GUINT_TO_POINTER (flags), two_set_up, function, two_tear_down)

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);

  TWO ("/shop/export/archive/around", DYNO_SHOP_NO_CAPTURE, test_archive_goes_around);
  TWO ("/shop/export/archive/tune", DYNO_SHOP_NO_CAPTURE, test_tune_goes_along);
  TWO ("/shop/export/archive/tune-of-today", DYNO_SHOP_NO_CAPTURE, test_tune_is_todays);
  TWO ("/shop/export/archive/known", DYNO_SHOP_NO_CAPTURE, test_own_archive_is_known);
  TWO ("/shop/export/archive/more", DYNO_SHOP_NO_CAPTURE, test_more_in_the_archive_is_a_conflict);
  TWO ("/shop/export/archive/conflict", DYNO_SHOP_NO_CAPTURE, test_changed_run_is_a_conflict);
  TWO ("/shop/export/archive/damaged", DYNO_SHOP_NO_CAPTURE, test_damaged_archive_leaves_nothing);
  TWO ("/shop/export/archive/interrupted", DYNO_SHOP_NO_CAPTURE,
       test_interrupted_import_leaves_nothing);
  TWO ("/shop/export/archive/redacted", DYNO_SHOP_NO_CAPTURE, test_redacted_archive_names_nobody);
  TWO ("/shop/export/archive/recorded", DYNO_SHOP_DEFAULT, test_recorded_run_goes_around);
  DYNO_TEST_SHOP_ADD_QUIET ("/shop/export/same-bytes", test_same_input_same_bytes);
  DYNO_TEST_SHOP_ADD_QUIET ("/shop/export/json", test_json_has_its_members_in_order);
  DYNO_TEST_SHOP_ADD_QUIET ("/shop/export/summary", test_summary_fits_the_page);
  DYNO_TEST_SHOP_ADD_QUIET ("/shop/export/pictures", test_pictures_say_what_they_are);
  DYNO_TEST_SHOP_ADD_QUIET ("/shop/export/axis-stops-at-nought", test_axis_stops_at_nought);
  DYNO_TEST_SHOP_ADD_QUIET ("/shop/export/over-source", test_source_is_never_written_over);
  DYNO_TEST_SHOP_ADD_QUIET ("/shop/export/folder", test_output_folder_gets_a_name);

  return g_test_run ();
}
