/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

/* The limiter against exact logs: who came when, and what that allows by the bare words
 * of the rule. The number of arrivals is DYNO_ARRIVALS (10⁷ for a long run); a failure
 * is repeated with --seed. */

#include "config.h"

#include "dyno-limit.h"
#include "dyno-test.h"

#define SECOND G_USEC_PER_SEC
#define DAY (86400 * (gint64) SECOND)
#define MAX_LIMIT 200

typedef struct
{
  DynoLimitRules rules;
  DynoClock *clock;
  DynoLimit *limit;
  gint64 now_us;
} Fixture;

static void
begin (Fixture       *f,
       gconstpointer  unused)
{
  g_assert_true (dyno_limit_rules_init (&f->rules, &dyno_limit_settings_default, NULL));
  f->now_us = 0;
  f->clock = dyno_clock_new_fake (0, 20000 * DAY);
  f->limit = dyno_limit_new (&f->rules, f->clock);
}

static void
end (Fixture       *f,
     gconstpointer  unused)
{
  dyno_limit_free (f->limit);
  dyno_clock_free (f->clock);
}

static gint64
arrivals (gint64 otherwise)
{
  const char *text = g_getenv ("DYNO_ARRIVALS");

  return text != NULL ? g_ascii_strtoll (text, NULL, 10) : otherwise;
}

static void
advance (Fixture *f,
         gint64   us)
{
  f->now_us += us;
  dyno_clock_advance (f->clock, us);
}

static gboolean
take (Fixture           *f,
      DynoLimitPolicyId  policy,
      int                subject,
      gint64             limit,
      DynoLimitReading  *reading)
{
  char name[16];
  DynoLimitTake one = { policy, name, limit, 1 };
  DynoLimitVerdict verdict;

  g_snprintf (name, sizeof name, "s%d", subject);
  dyno_limit_take (f->limit, 1, &one, f->now_us, &verdict);
  *reading = verdict.readings[0];

  return verdict.is_admitted;
}

/* The moments of the last `limit` admitted calls. */
typedef struct
{
  gint64 at_us[MAX_LIMIT];
  gint64 n;
} Log;

static gboolean
is_full (const Log *log,
         gint64     limit,
         gint64     after_us)
{
  return log->n >= limit && log->at_us[(log->n - limit) % limit] > after_us;
}

static void
append (Log    *log,
        gint64  limit,
        gint64  now_us)
{
  log->at_us[log->n++ % limit] = now_us;
}

/* Bursts, borders of slots and windows, and silence. */
static gint64
random_gap (gint64 window_us,
            gint64 now_us)
{
  gint64 slot_us = window_us / DYNO_LIMIT_SLOTS;

  switch (g_test_rand_int_range (0, 400))
    {
    case 0:
      return window_us - now_us % window_us + g_test_rand_int_range (-1, 2);
    case 1:
      return window_us + g_test_rand_int_range (-1, 2);
    case 2 ... 20:
      return slot_us - now_us % slot_us;
    case 21 ... 60:
      return g_test_rand_double () * slot_us;
    default:
      return g_test_rand_double () * window_us / 4000;
    }
}

/* Never more than L in any trailing window; never refused when L would not be reached
 * in a window one slot longer. */
static void
test_sliding (Fixture       *f,
              gconstpointer  unused)
{
  enum { N_SUBJECTS = 12 };
  static Log logs[N_SUBJECTS];
  gint64 window_us = f->rules.policies[DYNO_POLICY_DEFAULT_MINUTE].window_us;
  gint64 n_admitted = 0;
  gint64 n = arrivals (400000);

  memset (logs, 0, sizeof logs);
  for (gint64 i = 0; i < n; i++)
    {
      int who = g_test_rand_int_range (0, N_SUBJECTS);
      gint64 limit = 1 + who * who;
      DynoLimitReading reading;
      gboolean is_admitted;

      advance (f, MAX (0, random_gap (window_us, f->now_us)));
      is_admitted = take (f, DYNO_POLICY_DEFAULT_MINUTE, who, limit, &reading);
      if (is_admitted)
        {
          g_assert_false (is_full (&logs[who], limit, f->now_us - window_us));
          append (&logs[who], limit, f->now_us);
          n_admitted++;
        }
      else
        g_assert_true (is_full (&logs[who], limit,
                                f->now_us - window_us - window_us / DYNO_LIMIT_SLOTS));
    }

  g_assert_cmpint (n_admitted, >, n / 20);
  g_assert_cmpint (n_admitted, <, n);
}

