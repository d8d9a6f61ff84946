/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

#include "config.h"

#include <math.h>
#include <string.h>

#include "dyno-shape.h"
#include "dyno-stream-log.h"
#include "dyno-stream-queue.h"
#include "dyno-shape.h"
#include "dyno-stream-walk.h"
#include "dyno-test.h"

#define KIB 1024

/* The queue */

static void
push (DynoStreamQueue *queue,
      gsize            size,
      guint64          seq)
{
  g_autoptr(GBytes) bytes = g_bytes_new_take (g_malloc0 (size), size);

  g_assert_true (dyno_stream_queue_push (queue, bytes, seq));
}

static char *
pop (DynoStreamQueue *queue)
{
  g_autoptr(GBytes) bytes = dyno_stream_queue_pop (queue);

  return bytes != NULL ? g_strndup (g_bytes_get_data (bytes, NULL), g_bytes_get_size (bytes))
                       : NULL;
}

static void
test_queue_keeps_order (void)
{
  DynoStreamQueue queue;

  dyno_stream_queue_init (&queue);
  for (guint i = 1; i <= 3; i++)
    {
      g_autofree char *text = g_strdup_printf ("%u", i);
      g_autoptr(GBytes) bytes = g_bytes_new (text, 1);

      g_assert_true (dyno_stream_queue_push (&queue, bytes, i == 2 ? 0 : i));
    }
  for (guint i = 1; i <= 3; i++)
    {
      g_autofree char *text = pop (&queue);

      g_assert_cmpint (text[0], ==, '0' + (int) i);
    }
  g_assert_null (dyno_stream_queue_pop (&queue));
  g_assert_cmpuint (queue.n_bytes, ==, 0);
}

/* Eleven frames of 100 KiB do not fit into a MiB: the oldest go, and a gap says so. */
static void
test_queue_drops_oldest_live (void)
{
  DynoStreamQueue queue;
  g_autofree char *gap = NULL;

  dyno_stream_queue_init (&queue);
  for (guint i = 1; i <= 12; i++)
    push (&queue, 100 * KIB, 100 + i);
  g_assert_cmpuint (queue.n_bytes, ==, 10 * 100 * KIB);
  gap = pop (&queue);
  g_assert_cmpstr (gap, ==, "event: gap\ndata: {\"from\":101,\"to\":102}\n\n");
  for (guint i = 0; i < 10; i++)
    {
      g_autoptr(GBytes) bytes = dyno_stream_queue_pop (&queue);

      g_assert_cmpuint (g_bytes_get_size (bytes), ==, 100 * KIB);
    }
  g_assert_null (dyno_stream_queue_pop (&queue));
}

/* A gap of what was lost later does not come before news that stood before it. */
static void
test_queue_never_drops_news (void)
{
  DynoStreamQueue queue;
  g_autoptr(GBytes) much = g_bytes_new_take (g_malloc0 (300 * KIB), 300 * KIB);
  g_autofree char *first = NULL;
  g_autofree char *last = NULL;

  dyno_stream_queue_init (&queue);
  push (&queue, 8, 0);
  push (&queue, 600 * KIB, 1);
  push (&queue, 600 * KIB, 0);
  first = pop (&queue);
  g_assert_cmpuint (strlen (first), ==, 0);
  g_assert_cmpuint (g_queue_get_length (&queue.chunks), ==, 1);
  for (guint i = 0; i < 4; i++)
    g_assert_true (dyno_stream_queue_push (&queue, much, 0));
  g_assert_cmpuint (queue.n_bytes, ==, 1800 * KIB);
  g_assert_false (dyno_stream_queue_push (&queue, much, 0));
  dyno_stream_queue_clear (&queue);
  g_assert_cmpuint (queue.n_bytes, ==, 0);
}

/* The log */

