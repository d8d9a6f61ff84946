/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

#include "config.h"

#include "dyno-bike-sensors.h"
#include "dyno-noise.h"
#include "dyno-pulls.h"
#include "dyno-test.h"

#include <math.h>

#define GEAR 36.0
#define HZ 20

/* A detector and all that it told. */
typedef struct
{
  DynoPulls *pulls;
  GArray    *events;
  gint64     t_us;  /* of the next sample */
  double     kmh;
  gboolean   sends_rpm;
} Bench;

static void
note_event_cb (const DynoPullEvent *event,
               gpointer             user_data)
{
  g_array_append_vals (user_data, event, 1);
}

static void
bench_init (Bench   *bench,
            gboolean has_accel)
{
  bench->events = g_array_new (FALSE, FALSE, sizeof (DynoPullEvent));
  bench->pulls = dyno_pulls_new (note_event_cb, bench->events);
  bench->t_us = 0;
  bench->kmh = 0;
  bench->sends_rpm = TRUE;
  dyno_pulls_set_bound (bench->pulls, DYNO_CHANNEL_SPEED, TRUE);
  dyno_pulls_set_bound (bench->pulls, DYNO_CHANNEL_ACCEL, has_accel);
}

static void
bench_clear (Bench *bench)
{
  dyno_pulls_free (bench->pulls);
  g_array_unref (bench->events);
}

static void
bench_sample (Bench *bench,
              double kmh_s,
              double tps)
{
  if (bench->sends_rpm)
    dyno_pulls_push (bench->pulls, DYNO_CHANNEL_RPM, bench->t_us, bench->kmh * GEAR);
  dyno_pulls_push (bench->pulls, DYNO_CHANNEL_SPEED, bench->t_us, bench->kmh);
  dyno_pulls_push (bench->pulls, DYNO_CHANNEL_ACCEL, bench->t_us, kmh_s / 3.6);
  dyno_pulls_push (bench->pulls, DYNO_CHANNEL_TPS, bench->t_us, tps);
}

/* `kmh_s` NaN: nothing is sent. */
static void
bench_drive (Bench *bench,
             double seconds,
             double kmh_s,
             double tps)
{
  for (int i = 0; i < (int) lround (seconds * HZ); i++)
    {
      if (!isnan (kmh_s))
        {
          bench_sample (bench, kmh_s, tps);
          bench->kmh = fmax (0, bench->kmh + kmh_s / HZ);
        }
      bench->t_us += G_USEC_PER_SEC / HZ;
    }
}

static const DynoPullEvent *
bench_nth (const Bench      *bench,
           DynoPullEventKind kind,
           guint             n)
{
  for (guint i = 0; i < bench->events->len; i++)
    {
      const DynoPullEvent *event = &g_array_index (bench->events, DynoPullEvent, i);

      if (event->kind == kind && n-- == 0)
        return event;
    }

  return NULL;
}

/* The n-th verdict, kept or not. */
static const DynoPullEvent *
bench_verdict (const Bench *bench,
               guint        n)
{
  for (guint i = 0; i < bench->events->len; i++)
    {
      const DynoPullEvent *event = &g_array_index (bench->events, DynoPullEvent, i);

      if (event->kind >= DYNO_PULL_KEPT && n-- == 0)
        return event;
    }

  return NULL;
}

static void
assert_verdict (const DynoPullEvent *event,
                double               start_s,
                double               end_s,
                const char          *end,
                const char          *discard)
{
  g_assert_nonnull (event);
  g_assert_cmpint (event->start_us, ==, llround (start_s * 1e6));
  g_assert_cmpint (event->end_us, ==, llround (end_s * 1e6));
  g_assert_cmpstr (dyno_pull_end_name (event->end), ==, end);
  g_assert_cmpstr (dyno_pull_discard_name (event->discard), ==, discard);
  g_assert_cmpint (event->kind, ==, *discard == '\0' ? DYNO_PULL_KEPT : DYNO_PULL_DISCARDED);
}

static void
assert_run (const DynoPullEvent *event,
            const DynoJson      *wanted)
{
  const char *discard = dyno_json_get_string (wanted, "discard");

  assert_verdict (event, dyno_json_get_number (wanted, "start_s", NAN),
                  dyno_json_get_number (wanted, "end_s", NAN),
                  dyno_json_get_string (wanted, "reason"), discard != NULL ? discard : "");
  g_assert_cmpint (event->kind == DYNO_PULL_KEPT, ==,
                   dyno_json_get_boolean (wanted, "kept", FALSE));
}

