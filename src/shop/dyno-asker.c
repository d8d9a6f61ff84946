/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

#include "config.h"

#include "dyno-asker.h"

#include <string.h>

/* Those that were pushed, the last one first; each thread has its own. (element-type
 * DynoAsker) (borrowed) */
static GPrivate pushed;

DynoAsker *
dyno_asker_new (DynoPrincipal *principal,
                const char    *ip,
                const char    *correlation_id)
{
  DynoAsker *self = g_new0 (DynoAsker, 1);

  g_atomic_ref_count_init (&self->ref_count);
  self->principal = dyno_principal_ref (principal);
  self->ip = g_strdup (ip);
  self->correlation_id = g_strdup (correlation_id);

  return self;
}

void
dyno_asker_set_once (DynoAsker    *self,
                     const char   *method,
                     const char   *route,
                     const char   *key,
                     const guint8  sum[32])
{
  g_return_if_fail (self->once_key == NULL);

  self->once_method = g_strdup (method);
  self->once_route = g_strdup (route);
  self->once_key = g_strdup (key);
  memcpy (self->once_sum, sum, sizeof self->once_sum);
}

DynoAsker *
dyno_asker_ref (DynoAsker *self)
{
  g_atomic_ref_count_inc (&self->ref_count);

  return self;
}

void
dyno_asker_unref (DynoAsker *self)
{
  if (self == NULL || !g_atomic_ref_count_dec (&self->ref_count))
    return;

  dyno_principal_unref (self->principal);
  g_free (self->ip);
  g_free (self->correlation_id);
  g_free (self->once_method);
  g_free (self->once_route);
  g_free (self->once_key);
  g_free (self);
}

void
dyno_asker_push (DynoAsker *self)
{
  g_private_set (&pushed, g_slist_prepend (g_private_get (&pushed), self));
}

void
dyno_asker_pop (DynoAsker *self)
{
  GSList *askers = g_private_get (&pushed);

  g_return_if_fail (askers != NULL && askers->data == self);

  g_private_set (&pushed, g_slist_delete_link (askers, askers));
}

DynoAsker *
dyno_asker_ref_current (void)
{
  const GSList *askers = g_private_get (&pushed);
  DynoPrincipal *owner;
  DynoAsker *self;

  if (askers != NULL)
    return dyno_asker_ref (askers->data);

  owner = dyno_principal_new_owner ();
  self = dyno_asker_new (owner, NULL, NULL);
  dyno_principal_unref (owner);

  return self;
}
