/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

/* One request is one session with one connection: the host is looked up here, its
 * addresses are judged, and the session is given the address to connect to, so that a
 * second look-up cannot lead elsewhere. TLS still checks the name of the URL. A unix
 * socket is such an address that needs no look-up. */

#include "config.h"

#include "dyno-http.h"

#include <libsoup/soup.h>
#include <string.h>

#include "dyno-error.h"

#define TIMEOUT_MS 30000
#define MAX_BYTES (1024 * 1024)
#define CHUNK_BYTES 16384

typedef struct
{
  char              *method;      /* (owned) */
  GUri              *uri;         /* (owned) */
  char              *socket_path; /* (owned) (nullable) */
  GStrv              headers;     /* (owned) (nullable) */
  char              *content_type; /* (owned) (nullable) */
  GBytes            *body;        /* (owned) (nullable) */
  GStrv              networks;    /* (owned) (nullable) */
  guint              timeout_ms;
  gsize              max_bytes;
  DynoHttpLineFunc   line;        /* (nullable) */
  gpointer           line_data;   /* (borrowed) */

  GCancellable      *cancellable; /* (owned) ours: the caller's and the deadline end it */
  GCancellable      *outer;       /* (owned) (nullable) */
  gulong             outer_id;
  GSource           *timer;       /* (owned) */
  gboolean           is_late;
  GList             *addresses;   /* (owned) of GInetAddress, the next to try first */
  SoupSession       *session;     /* (owned) (nullable) of the attempt */
  SoupMessage       *message;     /* (owned) (nullable) */
  GInputStream      *stream;      /* (owned) (nullable) */
  GByteArray        *bytes;       /* (owned) what was read and not given */
  guint8             chunk[CHUNK_BYTES];
} Call;

static void try_next (GTask *task);

void
dyno_http_reply_free (DynoHttpReply *self)
{
  if (self == NULL)
    return;

  g_free (self->content_type);
  g_free (self->etag);
  g_clear_pointer (&self->body, g_bytes_unref);
  g_free (self);
}

static void
call_free (gpointer data)
{
  Call *call = data;

  g_free (call->method);
  g_clear_pointer (&call->uri, g_uri_unref);
  g_free (call->socket_path);
  g_strfreev (call->headers);
  g_free (call->content_type);
  g_clear_pointer (&call->body, g_bytes_unref);
  g_strfreev (call->networks);
  g_clear_object (&call->outer);
  g_object_unref (call->cancellable);
  g_list_free_full (call->addresses, g_object_unref);
  g_clear_object (&call->stream);
  g_clear_object (&call->message);
  g_clear_object (&call->session);
  g_byte_array_unref (call->bytes);
  g_free (call);
}

static Call *
call_new (const DynoHttpRequest *request)
{
  Call *call = g_new0 (Call, 1);

  call->method = g_strdup (request->method != NULL ? request->method : "GET");
  call->socket_path = g_strdup (request->socket_path);
  call->headers = g_strdupv ((char **) request->headers);
  call->content_type = g_strdup (request->content_type);
  call->body = request->body != NULL ? g_bytes_ref (request->body) : NULL;
  call->networks = g_strdupv ((char **) request->networks);
  call->timeout_ms = request->timeout_ms > 0 ? request->timeout_ms : TIMEOUT_MS;
  call->max_bytes = request->max_bytes > 0 ? request->max_bytes : MAX_BYTES;
  call->cancellable = g_cancellable_new ();
  call->bytes = g_byte_array_new ();

  return call;
}

static gboolean
is_https (const Call *call)
{
  return g_str_equal (g_uri_get_scheme (call->uri), "https");
}

/* The end */

static void
let_go (Call *call)
{
  g_source_destroy (call->timer);
  g_clear_pointer (&call->timer, g_source_unref);
  if (call->outer != NULL)
    g_cancellable_disconnect (call->outer, call->outer_id);
}

