/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

#include "config.h"

#include "dyno-cause.h"
#include "dyno-test-set.h"

#include <math.h>

typedef DynoTestRows Rows;

/* What a test plants in a drive through the map: pulls at 90 kPa through all speeds,
 * cruise below, and now and then a throttle that opens. */
typedef struct
{
  double error;        /* AFR, everywhere */
  double rear_error;
  double tip_in_error; /* AFR, while the throttle opens */
  double valley_deg;   /* front, around 3500 rpm */
  double rear_valley_deg;
  double spark;        /* elsewhere */
  double knock;        /* in the valley; NaN: no channel */
  double dead_knock;   /* everywhere; NaN: no channel */
  double iat_c;        /* while standing; NaN: no channel */
  guint  n_rounds;
} Plant;

static const Plant healthy = { .spark = 30, .knock = NAN, .dead_knock = NAN, .iat_c = 40,
                               .n_rounds = 2 };

static double
dip (double rpm,
     double depth)
{
  return depth * fmax (0, 1 - fabs (rpm - 3500) / 900);
}

static void
set_row (Rows        *rows,
         gsize        i,
         const Plant *plant,
         double       rpm,
         double       map_kpa,
         double       tps,
         double       error)
{
  gboolean is_high = map_kpa >= 80;
  double off = plant->error + error;

  dyno_test_rows_set (rows, i, DYNO_CHANNEL_RPM, rpm);
  dyno_test_rows_set (rows, i, DYNO_CHANNEL_MAP, map_kpa);
  dyno_test_rows_set (rows, i, DYNO_CHANNEL_TPS, tps);
  dyno_test_rows_set (rows, i, DYNO_CHANNEL_TARGET, 13);
  dyno_test_rows_set (rows, i, DYNO_CHANNEL_MIX_F, 13 + off);
  dyno_test_rows_set (rows, i, DYNO_CHANNEL_MIX_R, 13 + off + plant->rear_error);
  dyno_test_rows_set (rows, i, DYNO_CHANNEL_SPARK_F,
                      plant->spark - (is_high ? dip (rpm, plant->valley_deg) : 0));
  dyno_test_rows_set (rows, i, DYNO_CHANNEL_SPARK_R,
                      plant->spark - (is_high ? dip (rpm, plant->rear_valley_deg) : 0));
  if (!isnan (plant->iat_c))
    dyno_test_rows_set (rows, i, DYNO_CHANNEL_IAT, map_kpa < 40 ? plant->iat_c : 30);
  if (!isnan (plant->knock))
    dyno_test_rows_set (rows, i, DYNO_CHANNEL_KNOCK,
                        is_high && dip (rpm, 1) > 0.5 ? plant->knock : 0);
  if (!isnan (plant->dead_knock))
    dyno_test_rows_set (rows, i, DYNO_CHANNEL_KNOCK, plant->dead_knock);
}

#define PULL 300
#define CRUISE 450
#define TIP_IN 60
#define STAND 100
#define ROUND (PULL + CRUISE + TIP_IN + STAND)

static void
drive_round (Rows        *rows,
             gsize        first,
             const Plant *plant)
{
  for (gsize i = 0; i < PULL; i++)
    set_row (rows, first + i, plant, 1500 + 5000.0 * (double) i / PULL, 90, 100, 0);
  for (gsize i = 0; i < CRUISE; i++)
    set_row (rows, first + PULL + i, plant, 1500 + 4500.0 * (double) (i % 150) / 150,
             50.0 + 10 * (double) (i / 150), 30, 0);
  for (gsize i = 0; i < TIP_IN; i++)
    set_row (rows, first + PULL + CRUISE + i, plant, 2500, 50 + 0.5 * (double) i,
             20 + (double) i, plant->tip_in_error);
  for (gsize i = 0; i < STAND; i++)
    set_row (rows, first + PULL + CRUISE + TIP_IN + i, plant, 1000, 38, 2, 0);
}

static DynoAdvice *
find (const Plant *plant)
{
  Rows *rows = dyno_test_rows_new (plant->n_rounds * ROUND);
  g_autoptr(DynoVeSet) set = NULL;
  g_autoptr(DynoModes) modes = NULL;
  g_autoptr(DynoSurfaces) surfaces = NULL;
  DynoValleys valleys;

  for (guint i = 0; i < plant->n_rounds; i++)
    drive_round (rows, (gsize) i * ROUND, plant);
  set = dyno_test_make_set (dyno_test_rows_finish (rows, TRUE), "11x9");
  modes = dyno_modes_find (set, NULL);
  surfaces = dyno_surfaces_make (set, modes, NULL);
  dyno_valleys_find (surfaces, &valleys);

  return dyno_causes_find (modes, surfaces, &valleys);
}