static void
test_log_keeps (void)
{
  g_autoptr(DynoStreamLog) log = dyno_stream_log_new ("beef");
  const DynoStreamEvent *event;

  g_assert_null (dyno_stream_log_next (log, G_MAXUINT, 0));
  dyno_stream_log_add (log, 5, DYNO_STREAM_ALERT, NULL, "{\"a\":1}");
  dyno_stream_log_add (log, 7, DYNO_STREAM_JOB, "usr_1", "{}");
  event = dyno_stream_log_next (log, G_MAXUINT, 0);
  g_assert_cmpuint (event->seq, ==, 5);
  g_assert_cmpmem (g_bytes_get_data (event->bytes, NULL), g_bytes_get_size (event->bytes),
                   "id: beef-5\nevent: alert\ndata: {\"a\":1}\n\n", 39);
  event = dyno_stream_log_next (log, G_MAXUINT, 5);
  g_assert_cmpuint (event->seq, ==, 7);
  g_assert_cmpstr (event->owner, ==, "usr_1");
  g_assert_null (dyno_stream_log_next (log, G_MAXUINT, 7));
  g_assert_null (dyno_stream_log_next (log, DYNO_STREAM_HEALTH, 0));
  g_assert_cmpuint (dyno_stream_log_lost (log, G_MAXUINT), ==, 0);
}

/* The news of a busy topic push nothing out of another. */
static void
test_log_forgets (void)
{
  g_autoptr(DynoStreamLog) log = dyno_stream_log_new ("beef");

  dyno_stream_log_add (log, 1, DYNO_STREAM_ALERT, NULL, "{}");
  for (guint i = 0; i < DYNO_STREAM_KEPT + 3; i++)
    dyno_stream_log_add (log, 10 + i, DYNO_STREAM_JOB, NULL, "{}");
  g_assert_cmpuint (dyno_stream_log_lost (log, DYNO_STREAM_JOB), ==, 12);
  g_assert_cmpuint (dyno_stream_log_lost (log, DYNO_STREAM_ALERT), ==, 0);
  g_assert_cmpuint (dyno_stream_log_next (log, DYNO_STREAM_JOB, 0)->seq, ==, 13);
  g_assert_cmpuint (dyno_stream_log_next (log, DYNO_STREAM_JOB | DYNO_STREAM_ALERT, 0)->seq, ==, 1);
  g_assert_cmpuint (dyno_stream_log_next (log, DYNO_STREAM_JOB, 700)->seq, ==, 701);
}

/* The walk */

typedef struct
{
  DynoClock *clock;
  DynoLive  *live;
  int        rpm;
  int        map;
} Ring;

static void
ring_set_up (Ring          *f,
             gconstpointer  unused)
{
  f->clock = dyno_clock_new_fake (1000000, 0);
  f->live = dyno_live_new (f->clock);
  f->rpm = dyno_live_add (f->live, "Engine RPM", DYNO_QUANTITY_NONE);
  f->map = dyno_live_add (f->live, "MAP", DYNO_QUANTITY_NONE);
  dyno_live_bind (f->live, DYNO_CHANNEL_RPM, f->rpm);
  dyno_live_bind (f->live, DYNO_CHANNEL_MAP, f->map);
}

static void
ring_tear_down (Ring          *f,
                gconstpointer  unused)
{
  dyno_live_unref (f->live);
  dyno_clock_free (f->clock);
}

/* Values 0, 1, 2, … a millisecond each. */
static void
fill (Ring *f,
      int   channel,
      guint from,
      guint n)
{
  for (guint i = from; i < from + n; i++)
    {
      gint64 t_us = (gint64) i * 1000;
      double value = i;

      dyno_live_append (f->live, (guint) channel, 1, &t_us, &value);
    }
}

static DynoJson *
walk_all (DynoStreamWalk *walk,
          gint64          to_us,
          gsize          *n)
{
  DynoJsonWriter *w = dyno_json_writer_new (FALSE);
  g_autofree char *text = NULL;

  dyno_json_writer_begin_object (w);
  *n = dyno_stream_walk_write_all (walk, w, to_us);
  dyno_json_writer_end_object (w);
  text = dyno_json_writer_finish (w);

  return dyno_json_parse_limited (text, -1, &dyno_json_limits_own, NULL);
}

