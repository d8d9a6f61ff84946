/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

#include "config.h"

#include "dyno-error.h"
#include "dyno-test-store.h"
#include "dyno-test.h"

static DynoJobRecord *
make_job (const char        *id,
          DynoJobRecordState state)
{
  DynoJobRecord *job = g_new0 (DynoJobRecord, 1);

  job->id = g_strdup (id);
  job->kind = g_strdup ("import");
  job->state = state;
  job->done = 2;
  job->total = 8;
  job->subject = g_strdup ("run_1");
  job->input = g_strdup ("{\"file\":\"a.csv\"}");
  job->finished_ms = state >= DYNO_JOB_RECORD_SUCCEEDED ? DYNO_TEST_STORE_BEGIN_MS : 0;

  return job;
}

static void
put (DynoTestStore *f,
     DynoJobRecord *job)
{
  g_autoptr(GError) error = NULL;

  dyno_test_verb (f, put_job, &error, job);
  g_assert_no_error (error);
}

static DynoJobRecordState
state_of (DynoTestStore *f,
          const char    *id)
{
  g_autoptr(GError) error = NULL;
  g_autoptr(DynoJobRecord) job = dyno_test_verb (f, get_job, &error, id);

  g_assert_no_error (error);

  return job->state;
}

static void
test_put (DynoTestStore *f,
          gconstpointer  unused)
{
  g_autoptr(DynoJobRecord) job = NULL;
  DynoJobRecord *failed = make_job ("job_1", DYNO_JOB_RECORD_FAILED);
  g_autoptr(GError) error = NULL;

  put (f, make_job ("job_1", DYNO_JOB_RECORD_QUEUED));
  dyno_clock_advance (f->clock, G_USEC_PER_SEC);
  failed->error = g_strdup ("line 3");
  failed->reason = g_strdup ("import_ragged");
  put (f, failed);
  job = dyno_test_verb (f, get_job, &error, "job_1");
  g_assert_no_error (error);
  g_assert_cmpint (job->state, ==, DYNO_JOB_RECORD_FAILED);
  g_assert_cmpfloat (job->done, ==, 2);
  g_assert_cmpfloat (job->total, ==, 8);
  g_assert_cmpstr (job->error, ==, "line 3");
  g_assert_cmpstr (job->reason, ==, "import_ragged");
  g_assert_cmpstr (job->input, ==, "{\"file\":\"a.csv\"}");
  g_assert_cmpint (job->created_ms, ==, DYNO_TEST_STORE_BEGIN_MS);
  g_assert_null (dyno_test_verb (f, get_job, &error, "job_x"));
  g_assert_error (error, DYNO_ERROR, DYNO_ERROR_NOT_FOUND);
}

static void
test_interrupted_at_opening (DynoTestStore *f,
                             gconstpointer  unused)
{
  put (f, make_job ("job_1", DYNO_JOB_RECORD_QUEUED));
  put (f, make_job ("job_2", DYNO_JOB_RECORD_RUNNING));
  put (f, make_job ("job_3", DYNO_JOB_RECORD_SUCCEEDED));
  dyno_test_store_reopen (f);
  g_assert_cmpint (state_of (f, "job_1"), ==, DYNO_JOB_RECORD_INTERRUPTED);
  g_assert_cmpint (state_of (f, "job_2"), ==, DYNO_JOB_RECORD_INTERRUPTED);
  g_assert_cmpint (state_of (f, "job_3"), ==, DYNO_JOB_RECORD_SUCCEEDED);
}

