/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

#include "config.h"

#include "dyno-confidence-advise.h"

/* Cells of which either cylinder ran into its limit. */
static guint
count_clamped (const DynoVeResult *result)
{
  guint n = 0;

  for (guint i = 0; i < result->n_cells; i++)
    n += result->cylinders[0].cells[i].reason == DYNO_CELL_CLAMPED
         || result->cylinders[1].cells[i].reason == DYNO_CELL_CLAMPED;

  return n;
}

static guint
count_gates (const DynoVeResult *result)
{
  static const DynoGate gates[] = { DYNO_GATE_ENGINE_COLD, DYNO_GATE_SENSOR_NOT_READY,
                                    DYNO_GATE_TRANSIENT };
  guint n = 0;

  for (gsize i = 0; i < G_N_ELEMENTS (gates); i++)
    n += result->gates_unavailable >> gates[i] & 1;

  return n;
}

void
dyno_confidence_report_of_result (DynoConfidenceReport *self,
                                  const DynoVeResult   *result,
                                  const DynoAdvice     *anomalies)
{
  g_autofree guint32 *hits = g_new (guint32, 2 * MAX (result->n_cells, 1));
  g_autofree double *scores = g_new (double, MAX (anomalies->findings->len, 1));
  DynoConfidenceInput input = {
    .shape = result->set->shape,
    .hits = { hits, hits + result->n_cells },
    .mad = { result->cylinders[0].mads, result->cylinders[1].mads },
    .edge_rpm = result->set->options->edge_rpm,
    .n_clamped = count_clamped (result),
    .anomaly_scores = scores,
    .n_anomalies = anomalies->findings->len,
    .n_gates_unavailable = count_gates (result),
  };

  for (guint c = 0; c < DYNO_VE_CYLINDERS; c++)
    {
      for (guint i = 0; i < result->n_cells; i++)
        hits[c * result->n_cells + i] = result->cylinders[c].cells[i].hits;
    }
  for (guint i = 0; i < anomalies->findings->len; i++)
    scores[i] = ((const DynoFinding *) g_ptr_array_index (anomalies->findings, i))->score;
  dyno_confidence_report_init (self, &input);
}

static void
add_gains (DynoFinding                *finding,
           const DynoConfidenceReport *self,
           const DynoGridShape        *shape)
{
  for (guint i = 0; i < self->n_gains; i++)
    {
      const DynoConfidenceGain *gain = &self->gains[i];
      g_autofree char *text = dyno_finding_text (
          "%u more hits at %g/%g → +%.1f", gain->hits, shape->rpm.at[gain->cell / shape->load.n],
          shape->load.at[gain->cell % shape->load.n], gain->gain);

      dyno_finding_add_cell (finding, gain->cell);
      dyno_finding_add_check (finding, text);
    }
}

DynoAdvice *
dyno_confidence_report_advise (const DynoConfidenceReport *self,
                               const DynoVeResult         *result)
{
  DynoAdvice *advice = dyno_advice_new ("confidence");
  DynoFinding *finding = dyno_finding_new (
      "confidence", self->overall, DYNO_EVIDENCE_MEASURED,
      "Grade %c (%.1f of 100): %u of %u cells have enough hits.", self->grade, self->overall,
      self->n_covered, self->n_cells);

  for (guint p = 0; p < DYNO_N_CONFIDENCE_PARTS; p++)
    dyno_finding_add_number (finding, dyno_confidence_part_name ((DynoConfidencePart) p),
                             self->parts[p]);
  dyno_finding_add_number (finding, "covered_pct", self->covered_pct);
  dyno_finding_add_number (finding, "mean_mad_pct", self->mean_mad);
  dyno_finding_add_number (finding, "clamped_pct", self->clamped_pct);
  dyno_finding_add_number (finding, "gates_unavailable", self->n_gates_unavailable);
  add_gains (finding, self, &result->set->shape);
  dyno_advice_take (advice, finding);

  return advice;
}
