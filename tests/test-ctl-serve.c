/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

#include "config.h"

#include <signal.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "dyno-await.h"
#include "dyno-http.h"
#include "dyno-test-ctl.h"

/* dynoctl serve as a program: what it prints, who may come in, how it ends. */

typedef struct
{
  DynoTestCtl      *ctl;     /* (owned) */
  DynoAwait        *await;   /* (owned) */
  GSubprocess      *process; /* (owned) (nullable) */
  GDataInputStream *lines;   /* (owned) (nullable) its standard output */
  DynoJson         *ready;   /* (owned) (nullable) */
} Fixture;

static void
set_up (Fixture      *f,
        gconstpointer unused)
{
  f->ctl = dyno_test_ctl_new ();
  f->await = dyno_await_new ();
  dyno_test_ctl_add_master_key (f->ctl);
}

static void
tear_down (Fixture      *f,
           gconstpointer unused)
{
  if (f->process != NULL)
    g_subprocess_force_exit (f->process);
  g_clear_object (&f->lines);
  g_clear_object (&f->process);
  dyno_json_free (f->ready);
  dyno_await_free (f->await);
  dyno_test_ctl_free (f->ctl);
}

/* Starts it and reads the line that says that it is there. */
static void
serve (Fixture *f)
{
  g_autofree char *line = NULL;

  f->process = dyno_test_ctl_start (f->ctl, "--json", "serve", "--port", "0", NULL);
  f->lines = g_data_input_stream_new (g_subprocess_get_stdout_pipe (f->process));
  line = dyno_test_ctl_line (f->lines);
  f->ready = dyno_json_parse (line, -1, NULL);
  g_assert_cmpstr (dyno_json_get_string (f->ready, "event"), ==, "ready");
}

/* The status of a request; `key` and `socket_path` may be NULL. */
static guint
ask (Fixture    *f,
     const char *path,
     const char *key,
     const char *socket_path)
{
  const char *url = dyno_json_get_string (f->ready, "url");
  g_autofree char *target
    = g_strconcat (socket_path != NULL ? "http://localhost" : url, path, NULL);
  const char *const headers[] = { "X-API-Key", key, NULL };
  const DynoHttpRequest request = { .url = target, .socket_path = socket_path,
                                    .headers = key != NULL ? headers : NULL };
  g_autoptr(DynoHttpReply) reply = NULL;
  g_autoptr(GError) error = NULL;

  dyno_http_send_async (&request, NULL, dyno_await_cb, f->await);
  reply = dyno_http_send_finish (dyno_await_wait (f->await), &error);
  g_assert_no_error (error);

  return reply->status;
}

static void
test_ready (Fixture      *f,
            gconstpointer unused)
{
  const char *socket_path;
  struct stat status;

  serve (f);
  socket_path = dyno_json_get_string (f->ready, "socket");
  g_assert_true (g_str_has_prefix (dyno_json_get_string (f->ready, "url"), "http://127.0.0.1:"));
  g_assert_cmpint (dyno_json_get_integer (f->ready, "pid", 0), ==,
                   atoi (g_subprocess_get_identifier (f->process)));
  g_assert_cmpint (stat (socket_path, &status), ==, 0);
  g_assert_cmpint (status.st_mode & 0777, ==, 0600);
  g_assert_cmpuint (ask (f, "/health/live", NULL, NULL), ==, 200);
  g_assert_cmpuint (ask (f, "/api/v1/version", NULL, NULL), ==, 503);
  g_assert_cmpuint (ask (f, "/api/v1/version", NULL, socket_path), ==, 200);
}

/* (transfer full) the text of a key that may read the run book. */
static char *
make_key (Fixture *f)
{
  g_autoptr(DynoTestEnd) end
    = dyno_test_ctl_run (f->ctl, "key", "create", "--name", "test", "--role", "viewer", NULL);

  dyno_test_end_assert (end, 0);

  return g_strdup (g_strchomp (end->out));
}

