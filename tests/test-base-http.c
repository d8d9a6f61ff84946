/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

#include "config.h"

#include <libsoup/soup.h>
#include <string.h>

#include "dyno-await.h"
#include "dyno-error.h"
#include "dyno-http.h"
#include "dyno-test.h"

/* Requests to a server of the test's own, and addresses that are refused. */

typedef struct
{
  SoupServer *server; /* (owned) */
  DynoAwait  *await;  /* (owned) */
  char       *base;   /* (owned) "http://127.0.0.1:port" */
  guint       n_calls;
  char       *agent;  /* (owned) of the last request */
  char       *body;   /* (owned) of the last request */
  GPtrArray  *lines;  /* (owned) */
  GCancellable *cancellable; /* (owned) */
} Fixture;

static void
serve_lines (SoupServerMessage *message)
{
  static const char *const parts[] = { "data: a\n", "da", "ta: b\r\n\r\n", "last" };
  SoupMessageBody *body = soup_server_message_get_response_body (message);

  soup_message_headers_set_encoding (soup_server_message_get_response_headers (message),
                                     SOUP_ENCODING_CHUNKED);
  for (guint i = 0; i < G_N_ELEMENTS (parts); i++)
    soup_message_body_append (body, SOUP_MEMORY_STATIC, parts[i], strlen (parts[i]));
  soup_message_body_complete (body);
  soup_server_message_set_status (message, 200, NULL);
}

static void
serve_cb (SoupServer        *server,
          SoupServerMessage *message,
          const char        *path,
          GHashTable        *query,
          gpointer           data)
{
  Fixture *f = data;
  SoupMessageBody *sent = soup_server_message_get_request_body (message);

  f->n_calls++;
  g_free (f->agent);
  f->agent = g_strdup (soup_message_headers_get_one (
    soup_server_message_get_request_headers (message), "User-Agent"));
  g_free (f->body);
  f->body = g_strndup (sent->data != NULL ? sent->data : "", (gsize) sent->length);

  if (g_str_equal (path, "/redirect"))
    {
      soup_server_message_set_redirect (message, 302, "/ok");
    }
  else if (g_str_equal (path, "/huge"))
    {
      g_autofree char *text = g_strnfill (100000, 'x');

      soup_server_message_set_response (message, "text/plain", SOUP_MEMORY_COPY, text, 100000);
      soup_server_message_set_status (message, 200, NULL);
    }
  else if (g_str_equal (path, "/busy"))
    {
      soup_message_headers_append (soup_server_message_get_response_headers (message),
                                   "Retry-After", "7");
      soup_server_message_set_status (message, 503, NULL);
    }
  else if (g_str_equal (path, "/lines"))
    {
      serve_lines (message);
    }
  else if (g_str_equal (path, "/hang"))
    {
      soup_server_message_pause (message);
    }
  else if (g_str_equal (path, "/auth"))
    {
      soup_message_headers_append (soup_server_message_get_response_headers (message),
                                   "WWW-Authenticate", "Basic realm=\"x\"");
      soup_server_message_set_status (message, 401, NULL);
    }
  else
    {
      soup_server_message_set_response (message, "application/json; charset=utf-8",
                                        SOUP_MEMORY_STATIC, "{}", 2);
      soup_server_message_set_status (message, 200, NULL);
    }
}

static void
set_up (Fixture      *f,
        gconstpointer unused)
{
  g_autoptr(GError) error = NULL;
  GSList *uris;

  f->await = dyno_await_new (); /* its context is the server's too */
  f->server = soup_server_new (NULL, NULL);
  soup_server_add_handler (f->server, NULL, serve_cb, f, NULL);
  g_assert_true (soup_server_listen_local (f->server, 0, SOUP_SERVER_LISTEN_IPV4_ONLY, &error));
  g_assert_no_error (error);
  uris = soup_server_get_uris (f->server);
  f->base = g_strdup_printf ("http://127.0.0.1:%d", g_uri_get_port (uris->data));
  g_slist_free_full (uris, (GDestroyNotify) g_uri_unref);
  f->lines = g_ptr_array_new_with_free_func (g_free);
  f->cancellable = g_cancellable_new ();
}

