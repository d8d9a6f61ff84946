/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

#include "config.h"

#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "dyno-api.h"
#include "dyno-openapi.h"
#include "dyno-reply.h"
#include "dyno-test-api.h"
#include "dyno-test-server.h"

/* From a client's bytes to a handler: what is refused on the way, with which code, and
 * that a handler gets what its row says. */

#define THING "tbl_3dF5gH7jK9lZ1xC3vB5n"
#define HOST  "Host: localhost:%u\r\n"

static gint n_handled; /* (atomic) */

static const DynoField echo_fields[] = {
  { "text", DYNO_ANY_TEXT, DYNO_NULLABLE, "A text" },
  { "n", DYNO_ANY_INTEGER, 0, "A number" },
  { "version", DYNO_ANY_INTEGER, 0, "Of If-Match" },
  { NULL }
};
static const DynoSchema echo_schema = { "Echo", "What came in", echo_fields };

static void
echo (DynoRequest *request)
{
  DynoJsonWriter *w = dyno_json_writer_new (FALSE);

  g_atomic_int_inc (&n_handled);
  dyno_json_writer_begin_object (w);
  dyno_json_writer_add_string (w, "text", dyno_request_text (request, "text"));
  dyno_json_writer_add_integer (w, "n", dyno_request_integer (request, "n"));
  dyno_json_writer_add_integer (w, "version", dyno_request_get_version (request));
  dyno_json_writer_end_object (w);
  dyno_reply_json (request, w);
}

/* Answers never: the deadline or the client's leaving does. */
static void
hold_cb (GCancellable *cancellable,
         gpointer      data)
{
  g_atomic_int_inc (&n_handled);
}

static void
hold (DynoRequest *request)
{
  g_cancellable_connect (dyno_request_get_cancellable (request), G_CALLBACK (hold_cb), NULL, NULL);
}

static void
stale (DynoRequest *request)
{
  g_autoptr(GError) error = NULL;

  dyno_error_set (&error, DYNO_ERROR_CONFLICT, "stale", "Somebody else changed it.");
  dyno_reply_error (request, error);
}

static const DynoField fields[] = {
  { "text", DYNO_TEXT (1, 20), 0, "A text", "nothing" },
  { "n", DYNO_INTEGER (1, 9), 0, "A number", "5" },
  { NULL }
};
static const DynoField args[] = { DYNO_ID_ARG ("tbl", "The thing"), { NULL } };

static const DynoRoute rows[] = {
  DYNO_ROUTE (DYNO_GET, "/api/v1/echo", DYNO_MAY (RUNS_READ), echo, .query = fields,
              .reply = &echo_schema, .summary = "Echo"),
  DYNO_ROUTE (DYNO_POST, "/api/v1/echo", DYNO_MAY (TUNE_APPLY), echo, .body = fields,
              .reply = &echo_schema, .summary = "Echo"),
  DYNO_ROUTE (DYNO_PATCH, "/api/v1/echo/{id}", DYNO_MAY (RUNS_READ), echo, .args = args,
              .body = fields, .reply = &echo_schema, .summary = "Echo"),
  DYNO_ROUTE (DYNO_DELETE, "/api/v1/echo/{id}", DYNO_MAY (RUNS_READ), stale, .args = args,
              .summary = "Stale"),
  DYNO_ROUTE (DYNO_POST, "/api/v1/recent", DYNO_MAY (RUNS_READ), echo, .body = fields,
              .flags = DYNO_ROUTE_RECENT | DYNO_ROUTE_BODY_OPTIONAL, .reply = &echo_schema,
              .summary = "Recent"),
  DYNO_ROUTE (DYNO_POST, "/api/v1/once", DYNO_MAY (RUNS_READ), echo, .body = fields,
              .flags = DYNO_ROUTE_IDEMPOTENT, .reply = &echo_schema, .summary = "Once"),
  DYNO_ROUTE (DYNO_GET, "/api/v1/hold", DYNO_OPEN, hold, .reply = &echo_schema, .summary = "Hold"),
  DYNO_ROUTE (DYNO_GET, "/api/v1/stream", DYNO_OPEN, echo, .query = fields,
              .flags = DYNO_ROUTE_STREAM, .reply = &echo_schema, .summary = "Stream"),
  DYNO_ROUTE (DYNO_POST, "/api/v1/small", DYNO_OPEN, echo, .body = fields,
              .flags = DYNO_ROUTE_SMALL_BODY, .reply = &echo_schema, .summary = "Small"),
};
static const DynoRouteTable table = { "Echo", "What came in.", rows, G_N_ELEMENTS (rows) };
static const DynoRouteTable *const tables[] = { &dyno_api_health, &table, NULL };

