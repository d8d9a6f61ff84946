/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

#include "config.h"

#include "dyno-request-private.h"

#include <math.h>
#include <string.h>

#include "dyno-correlation.h"

/* What a name of the row has: a member of the body, or a text of path, query or row. */
typedef struct
{
  const DynoJson *json; /* (nullable) */
  const char     *text; /* (nullable) */
} Value;

typedef struct
{
  gpointer       data;
  GDestroyNotify free_data;
} Datum;

const DynoField dyno_page_fields[] = {
  { "limit", DYNO_INTEGER (1, 200), 0, "How many items at most", "50" },
  { "cursor", DYNO_TEXT (1, 2000), 0, "Where the page begins: next_cursor of the one before" },
  { NULL }
};

static void
datum_free (gpointer data)
{
  Datum *datum = data;

  if (datum->free_data != NULL)
    datum->free_data (datum->data);
  g_free (datum);
}

static const char *
find_correlation (SoupMessageHeaders *headers)
{
  const char *offered = soup_message_headers_get_one (headers, "X-Correlation-ID");

  return offered != NULL ? offered : soup_message_headers_get_one (headers, "X-Request-ID");
}

DynoRequest *
dyno_request_new (const DynoService *service,
                  SoupServerMessage *message,
                  DynoConnection    *connection)
{
  SoupMessageHeaders *headers = soup_server_message_get_request_headers (message);
  DynoRequest *self = g_new0 (DynoRequest, 1);

  g_ref_count_init (&self->ref_count);
  self->service = service;
  self->message = g_object_ref (message);
  self->connection = dyno_connection_ref (connection);
  self->method = g_intern_string (dyno_connection_get_method (connection));
  self->cancellable = g_cancellable_new ();
  self->correlation = dyno_correlation_take (find_correlation (headers));
  self->started_us = dyno_clock_monotonic_us (service->clock);
  self->data = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, datum_free);

  return self;
}

DynoRequest *
dyno_request_ref (DynoRequest *self)
{
  g_ref_count_inc (&self->ref_count);

  return self;
}

static void
request_clear_what_came (DynoRequest *self)
{
  g_clear_pointer (&self->path, dyno_path_free);
  g_clear_pointer (&self->match, dyno_match_free);
  g_clear_pointer (&self->query, g_hash_table_unref);
  g_clear_pointer (&self->body, dyno_json_free);
  g_clear_pointer (&self->bytes, g_bytes_unref);
  g_clear_pointer (&self->upload, dyno_upload_unref);
  g_clear_pointer (&self->multipart, dyno_multipart_free);
  g_clear_error (&self->upload_error);
  g_clear_pointer (&self->cursor, g_free);
}

void
dyno_request_unref (DynoRequest *self)
{
  if (!g_ref_count_dec (&self->ref_count))
    return;

  g_assert (self->deadline == NULL);
  g_clear_pointer (&self->data, g_hash_table_unref);
  request_clear_what_came (self);
  g_clear_pointer (&self->principal, dyno_principal_unref);
  g_clear_object (&self->peer);
  g_clear_object (&self->cancellable);
  g_clear_pointer (&self->correlation, g_free);
  g_clear_pointer (&self->tag, g_free);
  g_clear_pointer (&self->media, g_free);
  g_clear_pointer (&self->connection, dyno_connection_unref);
  g_clear_object (&self->message);
  g_free (self);
}

DynoShop *
dyno_request_get_shop (DynoRequest *self)
{
  return self->service->shop;
}

const DynoService *
dyno_request_get_service (DynoRequest *self)
{
  return self->service;
}

GCancellable *
dyno_request_get_cancellable (DynoRequest *self)
{
  return self->cancellable;
}

/* --- what came in --- */

static const DynoField *
find_field (DynoRequest *self,
            const char  *name)
{
  const DynoRoute *route = dyno_request_get_route (self);
  const DynoField *field = dyno_fields_find (route->args, name);

  if (field == NULL)
    field = dyno_fields_find (route->body, name);
  if (field == NULL)
    field = dyno_fields_find (route->query, name);
  if (field == NULL && route->flags & DYNO_ROUTE_PAGE)
    field = dyno_fields_find (dyno_page_fields, name);
  if (field == NULL)
    g_error ("%s has no field “%s”", route->path, name);

  return field;
}

static Value
find_sent (DynoRequest *self,
           const char  *name)
{
  Value value = { NULL, g_hash_table_lookup (self->match->args, name) };

  if (value.text == NULL)
    value.json = dyno_json_member (self->body, name);
  if (value.text == NULL && value.json == NULL && self->query != NULL)
    value.text = g_hash_table_lookup (self->query, name);

  return value;
}

static Value
find_value (DynoRequest *self,
            const char  *name)
{
  const DynoField *field = find_field (self, name);
  Value value = find_sent (self, name);

  if (value.text == NULL && dyno_json_type (value.json) == DYNO_JSON_NULL)
    return (Value) { NULL, field->otherwise };

  return value;
}

gboolean
dyno_request_has (DynoRequest *self,
                  const char  *name)
{
  Value value;

  find_field (self, name);
  value = find_sent (self, name);

  return value.text != NULL || value.json != NULL;
}

const char *
dyno_request_text (DynoRequest *self,
                   const char  *name)
{
  Value value = find_value (self, name);

  return value.json != NULL ? dyno_json_string (value.json) : value.text;
}

double
dyno_request_number (DynoRequest *self,
                     const char  *name)
{
  Value value = find_value (self, name);

  if (value.json != NULL)
    return dyno_json_number (value.json, NAN);

  return value.text != NULL ? g_ascii_strtod (value.text, NULL) : NAN;
}

