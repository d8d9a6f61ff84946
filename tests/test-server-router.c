/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

#include "config.h"

#include "dyno-router.h"

static void
handle (DynoRequest *request)
{
}

static const DynoField run_args[] = {
  DYNO_ID_ARG ("run", "The run"),
  { "n", DYNO_INTEGER (1, 99), DYNO_REQUIRED, "The version" },
  { NULL }
};

static const DynoRoute rows[] = {
  DYNO_ROUTE (DYNO_GET, "/api/v1/runs", DYNO_MAY (RUNS_READ), handle, .summary = "Runs"),
  DYNO_ROUTE (DYNO_POST, "/api/v1/runs/import", DYNO_MAY (RUNS_WRITE), handle, .summary = "Import",
              .limit = DYNO_CLASS (UPLOAD)),
  DYNO_ROUTE (DYNO_GET, "/api/v1/runs/{id}", DYNO_MAY (RUNS_READ), handle, .args = run_args,
              .aliases = DYNO_PATHS ("/api/run/{id}"), .summary = "A run"),
  DYNO_ROUTE (DYNO_DELETE, "/api/v1/runs/{id}", DYNO_MAY (RUNS_DELETE), handle, .args = run_args,
              .summary = "Away"),
  DYNO_ROUTE (DYNO_GET, "/api/v1/runs/{id}/versions/{n}", DYNO_MAY (RUNS_READ), handle,
              .args = run_args, .summary = "A version"),
  DYNO_ROUTE (DYNO_GET, "/m/", DYNO_OPEN, handle, .summary = "Page"),
};

static const DynoRouteTable table = { "Runs", "Runs.", rows, G_N_ELEMENTS (rows) };
static const DynoRouteTable *const tables[] = { &table, NULL };

#define RUN "run_4kP9sD2fG7hJ1lZ6xC3v"

/* The row's summary; "405: <allow>" or "404". */
static char *
find (const char *method,
      const char *target)
{
  g_autoptr(DynoRouter) router = dyno_router_new (tables);
  g_autoptr(DynoPath) path = dyno_path_new (target, NULL);
  g_autoptr(DynoMatch) match = dyno_router_match (router, method, path);

  if (match == NULL)
    return g_strdup ("404");
  if (match->route == NULL)
    return g_strconcat ("405: ", match->allow, NULL);

  return g_strdup (match->route->summary);
}

static void
test_match (void)
{
  static const struct { const char *method, *target, *found; } cases[] = {
    { "GET", "/api/v1/runs", "Runs" },
    { "HEAD", "/api/v1/runs?limit=3", "Runs" },
    { "GET", "/api/v1/runs/", "404" },
    { "GET", "/api/v1", "404" },
    { "GET", "/", "404" },
    { "GET", "/api/v1/runs/" RUN, "A run" },
    { "GET", "/api/run/" RUN, "A run" },
    { "DELETE", "/api/v1/runs/" RUN, "Away" },
    { "DELETE", "/api/run/" RUN, "405: GET, HEAD, OPTIONS" },
    { "PUT", "/api/v1/runs/" RUN, "405: GET, HEAD, DELETE, OPTIONS" },
    { "OPTIONS", "/api/v1/runs/" RUN, "405: GET, HEAD, DELETE, OPTIONS" },
    { "GET", "/api/v1/runs/run_short", "404" },
    { "GET", "/api/v1/runs/tbl_4kP9sD2fG7hJ1lZ6xC3v", "404" },
    { "POST", "/api/v1/runs/import", "Import" },
    { "GET", "/api/v1/runs/import", "405: POST, OPTIONS" },
    { "GET", "/api/v1/runs/" RUN "/versions/7", "A version" },
    { "GET", "/api/v1/runs/" RUN "/versions/0", "404" },
    { "GET", "/api/v1/runs/" RUN "/versions/", "404" },
    { "GET", "/API/v1/runs", "404" },
    { "GET", "/m/", "Page" },
    { "GET", "/m", "404" },
  };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autofree char *found = find (cases[i].method, cases[i].target);

      g_test_message ("%s %s", cases[i].method, cases[i].target);
      g_assert_cmpstr (found, ==, cases[i].found);
    }
}

static void
test_args (void)
{
  g_autoptr(DynoRouter) router = dyno_router_new (tables);
  g_autoptr(DynoPath) path = dyno_path_new ("/api/v1/runs/" RUN "/versions/%37", NULL);
  g_autoptr(DynoMatch) match = dyno_router_match (router, "GET", path);

  g_assert_cmpstr (g_hash_table_lookup (match->args, "id"), ==, RUN);
  g_assert_cmpstr (g_hash_table_lookup (match->args, "n"), ==, "7");
}