/* NULL: it is not there. */
static const DynoFinding *
look (const DynoAdvice *advice,
      const char       *kind)
{
  for (guint i = 0; i < advice->findings->len; i++)
    {
      const DynoFinding *finding = g_ptr_array_index (advice->findings, i);

      if (g_str_equal (finding->kind, kind))
        return finding;
    }

  return NULL;
}

static void
assert_only (const Plant *plant,
             const char  *kind,
             double       score)
{
  g_autoptr(DynoAdvice) advice = find (plant);
  const DynoFinding *finding = look (advice, kind);

  g_assert_nonnull (finding);
  dyno_assert_near (finding->score, score, 1e-9);
  g_assert_cmpstr (finding->text, !=, "");
  for (guint i = 0; i < advice->findings->len; i++)
    g_assert_cmpstr (((const DynoFinding *) g_ptr_array_index (advice->findings, i))->kind, ==,
                     kind);
}

/* Nothing planted, nothing found. */
static void
test_healthy (void)
{
  g_autoptr(DynoAdvice) advice = find (&healthy);

  g_assert_true (dyno_advice_is_available (advice));
  for (guint i = 0; i < advice->findings->len; i++)
    g_test_message ("%s", ((const DynoFinding *) g_ptr_array_index (advice->findings, i))->text);
  g_assert_cmpuint (advice->findings->len, ==, 0);
}

static void
test_tip_in (void)
{
  Plant plant = healthy;
  g_autoptr(DynoAdvice) advice = NULL;

  plant.tip_in_error = 0.55;
  assert_only (&plant, "transient_tipin_hesitation", 0.5 + 0.15 - 0.05);
  plant.tip_in_error = 0.3;
  advice = find (&plant);
  g_assert_null (look (advice, "transient_tipin_hesitation"));
  plant.tip_in_error = -0.55;
  assert_only (&plant, "transient_tipin_rich", 0.6);
}

/* The rows of the tip-in are named. */
static void
test_tip_in_rows (void)
{
  Plant plant = healthy;
  g_autoptr(DynoAdvice) advice = NULL;
  const DynoFinding *finding;
  const DynoRowRange *range;

  plant.tip_in_error = 0.55;
  advice = find (&plant);
  finding = look (advice, "transient_tipin_hesitation");
  g_assert_cmpuint (finding->samples->len, >, 0);
  dyno_assert_near (dyno_finding_get_number (finding, "mean_error_afr"), 0.48, 0.07);
  range = &g_array_index (finding->samples, DynoRowRange, 0);
  g_assert_cmpuint (range->last, >=, range->first);
}

static void
test_valleys (void)
{
  Plant plant = healthy;

  plant.valley_deg = 6;
  assert_only (&plant, "knock_limit_valley_front", 0.5 - 0.1);
  plant.knock = 2;
  assert_only (&plant, "knock_limit_valley_front", 0.5 + 0.2);
  plant.valley_deg = 9;
  assert_only (&plant, "knock_limit_valley_front", 0.5 + 0.15 + 0.2);

  /* A knock channel that always says the same is none. */
  plant.knock = NAN;
  plant.dead_knock = 0;
  plant.valley_deg = 6;
  assert_only (&plant, "knock_limit_valley_front", 0.5 - 0.1);
}

static void
test_dominance (void)
{
  Plant plant = healthy;
  g_autoptr(DynoAdvice) rear = NULL;
  g_autoptr(DynoAdvice) front = NULL;

  plant.valley_deg = 6;
  plant.rear_valley_deg = 11;
  plant.knock = 1;
  rear = find (&plant);
  dyno_assert_near (look (rear, "knock_rear_dominant")->score, 0.75, 1e-9);
  g_assert_null (look (rear, "knock_front_dominant"));
  plant.valley_deg = 11;
  plant.rear_valley_deg = 6;
  front = find (&plant);
  dyno_assert_near (look (front, "knock_front_dominant")->score, 0.6, 1e-9);
  g_assert_null (look (front, "knock_rear_dominant"));
}

