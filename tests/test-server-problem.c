/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

#include "config.h"

#include "dyno-problem.h"

static DynoProblem
translate (DynoErrorCode   code,
           const char     *reason,
           const char     *sentence,
           GError        **error)
{
  dyno_error_set (error, code, reason, "%s", sentence);

  return dyno_problem_from_error (*error);
}

/* service.md 5.1: the ten kinds, in their order. */
static void
test_kinds (void)
{
  static const struct { guint status; const char *code; } kinds[DYNO_N_ERRORS] = {
    { 400, "VALIDATION_ERROR" }, { 404, "NOT_FOUND" },
    { 409, "CONFLICT" },         { 403, "AUTHORIZATION_ERROR" },
    { 429, "RATE_LIMIT_EXCEEDED" }, { 503, "SERVICE_UNAVAILABLE" },
    { 500, "INTERNAL_ERROR" },   { 413, "REQUEST_TOO_LARGE" },
    { 504, "TIMEOUT" },          { 500, "INTERNAL_ERROR" },
  };

  for (guint i = 0; i < DYNO_N_ERRORS; i++)
    {
      g_autoptr(GError) error = NULL;
      DynoProblem problem = translate ((DynoErrorCode) i, NULL, "A sentence.", &error);

      g_assert_cmpuint (dyno_problem_code (&problem)->status, ==, kinds[i].status);
      g_assert_cmpstr (dyno_problem_code (&problem)->word, ==, kinds[i].code);
    }
}

static void
test_reasons (void)
{
  static const struct { DynoErrorCode kind; const char *reason, *code, *left; } cases[] = {
    { DYNO_ERROR_CONFLICT, "NO_PROVIDER", "NO_PROVIDER", NULL },
    { DYNO_ERROR_INVALID, "GRID_MISMATCH", "GRID_MISMATCH", NULL },
    { DYNO_ERROR_UNAVAILABLE, "STORAGE_FULL", "STORAGE_FULL", NULL },
    { DYNO_ERROR_UNAVAILABLE, "CIRCUIT_OPEN", "SERVICE_UNAVAILABLE", "CIRCUIT_OPEN" },
    { DYNO_ERROR_CONFLICT, "stale", "CONFLICT", "stale" },
    { DYNO_ERROR_INVALID, "import_no_time", "UNREADABLE_LOG", "import_no_time" },
    { DYNO_ERROR_CONFLICT, "import_duplicate", "CONFLICT", "import_duplicate" },
    { DYNO_ERROR_INVALID, "import_binary_unknown", "UNSUPPORTED_MEDIA_TYPE",
      "import_binary_unknown" },
    { DYNO_ERROR_CONFLICT, "archive_conflict", "CONFLICT", "archive_conflict" },
    { DYNO_ERROR_CORRUPT, "archive_hash", "DATA_INTEGRITY_ERROR", "archive_hash" },
  };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr(GError) error = NULL;
      DynoProblem problem = translate (cases[i].kind, cases[i].reason, "A sentence.", &error);

      g_assert_cmpstr (problem.code, ==, cases[i].code);
      g_assert_cmpstr (problem.reason, ==, cases[i].left);
    }
}

/* Negative case 19: no path of this machine, no text of SQLite, no foreign sentence. */
static void
test_what_stays_inside (void)
{
  static const struct { DynoErrorCode kind; const char *sentence; gboolean leaves; } cases[] = {
    { DYNO_ERROR_INVALID, "“rpm” is missing.", TRUE },
    { DYNO_ERROR_INVALID, "Send km/h or mph.", TRUE },
    { DYNO_ERROR_CONFLICT, "See /api/v1/jobs for it.", TRUE },
    { DYNO_ERROR_UNAVAILABLE, "/home/ana/runs/dynoai.db cannot be opened.", FALSE },
    { DYNO_ERROR_INVALID, "“/tmp/x/pull.csv” is empty.", FALSE },
    { DYNO_ERROR_INVALID, "file=/etc/passwd", FALSE },
    { DYNO_ERROR_INTERNAL, "near \"SELEC\": syntax error", FALSE },
    { DYNO_ERROR_CORRUPT, "UNIQUE constraint failed", FALSE },
  };
  g_autoptr(GError) foreign = g_error_new (G_FILE_ERROR, G_FILE_ERROR_ACCES, "secret");

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr(GError) error = NULL;
      DynoProblem problem = translate (cases[i].kind, NULL, cases[i].sentence, &error);

      g_test_message ("%s", cases[i].sentence);
      g_assert_cmpstr (problem.message, ==, cases[i].leaves ? cases[i].sentence : NULL);
    }
  g_assert_null (dyno_problem_from_error (foreign).message);
  g_assert_cmpstr (dyno_problem_from_error (foreign).code, ==, "INTERNAL_ERROR");
}

