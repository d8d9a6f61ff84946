/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

#include "config.h"

#include "dyno-anomaly.h"
#include "dyno-noise.h"
#include "dyno-test-plant.h"
#include "dyno-test.h"

#define CELL DYNO_TEST_PLANT_CELL
#define ROWS 40

typedef struct
{
  DynoAdvice *advice;      /* (owned) */
  GPtrArray  *unavailable; /* (owned) of DynoAdvice */
} Anomalies;

static void
anomalies_free (Anomalies *self)
{
  dyno_advice_free (self->advice);
  g_ptr_array_unref (self->unavailable);
  g_free (self);
}

G_DEFINE_AUTOPTR_CLEANUP_FUNC (Anomalies, anomalies_free)

static Anomalies *
anomalies_of (const DynoTestPlant *plant)
{
  g_autoptr(DynoVeResult) result = dyno_test_plant_analyse (plant, NULL);
  g_autoptr(DynoKnock) knock = dyno_knock_new (result, NULL);
  Anomalies *self = g_new0 (Anomalies, 1);

  self->unavailable = g_ptr_array_new_with_free_func ((GDestroyNotify) dyno_advice_free);
  self->advice = dyno_anomalies_advise (result, knock, self->unavailable, NULL);

  return self;
}

static gboolean
is_unavailable (const Anomalies *self,
                const char          *rule,
                const char          *channel)
{
  for (guint i = 0; i < self->unavailable->len; i++)
    {
      const DynoAdvice *advice = g_ptr_array_index (self->unavailable, i);

      if (g_str_equal (advice->adviser, rule))
        return dyno_test_lacks (advice, channel);
    }

  return FALSE;
}

/* The only kind that is found. */
static const DynoFinding *
assert_only (const Anomalies *self,
             const char          *kind,
             guint                n)
{
  g_assert_cmpuint (dyno_test_count_kind (self->advice, kind), ==, n);
  g_assert_cmpuint (self->advice->findings->len, ==, n);

  return dyno_test_find_kind (self->advice, kind);
}

/* A sound log: nothing is found, what could not be looked at is named. */
static void
test_sound (void)
{
  g_autoptr(DynoTestPlant) plant = dyno_test_plant_map (ROWS);
  g_autoptr(Anomalies) found = anomalies_of (plant);

  g_assert_cmpuint (found->advice->findings->len, ==, 0);
  g_assert_true (dyno_advice_is_available (found->advice));
  g_assert_cmpuint (found->unavailable->len, ==, 2);
  g_assert_true (is_unavailable (found, "knock-cluster", "knock"));
  g_assert_true (is_unavailable (found, "electrical", "vbatt"));
}

static void
test_spatial (void)
{
  g_autoptr(DynoTestPlant) plant = dyno_test_plant_map (ROWS);
  g_autoptr(Anomalies) found = NULL;
  const DynoFinding *worst = NULL;

  dyno_test_plant_lean (plant, 1, CELL (8, 3), 6);
  found = anomalies_of (plant);
  g_assert_cmpuint (dyno_test_count_kind (found->advice, "spatial"), >=, 1);
  for (guint i = 0; i < found->advice->findings->len; i++)
    {
      const DynoFinding *finding = g_ptr_array_index (found->advice->findings, i);

      dyno_assert_near (dyno_finding_get_number (finding, "cylinder"), 1, 0);
      if (worst == NULL || finding->score > worst->score)
        worst = finding;
    }
  g_assert_cmpuint (g_array_index (worst->cells, guint, 0), ==, CELL (8, 3));
  g_assert_cmpfloat (worst->score, >, 3.5);
}

/* On a grid of its own: fewer than eight cells say nothing, a cell without hits is
 * no finding. */
