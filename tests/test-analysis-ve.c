/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

#include "config.h"

#include "dyno-align.h"
#include "dyno-analysis.h"
#include "dyno-bin.h"
#include "dyno-ecu.h"
#include "dyno-explain.h"
#include "dyno-noise.h"
#include "dyno-test-log.h"
#include "dyno-test.h"

#include <locale.h>
#include <math.h>
#include <string.h>

#define CELL(row, column) ((row) * 9 + (column)) /* on 11x9 */

/* What stands in every row of a simple log; NaN leaves the column out. */
typedef struct
{
  double rpm, map, front, rear, target, stft;
} Steady;

static void
take_steady (DynoSamplesBuilder *builder,
             DynoChannel         channel,
             const char         *unit,
             double              value,
             gsize               n)
{
  double *values = g_new (double, MAX (n, 1));

  for (gsize i = 0; i < n; i++)
    values[i] = value;
  if (!isnan (value))
    dyno_samples_builder_take (builder, dyno_channel_info (channel)->name, "", channel,
                               dyno_unit_find (unit), g_steal_pointer (&values));
  g_free (values);
}

static void
take_time (DynoSamplesBuilder *builder,
           gsize               n,
           double              step_s)
{
  double *time = g_new (double, MAX (n, 1));

  for (gsize i = 0; i < n; i++)
    time[i] = (double) i * step_s;
  dyno_samples_builder_take_time (builder, time);
}

static DynoSamples *
steady_samples (const Steady *s,
                gsize         n)
{
  DynoSamplesBuilder *builder = dyno_samples_builder_new (n);

  take_time (builder, n, 0.02);
  take_steady (builder, DYNO_CHANNEL_RPM, "rpm", s->rpm, n);
  take_steady (builder, DYNO_CHANNEL_MAP, "kPa", s->map, n);
  take_steady (builder, DYNO_CHANNEL_MIX_F, "AFR", s->front, n);
  take_steady (builder, DYNO_CHANNEL_MIX_R, "AFR", s->rear, n);
  take_steady (builder, DYNO_CHANNEL_TARGET, "AFR", s->target, n);
  take_steady (builder, DYNO_CHANNEL_STFT, "%", s->stft, n);

  return dyno_samples_builder_finish (builder);
}

static DynoVeOptions *
no_delay (void)
{
  DynoVeOptions *options = dyno_ve_options_new ();

  options->delay = DYNO_DELAY_NONE;

  return options;
}

static DynoVeResult *
run_one (DynoSamples         *samples,
         const DynoVeOptions *options)
{
  g_autoptr(DynoAnalysisError) error = NULL;
  DynoVeResult *result = dyno_analysis_run (&samples, 1, options, NULL, NULL, &error);

  g_assert_null (error);
  g_assert_nonnull (result);

  return result;
}

static DynoVeResult *
run_steady (const Steady        *s,
            gsize                n,
            const DynoVeOptions *options)
{
  g_autoptr(DynoSamples) samples = steady_samples (s, n);

  return run_one (samples, options);
}

/* analysis.md 0.5: a lean log asks for more fuel. */
static void
test_sign (void)
{
  static const double rows[][3] = { { 14.3, 10.0, 9.1 }, { 12.0, -7.692307692307692, -7 },
                                    { 12.5, -3.846153846153846, -3.5 } };

  for (gsize i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      for (guint v = 0; v <= DYNO_MATH_1_0_0; v++)
        {
          const Steady s = { 3000, 80, rows[i][0], rows[i][0], 13.0, NAN };
          g_autoptr(DynoVeOptions) options = no_delay ();
          g_autoptr(DynoVeResult) result = NULL;

          options->math_version = (DynoMathVersion) v;
          result = run_steady (&s, 40, options);
          g_assert_cmpuint (result->cylinders[0].cells[CELL (3, 6)].hits, ==, 40);
          dyno_assert_near (result->cylinders[0].cells[CELL (3, 6)].raw, rows[i][1 + v], 1e-9);
          dyno_assert_near (result->cylinders[1].cells[CELL (3, 6)].raw, rows[i][1 + v], 1e-9);
          g_assert_cmpint (dyno_notes_find (result->warnings, "math-version") != NULL, ==, v == 1);
        }
    }
}

static void
assert_empty_cells_are_empty (const DynoVeResult *result)
{
  for (guint c = 0; c < DYNO_VE_CYLINDERS; c++)
    {
      for (guint i = 0; i < result->n_cells; i++)
        {
          const DynoVeCell *cell = &result->cylinders[c].cells[i];

          if (cell->hits == 0)
            {
              g_assert_cmpint (cell->reason, ==, DYNO_CELL_NO_DATA);
              g_assert_true (isnan (cell->factor));
            }
          if (cell->hits < result->set->options->min_hits)
            g_assert_true (isnan (cell->raw) && isnan (cell->smoothed) && isnan (cell->limited));
          else
            g_assert_true (isfinite (cell->raw) && isfinite (cell->smoothed));
        }
    }
}

static void
assert_sums (const DynoVeResult *result)
{
  for (guint c = 0; c < DYNO_VE_CYLINDERS; c++)
    {
      guint64 rows = 0;
      guint64 hits = 0;

      for (guint gate = 0; gate < DYNO_N_GATES; gate++)
        rows += result->cylinders[c].counts[gate];
      for (guint i = 0; i < result->n_cells; i++)
        hits += result->cylinders[c].cells[i].hits;
      g_assert_cmpuint (rows, ==, result->n_rows);
      g_assert_cmpuint (hits, ==, result->cylinders[c].counts[DYNO_GATE_ACCEPTED]);
      g_assert_cmpuint (result->cylinders[c].counts[DYNO_GATE_LOW_WEIGHT], ==, 0);
    }
}

static void
test_few_hits (void)
{
  const Steady s = { 3000, 80, 14.3, NAN, 13.0, NAN };

  for (gsize n = 1; n <= 6; n++)
    {
      g_autoptr(DynoVeOptions) options = no_delay ();
      g_autoptr(DynoVeResult) result = run_steady (&s, n, options);
      const DynoVeCell *cell = &result->cylinders[0].cells[CELL (3, 6)];

      g_assert_cmpuint (cell->hits, ==, n);
      dyno_assert_near (cell->factor, 1.1, 1e-12);
      g_assert_cmpint (cell->reason, ==, n < 5 ? DYNO_CELL_FEW_HITS : DYNO_CELL_CLAMPED);
      assert_empty_cells_are_empty (result);
      assert_sums (result);
    }
}

