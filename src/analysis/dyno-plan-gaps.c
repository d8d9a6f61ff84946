/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

#include "config.h"

#include "dyno-plan-private.h"

/* The regions of the map that matter, and what of them is empty; part of
 * dyno-planner.h. */

static const DynoPlanGap regions[] = {
  { "High load, midrange", { 2500, 4500 }, { 80, 100 }, DYNO_IMPACT_HIGH, DYNO_GAP_HIGH_MAP, 0, 0 },
  { "Torque peak", { 4000, 5500 }, { 85, 100 }, DYNO_IMPACT_HIGH, DYNO_GAP_HIGH_MAP, 0, 0 },
  { "High load, low speed", { 2000, 3000 }, { 80, 100 }, DYNO_IMPACT_HIGH, DYNO_GAP_HIGH_MAP, 0,
    0 },
  { "Idle", { 800, 1500 }, { 20, 40 }, DYNO_IMPACT_MEDIUM, DYNO_GAP_IDLE_LOW, 0, 0 },
  { "Low load", { 1500, 2500 }, { 30, 50 }, DYNO_IMPACT_MEDIUM, DYNO_GAP_IDLE_LOW, 0, 0 },
  { "Tip-in, low", { 2000, 3500 }, { 50, 70 }, DYNO_IMPACT_HIGH, DYNO_GAP_TIP_IN, 0, 0 },
  { "Tip-in, middle", { 3000, 4500 }, { 60, 85 }, DYNO_IMPACT_HIGH, DYNO_GAP_TIP_IN, 0, 0 },
  { "Part-throttle cruise", { 2500, 4000 }, { 45, 65 }, DYNO_IMPACT_MEDIUM, DYNO_GAP_GENERAL, 0,
    0 },
};

const char *
dyno_gap_type_name (DynoGapType type)
{
  static const char *const names[DYNO_N_GAP_TYPES] = { "high_map", "idle_low", "tip_in",
                                                       "general" };

  g_return_val_if_fail (type < DYNO_N_GAP_TYPES, NULL);

  return names[type];
}

const char *
dyno_impact_name (DynoImpact impact)
{
  g_return_val_if_fail (impact < DYNO_N_IMPACTS, NULL);

  return impact == DYNO_IMPACT_HIGH ? "high" : "medium";
}

static gboolean
is_within (double       value,
           const double range[2])
{
  return value >= range[0] && value <= range[1];
}

static void
count_cells (DynoPlanGap         *gap,
             const DynoPlanFacts *facts)
{
  const DynoAxis *load = &facts->shape->load;

  for (guint i = 0; i < dyno_grid_shape_cells (facts->shape); i++)
    {
      if (!is_within (facts->shape->rpm.at[i / load->n], gap->rpm)
          || !is_within (load->at[i % load->n], gap->map_kpa))
        continue;
      gap->n_cells++;
      gap->n_empty += facts->hits[i] < DYNO_PLAN_EMPTY_HITS;
    }
}

static int
compare_gaps (gconstpointer a,
              gconstpointer b)
{
  const DynoPlanGap *left = a;
  const DynoPlanGap *right = b;

  if (left->impact != right->impact)
    return left->impact < right->impact ? -1 : 1;

  return (left->n_empty < right->n_empty) - (left->n_empty > right->n_empty);
}

void
dyno_plan_find_gaps (GArray              *gaps,
                     const DynoPlanFacts *facts)
{
  for (guint i = 0; i < G_N_ELEMENTS (regions); i++)
    {
      DynoPlanGap gap = regions[i];

      count_cells (&gap, facts);
      if (gap.n_empty > 0)
        g_array_append_val (gaps, gap);
    }
  g_array_sort (gaps, compare_gaps);
}