typedef struct
{
  const char *method;
  const char *target;
  const char *body;   /* (nullable) */
  const char *name;   /* of a header, beside the role tuner */
  const char *value;
  guint       status;
  const char *code;   /* (nullable) */
} Case;

static void
assert_case (DynoTestApi *api,
             const Case  *one)
{
  g_autoptr(DynoTestReply) reply =
    dyno_test_api_ask (api, one->method, one->target, one->body, "X-Test-Role", "tuner", one->name,
                       one->value, NULL);

  g_test_message ("%s %s %s: %u %.200s", one->method, one->target, one->value, reply->status,
                  reply->body);
  g_assert_cmpuint (reply->status, ==, one->status);
  g_assert_cmpstr (dyno_test_reply_code (reply), ==, one->code);
}

static void
assert_cases (const Case *cases,
              guint       n)
{
  g_autoptr(DynoTestApi) api = dyno_test_api_start (tables, NULL);

  for (guint i = 0; i < n; i++)
    assert_case (api, &cases[i]);
}

#define ASSERT_CASES(cases) assert_cases (cases, G_N_ELEMENTS (cases))

static void
test_first_routes (void)
{
  static const Case cases[] = {
    { "GET", "/health/live", NULL, NULL, NULL, 200 },
    { "GET", "/api/health/live", NULL, NULL, NULL, 200 },
    { "GET", "/version", NULL, NULL, NULL, 200 },
    { "GET", "/api/v1/version", NULL, NULL, NULL, 200 },
    { "GET", "/api/v1/openapi.json", NULL, NULL, NULL, 200 },
    { "GET", "/nowhere", NULL, NULL, NULL, 404, "NOT_FOUND" },
    { "DELETE", "/health/live", NULL, NULL, NULL, 405, "METHOD_NOT_ALLOWED" },
    { "GET", "/health/live", NULL, "Accept", "application/pdf", 406, "NOT_ACCEPTABLE" },
    { "GET", "/health/live", NULL, "Accept", "text/html, application/*;q=0.1", 200 },
  };

  ASSERT_CASES (cases);
}

/* Values by name, and their defaults. */
static void
test_values (void)
{
  g_autoptr(DynoTestApi) api = dyno_test_api_start (tables, NULL);
  g_autoptr(DynoTestReply) query = dyno_test_api_ask (api, "GET", "/api/v1/echo?text=a%20b", NULL,
                                                      "X-Test-Role", "tuner", NULL);
  g_autoptr(DynoTestReply) body = dyno_test_api_ask (api, "POST", "/api/v1/echo", "{\"n\":7}",
                                                     "X-Test-Role", "tuner", NULL);

  g_assert_cmpstr (dyno_json_get_string (query->json, "text"), ==, "a b");
  g_assert_cmpint (dyno_json_get_integer (query->json, "n", 0), ==, 5);
  g_assert_cmpstr (dyno_json_get_string (body->json, "text"), ==, "nothing");
  g_assert_cmpint (dyno_json_get_integer (body->json, "n", 0), ==, 7);
}

