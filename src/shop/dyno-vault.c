/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

#include "config.h"

#include "dyno-vault.h"

#include "dyno-crypt-seal.h"
#include "dyno-error.h"
#include "dyno-shop-private.h"
#include "dyno-vault-master.h"

DynoVault *
dyno_vault_new (const char *credentials)
{
  DynoVault *self = g_new0 (DynoVault, 1);

  g_mutex_init (&self->trying);
  g_mutex_init (&self->lock);
  if (credentials != NULL)
    self->credential = g_build_filename (credentials, DYNO_VAULT_CREDENTIAL, NULL);

  return self;
}

/* A source is let go of without the lock: it holds the shop. */
static void
drop_retry (GSource *retry)
{
  if (retry == NULL)
    return;

  g_source_destroy (retry);
  g_source_unref (retry);
}

gboolean
dyno_vault_set_retry (DynoVault *self,
                      GSource   *retry)
{
  GSource *before;
  gboolean is_open;

  g_mutex_lock (&self->lock);
  before = g_steal_pointer (&self->retry);
  is_open = !self->is_closed;
  if (is_open && retry != NULL)
    self->retry = g_source_ref (retry);
  g_mutex_unlock (&self->lock);
  drop_retry (before);

  return is_open;
}

void
dyno_vault_close (DynoVault *self)
{
  g_mutex_lock (&self->lock);
  self->is_closed = TRUE;
  g_mutex_unlock (&self->lock);
  dyno_vault_set_retry (self, NULL);
}

void
dyno_vault_free (DynoVault *self)
{
  if (self == NULL)
    return;

  g_assert (self->retry == NULL);
  for (guint i = 0; i < DYNO_N_VAULT_PURPOSES; i++)
    g_clear_pointer (&self->keys[i], g_bytes_unref);
  g_mutex_clear (&self->lock);
  g_mutex_clear (&self->trying);
  g_free (self->credential);
  g_free (self->install);
  g_free (self);
}

void
dyno_vault_set_install (DynoVault  *self,
                        const char *install)
{
  g_mutex_lock (&self->lock);
  g_free (self->install);
  self->install = g_strdup (install);
  g_mutex_unlock (&self->lock);
}

char *
dyno_vault_dup_install (DynoShop *shop)
{
  g_autoptr(GMutexLocker) locker = g_mutex_locker_new (&shop->vault->lock);

  return g_strdup (shop->vault->install);
}

/* States */

static const struct
{
  const char *name;
  const char *advice;
  const char *fix;
} states[DYNO_N_VAULT_STATES] = {
  [DYNO_VAULT_CLOSED] = { "closed", "The keyring was not asked for the master key yet.", NULL },
  [DYNO_VAULT_READY] = { "ready", "The master key of this data folder is there.", NULL },
  [DYNO_VAULT_LOCKED] = { "locked", "The keyring is locked: unlock it with the login password.",
                          "Unlock the keyring with the login password." },
  [DYNO_VAULT_NO_SERVICE] = { "no_service",
                              "No keyring answers: start a desktop session, or name a file in "
                              "DYNOAI_MASTER_KEY_FILE.",
                              "Start a desktop session, or name a file in "
                              "DYNOAI_MASTER_KEY_FILE." },
  [DYNO_VAULT_ABSENT] = { "absent",
                          "The keyring no longer holds the master key of this data folder: put it "
                          "back, or restore a backup with its recovery code.",
                          "Restore a backup with its recovery code." },
  [DYNO_VAULT_MISMATCH] = { "mismatch",
                            "The master key is not the one that this data folder was sealed with: "
                            "give the right one, or restore a backup with its recovery code.",
                            "Give the master key that belongs to this data folder." },
  [DYNO_VAULT_BAD_FILE] = { "bad_file",
                            "The master key's file is not usable: it needs 64 hexadecimal digits "
                            "and the mode 0600.",
                            "Give the file 64 hexadecimal digits and the mode 0600." },
};

const char *
dyno_vault_state_name (DynoVaultState state)
{
  g_return_val_if_fail (state < DYNO_N_VAULT_STATES, "");

  return states[state].name;
}

const char *
dyno_vault_state_advice (DynoVaultState state)
{
  g_return_val_if_fail (state < DYNO_N_VAULT_STATES, "");

  return states[state].advice;
}

const char *
dyno_vault_state_fix (DynoVaultState state)
{
  g_return_val_if_fail (state < DYNO_N_VAULT_STATES, NULL);

  return states[state].fix;
}

DynoVaultState
dyno_vault_get_state (DynoShop *shop)
{
  g_autoptr(GMutexLocker) locker = g_mutex_locker_new (&shop->vault->lock);

  return shop->vault->state;
}

void
dyno_vault_set_state (DynoShop       *shop,
                      DynoVaultState  state)
{
  DynoVault *self = shop->vault;
  DynoVaultState before;

  g_mutex_lock (&self->lock);
  before = self->state;
  self->state = state;
  g_mutex_unlock (&self->lock);

  if (state != DYNO_VAULT_LOCKED && state != DYNO_VAULT_NO_SERVICE)
    dyno_vault_set_retry (self, NULL);
  if (state != before)
    dyno_bus_publish (shop->bus, DYNO_TOPIC_HEALTH, "keyring", states[state].name);
}

/* Keys */

static const char *const infos[DYNO_N_VAULT_PURPOSES] = {
  [DYNO_VAULT_WRAP] = "dynoai/wrap/v1",       [DYNO_VAULT_PEPPER] = "dynoai/pepper/v1",
  [DYNO_VAULT_REFRESH] = "dynoai/refresh/v1", [DYNO_VAULT_CURSOR] = "dynoai/cursor/v1",
  [DYNO_VAULT_AUDIT] = "dynoai/audit/v1",     [DYNO_VAULT_BACKUP] = "dynoai/backup/v1",
};

GBytes *
dyno_vault_derive (GBytes           *master,
                   DynoVaultPurpose  purpose)
{
  return dyno_crypt_hkdf (master, infos[purpose], DYNO_SEAL_KEY_SIZE);
}

void
dyno_vault_take_master (DynoVault *self,
                        GBytes    *master)
{
  g_autoptr(GMutexLocker) locker = g_mutex_locker_new (&self->lock);

  for (guint i = 0; i < DYNO_N_VAULT_PURPOSES; i++)
    {
      g_clear_pointer (&self->keys[i], g_bytes_unref);
      self->keys[i] = dyno_vault_derive (master, (DynoVaultPurpose) i);
    }
}

GBytes *
dyno_vault_peek_key (DynoVault        *self,
                     DynoVaultPurpose  purpose)
{
  g_autoptr(GMutexLocker) locker = g_mutex_locker_new (&self->lock);

  return self->keys[purpose] != NULL ? g_bytes_ref (self->keys[purpose]) : NULL;
}

GBytes *
dyno_vault_ref_key (DynoShop          *shop,
                    DynoVaultPurpose   purpose,
                    GError           **error)
{
  GBytes *key = dyno_vault_peek_key (shop->vault, purpose);
  DynoVaultState state = dyno_vault_get_state (shop);
  g_autofree char *reason = g_strconcat ("keyring_", states[state].name, NULL);

  if (key == NULL)
    dyno_error_set (error, state == DYNO_VAULT_LOCKED ? DYNO_ERROR_DENIED : DYNO_ERROR_UNAVAILABLE,
                    reason, "%s", states[state].advice);

  return key;
}
