/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

#include "config.h"

#include "dyno-route.h"

#include <string.h>

static const char *const method_names[DYNO_N_METHODS] = {
  [DYNO_GET] = "GET",     [DYNO_POST] = "POST",     [DYNO_PUT] = "PUT",
  [DYNO_PATCH] = "PATCH", [DYNO_DELETE] = "DELETE",
};

const char *
dyno_method_name (DynoMethod method)
{
  return method_names[method];
}

gboolean
dyno_method_find (const char *name,
                  DynoMethod *method)
{
  for (guint i = 0; i < DYNO_N_METHODS; i++)
    {
      if (g_str_equal (method_names[i], name))
        {
          *method = (DynoMethod) i;
          return TRUE;
        }
    }

  return FALSE;
}

DynoLimitClass
dyno_route_get_limit (const DynoRoute *route)
{
  if (route->limit != 0)
    return (DynoLimitClass) (route->limit - 1);
  if (route->flags & DYNO_ROUTE_STREAM)
    return DYNO_LIMIT_STREAM;
  if (route->access.kind == DYNO_ACCESS_OPEN)
    return DYNO_LIMIT_OPEN;

  return route->method == DYNO_GET ? DYNO_LIMIT_READ : DYNO_LIMIT_DEFAULT;
}

DynoPriority
dyno_route_get_priority (const DynoRoute *route)
{
  if (route->priority != 0)
    return (DynoPriority) (route->priority - 1);

  switch ((int) dyno_route_get_limit (route))
    {
    case DYNO_LIMIT_LIVE:
    case DYNO_LIMIT_STREAM:
    case DYNO_LIMIT_LOGIN:
    case DYNO_LIMIT_REFRESH:
      return DYNO_PRIORITY_PROMPT;
    case DYNO_LIMIT_ANALYZE:
    case DYNO_LIMIT_UPLOAD:
    case DYNO_LIMIT_HEAVY:
      return DYNO_PRIORITY_HEAVY;
    default:
      return DYNO_PRIORITY_ORDINARY;
    }
}

guint
dyno_route_status (const DynoRoute *route)
{
  if (route->status != 0)
    return route->status;

  return route->method == DYNO_DELETE ? 204 : 200;
}

gint64
dyno_route_deadline_us (const DynoRoute *route)
{
  if (route->flags & DYNO_ROUTE_STREAM)
    return 0;

  return (route->deadline_s != 0 ? route->deadline_s : 10) * G_USEC_PER_SEC;
}

gboolean
dyno_route_has_if_match (const DynoRoute *route)
{
  if (route->flags & DYNO_ROUTE_NO_IF_MATCH)
    return FALSE;
  if (route->flags & DYNO_ROUTE_IF_MATCH)
    return TRUE;

  return route->method == DYNO_PUT || route->method == DYNO_PATCH
         || route->method == DYNO_DELETE;
}

gboolean
dyno_route_takes_key (const DynoRoute *route)
{
  return route->method == DYNO_POST && !(route->flags & (DYNO_ROUTE_NO_KEY | DYNO_ROUTE_STREAM));
}

gboolean
dyno_route_has_body (const DynoRoute *route)
{
  return route->body != NULL || (route->flags & DYNO_ROUTE_UPLOAD) != 0;
}

/* One segment of a template as a part of a name: "{id}" is ById, "reset-code" is
 * ResetCode. */
static void
append_camel (GString    *name,
              const char *segment)
{
  gboolean is_first = TRUE;

  if (segment[0] == '{')
    g_string_append (name, "By");
  for (const char *p = segment; *p != '\0'; p++)
    {
      if (!g_ascii_isalnum (*p))
        {
          is_first = TRUE;
          continue;
        }
      g_string_append_c (name, is_first ? g_ascii_toupper (*p) : *p);
      is_first = FALSE;
    }
}

char *
dyno_route_operation_id (const DynoRoute *route)
{
  const char *path = route->path;
  g_autofree char *method = g_ascii_strdown (dyno_method_name (route->method), -1);
  GString *name = g_string_new (method);
  g_auto(GStrv) segments = NULL;

  if (g_str_has_prefix (path, "/api/v1/"))
    path += strlen ("/api/v1");
  segments = g_strsplit (path, "/", -1);
  for (guint i = 0; segments[i] != NULL; i++)
    append_camel (name, segments[i]);

  return g_string_free (name, FALSE);
}

