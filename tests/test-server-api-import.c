/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

#include "config.h"

#include <glib/gstdio.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "dyno-test-api-runs.h"
#include "dyno-test-server.h"

/* Logs that are sent. */

#define BOUNDARY "x7k2"

/* `options` begins with '&' or is "". */
static DynoTestReply *
post (DynoTestApiRuns *f,
      const char      *options,
      const char      *text)
{
  g_autofree char *target = g_strconcat ("/api/v1/runs/import?filename=pull3.csv", options, NULL);

  return dyno_test_api_ask (f->api, "POST", target, text, "X-Test-Role", "tuner", "Content-Type",
                            "text/csv", NULL);
}

/* (transfer full) what the job ended as; the import itself was taken. */
static DynoJobInfo *
wait_for (DynoTestApiRuns *f,
          DynoTestReply   *reply)
{
  if (reply->status != 202)
    g_test_message ("%s", reply->body);
  g_assert_cmpuint (reply->status, ==, 202);

  return dyno_test_api_runs_wait (f, dyno_json_get_string (reply->json, "job_id"));
}

static void
assert_succeeds (DynoTestApiRuns *f,
                 DynoTestReply   *reply)
{
  g_autoptr(DynoJobInfo) job = wait_for (f, reply);

  g_assert_cmpint (job->state, ==, DYNO_JOB_SUCCEEDED);
  g_assert_cmpstr (job->kind, ==, "import");
}

/* That a file is refused with this status, code and reason, and nothing is kept. */
static void
assert_refused (DynoTestApiRuns *f,
                const char      *text,
                guint            status,
                const char      *code,
                const char      *reason)
{
  g_autoptr(DynoTestReply) reply = post (f, "", text);
  const DynoJson *error = dyno_json_member (reply->json, "error");
  g_autoptr(GPtrArray) runs = NULL;

  g_test_message ("%s: %s", reason, reply->body);
  g_assert_cmpuint (reply->status, ==, status);
  g_assert_cmpstr (dyno_test_reply_code (reply), ==, code);
  g_assert_cmpstr (dyno_json_get_string (dyno_json_member (error, "details"), "reason"), ==, reason);
  dyno_test_api_assert_no_path (reply);
  runs = dyno_test_shop_runs (&f->shop);
  g_assert_cmpuint (runs->len, ==, 0);
}

static void
test_raw (DynoTestApiRuns *f,
          gconstpointer    unused)
{
  g_autofree char *text = dyno_test_runs_cells_text (4, -3);
  g_autoptr(DynoTestReply) reply = post (f, "&title=After%20cams", text);
  const DynoJson *upload = dyno_json_member (reply->json, "upload");
  g_autofree char *location = NULL;
  g_autoptr(DynoTestReply) run = NULL;

  assert_succeeds (f, reply);
  location = g_strconcat ("/api/v1/jobs/", dyno_json_get_string (reply->json, "job_id"), NULL);
  g_assert_cmpstr (dyno_test_reply_header (reply, "Location"), ==, location);
  g_assert_cmpstr (dyno_json_get_string (upload, "filename"), ==, "pull3.csv");
  g_assert_cmpint (dyno_json_get_integer (upload, "size", 0), ==, (gint64) strlen (text));
  run = dyno_test_api_runs_get (f, 200, "/api/v1/runs/%s",
                                dyno_json_get_string (reply->json, "run_id"));
  g_assert_cmpstr (dyno_json_get_string (run->json, "title"), ==, "After cams");
  g_assert_cmpstr (dyno_json_get_string (run->json, "operator"), ==, "Ana");
  /* It was analysed, too. */
  g_assert_nonnull (dyno_json_get_string (run->json, "analysis_id"));
  dyno_test_api_assert_no_path (run);
}

static char *
form_of (const char *text,
         const char *name)
{
  return g_strdup_printf ("--" BOUNDARY "\r\nContent-Disposition: form-data; name=\"analyze\"\r\n\r\n"
                          "false\r\n--" BOUNDARY "\r\nContent-Disposition: form-data; name=\"file\"; "
                          "filename=\"%s\"\r\nContent-Type: text/csv\r\n\r\n%s\r\n--" BOUNDARY
                          "--\r\n", name, text);
}

