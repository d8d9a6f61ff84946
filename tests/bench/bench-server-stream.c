/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

#include "config.h"

#include <math.h>

#include "dyno-api.h"
#include "dyno-bench.h"
#include "dyno-stream.h"
#include "dyno-test-shop.h"
#include "dyno-test-stream.h"

/* Thirty-two clients, each a thread of this program, that read live values at 50 Hz while the
 * simulator speaks on loopback; one of them reads every sample. The first argument is the number
 * of seconds (10).
 *
 * Latency of a sample: from the moment its value held (its stamp, on the axis of the receive
 * clock) to the moment the client has the event; of a frame: since it was made. The processor
 * time is that of server, capture, simulator and clients together. */

typedef struct
{
  DynoTestApi *api;    /* (borrowed) */
  guint        number;
  gint64       end_us;
  GArray      *frames; /* (owned) of double, ms */
  GArray      *samples;
} Client;

static void
take_samples (Client         *client,
              const DynoJson *event,
              double          frame_ms)
{
  const DynoJson *rows = dyno_json_member (dyno_json_member (event, "v"), "rpm");
  double now_ms = dyno_json_get_number (event, "now_ms", NAN);

  for (guint i = 0; i < dyno_json_n_elements (rows); i++)
    {
      double t_ms = dyno_json_number (dyno_json_element (dyno_json_element (rows, i), 0), NAN);
      double latency_ms = now_ms - t_ms + frame_ms;

      if (isfinite (latency_ms))
        g_array_append_val (client->samples, latency_ms);
    }
}

static gpointer
client_thread (gpointer data)
{
  Client *client = data;
  gboolean is_first = client->number == 0;
  g_autofree char *user = g_strdup_printf ("usr_%020u", client->number / DYNO_STREAM_MAX_PRINCIPAL);
  DynoTestStream *stream
    = dyno_test_stream_open (client->api,
                             is_first ? "/api/v1/live/stream?hz=50&mode=all"
                                      : "/api/v1/live/stream?hz=50",
                             "X-Test-Role", "viewer", "X-Test-User", user, NULL);

  while (g_get_monotonic_time () < client->end_us)
    {
      g_autoptr(DynoTestEvent) event = dyno_test_stream_wait (stream, "live");
      gint64 made_us = 0;
      double frame_ms;

      dyno_clock_parse_utc (dyno_json_get_string (event->data, "t"), &made_us);
      frame_ms = (double) (g_get_real_time () - made_us) / 1000;
      g_array_append_val (client->frames, frame_ms);
      if (is_first)
        take_samples (client, event->data, frame_ms);
    }
  dyno_test_stream_free (stream);

  return NULL;
}

static void
tell (const char *name,
      GArray     *values)
{
  g_autofree char *p50 = g_strconcat (name, "_p50", NULL);
  g_autofree char *p99 = g_strconcat (name, "_p99", NULL);
  double *data = (double *) (gpointer) values->data;

  if (values->len == 0)
    return;
  dyno_bench_figure (p50, dyno_bench_quantile (data, values->len, 0.5), "ms");
  dyno_bench_figure (p99, dyno_bench_quantile (data, values->len, 0.99), "ms");
}

static void
run (DynoTestApi *api,
     double       seconds)
{
  Client clients[DYNO_STREAM_MAX];
  GThread *threads[DYNO_STREAM_MAX];
  g_autoptr(GArray) frames = g_array_new (FALSE, FALSE, sizeof (double));
  gint64 begin_us = g_get_monotonic_time ();
  gint64 cpu_us = dyno_bench_process_us ();

  for (guint i = 0; i < DYNO_STREAM_MAX; i++)
    {
      clients[i] = (Client) { api, i, begin_us + (gint64) (seconds * G_USEC_PER_SEC),
                              g_array_new (FALSE, FALSE, sizeof (double)),
                              g_array_new (FALSE, FALSE, sizeof (double)) };
      threads[i] = g_thread_new ("client", client_thread, &clients[i]);
    }
  for (guint i = 0; i < DYNO_STREAM_MAX; i++)
    {
      g_thread_join (threads[i]);
      g_array_append_vals (frames, clients[i].frames->data, clients[i].frames->len);
    }
  dyno_bench_figure ("cpu_of_all", (double) (dyno_bench_process_us () - cpu_us) / 1e4 / seconds,
                     "%");
  dyno_bench_figure ("frames", frames->len / seconds, "1/s");
  dyno_bench_figure ("rss", dyno_bench_rss_mib (), "MiB");
  tell ("frame", frames);
  tell ("sample", clients[0].samples);
  for (guint i = 0; i < DYNO_STREAM_MAX; i++)
    {
      g_array_unref (clients[i].frames);
      g_array_unref (clients[i].samples);
    }
}

int
main (int    argc,
      char **argv)
{
  static const DynoRouteTable *const tables[] = { &dyno_api_live, NULL };
  double seconds = argc > 1 ? g_ascii_strtod (argv[1], NULL) : 10;
  DynoTestShop shop = { NULL };
  DynoSimulatorConfig config = dyno_test_dyno_config ();
  DynoTestDyno *dyno;
  DynoTestApi *api;

  dyno_bench_begin ("server-stream");
  dyno_test_shop_set_up (&shop, GUINT_TO_POINTER (DYNO_SHOP_DEFAULT));
  dyno = dyno_test_dyno_start (&config);
  dyno_test_shop_wait_phase (&shop, DYNO_ARM_LIVE, 20);
  api = dyno_test_api_start (tables, shop.shop);
  run (api, seconds);
  dyno_test_api_free (api);
  dyno_test_dyno_free (dyno);
  dyno_test_shop_tear_down (&shop, NULL);

  return 0;
}