static void
test_fixed (Fixture       *f,
            gconstpointer  unused)
{
  enum { N_SUBJECTS = 12 };
  gint64 windows[N_SUBJECTS] = { 0 };
  gint64 counts[N_SUBJECTS] = { 0 };
  gint64 n = arrivals (400000);

  for (gint64 i = 0; i < n; i++)
    {
      int who = g_test_rand_int_range (0, N_SUBJECTS);
      gint64 limit = 1 + who * who;
      DynoLimitReading reading;
      gint64 day;

      advance (f, MAX (0, random_gap (DAY, f->now_us)));
      day = dyno_clock_real_us (f->clock) / DAY;
      if (day != windows[who])
        counts[who] = 0;
      windows[who] = day;

      g_assert_cmpint (take (f, DYNO_POLICY_DEFAULT_DAY, who, limit, &reading), ==,
                       counts[who] < limit);
      if (!reading.is_violated)
        counts[who]++;
      g_assert_cmpint (reading.remaining, ==, limit - counts[who]);
    }
}

/* A bucket that fills: B tokens of T µs each; the same rule said the other way round. */
static void
test_bucket (Fixture       *f,
             gconstpointer  unused)
{
  enum { N_SUBJECTS = 12 };
  const DynoLimitPolicy *policy = &f->rules.policies[DYNO_POLICY_LIVE];
  gint64 levels[N_SUBJECTS];
  gint64 at_us[N_SUBJECTS] = { 0 };
  gint64 n = arrivals (400000);

  for (int who = 0; who < N_SUBJECTS; who++)
    levels[who] = G_MAXINT64 / 2;

  for (gint64 i = 0; i < n; i++)
    {
      int who = g_test_rand_int_range (0, N_SUBJECTS);
      gint64 limit = 1 + 7 * who * who;
      gint64 t_us = (policy->window_us + limit - 1) / limit;
      DynoLimitReading reading;
      gboolean is_admitted;

      advance (f, g_test_rand_int_range (0, 40) == 0 ? g_test_rand_double () * 3 * t_us
                                                     : g_test_rand_double () * t_us / 20);
      levels[who] = MIN (policy->burst * t_us, levels[who] + f->now_us - at_us[who]);
      at_us[who] = f->now_us;

      is_admitted = take (f, DYNO_POLICY_LIVE, who, limit, &reading);
      g_assert_cmpint (is_admitted, ==, levels[who] >= t_us);
      if (is_admitted)
        levels[who] -= t_us;
      else
        g_assert_cmpint (reading.until_us, ==, t_us - levels[who]);
      g_assert_cmpint (reading.remaining, ==, levels[who] / t_us);
    }
}

/* What a refusal says of the future is true to the microsecond. */
static void
test_until_is_true (Fixture       *f,
                    gconstpointer  unused)
{
  static const DynoLimitPolicyId policies[] = {
    DYNO_POLICY_DEFAULT_MINUTE, DYNO_POLICY_DEFAULT_DAY, DYNO_POLICY_LIVE, DYNO_POLICY_ADDRESS,
  };

  for (int i = 0; i < 4000; i++)
    {
      DynoLimitPolicyId policy = policies[g_test_rand_int_range (0, G_N_ELEMENTS (policies))];
      gint64 window_us = f->rules.policies[policy].window_us;
      DynoLimitReading reading;

      while (take (f, policy, policy, 7, &reading))
        advance (f, g_test_rand_double () * window_us / 8);

      advance (f, reading.until_us - 1);
      g_assert_false (take (f, policy, policy, 7, &reading));
      g_assert_cmpint (reading.until_us, ==, 1);
      advance (f, 1);
      g_assert_true (take (f, policy, policy, 7, &reading));
    }
}

