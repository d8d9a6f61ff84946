/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

#include "config.h"

#include "dyno-limit-class.h"

#include "dyno-cidr.h"

#define NONE DYNO_N_POLICIES
#define DEFAULTS DYNO_POLICY_DEFAULT_MINUTE, DYNO_POLICY_DEFAULT_HOUR, DYNO_POLICY_DEFAULT_DAY

/* Up to NONE; whose each policy is stands below. */
static const struct
{
  const char        *name;
  DynoLimitPolicyId  policies[DYNO_LIMIT_MAX_TAKES];
} classes[DYNO_N_LIMIT_CLASSES] = {
  [DYNO_LIMIT_OPEN] = { "open", { DYNO_POLICY_ADDRESS, NONE } },
  [DYNO_LIMIT_LOGIN] = { "login", { DYNO_POLICY_ADDRESS, DYNO_POLICY_LOGIN, NONE } },
  [DYNO_LIMIT_REGISTER] = { "register", { DYNO_POLICY_ADDRESS, DYNO_POLICY_REGISTER_MINUTE,
                                          DYNO_POLICY_REGISTER_HOUR, NONE } },
  [DYNO_LIMIT_REFRESH] = { "refresh", { DYNO_POLICY_ADDRESS, DYNO_POLICY_REFRESH, NONE } },
  [DYNO_LIMIT_DEFAULT] = { "default", { DYNO_POLICY_ADDRESS, DEFAULTS, NONE } },
  [DYNO_LIMIT_READ] = { "read", { DYNO_POLICY_ADDRESS, DYNO_POLICY_READ, NONE } },
  [DYNO_LIMIT_LIVE] = { "live", { DYNO_POLICY_ADDRESS, DYNO_POLICY_LIVE, NONE } },
  [DYNO_LIMIT_STREAM] = { "stream", { DYNO_POLICY_ADDRESS, DYNO_POLICY_STREAM, NONE } },
  [DYNO_LIMIT_ANALYZE] = { "analyze", { DYNO_POLICY_ADDRESS, DYNO_POLICY_ANALYZE_MINUTE,
                                        DYNO_POLICY_ANALYZE_HOUR, DYNO_POLICY_ANALYZE_DAY,
                                        DEFAULTS, NONE } },
  [DYNO_LIMIT_UPLOAD] = { "upload", { DYNO_POLICY_ADDRESS, DYNO_POLICY_UPLOAD, DEFAULTS, NONE } },
  [DYNO_LIMIT_HEAVY] = { "heavy", { DYNO_POLICY_ADDRESS, DYNO_POLICY_HEAVY, NONE } },
  [DYNO_LIMIT_VSESSION] = { "vsession", { DYNO_POLICY_ADDRESS, DYNO_POLICY_VSESSION, NONE } },
  [DYNO_LIMIT_VTOKEN] = { "vtoken", { DYNO_POLICY_ADDRESS, DYNO_POLICY_VTOKEN, NONE } },
  [DYNO_LIMIT_RELAY] = { "relay", { DYNO_POLICY_ADDRESS, DYNO_POLICY_RELAY, NONE } },
  [DYNO_LIMIT_BEFORE_AUTH] = { "before-auth", { DYNO_POLICY_ADDRESS, NONE } },
  [DYNO_LIMIT_FAILED_AUTH] = { "failed-auth", { DYNO_POLICY_ADDRESS, DYNO_POLICY_FAILED_AUTH,
                                                NONE } },
};

/* The others are the principal's. */
static const gboolean is_of_address[DYNO_N_POLICIES] = {
  [DYNO_POLICY_ADDRESS] = TRUE,
  [DYNO_POLICY_FAILED_AUTH] = TRUE,
  [DYNO_POLICY_LOGIN] = TRUE,
  [DYNO_POLICY_REGISTER_MINUTE] = TRUE,
  [DYNO_POLICY_REGISTER_HOUR] = TRUE,
  [DYNO_POLICY_REFRESH] = TRUE,
  [DYNO_POLICY_VSESSION] = TRUE,
  [DYNO_POLICY_VTOKEN] = TRUE,
  [DYNO_POLICY_RELAY] = TRUE,
};

static gint64
limit_of (const DynoLimitRules  *rules,
          DynoLimitPolicyId      policy,
          const DynoLimitCaller *caller)
{
  if (policy == DYNO_POLICY_DEFAULT_MINUTE && caller->per_minute > 0)
    return caller->per_minute;
  if (policy == DYNO_POLICY_READ && caller->per_minute > 0)
    return 10 * caller->per_minute;
  if (policy == DYNO_POLICY_DEFAULT_DAY && caller->per_day > 0)
    return caller->per_day;

  return rules->policies[policy].limit;
}

gsize
dyno_limit_plan (const DynoLimitRules  *rules,
                 DynoLimitClass         class_,
                 const DynoLimitCaller *caller,
                 DynoLimitTake          takes[DYNO_LIMIT_MAX_TAKES])
{
  const char *principal;
  gsize n = 0;

  g_return_val_if_fail (class_ < DYNO_N_LIMIT_CLASSES, 0);
  g_return_val_if_fail (caller->address != NULL, 0);

  principal = caller->principal != NULL ? caller->principal : caller->address;
  for (const DynoLimitPolicyId *id = classes[class_].policies; *id != NONE; id++)
    {
      gint64 limit = limit_of (rules, *id, caller);

      if (limit > 0)
        takes[n++] = (DynoLimitTake) {
          .policy = *id,
          .subject = is_of_address[*id] ? caller->address : principal,
          .limit = limit,
          .cost = 1,
        };
    }

  return n;
}

const char *
dyno_limit_class_name (DynoLimitClass class_)
{
  g_return_val_if_fail (class_ < DYNO_N_LIMIT_CLASSES, NULL);

  return classes[class_].name;
}

void
dyno_limit_name_address (GInetAddress *address,
                         char          name[DYNO_LIMIT_SUBJECT_SIZE])
{
  g_autoptr(GInetAddress) plain = dyno_cidr_plain_address (address);
  const guint8 *b = g_inet_address_to_bytes (plain);

  if (g_inet_address_get_family (plain) == G_SOCKET_FAMILY_IPV4)
    g_snprintf (name, DYNO_LIMIT_SUBJECT_SIZE, "%d.%d.%d.%d", b[0], b[1], b[2], b[3]);
  else
    g_snprintf (name, DYNO_LIMIT_SUBJECT_SIZE, "%x:%x:%x:%x::/64", b[0] << 8 | b[1],
                b[2] << 8 | b[3], b[4] << 8 | b[5], b[6] << 8 | b[7]);
}
