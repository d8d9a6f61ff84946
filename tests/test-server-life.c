/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

#include "config.h"

#include <fcntl.h>
#include <glib/gstdio.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "dyno-await.h"
#include "dyno-error.h"
#include "dyno-listener.h"
#include "dyno-roster.h"
#include "dyno-test-hostile.h"
#include "dyno-test-server.h"
#include "dyno-test.h"

/* Starting, stopping, waiting in vain, and running out of things. */

#define HOST  DYNO_TEST_HOST
#define HELLO DYNO_TEST_GET "\r\n"

/* The contract's waits, cut to what a test can wait for. */
static const DynoPatience *
hurry (void)
{
  static DynoPatience patience;

  patience = *dyno_patience_default ();
  patience.handshake_us = G_USEC_PER_SEC / 2;
  patience.head_us = G_USEC_PER_SEC / 2;
  patience.long_head_us = 2 * G_USEC_PER_SEC;
  patience.body_us = G_USEC_PER_SEC / 2;
  patience.stall_us = G_USEC_PER_SEC / 2;
  patience.idle_us = G_USEC_PER_SEC;
  patience.n_requests = 3;

  return &patience;
}

static char *
send_and_wait (DynoTestServer *server,
               const char     *bytes)
{
  int fd = dyno_test_connect (server->port);
  char *reply;

  dyno_test_send (fd, bytes, strlen (bytes));
  reply = dyno_test_receive_all (fd);
  close (fd);

  return reply;
}

static void
test_slow_head (void)
{
  g_autoptr(DynoTestServer) server = dyno_test_server_start (hurry (), NULL);
  g_autofree char *reply = send_and_wait (server, "GET /a HTTP/1.1\r\nHos");
  const DynoServerCounts *counts = dyno_server_get_counts (server->server);

  g_assert_cmpuint (dyno_test_status_of (reply), ==, 408);
  g_assert_cmpstr (dyno_test_body_of (reply), ==, "REQUEST_TIMEOUT");
  g_assert_cmpuint (counts->n_refused[DYNO_REFUSAL_TIMEOUT], ==, 1);
}

static void
test_slow_body (void)
{
  g_autoptr(DynoTestServer) server = dyno_test_server_start (hurry (), NULL);
  g_autofree char *length = send_and_wait (server, DYNO_TEST_POST "Content-Length: 5\r\n\r\nab");
  g_autofree char *chunks = send_and_wait (server, DYNO_TEST_CHUNKED "5\r\nab");

  g_assert_cmpuint (dyno_test_status_of (length), ==, 408);
  g_assert_cmpuint (dyno_test_status_of (chunks), ==, 408);
  g_assert_cmpuint (server->n_bodies, ==, 2);
}

static void
test_idle (void)
{
  g_autoptr(DynoTestServer) server = dyno_test_server_start (hurry (), NULL);
  g_autofree char *nothing = send_and_wait (server, "");
  g_autofree char *one = send_and_wait (server, HELLO);

  g_assert_cmpstr (nothing, ==, "");
  g_assert_cmpuint (dyno_test_status_of (one), ==, 200);
  g_assert_null (strstr (one, "408"));
}

/* A client that does not read is cut off; whoever makes the reply hears of it. */
static void
test_slow_reader (void)
{
  static const char request[] = "GET /size/90000000 HTTP/1.1\r\n" HOST "\r\n";
  g_autoptr(DynoTestServer) server = dyno_test_server_start (hurry (), NULL);
  const DynoServerCounts *counts = dyno_server_get_counts (server->server);
  int fd = dyno_test_connect (server->port);

  dyno_test_send (fd, request, strlen (request));
  dyno_test_wait_count (&counts->n_stalled, 1);
  dyno_test_wait_number (&server->n_ends, 1);
  dyno_test_wait_count (&counts->n_open[DYNO_LISTENER_LOOPBACK], 0);
  close (fd);
}

static void
test_requests_of_a_connection (void)
{
  g_autoptr(DynoTestServer) server = dyno_test_server_start (hurry (), NULL);
  g_autofree char *replies = send_and_wait (server, HELLO HELLO HELLO HELLO);

  g_assert_cmpuint (server->n_heads, ==, 3);
  g_assert_nonnull (strstr (replies, "\r\nConnection: close\r\n"));
}

