/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

#include "config.h"

#include "dyno-test-server.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include "dyno-await.h"
#include "dyno-test-hostile.h"
#include "dyno-test.h"

#define WAIT_S 20

/* thread dyno-server */

static void
answer (SoupServerMessage *message,
        guint              status,
        const char        *text)
{
  soup_server_message_set_status (message, status, NULL);
  soup_server_message_set_response (message, "text/plain", SOUP_MEMORY_COPY, text, strlen (text));
}

/* TRUE: answered. */
static gboolean
answer_refusal (SoupServerMessage *message,
                DynoConnection    *connection)
{
  const DynoRefusal *refusal = dyno_connection_get_refusal (connection);
  SoupMessageHeaders *headers = soup_server_message_get_response_headers (message);

  if (refusal == NULL)
    return FALSE;
  answer (message, refusal->status, refusal->code);
  if (refusal->allow != NULL)
    soup_message_headers_replace (headers, "Allow", refusal->allow);

  return TRUE;
}

static gboolean
is_here (SoupServerMessage *message)
{
  SoupMessageHeaders *headers = soup_server_message_get_request_headers (message);
  const char *host = soup_message_headers_get_one (headers, "Host");

  return g_str_has_prefix (host, "localhost") || g_str_has_prefix (host, "127.0.0.1");
}

static void
head_cb (SoupServerMessage *message,
         DynoConnection    *connection,
         gpointer           data)
{
  DynoTestServer *self = data;
  const char *target = dyno_connection_get_target (connection);
  SoupMessageBody *body = soup_server_message_get_request_body (message);

  self->n_heads++;
  if (answer_refusal (message, connection))
    return;
  if (!is_here (message))
    answer (message, 421, "MISDIRECTED_REQUEST");
  else if (strcmp (target, "/early") == 0)
    answer (message, 403, "early");
  else if (strcmp (target, "/upload") == 0)
    {
      soup_message_body_set_accumulate (body, FALSE);
      dyno_connection_set_body_cap (connection, G_MAXINT64);
    }
  else
    dyno_connection_set_body_cap (connection, DYNO_TEST_CAP);
}

static gboolean
later_cb (gpointer data)
{
  SoupServerMessage *message = data;

  answer (message, 200, "later");
  soup_server_message_unpause (message);

  return G_SOURCE_REMOVE;
}

static void
answer_later (SoupServerMessage *message)
{
  g_autoptr(GSource) source = g_idle_source_new ();

  soup_server_message_pause (message);
  g_source_set_callback (source, later_cb, g_object_ref (message), g_object_unref);
  g_source_attach (source, g_main_context_get_thread_default ());
}

static void
begin_stream (SoupServerMessage *message,
              DynoTestServer    *self)
{
  SoupMessageHeaders *headers = soup_server_message_get_response_headers (message);
  SoupMessageBody *body = soup_server_message_get_response_body (message);

  soup_server_message_set_status (message, 200, NULL);
  soup_message_headers_set_encoding (headers, SOUP_ENCODING_CHUNKED);
  soup_message_body_set_accumulate (body, FALSE);
  soup_message_body_append (body, SOUP_MEMORY_STATIC, "line\n", 5);
  self->n_streams++;
}

static void
answer_size (SoupServerMessage *message,
             const char        *target)
{
  g_autofree char *text = g_strnfill (g_ascii_strtoull (target + strlen ("/size/"), NULL, 10), 'x');

  answer (message, 200, text);
}

static void
answer_plain (SoupServerMessage *message,
              DynoConnection    *connection)
{
  SoupMessageBody *received = soup_server_message_get_request_body (message);
  g_autoptr(GBytes) body = soup_message_body_flatten (received);
  gsize length;
  const char *bytes = g_bytes_get_data (body, &length);
  g_autofree char *text =
    g_strdup_printf ("%s %s %" G_GSIZE_FORMAT " %.*s", dyno_connection_get_method (connection),
                     dyno_connection_get_target (connection), length, (int) length,
                     length > 0 ? bytes : "");

  answer (message, 200, text);
}

