/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

/* The mixture while the throttle opens; part of the cause tree. */

#include "config.h"

#include "dyno-cause-private.h"

#define TIP_IN_ROWS 30
#define TIP_IN_ERROR 0.4
#define TIP_IN_SPREAD 0.6

static void
add_tip_in_rows (DynoFinding     *finding,
                 const DynoModes *modes)
{
  for (gsize i = 0; i < modes->n_rows; i++)
    {
      if (modes->modes[i] == DYNO_MODE_TIP_IN)
        dyno_finding_add_row (finding, i);
    }
}

static void
add_error_numbers (DynoFinding        *finding,
                   const DynoMixError *error)
{
  dyno_finding_add_number (finding, "mean_error_afr", error->mean);
  dyno_finding_add_number (finding, "p05_error_afr", error->p05);
  dyno_finding_add_number (finding, "p95_error_afr", error->p95);
}

static double
hesitation_confidence (const DynoCauseTree *tree,
                       gboolean             is_lean,
                       gboolean             is_spread)
{
  const DynoSurface *knock = &tree->surfaces->surfaces[DYNO_SURFACE_KNOCK];
  double confidence = 0.5;

  confidence += is_lean ? 0.15 : 0;
  confidence += is_spread ? 0.1 : 0;
  if (!tree->surfaces->has_knock)
    confidence -= 0.05;
  else if (knock->max > 0)
    confidence += 0.1;

  return MIN (confidence, 0.85);
}

static void
look_at_hesitation (DynoCauseTree *tree)
{
  const DynoMixError *error = &tree->tip_in;
  gboolean is_lean = error->mean > TIP_IN_ERROR;
  gboolean is_spread = error->p95 - error->p05 > TIP_IN_SPREAD;
  DynoFinding *finding;

  if (!is_lean && !is_spread)
    return;

  finding
      = dyno_finding_new ("transient_tipin_hesitation",
                          hesitation_confidence (tree, is_lean, is_spread), DYNO_EVIDENCE_INFERRED,
                          "The mixture is off by %+.2f AFR on the mean while the "
                          "throttle opens: the engine may hesitate there for "
                          "want of transient fuel.",
                          error->mean);
  dyno_advice_take (tree->advice, finding);
  add_error_numbers (finding, error);
  add_tip_in_rows (finding, tree->modes);
  dyno_finding_add_check (finding, "Roll the throttle on within 2 to 3 s from a steady cruise, "
                                   "five times the same way.");
  dyno_finding_add_check (finding, "Compare with steady full load at the same speed and load.");
}

void
dyno_cause_tip_in (DynoCauseTree *tree)
{
  const DynoMixError *error = &tree->tip_in;
  DynoFinding *finding;

  if (tree->modes->counts[DYNO_MODE_TIP_IN] < TIP_IN_ROWS || error->n == 0)
    return;

  look_at_hesitation (tree);
  if (!(error->mean < -TIP_IN_ERROR))
    return;
  finding = dyno_finding_new ("transient_tipin_rich", 0.6, DYNO_EVIDENCE_INFERRED,
                              "The mixture is %.2f AFR rich on the mean while the "
                              "throttle opens: transient fuel may be too much.",
                              -error->mean);
  dyno_advice_take (tree->advice, finding);
  add_error_numbers (finding, error);
  add_tip_in_rows (finding, tree->modes);
  dyno_finding_add_check (finding, "Open the throttle at different rates and see whether the "
                                   "rich spell grows with the rate.");
}
