/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

#include "config.h"

#include <libsoup/soup.h>
#include <string.h>

#include "dyno-await.h"
#include "dyno-error.h"
#include "dyno-json.h"
#include "dyno-metrics.h"
#include "dyno-test-secrets.h"
#include "dyno-test.h"
#include "dyno-trace.h"

/* Spans, and what of them arrives at a collector of the test's own. */

#define PARENT "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01"

typedef struct
{
  SoupServer *server;    /* (owned) */
  DynoAwait  *await;     /* (owned) */
  DynoClock  *clock;     /* (owned) */
  char       *endpoint;  /* (owned) */
  GPtrArray  *bodies;    /* (owned) of char *, unpacked */
  guint       n_calls;
  guint       n_busy;    /* calls that are answered by `busy` first */
  guint       busy;      /* status */
} Fixture;

static char *
unpack (SoupMessageBody *body)
{
  g_autoptr(GInputStream) memory
    = g_memory_input_stream_new_from_data (body->data, body->length, NULL);
  g_autoptr(GZlibDecompressor) opener = g_zlib_decompressor_new (G_ZLIB_COMPRESSOR_FORMAT_GZIP);
  g_autoptr(GInputStream) input = g_converter_input_stream_new (memory, G_CONVERTER (opener));
  g_autoptr(GOutputStream) output = g_memory_output_stream_new_resizable ();

  g_assert_cmpint (g_output_stream_splice (output, input, 0, NULL, NULL), >, 0);
  g_output_stream_write (output, "", 1, NULL, NULL);
  g_output_stream_close (output, NULL, NULL);

  return g_memory_output_stream_steal_data (G_MEMORY_OUTPUT_STREAM (output));
}

static void
collect_cb (SoupServer        *server,
            SoupServerMessage *message,
            const char        *path,
            GHashTable        *query,
            gpointer           data)
{
  Fixture *f = data;
  SoupMessageHeaders *headers = soup_server_message_get_request_headers (message);

  f->n_calls++;
  if (f->n_calls <= f->n_busy)
    {
      soup_server_message_set_status (message, f->busy, NULL);
      return;
    }
  g_assert_cmpstr (path, ==, "/v1/traces");
  g_assert_cmpstr (soup_server_message_get_method (message), ==, "POST");
  g_assert_cmpstr (soup_message_headers_get_one (headers, "Content-Encoding"), ==, "gzip");
  g_assert_cmpstr (soup_message_headers_get_content_type (headers, NULL), ==,
                   "application/json");
  g_ptr_array_add (f->bodies, unpack (soup_server_message_get_request_body (message)));
  soup_server_message_set_response (message, "application/json", SOUP_MEMORY_STATIC, "{}", 2);
  soup_server_message_set_status (message, 200, NULL);
}

static void
begin (Fixture *f,
       double   sample)
{
  DynoTraceConfig config = { .endpoint = f->endpoint, .sample = sample, .clock = f->clock,
                             .environment = "staging", .every_ms = 3600 * 1000 };
  g_autoptr(GError) error = NULL;

  g_assert_true (dyno_trace_begin (&config, &error));
  g_assert_no_error (error);
}

static void
set_up (Fixture      *f,
        gconstpointer unused)
{
  GSList *uris;

  f->await = dyno_await_new (); /* its context is the server's too */
  f->server = soup_server_new (NULL, NULL);
  soup_server_add_handler (f->server, NULL, collect_cb, f, NULL);
  g_assert_true (soup_server_listen_local (f->server, 0, SOUP_SERVER_LISTEN_IPV4_ONLY, NULL));
  uris = soup_server_get_uris (f->server);
  f->endpoint = g_strdup_printf ("http://127.0.0.1:%d", g_uri_get_port (uris->data));
  g_slist_free_full (uris, (GDestroyNotify) g_uri_unref);
  f->clock = dyno_clock_new_fake (1000, G_GINT64_CONSTANT (1763640000) * G_USEC_PER_SEC);
  f->bodies = g_ptr_array_new_with_free_func (g_free);
}