/* Random weather over the whole map, for the properties that always hold. */
static DynoSamples *
random_samples (gsize   n,
                guint64 seed)
{
  static const DynoChannel channels[] = { DYNO_CHANNEL_RPM, DYNO_CHANNEL_MAP, DYNO_CHANNEL_MIX_F,
                                          DYNO_CHANNEL_MIX_R, DYNO_CHANNEL_TARGET };
  static const double low[] = { 1000, 15, 11, 11, 12 };
  static const double span[] = { 6000, 95, 5, 5, 2.5 };
  DynoSamplesBuilder *builder = dyno_samples_builder_new (n);

  take_time (builder, n, 0.02);
  for (gsize c = 0; c < G_N_ELEMENTS (channels); c++)
    {
      double *values = g_new (double, MAX (n, 1));
      DynoNoise noise;

      dyno_noise_init (&noise, seed, c);
      for (gsize i = 0; i < n; i++)
        {
          values[i] = low[c] + span[c] * dyno_noise_uniform (&noise);
          if (dyno_noise_bits (&noise) % 50 == 0)
            values[i] = NAN;
        }
      dyno_samples_builder_take (builder, dyno_channel_info (channels[c])->name, "", channels[c],
                                 dyno_unit_find (dyno_channel_info (channels[c])->unit), values);
    }

  return dyno_samples_builder_finish (builder);
}

/* Rates of white noise would reject every row. */
static DynoVeOptions *
without_rates (void)
{
  DynoVeOptions *options = dyno_ve_options_new ();

  options->gates_off = 1u << DYNO_GATE_TRANSIENT | 1u << DYNO_GATE_SETTLING;
  options->delay = DYNO_DELAY_FLOW;

  return options;
}

/* The factor of a cell, summed again from what the cell tells. */
static double
recompute (const DynoVeResult  *result,
           const DynoVeSamples *samples)
{
  double weight = 0, factor = 0;
  double part_weight = 0, part_factor = 0;
  gsize chunk = 0;

  for (gsize i = 0; i < samples->n; i++)
    {
      gsize run_row;
      gsize run = dyno_ve_result_run_of (result, samples->rows[i], &run_row);
      gsize this_chunk = run << 40 | run_row / DYNO_VE_CHUNK;

      if (this_chunk != chunk)
        {
          weight += part_weight;
          factor += part_factor;
          part_weight = part_factor = 0;
          chunk = this_chunk;
        }
      part_weight += samples->weights[i];
      part_factor += samples->weights[i] * samples->factors[i];
    }

  return (factor + part_factor) / (weight + part_weight);
}

/* The state that is told is the one that gave the weight. */
static void
assert_placed (DynoVeResult        *result,
               guint                cell,
               const DynoVeSamples *samples,
               gsize                k)
{
  const DynoGridShape *shape = &result->set->shape;
  DynoBinHint hint = { 0 };
  guint cells[4];
  double weights[4];
  double weight = 0;

  dyno_bin_weights (shape, samples->rpm[k], samples->map[k], &hint, cells, weights);
  for (guint i = 0; i < 4; i++)
    weight += cells[i] == cell ? weights[i] : 0;
  g_assert_cmpfloat (weight, ==, samples->weights[k]);
}

static void
assert_traceable (DynoVeResult *result)
{
  for (guint c = 0; c < DYNO_VE_CYLINDERS; c++)
    {
      double weights = 0;

      for (guint i = 0; i < result->n_cells; i++)
        {
          g_autoptr(DynoVeSamples) samples = dyno_ve_result_cell_samples (result, c, i);

          for (gsize k = 0; k < samples->n; k++)
            {
              g_assert_true (k == 0 || samples->rows[k] > samples->rows[k - 1]);
              g_assert_cmpint (result->reasons[c][samples->rows[k]], ==, DYNO_GATE_ACCEPTED);
              g_assert_cmpfloat (samples->weights[k], >, 0);
              assert_placed (result, i, samples, k);
              weights += samples->weights[k];
            }
          if (result->cylinders[c].cells[i].hits > 0)
            g_assert_cmpfloat (recompute (result, samples), ==,
                               result->cylinders[c].cells[i].factor);
        }
      dyno_assert_near (weights, (double) result->cylinders[c].counts[DYNO_GATE_ACCEPTED], 1e-9);
    }
}

/* To the last bit, also over the border of a chunk and with several runs. */
static void
test_recompute (void)
{
  g_autoptr(DynoSamples) small = random_samples (3000, 1);
  g_autoptr(DynoSamples) large = random_samples (150000, 2);
  DynoSamples *runs[] = { small, large };
  g_autoptr(DynoVeOptions) options = without_rates ();
  g_autoptr(DynoVeResult) result = dyno_analysis_run (runs, 2, options, NULL, NULL, NULL);

  g_assert_cmpuint (result->n_rows, ==, 153000);
  g_assert_cmpuint (result->cylinders[0].counts[DYNO_GATE_ACCEPTED], >, 60000);
  assert_sums (result);
  assert_empty_cells_are_empty (result);
  assert_traceable (result);
}

static void
assert_same (const DynoVeResult *a,
             const DynoVeResult *b)
{
  g_assert_cmpstr (a->options, ==, b->options);
  for (guint c = 0; c < DYNO_VE_CYLINDERS; c++)
    {
      g_assert_cmpmem (a->reasons[c], a->n_rows, b->reasons[c], b->n_rows);
      g_assert_cmpmem (a->homes[c], a->n_rows * 2, b->homes[c], b->n_rows * 2);
      for (guint i = 0; i < a->n_cells; i++)
        {
          const DynoVeCell *x = &a->cylinders[c].cells[i];
          const DynoVeCell *y = &b->cylinders[c].cells[i];

          g_assert_cmpuint (x->hits, ==, y->hits);
          g_assert_cmpmem (&x->factor, sizeof (double), &y->factor, sizeof (double));
          g_assert_cmpmem (&x->limited, sizeof (double), &y->limited, sizeof (double));
          g_assert_cmpmem (&x->se, sizeof (double), &y->se, sizeof (double));
        }
    }
}

/* Same input, same bits: again, in another locale, from a copy elsewhere in memory. */
static void
test_deterministic (void)
{
  g_autoptr(DynoSamples) samples = random_samples (70000, 3);
  g_autoptr(DynoSamples) copy = random_samples (70000, 3);
  g_autoptr(DynoVeOptions) options = without_rates ();
  g_autoptr(DynoVeResult) first = NULL;
  g_autoptr(DynoVeResult) second = NULL;
  g_autofree char *before = g_strdup (setlocale (LC_ALL, NULL));

  options->delay = DYNO_DELAY_AUTO;
  first = run_one (samples, options);
  setlocale (LC_ALL, "de_DE.UTF-8");
  second = run_one (copy, options);
  setlocale (LC_ALL, before);
  assert_same (first, second);
}