/* Every {name} of a path has its row in `args`. */
static char *
find_mistake_in_path (const DynoRoute *route,
                      const char      *path)
{
  g_auto(GStrv) segments = g_strsplit (path, "/", -1);

  if (path[0] != '/')
    return g_strdup_printf ("%s: a path begins with /", path);

  for (guint i = 0; segments[i] != NULL; i++)
    {
      gsize length = strlen (segments[i]);
      g_autofree char *name = NULL;

      if (segments[i][0] != '{')
        continue;
      if (length < 3 || segments[i][length - 1] != '}')
        return g_strdup_printf ("%s: “%s” is no {name}", path, segments[i]);
      name = g_strndup (segments[i] + 1, length - 2);
      if (dyno_fields_find (route->args, name) == NULL)
        return g_strdup_printf ("%s: {%s} has no row in .args", path, name);
    }

  return NULL;
}

static char *
find_mistake_in_fields (const DynoRoute *route,
                        const DynoField *fields)
{
  for (const DynoField *field = fields; field != NULL && field->name != NULL; field++)
    {
      if (field->type.kind == DYNO_KIND_NONE)
        return g_strdup_printf ("%s: field “%s” has no type", route->path, field->name);
      if (field->meaning == NULL)
        return g_strdup_printf ("%s: field “%s” has no meaning", route->path, field->name);
      if (fields != route->args && dyno_fields_find (route->args, field->name) != NULL)
        return g_strdup_printf ("%s: “%s” is a name of the path, too", route->path, field->name);
    }

  return NULL;
}

static const char *
find_missing (const DynoRoute *route)
{
  if (route->access.kind == DYNO_ACCESS_NONE)
    return "nobody decided who may";
  if (route->handler == NULL)
    return "there is no handler";
  if (route->summary == NULL)
    return "there is no summary";
  if (route->body != NULL && route->flags & DYNO_ROUTE_UPLOAD)
    return "a body is fields or an upload, not both";
  if (route->method == DYNO_GET && dyno_route_has_body (route))
    return "GET has no body";

  return NULL;
}

char *
dyno_route_find_mistake (const DynoRoute *route)
{
  const char *missing = find_missing (route);
  char *mistake = missing != NULL ? g_strdup_printf ("%s: %s", route->path, missing) : NULL;

  if (mistake == NULL)
    mistake = find_mistake_in_path (route, route->path);
  for (guint i = 0; mistake == NULL && route->aliases != NULL && route->aliases[i] != NULL; i++)
    mistake = find_mistake_in_path (route, route->aliases[i]);
  if (mistake == NULL)
    mistake = find_mistake_in_fields (route, route->args);
  if (mistake == NULL)
    mistake = find_mistake_in_fields (route, route->query);
  if (mistake == NULL)
    mistake = find_mistake_in_fields (route, route->body);

  return mistake;
}

static void
check_list (const DynoRoute *route,
            const DynoJson  *list,
            const char      *pointer,
            DynoFlaws       *flaws)
{
  DynoType element = DYNO_OBJECT (route->reply);
  DynoType type = { .kind = DYNO_KIND_ARRAY, .max = G_MAXUINT, .element = &element };

  dyno_type_check (&type, DYNO_GOING_OUT, list, pointer, flaws);
}

void
dyno_route_check_reply (const DynoRoute *route,
                        const DynoJson  *json,
                        DynoFlaws       *flaws)
{
  if (route->reply == NULL)
    dyno_flaws_add (flaws, "", "unknown", "The row names no reply.");
  else if (route->flags & DYNO_ROUTE_PAGE)
    check_list (route, dyno_json_member (json, "items"), "/items", flaws);
  else if (route->flags & DYNO_ROUTE_LIST)
    check_list (route, json, "", flaws);
  else
    dyno_fields_check (route->reply->fields, DYNO_GOING_OUT, json, "", flaws);
}
