/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

#include "config.h"

#include <string.h>

#include "dyno-api.h"
#include "dyno-crypt-text.h"
#include "dyno-keys.h"
#include "dyno-test-service.h"

/* Every route of the program, whatever noun it is of, asked by everybody: the table of
 * routes says who may, and the answer is held against it. Each request has a query that
 * no route knows, so nothing is ever done by it: whoever may ask is told of that. */

#define NONSENSE "?no_such_name=1"

typedef struct
{
  const char *name;
  const char *header;  /* (nullable) nobody */
  char       *value;   /* (owned) */
  DynoScopes  scopes;
  guint       refusal; /* of a credential that is no good; 0: it is good */
} Actor;

/* What a {name} of a path may be: well-formed, of nothing that there is. */
static char *
value_of (const DynoField *field)
{
  if (field->type.kind == DYNO_KIND_ID)
    return g_strdup_printf ("%s_0aZ9bY8cX7dW6eV5fU4g", field->type.words);
  if (field->type.kind == DYNO_KIND_WORD)
    return g_strndup (field->type.words, strcspn (field->type.words, "|"));
  if (field->type.kind == DYNO_KIND_INTEGER || field->type.kind == DYNO_KIND_NUMBER)
    return g_strdup_printf ("%d", (int) MAX (field->type.min, 1));
  if (field->type.kind == DYNO_KIND_HASH)
    return g_strnfill (64, '0');

  return g_strnfill ((gsize) CLAMP (8, field->type.min, field->type.max), 'x');
}

static char *
target_of (const DynoRoute *route,
           const char      *path)
{
  g_auto(GStrv) segments = g_strsplit (path, "/", -1);
  g_autofree char *filled = NULL;

  for (guint i = 0; segments[i] != NULL; i++)
    {
      gsize length = strlen (segments[i]);

      if (segments[i][0] != '{')
        continue;
      segments[i][length - 1] = '\0';
      g_free (filled);
      filled = value_of (dyno_fields_find (route->args, segments[i] + 1));
      g_free (segments[i]);
      segments[i] = g_steal_pointer (&filled);
    }

  filled = g_strjoinv ("/", segments);

  return g_strconcat (filled, NONSENSE, NULL);
}

static gboolean
may (const Actor     *actor,
     const DynoRoute *route)
{
  const DynoRouteAccess *access = &route->access;

  if (access->kind == DYNO_ACCESS_OPEN)
    return TRUE;
  if (access->kind == DYNO_ACCESS_AUTH || access->kind == DYNO_ACCESS_SELF)
    return actor->header != NULL;

  return (access->all & ~actor->scopes) == 0
         && (access->any == 0 || (access->any & actor->scopes) != 0);
}

/* Of somebody who may: what is missing in his request. */
static guint
status_for_asking (const DynoRoute *route)
{
  return dyno_route_has_if_match (route) ? 428 : 400;
}

static guint
status_for (const Actor     *actor,
            const DynoRoute *route)
{
  if (actor->refusal != 0)
    return actor->refusal;
  if (may (actor, route))
    return status_for_asking (route);

  return actor->header == NULL ? 401 : 403;
}

static const char *
code_for (const Actor *actor,
          guint        status)
{
  if (status == 401)
    return "AUTHENTICATION_ERROR";
  if (status == 403)
    return actor->refusal != 0 ? "INVALID_API_KEY" : "AUTHORIZATION_ERROR";

  return NULL;
}

static void
try (DynoTestService *f,
     const Actor     *actor,
     const DynoRoute *route,
     const char      *path)
{
  g_autofree char *target = target_of (route, path);
  g_autoptr(DynoTestReply) reply
    = dyno_test_service_ask (f, dyno_method_name (route->method), target, NULL,
                             actor->header, actor->value, NULL);
  guint wanted = status_for (actor, route);
  const char *code = code_for (actor, wanted);

  if (reply->status != wanted)
    g_error ("%s asks %s %s: %u instead of %u. %s", actor->name, dyno_method_name (route->method),
             target, reply->status, wanted, reply->body);
  if (code != NULL)
    g_assert_cmpstr (dyno_test_reply_code (reply), ==, code);
  if (wanted == 401)
    g_assert_true (g_str_has_prefix (dyno_test_reply_header (reply, "WWW-Authenticate"),
                                     "Bearer realm=\"dynoai\""));
}