static void
assert_case (const DynoJson *row,
             gboolean        sends_rpm)
{
  const DynoJson *segments = dyno_json_member (row, "segments_s_accel_tps");
  const DynoJson *runs = dyno_json_member (row, "runs");
  Bench bench;

  bench_init (&bench, TRUE);
  bench.sends_rpm = sends_rpm;
  for (guint i = 0; i < dyno_json_n_elements (segments); i++)
    {
      const DynoJson *segment = dyno_json_element (segments, i);

      bench_drive (&bench, dyno_json_number (dyno_json_element (segment, 0), NAN),
                   dyno_json_number (dyno_json_element (segment, 1), NAN),
                   dyno_json_number (dyno_json_element (segment, 2), NAN));
    }
  dyno_pulls_finish (bench.pulls);
  for (guint i = 0; i < dyno_json_n_elements (runs); i++)
    assert_run (bench_verdict (&bench, i), dyno_json_element (runs, i));
  g_assert_null (bench_verdict (&bench, dyno_json_n_elements (runs)));
  bench_clear (&bench);
}

static void
test_vectors (void)
{
  g_autoptr(DynoJson) vectors = dyno_test_shared_json ("jetdrive/vectors.json");
  const DynoJson *cases = dyno_json_member (vectors, "run_detection");

  if (vectors == NULL)
    return;
  g_assert_cmpuint (dyno_json_n_elements (cases), ==, 8);
  for (guint i = 0; i < 8; i++)
    assert_case (dyno_json_element (cases, i), TRUE);
}

/* The events in order, and the verdict not before its time. */
static void
test_order_of_events (void)
{
  static const DynoPullEventKind wanted[] = {
    DYNO_PULL_ARMED, DYNO_PULL_STARTED, DYNO_PULL_ENDED, DYNO_PULL_RESUMED,
    DYNO_PULL_ENDED, DYNO_PULL_KEPT,    DYNO_PULL_ARMED, DYNO_PULL_DISARMED,
  };
  Bench bench;

  bench_init (&bench, TRUE);
  bench_drive (&bench, 16, 2.5, 25);
  bench_drive (&bench, 2, 20, 100);
  bench_drive (&bench, 0.8, -2, 0);
  bench_drive (&bench, 3, 14, 100);
  bench_drive (&bench, 30, -8, 0);
  g_assert_cmpuint (bench.events->len, ==, G_N_ELEMENTS (wanted));
  for (guint i = 0; i < bench.events->len; i++)
    g_assert_cmpint (g_array_index (bench.events, DynoPullEvent, i).kind, ==, wanted[i]);
  g_assert_cmpint (bench_nth (&bench, DYNO_PULL_KEPT, 0)->t_us, >, 23300000);
  g_assert_cmpint (bench_nth (&bench, DYNO_PULL_KEPT, 0)->t_us, <=, 23350000);
  bench_clear (&bench);
}

/* A tick alone brings silence and verdict: a dead network ends the run. */
static void
test_ticks_end_a_run (void)
{
  Bench bench;
  DynoPullEvent now;

  bench_init (&bench, TRUE);
  bench_drive (&bench, 16, 2.5, 25);
  bench_drive (&bench, 3, 20, 100);
  g_assert_true (dyno_pulls_run (bench.pulls, &now));
  g_assert_cmpint (now.start_us, ==, 16000000);
  dyno_pulls_tick (bench.pulls, 19900000);
  g_assert_null (bench_nth (&bench, DYNO_PULL_ENDED, 0));
  dyno_pulls_tick (bench.pulls, 20000000);
  g_assert_nonnull (bench_nth (&bench, DYNO_PULL_ENDED, 0));
  dyno_pulls_tick (bench.pulls, 20400000);
  g_assert_null (bench_verdict (&bench, 0));
  dyno_pulls_tick (bench.pulls, 20500000);
  assert_verdict (bench_verdict (&bench, 0), 16, 18.95, "silent", "");
  g_assert_false (dyno_pulls_run (bench.pulls, &now));
  bench_clear (&bench);
}

