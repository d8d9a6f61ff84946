/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

#include "config.h"

#include <string.h>

#include "dyno-limit-header.h"
#include "dyno-limit.h"
#include "dyno-test.h"

#define SECOND G_USEC_PER_SEC
#define DAY (86400 * (gint64) SECOND)
#define START_US (1000 * (gint64) SECOND)
#define WALL_US (20000 * DAY + 43200 * (gint64) SECOND) /* noon */

typedef struct
{
  DynoLimitRules rules;
  DynoClock *clock;
  DynoLimit *limit;
  DynoLimitVerdict verdict;
} Fixture;

static void
begin_with (Fixture                 *f,
            const DynoLimitSettings *settings)
{
  g_assert_true (dyno_limit_rules_init (&f->rules, settings, NULL));
  f->clock = dyno_clock_new_fake (START_US, WALL_US);
  f->limit = dyno_limit_new (&f->rules, f->clock);
}

static void
begin (Fixture       *f,
       gconstpointer  unused)
{
  begin_with (f, &dyno_limit_settings_default);
}

static void
end (Fixture       *f,
     gconstpointer  unused)
{
  dyno_limit_free (f->limit);
  dyno_clock_free (f->clock);
}

static gboolean
call (Fixture              *f,
      DynoLimitClass        class_,
      const DynoLimitCaller *caller)
{
  DynoLimitTake takes[DYNO_LIMIT_MAX_TAKES];
  gsize n = dyno_limit_plan (&f->rules, class_, caller, takes);

  return dyno_limit_take (f->limit, n, takes, dyno_clock_monotonic_us (f->clock), &f->verdict);
}

static gboolean
call_as (Fixture        *f,
         DynoLimitClass  class_,
         const char     *address,
         const char     *principal)
{
  DynoLimitCaller caller = { .address = address, .principal = principal };

  return call (f, class_, &caller);
}

static int
call_many (Fixture        *f,
           DynoLimitClass  class_,
           int             times)
{
  int n_admitted = 0;

  for (int i = 0; i < times; i++)
    n_admitted += call_as (f, class_, "192.0.2.1", "usr_a");

  return n_admitted;
}

static const DynoLimitReading *
reading_of (Fixture    *f,
            const char *policy)
{
  for (gsize i = 0; i < f->verdict.n; i++)
    if (g_str_equal (f->verdict.readings[i].policy, policy))
      return &f->verdict.readings[i];

  g_assert_not_reached ();
}

/* Negative case 23: the 61st in a minute, and both families of headers. */
static void
test_sixty_a_minute (Fixture       *f,
                     gconstpointer  unused)
{
  DynoLimitHeaders headers;
  g_autofree char *sentence = NULL;

  g_assert_cmpint (call_many (f, DYNO_LIMIT_DEFAULT, 60), ==, 60);
  dyno_clock_advance (f->clock, 48 * SECOND);
  g_assert_false (call_as (f, DYNO_LIMIT_DEFAULT, "192.0.2.1", "usr_a"));

  dyno_limit_write_headers (&f->verdict, &headers);
  g_assert_cmpstr (headers.limit, ==, "60");
  g_assert_cmpstr (headers.remaining, ==, "0");
  g_assert_cmpstr (headers.policies, ==,
                   "\"address\";q=600;w=10, \"default-minute\";q=60;w=60, "
                   "\"default-hour\";q=1000;w=3600, \"default-day\";q=10000;w=86400");
  /* All 60 came in one slot of a second, which counts for a window and a slot. */
  g_assert_cmpstr (headers.tightest, ==, "\"default-minute\";r=0;t=13");
  g_assert_cmpint (g_ascii_strtoll (headers.reset, NULL, 10), ==,
                   WALL_US / SECOND + 48 + 13);
  g_assert_cmpint (f->verdict.retry_after_s, >=, 13);
  g_assert_cmpint (f->verdict.retry_after_s, <=, 14);
  g_assert_cmpint (g_ascii_strtoll (headers.retry, NULL, 10), ==, f->verdict.retry_after_s);

  sentence = dyno_limit_write_sentence (&f->verdict);
  g_assert_cmpstr (sentence, ==, "Policy default-minute allows 60 requests per 60 s.");
  g_assert_cmpuint (dyno_limit_get_rejected (f->limit, DYNO_POLICY_DEFAULT_MINUTE), ==, 1);
  g_assert_cmpuint (dyno_limit_get_rejected (f->limit, DYNO_POLICY_DEFAULT_HOUR), ==, 0);

  dyno_clock_advance (f->clock, 13 * SECOND);
  g_assert_true (call_as (f, DYNO_LIMIT_DEFAULT, "192.0.2.1", "usr_a"));
  dyno_limit_write_headers (&f->verdict, &headers);
  g_assert_cmpstr (headers.retry, ==, "");
  g_assert_cmpstr (headers.remaining, ==, "59");
}

