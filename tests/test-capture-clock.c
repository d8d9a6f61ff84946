/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

#include "config.h"

#include "dyno-host-clock.h"
#include "dyno-node.h"
#include "dyno-test.h"
#include "dyno-test-wire.h"

static const DynoJson *
find_case (const DynoJson *vectors,
           const char     *name)
{
  const DynoJson *rows = dyno_json_member (vectors, "clock");

  for (guint i = 0; i < dyno_json_n_elements (rows); i++)
    {
      if (g_strcmp0 (dyno_json_get_string (dyno_json_element (rows, i), "name"), name) == 0)
        return dyno_json_element (rows, i);
    }

  return NULL;
}

static void
check_pong (const DynoJson *row)
{
  DynoHostClock clock = { 0 };
  DynoHostClockLine line;
  gint64 now_us = dyno_json_get_integer (row, "now_ms", 0) * 1000;
  gint64 latency_us = dyno_json_get_integer (row, "latency_ms", 0) * 1000;

  g_assert_true (dyno_host_clock_pong (&clock, (guint32) dyno_json_get_integer (row, "host_ts", 0),
                                       (guint32) dyno_json_get_integer (row, "remote_ts", 0),
                                       now_us));
  dyno_host_clock_line (&clock, now_us, &line);
  g_assert_true (line.is_known);
  g_assert_true (line.is_measured);
  g_assert_cmpint (line.latency_us, ==, latency_us);
  if (dyno_json_member (row, "offset_ms") == NULL)
    return;

  g_assert_cmpint (line.offset_us, ==,
                   dyno_json_get_integer (row, "offset_ms", 0) * 1000 - latency_us);
  g_assert_cmpint (dyno_json_get_integer (row, "sample_ts", 0) * 1000 + line.offset_us, ==,
                   dyno_json_get_integer (row, "local_ms", 0) * 1000);
}

static void
check_stamps (const DynoJson *row)
{
  const DynoJson *stamps = dyno_json_member (row, "ts");
  const DynoJson *extended = dyno_json_member (row, "extended");
  DynoHostClock clock = { 0 };
  gboolean restarted = FALSE;

  for (guint i = 0; i < dyno_json_n_elements (stamps); i++)
    {
      gint64 arrival_us = 50000 * i;
      gint64 ms;
      guint32 stamp = (guint32) dyno_json_integer (dyno_json_element (stamps, i), 0);

      if (dyno_host_clock_judge (&clock, stamp, arrival_us, &ms) == DYNO_HOST_CLOCK_RESTART)
        restarted = TRUE;
      if (extended != NULL)
        g_assert_cmpint (ms, ==, dyno_json_integer (dyno_json_element (extended, i), -1));
      dyno_host_clock_advance (&clock, ms, arrival_us);
    }
  g_assert_cmpint (restarted, ==, dyno_json_get_boolean (row, "restart", -1));
}

static void
test_vectors (void)
{
  g_autoptr(DynoJson) vectors = dyno_test_wire_vectors ();

  if (vectors == NULL)
    return;

  check_pong (find_case (vectors, "pong"));
  check_pong (find_case (vectors, "own clock wraps"));
  check_stamps (find_case (vectors, "sample clock wraps"));
  check_stamps (find_case (vectors, "provider restart (jump back)"));
  check_stamps (find_case (vectors, "small step back is reordering"));
}

static void
test_jumps (void)
{
  DynoHostClock clock = { 0 };
  gint64 ms;

  dyno_host_clock_advance (&clock, 1000000, 0);
  g_assert_cmpint (dyno_host_clock_judge (&clock, 995001, 0, &ms), ==, DYNO_HOST_CLOCK_BACK);
  g_assert_cmpint (dyno_host_clock_judge (&clock, 994999, 0, &ms), ==, DYNO_HOST_CLOCK_RESTART);
  g_assert_cmpint (dyno_host_clock_judge (&clock, 1060000, 0, &ms), ==, DYNO_HOST_CLOCK_GOOD);
  g_assert_cmpint (dyno_host_clock_judge (&clock, 1060002, 0, &ms), ==, DYNO_HOST_CLOCK_RESTART);
  /* Silence of ten minutes and its stamps go together. */
  g_assert_cmpint (dyno_host_clock_judge (&clock, 1600000, 600 * G_USEC_PER_SEC, &ms), ==,
                   DYNO_HOST_CLOCK_GOOD);
  /* The whole 32 bits from stamp to stamp, the 64 bits go on. */
  dyno_host_clock_advance (&clock, (G_GINT64_CONSTANT (5) << 32) + 0xFFFFFFF0, 1000);
  g_assert_cmpint (dyno_host_clock_judge (&clock, 16, 1000, &ms), ==, DYNO_HOST_CLOCK_GOOD);
  g_assert_cmpint (ms, ==, (G_GINT64_CONSTANT (6) << 32) + 16);
}

