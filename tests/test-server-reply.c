/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

#include "config.h"

#include <string.h>
#include <unistd.h>

#include "dyno-api.h"
#include "dyno-reply.h"
#include "dyno-test-api.h"
#include "dyno-test-server.h"

/* What leaves: headers, conditions, pages, bytes, streams, errors. */

#define RUN "run_4kP9sD2fG7hJ1lZ6xC3v"

static const DynoField thing_fields[] = {
  { "id", DYNO_ID ("run"), 0, "The thing" },
  { "filler", DYNO_ANY_TEXT, 0, "Bytes" },
  { NULL }
};
static const DynoSchema thing_schema = { "Thing", "A thing", thing_fields };

static const DynoField number_fields[] = {
  { "n", DYNO_ANY_INTEGER, 0, "A number" },
  { NULL }
};
static const DynoSchema number_schema = { "Number", "A number", number_fields };

static const DynoField job_fields[] = {
  { "job_id", DYNO_ID ("job"), 0, "The job" },
  { "status", DYNO_WORD ("queued"), 0, "Its state" },
  { NULL }
};
static const DynoSchema job_schema = { "JobTicket", "A job that begins", job_fields };

static DynoJsonWriter *
write_thing (guint n)
{
  DynoJsonWriter *w = dyno_json_writer_new (FALSE);
  g_autofree char *filler = g_strnfill (n, 'x');

  dyno_json_writer_begin_object (w);
  dyno_json_writer_add_string (w, "id", RUN);
  dyno_json_writer_add_string (w, "filler", filler);
  dyno_json_writer_end_object (w);

  return w;
}

static void
get_thing (DynoRequest *request)
{
  dyno_reply_tag (request, RUN, 7);
  dyno_reply_json (request, write_thing ((guint) dyno_request_integer (request, "size")));
}

static void
post_thing (DynoRequest *request)
{
  dyno_reply_tag (request, RUN, 1);
  dyno_reply_created (request, RUN, write_thing (1));
}

static void
post_job (DynoRequest *request)
{
  dyno_reply_job (request, "job_2wE4rT6yU8iO0pA1sD3f", NULL);
}

static void
delete_thing (DynoRequest *request)
{
  dyno_reply_empty (request);
}

/* The numbers below 10; the cursor is the first of the next page. */
static void
get_numbers (DynoRequest *request)
{
  DynoJsonWriter *w = dyno_reply_page_begin (request);
  const char *cursor = dyno_request_get_cursor (request);
  guint first = cursor != NULL ? (guint) g_ascii_strtoull (cursor, NULL, 10) : 0;
  guint last = MIN (first + dyno_request_get_limit (request), 10);
  char next[12];

  for (guint i = first; i < last; i++)
    {
      dyno_json_writer_begin_object (w);
      dyno_json_writer_add_integer (w, "n", i);
      dyno_json_writer_end_object (w);
    }
  g_snprintf (next, sizeof next, "%u", last);
  dyno_reply_page_end (request, w, last < 10 ? next : NULL);
}

static void
get_bytes (DynoRequest *request)
{
  g_autoptr(GBytes) bytes = g_bytes_new_static ("rpm\n1\n", 6);

  dyno_reply_bytes (request, "text/csv", "a \"b\"\r\n\xc3\xa9.csv", bytes);
}

static void
get_stream (DynoRequest *request)
{
  g_autoptr(GInputStream) stream = g_memory_input_stream_new ();

  for (guint i = 0; i < 300; i++)
    g_memory_input_stream_add_data (G_MEMORY_INPUT_STREAM (stream), g_strnfill (1000, 'a'), 1000,
                                    g_free);
  dyno_reply_stream (request, "application/octet-stream", "pull.bin", stream);
}

/* Bytes of the file times the field `size`. */
static void
put_upload (DynoRequest *request)
{
  gint64 size = (gint64) dyno_upload_get_size (dyno_request_get_upload (request));
  DynoJsonWriter *w = dyno_json_writer_new (FALSE);

  dyno_json_writer_begin_object (w);
  dyno_json_writer_add_integer (w, "n", size * dyno_request_integer (request, "size"));
  dyno_json_writer_end_object (w);
  dyno_reply_json (request, w);
}

