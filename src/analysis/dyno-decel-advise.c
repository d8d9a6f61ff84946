/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

#include "config.h"

#include "dyno-decel-advise.h"

#include <math.h>

#include "dyno-rowwise.h"

static void
add_event (DynoAdvice           *advice,
           const DynoDecelEvent *event)
{
  const DynoRowRange range = { event->first, event->last };
  double pop = dyno_decel_pop (event);
  DynoFinding *finding;

  if (pop < DYNO_DECEL_POP)
    return;

  finding = dyno_finding_new ("decel-pop", pop, DYNO_EVIDENCE_INFERRED,
                              "Throttle closed at %.0f rpm; %.1f AFR in it is lean enough to "
                              "pop.",
                              event->start_rpm, fmax (event->max_afr[0], event->max_afr[1]));
  g_array_append_val (finding->samples, range);
  dyno_finding_add_number (finding, "pop_front", event->pop[0]);
  dyno_finding_add_number (finding, "pop_rear", event->pop[1]);
  dyno_finding_add_number (finding, "max_afr_front", event->max_afr[0]);
  dyno_finding_add_number (finding, "max_afr_rear", event->max_afr[1]);
  dyno_finding_add_number (finding, "duration_ms", event->duration_ms);
  dyno_finding_add_check (finding, "Look for a leaking exhaust joint: it pops the same way.");
  dyno_advice_take (advice, finding);
}

static void
add_overlay (DynoAdvice      *advice,
             const DynoDecel *self,
             guint            n_pops)
{
  DynoFinding *finding;
  double most = 0;

  for (guint i = 0; i < dyno_grid_shape_cells (&self->overlay->shape); i++)
    most = fmax (most, self->overlay->values[i]);
  finding = dyno_finding_new (
      "decel-overlay", most * 100, DYNO_EVIDENCE_INFERRED,
      "Up to %.1f %% more fuel in shut-throttle cells would quiet popping (%u of %u closings pop).",
      most * 100, n_pops, self->events->len);
  for (guint i = 0; i < dyno_grid_shape_cells (&self->overlay->shape); i++)
    {
      if (!isnan (self->overlay->values[i]))
        dyno_finding_add_cell (finding, i);
    }
  dyno_finding_add_number (finding, "most_pct", most * 100);
  dyno_finding_add_number (finding, "events", self->events->len);
  dyno_finding_add_number (finding, "pops", n_pops);
  dyno_finding_add_check (finding, "Use it in shut-throttle cells only, then listen again.");
  dyno_advice_take (advice, finding);
}

DynoAdvice *
dyno_decel_advise (const DynoDecel    *self,
                   const DynoVeResult *result)
{
  static const DynoChannel needed[] = { DYNO_CHANNEL_TIME, DYNO_CHANNEL_TPS, DYNO_CHANNEL_NONE };
  DynoAdvice *advice = dyno_advice_new ("decel");

  dyno_rowwise_require (advice, result->set, needed);
  if (!dyno_advice_is_available (advice))
    return advice;

  for (guint i = 0; i < self->events->len; i++)
    add_event (advice, &g_array_index (self->events, DynoDecelEvent, i));
  if (advice->findings->len > 0)
    add_overlay (advice, self, advice->findings->len);

  return advice;
}