static void
test_walk_every_sample (Ring          *f,
                        gconstpointer  unused)
{
  g_autoptr(DynoStreamWalk) walk = NULL;
  g_autoptr(DynoJson) first = NULL;
  g_autoptr(DynoJson) second = NULL;
  const DynoJson *rows;
  gsize n;

  fill (f, f->rpm, 0, 40000);
  walk = dyno_stream_walk_new (f->live, DYNO_CHANNELS_ALL, 38999 * 1000);
  first = walk_all (walk, 39499 * 1000, &n);
  g_assert_cmpuint (n, ==, 500);
  rows = dyno_json_member (dyno_json_member (first, "v"), "rpm");
  g_assert_cmpuint (dyno_json_n_elements (rows), ==, 500);
  dyno_assert_near (dyno_json_number (dyno_json_element (dyno_json_element (rows, 0), 1), NAN),
                    39000, 0);
  g_assert_null (dyno_json_member (dyno_json_member (first, "v"), "map"));
  second = walk_all (walk, G_MAXINT64, &n);
  g_assert_cmpuint (n, ==, 500);
  rows = dyno_json_member (dyno_json_member (second, "v"), "rpm");
  dyno_assert_near (dyno_json_number (dyno_json_element (dyno_json_element (rows, 0), 0), NAN),
                    39500, 0);
}

static void
test_walk_from_now (Ring          *f,
                    gconstpointer  unused)
{
  g_autoptr(DynoStreamWalk) walk = NULL;
  g_autoptr(DynoJson) json = NULL;
  gsize n;

  fill (f, f->rpm, 0, 100);
  walk = dyno_stream_walk_new (f->live, DYNO_CHANNELS_ALL, G_MAXINT64);
  fill (f, f->rpm, 100, 7);
  fill (f, f->map, 0, 2);
  json = walk_all (walk, G_MAXINT64, &n);
  g_assert_cmpuint (n, ==, 9);
}

/* Another dyno: its samples from the first on, and none of the old one. */
static void
test_walk_new_generation (Ring          *f,
                          gconstpointer  unused)
{
  g_autoptr(DynoStreamWalk) walk = NULL;
  g_autoptr(DynoJson) json = NULL;
  gsize n;

  fill (f, f->rpm, 0, 100);
  walk = dyno_stream_walk_new (f->live, DYNO_CHANNELS_ALL, G_MAXINT64);
  dyno_live_clear (f->live);
  f->rpm = dyno_live_add (f->live, "RPM", DYNO_QUANTITY_NONE);
  dyno_live_bind (f->live, DYNO_CHANNEL_RPM, f->rpm);
  fill (f, f->rpm, 0, 5);
  json = walk_all (walk, G_MAXINT64, &n);
  g_assert_cmpuint (n, ==, 5);
}

static void
test_walk_latest (Ring          *f,
                  gconstpointer  unused)
{
  g_autoptr(DynoStreamWalk) walk = NULL;
  g_autoptr(DynoJson) json = NULL;
  DynoJsonWriter *w = dyno_json_writer_new (FALSE);
  g_autofree char *text = NULL;
  gint64 t_us = 50000;
  double refused = NAN;

  fill (f, f->rpm, 0, 100);
  fill (f, f->map, 0, 10);
  dyno_live_append (f->live, (guint) f->map, 1, &t_us, &refused);
  walk = dyno_stream_walk_new (f->live, DYNO_CHANNELS_ALL, 0);
  dyno_json_writer_begin_object (w);
  dyno_stream_walk_write_latest (walk, w, 60000);
  dyno_json_writer_end_object (w);
  text = dyno_json_writer_finish (w);
  g_assert_cmpstr (text, ==, "{\"v\":{\"rpm\":60,\"map\":null},\"s\":{\"map\":\"invalid\"}}");
}

#define ADD(path, function) g_test_add (path, Ring, NULL, ring_set_up, function, ring_tear_down)

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/server/stream/queue/order", test_queue_keeps_order);
  g_test_add_func ("/server/stream/queue/drops-oldest-live", test_queue_drops_oldest_live);
  g_test_add_func ("/server/stream/queue/never-drops-news", test_queue_never_drops_news);
  g_test_add_func ("/server/stream/log/keeps", test_log_keeps);
  g_test_add_func ("/server/stream/log/forgets", test_log_forgets);
  ADD ("/server/stream/walk/every-sample", test_walk_every_sample);
  ADD ("/server/stream/walk/from-now", test_walk_from_now);
  ADD ("/server/stream/walk/new-generation", test_walk_new_generation);
  ADD ("/server/stream/walk/latest", test_walk_latest);

  return g_test_run ();
}