static void
fail (DynoRequest *request)
{
  g_autoptr(GError) error = NULL;

  if (g_str_equal (dyno_request_text (request, "how"), "path"))
    dyno_error_set (&error, DYNO_ERROR_UNAVAILABLE, "STORAGE", "/home/ana/dynoai.db is locked.");
  else if (g_str_equal (dyno_request_text (request, "how"), "sql"))
    g_set_error (&error, G_FILE_ERROR, 0, "near \"SELEC\": syntax error");
  else
    dyno_error_set (&error, DYNO_ERROR_CONFLICT, "NO_PROVIDER", "Start the simulator.");
  dyno_reply_error (request, error);
}

static void
limited (DynoRequest *request)
{
  static const char *const policies[] = { "default-minute", NULL };

  dyno_reply_problem (request, &(DynoProblem) { .code = "RATE_LIMIT_EXCEEDED",
                                                .policies = policies, .retry_after_s = 12 });
}

static const DynoField size_query[] = {
  { "size", DYNO_INTEGER (0, 100000), 0, "How long", "1" },
  { NULL }
};
static const DynoField numbers_query[] = {
  { "q", DYNO_TEXT (0, 20), 0, "A filter" },
  { NULL }
};
static const DynoField fail_query[] = {
  { "how", DYNO_WORD ("path|sql|reason"), DYNO_REQUIRED, "How" },
  { NULL }
};
static const DynoField args[] = { DYNO_ID_ARG ("run", "The thing"), { NULL } };

static const DynoRoute rows[] = {
  DYNO_ROUTE (DYNO_GET, "/api/v1/things", DYNO_OPEN, get_thing, .query = size_query,
              .reply = &thing_schema, .summary = "Thing"),
  DYNO_ROUTE (DYNO_POST, "/api/v1/things", DYNO_OPEN, post_thing, .status = 201,
              .reply = &thing_schema, .summary = "Make"),
  DYNO_ROUTE (DYNO_DELETE, "/api/v1/things/{id}", DYNO_OPEN, delete_thing, .args = args,
              .flags = DYNO_ROUTE_NO_IF_MATCH, .summary = "Away"),
  DYNO_ROUTE (DYNO_POST, "/api/v1/jobs", DYNO_OPEN, post_job, .status = 202, .reply = &job_schema,
              .summary = "Job"),
  DYNO_ROUTE (DYNO_GET, "/api/v1/numbers", DYNO_OPEN, get_numbers, .query = numbers_query,
              .flags = DYNO_ROUTE_PAGE, .reply = &number_schema, .summary = "Numbers"),
  DYNO_ROUTE (DYNO_GET, "/api/v1/bytes", DYNO_OPEN, get_bytes, .reply_media = "text/csv",
              .summary = "Bytes"),
  DYNO_ROUTE (DYNO_GET, "/api/v1/stream", DYNO_OPEN, get_stream,
              .reply_media = "application/octet-stream", .summary = "Stream"),
  DYNO_ROUTE (DYNO_PUT, "/api/v1/upload", DYNO_OPEN, put_upload,
              .flags = DYNO_ROUTE_UPLOAD | DYNO_ROUTE_MULTIPART | DYNO_ROUTE_NO_IF_MATCH,
              .body_media = "text/csv", .query = size_query,
              .reply = &number_schema, .summary = "Upload"),
  DYNO_ROUTE (DYNO_GET, "/api/v1/fail", DYNO_OPEN, fail, .query = fail_query,
              .reply = &thing_schema, .summary = "Fail"),
  DYNO_ROUTE (DYNO_GET, "/api/v1/limited", DYNO_OPEN, limited, .reply = &thing_schema,
              .summary = "Limited"),
};
static const DynoRouteTable table = { "Things", "Things.", rows, G_N_ELEMENTS (rows) };
static const DynoRouteTable *const tables[] = { &dyno_api_health, &table, NULL };

typedef struct
{
  DynoTestApi *api;
} Fixture;

static void
set_up (Fixture       *f,
        gconstpointer  unused)
{
  f->api = dyno_test_api_start (tables, NULL);
}

