/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

#include "config.h"

#include <string.h>

#include "dyno-error.h"
#include "dyno-limit-policy.h"
#include "dyno-test.h"

static void
check_numbers (const char *text,
               gint64      per_minute,
               gint64      per_hour,
               gint64      per_day)
{
  g_autoptr(GError) error = NULL;
  DynoLimitNumbers numbers;

  g_assert_true (dyno_limit_parse_numbers ("RATE_LIMIT_DEFAULT", text, &numbers, &error));
  g_assert_no_error (error);
  g_assert_cmpint (numbers.per_minute, ==, per_minute);
  g_assert_cmpint (numbers.per_hour, ==, per_hour);
  g_assert_cmpint (numbers.per_day, ==, per_day);
}

static void
test_numbers (void)
{
  check_numbers ("60/minute;1000/hour;10000/day", 60, 1000, 10000);
  check_numbers ("1000000/day", 0, 0, 1000000);
  check_numbers (" 5 / hours , 6 per minute ", 6, 5, 0);
  check_numbers ("6000/minute", 6000, 0, 0);
}

static void
test_numbers_refused (void)
{
  static const char *const bad[][2] = {
    { "", "RATE_LIMIT_DEFAULT" },
    { "60", "60" },
    { "60/second", "60/second" },
    { "/minute", "1 to 6000" },
    { "0/minute", "1 to 6000" },
    { "-1/minute", "1 to 6000" },
    { "+1/minute", "1 to 6000" },
    { "6001/minute", "1 to 6000" },
    { "60001/hour", "1 to 60000" },
    { "1000001/day", "1 to 1000000" },
    { "99999999999999999999/day", "1 to 1000000" },
    { "1e3/day", "1 to 1000000" },
    { "1/minute;;2/hour", "is no limit" },
    { "1/minute;2/minutes", "twice" },
    { "1/minutely", "is no limit" },
    { "1/\xff", "is no limit" },
    { "äääääääääääääääääääääääääääääääää", "is no limit" },
    { "aäääääääääääääääääääääääääääääääää", "is no limit" },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (bad); i++)
    {
      g_autoptr(GError) error = NULL;
      DynoLimitNumbers numbers;

      g_assert_false (dyno_limit_parse_numbers ("RATE_LIMIT_DEFAULT", bad[i][0], &numbers,
                                                &error));
      g_assert_error (error, DYNO_ERROR, DYNO_ERROR_INVALID);
      g_assert_true (g_str_has_prefix (error->message, "RATE_LIMIT_DEFAULT"));
      g_assert_true (g_utf8_validate (error->message, -1, NULL));
      if (strstr (error->message, bad[i][1]) == NULL)
        g_error ("“%s” is not in: %s", bad[i][1], error->message);
    }
}

static void
test_algorithm (void)
{
  g_autoptr(GError) error = NULL;
  DynoLimitAlgorithm algorithm;

  g_assert_true (dyno_limit_parse_algorithm ("token_bucket", &algorithm, NULL));
  g_assert_cmpint (algorithm, ==, DYNO_LIMIT_TOKEN_BUCKET);
  g_assert_true (dyno_limit_parse_algorithm ("fixed_window", &algorithm, NULL));
  g_assert_cmpint (algorithm, ==, DYNO_LIMIT_FIXED_WINDOW);

  g_assert_false (dyno_limit_parse_algorithm ("leaky", &algorithm, &error));
  g_assert_error (error, DYNO_ERROR, DYNO_ERROR_INVALID);
}