static void
test_spatial_limits (void)
{
  DynoGridShape shape;
  double delta[55];
  guint32 hits[55] = { 0 };
  g_autoptr(DynoAdvice) advice = dyno_advice_new ("anomalies");

  g_assert_true (dyno_grid_shape_named (&shape, "11x5"));
  for (guint i = 0; i < 55; i++)
    delta[i] = i < 7 ? i : NAN;
  for (guint i = 0; i < 55; i++)
    hits[i] = 20;
  delta[3] = 40;
  dyno_anomaly_spatial (advice, &shape, 0, delta, hits);
  g_assert_cmpuint (advice->findings->len, ==, 0);
  for (guint i = 7; i < 55; i++)
    delta[i] = i % 3;
  dyno_anomaly_spatial (advice, &shape, 0, delta, hits);
  g_assert_nonnull (dyno_test_find_kind (advice, "spatial"));
  for (guint i = 0; i < 55; i++)
    hits[i] = 0;
  g_ptr_array_set_size (advice->findings, 0);
  dyno_anomaly_spatial (advice, &shape, 0, delta, hits);
  g_assert_cmpuint (advice->findings->len, ==, 0);
}

/* A map that slopes by hundredths of a percent, and one cell of it: far out by z, and too
 * little to speak of below one point. */
static void
test_spatial_floor (void)
{
  for (guint is_large = 0; is_large < 2; is_large++)
    {
      g_autoptr(DynoAdvice) advice = dyno_advice_new ("anomalies");
      DynoGridShape shape;
      double delta[55];
      guint32 hits[55];

      g_assert_true (dyno_grid_shape_named (&shape, "11x5"));
      for (guint i = 0; i < 55; i++)
        {
          delta[i] = 0.02 * (i / 5) + 0.01 * (i % 3);
          hits[i] = 20;
        }
      delta[27] += is_large ? 1.1 : 0.9;
      dyno_anomaly_spatial (advice, &shape, 0, delta, hits);
      g_assert_cmpuint (dyno_test_count_kind (advice, "spatial"), ==, is_large);
    }
}

/* Lean by that much in a part of the map. */
static void
lean_region (DynoTestPlant *plant,
             guint          cylinder,
             guint          first_row,
             guint          last_row,
             guint          first_column,
             guint          last_column,
             double         percent)
{
  for (guint r = first_row; r <= last_row; r++)
    {
      for (guint c = first_column; c <= last_column; c++)
        dyno_test_plant_lean (plant, cylinder, CELL (r, c), percent);
    }
}

static void
test_imbalance (void)
{
  static const double percents[] = { 4, 2.5, -4 };

  for (gsize i = 0; i < G_N_ELEMENTS (percents); i++)
    {
      g_autoptr(DynoTestPlant) plant = dyno_test_plant_map (ROWS);
      g_autoptr(Anomalies) found = NULL;
      const DynoFinding *finding;

      lean_region (plant, 1, 0, 10, 0, 8, percents[i]);
      found = anomalies_of (plant);
      finding = dyno_test_find_kind (found->advice, "cylinder-imbalance");
      g_assert_cmpint (finding != NULL, ==, i != 1);
      if (finding != NULL)
        dyno_assert_near (dyno_finding_get_number (finding, "imbalance_pct"), percents[i], 0.05);
    }
}

/* Lean at low load is a leak; rich there is not (the original had it the other way
 * round); 3 % are too little. */
static void
test_leak (void)
{
  static const double percents[] = { 6, -6, 3 };

  for (gsize i = 0; i < G_N_ELEMENTS (percents); i++)
    {
      g_autoptr(DynoTestPlant) plant = dyno_test_plant_map (ROWS);
      g_autoptr(Anomalies) found = NULL;
      const DynoFinding *finding;

      lean_region (plant, 1, 0, 2, 0, 4, percents[i]);
      found = anomalies_of (plant);
      finding = dyno_test_find_kind (found->advice, "exhaust-leak");
      g_assert_cmpint (finding != NULL, ==, i == 0);
      if (finding == NULL)
        continue;
      g_assert_cmpuint (dyno_test_count_kind (found->advice, "exhaust-leak"), ==, 1);
      dyno_assert_near (dyno_finding_get_number (finding, "cylinder"), 1, 0);
      dyno_assert_near (finding->score, 6, 0.1);
    }
}