/* `reason` and `cause` say what the world did; the deadline and the caller come first. */
static void
fail (GTask        *task,
      const char   *reason,
      const GError *cause)
{
  Call *call = g_task_get_task_data (task);
  GError *error = NULL;

  let_go (call);
  if (call->is_late)
    dyno_error_set (&error, DYNO_ERROR_TIMED_OUT, NULL,
                    "%s did not answer in time. Try again later.", g_uri_get_host (call->uri));
  else if (!g_cancellable_set_error_if_cancelled (call->cancellable, &error))
    dyno_error_set (&error, DYNO_ERROR_UNAVAILABLE, reason,
                    "%s cannot be reached: %s. Check the address and the network.",
                    g_uri_get_host (call->uri), cause->message);
  g_task_return_error (task, error);
  g_object_unref (task);
}

static void
fail_with (GTask  *task,
           GError *error)
{
  let_go (g_task_get_task_data (task));
  g_task_return_error (task, error);
  g_object_unref (task);
}

static gint64
read_retry_after (SoupMessageHeaders *headers)
{
  const char *text = soup_message_headers_get_one (headers, "Retry-After");
  guint64 seconds;

  if (text == NULL || !g_ascii_string_to_unsigned (text, 10, 0, 86400, &seconds, NULL))
    return -1;

  return (gint64) seconds;
}

static void
answer (GTask *task)
{
  Call *call = g_task_get_task_data (task);
  SoupMessageHeaders *headers = soup_message_get_response_headers (call->message);
  DynoHttpReply *reply = g_new0 (DynoHttpReply, 1);

  let_go (call);
  reply->status = soup_message_get_status (call->message);
  reply->content_type = g_strdup (soup_message_headers_get_content_type (headers, NULL));
  reply->etag = g_strdup (soup_message_headers_get_one (headers, "ETag"));
  reply->retry_after_s = read_retry_after (headers);
  reply->body = g_byte_array_free_to_bytes (g_byte_array_ref (call->bytes));
  g_task_return_pointer (task, reply, (GDestroyNotify) dyno_http_reply_free);
  g_object_unref (task);
}

/* Reading */

static gboolean
gives_lines (const Call *call)
{
  return call->line != NULL && SOUP_STATUS_IS_SUCCESSFUL (soup_message_get_status (call->message));
}

static void
give_line (Call        *call,
           const guint8 *bytes,
           gsize         length)
{
  g_autofree char *line = NULL;

  if (length > 0 && bytes[length - 1] == '\r')
    length--;
  line = g_strndup ((const char *) bytes, length);
  call->line (line, length, call->line_data);
}

/* Whole lines leave; what has no end yet stays. */
static void
give_lines (Call *call)
{
  gsize begin = 0;
  const guint8 *end;

  while (!g_cancellable_is_cancelled (call->cancellable)
         && (end = memchr (call->bytes->data + begin, '\n', call->bytes->len - begin)) != NULL)
    {
      gsize length = (gsize) (end - call->bytes->data) - begin;

      give_line (call, call->bytes->data + begin, length);
      begin += length + 1;
    }
  if (begin > 0)
    g_byte_array_remove_range (call->bytes, 0, (guint) begin);
}

static void
read_end (GTask *task)
{
  Call *call = g_task_get_task_data (task);

  if (gives_lines (call) && call->bytes->len > 0)
    {
      give_line (call, call->bytes->data, call->bytes->len);
      g_byte_array_set_size (call->bytes, 0);
    }
  answer (task);
}

static void
read_cb (GObject      *source,
         GAsyncResult *result,
         gpointer      user_data)
{
  GTask *task = user_data;
  Call *call = g_task_get_task_data (task);
  g_autoptr(GError) error = NULL;
  gssize n = g_input_stream_read_finish (G_INPUT_STREAM (source), result, &error);

  if (n < 0)
    {
      fail (task, "broken", error);
      return;
    }
  if (n == 0)
    {
      read_end (task);
      return;
    }

  g_byte_array_append (call->bytes, call->chunk, (guint) n);
  if (gives_lines (call))
    give_lines (call);
  if (call->bytes->len > call->max_bytes)
    {
      dyno_error_set (&error, DYNO_ERROR_TOO_LARGE, NULL,
                      "The answer of %s is longer than %" G_GSIZE_FORMAT " bytes.",
                      g_uri_get_host (call->uri), call->max_bytes);
      fail_with (task, g_steal_pointer (&error));
      return;
    }
  g_input_stream_read_async (call->stream, call->chunk, sizeof call->chunk, G_PRIORITY_DEFAULT,
                             call->cancellable, read_cb, task);
}

