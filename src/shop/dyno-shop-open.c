/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

/* Building up and taking down (house.md §8), on a thread that may wait. Only the
 * settings can stop it; trouble with the data folder leaves a shop that says so. */

#include "config.h"

#include "dyno-shop-private.h"

#include <errno.h>
#include <glib/gstdio.h>

#include "dyno-error.h"
#include "dyno-mapping-private.h"
#include "dyno-recover.h"
#include "dyno-restore.h"
#include "dyno-retention-private.h"
#include "dyno-scratch.h"

static gboolean
load_settings (DynoShop              *self,
               const DynoShopOptions *options,
               GError               **error)
{
  g_autofree char *path = NULL;
  g_autofree char *data_dir = NULL;

  self->folders = dyno_folders_new (options->data_dir, options->environment);
  path = options->config_path != NULL
           ? g_strdup (options->config_path)
           : g_build_filename (self->folders->config, "dynoai.conf", NULL);
  self->config = dyno_config_load (path, options->environment, error);
  if (self->config == NULL)
    return FALSE;

  data_dir = dyno_config_dup_data_dir (self->config);
  if (options->data_dir == NULL && *data_dir != '\0')
    {
      g_free (self->folders->data);
      self->folders->data = g_steal_pointer (&data_dir);
    }

  return TRUE;
}

static gboolean
make_folders (DynoShop *self,
              GError  **error)
{
  static const char *const names[] = { "journal", "source", "backups" };

  for (guint i = 0; i < G_N_ELEMENTS (names); i++)
    {
      g_autofree char *path = g_build_filename (self->folders->data, names[i], NULL);

      if (g_mkdir_with_parents (path, 0700) == 0)
        continue;
      dyno_error_set (error, DYNO_ERROR_UNAVAILABLE, "data_dir",
                      "The folder %s cannot be made: %s. Give the program a data folder it may "
                      "write to.", path, g_strerror (errno));
      return FALSE;
    }

  return TRUE;
}

static void
open_store (DynoShop              *self,
            const DynoShopOptions *options,
            DynoAwait             *await)
{
  DynoStoreFlags flags
    = (self->flags & DYNO_SHOP_NO_CREATE) != 0 ? DYNO_STORE_DEFAULT : DYNO_STORE_CREATE;

  if ((self->flags & DYNO_SHOP_NO_STORE) != 0)
    {
      dyno_error_set (&self->trouble, DYNO_ERROR_UNAVAILABLE, "no_store",
                      "This works on files alone; no data folder is open.");
      return;
    }
  if ((flags & DYNO_STORE_CREATE) == 0 && !g_file_test (self->folders->data, G_FILE_TEST_IS_DIR))
    {
      dyno_error_set (&self->trouble, DYNO_ERROR_NOT_FOUND, NULL,
                      "There is no data folder %s.", self->folders->data);
      return;
    }
  self->lock = dyno_lock_take (self->folders->data, options->socket_path, &self->trouble);
  if (self->lock == NULL || !dyno_restore_resume (self->folders->data, &self->trouble))
    return;
  dyno_scratch_sweep (self->folders->data);

  dyno_store_open_async (self->folders->data, flags, options->clock, NULL, dyno_await_cb, await);
  self->store = dyno_store_open_finish (dyno_await_wait (await), &self->trouble);
  if (self->store != NULL && !make_folders (self, &self->trouble))
    {
      dyno_store_close_async (self->store, NULL, dyno_await_cb, await);
      dyno_store_close_finish (self->store, dyno_await_wait (await), NULL);
      g_clear_pointer (&self->store, dyno_store_free);
    }
}

/* Settings of the window, and what is remembered beside them. */
typedef struct
{
  char *vehicle_id; /* (owned) (nullable) */
  char *provider;   /* (owned) (nullable) */
} Remembered;

static char *
text_of (const DynoSetting *setting)
{
  g_autoptr(DynoJson) json = dyno_json_parse (setting->value, -1, NULL);

  return g_strdup (dyno_json_string (json));
}

static void
take_setting (DynoShop          *self,
              const DynoSetting *setting,
              Remembered        *remembered)
{
  g_autofree char *text = text_of (setting);
  g_autoptr(GError) error = NULL;

  if (g_str_equal (setting->key, DYNO_SETTING_VEHICLE))
    remembered->vehicle_id = g_steal_pointer (&text);
  else if (g_str_equal (setting->key, DYNO_SETTING_PROVIDER))
    remembered->provider = g_steal_pointer (&text);
  else if (text != NULL && dyno_config_find_row (setting->key) != NULL
           && !dyno_config_set (self->config, setting->key, text, &error))
    g_warning ("A kept setting is not used: %s", error->message);
}

static void
take_settings (DynoShop   *self,
               DynoAwait  *await,
               Remembered *remembered)
{
  g_autoptr(GPtrArray) settings = NULL;
  g_autoptr(GError) error = NULL;

  if (self->store == NULL)
    return;

  dyno_store_list_settings_async (self->store, NULL, dyno_await_cb, await);
  settings = dyno_store_list_settings_finish (self->store, dyno_await_wait (await), &error);
  if (settings == NULL)
    g_warning ("The kept settings cannot be read: %s", error->message);
  for (guint i = 0; settings != NULL && i < settings->len; i++)
    take_setting (self, g_ptr_array_index (settings, i), remembered);
}

static void
make_record (DynoShop         *self,
             const Remembered *remembered)
{
  g_autofree char *group = dyno_shop_group (self);
  DynoRecordParts parts = { .store = self->store,
                            .journal = self->journal,
                            .config = self->config,
                            .clock = self->clock,
                            .bus = self->bus,
                            .data_dir = self->folders->data,
                            .group = group,
                            .port = dyno_shop_port (self) };

  self->record = dyno_record_new (&parts, self->live, remembered->vehicle_id,
                                  remembered->provider);
  if (self->trouble != NULL && (self->flags & DYNO_SHOP_NO_STORE) == 0)
    dyno_record_set_failure (self->record, self->trouble->message);
}