/* Negative cases 3 and 29, 10.2, 10.3. */
static void
test_bad_input (void)
{
  static const Case cases[] = {
    { "POST", "/api/v1/echo", "{", NULL, NULL, 400, "BAD_REQUEST" },
    { "POST", "/api/v1/echo", "", NULL, NULL, 400, "BAD_REQUEST" },
    { "POST", "/api/v1/echo", "{\"n\":1,\"n\":2}", NULL, NULL, 400, "BAD_REQUEST" },
    { "POST", "/api/v1/echo", "{\"n\":1e999}", NULL, NULL, 400, "BAD_REQUEST" },
    { "POST", "/api/v1/echo", "{\"n\":12345678901234567890}", NULL, NULL, 400, "BAD_REQUEST" },
    { "POST", "/api/v1/echo", "{\"n\":\"5\"}", NULL, NULL, 400, "VALIDATION_ERROR" },
    { "POST", "/api/v1/echo", "{\"m\":5}", NULL, NULL, 400, "VALIDATION_ERROR" },
    { "POST", "/api/v1/echo", "[]", NULL, NULL, 400, "VALIDATION_ERROR" },
    { "GET", "/api/v1/echo?n=10", NULL, NULL, NULL, 400, "VALIDATION_ERROR" },
    { "GET", "/api/v1/echo?n=1&n=1", NULL, NULL, NULL, 400, "VALIDATION_ERROR" },
    { "GET", "/api/v1/echo?limit=1", NULL, NULL, NULL, 400, "VALIDATION_ERROR" },
    { "GET", "/api/v1/echo", NULL, "X-Request-Timeout-Ms", "0", 400, "BAD_REQUEST" },
    { "GET", "/api/v1/echo", NULL, "X-Request-Timeout-Ms", "30001", 400, "BAD_REQUEST" },
  };
  g_autofree char *nested = g_strnfill (200000, '[');
  g_autoptr(DynoTestApi) api = dyno_test_api_start (tables, NULL);
  g_autoptr(DynoTestReply) reply = dyno_test_api_ask (api, "POST", "/api/v1/echo", nested,
                                                      "X-Test-Role", "tuner", NULL);

  g_assert_cmpuint (reply->status, ==, 400);
  ASSERT_CASES (cases);
}

/* Negative case 44. */
static void
test_media (void)
{
  static const Case cases[] = {
    { "POST", "/api/v1/echo", "{}", "Content-Type", "text/plain", 415, "UNSUPPORTED_MEDIA_TYPE" },
    { "POST", "/api/v1/echo", "{}", "Content-Type", "multipart/form-data; boundary=x", 415,
      "UNSUPPORTED_MEDIA_TYPE" },
    { "POST", "/api/v1/echo", "{}", "Content-Type", "application/json; charset=utf-8", 200 },
    { "POST", "/api/v1/echo", "{}", "Content-Type", "Application/JSON", 200 },
    { "POST", "/api/v1/recent", NULL, NULL, NULL, 200 },
  };

  ASSERT_CASES (cases);
}

/* Negative case 35. */
static void
test_versions (void)
{
  static const Case cases[] = {
    { "PATCH", "/api/v1/echo/" THING, "{}", NULL, NULL, 428, "PRECONDITION_REQUIRED" },
    { "PATCH", "/api/v1/echo/" THING, "{}", "If-Match", "*", 400, "BAD_REQUEST" },
    { "PATCH", "/api/v1/echo/" THING, "{}", "If-Match", THING "-6", 400, "BAD_REQUEST" },
    { "PATCH", "/api/v1/echo/" THING, "{}", "If-Match", "\"" THING "-0\"", 400, "BAD_REQUEST" },
    { "PATCH", "/api/v1/echo/" THING, "{}", "If-Match", "\"" THING "-6\", \"x-1\"", 400,
      "BAD_REQUEST" },
    { "PATCH", "/api/v1/echo/" THING, "{}", "If-Match", "W/\"" THING "-6\"", 412,
      "PRECONDITION_FAILED" },
    { "PATCH", "/api/v1/echo/" THING, "{}", "If-Match", "\"tbl_other-6\"", 412,
      "PRECONDITION_FAILED" },
    { "PATCH", "/api/v1/echo/" THING, "{}", "If-Match", "\"" THING "-6\"", 200 },
    { "DELETE", "/api/v1/echo/" THING, NULL, "If-Match", "\"" THING "-5\"", 412,
      "PRECONDITION_FAILED" },
    { "PATCH", "/api/v1/echo/tbl_short", "{}", NULL, NULL, 404, "NOT_FOUND" },
  };
  g_autoptr(DynoTestApi) api = dyno_test_api_start (tables, NULL);
  g_autoptr(DynoTestReply) reply =
    dyno_test_api_ask (api, "PATCH", "/api/v1/echo/" THING, "{}", "X-Test-Role", "tuner", "If-Match",
                       "\"" THING "-42\"", NULL);

  g_assert_cmpint (dyno_json_get_integer (reply->json, "version", 0), ==, 42);
  ASSERT_CASES (cases);
}

