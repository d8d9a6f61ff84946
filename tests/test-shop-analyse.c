/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

#include "config.h"

#include <math.h>
#include <string.h>

#include "dyno-error.h"
#include "dyno-test-shop.h"
#include "dyno-test.h"

/* From a recorded run to the correction of its fuel: as a job, kept once, written
 * whole, and right. */

/* A whole mapping session, recorded by hand, 25 times as fast as real. */
static char *
record_cells (DynoTestShop *f,
              GPtrArray    *truth)
{
  DynoSimulatorConfig config = dyno_test_dyno_config ();
  g_autofree char *path = g_build_filename (f->folder, "truth.jsonl", NULL);
  g_autofree char *text = NULL;
  g_auto(GStrv) lines = NULL;
  g_autoptr(GError) error = NULL;
  DynoTestDyno *dyno;
  char *run_id;

  config.cycle = "cells";
  config.speed = 25;
  config.truth_path = path;
  dyno = dyno_test_dyno_start (&config);
  dyno_test_shop_wait_phase (f, DYNO_ARM_LIVE, 10);
  run_id = dyno_test_ask (f, dyno_arm_start, &error, "Mapping");
  g_assert_no_error (error);
  dyno_test_shop_wait_saved (f, 1, 60);
  dyno_test_dyno_free (dyno);

  text = dyno_test_read (path, NULL);
  lines = g_strsplit (text, "\n", -1);
  for (guint i = 0; lines[i] != NULL && lines[i][0] != '\0'; i++)
    g_ptr_array_add (truth, dyno_json_parse (lines[i], -1, NULL));

  return run_id;
}

static DynoAnalyse *
analyse (DynoTestShop *f,
         const char   *run_id,
         char        **job_id)
{
  DynoAnalyseRequest *request = dyno_analyse_request_new ();
  g_autoptr(GError) error = NULL;
  DynoAnalyse *found;

  dyno_analyse_request_add_run (request, run_id);
  dyno_analyse_async (f->shop, request, job_id, NULL, dyno_await_cb, f->await);
  found = dyno_analyse_finish (dyno_await_wait (f->await), &error);
  g_assert_no_error (error);
  g_assert_nonnull (found);

  return found;
}

static void
assert_cells_are_right (const DynoAnalyse *found,
                        GPtrArray         *truth)
{
  const DynoVeResult *result = found->result;
  const DynoGridShape *shape = &result->set->shape;
  guint n_checked = 0;

  for (guint c = 0; c < DYNO_VE_CYLINDERS; c++)
    {
      for (guint i = 0; i < result->n_cells; i++)
        {
          const DynoVeCell *cell = &result->cylinders[c].cells[i];
          double rpm = shape->rpm.at[i / shape->load.n];
          double map_kpa = shape->load.at[i % shape->load.n];
          double expected = dyno_test_planted (truth, rpm, map_kpa, c == 0 ? "front" : "rear");

          if (cell->hits == 0)
            g_assert_true (isnan (cell->limited));
          if (cell->hits < 20)
            continue;
          g_assert_false (isnan (expected));
          dyno_assert_near (cell->factor, expected, 0.015);
          if (fabs (expected - 1) > 0.015)
            g_assert_cmpint (cell->factor > 1, ==, expected > 1);
          n_checked++;
        }
    }
  g_assert_cmpuint (n_checked, >=, 80);
}

/* What is printed and kept: no number where there is no data. */
/* Every adviser has spoken, or said what it lacks. */
static void
assert_counsel (const DynoJson *json)
{
  static const char *const advisers[] = { "anomalies", "decel", "balance", "confidence",
                                          "opportunities", "transient", "heat", "environment",
                                          "causes" };
  const DynoJson *advice = dyno_json_member (json, "advice");
  const DynoJson *confidence = dyno_json_member (json, "confidence");

  g_assert_cmpint (dyno_json_type (dyno_json_member (json, "anomalies")), ==, DYNO_JSON_ARRAY);
  g_assert_cmpint (dyno_json_type (dyno_json_member (json, "next_tests")), ==, DYNO_JSON_ARRAY);
  g_assert_cmpint (dyno_json_type (dyno_json_member (json, "spark")), ==, DYNO_JSON_OBJECT);
  g_assert_nonnull (strchr ("ABCD", *dyno_json_get_string (confidence, "grade")));
  for (guint i = 0; i < G_N_ELEMENTS (advisers); i++)
    {
      gboolean is_there = FALSE;

      for (guint k = 0; k < dyno_json_n_elements (advice); k++)
        is_there |= g_strcmp0 (dyno_json_get_string (dyno_json_element (advice, k), "adviser"),
                               advisers[i]) == 0;
      g_assert_true (is_there);
    }
}