static void
tear_down (Fixture      *f,
           gconstpointer unused)
{
  soup_server_disconnect (f->server);
  g_object_unref (f->server);
  dyno_await_free (f->await);
  g_free (f->base);
  g_free (f->agent);
  g_free (f->body);
  g_ptr_array_unref (f->lines);
  g_object_unref (f->cancellable);
}

static DynoHttpReply *
ask (Fixture          *f,
     const char       *path,
     DynoHttpRequest   request,
     GError          **error)
{
  g_autofree char *url = g_strconcat (f->base, path, NULL);

  request.url = url;
  dyno_http_send_async (&request, f->cancellable, dyno_await_cb, f->await);

  return dyno_http_send_finish (dyno_await_wait (f->await), error);
}

static void
test_send (Fixture      *f,
           gconstpointer unused)
{
  g_autoptr(GBytes) body = g_bytes_new_static ("[1]", 3);
  g_autoptr(GError) error = NULL;
  g_autoptr(DynoHttpReply) reply = ask (f, "/ok", (DynoHttpRequest){ .method = "POST",
                                                                     .content_type = "text/x",
                                                                     .body = body }, &error);

  g_assert_no_error (error);
  g_assert_cmpuint (reply->status, ==, 200);
  g_assert_cmpstr (reply->content_type, ==, "application/json");
  g_assert_cmpmem (g_bytes_get_data (reply->body, NULL), g_bytes_get_size (reply->body), "{}", 2);
  g_assert_cmpint (reply->retry_after_s, ==, -1);
  g_assert_cmpstr (f->body, ==, "[1]");
  g_assert_true (g_str_has_prefix (f->agent, "DynoAI/"));
}

/* Where a reply points to elsewhere, nobody goes; a password is not asked for. */
static void
test_no_redirect (Fixture      *f,
                  gconstpointer unused)
{
  g_autoptr(DynoHttpReply) reply = ask (f, "/redirect", (DynoHttpRequest){ 0 }, NULL);
  g_autoptr(DynoHttpReply) auth = ask (f, "/auth", (DynoHttpRequest){ 0 }, NULL);

  g_assert_cmpuint (reply->status, ==, 302);
  g_assert_cmpuint (auth->status, ==, 401);
  g_assert_cmpuint (f->n_calls, ==, 2);
}

static void
test_too_large (Fixture      *f,
                gconstpointer unused)
{
  g_autoptr(GError) error = NULL;
  g_autoptr(DynoHttpReply) fits = ask (f, "/huge", (DynoHttpRequest){ .max_bytes = 100000 }, NULL);

  g_assert_cmpuint (g_bytes_get_size (fits->body), ==, 100000);
  g_assert_null (ask (f, "/huge", (DynoHttpRequest){ .max_bytes = 99999 }, &error));
  g_assert_error (error, DYNO_ERROR, DYNO_ERROR_TOO_LARGE);
}

static void
test_busy (Fixture      *f,
           gconstpointer unused)
{
  g_autoptr(DynoHttpReply) reply = ask (f, "/busy", (DynoHttpRequest){ 0 }, NULL);

  g_assert_cmpuint (reply->status, ==, 503);
  g_assert_cmpint (reply->retry_after_s, ==, 7);
  g_assert_true (dyno_http_is_failure (reply, NULL));
  g_assert_true (dyno_http_may_retry (reply, NULL));
  reply->status = 404;
  g_assert_false (dyno_http_is_failure (reply, NULL));
  g_assert_false (dyno_http_may_retry (reply, NULL));
}

static void
test_late (Fixture      *f,
           gconstpointer unused)
{
  g_autoptr(GError) error = NULL;

  g_assert_null (ask (f, "/hang", (DynoHttpRequest){ .timeout_ms = 100 }, &error));
  g_assert_error (error, DYNO_ERROR, DYNO_ERROR_TIMED_OUT);
  g_assert_true (dyno_http_is_failure (NULL, error));
}

