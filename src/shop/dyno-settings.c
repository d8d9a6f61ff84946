/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

#include "config.h"

#include "dyno-settings.h"

#include <string.h>

#include "dyno-audit-private.h"
#include "dyno-error.h"
#include "dyno-shop-private.h"
#include "dyno-vault.h"

#define SECRET_PREFIX "setting."

typedef struct
{
  gint64     version;
  GPtrArray *changes; /* (owned) of DynoSettingChange */
} Request;

DynoSettingChange *
dyno_setting_change_new (const char *key,
                         const char *text)
{
  DynoSettingChange *self = g_new0 (DynoSettingChange, 1);

  self->key = g_strdup (key);
  self->text = g_strdup (text);

  return self;
}

void
dyno_setting_change_free (DynoSettingChange *self)
{
  g_free (self->key);
  g_free (self->text);
  g_free (self);
}

gint64
dyno_settings_version (DynoConfig *config)
{
  g_autoptr(GChecksum) sum = g_checksum_new (G_CHECKSUM_SHA256);
  guint8 digest[32];
  gsize length = sizeof digest;
  gint64 version = 0;

  for (const DynoConfigRow *row = dyno_config_rows (); row->key != NULL; row++)
    {
      g_autofree char *shown = dyno_config_dup_shown (config, row->key);

      g_checksum_update (sum, (const guchar *) shown, (gssize) strlen (shown) + 1);
    }
  g_checksum_get_digest (sum, digest, &length);
  for (guint i = 0; i < 6; i++)
    version = version << 8 | digest[i];

  return version + 1;
}

/* In force */

/* What each of the changes would put back. (transfer full) */
static GPtrArray *
remember (DynoConfig      *config,
          const GPtrArray *changes)
{
  GPtrArray *before = g_ptr_array_new_with_free_func ((GDestroyNotify) dyno_setting_change_free);

  for (guint i = 0; i < changes->len; i++)
    {
      const DynoSettingChange *change = g_ptr_array_index (changes, i);
      g_autofree char *text = NULL;

      if (dyno_config_find_row (change->key) == NULL)
        continue;
      if (dyno_config_get_origin (config, change->key) == DYNO_CONFIG_FROM_WINDOW)
        text = dyno_config_dup (config, change->key);
      g_ptr_array_add (before, dyno_setting_change_new (change->key, text));
    }

  return before;
}

static gboolean
put_in_force (DynoConfig       *config,
              const GPtrArray  *changes,
              GError          **error)
{
  g_autofree const char **keys = g_new0 (const char *, changes->len);
  g_autofree const char **texts = g_new0 (const char *, changes->len);

  for (guint i = 0; i < changes->len; i++)
    {
      const DynoSettingChange *change = g_ptr_array_index (changes, i);

      keys[i] = change->key;
      texts[i] = change->text;
    }

  return dyno_config_set_all (config, changes->len, keys, texts, error);
}

/* What the capture can take over while it runs. */
static void
apply_to_capture (DynoShop   *shop,
                  const char *key)
{
  if (shop->capture == NULL)
    return;

  if (g_str_equal (key, "capture.interface"))
    {
      g_autofree char *interface = dyno_shop_interface (shop);

      dyno_capture_set_interface (shop->capture, interface);
    }
  else if (g_str_equal (key, "capture.passive"))
    dyno_capture_set_passive (shop->capture, dyno_config_get_boolean (shop->config, key));
}

/* Kept */

static gboolean
is_secret (const DynoSettingChange *change)
{
  return dyno_config_find_row (change->key)->type == DYNO_CONFIG_SECRET;
}

static gboolean
keep_secret (const DynoErrand        *errand,
             const DynoSettingChange *change,
             GError                 **error)
{
  g_autofree char *name = g_strconcat (SECRET_PREFIX, change->key, NULL);
  const char *text = change->text != NULL ? change->text : "";
  g_autoptr(GBytes) bytes = g_bytes_new (text, strlen (text));

  dyno_vault_keep_secret_async (errand->shop, name, bytes, errand->cancellable, dyno_await_cb,
                                errand->await);

  return dyno_vault_keep_secret_finish (dyno_await_wait (errand->await), error);
}

/* (transfer full) (nullable) as JSON */
static char *
write_value (const DynoSettingChange *change)
{
  DynoJsonWriter *w;

  if (change->text == NULL || is_secret (change))
    return NULL;

  w = dyno_json_writer_new (FALSE);
  dyno_json_writer_string (w, change->text);

  return dyno_json_writer_finish (w);
}

static gboolean
keep_secrets (const DynoErrand *errand,
              const GPtrArray  *changes,
              GError          **error)
{
  for (guint i = 0; i < changes->len; i++)
    {
      const DynoSettingChange *one = g_ptr_array_index (changes, i);

      if (is_secret (one) && !keep_secret (errand, one, error))
        return FALSE;
    }

  return TRUE;
}

/* Secrets first: theirs is the step that may be refused. The rest is one transaction, with
 * the rows of the audit. */
