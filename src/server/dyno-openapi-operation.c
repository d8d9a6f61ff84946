/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

#include "config.h"

#include "dyno-openapi-private.h"

#include "dyno-request-private.h"

/* {"$ref":"#/components/<kind>/<name>"} */
static void
write_ref (DynoJsonWriter *w,
           GHashTable     *used,
           const char     *kind,
           const char     *name)
{
  g_autofree char *ref = g_strconcat ("#/components/", kind, "/", name, NULL);

  dyno_json_writer_begin_object (w);
  dyno_json_writer_add_string (w, "$ref", ref);
  dyno_json_writer_end_object (w);
  g_hash_table_add (used, g_strdup (name));
}

static void
write_parameter (DynoJsonWriter  *w,
                 const char      *where,
                 const DynoField *field)
{
  DynoField schema = *field;
  gboolean is_path = g_str_equal (where, "path");

  /* The meaning is the parameter's, not its schema's. */
  schema.meaning = NULL;
  dyno_json_writer_begin_object (w);
  dyno_json_writer_add_string (w, "name", field->name);
  dyno_json_writer_add_string (w, "in", where);
  dyno_json_writer_add_boolean (w, "required", is_path || field->flags & DYNO_REQUIRED);
  dyno_json_writer_add_string (w, "description", field->meaning);
  if (field->type.kind == DYNO_KIND_ARRAY)
    dyno_json_writer_add_boolean (w, "explode", FALSE);
  dyno_json_writer_name (w, "schema");
  dyno_schema_write_field (w, DYNO_COMING_IN, &schema);
  dyno_json_writer_end_object (w);
}

static void
write_query (DynoJsonWriter  *w,
             const DynoField *fields)
{
  for (const DynoField *field = fields; field != NULL && field->name != NULL; field++)
    write_parameter (w, "query", field);
}

static void
write_path (DynoJsonWriter  *w,
            const DynoField *fields,
            const char      *path)
{
  for (const DynoField *field = fields; field != NULL && field->name != NULL; field++)
    {
      g_autofree char *place = g_strdup_printf ("{%s}", field->name);

      if (strstr (path, place) != NULL)
        write_parameter (w, "path", field);
    }
}

/* Headers that a client may or must send. */
static void
write_headers (DynoJsonWriter  *w,
               const DynoRoute *route,
               GHashTable      *used)
{
  write_ref (w, used, "parameters", "CorrelationId");
  if (!(route->flags & DYNO_ROUTE_STREAM))
    write_ref (w, used, "parameters", "RequestTimeout");
  if (route->method == DYNO_GET && route->args != NULL)
    write_ref (w, used, "parameters", "IfNoneMatch");
  if (dyno_route_has_if_match (route))
    write_ref (w, used, "parameters", "IfMatch");
  if (dyno_route_takes_key (route))
    write_ref (w, used, "parameters",
               route->flags & DYNO_ROUTE_IDEMPOTENT ? "IdempotencyKeyRequired" : "IdempotencyKey");
}

static void
write_parameters (DynoJsonWriter        *w,
                  const DynoOperationId *operation,
                  GHashTable            *used)
{
  const DynoRoute *route = operation->route;

  dyno_json_writer_name (w, "parameters");
  dyno_json_writer_begin_array (w);
  write_path (w, route->args, operation->path);
  write_query (w, route->query);
  if (route->flags & DYNO_ROUTE_PAGE)
    write_query (w, dyno_page_fields);
  write_headers (w, route, used);
  dyno_json_writer_end_array (w);
}

#define FORM "multipart/form-data"

/* "text/csv":{"schema":{…}} for each type between bars; of a form write_upload () says
 * what it holds. */
static void
write_bytes (DynoJsonWriter *w,
             const char     *media)
{
  g_auto(GStrv) types = g_strsplit (media, "|", -1);

  for (guint i = 0; types[i] != NULL; i++)
    {
      if (g_str_equal (types[i], FORM))
        continue;
      dyno_json_writer_name (w, types[i]);
      dyno_json_writer_raw (w, g_str_has_prefix (types[i], "text/")
                                 ? "{\"schema\":{\"type\":\"string\"}}"
                                 : "{\"schema\":{\"type\":\"string\",\"format\":\"binary\"}}");
    }
}

static void
write_upload (DynoJsonWriter  *w,
              const DynoRoute *route)
{
  write_bytes (w, route->body_media != NULL ? route->body_media : "application/octet-stream");
  if (!(route->flags & DYNO_ROUTE_MULTIPART))
    return;

  dyno_json_writer_name (w, FORM);
  dyno_json_writer_raw (w, "{\"schema\":{\"type\":\"object\",\"required\":[\"file\"],"
                           "\"properties\":{\"file\":{\"type\":\"string\",\"format\":\"binary\"}}}}");
}

