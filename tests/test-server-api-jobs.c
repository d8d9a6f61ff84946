/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

#include "config.h"

#include <string.h>

#include "dyno-api.h"
#include "dyno-job-book.h"
#include "dyno-test-api.h"
#include "dyno-test-shop.h"

/* Jobs and virtual sessions over the wire: seen by who asked for them, told of to their
 * end, known after a restart. */

static const DynoRouteTable *const tables[] = { &dyno_api_jobs, &dyno_api_virtual, NULL };

#define TUNER "usr_0aZ9bY8cX7dW6eV5fU4g"

static DynoTestReply *
ask (DynoTestApi *api,
     const char  *role,
     const char  *method,
     const char  *path,
     const char  *id,
     const char  *more)
{
  g_autofree char *target = g_strconcat (path, id, more, NULL);

  return dyno_test_api_ask (api, method, target, NULL, "X-Test-Role", role, NULL);
}

static DynoTestReply *
begin (DynoTestApi *api,
       const char  *role,
       const char  *body)
{
  return dyno_test_api_ask (api, "POST", "/api/v1/virtual/sessions", body, "X-Test-Role", role,
                            NULL);
}

/* Waits for the end by the stream of the job. (transfer full) */
static DynoTestReply *
follow (DynoTestApi   *api,
        const char    *role,
        DynoTestReply *begun)
{
  DynoTestReply *events = ask (api, role, "GET", "/api/v1/jobs/",
                               dyno_json_get_string (begun->json, "job_id"), "/events");

  g_assert_cmpuint (events->status, ==, 200);

  return events;
}

/* Case 13: it converges, or says truly why not. */
static void
test_virtual (DynoTestShop *f,
              gconstpointer unused)
{
  g_autoptr(DynoTestApi) api = dyno_test_api_start (tables, f->shop);
  g_autoptr(DynoTestReply) good = begin (api, "tuner", "{\"scenario\":\"lean\",\"seed\":3}");
  g_autoptr(DynoTestReply) cut = begin (api, "tuner", "{\"scenario\":\"rich\",\"max_iterations\":1}");
  g_autoptr(DynoTestReply) good_events = follow (api, "tuner", good);
  g_autoptr(DynoTestReply) cut_events = follow (api, "tuner", cut);
  const char *id = dyno_json_get_string (good->json, "id");
  g_autoptr(DynoTestReply) one = ask (api, "viewer", "GET", "/api/v1/virtual/sessions/", id, NULL);
  g_autoptr(DynoTestReply) other = ask (api, "viewer", "GET", "/api/v1/virtual/sessions/",
                                        dyno_json_get_string (cut->json, "id"), NULL);
  g_autoptr(DynoTestReply) list = ask (api, "viewer", "GET", "/api/v1/virtual/sessions", "", NULL);
  g_autoptr(DynoTestReply) gone = ask (api, "tuner", "DELETE", "/api/v1/virtual/sessions/", id,
                                       NULL);
  g_autoptr(DynoTestReply) after = ask (api, "viewer", "GET", "/api/v1/virtual/sessions/", id,
                                        NULL);
  const DynoJson *iterations = dyno_json_member (one->json, "iterations");

  g_assert_cmpuint (good->status, ==, 201);
  g_assert_cmpstr (dyno_json_get_string (one->json, "status"), ==, "converged");
  g_assert_null (dyno_json_get_string (one->json, "reason"));
  g_assert_cmpuint (dyno_json_n_elements (iterations), >, 1);
  g_assert_cmpfloat (dyno_json_get_number (
                       dyno_json_element (iterations, dyno_json_n_elements (iterations) - 1),
                       "max_afr_error", 9), <, 0.3);
  g_assert_cmpstr (dyno_json_get_string (other->json, "status"), ==, "max_iterations");
  g_assert_nonnull (dyno_json_get_string (other->json, "reason"));
  g_assert_cmpuint (dyno_json_n_elements (dyno_json_member (list->json, "items")), ==, 2);
  g_assert_nonnull (strstr (good_events->body, "event: done"));
  g_assert_nonnull (strstr (good_events->body, id));
  g_assert_cmpuint (gone->status, ==, 204);
  g_assert_cmpuint (after->status, ==, 404);
}

