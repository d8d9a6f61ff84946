/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

/* Opening the vault; part of dyno-vault.h. A row sealed under the name "vault.check"
 * tells whether a master key is the one that everything else was sealed with. */

#include "config.h"

#include "dyno-vault.h"

#include <string.h>

#include "dyno-crypt.h"
#include "dyno-error.h"
#include "dyno-json.h"
#include "dyno-shop-private.h"
#include "dyno-vault-master.h"

#define CHECK_NAME "vault.check"
#define CHECK_TEXT "dynoai"
#define RETRY_S 3

/* The keyring knows our entry by this; it is made once. (transfer full) */
static char *
find_install (const DynoErrand  *errand,
              GError           **error)
{
  DynoStore *store = errand->shop->store;
  g_autoptr(GPtrArray) settings = NULL;
  g_autofree char *value = NULL;
  char *install = NULL;

  dyno_store_list_settings_async (store, NULL, dyno_await_cb, errand->await);
  settings = dyno_store_list_settings_finish (store, dyno_await_wait (errand->await), error);
  for (guint i = 0; settings != NULL && i < settings->len && install == NULL; i++)
    {
      const DynoSetting *setting = g_ptr_array_index (settings, i);
      g_autoptr(DynoJson) json = dyno_json_parse (setting->value, -1, NULL);

      if (g_str_equal (setting->key, DYNO_SETTING_INSTALL))
        install = g_strdup (dyno_json_string (json));
    }
  if (settings == NULL || install != NULL)
    return install;

  install = dyno_crypt_new_uuid (dyno_clock_real_us (errand->shop->clock) / 1000);
  value = g_strdup_printf ("\"%s\"", install);
  dyno_store_set_settings_async (store, 1, (const char *const[]){ DYNO_SETTING_INSTALL },
                                 (const char *const[]){ value }, NULL, dyno_await_cb,
                                 errand->await);
  if (!dyno_store_set_settings_finish (store, dyno_await_wait (errand->await), error))
    g_clear_pointer (&install, g_free);

  return install;
}

static GBytes *
find_master (const DynoErrand *errand,
             const char       *install,
             gboolean          may_make,
             DynoVaultState   *state)
{
  g_autofree char *path = dyno_config_dup (errand->shop->config, "auth.master_key_file");
  g_auto(DynoVaultPlace) place = { NULL };

  dyno_vault_place_init (&place, path, errand->shop->vault->credential, install);

  return dyno_vault_find_at (&place, may_make, errand->await, errand->cancellable, state);
}

/* Is it the key of what lies sealed here? Where nothing does, it is from now on. */
static gboolean
master_fits (const DynoErrand        *errand,
             GBytes                  *master,
             const DynoSecretRecord  *check,
             DynoVaultState          *state,
             GError                 **error)
{
  g_autoptr(GBytes) wrap = dyno_vault_derive (master, DYNO_VAULT_WRAP);
  g_autoptr(GBytes) text = g_bytes_new_static (CHECK_TEXT, strlen (CHECK_TEXT));
  g_autoptr(GBytes) opened = check != NULL ? dyno_vault_open_row (check, wrap) : NULL;

  if (check == NULL)
    return dyno_vault_seal_row (errand, wrap, CHECK_NAME, text, error);
  if (opened == NULL || !g_bytes_equal (opened, text))
    *state = DYNO_VAULT_MISMATCH;

  return TRUE;
}

/* What was done while it was closed. */
static void
chain_audit (const DynoErrand *errand)
{
  DynoStore *store = errand->shop->store;
  g_autoptr(GBytes) key = dyno_vault_peek_key (errand->shop->vault, DYNO_VAULT_AUDIT);
  g_autoptr(GError) error = NULL;

  dyno_store_chain_audit_async (store, key, NULL, dyno_await_cb, errand->await);
  if (!dyno_store_chain_audit_finish (store, dyno_await_wait (errand->await), &error))
    g_message ("The audit was not chained: %s", error->message);
}