static void
assert_json_is_whole (DynoTestShop      *f,
                      const DynoAnalyse *found)
{
  g_autoptr(GError) error = NULL;
  g_autoptr(DynoAnalysisRecord) kept = NULL;
  g_autoptr(DynoJson) json = NULL;
  const DynoJson *corrections, *hits;
  guint n_numbers = 0;

  kept = dyno_test_ask (f, dyno_analyse_load, &error, found->id);
  g_assert_no_error (error);
  json = dyno_json_parse (kept->result, -1, &error);
  g_assert_no_error (error);
  g_assert_cmpstr (dyno_json_get_string (json, "id"), ==, found->id);
  g_assert_cmpstr (dyno_json_get_string (json, "fingerprint"), ==, found->fingerprint);
  g_assert_cmpstr (dyno_json_get_string (json, "math_version"), ==, "2.0.0");
  g_assert_cmpuint (dyno_json_n_elements (dyno_json_member (json, "files")), ==,
                    found->files->len);
  corrections = dyno_json_member (dyno_json_member (json, "front"), "correction");
  hits = dyno_json_member (dyno_json_member (json, "front"), "hits");
  g_assert_cmpuint (dyno_json_n_elements (corrections), ==,
                    dyno_json_n_elements (dyno_json_member (dyno_json_member (json, "grid"),
                                                            "rpm")));
  for (guint r = 0; r < dyno_json_n_elements (corrections); r++)
    {
      for (guint c = 0; c < dyno_json_n_elements (dyno_json_element (corrections, r)); c++)
        {
          const DynoJson *cell = dyno_json_element (dyno_json_element (corrections, r), c);
          double n = dyno_json_number (dyno_json_element (dyno_json_element (hits, r), c), NAN);

          g_assert_true (n > 0 || dyno_json_type (cell) == DYNO_JSON_NULL);
          n_numbers += dyno_json_type (cell) == DYNO_JSON_NUMBER;
        }
    }
  g_assert_cmpuint (n_numbers, >, 40);
  assert_counsel (json);
}

static void
assert_kept_once (DynoTestShop      *f,
                  const DynoAnalyse *found)
{
  g_autoptr(DynoAnalyse) again = analyse (f, found->run_ids[0], NULL);
  g_autoptr(GPtrArray) all = NULL;
  g_autoptr(GError) error = NULL;

  g_assert_cmpstr (again->fingerprint, ==, found->fingerprint);
  g_assert_cmpstr (again->id, ==, found->id);
  all = dyno_test_ask (f, dyno_analyse_list, &error, found->run_ids[0]);
  g_assert_no_error (error);
  g_assert_cmpuint (all->len, ==, 1);
}

/* Another option is another analysis. */
static void
assert_options_count (DynoTestShop      *f,
                      const DynoAnalyse *found)
{
  DynoAnalyseRequest *request = dyno_analyse_request_new ();
  g_autoptr(DynoAnalyse) other = NULL;
  g_autoptr(GError) error = NULL;

  dyno_analyse_request_add_run (request, found->run_ids[0]);
  g_assert_true (dyno_analyse_request_set (request, "min_hits", "9", &error));
  dyno_analyse_async (f->shop, request, NULL, NULL, dyno_await_cb, f->await);
  other = dyno_analyse_finish (dyno_await_wait (f->await), &error);
  g_assert_no_error (error);
  g_assert_cmpstr (other->fingerprint, !=, found->fingerprint);
  g_assert_cmpstr (other->id, !=, found->id);
}

static void
assert_story (DynoAnalyse *found)
{
  g_autoptr(GError) error = NULL;
  g_autoptr(GError) outside = NULL;
  g_autoptr(DynoVeStory) story = dyno_analyse_explain (found, 0, 3010, 69, &error);

  g_assert_no_error (error);
  dyno_assert_near (story->rpm, 3000, 0);
  dyno_assert_near (story->map, 70, 0);
  g_assert_cmpuint (story->value.hits, >=, 20);
  g_assert_null (dyno_analyse_explain (found, 0, 9000, 70, &outside));
  g_assert_error (outside, DYNO_ERROR, DYNO_ERROR_INVALID);
}