static void
test_knock (void)
{
  g_autoptr(DynoTestPlant) plant = dyno_test_plant_map (ROWS);
  double *knock = dyno_test_plant_channel (plant, DYNO_CHANNEL_KNOCK_R, 0);
  double *iat = dyno_test_plant_channel (plant, DYNO_CHANNEL_IAT, 30);
  g_autoptr(Anomalies) found = NULL;
  const DynoFinding *finding;

  for (guint cell = CELL (4, 6); cell < CELL (4, 9); cell++)
    {
      for (guint i = 0; i < 5; i++)
        knock[cell * ROWS + 10 + i] = cell == CELL (4, 6) ? 1.4 : 2.5;
    }
  for (guint i = 0; i < ROWS; i++)
    iat[CELL (4, 8) * ROWS + i] = 52;
  for (gsize i = 0; i < plant->n; i++)
    iat[i] += 0.01 * (double) (i % 2);
  found = anomalies_of (plant);
  finding = assert_only (found, "knock-cluster", 1);
  dyno_assert_near (finding->score, 2, 0);
  dyno_assert_near (dyno_finding_get_number (finding, "hot_cells"), 1, 0);
  g_assert_cmpuint (finding->cells->len, ==, 2);
  g_assert_cmpuint (g_array_index (finding->cells, guint, 0), ==, CELL (4, 7));
}

static void
test_electrical (void)
{
  for (guint is_linked = 0; is_linked <= 1; is_linked++)
    {
      g_autoptr(DynoTestPlant) plant = dyno_test_plant_map (ROWS);
      double *volts = dyno_test_plant_channel (plant, DYNO_CHANNEL_VBATT, 13.8);
      g_autoptr(Anomalies) found = NULL;
      DynoNoise noise;

      dyno_noise_init (&noise, 3, 1);
      for (gsize i = 0; i < plant->n; i++)
        {
          double sag = dyno_noise_uniform (&noise);

          volts[i] -= sag;
          if (is_linked)
            plant->columns[DYNO_CHANNEL_MIX_F][i] *= 1 + 0.02 * sag;
        }
      found = anomalies_of (plant);
      g_assert_cmpuint (dyno_test_count_kind (found->advice, "electrical"), ==, is_linked);
      g_assert_false (is_unavailable (found, "electrical", "vbatt"));
    }
}

/* A cold, a pegged and a frozen sensor, each told apart. */
static void
test_sensor (void)
{
  static const char *const worst[] = { "not_ready_pct", "pegged_pct", "frozen_pct" };

  for (guint fault = 0; fault < 3; fault++)
    {
      g_autoptr(DynoTestPlant) plant = dyno_test_plant_map (ROWS);
      double *mix = plant->columns[DYNO_CHANNEL_MIX_R];
      g_autoptr(Anomalies) found = NULL;
      const DynoFinding *finding;

      if (fault == 0)
        {
          double *ready = dyno_test_plant_channel (plant, DYNO_CHANNEL_WB_READY_R, 1);

          for (gsize i = 0; i < plant->n / 4; i++)
            ready[i] = 0;
        }
      for (gsize i = plant->n / 2; fault > 0 && i < plant->n * 3 / 4; i++)
        mix[i] = fault == 1 ? 22.4 : 13.37;
      found = anomalies_of (plant);
      finding = dyno_test_find_kind (found->advice, "sensor");
      g_assert_nonnull (finding);
      g_assert_cmpuint (dyno_test_count_kind (found->advice, "sensor"), ==, 1);
      dyno_assert_near (dyno_finding_get_number (finding, "cylinder"), 1, 0);
      for (guint k = 0; k < 3; k++)
        g_assert_cmpint (dyno_finding_get_number (finding, worst[k]) > 10, ==, k == fault);
      g_assert_cmpuint (finding->samples->len, >=, 1);
    }
}

static void
test_clock (void)
{
  g_autoptr(DynoTestPlant) plant = dyno_test_plant_map (ROWS);
  g_autoptr(Anomalies) gap = NULL;
  g_autoptr(Anomalies) uneven = NULL;
  double shift = 0;

  for (gsize i = plant->n / 2; i < plant->n; i++)
    plant->time_s[i] += 5;
  gap = anomalies_of (plant);
  dyno_assert_near (dyno_finding_get_number (assert_only (gap, "clock", 1), "gaps"), 1, 0);
  for (gsize i = 0; i < plant->n; i++)
    {
      shift += i % 9 == 8 ? 0.1 : 0;
      plant->time_s[i] = (double) i * DYNO_TEST_PLANT_STEP_S + shift;
    }
  uneven = anomalies_of (plant);
  g_assert_cmpuint (dyno_test_count_kind (uneven->advice, "clock"), ==, 1);
  dyno_assert_near (dyno_finding_get_number (dyno_test_find_kind (uneven->advice, "clock"), "gaps"),
                    0, 0);
}