static guint
try_all (DynoTestService *f,
         const Actor     *actor)
{
  guint n = 0;

  for (guint i = 0; dyno_api_tables[i] != NULL; i++)
    {
      const DynoRouteTable *table = dyno_api_tables[i];

      for (gsize k = 0; k < table->n_rows; k++, n++)
        {
          const DynoRoute *route = &table->rows[k];

          try (f, actor, route, route->path);
          for (guint a = 0; route->aliases != NULL && route->aliases[a] != NULL; a++)
            try (f, actor, route, route->aliases[a]);
        }
    }

  return n;
}

static char *
make_key (DynoTestService *f,
          DynoScopes       scopes)
{
  const DynoKeyRequest request = { .name = "Board", .scopes = scopes, .per_minute = 6000 };
  g_autoptr(GError) error = NULL;
  g_autoptr(DynoKeyMade) made = dyno_test_ask (&f->shop, dyno_keys_create, &error, &request);

  g_assert_no_error (error);

  return g_strdup (made->text);
}

static void
restart_with (DynoTestService *f,
              const char      *setting,
              const char      *value)
{
  dyno_test_service_stop (f);
  dyno_test_shop_set (&f->shop, setting, value);
  dyno_test_service_start (f);
}

static void
try_role (DynoTestService *f,
          DynoRole         role)
{
  const char *name = dyno_role_name (role);
  g_autofree char *id = role != DYNO_ROLE_ADMIN ? dyno_test_service_add_user (f, name, role) : NULL;
  Actor actor = { name, "Authorization", dyno_test_service_log_in (f, name),
                  dyno_role_scopes (role), 0 };
  guint n = try_all (f, &actor);

  g_test_message ("%u routes as %s", n, name);
  g_free (actor.value);
}

static void
test_roles (DynoTestService *f,
            gconstpointer    unused)
{
  restart_with (f, "RATE_LIMIT_ENABLED", "false");
  for (DynoRole role = DYNO_ROLE_VIEWER; role <= DYNO_ROLE_ADMIN; role++)
    try_role (f, role);
}

/* A key holds what it was given, one permission or all that a service user's may have. */
static void
test_keys (DynoTestService *f,
           gconstpointer    unused)
{
  DynoScopes all = dyno_role_scopes (DYNO_ROLE_SERVICE);

  restart_with (f, "RATE_LIMIT_ENABLED", "false");
  for (guint i = 0; i <= DYNO_N_SCOPES; i++)
    {
      DynoScopes scopes = i < DYNO_N_SCOPES ? all & DYNO_SCOPE_BIT (i) : all;
      Actor actor = { "key", "X-API-Key", NULL, scopes, 0 };

      if (scopes == 0)
        continue;
      actor.value = make_key (f, scopes);
      try_all (f, &actor);
      g_free (actor.value);
    }
}

static void
test_nobody (DynoTestService *f,
             gconstpointer    unused)
{
  Actor nobody = { "nobody", NULL, NULL, 0, 0 };

  restart_with (f, "RATE_LIMIT_ENABLED", "false");
  try_all (f, &nobody);
}

/* A credential that is no good is refused everywhere, even where none is needed. */
static void
test_foreign (DynoTestService *f,
              gconstpointer    unused)
{
  Actor actors[] = {
    { "key of another house", "X-API-Key", dyno_crypt_new_token ("dynoai_"), 0, 403 },
    { "token of another house", "Authorization",
      g_strdup ("Bearer eyJhbGciOiJSUzI1NiJ9.eyJzdWIiOiJ1In0.c2ln"), 0, 401 },
    { "no credential at all", "Authorization", g_strdup ("Basic YTpi"), 0, 401 },
  };

  restart_with (f, "RATE_LIMIT_ENABLED", "false");
  for (guint i = 0; i < G_N_ELEMENTS (actors); i++)
    {
      try_all (f, &actors[i]);
      g_free (actors[i].value);
    }
}