static void
test_form (DynoTestApiRuns *f,
           gconstpointer    unused)
{
  g_autofree char *text = dyno_test_runs_pull_text (130);
  g_autofree char *body = form_of (text, "C:/logs/hot day.csv");
  g_autoptr(DynoTestReply) reply
    = dyno_test_api_ask (f->api, "POST", "/api/v1/runs/import", body, "X-Test-Role", "operator",
                         "Content-Type", "multipart/form-data; boundary=" BOUNDARY, NULL);
  const DynoJson *upload = dyno_json_member (reply->json, "upload");
  g_autoptr(DynoTestReply) run = NULL;

  assert_succeeds (f, reply);
  g_assert_cmpstr (dyno_json_get_string (upload, "filename"), ==, "hot day.csv");
  g_assert_cmpint (dyno_json_get_integer (upload, "size", 0), ==, (gint64) strlen (text));
  run = dyno_test_api_runs_get (f, 200, "/api/v1/runs/%s",
                                dyno_json_get_string (reply->json, "run_id"));
  g_assert_cmpstr (dyno_json_get_string (run->json, "title"), ==, "hot day");
  g_assert_null (dyno_json_get_string (run->json, "analysis_id"));
}

/* The same bytes are one run, unless two are wanted. */
static void
test_same_content (DynoTestApiRuns *f,
                   gconstpointer    unused)
{
  g_autofree char *text = dyno_test_runs_pull_text (130);
  g_autoptr(DynoTestReply) first = post (f, "&analyze=false", text);
  g_autoptr(DynoTestReply) second = NULL;
  g_autoptr(DynoTestReply) third = NULL;
  g_autoptr(GPtrArray) runs = NULL;

  assert_succeeds (f, first);
  second = post (f, "&analyze=false", text);
  g_assert_cmpuint (second->status, ==, 409);
  g_assert_cmpstr (dyno_test_reply_code (second), ==, "CONFLICT");
  g_assert_nonnull (strstr (second->body, "import_duplicate"));
  third = post (f, "&analyze=false&again=true", text);
  assert_succeeds (f, third);
  runs = dyno_test_shop_runs (&f->shop);
  g_assert_cmpuint (runs->len, ==, 2);
}

/* 18 */
static void
test_same_name (DynoTestApiRuns *f,
                gconstpointer    unused)
{
  g_autofree char *one = dyno_test_runs_pull_text (120);
  g_autofree char *two = dyno_test_runs_pull_text (140);
  g_autoptr(DynoTestReply) first = post (f, "&analyze=false", one);
  g_autoptr(DynoTestReply) second = post (f, "&analyze=false", two);
  g_autoptr(GPtrArray) runs = NULL;

  assert_succeeds (f, first);
  assert_succeeds (f, second);
  runs = dyno_test_shop_runs (&f->shop);
  g_assert_cmpuint (runs->len, ==, 2);
  g_assert_cmpstr (dyno_json_get_string (first->json, "run_id"), !=,
                   dyno_json_get_string (second->json, "run_id"));
}