static guint
ask_as (DynoTestApi *api,
        const char  *role,
        const char  *method,
        const char  *target)
{
  g_autoptr(DynoTestReply) reply =
    dyno_test_api_ask (api, method, target, g_str_equal (method, "POST") ? "{}" : NULL,
                       role != NULL ? "X-Test-Role" : NULL, role, NULL);

  return reply->status;
}

static void
test_access (void)
{
  g_autoptr(DynoTestApi) api = dyno_test_api_start (tables, NULL);
  g_autoptr(DynoTestReply) denied = dyno_test_api_ask (api, "POST", "/api/v1/echo", "{}",
                                                       "X-Test-Role", "viewer", NULL);
  g_autoptr(DynoTestReply) old = dyno_test_api_ask (api, "POST", "/api/v1/recent", "{}",
                                                    "X-Test-Role", "viewer", "X-Test-Stale", "1",
                                                    NULL);
  g_autoptr(DynoTestReply) nobody = dyno_test_api_ask (api, "GET", "/api/v1/echo", NULL, NULL);

  g_assert_cmpuint (ask_as (api, "viewer", "GET", "/api/v1/echo"), ==, 200);
  g_assert_cmpuint (ask_as (api, "tuner", "POST", "/api/v1/echo"), ==, 200);
  g_assert_cmpuint (ask_as (api, "owner", "POST", "/api/v1/recent"), ==, 200);
  g_assert_cmpuint (ask_as (api, "viewer", "POST", "/api/v1/recent"), ==, 200);
  g_assert_cmpstr (dyno_test_reply_code (denied), ==, "AUTHORIZATION_ERROR");
  g_assert_nonnull (strstr (denied->body, "\"required\":[\"tune:apply\"]"));
  g_assert_cmpstr (dyno_test_reply_code (old), ==, "REAUTH_REQUIRED");
  g_assert_cmpuint (nobody->status, ==, 401);
  g_assert_cmpstr (dyno_test_reply_header (nobody, "WWW-Authenticate"), ==,
                   "Bearer realm=\"dynoai\"");
}

/* Each path of the document with each of its methods, without a credential. */
static guint
assert_guarded (DynoTestApi    *api,
                const char     *path,
                const DynoJson *operations)
{
  static const char *const open[] = { "/api/v1/hold", "/api/v1/stream", "/api/v1/small", NULL };
  g_autoptr(GPtrArray) methods = dyno_json_names (operations);
  g_auto(GStrv) parts = g_strsplit (path, "{id}", -1);
  g_autofree char *target = g_strjoinv (THING, parts);

  for (guint i = 0; i < methods->len && !g_strv_contains (open, path); i++)
    {
      g_autofree char *method = g_ascii_strup (methods->pdata[i], -1);

      g_test_message ("%s %s", method, target);
      g_assert_cmpuint (ask_as (api, NULL, method, target), ==, 401);
    }

  return methods->len;
}

/* Negative case 9. */
static void
test_all_guarded (void)
{
  static const DynoRouteTable *const own[] = { &table, NULL };
  g_autoptr(DynoTestApi) api = dyno_test_api_start (own, NULL);
  GBytes *document = dyno_openapi_get (dyno_test_api_get_service (api)->openapi);
  gsize size;
  const char *text = g_bytes_get_data (document, &size);
  g_autoptr(DynoJson) json = dyno_json_parse (text, (gssize) size, NULL);
  const DynoJson *paths = dyno_json_member (json, "paths");
  g_autoptr(GPtrArray) names = dyno_json_names (paths);
  guint n = 0;

  for (guint i = 0; i < names->len; i++)
    n += assert_guarded (api, names->pdata[i], dyno_json_member (paths, names->pdata[i]));
  g_assert_cmpuint (n, ==, G_N_ELEMENTS (rows));
}