static void
tear_down (Fixture       *f,
           gconstpointer  unused)
{
  dyno_test_api_free (f->api);
}

static void
assert_header (DynoTestReply *reply,
               const char    *name,
               const char    *value)
{
  g_test_message ("%s", name);
  g_assert_cmpstr (dyno_test_reply_header (reply, name), ==, value);
}

/* service.md 1.5: on every response, errors too. */
static void
test_headers (Fixture       *f,
              gconstpointer  unused)
{
  static const char *const targets[] = { "/health/live", "/nowhere", "/api/v1/bytes" };

  for (guint i = 0; i < G_N_ELEMENTS (targets); i++)
    {
      g_autoptr(DynoTestReply) reply = dyno_test_api_ask (f->api, "GET", targets[i], NULL,
                                                          "X-Correlation-ID", "a.B_1-2", NULL);

      assert_header (reply, "X-Content-Type-Options", "nosniff");
      assert_header (reply, "Cache-Control", "no-store");
      assert_header (reply, "Content-Security-Policy",
                     "default-src 'none'; frame-ancestors 'none'");
      assert_header (reply, "Referrer-Policy", "no-referrer");
      assert_header (reply, "Cross-Origin-Resource-Policy", "same-origin");
      assert_header (reply, "Server", "DynoAI");
      assert_header (reply, "X-Correlation-ID", "a.B_1-2");
      assert_header (reply, "X-Request-ID", "a.B_1-2");
    }
}

/* Negative case 7. */
static void
test_correlation (Fixture       *f,
                  gconstpointer  unused)
{
  g_autoptr(DynoTestReply) bad = dyno_test_api_ask (f->api, "GET", "/nowhere", NULL, "X-Request-ID",
                                                    "my id<script>", NULL);
  const char *id = dyno_test_reply_header (bad, "X-Correlation-ID");
  g_autoptr(DynoTestReply) good = dyno_test_api_ask (f->api, "GET", "/nowhere", NULL,
                                                     "X-Request-ID", "mine", NULL);

  g_assert_cmpuint (strlen (id), ==, 36);
  g_assert_null (strstr (bad->body, "script"));
  g_assert_cmpstr (dyno_json_get_string (dyno_json_member (bad->json, "error"), "correlation_id"),
                   ==, id);
  assert_header (good, "X-Correlation-ID", "mine");
}

static void
test_conditions (Fixture       *f,
                 gconstpointer  unused)
{
  static const struct { const char *tag; guint status; } cases[] = {
    { "\"" RUN "-7\"", 304 },          { "W/\"" RUN "-7\"", 304 }, { "\"x\", \"" RUN "-7\"", 304 },
    { "*", 304 },                      { "\"" RUN "-6\"", 200 },   { RUN "-7", 200 },
  };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr(DynoTestReply) reply = dyno_test_api_ask (f->api, "GET", "/api/v1/things", NULL,
                                                          "If-None-Match", cases[i].tag, NULL);

      g_assert_cmpuint (reply->status, ==, cases[i].status);
      assert_header (reply, "ETag", "\"" RUN "-7\"");
      g_assert_cmpint (reply->length == 0, ==, cases[i].status == 304);
    }
}

static char *
talk (Fixture    *f,
      const char *method,
      const char *target,
      const char *header)
{
  guint port = dyno_test_api_get_port (f->api);
  g_autofree char *text = g_strdup_printf ("%s %s HTTP/1.1\r\nHost: localhost:%u\r\n%s\r\n", method,
                                           target, port, header);

  return dyno_test_talk ((guint16) port, text, strlen (text));
}

static void
test_head (Fixture       *f,
           gconstpointer  unused)
{
  static const char *const targets[] = { "/health/live", "/nowhere", "/api/v1/stream",
                                         "/api/v1/bytes" };

  for (guint i = 0; i < G_N_ELEMENTS (targets); i++)
    {
      g_autofree char *reply = talk (f, "HEAD", targets[i], "");

      g_assert_cmpuint (dyno_test_status_of (reply), ==, i == 1 ? 404 : 200);
      g_assert_cmpstr (dyno_test_body_of (reply), ==, "");
    }
}