static void
test_rules (void)
{
  g_assert_cmpint (dyno_route_get_limit (&rows[0]), ==, DYNO_LIMIT_READ);
  g_assert_cmpint (dyno_route_get_limit (&rows[1]), ==, DYNO_LIMIT_UPLOAD);
  g_assert_cmpint (dyno_route_get_limit (&rows[3]), ==, DYNO_LIMIT_DEFAULT);
  g_assert_cmpint (dyno_route_get_limit (&rows[5]), ==, DYNO_LIMIT_OPEN);
  g_assert_cmpint (dyno_route_get_priority (&rows[0]), ==, DYNO_PRIORITY_ORDINARY);
  g_assert_cmpint (dyno_route_get_priority (&rows[1]), ==, DYNO_PRIORITY_HEAVY);
  g_assert_cmpuint (dyno_route_status (&rows[0]), ==, 200);
  g_assert_cmpuint (dyno_route_status (&rows[3]), ==, 204);
  g_assert_true (dyno_route_has_if_match (&rows[3]));
  g_assert_false (dyno_route_has_if_match (&rows[1]));
  g_assert_true (dyno_route_takes_key (&rows[1]));
  g_assert_false (dyno_route_takes_key (&rows[3]));
  g_assert_cmpint (dyno_route_deadline_us (&rows[0]), ==, 10 * G_USEC_PER_SEC);
}

static void
test_operation_ids (void)
{
  static const char *const ids[] = { "getRuns", "postRunsImport", "getRunsById", "deleteRunsById",
                                     "getRunsByIdVersionsByN", "getM" };

  for (guint i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      g_autofree char *id = dyno_route_operation_id (&rows[i]);

      g_assert_cmpstr (id, ==, ids[i]);
    }
}

/* What the compiler cannot see, the start does. */
static void
test_mistakes (void)
{
  static const DynoField nameless[] = { { "x", DYNO_TEXT (0, 1) }, { NULL } };
  static const DynoField twice[] = { DYNO_ID_ARG ("run", "The run"), { NULL } };
  static const DynoField untyped[] = { { "x", { DYNO_KIND_NONE }, 0, "X" }, { NULL } };
  static const DynoRoute bad[] = {
    { .method = DYNO_GET, .path = "/a", .handler = handle, .summary = "No access" },
    DYNO_ROUTE (DYNO_GET, "/a", DYNO_OPEN, NULL, .summary = "No handler"),
    DYNO_ROUTE (DYNO_GET, "/a", DYNO_OPEN, handle),
    DYNO_ROUTE (DYNO_GET, "a", DYNO_OPEN, handle, .summary = "No slash"),
    DYNO_ROUTE (DYNO_GET, "/{id}", DYNO_OPEN, handle, .summary = "No args"),
    DYNO_ROUTE (DYNO_GET, "/{id", DYNO_OPEN, handle, .args = run_args, .summary = "No brace"),
    DYNO_ROUTE (DYNO_GET, "/a", DYNO_OPEN, handle, .body = run_args, .summary = "GET with body"),
    DYNO_ROUTE (DYNO_POST, "/a", DYNO_OPEN, handle, .body = nameless, .summary = "No meaning"),
    DYNO_ROUTE (DYNO_GET, "/a", DYNO_OPEN, handle, .query = untyped, .summary = "No type"),
    DYNO_ROUTE (DYNO_GET, "/{id}", DYNO_OPEN, handle, .args = run_args, .query = twice,
                .summary = "One name twice"),
  };

  for (guint i = 0; i < G_N_ELEMENTS (rows); i++)
    g_assert_null (dyno_route_find_mistake (&rows[i]));
  for (guint i = 0; i < G_N_ELEMENTS (bad); i++)
    {
      g_autofree char *mistake = dyno_route_find_mistake (&bad[i]);

      g_test_message ("%s", bad[i].summary);
      g_assert_nonnull (mistake);
    }
}

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/server/router/match", test_match);
  g_test_add_func ("/server/router/args", test_args);
  g_test_add_func ("/server/router/rules", test_rules);
  g_test_add_func ("/server/router/operation-ids", test_operation_ids);
  g_test_add_func ("/server/router/mistakes", test_mistakes);

  return g_test_run ();
}