gint64
dyno_request_integer (DynoRequest *self,
                      const char  *name)
{
  double number = dyno_request_number (self, name);

  return isfinite (number) ? (gint64) number : 0;
}

gboolean
dyno_request_boolean (DynoRequest *self,
                      const char  *name)
{
  Value value = find_value (self, name);

  if (value.json != NULL)
    return dyno_json_boolean (value.json, FALSE);

  return value.text != NULL && dyno_field_read_boolean (value.text);
}

gint64
dyno_request_time_us (DynoRequest *self,
                      const char  *name)
{
  const char *text = dyno_request_text (self, name);
  gint64 real_us = 0;

  return text != NULL && dyno_clock_parse_utc (text, &real_us) ? real_us : 0;
}

static char **
read_texts (const DynoJson *array)
{
  GPtrArray *texts = g_ptr_array_new ();

  for (guint i = 0; i < dyno_json_n_elements (array); i++)
    g_ptr_array_add (texts, g_strdup (dyno_json_string (dyno_json_element (array, i))));
  g_ptr_array_add (texts, NULL);

  return (char **) g_ptr_array_free (texts, FALSE);
}

char **
dyno_request_texts (DynoRequest *self,
                    const char  *name)
{
  Value value = find_value (self, name);

  if (value.json != NULL)
    return read_texts (value.json);

  return value.text != NULL ? g_strsplit (value.text, ",", -1) : NULL;
}

const DynoJson *
dyno_request_value (DynoRequest *self,
                    const char  *name)
{
  return find_value (self, name).json;
}

const DynoJson *
dyno_request_get_body (DynoRequest *self)
{
  return self->body;
}

DynoUpload *
dyno_request_get_upload (DynoRequest *self)
{
  return self->upload;
}

const char *
dyno_request_get_file_name (DynoRequest *self)
{
  return self->multipart != NULL ? dyno_multipart_get_file_name (self->multipart) : NULL;
}

guint
dyno_request_get_limit (DynoRequest *self)
{
  return (guint) dyno_request_integer (self, "limit");
}

const char *
dyno_request_get_cursor (DynoRequest *self)
{
  return self->cursor;
}

gint64
dyno_request_get_version (DynoRequest *self)
{
  return self->version;
}

char *
dyno_request_filter (DynoRequest *self)
{
  g_autoptr(GList) names = g_hash_table_get_keys (self->query);
  GString *filter = g_string_new (dyno_request_get_path (self));

  names = g_list_sort (names, (GCompareFunc) strcmp);
  for (GList *l = names; l != NULL; l = l->next)
    {
      if (dyno_fields_find (dyno_page_fields, l->data) == NULL)
        g_string_append_printf (filter, "\n%s=%s", (const char *) l->data,
                                (const char *) g_hash_table_lookup (self->query, l->data));
    }

  return g_string_free (filter, FALSE);
}

/* --- who and whence --- */

DynoPrincipal *
dyno_request_get_principal (DynoRequest *self)
{
  return self->principal;
}

gboolean
dyno_request_may (DynoRequest *self,
                  DynoScope    scope)
{
  return self->principal != NULL && dyno_principal_may (self->principal, scope);
}

const DynoRoute *
dyno_request_get_route (DynoRequest *self)
{
  return self->match != NULL ? self->match->route : NULL;
}

const char *
dyno_request_get_correlation (DynoRequest *self)
{
  return self->correlation;
}

GInetAddress *
dyno_request_get_peer (DynoRequest *self)
{
  return self->peer != NULL ? self->peer : dyno_connection_get_peer (self->connection);
}

gboolean
dyno_request_is_local (DynoRequest *self)
{
  GInetAddress *peer = dyno_request_get_peer (self);

  return peer == NULL || g_inet_address_get_is_loopback (peer);
}

const char *
dyno_request_get_path (DynoRequest *self)
{
  return self->path != NULL ? self->path->path : "/";
}

const char *
dyno_request_get_method (DynoRequest *self)
{
  return self->method;
}

const char *
dyno_request_get_header (DynoRequest *self,
                         const char  *name)
{
  return soup_message_headers_get_list (soup_server_message_get_request_headers (self->message),
                                        name);
}

gint64
dyno_request_get_started_us (DynoRequest *self)
{
  return self->started_us;
}

gint64
dyno_request_get_deadline_us (DynoRequest *self)
{
  return self->deadline_us;
}

/* --- for those who join the pipeline --- */

DynoConnection *
dyno_request_get_connection (DynoRequest *self)
{
  return self->connection;
}

SoupServerMessage *
dyno_request_get_message (DynoRequest *self)
{
  return self->message;
}

void
dyno_request_set_principal (DynoRequest   *self,
                            DynoPrincipal *principal)
{
  if (principal != NULL)
    dyno_principal_ref (principal);
  g_clear_pointer (&self->principal, dyno_principal_unref);
  self->principal = principal;
}

void
dyno_request_set_peer (DynoRequest  *self,
                       GInetAddress *peer)
{
  g_set_object (&self->peer, peer);
}

gboolean
dyno_request_is_over (DynoRequest *self)
{
  return self->is_over || self->status != 0;
}

guint
dyno_request_get_status (DynoRequest *self)
{
  return self->status;
}

const char *
dyno_request_get_code (DynoRequest *self)
{
  return self->code;
}

void
dyno_request_set_data (DynoRequest    *self,
                       const char     *key,
                       gpointer        data,
                       GDestroyNotify  free_data)
{
  Datum *datum = g_new (Datum, 1);

  *datum = (Datum) { data, free_data };
  g_hash_table_insert (self->data, g_strdup (key), datum);
}

gpointer
dyno_request_get_data (DynoRequest *self,
                       const char  *key)
{
  Datum *datum = g_hash_table_lookup (self->data, key);

  return datum != NULL ? datum->data : NULL;
}