static void
test_span_discards (void)
{
  Bench bench;

  bench_init (&bench, TRUE);
  bench_drive (&bench, 16, 2.5, 25);
  bench_drive (&bench, 4, 1.6, 100); /* 6.4 km/h, 230 rpm */
  bench_drive (&bench, 4, -5, 0);
  assert_verdict (bench_verdict (&bench, 0), 16, 20, "throttle", "span");
  bench_clear (&bench);

  bench_init (&bench, TRUE);
  bench.sends_rpm = FALSE;
  bench_drive (&bench, 16, 2.5, 25);
  bench_drive (&bench, 4, 6, 100); /* 24 km/h: too few without engine speed */
  bench_drive (&bench, 4, -5, 0);
  assert_verdict (bench_verdict (&bench, 0), 16, 20, "throttle", "span");
  bench_drive (&bench, 4, 8, 100); /* 32 km/h */
  bench_drive (&bench, 4, -5, 0);
  assert_verdict (bench_verdict (&bench, 1), 24, 28, "throttle", "");
  bench_clear (&bench);
}

/* Decel after the end does not widen the span of the run. */
static void
test_post_does_not_count (void)
{
  Bench bench;

  bench_init (&bench, TRUE);
  bench_drive (&bench, 16, 2.5, 25);
  bench_drive (&bench, 4, 1.6, 100);
  bench_drive (&bench, 4, -30, 0);
  g_assert_cmpstr (dyno_pull_discard_name (bench_verdict (&bench, 0)->discard), ==, "span");
  bench_clear (&bench);
}

static void
test_acceleration_from_speed (void)
{
  const DynoPullEvent *run;
  Bench bench;

  bench_init (&bench, FALSE);
  bench_drive (&bench, 2, 0, NAN);
  bench_drive (&bench, 6, 9, NAN);
  bench_drive (&bench, 6, -4, NAN);
  run = bench_verdict (&bench, 0);
  g_assert_nonnull (run);
  g_assert_cmpint (ABS (run->start_us - 2900000), <=, 200000);
  g_assert_cmpint (ABS (run->end_us - 8000000), <=, 300000);
  g_assert_cmpstr (dyno_pull_end_name (run->end), ==, "decel");
  bench_clear (&bench);
}

/* A throttle channel that stands at 0 is dead: the run must not be cut by it. */
static void
test_dead_throttle (void)
{
  Bench bench;

  bench_init (&bench, TRUE);
  bench_drive (&bench, 16, 2.5, 0);
  bench_drive (&bench, 3, 20, 0);
  bench_drive (&bench, 4, -5, 0);
  assert_verdict (bench_verdict (&bench, 0), 16, 19, "decel", "");
  g_assert_null (bench_verdict (&bench, 1));
  bench_clear (&bench);
}

static void
test_sampling_alone (void)
{
  Bench bench;

  bench_init (&bench, TRUE);
  bench_drive (&bench, 4, 2.5, 25);
  dyno_pulls_push (bench.pulls, DYNO_CHANNEL_SAMPLING, bench.t_us, 1);
  for (int i = 0; i < 16; i++)
    {
      bench_drive (&bench, 0.5, 2.5, 25); /* the drum would see nothing */
      dyno_pulls_push (bench.pulls, DYNO_CHANNEL_SAMPLING, bench.t_us, 1);
    }
  dyno_pulls_push (bench.pulls, DYNO_CHANNEL_SAMPLING, bench.t_us, 0);
  assert_verdict (bench_verdict (&bench, 0), 4, 12, "sampling", "span");
  g_assert_cmpint (bench_verdict (&bench, 0)->trigger, ==, DYNO_PULL_BY_SAMPLING);
  bench_clear (&bench);
}

/* From the first rising to the last falling edge of all candidates; a silent one
 * falls at its last value; silence before a value makes it rise again. */
static void
test_sampling_candidates (void)
{
  Bench bench;

  bench_init (&bench, TRUE);
  bench_drive (&bench, 5, 10, 50);
  dyno_pulls_push_sampling (bench.pulls, 0, bench.t_us, 1);
  for (int i = 0; i < 6; i++)
    {
      bench_drive (&bench, 0.5, 10, 50);
      dyno_pulls_push_sampling (bench.pulls, 0, bench.t_us, i < 5);
      dyno_pulls_push_sampling (bench.pulls, 1, bench.t_us, 1);
    }
  g_assert_null (bench_verdict (&bench, 0));
  bench_drive (&bench, 1, 10, 50);
  g_assert_null (bench_verdict (&bench, 0));
  bench_drive (&bench, 0.1, 10, 50);
  assert_verdict (bench_verdict (&bench, 0), 0.85, 8, "sampling", "");
  dyno_pulls_push_sampling (bench.pulls, 1, bench.t_us, 1);
  g_assert_cmpint (bench_nth (&bench, DYNO_PULL_STARTED, 1)->start_us, ==, bench.t_us);
  bench_clear (&bench);
}

