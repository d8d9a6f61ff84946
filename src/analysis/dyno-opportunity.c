/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

#include "config.h"

#include "dyno-opportunity.h"

#include <math.h>

#define MIN_HITS 20
#define FULL_HITS 50
#define KNOCK_DEG 0.5 /* no touch */
#define QUIET_DEG 0.1 /* quiet enough for more spark */
#define RICH_PCT 2
#define MAX_LEAN_PCT 3
#define ADVANCE_DEG 2.0
#define ADVANCE_BOTH_DEG 1.5
#define LOADED_KPA 85
#define LEANEST_LAMBDA 0.85

const char *
dyno_opportunity_name (DynoOpportunityKind kind)
{
  static const char *const names[] = { "lean", "advance", "lean-and-advance" };

  return names[kind];
}

/* One cell with what all its items share. */
typedef struct
{
  const DynoOpportunityInput *input;
  GArray                     *items;
  guint                       cell;
  double                      size;     /* thousands of 1/min · bar */
  double                      power_hp; /* NaN: unknown */
  guint32                     hits;
  double                      rich_pct;
  gboolean                    is_quiet;
} Cell;

static double
larger_knock (const DynoOpportunityInput *input,
              guint                       cell)
{
  double knock = fmax (input->knock_deg[0][cell], input->knock_deg[1][cell]);

  return isnan (knock) ? 0 : knock;
}

/* Mean of the cylinders that have a value. */
static double
mean_rich (const DynoOpportunityInput *input,
           guint                       cell)
{
  double front = input->rich_pct[0][cell];
  double rear = input->rich_pct[1][cell];

  if (isnan (front) || isnan (rear))
    return isnan (front) ? rear : front;

  return (front + rear) / 2;
}

static double
mean_spark (const DynoOpportunityInput *input,
            guint                       cell)
{
  if (input->spark_deg[0] == NULL || input->spark_deg[1] == NULL)
    return 0;

  return (input->spark_deg[0][cell] + input->spark_deg[1][cell]) / 2;
}

static void
add_item (Cell               *cell,
          DynoOpportunityKind kind,
          double              lean_pct,
          double              advance_deg,
          double              gain_hp)
{
  const DynoOpportunity item = {
    .kind = kind,
    .cell = cell->cell,
    .lean_pct = lean_pct,
    .advance_deg = advance_deg,
    .gain_hp = rint (gain_hp * 100) / 100,
    .confidence_pct = (guint) MIN (100, (guint64) cell->hits * 100 / FULL_HITS),
    .hits = cell->hits,
    .rich_pct = cell->rich_pct,
  };

  g_array_append_val (cell->items, item);
}

/* How much fuel may go: half of what is too much, and not below the safe mixture. */
static double
lean_of (const Cell *cell)
{
  const DynoOpportunityInput *input = cell->input;
  double kpa = input->shape.load.at[cell->cell % input->shape.load.n];
  double lean = fmin (cell->rich_pct / 2, MAX_LEAN_PCT);

  if (!(cell->rich_pct > RICH_PCT))
    return 0;
  if (input->leanest_afr != NULL && kpa >= LOADED_KPA)
    lean = fmin (lean, (LEANEST_LAMBDA * DYNO_STOICH_PETROL / input->leanest_afr[cell->cell] - 1)
                       * 100);

  return lean > 0 ? lean : 0;
}

static void
look_at_cell (Cell *cell)
{
  gboolean has_power = cell->power_hp > 0;
  double hp = cell->power_hp;
  double lean = lean_of (cell);

  if (lean > 0)
    add_item (cell, DYNO_OPPORTUNITY_LEAN, lean, 0,
              has_power ? hp * lean * 0.02 : cell->size * lean * 0.5);
  if (cell->is_quiet && mean_spark (cell->input, cell->cell) <= 0)
    add_item (cell, DYNO_OPPORTUNITY_ADVANCE, 0, ADVANCE_DEG,
              has_power ? hp * 0.06 : cell->size * 1.6);
  if (cell->is_quiet && lean > 0)
    add_item (cell, DYNO_OPPORTUNITY_BOTH, lean, ADVANCE_BOTH_DEG,
              has_power ? hp * lean * 0.02 + hp * ADVANCE_BOTH_DEG * 0.03 * 0.8
                        : cell->size * (lean + ADVANCE_BOTH_DEG));
}

/* `a` and `b` keep their order when their gains are equal: cells and kinds ascend. */
static int
compare_gains (gconstpointer a,
               gconstpointer b)
{
  const DynoOpportunity *left = a;
  const DynoOpportunity *right = b;

  if (left->gain_hp != right->gain_hp)
    return left->gain_hp < right->gain_hp ? 1 : -1;
  if (left->cell != right->cell)
    return left->cell < right->cell ? -1 : 1;

  return (int) left->kind - (int) right->kind;
}

GArray *
dyno_opportunities_find (const DynoOpportunityInput *input)
{
  GArray *items = g_array_new (FALSE, FALSE, sizeof (DynoOpportunity));
  const DynoGridShape *shape = &input->shape;

  for (guint i = 0; i < dyno_grid_shape_cells (shape); i++)
    {
      double knock = larger_knock (input, i);
      Cell cell = {
        .input = input,
        .items = items,
        .cell = i,
        .size = shape->rpm.at[i / shape->load.n] / 1000 * (shape->load.at[i % shape->load.n] / 100),
        .power_hp = input->power_hp != NULL ? input->power_hp[i] : NAN,
        .hits = input->hits[0][i] + input->hits[1][i],
        .rich_pct = mean_rich (input, i),
        .is_quiet = knock < QUIET_DEG,
      };

      if (cell.hits >= MIN_HITS && knock < KNOCK_DEG && !isnan (cell.rich_pct))
        look_at_cell (&cell);
    }
  g_array_sort (items, compare_gains);
  g_array_set_size (items, MIN (items->len, DYNO_OPPORTUNITIES));

  return items;
}

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
      grids->leanest_afr[i] = c == 0 ? cell->mean_mix : fmax (grids->leanest_afr[i], cell->mean_mix);
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
      "At %g 1/min, %g kPa: %s might bring %.2f hp (estimate, rule of thumb; %u knock rows looked at).",
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
