/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

#include "config.h"

#include <math.h>
#include <string.h>

#include "dyno-api.h"
#include "dyno-stream.h"
#include "dyno-test-shop.h"
#include "dyno-test-stream.h"
#include "dyno-test.h"

/* Streams as a client sees them: over a real connection, with a simulated dyno on loopback. */

#define EVENTS "/api/v1/events?topics="
#define AS(role) "X-Test-Role", role

static const DynoRouteTable *const tables[] = { &dyno_api_capture, &dyno_api_live,
                                                &dyno_api_preflight, NULL };

typedef struct
{
  DynoTestShop  shop;
  DynoTestApi  *api;
  DynoTestDyno *dyno; /* (nullable) */
} Fixture;

static void
set_up (Fixture       *f,
        gconstpointer  flags)
{
  dyno_test_shop_set_up (&f->shop, flags);
  f->api = dyno_test_api_start (tables, f->shop.shop);
}

static void
tear_down (Fixture       *f,
           gconstpointer  unused)
{
  dyno_test_api_free (f->api);
  dyno_test_dyno_free (f->dyno);
  dyno_test_shop_tear_down (&f->shop, NULL);
}

/* FALSE: skipped. */
static gboolean
start_dyno (Fixture *f)
{
  DynoSimulatorConfig config = dyno_test_dyno_config ();

  if (!dyno_test_shop_has_wire ())
    return FALSE;
  f->dyno = dyno_test_dyno_start (&config);
  dyno_test_shop_wait_phase (&f->shop, DYNO_ARM_LIVE, 20);

  return TRUE;
}

static double
value_of (DynoTestEvent *event,
          const char    *channel)
{
  return dyno_json_get_number (dyno_json_member (event->data, "v"), channel, NAN);
}

static void
test_latest (Fixture       *f,
             gconstpointer  unused)
{
  g_autoptr(DynoTestStream) stream = NULL;
  guint64 last = 0;

  if (!start_dyno (f))
    return;

  stream = dyno_test_stream_open (f->api, "/api/v1/live/stream?hz=50&channels=rpm,map",
                                  AS ("viewer"), NULL);
  g_assert_cmpuint (dyno_test_stream_get_status (stream), ==, 200);
  g_assert_cmpstr (dyno_test_stream_get_header (stream, "Content-Type"), ==, "text/event-stream");
  g_assert_cmpstr (dyno_test_stream_get_header (stream, "Cache-Control"), ==, "no-store");
  for (guint i = 0; i < 25; i++)
    {
      g_autoptr(DynoTestEvent) event = dyno_test_stream_wait (stream, "live");

      g_assert_cmpuint (dyno_test_event_seq (event), >, last);
      last = dyno_test_event_seq (event);
      g_assert_cmpuint ((guint64) dyno_json_get_integer (event->data, "seq", 0), ==, last);
      g_assert_cmpfloat (value_of (event, "rpm"), >, 500);
      g_assert_cmpfloat (value_of (event, "map"), >, 10);
      g_assert_cmpuint (dyno_json_n_elements (dyno_json_member (event->data, "v")), ==, 2);
    }
}

/* What was missed comes first, step by step, without a hole and without a gap. */
static void
test_resume_live (Fixture       *f,
                  gconstpointer  unused)
{
  DynoTestStream *first;
  g_autoptr(DynoTestStream) second = NULL;
  g_autoptr(DynoTestEvent) event = NULL;
  guint64 last, seq = 0;

  if (!start_dyno (f))
    return;

  first = dyno_test_stream_open (f->api, EVENTS "live&hz=20", AS ("viewer"), NULL);
  for (guint i = 0; i < 5; i++)
    {
      g_clear_pointer (&event, dyno_test_event_free);
      event = dyno_test_stream_wait (first, "live");
    }
  dyno_test_stream_free (first);
  last = dyno_test_event_seq (event);
  g_usleep (G_USEC_PER_SEC);

  second = dyno_test_stream_open (f->api, EVENTS "live&hz=20", AS ("viewer"), "Last-Event-ID",
                                  event->id, NULL);
  for (guint i = 1; i <= 18; i++)
    {
      g_autoptr(DynoTestEvent) missed = dyno_test_stream_next (second);

      g_assert_cmpstr (missed->event, ==, "live");
      seq = dyno_test_event_seq (missed);
      g_assert_cmpuint (seq, ==, last + 50 * i);
      g_assert_cmpfloat (value_of (missed, "rpm"), >, 500);
    }
}

