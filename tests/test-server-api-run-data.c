/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

#include "config.h"

#include <glib/gstdio.h>
#include <math.h>
#include <string.h>

#include "dyno-beneath.h"
#include "dyno-crypt.h"
#include "dyno-test-api-runs.h"
#include "dyno-test.h"

/* Samples, curves, files and decisions of runs over HTTP. */

#define NOBODY "run_00000000000000000000"

static const DynoJson *
channel (DynoTestReply *reply,
         const char    *name)
{
  return dyno_json_member (dyno_json_member (reply->json, "channels"), name);
}

/* Files */

static void
test_files (DynoTestApiRuns *f,
            gconstpointer    unused)
{
  g_autofree char *text = dyno_test_runs_pull_text (130);
  g_autofree char *run_id = dyno_test_api_runs_keep (f, "Pull 3.csv", text);
  g_autofree char *sum = dyno_crypt_sha256_hex (text, strlen (text));
  g_autoptr(DynoTestReply) list = dyno_test_api_runs_get (f, 200, "/api/v1/runs/%s/files", run_id);
  const DynoJson *file = dyno_json_element (dyno_json_member (list->json, "items"), 0);
  const char *id = dyno_json_get_string (file, "id");
  g_autoptr(DynoTestReply) bytes
    = dyno_test_api_runs_get (f, 200, "/api/v1/runs/%s/files/%s", run_id, id);

  g_assert_cmpstr (dyno_json_get_string (file, "name"), ==, "Pull 3.csv");
  g_assert_cmpstr (dyno_json_get_string (file, "type"), ==, "source");
  g_assert_cmpstr (dyno_json_get_string (file, "sha256"), ==, sum);
  g_assert_cmpint (dyno_json_get_integer (file, "size", 0), ==, (gint64) strlen (text));
  dyno_test_api_assert_no_path (list);
  g_assert_cmpstr (bytes->body, ==, text);
  g_assert_cmpstr (dyno_test_reply_header (bytes, "Content-Disposition"), ==,
                   "attachment; filename*=UTF-8''Pull%203.csv");
  g_assert_cmpstr (dyno_test_reply_header (bytes, "Content-Type"), ==, "application/octet-stream");
}

/* A file of another run is none of this one; what is gone or was exchanged is said to be
 * damaged, without a path. */
static void
test_wrong_files (DynoTestApiRuns *f,
                  gconstpointer    unused)
{
  g_autofree char *run_id = dyno_test_api_runs_pull (f, 130);
  g_autofree char *other = dyno_test_api_runs_pull (f, 131);
  g_autofree char *path = g_build_filename (dyno_shop_get_folders (f->shop.shop)->data, "source",
                                            run_id, NULL);
  g_autoptr(DynoTestReply) list = dyno_test_api_runs_get (f, 200, "/api/v1/runs/%s/files", run_id);
  const char *id = dyno_json_get_string (dyno_json_element (dyno_json_member (list->json, "items"),
                                                            0), "id");
  g_autoptr(DynoTestReply) link = NULL;

  dyno_test_reply_free (dyno_test_api_runs_get (f, 404, "/api/v1/runs/%s/files/%s", other, id));
  dyno_test_reply_free (dyno_test_api_runs_get (f, 404, "/api/v1/runs/" NOBODY "/files"));
  dyno_test_reply_free (dyno_test_api_runs_get (f, 404, "/api/v1/runs/%s/files/passwd", run_id));
  g_assert_cmpint (g_unlink (path), ==, 0);
  g_assert_cmpint (symlink ("/etc/passwd", path), ==, 0);
  link = dyno_test_api_runs_get (f, 500, "/api/v1/runs/%s/files/%s", run_id, id);
  dyno_test_api_assert_no_path (link);
}

static void
assert_not_beneath (const char *folder,
                    const char *relative)
{
  g_assert_cmpint (dyno_beneath_open (folder, relative), <, 0);
}

