/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

/* The table of service.md 4.2, and what the settings change in it. */

#include "config.h"

#include "dyno-limit-policy.h"

#include "dyno-error.h"

#define MINUTE_US (60 * G_USEC_PER_SEC)
#define HOUR_US (60 * (gint64) MINUTE_US)
#define DAY_US (24 * HOUR_US)

#define SLIDING(policy_name, number, time_us) \
  { .name = (policy_name), .algorithm = DYNO_LIMIT_SLIDING_WINDOW, \
    .limit = (number), .window_us = (time_us) }
#define BUCKET(policy_name, number, time_us, at_once) \
  { .name = (policy_name), .algorithm = DYNO_LIMIT_TOKEN_BUCKET, \
    .limit = (number), .window_us = (time_us), .burst = (at_once) }
#define DAY(policy_name) \
  { .name = (policy_name), .algorithm = DYNO_LIMIT_FIXED_WINDOW, \
    .window_us = DAY_US, .is_calendar = TRUE }

/* Numbers of 0 come from the settings. */
static const DynoLimitRules table = { {
  [DYNO_POLICY_ADDRESS] = SLIDING ("address", 600, 10 * G_USEC_PER_SEC),
  [DYNO_POLICY_FAILED_AUTH] = BUCKET ("failed-auth", 20, 5 * MINUTE_US, 20),
  [DYNO_POLICY_LOGIN] = SLIDING ("login", 10, 5 * MINUTE_US),
  [DYNO_POLICY_REGISTER_MINUTE] = SLIDING ("register-minute", 3, MINUTE_US),
  [DYNO_POLICY_REGISTER_HOUR] = SLIDING ("register-hour", 10, HOUR_US),
  [DYNO_POLICY_REFRESH] = SLIDING ("refresh", 30, 5 * MINUTE_US),
  [DYNO_POLICY_DEFAULT_MINUTE] = SLIDING ("default-minute", 0, MINUTE_US),
  [DYNO_POLICY_DEFAULT_HOUR] = SLIDING ("default-hour", 0, HOUR_US),
  [DYNO_POLICY_DEFAULT_DAY] = DAY ("default-day"),
  [DYNO_POLICY_READ] = SLIDING ("read", 0, MINUTE_US),
  [DYNO_POLICY_LIVE] = BUCKET ("live", 3000, MINUTE_US, 100),
  [DYNO_POLICY_STREAM] = SLIDING ("stream", 30, MINUTE_US),
  [DYNO_POLICY_ANALYZE_MINUTE] = SLIDING ("analyze-minute", 0, MINUTE_US),
  [DYNO_POLICY_ANALYZE_HOUR] = SLIDING ("analyze-hour", 0, HOUR_US),
  [DYNO_POLICY_ANALYZE_DAY] = DAY ("analyze-day"),
  [DYNO_POLICY_UPLOAD] = SLIDING ("upload", 10, MINUTE_US),
  [DYNO_POLICY_HEAVY] = SLIDING ("heavy", 6, HOUR_US),
  [DYNO_POLICY_VSESSION] = SLIDING ("vsession", 10, 5 * MINUTE_US),
  [DYNO_POLICY_VTOKEN] = SLIDING ("vtoken", 20, 15 * MINUTE_US),
  [DYNO_POLICY_RELAY] = SLIDING ("relay", 120, MINUTE_US),
} };

const DynoLimitSettings dyno_limit_settings_default = {
  .is_enabled = TRUE,
  .default_text = "60/minute;1000/hour;10000/day",
  .expensive_text = "6/minute;60/hour",
  .burst = 10,
  .algorithm = DYNO_LIMIT_SLIDING_WINDOW,
};

/* Guessing a password must stay dear even where limits are switched off. */
static gboolean
always_refuses (DynoLimitPolicyId id)
{
  return id == DYNO_POLICY_FAILED_AUTH || id == DYNO_POLICY_LOGIN
         || id == DYNO_POLICY_REGISTER_MINUTE || id == DYNO_POLICY_REGISTER_HOUR;
}

static void
take_numbers (DynoLimitRules         *self,
              DynoLimitPolicyId       minute,
              const DynoLimitNumbers *numbers)
{
  self->policies[minute].limit = numbers->per_minute;
  self->policies[minute + 1].limit = numbers->per_hour;
  self->policies[minute + 2].limit = numbers->per_day;
}

static void
take_algorithm (DynoLimitRules          *self,
                const DynoLimitSettings *settings)
{
  DynoLimitPolicy *minute = &self->policies[DYNO_POLICY_DEFAULT_MINUTE];

  minute->algorithm = settings->algorithm;
  if (settings->algorithm == DYNO_LIMIT_TOKEN_BUCKET)
    minute->burst = settings->burst;
  else
    self->policies[DYNO_POLICY_DEFAULT_HOUR].algorithm = settings->algorithm;
}

gboolean
dyno_limit_rules_init (DynoLimitRules           *self,
                       const DynoLimitSettings  *settings,
                       GError                  **error)
{
  DynoLimitNumbers ordinary;
  DynoLimitNumbers expensive;

  g_return_val_if_fail (self != NULL && settings != NULL, FALSE);

  if (!dyno_limit_parse_numbers ("RATE_LIMIT_DEFAULT", settings->default_text, &ordinary, error)
      || !dyno_limit_parse_numbers ("RATE_LIMIT_EXPENSIVE", settings->expensive_text, &expensive,
                                    error))
    return FALSE;
  if (settings->burst < 1 || settings->burst > DYNO_LIMIT_MAX_BURST)
    {
      dyno_error_set (error, DYNO_ERROR_INVALID, NULL,
                      "RATE_LIMIT_BURST must be a whole number from 1 to %d.",
                      DYNO_LIMIT_MAX_BURST);
      return FALSE;
    }

  *self = table;
  take_numbers (self, DYNO_POLICY_DEFAULT_MINUTE, &ordinary);
  take_numbers (self, DYNO_POLICY_ANALYZE_MINUTE, &expensive);
  take_algorithm (self, settings);
  self->policies[DYNO_POLICY_READ].limit = 10 * (ordinary.per_minute > 0 ? ordinary.per_minute : 60);
  for (int i = 0; i < DYNO_N_POLICIES; i++)
    self->policies[i].refuses = settings->is_enabled || always_refuses (i);

  return TRUE;
}