static void
test_virtual_refused (DynoTestShop *f,
                      gconstpointer unused)
{
  static const char *const bodies[] = { "{\"profile\":\"steam\"}", "{\"scenario\":\"blue\"}",
                                        "{\"max_iterations\":0}", "{\"seed\":-1}", "{\"x\":1}" };
  g_autoptr(DynoTestApi) api = dyno_test_api_start (tables, f->shop);
  g_autoptr(DynoTestReply) viewer = begin (api, "viewer", "{}");

  g_assert_cmpuint (viewer->status, ==, 403);
  for (guint i = 0; i < G_N_ELEMENTS (bodies); i++)
    {
      g_autoptr(DynoTestReply) reply = begin (api, "tuner", bodies[i]);

      g_assert_cmpuint (reply->status, ==, 400);
    }
}

/* Jobs */

static void
test_jobs (DynoTestShop *f,
           gconstpointer unused)
{
  g_autoptr(DynoTestApi) api = dyno_test_api_start (tables, f->shop);
  g_autoptr(DynoTestReply) begun = begin (api, "tuner", "{}");
  g_autoptr(DynoTestReply) events = follow (api, "tuner", begun);
  const char *id = dyno_json_get_string (begun->json, "job_id");
  g_autoptr(DynoTestReply) job = ask (api, "tuner", "GET", "/api/v1/jobs/", id, NULL);
  g_autoptr(DynoTestReply) list = ask (api, "tuner", "GET", "/api/v1/jobs", "", NULL);
  g_autoptr(DynoTestReply) late = ask (api, "tuner", "DELETE", "/api/v1/jobs/", id, NULL);
  g_autoptr(DynoTestReply) again = ask (api, "tuner", "GET", "/api/v1/jobs/", id, "/events");
  const DynoJson *result = dyno_json_member (job->json, "result");

  g_assert_cmpstr (dyno_json_get_string (job->json, "state"), ==, "succeeded");
  g_assert_cmpfloat (dyno_json_get_number (job->json, "progress", 0), ==, 1);
  g_assert_cmpstr (dyno_json_get_string (result, "type"), ==, "session");
  g_assert_cmpstr (dyno_json_get_string (result, "id"), ==,
                   dyno_json_get_string (begun->json, "id"));
  g_assert_cmpuint (dyno_json_n_elements (dyno_json_member (list->json, "items")), ==, 1);
  g_assert_cmpuint (late->status, ==, 409);
  /* The stream of one that has ended is its end. */
  g_assert_cmpstr (dyno_test_reply_header (again, "Content-Type"), ==, "text/event-stream");
  g_assert_nonnull (strstr (again->body, "event: done\nretry: 2000\ndata: {\"job_id\":"));
  g_assert_null (strstr (again->body, "event: progress"));
}

/* Another's job is not there, but for who reads the audit. */
static void
test_own (DynoTestShop *f,
          gconstpointer unused)
{
  static const char *const tails[] = { "", "/events" };
  g_autoptr(DynoTestApi) api = dyno_test_api_start (tables, f->shop);
  g_autoptr(DynoTestReply) begun = begin (api, "owner", "{}");
  g_autoptr(DynoTestReply) events = follow (api, "owner", begun);
  const char *id = dyno_json_get_string (begun->json, "job_id");
  g_autoptr(DynoTestReply) list = ask (api, "tuner", "GET", "/api/v1/jobs", "", NULL);
  g_autoptr(DynoTestReply) cancel = ask (api, "tuner", "DELETE", "/api/v1/jobs/", id, NULL);
  g_autoptr(DynoTestReply) admin = ask (api, "admin", "GET", "/api/v1/jobs/", id, NULL);

  for (guint i = 0; i < G_N_ELEMENTS (tails); i++)
    {
      g_autoptr(DynoTestReply) reply = ask (api, "tuner", "GET", "/api/v1/jobs/", id, tails[i]);

      g_assert_cmpuint (reply->status, ==, 404);
    }
  g_assert_cmpuint (dyno_json_n_elements (dyno_json_member (list->json, "items")), ==, 0);
  g_assert_cmpuint (cancel->status, ==, 404);
  g_assert_cmpuint (admin->status, ==, 200);
}