static void
test_other_principal_has_his_own (Fixture       *f,
                                  gconstpointer  unused)
{
  g_assert_cmpint (call_many (f, DYNO_LIMIT_DEFAULT, 61), ==, 60);
  g_assert_true (call_as (f, DYNO_LIMIT_DEFAULT, "192.0.2.1", "usr_b"));
  g_assert_false (call_as (f, DYNO_LIMIT_DEFAULT, "192.0.2.2", "usr_a"));
}

/* Without a credential the address is the principal. */
static void
test_address_is_principal (Fixture       *f,
                           gconstpointer  unused)
{
  for (int i = 0; i < 60; i++)
    g_assert_true (call_as (f, DYNO_LIMIT_DEFAULT, "192.0.2.1", NULL));

  g_assert_false (call_as (f, DYNO_LIMIT_DEFAULT, "192.0.2.1", NULL));
  g_assert_true (call_as (f, DYNO_LIMIT_DEFAULT, "192.0.2.2", NULL));
}

/* A refused call takes nothing from the policies that had room. */
static void
test_all_or_none (Fixture       *f,
                  gconstpointer  unused)
{
  g_assert_cmpint (call_many (f, DYNO_LIMIT_ANALYZE, 6), ==, 6);
  g_assert_cmpint (reading_of (f, "default-minute")->remaining, ==, 54);
  g_assert_cmpint (call_many (f, DYNO_LIMIT_ANALYZE, 100), ==, 0);
  g_assert_cmpint (reading_of (f, "default-minute")->remaining, ==, 54);
  g_assert_cmpint (reading_of (f, "address")->remaining, ==, 594);
  g_assert_cmpstr (f->verdict.readings[f->verdict.tightest].policy, ==, "analyze-minute");
}

static void
test_question_debits_nothing (Fixture       *f,
                              gconstpointer  unused)
{
  DynoLimitCaller caller = { .address = "192.0.2.1" };
  DynoLimitTake takes[DYNO_LIMIT_MAX_TAKES];
  gsize n = dyno_limit_plan (&f->rules, DYNO_LIMIT_BEFORE_AUTH, &caller, takes);

  for (int i = 0; i < 2000; i++)
    g_assert_true (dyno_limit_ask (f->limit, n, takes, START_US, &f->verdict));
  g_assert_cmpint (call_many (f, DYNO_LIMIT_OPEN, 700), ==, 600);
  g_assert_false (dyno_limit_ask (f->limit, n, takes, START_US, &f->verdict));
}

/* What is dearer than its limit is never admitted, and says so without end. */
static void
test_too_dear (Fixture       *f,
               gconstpointer  unused)
{
  DynoLimitTake take = { DYNO_POLICY_DEFAULT_MINUTE, "usr_a", 60, 61 };

  g_assert_false (dyno_limit_take (f->limit, 1, &take, START_US, &f->verdict));
  g_assert_cmpint (f->verdict.readings[0].until_us, ==, 60 * SECOND);
  g_assert_cmpint (f->verdict.readings[0].remaining, ==, 60);
  take.cost = 60;
  g_assert_true (dyno_limit_take (f->limit, 1, &take, START_US, &f->verdict));
}