/* Every sample: stamps of a channel grow, and none is missing over the break. */
static void
test_all_samples (Fixture       *f,
                  gconstpointer  unused)
{
  double newest = -INFINITY, widest = 0;
  g_autofree char *id = NULL;
  guint n = 0;

  if (!start_dyno (f))
    return;

  for (guint part = 0; part < 2; part++)
    {
      DynoTestStream *stream
        = dyno_test_stream_open (f->api, EVENTS "live&mode=all&channels=rpm", AS ("viewer"),
                                 "Last-Event-ID", id != NULL ? id : "none", NULL);

      for (guint i = 0; i < 20; i++)
        {
          g_autoptr(DynoTestEvent) event = dyno_test_stream_wait (stream, "live");
          const DynoJson *rows = dyno_json_member (dyno_json_member (event->data, "v"), "rpm");

          for (guint k = 0; k < dyno_json_n_elements (rows); k++)
            {
              double t_ms = dyno_json_number (dyno_json_element (dyno_json_element (rows, k), 0),
                                              NAN);

              if (t_ms <= newest)
                continue; /* told twice over the break */
              widest = isfinite (newest) ? MAX (widest, t_ms - newest) : 0;
              newest = t_ms;
              n++;
            }
          g_free (id);
          id = g_strdup (event->id);
        }
      dyno_test_stream_free (stream);
      g_usleep (G_USEC_PER_SEC / 2);
    }
  g_assert_cmpuint (n, >, 30);
  g_assert_cmpfloat (widest, <, 150);
}

/* News */

static void
tell_alert (Fixture    *f,
            const char *name)
{
  dyno_alert_raise (f->shop.shop, name, DYNO_ALERT_WARNING, "Something is to be known.");
}

/* Two events; the bus would make one of them for a reader who is slower. */
static void
raise_and_clear (Fixture        *f,
                 DynoTestStream *reader,
                 const char     *message)
{
  g_autoptr(DynoTestEvent) raised = NULL;
  g_autoptr(DynoTestEvent) cleared = NULL;

  dyno_alert_raise (f->shop.shop, "again", DYNO_ALERT_WARNING, message);
  raised = dyno_test_stream_wait (reader, "alert");
  dyno_alert_clear (f->shop.shop, "again");
  cleared = dyno_test_stream_wait (reader, "alert");
}

static void
test_resume_news (Fixture       *f,
                  gconstpointer  unused)
{
  static const char *const names[] = { "b", "c", "d" };
  DynoTestStream *first = dyno_test_stream_open (f->api, EVENTS "alert", AS ("viewer"), NULL);
  g_autoptr(DynoTestStream) second = NULL;
  g_autoptr(DynoTestEvent) event = NULL;

  tell_alert (f, "a");
  event = dyno_test_stream_next (first);
  g_assert_cmpstr (event->event, ==, "alert");
  g_assert_cmpstr (dyno_json_get_string (event->data, "name"), ==, "a");
  dyno_test_stream_free (first);

  for (guint i = 0; i < G_N_ELEMENTS (names) - 1; i++)
    tell_alert (f, names[i]);
  g_usleep (100000);
  second = dyno_test_stream_open (f->api, EVENTS "alert", AS ("viewer"), "Last-Event-ID",
                                  event->id, NULL);
  tell_alert (f, "d");
  for (guint i = 0; i < G_N_ELEMENTS (names); i++)
    {
      g_autoptr(DynoTestEvent) missed = dyno_test_stream_next (second);

      g_assert_cmpstr (dyno_json_get_string (missed->data, "name"), ==, names[i]);
    }
}

static void
test_gap_of_another_run (Fixture       *f,
                         gconstpointer  unused)
{
  g_autoptr(DynoTestStream) stream = dyno_test_stream_open (f->api, EVENTS "alert", AS ("viewer"),
                                                            "Last-Event-ID", "5e2c-41", NULL);
  g_autoptr(DynoTestEvent) event = dyno_test_stream_next (stream);

  g_assert_cmpstr (event->event, ==, "gap");
  g_assert_cmpint (dyno_json_get_integer (event->data, "from", -1), ==, 1);
  g_assert_cmpint (dyno_json_get_integer (event->data, "to", -1), >, 0);
}

static void
test_gap_when_forgotten (Fixture       *f,
                         gconstpointer  unused)
{
  DynoTestStream *first = dyno_test_stream_open (f->api, EVENTS "alert", AS ("viewer"), NULL);
  g_autoptr(DynoTestStream) second = NULL;
  g_autoptr(DynoTestEvent) event = NULL;
  g_autoptr(DynoTestEvent) gap = NULL;

  tell_alert (f, "first");
  event = dyno_test_stream_next (first);
  for (guint i = 0; i <= DYNO_STREAM_KEPT / 2; i++)
    raise_and_clear (f, first, "x");
  second = dyno_test_stream_open (f->api, EVENTS "alert", AS ("viewer"), "Last-Event-ID",
                                  event->id, NULL);
  gap = dyno_test_stream_next (second);
  g_assert_cmpstr (gap->event, ==, "gap");
  g_assert_cmpuint ((guint64) dyno_json_get_integer (gap->data, "from", -1), ==,
                    dyno_test_event_seq (event) + 1);
  dyno_test_stream_free (first);
}