/* The cycle `cells` of the simulator: rpm 2000…5500, MAP 30…90, 4 s each. */
static DynoSamples *
record_cells (guint64         seed,
              double          noise,
              const DynoGrid *front_factor,
              const DynoGrid *rear_factor)
{
  g_autoptr(DynoBike) bike = dyno_bike_new (dyno_bike_engine_find ("twin114"));
  g_autoptr(DynoBikeSensors) sensors = dyno_bike_sensors_new (seed, noise);
  g_autoptr(DynoTestLog) log = dyno_test_log_new ();
  g_autoptr(DynoGrid) error = dyno_bike_demo_error ();

  dyno_bike_mixture_set_error (dyno_bike_mixture (bike), error, 1.5);
  dyno_bike_mixture_set_factor (dyno_bike_mixture (bike), front_factor, rear_factor);
  dyno_bike_place (bike, 2000);
  for (double rpm = 2000; rpm <= 5500; rpm += 500)
    {
      for (double kpa = 30; kpa <= 90; kpa += 10)
        {
          dyno_bike_command_hold (bike, rpm, kpa, 1);
          dyno_test_log_record (log, bike, sensors, 80, 50);
        }
    }

  return dyno_test_log_finish (log, NULL);
}

/* What was planted in a cell, seen from a table that is applied already, in %. */
static double
planted_pct (const DynoGrid *error,
             const DynoGrid *factor,
             guint           cylinder,
             guint           cell)
{
  double true_factor = 1 + (error->values[cell] + (cylinder == 1 ? 1.5 : 0)) / 100;
  double applied = factor == NULL || isnan (factor->values[cell]) ? 1 : factor->values[cell];

  return (true_factor / applied - 1) * 100;
}

/* Every cell with 20 hits or more; the answer is the mean deviation. */
static double
assert_found (const DynoVeResult *result,
              guint               cylinder,
              double              worst_pct)
{
  g_autoptr(DynoGrid) error = dyno_bike_demo_error ();
  double sum = 0;
  guint n = 0;

  for (guint i = 0; i < 99; i++)
    {
      const DynoVeCell *cell = &result->cylinders[cylinder].cells[i];

      if (cell->hits < 20)
        continue;
      g_assert_cmpfloat (fabs (cell->raw - planted_pct (error, NULL, cylinder, i)), <, worst_pct);
      sum += cell->raw - planted_pct (error, NULL, cylinder, i);
      n++;
    }
  g_assert_cmpuint (n, >=, 45);

  return sum / n;
}

static void
test_planted_error_is_found (void)
{
  for (guint64 seed = 1; seed <= 4; seed++)
    {
      g_autoptr(DynoSamples) samples = record_cells (seed, 1, NULL, NULL);
      g_autoptr(DynoVeOptions) options = dyno_ve_options_new ();
      g_autoptr(DynoVeResult) result = run_one (samples, options);

      for (guint c = 0; c < DYNO_VE_CYLINDERS; c++)
        g_assert_cmpfloat (fabs (assert_found (result, c, 1.0)), <, 0.3);
      g_assert_cmpint (result->balance.bias, ==, DYNO_BIAS_MINOR);
      dyno_assert_near (result->balance.mean_pct, 1.5, 0.2);
      assert_sums (result);
      assert_empty_cells_are_empty (result);
    }
}

static DynoGrid *
factors_of (const DynoVeResult *result,
            guint               cylinder)
{
  DynoGrid *grid = dyno_grid_new (&result->set->shape);

  for (guint i = 0; i < result->n_cells; i++)
    {
      if (result->cylinders[cylinder].cells[i].hits >= 20)
        grid->values[i] = result->cylinders[cylinder].cells[i].factor;
    }

  return grid;
}

/* Without noise within 0.2 %; with the found factors applied nothing is left. */
static void
test_correction_comes_out_right (void)
{
  g_autoptr(DynoSamples) samples = record_cells (1, 0, NULL, NULL);
  g_autoptr(DynoVeOptions) options = dyno_ve_options_new ();
  g_autoptr(DynoVeResult) found = run_one (samples, options);
  g_autoptr(DynoGrid) front = factors_of (found, 0);
  g_autoptr(DynoGrid) rear = factors_of (found, 1);
  g_autoptr(DynoSamples) again = record_cells (1, 0, front, rear);
  g_autoptr(DynoVeResult) repeat = run_one (again, options);

  for (guint c = 0; c < DYNO_VE_CYLINDERS; c++)
    {
      assert_found (found, c, 0.2);
      for (guint i = 0; i < 99; i++)
        {
          if (found->cylinders[c].cells[i].hits >= 20 && repeat->cylinders[c].cells[i].hits >= 20)
            g_assert_cmpfloat (fabs (repeat->cylinders[c].cells[i].raw), <, 0.5);
        }
    }
}

/* Throttle snaps, a pure delay, 0.1 AFR of noise: the delay comes back. */
static DynoSamples *
record_snaps (double  delay_ms,
              guint64 seed,
              guint   step_ms)
{
  g_autoptr(DynoBike) bike = dyno_bike_new (dyno_bike_engine_find ("twin114"));
  g_autoptr(DynoBikeSensors) sensors = dyno_bike_sensors_new (seed, 0.1 / 0.12);
  g_autoptr(DynoTestLog) log = dyno_test_log_new ();
  g_autoptr(DynoGrid) error = dyno_bike_demo_error ();
  DynoNoise noise;

  dyno_noise_init (&noise, seed, 99);
  dyno_bike_mixture_set_error (dyno_bike_mixture (bike), error, 1.5);
  dyno_bike_mixture_set_sensor (dyno_bike_mixture (bike), delay_ms, 0, 0);
  dyno_bike_place (bike, 3000);
  for (guint i = 0; i < 300; i++)
    {
      /* Snaps at even times would have their echo at every other delay. */
      guint dwell_ms = 300 + 100 * (guint) (dyno_noise_bits (&noise) % 8);

      dyno_bike_command_hold (bike, 2000 + 500 * (double) (dyno_noise_bits (&noise) % 8),
                              i % 2 == 0 ? 30 : 95, 0.05);
      dyno_test_log_record (log, bike, sensors, dwell_ms / step_ms, step_ms);
    }

  return dyno_test_log_finish (log, NULL);
}

/* The mean of what was accepted in both cylinders: a throttle that takes 0.4 s is
 * a blunt edge for a single bin. */