static void
test_gzip (Fixture       *f,
           gconstpointer  unused)
{
  g_autoptr(DynoTestReply) large = dyno_test_api_ask (f->api, "GET", "/api/v1/things?size=20000",
                                                      NULL, NULL);
  g_autofree char *packed = talk (f, "GET", "/api/v1/things?size=20000",
                                  "Accept-Encoding: deflate, gzip;q=0.5\r\n");
  g_autofree char *refused = talk (f, "GET", "/api/v1/things?size=20000",
                                   "Accept-Encoding: gzip;q=0\r\n");
  g_autofree char *small = talk (f, "GET", "/api/v1/things?size=900", "Accept-Encoding: gzip\r\n");

  g_assert_cmpuint (strlen (dyno_json_get_string (large->json, "filler")), ==, 20000);
  g_assert_nonnull (strstr (packed, "Content-Encoding: gzip\r\n"));
  g_assert_nonnull (strstr (packed, "Vary: Accept-Encoding\r\n"));
  g_assert_null (strstr (packed, "xxxxxxxxxx"));
  g_assert_null (strstr (refused, "Content-Encoding"));
  g_assert_nonnull (strstr (refused, "Vary: Accept-Encoding\r\n"));
  g_assert_null (strstr (small, "Content-Encoding"));
}

static void
test_made (Fixture       *f,
           gconstpointer  unused)
{
  g_autoptr(DynoTestReply) made = dyno_test_api_ask (f->api, "POST", "/api/v1/things", NULL, NULL);
  g_autoptr(DynoTestReply) job = dyno_test_api_ask (f->api, "POST", "/api/v1/jobs", NULL, NULL);
  g_autoptr(DynoTestReply) away = dyno_test_api_ask (f->api, "DELETE", "/api/v1/things/" RUN, NULL,
                                                     NULL);

  g_assert_cmpuint (made->status, ==, 201);
  assert_header (made, "Location", "/api/v1/things/" RUN);
  g_assert_cmpuint (job->status, ==, 202);
  assert_header (job, "Location", "/api/v1/jobs/job_2wE4rT6yU8iO0pA1sD3f");
  g_assert_cmpuint (away->status, ==, 204);
  g_assert_cmpuint (away->length, ==, 0);
}

/* All pages by Link, each number once. */
static void
test_pages (Fixture       *f,
            gconstpointer  unused)
{
  g_autofree char *target = g_strdup ("/api/v1/numbers?limit=4&q=a%20b");
  guint n = 0;

  while (target != NULL)
    {
      g_autoptr(DynoTestReply) page = dyno_test_api_ask (f->api, "GET", target, NULL, NULL);
      const DynoJson *items = dyno_json_member (page->json, "items");
      const char *link = dyno_test_reply_header (page, "Link");

      g_assert_cmpuint (page->status, ==, 200);
      for (guint i = 0; i < dyno_json_n_elements (items); i++)
        g_assert_cmpint (dyno_json_get_integer (dyno_json_element (items, i), "n", -1), ==, n++);
      g_clear_pointer (&target, g_free);
      g_assert_cmpint (link == NULL, ==, dyno_json_get_string (page->json, "next_cursor") == NULL);
      if (link != NULL)
        target = g_strndup (link + 1, strcspn (link, ">") - 1);
    }
  g_assert_cmpuint (n, ==, 10);
}

/* Negative case 36. */
static void
test_foreign_cursor (Fixture       *f,
                     gconstpointer  unused)
{
  g_autoptr(DynoTestReply) page = dyno_test_api_ask (f->api, "GET", "/api/v1/numbers?limit=4&q=a",
                                                     NULL, NULL);
  const char *cursor = dyno_json_get_string (page->json, "next_cursor");
  const char *formats[] = { "/api/v1/numbers?q=a&cursor=%s", "/api/v1/numbers?q=b&cursor=%s",
                            "/api/v1/numbers?cursor=%s", "/api/v1/numbers?q=a&cursor=A%s" };
  guint statuses[] = { 200, 400, 400, 400 };

  for (guint i = 0; i < G_N_ELEMENTS (formats); i++)
    {
      g_auto(GStrv) parts = g_strsplit (formats[i], "%s", 2);
      g_autofree char *target = g_strjoinv (cursor, parts);
      g_autoptr(DynoTestReply) reply = dyno_test_api_ask (f->api, "GET", target, NULL, NULL);

      g_assert_cmpuint (reply->status, ==, statuses[i]);
      g_assert_cmpstr (dyno_test_reply_code (reply), ==, statuses[i] == 400 ? "BAD_REQUEST" : NULL);
    }
}