static void
test_list_and_purge (DynoTestStore *f,
                     gconstpointer  unused)
{
  g_autoptr(GPtrArray) all = NULL;
  g_autoptr(GPtrArray) live = NULL;
  g_autoptr(GPtrArray) left = NULL;
  g_autoptr(GError) error = NULL;

  put (f, make_job ("job_1", DYNO_JOB_RECORD_SUCCEEDED));
  put (f, make_job ("job_2", DYNO_JOB_RECORD_RUNNING));
  put (f, make_job ("job_3", DYNO_JOB_RECORD_CANCELLED));
  all = dyno_test_verb (f, list_jobs, &error, 0, 2);
  g_assert_cmpuint (all->len, ==, 2);
  g_assert_cmpstr (((DynoJobRecord *) all->pdata[0])->id, ==, "job_3");
  live = dyno_test_verb (f, list_jobs, &error, 1u << DYNO_JOB_RECORD_RUNNING, 10);
  g_assert_cmpuint (live->len, ==, 1);

  g_assert_true (dyno_test_verb (f, purge_jobs, &error, DYNO_TEST_STORE_BEGIN_MS + 1));
  left = dyno_test_verb (f, list_jobs, &error, 0, 10);
  g_assert_no_error (error);
  g_assert_cmpuint (left->len, ==, 1);
  g_assert_cmpstr (((DynoJobRecord *) left->pdata[0])->id, ==, "job_2");
}

static void
test_settings (DynoTestStore *f,
               gconstpointer  unused)
{
  const char *keys[] = { "b", "a", "c" };
  const char *values[] = { "1", "\"x\"", "null" };
  const char *removals[] = { NULL, "2" };
  g_autoptr(GPtrArray) all = NULL;
  g_autoptr(GError) error = NULL;

  g_assert_true (dyno_test_verb (f, set_settings, &error, 3, keys, values));
  g_assert_true (dyno_test_verb (f, set_settings, &error, 2, keys, removals));
  dyno_test_store_reopen (f);
  all = dyno_test_verb0 (f, list_settings, &error);
  g_assert_no_error (error);
  g_assert_cmpuint (all->len, ==, 2);
  g_assert_cmpstr (((DynoSetting *) all->pdata[0])->key, ==, "a");
  g_assert_cmpstr (((DynoSetting *) all->pdata[0])->value, ==, "2");
  g_assert_cmpstr (((DynoSetting *) all->pdata[1])->value, ==, "null");
}

static void
test_mappings (DynoTestStore *f,
               gconstpointer  unused)
{
  g_autoptr(DynoMappingRecord) mapping = NULL;
  g_autoptr(GPtrArray) live = NULL;
  g_autoptr(GError) error = NULL;

  g_assert_true (
      dyno_test_verb (f, set_mapping, &error, DYNO_MAPPING_RECORD_LIVE, "sig", "{\"a\":1}"));
  g_assert_true (
      dyno_test_verb (f, set_mapping, &error, DYNO_MAPPING_RECORD_IMPORT, "sig", "{\"b\":1}"));
  dyno_clock_advance (f->clock, G_USEC_PER_SEC);
  g_assert_true (dyno_test_verb (f, set_mapping, &error, DYNO_MAPPING_RECORD_LIVE, "two", "{}"));
  mapping = dyno_test_verb (f, get_mapping, &error, DYNO_MAPPING_RECORD_LIVE, "sig");
  g_assert_no_error (error);
  g_assert_cmpstr (mapping->data, ==, "{\"a\":1}");
  g_assert_cmpint (mapping->kind, ==, DYNO_MAPPING_RECORD_LIVE);
  live = dyno_test_verb (f, list_mappings, &error, DYNO_MAPPING_RECORD_LIVE);
  g_assert_cmpuint (live->len, ==, 2);
  g_assert_cmpstr (((DynoMappingRecord *) live->pdata[0])->signature, ==, "two");

  g_assert_true (dyno_test_verb (f, set_mapping, &error, DYNO_MAPPING_RECORD_LIVE, "sig", NULL));
  g_assert_null (dyno_test_verb (f, get_mapping, &error, DYNO_MAPPING_RECORD_LIVE, "sig"));
  g_assert_error (error, DYNO_ERROR, DYNO_ERROR_NOT_FOUND);
}

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);
  DYNO_TEST_STORE_ADD ("/jobs/put", test_put);
  DYNO_TEST_STORE_ADD ("/jobs/interrupted", test_interrupted_at_opening);
  DYNO_TEST_STORE_ADD ("/jobs/list", test_list_and_purge);
  DYNO_TEST_STORE_ADD ("/settings", test_settings);
  DYNO_TEST_STORE_ADD ("/mappings", test_mappings);

  return g_test_run ();
}