static void
test_planted_delay_is_measured (void)
{
  for (double delay_ms = 40; delay_ms <= 400; delay_ms += 40)
    {
      for (guint step_ms = 20; step_ms <= 50; step_ms += 30)
        {
          g_autoptr(DynoSamples) samples = record_snaps (delay_ms, 7, step_ms);
          g_autoptr(DynoVeOptions) options = dyno_ve_options_new ();
          g_autoptr(DynoVeResult) result = run_one (samples, options);
          guint accepted = 0;
          double sum_ms = 0;

          for (guint i = 0; i < DYNO_VE_CYLINDERS * DYNO_DELAY_BINS; i++)
            {
              const DynoDelayBin *bin =
                  &result->cylinders[i / DYNO_DELAY_BINS].delay.bins[i % DYNO_DELAY_BINS];

              if (bin->verdict != DYNO_DELAY_ACCEPTED)
                continue;
              accepted++;
              sum_ms += bin->tau_ms;
              g_assert_cmpfloat (bin->r, >=, 0.5);
              g_assert_cmpfloat (bin->half_width_ms, <=, 60);
              g_assert_cmpfloat (bin->variance, <, bin->variance_zero);
            }
          g_assert_cmpuint (accepted, >=, 4);
          g_assert_cmpfloat (fabs (sum_ms / accepted - delay_ms), <=, 20);
        }
    }
}

/* analysis.md 3.4: the virtual ECU jumps from cell to cell, 50 Hz, 0.1 AFR of
 * noise (0.05 beside injector time), read `delay_rows` rows later. */
static DynoSamples *
ecu_samples (guint    delay_rows,
             guint64  seed,
             gboolean has_injector)
{
  enum { ROWS = 8000 };
  static const DynoChannel channels[] = { DYNO_CHANNEL_RPM, DYNO_CHANNEL_MAP, DYNO_CHANNEL_TARGET,
                                          DYNO_CHANNEL_MIX_F, DYNO_CHANNEL_PW_F };
  g_autoptr(DynoEcu) ecu = dyno_ecu_new ();
  DynoSamplesBuilder *builder = dyno_samples_builder_new (ROWS);
  double *values[5];
  double rpm = 3000, map = 60;
  guint left = 0;
  DynoNoise noise;

  dyno_noise_init (&noise, seed, 0);
  for (guint i = 0; i < 99; i++)
    ecu->ve->values[i] *= 0.95 + 0.1 * dyno_noise_uniform (&noise);
  for (guint c = 0; c < 5; c++)
    values[c] = g_new (double, ROWS);
  for (guint i = 0; i < ROWS; i++)
    {
      if (left-- == 0)
        {
          /* Fuel by injector time follows VE: at one speed it is the throttle's. */
          rpm = has_injector ? 3000 : 1500 + 500 * (double) (dyno_noise_bits (&noise) % 11);
          map = 20 + 10 * (double) (dyno_noise_bits (&noise) % 9);
          left = 20 + (guint) (dyno_noise_bits (&noise) % 40);
        }
      values[0][i] = rpm;
      values[1][i] = map;
      values[2][i] = dyno_ecu_target_afr (ecu, rpm, map);
      values[4][i] =
          dyno_ecu_fuel_mg (ecu, rpm, map, dyno_ecu_air_mg (114, 2, map, 25)) / 10;
      values[3][i] = NAN;
      if (i >= delay_rows)
        values[3][i] = dyno_ecu_resulting_afr (ecu, values[0][i - delay_rows],
                                               values[1][i - delay_rows],
                                               dyno_ecu_actual_ve (values[0][i - delay_rows],
                                                                   values[1][i - delay_rows]))
                       + (has_injector ? 0.05 : 0.1) * dyno_noise_normal (&noise);
    }
  take_time (builder, ROWS, 0.02);
  if (!has_injector)
    g_clear_pointer (&values[4], g_free);
  for (guint c = 0; c < (has_injector ? 5 : 4); c++)
    {
      guint8 *bits = g_malloc (ROWS / 8 + 1);

      /* Steady numbers are readings too: without bits they would count as held. */
      memset (bits, 0xFF, ROWS / 8 + 1);
      dyno_samples_builder_take (builder, dyno_channel_info (channels[c])->name, "", channels[c],
                                 dyno_unit_find (dyno_channel_info (channels[c])->unit), values[c]);
      dyno_samples_builder_take_updates (builder, c, bits);
    }

  return dyno_samples_builder_finish (builder);
}

static void
test_delay_of_the_virtual_ecu (void)
{
  for (guint delay_rows = 2; delay_rows <= 20; delay_rows++)
    {
      g_autoptr(DynoSamples) samples =
          ecu_samples (delay_rows, delay_rows, delay_rows % 2 == 1);
      g_autoptr(DynoVeOptions) options = dyno_ve_options_new ();
      g_autoptr(DynoVeResult) result = run_one (samples, options);
      const DynoDelay *delay = &result->cylinders[0].delay;
      guint accepted = 0;

      g_assert_cmpuint (delay->n_bins, ==, DYNO_DELAY_BINS);
      for (guint b = 0; b < delay->n_bins; b++)
        {
          if (delay->bins[b].verdict != DYNO_DELAY_ACCEPTED)
            continue;
          accepted++;
          g_assert_cmpfloat (fabs (delay->bins[b].tau_ms - 20 * delay_rows), <=, 20);
        }
      g_assert_cmpuint (accepted, >=, 2);
    }
}

static void
test_constant_mixture_is_not_measurable (void)
{
  const Steady s = { 3000, 60, 13.5, 13.5, 13.5, NAN };
  g_autoptr(DynoVeOptions) options = dyno_ve_options_new ();
  g_autoptr(DynoVeResult) result = run_steady (&s, 3000, options);
  const DynoDelay *delay = &result->cylinders[0].delay;

  g_assert_cmpuint (delay->n_bins, ==, 1);
  g_assert_cmpint (delay->bins[0].verdict, ==, DYNO_DELAY_NOT_MEASURABLE);
  g_assert_true (isnan (delay->bins[0].r));
  dyno_assert_near (dyno_delay_s (delay, 3000, 60), 0.140, 1e-12); /* flow */
}

/* Noise that follows nothing is not taken for a delay. */
static void
test_noise_is_no_delay (void)
{
  g_autoptr(DynoSamples) samples = random_samples (20000, 8);
  g_autoptr(DynoVeOptions) options = dyno_ve_options_new ();
  g_autoptr(DynoVeResult) result = run_one (samples, options);

  for (guint b = 0; b < result->cylinders[0].delay.n_bins; b++)
    g_assert_cmpint (result->cylinders[0].delay.bins[b].verdict, !=, DYNO_DELAY_ACCEPTED);
}