/* Every number of the table of service.md 4.2. */
static void
test_table (void)
{
  static const struct
  {
    DynoLimitPolicyId   id;
    const char         *name;
    gint64              limit;
    gint64              window_s;
    gint64              burst;
    DynoLimitAlgorithm  algorithm;
  } rows[] = {
    { DYNO_POLICY_ADDRESS, "address", 600, 10, 0, DYNO_LIMIT_SLIDING_WINDOW },
    { DYNO_POLICY_FAILED_AUTH, "failed-auth", 20, 300, 20, DYNO_LIMIT_TOKEN_BUCKET },
    { DYNO_POLICY_LOGIN, "login", 10, 300, 0, DYNO_LIMIT_SLIDING_WINDOW },
    { DYNO_POLICY_REGISTER_MINUTE, "register-minute", 3, 60, 0, DYNO_LIMIT_SLIDING_WINDOW },
    { DYNO_POLICY_REGISTER_HOUR, "register-hour", 10, 3600, 0, DYNO_LIMIT_SLIDING_WINDOW },
    { DYNO_POLICY_REFRESH, "refresh", 30, 300, 0, DYNO_LIMIT_SLIDING_WINDOW },
    { DYNO_POLICY_DEFAULT_MINUTE, "default-minute", 60, 60, 0, DYNO_LIMIT_SLIDING_WINDOW },
    { DYNO_POLICY_DEFAULT_HOUR, "default-hour", 1000, 3600, 0, DYNO_LIMIT_SLIDING_WINDOW },
    { DYNO_POLICY_DEFAULT_DAY, "default-day", 10000, 86400, 0, DYNO_LIMIT_FIXED_WINDOW },
    { DYNO_POLICY_READ, "read", 600, 60, 0, DYNO_LIMIT_SLIDING_WINDOW },
    { DYNO_POLICY_LIVE, "live", 3000, 60, 100, DYNO_LIMIT_TOKEN_BUCKET },
    { DYNO_POLICY_STREAM, "stream", 30, 60, 0, DYNO_LIMIT_SLIDING_WINDOW },
    { DYNO_POLICY_ANALYZE_MINUTE, "analyze-minute", 6, 60, 0, DYNO_LIMIT_SLIDING_WINDOW },
    { DYNO_POLICY_ANALYZE_HOUR, "analyze-hour", 60, 3600, 0, DYNO_LIMIT_SLIDING_WINDOW },
    { DYNO_POLICY_ANALYZE_DAY, "analyze-day", 0, 86400, 0, DYNO_LIMIT_FIXED_WINDOW },
    { DYNO_POLICY_UPLOAD, "upload", 10, 60, 0, DYNO_LIMIT_SLIDING_WINDOW },
    { DYNO_POLICY_HEAVY, "heavy", 6, 3600, 0, DYNO_LIMIT_SLIDING_WINDOW },
    { DYNO_POLICY_VSESSION, "vsession", 10, 300, 0, DYNO_LIMIT_SLIDING_WINDOW },
    { DYNO_POLICY_VTOKEN, "vtoken", 20, 900, 0, DYNO_LIMIT_SLIDING_WINDOW },
    { DYNO_POLICY_RELAY, "relay", 120, 60, 0, DYNO_LIMIT_SLIDING_WINDOW },
  };
  DynoLimitRules rules;

  G_STATIC_ASSERT (G_N_ELEMENTS (rows) == DYNO_N_POLICIES);
  g_assert_true (dyno_limit_rules_init (&rules, &dyno_limit_settings_default, NULL));

  for (gsize i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      const DynoLimitPolicy *policy = &rules.policies[rows[i].id];

      g_assert_cmpstr (policy->name, ==, rows[i].name);
      g_assert_cmpint (policy->limit, ==, rows[i].limit);
      g_assert_cmpint (policy->window_us, ==, rows[i].window_s * G_USEC_PER_SEC);
      g_assert_cmpint (policy->burst, ==, rows[i].burst);
      g_assert_cmpint (policy->algorithm, ==, rows[i].algorithm);
      g_assert_true (policy->refuses);
    }
}

static void
test_settings (void)
{
  DynoLimitSettings settings = dyno_limit_settings_default;
  g_autoptr(GError) error = NULL;
  DynoLimitRules rules;

  settings.default_text = "120/minute";
  settings.algorithm = DYNO_LIMIT_TOKEN_BUCKET;
  settings.is_enabled = FALSE;
  g_assert_true (dyno_limit_rules_init (&rules, &settings, NULL));
  g_assert_cmpint (rules.policies[DYNO_POLICY_READ].limit, ==, 1200);
  g_assert_cmpint (rules.policies[DYNO_POLICY_DEFAULT_HOUR].limit, ==, 0);
  g_assert_cmpint (rules.policies[DYNO_POLICY_DEFAULT_MINUTE].burst, ==, 10);
  g_assert_cmpint (rules.policies[DYNO_POLICY_DEFAULT_HOUR].algorithm, ==,
                   DYNO_LIMIT_SLIDING_WINDOW);
  g_assert_false (rules.policies[DYNO_POLICY_DEFAULT_MINUTE].refuses);
  g_assert_true (rules.policies[DYNO_POLICY_LOGIN].refuses);
  g_assert_true (rules.policies[DYNO_POLICY_REGISTER_HOUR].refuses);
  g_assert_true (rules.policies[DYNO_POLICY_FAILED_AUTH].refuses);

  settings.algorithm = DYNO_LIMIT_FIXED_WINDOW;
  g_assert_true (dyno_limit_rules_init (&rules, &settings, NULL));
  g_assert_cmpint (rules.policies[DYNO_POLICY_DEFAULT_HOUR].algorithm, ==,
                   DYNO_LIMIT_FIXED_WINDOW);

  settings.expensive_text = "often";
  g_assert_false (dyno_limit_rules_init (&rules, &settings, &error));
  g_assert_true (g_str_has_prefix (error->message, "RATE_LIMIT_EXPENSIVE: "));
  g_clear_error (&error);

  settings.expensive_text = "6/minute";
  settings.burst = 1001;
  g_assert_false (dyno_limit_rules_init (&rules, &settings, &error));
  g_assert_error (error, DYNO_ERROR, DYNO_ERROR_INVALID);
}

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/limit-text/numbers", test_numbers);
  g_test_add_func ("/limit-text/numbers-refused", test_numbers_refused);
  g_test_add_func ("/limit-text/algorithm", test_algorithm);
  g_test_add_func ("/limit-text/table", test_table);
  g_test_add_func ("/limit-text/settings", test_settings);

  return g_test_run ();
}