/* An old connection gets its reply, and no other. */
static void
test_age_of_a_connection (void)
{
  DynoPatience patience = *dyno_patience_default ();
  g_autoptr(DynoTestServer) server = NULL;
  g_autofree char *reply = NULL;

  patience.life_us = 0;
  server = dyno_test_server_start (&patience, NULL);
  reply = send_and_wait (server, HELLO HELLO);
  g_assert_cmpuint (dyno_test_status_of (reply), ==, 200);
  g_assert_nonnull (strstr (reply, "\r\nConnection: close\r\n"));
  g_assert_cmpuint (server->n_heads, ==, 1);
}

/* Stopping */

static void
stopped_cb (GObject      *source,
            GAsyncResult *result,
            gpointer      user_data)
{
  gboolean *has_stopped = user_data;

  *has_stopped = TRUE;
}

static gboolean
is_true (gpointer data)
{
  return *(gboolean *) data;
}

static void
test_drain_lets_end (void)
{
  static const char upload[] = "PUT /upload HTTP/1.1\r\n" HOST "Content-Length: 3\r\n\r\na";
  g_autoptr(DynoTestServer) server = dyno_test_server_start (NULL, NULL);
  gboolean has_stopped = FALSE;
  int busy = dyno_test_connect (server->port);
  int idle = dyno_test_connect (server->port);
  g_autofree char *reply = NULL;
  g_autofree char *nothing = NULL;

  dyno_test_send (busy, upload, strlen (upload));
  dyno_test_wait_number (&server->n_heads, 1);
  dyno_server_stop_async (server->server, 20000, stopped_cb, &has_stopped);
  nothing = dyno_test_receive_all (idle);
  g_assert_cmpstr (nothing, ==, "");
  g_assert_cmpint (dyno_server_get_state (server->server), ==, DYNO_SERVER_DRAINING);
  g_assert_false (g_file_test (server->admin, G_FILE_TEST_EXISTS));

  dyno_test_send (busy, "bc", 2);
  reply = dyno_test_receive_all (busy);
  g_assert_cmpuint (dyno_test_status_of (reply), ==, 200);
  g_assert_nonnull (strstr (reply, "\r\nConnection: close\r\n"));
  dyno_test_wait_for (is_true, &has_stopped, 20);
  g_assert_cmpuint (server->n_states, ==, 3);
  close (busy);
  close (idle);
}

static void
hold_all (DynoTestServer *server,
          int             fds[4])
{
  static const char *const requests[] = {
    "GET /hold HTTP/1.1\r\n" HOST "\r\n",
    "GET /stream HTTP/1.1\r\n" HOST "\r\n",
    "GET /size/90000000 HTTP/1.1\r\n" HOST "\r\n",
    "PUT /upload HTTP/1.1\r\n" HOST "Content-Length: 3\r\n\r\na",
  };

  for (guint i = 0; i < G_N_ELEMENTS (requests); i++)
    {
      fds[i] = dyno_test_connect (server->port);
      dyno_test_send (fds[i], requests[i], strlen (requests[i]));
    }
  dyno_test_wait_number (&server->n_heads, 4);
}

static void
test_drain_ends_by_time (void)
{
  g_autoptr(DynoTestServer) server = dyno_test_server_start (NULL, NULL);
  int fds[4];

  hold_all (server, fds);
  dyno_test_server_stop (server, 100);
  g_assert_cmpuint (server->n_ends, ==, 4);
  for (guint i = 0; i < G_N_ELEMENTS (fds); i++)
    close (fds[i]);
}

static void
test_second_stop_is_immediate (void)
{
  g_autoptr(DynoTestServer) server = dyno_test_server_start (NULL, NULL);
  gboolean has_stopped[2] = { FALSE, FALSE };
  int fds[4];

  hold_all (server, fds);
  dyno_server_stop_async (server->server, 3600000, stopped_cb, &has_stopped[0]);
  dyno_server_stop_async (server->server, 3600000, stopped_cb, &has_stopped[1]);
  dyno_test_wait_for (is_true, &has_stopped[0], 20);
  dyno_test_wait_for (is_true, &has_stopped[1], 20);
  for (guint i = 0; i < G_N_ELEMENTS (fds); i++)
    close (fds[i]);
}