static void
body_cb (SoupServerMessage *message,
         DynoConnection    *connection,
         gpointer           data)
{
  DynoTestServer *self = data;
  const char *target = dyno_connection_get_target (connection);

  self->n_bodies++;
  if (answer_refusal (message, connection))
    return;
  if (strcmp (dyno_connection_get_method (connection), "OPTIONS") == 0)
    soup_server_message_set_status (message, 204, NULL);
  else if (strcmp (target, "/hold") == 0)
    soup_server_message_pause (message);
  else if (strcmp (target, "/later") == 0)
    answer_later (message);
  else if (strcmp (target, "/stream") == 0)
    begin_stream (message, self);
  else if (strcmp (target, "/upload") == 0)
    answer (message, 200, "taken");
  else if (g_str_has_prefix (target, "/size/"))
    answer_size (message, target);
  else
    answer_plain (message, connection);
}

static void
end_cb (SoupServerMessage *message,
        DynoConnection    *connection,
        gpointer           data)
{
  DynoTestServer *self = data;

  self->n_ends++;
}

static void
state_cb (DynoServer      *server,
          DynoServerState  state,
          gpointer         data)
{
  DynoTestServer *self = data;

  self->n_states++;
}

/* thread of the test */

DynoTestServer *
dyno_test_server_start (const DynoPatience *patience,
                        GTlsCertificate    *certificate)
{
  static const DynoServerCallbacks callbacks = { head_cb, body_cb, end_cb, state_cb };
  static const char *const addresses[] = { "127.0.0.1", "0.0.0.0", NULL };
  static const char *const loopback[] = { "127.0.0.1", NULL };
  DynoTestServer *self = g_new0 (DynoTestServer, 1);
  g_autoptr(DynoAwait) await = dyno_await_new ();
  g_autoptr(GError) error = NULL;
  DynoServerOptions options = { 0 };

  self->folder = dyno_test_make_folder ();
  self->admin = g_build_filename (self->folder, "run", "admin.sock", NULL);
  options.addresses = certificate != NULL ? addresses : loopback;
  options.certificate = certificate;
  options.admin_path = self->admin;
  options.runtime_folder = self->folder;
  options.patience = patience;
  self->server = dyno_server_new (&options, &callbacks, self);
  dyno_server_start_async (self->server, dyno_await_cb, await);
  g_assert_true (dyno_server_start_finish (self->server, dyno_await_wait (await), &error));
  g_assert_no_error (error);
  self->port = dyno_server_get_port (self->server, DYNO_LISTENER_LOOPBACK);
  self->lan_port = dyno_server_get_port (self->server, DYNO_LISTENER_LAN);

  return self;
}

void
dyno_test_server_stop (DynoTestServer *self,
                       guint           drain_ms)
{
  g_autoptr(DynoAwait) await = dyno_await_new ();

  dyno_server_stop_async (self->server, drain_ms, dyno_await_cb, await);
  g_assert_true (dyno_server_stop_finish (self->server, dyno_await_wait (await), NULL));
}

void
dyno_test_server_free (DynoTestServer *self)
{
  const DynoServerCounts *counts = dyno_server_get_counts (self->server);

  dyno_test_server_stop (self, 0);
  g_assert_cmpuint (self->n_ends, ==, self->n_heads);
  for (guint i = 0; i < DYNO_N_LISTENERS; i++)
    g_assert_cmpuint (counts->n_open[i], ==, 0);
  g_assert_cmpint (dyno_server_get_state (self->server), ==, DYNO_SERVER_STOPPED);
  g_assert_false (g_file_test (self->admin, G_FILE_TEST_EXISTS));
  dyno_server_unref (self->server);
  dyno_test_remove_folder (self->folder);
  g_free (self->folder);
  g_free (self->admin);
  g_free (self);
}