static void
write_body (DynoJsonWriter  *w,
            const DynoRoute *route)
{
  if (!dyno_route_has_body (route))
    return;

  dyno_json_writer_name (w, "requestBody");
  dyno_json_writer_begin_object (w);
  dyno_json_writer_add_boolean (w, "required", !(route->flags & DYNO_ROUTE_BODY_OPTIONAL));
  dyno_json_writer_name (w, "content");
  dyno_json_writer_begin_object (w);
  if (route->flags & DYNO_ROUTE_UPLOAD)
    write_upload (w, route);
  else
    {
      dyno_json_writer_name (w, "application/json");
      dyno_json_writer_begin_object (w);
      dyno_json_writer_name (w, "schema");
      dyno_schema_write_fields (w, DYNO_COMING_IN, route->body, NULL);
      dyno_json_writer_end_object (w);
    }
  dyno_json_writer_end_object (w);
  dyno_json_writer_end_object (w);
}

static void
write_list_schema (DynoJsonWriter   *w,
                   const DynoSchema *schema)
{
  dyno_json_writer_begin_object (w);
  dyno_json_writer_add_string (w, "type", "array");
  dyno_json_writer_name (w, "items");
  dyno_schema_write_ref (w, DYNO_GOING_OUT, schema);
  dyno_json_writer_end_object (w);
}

static void
write_page_schema (DynoJsonWriter   *w,
                   const DynoSchema *schema)
{
  dyno_json_writer_begin_object (w);
  dyno_json_writer_add_string (w, "type", "object");
  dyno_json_writer_name (w, "properties");
  dyno_json_writer_begin_object (w);
  dyno_json_writer_name (w, "items");
  write_list_schema (w, schema);
  dyno_json_writer_name (w, "next_cursor");
  dyno_json_writer_raw (w, "{\"type\":[\"string\",\"null\"],\"description\":"
                           "\"cursor of the next page; null after the last\"}");
  dyno_json_writer_end_object (w);
  dyno_json_writer_name (w, "required");
  dyno_json_writer_raw (w, "[\"items\",\"next_cursor\"]");
  dyno_json_writer_end_object (w);
}

static void
write_reply_schema (DynoJsonWriter  *w,
                    const DynoRoute *route)
{
  dyno_json_writer_name (w, "application/json");
  dyno_json_writer_begin_object (w);
  dyno_json_writer_name (w, "schema");
  if (route->flags & DYNO_ROUTE_PAGE)
    write_page_schema (w, route->reply);
  else if (route->flags & DYNO_ROUTE_LIST)
    write_list_schema (w, route->reply);
  else
    dyno_schema_write_ref (w, DYNO_GOING_OUT, route->reply);
  dyno_json_writer_end_object (w);
}

static void
write_success (DynoJsonWriter  *w,
               const DynoRoute *route)
{
  g_autofree char *status = g_strdup_printf ("%u", dyno_route_status (route));
  gboolean has_content = route->reply != NULL || route->reply_media != NULL;

  dyno_json_writer_name (w, status);
  dyno_json_writer_begin_object (w);
  dyno_json_writer_add_string (w, "description", route->summary);
  if (has_content)
    {
      dyno_json_writer_name (w, "content");
      dyno_json_writer_begin_object (w);
      if (route->reply != NULL)
        write_reply_schema (w, route);
      if (route->reply_media != NULL)
        write_bytes (w, route->reply_media);
      dyno_json_writer_end_object (w);
    }
  dyno_json_writer_end_object (w);
}

static void
write_other (DynoJsonWriter *w,
             GHashTable     *used,
             guint           status)
{
  g_autofree char *text = g_strdup_printf ("%u", status);
  g_autofree char *name = g_strdup_printf ("Error%u", status);

  dyno_json_writer_name (w, text);
  if (status >= 400)
    write_ref (w, used, "responses", name);
  else
    dyno_json_writer_raw (w, status == 304 ? "{\"description\":\"Not changed\"}"
                                           : "{\"description\":\"Another success\"}");
}