static void
test_cancel (DynoTestShop *f,
             gconstpointer unused)
{
  g_autoptr(DynoTestApi) api = dyno_test_api_start (tables, f->shop);
  DynoJobs *jobs = dyno_shop_get_jobs (f->shop);
  DynoJob *job = dyno_jobs_begin (jobs, "import", "long.csv", "bytes", NULL);
  g_autofree char *id = g_strdup (dyno_job_id (job));
  g_autoptr(DynoTestReply) asked = ask (api, "owner", "DELETE", "/api/v1/jobs/", id, NULL);
  g_autoptr(GError) cancelled = NULL;
  g_autoptr(DynoTestReply) events = NULL;

  g_assert_cmpuint (asked->status, ==, 202);
  g_assert_true (g_cancellable_set_error_if_cancelled (dyno_job_cancellable (job), &cancelled));
  dyno_job_end (job, cancelled);
  events = ask (api, "owner", "GET", "/api/v1/jobs/", id, "/events");
  g_assert_nonnull (strstr (events->body, "event: failed"));
  g_assert_nonnull (strstr (events->body, "\"state\":\"cancelled\""));
}

/* Progress comes while the work goes on; the end closes the stream. */
static gpointer
work_thread (gpointer data)
{
  DynoJob *job = data;

  for (guint i = 1; i <= 4; i++)
    {
      g_usleep (150000);
      dyno_job_set_message (job, "smooth");
      dyno_job_set_progress (job, i, 4);
    }
  g_usleep (20000);
  dyno_job_end (job, NULL);

  return NULL;
}

static void
test_progress (DynoTestShop *f,
               gconstpointer unused)
{
  g_autoptr(DynoTestApi) api = dyno_test_api_start (tables, f->shop);
  DynoJob *job = dyno_jobs_begin (dyno_shop_get_jobs (f->shop), "import", "a.csv", "steps", NULL);
  g_autofree char *id = g_strdup (dyno_job_id (job));
  GThread *thread = g_thread_new ("work", work_thread, job);
  g_autoptr(DynoTestReply) events = ask (api, "owner", "GET", "/api/v1/jobs/", id, "/events");
  const char *progress = strstr (events->body, "\"progress\":0.5,\"stage\":\"smooth\"");
  const char *done = strstr (events->body, "event: done");

  g_thread_join (thread);
  g_assert_nonnull (progress);
  g_assert_nonnull (done);
  g_assert_true (progress < done);
}

/* Case 11: what was running when the program ended is interrupted, and still his. */
static void
test_interrupted (DynoTestShop *f,
                  gconstpointer unused)
{
  DynoJobRecord *record = g_new0 (DynoJobRecord, 1);
  g_autofree char *id = g_strdup ("job_0123456789ABCDEFGHIJ");
  DynoStore *store;
  g_autoptr(DynoTestApi) api = NULL;
  g_autoptr(DynoTestReply) job = NULL;
  g_autoptr(DynoTestReply) foreign = NULL;
  g_autoptr(DynoTestReply) events = NULL;

  dyno_test_shop_close (f);
  store = dyno_test_shop_open_store (f);
  record->id = g_strdup (id);
  record->kind = g_strdup ("analyse");
  record->state = DYNO_JOB_RECORD_RUNNING;
  record->message = g_strdup ("VE analysis");
  record->input = dyno_job_book_write_input (TUNER, "{\"run_ids\":[\"run_x\"]}");
  record->started_ms = 1000;
  dyno_store_put_job_async (store, record, NULL, dyno_await_cb, f->await);
  g_assert_true (dyno_store_put_job_finish (store, dyno_await_wait (f->await), NULL));
  dyno_test_shop_close_store (f, store);
  dyno_test_shop_open (f, DYNO_SHOP_NO_CAPTURE);

  api = dyno_test_api_start (tables, f->shop);
  job = ask (api, "tuner", "GET", "/api/v1/jobs/", id, NULL);
  g_assert_cmpstr (dyno_json_get_string (job->json, "state"), ==, "interrupted");
  g_assert_cmpuint (dyno_json_n_elements (dyno_json_member (
                      dyno_json_member (job->json, "input"), "run_ids")), ==, 1);
  foreign = ask (api, "tuner", "GET", "/api/v1/jobs/", "job_00000000000000000000", NULL);
  g_assert_cmpuint (foreign->status, ==, 404);
  events = ask (api, "tuner", "GET", "/api/v1/jobs/", id, "/events");
  g_assert_nonnull (strstr (events->body, "\"state\":\"interrupted\""));
}

#define ADD(path, test) DYNO_TEST_SHOP_ADD_QUIET ("/server/api-jobs/" path, test)

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);

  ADD ("virtual", test_virtual);
  ADD ("virtual-refused", test_virtual_refused);
  ADD ("jobs", test_jobs);
  ADD ("own", test_own);
  ADD ("cancel", test_cancel);
  ADD ("progress", test_progress);
  ADD ("interrupted", test_interrupted);

  return g_test_run ();
}
