/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

#include "config.h"

#include "dyno-advise.h"

#include "dyno-confidence-advise.h"
#include "dyno-decel-advise.h"
#include "dyno-factors.h"
#include "dyno-heat-advise.h"
#include "dyno-opportunity-advise.h"
#include "dyno-transient-advise.h"

typedef void (*AdviseFunc) (DynoAdvices        *self,
                            const DynoVeResult *result,
                            const DynoProgress *progress);

static void
advise_anomalies (DynoAdvices        *self,
                  const DynoVeResult *result,
                  const DynoProgress *progress)
{
  g_autoptr(GPtrArray) unavailable = g_ptr_array_new ();

  self->knock = dyno_knock_new (result, progress);
  g_ptr_array_add (self->advice,
                   dyno_anomalies_advise (result, self->knock, unavailable, progress));
  g_ptr_array_extend_and_steal (self->advice, g_steal_pointer (&unavailable));
}

static void
advise_decel (DynoAdvices        *self,
              const DynoVeResult *result,
              const DynoProgress *progress)
{
  self->decel = dyno_decel_of_result (result, progress);
  g_ptr_array_add (self->advice, dyno_decel_advise (self->decel, result));
}

static void
advise_balance (DynoAdvices        *self,
                const DynoVeResult *result,
                const DynoProgress *progress)
{
  self->balance = dyno_balance_of_result (result);
  g_ptr_array_add (self->advice, dyno_balance_advise (self->balance, result));
}

static void
advise_confidence (DynoAdvices        *self,
                   const DynoVeResult *result,
                   const DynoProgress *progress)
{
  g_autofree double *front = dyno_factors_mad (result, 0, progress);
  g_autofree double *rear = dyno_factors_mad (result, 1, progress);
  const double *const mad[DYNO_VE_CYLINDERS] = { front, rear };

  dyno_confidence_report_of_result (&self->confidence, result, mad,
                                    dyno_advices_find (self, "anomalies"));
  g_ptr_array_add (self->advice, dyno_confidence_report_advise (&self->confidence, result));
}

static void
advise_opportunities (DynoAdvices        *self,
                      const DynoVeResult *result,
                      const DynoProgress *progress)
{
  self->opportunities = dyno_opportunities_of_result (result, self->knock);
  g_ptr_array_add (self->advice,
                   dyno_opportunities_advise (self->opportunities, result, self->knock));
}

static void
advise_transient (DynoAdvices        *self,
                  const DynoVeResult *result,
                  const DynoProgress *progress)
{
  for (guint c = 0; c < DYNO_VE_CYLINDERS; c++)
    self->transients[c] = dyno_transient_of_result (result, c, progress);
  g_ptr_array_add (self->advice,
                   dyno_transient_advise (self->transients[0], self->transients[1], result));
}

static void
advise_heat (DynoAdvices        *self,
             const DynoVeResult *result,
             const DynoProgress *progress)
{
  self->heat = dyno_heat_of_result (result, progress);
  g_ptr_array_add (self->advice, dyno_heat_advise (self->heat, result));
}

static void
advise_environment (DynoAdvices        *self,
                    const DynoVeResult *result,
                    const DynoProgress *progress)
{
  g_ptr_array_add (self->advice, dyno_environment_advise (result, &self->environment));
}

/* In this order: anomalies make the knock cells that opportunities need, and
 * confidence counts anomalies. */
static const AdviseFunc advisers[] = {
  advise_anomalies,     advise_decel,     advise_balance, advise_confidence,
  advise_opportunities, advise_transient, advise_heat,    advise_environment,
};

DynoAdvices *
dyno_advise_run (const DynoVeResult  *result,
                 const DynoProgress  *progress,
                 DynoAnalysisError  **error)
{
  g_autoptr(DynoAdvices) self = g_new0 (DynoAdvices, 1);

  self->advice = g_ptr_array_new_with_free_func ((GDestroyNotify) dyno_advice_free);
  for (gsize i = 0; i < G_N_ELEMENTS (advisers); i++)
    {
      dyno_progress_tell (progress, (double) i / G_N_ELEMENTS (advisers), "advise");
      if (!dyno_progress_is_cancelled (progress))
        advisers[i] (self, result, progress);
    }
  if (dyno_progress_is_cancelled (progress))
    {
      dyno_analysis_error_set (error, DYNO_ANALYSIS_CANCELLED, "The analysis was cancelled.");
      return NULL;
    }
  dyno_progress_tell (progress, 1, "advise");

  return g_steal_pointer (&self);
}

void
dyno_advices_free (DynoAdvices *self)
{
  if (self == NULL)
    return;

  dyno_knock_free (self->knock);
  dyno_decel_free (self->decel);
  dyno_balance_free (self->balance);
  g_clear_pointer (&self->opportunities, g_array_unref);
  for (guint c = 0; c < DYNO_VE_CYLINDERS; c++)
    dyno_transient_free (self->transients[c]);
  dyno_heat_free (self->heat);
  g_ptr_array_unref (self->advice);
  g_free (self);
}

const DynoAdvice *
dyno_advices_find (const DynoAdvices *self,
                   const char        *adviser)
{
  for (guint i = 0; i < self->advice->len; i++)
    {
      const DynoAdvice *advice = g_ptr_array_index (self->advice, i);

      if (g_str_equal (advice->adviser, adviser))
        return advice;
    }

  return NULL;
}
