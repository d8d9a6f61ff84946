/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

#include "config.h"

#include "dyno-request-private.h"

#include "dyno-correlation.h"

typedef struct
{
  gpointer       data;
  GDestroyNotify free_data;
} Datum;

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
  g_clear_pointer (&self->asker, dyno_asker_unref);
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

DynoAsker *
dyno_request_get_asker (DynoRequest *self)
{
  GInetAddress *peer = dyno_request_get_peer (self);
  g_autofree char *ip = NULL;

  if (self->asker != NULL || self->principal == NULL)
    return self->asker;

  ip = peer != NULL ? g_inet_address_to_string (peer) : NULL;
  self->asker = dyno_asker_new (self->principal, ip, self->correlation);

  return self->asker;
}

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
