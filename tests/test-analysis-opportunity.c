/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

#include "config.h"

#include "dyno-opportunity-advise.h"
#include "dyno-test-plant.h"
#include "dyno-test.h"

#include <string.h>

#define CELL DYNO_TEST_PLANT_CELL
#define ROWS 40

/* One cell of 11x9 with data. */
typedef struct
{
  guint32              hits[2][99];
  double               rich[2][99];
  double               knock[2][99];
  double               power[99];
  double               leanest[99];
  DynoOpportunityInput input;
} Made;

static void
make (Made  *made,
      guint  cell,
      double rich_pct,
      double knock_deg)
{
  memset (made, 0, sizeof *made);
  g_assert_true (dyno_grid_shape_named (&made->input.shape, "11x9"));
  for (guint i = 0; i < 99; i++)
    made->rich[0][i] = made->rich[1][i] = made->power[i] = made->leanest[i] = NAN;
  for (guint c = 0; c < 2; c++)
    {
      made->hits[c][cell] = 12;
      made->rich[c][cell] = rich_pct;
      made->knock[c][cell] = c == 0 ? knock_deg : 0;
      made->input.hits[c] = made->hits[c];
      made->input.rich_pct[c] = made->rich[c];
      made->input.knock_deg[c] = made->knock[c];
    }
}

static const DynoOpportunity *
find_kind (const GArray        *items,
           DynoOpportunityKind  kind)
{
  for (guint i = 0; i < items->len; i++)
    {
      const DynoOpportunity *item = &g_array_index (items, DynoOpportunity, i);

      if (item->kind == kind)
        return item;
    }

  return NULL;
}

/* 3500 1/min, 80 kPa, 4 % rich. */
static void
test_arithmetic (void)
{
  Made made;
  g_autoptr(GArray) estimated = NULL;
  g_autoptr(GArray) measured = NULL;

  make (&made, CELL (4, 6), 4, 0);
  estimated = dyno_opportunities_find (&made.input);
  g_assert_cmpuint (estimated->len, ==, 3);
  dyno_assert_near (find_kind (estimated, DYNO_OPPORTUNITY_LEAN)->gain_hp, 2.8, 1e-9);
  dyno_assert_near (find_kind (estimated, DYNO_OPPORTUNITY_LEAN)->lean_pct, 2, 1e-9);
  dyno_assert_near (find_kind (estimated, DYNO_OPPORTUNITY_ADVANCE)->gain_hp, 4.48, 1e-9);
  dyno_assert_near (find_kind (estimated, DYNO_OPPORTUNITY_BOTH)->gain_hp, 9.8, 1e-9);
  g_assert_cmpint (g_array_index (estimated, DynoOpportunity, 0).kind, ==, DYNO_OPPORTUNITY_BOTH);
  g_assert_cmpuint (g_array_index (estimated, DynoOpportunity, 0).confidence_pct, ==, 48);

  made.power[CELL (4, 6)] = 80;
  made.input.power_hp = made.power;
  measured = dyno_opportunities_find (&made.input);
  dyno_assert_near (find_kind (measured, DYNO_OPPORTUNITY_LEAN)->gain_hp, 3.2, 1e-9);
  dyno_assert_near (find_kind (measured, DYNO_OPPORTUNITY_ADVANCE)->gain_hp, 4.8, 1e-9);
  dyno_assert_near (find_kind (measured, DYNO_OPPORTUNITY_BOTH)->gain_hp, 6.08, 1e-9);
}

/* What the original printed for cells of its own log, at the hits and errors that
 * it prints beside them. */