/* A job is told to him who asked for it, and to whoever may read the audit. */
static void
test_own_jobs (Fixture       *f,
               gconstpointer  unused)
{
  static const char *const users[] = { "usr_aaaaaaaaaaaaaaaaaaaa", "usr_bbbbbbbbbbbbbbbbbbbb" };
  DynoTestStream *streams[3];

  for (guint i = 0; i < 2; i++)
    streams[i] = dyno_test_stream_open (f->api, EVENTS "job", AS ("operator"), "X-Test-User",
                                        users[i], NULL);
  streams[2] = dyno_test_stream_open (f->api, EVENTS "job", AS ("admin"), NULL);
  for (guint i = 0; i < 2; i++)
    {
      g_autoptr(DynoTestReply) reply
        = dyno_test_api_ask (f->api, "POST", "/api/v1/preflight", "{\"sample_s\":5}",
                             AS ("operator"), "X-Test-User", users[i], NULL);
      g_autoptr(DynoTestEvent) event = NULL;
      g_autoptr(DynoTestEvent) same = NULL;

      g_assert_cmpuint (reply->status, ==, 202);
      event = dyno_test_stream_wait (streams[i], "job");
      g_assert_cmpstr (dyno_json_get_string (event->data, "id"), ==,
                       dyno_json_get_string (reply->json, "job_id"));
      g_assert_cmpstr (dyno_json_get_string (event->data, "kind"), ==, "preflight");
      dyno_jobs_cancel_all (dyno_shop_get_jobs (f->shop.shop));
      same = dyno_test_stream_wait (streams[2], "job");
    }
  for (guint i = 0; i < 3; i++)
    dyno_test_stream_free (streams[i]);
}

/* Who may come in */

static void
test_refused (Fixture       *f,
              gconstpointer  unused)
{
  static const char *const targets[] = {
    EVENTS "session:1", EVENTS "voice", EVENTS, EVENTS "live&hz=51", EVENTS "live&hz=0",
    EVENTS "live&mode=some", EVENTS "live&channels=warp",
  };
  g_autoptr(DynoTestReply) nobody = dyno_test_api_ask (f->api, "GET", EVENTS "live", NULL, NULL);

  g_assert_cmpuint (nobody->status, ==, 401);
  for (guint i = 0; i < G_N_ELEMENTS (targets); i++)
    {
      g_autoptr(DynoTestReply) reply
        = dyno_test_api_ask (f->api, "GET", targets[i], NULL, AS ("viewer"), NULL);

      g_test_message ("%s", targets[i]);
      g_assert_cmpuint (reply->status, ==, 400);
      g_assert_cmpstr (dyno_test_reply_code (reply), ==, "VALIDATION_ERROR");
    }
}

static const char *
reason_of (DynoTestStream *stream)
{
  const DynoJson *error = dyno_json_member (dyno_test_stream_get_problem (stream), "error");

  return dyno_json_get_string (dyno_json_member (error, "details"), "reason");
}

static void
test_four_a_principal (Fixture       *f,
                       gconstpointer  unused)
{
  DynoTestStream *streams[DYNO_STREAM_MAX_PRINCIPAL];
  g_autoptr(DynoTestStream) fifth = NULL;
  g_autoptr(DynoTestStream) other = NULL;

  for (guint i = 0; i < G_N_ELEMENTS (streams); i++)
    streams[i] = dyno_test_stream_open (f->api, EVENTS "alert", AS ("viewer"), NULL);
  fifth = dyno_test_stream_open (f->api, EVENTS "alert", AS ("viewer"), NULL);
  g_assert_cmpuint (dyno_test_stream_get_status (fifth), ==, 503);
  g_assert_cmpstr (reason_of (fifth), ==, "STREAMS_FULL");
  other = dyno_test_stream_open (f->api, EVENTS "alert", AS ("viewer"), "X-Test-User",
                                 "usr_bbbbbbbbbbbbbbbbbbbb", NULL);
  g_assert_cmpuint (dyno_test_stream_get_status (other), ==, 200);
  for (guint i = 0; i < G_N_ELEMENTS (streams); i++)
    dyno_test_stream_free (streams[i]);
}