static void
test_beneath (void)
{
  g_autofree char *folder = dyno_test_make_folder ();
  g_autofree char *inside = g_build_filename (folder, "data", NULL);
  g_autofree char *secret = g_build_filename (folder, "secret", NULL);
  g_autofree char *kept = g_build_filename (inside, "kept", NULL);
  g_autofree char *link = g_build_filename (inside, "link", NULL);
  int fd;

  g_assert_cmpint (g_mkdir (inside, 0700), ==, 0);
  g_assert_true (g_file_set_contents (secret, "x", -1, NULL));
  g_assert_true (g_file_set_contents (kept, "y", -1, NULL));
  g_assert_cmpint (symlink (secret, link), ==, 0);
  fd = dyno_beneath_open (inside, "kept");
  g_assert_cmpint (fd, >=, 0);
  g_close (fd, NULL);
  assert_not_beneath (inside, "link");
  assert_not_beneath (inside, "../secret");
  assert_not_beneath (inside, secret);
  assert_not_beneath (inside, "nothing");
  dyno_test_remove_folder (folder);
}

/* Samples */

static void
test_samples (DynoTestApiRuns *f,
              gconstpointer    unused)
{
  g_autofree char *run_id = dyno_test_api_runs_pull (f, 130);
  g_autoptr(DynoTestReply) all = dyno_test_api_runs_get (f, 200, "/api/v1/runs/%s/samples", run_id);
  g_autoptr(DynoTestReply) some = dyno_test_api_runs_get (
    f, 200, "/api/v1/runs/%s/samples?channels=rpm,map&from_s=1&to_s=2", run_id);
  const DynoJson *times = dyno_json_member (some->json, "t_s");
  guint n = dyno_json_n_elements (times);

  g_assert_cmpuint (dyno_json_n_elements (dyno_json_member (all->json, "channels")), ==, 12);
  g_assert_cmpuint (dyno_json_n_elements (dyno_json_member (some->json, "channels")), ==, 2);
  g_assert_cmpuint (n, ==, 21);
  dyno_assert_near (dyno_json_number (dyno_json_element (times, 0), 0), 1, 1e-9);
  dyno_assert_near (dyno_json_number (dyno_json_element (times, n - 1), 0), 2, 1e-9);
  g_assert_cmpuint (dyno_json_n_elements (channel (some, "rpm")), ==, n);
  g_assert_cmpuint (dyno_json_n_elements (dyno_json_member (some->json, "gaps")), ==, 0);
}

/* 14: the rear that is not there is null, not the front. */
static void
test_absent (DynoTestApiRuns *f,
             gconstpointer    unused)
{
  g_autofree char *run_id
    = dyno_test_api_runs_keep (f, "front.csv", "Time (s),RPM,AFR Front\n0,2000,13.1\n0.1,2010,\n"
                                               "0.2,2020,13.3\n");
  g_autoptr(DynoTestReply) reply = dyno_test_api_runs_get (
    f, 200, "/api/v1/runs/%s/samples?channels=mix_f,mix_r", run_id);
  g_autoptr(DynoTestReply) csv = dyno_test_api_runs_get (
    f, 200, "/api/v1/runs/%s/samples?channels=mix_f,mix_r&format=csv", run_id);
  g_autoptr(DynoTestReply) unknown
    = dyno_test_api_runs_get (f, 400, "/api/v1/runs/%s/samples?channels=boost", run_id);

  g_assert_cmpint (dyno_json_type (channel (reply, "mix_r")), ==, DYNO_JSON_NULL);
  g_assert_cmpint (dyno_json_type (dyno_json_element (channel (reply, "mix_f"), 1)), ==,
                   DYNO_JSON_NULL);
  g_assert_cmpstr (csv->body, ==, "t_s,mix_f,mix_r\r\n0,13.1,\r\n0.1,,\r\n0.2,13.3,\r\n");
  g_assert_cmpstr (dyno_test_reply_code (unknown), ==, "VALIDATION_ERROR");
}

