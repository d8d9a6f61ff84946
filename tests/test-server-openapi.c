/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

#include "config.h"

#include "dyno-api.h"
#include "dyno-json.h"
#include "dyno-openapi.h"

static void
handle (DynoRequest *request)
{
}

static const DynoField part_fields[] = {
  { "name", DYNO_TEXT (1, 100), DYNO_REQUIRED, "A name" },
  { "mass_kg", DYNO_NUMBER (0, 1e6), DYNO_NULLABLE, "Mass" },
  { NULL }
};
static const DynoSchema part_schema = { "Part", "A part", part_fields };

static const DynoField thing_fields[] = {
  { "parts", DYNO_LIST (DYNO_OBJECT (&part_schema)), 0, "Its parts" },
  { "best", DYNO_OBJECT (&part_schema), DYNO_NULLABLE, "The best of them" },
  { "cells", DYNO_LIST (DYNO_LIST (DYNO_ANY_NUMBER)), 0, "A grid" },
  { "by_name", DYNO_MAP (1e6, DYNO_ANY_NUMBER), DYNO_OPTIONAL, "Numbers" },
  { NULL }
};
static const DynoSchema thing_schema = { "Thing", "A thing", thing_fields };

static const DynoField thing_args[] = { DYNO_ID_ARG ("tbl", "The thing"), { NULL } };
static const DynoField thing_query[] = {
  { "order", DYNO_WORD ("up|down"), 0, "In which order", "up" },
  { "channels", DYNO_ARRAY (32, DYNO_TEXT (1, 40)), 0, "Which", "rpm,map" },
  { "n", DYNO_INTEGER (1, 9), DYNO_REQUIRED, "How many", "3" },
  { "all", DYNO_BOOLEAN, 0, "All of them", "false" },
  { NULL }
};

static const DynoRoute rows[] = {
  DYNO_ROUTE (DYNO_GET, "/api/v1/things", DYNO_MAY (RUNS_READ), handle, .query = thing_query,
              .flags = DYNO_ROUTE_PAGE, .reply = &thing_schema, .summary = "Things"),
  DYNO_ROUTE (DYNO_PATCH, "/api/v1/things/{id}", DYNO_MAY_BOTH (RUNS_READ, TUNE_APPLY), handle,
              .args = thing_args, .body = thing_fields, .reply = &thing_schema,
              .flags = DYNO_ROUTE_RECENT, .summary = "Change one",
              .description = "All or nothing."),
  DYNO_ROUTE (DYNO_POST, "/api/v1/things", DYNO_MAY_EITHER (KEYS_SELF, KEYS_MANAGE), handle,
              .flags = DYNO_ROUTE_UPLOAD | DYNO_ROUTE_MULTIPART | DYNO_ROUTE_IDEMPOTENT,
              .body_media = "text/csv|application/octet-stream", .status = 202,
              .reply = &part_schema, .also = DYNO_STATUSES (507), .summary = "Bring one"),
  DYNO_ROUTE (DYNO_GET, "/api/v1/secret", DYNO_SELF, handle, .flags = DYNO_ROUTE_UNLISTED,
              .summary = "A page"),
  DYNO_ROUTE (DYNO_GET, "/metrics", DYNO_LOOPBACK_OR (METRICS_READ), handle,
              .reply_media = "text/plain", .summary = "Numbers"),
};
static const DynoRouteTable things = { "Things", "Things of a test.", rows, G_N_ELEMENTS (rows) };
static const DynoRouteTable *const tables[] = { &dyno_api_health, &things, NULL };

static DynoJson *
print (void)
{
  g_autoptr(DynoOpenapi) openapi = dyno_openapi_new (tables);
  gsize size;
  const char *text = g_bytes_get_data (dyno_openapi_get (openapi), &size);
  g_autoptr(GError) error = NULL;
  DynoJson *json = dyno_json_parse (text, (gssize) size, &error);
  const char *path = g_getenv ("DYNO_OPENAPI_OUT");

  g_assert_no_error (error);
  if (path != NULL)
    g_assert_true (g_file_set_contents (path, text, (gssize) size, NULL));

  return json;
}

/* A value below names, the last NULL. */
static const DynoJson *
at (const DynoJson *json,
    ...)
{
  va_list names;
  const char *name;

  va_start (names, json);
  while ((name = va_arg (names, const char *)) != NULL)
    json = dyno_json_member (json, name);
  va_end (names);

  return json;
}

static void
test_every_route (void)
{
  g_autoptr(DynoJson) json = print ();

  g_assert_cmpstr (dyno_json_get_string (json, "openapi"), ==, "3.1.0");
  g_assert_nonnull (at (json, "paths", "/health/live", "get", NULL));
  g_assert_nonnull (at (json, "paths", "/api/health/live", "get", NULL));
  g_assert_nonnull (at (json, "paths", "/api/v1/things", "get", NULL));
  g_assert_nonnull (at (json, "paths", "/api/v1/things", "post", NULL));
  g_assert_null (at (json, "paths", "/api/v1/secret", NULL));
  g_assert_cmpuint (dyno_json_n_elements (dyno_json_member (json, "tags")), ==, 2);
}