/* Thirty-two at 50 Hz all get theirs; the next one is told that the house is full. */
static void
test_thirty_two (Fixture       *f,
                 gconstpointer  unused)
{
  DynoTestStream *streams[DYNO_STREAM_MAX];
  g_autoptr(DynoTestStream) more = NULL;

  if (!start_dyno (f))
    return;

  for (guint i = 0; i < DYNO_STREAM_MAX; i++)
    {
      g_autofree char *user = g_strdup_printf ("usr_%020u", i / DYNO_STREAM_MAX_PRINCIPAL);

      streams[i] = dyno_test_stream_open (f->api, EVENTS "live&hz=50", AS ("viewer"),
                                          "X-Test-User", user, NULL);
      g_assert_cmpuint (dyno_test_stream_get_status (streams[i]), ==, 200);
    }
  more = dyno_test_stream_open (f->api, EVENTS "live", AS ("viewer"), NULL);
  g_assert_cmpuint (dyno_test_stream_get_status (more), ==, 503);
  g_assert_cmpstr (reason_of (more), ==, "STREAMS_FULL");
  for (guint k = 0; k < 20; k++)
    {
      for (guint i = 0; i < DYNO_STREAM_MAX; i++)
        {
          g_autoptr(DynoTestEvent) event = dyno_test_stream_next (streams[i]);

          g_assert_cmpstr (event->event, ==, "live");
        }
    }
  for (guint i = 0; i < DYNO_STREAM_MAX; i++)
    dyno_test_stream_free (streams[i]);
}

/* Good-bye */

static void
assert_bye (DynoTestStream *stream,
            const char     *reason)
{
  g_autoptr(DynoTestEvent) bye = dyno_test_stream_wait (stream, "bye");

  g_assert_cmpstr (dyno_json_get_string (bye->data, "reason"), ==, reason);
  g_assert_null (dyno_test_stream_next (stream));
}

static DynoKeyMade *
make_key (Fixture    *f,
          DynoScopes  scopes)
{
  DynoKeyRequest request = { .name = "Tablet", .scopes = scopes, .owner = "tablet" };
  g_autoptr(GError) error = NULL;
  DynoKeyMade *made;

  g_assert_true (dyno_test_ask0 (&f->shop, dyno_keys_start, &error));
  made = dyno_test_ask (&f->shop, dyno_keys_create, &error, &request);
  g_assert_no_error (error);

  return made;
}

static void
test_key_revoked (Fixture       *f,
                  gconstpointer  unused)
{
  g_autoptr(DynoKeyMade) key = make_key (f, DYNO_SCOPE_BIT (DYNO_SCOPE_LIVE_READ));
  g_autoptr(DynoTestStream) stream
    = dyno_test_stream_open (f->api, EVENTS "live,capture", "X-API-Key", key->text, NULL);
  g_autoptr(DynoTestStream) other = dyno_test_stream_open (f->api, EVENTS "alert", AS ("viewer"),
                                                           NULL);
  g_autoptr(DynoTestReply) next = NULL;
  g_autoptr(DynoTestEvent) event = NULL;
  g_autoptr(GError) error = NULL;

  g_assert_cmpuint (dyno_test_stream_get_status (stream), ==, 200);
  g_assert_true (dyno_test_ask (&f->shop, dyno_keys_revoke, &error, key->record->id));
  g_assert_no_error (error);
  assert_bye (stream, "auth");
  next = dyno_test_api_ask (f->api, "GET", "/api/v1/live", NULL, "X-API-Key", key->text, NULL);
  g_assert_cmpuint (next->status, ==, 403);
  tell_alert (f, "still-here");
  event = dyno_test_stream_next (other);
  g_assert_cmpstr (event->event, ==, "alert");
}

static void
test_key_without_permission (Fixture       *f,
                             gconstpointer  unused)
{
  g_autoptr(DynoKeyMade) key = make_key (f, DYNO_SCOPE_BIT (DYNO_SCOPE_LIVE_READ));
  g_autoptr(DynoTestReply) refused
    = dyno_test_api_ask (f->api, "GET", EVENTS "live,health", NULL, "X-API-Key", key->text, NULL);

  g_assert_cmpuint (refused->status, ==, 403);
  g_assert_cmpstr (dyno_test_reply_code (refused), ==, "AUTHORIZATION_ERROR");
  g_assert_nonnull (strstr (refused->body, "health:read"));
}