/* The drum had begun at 16 s; Sampling takes over and keeps that start. */
static void
test_sampling_takes_over (void)
{
  Bench bench;

  bench_init (&bench, TRUE);
  bench_drive (&bench, 16, 2.5, 25);
  bench_drive (&bench, 1, 20, 100);
  dyno_pulls_push (bench.pulls, DYNO_CHANNEL_SAMPLING, bench.t_us, 1);
  g_assert_cmpint (bench_nth (&bench, DYNO_PULL_TAKEN_OVER, 0)->start_us, ==, 16000000);
  bench_drive (&bench, 0.9, 20, 100);
  dyno_pulls_push (bench.pulls, DYNO_CHANNEL_SAMPLING, bench.t_us, 1);
  bench_drive (&bench, 0.6, -5, 0); /* the drum's end is none now */
  g_assert_null (bench_nth (&bench, DYNO_PULL_ENDED, 0));
  dyno_pulls_push (bench.pulls, DYNO_CHANNEL_SAMPLING, bench.t_us, 0);
  assert_verdict (bench_verdict (&bench, 0), 16, 18.5, "sampling", "");
  bench_drive (&bench, 5, -5, 0);
  g_assert_null (bench_verdict (&bench, 1));
  bench_clear (&bench);
}

/* The bike still pulls when Sampling falls: that is no new run. */
static void
test_no_echo_after_sampling (void)
{
  Bench bench;

  bench_init (&bench, TRUE);
  bench_drive (&bench, 10, 2.5, 25);
  dyno_pulls_push (bench.pulls, DYNO_CHANNEL_SAMPLING, bench.t_us, 1);
  bench_drive (&bench, 0.9, 20, 100);
  dyno_pulls_push (bench.pulls, DYNO_CHANNEL_SAMPLING, bench.t_us, 1);
  bench_drive (&bench, 0.9, 20, 100);
  dyno_pulls_push (bench.pulls, DYNO_CHANNEL_SAMPLING, bench.t_us, 0);
  bench_drive (&bench, 1, 20, 100);
  bench_drive (&bench, 4, -5, 0);
  g_assert_nonnull (bench_verdict (&bench, 0));
  g_assert_null (bench_nth (&bench, DYNO_PULL_STARTED, 1));
  bench_drive (&bench, 2, 20, 100);
  bench_drive (&bench, 4, -5, 0);
  g_assert_nonnull (bench_verdict (&bench, 1));
  bench_clear (&bench);
}

/* By hand: no limit of time or span, never discarded. */
static void
test_manual (void)
{
  Bench bench;

  bench_init (&bench, TRUE);
  bench_drive (&bench, 1, 0, 5);
  dyno_pulls_start (bench.pulls, bench.t_us);
  dyno_pulls_start (bench.pulls, bench.t_us);
  bench_drive (&bench, 0.5, 0, 5);
  dyno_pulls_stop (bench.pulls, bench.t_us);
  assert_verdict (bench_verdict (&bench, 0), 1, 1.5, "manual", "");
  dyno_pulls_start (bench.pulls, bench.t_us);
  bench_drive (&bench, 300, 0, 5);
  g_assert_null (bench_verdict (&bench, 1));
  dyno_pulls_push (bench.pulls, DYNO_CHANNEL_SAMPLING, bench.t_us, 1);
  dyno_pulls_push (bench.pulls, DYNO_CHANNEL_SAMPLING, bench.t_us, 0);
  g_assert_null (bench_verdict (&bench, 1));
  dyno_pulls_stop (bench.pulls, bench.t_us);
  assert_verdict (bench_verdict (&bench, 1), 1.5, 301.5, "manual", "");
  dyno_pulls_stop (bench.pulls, bench.t_us);
  g_assert_null (bench_verdict (&bench, 2));
  bench_clear (&bench);
}