/* A spike of one row among 5,000 is in ten points as it is in all of them. */
static void
test_extremes (DynoTestApiRuns *f,
               gconstpointer    unused)
{
  g_autoptr(GString) text = g_string_new ("Time (s),RPM,MAP kPa\n");
  g_autofree char *run_id = NULL;
  g_autoptr(DynoTestReply) reply = NULL;
  const DynoJson *rpm;
  double least = INFINITY;
  double most = -INFINITY;

  for (int i = 0; i < 5000; i++)
    g_string_append_printf (text, "%d.%02d,%d,%d\n", i / 50, i % 50 * 2,
                            i == 1234 ? 9000 : i == 4321 ? 400 : 3000 + i % 7, 40 + i % 5);
  run_id = dyno_test_api_runs_keep (f, "spike.csv", text->str);
  reply = dyno_test_api_runs_get (f, 200, "/api/v1/runs/%s/samples?channels=rpm&max_points=10", run_id);
  rpm = channel (reply, "rpm");
  g_assert_cmpuint (dyno_json_n_elements (rpm), ==, 10);
  for (guint i = 0; i < 10; i++)
    {
      least = MIN (least, dyno_json_number (dyno_json_element (rpm, i), NAN));
      most = MAX (most, dyno_json_number (dyno_json_element (rpm, i), NAN));
    }
  g_assert_cmpfloat (least, ==, 400);
  g_assert_cmpfloat (most, ==, 9000);
}

/* 20: every number of a CSV is a plain one. */
static void
test_csv_numbers (DynoTestApiRuns *f,
                  gconstpointer    unused)
{
  g_autofree char *run_id = dyno_test_api_runs_pull (f, 130);
  g_autoptr(DynoTestReply) reply
    = dyno_test_api_runs_get (f, 200, "/api/v1/runs/%s/samples?format=csv", run_id);
  g_auto(GStrv) lines = g_strsplit (reply->body, "\r\n", -1);
  guint n = 0;

  for (guint i = 1; lines[i] != NULL && lines[i][0] != '\0'; i++)
    {
      g_auto(GStrv) cells = g_strsplit (lines[i], ",", -1);

      for (guint c = 0; cells[c] != NULL; c++)
        {
          char *end;

          g_ascii_strtod (cells[c], &end);
          g_assert_cmpint (*end, ==, '\0');
          n++;
        }
    }
  g_assert_cmpuint (n, >, 1000);
}

static void
test_wrong_samples (DynoTestApiRuns *f,
                    gconstpointer    unused)
{
  static const char *const queries[] = { "max_points=9", "max_points=20001", "format=xml",
                                         "from_s=soon", "channels=" };
  g_autofree char *run_id = dyno_test_api_runs_pull (f, 130);
  g_autoptr(GString) many = g_string_new ("rpm");

  for (guint i = 0; i < 32; i++)
    g_string_append (many, ",rpm");
  for (guint i = 0; i < G_N_ELEMENTS (queries); i++)
    dyno_test_reply_free (dyno_test_api_runs_get (f, 400, "/api/v1/runs/%s/samples?%s", run_id,
                                                  queries[i]));
  dyno_test_reply_free (dyno_test_api_runs_get (f, 400, "/api/v1/runs/%s/samples?channels=%s",
                                                run_id, many->str));
  dyno_test_reply_free (dyno_test_api_runs_get (f, 404, "/api/v1/runs/" NOBODY "/samples"));
}

/* Power */

static double
peak_of (DynoTestReply *reply)
{
  return dyno_json_get_number (dyno_json_member (reply->json, "peaks"), "peak_torque_nm", NAN);
}

static void
test_power (DynoTestApiRuns *f,
            gconstpointer    unused)
{
  g_autofree char *run_id = dyno_test_api_runs_pull (f, 130);
  g_autoptr(DynoTestReply) plain
    = dyno_test_api_runs_get (f, 200, "/api/v1/runs/%s/power?correction=none", run_id);
  g_autoptr(DynoTestReply) sae
    = dyno_test_api_runs_get (f, 200, "/api/v1/runs/%s/power?correction=sae-1990&smoothing=0", run_id);
  const DynoJson *curve = dyno_json_member (plain->json, "curve");
  const DynoJson *passport = dyno_json_member (sae->json, "correction");

  dyno_assert_near (peak_of (plain), 130, 3);
  g_assert_cmpfloat (peak_of (sae), !=, peak_of (plain));
  g_assert_cmpfloat (dyno_json_get_number (passport, "factor", 1), !=, 1);
  g_assert_cmpint (dyno_json_get_integer (sae->json, "smoothing", -1), ==, 0);
  g_assert_cmpuint (dyno_json_n_elements (curve), >, 50);
  for (guint i = 0; i < dyno_json_n_elements (curve); i++)
    dyno_assert_near (fmod (dyno_json_get_number (dyno_json_element (curve, i), "rpm", NAN), 50), 0,
                      1e-6);
}

