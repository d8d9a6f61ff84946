/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

#include "config.h"

#include "dyno-test-api.h"

#include <string.h>

#include "dyno-await.h"
#include "dyno-error.h"
#include "dyno-idempotency.h"
#include "dyno-openapi.h"
#include "dyno-origin.h"
#include "dyno-test.h"

#define PATIENCE_S 30 /* a client that waits longer fails the test */

struct _DynoTestApi
{
  DynoService   service;
  DynoPipeline *pipeline; /* (owned) */
  DynoServer   *server;   /* (owned) */
  char         *folder;   /* (owned) */
  SoupSession  *session;  /* (owned) */
  GHashTable   *kept;     /* (owned) (thread dyno-server) name of a change to DynoReplyRecord */
  guint         n_ends;   /* (atomic) */
};

/* thread dyno-server: who asks, what is kept */

static DynoVerdict
authenticate (DynoRequest *request,
              gpointer     data)
{
  const char *role = dyno_request_get_header (request, "X-Test-Role");
  g_autoptr(DynoPrincipal) principal = NULL;

  if (role == NULL)
    return DYNO_VERDICT_PASS;

  principal = g_str_equal (role, "owner") ? dyno_principal_new_owner ()
                                          : dyno_principal_new (DYNO_PRINCIPAL_USER);
  if (principal->kind == DYNO_PRINCIPAL_USER)
    {
      g_assert_true (dyno_role_find (role, &principal->role));
      principal->scopes = dyno_role_scopes (principal->role);
      principal->user_id = g_strdup ("usr_0aZ9bY8cX7dW6eV5fU4g");
      principal->auth_time_ms =
        dyno_request_get_header (request, "X-Test-Stale") != NULL ? 1 : G_MAXINT64 / 1000;
    }
  dyno_request_set_principal (request, principal);

  return DYNO_VERDICT_PASS;
}

static gboolean
resume_cb (gpointer data)
{
  dyno_pipeline_resume (data);

  return G_SOURCE_REMOVE;
}

/* Room comes some turns later. */
static DynoVerdict
admit (DynoRequest *request,
       gpointer     data)
{
  g_autoptr(GSource) source = NULL;

  if (dyno_request_get_header (request, "X-Test-Wait") == NULL)
    return DYNO_VERDICT_PASS;

  source = g_timeout_source_new (20);
  g_source_set_callback (source, resume_cb, dyno_request_ref (request),
                         (GDestroyNotify) dyno_request_unref);
  g_source_attach (source, g_main_context_get_thread_default ());

  return DYNO_VERDICT_WAIT;
}

static void
finished (DynoRequest *request,
          guint        status,
          gint64       duration_us,
          gpointer     data)
{
  DynoTestApi *self = data;

  g_atomic_int_inc (&self->n_ends);
}

static const DynoPipelineHooks hooks = {
  .admit = admit,
  .authenticate = authenticate,
  .finished = finished,
};

static char *
name_of (const DynoAsker *asker)
{
  return g_strjoin ("\n", asker->once_method, asker->once_route, asker->once_key, NULL);
}

static void
find_async (gpointer             data,
            const DynoAsker     *asker,
            GAsyncReadyCallback  callback,
            gpointer             user_data)
{
  DynoTestApi *self = data;
  g_autoptr(GTask) task = g_task_new (NULL, NULL, callback, user_data);
  g_autofree char *name = name_of (asker);
  DynoReplyRecord *kept = g_hash_table_lookup (self->kept, name);

  if (kept != NULL)
    g_task_return_pointer (task, dyno_reply_record_copy (kept),
                           (GDestroyNotify) dyno_reply_record_free);
  else
    g_task_return_error (task, g_error_new_literal (DYNO_ERROR, DYNO_ERROR_NOT_FOUND, "No mark"));
}

static DynoReplyRecord *
find_finish (gpointer       data,
             GAsyncResult  *result,
             GError       **error)
{
  return g_task_propagate_pointer (G_TASK (result), error);
}