static void
test_bytes (Fixture       *f,
            gconstpointer  unused)
{
  g_autoptr(DynoTestReply) reply = dyno_test_api_ask (f->api, "GET", "/api/v1/bytes", NULL, NULL);
  g_autoptr(DynoTestReply) stream = dyno_test_api_ask (f->api, "GET", "/api/v1/stream", NULL, NULL);

  g_assert_cmpstr (reply->body, ==, "rpm\n1\n");
  assert_header (reply, "Content-Type", "text/csv");
  assert_header (reply, "Content-Disposition",
                 "attachment; filename*=UTF-8''a%20%22b%22%0D%0A%C3%A9.csv");
  g_assert_cmpuint (stream->length, ==, 300000);
  assert_header (stream, "Content-Disposition", "attachment; filename*=UTF-8''pull.bin");
}

/* A client that leaves in the middle of a stream leaves nothing behind (the leak checker
 * says so), and others are served. */
static void
test_broken_stream (Fixture       *f,
                    gconstpointer  unused)
{
  guint port = dyno_test_api_get_port (f->api);
  g_autofree char *request = g_strdup_printf ("GET /api/v1/stream HTTP/1.1\r\nHost: localhost:%u"
                                              "\r\n\r\n", port);
  g_autoptr(DynoTestReply) reply = NULL;

  for (guint i = 0; i < 5; i++)
    {
      int fd = dyno_test_connect ((guint16) port);

      dyno_test_send (fd, request, strlen (request));
      g_usleep (i * 1000);
      close (fd);
    }
  reply = dyno_test_api_ask (f->api, "GET", "/api/v1/stream", NULL, NULL);
  g_assert_cmpuint (reply->length, ==, 300000);
}

/* Negative case 30, but for the figure. */
static void
test_upload (Fixture       *f,
             gconstpointer  unused)
{
  g_autofree char *body = g_strnfill (700000, 'a');
  g_autofree char *huge = g_strnfill (1024 * 1024 + 1, 'a');
  g_autoptr(DynoTestReply) taken = dyno_test_api_ask (f->api, "PUT", "/api/v1/upload", body,
                                                      "Content-Type", "text/csv", NULL);
  g_autoptr(DynoTestReply) other = dyno_test_api_ask (f->api, "PUT", "/api/v1/upload", body,
                                                      "Content-Type", "image/png", NULL);
  g_autoptr(DynoTestReply) empty = dyno_test_api_ask (f->api, "PUT", "/api/v1/upload", NULL,
                                                      "Content-Type", "text/csv", NULL);
  g_autofree char *refused = talk (f, "PUT", "/api/v1/upload",
                                   "Content-Type: text/csv\r\nContent-Length: 300000000\r\n");

  g_assert_cmpuint (taken->status, ==, 200);
  g_assert_cmpint (dyno_json_get_integer (taken->json, "n", 0), ==, 700000);
  g_assert_cmpuint (other->status, ==, 415);
  g_assert_cmpuint (empty->status, ==, 400);
  g_assert_cmpuint (dyno_test_status_of (refused), ==, 413);
}