static void
test_manual_takes_over (void)
{
  Bench bench;

  bench_init (&bench, TRUE);
  bench_drive (&bench, 16, 2.5, 25);
  bench_drive (&bench, 1, 20, 100);
  dyno_pulls_start (bench.pulls, bench.t_us);
  bench_drive (&bench, 6, -5, 0);
  g_assert_null (bench_verdict (&bench, 0));
  dyno_pulls_stop (bench.pulls, bench.t_us);
  assert_verdict (bench_verdict (&bench, 0), 16, 23, "manual", "");
  g_assert_cmpint (bench_verdict (&bench, 0)->trigger, ==, DYNO_PULL_BY_HAND);
  bench_clear (&bench);
}

static void
test_provider_gone (void)
{
  Bench bench;

  bench_init (&bench, TRUE);
  bench_drive (&bench, 16, 2.5, 25);
  bench_drive (&bench, 2, 20, 100);
  dyno_pulls_provider_gone (bench.pulls, bench.t_us);
  assert_verdict (bench_verdict (&bench, 0), 16, 18, "provider", "");
  /* Nothing of the old values is left: the condition must hold anew. */
  bench_drive (&bench, 0.2, 20, 100);
  g_assert_null (bench_nth (&bench, DYNO_PULL_STARTED, 1));
  bench_drive (&bench, 2, 20, 100);
  g_assert_cmpint (bench_nth (&bench, DYNO_PULL_STARTED, 1)->start_us, ==, 18000000);
  bench_clear (&bench);
}

/* The dyno's computer held its datagrams back for 2 s, then sent them all: silence
 * ends the run, what comes after it is one more, not one a sample. */
static void
test_backlog_after_silence (void)
{
  Bench bench;
  guint n_started = 0;

  bench_init (&bench, TRUE);
  bench_drive (&bench, 16, 2.5, 25);
  bench_drive (&bench, 2, 20, 100);
  dyno_pulls_push_sampling (bench.pulls, 0, bench.t_us, 1);
  dyno_pulls_tick (bench.pulls, bench.t_us + 2 * G_USEC_PER_SEC);
  assert_verdict (bench_verdict (&bench, 0), 16, 18, "sampling", "");
  for (int i = 0; i < 4 * HZ; i++)
    {
      dyno_pulls_push_sampling (bench.pulls, 0, bench.t_us, 1);
      bench_drive (&bench, 1.0 / HZ, 20, 100);
    }
  dyno_pulls_push_sampling (bench.pulls, 0, bench.t_us, 0);
  for (guint i = 0; i < bench.events->len; i++)
    n_started += g_array_index (bench.events, DynoPullEvent, i).kind == DYNO_PULL_STARTED;
  g_assert_cmpuint (n_started, ==, 2);
  assert_verdict (bench_verdict (&bench, 1), 18, 22, "sampling", "");
  bench_clear (&bench);
}

/* A restarted dyno may count its time from somewhere earlier. */
static void
test_new_clock_is_earlier (void)
{
  Bench bench;

  bench_init (&bench, TRUE);
  bench_drive (&bench, 30, 0, 0);
  dyno_pulls_provider_gone (bench.pulls, bench.t_us);
  bench.t_us = 0;
  bench_drive (&bench, 16, 2.5, 25);
  bench_drive (&bench, 4, 20, 100);
  bench_drive (&bench, 3, -5, 0);
  assert_verdict (bench_verdict (&bench, 0), 16, 20, "throttle", "");
  g_assert_null (bench_verdict (&bench, 1));
  bench_clear (&bench);
}

static void
rpm_for (DynoPulls *pulls,
         gint64    *t_us,
         double     seconds,
         double     from,
         double     to)
{
  int n = (int) lround (seconds * HZ);

  for (int i = 0; i < n; i++)
    {
      dyno_pulls_push (pulls, DYNO_CHANNEL_RPM, *t_us, from + (to - from) * i / n);
      *t_us += G_USEC_PER_SEC / HZ;
    }
}