static void
complete_async (gpointer             data,
                const DynoAsker     *asker,
                int                  status,
                const char          *headers,
                GBytes              *body,
                GAsyncReadyCallback  callback,
                gpointer             user_data)
{
  DynoTestApi *self = data;
  g_autoptr(GTask) task = g_task_new (NULL, NULL, callback, user_data);
  DynoReplyRecord *record = g_new0 (DynoReplyRecord, 1);

  record->status = status;
  record->headers = g_strdup (headers);
  record->body = body != NULL ? g_bytes_ref (body) : NULL;
  memcpy (record->fingerprint, asker->once_sum, sizeof record->fingerprint);
  g_hash_table_insert (self->kept, name_of (asker), record);
  g_task_return_boolean (task, TRUE);
}

static gboolean
complete_finish (gpointer       data,
                 GAsyncResult  *result,
                 GError       **error)
{
  return g_task_propagate_boolean (G_TASK (result), error);
}

static const DynoIdempotencyStore store = { find_async, find_finish, complete_async,
                                            complete_finish };

/* thread of the test */

static void
fill_service (DynoTestApi                 *self,
              const DynoRouteTable *const *tables,
              DynoShop                    *shop)
{
  static const char *const origins[] = { "https://board.example", NULL };
  DynoOriginOptions options = { NULL, origins };
  DynoService *service = &self->service;

  service->shop = shop;
  service->clock = dyno_clock_get_system ();
  service->router = dyno_router_new (tables);
  service->openapi = dyno_openapi_new (tables);
  service->origin = dyno_origin_new (&options, NULL);
  service->idempotency = shop != NULL ? dyno_idempotency_new (&dyno_idempotency_in_shop, shop)
                                      : dyno_idempotency_new (&store, self);
  service->upload_folder = self->folder;
  service->max_upload = 1024 * 1024;
  service->is_checked = TRUE;
}

static void
start_server (DynoTestApi *self)
{
  static const char *const addresses[] = { "127.0.0.1", NULL };
  DynoServerOptions options = { .addresses = addresses, .runtime_folder = self->folder };
  g_autoptr(DynoAwait) await = dyno_await_new ();
  g_autoptr(GError) error = NULL;

  self->server = dyno_server_new (&options, &dyno_pipeline_callbacks, self->pipeline);
  dyno_server_start_async (self->server, dyno_await_cb, await);
  g_assert_true (dyno_server_start_finish (self->server, dyno_await_wait (await), &error));
  g_assert_no_error (error);
}

DynoTestApi *
dyno_test_api_start (const DynoRouteTable *const *tables,
                     DynoShop                    *shop)
{
  DynoTestApi *self = g_new0 (DynoTestApi, 1);

  self->folder = dyno_test_make_folder ();
  self->kept = g_hash_table_new_full (g_str_hash, g_str_equal, g_free,
                                      (GDestroyNotify) dyno_reply_record_free);
  fill_service (self, tables, shop);
  self->pipeline = dyno_pipeline_new (&self->service, &hooks, self);
  self->session = soup_session_new_with_options ("timeout", PATIENCE_S, NULL);
  start_server (self);

  return self;
}

void
dyno_test_api_free (DynoTestApi *self)
{
  g_autoptr(DynoAwait) await = dyno_await_new ();

  g_clear_object (&self->session);
  dyno_server_stop_async (self->server, 0, dyno_await_cb, await);
  g_assert_true (dyno_server_stop_finish (self->server, dyno_await_wait (await), NULL));
  g_clear_pointer (&self->server, dyno_server_unref);
  g_clear_pointer (&self->pipeline, dyno_pipeline_free);
  dyno_router_free (self->service.router);
  dyno_openapi_free (self->service.openapi);
  dyno_origin_free (self->service.origin);
  dyno_idempotency_free (self->service.idempotency);
  g_clear_pointer (&self->kept, g_hash_table_unref);
  dyno_test_remove_folder (self->folder);
  g_clear_pointer (&self->folder, g_free);
  g_free (self);
}