/* 10.7: the file of a form, its other fields as names of the query. */
static void
test_form (Fixture       *f,
           gconstpointer  unused)
{
  static const char form[] =
    "--b\r\nContent-Disposition: form-data; name=\"size\"\r\n\r\n%s\r\n"
    "--b\r\nContent-Disposition: form-data; name=\"file\"; filename=\"a.csv\"\r\n\r\n12345\r\n"
    "--b--\r\n";
  static const struct { const char *size; guint status; } cases[] = {
    { "3", 200 }, { "x", 400 }, { "200000", 400 },
  };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_auto(GStrv) parts = g_strsplit (form, "%s", 2);
      g_autofree char *body = g_strjoinv (cases[i].size, parts);
      g_autoptr(DynoTestReply) reply =
        dyno_test_api_ask (f->api, "PUT", "/api/v1/upload", body, "Content-Type",
                           "multipart/form-data; boundary=b", NULL);

      g_assert_cmpuint (reply->status, ==, cases[i].status);
      if (cases[i].status == 200)
        g_assert_cmpint (dyno_json_get_integer (reply->json, "n", 0), ==, 15);
    }
}

/* Negative case 19, and the two media types. */
static void
test_errors (Fixture       *f,
             gconstpointer  unused)
{
  g_autoptr(DynoTestReply) path = dyno_test_api_ask (f->api, "GET", "/api/v1/fail?how=path", NULL,
                                                     NULL);
  g_autoptr(DynoTestReply) sql = dyno_test_api_ask (f->api, "GET", "/api/v1/fail?how=sql", NULL,
                                                    NULL);
  g_autoptr(DynoTestReply) reason = dyno_test_api_ask (f->api, "GET", "/api/v1/fail?how=reason",
                                                       NULL, "Accept", "application/json", NULL);
  g_autoptr(DynoTestReply) late = dyno_test_api_ask (f->api, "GET", "/api/v1/limited", NULL, NULL);

  g_assert_cmpuint (path->status, ==, 503);
  g_assert_null (strstr (path->body, "home"));
  g_assert_nonnull (strstr (path->body, "\"reason\":\"STORAGE\""));
  assert_header (path, "Content-Type", "application/problem+json");
  g_assert_cmpuint (sql->status, ==, 500);
  g_assert_null (strstr (sql->body, "SELEC"));
  g_assert_cmpstr (dyno_test_reply_code (reason), ==, "NO_PROVIDER");
  assert_header (reason, "Content-Type", "application/json");
  g_assert_cmpstr (dyno_json_get_string (reason->json, "instance"), ==, "/api/v1/fail");
  g_assert_cmpuint (late->status, ==, 429);
  assert_header (late, "Retry-After", "12");
  g_assert_cmpint (dyno_json_get_integer (late->json, "retry_after", 0), ==, 12);
}

static void
test_document (Fixture       *f,
               gconstpointer  unused)
{
  g_autoptr(DynoTestReply) first = dyno_test_api_ask (f->api, "GET", "/api/v1/openapi.json", NULL,
                                                      NULL);
  const char *tag = dyno_test_reply_header (first, "ETag");
  g_autoptr(DynoTestReply) again = dyno_test_api_ask (f->api, "GET", "/api/v1/openapi.json", NULL,
                                                      "If-None-Match", tag, NULL);

  g_assert_cmpuint (first->status, ==, 200);
  g_assert_cmpstr (dyno_json_get_string (first->json, "openapi"), ==, "3.1.0");
  g_assert_cmpuint (again->status, ==, 304);
}

int
main (int    argc,
      char **argv)
{
  static const struct { const char *name; void (*run) (Fixture *, gconstpointer); } tests[] = {
    { "/server/reply/headers", test_headers },
    { "/server/reply/correlation", test_correlation },
    { "/server/reply/conditions", test_conditions },
    { "/server/reply/head", test_head },
    { "/server/reply/gzip", test_gzip },
    { "/server/reply/made", test_made },
    { "/server/reply/pages", test_pages },
    { "/server/reply/foreign-cursor", test_foreign_cursor },
    { "/server/reply/bytes", test_bytes },
    { "/server/reply/broken-stream", test_broken_stream },
    { "/server/reply/upload", test_upload },
    { "/server/reply/form", test_form },
    { "/server/reply/errors", test_errors },
    { "/server/reply/document", test_document },
  };

  g_test_init (&argc, &argv, NULL);
  for (guint i = 0; i < G_N_ELEMENTS (tests); i++)
    g_test_add (tests[i].name, Fixture, NULL, set_up, tests[i].run, tear_down);

  return g_test_run ();
}