/* Negative case 10, the pages' part. */
static void
test_origins (void)
{
  static const Case cases[] = {
    { "POST", "/api/v1/echo", "{}", "Origin", "https://evil.example", 403, "ORIGIN_DENIED" },
    { "POST", "/api/v1/echo", "{}", "Origin", "null", 403, "ORIGIN_DENIED" },
    { "POST", "/api/v1/echo", "{}", "Sec-Fetch-Site", "cross-site", 403, "ORIGIN_DENIED" },
    { "POST", "/api/v1/echo", "{}", "Sec-Fetch-Site", "same-origin", 200 },
    { "POST", "/api/v1/echo", "{}", "Origin", "https://board.example", 200 },
    { "GET", "/api/v1/echo", NULL, "Origin", "https://evil.example", 200 },
    { "GET", "/api/v1/stream", NULL, "Origin", "https://evil.example", 403, "ORIGIN_DENIED" },
    { "GET", "/api/v1/stream", NULL, "Sec-Fetch-Site", "cross-site", 403, "ORIGIN_DENIED" },
    { "OPTIONS", "/api/v1/echo", NULL, "Origin", "https://evil.example", 403, "ORIGIN_DENIED" },
    { "OPTIONS", "/api/v1/echo", NULL, NULL, NULL, 204 },
    { "OPTIONS", "/api/v1/nowhere", NULL, NULL, NULL, 404, "NOT_FOUND" },
  };
  g_autoptr(DynoTestApi) api = dyno_test_api_start (tables, NULL);
  g_autoptr(DynoTestReply) foreign = dyno_test_api_ask (api, "GET", "/health/live", NULL, "Origin",
                                                        "https://evil.example", NULL);
  g_autoptr(DynoTestReply) listed = dyno_test_api_ask (api, "GET", "/health/live", NULL, "Origin",
                                                       "https://board.example", NULL);
  g_autoptr(DynoTestReply) preflight =
    dyno_test_api_ask (api, "OPTIONS", "/api/v1/echo", NULL, "Origin", "https://board.example",
                       "Access-Control-Request-Method", "POST", NULL);

  g_assert_null (dyno_test_reply_header (foreign, "Access-Control-Allow-Origin"));
  g_assert_cmpstr (dyno_test_reply_header (listed, "Access-Control-Allow-Origin"), ==,
                   "https://board.example");
  g_assert_cmpstr (dyno_test_reply_header (listed, "Vary"), ==, "Origin");
  g_assert_null (dyno_test_reply_header (listed, "Access-Control-Allow-Credentials"));
  g_assert_cmpuint (preflight->status, ==, 204);
  g_assert_cmpstr (dyno_test_reply_header (preflight, "Access-Control-Max-Age"), ==, "600");
  ASSERT_CASES (cases);
}

static char *
talk (DynoTestApi *api,
      const char  *format,
      ...)
{
  va_list ap;
  g_autofree char *text = NULL;

  va_start (ap, format);
  text = g_strdup_vprintf (format, ap);
  va_end (ap);

  return dyno_test_talk (dyno_test_api_get_port (api), text, strlen (text));
}

/* Negative case 10, the names' part. */
static void
test_hosts (void)
{
  g_autoptr(DynoTestApi) api = dyno_test_api_start (tables, NULL);
  guint port = dyno_test_api_get_port (api);
  g_autofree char *good = talk (api, "GET /health/live HTTP/1.1\r\n" HOST "\r\n", port);
  g_autofree char *other = talk (api, "GET /health/live HTTP/1.1\r\n" HOST "\r\n", port + 1);
  g_autofree char *evil = talk (api, "GET /health/live HTTP/1.1\r\nHost: evil.example:%u\r\n\r\n",
                                port);

  g_assert_cmpuint (dyno_test_status_of (good), ==, 200);
  g_assert_cmpuint (dyno_test_status_of (other), ==, 421);
  g_assert_cmpuint (dyno_test_status_of (evil), ==, 421);
  g_assert_nonnull (strstr (evil, "MISDIRECTED_REQUEST"));
}

