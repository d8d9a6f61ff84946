/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

#include "config.h"

#include "dyno-dossier.h"

#include <math.h>

#include "dyno-archive-private.h"
#include "dyno-json.h"
#include "dyno-summary.h"

/* A run of a year; a longer one is a mistake of its file. */
#define LONGEST_S 3.2e7

DynoDossier *
dyno_dossier_new (DynoRun     *run,
                  DynoSamples *samples)
{
  DynoDossier *self = g_new0 (DynoDossier, 1);
  guint n = dyno_samples_n_columns (samples);

  self->run = run;
  self->samples = samples;
  self->confidence = g_new (double, MAX (n, 1));
  for (guint i = 0; i < n; i++)
    self->confidence[i] = NAN;
  self->marks = g_ptr_array_new_with_free_func ((GDestroyNotify) dyno_run_mark_free);
  self->analyses = g_ptr_array_new_with_free_func ((GDestroyNotify) dyno_analysis_record_free);
  self->extras = g_ptr_array_new_with_free_func ((GDestroyNotify) dyno_archive_member_free);
  dyno_power_options_init (&self->options);

  return self;
}

void
dyno_dossier_free (DynoDossier *self)
{
  if (self == NULL)
    return;

  dyno_run_free (self->run);
  dyno_samples_unref (self->samples);
  g_free (self->confidence);
  g_ptr_array_unref (self->marks);
  g_clear_pointer (&self->vehicle, dyno_vehicle_free);
  g_clear_pointer (&self->customer, dyno_customer_free);
  g_free (self->source_name);
  g_free (self->source_sha256);
  g_clear_pointer (&self->source, g_bytes_unref);
  g_clear_pointer (&self->journal, g_bytes_unref);
  g_ptr_array_unref (self->analyses);
  g_ptr_array_unref (self->extras);
  g_free (self->shop_id);
  g_free (self->chain_head);
  g_clear_pointer (&self->power, dyno_pull_power_unref);
  g_free (self);
}

static void
redact_vehicle (DynoVehicle *vehicle)
{
  g_clear_pointer (&vehicle->vin, g_free);
  g_clear_pointer (&vehicle->plate, g_free);
  g_clear_pointer (&vehicle->customer_id, g_free);
  g_clear_pointer (&vehicle->customer_name, g_free);
}

void
dyno_dossier_redact (DynoDossier *self)
{
  self->is_redacted = TRUE;
  g_clear_pointer (&self->customer, dyno_customer_free);
  if (self->vehicle != NULL)
    redact_vehicle (self->vehicle);
  g_clear_pointer (&self->run->customer_id, g_free);
  g_clear_pointer (&self->run->customer_name, g_free);
  g_clear_pointer (&self->run->notes, g_free);
  g_clear_pointer (&self->source, g_bytes_unref);
  g_clear_pointer (&self->journal, g_bytes_unref);
  g_ptr_array_set_size (self->extras, 0);
}

const DynoPullPower *
dyno_dossier_power (DynoDossier *self)
{
  if (self->power == NULL)
    self->power = dyno_pull_power_make (self->samples, &self->options,
                                        self->has_reference ? &self->reference : NULL);

  return self->power;
}

DynoPullPower *
dyno_dossier_own_power (const DynoDossier *self)
{
  DynoPowerOptions options;

  dyno_power_options_init (&options);
  if (self->run->peaks.correction != NULL)
    dyno_standard_find (self->run->peaks.correction, &options.standard);
  options.level = DYNO_SUMMARY_LEVEL;
  if (self->vehicle != NULL)
    options.stoich = dyno_summary_stoich (self->vehicle->data);
  dyno_summary_trim (&options, self->samples, self->run);

  return dyno_pull_power_make (self->samples, &options, NULL);
}

char *
dyno_dossier_dialect (const DynoDossier *self)
{
  g_autoptr(DynoJson) report
    = self->run->report != NULL
        ? dyno_json_parse_limited (self->run->report, -1, &dyno_json_limits_own, NULL) : NULL;

  return g_strdup (dyno_json_get_string (report, "dialect"));
}

gint64
dyno_dossier_closed_ms (const DynoDossier *self)
{
  double duration_s = isfinite (self->run->duration_s) ? self->run->duration_s : 0;
  double at_most_s = CLAMP (duration_s, 0, LONGEST_S);

  return self->run->started_ms > 0 ? self->run->started_ms + llround (at_most_s * 1000) : 0;
}