static void
test_power_axes (DynoTestApiRuns *f,
                 gconstpointer    unused)
{
  g_autofree char *run_id = dyno_test_api_runs_pull (f, 130);
  g_autoptr(DynoTestReply) time
    = dyno_test_api_runs_get (f, 200, "/api/v1/runs/%s/power?x=time", run_id);
  g_autoptr(DynoTestReply) speed
    = dyno_test_api_runs_get (f, 200, "/api/v1/runs/%s/power?x=speed", run_id);
  const DynoJson *curve = dyno_json_member (time->json, "curve");

  for (guint i = 0; i < dyno_json_n_elements (curve); i++)
    dyno_assert_near (dyno_json_get_number (dyno_json_element (curve, i), "time_s", NAN), i * 0.05,
                      1e-4);
  g_assert_cmpuint (dyno_json_n_elements (curve), >, 100);
  g_assert_null (dyno_json_get_string (time->json, "no_curve"));
  /* The log has no speed: there is no curve over it, and it says so. */
  g_assert_cmpuint (dyno_json_n_elements (dyno_json_member (speed->json, "curve")), ==, 0);
  g_assert_cmpstr (dyno_json_get_string (speed->json, "no_curve"), ==, "no_speed");
  dyno_test_reply_free (dyno_test_api_runs_get (f, 400, "/api/v1/runs/%s/power?x=gear", run_id));
  dyno_test_reply_free (dyno_test_api_runs_get (f, 400, "/api/v1/runs/%s/power?smoothing=6", run_id));
  dyno_test_reply_free (dyno_test_api_runs_get (f, 404, "/api/v1/runs/" NOBODY "/power"));
}

/* Drum and wheel at a ratio of 30 rpm a km/h: time, way and speed belong together. */
static void
test_power_distance (DynoTestApiRuns *f,
                     gconstpointer    unused)
{
  g_autoptr(GString) text = g_string_new ("Time (s),RPM,Speed (km/h),Torque (Nm)\n");
  g_autofree char *run_id = NULL;
  g_autoptr(DynoTestReply) way = NULL;
  g_autoptr(DynoTestReply) speed = NULL;
  const DynoJson *curve;
  const DynoJson *last;

  for (int i = 0; i <= 160; i++)
    g_string_append_printf (text, "%d.%02d,%d,%d.%d,12%d\n", i / 20, i % 20 * 5, 1800 + i * 24,
                            60 + i * 8 / 10, i * 8 % 10, i % 3);
  run_id = dyno_test_api_runs_keep (f, "way.csv", text->str);
  way = dyno_test_api_runs_get (f, 200, "/api/v1/runs/%s/power?x=distance", run_id);
  speed = dyno_test_api_runs_get (f, 200, "/api/v1/runs/%s/power?x=speed", run_id);
  curve = dyno_json_member (way->json, "curve");
  g_assert_cmpuint (dyno_json_n_elements (curve), >, 100);
  last = dyno_json_element (curve, dyno_json_n_elements (curve) - 1);
  dyno_assert_near (dyno_json_get_number (last, "distance_m", NAN),
                    dyno_json_n_elements (curve) - 1, 1e-6);
  dyno_assert_near (dyno_json_get_number (last, "rpm", NAN),
                    30 * dyno_json_get_number (last, "speed_kmh", NAN), 15);
  g_assert_cmpuint (dyno_json_n_elements (dyno_json_member (speed->json, "curve")), >, 50);
}

/* Decisions */

static void
analyse (DynoTestApiRuns *f,
         const char      *run_id)
{
  DynoAnalyseRequest *request = dyno_analyse_request_new ();
  g_autoptr(GError) error = NULL;
  g_autoptr(DynoAnalyse) analyse = NULL;

  dyno_analyse_request_add_run (request, run_id);
  dyno_analyse_async (f->shop.shop, request, NULL, NULL, dyno_await_cb, f->shop.await);
  analyse = dyno_analyse_finish (dyno_await_wait (f->shop.await), &error);
  g_assert_no_error (error);
}

