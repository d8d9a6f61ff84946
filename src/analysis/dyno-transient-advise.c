/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

#include "config.h"

#include "dyno-transient-advise.h"

#include <math.h>

#include "dyno-rowwise.h"

#define TOLERANCE_AFR 0.3

/* Rows of the events of one kind. */
static void
add_rows (DynoFinding         *finding,
          const DynoTransient *self,
          gboolean             is_accel)
{
  for (guint i = 0; i < self->events->len; i++)
    {
      const DynoTransientEvent *event = &g_array_index (self->events, DynoTransientEvent, i);
      const DynoRowRange range = { event->first, event->last };

      if (event->is_accel == is_accel && !isnan (event->mean_error))
        g_array_append_val (finding->samples, range);
    }
}

/* Mean error of the events of one kind; NaN without. */
static double
mean_error (const DynoTransient *self,
            gboolean             is_accel,
            guint               *n)
{
  double sum = 0;

  *n = 0;
  for (guint i = 0; i < self->events->len; i++)
    {
      const DynoTransientEvent *event = &g_array_index (self->events, DynoTransientEvent, i);

      if (event->is_accel != is_accel || isnan (event->mean_error))
        continue;
      sum += event->mean_error;
      (*n)++;
    }

  return *n > 0 ? sum / *n : NAN;
}

static void
add_film (DynoFinding         *finding,
          const DynoTransient *self)
{
  for (guint b = 0; b < DYNO_TRANSIENT_BANDS; b++)
    {
      const DynoTransientBand *band = &self->tables.bands[b];
      g_autofree char *x = g_strconcat ("x_", dyno_transient_band_name (b), NULL);
      g_autofree char *tau = g_strconcat ("tau_s_", dyno_transient_band_name (b), NULL);

      if (band->n_events == 0)
        continue;
      dyno_finding_add_number (finding, x, band->x);
      dyno_finding_add_number (finding, tau, band->tau_s);
    }
}

static void
advise_accel (DynoAdvice          *advice,
              const DynoTransient *self,
              guint                cylinder)
{
  guint n;
  double error = mean_error (self, TRUE, &n);
  DynoFinding *finding;

  if (!(fabs (error) > TOLERANCE_AFR))
    return;

  finding = dyno_finding_new (
      error > 0 ? "transient-lean" : "transient-rich", fabs (error), DYNO_EVIDENCE_INFERRED,
      "When the throttle opens the %s cylinder runs %.2f AFR too %s (%u events).",
      dyno_ve_cylinder_name (cylinder), fabs (error), error > 0 ? "lean" : "rich", n);
  add_rows (finding, self, TRUE);
  dyno_finding_add_number (finding, "cylinder", cylinder);
  dyno_finding_add_number (finding, "mean_error_afr", error);
  dyno_finding_add_number (finding, "events", n);
  add_film (finding, self);
  dyno_finding_add_check (finding, error > 0 ? "Add acceleration enrichment, then repeat the same "
                                               "throttle movements."
                                             : "Take acceleration enrichment back, then repeat "
                                               "the same throttle movements.");
  dyno_advice_take (advice, finding);
}

static void
advise_decel (DynoAdvice          *advice,
              const DynoTransient *self,
              guint                cylinder)
{
  guint n;
  double error = mean_error (self, FALSE, &n);
  DynoFinding *finding;

  if (!(error < -TOLERANCE_AFR))
    return;

  finding = dyno_finding_new ("decel-rich", -error, DYNO_EVIDENCE_INFERRED,
                              "When the throttle shuts the %s cylinder runs %.2f AFR too rich "
                              "(%u events).", dyno_ve_cylinder_name (cylinder), -error, n);
  add_rows (finding, self, FALSE);
  dyno_finding_add_number (finding, "cylinder", cylinder);
  dyno_finding_add_number (finding, "mean_error_afr", error);
  dyno_finding_add_number (finding, "events", n);
  dyno_finding_add_check (finding, "Try more fuel cut when the throttle shuts.");
  dyno_advice_take (advice, finding);
}

DynoAdvice *
dyno_transient_advise (const DynoTransient *front,
                       const DynoTransient *rear,
                       const DynoVeResult  *result)
{
  static const DynoChannel needed[] = { DYNO_CHANNEL_TIME, DYNO_CHANNEL_TPS, DYNO_CHANNEL_NONE };
  const DynoTransient *const cylinders[DYNO_VE_CYLINDERS] = { front, rear };
  DynoAdvice *advice = dyno_advice_new ("transient");

  dyno_rowwise_require (advice, result->set, needed);
  if (!dyno_advice_is_available (advice))
    return advice;

  for (guint c = 0; c < DYNO_VE_CYLINDERS; c++)
    {
      if (cylinders[c] == NULL)
        continue;
      advise_accel (advice, cylinders[c], c);
      advise_decel (advice, cylinders[c], c);
    }

  return advice;
}