/* The status rule of service.md 2 and what the row says beside; once each, in order. */
static GArray *
list_others (const DynoRoute *route)
{
  static const guint16 always[] = { 400, 401, 403, 405, 406, 408, 413, 415, 421, 429,
                                    500, 503, 504 };
  gboolean is_seen[600] = { FALSE };
  GArray *statuses = g_array_new (FALSE, FALSE, sizeof (guint));

  for (guint i = 0; i < G_N_ELEMENTS (always); i++)
    is_seen[always[i]] = TRUE;
  is_seen[404] = route->args != NULL;
  is_seen[304] = route->method == DYNO_GET && route->args != NULL;
  is_seen[412] = is_seen[428] = dyno_route_has_if_match (route);
  if (dyno_route_takes_key (route))
    is_seen[409] = is_seen[422] = TRUE;
  for (const guint16 *also = route->also; also != NULL && *also != 0; also++)
    is_seen[*also] = TRUE;
  is_seen[dyno_route_status (route)] = FALSE;

  for (guint status = 200; status < G_N_ELEMENTS (is_seen); status++)
    {
      if (is_seen[status])
        g_array_append_val (statuses, status);
    }

  return statuses;
}

static void
write_responses (DynoJsonWriter  *w,
                 const DynoRoute *route,
                 GHashTable      *used)
{
  g_autoptr(GArray) others = list_others (route);

  dyno_json_writer_name (w, "responses");
  dyno_json_writer_begin_object (w);
  write_success (w, route);
  for (guint i = 0; i < others->len; i++)
    write_other (w, used, g_array_index (others, guint, i));
  dyno_json_writer_end_object (w);
}

static void
write_security (DynoJsonWriter  *w,
                const DynoRoute *route)
{
  dyno_json_writer_name (w, "security");
  if (route->access.kind == DYNO_ACCESS_OPEN)
    dyno_json_writer_raw (w, "[]");
  else if (route->access.kind == DYNO_ACCESS_LOOPBACK)
    dyno_json_writer_raw (w, "[{},{\"bearer\":[]},{\"key\":[]}]");
  else
    dyno_json_writer_raw (w, "[{\"bearer\":[]},{\"key\":[]}]");
}

/* "Needs runs:read and runs:write." */
static char *
say_access (const DynoRouteAccess *access)
{
  g_auto(GStrv) all = dyno_scopes_names (access->all);
  g_auto(GStrv) any = dyno_scopes_names (access->any);
  g_autofree char *both = g_strjoinv ("` and `", all);
  g_autofree char *either = g_strjoinv ("` or `", any);

  if (access->kind == DYNO_ACCESS_OPEN)
    return g_strdup ("Open to anybody.");
  if (access->kind == DYNO_ACCESS_AUTH)
    return g_strdup ("Needs a credential.");
  if (access->kind == DYNO_ACCESS_SELF)
    return g_strdup ("Needs a credential; gives out what belongs to it only.");
  if (access->kind == DYNO_ACCESS_LOOPBACK)
    return g_strdup_printf ("Open on this machine; from outside needs `%s`.", both);

  return g_strdup_printf ("Needs `%s`.", both[0] != '\0' ? both : either);
}

static void
write_words (DynoJsonWriter  *w,
             const DynoRoute *route)
{
  g_autofree char *access = say_access (&route->access);
  const char *recent = route->flags & DYNO_ROUTE_RECENT
                         ? " A person must have entered the password in the last 15 minutes." : "";
  g_autofree char *text = g_strdup_printf ("%s%s%s%s Limit class `%s`.",
                                           route->description != NULL ? route->description : "",
                                           route->description != NULL ? " " : "", access, recent,
                                           dyno_limit_class_name (dyno_route_get_limit (route)));

  dyno_json_writer_add_string (w, "summary", route->summary);
  dyno_json_writer_add_string (w, "description", text);
}

void
dyno_openapi_write_operation (DynoJsonWriter        *w,
                              const DynoOperationId *operation,
                              GHashTable            *used)
{
  const DynoRoute *route = operation->route;
  g_autofree char *id = dyno_route_operation_id (route);
  g_autofree char *alias = g_strdup_printf ("%sAlias%u", id, operation->n);
  g_autofree char *method = g_ascii_strdown (dyno_method_name (route->method), -1);

  dyno_json_writer_name (w, method);
  dyno_json_writer_begin_object (w);
  dyno_json_writer_add_string (w, "operationId", operation->n > 0 ? alias : id);
  dyno_json_writer_name (w, "tags");
  dyno_json_writer_begin_array (w);
  dyno_json_writer_string (w, operation->table->tag);
  dyno_json_writer_end_array (w);
  write_words (w, route);
  write_parameters (w, operation, used);
  write_body (w, route);
  write_responses (w, route, used);
  write_security (w, route);
  dyno_json_writer_end_object (w);
}