static void
tear_down (Fixture      *f,
           gconstpointer unused)
{
  dyno_trace_end ();
  soup_server_disconnect (f->server);
  g_object_unref (f->server);
  dyno_await_free (f->await);
  dyno_clock_free (f->clock);
  g_ptr_array_unref (f->bodies);
  g_free (f->endpoint);
}

static void
flush (Fixture *f)
{
  dyno_trace_flush_async (dyno_await_cb, f->await);
  dyno_trace_flush_finish (dyno_await_wait (f->await));
}

static guint64
read_dropped (void)
{
  g_autoptr(GPtrArray) samples = dyno_metrics_snapshot ();

  for (guint i = 0; i < samples->len; i++)
    {
      const DynoMetricSample *sample = g_ptr_array_index (samples, i);

      if (sample->metric == DYNO_METRIC_TRACE_DROPPED)
        return (guint64) sample->value;
    }
  g_assert_not_reached ();
}

/* The list of spans of a body. */
static const DynoJson *
spans_of (const DynoJson *json)
{
  const DynoJson *resource = dyno_json_element (dyno_json_member (json, "resourceSpans"), 0);
  const DynoJson *scope = dyno_json_element (dyno_json_member (resource, "scopeSpans"), 0);

  return dyno_json_member (scope, "spans");
}

static guint
count_spans (Fixture *f)
{
  guint n = 0;

  for (guint i = 0; i < f->bodies->len; i++)
    {
      g_autoptr(DynoJson) json
        = dyno_json_parse_limited (f->bodies->pdata[i], -1, &dyno_json_limits_own, NULL);

      g_assert_nonnull (json);
      n += dyno_json_n_elements (spans_of (json));
    }

  return n;
}

static void
test_parse (void)
{
  static const struct
  {
    const char *parent;
    gboolean    is_good;
  } rows[] = {
    { PARENT, TRUE },
    { "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-00", TRUE },
    { "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-ff", TRUE },
    { NULL, FALSE },
    { "", FALSE },
    { "01-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01", FALSE },
    { "ff-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01", FALSE },
    { "00-0AF7651916CD43DD8448EB211C80319C-B7AD6B7169203331-01", FALSE },
    { "00-00000000000000000000000000000000-b7ad6b7169203331-01", FALSE },
    { "00-0af7651916cd43dd8448eb211c80319c-0000000000000000-01", FALSE },
    { "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-1", FALSE },
    { "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01-x", FALSE },
    { "00-0af7651916cd43dd8448eb211c80319c_b7ad6b7169203331-01", FALSE },
    { "00-0af7651916cd43dd8448eb211c80319g-b7ad6b7169203331-01", FALSE },
    { " " PARENT, FALSE },
    { PARENT " ", FALSE },
  };

  for (guint i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      DynoTraceContext context;

      if (dyno_trace_parse (rows[i].parent, NULL, &context) != rows[i].is_good)
        g_error ("%s was judged wrongly", rows[i].parent);
    }
}

static void
test_state (void)
{
  g_autofree char *fits = g_strnfill (512, 'a');
  g_autofree char *long_one = g_strnfill (513, 'a');
  g_autofree char *printed = NULL;
  DynoTraceContext context;

  fits[1] = long_one[1] = '=';
  g_assert_true (dyno_trace_parse (PARENT, "vendor=1,other=2", &context));
  g_assert_cmpstr (context.trace_state, ==, "vendor=1,other=2");
  g_assert_true (context.is_sampled);
  printed = dyno_trace_print (&context);
  g_assert_cmpstr (printed, ==, PARENT);
  g_assert_true (dyno_trace_parse (PARENT, fits, &context));
  g_assert_cmpstr (context.trace_state, ==, fits);
  g_assert_true (dyno_trace_parse (PARENT, long_one, &context));
  g_assert_cmpstr (context.trace_state, ==, "");
  g_assert_true (dyno_trace_parse (PARENT, "a=\r\nb", &context));
  g_assert_cmpstr (context.trace_state, ==, "");
}

static const char *
text_attribute (const DynoJson *list,
                const char     *key,
                const char     *kind)
{
  for (guint i = 0; i < dyno_json_n_elements (list); i++)
    {
      const DynoJson *item = dyno_json_element (list, i);

      if (g_strcmp0 (dyno_json_get_string (item, "key"), key) == 0)
        return dyno_json_get_string (dyno_json_member (item, "value"), kind);
    }

  return NULL;
}