/* Made while it serves, through its admin socket; in force at once, and so is its end. */
static void
test_key (Fixture      *f,
          gconstpointer unused)
{
  g_autofree char *key = NULL;
  g_autoptr(DynoTestEnd) list = NULL;
  g_autoptr(DynoTestEnd) gone = NULL;
  g_autoptr(DynoJson) keys = NULL;
  const DynoJson *first;

  serve (f);
  key = make_key (f);
  g_assert_cmpuint (ask (f, "/api/v1/version", NULL, NULL), ==, 401);
  g_assert_cmpuint (ask (f, "/api/v1/version", key, NULL), ==, 200);
  g_assert_cmpuint (ask (f, "/api/v1/vehicles", key, NULL), ==, 200);

  list = dyno_test_ctl_run (f->ctl, "--json", "key", "list", NULL);
  dyno_test_end_assert (list, 0);
  keys = dyno_test_end_json (list);
  first = dyno_json_element (dyno_json_member (keys, "keys"), 0);
  gone = dyno_test_ctl_run (f->ctl, "key", "revoke", dyno_json_get_string (first, "id"), NULL);
  dyno_test_end_assert (gone, 0);
  g_assert_cmpuint (ask (f, "/api/v1/version", key, NULL), ==, 503);
}

/* What it was asked was nothing that it had to complain of. */
static void
assert_ends_quietly (Fixture *f)
{
  g_autoptr(DynoTestEnd) end = NULL;

  g_subprocess_send_signal (f->process, SIGTERM);
  end = dyno_test_ctl_wait (g_steal_pointer (&f->process));
  dyno_test_end_assert (end, 0);
  g_assert_cmpstr (end->err, ==, "");
}

/* The same verbs as without a service, with the same statuses. */
static void
test_people (Fixture      *f,
             gconstpointer unused)
{
  g_autoptr(DynoTestEnd) made = NULL;
  g_autoptr(DynoTestEnd) owned = NULL;
  g_autoptr(DynoTestEnd) last = NULL;
  g_autoptr(DynoTestEnd) nobody = NULL;
  g_autoptr(DynoTestEnd) wrong = NULL;
  g_autoptr(DynoTestEnd) verify = NULL;
  g_autoptr(DynoJson) user = NULL;
  g_autoptr(DynoJson) key = NULL;

  serve (f);
  made = dyno_test_ctl_feed (f->ctl, "seven wet cats at the gate\n", "--json", "user", "create",
                             "--role", "admin", "--email", "ana@shop.example", "--password-stdin",
                             NULL);
  dyno_test_end_assert (made, 0);
  user = dyno_test_end_json (made);
  g_assert_cmpstr (dyno_json_get_string (user, "status"), ==, "active");
  dyno_test_member (user, "one_time_code", DYNO_JSON_NULL);

  owned = dyno_test_ctl_run (f->ctl, "--json", "key", "create", "--name", "a", "--role", "viewer",
                             "--owner", "ana@shop.example", NULL);
  dyno_test_end_assert (owned, 0);
  key = dyno_test_end_json (owned);
  g_assert_cmpstr (dyno_json_get_string (key, "user_id"), ==, dyno_json_get_string (user, "id"));
  last = dyno_test_ctl_run (f->ctl, "user", "disable", "ana@shop.example", NULL);
  dyno_test_end_assert (last, 5);
  nobody = dyno_test_ctl_run (f->ctl, "user", "disable", "ben@shop.example", NULL);
  dyno_test_end_assert (nobody, 4);
  wrong = dyno_test_ctl_run (f->ctl, "key", "create", "--name", "a", "--role", "viewer",
                             "--expires", "900", NULL);
  dyno_test_end_assert (wrong, 3);
  verify = dyno_test_ctl_run (f->ctl, "audit", "verify", NULL);
  dyno_test_end_assert (verify, 0);
  assert_ends_quietly (f);
}

/* What cannot be asked names who holds the folder. */
static void
test_holder (Fixture      *f,
             gconstpointer unused)
{
  g_autoptr(DynoTestEnd) check = NULL;
  g_autofree char *pid = NULL;

  serve (f);
  check = dyno_test_ctl_run (f->ctl, "db", "check", NULL);
  pid = g_strdup_printf ("%" G_GINT64_FORMAT, dyno_json_get_integer (f->ready, "pid", 0));
  dyno_test_end_assert (check, 5);
  g_assert_nonnull (strstr (check->err, pid));
}