/* "0.0.0.0", the default of the setting, means: find out. */
char *
dyno_shop_interface (DynoShop *self)
{
  char *interface = dyno_config_dup (self->config, "capture.interface");

  if (!g_str_equal (interface, "0.0.0.0") && *interface != '\0')
    return interface;
  g_free (interface);

  return g_strdup ("auto");
}

static void
start_capture (DynoShop         *self,
               const Remembered *remembered,
               DynoAwait        *await)
{
  g_autofree char *group = dyno_shop_group (self);
  g_autofree char *interface = dyno_shop_interface (self);
  g_autofree char *expected = dyno_config_dup (self->config, "capture.expected_address");
  g_autoptr(GPtrArray) pins
    = self->store != NULL ? dyno_mapping_load (self->store, await, NULL, NULL) : NULL;
  DynoCaptureConfig config = { .group = group,
                               .port = dyno_shop_port (self),
                               .interface = interface,
                               .ttl = -1,
                               .is_passive = dyno_config_get_boolean (self->config,
                                                                      "capture.passive"),
                               .provider = remembered->provider,
                               .expected = *expected != '\0' ? expected : NULL,
                               .pins = pins };

  if ((self->flags & DYNO_SHOP_NO_CAPTURE) != 0)
    return;

  self->capture = dyno_capture_new (&config, dyno_record_push, self->record);
  dyno_record_set_capture (self->record, self->capture);
  dyno_capture_start (self->capture);
  if (dyno_config_get_boolean (self->config, "capture.simulator"))
    dyno_demo_stand_in (self);
}

gboolean
dyno_shop_build (DynoShop              *self,
                 const DynoShopOptions *options,
                 GCancellable          *cancellable,
                 GError               **error)
{
  g_autoptr(DynoAwait) await = dyno_await_new ();
  Remembered remembered = { NULL, NULL };

  self->flags = options->flags;
  self->clock = options->clock != NULL ? options->clock : dyno_clock_get_system ();
  self->opened_us = dyno_clock_monotonic_us (self->clock);
  self->opened_ms = dyno_clock_real_us (self->clock) / 1000;
  self->operations = dyno_operations_new ();
  self->demo = dyno_demo_new ();
  self->powers = dyno_power_cache_new ();
  self->health = dyno_health_memory_new ();
  self->vault = dyno_vault_new (g_environ_getenv ((char **) options->environment,
                                                  "CREDENTIALS_DIRECTORY"));
  self->access = dyno_access_new ();
  self->denials = dyno_denials_new ();
  self->keys = dyno_keys_new ();
  self->daily = dyno_daily_new ();
  self->pairings = dyno_pairings_new ();
  self->breakers = dyno_breaker_set_new (self->clock);
  self->alerts = dyno_alerts_new ();
  self->bus = dyno_bus_new ();
  self->live = dyno_live_new (self->clock);
  self->jobs = dyno_jobs_new (self->bus, self->clock);
  if (!load_settings (self, options, error)
      || (options->interface != NULL
          && !dyno_config_check ("capture.interface", options->interface, error)))
    return FALSE;

  open_store (self, options, await);
  if (g_cancellable_set_error_if_cancelled (cancellable, error))
    return FALSE;
  take_settings (self, await, &remembered);
  if (options->interface != NULL)
    dyno_config_set (self->config, "capture.interface", options->interface, NULL);
  if (self->store != NULL)
    {
      self->journal = dyno_journal_new (self->clock);
      dyno_recover_runs (self->store, self->config, self->folders->data, await);
    }
  make_record (self, &remembered);
  start_capture (self, &remembered, await);
  if (self->store != NULL)
    dyno_retention_begin (self);
  g_free (remembered.vehicle_id);
  g_free (remembered.provider);

  return TRUE;
}

static gboolean
close_store (DynoShop *self,
             GError  **error)
{
  g_autoptr(DynoAwait) await = NULL;
  gboolean is_good;

  if (self->store == NULL)
    return TRUE;

  await = dyno_await_new ();
  dyno_key_uses_flush (self, await);
  dyno_denials_flush (self, await, TRUE);
  dyno_store_close_async (self->store, NULL, dyno_await_cb, await);
  is_good = dyno_store_close_finish (self->store, dyno_await_wait (await), error);
  g_clear_pointer (&self->store, dyno_store_free);

  return is_good;
}

/* A second closing finds nothing to do. */
gboolean
dyno_shop_take_down (DynoShop *self,
                     GError  **error)
{
  gboolean is_good;

  dyno_health_end_watch (self);
  dyno_alert_end_watch (self);
  dyno_watch_end (self);
  dyno_cloud_end (self);
  if (self->capture != NULL)
    dyno_capture_stop (self->capture);
  if (self->record != NULL)
    dyno_record_drain (self->record);
  dyno_vault_close (self->vault);
  dyno_keys_close (self->keys);
  dyno_daily_close (self->daily);
  dyno_pairings_close (self->pairings);
  dyno_jobs_cancel_all (self->jobs);
  dyno_operations_close (self->operations);
  dyno_demo_halt (self->demo);
  g_clear_pointer (&self->capture, dyno_capture_free);
  g_clear_pointer (&self->record, dyno_record_free);
  g_clear_pointer (&self->journal, dyno_journal_free);
  is_good = close_store (self, error);
  g_clear_pointer (&self->lock, dyno_lock_free);

  return is_good;
}