static guint
n_descriptors (void)
{
  g_autoptr(GDir) folder = g_dir_open ("/proc/self/fd", 0, NULL);
  guint n = 0;

  while (g_dir_read_name (folder) != NULL)
    n++;

  return n;
}

static void
test_fifty_starts (void)
{
  guint before = 0;

  for (guint i = 0; i < 50; i++)
    {
      g_autoptr(DynoTestServer) server = dyno_test_server_start (NULL, NULL);
      int fd = dyno_test_connect (server->port);
      g_autofree char *reply = NULL;

      dyno_test_send (fd, HELLO, strlen (HELLO));
      reply = dyno_test_receive_reply (fd);
      g_assert_cmpuint (dyno_test_status_of (reply), ==, 200);
      close (fd);
      if (i == 5)
        before = n_descriptors ();
    }
  g_assert_cmpuint (n_descriptors (), <=, before);
}

static void
test_port_in_use (void)
{
  static const char *const addresses[] = { "127.0.0.1", NULL };
  static const DynoServerCallbacks callbacks = { 0 };
  g_autoptr(DynoTestServer) server = dyno_test_server_start (NULL, NULL);
  DynoServerOptions options = { .addresses = addresses, .port = server->port,
                                .runtime_folder = server->folder };
  g_autoptr(DynoServer) second = dyno_server_new (&options, &callbacks, NULL);
  g_autoptr(DynoAwait) await = dyno_await_new ();
  g_autoptr(GError) error = NULL;

  dyno_server_start_async (second, dyno_await_cb, await);
  g_assert_false (dyno_server_start_finish (second, dyno_await_wait (await), &error));
  g_assert_error (error, DYNO_ERROR, DYNO_ERROR_UNAVAILABLE);
  g_assert_cmpint (dyno_server_get_state (second), ==, DYNO_SERVER_IDLE);
}

static void
test_lan_needs_certificate (void)
{
  static const char *const addresses[] = { "127.0.0.1", "0.0.0.0", NULL };
  static const char *const names[] = { "localhost", NULL };
  static const DynoServerCallbacks callbacks = { 0 };
  const char *const *wrong[] = { addresses, names };

  for (guint i = 0; i < G_N_ELEMENTS (wrong); i++)
    {
      DynoServerOptions options = { .addresses = wrong[i], .runtime_folder = g_get_tmp_dir () };
      g_autoptr(DynoServer) server = dyno_server_new (&options, &callbacks, NULL);
      g_autoptr(DynoAwait) await = dyno_await_new ();
      g_autoptr(GError) error = NULL;

      dyno_server_start_async (server, dyno_await_cb, await);
      g_assert_false (dyno_server_start_finish (server, dyno_await_wait (await), &error));
      g_assert_error (error, DYNO_ERROR, DYNO_ERROR_INVALID);
    }
}

/* Too many */

static gboolean
is_one_source (const char *a,
               const char *b)
{
  g_autoptr(GInetAddress) first = g_inet_address_new_from_string (a);
  g_autoptr(GInetAddress) second = g_inet_address_new_from_string (b);

  return dyno_roster_is_one_source (first, second);
}

static void
test_sources (void)
{
  g_assert_true (is_one_source ("192.168.1.2", "192.168.1.2"));
  g_assert_false (is_one_source ("192.168.1.2", "192.168.1.3"));
  g_assert_true (is_one_source ("2001:db8:1:2::1", "2001:db8:1:2:ffff::9"));
  g_assert_false (is_one_source ("2001:db8:1:2::1", "2001:db8:1:3::1"));
  g_assert_false (is_one_source ("0.0.0.0", "::"));
}

static void
test_connections_of_one_address (void)
{
  g_autoptr(DynoTestServer) server = dyno_test_server_start (NULL, NULL);
  const DynoServerCounts *counts = dyno_server_get_counts (server->server);
  int fds[129];
  g_autofree char *nothing = NULL;
  g_autofree char *reply = NULL;

  for (guint i = 0; i < G_N_ELEMENTS (fds); i++)
    fds[i] = dyno_test_connect (server->port);
  nothing = dyno_test_receive_all (fds[128]);
  g_assert_cmpstr (nothing, ==, "");
  g_assert_cmpuint (counts->n_closed_at_cap, ==, 1);
  close (fds[0]);
  dyno_test_wait_count (&counts->n_open[DYNO_LISTENER_LOOPBACK], 127);
  reply = dyno_test_talk (server->port, HELLO, strlen (HELLO));
  g_assert_cmpuint (dyno_test_status_of (reply), ==, 200);
  for (guint i = 1; i < G_N_ELEMENTS (fds); i++)
    close (fds[i]);
}