static void
test_body (Fixture      *f,
           gconstpointer unused)
{
  g_autoptr(DynoJson) json = NULL;
  g_autoptr(GError) error = NULL;
  const DynoJson *root;
  const DynoJson *child;
  const DynoJson *resource;
  DynoTraceContext remote;
  DynoSpan *span;
  DynoSpan *part;

  begin (f, 1);
  g_assert_true (dyno_trace_parse (PARENT, "v=1", &remote));
  span = dyno_span_new ("GET /runs/{id}", DYNO_SPAN_SERVER, &remote);
  part = dyno_span_new_child (span, "store", DYNO_SPAN_INTERNAL);
  g_assert_cmpstr (dyno_span_get_context (part)->trace_id, ==, remote.trace_id);
  dyno_clock_advance (f->clock, 250);
  dyno_span_set_text (part, "db.operation", "get \"run\"");
  dyno_span_set_integer (part, "rows", -5);
  dyno_span_set_number (part, "load", 0.5);
  dyno_span_set_boolean (part, "cached", TRUE);
  dyno_span_add_event (part, "retried", "once");
  dyno_span_end (part);
  dyno_clock_advance (f->clock, 750);
  dyno_span_fail (span, "broken");
  dyno_span_end (span);
  flush (f);

  g_assert_cmpuint (f->bodies->len, ==, 1);
  json = dyno_json_parse (f->bodies->pdata[0], -1, &error);
  g_assert_no_error (error);
  resource = dyno_json_member (
    dyno_json_member (dyno_json_element (dyno_json_member (json, "resourceSpans"), 0), "resource"),
    "attributes");
  g_assert_cmpstr (text_attribute (resource, "service.name", "stringValue"), ==, "dynoai");
  g_assert_cmpstr (text_attribute (resource, "deployment.environment", "stringValue"), ==,
                   "staging");
  child = dyno_json_element (spans_of (json), 0);
  root = dyno_json_element (spans_of (json), 1);
  g_assert_cmpstr (dyno_json_get_string (root, "traceId"), ==, remote.trace_id);
  g_assert_cmpstr (dyno_json_get_string (root, "parentSpanId"), ==, remote.span_id);
  g_assert_cmpstr (dyno_json_get_string (root, "traceState"), ==, "v=1");
  g_assert_cmpstr (dyno_json_get_string (root, "name"), ==, "GET /runs/{id}");
  g_assert_cmpint (dyno_json_get_integer (root, "kind", 0), ==, 2);
  g_assert_cmpstr (dyno_json_get_string (root, "startTimeUnixNano"), ==, "1763640000000000000");
  g_assert_cmpstr (dyno_json_get_string (root, "endTimeUnixNano"), ==, "1763640000001000000");
  g_assert_cmpint (dyno_json_get_integer (dyno_json_member (root, "status"), "code", 0), ==, 2);
  g_assert_cmpstr (dyno_json_get_string (child, "parentSpanId"), ==,
                   dyno_json_get_string (root, "spanId"));
  g_assert_cmpuint (strlen (dyno_json_get_string (child, "spanId")), ==, 16);
  child = dyno_json_member (child, "attributes");
  g_assert_cmpstr (text_attribute (child, "db.operation", "stringValue"), ==, "get \"run\"");
  g_assert_cmpstr (text_attribute (child, "rows", "intValue"), ==, "-5");
}

static void
run_trace (Fixture *f,
           gint64   us,
           gboolean is_failed)
{
  DynoSpan *span = dyno_span_new ("root", DYNO_SPAN_SERVER, NULL);
  DynoSpan *part = dyno_span_new_child (span, "part", DYNO_SPAN_INTERNAL);

  if (is_failed)
    dyno_span_fail (part, NULL);
  dyno_span_end (part);
  dyno_clock_advance (f->clock, us);
  dyno_span_end (span);
}

