/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

#include "config.h"

#include <math.h>

#include "dyno-live-health.h"
#include "dyno-test.h"

/* A channel fed at a steady rate, sample time and arrival alike. */
typedef struct
{
  DynoLiveHealth    health;
  DynoHealthWitness witness;
  DynoChannel       canonical;
  gint64            now_us;
  gint64            step_us;
  double            low;
  double            high;
  gboolean          is_ready;
} Feed;

static void
begin (Feed       *feed,
       const char *name,
       guint8      unit,
       gint64      step_us)
{
  *feed = (Feed){ .now_us = 100 * G_USEC_PER_SEC, .step_us = step_us, .low = -INFINITY,
                  .high = INFINITY, .is_ready = TRUE };
  dyno_live_health_init (&feed->health, name, unit);
}

static void
end (Feed *feed)
{
  dyno_live_health_clear (&feed->health);
}

static guint
give_at (Feed   *feed,
         gint64  t_us,
         float   value)
{
  DynoHealthSample sample = { t_us, feed->now_us, value, feed->canonical, feed->low, feed->high,
                              feed->is_ready };

  return dyno_live_health_take (&feed->health, &sample);
}

static guint
give (Feed  *feed,
      float  value)
{
  feed->now_us += feed->step_us;

  return give_at (feed, feed->now_us, value);
}

static void
give_many (Feed  *feed,
           guint  n,
           float  value,
           float  slope)
{
  for (guint i = 0; i < n; i++)
    give (feed, value + slope * (float) i);
}

static void
check (Feed       *feed,
       DynoHealth  expected)
{
  DynoHealth health = dyno_live_health_judge (&feed->health, feed->canonical, &feed->witness,
                                              feed->now_us);

  g_assert_cmpstr (dyno_health_name (health), ==, dyno_health_name (expected));
}

static void
test_life (void)
{
  Feed feed;

  begin (&feed, "Battery Voltage", 14, 250000);
  check (&feed, DYNO_HEALTH_NO_SIGNAL);
  feed.now_us += G_GINT64_CONSTANT (3600) * G_USEC_PER_SEC;
  check (&feed, DYNO_HEALTH_NO_SIGNAL); /* announced, never valued: no alarm, ever */

  give_many (&feed, 30, 12, 0.01f);
  check (&feed, DYNO_HEALTH_OK);
  dyno_assert_near (feed.health.period_s, 0.25, 1e-9);
  dyno_assert_near (dyno_live_health_rate (&feed.health), 4, 1e-9);

  feed.now_us += 1250000;
  check (&feed, DYNO_HEALTH_OK); /* 5 periods */
  feed.now_us += 1;
  check (&feed, DYNO_HEALTH_STALE);
  give (&feed, 12);
  check (&feed, DYNO_HEALTH_OK);
  end (&feed);
}

/* The atmosphere comes every 1.3 s: stale by its own period. */
static void
test_slow_channels (void)
{
  Feed feed;

  begin (&feed, "Humidity", 16, 1300000);
  give_many (&feed, 20, 45, 0);
  check (&feed, DYNO_HEALTH_OK);
  feed.now_us += 6400000;
  check (&feed, DYNO_HEALTH_OK);
  feed.now_us += 200000;
  check (&feed, DYNO_HEALTH_STALE);
  end (&feed);
}

static void
test_first_value_is_never_stale (void)
{
  Feed feed;

  begin (&feed, "Software Level", 255, 250000);
  give (&feed, 3);
  feed.now_us += 600 * G_USEC_PER_SEC;
  check (&feed, DYNO_HEALTH_OK);
  end (&feed);
}

/* Ten minutes at rest, no alarm. */
static void
test_drum_at_rest (void)
{
  Feed feed;

  begin (&feed, "Power Drum 1", 4, 50000);
  feed.witness.drum_stands = TRUE;
  check (&feed, DYNO_HEALTH_NO_SIGNAL);
  give_many (&feed, 20, 1, 0.1f);
  feed.now_us += 600 * G_USEC_PER_SEC;
  check (&feed, DYNO_HEALTH_IDLE);
  feed.witness.drum_stands = FALSE;
  check (&feed, DYNO_HEALTH_STALE);
  end (&feed);

  begin (&feed, "Engine RPM", 8, 50000);
  give_many (&feed, 20, 0, 0);
  feed.now_us += 600 * G_USEC_PER_SEC;
  check (&feed, DYNO_HEALTH_IDLE);
  end (&feed);
}