/* 5: the options stand in the snapshot and change what is read. */
static void
test_options (DynoTestApiRuns *f,
              gconstpointer    unused)
{
  static const char text[] = "Time (s),Revs,Extra\n0,2000,1\n1,2100,2\n2,2200,3\n3,2300,4\n";
  g_autoptr(DynoTestReply) plain = post (f, "&analyze=false", text);
  g_autoptr(DynoTestReply) reply
    = post (f, "&analyze=false&again=true&rate_hz=10&map=Extra%3Dtps", text);
  g_autoptr(DynoTestReply) run = NULL;
  g_autoptr(DynoTestReply) before = NULL;
  g_autoptr(DynoTestReply) samples = NULL;
  const DynoJson *options;

  assert_succeeds (f, plain);
  assert_succeeds (f, reply);
  before = dyno_test_api_runs_get (f, 200, "/api/v1/runs/%s",
                                   dyno_json_get_string (plain->json, "run_id"));
  run = dyno_test_api_runs_get (f, 200, "/api/v1/runs/%s",
                                dyno_json_get_string (reply->json, "run_id"));
  options = dyno_json_member (dyno_json_member (run->json, "config_snapshot"), "import");
  g_assert_cmpfloat (dyno_json_get_number (options, "rate_hz", 0), ==, 10);
  g_assert_cmpstr (dyno_json_string (dyno_json_element (dyno_json_member (options, "map"), 0)), ==,
                   "Extra=tps");
  g_assert_cmpfloat (dyno_json_get_number (before->json, "duration_s", 0), ==, 3);
  g_assert_cmpfloat (dyno_json_get_number (run->json, "duration_s", 0), <, 1);
  samples = dyno_test_api_runs_get (f, 200, "/api/v1/runs/%s/samples?channels=tps",
                                    dyno_json_get_string (reply->json, "run_id"));
  g_assert_cmpuint (dyno_json_n_elements (dyno_json_member (
                      dyno_json_member (samples->json, "channels"), "tps")), ==, 4);
}

static void
test_refusals (DynoTestApiRuns *f,
               gconstpointer    unused)
{
  assert_refused (f, "\n\n", 422, "UNREADABLE_LOG", "import_no_data");
  assert_refused (f, "<?xml version=\"1.0\"?><PVV><Item name=\"x\"></Item></PVV>", 422,
                  "UNREADABLE_LOG", "import_is_tune");
  assert_refused (f, "PK\003\004zip of something that is long enough", 415,
                  "UNSUPPORTED_MEDIA_TYPE", "import_format_unsupported");
  assert_refused (f, "RPM,AFR\n2000,13.1\n2100,13.2\n2200,13.0\n", 422, "UNREADABLE_LOG",
                  "import_no_time");
}

/* A tune is refused at once however long it is; what a long log hides ends the job. */
static void
test_long_files (DynoTestApiRuns *f,
                 gconstpointer    unused)
{
  g_autoptr(GString) text = g_string_new ("Time (s),RPM\n");
  g_autoptr(DynoTestReply) reply = NULL;
  g_autoptr(DynoJobInfo) job = NULL;

  for (int i = 0; text->len < 1200 * 1024; i++)
    g_string_append_printf (text, "%d.%02d,%d\n", i / 50, i % 50 * 2, 2000 + i % 100);
  for (int i = 0; i < 60000; i++)
    g_string_append (text, "1,2,3,4,5,6,7,8,9\n");
  dyno_test_api_get_service (f->api)->max_upload = 4 * 1024 * 1024;
  reply = post (f, "&analyze=false", text->str);
  job = wait_for (f, reply);
  g_assert_cmpint (job->state, ==, DYNO_JOB_FAILED);
  g_assert_null (strstr (job->message, "/proc/"));
  g_assert_nonnull (strstr (job->message, "line"));
}

static void
test_wrong_requests (DynoTestApiRuns *f,
                     gconstpointer    unused)
{
  static const char *const options[] = { "&analyze=perhaps", "&vehicle_id=7", "&decimal=dot",
                                         "&rate_hz=0", "&colour=red" };
  g_autoptr(DynoTestReply) json = dyno_test_api_runs_ask (f, "POST", "/api/v1/runs/import", "{}");
  g_autoptr(DynoTestReply) viewer
    = dyno_test_api_ask (f->api, "POST", "/api/v1/runs/import", "a,b\n", "X-Test-Role", "viewer",
                         "Content-Type", "text/csv", NULL);

  g_assert_cmpuint (json->status, ==, 415);
  g_assert_cmpuint (viewer->status, ==, 403);
  for (guint i = 0; i < G_N_ELEMENTS (options); i++)
    {
      g_autoptr(DynoTestReply) reply = post (f, options[i], "Time (s),RPM\n0,1\n");

      g_test_message ("%s", options[i]);
      g_assert_cmpuint (reply->status, ==, 400);
    }
}