static void
test_rpm_only (void)
{
  Bench bench;
  gint64 t_us = 0;

  bench_init (&bench, FALSE);
  dyno_pulls_set_bound (bench.pulls, DYNO_CHANNEL_SPEED, FALSE);
  rpm_for (bench.pulls, &t_us, 2, 900, 900);
  rpm_for (bench.pulls, &t_us, 0.2, 1600, 1600); /* four samples are a blip */
  rpm_for (bench.pulls, &t_us, 2, 900, 900);
  g_assert_null (bench_nth (&bench, DYNO_PULL_STARTED, 0));
  rpm_for (bench.pulls, &t_us, 5, 1500, 5500);
  rpm_for (bench.pulls, &t_us, 1, 5500, 1300);
  rpm_for (bench.pulls, &t_us, 2, 1200, 900);
  assert_verdict (bench_verdict (&bench, 0), 4.2, 10.2, "rpm", "");
  g_assert_cmpint (bench_verdict (&bench, 0)->trigger, ==, DYNO_PULL_BY_RPM);
  dyno_assert_near (bench_verdict (&bench, 0)->span_rpm, 5500 - 1175, 30);

  rpm_for (bench.pulls, &t_us, 4, 1600, 2000);
  dyno_pulls_tick (bench.pulls, t_us + 2000000);
  assert_verdict (bench_verdict (&bench, 1), 12.2, 16.15, "silent", "span");
  bench_clear (&bench);
}

static void
test_rpm_only_longest (void)
{
  Bench bench;
  gint64 t_us = 0;

  bench_init (&bench, FALSE);
  dyno_pulls_set_bound (bench.pulls, DYNO_CHANNEL_SPEED, FALSE);
  rpm_for (bench.pulls, &t_us, 300, 2000, 5000);
  assert_verdict (bench_verdict (&bench, 0), 0, 120, "max", "");
  g_assert_null (bench_nth (&bench, DYNO_PULL_STARTED, 1));
  rpm_for (bench.pulls, &t_us, 2, 1000, 1000);
  rpm_for (bench.pulls, &t_us, 2, 2000, 3000);
  g_assert_nonnull (bench_nth (&bench, DYNO_PULL_STARTED, 1));
  bench_clear (&bench);
}

static void
test_nonsense_is_ignored (void)
{
  Bench bench;

  bench_init (&bench, TRUE);
  dyno_pulls_push (bench.pulls, DYNO_CHANNEL_SPEED, 0, NAN);
  dyno_pulls_push (bench.pulls, DYNO_CHANNEL_SPEED, 0, INFINITY);
  dyno_pulls_push (bench.pulls, DYNO_CHANNEL_MAP, 0, 100);
  dyno_pulls_tick (bench.pulls, G_MAXINT64 / 2);
  dyno_pulls_stop (bench.pulls, 5);
  dyno_pulls_finish (bench.pulls);
  g_assert_cmpuint (bench.events->len, ==, 0);
  bench_clear (&bench);
}

static void
test_in_a_log (void)
{
  enum { N = 26 * HZ };
  g_autofree double *time = g_new (double, N);
  g_autofree double *kmh = g_new (double, N);
  g_autofree double *tps = g_new (double, N);
  g_autoptr(DynoSamples) samples = NULL;
  g_autoptr(GArray) found = NULL;
  DynoSamplesBuilder *builder = dyno_samples_builder_new (N);
  double v = 0;

  for (int i = 0; i < N; i++)
    {
      double kmh_s = i < 16 * HZ ? 2.5 : i < 20 * HZ ? 20 : -10;

      time[i] = (double) i / HZ;
      kmh[i] = v;
      tps[i] = i < 16 * HZ ? 25 : i < 20 * HZ ? 100 : 0;
      v += kmh_s / HZ;
    }
  dyno_samples_builder_take_time (builder, g_steal_pointer (&time));
  dyno_samples_builder_take (builder, "Speed", "", DYNO_CHANNEL_SPEED, dyno_unit_find ("km/h"),
                             g_steal_pointer (&kmh));
  dyno_samples_builder_take (builder, "TPS", "", DYNO_CHANNEL_TPS, dyno_unit_find ("%"),
                             g_steal_pointer (&tps));
  samples = dyno_samples_builder_finish (builder);
  found = dyno_pulls_find (samples);
  g_assert_cmpuint (found->len, ==, 1);
  g_assert_cmpint (ABS (g_array_index (found, DynoPullEvent, 0).start_us - 16000000), <=, 300000);
  g_assert_cmpint (g_array_index (found, DynoPullEvent, 0).end_us, ==, 20000000);
}