/* 4, as far as the replay goes: corrections up and down. */
static void
test_replay (DynoTestApiRuns *f,
             gconstpointer    unused)
{
  g_autofree char *text = dyno_test_runs_cells_text (4, -3);
  g_autofree char *run_id = dyno_test_api_runs_keep (f, "cells.csv", text);
  g_autoptr(DynoTestReply) before = dyno_test_api_runs_get (f, 200, "/api/v1/runs/%s/replay", run_id);
  g_autoptr(DynoTestReply) front = NULL;
  g_autoptr(DynoTestReply) rear = NULL;
  g_autoptr(DynoTestReply) next = NULL;
  g_autoptr(DynoTestReply) run = NULL;
  const DynoJson *one;

  g_assert_cmpuint (dyno_json_n_elements (dyno_json_member (before->json, "items")), ==, 0);
  analyse (f, run_id);
  run = dyno_test_api_runs_get (f, 200, "/api/v1/runs?limit=1");
  one = dyno_json_element (dyno_json_member (run->json, "items"), 0);
  g_assert_nonnull (dyno_json_get_string (one, "grade"));
  g_assert_cmpfloat (dyno_json_get_number (one, "coverage_pct", NAN), >, 0);

  front = dyno_test_api_runs_get (
    f, 200, "/api/v1/runs/%s/replay?cylinder=front&cell=3000,100&limit=10", run_id);
  rear = dyno_test_api_runs_get (
    f, 200, "/api/v1/runs/%s/replay?cylinder=rear&cell=3000,100&limit=10", run_id);
  one = dyno_json_element (dyno_json_member (front->json, "items"), 3);
  g_assert_cmpint (dyno_json_get_integer (one, "seq", 0), ==, 4);
  g_assert_cmpstr (dyno_json_get_string (one, "action"), ==, "accepted");
  g_assert_cmpfloat (dyno_json_get_number (dyno_json_member (one, "cell"), "map_kpa", 0), ==, 100);
  g_assert_cmpfloat (dyno_json_get_number (dyno_json_member (one, "values"), "factor", 0), >, 1);
  one = dyno_json_element (dyno_json_member (rear->json, "items"), 0);
  g_assert_cmpstr (dyno_json_get_string (one, "cylinder"), ==, "rear");
  g_assert_cmpfloat (dyno_json_get_number (dyno_json_member (one, "values"), "factor", 2), <, 1);

  next = dyno_test_api_runs_get (
    f, 200, "/api/v1/runs/%s/replay?cylinder=front&cell=3000,100&limit=10&cursor=%s", run_id,
    dyno_json_get_string (front->json, "next_cursor"));
  one = dyno_json_element (dyno_json_member (next->json, "items"), 0);
  g_assert_cmpint (dyno_json_get_integer (one, "seq", 0), ==, 11);
  dyno_test_reply_free (dyno_test_api_runs_get (f, 400, "/api/v1/runs/%s/replay?cell=99000,100",
                                                run_id));
  dyno_test_reply_free (dyno_test_api_runs_get (f, 400, "/api/v1/runs/%s/replay?cell=3000", run_id));
  dyno_test_reply_free (dyno_test_api_runs_get (f, 404, "/api/v1/runs/" NOBODY "/replay"));
}

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  DYNO_TEST_API_RUNS_ADD ("/server/api/run-data/files", test_files);
  DYNO_TEST_API_RUNS_ADD ("/server/api/run-data/wrong-files", test_wrong_files);
  g_test_add_func ("/server/api/run-data/beneath", test_beneath);
  DYNO_TEST_API_RUNS_ADD ("/server/api/run-data/samples", test_samples);
  DYNO_TEST_API_RUNS_ADD ("/server/api/run-data/absent", test_absent);
  DYNO_TEST_API_RUNS_ADD ("/server/api/run-data/extremes", test_extremes);
  DYNO_TEST_API_RUNS_ADD ("/server/api/run-data/csv-numbers", test_csv_numbers);
  DYNO_TEST_API_RUNS_ADD ("/server/api/run-data/wrong-samples", test_wrong_samples);
  DYNO_TEST_API_RUNS_ADD ("/server/api/run-data/power", test_power);
  DYNO_TEST_API_RUNS_ADD ("/server/api/run-data/power-axes", test_power_axes);
  DYNO_TEST_API_RUNS_ADD ("/server/api/run-data/power-distance", test_power_distance);
  DYNO_TEST_API_RUNS_ADD ("/server/api/run-data/replay", test_replay);

  return g_test_run ();
}