static gboolean
cancel_cb (gpointer cancellable)
{
  g_cancellable_cancel (cancellable);

  return G_SOURCE_REMOVE;
}

static void
test_cancel (Fixture      *f,
             gconstpointer unused)
{
  g_autoptr(GError) error = NULL;
  g_autoptr(GError) before = NULL;
  g_autoptr(GSource) source = NULL;

  source = g_timeout_source_new (50);
  g_source_set_callback (source, cancel_cb, f->cancellable, NULL);
  g_source_attach (source, g_main_context_get_thread_default ());
  g_assert_null (ask (f, "/hang", (DynoHttpRequest){ 0 }, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
  g_assert_false (dyno_http_is_failure (NULL, error));
  g_assert_null (ask (f, "/ok", (DynoHttpRequest){ 0 }, &before));
  g_assert_error (before, G_IO_ERROR, G_IO_ERROR_CANCELLED);
}

static void
test_nobody_there (Fixture      *f,
                   gconstpointer unused)
{
  g_autoptr(GError) error = NULL;

  soup_server_disconnect (f->server);
  g_assert_null (ask (f, "/ok", (DynoHttpRequest){ 0 }, &error));
  g_assert_error (error, DYNO_ERROR, DYNO_ERROR_UNAVAILABLE);
  g_assert_cmpstr (dyno_error_get_reason (error), ==, "connect");
  g_assert_true (dyno_http_may_retry (NULL, error));
}

/* A socket is asked instead of the URL's host, and its absence is told. */
static void
test_socket (Fixture      *f,
             gconstpointer unused)
{
  g_autofree char *folder = dyno_test_make_folder ();
  g_autofree char *path = g_build_filename (folder, "s", NULL);
  g_autoptr(GSocketAddress) place = g_unix_socket_address_new (path);
  g_autoptr(GError) error = NULL;
  g_autoptr(DynoHttpReply) reply = NULL;
  DynoHttpRequest request = { .url = "http://localhost/ok", .socket_path = path };

  g_assert_true (soup_server_listen (f->server, place, 0, &error));
  g_assert_no_error (error);
  dyno_http_send_async (&request, NULL, dyno_await_cb, f->await);
  reply = dyno_http_send_finish (dyno_await_wait (f->await), &error);
  g_assert_no_error (error);
  g_assert_cmpuint (reply->status, ==, 200);
  g_assert_cmpuint (f->n_calls, ==, 1);

  soup_server_disconnect (f->server);
  dyno_http_send_async (&request, NULL, dyno_await_cb, f->await);
  g_assert_null (dyno_http_send_finish (dyno_await_wait (f->await), &error));
  g_assert_error (error, DYNO_ERROR, DYNO_ERROR_UNAVAILABLE);
  g_assert_cmpstr (dyno_error_get_reason (error), ==, "connect");
  dyno_test_remove_folder (folder);
}

static gboolean
babble_cb (GSocketService    *service,
           GSocketConnection *connection,
           GObject           *source,
           gpointer           unused)
{
  static const char text[] = "HTTP/1.1 400 Bad Request\r\n\r\n";
  GOutputStream *output = g_io_stream_get_output_stream (G_IO_STREAM (connection));

  g_output_stream_write_all (output, text, strlen (text), NULL, NULL, NULL);
  g_io_stream_close (G_IO_STREAM (connection), NULL, NULL);

  return TRUE;
}

/* Plain HTTP where TLS is asked for. */
static void
test_no_tls (Fixture      *f,
             gconstpointer unused)
{
  g_autoptr(GSocketService) service = g_socket_service_new ();
  guint16 port = g_socket_listener_add_any_inet_port (G_SOCKET_LISTENER (service), NULL, NULL);
  g_autofree char *url = g_strdup_printf ("https://127.0.0.1:%u/", port);
  DynoHttpRequest request = { .url = url, .timeout_ms = 20000 };
  g_autoptr(GError) error = NULL;

#ifdef __SANITIZE_ADDRESS__
  g_socket_listener_close (G_SOCKET_LISTENER (service));
  g_test_skip ("the leak sanitizer falls over the thread data of the TLS module");
  return;
#endif
  g_signal_connect (service, "incoming", G_CALLBACK (babble_cb), NULL);
  dyno_http_send_async (&request, NULL, dyno_await_cb, f->await);
  g_assert_null (dyno_http_send_finish (dyno_await_wait (f->await), &error));
  g_assert_error (error, DYNO_ERROR, DYNO_ERROR_UNAVAILABLE);
  g_assert_cmpstr (dyno_error_get_reason (error), ==, "tls");
  g_assert_false (dyno_http_may_retry (NULL, error));
  g_socket_service_stop (service);
  g_socket_listener_close (G_SOCKET_LISTENER (service));
}

static void
line_cb (const char *line,
         gsize       length,
         gpointer    data)
{
  Fixture *f = data;

  g_assert_cmpuint (strlen (line), ==, length);
  g_ptr_array_add (f->lines, g_strdup (line));
}

static DynoHttpReply *
stream (Fixture     *f,
        const char  *path,
        gsize        max_bytes,
        GError     **error)
{
  g_autofree char *url = g_strconcat (f->base, path, NULL);
  DynoHttpRequest request = { .url = url, .max_bytes = max_bytes };

  dyno_http_stream_async (&request, line_cb, f, f->cancellable, dyno_await_cb, f->await);

  return dyno_http_stream_finish (dyno_await_wait (f->await), error);
}

static void
test_stream (Fixture      *f,
             gconstpointer unused)
{
  static const char *const lines[] = { "data: a", "data: b", "", "last" };
  g_autoptr(GError) error = NULL;
  g_autoptr(DynoHttpReply) reply = stream (f, "/lines", 0, &error);
  g_autoptr(DynoHttpReply) refused = NULL;

  g_assert_no_error (error);
  g_assert_cmpuint (reply->status, ==, 200);
  g_assert_cmpuint (g_bytes_get_size (reply->body), ==, 0);
  g_assert_cmpuint (f->lines->len, ==, G_N_ELEMENTS (lines));
  for (guint i = 0; i < G_N_ELEMENTS (lines); i++)
    g_assert_cmpstr (f->lines->pdata[i], ==, lines[i]);

  refused = stream (f, "/busy", 0, &error);
  g_assert_cmpuint (refused->status, ==, 503);
  g_assert_cmpuint (f->lines->len, ==, G_N_ELEMENTS (lines));
}

static void
test_stream_too_long (Fixture      *f,
                      gconstpointer unused)
{
  g_autoptr(GError) error = NULL;

  g_assert_null (stream (f, "/huge", 50000, &error));
  g_assert_error (error, DYNO_ERROR, DYNO_ERROR_TOO_LARGE);
  g_assert_cmpuint (f->lines->len, ==, 0);
}

static void
test_urls (void)
{
  static const struct
  {
    const char *url;
    gboolean    is_good;
  } rows[] = {
    { "https://shop.example/x", TRUE },
    { "http://127.0.0.1:4318", TRUE },
    { "https://[2001:db8::1]:443/", TRUE },
    { "", FALSE },
    { "shop.example", FALSE },
    { "ftp://shop.example/", FALSE },
    { "file:///etc/passwd", FALSE },
    { "https://", FALSE },
    { "https:///path", FALSE },
    { "https://ana:secret@shop.example/", FALSE },
    { "https://127.0.0.1@evil.example/", FALSE },
    { "gopher://127.0.0.1:6379/_x", FALSE },
    { "javascript:alert(1)", FALSE },
  };

  for (guint i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      g_autoptr(GError) error = NULL;

      if (dyno_http_check_url (rows[i].url, &error) != rows[i].is_good)
        g_error ("%s was judged wrongly", rows[i].url);
      if (!rows[i].is_good)
        g_assert_error (error, DYNO_ERROR, DYNO_ERROR_INVALID);
    }
}

static void
test_addresses (void)
{
  static const char *const networks[] = { "192.168.1.0/24", "fd12::/16", NULL };
  static const struct
  {
    const char *address;
    gboolean    https, http;
  } rows[] = {
    { "93.184.216.34", TRUE, FALSE },
    { "2606:2800:220:1::1", TRUE, FALSE },
    { "127.0.0.1", TRUE, TRUE },
    { "127.200.0.1", TRUE, TRUE },
    { "::1", TRUE, TRUE },
    { "::ffff:127.0.0.1", TRUE, TRUE },
    { "192.168.1.77", TRUE, FALSE },
    { "192.168.2.77", FALSE, FALSE },
    { "::ffff:192.168.2.77", FALSE, FALSE },
    { "10.1.2.3", FALSE, FALSE },
    { "172.16.0.1", FALSE, FALSE },
    { "100.64.0.1", FALSE, FALSE },
    { "fd12:3456::1", TRUE, FALSE },
    { "fd99::1", FALSE, FALSE },
    { "64:ff9b::a01:203", FALSE, FALSE },
    { "2002:a01:203::1", FALSE, FALSE },
    { "169.254.169.254", FALSE, FALSE },
    { "::ffff:169.254.169.254", FALSE, FALSE },
    { "fe80::1", FALSE, FALSE },
    { "224.0.0.1", FALSE, FALSE },
    { "ff02::1", FALSE, FALSE },
    { "0.0.0.0", FALSE, FALSE },
    { "0.1.2.3", FALSE, FALSE },
    { "::", FALSE, FALSE },
    { "255.255.255.255", FALSE, FALSE },
    { "240.0.0.1", FALSE, FALSE },
  };

  for (guint i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      g_autoptr(GInetAddress) address = g_inet_address_new_from_string (rows[i].address);

      if (dyno_http_check_address (address, TRUE, networks, NULL) != rows[i].https
          || dyno_http_check_address (address, FALSE, networks, NULL) != rows[i].http)
        g_error ("%s was judged wrongly", rows[i].address);
    }
}

/* Refused before anything is sent. */
static void
test_refused (Fixture      *f,
              gconstpointer unused)
{
  static const char *const urls[] = { "https://169.254.169.254/latest/meta-data",
                                      "https://10.0.0.1/", "http://93.184.216.34/",
                                      "https://[fe80::1]/", "https://[::ffff:10.0.0.1]/" };

  for (guint i = 0; i < G_N_ELEMENTS (urls); i++)
    {
      DynoHttpRequest request = { .url = urls[i], .timeout_ms = 5000 };
      g_autoptr(GError) error = NULL;

      dyno_http_send_async (&request, NULL, dyno_await_cb, f->await);
      g_assert_null (dyno_http_send_finish (dyno_await_wait (f->await), &error));
      g_assert_error (error, DYNO_ERROR, DYNO_ERROR_DENIED);
      g_assert_false (dyno_http_is_failure (NULL, error));
      g_assert_false (dyno_http_may_retry (NULL, error));
    }
}

#define ADD(path, function) \
  g_test_add ("/base/http/" path, Fixture, NULL, set_up, function, tear_down)

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/base/http/urls", test_urls);
  g_test_add_func ("/base/http/addresses", test_addresses);
  ADD ("send", test_send);
  ADD ("no-redirect", test_no_redirect);
  ADD ("too-large", test_too_large);
  ADD ("busy", test_busy);
  ADD ("late", test_late);
  ADD ("cancel", test_cancel);
  ADD ("nobody-there", test_nobody_there);
  ADD ("socket", test_socket);
  ADD ("no-tls", test_no_tls);
  ADD ("stream", test_stream);
  ADD ("stream-too-long", test_stream_too_long);
  ADD ("refused", test_refused);

  return g_test_run ();
}