static void
test_own_numbers (Fixture       *f,
                  gconstpointer  unused)
{
  DynoLimitCaller key = { "192.0.2.1", "key_a", 2, 5 };
  int n_admitted = 0;

  for (int i = 0; i < 21; i++)
    n_admitted += call (f, DYNO_LIMIT_READ, &key);
  g_assert_cmpint (n_admitted, ==, 20);

  for (int i = 0; i < 10; i++)
    {
      n_admitted = call (f, DYNO_LIMIT_DEFAULT, &key) + call (f, DYNO_LIMIT_DEFAULT, &key);
      g_assert_cmpint (n_admitted, ==, i < 2 ? 2 : i == 2 ? 1 : 0);
      dyno_clock_advance (f->clock, 62 * SECOND);
    }
  g_assert_true (reading_of (f, "default-day")->is_violated);
}

static void
test_failed_auth (Fixture       *f,
                  gconstpointer  unused)
{
  g_assert_cmpint (call_many (f, DYNO_LIMIT_FAILED_AUTH, 30), ==, 20);
  g_assert_true (call_as (f, DYNO_LIMIT_READ, "192.0.2.1", "usr_a"));
  g_assert_cmpint (f->verdict.n, ==, 2);

  dyno_clock_advance (f->clock, 15 * SECOND - 1);
  g_assert_cmpint (call_many (f, DYNO_LIMIT_FAILED_AUTH, 1), ==, 0);
  g_assert_cmpint (f->verdict.readings[f->verdict.tightest].until_us, ==, 1);
  g_assert_cmpint (f->verdict.retry_after_s, ==, 1);
  dyno_clock_advance (f->clock, 1);
  g_assert_cmpint (call_many (f, DYNO_LIMIT_FAILED_AUTH, 2), ==, 1);
}

static void
test_day_ends_at_midnight (Fixture       *f,
                           gconstpointer  unused)
{
  DynoLimitCaller user = { "192.0.2.1", "usr_a", 6000, 100 };
  int n_admitted = 0;

  for (int i = 0; i < 150; i++)
    n_admitted += call (f, DYNO_LIMIT_DEFAULT, &user);
  g_assert_cmpint (n_admitted, ==, 100);
  g_assert_cmpint (f->verdict.readings[f->verdict.tightest].until_us, ==, DAY / 2);

  dyno_clock_advance (f->clock, DAY / 2 - 1);
  g_assert_false (call (f, DYNO_LIMIT_DEFAULT, &user));
  dyno_clock_advance (f->clock, 1);
  g_assert_true (call (f, DYNO_LIMIT_DEFAULT, &user));
}

/* A wall clock set back over midnight gives no second day; one that had been wrong by
 * weeks does not lock anybody out until then. */
static void
test_clock_set_back (Fixture       *f,
                     gconstpointer  unused)
{
  DynoLimitTake take = { DYNO_POLICY_DEFAULT_DAY, "usr_a", 10, 10 };
  gint64 now_us = START_US;

  dyno_clock_advance (f->clock, DAY);
  g_assert_true (dyno_limit_take (f->limit, 1, &take, now_us, &f->verdict));
  dyno_clock_advance (f->clock, -DAY);
  g_assert_false (dyno_limit_take (f->limit, 1, &take, now_us, &f->verdict));
  dyno_clock_advance (f->clock, DAY);
  g_assert_false (dyno_limit_take (f->limit, 1, &take, now_us, &f->verdict));
  dyno_clock_advance (f->clock, DAY);
  g_assert_true (dyno_limit_take (f->limit, 1, &take, now_us, &f->verdict));

  dyno_clock_advance (f->clock, -30 * DAY);
  g_assert_false (dyno_limit_take (f->limit, 1, &take, now_us, &f->verdict));
  dyno_clock_advance (f->clock, DAY);
  g_assert_true (dyno_limit_take (f->limit, 1, &take, now_us, &f->verdict));
}

static void
keep_days (const DynoLimitDay *days,
           gsize               n,
           gpointer            data)
{
  g_array_append_vals (data, days, n);
}

static const DynoLimitKeeper keeper = { keep_days };

