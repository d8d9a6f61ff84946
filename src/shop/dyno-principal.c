/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

#include "config.h"

#include "dyno-principal.h"

DynoPrincipal *
dyno_principal_new (DynoPrincipalKind kind)
{
  DynoPrincipal *self = g_new0 (DynoPrincipal, 1);

  g_atomic_ref_count_init (&self->ref_count);
  self->kind = kind;

  return self;
}

DynoPrincipal *
dyno_principal_new_owner (void)
{
  DynoPrincipal *self = dyno_principal_new (DYNO_PRINCIPAL_OWNER);

  self->role = DYNO_ROLE_ADMIN;
  self->scopes = DYNO_SCOPES_ALL;
  self->user_id = g_strdup ("local:owner");
  self->name = g_strdup ("local:owner");

  return self;
}

DynoPrincipal *
dyno_principal_ref (DynoPrincipal *self)
{
  g_atomic_ref_count_inc (&self->ref_count);

  return self;
}

void
dyno_principal_unref (DynoPrincipal *self)
{
  if (!g_atomic_ref_count_dec (&self->ref_count))
    return;

  g_free (self->user_id);
  g_free (self->email);
  g_free (self->name);
  g_free (self->key_id);
  g_free (self->sid);
  g_free (self->jti);
  g_free (self);
}

gboolean
dyno_principal_may (const DynoPrincipal *self,
                    DynoScope            scope)
{
  return (self->scopes & DYNO_SCOPE_BIT (scope)) != 0;
}

const char *
dyno_principal_id (const DynoPrincipal *self)
{
  return self->key_id != NULL ? self->key_id : self->user_id;
}

const char *
dyno_principal_kind_name (DynoPrincipalKind kind)
{
  static const char *const names[] = {
    [DYNO_PRINCIPAL_OWNER]     = "owner",
    [DYNO_PRINCIPAL_DEVELOPER] = "developer",
    [DYNO_PRINCIPAL_USER]      = "user",
    [DYNO_PRINCIPAL_KEY]       = "key",
  };

  return names[kind];
}