/* Sending */

static gboolean
is_no_connection (const GError *error)
{
  return error->domain == G_IO_ERROR
         && (error->code == G_IO_ERROR_CONNECTION_REFUSED
             || error->code == G_IO_ERROR_HOST_UNREACHABLE
             || error->code == G_IO_ERROR_NETWORK_UNREACHABLE
             || error->code == G_IO_ERROR_TIMED_OUT);
}

static void
sent_cb (GObject      *source,
         GAsyncResult *result,
         gpointer      user_data)
{
  GTask *task = user_data;
  Call *call = g_task_get_task_data (task);
  g_autoptr(GError) error = NULL;

  call->stream = soup_session_send_finish (SOUP_SESSION (source), result, &error);
  if (call->stream != NULL)
    g_input_stream_read_async (call->stream, call->chunk, sizeof call->chunk, G_PRIORITY_DEFAULT,
                               call->cancellable, read_cb, task);
  else if (is_no_connection (error) && call->addresses != NULL)
    try_next (task);
  else
    fail (task, error->domain == G_TLS_ERROR ? "tls" : "connect", error);
}

static SoupMessage *
make_message (const Call *call)
{
  SoupMessage *message = soup_message_new_from_uri (call->method, call->uri);
  SoupMessageHeaders *headers = soup_message_get_request_headers (message);

  for (char **header = call->headers; header != NULL && header[0] != NULL; header += 2)
    soup_message_headers_replace (headers, header[0], header[1]);
  if (call->body != NULL)
    soup_message_set_request_body_from_bytes (message, call->content_type, call->body);
  soup_message_add_flags (message, SOUP_MESSAGE_NO_REDIRECT);
  soup_message_disable_feature (message, SOUP_TYPE_AUTH_MANAGER);

  return message;
}

static guint16
port_of (GUri *uri)
{
  int port = g_uri_get_port (uri);

  return (guint16) (port > 0 ? port : g_str_equal (g_uri_get_scheme (uri), "https") ? 443 : 80);
}

static void
send_to (GTask          *task,
         GSocketAddress *place)
{
  Call *call = g_task_get_task_data (task);

  g_clear_object (&call->session);
  g_clear_object (&call->message);
  call->session = g_object_new (SOUP_TYPE_SESSION,
                                "remote-connectable", place,
                                "proxy-resolver", NULL,
                                "timeout", call->timeout_ms / 1000 + 1,
                                "user-agent", "DynoAI/" DYNO_VERSION,
                                NULL);
  call->message = make_message (call);
  soup_session_send_async (call->session, call->message, G_PRIORITY_DEFAULT, call->cancellable,
                           sent_cb, task);
}

static void
try_next (GTask *task)
{
  Call *call = g_task_get_task_data (task);
  g_autoptr(GInetAddress) address = call->addresses->data;
  g_autoptr(GSocketAddress) place = g_inet_socket_address_new (address, port_of (call->uri));

  call->addresses = g_list_delete_link (call->addresses, call->addresses);
  send_to (task, place);
}

static void
send_to_socket (GTask *task)
{
  Call *call = g_task_get_task_data (task);
  g_autoptr(GSocketAddress) place = g_unix_socket_address_new (call->socket_path);

  send_to (task, place);
}

static void
resolved_cb (GObject      *source,
             GAsyncResult *result,
             gpointer      user_data)
{
  GTask *task = user_data;
  Call *call = g_task_get_task_data (task);
  g_autoptr(GError) error = NULL;

  call->addresses = g_resolver_lookup_by_name_finish (G_RESOLVER (source), result, &error);
  if (call->addresses == NULL)
    {
      fail (task, "resolve", error);
      return;
    }
  for (GList *l = call->addresses; l != NULL; l = l->next)
    {
      if (dyno_http_check_address (l->data, is_https (call), (const char *const *) call->networks,
                                   &error))
        continue;
      fail_with (task, g_steal_pointer (&error));
      return;
    }
  try_next (task);
}