static void
test_days_survive_restart (Fixture       *f,
                           gconstpointer  unused)
{
  g_autoptr(GArray) days = g_array_new (FALSE, FALSE, sizeof (DynoLimitDay));
  g_autoptr(DynoLimit) next = dyno_limit_new (&f->rules, f->clock);
  DynoLimitTake take = { DYNO_POLICY_DEFAULT_DAY, "usr_a", 10000, 1 };
  DynoLimitDay *day;
  DynoLimitDay old;

  g_assert_cmpint (call_many (f, DYNO_LIMIT_DEFAULT, 7), ==, 7);
  dyno_limit_save_days (f->limit, &keeper, days);
  dyno_limit_save_days (f->limit, &keeper, days);
  g_assert_cmpuint (days->len, ==, 1);

  day = &g_array_index (days, DynoLimitDay, 0);
  g_assert_cmpstr (day->policy, ==, "default-day");
  g_assert_cmpstr (day->subject, ==, "usr_a");
  g_assert_cmpint (day->window, ==, 20000);
  g_assert_cmpint (day->count, ==, 7);

  old = *day;
  old.window--;
  old.count = 900;
  g_array_append_val (days, old);
  dyno_limit_load_days (next, (DynoLimitDay *) days->data, days->len, START_US);
  dyno_limit_take (next, 1, &take, START_US, &f->verdict);
  g_assert_cmpint (f->verdict.readings[0].remaining, ==, 9992);

  /* Loading alone changes nothing that had to be saved. */
  g_array_set_size (days, 0);
  dyno_limit_save_days (next, &keeper, days);
  g_assert_cmpuint (days->len, ==, 1);
  g_assert_cmpint (g_array_index (days, DynoLimitDay, 0).count, ==, 8);
}

static void
test_rows_from_outside (Fixture       *f,
                        gconstpointer  unused)
{
  DynoLimitDay bad[] = {
    { "default-minute", "usr_a", 20000, 5 },
    { "no-such", "usr_a", 20000, 5 },
    { "default-day", "usr_a", 20000, -5 },
    { "default-day", "usr_a", 20000, G_MAXINT64 },
  };
  DynoLimitTake take = { DYNO_POLICY_DEFAULT_DAY, "usr_a", 10000, 1 };

  dyno_limit_load_days (f->limit, bad, G_N_ELEMENTS (bad), START_US);
  g_assert_true (dyno_limit_take (f->limit, 1, &take, START_US, &f->verdict));
  g_assert_cmpint (f->verdict.readings[0].remaining, ==, 9999);
}

static void
test_switched_off (void)
{
  DynoLimitSettings settings = dyno_limit_settings_default;
  Fixture f;

  settings.is_enabled = FALSE;
  begin_with (&f, &settings);

  g_assert_cmpint (call_many (&f, DYNO_LIMIT_DEFAULT, 100), ==, 100);
  g_assert_cmpint (reading_of (&f, "default-minute")->remaining, ==, 0);
  g_assert_cmpint (reading_of (&f, "default-hour")->remaining, ==, 900);
  g_assert_cmpint (call_many (&f, DYNO_LIMIT_LOGIN, 20), ==, 10);
  g_assert_cmpint (call_many (&f, DYNO_LIMIT_REGISTER, 20), ==, 3);
  g_assert_cmpint (call_many (&f, DYNO_LIMIT_FAILED_AUTH, 30), ==, 20);

  end (&f, NULL);
}

static void
test_bucket_for_default (void)
{
  DynoLimitSettings settings = dyno_limit_settings_default;
  Fixture f;

  settings.algorithm = DYNO_LIMIT_TOKEN_BUCKET;
  begin_with (&f, &settings);

  g_assert_cmpint (call_many (&f, DYNO_LIMIT_DEFAULT, 20), ==, 10);
  dyno_clock_advance (f.clock, 3 * SECOND);
  g_assert_cmpint (call_many (&f, DYNO_LIMIT_DEFAULT, 20), ==, 3);

  end (&f, NULL);
}

static void
test_fixed_for_default (void)
{
  DynoLimitSettings settings = dyno_limit_settings_default;
  Fixture f;

  settings.algorithm = DYNO_LIMIT_FIXED_WINDOW;
  begin_with (&f, &settings);

  /* 1000 s is 40 s into its minute: both sides of the border hold a limit of their own. */
  g_assert_cmpint (call_many (&f, DYNO_LIMIT_DEFAULT, 70), ==, 60);
  g_assert_cmpint (f.verdict.readings[f.verdict.tightest].until_us, ==, 20 * SECOND);
  dyno_clock_advance (f.clock, 20 * SECOND);
  g_assert_cmpint (call_many (&f, DYNO_LIMIT_DEFAULT, 70), ==, 60);

  end (&f, NULL);
}