/* What the wire refuses gets the error body of all others. */
static void
test_wire (void)
{
  g_autoptr(DynoTestApi) api = dyno_test_api_start (tables, NULL);
  guint port = dyno_test_api_get_port (api);
  g_autofree char *version = talk (api, "GET / HTTP/2.0\r\n" HOST "\r\n", port);
  g_autofree char *method = talk (api, "TRACE / HTTP/1.1\r\n" HOST "\r\n", port);
  g_autofree char *star = talk (api, "OPTIONS * HTTP/1.1\r\n" HOST "\r\n", port);
  g_autofree char *dots = talk (api, "GET /a/%%2e%%2e/b HTTP/1.1\r\n" HOST "\r\n", port);

  g_assert_cmpuint (dyno_test_status_of (version), ==, 505);
  g_assert_nonnull (strstr (version, "HTTP_VERSION_NOT_SUPPORTED"));
  g_assert_nonnull (strstr (version, "X-Correlation-ID: "));
  g_assert_nonnull (strstr (version, "Connection: close"));
  g_assert_cmpuint (dyno_test_status_of (method), ==, 405);
  g_assert_nonnull (strstr (method, "Allow: GET, HEAD"));
  g_assert_cmpuint (dyno_test_status_of (star), ==, 204);
  g_assert_cmpuint (dyno_test_status_of (dots), ==, 400);
  g_assert_nonnull (strstr (dots, "\"BAD_REQUEST\""));
}

/* A body over the cap of its route: 413, and nothing of it was read by a handler. */
static void
test_caps (void)
{
  g_autoptr(DynoTestApi) api = dyno_test_api_start (tables, NULL);
  guint port = dyno_test_api_get_port (api);
  gint before = g_atomic_int_get (&n_handled);
  g_autofree char *announced = talk (api, "POST /api/v1/small HTTP/1.1\r\n" HOST
    "Content-Type: application/json\r\nContent-Length: 16385\r\n\r\n", port);
  g_autofree char *bytes = g_strnfill (16385, ' ');
  g_autofree char *chunked = talk (api, "POST /api/v1/small HTTP/1.1\r\n" HOST
    "Content-Type: application/json\r\nTransfer-Encoding: chunked\r\n\r\n4001\r\n%s\r\n0\r\n\r\n",
    port, bytes);
  g_autofree char *none = talk (api, "GET /health/live HTTP/1.1\r\n" HOST
                                "Content-Length: 1\r\n\r\nx", port);

  g_assert_cmpuint (dyno_test_status_of (announced), ==, 413);
  g_assert_nonnull (strstr (announced, "REQUEST_TOO_LARGE"));
  g_assert_cmpuint (dyno_test_status_of (chunked), ==, 413);
  g_assert_cmpuint (dyno_test_status_of (none), ==, 413);
  g_assert_cmpint (g_atomic_int_get (&n_handled), ==, before);
}

/* 504 at the client's own deadline; what ran was told to stop. */
static void
test_deadline (void)
{
  g_autoptr(DynoTestApi) api = dyno_test_api_start (tables, NULL);
  gint before = g_atomic_int_get (&n_handled);
  g_autoptr(DynoTestReply) reply = dyno_test_api_ask (api, "GET", "/api/v1/hold", NULL,
                                                      "X-Request-Timeout-Ms", "20", NULL);

  g_assert_cmpuint (reply->status, ==, 504);
  g_assert_cmpstr (dyno_test_reply_code (reply), ==, "TIMEOUT");
  g_assert_cmpint (g_atomic_int_get (&n_handled), ==, before + 1);
}

/* A request that waits for room runs when there is some; a deadline does not wait. */
static void
test_waiting (void)
{
  g_autoptr(DynoTestApi) api = dyno_test_api_start (tables, NULL);
  gint before = g_atomic_int_get (&n_handled);
  g_autoptr(DynoTestReply) late =
    dyno_test_api_ask (api, "POST", "/api/v1/echo", "{\"n\":3}", "X-Test-Role", "tuner",
                       "X-Test-Wait", "1", "X-Request-Timeout-Ms", "1", NULL);
  g_autoptr(DynoTestReply) reply =
    dyno_test_api_ask (api, "POST", "/api/v1/echo", "{\"n\":3}", "X-Test-Role", "tuner",
                       "X-Test-Wait", "1", NULL);

  g_assert_cmpuint (late->status, ==, 504);
  g_assert_cmpuint (reply->status, ==, 200);
  g_assert_cmpint (dyno_json_get_integer (reply->json, "n", 0), ==, 3);
  g_assert_cmpint (g_atomic_int_get (&n_handled), ==, before + 1);
}