/* FALSE: the store failed. */
static gboolean
try_to_open (const DynoErrand  *errand,
             DynoVaultState    *state,
             GError           **error)
{
  g_autoptr(GError) missing = NULL;
  g_autofree char *install = find_install (errand, error);
  g_autoptr(DynoSecretRecord) check = install != NULL ? dyno_vault_get_row (errand, CHECK_NAME,
                                                                              &missing)
                                                      : NULL;
  g_autoptr(GBytes) master = NULL;

  if (install == NULL)
    return FALSE;
  dyno_vault_set_install (errand->shop->vault, install);
  if (check == NULL && !g_error_matches (missing, DYNO_ERROR, DYNO_ERROR_NOT_FOUND))
    {
      g_propagate_error (error, g_steal_pointer (&missing));
      return FALSE;
    }
  master = find_master (errand, install, check == NULL, state);
  if (master != NULL && !master_fits (errand, master, check, state, error))
    return FALSE;
  if (*state == DYNO_VAULT_READY)
    {
      dyno_vault_take_master (errand->shop->vault, master);
      chain_audit (errand);
    }

  return TRUE;
}

/* The one that the open vault works with, or none. */
GBytes *
dyno_vault_find_master (const DynoErrand  *errand,
                        GError           **error)
{
  g_autoptr(GBytes) wrap = dyno_vault_ref_key (errand->shop, DYNO_VAULT_WRAP, error);
  g_autofree char *install = dyno_vault_dup_install (errand->shop);
  DynoVaultState state;
  g_autoptr(GBytes) master = wrap != NULL ? find_master (errand, install, FALSE, &state) : NULL;
  g_autoptr(GBytes) derived = master != NULL ? dyno_vault_derive (master, DYNO_VAULT_WRAP) : NULL;

  if (wrap == NULL)
    return NULL;
  if (derived != NULL && g_bytes_equal (derived, wrap))
    return g_steal_pointer (&master);

  dyno_error_set (error, DYNO_ERROR_UNAVAILABLE, "keyring_absent",
                  "The master key is no longer where it was when the program started. Put it back.");

  return NULL;
}

static gboolean
retry_cb (gpointer shop)
{
  dyno_vault_open_async (shop, NULL, NULL, NULL);

  return G_SOURCE_REMOVE;
}

/* The next try, in the place of one that somebody else has asked for. */
static void
try_again_later (DynoShop     *shop,
                 GMainContext *context)
{
  GSource *retry = g_timeout_source_new_seconds (RETRY_S);

  g_source_set_callback (retry, retry_cb, dyno_shop_ref (shop), (GDestroyNotify) dyno_shop_unref);
  if (dyno_vault_set_retry (shop->vault, retry))
    g_source_attach (retry, context);
  g_source_unref (retry);
}

static gpointer
open_vault (const DynoErrand *errand,
            gpointer          context,
            GError          **error)
{
  DynoVault *self = errand->shop->vault;
  DynoVaultState *state = g_new (DynoVaultState, 1);
  gboolean is_good = TRUE;

  g_mutex_lock (&self->trying);
  *state = dyno_vault_get_state (errand->shop);
  if (*state != DYNO_VAULT_READY)
    is_good = try_to_open (errand, state, error);
  g_mutex_unlock (&self->trying);

  if (!is_good)
    {
      g_free (state);
      return NULL;
    }
  if (*state == DYNO_VAULT_LOCKED || *state == DYNO_VAULT_NO_SERVICE)
    try_again_later (errand->shop, context);
  dyno_vault_set_state (errand->shop, *state);

  return state;
}

static const DynoOperation open_operation = { "vault-open", open_vault, g_free, TRUE, FALSE };

void
dyno_vault_open_async (DynoShop            *shop,
                       GCancellable        *cancellable,
                       GAsyncReadyCallback  callback,
                       gpointer             user_data)
{
  dyno_operation_start (shop, &open_operation, g_main_context_ref_thread_default (),
                        (GDestroyNotify) g_main_context_unref, cancellable, callback, user_data);
}

gboolean
dyno_vault_open_finish (GAsyncResult    *result,
                        DynoVaultState  *state,
                        GError         **error)
{
  g_autofree DynoVaultState *answer = dyno_operation_finish (result, &open_operation, error);

  if (answer != NULL)
    *state = *answer;

  return answer != NULL;
}
