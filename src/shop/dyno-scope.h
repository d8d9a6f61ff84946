/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* Who may do what: the permissions, the roles that hold them, and a set of them as
 * bits. One table, in dyno-scope.c; the API's routes, the keys and the window ask
 * it. Any thread. */

typedef enum
{
  DYNO_SCOPE_ANALYZE_RUN,
  DYNO_SCOPE_ASSISTANT_REMOTE,
  DYNO_SCOPE_ASSISTANT_USE,
  DYNO_SCOPE_AUDIT_READ,
  DYNO_SCOPE_BACKUP_RUN,
  DYNO_SCOPE_CIRCUITS_RESET,
  DYNO_SCOPE_HARDWARE_CONFIGURE,
  DYNO_SCOPE_HEALTH_READ,
  DYNO_SCOPE_KEYS_MANAGE,
  DYNO_SCOPE_KEYS_SELF,
  DYNO_SCOPE_LIVE_CONTROL,
  DYNO_SCOPE_LIVE_READ,
  DYNO_SCOPE_MEMORY_SHOP,
  DYNO_SCOPE_METRICS_READ,
  DYNO_SCOPE_PRIVACY_MANAGE,
  DYNO_SCOPE_RUNS_DELETE,
  DYNO_SCOPE_RUNS_READ,
  DYNO_SCOPE_RUNS_WRITE,
  DYNO_SCOPE_SETTINGS_READ,
  DYNO_SCOPE_SETTINGS_WRITE,
  DYNO_SCOPE_SHOP_READ,
  DYNO_SCOPE_SHOP_WRITE,
  DYNO_SCOPE_TUNE_APPLY,
  DYNO_SCOPE_TUNE_READ,
  DYNO_SCOPE_USERS_READ,
  DYNO_SCOPE_USERS_WRITE,
  DYNO_SCOPE_VOICE_USE,
  DYNO_N_SCOPES
} DynoScope;

typedef enum
{
  DYNO_ROLE_VIEWER,
  DYNO_ROLE_OPERATOR,
  DYNO_ROLE_TUNER,
  DYNO_ROLE_ADMIN,
  DYNO_ROLE_SERVICE, /* a user without password, who owns keys: each has its own scopes */
  DYNO_N_ROLES
} DynoRole;

/* A set of permissions: bit `scope` of it. */
typedef guint32 DynoScopes;

#define DYNO_SCOPE_BIT(scope) ((DynoScopes) 1 << (scope))
#define DYNO_SCOPES_ALL       (DYNO_SCOPE_BIT (DYNO_N_SCOPES) - 1)

/* "runs:read"; never NULL. */
const char *dyno_scope_name          (DynoScope     scope);
gboolean    dyno_scope_find          (const char   *name,
                                      DynoScope    *scope);

/* "viewer", "operator", "tuner", "admin", "service"; never NULL. */
const char *dyno_role_name           (DynoRole      role);
gboolean    dyno_role_find           (const char   *name,
                                      DynoRole     *role);

/* What a person of that role may. Of a service user: what its keys may hold at most. */
DynoScopes  dyno_role_scopes         (DynoRole      role);

/* What the person at this machine may who has switched authentication off
 * (local:dev): an admin's, without users:write, settings:write, backup:run and
 * privacy:manage. */
DynoScopes  dyno_scopes_of_developer (void);

/* Names between commas or blanks, as settings and command lines have them. INVALID
 * "scope", names the word that is none. An empty text is the empty set. */
gboolean    dyno_scopes_parse        (const char   *text,
                                      DynoScopes   *scopes,
                                      GError      **error);
/* Names in the order of the table, NULL-terminated. (transfer full) */
char      **dyno_scopes_names        (DynoScopes    scopes);

G_END_DECLS