/* Columns that an import has not sorted yet. */
static void
test_clock_counts (void)
{
  const double time[] = { 0, 0.1, 0.2, 0.15, 0.25, 2, 2.1, 2.1, 2.2 };
  DynoClockCounts counts = { 0 };

  dyno_clock_count (time, G_N_ELEMENTS (time), 0.5, &counts);
  g_assert_cmpuint (counts.n_steps, ==, 8);
  g_assert_cmpuint (counts.n_backward, ==, 1);
  g_assert_cmpuint (counts.n_gaps, ==, 1);
  g_assert_cmpuint (counts.n_irregular, ==, 1);
  dyno_clock_count (time, 0, 0.5, &counts);
  g_assert_cmpuint (counts.n_steps, ==, 8);
}

static void
test_held (void)
{
  g_autoptr(DynoTestPlant) plant = dyno_test_plant_map (ROWS);
  double *mix = plant->columns[DYNO_CHANNEL_MIX_F];
  g_autoptr(Anomalies) found = NULL;
  const DynoFinding *finding;

  for (gsize i = 0; i < plant->n; i++)
    mix[i] = 13 + 0.001 * (double) (i / 4 % 7);
  found = anomalies_of (plant);
  finding = dyno_test_find_kind (found->advice, "held");
  g_assert_nonnull (finding);
  dyno_assert_near (finding->score, 75, 0.05);
  g_assert_cmpuint (dyno_test_count_kind (found->advice, "held"), ==, 1);
}

/* Several faults come in the order of the rules. */
static void
test_order (void)
{
  static const char *const order[] = { "spatial",   "cylinder-imbalance", "exhaust-leak",
                                       "knock-cluster", "electrical",     "sensor",
                                       "clock",     "held" };
  g_autoptr(DynoTestPlant) plant = dyno_test_plant_map (ROWS);
  double *knock = dyno_test_plant_channel (plant, DYNO_CHANNEL_KNOCK, 0);
  g_autoptr(Anomalies) found = NULL;
  gsize at = 0;

  lean_region (plant, 1, 0, 10, 0, 8, 5);
  lean_region (plant, 0, 0, 2, 0, 4, 8);
  for (guint i = 0; i < 10; i++)
    knock[CELL (5, 5) * ROWS + i] = 3;
  for (gsize i = plant->n / 2; i < plant->n; i++)
    plant->time_s[i] += 5;
  found = anomalies_of (plant);
  for (guint i = 0; i < found->advice->findings->len; i++)
    {
      const DynoFinding *finding = g_ptr_array_index (found->advice->findings, i);

      while (at < G_N_ELEMENTS (order) && !g_str_equal (order[at], finding->kind))
        at++;
      g_assert_cmpuint (at, <, G_N_ELEMENTS (order));
    }
  g_assert_nonnull (dyno_test_find_kind (found->advice, "exhaust-leak"));
  g_assert_nonnull (dyno_test_find_kind (found->advice, "knock-cluster"));
  g_assert_nonnull (dyno_test_find_kind (found->advice, "clock"));
}

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/analysis/anomaly/sound", test_sound);
  g_test_add_func ("/analysis/anomaly/spatial", test_spatial);
  g_test_add_func ("/analysis/anomaly/spatial-limits", test_spatial_limits);
  g_test_add_func ("/analysis/anomaly/spatial-floor", test_spatial_floor);
  g_test_add_func ("/analysis/anomaly/imbalance", test_imbalance);
  g_test_add_func ("/analysis/anomaly/leak", test_leak);
  g_test_add_func ("/analysis/anomaly/knock", test_knock);
  g_test_add_func ("/analysis/anomaly/electrical", test_electrical);
  g_test_add_func ("/analysis/anomaly/sensor", test_sensor);
  g_test_add_func ("/analysis/anomaly/clock", test_clock);
  g_test_add_func ("/analysis/anomaly/clock-counts", test_clock_counts);
  g_test_add_func ("/analysis/anomaly/held", test_held);
  g_test_add_func ("/analysis/anomaly/order", test_order);

  return g_test_run ();
}