static void
test_delay_models (void)
{
  g_autoptr(DynoVeOptions) options = dyno_ve_options_new ();
  DynoDelay delay;

  options->delay = DYNO_DELAY_FLOW;
  dyno_delay_init (&delay, options, TRUE);
  dyno_assert_near (dyno_delay_s (&delay, 3000, 60), 0.140, 1e-12);
  dyno_assert_near (dyno_delay_s (&delay, 6000, 95), 0.0579, 5e-5);
  dyno_assert_near (dyno_delay_s (&delay, 1500, 40), 0.380, 1e-12);
  g_assert_cmpfloat (dyno_delay_s (&delay, 500, 10), ==, 0.6);
  g_assert_cmpfloat (dyno_delay_s (&delay, 20000, 300), ==, 0.04);
  g_assert_cmpfloat (dyno_delay_s (&delay, 0, 60), ==, 0.6);
  g_assert_true (isnan (dyno_delay_s (&delay, NAN, 60)));

  g_assert_true (dyno_ve_options_set_text (
      options, "delay_table", "{\"rpm\":[1000,3000],\"kpa\":[20,100],\"ms\":[[400,200],[200,100]]}",
      NULL));
  options->delay = DYNO_DELAY_TABLE;
  dyno_delay_init (&delay, options, TRUE);
  dyno_assert_near (dyno_delay_s (&delay, 2000, 60), 0.225, 1e-12);
  dyno_delay_init (&delay, options, FALSE);
  g_assert_cmpfloat (dyno_delay_s (&delay, 2000, 60), ==, 0);
}

static void
test_no_rear_sensor (void)
{
  const Steady s = { 3000, 80, 13.5, NAN, 13.0, NAN };
  g_autoptr(DynoVeOptions) options = no_delay ();
  g_autoptr(DynoVeResult) apart = run_steady (&s, 200, options);
  g_autoptr(DynoVeResult) both = NULL;

  g_assert_false (apart->cylinders[1].has_sensor);
  g_assert_nonnull (dyno_notes_find (apart->warnings, "no-sensor-rear"));
  for (guint i = 0; i < apart->n_cells; i++)
    {
      g_assert_cmpuint (apart->cylinders[1].cells[i].hits, ==, 0);
      g_assert_true (isnan (apart->cylinders[1].cells[i].factor));
    }
  g_assert_cmpint (apart->balance.bias, ==, DYNO_BIAS_UNKNOWN);
  dyno_assert_near (apart->combined[CELL (3, 6)], 500.0 / 130, 1e-9);

  options->one_sensor_for_both = TRUE;
  both = run_steady (&s, 200, options);
  g_assert_true (both->cylinders[1].has_sensor);
  g_assert_cmpfloat (both->cylinders[1].cells[CELL (3, 6)].raw, ==,
                     both->cylinders[0].cells[CELL (3, 6)].raw);
  g_assert_nonnull (dyno_notes_find (both->assumptions, "one-sensor-for-both"));
  g_assert_nonnull (dyno_notes_find (both->assumptions, "shared-target"));
}

static void
test_cylinders (void)
{
  const Steady s = { 3000, 80, 13.0, 13.91, 13.0, NAN };
  g_autoptr(DynoVeOptions) options = no_delay ();
  g_autoptr(DynoVeResult) result = run_steady (&s, 200, options);

  dyno_assert_near (result->balance.mean_pct, 7, 1e-9);
  g_assert_cmpint (result->balance.bias, ==, DYNO_BIAS_SIGNIFICANT);
  g_assert_cmpuint (result->balance.worst_cell, ==, CELL (3, 6));
  g_assert_nonnull (dyno_notes_find (result->warnings, "cylinder-bias"));
  g_assert_nonnull (dyno_notes_find (result->warnings, "cylinder-local"));
  dyno_assert_near (result->combined[CELL (3, 6)],
                    (result->cylinders[0].cells[CELL (3, 6)].limited
                     + result->cylinders[1].cells[CELL (3, 6)].limited) / 2, 1e-12);
}

static void
test_rear_bias (void)
{
  const Steady inside = { 3000, 80, 13.0, 13.0, 13.0, NAN };
  const Steady outside = { 4000, 80, 13.0, 13.0, 13.0, NAN };
  g_autoptr(DynoVeOptions) options = no_delay ();
  g_autoptr(DynoVeResult) in = NULL;
  g_autoptr(DynoVeResult) out = NULL;

  options->rear_bias_pct = 2;
  in = run_steady (&inside, 200, options);
  out = run_steady (&outside, 200, options);
  dyno_assert_near (in->cylinders[0].cells[CELL (3, 6)].limited, 0, 1e-9);
  dyno_assert_near (in->cylinders[1].cells[CELL (3, 6)].limited, 2, 1e-9);
  dyno_assert_near (in->cylinders[1].cells[CELL (3, 6)].raw, 0, 1e-9);
  dyno_assert_near (out->cylinders[1].cells[CELL (5, 6)].limited, 0, 1e-9);
}

static void
test_trims_and_gain (void)
{
  const Steady trimmed = { 3000, 80, 13.0, NAN, 13.0, 5 };
  const Steady lean = { 3000, 80, 14.3, NAN, 13.0, NAN };
  g_autoptr(DynoVeOptions) options = no_delay ();
  g_autoptr(DynoVeResult) with_trim = run_steady (&trimmed, 200, options);
  g_autoptr(DynoVeResult) with_gain = NULL;

  dyno_assert_near (with_trim->cylinders[0].cells[CELL (3, 6)].raw, 5, 1e-9);
  options->gain = 0.5;
  with_gain = run_steady (&lean, 200, options);
  dyno_assert_near (with_gain->cylinders[0].cells[CELL (3, 6)].raw, 5, 1e-9);
}

static void
test_limits_and_reasons (void)
{
  const Steady s = { 3000, 80, 15.6, NAN, 13.0, NAN };
  g_autoptr(DynoVeOptions) options = no_delay ();
  g_autoptr(DynoVeResult) result = run_steady (&s, 200, options);
  const DynoVeCell *cell = &result->cylinders[0].cells[CELL (3, 6)];
  g_autoptr(DynoVeStory) story = dyno_ve_explain_cell (result, 0, CELL (3, 6));
  g_autoptr(DynoVeStory) empty = dyno_ve_explain_cell (result, 0, CELL (5, 5));
  g_autoptr(DynoVeStory) rear = dyno_ve_explain_cell (result, 1, CELL (3, 6));

  dyno_assert_near (cell->raw, 20, 1e-9);
  g_assert_cmpint (cell->zone, ==, DYNO_ZONE_PART);
  g_assert_cmpint (cell->confidence, ==, DYNO_CONFIDENCE_HIGH);
  g_assert_cmpfloat (cell->limited, ==, 7);
  g_assert_cmpint (cell->reason, ==, DYNO_CELL_CLAMPED);
  dyno_assert_near (cell->mean_mix, 15.6, 1e-9);
  dyno_assert_near (cell->mean_target, 13, 1e-9);

  g_assert_cmpuint (story->seen, ==, 200);
  g_assert_cmpuint (story->counts[DYNO_GATE_ACCEPTED], ==, 200);
  g_assert_cmpstr (story->sentence, ==,
                   "3000 rpm, 80 kPa, front: 200 readings, 200 of them count. They ask for "
                   "+20.00 %, smoothed +20.00 %; confidence is high, which allows ±7 %: the cell "
                   "gets +7.00 %.");
  g_assert_cmpstr (empty->sentence, ==, "4000 rpm, 70 kPa, front: 0 readings, none of them counts.");
  g_assert_nonnull (strstr (rear->sentence, "no mixture sensor"));
}

