/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

#include "config.h"

#include <glib/gstdio.h>
#include <math.h>
#include <string.h>

#include "dyno-error.h"
#include "dyno-test-shop.h"
#include "dyno-test.h"

/* Files become runs, or leave nothing behind. */

/* A pull of 6 s at 20 Hz: rpm from 2000 to 5600, 200 N·m throughout. */
static char *
make_log (const char *first_column)
{
  g_autoptr(GString) text = g_string_new (NULL);

  g_string_append_printf (text, "%s,RPM,Torque (Nm),AFR\n", first_column);
  for (int i = 0; i <= 120; i++)
    g_string_append_printf (text, "%d.%02d,%d,200.%d,13.%d\n", i / 20, i % 20 * 5, 2000 + i * 30,
                            i % 3, 1 + i % 5);

  return g_string_free (g_steal_pointer (&text), FALSE);
}

static char *
write_log (DynoTestShop *f,
           const char   *name,
           const char   *text)
{
  char *path = g_build_filename (f->folder, name, NULL);

  g_assert_true (g_file_set_contents (path, text, -1, NULL));

  return path;
}

/* `request` is taken over. */
static DynoImportOutcome *
import (DynoTestShop       *f,
        DynoImportRequest  *request,
        GError            **error)
{
  dyno_import_job_async (f->shop, request, NULL, NULL, dyno_await_cb, f->await);

  return dyno_import_job_finish (dyno_await_wait (f->await), error);
}

static guint
count_files (DynoTestShop *f,
             const char   *folder)
{
  g_autofree char *path
    = g_build_filename (dyno_shop_get_folders (f->shop)->data, folder, NULL);
  g_autoptr(GDir) dir = g_dir_open (path, 0, NULL);
  guint n = 0;

  while (dir != NULL && g_dir_read_name (dir) != NULL)
    n++;

  return n;
}

/* Nothing was kept. */
static void
assert_nothing (DynoTestShop *f)
{
  g_autoptr(GPtrArray) runs = dyno_test_shop_runs (f);
  g_autoptr(GPtrArray) vehicles = NULL;

  g_assert_cmpuint (runs->len, ==, 0);
  g_assert_cmpuint (count_files (f, "source"), ==, 0);
  dyno_people_list_vehicles_async (f->shop, NULL, NULL, dyno_await_cb, f->await);
  vehicles = dyno_people_list_vehicles_finish (dyno_await_wait (f->await), NULL);
  g_assert_cmpuint (vehicles->len, ==, 0);
}

static void
test_log (DynoTestShop *f,
          gconstpointer unused)
{
  g_autofree char *text = make_log ("Time (s)");
  g_autofree char *path = write_log (f, "Hot day.csv", text);
  DynoImportRequest *request = dyno_import_request_new (path);
  g_autoptr(GError) error = NULL;
  g_autoptr(DynoImportOutcome) outcome = NULL;
  g_autofree char *kept = NULL;
  g_autofree char *bytes = NULL;

  request->vehicle = g_strdup ("FXDLS Rosa");
  request->tags = g_strdupv ((char *[]){ (char *) "customer", NULL });
  outcome = import (f, request, &error);
  g_assert_no_error (error);
  g_assert_nonnull (outcome->run);
  g_assert_cmpint (outcome->run->status, ==, DYNO_RUN_COMPLETE);
  g_assert_cmpint (outcome->run->source, ==, DYNO_SOURCE_UPLOAD);
  g_assert_cmpstr (outcome->run->title, ==, "Hot day");
  g_assert_cmpstr (outcome->run->vehicle_label, ==, "FXDLS Rosa");
  g_assert_cmpstr (outcome->run->tags[0], ==, "customer");
  dyno_assert_near (outcome->run->duration_s, 6, 1e-9);
  dyno_assert_near (outcome->run->peaks.torque_nm, 200, 4);

  kept = g_build_filename (dyno_shop_get_folders (f->shop)->data, "source", outcome->run->id, NULL);
  g_assert_true (g_file_get_contents (kept, &bytes, NULL, NULL));
  g_assert_cmpstr (bytes, ==, text);
}

/* The job is in the list with its end, its subject and all bytes done. */
static void
test_job (DynoTestShop *f,
          gconstpointer unused)
{
  g_autofree char *text = make_log ("Time (s)");
  g_autofree char *path = write_log (f, "a.csv", text);
  g_autofree char *job_id = NULL;
  g_autoptr(GError) error = NULL;
  g_autoptr(DynoImportOutcome) outcome = NULL;
  g_autoptr(DynoJobInfo) job = NULL;

  dyno_import_job_async (f->shop, dyno_import_request_new (path), &job_id, NULL, dyno_await_cb,
                         f->await);
  outcome = dyno_import_job_finish (dyno_await_wait (f->await), &error);
  g_assert_no_error (error);
  job = dyno_jobs_get (dyno_shop_get_jobs (f->shop), job_id);
  g_assert_cmpint (job->state, ==, DYNO_JOB_SUCCEEDED);
  g_assert_cmpstr (job->title, ==, "a.csv");
  g_assert_cmpstr (job->subject, ==, outcome->run->id);
  dyno_assert_near (job->total, (double) strlen (text), 0);
}