/* With no sample at all, still what failed and what took more than a second. */
static void
test_errors_and_slow (Fixture      *f,
                      gconstpointer unused)
{
  begin (f, 0);
  for (guint i = 0; i < 100; i++)
    run_trace (f, 10, FALSE);
  run_trace (f, G_USEC_PER_SEC, FALSE);
  flush (f);
  g_assert_cmpuint (count_spans (f), ==, 0);
  run_trace (f, G_USEC_PER_SEC + 1, FALSE);
  run_trace (f, 10, TRUE);
  flush (f);
  g_assert_cmpuint (count_spans (f), ==, 4);
}

/* A tenth of the ids, decided the same by everybody who sees the id. */
static void
test_sample (Fixture      *f,
             gconstpointer unused)
{
  guint n = 0;

  begin (f, 0.1);
  for (guint i = 0; i < 10000; i++)
    {
      DynoSpan *span = dyno_span_new ("root", DYNO_SPAN_SERVER, NULL);
      DynoSpan *twin = dyno_span_new ("twin", DYNO_SPAN_SERVER, dyno_span_get_context (span));

      n += dyno_span_get_context (span)->is_sampled;
      g_assert_cmpint (dyno_span_get_context (span)->is_sampled, ==,
                       dyno_span_get_context (twin)->is_sampled);
      dyno_span_end (twin);
      dyno_span_end (span);
    }
  g_assert_cmpuint (n, >, 800);
  g_assert_cmpuint (n, <, 1200);
}

/* A part that ends after its root goes the way of the root. */
static void
test_late_part (Fixture      *f,
                gconstpointer unused)
{
  DynoSpan *span;
  DynoSpan *part;

  begin (f, 1);
  span = dyno_span_new ("root", DYNO_SPAN_SERVER, NULL);
  part = dyno_span_new_child (span, "late", DYNO_SPAN_INTERNAL);
  dyno_span_end (span);
  dyno_span_end (part);
  flush (f);
  g_assert_cmpuint (count_spans (f), ==, 2);
}

/* Batches of 512, a queue of 2,048, the rest counted. */
static void
test_queue (Fixture      *f,
            gconstpointer unused)
{
  guint64 before = read_dropped ();

  begin (f, 1);
  for (guint i = 0; i < DYNO_TRACE_QUEUE + 10; i++)
    dyno_span_end (dyno_span_new ("root", DYNO_SPAN_SERVER, NULL));
  g_assert_cmpuint (read_dropped () - before, ==, 10);
  flush (f);
  g_assert_cmpuint (f->bodies->len, ==, DYNO_TRACE_QUEUE / DYNO_TRACE_BATCH);
  g_assert_cmpuint (count_spans (f), ==, DYNO_TRACE_QUEUE);
}

static gboolean
has_body (gpointer data)
{
  Fixture *f = data;

  g_main_context_iteration (g_main_context_get_thread_default (), FALSE);

  return f->bodies->len > 0;
}

/* A full batch leaves without a flush. */
static void
test_full_batch (Fixture      *f,
                 gconstpointer unused)
{
  begin (f, 1);
  for (guint i = 0; i < DYNO_TRACE_BATCH; i++)
    dyno_span_end (dyno_span_new ("root", DYNO_SPAN_SERVER, NULL));
  for (guint i = 0; i < 1000 && !has_body (f); i++)
    g_usleep (1000);
  g_assert_cmpuint (count_spans (f), ==, DYNO_TRACE_BATCH);
}

static void
test_retry (Fixture      *f,
            gconstpointer unused)
{
  guint64 before = read_dropped ();

  f->busy = 503;
  f->n_busy = 2;
  begin (f, 1);
  run_trace (f, 1, FALSE);
  flush (f);
  g_assert_cmpuint (f->n_calls, ==, 3);
  g_assert_cmpuint (count_spans (f), ==, 2);
  g_assert_cmpuint (read_dropped (), ==, before);
}

/* What is no matter of waiting is not tried again, and the spans are counted. */
static void
test_refused (Fixture      *f,
              gconstpointer unused)
{
  guint64 before = read_dropped ();

  f->busy = 400;
  f->n_busy = 1;
  begin (f, 1);
  run_trace (f, 1, FALSE);
  flush (f);
  g_assert_cmpuint (f->n_calls, ==, 1);
  g_assert_cmpuint (read_dropped () - before, ==, 2);

  soup_server_disconnect (f->server);
  run_trace (f, 1, FALSE);
  flush (f);
  g_assert_cmpuint (read_dropped () - before, ==, 4);
}