/* λ named AFR and AFR named lambda are found out and said; 1.2 of λ is 17.64 AFR. */
static void
test_units_are_found_out (void)
{
  enum { N = 200 };
  DynoSamplesBuilder *builder = dyno_samples_builder_new (N);
  g_autoptr(DynoSamples) samples = NULL;
  g_autoptr(DynoVeOptions) options = no_delay ();
  g_autoptr(DynoVeResult) result = NULL;

  take_time (builder, N, 0.02);
  take_steady (builder, DYNO_CHANNEL_RPM, "rpm", 3000, N);
  take_steady (builder, DYNO_CHANNEL_MAP, "kPa", 80, N);
  take_steady (builder, DYNO_CHANNEL_MIX_F, "AFR", 0.95, N);
  take_steady (builder, DYNO_CHANNEL_MIX_R, "λ", 13.965, N);
  take_steady (builder, DYNO_CHANNEL_TARGET, "λ", 0.9, N);
  samples = dyno_samples_builder_finish (builder);
  result = run_one (samples, options);
  for (guint c = 0; c < DYNO_VE_CYLINDERS; c++)
    dyno_assert_near (result->cylinders[c].cells[CELL (3, 6)].raw, 0.95 / 0.9 * 100 - 100, 1e-9);
  g_assert_nonnull (dyno_notes_find (result->assumptions, "unit-mix_f"));
  g_assert_nonnull (dyno_notes_find (result->assumptions, "unit-mix_r"));
  g_assert_null (dyno_notes_find (result->assumptions, "unit-target"));
}

/* Another fuel: windows scale with it, what is told is in its own AFR. */
static void
test_ethanol (void)
{
  const Steady s = { 3000, 80, 9.0, NAN, 8.2, NAN };
  g_autoptr(DynoVeOptions) options = no_delay ();
  g_autoptr(DynoVeResult) result = NULL;

  options->afr_stoich = 9.77;
  result = run_steady (&s, 200, options);
  dyno_assert_near (result->cylinders[0].cells[CELL (3, 6)].factor, 9.0 / 8.2, 1e-12);
  dyno_assert_near (result->cylinders[0].cells[CELL (3, 6)].mean_mix, 9.0, 1e-9);
}

static void
test_target_choice (void)
{
  static const struct
  {
    double             target;
    DynoTargetChoice   choice;
    DynoVeTargetSource wanted;
    double             used; /* NaN: the row is rejected */
  } rows[] = {
    { 13.0, DYNO_TARGET_AUTO, DYNO_VE_TARGET_COMMANDED, 13.0 },
    { 19.0, DYNO_TARGET_AUTO, DYNO_VE_TARGET_TABLE, 12.8 },
    { NAN, DYNO_TARGET_AUTO, DYNO_VE_TARGET_TABLE, 12.8 },
    { 13.0, DYNO_TARGET_TABLE, DYNO_VE_TARGET_TABLE, 12.8 },
    { 19.0, DYNO_TARGET_COMMANDED, DYNO_VE_TARGET_COMMANDED, NAN },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      const Steady s = { 3000, 80, 13.4, NAN, rows[i].target, NAN };
      g_autoptr(DynoVeOptions) options = no_delay ();
      g_autoptr(DynoVeResult) result = NULL;

      options->target = rows[i].choice;
      result = run_steady (&s, 100, options);
      g_assert_cmpint (result->cylinders[0].target, ==, rows[i].wanted);
      dyno_assert_near (result->cylinders[0].cells[CELL (3, 6)].mean_target, rows[i].used, 1e-9);
      g_assert_cmpint (dyno_notes_find (result->assumptions, "target-table-front") != NULL, ==,
                       rows[i].choice == DYNO_TARGET_AUTO
                           && rows[i].wanted == DYNO_VE_TARGET_TABLE);
    }
}

static void
assert_fails (DynoSamples       *samples,
              DynoAnalysisReason reason,
              const char        *named)
{
  g_autoptr(DynoVeOptions) options = dyno_ve_options_new ();
  g_autoptr(DynoAnalysisError) error = NULL;

  g_assert_null (dyno_analysis_run (&samples, 1, options, NULL, NULL, &error));
  g_assert_cmpint (error->reason, ==, reason);
  g_assert_nonnull (strstr (error->message, named));
}

static void
test_missing_channels (void)
{
  const Steady no_rpm = { NAN, 80, 13, 13, 13, NAN };
  const Steady no_map = { 3000, NAN, 13, 13, 13, NAN };
  const Steady no_mix = { 3000, 80, NAN, NAN, 13, NAN };
  const Steady all = { 3000, 80, 13, 13, 13, NAN };
  g_autoptr(DynoSamples) a = steady_samples (&no_rpm, 10);
  g_autoptr(DynoSamples) b = steady_samples (&no_map, 10);
  g_autoptr(DynoSamples) c = steady_samples (&no_mix, 10);
  g_autoptr(DynoSamples) none = steady_samples (&all, 0);

  assert_fails (a, DYNO_ANALYSIS_MISSING_CHANNEL, "rpm");
  assert_fails (b, DYNO_ANALYSIS_MISSING_CHANNEL, "map");
  assert_fails (c, DYNO_ANALYSIS_MISSING_CHANNEL, "mix_f");
  assert_fails (none, DYNO_ANALYSIS_NO_ROWS, "no rows");
}

static void
test_bad_calls (void)
{
  const Steady s = { 3000, 80, 13, 13, 13, NAN };
  g_autoptr(DynoSamples) samples = steady_samples (&s, 10);
  DynoSamples *many[DYNO_VE_MAX_RUNS + 1];
  g_autoptr(DynoVeOptions) options = dyno_ve_options_new ();
  g_autoptr(DynoAnalysisError) error = NULL;
  g_autoptr(DynoAnalysisError) table = NULL;
  g_autoptr(DynoAnalysisError) legacy = NULL;

  for (gsize i = 0; i < G_N_ELEMENTS (many); i++)
    many[i] = samples;
  g_assert_null (dyno_analysis_run (many, G_N_ELEMENTS (many), options, NULL, NULL, &error));
  g_assert_cmpint (error->reason, ==, DYNO_ANALYSIS_BAD_OPTION);
  g_assert_null (dyno_analysis_run (many, 0, options, NULL, NULL, NULL));
  options->delay = DYNO_DELAY_TABLE;
  g_assert_null (dyno_analysis_run (many, 1, options, NULL, NULL, &table));
  g_assert_nonnull (strstr (table->message, "delay_table"));
  options->delay = DYNO_DELAY_NONE;
  options->math_version = DYNO_MATH_LEGACY_CLI_1_2;
  g_assert_null (dyno_analysis_run (many, 1, options, NULL, NULL, &legacy));
  g_assert_cmpint (legacy->reason, ==, DYNO_ANALYSIS_BAD_OPTION);
  g_assert_nonnull (strstr (legacy->message, "legacy-cli-1.2"));
}