/* The head of an upload whose length is said by the line `framing`, and some of its body.
 * Answers the socket. */
static int
begin_upload (DynoTestApiRuns *f,
              const char      *framing,
              const char      *body)
{
  guint16 port = dyno_test_api_get_port (f->api);
  g_autofree char *text
    = g_strdup_printf ("POST /api/v1/runs/import HTTP/1.1\r\nHost: localhost:%u\r\n"
                       "X-Test-Role: tuner\r\nContent-Type: text/csv\r\n%s\r\n\r\n%s", port,
                       framing, body);
  int fd = dyno_test_connect (port);

  dyno_test_send (fd, text, strlen (text));

  return fd;
}

static DynoTestReply *
post_archive (DynoTestApiRuns *f,
              const char      *bytes,
              gsize            size)
{
  g_autofree char *uri = g_strdup_printf ("http://127.0.0.1:%u/api/v1/runs/import?filename=a.dynorun",
                                          dyno_test_api_get_port (f->api));
  g_autoptr(SoupSession) session = soup_session_new ();
  g_autoptr(SoupMessage) message = soup_message_new ("POST", uri);
  g_autoptr(GBytes) body = g_bytes_new (bytes, size);
  g_autoptr(GBytes) answer = NULL;
  DynoTestReply *reply = g_new0 (DynoTestReply, 1);

  soup_message_headers_replace (soup_message_get_request_headers (message), "X-Test-Role", "tuner");
  soup_message_set_request_body_from_bytes (message, "application/octet-stream", body);
  answer = soup_session_send_and_read (session, message, NULL, NULL);
  g_assert_nonnull (answer);
  reply->status = soup_message_get_status (message);
  reply->headers = soup_message_headers_ref (soup_message_get_response_headers (message));
  reply->body = g_strndup (g_bytes_get_data (answer, NULL), g_bytes_get_size (answer));
  reply->json = dyno_json_parse (reply->body, -1, NULL);

  return reply;
}

/* What was exported comes back: as the same run, or damaged and refused. */
static void
test_archive (DynoTestApiRuns *f,
              gconstpointer    unused)
{
  g_autofree char *run_id = dyno_test_api_runs_pull (f, 130);
  g_autofree char *uri = g_strdup_printf ("http://127.0.0.1:%u/api/v1/runs/%s/export?format=archive",
                                          dyno_test_api_get_port (f->api), run_id);
  g_autoptr(SoupSession) session = soup_session_new ();
  g_autoptr(SoupMessage) message = soup_message_new ("GET", uri);
  g_autoptr(GBytes) archive = NULL;
  g_autofree char *bytes = NULL;
  gsize size;
  g_autoptr(DynoTestReply) same = NULL;
  g_autoptr(DynoTestReply) damaged = NULL;
  g_autoptr(DynoJobInfo) job = NULL;

  soup_message_headers_replace (soup_message_get_request_headers (message), "X-Test-Role", "tuner");
  archive = soup_session_send_and_read (session, message, NULL, NULL);
  bytes = g_memdup2 (g_bytes_get_data (archive, &size), g_bytes_get_size (archive));
  same = post_archive (f, bytes, size);
  job = wait_for (f, same);
  g_assert_cmpint (job->state, ==, DYNO_JOB_SUCCEEDED);
  g_assert_cmpint (dyno_json_type (dyno_json_member (same->json, "run_id")), ==, DYNO_JSON_NULL);
  bytes[size / 2] ^= 0x55;
  damaged = post_archive (f, bytes, size);
  g_assert_cmpuint (damaged->status, ==, 422);
  g_assert_cmpstr (dyno_test_reply_code (damaged), ==, "DATA_INTEGRITY_ERROR");
}

static gint64
resident_bytes (void)
{
  g_autofree char *text = NULL;
  g_auto(GStrv) words = NULL;

  g_assert_true (g_file_get_contents ("/proc/self/statm", &text, NULL, NULL));
  words = g_strsplit (text, " ", 3);

  return g_ascii_strtoll (words[1], NULL, 10) * sysconf (_SC_PAGESIZE);
}

