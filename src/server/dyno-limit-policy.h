/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* What is limited, and by how much: the policies, and the rules that settings make of
 * them. Plain values, any thread. */

typedef enum
{
  DYNO_LIMIT_FIXED_WINDOW,   /* at most L in each window; a calendar day in UTC where said */
  DYNO_LIMIT_SLIDING_WINDOW, /* at most L in every trailing window, counted in 60 + 1 slots */
  DYNO_LIMIT_TOKEN_BUCKET,   /* GCRA: one each W / L, B at once */
} DynoLimitAlgorithm;

/* In the order in which headers name them. */
typedef enum
{
  DYNO_POLICY_ADDRESS, /* all requests of an address, before its credential is looked at */
  DYNO_POLICY_FAILED_AUTH,
  DYNO_POLICY_LOGIN,
  DYNO_POLICY_REGISTER_MINUTE,
  DYNO_POLICY_REGISTER_HOUR,
  DYNO_POLICY_REFRESH,
  DYNO_POLICY_DEFAULT_MINUTE,
  DYNO_POLICY_DEFAULT_HOUR,
  DYNO_POLICY_DEFAULT_DAY,
  DYNO_POLICY_READ,
  DYNO_POLICY_LIVE,
  DYNO_POLICY_STREAM,
  DYNO_POLICY_ANALYZE_MINUTE,
  DYNO_POLICY_ANALYZE_HOUR,
  DYNO_POLICY_ANALYZE_DAY,
  DYNO_POLICY_UPLOAD,
  DYNO_POLICY_HEAVY,
  DYNO_POLICY_VSESSION,
  DYNO_POLICY_VTOKEN,
  DYNO_POLICY_RELAY,
  DYNO_N_POLICIES
} DynoLimitPolicyId;

typedef struct
{
  const char         *name; /* "default-minute"; static */
  DynoLimitAlgorithm  algorithm;
  gint64              limit;       /* L; 0 where the settings leave the policy out */
  gint64              window_us;   /* W */
  gint64              burst;       /* B; of a token bucket only */
  gboolean            is_calendar; /* a day in UTC by the wall clock, kept over a restart */
  gboolean            refuses;     /* FALSE: is counted, and lets through what it would refuse */
} DynoLimitPolicy;

typedef struct
{
  DynoLimitPolicy policies[DYNO_N_POLICIES];
} DynoLimitRules;

/* How the settings write it (service.md 8). */
typedef struct
{
  gboolean            is_enabled;     /* FALSE: only login, register and failed auth refuse */
  const char         *default_text;   /* "60/minute;1000/hour;10000/day" */
  const char         *expensive_text; /* "6/minute;60/hour" */
  gint64              burst;          /* 1–1000 */
  DynoLimitAlgorithm  algorithm;      /* of the minute (and, fixed, the hour) of default */
} DynoLimitSettings;

extern const DynoLimitSettings dyno_limit_settings_default;

/* The largest number a policy may have: 6,000 a minute, 60,000 an hour, 1,000,000 a day. */
#define DYNO_LIMIT_MAX_PER_MINUTE 6000
#define DYNO_LIMIT_MAX_PER_HOUR 60000
#define DYNO_LIMIT_MAX_PER_DAY 1000000
#define DYNO_LIMIT_MAX_BURST 1000

/* DYNO_ERROR_INVALID names the setting, what is wrong with it and what it may hold. */
gboolean dyno_limit_rules_init      (DynoLimitRules          *self,
                                     const DynoLimitSettings *settings,
                                     GError                 **error);

/* "fixed_window", "sliding_window" or "token_bucket". */
gboolean dyno_limit_parse_algorithm (const char              *text,
                                     DynoLimitAlgorithm      *algorithm,
                                     GError                 **error);

/* What a text such as "60/minute;1000/hour" allows; 0 for a unit that it leaves out. */
typedef struct
{
  gint64 per_minute, per_hour, per_day;
} DynoLimitNumbers;

/* Parts stand apart by ';' or ','; each unit once, at least one; "60 per minute" is the
 * same. `setting` names the text in the error. */
gboolean dyno_limit_parse_numbers   (const char              *setting,
                                     const char              *text,
                                     DynoLimitNumbers        *numbers,
                                     GError                 **error);

G_END_DECLS