/* Every $ref leads somewhere. */
static void
follow (const DynoJson *root,
        const DynoJson *json,
        guint          *n)
{
  g_autoptr(GPtrArray) names = dyno_json_names (json);
  const char *ref = dyno_json_get_string (json, "$ref");

  if (ref != NULL)
    {
      g_auto(GStrv) parts = g_strsplit (ref + 2, "/", -1);
      const DynoJson *target = root;

      for (guint i = 0; parts[i] != NULL; i++)
        target = dyno_json_member (target, parts[i]);
      g_test_message ("%s", ref);
      g_assert_nonnull (target);
      (*n)++;
    }
  for (guint i = 0; i < names->len; i++)
    follow (root, dyno_json_member (json, names->pdata[i]), n);
  for (guint i = 0; dyno_json_element (json, i) != NULL; i++)
    follow (root, dyno_json_element (json, i), n);
}

static void
test_references (void)
{
  g_autoptr(DynoJson) json = print ();
  guint n = 0;

  follow (json, json, &n);
  g_assert_cmpuint (n, >, 50);
}

static void
test_schemas (void)
{
  g_autoptr(DynoJson) json = print ();
  const DynoJson *schemas = at (json, "components", "schemas", NULL);
  const DynoJson *out = at (schemas, "Part", NULL);
  const DynoJson *in = at (schemas, "PartInput", NULL);
  const DynoJson *nullable = at (out, "properties", "mass_kg", "type", NULL);

  g_assert_cmpuint (dyno_json_n_elements (at (out, "required", NULL)), ==, 2);
  g_assert_cmpuint (dyno_json_n_elements (at (in, "required", NULL)), ==, 1);
  g_assert_false (dyno_json_get_boolean (in, "additionalProperties", TRUE));
  g_assert_null (dyno_json_member (out, "additionalProperties"));
  g_assert_cmpstr (dyno_json_string (dyno_json_element (nullable, 1)), ==, "null");
  g_assert_nonnull (at (schemas, "Thing", "properties", "best", "anyOf", NULL));
  g_assert_null (dyno_json_member (schemas, "ThingInput"));
}

static void
test_operation (void)
{
  g_autoptr(DynoJson) json = print ();
  const DynoJson *patch = at (json, "paths", "/api/v1/things/{id}", "patch", NULL);
  const DynoJson *post = at (json, "paths", "/api/v1/things", "post", NULL);
  const DynoJson *list = at (json, "paths", "/api/v1/things", "get", NULL);
  const DynoJson *live = at (json, "paths", "/health/live", "get", NULL);

  g_assert_nonnull (at (patch, "responses", "412", NULL));
  g_assert_nonnull (at (patch, "responses", "404", NULL));
  g_assert_null (at (patch, "responses", "422", NULL));
  g_assert_nonnull (at (post, "responses", "202", "content", "application/json", NULL));
  g_assert_nonnull (at (post, "responses", "507", NULL));
  g_assert_null (at (post, "responses", "200", NULL));
  g_assert_nonnull (at (post, "requestBody", "content", "multipart/form-data", NULL));
  g_assert_cmpuint (dyno_json_n_elements (at (list, "parameters", NULL)), ==, 8);
  g_assert_cmpuint (dyno_json_n_elements (at (live, "security", NULL)), ==, 0);
  g_assert_nonnull (strstr (dyno_json_get_string (patch, "description"),
                            "`runs:read` and `tune:apply`"));
}

/* The same rows give the same bytes: the ETag tells of a change, not of a start. */
static void
test_hash (void)
{
  static const DynoRouteTable *const fewer[] = { &dyno_api_health, NULL };
  g_autoptr(DynoOpenapi) first = dyno_openapi_new (tables);
  g_autoptr(DynoOpenapi) again = dyno_openapi_new (tables);
  g_autoptr(DynoOpenapi) other = dyno_openapi_new (fewer);

  g_assert_cmpstr (dyno_openapi_get_hash (first), ==, dyno_openapi_get_hash (again));
  g_assert_cmpstr (dyno_openapi_get_hash (first), !=, dyno_openapi_get_hash (other));
}

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/server/openapi/every-route", test_every_route);
  g_test_add_func ("/server/openapi/references", test_references);
  g_test_add_func ("/server/openapi/schemas", test_schemas);
  g_test_add_func ("/server/openapi/operation", test_operation);
  g_test_add_func ("/server/openapi/hash", test_hash);

  return g_test_run ();
}
