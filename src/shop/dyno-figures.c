/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

#include "config.h"

#include "dyno-figures.h"

#include "dyno-plate.h"
#include "dyno-reference.h"
#include "dyno-summary.h"

void
dyno_figures_make (DynoStore  *store,
                   DynoConfig *config,
                   DynoAwait  *await,
                   DynoRun    *run,
                   gboolean    is_reference)
{
  g_autoptr(GError) error = NULL;
  g_autoptr(DynoSamples) samples = NULL;
  g_autofree char *correction = dyno_config_dup (config, "ui.correction");
  DynoPowerOptions options;
  DynoDrum shown;
  DynoDrum drum;
  gboolean has_shown;

  dyno_store_load_samples_async (store, run->id, NULL, NULL, dyno_await_cb, await);
  samples = dyno_store_load_samples_finish (store, dyno_await_wait (await), &error);
  if (samples == NULL)
    {
      g_info ("No figures for run %s: %s", run->id, error->message);
      return;
    }

  dyno_power_options_init (&options);
  dyno_standard_find (correction, &options.standard);
  options.stoich = dyno_reference_stoich (store, await, run->vehicle_id);
  has_shown = run->provider != NULL && dyno_reference_load (store, await, run->provider, &shown);
  dyno_plate_give (config, has_shown ? &shown : NULL, &drum, &options);
  dyno_summary_fill (run, samples, &options);
  if (is_reference && run->provider != NULL)
    dyno_reference_offer (store, await, run->provider, run->id, samples);
}
