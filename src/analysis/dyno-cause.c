/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

#include "config.h"

#include "dyno-cause-private.h"

#include <math.h>

#define VE_ERROR 0.5
#define VE_SPREAD 2
#define FEW_ROWS 500
#define LOW_COVERAGE_PCT 30

/* Fuel */

static void
look_at_fuel (DynoCauseTree     *tree,
              const DynoSurface *surface,
              guint              cylinder)
{
  static const char *const lean[] = { "ve_lean_front", "ve_lean_rear" };
  static const char *const rich[] = { "ve_rich_front", "ve_rich_rear" };
  static const char *const names[] = { "front", "rear" };
  gboolean is_lean = surface->mean > 0;
  DynoFinding *finding;

  if (!(fabs (surface->mean) > VE_ERROR))
    return;

  finding = dyno_finding_new (is_lean ? lean[cylinder] : rich[cylinder],
                              MIN (0.85, 0.4 + fabs (surface->mean) / 5), DYNO_EVIDENCE_INFERRED,
                              "The %s cylinder is %.2f AFR %s on the mean of the map: "
                              "its VE table may be too %s.",
                              names[cylinder], fabs (surface->mean), is_lean ? "lean" : "rich",
                              is_lean ? "low" : "high");
  dyno_advice_take (tree->advice, finding);
  dyno_finding_add_number (finding, "mean_error_afr", surface->mean);
  dyno_finding_add_check (finding, "Check the mixture sensor in free air before trusting it.");
}

static double
spread_of (const DynoSurface *surface)
{
  return surface->p95 - surface->p05;
}

static void
look_at_spread (DynoCauseTree *tree)
{
  double spread = fmax (spread_of (&tree->surfaces->surfaces[DYNO_SURFACE_MIX_ERROR_F]),
                        spread_of (&tree->surfaces->surfaces[DYNO_SURFACE_MIX_ERROR_R]));
  DynoFinding *finding;

  if (!(spread > VE_SPREAD))
    return;

  finding = dyno_finding_new ("ve_inconsistent", 0.6, DYNO_EVIDENCE_INFERRED,
                              "The mixture error differs by %.1f AFR over the map: the "
                              "shape of the VE table may not be this engine's.",
                              spread);
  dyno_advice_take (tree->advice, finding);
  dyno_finding_add_number (finding, "spread_afr", spread);
  dyno_finding_add_check (finding, "Look for the cells with the largest errors and fill those "
                                   "around them.");
}

/* Data */

static void
look_at_data (DynoCauseTree *tree)
{
  double least = INFINITY;

  if (tree->modes->n_rows < FEW_ROWS)
    dyno_advice_take (tree->advice,
                      dyno_finding_new ("low_sample_count", 0.9, DYNO_EVIDENCE_MEASURED,
                                        "There are only %" G_GSIZE_FORMAT " rows: log more before "
                                        "judging.", tree->modes->n_rows));
  /* Knock is drawn at full load only: it never covers much. */
  for (guint i = 0; i < DYNO_SURFACE_KNOCK; i++)
    {
      if (tree->surfaces->surfaces[i].grid != NULL)
        least = MIN (least, tree->surfaces->surfaces[i].coverage_pct);
    }
  if (least < LOW_COVERAGE_PCT)
    dyno_advice_take (tree->advice,
                      dyno_finding_new ("low_coverage", 0.7, DYNO_EVIDENCE_MEASURED,
                                        "Only %.0f %% of the map has data: log a wider range of "
                                        "speed and load.", least));
}

static int
compare_scores (gconstpointer a,
                gconstpointer b)
{
  const DynoFinding *left = *(DynoFinding *const *) a;
  const DynoFinding *right = *(DynoFinding *const *) b;

  return left->score < right->score ? 1 : left->score > right->score ? -1 : 0;
}

static DynoAdvice *
grow (DynoCauseTree *tree)
{
  tree->advice = dyno_advice_new ("causes");
  dyno_cause_tip_in (tree);
  dyno_cause_knock (tree);
  dyno_cause_heat (tree);
  look_at_fuel (tree, &tree->surfaces->surfaces[DYNO_SURFACE_MIX_ERROR_F], 0);
  look_at_fuel (tree, &tree->surfaces->surfaces[DYNO_SURFACE_MIX_ERROR_R], 1);
  look_at_spread (tree);
  look_at_data (tree);
  g_ptr_array_sort (tree->advice->findings, compare_scores);

  return tree->advice;
}

DynoAdvice *
dyno_causes_find (const DynoModes    *modes,
                  const DynoSurfaces *surfaces,
                  const DynoValleys  *valleys)
{
  DynoCauseTree tree = { .modes = modes, .surfaces = surfaces, .valleys = valleys };
  const DynoMixError *rear;

  g_return_val_if_fail (modes != NULL && surfaces != NULL && valleys != NULL, NULL);

  /* The cylinder that is further off. */
  tree.tip_in = surfaces->tip_in[0];
  rear = &surfaces->tip_in[1];
  if (tree.tip_in.n == 0 || fabs (rear->mean) > fabs (tree.tip_in.mean))
    tree.tip_in = *rear;

  return grow (&tree);
}

DynoAdvice *
dyno_causes_find_compat (const DynoModes    *modes,
                         const DynoSurfaces *surfaces,
                         const DynoValleys  *valleys)
{
  const DynoSurface *error = &surfaces->surfaces[DYNO_SURFACE_MIX_ERROR_F];
  DynoCauseTree tree = { .modes = modes, .surfaces = surfaces, .valleys = valleys };

  if (error->grid == NULL)
    error = &surfaces->surfaces[DYNO_SURFACE_MIX_ERROR_R];
  tree.tip_in = (DynoMixError){ error->n_samples, error->mean, error->p05, error->p95 };

  return grow (&tree);
}
