/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

/* What is done without being asked, and how backups stand; part of dyno-backup.h. */

#include "config.h"

#include "dyno-backup-private.h"

#include <math.h>

#include "dyno-backup-plan.h"
#include "dyno-error.h"
#include "dyno-metrics.h"
#include "dyno-shop-private.h"

#define DAY_MS (24 * 3600 * G_GINT64_CONSTANT (1000))
#define DRILL_EVERY_MS (7 * DAY_MS)
#define MOST_AGE_MS (8 * DAY_MS)

static GPtrArray *
list_backups (DynoShop   *shop,
              DynoAwait  *await,
              GError    **error)
{
  dyno_store_list_backups_async (shop->store, NULL, dyno_await_cb, await);

  return dyno_store_list_backups_finish (shop->store, dyno_await_wait (await), error);
}

static gboolean
is_due (DynoShop  *shop,
        GPtrArray *backups)
{
  const DynoBackup *newest = backups->len > 0 ? g_ptr_array_index (backups, 0) : NULL;
  g_autoptr(GTimeZone) zone = g_time_zone_new_local ();

  return dyno_backup_plan_is_due (dyno_clock_real_us (shop->clock) / 1000,
                                  newest != NULL ? newest->created_ms : 0,
                                  (int) dyno_config_get_integer (shop->config, "store.backup_hour"),
                                  zone);
}

/* The newest, where no drill of any of them is younger than a week. (nullable) */
static const DynoBackup *
choose_drill (DynoShop  *shop,
              GPtrArray *backups)
{
  gint64 before_ms = dyno_clock_real_us (shop->clock) / 1000 - DRILL_EVERY_MS;

  if (dyno_config_get_integer (shop->config, "store.backup_hour") < 0)
    return NULL;
  for (guint i = 0; i < backups->len; i++)
    {
      const DynoBackup *backup = g_ptr_array_index (backups, i);

      if (backup->drilled_ms > before_ms)
        return NULL;
    }

  return backups->len > 0 ? g_ptr_array_index (backups, 0) : NULL;
}

static gboolean
make_one (const DynoErrand  *errand,
          GError           **error)
{
  g_autoptr(DynoBackup) backup = NULL;

  dyno_backup_make_async (errand->shop, TRUE, NULL, errand->cancellable, dyno_await_cb,
                          errand->await);
  backup = dyno_backup_make_finish (dyno_await_wait (errand->await), error);

  return backup != NULL;
}

static gboolean
drill (const DynoErrand  *errand,
       const DynoBackup  *which,
       GError           **error)
{
  g_autoptr(DynoBackup) backup = NULL;

  dyno_backup_verify_async (errand->shop, which->id, TRUE, NULL, errand->cancellable,
                            dyno_await_cb, errand->await);
  backup = dyno_backup_verify_finish (dyno_await_wait (errand->await), error);

  return backup != NULL;
}

static gpointer
tend (const DynoErrand *errand,
      gpointer          unused,
      GError          **error)
{
  DynoShop *shop = errand->shop;
  g_autoptr(GPtrArray) backups = list_backups (shop, errand->await, error);
  const DynoBackup *due;

  if (backups == NULL)
    return NULL;
  if (is_due (shop, backups))
    {
      if (!make_one (errand, error))
        return NULL;
      g_ptr_array_unref (backups);
      backups = list_backups (shop, errand->await, error);
    }
  if (backups == NULL)
    return NULL;
  due = choose_drill (shop, backups);

  return due == NULL || drill (errand, due, error) ? DYNO_OPERATION_DONE : NULL;
}

static const DynoOperation tend_operation = { "backup-tend", tend, NULL, TRUE, FALSE };

void
dyno_backup_tend_async (DynoShop            *shop,
                        GCancellable        *cancellable,
                        GAsyncReadyCallback  callback,
                        gpointer             user_data)
{
  dyno_operation_start (shop, &tend_operation, NULL, NULL, cancellable, callback, user_data);
}

gboolean
dyno_backup_tend_finish (GAsyncResult  *result,
                         GError       **error)
{
  return dyno_operation_finish (result, &tend_operation, error) != NULL;
}

/* Health */

/* 0: none. */
static gint64
last_verified_ms (GPtrArray *backups)
{
  gint64 last_ms = 0;

  for (guint i = 0; i < backups->len; i++)
    {
      const DynoBackup *backup = g_ptr_array_index (backups, i);

      if (backup->error == NULL)
        last_ms = MAX (last_ms, backup->verified_ms);
    }

  return last_ms;
}

/* When backups became possible: the install was named when the vault first opened; the
 * row is written once. Now, where it is not there yet. */
static gint64
find_birth_ms (const DynoErrand *errand,
               gint64            now_ms)
{
  DynoStore *store = errand->shop->store;
  g_autoptr(GPtrArray) settings = NULL;

  dyno_store_list_settings_async (store, NULL, dyno_await_cb, errand->await);
  settings = dyno_store_list_settings_finish (store, dyno_await_wait (errand->await), NULL);
  for (guint i = 0; settings != NULL && i < settings->len; i++)
    {
      const DynoSetting *setting = g_ptr_array_index (settings, i);

      if (g_str_equal (setting->key, DYNO_SETTING_INSTALL))
        return setting->updated_ms;
    }

  return now_ms;
}

static void
tell_age (const DynoErrand *errand,
          DynoComponent    *self,
          GPtrArray        *backups)
{
  gint64 now_ms = dyno_clock_real_us (errand->shop->clock) / 1000;
  gint64 last_ms = last_verified_ms (backups);
  gint64 since_ms = last_ms != 0 ? last_ms : find_birth_ms (errand, now_ms);
  g_autofree char *at = dyno_clock_format_utc (last_ms * 1000);

  dyno_metrics_set (DYNO_METRIC_BACKUP_VERIFIED, last_ms != 0 ? (double) last_ms / 1000 : NAN, NULL);
  if (now_ms - since_ms > MOST_AGE_MS)
    dyno_component_set (self, DYNO_COMPONENT_DEGRADED,
                        "Make a backup, and look why the daily one is not made.",
                        "No backup was verified in the last 8 days.");
  else if (last_ms == 0)
    dyno_component_set (self, DYNO_COMPONENT_HEALTHY, NULL, "No backup is due yet.");
  else
    dyno_component_set (self, DYNO_COMPONENT_HEALTHY, NULL, "The last backup was verified at %s.",
                        at);
}

void
dyno_backup_look (const DynoErrand *errand,
                  DynoComponent    *self)
{
  g_autoptr(GError) error = NULL;
  g_autoptr(GPtrArray) backups = NULL;

  if (errand->shop->store == NULL)
    {
      dyno_component_set (self, DYNO_COMPONENT_HEALTHY, NULL, "There is no database to back up.");
      return;
    }
  backups = list_backups (errand->shop, errand->await, &error);
  if (backups != NULL)
    tell_age (errand, self, backups);
  else
    dyno_component_set (self, DYNO_COMPONENT_DEGRADED, "Look at the database.", "%s",
                        error->message);
}