static gboolean
keep (const DynoErrand *errand,
      const GPtrArray  *changes,
      GError          **error)
{
  DynoStore *store = errand->shop->store;
  g_autofree const char **keys = g_new0 (const char *, changes->len);
  g_autoptr(GPtrArray) values = g_ptr_array_new_with_free_func (g_free);
  DynoRider *rider;

  if (!keep_secrets (errand, changes, error))
    return FALSE;

  rider = dyno_audit_new_rider (errand, NULL);
  for (guint i = 0; i < changes->len; i++)
    {
      const DynoSettingChange *one = g_ptr_array_index (changes, i);

      keys[i] = one->key;
      g_ptr_array_add (values, write_value (one));
      dyno_audit_add (errand, rider, DYNO_AUDIT_SETTINGS_CHANGED, "setting", one->key, NULL);
    }
  dyno_store_carry (store, rider);
  dyno_store_set_settings_async (store, changes->len, keys, (const char *const *) values->pdata,
                                 NULL, dyno_await_cb, errand->await);

  return dyno_store_set_settings_finish (store, dyno_await_wait (errand->await), error);
}

/* Changing */

static gboolean
is_current (DynoConfig  *config,
            gint64       version,
            GError     **error)
{
  if (version == 0 || version == dyno_settings_version (config))
    return TRUE;

  dyno_error_set (error, DYNO_ERROR_CONFLICT, "stale",
                  "The settings have been changed meanwhile. Read them again.");

  return FALSE;
}

static gpointer
change (const DynoErrand  *errand,
        gpointer           data,
        GError           **error)
{
  const Request *request = data;
  DynoShop *shop = errand->shop;
  g_autoptr(GPtrArray) before = remember (shop->config, request->changes);

  if (!is_current (shop->config, request->version, error)
      || !put_in_force (shop->config, request->changes, error))
    return NULL;
  if (!keep (errand, request->changes, error))
    {
      put_in_force (shop->config, before, NULL);
      return NULL;
    }

  for (guint i = 0; i < request->changes->len; i++)
    {
      const DynoSettingChange *one = g_ptr_array_index (request->changes, i);

      apply_to_capture (shop, one->key);
      dyno_bus_publish (shop->bus, DYNO_TOPIC_CONFIG, one->key, is_secret (one) ? NULL : one->text);
    }

  return DYNO_OPERATION_DONE;
}

static void
request_free (gpointer data)
{
  Request *self = data;

  g_ptr_array_unref (self->changes);
  g_free (self);
}

static const DynoOperation change_operation = { "set-config", change, NULL, TRUE };

void
dyno_settings_change_async (DynoShop            *shop,
                            gint64               version,
                            GPtrArray           *changes,
                            GCancellable        *cancellable,
                            GAsyncReadyCallback  callback,
                            gpointer             user_data)
{
  Request *request = g_new0 (Request, 1);

  request->version = version;
  request->changes = changes;
  dyno_operation_start (shop, &change_operation, request, request_free, cancellable, callback,
                        user_data);
}

gboolean
dyno_settings_change_finish (GAsyncResult  *result,
                             GError       **error)
{
  return dyno_operation_finish (result, &change_operation, error) != NULL;
}

void
dyno_shop_set_config_async (DynoShop            *self,
                            const char          *key,
                            const char          *text,
                            GCancellable        *cancellable,
                            GAsyncReadyCallback  callback,
                            gpointer             user_data)
{
  GPtrArray *changes = g_ptr_array_new_with_free_func ((GDestroyNotify) dyno_setting_change_free);

  g_ptr_array_add (changes, dyno_setting_change_new (key, text));
  dyno_settings_change_async (self, 0, changes, cancellable, callback, user_data);
}

gboolean
dyno_shop_set_config_finish (GAsyncResult  *result,
                             GError       **error)
{
  return dyno_settings_change_finish (result, error);
}

/* Secrets of an earlier run */

static gboolean
unseal_one (const DynoErrand    *errand,
            const DynoConfigRow *row,
            GError             **error)
{
  g_autofree char *name = g_strconcat (SECRET_PREFIX, row->key, NULL);
  g_autoptr(GError) missing = NULL;
  g_autoptr(GBytes) bytes = NULL;
  g_autofree char *text = NULL;

  dyno_vault_load_secret_async (errand->shop, name, errand->cancellable, dyno_await_cb,
                                errand->await);
  bytes = dyno_vault_load_secret_finish (dyno_await_wait (errand->await), &missing);
  if (bytes == NULL && g_error_matches (missing, DYNO_ERROR, DYNO_ERROR_NOT_FOUND))
    return TRUE;
  if (bytes == NULL)
    {
      g_propagate_error (error, g_steal_pointer (&missing));
      return FALSE;
    }

  text = g_strndup (g_bytes_get_data (bytes, NULL), g_bytes_get_size (bytes));

  return dyno_config_set (errand->shop->config, row->key, *text != '\0' ? text : NULL, error);
}

static gpointer
unseal (const DynoErrand  *errand,
        gpointer           data,
        GError           **error)
{
  for (const DynoConfigRow *row = dyno_config_rows (); row->key != NULL; row++)
    {
      if (row->type == DYNO_CONFIG_SECRET && !row->is_boot && !unseal_one (errand, row, error))
        return NULL;
    }

  return DYNO_OPERATION_DONE;
}

static const DynoOperation unseal_operation = { "unseal-settings", unseal, NULL, TRUE };

void
dyno_settings_unseal_async (DynoShop            *shop,
                            GCancellable        *cancellable,
                            GAsyncReadyCallback  callback,
                            gpointer             user_data)
{
  dyno_operation_start (shop, &unseal_operation, NULL, NULL, cancellable, callback, user_data);
}

gboolean
dyno_settings_unseal_finish (GAsyncResult  *result,
                             GError       **error)
{
  return dyno_operation_finish (result, &unseal_operation, error) != NULL;
}