/* Whatever a log holds, there is an answer. */
static void
test_poor_logs (void)
{
  static const double values[] = { NAN, 0, -1, 1e300, -1e300, 13 };

  for (gsize i = 0; i < G_N_ELEMENTS (values); i++)
    {
      for (gsize n = 1; n <= 3; n++)
        {
          DynoSamplesBuilder *builder = dyno_samples_builder_new (n);
          g_autoptr(DynoSamples) samples = NULL;
          g_autoptr(DynoVeOptions) options = dyno_ve_options_new ();
          g_autoptr(DynoVeResult) result = NULL;
          static const DynoChannel channels[] = {
            DYNO_CHANNEL_RPM, DYNO_CHANNEL_MAP, DYNO_CHANNEL_MIX_F, DYNO_CHANNEL_MIX_R,
            DYNO_CHANNEL_TARGET, DYNO_CHANNEL_TPS, DYNO_CHANNEL_IAT, DYNO_CHANNEL_ENGINE_TEMP,
            DYNO_CHANNEL_WB_READY_F, DYNO_CHANNEL_PW_F, DYNO_CHANNEL_STFT, DYNO_CHANNEL_LTFT,
          };

          take_time (builder, n, 0);
          for (gsize c = 0; c < G_N_ELEMENTS (channels); c++)
            {
              double row[3] = { values[i], values[i], values[i] };

              dyno_test_take (builder, channels[c], dyno_channel_info (channels[c])->unit, row, n);
            }
          samples = dyno_samples_builder_finish (builder);
          result = run_one (samples, options);
          assert_sums (result);
          assert_empty_cells_are_empty (result);
        }
    }
}

static void
test_without_time (void)
{
  const Steady s = { 3000, 80, 13.5, 13.5, 13.0, NAN };
  g_autoptr(DynoSamples) timed = steady_samples (&s, 100);
  DynoSamplesBuilder *builder = dyno_samples_builder_new (100);
  g_autoptr(DynoSamples) samples = NULL;
  g_autoptr(DynoVeOptions) options = dyno_ve_options_new ();
  g_autoptr(DynoVeResult) result = NULL;

  for (guint c = 0; c < dyno_samples_n_columns (timed); c++)
    {
      const DynoColumn *column = dyno_samples_column (timed, c);

      dyno_samples_builder_take (builder, column->name, "", column->channel, column->unit,
                                 dyno_test_dup_column (column));
    }
  samples = dyno_samples_builder_finish (builder);
  result = run_one (samples, options);
  g_assert_cmpint (result->cylinders[0].delay.mode, ==, DYNO_DELAY_NONE);
  g_assert_cmpuint (result->cylinders[0].cells[CELL (3, 6)].hits, ==, 100);
  g_assert_cmpuint (result->gates_unavailable & 1u << DYNO_GATE_TRANSIENT, !=, 0);
  g_assert_nonnull (dyno_notes_find (result->warnings, "no-time"));
}

/* Two runs are one set; nothing reaches over the border between them. */
static void
test_several_runs (void)
{
  const Steady first = { 3000, 80, 14.3, NAN, 13.0, NAN };
  const Steady second = { 3000, 80, 11.7, NAN, 13.0, NAN };
  g_autoptr(DynoSamples) a = steady_samples (&first, 100);
  g_autoptr(DynoSamples) b = steady_samples (&second, 300);
  DynoSamples *runs[] = { a, b };
  g_autoptr(DynoVeOptions) options = dyno_ve_options_new ();
  g_autoptr(DynoVeResult) result = NULL;
  gsize row;

  options->mad_limit = 0;
  options->delay = DYNO_DELAY_FIXED;
  options->delay_ms = 200;
  result = dyno_analysis_run (runs, 2, options, NULL, NULL, NULL);
  g_assert_cmpuint (result->n_rows, ==, 400);
  g_assert_cmpuint (result->cylinders[0].counts[DYNO_GATE_NO_PARTNER], ==, 20);
  dyno_assert_near (result->cylinders[0].cells[CELL (3, 6)].factor, (90 * 1.1 + 290 * 0.9) / 380,
                    1e-12);
  g_assert_cmpuint (dyno_ve_result_run_of (result, 99, &row), ==, 0);
  g_assert_cmpuint (row, ==, 99);
  g_assert_cmpuint (dyno_ve_result_run_of (result, 100, &row), ==, 1);
  g_assert_cmpuint (row, ==, 0);
}

static void
test_base_axes (void)
{
  const Steady s = { 3100, 80, 13.5, NAN, 13.0, NAN };
  g_autoptr(DynoSamples) samples = steady_samples (&s, 100);
  g_autoptr(DynoVeOptions) options = no_delay ();
  g_autoptr(DynoVeResult) result = NULL;
  double at[DYNO_AXIS_MAX];
  DynoGridShape shape;

  for (guint i = 0; i < DYNO_AXIS_MAX; i++)
    at[i] = 100 * (i + 1);
  g_assert_true (dyno_axis_init (&shape.rpm, at, DYNO_AXIS_MAX, NULL));
  for (guint i = 0; i < DYNO_AXIS_MAX; i++)
    at[i] = 10 + 2 * i;
  g_assert_true (dyno_axis_init (&shape.load, at, DYNO_AXIS_MAX, NULL));
  result = dyno_analysis_run (&samples, 1, options, &shape, NULL, NULL);
  g_assert_cmpuint (result->n_cells, ==, 4096);
  g_assert_cmpuint (result->cylinders[0].cells[30 * 64 + 35].hits, ==, 100);
}

static gpointer
ask_cells_thread (gpointer data)
{
  DynoVeResult *result = data;
  gsize n = 0;

  for (guint i = 0; i < 2 * result->n_cells; i++)
    {
      g_autoptr(DynoVeSamples) samples =
          dyno_ve_result_cell_samples (result, i % 2, i / 2);

      n += samples->n;
    }

  return GSIZE_TO_POINTER (n);
}

