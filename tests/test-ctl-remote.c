/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

#include "config.h"

#include <gio/gio.h>
#include <string.h>

#include "dyno-lock.h"
#include "dyno-test-ctl.h"

/* dynoctl while another process holds the data folder: here a thread of the test, which
 * holds the lock, listens, and answers each request with the same status and body. */

#define RUN "run_0123456789abcdefghij"

typedef struct
{
  DynoTestCtl     *ctl;      /* (owned) */
  DynoLock        *lock;     /* (owned) */
  GSocketListener *listener; /* (owned) */
  GThread         *thread;   /* (owned) */
  GCancellable    *end;      /* (owned) */
  GMutex           mutex;    /* of what follows */
  guint            status;
  const char      *body;     /* (borrowed) */
  GString         *requests; /* (owned) first lines and bodies, as they came */
} Fixture;

/* The head, and as much of a body as it says. */
static void
read_request (Fixture      *f,
              GInputStream *input)
{
  g_autoptr(GDataInputStream) lines = g_data_input_stream_new (input);
  gsize length = 0;
  gboolean is_first = TRUE;

  for (;;)
    {
      g_autofree char *line = g_data_input_stream_read_line (lines, NULL, NULL, NULL);

      if (line == NULL || *g_strchomp (line) == '\0')
        break;
      if (is_first)
        g_string_append_printf (f->requests, "%s\n", line);
      is_first = FALSE;
      if (g_ascii_strncasecmp (line, "Content-Length:", 15) == 0)
        length = (gsize) g_ascii_strtoull (line + 15, NULL, 10);
      if (g_ascii_strncasecmp (line, "If-Match:", 9) == 0)
        g_string_append_printf (f->requests, "%s\n", line);
    }
  for (; length > 0; length--)
    g_string_append_c (f->requests, (char) g_data_input_stream_read_byte (lines, NULL, NULL));
  g_string_append_c (f->requests, '\n');
}

static void
answer (Fixture           *f,
        GSocketConnection *connection)
{
  g_autoptr(GMutexLocker) locker = g_mutex_locker_new (&f->mutex);
  g_autofree char *reply = NULL;

  read_request (f, g_io_stream_get_input_stream (G_IO_STREAM (connection)));
  reply = g_strdup_printf ("HTTP/1.1 %u X\r\nContent-Type: application/json\r\n"
                           "Content-Length: %zu\r\nConnection: close\r\n\r\n%s",
                           f->status, strlen (f->body), f->body);
  g_output_stream_write_all (g_io_stream_get_output_stream (G_IO_STREAM (connection)), reply,
                             strlen (reply), NULL, NULL, NULL);
}

static gpointer
listen_thread (gpointer data)
{
  Fixture *f = data;
  GSocketConnection *connection;

  while ((connection = g_socket_listener_accept (f->listener, NULL, f->end, NULL)) != NULL)
    {
      answer (f, connection);
      g_io_stream_close (G_IO_STREAM (connection), NULL, NULL);
      g_object_unref (connection);
    }

  return NULL;
}

static void
set_up (Fixture      *f,
        gconstpointer unused)
{
  g_autofree char *path = NULL;
  g_autoptr(GSocketAddress) place = NULL;
  g_autoptr(GError) error = NULL;

  f->ctl = dyno_test_ctl_new ();
  path = g_build_filename (f->ctl->folder, "s", NULL);
  place = g_unix_socket_address_new (path);
  f->lock = dyno_lock_take (f->ctl->data, path, &error);
  g_assert_no_error (error);
  f->listener = g_socket_listener_new ();
  g_assert_true (g_socket_listener_add_address (f->listener, place, G_SOCKET_TYPE_STREAM,
                                                G_SOCKET_PROTOCOL_DEFAULT, NULL, NULL, &error));
  f->end = g_cancellable_new ();
  f->requests = g_string_new (NULL);
  f->status = 200;
  f->body = "{}";
  g_mutex_init (&f->mutex);
  f->thread = g_thread_new ("holder", listen_thread, f);
}

static void
stop_listening (Fixture *f)
{
  g_cancellable_cancel (f->end);
  g_clear_pointer (&f->thread, g_thread_join);
  g_socket_listener_close (f->listener);
}

static void
tear_down (Fixture      *f,
           gconstpointer unused)
{
  if (f->thread != NULL)
    stop_listening (f);
  g_object_unref (f->listener);
  g_object_unref (f->end);
  dyno_lock_free (f->lock);
  g_string_free (f->requests, TRUE);
  g_mutex_clear (&f->mutex);
  dyno_test_ctl_free (f->ctl);
}

static void
let_answer (Fixture    *f,
            guint       status,
            const char *body)
{
  g_autoptr(GMutexLocker) locker = g_mutex_locker_new (&f->mutex);

  f->status = status;
  f->body = body;
  g_string_truncate (f->requests, 0);
}

static gboolean
was_asked (Fixture    *f,
           const char *text)
{
  g_autoptr(GMutexLocker) locker = g_mutex_locker_new (&f->mutex);

  return strstr (f->requests->str, text) != NULL;
}