static void
test_ends (Fixture      *f,
           gconstpointer unused)
{
  g_autoptr(DynoTestEnd) end = NULL;

  serve (f);
  g_subprocess_send_signal (f->process, SIGTERM);
  end = dyno_test_ctl_wait (g_steal_pointer (&f->process));
  dyno_test_end_assert (end, 0);
}

/* Waits until nobody is let in any more: what is in hand is being finished. */
static void
await_draining (Fixture *f)
{
  g_autoptr(GUri) uri = g_uri_parse (dyno_json_get_string (f->ready, "url"), G_URI_FLAGS_NONE, NULL);
  g_autoptr(GSocketClient) client = g_socket_client_new ();
  gboolean is_open = TRUE;

  for (int i = 0; i < 500 && is_open; i++)
    {
      g_autoptr(GSocketConnection) connection
        = g_socket_client_connect_to_host (client, "127.0.0.1", (guint16) g_uri_get_port (uri), NULL,
                                           NULL);

      is_open = connection != NULL;
      if (is_open)
        g_usleep (10000);
    }
  g_assert_false (is_open);
}

/* A request that is in hand keeps it, here for a minute; a second signal ends that. */
static void
test_ends_at_once (Fixture      *f,
                   gconstpointer unused)
{
  g_autoptr(GSocketClient) client = g_socket_client_new ();
  g_autoptr(GSocketConnection) held = NULL;
  static const char begun[] = "POST /api/v1/vehicles HTTP/1.1\r\nHost: localhost\r\n"
                              "Content-Type: application/json\r\nContent-Length: 100\r\n\r\n{";
  const char *socket_path;
  g_autoptr(GSocketAddress) place = NULL;

  dyno_test_ctl_set (f->ctl, "DYNOAI_DRAIN_SECONDS", "60");
  serve (f);
  socket_path = dyno_json_get_string (f->ready, "socket");
  place = g_unix_socket_address_new (socket_path);
  held = g_socket_client_connect (client, G_SOCKET_CONNECTABLE (place), NULL, NULL);
  g_assert_nonnull (held);
  g_assert_true (g_output_stream_write_all (g_io_stream_get_output_stream (G_IO_STREAM (held)),
                                            begun, strlen (begun), NULL, NULL, NULL));
  g_subprocess_send_signal (f->process, SIGTERM);
  await_draining (f);
  g_subprocess_send_signal (f->process, SIGTERM);
  g_assert_true (g_subprocess_wait (f->process, NULL, NULL));
  g_clear_object (&f->process);
}

#define SOCKET "DYNO_TEST_SOCKET"
#define NOBODY 65534

/* In a process of its own: nobody asks who the owner of the socket is. */
static void
ask_as_nobody (void)
{
  g_autoptr(DynoAwait) await = NULL;
  g_autoptr(DynoHttpReply) reply = NULL;
  g_autoptr(GError) error = NULL;
  const DynoHttpRequest request = { .url = "http://localhost/api/v1/version",
                                    .socket_path = g_getenv (SOCKET) };

  g_assert_cmpint (setgid (NOBODY), ==, 0);
  g_assert_cmpint (setuid (NOBODY), ==, 0);
  await = dyno_await_new ();
  dyno_http_send_async (&request, NULL, dyno_await_cb, await);
  reply = dyno_http_send_finish (dyno_await_wait (await), &error);
  g_assert_true (reply == NULL || reply->status == 401 || reply->status == 403);
}

/* Opens the folders and the socket to everybody: what is left is who asks. */
static void
open_doors (Fixture    *f,
            const char *socket_path)
{
  g_autofree char *folder = g_path_get_dirname (socket_path);
  g_autofree char *above = g_path_get_dirname (folder);

  g_assert_cmpint (chmod (f->ctl->folder, 0755), ==, 0);
  g_assert_cmpint (chmod (above, 0755), ==, 0);
  g_assert_cmpint (chmod (folder, 0755), ==, 0);
  g_assert_cmpint (chmod (socket_path, 0666), ==, 0);
}