static void
test_cancelled (DynoTestShop *f,
                gconstpointer unused)
{
  g_autofree char *text = make_log ("Time (s)");
  g_autofree char *path = write_log (f, "a.csv", text);
  g_autoptr(GCancellable) cancellable = g_cancellable_new ();
  DynoImportRequest *request = dyno_import_request_new (path);
  g_autoptr(GError) error = NULL;

  request->vehicle = g_strdup ("Rosa");
  g_cancellable_cancel (cancellable);
  dyno_import_job_async (f->shop, request, NULL, cancellable, dyno_await_cb, f->await);
  g_assert_null (dyno_import_job_finish (dyno_await_wait (f->await), &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
  assert_nothing (f);
}

static void
test_duplicate (DynoTestShop *f,
                gconstpointer unused)
{
  g_autofree char *text = make_log ("Time (s)");
  g_autofree char *path = write_log (f, "a.csv", text);
  DynoImportRequest *again = dyno_import_request_new (path);
  g_autoptr(GError) error = NULL;
  g_autoptr(DynoImportOutcome) first = import (f, dyno_import_request_new (path), &error);
  g_autoptr(DynoImportOutcome) second = NULL;
  g_autoptr(DynoImportOutcome) third = NULL;

  g_assert_no_error (error);
  second = import (f, dyno_import_request_new (path), &error);
  g_assert_null (second);
  g_assert_error (error, DYNO_ERROR, DYNO_ERROR_CONFLICT);
  g_assert_cmpstr (dyno_error_get_reason (error), ==, "import_duplicate");
  g_assert_nonnull (strstr (error->message, first->run->id));
  g_assert_cmpuint (count_files (f, "source"), ==, 1);
  g_clear_error (&error);

  again->again = TRUE;
  third = import (f, again, &error);
  g_assert_no_error (error);
  g_assert_cmpstr (third->run->id, !=, first->run->id);
  g_assert_cmpuint (count_files (f, "source"), ==, 2);
}

/* What is refused says why and leaves neither run nor file nor vehicle. */
static void
test_refused (DynoTestShop *f,
              gconstpointer unused)
{
  static const struct
  {
    const char *name;
    const char *text;
    const char *reason;
  } cases[] = {
    { "empty.csv", "", "import_empty" },
    { "words.txt", "Dear tuner,\nall is well.\n", "import_no_data" },
    { "map.png", "\x89PNG\r\n\x1a\n", "import_binary_unknown" },
  };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autofree char *path = write_log (f, cases[i].name, cases[i].text);
      DynoImportRequest *request = dyno_import_request_new (path);
      g_autoptr(GError) error = NULL;

      request->vehicle = g_strdup ("Rosa");
      g_assert_null (import (f, request, &error));
      g_assert_error (error, DYNO_ERROR, DYNO_ERROR_INVALID);
      g_test_message ("%s: %s", cases[i].name, error->message);
      g_assert_cmpstr (dyno_error_get_reason (error), ==, cases[i].reason);
    }
  assert_nothing (f);
}

static void
test_absent (DynoTestShop *f,
             gconstpointer unused)
{
  g_autofree char *path = g_build_filename (f->folder, "no such.csv", NULL);
  g_autoptr(GError) error = NULL;

  g_assert_null (import (f, dyno_import_request_new (path), &error));
  g_assert_error (error, DYNO_ERROR, DYNO_ERROR_NOT_FOUND);
  assert_nothing (f);
}

static void
test_preview (DynoTestShop *f,
              gconstpointer unused)
{
  g_autofree char *text = make_log ("Time (s)");
  g_autofree char *path = write_log (f, "a.csv", text);
  g_autoptr(GError) error = NULL;
  g_autoptr(DynoImportOutcome) outcome = NULL;

  dyno_import_job_preview_async (f->shop, dyno_import_request_new (path), NULL, dyno_await_cb,
                                 f->await);
  outcome = dyno_import_job_finish (dyno_await_wait (f->await), &error);
  g_assert_no_error (error);
  g_assert_null (outcome->run);
  g_assert_null (outcome->samples);
  g_assert_cmpuint (outcome->report->rows, ==, 121);
  assert_nothing (f);
}

/* A column that was mapped by hand once is mapped in the next log like it. */
static void
test_remembers (DynoTestShop *f,
                gconstpointer unused)
{
  static const char other[] = "Time (s),RPM,Zeta 9\n0.0,1000,1.5\n0.1,1100,1.6\n0.2,1200,1.7\n";
  static const char next[] = "Time (s),RPM,Zeta 9\n0.0,1300,2.5\n0.1,1400,2.6\n0.2,1500,2.7\n";
  g_autofree char *path = write_log (f, "a.csv", other);
  g_autofree char *later = write_log (f, "b.csv", next);
  DynoImportRequest *request = dyno_import_request_new (path);
  g_autoptr(GError) error = NULL;
  g_autoptr(DynoImportOutcome) first = NULL;
  g_autoptr(DynoImportOutcome) second = NULL;

  request->map = g_strdupv ((char *[]){ (char *) "Zeta 9=tps", NULL });
  first = import (f, request, &error);
  g_assert_no_error (error);
  g_assert_nonnull (dyno_import_report_find (first->report, DYNO_CHANNEL_TPS));

  second = import (f, dyno_import_request_new (later), &error);
  g_assert_no_error (error);
  g_assert_nonnull (dyno_import_report_find (second->report, DYNO_CHANNEL_TPS));
}

/* Without a store, for work on files alone. */
static void
test_read_alone (DynoTestShop *f,
                 gconstpointer unused)
{
  g_autofree char *text = make_log ("Time (s)");
  g_autofree char *path = write_log (f, "a.csv", text);
  g_autoptr(GError) error = NULL;
  g_autoptr(DynoImportOutcome) outcome = NULL;

  dyno_test_shop_close (f);
  dyno_test_shop_open (f, DYNO_SHOP_NO_STORE | DYNO_SHOP_NO_CAPTURE);
  dyno_import_job_read_async (f->shop, dyno_import_request_new (path), NULL, dyno_await_cb,
                              f->await);
  outcome = dyno_import_job_finish (dyno_await_wait (f->await), &error);
  g_assert_no_error (error);
  g_assert_cmpuint (dyno_samples_n_rows (outcome->samples), ==, 121);
  g_assert_null (import (f, dyno_import_request_new (path), &error));
  g_assert_error (error, DYNO_ERROR, DYNO_ERROR_UNAVAILABLE);
}

/* The packets of a run, imported elsewhere, are the same run again. */
static void
test_packets (DynoTestShop *f,
              gconstpointer unused)
{
  DynoSimulatorConfig config = dyno_test_dyno_config ();
  g_autoptr(GError) error = NULL;
  g_autoptr(GPtrArray) runs = NULL;
  g_autofree char *name = NULL;
  g_autofree char *path = NULL;
  g_autoptr(DynoImportOutcome) outcome = NULL;
  DynoTestDyno *dyno;
  const DynoRun *run;

  if (!dyno_test_shop_has_wire ())
    return;
  config.n_pulls = 1;
  dyno = dyno_test_dyno_start (&config);
  dyno_test_shop_wait_phase (f, DYNO_ARM_LIVE, 10);
  g_assert_true (dyno_test_ask (f, dyno_arm_arm, &error, NULL));
  dyno_test_shop_wait_saved (f, 1, 40);
  dyno_test_dyno_free (dyno);

  runs = dyno_test_shop_runs (f);
  run = g_ptr_array_index (runs, 0);
  name = g_strconcat (run->id, ".jdj", NULL);
  path = g_build_filename (dyno_shop_get_folders (f->shop)->data, "journal", name, NULL);
  outcome = import (f, dyno_import_request_new (path), &error);
  g_assert_no_error (error);
  g_assert_cmpstr (outcome->run->id, !=, run->id);
  g_assert_cmpstr (outcome->run->provider, ==, run->provider);
  dyno_assert_near (outcome->run->peaks.power_kw, run->peaks.power_kw, 0);
  dyno_assert_near (outcome->run->peaks.torque_rpm, run->peaks.torque_rpm, 0);
}

/* A real export of WinPEP, and its packet of decisions. */
static void
test_winpep (DynoTestShop *f,
             gconstpointer unused)
{
  g_autofree char *path = dyno_test_shared_file ("logs/wrl-dyno-check/134power.csv");
  g_autoptr(GError) error = NULL;
  g_autoptr(DynoImportOutcome) outcome = NULL;

  if (path == NULL)
    {
      g_test_skip ("the shared logs are not here");
      return;
    }
  outcome = import (f, dyno_import_request_new (path), &error);
  g_assert_no_error (error);
  g_assert_cmpuint (dyno_samples_n_rows (outcome->samples), ==, 275);
  g_assert_cmpstr (outcome->run->title, ==, "134power");
  g_assert_nonnull (outcome->run->report);
  g_assert_true (outcome->run->peaks.power_kw > 80);
}

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);
  DYNO_TEST_SHOP_ADD ("/shop/import/log", test_log);
  DYNO_TEST_SHOP_ADD ("/shop/import/job", test_job);
  DYNO_TEST_SHOP_ADD ("/shop/import/cancelled", test_cancelled);
  DYNO_TEST_SHOP_ADD ("/shop/import/duplicate", test_duplicate);
  DYNO_TEST_SHOP_ADD ("/shop/import/refused", test_refused);
  DYNO_TEST_SHOP_ADD ("/shop/import/absent", test_absent);
  DYNO_TEST_SHOP_ADD ("/shop/import/preview", test_preview);
  DYNO_TEST_SHOP_ADD ("/shop/import/remembers", test_remembers);
  DYNO_TEST_SHOP_ADD ("/shop/import/read-alone", test_read_alone);
  DYNO_TEST_SHOP_ADD ("/shop/import/packets", test_packets);
  DYNO_TEST_SHOP_ADD ("/shop/import/winpep", test_winpep);

  return g_test_run ();
}