static void
test_golden (void)
{
  g_autoptr(DynoJson) golden =
      dyno_test_shared_json ("golden/cli_tools_realistic3600/output/PowerOpportunities.json");
  const DynoJson *rows = dyno_json_member (golden, "opportunities");

  for (guint i = 0; golden != NULL && i < dyno_json_n_elements (rows); i++)
    {
      const DynoJson *row = dyno_json_element (rows, i);
      const DynoJson *details = dyno_json_member (row, "details");
      double kpa = dyno_json_get_number (row, "kpa", NAN);
      double rpm = dyno_json_get_number (row, "rpm", NAN);
      const char *type = dyno_json_get_string (row, "type");
      DynoOpportunityKind kind = g_str_has_prefix (type, "Lean")      ? DYNO_OPPORTUNITY_LEAN
                                 : g_str_has_prefix (type, "Advance") ? DYNO_OPPORTUNITY_ADVANCE
                                                                      : DYNO_OPPORTUNITY_BOTH;
      g_autoptr(GArray) items = NULL;
      const DynoOpportunity *item;
      guint cell;
      Made made;

      g_assert_true (dyno_grid_shape_named (&made.input.shape, "11x5"));
      cell = dyno_axis_nearest (&made.input.shape.rpm, rpm) * 5
             + dyno_axis_nearest (&made.input.shape.load, kpa);
      make (&made, cell, dyno_json_get_number (details, "afr_error_pct", 0), 0);
      g_assert_true (dyno_grid_shape_named (&made.input.shape, "11x5"));
      made.hits[0][cell] = (guint32) dyno_json_get_number (row, "coverage", NAN);
      made.hits[1][cell] = 0;
      items = dyno_opportunities_find (&made.input);
      item = find_kind (items, kind);
      g_assert_nonnull (item);
      dyno_assert_near (item->gain_hp, dyno_json_get_number (row, "estimated_gain_hp", NAN), 0.011);
      g_assert_cmpuint (item->confidence_pct, ==,
                        (guint) dyno_json_get_number (row, "confidence", NAN));
    }
}

static guint
count_items (double  rich_pct,
             double  knock_deg,
             guint32 hits)
{
  Made made;
  g_autoptr(GArray) items = NULL;

  make (&made, CELL (4, 4), rich_pct, knock_deg);
  made.hits[0][CELL (4, 4)] = hits;
  made.hits[1][CELL (4, 4)] = 0;
  items = dyno_opportunities_find (&made.input);

  return items->len;
}

static void
test_limits (void)
{
  g_assert_cmpuint (count_items (4, 0, 20), ==, 3);
  g_assert_cmpuint (count_items (4, 0, 19), ==, 0);
  g_assert_cmpuint (count_items (2, 0, 20), ==, 1);   /* not rich enough: spark only */
  g_assert_cmpuint (count_items (-5, 0, 20), ==, 1);
  g_assert_cmpuint (count_items (4, 0.1, 20), ==, 1); /* too loud for spark */
  g_assert_cmpuint (count_items (4, 0.5, 20), ==, 0);
  g_assert_cmpuint (count_items (NAN, 0, 20), ==, 0);
}

/* Under load no cell is leaned beyond λ 0.85. */
static void
test_safe_mixture (void)
{
  static const struct
  {
    guint  cell;
    double afr;
    double lean;
  } rows[] = {
    { CELL (5, 8), 12.0, 3 },                        /* λ 0.816: far enough */
    { CELL (5, 8), 12.3, (12.495 / 12.3 - 1) * 100 }, /* up to 0.85 and no further */
    { CELL (5, 8), 12.6, 0 },
    { CELL (5, 6), 12.6, 3 },                        /* 80 kPa */
  };

  for (gsize i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      Made made;
      g_autoptr(GArray) items = NULL;
      const DynoOpportunity *item;

      make (&made, rows[i].cell, 8, 0);
      made.leanest[rows[i].cell] = rows[i].afr;
      made.input.leanest_afr = made.leanest;
      items = dyno_opportunities_find (&made.input);
      item = find_kind (items, DYNO_OPPORTUNITY_LEAN);
      g_assert_cmpint (item != NULL, ==, rows[i].lean > 0);
      g_assert_cmpint (find_kind (items, DYNO_OPPORTUNITY_BOTH) != NULL, ==, rows[i].lean > 0);
      if (item != NULL)
        dyno_assert_near (item->lean_pct, rows[i].lean, 1e-9);
    }
}

/* At most ten, best first. */
static void
test_order (void)
{
  Made made;
  g_autoptr(GArray) items = NULL;

  make (&made, 0, 4, 0);
  for (guint i = 0; i < 99; i++)
    {
      made.hits[0][i] = 30;
      made.rich[0][i] = made.rich[1][i] = 4;
    }
  items = dyno_opportunities_find (&made.input);
  g_assert_cmpuint (items->len, ==, DYNO_OPPORTUNITIES);
  for (guint i = 1; i < items->len; i++)
    g_assert_cmpfloat (g_array_index (items, DynoOpportunity, i - 1).gain_hp, >=,
                       g_array_index (items, DynoOpportunity, i).gain_hp);
}

