/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

#include "config.h"

#include "dyno-advise.h"

#include "dyno-confidence-advise.h"
#include "dyno-crew.h"
#include "dyno-decel-advise.h"
#include "dyno-heat-advise.h"
#include "dyno-opportunity-advise.h"
#include "dyno-transient-advise.h"

/* What each adviser says goes into a list of its own; the lists are joined in the end. */
typedef void (*AdviseFunc) (DynoAdvices        *self,
                            const DynoVeResult *result,
                            const DynoProgress *progress,
                            GPtrArray          *advice);

static void
advise_anomalies (DynoAdvices        *self,
                  const DynoVeResult *result,
                  const DynoProgress *progress,
                  GPtrArray          *advice)
{
  g_autoptr(GPtrArray) unavailable = g_ptr_array_new ();

  self->knock = dyno_knock_new (result, progress);
  g_ptr_array_add (advice, dyno_anomalies_advise (result, self->knock, unavailable, progress));
  g_ptr_array_extend_and_steal (advice, g_steal_pointer (&unavailable));
}

static void
advise_decel (DynoAdvices        *self,
              const DynoVeResult *result,
              const DynoProgress *progress,
              GPtrArray          *advice)
{
  self->decel = dyno_decel_of_result (result, progress);
  g_ptr_array_add (advice, dyno_decel_advise (self->decel, result));
}

static void
advise_balance (DynoAdvices        *self,
                const DynoVeResult *result,
                const DynoProgress *progress,
                GPtrArray          *advice)
{
  self->balance = dyno_balance_of_result (result);
  g_ptr_array_add (advice, dyno_balance_advise (self->balance, result));
}

/* It counts the anomalies. */
static void
advise_confidence (DynoAdvices        *self,
                   const DynoVeResult *result,
                   const DynoProgress *progress,
                   GPtrArray          *advice)
{
  dyno_confidence_report_of_result (&self->confidence, result,
                                    dyno_advices_find (self, "anomalies"));
  g_ptr_array_add (advice, dyno_confidence_report_advise (&self->confidence, result));
}

static void
advise_opportunities (DynoAdvices        *self,
                      const DynoVeResult *result,
                      const DynoProgress *progress,
                      GPtrArray          *advice)
{
  self->opportunities = dyno_opportunities_of_result (result, self->knock);
  g_ptr_array_add (advice, dyno_opportunities_advise (self->opportunities, result, self->knock));
}

static void
advise_transient (DynoAdvices        *self,
                  const DynoVeResult *result,
                  const DynoProgress *progress,
                  GPtrArray          *advice)
{
  for (guint c = 0; c < DYNO_VE_CYLINDERS; c++)
    self->transients[c] = dyno_transient_of_result (result, c, progress);
  g_ptr_array_add (advice,
                   dyno_transient_advise (self->transients[0], self->transients[1], result));
}

static void
advise_heat (DynoAdvices        *self,
             const DynoVeResult *result,
             const DynoProgress *progress,
             GPtrArray          *advice)
{
  self->heat = dyno_heat_of_result (result, progress);
  g_ptr_array_add (advice, dyno_heat_advise (self->heat, result));
}

static void
advise_environment (DynoAdvices        *self,
                    const DynoVeResult *result,
                    const DynoProgress *progress,
                    GPtrArray          *advice)
{
  g_ptr_array_add (advice, dyno_environment_advise (result, &self->environment));
}

/* Those that look at the rows do so side by side. The late ones need what anomalies
 * have found, and come in their turn. */
static const struct
{
  AdviseFunc advise;
  gboolean   is_late;
} advisers[] = {
  { advise_anomalies, FALSE },     { advise_decel, FALSE },     { advise_balance, FALSE },
  { advise_confidence, TRUE },     { advise_opportunities, TRUE }, { advise_transient, FALSE },
  { advise_heat, FALSE },          { advise_environment, FALSE },
};

#define N_ADVISERS G_N_ELEMENTS (advisers)

typedef struct
{
  DynoAdvices        *advices;
  const DynoVeResult *result;
  DynoProgress        progress;           /* for any thread */
  GPtrArray          *lists[N_ADVISERS];  /* (owned) of DynoAdvice */
} Advising;

/* On any thread. */
static void
advise_early (guint    index,
              gpointer data)
{
  Advising *self = data;

  self->lists[index] = g_ptr_array_new ();
  if (!advisers[index].is_late && !dyno_progress_is_cancelled (&self->progress))
    advisers[index].advise (self->advices, self->result, &self->progress, self->lists[index]);
}

/* In the order of the table. */
static void
join (Advising *self)
{
  for (gsize i = 0; i < N_ADVISERS; i++)
    {
      if (advisers[i].is_late && !dyno_progress_is_cancelled (&self->progress))
        advisers[i].advise (self->advices, self->result, &self->progress, self->lists[i]);
      g_ptr_array_extend_and_steal (self->advices->advice, g_steal_pointer (&self->lists[i]));
    }
}

DynoAdvices *
dyno_advise_run (const DynoVeResult  *result,
                 const DynoProgress  *progress,
                 DynoAnalysisError  **error)
{
  g_autoptr(DynoAdvices) self = g_new0 (DynoAdvices, 1);
  Advising advising = { self, result, dyno_progress_quiet (progress), { NULL } };

  self->advice = g_ptr_array_new_with_free_func ((GDestroyNotify) dyno_advice_free);
  dyno_progress_tell (progress, 0, "advise");
  dyno_crew_share (N_ADVISERS, result->n_rows > DYNO_VE_CHUNK, advise_early, &advising);
  join (&advising);
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