/* The table of cli.md. */
static void
test_statuses (Fixture      *f,
               gconstpointer unused)
{
  static const int rows[][2] = {
    { 400, 3 }, { 413, 3 }, { 415, 3 }, { 422, 3 }, { 404, 4 }, { 409, 5 }, { 412, 5 }, { 428, 5 },
    { 401, 6 }, { 403, 6 }, { 429, 7 }, { 502, 7 }, { 503, 7 }, { 504, 7 }, { 500, 1 }, { 507, 1 },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      g_autoptr(DynoTestEnd) end = NULL;

      let_answer (f, (guint) rows[i][0],
                  "{\"error\":{\"code\":\"X\",\"message\":\"It is so.\",\"details\":{}}}");
      end = dyno_test_ctl_run (f->ctl, "runs", "show", RUN, NULL);
      dyno_test_end_assert (end, rows[i][1]);
      g_assert_cmpstr (end->err, ==, "dynoctl: It is so.\n");
      g_assert_cmpstr (end->out, ==, "");
    }
}

/* What forbids a change is a conflict, whatever its status; the code goes through. */
static void
test_blocked (Fixture      *f,
              gconstpointer unused)
{
  g_autoptr(DynoTestEnd) end = NULL;

  let_answer (f, 422, "{\"error\":{\"code\":\"CHANGE_BLOCKED\",\"message\":\"No.\"}}");
  end = dyno_test_ctl_run (f->ctl, "--json", "runs", "show", RUN, NULL);
  dyno_test_end_assert (end, 5);
  g_assert_nonnull (strstr (end->err, "CHANGE_BLOCKED"));
}

static void
test_runs (Fixture      *f,
           gconstpointer unused)
{
  g_autoptr(DynoTestEnd) list = NULL;
  g_autoptr(DynoTestEnd) text = NULL;
  g_autoptr(DynoTestEnd) note = NULL;
  g_autoptr(DynoJson) document = NULL;

  let_answer (f, 200, "{\"items\":[{\"id\":\"" RUN "\",\"number\":7,\"title\":\"Base\","
                      "\"status\":\"complete\",\"source\":\"upload\",\"duration_s\":8.5,"
                      "\"peak_power_kw\":78.4}],\"next_cursor\":null}");
  list = dyno_test_ctl_run (f->ctl, "--json", "runs", "list", "--query", "a b", "--limit", "3",
                            NULL);
  dyno_test_end_assert (list, 0);
  document = dyno_test_end_json (list);
  g_assert_cmpstr (dyno_json_get_string (dyno_json_element (dyno_json_member (document, "runs"), 0),
                                         "id"), ==, RUN);
  g_assert_true (was_asked (f, "GET /api/v1/runs?q=a%20b&limit=3 "));
  text = dyno_test_ctl_run (f->ctl, "runs", "list", NULL);
  g_assert_nonnull (strstr (text->out, "78.4"));
  g_assert_nonnull (strstr (text->out, "Base"));

  let_answer (f, 200, "{\"id\":\"" RUN "\",\"number\":7,\"version\":3}");
  note = dyno_test_ctl_run (f->ctl, "runs", "note", RUN, "jet 190", NULL);
  dyno_test_end_assert (note, 0);
  g_assert_true (was_asked (f, "PATCH /api/v1/runs/" RUN));
  g_assert_true (was_asked (f, "\"" RUN "-3\""));
  g_assert_true (was_asked (f, "{\"notes\":\"jet 190\"}"));
}

/* A setting goes as the type it has. */
static void
test_settings (Fixture      *f,
               gconstpointer unused)
{
  g_autoptr(DynoTestEnd) get = NULL;
  g_autoptr(DynoTestEnd) set = NULL;

  let_answer (f, 200, "{\"ui.units\":{\"value\":\"us\",\"origin\":\"window\"}}");
  get = dyno_test_ctl_run (f->ctl, "config", "get", "ui.units", NULL);
  dyno_test_end_assert (get, 0);
  g_assert_cmpstr (get->out, ==, "us\n");
  set = dyno_test_ctl_run (f->ctl, "config", "set", "server.lan_port", "5999", NULL);
  dyno_test_end_assert (set, 0);
  g_assert_true (was_asked (f, "{\"server.lan_port\":5999}"));
}

static void
test_silence (Fixture      *f,
              gconstpointer unused)
{
  g_autoptr(DynoTestEnd) end = NULL;

  stop_listening (f);
  end = dyno_test_ctl_run (f->ctl, "runs", "list", NULL);
  dyno_test_end_assert (end, 7);
  g_assert_nonnull (strstr (end->err, "holds the data folder"));
}

/* A holder that says no socket, and a verb that has no route. */
static void
test_held (Fixture      *f,
           gconstpointer unused)
{
  g_autoptr(DynoTestEnd) check = dyno_test_ctl_run (f->ctl, "db", "check", NULL);
  g_autoptr(DynoTestEnd) list = NULL;

  dyno_test_end_assert (check, 5);
  dyno_lock_set_socket (f->lock, NULL);
  list = dyno_test_ctl_run (f->ctl, "runs", "list", NULL);
  dyno_test_end_assert (list, 5);
  g_assert_cmpuint (f->requests->len, ==, 0);
}

#define ADD(name, func) \
  g_test_add ("/ctl/remote/" name, Fixture, NULL, set_up, func, tear_down)

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);
  ADD ("statuses", test_statuses);
  ADD ("blocked", test_blocked);
  ADD ("runs", test_runs);
  ADD ("settings", test_settings);
  ADD ("silence", test_silence);
  ADD ("held", test_held);

  return g_test_run ();
}