/* Three times as many names as the store has places, of three algorithms: whoever was
 * pushed out and comes again never gets more than his limit. */
static void
test_never_over_when_full (Fixture       *f,
                           gconstpointer  unused)
{
  enum { N_SUBJECTS = 50000, LIMIT = 3 };
  g_autofree Log *logs = g_new0 (Log, N_SUBJECTS);
  gint64 n = arrivals (600000);
  gint64 n_admitted = 0;

  for (gint64 i = 0; i < n; i++)
    {
      int who = g_test_rand_int_range (0, N_SUBJECTS);
      gboolean is_daily = who % 2 == 0;
      gint64 window_us = is_daily ? DAY : 60 * SECOND;
      DynoLimitReading reading;

      /* About three arrivals a subject and minute, half as many as are admitted a day. */
      advance (f, g_test_rand_int_range (0, 800));
      if (!take (f, is_daily ? DYNO_POLICY_DEFAULT_DAY : DYNO_POLICY_RELAY, who, LIMIT, &reading))
        continue;
      n_admitted++;
      g_assert_false (is_full (&logs[who], LIMIT, f->now_us - window_us));
      append (&logs[who], LIMIT, f->now_us);
    }

  g_assert_cmpint (n_admitted, >, 1000);
}

static void
test_bucket_never_over_when_full (Fixture       *f,
                                  gconstpointer  unused)
{
  enum { N_SUBJECTS = 50000 };
  const DynoLimitPolicy *policy = &f->rules.policies[DYNO_POLICY_FAILED_AUTH];
  gint64 t_us = policy->window_us / policy->limit;
  g_autofree gint64 *tat_us = g_new0 (gint64, N_SUBJECTS);
  gint64 n = arrivals (600000);

  for (gint64 i = 0; i < n; i++)
    {
      int who = g_test_rand_int_range (0, N_SUBJECTS);
      DynoLimitReading reading;

      advance (f, g_test_rand_int_range (0, 200));
      if (!take (f, DYNO_POLICY_FAILED_AUTH, who, policy->limit, &reading))
        continue;
      tat_us[who] = MAX (tat_us[who], f->now_us) + t_us;
      g_assert_cmpint (tat_us[who] - f->now_us, <=, policy->burst * t_us);
    }
}

/* Negative case 8: a flood of other names buys no budget. */
static void
test_spraying_washes_nothing (Fixture       *f,
                              gconstpointer  unused)
{
  DynoLimitReading reading;

  for (int i = 0; i < 60; i++)
    g_assert_true (take (f, DYNO_POLICY_DEFAULT_MINUTE, -1, 60, &reading));
  for (int i = 0; i < 30; i++)
    g_assert_true (take (f, DYNO_POLICY_DEFAULT_MINUTE, -2, 60, &reading));

  for (int i = 0; i < 300000; i++)
    {
      take (f, DYNO_POLICY_DEFAULT_MINUTE, i, 60, &reading);
      take (f, DYNO_POLICY_REGISTER_HOUR, i, 10, &reading);
      if (i % 1000 == 0)
        g_assert_false (take (f, DYNO_POLICY_DEFAULT_MINUTE, -1, 60, &reading));
    }
  take (f, DYNO_POLICY_DEFAULT_MINUTE, -2, 60, &reading);
  g_assert_cmpint (reading.remaining, <, 30);

  advance (f, 61 * SECOND);
  g_assert_true (take (f, DYNO_POLICY_DEFAULT_MINUTE, -1, 60, &reading));
}