static void
test_heat (void)
{
  Plant plant = healthy;

  plant.iat_c = 60;
  assert_only (&plant, "temp_trim_high_load", 0.5 + 0.1);

  plant = healthy;
  plant.spark = 20;
  assert_only (&plant, "temp_trim_broad", 0.55);
}

static void
test_fuel (void)
{
  Plant plant = healthy;
  g_autoptr(DynoAdvice) lean = NULL;
  g_autoptr(DynoAdvice) rich = NULL;

  plant.rear_error = 1;
  lean = find (&plant);
  dyno_assert_near (look (lean, "ve_lean_rear")->score, 0.4 + 1.0 / 5, 1e-6);
  g_assert_null (look (lean, "ve_lean_front"));
  g_assert_null (look (lean, "ve_inconsistent"));
  plant.rear_error = 0;
  plant.error = -1;
  rich = find (&plant);
  g_assert_nonnull (look (rich, "ve_rich_front"));
  g_assert_nonnull (look (rich, "ve_rich_rear"));
  g_assert_null (look (rich, "ve_lean_rear"));
}

static void
test_little_data (void)
{
  g_autoptr(DynoVeSet) set = NULL;
  g_autoptr(DynoModes) modes = NULL;
  g_autoptr(DynoSurfaces) surfaces = NULL;
  g_autoptr(DynoAdvice) advice = NULL;
  Rows *rows = dyno_test_rows_new (1);
  DynoValleys valleys;

  set_row (rows, 0, &healthy, 2500, 50, 20, 0);
  set = dyno_test_make_set (dyno_test_rows_finish (rows, TRUE), "11x9");
  modes = dyno_modes_find (set, NULL);
  surfaces = dyno_surfaces_make (set, modes, NULL);
  dyno_valleys_find (surfaces, &valleys);
  advice = dyno_causes_find (modes, surfaces, &valleys);
  g_assert_cmpuint (advice->findings->len, ==, 2);
  dyno_assert_near (look (advice, "low_sample_count")->score, 0.9, 1e-12);
  dyno_assert_near (look (advice, "low_coverage")->score, 0.7, 1e-12);
}

static const char *
golden_kind (const char *id)
{
  return g_str_has_prefix (id, "low_coverage") ? "low_coverage" : id;
}

/* The original's tree in its order. */
static void
test_golden_compat (void)
{
  g_autoptr(DynoJson) wanted = dyno_test_shared_json ("golden/nextgen_full/NextGenAnalysis.json");
  const DynoJson *list = dyno_json_member (dyno_json_member (wanted, "cause_tree"), "hypotheses");
  g_autoptr(DynoVeSet) set = NULL;
  g_autoptr(DynoModes) modes = NULL;
  g_autoptr(DynoSurfaces) surfaces = NULL;
  g_autoptr(DynoAdvice) advice = NULL;
  DynoValleys valleys;

  if (wanted == NULL)
    return;

  set = dyno_test_make_set (dyno_test_read_nextgen (), "11x5");
  modes = dyno_modes_find_compat (set);
  surfaces = dyno_surfaces_make_compat (set, modes);
  dyno_valleys_find (surfaces, &valleys);
  advice = dyno_causes_find_compat (modes, surfaces, &valleys);
  g_assert_cmpuint (advice->findings->len, ==, dyno_json_n_elements (list));
  for (guint i = 0; i < advice->findings->len; i++)
    {
      const DynoFinding *finding = g_ptr_array_index (advice->findings, i);
      const DynoJson *hypothesis = dyno_json_element (list, i);

      g_assert_cmpstr (finding->kind, ==,
                       golden_kind (dyno_json_get_string (hypothesis, "hypothesis_id")));
      dyno_assert_near (finding->score, dyno_json_get_number (hypothesis, "confidence", NAN),
                        0.00501);
    }
}

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/analysis/cause/healthy", test_healthy);
  g_test_add_func ("/analysis/cause/tip-in", test_tip_in);
  g_test_add_func ("/analysis/cause/tip-in-rows", test_tip_in_rows);
  g_test_add_func ("/analysis/cause/valleys", test_valleys);
  g_test_add_func ("/analysis/cause/dominance", test_dominance);
  g_test_add_func ("/analysis/cause/heat", test_heat);
  g_test_add_func ("/analysis/cause/fuel", test_fuel);
  g_test_add_func ("/analysis/cause/little-data", test_little_data);
  g_test_add_func ("/analysis/cause/golden-compat", test_golden_compat);

  return g_test_run ();
}