static void
test_quickest_pong_counts (void)
{
  DynoHostClock clock = { 0 };
  DynoHostClockLine line;

  /* The provider's clock is 5 s behind ours; answers take their time one way. */
  dyno_host_clock_pong (&clock, 10000, 10200 - 5000, 10200 * 1000);
  dyno_host_clock_pong (&clock, 20000, 20003 - 5000, 20006 * 1000);
  dyno_host_clock_pong (&clock, 30000, 30010 - 5000, 30300 * 1000);
  dyno_host_clock_line (&clock, 31000 * 1000, &line);
  g_assert_cmpint (line.offset_us, ==, 5000 * 1000);
  g_assert_cmpint (line.latency_us, ==, 3000);

  g_assert_false (dyno_host_clock_pong (&clock, 40000, 40001, 40501 * 1000));
  g_assert_true (dyno_host_clock_pong (&clock, 40000, 40001, 40500 * 1000));
  /* Only the last eight and the last 90 s count. */
  dyno_host_clock_line (&clock, 115000 * 1000, &line);
  g_assert_cmpint (line.latency_us, ==, 150000);
  dyno_host_clock_line (&clock, 1000000 * 1000, &line);
  g_assert_false (line.is_known);
}

/* A provider whose clock is off by `ppm`, with jitter of its messages; the line
 * must stay within 2 ms of the truth after a settling time. */
static void
check_drift (double   ppm,
             gboolean with_pongs)
{
  const gint64 truth_at_0_us = 7 * G_USEC_PER_SEC;
  guint64 chance = 99;
  DynoHostClock clock = { 0 };

  for (gint64 now_us = 10 * G_USEC_PER_SEC; now_us < 400 * G_USEC_PER_SEC; now_us += 50000)
    {
      gint64 his_us = (gint64) ((double) (now_us - truth_at_0_us) * (1 + ppm * 1e-6));
      gint64 lag_us = (gint64) (dyno_node_chance (&chance) % 20000);
      DynoHostClockLine line;
      gint64 ms;

      dyno_host_clock_judge (&clock, (guint32) (his_us / 1000), now_us + lag_us, &ms);
      dyno_host_clock_advance (&clock, ms, now_us + lag_us);
      if (with_pongs && now_us % (10 * G_USEC_PER_SEC) == 0)
        {
          gint64 rtt_us = 2000 + (gint64) (dyno_node_chance (&chance) % 3) * 1000;

          dyno_host_clock_pong (&clock, (guint32) (now_us / 1000),
                                (guint32) ((his_us + rtt_us / 2) / 1000), now_us + rtt_us);
        }
      dyno_host_clock_line (&clock, now_us, &line);
      if (now_us < 60 * G_USEC_PER_SEC)
        continue;
      g_assert_cmpint (line.is_measured, ==, with_pongs);
      g_assert_cmpint (ABS (line.offset_us - (now_us - his_us)), <=, 2000);
    }
}

static void
test_drift (void)
{
  check_drift (0, FALSE);
  check_drift (200, FALSE);
  check_drift (-200, FALSE);
  check_drift (200, TRUE);
  check_drift (-200, TRUE);
}

/* Some answer with another clock than they stamp with. */
static void
test_foreign_pong_clock (void)
{
  DynoHostClock clock = { 0 };
  DynoHostClockLine line;

  dyno_host_clock_advance (&clock, 1000, 5000 * 1000);
  dyno_host_clock_pong (&clock, 5001, 900000, 5003 * 1000);
  dyno_host_clock_line (&clock, 5003 * 1000, &line);
  g_assert_false (line.is_measured);
  g_assert_cmpint (line.offset_us, ==, 4000 * 1000);
}

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/capture/clock/vectors", test_vectors);
  g_test_add_func ("/capture/clock/jumps", test_jumps);
  g_test_add_func ("/capture/clock/quickest-pong-counts", test_quickest_pong_counts);
  g_test_add_func ("/capture/clock/drift", test_drift);
  g_test_add_func ("/capture/clock/foreign-pong-clock", test_foreign_pong_clock);

  return g_test_run ();
}