static void
push_reading (Bench                 *bench,
              const DynoBikeReading *r)
{
  gint64 t_us = r->t_ms * 1000;

  dyno_pulls_push (bench->pulls, DYNO_CHANNEL_RPM, t_us, r->rpm);
  dyno_pulls_push (bench->pulls, DYNO_CHANNEL_SPEED, t_us, r->speed_kmh);
  dyno_pulls_push (bench->pulls, DYNO_CHANNEL_ACCEL, t_us, r->accel_kmh_s / 3.6);
  dyno_pulls_push (bench->pulls, DYNO_CHANNEL_TPS, t_us, r->tps_pct);
}

static void
ride (Bench           *bench,
      DynoBike        *bike,
      DynoBikeSensors *sensors,
      double           until_rpm,
      double           seconds)
{
  gint64 end_ms = dyno_bike_time_ms (bike) + (gint64) (seconds * 1000);

  while (dyno_bike_time_ms (bike) < end_ms && dyno_bike_state (bike)->rpm < until_rpm)
    {
      DynoBikeReading reading;

      dyno_bike_advance (bike, 50);
      dyno_bike_sensors_read (sensors, dyno_bike_state (bike), &reading);
      push_reading (bench, &reading);
    }
}

/* Cycle `pull` of the simulator: the roll-up is no run, the pull is. */
static void
test_on_the_virtual_bike (void)
{
  g_autoptr(DynoBike) bike = dyno_bike_new (dyno_bike_engine_find ("twin114"));
  g_autoptr(DynoBikeSensors) sensors = dyno_bike_sensors_new (3, 1);
  const DynoPullEvent *run;
  gint64 opened_us;
  gint64 closed_us;
  Bench bench;

  bench_init (&bench, TRUE);
  ride (&bench, bike, sensors, INFINITY, 5);
  dyno_bike_command_accel (bike, 2.5);
  ride (&bench, bike, sensors, 2000, 60);
  dyno_bike_command_accel (bike, 0);
  ride (&bench, bike, sensors, INFINITY, 2);
  g_assert_null (bench_nth (&bench, DYNO_PULL_STARTED, 0));
  opened_us = dyno_bike_time_ms (bike) * 1000;
  dyno_bike_command_throttle (bike, 100, 0);
  ride (&bench, bike, sensors, 0.98 * 5800, 60);
  closed_us = dyno_bike_time_ms (bike) * 1000;
  dyno_bike_command_throttle (bike, 0, 0);
  ride (&bench, bike, sensors, INFINITY, 10);

  run = bench_verdict (&bench, 0);
  g_assert_nonnull (run);
  g_assert_cmpint (run->kind, ==, DYNO_PULL_KEPT);
  g_assert_cmpint (ABS (run->start_us - opened_us), <, 300000);
  g_assert_cmpint (ABS (run->end_us - closed_us), <, 600000);
  g_assert_null (bench_verdict (&bench, 1));
  bench_clear (&bench);
}

typedef struct
{
  gint64            last_end_us;
  guint             n_open;
  DynoPullEventKind last;
} Grammar;

/* Each run starts once, ends, has one verdict, and no two overlap. */
static void
check_grammar_cb (const DynoPullEvent *event,
                  gpointer             user_data)
{
  Grammar *g = user_data;

  g_assert_cmpint (event->start_us, <=, event->end_us);
  switch (event->kind)
    {
    case DYNO_PULL_STARTED:
      g_assert_cmpuint (g->n_open++, ==, 0);
      g_assert_cmpint (event->start_us, >=, g->last_end_us);
      break;
    case DYNO_PULL_TAKEN_OVER:
    case DYNO_PULL_ENDED:
    case DYNO_PULL_RESUMED:
      g_assert_cmpuint (g->n_open, ==, 1);
      break;
    case DYNO_PULL_KEPT:
    case DYNO_PULL_DISCARDED:
      g_assert_cmpuint (g->n_open--, ==, 1);
      g_assert_cmpint (g->last, ==, DYNO_PULL_ENDED);
      g->last_end_us = event->end_us;
      break;
    case DYNO_PULL_ARMED:
    case DYNO_PULL_DISARMED:
    default:
      g_assert_cmpuint (g->n_open, ==, 0);
    }
  g->last = event->kind;
}