/* A client that leaves ends its work, and its request is counted once. */
static void
test_client_leaves (void)
{
  g_autoptr(DynoTestApi) api = dyno_test_api_start (tables, NULL);
  guint port = dyno_test_api_get_port (api);
  gint before = g_atomic_int_get (&n_handled);
  g_autofree char *request = g_strdup_printf ("GET /api/v1/hold HTTP/1.1\r\n" HOST "\r\n", port);
  int fd = dyno_test_connect (port);

  dyno_test_send (fd, request, strlen (request));
  g_usleep (50000);
  close (fd);
  for (guint i = 0; i < 5000 && dyno_test_api_count_ends (api) == 0; i++)
    g_usleep (1000);

  g_assert_cmpuint (dyno_test_api_count_ends (api), ==, 1);
  g_assert_cmpint (g_atomic_int_get (&n_handled), ==, before + 1);
}

/* service.md 5.3 */
static void
test_idempotency (void)
{
  static const Case refused[] = {
    { "POST", "/api/v1/once", "{}", NULL, NULL, 400, "IDEMPOTENCY_KEY_REQUIRED" },
    { "POST", "/api/v1/once", "{}", "Idempotency-Key", "\"a b\"", 400, "BAD_REQUEST" },
    { "POST", "/api/v1/once", "{\"n\":0}", "Idempotency-Key", "k", 400, "VALIDATION_ERROR" },
    { "POST", "/api/v1/once", "{\"n\":1}", "Idempotency-Key", "k", 200 },
    { "POST", "/api/v1/once", "{\"n\":2}", "Idempotency-Key", "k", 422, "IDEMPOTENCY_KEY_REUSED" },
  };
  g_autoptr(DynoTestApi) api = dyno_test_api_start (tables, NULL);
  gint before;
  g_autoptr(DynoTestReply) replayed = NULL;
  g_autoptr(DynoTestReply) quoted = NULL;

  for (guint i = 0; i < G_N_ELEMENTS (refused); i++)
    assert_case (api, &refused[i]);

  before = g_atomic_int_get (&n_handled);
  replayed = dyno_test_api_ask (api, "POST", "/api/v1/once", "{\"n\":1}", "X-Test-Role", "tuner",
                                "Idempotency-Key", "k", NULL);
  quoted = dyno_test_api_ask (api, "POST", "/api/v1/echo", "{\"n\":1}", "X-Test-Role", "tuner",
                              "Idempotency-Key", "\"k\"", NULL);

  g_assert_cmpuint (replayed->status, ==, 200);
  g_assert_cmpstr (dyno_test_reply_header (replayed, "Idempotent-Replayed"), ==, "true");
  g_assert_cmpint (dyno_json_get_integer (replayed->json, "n", 0), ==, 1);
  /* The same key of another route is another change. */
  g_assert_null (dyno_test_reply_header (quoted, "Idempotent-Replayed"));
  g_assert_cmpint (g_atomic_int_get (&n_handled), ==, before + 1);
}

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/server/pipeline/first-routes", test_first_routes);
  g_test_add_func ("/server/pipeline/values", test_values);
  g_test_add_func ("/server/pipeline/bad-input", test_bad_input);
  g_test_add_func ("/server/pipeline/media", test_media);
  g_test_add_func ("/server/pipeline/versions", test_versions);
  g_test_add_func ("/server/pipeline/access", test_access);
  g_test_add_func ("/server/pipeline/all-guarded", test_all_guarded);
  g_test_add_func ("/server/pipeline/origins", test_origins);
  g_test_add_func ("/server/pipeline/hosts", test_hosts);
  g_test_add_func ("/server/pipeline/wire", test_wire);
  g_test_add_func ("/server/pipeline/caps", test_caps);
  g_test_add_func ("/server/pipeline/deadline", test_deadline);
  g_test_add_func ("/server/pipeline/waiting", test_waiting);
  g_test_add_func ("/server/pipeline/client-leaves", test_client_leaves);
  g_test_add_func ("/server/pipeline/idempotency", test_idempotency);

  return g_test_run ();
}
