/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

#include "config.h"

#include "dyno-error.h"
#include "dyno-jobs.h"
#include "dyno-test.h"

#include <math.h>

typedef struct
{
  DynoBus   *bus;
  DynoClock *clock;
  DynoJobs  *jobs;
  int        n_news;
} Fixture;

static void
news_cb (DynoTopic   topic,
         const char *subject,
         const char *detail,
         gpointer    user_data)
{
  ((Fixture *) user_data)->n_news++;
}

static void
hear_all (Fixture *f)
{
  while (g_main_context_iteration (NULL, FALSE))
    ;
}

static void
set_up (Fixture       *f,
        gconstpointer  unused)
{
  f->bus = dyno_bus_new ();
  f->clock = dyno_clock_new_fake (1000000000, 0);
  f->jobs = dyno_jobs_new (f->bus, f->clock);
  dyno_bus_subscribe (f->bus, DYNO_TOPIC_JOB, NULL, news_cb, f, NULL);
}

static void
tear_down (Fixture       *f,
           gconstpointer  unused)
{
  hear_all (f);
  dyno_jobs_free (f->jobs);
  dyno_clock_free (f->clock);
  dyno_bus_unref (f->bus);
}

static void
test_life (Fixture       *f,
           gconstpointer  unused)
{
  DynoJob *job = dyno_jobs_begin (f->jobs, "import", "a.csv", "bytes", NULL);
  g_autofree char *id = g_strdup (dyno_job_id (job));
  g_autoptr(DynoJobInfo) running = dyno_jobs_get (f->jobs, id);
  g_autoptr(DynoJobInfo) ended = NULL;

  g_assert_cmpint (running->state, ==, DYNO_JOB_RUNNING);
  g_assert_true (isnan (running->total));
  g_assert_cmpuint (dyno_jobs_n_running (f->jobs), ==, 1);
  dyno_job_set_subject (job, "run_a");
  dyno_job_set_progress (job, 5, 10);
  dyno_job_end (job, NULL);
  ended = dyno_jobs_get (f->jobs, id);
  g_assert_cmpint (ended->state, ==, DYNO_JOB_SUCCEEDED);
  g_assert_cmpstr (ended->subject, ==, "run_a");
  dyno_assert_near (ended->done, 5, 0);
  g_assert_cmpuint (dyno_jobs_n_running (f->jobs), ==, 0);
}

static void
test_news_are_rare (Fixture       *f,
                    gconstpointer  unused)
{
  DynoJob *job = dyno_jobs_begin (f->jobs, "import", "a.csv", "bytes", NULL);

  for (int i = 0; i < 1000; i++)
    {
      dyno_job_set_progress (job, i, 1000);
      hear_all (f);
      dyno_clock_advance (f->clock, 1000);
    }
  g_assert_cmpint (f->n_news, >=, 9);
  g_assert_cmpint (f->n_news, <=, 12);
  dyno_job_end (job, NULL);
}

static void
test_cancel (Fixture       *f,
             gconstpointer  unused)
{
  g_autoptr(GCancellable) outer = g_cancellable_new ();
  g_autoptr(GError) error = NULL;
  g_autoptr(GError) cancelled =
      g_error_new_literal (G_IO_ERROR, G_IO_ERROR_CANCELLED, "cancelled");
  DynoJob *a = dyno_jobs_begin (f->jobs, "import", "a.csv", "bytes", outer);
  DynoJob *b = dyno_jobs_begin (f->jobs, "import", "b.csv", "bytes", NULL);
  g_autofree char *id = g_strdup (dyno_job_id (b));
  g_autoptr(DynoJobInfo) info = NULL;

  g_cancellable_cancel (outer);
  g_assert_true (g_cancellable_is_cancelled (dyno_job_cancellable (a)));
  g_assert_false (g_cancellable_is_cancelled (dyno_job_cancellable (b)));
  g_assert_true (dyno_jobs_cancel (f->jobs, id, &error));
  g_assert_true (g_cancellable_is_cancelled (dyno_job_cancellable (b)));
  dyno_job_end (a, cancelled);
  dyno_job_end (b, cancelled);
  info = dyno_jobs_get (f->jobs, id);
  g_assert_cmpint (info->state, ==, DYNO_JOB_CANCELLED);
  g_assert_true (dyno_jobs_cancel (f->jobs, id, &error));
  g_assert_false (dyno_jobs_cancel (f->jobs, "job_none", &error));
  g_assert_error (error, DYNO_ERROR, DYNO_ERROR_NOT_FOUND);
}

static void
test_failure_and_length (Fixture       *f,
                         gconstpointer  unused)
{
  g_autoptr(GPtrArray) list = NULL;
  DynoJobInfo *newest;

  for (int i = 0; i < 250; i++)
    {
      g_autoptr(GError) error = g_error_new (DYNO_ERROR, DYNO_ERROR_INVALID, "Line %d is wrong.", i);

      dyno_job_end (dyno_jobs_begin (f->jobs, "import", "a.csv", "bytes", NULL), error);
    }
  list = dyno_jobs_list (f->jobs);
  g_assert_cmpuint (list->len, ==, 200);
  newest = g_ptr_array_index (list, 0);
  g_assert_cmpint (newest->state, ==, DYNO_JOB_FAILED);
  g_assert_cmpstr (newest->message, ==, "Line 249 is wrong.");
}

static gpointer
work_thread (gpointer data)
{
  for (int i = 0; i < 200; i++)
    {
      DynoJob *job = dyno_jobs_begin (data, "import", "x", "bytes", NULL);

      dyno_job_set_progress (job, i, 200);
      dyno_job_set_message (job, "at work");
      dyno_job_end (job, NULL);
    }

  return NULL;
}

static void
test_threads (Fixture       *f,
              gconstpointer  unused)
{
  GThread *threads[4];

  for (gsize i = 0; i < G_N_ELEMENTS (threads); i++)
    threads[i] = g_thread_new ("work", work_thread, f->jobs);
  for (int i = 0; i < 200; i++)
    {
      g_autoptr(GPtrArray) list = dyno_jobs_list (f->jobs);

      dyno_jobs_cancel_all (f->jobs);
      g_assert_cmpuint (list->len, <=, 204);
    }
  for (gsize i = 0; i < G_N_ELEMENTS (threads); i++)
    g_thread_join (threads[i]);
}

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);
#define ADD(name, func) g_test_add (name, Fixture, NULL, set_up, func, tear_down)
  ADD ("/jobs/life", test_life);
  ADD ("/jobs/news-are-rare", test_news_are_rare);
  ADD ("/jobs/cancel", test_cancel);
  ADD ("/jobs/failure-and-length", test_failure_and_length);
  ADD ("/jobs/threads", test_threads);

  return g_test_run ();
}