static void
push_random (DynoPulls *pulls,
             DynoNoise *noise,
             gint64     t_us)
{
  static const DynoChannel channels[] = { DYNO_CHANNEL_RPM, DYNO_CHANNEL_SPEED,
                                          DYNO_CHANNEL_ACCEL, DYNO_CHANNEL_TPS };
  double uniform = dyno_noise_uniform (noise);
  DynoChannel channel;

  switch (dyno_noise_bits (noise) % 400)
    {
    case 0:
      dyno_pulls_start (pulls, t_us);
      break;
    case 1:
    case 2:
      dyno_pulls_stop (pulls, t_us);
      break;
    case 3:
      dyno_pulls_provider_gone (pulls, t_us);
      break;
    case 4:
    case 5:
    case 6:
      dyno_pulls_push_sampling (pulls, dyno_noise_bits (noise) % 8, t_us, uniform * 1.5);
      break;
    default:
      /* Values that hold for a while, so that conditions last. */
      uniform = (double) ((t_us / 700000 * 7919) % 13) / 12;
      channel = channels[dyno_noise_bits (noise) % 4];
      dyno_pulls_push (pulls, channel, t_us,
                       channel == DYNO_CHANNEL_RPM ? uniform * 5000
                                                   : uniform * 100 - (uniform < 0.4 ? 20 : 0));
    }
}

static void
test_grammar (void)
{
  for (guint seed = 0; seed < 40; seed++)
    {
      Grammar grammar = { .last_end_us = G_MININT64 };
      g_autoptr(DynoPulls) pulls = dyno_pulls_new (check_grammar_cb, &grammar);
      DynoNoise noise;
      gint64 t_us = 0;

      dyno_noise_init (&noise, seed, 0);
      dyno_pulls_set_bound (pulls, DYNO_CHANNEL_SPEED, seed % 4 != 0);
      dyno_pulls_set_bound (pulls, DYNO_CHANNEL_ACCEL, seed % 2 != 0);
      for (int i = 0; i < 20000; i++)
        {
          t_us += (gint64) (dyno_noise_bits (&noise) % 40000);
          if (dyno_noise_bits (&noise) % 2000 == 0)
            t_us += 3000000;
          push_random (pulls, &noise, t_us);
        }
      dyno_pulls_finish (pulls);
      g_assert_cmpuint (grammar.n_open, ==, 0);
      g_assert_cmpint (grammar.last_end_us, >, 0);
    }
}

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/analysis/pulls/vectors", test_vectors);
  g_test_add_func ("/analysis/pulls/order-of-events", test_order_of_events);
  g_test_add_func ("/analysis/pulls/ticks-end-a-run", test_ticks_end_a_run);
  g_test_add_func ("/analysis/pulls/span-discards", test_span_discards);
  g_test_add_func ("/analysis/pulls/post-does-not-count", test_post_does_not_count);
  g_test_add_func ("/analysis/pulls/acceleration-from-speed", test_acceleration_from_speed);
  g_test_add_func ("/analysis/pulls/dead-throttle", test_dead_throttle);
  g_test_add_func ("/analysis/pulls/sampling-alone", test_sampling_alone);
  g_test_add_func ("/analysis/pulls/sampling-candidates", test_sampling_candidates);
  g_test_add_func ("/analysis/pulls/sampling-takes-over", test_sampling_takes_over);
  g_test_add_func ("/analysis/pulls/no-echo-after-sampling", test_no_echo_after_sampling);
  g_test_add_func ("/analysis/pulls/manual", test_manual);
  g_test_add_func ("/analysis/pulls/manual-takes-over", test_manual_takes_over);
  g_test_add_func ("/analysis/pulls/provider-gone", test_provider_gone);
  g_test_add_func ("/analysis/pulls/backlog", test_backlog_after_silence);
  g_test_add_func ("/analysis/pulls/new-clock", test_new_clock_is_earlier);
  g_test_add_func ("/analysis/pulls/rpm-only", test_rpm_only);
  g_test_add_func ("/analysis/pulls/rpm-only-longest", test_rpm_only_longest);
  g_test_add_func ("/analysis/pulls/nonsense", test_nonsense_is_ignored);
  g_test_add_func ("/analysis/pulls/in-a-log", test_in_a_log);
  g_test_add_func ("/analysis/pulls/virtual-bike", test_on_the_virtual_bike);
  g_test_add_func ("/analysis/pulls/grammar", test_grammar);

  return g_test_run ();
}