static guint n_log_lines;

static GLogWriterOutput
count_cb (GLogLevelFlags   level,
          const GLogField *fields,
          gsize            n_fields,
          gpointer         unused)
{
  for (gsize i = 0; i < n_fields; i++)
    if (strcmp (fields[i].key, "MESSAGE") == 0
        && strstr (fields[i].value, "can be accepted") != NULL)
      g_atomic_int_inc (&n_log_lines);

  return G_LOG_WRITER_HANDLED;
}

/* 31, of two seconds: in a process of its own, as a log writer stays for good. */
static void
test_31_no_descriptors (void)
{
  g_autoptr(DynoTestServer) server = NULL;
  const DynoServerCounts *counts;
  struct rlimit limit;
  rlim_t before;
  g_autofree char *reply = NULL;
  int waiting;

  if (!g_test_subprocess ())
    {
      g_test_trap_subprocess (NULL, 0, G_TEST_SUBPROCESS_DEFAULT);
      g_test_trap_assert_passed ();
      return;
    }

  g_log_set_writer_func (count_cb, NULL, NULL);
  server = dyno_test_server_start (NULL, NULL);
  counts = dyno_server_get_counts (server->server);
  waiting = dyno_test_connect (server->port);
  dyno_test_wait_count (&counts->n_open[DYNO_LISTENER_LOOPBACK], 1);
  getrlimit (RLIMIT_NOFILE, &limit);
  before = limit.rlim_cur;
  close (waiting);
  dyno_test_wait_count (&counts->n_open[DYNO_LISTENER_LOOPBACK], 0);
  /* The client takes the last one. */
  limit.rlim_cur = dup (0) + 1;
  close (limit.rlim_cur - 1);
  setrlimit (RLIMIT_NOFILE, &limit);
  waiting = dyno_test_connect (server->port);
  g_usleep (2 * G_USEC_PER_SEC);
  g_assert_cmpuint (counts->n_accept_paused, >=, 1);
  close (waiting);
  limit.rlim_cur = before;
  setrlimit (RLIMIT_NOFILE, &limit);
  reply = dyno_test_talk (server->port, HELLO, strlen (HELLO));
  g_assert_cmpuint (dyno_test_status_of (reply), ==, 200);
  g_assert_cmpint (g_atomic_int_get (&n_log_lines), ==, 1);
}

/* The admin socket */

static void
test_admin (void)
{
  g_autoptr(DynoTestServer) server = dyno_test_server_start (NULL, NULL);
  const DynoServerCounts *counts = dyno_server_get_counts (server->server);
  g_autofree char *folder = g_path_get_dirname (server->admin);
  int fd = dyno_test_connect_path (server->admin);
  g_autofree char *reply = NULL;
  struct stat info;

  dyno_test_send (fd, HELLO, strlen (HELLO));
  reply = dyno_test_receive_reply (fd);
  g_assert_cmpuint (dyno_test_status_of (reply), ==, 200);
  g_assert_cmpuint (counts->n_accepted[DYNO_LISTENER_ADMIN], ==, 1);
  close (fd);
  g_assert_cmpint (stat (server->admin, &info), ==, 0);
  g_assert_cmpuint (info.st_mode & 0777, ==, 0600);
  g_assert_cmpint (stat (folder, &info), ==, 0);
  g_assert_cmpuint (info.st_mode & 0777, ==, 0700);
}

/* 45: with the doors set wide open, so that only the check of the user is left. */
static void
test_45_admin_of_another_user (void)
{
  g_autoptr(DynoTestServer) server = NULL;
  g_autofree char *folder = NULL;
  int status = -1;
  pid_t child;

  if (geteuid () != 0)
    {
      g_test_skip ("only root can be somebody else");
      return;
    }

  server = dyno_test_server_start (NULL, NULL);
  folder = g_path_get_dirname (server->admin);
  g_chmod (server->folder, 0755);
  g_chmod (folder, 0755);
  g_chmod (server->admin, 0666);
  child = fork ();
  if (child == 0)
    {
      char byte;
      int fd;

      if (setgid (65534) != 0 || setuid (65534) != 0)
        _exit (2);
      fd = dyno_test_connect_path (server->admin);
      dyno_test_send (fd, HELLO, strlen (HELLO));
      _exit (recv (fd, &byte, 1, 0) > 0);
    }
  g_assert_cmpint (waitpid (child, &status, 0), ==, child);
  g_assert_cmpint (status, ==, 0);
  g_assert_cmpuint (server->n_heads, ==, 0);
}