static void
test_planted_error (DynoTestShop *f,
                    gconstpointer unused)
{
  g_autoptr(GPtrArray) truth = g_ptr_array_new_with_free_func ((GDestroyNotify) dyno_json_free);
  g_autofree char *run_id = NULL;
  g_autoptr(DynoAnalyse) found = NULL;

  if (!dyno_test_shop_has_wire ())
    return;
  run_id = record_cells (f, truth);
  found = analyse (f, run_id, NULL);
  assert_cells_are_right (found, truth);
  assert_json_is_whole (f, found);
  assert_kept_once (f, found);
  assert_options_count (f, found);
  assert_story (found);
}

static DynoAnalyse *
analyse_samples (DynoTestShop  *f,
                 DynoSamples   *samples,
                 guint          n,
                 char         **job_id,
                 GCancellable  *cancellable,
                 GError       **error)
{
  DynoAnalyseRequest *request = dyno_analyse_request_new ();

  for (guint i = 0; i < n; i++)
    dyno_analyse_request_add_samples (request, samples, "log.csv", NULL);
  dyno_analyse_async (f->shop, request, job_id, cancellable, dyno_await_cb, f->await);

  return dyno_analyse_finish (dyno_await_wait (f->await), error);
}

/* The job is in the list at once and says how it ended. */
static void
test_job (DynoTestShop *f,
          gconstpointer unused)
{
  g_autoptr(DynoSamples) samples = dyno_test_pull_samples (0, NULL);
  g_autoptr(GCancellable) cancellable = g_cancellable_new ();
  DynoJobs *jobs = dyno_shop_get_jobs (f->shop);
  g_autofree char *done_id = NULL;
  g_autofree char *cancelled_id = NULL;
  g_autoptr(GError) error = NULL;
  g_autoptr(GError) cancelled = NULL;
  g_autoptr(DynoAnalyse) found = analyse_samples (f, samples, 1, &done_id, NULL, &error);
  g_autoptr(DynoJobInfo) done = NULL;
  g_autoptr(DynoJobInfo) ended = NULL;

  g_assert_no_error (error);
  g_assert_null (found->id); /* belongs to no run: not kept */
  done = dyno_jobs_get (jobs, done_id);
  g_assert_cmpstr (done->kind, ==, "analyse");
  g_assert_cmpint (done->state, ==, DYNO_JOB_SUCCEEDED);
  dyno_assert_near (done->done, done->total, 0);

  g_cancellable_cancel (cancellable);
  g_assert_null (analyse_samples (f, samples, 1, &cancelled_id, cancellable, &cancelled));
  g_assert_error (cancelled, G_IO_ERROR, G_IO_ERROR_CANCELLED);
  ended = dyno_jobs_get (jobs, cancelled_id);
  g_assert_cmpint (ended->state, ==, DYNO_JOB_CANCELLED);
}

