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