static void
test_admin_path (void)
{
  g_autofree char *plain = dyno_listener_admin_path ("/run/u", NULL, "/d", "/d");
  g_autofree char *other = dyno_listener_admin_path ("/run/u", NULL, "/e", "/d");
  g_autofree char *flatpak = dyno_listener_admin_path ("/run/u", "org.x.Y", "/d", "/d");
  g_autofree char *none = dyno_listener_admin_path (NULL, NULL, "/d", "/d");

  g_assert_cmpstr (plain, ==, "/run/u/dynoai/admin.sock");
  g_assert_cmpstr (flatpak, ==, "/run/u/app/org.x.Y/admin.sock");
  g_assert_cmpstr (none, ==, "/d/admin.sock");
  /* printf %s /e | sha256sum */
  g_assert_cmpstr (other, ==, "/run/u/dynoai/admin-5ecc8c50.sock");
}

/* Sockets of the service manager are taken as they are, descriptors 3 and on. */
static void
test_inherited (void)
{
  g_autoptr(DynoListener) listener = NULL;
  g_autoptr(DynoTestServer) server = NULL;
  g_autofree char *pid = g_strdup_printf ("%d", (int) getpid ());
  g_autofree char *reply = NULL;
  guint16 port;

  if (!g_test_subprocess ())
    {
      g_test_trap_subprocess (NULL, 0, G_TEST_SUBPROCESS_DEFAULT);
      g_test_trap_assert_passed ();
      return;
    }

  listener = dyno_listener_new_inet ("127.0.0.1", 0, NULL);
  port = listener->port;
  g_assert_cmpint (dup2 (g_socket_get_fd (listener->socket), 3), ==, 3);
  g_setenv ("LISTEN_PID", pid, TRUE);
  g_setenv ("LISTEN_FDS", "1", TRUE);
  server = dyno_test_server_start (NULL, NULL);
  g_assert_cmpuint (server->port, ==, port);
  g_assert_null (g_getenv ("LISTEN_FDS"));
  g_assert_false (g_file_test (server->admin, G_FILE_TEST_EXISTS));
  reply = dyno_test_talk (port, HELLO, strlen (HELLO));
  g_assert_cmpuint (dyno_test_status_of (reply), ==, 200);
}

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/server/life/slow-head", test_slow_head);
  g_test_add_func ("/server/life/slow-body", test_slow_body);
  g_test_add_func ("/server/life/idle", test_idle);
  g_test_add_func ("/server/life/slow-reader", test_slow_reader);
  g_test_add_func ("/server/life/requests-of-a-connection", test_requests_of_a_connection);
  g_test_add_func ("/server/life/age-of-a-connection", test_age_of_a_connection);
  g_test_add_func ("/server/life/drain-lets-end", test_drain_lets_end);
  g_test_add_func ("/server/life/drain-ends-by-time", test_drain_ends_by_time);
  g_test_add_func ("/server/life/second-stop-is-immediate", test_second_stop_is_immediate);
  g_test_add_func ("/server/life/fifty-starts", test_fifty_starts);
  g_test_add_func ("/server/life/port-in-use", test_port_in_use);
  g_test_add_func ("/server/life/lan-needs-certificate", test_lan_needs_certificate);
  g_test_add_func ("/server/life/sources", test_sources);
  g_test_add_func ("/server/life/connections-of-one-address", test_connections_of_one_address);
  g_test_add_func ("/server/life/31-no-descriptors", test_31_no_descriptors);
  g_test_add_func ("/server/life/admin", test_admin);
  g_test_add_func ("/server/life/45-admin-of-another-user", test_45_admin_of_another_user);
  g_test_add_func ("/server/life/admin-path", test_admin_path);
  g_test_add_func ("/server/life/inherited", test_inherited);

  return g_test_run ();
}