static int
connect_to (int                    family,
            const struct sockaddr *address,
            socklen_t              size)
{
  struct timeval wait = { WAIT_S, 0 };
  int fd = socket (family, SOCK_STREAM | SOCK_CLOEXEC, 0);

  g_assert_cmpint (fd, >=, 0);
  setsockopt (fd, SOL_SOCKET, SO_RCVTIMEO, &wait, sizeof wait);
  setsockopt (fd, SOL_SOCKET, SO_SNDTIMEO, &wait, sizeof wait);
  if (connect (fd, address, size) != 0)
    g_error ("connect: %s", g_strerror (errno));

  return fd;
}

int
dyno_test_connect (guint16 port)
{
  struct sockaddr_in address = { .sin_family = AF_INET, .sin_port = htons (port) };

  address.sin_addr.s_addr = htonl (INADDR_LOOPBACK);

  return connect_to (AF_INET, (struct sockaddr *) &address, sizeof address);
}

int
dyno_test_connect_path (const char *path)
{
  struct sockaddr_un address = { .sun_family = AF_UNIX };

  g_strlcpy (address.sun_path, path, sizeof address.sun_path);

  return connect_to (AF_UNIX, (struct sockaddr *) &address, sizeof address);
}

/* A server that has refused may have closed already. */
void
dyno_test_send (int         fd,
                const void *bytes,
                gsize       length)
{
  const char *at = bytes;

  while (length > 0)
    {
      gssize n = send (fd, at, length, MSG_NOSIGNAL);

      if (n <= 0)
        return;
      at += n;
      length -= n;
    }
}

/* FALSE: the server closed. */
static gboolean
receive_more (int      fd,
              GString *text)
{
  char bytes[65536];
  gssize n;

  do
    n = recv (fd, bytes, sizeof bytes, 0);
  while (n < 0 && errno == EINTR);
  if (n < 0 && errno != ECONNRESET)
    g_error ("recv: %s", g_strerror (errno));
  if (n <= 0)
    return FALSE;
  g_string_append_len (text, bytes, n);

  return TRUE;
}

char *
dyno_test_receive_all (int fd)
{
  GString *text = g_string_new (NULL);

  while (receive_more (fd, text))
    ;

  return g_string_free (text, FALSE);
}

static gboolean
is_whole (const char *reply,
          gsize       length)
{
  const char *body = dyno_test_body_of (reply);
  const char *header = strstr (reply, "Content-Length: ");

  if (body == NULL)
    return FALSE;

  return header == NULL
         || length - (body - reply) >= g_ascii_strtoull (header + 16, NULL, 10);
}

char *
dyno_test_receive_reply (int fd)
{
  GString *text = g_string_new (NULL);

  while (!is_whole (text->str, text->len))
    if (!receive_more (fd, text))
      {
        g_string_free (text, TRUE);
        return NULL;
      }

  return g_string_free (text, FALSE);
}

char *
dyno_test_talk (guint16     port,
                const char *bytes,
                gsize       length)
{
  int fd = dyno_test_connect (port);
  char *reply;

  dyno_test_send (fd, bytes, length);
  shutdown (fd, SHUT_WR);
  reply = dyno_test_receive_all (fd);
  close (fd);

  return reply;
}

guint
dyno_test_status_of (const char *reply)
{
  return g_str_has_prefix (reply, "HTTP/1.1 ") ? g_ascii_strtoull (reply + 9, NULL, 10) : 0;
}

const char *
dyno_test_body_of (const char *reply)
{
  const char *end = strstr (reply, "\r\n\r\n");

  return end != NULL ? end + 4 : NULL;
}

void
dyno_test_wait_number (const _Atomic guint *number,
                       guint                wanted)
{
  for (guint i = 0; i < WAIT_S * 1000 && *number != wanted; i++)
    g_usleep (1000);
  g_assert_cmpuint (*number, ==, wanted);
}

void
dyno_test_wait_count (const _Atomic guint64 *number,
                      guint64                wanted)
{
  for (guint i = 0; i < WAIT_S * 1000 && *number != wanted; i++)
    g_usleep (1000);
  g_assert_cmpuint (*number, ==, wanted);
}
