/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

#include "config.h"

#include "dyno-reference.h"

#include "dyno-json.h"
#include "dyno-selfcheck.h"
#include "dyno-summary.h"

/* Kept among the settings, a key a dyno. */
static char *
key_of (const char *provider)
{
  return g_strconcat ("dyno.reference.", provider, NULL);
}

static char *
find_setting (DynoStore  *store,
              DynoAwait  *await,
              const char *key)
{
  g_autoptr(GPtrArray) settings = NULL;

  dyno_store_list_settings_async (store, NULL, dyno_await_cb, await);
  settings = dyno_store_list_settings_finish (store, dyno_await_wait (await), NULL);
  for (guint i = 0; settings != NULL && i < settings->len; i++)
    {
      const DynoSetting *setting = g_ptr_array_index (settings, i);

      if (g_str_equal (setting->key, key))
        return g_strdup (setting->value);
    }

  return NULL;
}

gboolean
dyno_reference_load (DynoStore  *store,
                     DynoAwait  *await,
                     const char *provider,
                     DynoDrum   *drum)
{
  g_autofree char *key = key_of (provider);
  g_autofree char *text = find_setting (store, await, key);
  g_autoptr(DynoJson) json = text != NULL ? dyno_json_parse (text, -1, NULL) : NULL;

  drum->m_eff_kg = dyno_json_get_number (json, "m_eff_kg", 0);
  drum->c0_n = dyno_json_get_number (json, "c0_n", 0);
  drum->c1_n_per_kmh = dyno_json_get_number (json, "c1_n_per_kmh", 0);
  drum->c2_n_per_kmh2 = dyno_json_get_number (json, "c2_n_per_kmh2", 0);

  return drum->m_eff_kg > 0;
}

static char *
reference_json (const DynoDrum *drum,
                const char     *run_id)
{
  DynoJsonWriter *w = dyno_json_writer_new (FALSE);

  dyno_json_writer_begin_object (w);
  dyno_json_writer_add_number (w, "m_eff_kg", drum->m_eff_kg);
  dyno_json_writer_add_number (w, "c0_n", drum->c0_n);
  dyno_json_writer_add_number (w, "c1_n_per_kmh", drum->c1_n_per_kmh);
  dyno_json_writer_add_number (w, "c2_n_per_kmh2", drum->c2_n_per_kmh2);
  dyno_json_writer_add_string (w, "run", run_id);
  dyno_json_writer_end_object (w);

  return dyno_json_writer_finish (w);
}

void
dyno_reference_offer (DynoStore         *store,
                      DynoAwait         *await,
                      const char        *provider,
                      const char        *run_id,
                      const DynoSamples *samples)
{
  g_autofree char *key = key_of (provider);
  g_autofree char *value = NULL;
  g_autoptr(GError) error = NULL;
  DynoSelfcheck check;
  DynoDrum known;

  if (!dyno_selfcheck_run (samples, &check)
      || dyno_selfcheck_judge (&check, NULL) != DYNO_SELFCHECK_REFERENCE
      || dyno_reference_load (store, await, provider, &known))
    return;

  value = reference_json (&check.drum, run_id);
  dyno_store_set_settings_async (store, 1, (const char *const[]){ key },
                                 (const char *const[]){ value }, NULL, dyno_await_cb, await);
  if (!dyno_store_set_settings_finish (store, dyno_await_wait (await), &error))
    g_info ("The reference of %s is not kept: %s", provider, error->message);
}

double
dyno_reference_stoich (DynoStore  *store,
                       DynoAwait  *await,
                       const char *vehicle_id)
{
  g_autoptr(DynoVehicle) vehicle = NULL;

  if (vehicle_id == NULL)
    return DYNO_STOICH_PETROL;

  dyno_store_get_vehicle_async (store, vehicle_id, NULL, dyno_await_cb, await);
  vehicle = dyno_store_get_vehicle_finish (store, dyno_await_wait (await), NULL);

  return dyno_summary_stoich (vehicle != NULL ? vehicle->data : NULL);
}
