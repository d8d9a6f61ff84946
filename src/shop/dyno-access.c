/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

/* The set is read whole after each change. Readings may overtake each other: each takes
 * a number before it begins, and one with a smaller number than the set in force is
 * thrown away. Nothing is lost by that, as the other began after the change was kept. */

#include "config.h"

#include "dyno-access-private.h"

#include <string.h>

#include "dyno-crypt-text.h"
#include "dyno-crypt.h"
#include "dyno-error.h"
#include "dyno-keys-private.h"
#include "dyno-shop-private.h"

struct _DynoAccess
{
  GMutex        lock;
  DynoLoginSet *set;        /* (owned) (lock) */
  guint64       set_number; /* (lock) of the reading that `set` came from */
  guint64       n_readings; /* (lock) */
};

static DynoLoginSet *
new_empty_set (void)
{
  g_autoptr(GPtrArray) nothing = g_ptr_array_new ();
  DynoLoginAuthority authority = { nothing, nothing, nothing };

  return dyno_login_set_new (&authority);
}

DynoAccess *
dyno_access_new (void)
{
  DynoAccess *self = g_new0 (DynoAccess, 1);

  g_mutex_init (&self->lock);
  self->set = new_empty_set ();

  return self;
}

void
dyno_access_free (DynoAccess *self)
{
  if (self == NULL)
    return;

  dyno_login_set_unref (self->set);
  g_mutex_clear (&self->lock);
  g_free (self);
}

DynoLoginSet *
dyno_access_ref_set (DynoAccess *self)
{
  g_autoptr(GMutexLocker) locker = g_mutex_locker_new (&self->lock);

  return dyno_login_set_ref (self->set);
}

static guint64
take_number (DynoAccess *self)
{
  g_autoptr(GMutexLocker) locker = g_mutex_locker_new (&self->lock);

  return ++self->n_readings;
}

static void
put_in_force (DynoAccess   *self,
              DynoLoginSet *set,
              guint64       number)
{
  g_autoptr(GMutexLocker) locker = g_mutex_locker_new (&self->lock);

  if (number < self->set_number)
    {
      dyno_login_set_unref (set);
      return;
    }
  dyno_login_set_unref (self->set);
  self->set = set;
  self->set_number = number;
}

gboolean
dyno_access_renew (const DynoErrand *errand,
                   GError          **error)
{
  DynoAccess *self = errand->shop->access;
  guint64 number = take_number (self);
  g_autoptr(DynoLoginAuthority) authority = NULL;

  dyno_store_load_authority_async (errand->shop->store, NULL, dyno_await_cb, errand->await);
  authority = dyno_store_load_authority_finish (errand->shop->store,
                                                dyno_await_wait (errand->await), error);
  if (authority == NULL)
    return FALSE;
  put_in_force (self, dyno_login_set_new (authority), number);

  return TRUE;
}

gboolean
dyno_access_changed (const DynoErrand *errand,
                     const char       *user_id,
                     const char       *detail,
                     GError          **error)
{
  if (!dyno_access_renew (errand, error))
    return FALSE;
  if (g_str_equal (detail, "changed") && !dyno_keys_reload (errand, NULL, "changed", error))
    return FALSE;
  dyno_bus_publish (errand->shop->bus, DYNO_TOPIC_ACCESS, user_id, detail);

  return TRUE;
}

/* A row in the name of who is not logged in. */
static DynoRider *
new_rider (const DynoErrand *errand,
           DynoAuditEvent    event,
           const char       *user_id,
           const char       *ip,
           const char       *resource_type,
           const char       *resource_id)
{
  g_autoptr(DynoPrincipal) principal = dyno_principal_new (DYNO_PRINCIPAL_USER);
  g_autoptr(DynoAsker) asker = dyno_asker_new (principal, ip, errand->asker->correlation_id);
  DynoErrand his = *errand;
  DynoRider *rider;

  principal->user_id = g_strdup (user_id != NULL ? user_id : ip != NULL ? ip : "local");
  his.asker = asker;
  rider = dyno_audit_new_rider (&his, resource_id);
  dyno_audit_add (&his, rider, event, resource_type, resource_id, NULL);

  return rider;
}

void
dyno_access_note (const DynoErrand *errand,
                  DynoAuditEvent    event,
                  const char       *user_id,
                  const char       *ip,
                  const char       *resource_type,
                  const char       *resource_id)
{
  dyno_store_carry (errand->shop->store,
                    new_rider (errand, event, user_id, ip, resource_type, resource_id));
}

gboolean
dyno_access_tell (const DynoErrand *errand,
                  DynoAuditEvent    event,
                  const char       *user_id,
                  const char       *ip,
                  GError          **error)
{
  DynoStore *store = errand->shop->store;

  dyno_store_send_rider_async (store, new_rider (errand, event, user_id, ip, NULL, NULL), NULL,
                               dyno_await_cb, errand->await);

  return dyno_store_send_rider_finish (store, dyno_await_wait (errand->await), error);
}

gboolean
dyno_access_may (const DynoPrincipal *asker,
                 DynoScope            scope,
                 GError             **error)
{
  if (dyno_principal_may (asker, scope))
    return TRUE;

  dyno_error_set (error, DYNO_ERROR_DENIED, "AUTHORIZATION_ERROR",
                  "This needs the permission %s. Ask an administrator for it.",
                  dyno_scope_name (scope));

  return FALSE;
}

GBytes *
dyno_access_sum (const char *text)
{
  guint8 sum[DYNO_SHA256_SIZE];

  dyno_crypt_sha256 (text, strlen (text), sum);

  return g_bytes_new (sum, sizeof sum);
}

GBytes *
dyno_access_code_sum (const char *typed)
{
  g_autofree char *code = typed != NULL ? dyno_crypt_normal_code (typed, DYNO_CODE_SHORT) : NULL;

  return code != NULL ? dyno_access_sum (code) : NULL;
}