static void
test_secrets (Fixture      *f,
              gconstpointer unused)
{
  begin (f, 1);
  for (guint i = 0; i < G_N_ELEMENTS (dyno_test_secrets); i++)
    {
      const char *text = dyno_test_secrets[i].text;
      DynoSpan *span = dyno_span_new (text, DYNO_SPAN_SERVER, NULL);

      dyno_span_set_text (span, "http.route", text);
      dyno_span_set_text (span, "db.password", "plain-value-by-name");
      dyno_span_add_event (span, text, text);
      dyno_span_fail (span, text);
      dyno_span_end (span);
    }
  flush (f);
  g_assert_cmpuint (count_spans (f), ==, G_N_ELEMENTS (dyno_test_secrets));
  for (guint i = 0; i < G_N_ELEMENTS (dyno_test_secrets); i++)
    {
      if (strstr (f->bodies->pdata[0], dyno_test_secrets[i].secret) != NULL)
        g_error ("%s was told", dyno_test_secrets[i].secret);
    }
  g_assert_null (strstr (f->bodies->pdata[0], "plain-value-by-name"));
}

/* Without a beginning spans have ids and go nowhere; without a span nothing happens. */
static void
test_nothing_begun (void)
{
  DynoSpan *span = dyno_span_new ("root", DYNO_SPAN_SERVER, NULL);
  guint64 before = read_dropped ();

  g_assert_cmpuint (strlen (dyno_span_get_context (span)->trace_id), ==, 32);
  g_assert_false (dyno_span_get_context (span)->is_sampled);
  g_assert_null (dyno_span_new_child (NULL, "part", DYNO_SPAN_INTERNAL));
  dyno_span_set_text (NULL, "a", "b");
  dyno_span_end (NULL);
  dyno_span_end (span);
  g_assert_cmpuint (read_dropped (), ==, before);
}

static void
test_bad_endpoint (void)
{
  DynoTraceConfig config = { .endpoint = "ftp://127.0.0.1" };
  g_autoptr(GError) error = NULL;

  g_assert_false (dyno_trace_begin (&config, &error));
  g_assert_error (error, DYNO_ERROR, DYNO_ERROR_INVALID);
}

static gpointer
trace_thread (gpointer root)
{
  for (guint i = 0; i < 50; i++)
    {
      DynoSpan *span = dyno_span_new ("thread", DYNO_SPAN_INTERNAL, NULL);

      dyno_span_end (dyno_span_new_child (root, "shared", DYNO_SPAN_INTERNAL));
      dyno_span_end (span);
    }

  return NULL;
}

static void
test_threads (Fixture      *f,
              gconstpointer unused)
{
  GThread *threads[4];
  DynoSpan *root;

  begin (f, 1);
  root = dyno_span_new ("root", DYNO_SPAN_SERVER, NULL);
  for (guint i = 0; i < 4; i++)
    threads[i] = g_thread_new ("trace", trace_thread, root);
  for (guint i = 0; i < 4; i++)
    g_thread_join (threads[i]);
  dyno_span_end (root);
  flush (f);
  g_assert_cmpuint (count_spans (f), ==, 401);
}

#define ADD(path, function) \
  g_test_add ("/base/trace/" path, Fixture, NULL, set_up, function, tear_down)

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/base/trace/parse", test_parse);
  g_test_add_func ("/base/trace/state", test_state);
  g_test_add_func ("/base/trace/nothing-begun", test_nothing_begun);
  g_test_add_func ("/base/trace/bad-endpoint", test_bad_endpoint);
  ADD ("body", test_body);
  ADD ("errors-and-slow", test_errors_and_slow);
  ADD ("sample", test_sample);
  ADD ("late-part", test_late_part);
  ADD ("queue", test_queue);
  ADD ("full-batch", test_full_batch);
  ADD ("retry", test_retry);
  ADD ("refused", test_refused);
  ADD ("secrets", test_secrets);
  ADD ("threads", test_threads);

  return g_test_run ();
}