/* A result is for any thread, also the first question for a cell. */
static void
test_any_thread (void)
{
  g_autoptr(DynoSamples) samples = random_samples (3000, 6);
  g_autoptr(DynoVeOptions) options = without_rates ();
  g_autoptr(DynoVeResult) result = run_one (samples, options);
  GThread *threads[4];
  gpointer first = NULL;

  for (gsize i = 0; i < G_N_ELEMENTS (threads); i++)
    threads[i] = g_thread_new ("ask", ask_cells_thread, result);
  for (gsize i = 0; i < G_N_ELEMENTS (threads); i++)
    {
      gpointer n = g_thread_join (threads[i]);

      g_assert_true (i == 0 || n == first);
      first = n;
    }
  g_assert_nonnull (first);
}

typedef struct
{
  gint   is_cancelled;
  double last;
  guint  n;
  guint  cancel_at;
} Told;

static void
note_progress (double      fraction,
               const char *stage,
               gpointer    user_data)
{
  Told *told = user_data;

  g_assert_cmpfloat (fraction, >, told->last);
  g_assert_cmpfloat (fraction, <=, 1);
  g_assert_cmpstr (stage, !=, "");
  told->last = fraction;
  if (++told->n == told->cancel_at)
    g_atomic_int_set (&told->is_cancelled, 1);
}

static void
test_progress_and_cancel (void)
{
  g_autoptr(DynoSamples) samples = random_samples (5000, 4);
  g_autoptr(DynoVeOptions) options = without_rates ();

  for (guint cancel_at = 0; cancel_at < 4; cancel_at++)
    {
      Told told = { .cancel_at = cancel_at };
      const DynoProgress progress = { note_progress, &told, &told.is_cancelled };
      g_autoptr(DynoVeResult) result = NULL;
      g_autoptr(DynoAnalysisError) error = NULL;

      result = dyno_analysis_run (&samples, 1, options, NULL, &progress, &error);
      g_assert_cmpint (result == NULL, ==, cancel_at > 0);
      if (cancel_at > 0)
        g_assert_cmpint (error->reason, ==, DYNO_ANALYSIS_CANCELLED);
      else
        g_assert_cmpuint (told.n, >=, 3);
    }
}

/* Channels with stamps of their own give what a common time base gives. */
static void
test_several_time_bases (void)
{
  g_autoptr(DynoSamples) dense = record_cells (5, 1, NULL, NULL);
  static const DynoChannel channels[] = { DYNO_CHANNEL_RPM, DYNO_CHANNEL_MAP, DYNO_CHANNEL_MIX_F,
                                          DYNO_CHANNEL_MIX_R, DYNO_CHANNEL_TARGET,
                                          DYNO_CHANNEL_TPS };
  gsize n = dyno_samples_n_rows (dense);
  DynoTrack tracks[G_N_ELEMENTS (channels)];
  gint64 *stamps[G_N_ELEMENTS (channels)];
  double *values[G_N_ELEMENTS (channels)];
  g_autoptr(DynoSamples) samples = NULL;
  g_autoptr(DynoVeOptions) options = dyno_ve_options_new ();
  g_autoptr(DynoVeResult) result = NULL;

  for (gsize c = 0; c < G_N_ELEMENTS (channels); c++)
    {
      const DynoColumn *column = dyno_samples_find (dense, channels[c]);

      values[c] = dyno_test_dup_column (column);
      stamps[c] = g_new (gint64, n);
      for (gsize i = 0; i < n; i++)
        stamps[c][i] = (gint64) i * 50000 + (gint64) c * 3000;
      tracks[c] = (DynoTrack){ column->name, "", channels[c], column->unit, column->scale,
                               column->offset, n, stamps[c], values[c] };
    }
  samples = dyno_align (tracks, G_N_ELEMENTS (channels), 0);
  g_assert_cmpuint (dyno_samples_n_rows (samples), ==, n * G_N_ELEMENTS (channels));
  result = run_one (samples, options);
  for (guint c = 0; c < DYNO_VE_CYLINDERS; c++)
    {
      assert_found (result, c, 1.0);
      g_assert_cmpuint (result->cylinders[c].counts[DYNO_GATE_NOT_AN_UPDATE], ==, 5 * n);
    }
  for (gsize c = 0; c < G_N_ELEMENTS (channels); c++)
    {
      g_free (stamps[c]);
      g_free (values[c]);
    }
  assert_traceable (result);
}

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/analysis/ve/sign", test_sign);
  g_test_add_func ("/analysis/ve/few-hits", test_few_hits);
  g_test_add_func ("/analysis/ve/recompute", test_recompute);
  g_test_add_func ("/analysis/ve/deterministic", test_deterministic);
  g_test_add_func ("/analysis/ve/planted-error", test_planted_error_is_found);
  g_test_add_func ("/analysis/ve/correction", test_correction_comes_out_right);
  g_test_add_func ("/analysis/ve/planted-delay", test_planted_delay_is_measured);
  g_test_add_func ("/analysis/ve/ecu-delay", test_delay_of_the_virtual_ecu);
  g_test_add_func ("/analysis/ve/constant-mixture", test_constant_mixture_is_not_measurable);
  g_test_add_func ("/analysis/ve/noise-is-no-delay", test_noise_is_no_delay);
  g_test_add_func ("/analysis/ve/delay-models", test_delay_models);
  g_test_add_func ("/analysis/ve/no-rear-sensor", test_no_rear_sensor);
  g_test_add_func ("/analysis/ve/cylinders", test_cylinders);
  g_test_add_func ("/analysis/ve/rear-bias", test_rear_bias);
  g_test_add_func ("/analysis/ve/trims-and-gain", test_trims_and_gain);
  g_test_add_func ("/analysis/ve/limits", test_limits_and_reasons);
  g_test_add_func ("/analysis/ve/units", test_units_are_found_out);
  g_test_add_func ("/analysis/ve/ethanol", test_ethanol);
  g_test_add_func ("/analysis/ve/target-choice", test_target_choice);
  g_test_add_func ("/analysis/ve/missing-channels", test_missing_channels);
  g_test_add_func ("/analysis/ve/bad-calls", test_bad_calls);
  g_test_add_func ("/analysis/ve/poor-logs", test_poor_logs);
  g_test_add_func ("/analysis/ve/without-time", test_without_time);
  g_test_add_func ("/analysis/ve/several-runs", test_several_runs);
  g_test_add_func ("/analysis/ve/base-axes", test_base_axes);
  g_test_add_func ("/analysis/ve/any-thread", test_any_thread);
  g_test_add_func ("/analysis/ve/progress", test_progress_and_cancel);
  g_test_add_func ("/analysis/ve/several-time-bases", test_several_time_bases);

  return g_test_run ();
}