/* Cancelled by the list of jobs, wherever it is then. */
static void
test_cancelled_by_list (DynoTestShop *f,
                        gconstpointer unused)
{
  g_autoptr(DynoSamples) samples = dyno_test_pull_samples (0, NULL);
  DynoAnalyseRequest *request = dyno_analyse_request_new ();
  g_autofree char *job_id = NULL;
  g_autoptr(GError) error = NULL;
  g_autoptr(DynoAnalyse) found = NULL;

  for (guint i = 0; i < 20; i++)
    dyno_analyse_request_add_samples (request, samples, "log.csv", NULL);
  dyno_analyse_async (f->shop, request, &job_id, NULL, dyno_await_cb, f->await);
  g_assert_true (dyno_jobs_cancel (dyno_shop_get_jobs (f->shop), job_id, &error));
  g_assert_no_error (error);
  found = dyno_analyse_finish (dyno_await_wait (f->await), &error);
  if (found == NULL)
    g_assert_error (error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
}

static void
test_refused (DynoTestShop *f,
              gconstpointer unused)
{
  g_autoptr(DynoSamples) samples = dyno_test_pull_samples (0, NULL);
  g_autoptr(DynoSamples) none = dyno_samples_builder_finish (dyno_samples_builder_new (0));
  g_autoptr(DynoAnalyseRequest) request = dyno_analyse_request_new ();
  g_autoptr(GError) nothing = NULL;
  g_autoptr(GError) too_many = NULL;
  g_autoptr(GError) no_rows = NULL;
  g_autoptr(GError) unknown = NULL;
  g_autoptr(GError) bad_value = NULL;
  g_autoptr(GError) bad_name = NULL;
  DynoAnalyseRequest *of_nobody = dyno_analyse_request_new ();

  g_assert_null (analyse_samples (f, samples, 0, NULL, NULL, &nothing));
  g_assert_error (nothing, DYNO_ERROR, DYNO_ERROR_INVALID);
  g_assert_null (analyse_samples (f, samples, 21, NULL, NULL, &too_many));
  g_assert_error (too_many, DYNO_ERROR, DYNO_ERROR_TOO_LARGE);
  g_assert_null (analyse_samples (f, none, 1, NULL, NULL, &no_rows));
  g_assert_error (no_rows, DYNO_ERROR, DYNO_ERROR_INVALID);
  dyno_analyse_request_add_run (of_nobody, "run_00000000000000000000");
  dyno_analyse_async (f->shop, of_nobody, NULL, NULL, dyno_await_cb, f->await);
  g_assert_null (dyno_analyse_finish (dyno_await_wait (f->await), &unknown));
  g_assert_error (unknown, DYNO_ERROR, DYNO_ERROR_NOT_FOUND);
  g_assert_false (dyno_analyse_request_set (request, "min_hits", "-4", &bad_value));
  g_assert_error (bad_value, DYNO_ERROR, DYNO_ERROR_INVALID);
  g_assert_nonnull (strstr (bad_value->message, "min_hits"));
  g_assert_false (dyno_analyse_request_set (request, "turbo", "1", &bad_name));
  g_assert_error (bad_name, DYNO_ERROR, DYNO_ERROR_INVALID);
}

static gboolean
write_to (DynoTestShop  *f,
          DynoAnalyse   *found,
          const char    *folder,
          GError       **error)
{
  g_autoptr(GPtrArray) written = dyno_test_ask (f, dyno_analyse_write, error, found, folder);

  return written != NULL;
}

/* The files are what the manifest says, and the same each time. */
static void
test_files (DynoTestShop *f,
            gconstpointer unused)
{
  g_autoptr(DynoSamples) samples = dyno_test_pull_samples (1, NULL);
  g_autofree char *folder = g_build_filename (f->folder, "out", "deep", NULL);
  g_autofree char *blocked = g_build_filename (f->folder, "out", "deep", "report.txt", NULL);
  g_autoptr(GError) error = NULL;
  g_autoptr(GError) not_a_folder = NULL;
  g_autoptr(DynoAnalyse) found = analyse_samples (f, samples, 1, NULL, NULL, &error);
  g_autoptr(DynoAnalyse) again = analyse_samples (f, samples, 1, NULL, NULL, &error);
  g_autoptr(GDir) dir = NULL;
  const char *name;
  guint n_files = 0;

  g_assert_no_error (error);
  g_assert_true (write_to (f, found, folder, &error));
  g_assert_no_error (error);
  for (guint i = 0; i < found->files->len; i++)
    {
      const DynoArtefact *file = g_ptr_array_index (found->files, i);
      const DynoArtefact *same = g_ptr_array_index (again->files, i);
      g_autofree char *path = g_build_filename (folder, file->name, NULL);
      gsize length;
      g_autofree char *bytes = dyno_test_read (path, &length);
      g_autofree char *sum = g_compute_checksum_for_data (G_CHECKSUM_SHA256, (guchar *) bytes,
                                                          length);

      g_assert_cmpstr (sum, ==, file->sha256);
      g_assert_cmpstr (same->sha256, ==, file->sha256);
      g_assert_null (strstr (bytes, f->folder));
    }
  dir = g_dir_open (folder, 0, &error);
  while ((name = g_dir_read_name (dir)) != NULL)
    {
      g_assert_false (g_str_has_prefix (name, "."));
      n_files++;
    }
  g_assert_cmpuint (n_files, ==, found->files->len + 3); /* ledger, manifest, provenance */
  g_assert_false (write_to (f, found, blocked, &not_a_folder));
  g_assert_error (not_a_folder, DYNO_ERROR, DYNO_ERROR_UNAVAILABLE);
}

/* The column n counts the readings of the pull, each of them once. */
static void
test_power_curve (DynoTestShop *f,
                  gconstpointer unused)
{
  g_autoptr(DynoSamples) samples = dyno_test_pull_samples (1, NULL);
  g_autoptr(GError) error = NULL;
  g_autoptr(DynoAnalyse) found = analyse_samples (f, samples, 1, NULL, NULL, &error);
  const DynoCurve *raw = found->power->power->raw;
  g_auto(GStrv) lines = NULL;
  gint64 sum = 0;

  for (guint i = 0; i < found->files->len; i++)
    {
      const DynoArtefact *file = g_ptr_array_index (found->files, i);

      if (g_str_equal (file->name, "power_curve.csv"))
        lines = g_strsplit (g_bytes_get_data (file->bytes, NULL), "\r\n", -1);
    }
  g_assert_nonnull (lines);
  g_assert_true (g_str_has_suffix (lines[0], ",MAP (kPa),n"));
  for (char **line = lines + 1; *line != NULL && **line != '\0'; line++)
    sum += g_ascii_strtoll (strrchr (*line, ',') + 1, NULL, 10);
  g_assert_cmpint (sum, <=, (gint64) raw->n);
  g_assert_cmpint (sum, >=, (gint64) raw->n * 9 / 10); /* but for both ends */
}

/* One option that is given leaves the others as the vehicle wants them, and those that
 * it says nothing of as the shop's settings want them. */
static void
test_vehicle_options (DynoTestShop *f,
                      gconstpointer unused)
{
  DynoVehicle *vehicle = g_new0 (DynoVehicle, 1);
  DynoAnalyseRequest *request = dyno_analyse_request_new ();
  DynoConfig *config = dyno_shop_get_config (f->shop);
  g_autoptr(GString) text = g_string_new ("Time (s),RPM,MAP (kPa),AFR\n");
  g_autofree char *path = g_build_filename (f->folder, "steady.csv", NULL);
  DynoImportRequest *import = dyno_import_request_new (path);
  g_autoptr(DynoVehicle) kept = NULL;
  g_autoptr(DynoImportOutcome) outcome = NULL;
  g_autoptr(DynoAnalyse) found = NULL;
  g_autoptr(DynoJson) options = NULL;
  g_autoptr(GError) error = NULL;

  vehicle->label = g_strdup ("Rosa");
  vehicle->data = g_strdup ("{\"stoich\":14.1,\"analysis\":{\"min_hits\":7}}");
  kept = dyno_test_ask (f, dyno_people_put_vehicle, &error, vehicle);
  g_assert_no_error (error);
  for (int i = 0; i < 100; i++)
    g_string_append_printf (text, "%d.%d,3000,70,13.%d\n", i / 10, i % 10, i % 4);
  g_assert_true (g_file_set_contents (path, text->str, -1, NULL));
  import->vehicle = g_strdup ("Rosa");
  dyno_import_job_async (f->shop, import, NULL, NULL, dyno_await_cb, f->await);
  outcome = dyno_import_job_finish (dyno_await_wait (f->await), &error);
  g_assert_no_error (error);

  g_assert_true (dyno_config_set (config, "analysis.clamp_pct", "6", &error));
  g_assert_true (dyno_config_set (config, "analysis.smooth_passes", "1", &error));

  dyno_analyse_request_add_run (request, outcome->run->id);
  g_assert_true (dyno_analyse_request_set (request, "clamp_pct", "5", &error));
  dyno_analyse_async (f->shop, request, NULL, NULL, dyno_await_cb, f->await);
  found = dyno_analyse_finish (dyno_await_wait (f->await), &error);
  g_assert_no_error (error);
  options = dyno_json_parse (found->result->options, -1, &error);
  g_assert_no_error (error);
  dyno_assert_near (dyno_json_get_number (options, "clamp_pct", NAN), 5, 0);
  dyno_assert_near (dyno_json_get_number (options, "min_hits", NAN), 7, 0);
  dyno_assert_near (dyno_json_get_number (options, "smooth_passes", NAN), 1, 0);
  dyno_assert_near (dyno_json_get_number (options, "afr_stoich", NAN), 14.1, 0);
}

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);
  DYNO_TEST_SHOP_ADD ("/shop/analyse/planted-error", test_planted_error);
  DYNO_TEST_SHOP_ADD_QUIET ("/shop/analyse/job", test_job);
  DYNO_TEST_SHOP_ADD_QUIET ("/shop/analyse/cancelled-by-list", test_cancelled_by_list);
  DYNO_TEST_SHOP_ADD_QUIET ("/shop/analyse/refused", test_refused);
  DYNO_TEST_SHOP_ADD_QUIET ("/shop/analyse/files", test_files);
  DYNO_TEST_SHOP_ADD_QUIET ("/shop/analyse/power-curve", test_power_curve);
  DYNO_TEST_SHOP_ADD ("/shop/analyse/vehicle-options", test_vehicle_options);

  return g_test_run ();
}
