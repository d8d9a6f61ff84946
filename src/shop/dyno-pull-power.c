/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

#include "config.h"

#include "dyno-pull-power-private.h"

#include <math.h>

#include "dyno-errand-load.h"
#include "dyno-plate.h"
#include "dyno-reference.h"
#include "dyno-shop-private.h"
#include "dyno-summary.h"

typedef struct
{
  char             *run_id;      /* (owned) (nullable) */
  DynoSamples      *samples;     /* (owned) (nullable) */
  DynoPowerOptions  options;     /* what it borrows is the asker's */
  gboolean          has_options;
} Question;

static void
question_free (gpointer data)
{
  Question *question = data;

  g_free (question->run_id);
  g_clear_pointer (&question->samples, dyno_samples_unref);
  g_free (question);
}

DynoPullPower *
dyno_pull_power_ref (DynoPullPower *self)
{
  g_atomic_ref_count_inc (&self->n_refs);

  return self;
}

void
dyno_pull_power_unref (DynoPullPower *self)
{
  if (self == NULL || !g_atomic_ref_count_dec (&self->n_refs))
    return;

  dyno_power_free (self->power);
  dyno_samples_unref (self->samples);
  g_free (self);
}

void
dyno_pull_power_defaults (DynoShop         *shop,
                          DynoPowerOptions *options)
{
  g_autofree char *correction = dyno_config_dup (shop->config, "ui.correction");

  dyno_power_options_init (options);
  dyno_standard_find (correction, &options->standard);
  options->level = (guint) dyno_config_get_integer (shop->config, "ui.smoothing");
}

/* A run without a pull in which the drum rolls out shows the losses, where somebody
 * knows the mass. */
static void
check_coast_down (DynoPullPower          *self,
                  const DynoPowerOptions *options)
{
  const DynoDrum *known = self->has_reference ? &self->reference : options->drum;

  if (self->power->trim == DYNO_TRIM_OK || known == NULL)
    return;

  self->has_coast_down = dyno_selfcheck_coast_down (self->samples, known->m_eff_kg,
                                                    &self->coast_down);
}

DynoPullPower *
dyno_pull_power_make (DynoSamples            *samples,
                      const DynoPowerOptions *options,
                      const DynoDrum         *reference)
{
  DynoPullPower *self = g_new0 (DynoPullPower, 1);

  g_atomic_ref_count_init (&self->n_refs);
  self->samples = dyno_samples_ref (samples);
  self->power = dyno_power_new (samples, options);
  self->has_selfcheck = dyno_selfcheck_run (samples, &self->selfcheck);
  self->verdict = self->has_selfcheck ? dyno_selfcheck_judge (&self->selfcheck, reference)
                                      : DYNO_SELFCHECK_NOT_AVAILABLE;
  self->has_reference = reference != NULL;
  if (reference != NULL)
    self->reference = *reference;
  check_coast_down (self, options);

  return self;
}

/* Two options of one text give the same curve. (transfer full) */
static char *
options_key (const char             *run_key,
             const DynoPowerOptions *options)
{
  static const DynoDrum none = { 0 };
  const DynoDrum *drum = options->drum != NULL ? options->drum : &none;
  const char *name = options->drum_rpm_name != NULL ? options->drum_rpm_name : "";

  return g_strdup_printf ("%s|%d %u %d %a %a %a %a %" G_GSSIZE_FORMAT " %" G_GSSIZE_FORMAT
                          " %a %a %a %a %a %s", run_key, options->standard, options->level,
                          options->as_logged, options->typed.pressure_hpa,
                          options->typed.temperature_c, options->typed.humidity_pct,
                          options->stoich, options->first_row, options->last_row,
                          options->circumference_m, drum->m_eff_kg, drum->c0_n,
                          drum->c1_n_per_kmh, drum->c2_n_per_kmh2, name);
}

static void
set_fuel (const DynoErrand *errand,
          const DynoRun    *run,
          DynoPowerOptions *options)
{
  DynoPowerOptions plain;

  dyno_power_options_init (&plain);
  if (options->stoich == plain.stoich)
    options->stoich = dyno_reference_stoich (errand->shop->store, errand->await, run->vehicle_id);
}