static void
put_headers (SoupMessageHeaders *headers,
             va_list             args)
{
  const char *name;

  while ((name = va_arg (args, const char *)) != NULL)
    soup_message_headers_replace (headers, name, va_arg (args, const char *));
}

static void
put_body (SoupMessage *message,
          const char  *body)
{
  SoupMessageHeaders *headers = soup_message_get_request_headers (message);
  g_autofree char *type = g_strdup (soup_message_headers_get_one (headers, "Content-Type"));
  g_autoptr(GBytes) bytes = g_bytes_new (body, strlen (body));

  soup_message_set_request_body_from_bytes (message, type != NULL ? type : "application/json",
                                            bytes);
}

static DynoTestReply *
reply_new (SoupMessage *message,
           GBytes      *bytes)
{
  DynoTestReply *reply = g_new0 (DynoTestReply, 1);
  const char *type;

  reply->status = soup_message_get_status (message);
  reply->headers = soup_message_headers_ref (soup_message_get_response_headers (message));
  reply->body = g_strndup (g_bytes_get_data (bytes, NULL), g_bytes_get_size (bytes));
  reply->length = g_bytes_get_size (bytes);
  type = soup_message_headers_get_content_type (reply->headers, NULL);
  if (type != NULL && g_str_has_suffix (type, "json") && reply->length > 0)
    reply->json = dyno_json_parse_limited (reply->body, -1, &dyno_json_limits_own, NULL);

  return reply;
}

DynoTestReply *
dyno_test_http_ask (SoupSession *session,
                    const char  *url,
                    const char  *method,
                    const char  *target,
                    const char  *body,
                    const char  *client,
                    va_list      headers)
{
  g_autofree char *uri = g_strconcat (url, target, NULL);
  g_autoptr(SoupMessage) message = soup_message_new (method, uri);
  g_autoptr(GError) error = NULL;
  g_autoptr(GBytes) bytes = NULL;

  if (client != NULL)
    soup_message_headers_replace (soup_message_get_request_headers (message), "X-Forwarded-For",
                                  client);
  put_headers (soup_message_get_request_headers (message), headers);
  if (body != NULL)
    put_body (message, body);
  bytes = soup_session_send_and_read (session, message, NULL, &error);
  g_assert_no_error (error);

  return reply_new (message, bytes);
}

DynoTestReply *
dyno_test_api_ask (DynoTestApi *self,
                   const char  *method,
                   const char  *target,
                   const char  *body,
                   ...)
{
  g_autofree char *url = g_strdup_printf ("http://127.0.0.1:%u", dyno_test_api_get_port (self));
  DynoTestReply *reply;
  va_list args;

  va_start (args, body);
  reply = dyno_test_http_ask (self->session, url, method, target, body, NULL, args);
  va_end (args);

  return reply;
}

void
dyno_test_reply_free (DynoTestReply *self)
{
  g_clear_pointer (&self->headers, soup_message_headers_unref);
  g_clear_pointer (&self->body, g_free);
  g_clear_pointer (&self->json, dyno_json_free);
  g_free (self);
}

const char *
dyno_test_reply_code (DynoTestReply *self)
{
  return dyno_json_get_string (dyno_json_member (self->json, "error"), "code");
}

const char *
dyno_test_reply_header (DynoTestReply *self,
                        const char    *name)
{
  return soup_message_headers_get_list (self->headers, name);
}

guint16
dyno_test_api_get_port (DynoTestApi *self)
{
  return dyno_server_get_port (self->server, DYNO_LISTENER_LOOPBACK);
}

DynoService *
dyno_test_api_get_service (DynoTestApi *self)
{
  return &self->service;
}

guint
dyno_test_api_count_ends (DynoTestApi *self)
{
  return (guint) g_atomic_int_get (&self->n_ends);
}