static void
test_new_rules (Fixture       *f,
                gconstpointer  unused)
{
  DynoLimitSettings settings = dyno_limit_settings_default;

  g_assert_cmpint (call_many (f, DYNO_LIMIT_DEFAULT, 70), ==, 60);

  /* A higher number of the same kind goes on from what is used. */
  settings.default_text = "80/minute;1000/hour;10000/day";
  g_assert_true (dyno_limit_rules_init (&f->rules, &settings, NULL));
  dyno_limit_set_rules (f->limit, &f->rules);
  g_assert_cmpint (call_many (f, DYNO_LIMIT_DEFAULT, 70), ==, 20);

  settings.algorithm = DYNO_LIMIT_TOKEN_BUCKET;
  g_assert_true (dyno_limit_rules_init (&f->rules, &settings, NULL));
  dyno_limit_set_rules (f->limit, &f->rules);
  g_assert_cmpint (call_many (f, DYNO_LIMIT_DEFAULT, 70), ==, 10);
  g_assert_cmpint (reading_of (f, "default-hour")->remaining, ==, 910);
}

static void
check_name (const char *address,
            const char *expected)
{
  g_autoptr(GInetAddress) inet = g_inet_address_new_from_string (address);
  char name[DYNO_LIMIT_SUBJECT_SIZE];

  dyno_limit_name_address (inet, name);
  g_assert_cmpstr (name, ==, expected);
}

static void
test_names (void)
{
  check_name ("192.0.2.7", "192.0.2.7");
  check_name ("2001:db8:0:7:1:2:3:4", "2001:db8:0:7::/64");
  check_name ("2001:db8:0:7:ffff::", "2001:db8:0:7::/64");
  check_name ("::1", "0:0:0:0::/64");
  check_name ("::ffff:192.0.2.7", "192.0.2.7");
}

static void
test_plan (Fixture       *f,
           gconstpointer  unused)
{
  static const guint n_takes[DYNO_N_LIMIT_CLASSES] = { 1, 2, 3, 2, 4, 2, 2, 2, 6, 5, 2, 2, 2, 2, 1, 2 };

  for (int i = 0; i < DYNO_N_LIMIT_CLASSES; i++)
    {
      DynoLimitCaller caller = { .address = "192.0.2.1", .principal = "usr_a" };
      DynoLimitTake takes[DYNO_LIMIT_MAX_TAKES];

      g_assert_cmpuint (dyno_limit_plan (&f->rules, i, &caller, takes), ==, n_takes[i]);
      g_assert_cmpint (takes[0].policy, ==, DYNO_POLICY_ADDRESS);
      g_assert_cmpstr (takes[0].subject, ==, "192.0.2.1");
    }
  g_assert_cmpstr (dyno_limit_class_name (DYNO_LIMIT_VTOKEN), ==, "vtoken");
}

#define ADD(name, function) g_test_add (name, Fixture, NULL, begin, function, end)

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);

  ADD ("/limit/sixty-a-minute", test_sixty_a_minute);
  ADD ("/limit/other-principal-has-his-own", test_other_principal_has_his_own);
  ADD ("/limit/address-is-principal", test_address_is_principal);
  ADD ("/limit/all-or-none", test_all_or_none);
  ADD ("/limit/question-debits-nothing", test_question_debits_nothing);
  ADD ("/limit/too-dear", test_too_dear);
  ADD ("/limit/own-numbers", test_own_numbers);
  ADD ("/limit/failed-auth", test_failed_auth);
  ADD ("/limit/day-ends-at-midnight", test_day_ends_at_midnight);
  ADD ("/limit/clock-set-back", test_clock_set_back);
  ADD ("/limit/days-survive-restart", test_days_survive_restart);
  ADD ("/limit/rows-from-outside", test_rows_from_outside);
  ADD ("/limit/new-rules", test_new_rules);
  ADD ("/limit/plan", test_plan);
  g_test_add_func ("/limit/switched-off", test_switched_off);
  g_test_add_func ("/limit/bucket-for-default", test_bucket_for_default);
  g_test_add_func ("/limit/fixed-for-default", test_fixed_for_default);
  g_test_add_func ("/limit/names", test_names);

  return g_test_run ();
}