/* Whoever has switched authentication off is an administrator without the four
 * permissions that he must not have; still he is told from others. */
static void
test_developer (DynoTestService *f,
                gconstpointer    unused)
{
  Actor developer = { "developer", NULL, NULL, 0, 0 };

  dyno_test_service_stop (f);
  dyno_test_shop_set (&f->shop, "RATE_LIMIT_ENABLED", "false");
  dyno_test_shop_set (&f->shop, "API_AUTH_ENABLED", "false");
  dyno_test_service_start (f);
  /* Any header will do: he needs none. */
  developer.header = "X-Nothing";
  developer.value = g_strdup ("1");
  developer.scopes = dyno_scopes_of_developer ();
  try_all (f, &developer);
  g_free (developer.value);
}

/* What the document says can be asked, nobody can ask (9), but this. */
static gboolean
is_open (const char *path)
{
  static const char *const open[] = {
    "/.well-known/jwks.json", "/api/v1/auth/login", "/api/v1/auth/password",
    "/api/v1/auth/refresh", "/api/v1/auth/register", "/api/v1/openapi.json", "/api/v1/pair",
    "/api/v1/privacy/policy", "/docs", "/health", "/health/live", "/health/ready", "/m/",
    "/m/{file}", NULL
  };

  return g_strv_contains (open, path);
}

static const DynoRoute *
find_route (DynoMethod  method,
            const char *path)
{
  for (guint i = 0; dyno_api_tables[i] != NULL; i++)
    {
      const DynoRouteTable *table = dyno_api_tables[i];

      for (gsize k = 0; k < table->n_rows; k++)
        {
          if (table->rows[k].method == method && g_str_equal (table->rows[k].path, path))
            return &table->rows[k];
        }
    }

  return NULL;
}

/* Aliases have no row of their own. */
static guint
try_operation (DynoTestService *f,
               const char      *name,
               const char      *path)
{
  g_autofree char *method = g_ascii_strup (name, -1);
  g_autofree char *target = NULL;
  g_autoptr(DynoTestReply) reply = NULL;
  const DynoRoute *route;
  DynoMethod known;

  if (!dyno_method_find (method, &known) || (route = find_route (known, path)) == NULL)
    return 0;
  target = target_of (route, path);
  reply = dyno_test_service_ask (f, method, target, NULL, NULL);
  if ((reply->status != 401) != is_open (path))
    g_error ("Nobody asks %s %s: %u", method, path, reply->status);

  return 1;
}

static void
test_document (DynoTestService *f,
               gconstpointer    unused)
{
  g_autoptr(DynoTestReply) document
    = dyno_test_service_ask (f, "GET", "/api/v1/openapi.json", NULL, NULL);
  g_autoptr(DynoJson) json = dyno_json_parse_limited (document->body, -1, &dyno_json_limits_own,
                                                      NULL); /* it is larger than a request */
  const DynoJson *paths = dyno_json_member (json, "paths");
  g_autoptr(GPtrArray) names = dyno_json_names (paths);
  guint n = 0;

  restart_with (f, "RATE_LIMIT_ENABLED", "false");
  for (guint i = 0; i < names->len; i++)
    {
      const char *path = g_ptr_array_index (names, i);
      g_autoptr(GPtrArray) methods = dyno_json_names (dyno_json_member (paths, path));

      for (guint k = 0; k < methods->len; k++)
        n += try_operation (f, g_ptr_array_index (methods, k), path);
    }
  g_assert_cmpuint (n, >, 30);
}

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);

  DYNO_TEST_SERVICE_ADD ("/server/api-matrix/developer", test_developer);
  DYNO_TEST_SERVICE_ADD ("/server/api-matrix/document", test_document);
  DYNO_TEST_SERVICE_ADD ("/server/api-matrix/foreign", test_foreign);
  DYNO_TEST_SERVICE_ADD ("/server/api-matrix/keys", test_keys);
  DYNO_TEST_SERVICE_ADD ("/server/api-matrix/nobody", test_nobody);
  DYNO_TEST_SERVICE_ADD ("/server/api-matrix/roles", test_roles);

  return g_test_run ();
}
