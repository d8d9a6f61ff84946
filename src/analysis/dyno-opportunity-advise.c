/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

#include "config.h"

#include "dyno-opportunity-advise.h"

#include <math.h>

/* What this adviser may not do without. */
static gboolean
may_speak (const DynoVeResult *result,
           const DynoKnock    *knock,
           DynoAdvice         *advice)
{
  static const struct
  {
    DynoGate    gate;
    const char *channel;
  } needed[] = { { DYNO_GATE_ENGINE_COLD, "engine_temp" },
                 { DYNO_GATE_SENSOR_NOT_READY, "time" } };
  gboolean may = dyno_knock_is_live (knock);

  if (!may && advice != NULL)
    dyno_advice_lacks (advice, "knock");
  for (gsize i = 0; i < G_N_ELEMENTS (needed); i++)
    {
      if ((result->gates_unavailable >> needed[i].gate & 1) == 0
          && dyno_ve_options_has_gate (result->set->options, needed[i].gate))
        continue;
      may = FALSE;
      if (advice != NULL)
        dyno_advice_lacks (advice, needed[i].channel);
    }

  return may;
}

/* Grids of a result, an entry a cell. */
typedef struct
{
  guint32 *hits[DYNO_VE_CYLINDERS];
  double  *rich_pct[DYNO_VE_CYLINDERS];
  double  *knock_deg[DYNO_VE_CYLINDERS];
  double  *leanest_afr;
} Grids;

static void
fill_cylinder (Grids              *grids,
               const DynoVeResult *result,
               const DynoKnock    *knock,
               guint               c)
{
  const DynoKnockCylinder *from = &knock->cylinders[c];

  for (guint i = 0; i < result->n_cells; i++)
    {
      const DynoVeCell *cell = &result->cylinders[c].cells[i];
      /* It burnt and nobody listened, or it knocked and nobody knows how much. */
      gboolean is_unknown = (cell->hits > 0 && from->cells[i].rows == 0)
                            || (from->is_count && from->cells[i].knock_rows > 0);

      grids->hits[c][i] = cell->hits;
      grids->rich_pct[c][i] = (cell->mean_target - cell->mean_mix) / cell->mean_mix * 100;
      grids->knock_deg[c][i] = is_unknown ? INFINITY : from->cells[i].knock;
      grids->leanest_afr[i] =
          c == 0 ? cell->mean_mix : fmax (grids->leanest_afr[i], cell->mean_mix);
    }
}

static GArray *
find_in_result (const DynoVeResult *result,
                const DynoKnock    *knock)
{
  gsize n = MAX (result->n_cells, 1);
  g_autofree guint32 *hits = g_new (guint32, 2 * n);
  g_autofree double *numbers = g_new (double, 5 * n);
  Grids grids = { { hits, hits + n },
                  { numbers, numbers + n },
                  { numbers + 2 * n, numbers + 3 * n },
                  numbers + 4 * n };
  const DynoOpportunityInput input = {
    .shape = result->set->shape,
    .hits = { grids.hits[0], grids.hits[1] },
    .rich_pct = { grids.rich_pct[0], grids.rich_pct[1] },
    .knock_deg = { grids.knock_deg[0], grids.knock_deg[1] },
    .leanest_afr = grids.leanest_afr,
  };

  for (guint c = 0; c < DYNO_VE_CYLINDERS; c++)
    fill_cylinder (&grids, result, knock, c);

  return dyno_opportunities_find (&input);
}

GArray *
dyno_opportunities_of_result (const DynoVeResult *result,
                              const DynoKnock    *knock)
{
  if (!may_speak (result, knock, NULL))
    return g_array_new (FALSE, FALSE, sizeof (DynoOpportunity));

  return find_in_result (result, knock);
}

static char *
describe (const DynoOpportunity *item)
{
  if (item->kind == DYNO_OPPORTUNITY_ADVANCE)
    return dyno_finding_text ("%.1f° more spark", item->advance_deg);
  if (item->kind == DYNO_OPPORTUNITY_LEAN)
    return dyno_finding_text ("%.1f %% less fuel", item->lean_pct);

  return dyno_finding_text ("%.1f %% less fuel and %.1f° more spark", item->lean_pct,
                          item->advance_deg);
}

static void
add_finding (DynoAdvice            *advice,
             const DynoOpportunity *item,
             const DynoGridShape   *shape,
             const DynoKnock       *knock)
{
  g_autofree char *what = describe (item);
  guint32 rows[DYNO_VE_CYLINDERS] = { knock->cylinders[0].cells[item->cell].rows,
                                      knock->cylinders[1].cells[item->cell].rows };
  DynoFinding *finding = dyno_finding_new (
      dyno_opportunity_name (item->kind), item->gain_hp, DYNO_EVIDENCE_INFERRED,
      "At %g rpm, %g kPa: %s might bring %.2f hp (estimate, rule of thumb; %u knock rows "
      "looked at).",
      shape->rpm.at[item->cell / shape->load.n], shape->load.at[item->cell % shape->load.n], what,
      item->gain_hp, MAX (rows[0], rows[1]));

  dyno_finding_add_cell (finding, item->cell);
  dyno_finding_add_number (finding, "gain_hp", item->gain_hp);
  dyno_finding_add_number (finding, "confidence_pct", item->confidence_pct);
  dyno_finding_add_number (finding, "lean_pct", item->lean_pct);
  dyno_finding_add_number (finding, "advance_deg", item->advance_deg);
  dyno_finding_add_number (finding, "rich_pct", item->rich_pct);
  dyno_finding_add_number (finding, "hits", item->hits);
  dyno_finding_add_number (finding, "knock_rows_front", rows[0]);
  dyno_finding_add_number (finding, "knock_rows_rear", rows[1]);
  dyno_finding_add_check (finding, "Try it in this cell alone, with knock in view.");
  dyno_advice_take (advice, finding);
}

DynoAdvice *
dyno_opportunities_advise (const GArray       *opportunities,
                           const DynoVeResult *result,
                           const DynoKnock    *knock)
{
  DynoAdvice *advice = dyno_advice_new ("opportunities");

  if (!may_speak (result, knock, advice))
    return advice;

  for (guint i = 0; i < opportunities->len; i++)
    add_finding (advice, &g_array_index (opportunities, DynoOpportunity, i), &result->set->shape,
                 knock);

  return advice;
}