static void
test_pegged (void)
{
  Feed feed;

  begin (&feed, "LC1 Volts Petrol AFR", 11, 100000);
  feed.low = 6;
  feed.high = 22.37;
  g_assert_cmphex (give (&feed, 13.1f), ==, 0);
  g_assert_cmphex (give (&feed, 22.38f), ==, DYNO_SAMPLE_PEGGED);
  check (&feed, DYNO_HEALTH_PEGGED);
  give_many (&feed, 50, 22.39f, 0);
  g_assert_cmpint (feed.health.invalid_score, ==, 0);

  /* Free air is no reading either: 7.35…7.40 for 2 s. */
  g_assert_cmphex (give (&feed, 7.38f), ==, 0);
  give_many (&feed, 19, 7.36f, 0);
  check (&feed, DYNO_HEALTH_OK);
  g_assert_cmphex (give (&feed, 7.35f), ==, DYNO_SAMPLE_PEGGED);
  g_assert_cmphex (give (&feed, 13.0f), ==, 0);
  check (&feed, DYNO_HEALTH_OK);
  end (&feed);

  begin (&feed, "Air/Fuel Ratio 1", 11, 50000);
  feed.is_ready = FALSE;
  g_assert_cmphex (give (&feed, 13.0f), ==, DYNO_SAMPLE_PEGGED);
  end (&feed);

  /* What is commanded has no sensor. */
  begin (&feed, "Desired Air/Fuel", 11, 50000);
  g_assert_cmphex (give (&feed, 22.5f), ==, 0);
  end (&feed);
}

static void
test_invalid (void)
{
  Feed feed;

  begin (&feed, "Throttle Position", 16, 50000);
  feed.low = -5;
  feed.high = 105;
  for (int i = 0; i < 10; i++)
    g_assert_cmphex (give (&feed, NAN), ==, DYNO_SAMPLE_NOT_FINITE);
  check (&feed, DYNO_HEALTH_OK);
  g_assert_cmphex (give (&feed, 200), ==, DYNO_SAMPLE_OUT_OF_RANGE);
  check (&feed, DYNO_HEALTH_INVALID);
  g_assert_cmpstr (feed.health.reason, ==, "out_of_range");
  g_assert_cmphex (give (&feed, 50), ==, 0);
  check (&feed, DYNO_HEALTH_OK);
  give_many (&feed, 100, INFINITY, 0);
  g_assert_cmpint (feed.health.invalid_score, ==, 20);
  g_assert_cmpuint (feed.health.n_invalid, ==, 111);
  end (&feed);
}

static void
test_frozen (void)
{
  Feed feed;

  begin (&feed, "Engine RPM", 8, 50000);
  feed.canonical = DYNO_CHANNEL_RPM;
  give_many (&feed, 20, 2000, 10);
  give_many (&feed, 39, 2500, 0);
  feed.witness.drum_accelerates = TRUE;
  check (&feed, DYNO_HEALTH_OK); /* not 2 s yet */
  give_many (&feed, 3, 2500, 0);
  check (&feed, DYNO_HEALTH_FROZEN);
  feed.witness.drum_accelerates = FALSE;
  check (&feed, DYNO_HEALTH_OK); /* nobody says that it must move */
  feed.witness.rpm_disagrees = TRUE;
  check (&feed, DYNO_HEALTH_FROZEN);
  give (&feed, 2501);
  check (&feed, DYNO_HEALTH_OK);
  end (&feed);
}

static void
test_never_frozen (void)
{
  static const struct
  {
    const char *name;
    guint8      unit;
  } rows[] = {
    { "Humidity", 16 }, { "Temperature 1", 6 }, { "Link 0 Status", 255 }, { "Gear Ratio", 9 },
    { "Correction Factor", 255 }, { "Engine Temperature", 6 }, { "Desired Air/Fuel", 11 },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      Feed feed;

      begin (&feed, rows[i].name, rows[i].unit, 50000);
      give_many (&feed, 10, 1, 1);
      give_many (&feed, 100, 20, 0);
      feed.witness.drum_accelerates = TRUE;
      feed.witness.throttle_is_open = TRUE;
      feed.witness.rpm_moves = TRUE;
      check (&feed, DYNO_HEALTH_OK);
      end (&feed);
    }
}

static void
test_slow_and_jitter (void)
{
  Feed feed;

  begin (&feed, "Engine RPM", 8, 50000);
  give_many (&feed, 30, 2000, 1);
  check (&feed, DYNO_HEALTH_OK);
  feed.now_us += 400000; /* a gap of 0.45 s */
  give (&feed, 2100);
  check (&feed, DYNO_HEALTH_SLOW);
  g_assert_cmpstr (feed.health.reason, ==, "jitter");
  g_assert_cmpuint (feed.health.n_gaps, ==, 1);
  give_many (&feed, 41, 2100, 1);
  check (&feed, DYNO_HEALTH_OK);
  end (&feed);
}

