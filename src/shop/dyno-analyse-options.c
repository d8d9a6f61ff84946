/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

#include "config.h"

#include "dyno-analyse-private.h"

#include "dyno-shop-private.h"

/* The options of an analysis: the vehicle's, the caller's; part of dyno-analyse.h. */

/* What the vehicle's data says of its fuel, targets and delay. */
static gboolean
take_vehicle_options (const DynoErrand *errand,
                      const char       *run_id,
                      DynoVeOptions    *options,
                      GError          **error)
{
  DynoStore *store = errand->shop->store;
  g_autoptr(DynoRun) run = NULL;
  g_autoptr(DynoVehicle) vehicle = NULL;
  g_autoptr(DynoJson) data = NULL;
  DynoAnalysisError *cause = NULL;

  dyno_store_get_run_async (store, run_id, NULL, dyno_await_cb, errand->await);
  run = dyno_store_get_run_finish (store, dyno_await_wait (errand->await), error);
  if (run == NULL)
    return FALSE;
  if (run->vehicle_id == NULL)
    return TRUE;
  dyno_store_get_vehicle_async (store, run->vehicle_id, NULL, dyno_await_cb, errand->await);
  vehicle = dyno_store_get_vehicle_finish (store, dyno_await_wait (errand->await), NULL);
  data = vehicle != NULL && vehicle->data != NULL ? dyno_json_parse (vehicle->data, -1, NULL)
                                                  : NULL;
  if (dyno_json_member (data, "stoich") != NULL)
    options->afr_stoich = CLAMP (dyno_json_get_number (data, "stoich", DYNO_STOICH_PETROL), 1, 20);
  if (dyno_json_member (data, "analysis") == NULL
      || dyno_ve_options_set_all (options, dyno_json_member (data, "analysis"), &cause))
    return TRUE;
  dyno_analyse_set_error (error, cause);

  return FALSE;
}

/* What the caller gave, else what the vehicle wants; and upon it the single settings. */
gboolean
dyno_analyse_choose_options (const DynoErrand   *errand,
                             DynoAnalyseRequest *request,
                             GError            **error)
{
  const DynoAnalyseInput *first
    = request->inputs->len > 0 ? g_ptr_array_index (request->inputs, 0) : NULL;

  if (request->options == NULL)
    {
      request->options = dyno_ve_options_new ();
      dyno_analyse_take_defaults (errand->shop->config, request->options);
      if (first != NULL && first->run_id != NULL
          && !take_vehicle_options (errand, first->run_id, request->options, error))
        return FALSE;
    }

  return dyno_analyse_apply_settings (request, request->options, error);
}