/* The beginning */

static gboolean
late_cb (gpointer data)
{
  Call *call = data;

  call->is_late = TRUE;
  g_cancellable_cancel (call->cancellable);

  return G_SOURCE_REMOVE;
}

static void
outer_cancelled_cb (GCancellable *outer,
                    gpointer      inner)
{
  g_cancellable_cancel (inner);
}

static void
look_up (GTask *task)
{
  Call *call = g_task_get_task_data (task);
  g_autoptr(GResolver) resolver = g_resolver_get_default ();

  g_resolver_lookup_by_name_async (resolver, g_uri_get_host (call->uri), call->cancellable,
                                   resolved_cb, task);
}

static void
start (GTask *task)
{
  Call *call = g_task_get_task_data (task);

  call->timer = g_timeout_source_new (call->timeout_ms);
  g_source_set_callback (call->timer, late_cb, call, NULL);
  g_source_attach (call->timer, g_task_get_context (task));
  if (call->outer != NULL)
    call->outer_id = g_cancellable_connect (call->outer, G_CALLBACK (outer_cancelled_cb),
                                            g_object_ref (call->cancellable), g_object_unref);
  if (call->socket_path != NULL)
    send_to_socket (task);
  else
    look_up (task);
}

void
dyno_http_stream_async (const DynoHttpRequest *request,
                        DynoHttpLineFunc       line,
                        gpointer               line_data,
                        GCancellable          *cancellable,
                        GAsyncReadyCallback    callback,
                        gpointer               user_data)
{
  GTask *task = g_task_new (NULL, NULL, callback, user_data);
  Call *call = call_new (request);
  GError *error = NULL;

  g_task_set_source_tag (task, dyno_http_stream_async);
  g_task_set_task_data (task, call, call_free);
  call->line = line;
  call->line_data = line_data;
  call->outer = cancellable != NULL ? g_object_ref (cancellable) : NULL;
  if (!dyno_http_check_url (request->url, &error))
    {
      g_task_return_error (task, error);
      g_object_unref (task);
      return;
    }
  call->uri = g_uri_parse (request->url, SOUP_HTTP_URI_FLAGS, NULL);
  start (task);
}

DynoHttpReply *
dyno_http_stream_finish (GAsyncResult  *result,
                         GError       **error)
{
  g_return_val_if_fail (g_async_result_is_tagged (result, dyno_http_stream_async), NULL);

  return g_task_propagate_pointer (G_TASK (result), error);
}

void
dyno_http_send_async (const DynoHttpRequest *request,
                      GCancellable          *cancellable,
                      GAsyncReadyCallback    callback,
                      gpointer               user_data)
{
  dyno_http_stream_async (request, NULL, NULL, cancellable, callback, user_data);
}

DynoHttpReply *
dyno_http_send_finish (GAsyncResult  *result,
                       GError       **error)
{
  return dyno_http_stream_finish (result, error);
}

/* Judging */

gboolean
dyno_http_is_failure (const DynoHttpReply *reply,
                      const GError        *error)
{
  if (error != NULL)
    return g_error_matches (error, DYNO_ERROR, DYNO_ERROR_UNAVAILABLE)
           || g_error_matches (error, DYNO_ERROR, DYNO_ERROR_TIMED_OUT);

  return reply != NULL && reply->status >= 500;
}

gboolean
dyno_http_may_retry (const DynoHttpReply *reply,
                     const GError        *error)
{
  if (error != NULL)
    return dyno_http_is_failure (NULL, error)
           && g_strcmp0 (dyno_error_get_reason (error), "tls") != 0;

  return reply != NULL && (reply->status == 429 || (reply->status >= 502 && reply->status <= 504));
}

char *
dyno_http_library_version (void)
{
  return g_strdup_printf ("%u.%u.%u", soup_get_major_version (), soup_get_minor_version (),
                          soup_get_micro_version ());
}
