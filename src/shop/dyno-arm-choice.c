/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

#include "config.h"

#include "dyno-arm-private.h"

#include "dyno-shop-private.h"

/* Whose runs, of which dyno: chosen and remembered; part of dyno-arm.h. */

static gboolean
remember (const DynoErrand *errand,
          const char       *key,
          const char       *text,
          GError          **error)
{
  DynoStore *store = errand->shop->store;
  DynoJsonWriter *w = dyno_json_writer_new (FALSE);
  g_autofree char *value = NULL;
  g_autofree char *json = NULL;

  dyno_json_writer_string (w, text);
  json = dyno_json_writer_finish (w);
  value = text != NULL ? g_steal_pointer (&json) : NULL;
  dyno_store_set_settings_async (store, 1, (const char *const[]){ key },
                                 (const char *const[]){ value }, NULL, dyno_await_cb,
                                 errand->await);

  return dyno_store_set_settings_finish (store, dyno_await_wait (errand->await), error);
}

static gboolean
vehicle_is_known (const DynoErrand *errand,
                  const char       *vehicle_id,
                  GError          **error)
{
  g_autoptr(DynoVehicle) vehicle = NULL;

  if (vehicle_id == NULL)
    return TRUE;

  dyno_store_get_vehicle_async (errand->shop->store, vehicle_id, NULL, dyno_await_cb,
                                errand->await);
  vehicle = dyno_store_get_vehicle_finish (errand->shop->store, dyno_await_wait (errand->await),
                                           error);

  return vehicle != NULL;
}

static gpointer
set_vehicle (const DynoErrand *errand,
             gpointer          vehicle_id,
             GError          **error)
{
  g_autofree char *json = dyno_arm_command ("vehicle", "id", vehicle_id);

  if (!vehicle_is_known (errand, vehicle_id, error)
      || !remember (errand, DYNO_SETTING_VEHICLE, vehicle_id, error))
    return NULL;
  if (errand->shop->capture != NULL && !dyno_arm_tell (errand, json, error))
    return NULL;

  return DYNO_OPERATION_DONE;
}

static const DynoOperation vehicle_operation = { "set-vehicle", set_vehicle, NULL, TRUE };

void
dyno_arm_set_vehicle_async (DynoShop            *shop,
                            const char          *vehicle_id,
                            GCancellable        *cancellable,
                            GAsyncReadyCallback  callback,
                            gpointer             user_data)
{
  dyno_operation_start (shop, &vehicle_operation, g_strdup (vehicle_id), g_free, cancellable,
                        callback, user_data);
}

gboolean
dyno_arm_set_vehicle_finish (GAsyncResult *result,
                             GError      **error)
{
  return dyno_operation_finish (result, &vehicle_operation, error) != NULL;
}

static gpointer
choose_provider (const DynoErrand *errand,
                 gpointer          name,
                 GError          **error)
{
  if (!remember (errand, DYNO_SETTING_PROVIDER, name, error))
    return NULL;
  if (errand->shop->capture != NULL)
    dyno_capture_choose_provider (errand->shop->capture, name);

  return DYNO_OPERATION_DONE;
}

static const DynoOperation provider_operation = { "choose-provider", choose_provider, NULL, TRUE };

void
dyno_arm_choose_provider_async (DynoShop            *shop,
                                const char          *name,
                                GCancellable        *cancellable,
                                GAsyncReadyCallback  callback,
                                gpointer             user_data)
{
  dyno_operation_start (shop, &provider_operation, g_strdup (name), g_free, cancellable, callback,
                        user_data);
}

gboolean
dyno_arm_choose_provider_finish (GAsyncResult *result,
                                 GError      **error)
{
  return dyno_operation_finish (result, &provider_operation, error) != NULL;
}