DynoPullPower *
dyno_pull_power_of_run (const DynoErrand        *errand,
                        const DynoRun           *run,
                        const DynoPowerOptions  *asked,
                        GError                 **error)
{
  DynoPowerCache *cache = errand->shop->powers;
  g_autofree char *run_key = g_strdup_printf ("%s@%" G_GINT64_FORMAT, run->id, run->revision);
  g_autoptr(DynoSamples) samples = dyno_power_cache_samples (cache, run_key);
  g_autofree char *key = NULL;
  DynoPowerOptions options = *asked;
  DynoPullPower *power;
  DynoDrum reference;
  DynoDrum drum;
  gboolean has_reference;

  if (samples == NULL)
    samples = dyno_errand_load_samples (errand, run->id, error);
  if (samples == NULL)
    return NULL;

  dyno_summary_trim (&options, samples, run);
  set_fuel (errand, run, &options);
  has_reference = run->provider != NULL
                  && dyno_reference_load (errand->shop->store, errand->await, run->provider,
                                          &reference);
  dyno_plate_give (errand->shop->config, has_reference ? &reference : NULL, &drum, &options);
  key = options_key (run_key, &options);
  power = dyno_power_cache_find (cache, key);
  if (power != NULL)
    return power;

  power = dyno_pull_power_make (samples, &options, has_reference ? &reference : NULL);
  dyno_power_cache_put (cache, key, power);

  return power;
}

static gpointer
of_run (const DynoErrand *errand,
        gpointer          data,
        GError          **error)
{
  Question *question = data;
  g_autoptr(DynoRun) run = dyno_errand_load_run (errand, question->run_id, error);

  if (run == NULL)
    return NULL;
  if (!question->has_options)
    dyno_pull_power_defaults (errand->shop, &question->options);

  return dyno_pull_power_of_run (errand, run, &question->options, error);
}

DynoPullPower *
dyno_pull_power_of_samples (const DynoErrand       *errand,
                            DynoSamples            *samples,
                            const DynoPowerOptions *asked)
{
  DynoPowerOptions options = *asked;
  DynoDrum drum;

  dyno_plate_give (errand->shop->config, NULL, &drum, &options);

  return dyno_pull_power_make (samples, &options, NULL);
}

static gpointer
of_samples (const DynoErrand *errand,
            gpointer          data,
            GError          **error)
{
  Question *question = data;

  if (!question->has_options)
    dyno_pull_power_defaults (errand->shop, &question->options);

  return dyno_pull_power_of_samples (errand, question->samples, &question->options);
}

static const DynoOperation run_operation = { "power-run", of_run,
                                             (GDestroyNotify) dyno_pull_power_unref, TRUE };
static const DynoOperation samples_operation = { "power-samples", of_samples,
                                                 (GDestroyNotify) dyno_pull_power_unref, FALSE };

static Question *
question_new (const DynoPowerOptions *options)
{
  Question *question = g_new0 (Question, 1);

  question->has_options = options != NULL;
  if (options != NULL)
    question->options = *options;

  return question;
}

void
dyno_pull_power_run_async (DynoShop               *shop,
                           const char             *run_id,
                           const DynoPowerOptions *options,
                           GCancellable           *cancellable,
                           GAsyncReadyCallback     callback,
                           gpointer                user_data)
{
  Question *question = question_new (options);

  question->run_id = g_strdup (run_id);
  dyno_operation_start (shop, &run_operation, question, question_free, cancellable, callback,
                        user_data);
}

void
dyno_pull_power_samples_async (DynoShop               *shop,
                               DynoSamples            *samples,
                               const DynoPowerOptions *options,
                               GCancellable           *cancellable,
                               GAsyncReadyCallback     callback,
                               gpointer                user_data)
{
  Question *question = question_new (options);

  question->samples = dyno_samples_ref (samples);
  dyno_operation_start (shop, &samples_operation, question, question_free, cancellable, callback,
                        user_data);
}

DynoPullPower *
dyno_pull_power_finish (GAsyncResult *result,
                        GError      **error)
{
  gboolean is_run = g_async_result_is_tagged (result, (gpointer) &run_operation);

  return dyno_operation_finish (result, is_run ? &run_operation : &samples_operation, error);
}