/* The takes of one call do not push one another out of a full store. */
static void
test_one_call_in_a_full_store (Fixture       *f,
                               gconstpointer  unused)
{
  DynoLimitReading reading;

  for (int i = 0; i < 60000; i++)
    take (f, DYNO_POLICY_RELAY, i, 120, &reading);

  for (int i = 0; i < 4000; i++)
    {
      DynoLimitTake takes[DYNO_LIMIT_MAX_TAKES];
      char names[DYNO_LIMIT_MAX_TAKES][24];
      DynoLimitVerdict taken;
      DynoLimitVerdict asked;

      for (int t = 0; t < DYNO_LIMIT_MAX_TAKES; t++)
        {
          g_snprintf (names[t], sizeof names[t], "n%d-%d", i, t);
          takes[t] = (DynoLimitTake) { DYNO_POLICY_READ, names[t], 60000, 1 };
        }
      g_assert_true (dyno_limit_take (f->limit, DYNO_LIMIT_MAX_TAKES, takes, f->now_us, &taken));
      dyno_limit_ask (f->limit, DYNO_LIMIT_MAX_TAKES, takes, f->now_us, &asked);
      for (int t = 0; t < DYNO_LIMIT_MAX_TAKES; t++)
        {
          g_assert_cmpint (taken.readings[t].remaining, <, 60000);
          g_assert_cmpint (asked.readings[t].remaining, ==, taken.readings[t].remaining);
        }
    }
}

static void
test_size (void)
{
  g_assert_cmpuint (dyno_limit_store_size (), <=, 3584 * 1024);
}

/* 64 threads. */

typedef struct
{
  DynoLimit *limit;
  gint n_admitted; /* (atomic) */
  gint n_minute;   /* (atomic) */
} Crowd;

static gpointer
crowd_thread (gpointer data)
{
  Crowd *crowd = data;
  DynoLimitTake takes[] = {
    { DYNO_POLICY_DEFAULT_MINUTE, "usr_a", 700, 1 },
    { DYNO_POLICY_DEFAULT_HOUR, "usr_a", 500, 1 },
    { DYNO_POLICY_LIVE, "usr_a", 3000, 1 },
    { DYNO_POLICY_DEFAULT_DAY, "usr_a", 600, 1 },
  };
  DynoLimitVerdict verdict;

  /* All four while the bucket lasts, then the minute alone. */
  for (int i = 0; i < 50; i++)
    if (dyno_limit_take (crowd->limit, 4, takes, 1000 + i, &verdict))
      g_atomic_int_inc (&crowd->n_admitted);
  for (int i = 0; i < 50; i++)
    if (dyno_limit_take (crowd->limit, 1, takes, 1000 + i, &verdict))
      g_atomic_int_inc (&crowd->n_minute);

  return NULL;
}

static void
test_crowd (Fixture       *f,
            gconstpointer  unused)
{
  Crowd crowd = { f->limit, 0, 0 };
  GThread *threads[64];

  for (gsize i = 0; i < G_N_ELEMENTS (threads); i++)
    threads[i] = g_thread_new ("crowd", crowd_thread, &crowd);
  for (gsize i = 0; i < G_N_ELEMENTS (threads); i++)
    g_thread_join (threads[i]);

  g_assert_cmpint (crowd.n_admitted, ==, 100);
  g_assert_cmpint (crowd.n_minute, ==, 600);
}

#define ADD(name, function) g_test_add (name, Fixture, NULL, begin, function, end)

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);

  ADD ("/limit-model/sliding", test_sliding);
  ADD ("/limit-model/fixed", test_fixed);
  ADD ("/limit-model/bucket", test_bucket);
  ADD ("/limit-model/until-is-true", test_until_is_true);
  ADD ("/limit-model/never-over-when-full", test_never_over_when_full);
  ADD ("/limit-model/bucket-never-over-when-full", test_bucket_never_over_when_full);
  ADD ("/limit-model/spraying-washes-nothing", test_spraying_washes_nothing);
  ADD ("/limit-model/one-call-in-a-full-store", test_one_call_in_a_full_store);
  ADD ("/limit-model/crowd", test_crowd);
  g_test_add_func ("/limit-model/size", test_size);

  return g_test_run ();
}