static guint
count_files (const char *folder)
{
  g_autoptr(GDir) dir = g_dir_open (folder, 0, NULL);
  guint n = 0;

  while (dir != NULL && g_dir_read_name (dir) != NULL)
    n++;

  return n;
}

/* Sends `n` pieces of 1 MiB in chunks until the server has had enough. */
static void
send_pieces (int    fd,
             guint  n)
{
  g_autofree char *piece = g_malloc (1 << 20);
  char head[] = "100000\r\n";

  memset (piece, 'x', 1 << 20);
  for (guint i = 0; i < n; i++)
    {
      if (send (fd, head, strlen (head), MSG_NOSIGNAL) < 0
          || send (fd, piece, 1 << 20, MSG_NOSIGNAL) < 0 || send (fd, "\r\n", 2, MSG_NOSIGNAL) < 0)
        return;
    }
}

/* 30: 300 MB, said before or not. */
static void
test_too_large (DynoTestApiRuns *f,
                gconstpointer    unused)
{
  g_autoptr(DynoTestReply) warm = post (f, "&analyze=false", "Time (s),RPM\n0,1\n");
  g_autofree char *reply = NULL;
  g_autofree char *late = NULL;
  gint64 before = resident_bytes ();
  int fd;

  fd = begin_upload (f, "Content-Length: 314572800", "");
  reply = dyno_test_receive_all (fd);
  g_assert_cmpuint (dyno_test_status_of (reply), ==, 413);

  fd = begin_upload (f, "Transfer-Encoding: chunked", "");
  send_pieces (fd, 300);
  late = dyno_test_receive_all (fd);
  g_assert_cmpint (resident_bytes () - before, <, 2 << 20);
  g_assert_cmpuint (count_files (dyno_test_api_get_service (f->api)->upload_folder), <=, 1);
}

/* 32: who leaves in the middle of an upload leaves nothing behind. */
static void
test_client_leaves (DynoTestApiRuns *f,
                    gconstpointer    unused)
{
  g_autoptr(GPtrArray) runs = NULL;
  guint before = dyno_test_api_count_ends (f->api);

  for (guint i = 0; i < 5; i++)
    {
      int fd = begin_upload (f, "Content-Length: 100000", "Time (s),RPM\n0,1\n");

      g_usleep (20000);
      g_close (fd, NULL);
    }
  for (guint i = 0; i < 1000 && dyno_test_api_count_ends (f->api) < before + 5; i++)
    g_usleep (2000);
  g_assert_cmpuint (dyno_test_api_count_ends (f->api), ==, before + 5);
  runs = dyno_test_shop_runs (&f->shop);
  g_assert_cmpuint (runs->len, ==, 0);
}

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  DYNO_TEST_API_RUNS_ADD ("/server/api/import/raw", test_raw);
  DYNO_TEST_API_RUNS_ADD ("/server/api/import/form", test_form);
  DYNO_TEST_API_RUNS_ADD ("/server/api/import/same-content", test_same_content);
  DYNO_TEST_API_RUNS_ADD ("/server/api/import/same-name", test_same_name);
  DYNO_TEST_API_RUNS_ADD ("/server/api/import/options", test_options);
  DYNO_TEST_API_RUNS_ADD ("/server/api/import/refusals", test_refusals);
  DYNO_TEST_API_RUNS_ADD ("/server/api/import/long-files", test_long_files);
  DYNO_TEST_API_RUNS_ADD ("/server/api/import/wrong-requests", test_wrong_requests);
  DYNO_TEST_API_RUNS_ADD ("/server/api/import/archive", test_archive);
  DYNO_TEST_API_RUNS_ADD ("/server/api/import/too-large", test_too_large);
  DYNO_TEST_API_RUNS_ADD ("/server/api/import/client-leaves", test_client_leaves);

  return g_test_run ();
}