/* Who is not the one that started it is not let in, even where the file's mode would
 * let him. */
static void
test_other_uid (Fixture      *f,
                gconstpointer unused)
{
  const char *socket_path;

  if (geteuid () != 0)
    {
      g_test_skip ("Only root can become another user.");
      return;
    }

  serve (f);
  socket_path = dyno_json_get_string (f->ready, "socket");
  open_doors (f, socket_path);
  g_assert_cmpuint (ask (f, "/api/v1/version", NULL, socket_path), ==, 200);
  g_setenv (SOCKET, socket_path, TRUE);
  g_test_trap_subprocess ("/ctl/serve/subprocess/as-nobody", 0, G_TEST_SUBPROCESS_INHERIT_STDERR);
  g_test_trap_assert_passed ();
}

static DynoTestEnd *
refuse (Fixture    *f,
        const char *port)
{
  return dyno_test_ctl_run (f->ctl, "serve", "--port", port, NULL);
}

/* Without authentication the LAN gets nothing. */
static void
test_no_auth_on_lan (Fixture      *f,
                     gconstpointer unused)
{
  g_autoptr(DynoTestEnd) end = NULL;

  dyno_test_ctl_set (f->ctl, "API_AUTH_ENABLED", "false");
  end = dyno_test_ctl_run (f->ctl, "serve", "--port", "0", "--lan", NULL);
  dyno_test_end_assert (end, 3);
  g_assert_cmpstr (end->out, ==, "");
}

/* Which entry is wrong is told by its place; what it says is not shown. */
static void
test_short_keys (Fixture      *f,
                 gconstpointer unused)
{
  g_autoptr(DynoTestEnd) end = NULL;

  dyno_test_ctl_set (f->ctl, "API_KEYS", "hunter2");
  end = refuse (f, "0");
  dyno_test_end_assert (end, 3);
  g_assert_nonnull (strstr (end->err, "1"));
  g_assert_null (strstr (end->err, "hunter2"));
  g_assert_null (strstr (end->out, "hunter2"));
}

static void
test_port_in_use (Fixture      *f,
                  gconstpointer unused)
{
  g_autoptr(GSocketListener) listener = g_socket_listener_new ();
  guint16 port = g_socket_listener_add_any_inet_port (listener, NULL, NULL);
  g_autofree char *text = g_strdup_printf ("%u", port);
  g_autoptr(DynoTestEnd) end = NULL;

  g_assert_cmpuint (port, !=, 0);
  end = refuse (f, text);
  dyno_test_end_assert (end, 7);
  g_assert_nonnull (strstr (end->err, text));
}

static void
test_no_master_key (Fixture      *f,
                    gconstpointer unused)
{
  g_autoptr(DynoTestEnd) end = NULL;

  dyno_test_ctl_set (f->ctl, "DYNOAI_MASTER_KEY_FILE", "");
  end = refuse (f, "0");
  g_assert_true (end->status == 6 || end->status == 7);
  g_assert_nonnull (strstr (end->err, "DYNOAI_MASTER_KEY_FILE"));
}

#define ADD(name, func) \
  g_test_add ("/ctl/serve/" name, Fixture, NULL, set_up, func, tear_down)

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);
  ADD ("ready", test_ready);
  ADD ("key", test_key);
  ADD ("people", test_people);
  ADD ("holder", test_holder);
  ADD ("ends", test_ends);
  ADD ("ends-at-once", test_ends_at_once);
  ADD ("other-uid", test_other_uid);
  g_test_add_func ("/ctl/serve/subprocess/as-nobody", ask_as_nobody);
  ADD ("no-auth-on-lan", test_no_auth_on_lan);
  ADD ("short-keys", test_short_keys);
  ADD ("port-in-use", test_port_in_use);
  ADD ("no-master-key", test_no_master_key);

  return g_test_run ();
}