static void
test_expired (Fixture       *f,
              gconstpointer  unused)
{
  g_autoptr(DynoTestStream) stream = dyno_test_stream_open (f->api, EVENTS "alert", AS ("viewer"),
                                                            "X-Test-Lasts-Ms", "300", NULL);

  g_assert_cmpuint (dyno_test_stream_get_status (stream), ==, 200);
  assert_bye (stream, "auth");
}

static void
test_draining (Fixture       *f,
               gconstpointer  unused)
{
  g_autoptr(DynoTestStream) stream = dyno_test_stream_open (f->api, EVENTS "alert", AS ("viewer"),
                                                            NULL);
  g_autoptr(DynoAwait) await = dyno_await_new ();
  g_autoptr(GAsyncResult) result = NULL;

  dyno_test_api_drain (f->api, 10000, dyno_await_cb, await);
  assert_bye (stream, "draining");
  dyno_await_wait (await);
}

/* A client that does not read */

static GSocketConnection *
connect_deaf (Fixture *f)
{
  g_autoptr(GSocketClient) client = g_socket_client_new ();
  g_autofree char *request
    = g_strdup_printf ("GET " EVENTS "alert HTTP/1.1\r\nHost: 127.0.0.1:%u\r\n"
                       "X-Test-Role: viewer\r\n\r\n", dyno_test_api_get_port (f->api));
  g_autoptr(GError) error = NULL;
  GSocketConnection *connection
    = g_socket_client_connect_to_host (client, "127.0.0.1", dyno_test_api_get_port (f->api), NULL,
                                       &error);

  g_assert_no_error (error);
  g_output_stream_write_all (g_io_stream_get_output_stream (G_IO_STREAM (connection)), request,
                             strlen (request), NULL, NULL, &error);
  g_assert_no_error (error);

  return connection;
}

static gboolean
has_place (Fixture *f)
{
  g_autoptr(DynoTestStream) stream = dyno_test_stream_open (f->api, EVENTS "alert", AS ("viewer"),
                                                            NULL);

  return dyno_test_stream_get_status (stream) == 200;
}

/* News cannot be let go; so it is the client who is. What the kernel takes for him comes first. */
static void
test_deaf_client (Fixture       *f,
                  gconstpointer  unused)
{
  GSocketConnection *deaf[DYNO_STREAM_MAX_PRINCIPAL];
  g_autoptr(DynoTestStream) reader
    = dyno_test_stream_open (f->api, EVENTS "alert", AS ("viewer"), "X-Test-User",
                             "usr_bbbbbbbbbbbbbbbbbbbb", NULL);
  g_autofree char *long_text = g_strnfill (20000, 'x');
  gint64 deadline_us = g_get_monotonic_time () + 60 * G_USEC_PER_SEC;

  for (guint i = 0; i < G_N_ELEMENTS (deaf); i++)
    deaf[i] = connect_deaf (f);
  while (has_place (f))
    g_usleep (20000);
  while (!has_place (f))
    {
      g_assert_cmpint (g_get_monotonic_time (), <, deadline_us);
      for (guint i = 0; i < 100; i++)
        raise_and_clear (f, reader, long_text);
    }
  for (guint i = 0; i < G_N_ELEMENTS (deaf); i++)
    g_object_unref (deaf[i]);
}

#define ADD(path, function) \
  g_test_add (path, Fixture, GUINT_TO_POINTER (DYNO_SHOP_DEFAULT), set_up, function, tear_down)
#define ADD_QUIET(path, function) \
  g_test_add (path, Fixture, GUINT_TO_POINTER (DYNO_SHOP_NO_CAPTURE), set_up, function, tear_down)

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);
  ADD ("/server/stream/latest", test_latest);
  ADD ("/server/stream/resume/live", test_resume_live);
  ADD ("/server/stream/all-samples", test_all_samples);
  ADD_QUIET ("/server/stream/resume/news", test_resume_news);
  ADD_QUIET ("/server/stream/gap/another-run", test_gap_of_another_run);
  ADD_QUIET ("/server/stream/gap/forgotten", test_gap_when_forgotten);
  ADD ("/server/stream/own-jobs", test_own_jobs);
  ADD_QUIET ("/server/stream/refused", test_refused);
  ADD_QUIET ("/server/stream/four-a-principal", test_four_a_principal);
  ADD ("/server/stream/thirty-two", test_thirty_two);
  ADD_QUIET ("/server/stream/key/revoked", test_key_revoked);
  ADD_QUIET ("/server/stream/key/without-permission", test_key_without_permission);
  ADD_QUIET ("/server/stream/expired", test_expired);
  ADD_QUIET ("/server/stream/draining", test_draining);
  ADD_QUIET ("/server/stream/deaf-client", test_deaf_client);

  return g_test_run ();
}
