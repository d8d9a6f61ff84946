/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

#include "config.h"

#include "dyno-test-api-runs.h"

#include <string.h>

#include "dyno-api.h"

void
dyno_test_api_runs_set_up (DynoTestApiRuns *f,
                           gconstpointer    flags)
{
  dyno_test_shop_set_up (&f->shop, flags);
  f->api = dyno_test_api_start (dyno_api_tables, f->shop.shop);
}

void
dyno_test_api_runs_tear_down (DynoTestApiRuns *f,
                              gconstpointer    unused)
{
  g_clear_pointer (&f->api, dyno_test_api_free);
  dyno_test_shop_tear_down (&f->shop, unused);
}

DynoTestReply *
dyno_test_api_runs_ask (DynoTestApiRuns *f,
                        const char      *method,
                        const char      *target,
                        const char      *body)
{
  return dyno_test_api_ask (f->api, method, target, body, "X-Test-Role", "tuner", NULL);
}

DynoTestReply *
dyno_test_api_runs_get (DynoTestApiRuns *f,
                        guint            status,
                        const char      *format,
                        ...)
{
  g_autofree char *target = NULL;
  DynoTestReply *reply;
  va_list args;

  va_start (args, format);
  target = g_strdup_vprintf (format, args);
  va_end (args);
  reply = dyno_test_api_runs_ask (f, "GET", target, NULL);
  if (reply->status != status)
    g_test_message ("%s: %s", target, reply->body);
  g_assert_cmpuint (reply->status, ==, status);

  return reply;
}

char *
dyno_test_api_runs_keep (DynoTestApiRuns *f,
                         const char      *name,
                         const char      *text)
{
  g_autofree char *path = dyno_test_runs_write (f->shop.folder, name, text);
  g_autoptr(DynoRun) run = dyno_test_runs_import (f->shop.shop, path, NULL, NULL, NULL);

  return g_strdup (run->id);
}

char *
dyno_test_api_runs_pull (DynoTestApiRuns *f,
                         double           peak_nm)
{
  g_autofree char *text = dyno_test_runs_pull_text (peak_nm);
  g_autofree char *name = g_strdup_printf ("pull %g.csv", peak_nm);

  return dyno_test_api_runs_keep (f, name, text);
}

DynoJobInfo *
dyno_test_api_runs_wait (DynoTestApiRuns *f,
                         const char      *job_id)
{
  DynoJobs *jobs = dyno_shop_get_jobs (f->shop.shop);
  DynoJobInfo *job = dyno_jobs_get (jobs, job_id);

  g_assert_nonnull (job);
  while (job->state == DYNO_JOB_RUNNING)
    {
      dyno_job_info_free (job);
      g_usleep (2000);
      job = dyno_jobs_get (jobs, job_id);
    }

  return job;
}

void
dyno_test_api_assert_no_path (DynoTestReply *reply)
{
  static const char *const words[] = { "/tmp/", "/proc/", "/home/", "SELECT ", "sqlite", NULL };

  for (guint i = 0; words[i] != NULL; i++)
    g_assert_null (strstr (reply->body, words[i]));
}