/* The example of service.md 5.1, byte for byte. */
static void
test_body (void)
{
  static const char *const policies[] = { "default-minute", NULL };
  DynoProblem problem = {
    .code = "RATE_LIMIT_EXCEEDED",
    .message = "Too many requests. Try again in 12 seconds.",
    .detail = "Policy default-minute allows 60 requests per 60 s.",
    .details = "{\"limit\":60,\"window\":60}",
    .policies = policies,
    .retry_after_s = 12,
  };
  DynoProblemFrame frame = { "/api/v1/conversation", "0199a2b4-7c1e-7d3a-9f00-3b8c5d6e7f80",
                             G_GINT64_CONSTANT (1795159800123000) };
  g_autofree char *text = dyno_problem_to_json (&problem, &frame);

  g_assert_cmpstr (text, ==,
    "{\"type\":\"urn:dynoai:problem:rate-limit-exceeded\",\"title\":\"Rate limit exceeded\","
    "\"status\":429,\"detail\":\"Policy default-minute allows 60 requests per 60 s.\","
    "\"instance\":\"/api/v1/conversation\",\"retry_after\":12,"
    "\"violated-policies\":[\"default-minute\"],\"error\":{\"code\":\"RATE_LIMIT_EXCEEDED\","
    "\"message\":\"Too many requests. Try again in 12 seconds.\","
    "\"correlation_id\":\"0199a2b4-7c1e-7d3a-9f00-3b8c5d6e7f80\","
    "\"timestamp\":\"2026-11-20T07:30:00.123Z\",\"details\":{\"limit\":60,\"window\":60}}}");
}

static void
test_fields_and_reason (void)
{
  g_autoptr(DynoFlaws) flaws = dyno_flaws_new ();
  DynoProblem problem = { .code = "VALIDATION_ERROR", .reason = "odd", .flaws = flaws };
  DynoProblemFrame frame = { NULL, "x", 0 };
  g_autofree char *text = NULL;
  g_autoptr(DynoJson) json = NULL;
  const DynoJson *details;

  dyno_flaws_add (flaws, "/a", "type", "A text is wanted.");
  text = dyno_problem_to_json (&problem, &frame);
  json = dyno_json_parse (text, -1, NULL);
  details = dyno_json_member (dyno_json_member (json, "error"), "details");

  g_assert_null (dyno_json_member (json, "instance"));
  g_assert_null (dyno_json_member (json, "retry_after"));
  g_assert_cmpstr (dyno_json_get_string (details, "reason"), ==, "odd");
  g_assert_cmpstr (dyno_json_get_string (dyno_json_element (dyno_json_member (details, "fields"), 0),
                                         "pointer"), ==, "/a");
}

/* Every word of the contract, and the plain code of each status. */
static void
test_table (void)
{
  static const struct { guint status; const char *code; } plain[] = {
    { 400, "BAD_REQUEST" }, { 401, "AUTHENTICATION_ERROR" }, { 409, "CONFLICT" },
    { 421, "MISDIRECTED_REQUEST" }, { 428, "PRECONDITION_REQUIRED" }, { 507, "STORAGE_FULL" },
    { 418, "INTERNAL_ERROR" },
  };

  for (guint i = 0; i < G_N_ELEMENTS (plain); i++)
    g_assert_cmpstr (dyno_code_of_status (plain[i].status)->word, ==, plain[i].code);
  g_assert_null (dyno_code_find ("bad_request"));
  g_assert_cmpstr (dyno_problem_code (&(DynoProblem) { .code = "NONE" })->word, ==,
                   "INTERNAL_ERROR");
}

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/server/problem/kinds", test_kinds);
  g_test_add_func ("/server/problem/reasons", test_reasons);
  g_test_add_func ("/server/problem/what-stays-inside", test_what_stays_inside);
  g_test_add_func ("/server/problem/body", test_body);
  g_test_add_func ("/server/problem/fields-and-reason", test_fields_and_reason);
  g_test_add_func ("/server/problem/table", test_table);

  return g_test_run ();
}