static void
test_late (void)
{
  Feed feed;

  begin (&feed, "Engine RPM", 8, 50000);
  give (&feed, 1000);
  give (&feed, 1100);
  g_assert_cmphex (give_at (&feed, feed.now_us - 30000, 1050), ==, DYNO_SAMPLE_LATE);
  g_assert_cmpfloat (feed.health.last, ==, 1100);
  g_assert_cmpuint (feed.health.n_late, ==, 1);
  g_assert_cmphex (give_at (&feed, feed.now_us, 1200), ==, 0); /* the same moment is not late */
  end (&feed);
}

/* λ that carries AFR, injector time that is in ms. */
static void
test_other_units (void)
{
  Feed feed;

  begin (&feed, "Lambda 1", 13, 50000);
  feed.canonical = DYNO_CHANNEL_MIX_F;
  feed.low = 6;
  feed.high = 22.37;
  g_assert_cmphex (give (&feed, 0.9f), ==, 0);
  g_assert_cmphex (give (&feed, 1.53f), ==, DYNO_SAMPLE_PEGGED);
  g_assert_cmphex (give (&feed, 0.3f), ==, DYNO_SAMPLE_OUT_OF_RANGE);
  g_assert_cmphex (give (&feed, 14.29f), ==, 0);
  g_assert_true (feed.health.has_other_unit);
  end (&feed);

  begin (&feed, "Injector Time Front", 255, 50000);
  feed.canonical = DYNO_CHANNEL_PW_F;
  feed.low = 0;
  feed.high = 0.05;
  g_assert_cmphex (give (&feed, 5.961f), ==, 0);
  g_assert_cmphex (give (&feed, 51), ==, DYNO_SAMPLE_OUT_OF_RANGE);
  end (&feed);

  begin (&feed, "Injector Time Front", 0, 50000);
  feed.canonical = DYNO_CHANNEL_PW_F;
  feed.low = 0;
  feed.high = 0.05;
  g_assert_cmphex (give (&feed, 0.006f), ==, 0);
  g_assert_cmphex (give (&feed, 5.961f), ==, DYNO_SAMPLE_OUT_OF_RANGE);
  end (&feed);
}

static void
test_precedence (void)
{
  Feed feed;

  begin (&feed, "Air/Fuel Ratio 1", 11, 50000);
  feed.low = 6;
  feed.high = 22.37;
  give_many (&feed, 30, NAN, 0);
  check (&feed, DYNO_HEALTH_INVALID);
  give (&feed, 23);
  check (&feed, DYNO_HEALTH_PEGGED); /* before INVALID */
  feed.now_us += 2 * G_USEC_PER_SEC;
  check (&feed, DYNO_HEALTH_STALE); /* before PEGGED */
  end (&feed);
}

static void
test_lives (void)
{
  Feed feed;

  begin (&feed, "Speed 1", 2, 50000);
  g_assert_false (dyno_live_health_lives (&feed.health, &feed.witness, feed.now_us));
  give (&feed, NAN);
  g_assert_false (dyno_live_health_lives (&feed.health, &feed.witness, feed.now_us));
  give (&feed, 30);
  g_assert_true (dyno_live_health_lives (&feed.health, &feed.witness, feed.now_us));
  feed.now_us += 5 * G_USEC_PER_SEC;
  g_assert_true (dyno_live_health_lives (&feed.health, &feed.witness, feed.now_us));
  feed.now_us += 1;
  g_assert_false (dyno_live_health_lives (&feed.health, &feed.witness, feed.now_us));
  feed.witness.drum_stands = TRUE;
  g_assert_true (dyno_live_health_lives (&feed.health, &feed.witness, feed.now_us));
  end (&feed);
}

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/capture/health/life", test_life);
  g_test_add_func ("/capture/health/slow-channels", test_slow_channels);
  g_test_add_func ("/capture/health/first-value-is-never-stale", test_first_value_is_never_stale);
  g_test_add_func ("/capture/health/drum-at-rest", test_drum_at_rest);
  g_test_add_func ("/capture/health/pegged", test_pegged);
  g_test_add_func ("/capture/health/invalid", test_invalid);
  g_test_add_func ("/capture/health/frozen", test_frozen);
  g_test_add_func ("/capture/health/never-frozen", test_never_frozen);
  g_test_add_func ("/capture/health/slow-and-jitter", test_slow_and_jitter);
  g_test_add_func ("/capture/health/late", test_late);
  g_test_add_func ("/capture/health/other-units", test_other_units);
  g_test_add_func ("/capture/health/precedence", test_precedence);
  g_test_add_func ("/capture/health/lives", test_lives);

  return g_test_run ();
}
