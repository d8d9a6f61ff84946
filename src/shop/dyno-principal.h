/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

#pragma once

#include "dyno-scope.h"

G_BEGIN_DECLS

/* Who asks: a person, a key that acts for its owner, or the owner of this machine.
 * Made once when a credential was found good; immutable, counted, any thread. */

typedef enum
{
  DYNO_PRINCIPAL_OWNER,     /* local:owner: the window, the admin socket */
  DYNO_PRINCIPAL_DEVELOPER, /* local:dev: authentication is switched off */
  DYNO_PRINCIPAL_USER,      /* an access token */
  DYNO_PRINCIPAL_KEY,       /* an API key */
} DynoPrincipalKind;

typedef struct
{
  gatomicrefcount   ref_count;
  DynoPrincipalKind kind;
  DynoRole          role;         /* of the user, now */
  DynoScopes        scopes;       /* what may be done: of a key its own, cut by its owner's */
  char             *user_id;      /* (owned) usr_…, "local:owner" or "local:dev" */
  char             *email;        /* (owned) (nullable) */
  char             *name;         /* (owned) for a person to read: of the user or the key */
  char             *key_id;       /* (owned) (nullable) key_…: a key's */
  char             *sid;          /* (owned) (nullable) the login session: a user's */
  char             *jti;          /* (owned) (nullable) of the access token */
  gint64            auth_time_ms; /* when a password was last given; 0: never */
  gint64            expires_ms;   /* when the credential ends; 0: never */
  guint             per_minute;   /* requests; 0: the class's own number */
  guint             per_day;      /* 0: the class's own number */
} DynoPrincipal;

/* All members zero but the count and the kind; fill it before it is shared. */
DynoPrincipal *dyno_principal_new       (DynoPrincipalKind    kind);
/* The owner of this machine: may everything, is never limited. */
DynoPrincipal *dyno_principal_new_owner (void);
DynoPrincipal *dyno_principal_ref       (DynoPrincipal       *self);
void           dyno_principal_unref     (DynoPrincipal       *self);

gboolean       dyno_principal_may       (const DynoPrincipal *self,
                                         DynoScope            scope);
/* What a limit is counted under and the audit names: the key's id, else the user's. */
const char    *dyno_principal_id        (const DynoPrincipal *self);
/* "owner", "developer", "user", "key". */
const char    *dyno_principal_kind_name (DynoPrincipalKind    kind);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (DynoPrincipal, dyno_principal_unref)

G_END_DECLS
