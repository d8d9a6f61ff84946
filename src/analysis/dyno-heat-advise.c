/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

#include "config.h"

#include "dyno-heat-advise.h"

#include "dyno-rowwise.h"

static void
add_event (DynoAdvice          *advice,
           const DynoHeatEvent *event,
           const DynoGrid      *overlay)
{
  DynoFinding *finding = dyno_finding_new (
      "heat-soak", event->error * 100, DYNO_EVIDENCE_INFERRED,
      "The intake stood at %.0f °C for %.0f s near idle; the ECU may misjudge the air by %.1f %%.",
      event->mean_iat_c, event->duration_s, event->error * 100);
  const DynoRowRange range = { event->first, event->last };

  g_array_append_val (finding->samples, range);
  for (guint i = 0; i < dyno_grid_shape_cells (&overlay->shape); i++)
    {
      double rpm = overlay->shape.rpm.at[i / overlay->shape.load.n];

      if (!isnan (overlay->values[i]) && rpm >= event->min_rpm && rpm <= event->max_rpm)
        dyno_finding_add_cell (finding, i);
    }
  dyno_finding_add_number (finding, "mean_iat_c", event->mean_iat_c);
  dyno_finding_add_number (finding, "max_iat_c", event->max_iat_c);
  dyno_finding_add_number (finding, "duration_s", event->duration_s);
  dyno_finding_add_number (finding, "density_error_pct", event->error * 100);
  dyno_finding_add_check (finding, "Let air move over the intake before the next run.");
  dyno_advice_take (advice, finding);
}

static void
add_session (DynoAdvice            *advice,
             const DynoHeatSession *session)
{
  DynoFinding *finding;

  if (session->loss == DYNO_HEAT_LOSS_NONE)
    return;

  finding = dyno_finding_new ("heat-loss", session->loss_pct, DYNO_EVIDENCE_MEASURED,
                              "The last of %u pulls made %.1f %% less than the best: %s.",
                              session->n_pulls, session->loss_pct,
                              dyno_heat_loss_name (session->loss));
  dyno_finding_add_number (finding, "loss_pct", session->loss_pct);
  dyno_finding_add_number (finding, "iat_rise_c", session->iat_rise_c);
  dyno_finding_add_number (finding, "confidence", session->confidence);
  dyno_finding_add_check (finding, "Let it cool down and repeat the first pull.");
  dyno_advice_take (advice, finding);
}

DynoAdvice *
dyno_heat_advise (const DynoHeat     *self,
                  const DynoVeResult *result)
{
  static const DynoChannel needed[] = { DYNO_CHANNEL_TIME, DYNO_CHANNEL_IAT, DYNO_CHANNEL_TPS,
                                        DYNO_CHANNEL_NONE };
  DynoAdvice *advice = dyno_advice_new ("heat");

  dyno_rowwise_require (advice, result->set, needed);
  if (!dyno_advice_is_available (advice))
    return advice;

  for (guint i = 0; i < self->events->len; i++)
    add_event (advice, &g_array_index (self->events, DynoHeatEvent, i), self->overlay);
  add_session (advice, &self->session);

  return advice;
}
