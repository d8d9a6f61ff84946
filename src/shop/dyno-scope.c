/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

#include "config.h"

#include "dyno-scope.h"

#include "dyno-error.h"

/* The roles, each holding what those before it hold. Keys of service users may hold
 * all but the rows of people, keys and settings. */
enum
{
  VIEWER   = 1 << DYNO_ROLE_VIEWER,
  OPERATOR = 1 << DYNO_ROLE_OPERATOR,
  TUNER    = 1 << DYNO_ROLE_TUNER,
  ADMIN    = 1 << DYNO_ROLE_ADMIN,
  SERVICE  = 1 << DYNO_ROLE_SERVICE,

  PEOPLE       = VIEWER | OPERATOR | TUNER | ADMIN,
  FROM_VIEWER  = PEOPLE | SERVICE,
  FROM_OPERATOR = OPERATOR | TUNER | ADMIN | SERVICE,
  FROM_TUNER   = TUNER | ADMIN | SERVICE,
  FROM_ADMIN   = ADMIN | SERVICE,
};

typedef struct
{
  const char *name;
  guint       holders; /* bits of roles */
} ScopeRow;

static const ScopeRow rows[DYNO_N_SCOPES] = {
  [DYNO_SCOPE_ANALYZE_RUN]        = { "analyze:run", FROM_OPERATOR },
  [DYNO_SCOPE_ASSISTANT_REMOTE]   = { "assistant:remote", FROM_TUNER },
  [DYNO_SCOPE_ASSISTANT_USE]      = { "assistant:use", FROM_VIEWER },
  [DYNO_SCOPE_AUDIT_READ]         = { "audit:read", FROM_ADMIN },
  [DYNO_SCOPE_BACKUP_RUN]         = { "backup:run", ADMIN },
  [DYNO_SCOPE_CIRCUITS_RESET]     = { "circuits:reset", FROM_ADMIN },
  [DYNO_SCOPE_HARDWARE_CONFIGURE] = { "hardware:configure", FROM_TUNER },
  [DYNO_SCOPE_HEALTH_READ]        = { "health:read", FROM_VIEWER },
  [DYNO_SCOPE_KEYS_MANAGE]        = { "keys:manage", ADMIN },
  [DYNO_SCOPE_KEYS_SELF]          = { "keys:self", PEOPLE },
  [DYNO_SCOPE_LIVE_CONTROL]       = { "live:control", FROM_OPERATOR },
  [DYNO_SCOPE_LIVE_READ]          = { "live:read", FROM_VIEWER },
  [DYNO_SCOPE_MEMORY_SHOP]        = { "memory:shop", FROM_TUNER },
  [DYNO_SCOPE_METRICS_READ]       = { "metrics:read", FROM_ADMIN },
  [DYNO_SCOPE_PRIVACY_MANAGE]     = { "privacy:manage", ADMIN },
  [DYNO_SCOPE_RUNS_DELETE]        = { "runs:delete", FROM_TUNER },
  [DYNO_SCOPE_RUNS_READ]          = { "runs:read", FROM_VIEWER },
  [DYNO_SCOPE_RUNS_WRITE]         = { "runs:write", FROM_OPERATOR },
  [DYNO_SCOPE_SETTINGS_READ]      = { "settings:read", FROM_ADMIN },
  [DYNO_SCOPE_SETTINGS_WRITE]     = { "settings:write", ADMIN },
  [DYNO_SCOPE_SHOP_READ]          = { "shop:read", FROM_VIEWER },
  [DYNO_SCOPE_SHOP_WRITE]         = { "shop:write", FROM_OPERATOR },
  [DYNO_SCOPE_TUNE_APPLY]         = { "tune:apply", FROM_TUNER },
  [DYNO_SCOPE_TUNE_READ]          = { "tune:read", FROM_VIEWER },
  [DYNO_SCOPE_USERS_READ]         = { "users:read", ADMIN },
  [DYNO_SCOPE_USERS_WRITE]        = { "users:write", ADMIN },
  [DYNO_SCOPE_VOICE_USE]          = { "voice:use", FROM_OPERATOR },
};

static const char *const roles[DYNO_N_ROLES] = {
  [DYNO_ROLE_VIEWER]   = "viewer",
  [DYNO_ROLE_OPERATOR] = "operator",
  [DYNO_ROLE_TUNER]    = "tuner",
  [DYNO_ROLE_ADMIN]    = "admin",
  [DYNO_ROLE_SERVICE]  = "service",
};

const char *
dyno_scope_name (DynoScope scope)
{
  g_return_val_if_fail (scope < DYNO_N_SCOPES, "");

  return rows[scope].name;
}

gboolean
dyno_scope_find (const char *name,
                 DynoScope  *scope)
{
  for (guint i = 0; i < DYNO_N_SCOPES; i++)
    {
      if (g_strcmp0 (rows[i].name, name) == 0)
        {
          *scope = i;
          return TRUE;
        }
    }

  return FALSE;
}

const char *
dyno_role_name (DynoRole role)
{
  g_return_val_if_fail (role < DYNO_N_ROLES, "");

  return roles[role];
}

gboolean
dyno_role_find (const char *name,
                DynoRole   *role)
{
  for (guint i = 0; i < DYNO_N_ROLES; i++)
    {
      if (g_strcmp0 (roles[i], name) == 0)
        {
          *role = i;
          return TRUE;
        }
    }

  return FALSE;
}

DynoScopes
dyno_role_scopes (DynoRole role)
{
  DynoScopes scopes = 0;

  g_return_val_if_fail (role < DYNO_N_ROLES, 0);

  for (guint i = 0; i < DYNO_N_SCOPES; i++)
    {
      if (rows[i].holders & 1u << role)
        scopes |= DYNO_SCOPE_BIT (i);
    }

  return scopes;
}

DynoScopes
dyno_scopes_of_developer (void)
{
  const DynoScopes withheld = DYNO_SCOPE_BIT (DYNO_SCOPE_USERS_WRITE)
                              | DYNO_SCOPE_BIT (DYNO_SCOPE_SETTINGS_WRITE)
                              | DYNO_SCOPE_BIT (DYNO_SCOPE_BACKUP_RUN)
                              | DYNO_SCOPE_BIT (DYNO_SCOPE_PRIVACY_MANAGE);

  return dyno_role_scopes (DYNO_ROLE_ADMIN) & ~withheld;
}

gboolean
dyno_scopes_parse (const char  *text,
                   DynoScopes  *scopes,
                   GError     **error)
{
  g_auto(GStrv) words = g_strsplit_set (text, ", \t", -1);
  DynoScopes parsed = 0;

  for (guint i = 0; words[i] != NULL; i++)
    {
      DynoScope scope;

      if (words[i][0] == '\0')
        continue;
      if (!dyno_scope_find (words[i], &scope))
        {
          dyno_error_set (error, DYNO_ERROR_INVALID, "scope",
                          "“%s” is no permission. They are named like “runs:read”.", words[i]);
          return FALSE;
        }
      parsed |= DYNO_SCOPE_BIT (scope);
    }
  *scopes = parsed;

  return TRUE;
}

char **
dyno_scopes_names (DynoScopes scopes)
{
  g_autoptr(GStrvBuilder) names = g_strv_builder_new ();

  for (guint i = 0; i < DYNO_N_SCOPES; i++)
    {
      if (scopes & DYNO_SCOPE_BIT (i))
        g_strv_builder_add (names, rows[i].name);
    }

  return g_strv_builder_end (names);
}