static DynoAdvice *
advise_on (const DynoTestPlant  *plant,
           GArray              **items)
{
  g_autoptr(DynoVeResult) result = dyno_test_plant_analyse (plant, NULL);
  g_autoptr(DynoKnock) knock = dyno_knock_new (result, NULL);

  *items = dyno_opportunities_of_result (result, knock);

  return dyno_opportunities_advise (*items, result, knock);
}

/* A rich log with warm engine and a knock channel that spoke once, elsewhere. */
static DynoTestPlant *
rich_plant (void)
{
  DynoTestPlant *plant = dyno_test_plant_map (ROWS);

  dyno_test_plant_channel (plant, DYNO_CHANNEL_ENGINE_TEMP, 95);
  dyno_test_plant_channel (plant, DYNO_CHANNEL_KNOCK, 0)[3] = 1;
  dyno_test_plant_lean (plant, 0, CELL (5, 5), -5);
  dyno_test_plant_lean (plant, 1, CELL (5, 5), -5);

  return plant;
}

static void
test_planted (void)
{
  g_autoptr(DynoTestPlant) plant = rich_plant ();
  g_autoptr(GArray) items = NULL;
  g_autoptr(DynoAdvice) advice = advise_on (plant, &items);
  const DynoFinding *lean = dyno_test_find_kind (advice, "lean-and-advance");

  g_assert_true (dyno_advice_is_available (advice));
  g_assert_cmpuint (advice->findings->len, ==, items->len);
  g_assert_nonnull (lean);
  g_assert_cmpuint (g_array_index (lean->cells, guint, 0), ==, CELL (5, 5));
  for (guint i = 0; i < advice->findings->len; i++)
    {
      const DynoFinding *finding = g_ptr_array_index (advice->findings, i);

      g_assert_nonnull (strstr (finding->text, "estimate, rule of thumb"));
      g_assert_cmpfloat (dyno_finding_get_number (finding, "knock_rows_front"), >=, ROWS - 5);
      g_assert_cmpint (finding->evidence, ==, DYNO_EVIDENCE_INFERRED);
    }
}

/* Silent without what makes it safe; by name. */
static void
test_not_available (void)
{
  static const DynoChannel channels[] = { DYNO_CHANNEL_KNOCK, DYNO_CHANNEL_ENGINE_TEMP };

  for (gsize i = 0; i < G_N_ELEMENTS (channels); i++)
    {
      g_autoptr(DynoTestPlant) plant = rich_plant ();
      g_autoptr(GArray) items = NULL;
      g_autoptr(DynoAdvice) advice = NULL;

      g_clear_pointer (&plant->columns[channels[i]], g_free);
      advice = advise_on (plant, &items);
      g_assert_cmpuint (items->len, ==, 0);
      g_assert_true (dyno_test_lacks (advice, dyno_channel_info (channels[i])->name));
      g_assert_cmpuint (advice->findings->len, ==, 0);
    }
}

/* A cylinder that burns and has no knock channel of its own is no quiet one. */
static void
test_deaf_cylinder (void)
{
  g_autoptr(DynoTestPlant) plant = rich_plant ();
  g_autoptr(GArray) items = NULL;
  g_autoptr(DynoAdvice) advice = NULL;

  plant->columns[DYNO_CHANNEL_KNOCK_F] = g_steal_pointer (&plant->columns[DYNO_CHANNEL_KNOCK]);
  advice = advise_on (plant, &items);
  g_assert_cmpuint (items->len, ==, 0);
  g_assert_true (dyno_advice_is_available (advice));
}

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/analysis/opportunity/arithmetic", test_arithmetic);
  g_test_add_func ("/analysis/opportunity/golden", test_golden);
  g_test_add_func ("/analysis/opportunity/limits", test_limits);
  g_test_add_func ("/analysis/opportunity/safe-mixture", test_safe_mixture);
  g_test_add_func ("/analysis/opportunity/order", test_order);
  g_test_add_func ("/analysis/opportunity/planted", test_planted);
  g_test_add_func ("/analysis/opportunity/not-available", test_not_available);
  g_test_add_func ("/analysis/opportunity/deaf-cylinder", test_deaf_cylinder);

  return g_test_run ();
}
