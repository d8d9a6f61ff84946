/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

#include "config.h"

#include "dyno-analysis.h"
#include "dyno-test-log.h"
#include "dyno-test.h"

#include <math.h>
#include <string.h>

#define N 600
#define HZ 50

/* A steady log at 50 Hz, to be spoilt by a test. A column whose first number is
 * ABSENT is left out. */
#define ABSENT -12345

enum
{
  RPM,
  MAP,
  MIX,
  TARGET,
  TPS,
  IAT,
  ECT,
  READY,
  PW,
  N_COLUMNS
};

static const struct
{
  DynoChannel channel;
  const char *unit;
  double      steady;
} kinds[N_COLUMNS] = {
  [RPM] = { DYNO_CHANNEL_RPM, "rpm", 3000 },
  [MAP] = { DYNO_CHANNEL_MAP, "kPa", 60 },
  [MIX] = { DYNO_CHANNEL_MIX_F, "AFR", 13.5 },
  [TARGET] = { DYNO_CHANNEL_TARGET, "AFR", 13.5 },
  [TPS] = { DYNO_CHANNEL_TPS, "%", 20 },
  [IAT] = { DYNO_CHANNEL_IAT, "°C", 30 },
  [ECT] = { DYNO_CHANNEL_ENGINE_TEMP, "°C", 90 },
  [READY] = { DYNO_CHANNEL_WB_READY_F, "", 1 },
  [PW] = { DYNO_CHANNEL_PW_F, "ms", 5 },
};

typedef struct
{
  double  at[N_COLUMNS][N];
  double  time[N];
  gboolean has_time;
  guint8 *mix_bits;  /* taken by the run */
  guint8 *excluded;  /* taken by the run */
  DynoVeOptions *options;
} Log;

static void
log_init (Log *log)
{
  memset (log, 0, sizeof *log);
  for (guint c = 0; c < N_COLUMNS; c++)
    {
      for (guint i = 0; i < N; i++)
        log->at[c][i] = kinds[c].steady;
    }
  for (guint i = 0; i < N; i++)
    {
      log->time[i] = (double) i / HZ;
      log->at[MIX][i] += i % 2 == 0 ? 0.01 : -0.01;
    }
  log->has_time = TRUE;
  log->options = dyno_ve_options_new ();
  log->options->delay = DYNO_DELAY_NONE;
  log->at[READY][0] = log->at[PW][0] = ABSENT;
}

static void
log_set (Log   *log,
         guint  column,
         guint  first,
         guint  last,
         double value)
{
  for (guint i = first; i <= last; i++)
    log->at[column][i] = value;
}

static DynoSamples *
log_samples (Log *log)
{
  DynoSamplesBuilder *builder = dyno_samples_builder_new (N);
  guint mix = 0;

  if (log->has_time)
    dyno_samples_builder_take_time (builder, g_memdup2 (log->time, sizeof log->time));
  for (guint c = 0; c < N_COLUMNS; c++)
    {
      if (c == MIX)
        mix = c;
      if (log->at[c][0] != ABSENT)
        dyno_test_take (builder, kinds[c].channel, kinds[c].unit, log->at[c], N);
    }
  if (log->mix_bits != NULL)
    dyno_samples_builder_take_updates (builder, mix, log->mix_bits);
  if (log->excluded != NULL)
    dyno_samples_builder_take_excluded (builder, log->excluded);

  return dyno_samples_builder_finish (builder);
}

/* Analyses the log and is done with it. */
static DynoVeResult *
log_run (Log *log)
{
  g_autoptr(DynoSamples) samples = log_samples (log);
  g_autoptr(DynoVeOptions) options = g_steal_pointer (&log->options);
  g_autoptr(DynoAnalysisError) error = NULL;
  DynoVeResult *result = dyno_analysis_run (&samples, 1, options, NULL, NULL, &error);
  guint64 sum = 0;

  g_assert_null (error);
  for (guint c = 0; c < DYNO_VE_CYLINDERS; c++)
    {
      for (guint gate = 0; gate < DYNO_N_GATES; gate++)
        sum += result->cylinders[c].counts[gate];
    }
  g_assert_cmpuint (sum, ==, DYNO_VE_CYLINDERS * N);

  return result;
}

static void
assert_rows (const DynoVeResult *result,
             guint               first,
             guint               last,
             DynoGate            wanted)
{
  for (guint i = first; i <= last; i++)
    {
      if (result->reasons[0][i] != wanted)
        g_error ("row %u: %s, not %s", i, dyno_gate_name ((DynoGate) result->reasons[0][i]),
                 dyno_gate_name (wanted));
      g_assert_cmpint (result->homes[0][i] == DYNO_NO_CELL, ==, wanted != DYNO_GATE_ACCEPTED);
    }
}

/* Rows first…last for one reason, all others accepted. */
static void
assert_only (Log     *log,
             guint    first,
             guint    last,
             DynoGate wanted)
{
  g_autoptr(DynoVeResult) result = log_run (log);

  assert_rows (result, 0, first - 1, DYNO_GATE_ACCEPTED);
  assert_rows (result, first, last, wanted);
  assert_rows (result, last + 1, N - 1, DYNO_GATE_ACCEPTED);
}

static void
test_steady (void)
{
  g_autoptr(DynoVeResult) result = NULL;
  Log log;

  log_init (&log);
  result = log_run (&log);
  assert_rows (result, 0, N - 1, DYNO_GATE_ACCEPTED);
  g_assert_cmphex (result->gates_unavailable, ==, 0);
  g_assert_cmpuint (result->cylinders[1].counts[DYNO_GATE_NO_MIXTURE], ==, N);
}

static void
test_not_an_update (void)
{
  g_autoptr(DynoVeResult) result = NULL;
  Log log;

  log_init (&log);
  log.mix_bits = g_malloc (N / 8 + 1);
  memset (log.mix_bits, 0x11, N / 8 + 1);
  result = log_run (&log);
  g_assert_cmpuint (result->cylinders[0].counts[DYNO_GATE_ACCEPTED], ==, N / 4);
  g_assert_cmpuint (result->cylinders[0].counts[DYNO_GATE_NOT_AN_UPDATE], ==, N - N / 4);
  assert_rows (result, 4, 4, DYNO_GATE_ACCEPTED);
  assert_rows (result, 5, 7, DYNO_GATE_NOT_AN_UPDATE);
}

/* Held copies do not multiply hits. */
static void
test_held_samples (void)
{
  g_autoptr(DynoVeResult) result = NULL;
  Log log;

  log_init (&log);
  for (guint i = 0; i < N; i++)
    log.at[MIX][i] = 13.5 + 0.01 * (i / 5 % 3);
  result = log_run (&log);
  g_assert_cmpuint (result->cylinders[0].counts[DYNO_GATE_ACCEPTED], ==, N / 5);
}

static void
test_excluded (void)
{
  Log log;

  log_init (&log);
  log.excluded = g_new0 (guint8, N / 8 + 1);
  log.excluded[10] = 0xFF;
  assert_only (&log, 80, 87, DYNO_GATE_EXCLUDED);
}

static void
test_missing (void)
{
  static const struct
  {
    guint    column;
    DynoGate wanted;
  } rows[] = {
    { RPM, DYNO_GATE_NO_RPM },
    { MAP, DYNO_GATE_NO_MAP },
    { MIX, DYNO_GATE_NO_MIXTURE },
    { TARGET, DYNO_GATE_NO_TARGET },
  };

  for (gsize k = 0; k < G_N_ELEMENTS (rows); k++)
    {
      g_autoptr(DynoVeResult) result = NULL;
      Log log;

      log_init (&log);
      log.options->target = DYNO_TARGET_COMMANDED;
      log_set (&log, rows[k].column, 0, N - 1, NAN);
      result = log_run (&log);
      assert_rows (result, 0, N - 1, rows[k].wanted);
    }
}

/* A hole of one row is bridged, for the mixture it is no reading. */
static void
test_holes (void)
{
  g_autoptr(DynoVeResult) result = NULL;
  Log log;

  log_init (&log);
  log.at[RPM][100] = log.at[MAP][200] = log.at[TARGET][300] = NAN;
  log.at[MIX][400] = NAN;
  result = log_run (&log);
  assert_rows (result, 0, 399, DYNO_GATE_ACCEPTED);
  assert_rows (result, 400, 400, DYNO_GATE_NO_MIXTURE);
  assert_rows (result, 401, N - 1, DYNO_GATE_ACCEPTED);
}

static void
test_ranges (void)
{
  static const struct
  {
    guint    column;
    double   value;
    DynoGate wanted;
  } rows[] = {
    { RPM, 399, DYNO_GATE_RPM_RANGE },     { MAP, 9, DYNO_GATE_MAP_RANGE },
    { TPS, -6, DYNO_GATE_TPS_RANGE },      { TPS, 106, DYNO_GATE_TPS_RANGE },
    { TPS, -4, DYNO_GATE_ACCEPTED },       { TPS, 104, DYNO_GATE_ACCEPTED },
    { IAT, -2, DYNO_GATE_IAT_RANGE },      { IAT, 149.5, DYNO_GATE_IAT_RANGE },
    { ECT, 76.9, DYNO_GATE_ENGINE_COLD },  { ECT, 77, DYNO_GATE_ACCEPTED },
    { MIX, 18.5, DYNO_GATE_MIX_WINDOW },   { MIX, 9.9, DYNO_GATE_MIX_WINDOW },
    { TARGET, 8.5, DYNO_GATE_TARGET_IMPLAUSIBLE },
    { TARGET, 17.8, DYNO_GATE_TARGET_IMPLAUSIBLE },
    { RPM, 900, DYNO_GATE_OUT_OF_GRID },   { MAP, 110, DYNO_GATE_OUT_OF_GRID },
    { RPM, 6700, DYNO_GATE_ACCEPTED },     { MAP, 16, DYNO_GATE_ACCEPTED },
  };

  for (gsize k = 0; k < G_N_ELEMENTS (rows); k++)
    {
      g_autoptr(DynoVeResult) result = NULL;
      Log log;

      log_init (&log);
      log.options->target = DYNO_TARGET_COMMANDED;
      log_set (&log, rows[k].column, 0, N - 1, rows[k].value);
      result = log_run (&log);
      assert_rows (result, 0, N - 1, rows[k].wanted);
    }
}

static void
test_sensor_flag (void)
{
  g_autoptr(DynoVeResult) result = NULL;
  Log log;

  log_init (&log);
  log_set (&log, READY, 0, 49, 0);
  log_set (&log, READY, 50, N - 1, 1);
  result = log_run (&log);
  assert_rows (result, 0, 50 + 10 * HZ - 1, DYNO_GATE_SENSOR_NOT_READY);
  assert_rows (result, 50 + 10 * HZ, N - 1, DYNO_GATE_ACCEPTED);
}

/* Ready from the first row on: nothing is known of a warm-up. */
static void
test_sensor_ready_all_along (void)
{
  g_autoptr(DynoVeResult) result = NULL;
  Log log;

  log_init (&log);
  log_set (&log, READY, 0, N - 1, 1);
  result = log_run (&log);
  assert_rows (result, 0, N - 1, DYNO_GATE_ACCEPTED);
}

static void
test_cold_start (void)
{
  g_autoptr(DynoVeResult) result = NULL;
  Log log;

  log_init (&log);
  log.at[RPM][0] = 0;
  log_set (&log, MIX, 0, 19, NAN);
  result = log_run (&log);
  assert_rows (result, 20, 20, DYNO_GATE_SENSOR_NOT_READY);
  assert_rows (result, 25, 20 + 5 * HZ - 1, DYNO_GATE_SENSOR_NOT_READY);
  assert_rows (result, 20 + 5 * HZ, N - 1, DYNO_GATE_ACCEPTED);
}

static void
test_pegged (void)
{
  static const double pegs[] = { 5.1, 7.35, 7.405, 9.0, 20.0, 22.0, 22.4, 25.5, 0, 65535, 99999 };

  for (gsize k = 0; k < G_N_ELEMENTS (pegs); k++)
    {
      g_autoptr(DynoVeResult) result = NULL;
      Log log;

      log_init (&log);
      log_set (&log, MIX, 200, 201, pegs[k]);
      log_set (&log, MIX, 400, 400, pegs[k]);
      result = log_run (&log);
      assert_rows (result, 200, 201, DYNO_GATE_SENSOR_PEGGED);
      assert_rows (result, 400, 400, DYNO_GATE_MIX_WINDOW); /* one alone is no end */
      assert_rows (result, 198, 199, DYNO_GATE_MIX_NEIGHBOUR);
      assert_rows (result, 202, 203, DYNO_GATE_MIX_NEIGHBOUR);
      assert_rows (result, 197, 197, DYNO_GATE_ACCEPTED);
      assert_rows (result, 204, 397, DYNO_GATE_ACCEPTED);
    }
}

static void
test_frozen (void)
{
  g_autoptr(DynoVeResult) moved = NULL;
  g_autoptr(DynoVeResult) still = NULL;
  Log log;

  log_init (&log);
  log_set (&log, MIX, 200, 320, 13.4);
  for (guint i = 0; i < N; i++)
    log.at[RPM][i] = 3000 + 200 * sin (i / 40.0);
  moved = log_run (&log);
  assert_rows (moved, 100, 199, DYNO_GATE_ACCEPTED);
  assert_rows (moved, 200, 320, DYNO_GATE_SENSOR_FROZEN);
  assert_rows (moved, 321, N - 1, DYNO_GATE_ACCEPTED);

  log_init (&log);
  log_set (&log, MIX, 200, 320, 13.4);
  still = log_run (&log);
  assert_rows (still, 0, N - 1, DYNO_GATE_ACCEPTED);
}

static void
test_fuel_cut (void)
{
  g_autoptr(DynoVeResult) by_throttle = NULL;
  g_autoptr(DynoVeResult) by_injector = NULL;
  Log log;

  log_init (&log);
  log_set (&log, TPS, 0, N - 1, 2);
  log_set (&log, MAP, 0, N - 1, 28);
  by_throttle = log_run (&log);
  assert_rows (by_throttle, 0, N - 1, DYNO_GATE_FUEL_CUT);

  log_init (&log);
  log_set (&log, PW, 0, N - 1, 4);
  log_set (&log, PW, 300, 304, 0);
  by_injector = log_run (&log);
  assert_rows (by_injector, 0, 299, DYNO_GATE_ACCEPTED);
  assert_rows (by_injector, 300, 304, DYNO_GATE_FUEL_CUT);
  assert_rows (by_injector, 305, 311, DYNO_GATE_SETTLING);
  assert_rows (by_injector, 312, N - 1, DYNO_GATE_ACCEPTED);
}

/* 100 kPa/s from row 300 to 310; the rows beside feel it within ±100 ms. */
static void
test_transient (void)
{
  g_autoptr(DynoVeResult) result = NULL;
  guint last = 308;
  Log log;

  log_init (&log);
  for (guint i = 300; i < N; i++)
    log.at[MAP][i] = 60 + 2 * MIN (i - 300, 10);
  result = log_run (&log);
  assert_rows (result, 0, 295, DYNO_GATE_ACCEPTED);
  assert_rows (result, 302, 308, DYNO_GATE_TRANSIENT);
  while (result->reasons[0][last + 1] == DYNO_GATE_TRANSIENT)
    last++;
  g_assert_cmpuint (last, <=, 313);
  assert_rows (result, last + 1, last + 7, DYNO_GATE_SETTLING); /* 150 ms */
  assert_rows (result, last + 8, N - 1, DYNO_GATE_ACCEPTED);
}

static void
test_each_rate (void)
{
  static const struct
  {
    guint  column;
    double under; /* a second */
    double over;
  } rows[] = { { MAP, 49, 51 }, { TPS, 19, 21 }, { RPM, 1490, 1510 } };

  for (gsize k = 0; k < G_N_ELEMENTS (rows); k++)
    {
      for (guint fast = 0; fast < 2; fast++)
        {
          g_autoptr(DynoVeResult) result = NULL;
          double rate = fast != 0 ? rows[k].over : rows[k].under;
          Log log;

          log_init (&log);
          for (guint i = 0; i < N; i++)
            log.at[rows[k].column][i] =
                kinds[rows[k].column].steady + rate / HZ * (i % 100 < 50 ? i % 50 : 50 - i % 50);
          result = log_run (&log);
          assert_rows (result, 120, 130,
                       fast != 0 ? DYNO_GATE_TRANSIENT : DYNO_GATE_ACCEPTED);
        }
    }
}

/* A smooth sweep is no transient. */
static void
test_smooth_sweep (void)
{
  g_autoptr(DynoVeResult) result = NULL;
  Log log;

  log_init (&log);
  for (guint i = 0; i < N; i++)
    {
      log.at[RPM][i] = 2000 + 3000.0 * i / N;
      log.at[MAP][i] = 50 + 40.0 * i / N;
    }
  result = log_run (&log);
  g_assert_cmpuint (result->cylinders[0].counts[DYNO_GATE_TRANSIENT], <, N / 100);
}

static void
test_no_partner (void)
{
  g_autoptr(DynoVeResult) result = NULL;
  Log log;

  log_init (&log);
  log.options->delay = DYNO_DELAY_FIXED;
  log.options->delay_ms = 200;
  for (guint i = 300; i < N; i++)
    log.time[i] += 5;
  result = log_run (&log);
  assert_rows (result, 0, 9, DYNO_GATE_NO_PARTNER);
  assert_rows (result, 10, 299, DYNO_GATE_ACCEPTED);
  assert_rows (result, 300, 309, DYNO_GATE_NO_PARTNER);
  assert_rows (result, 310, N - 1, DYNO_GATE_ACCEPTED);
}

/* The reading is judged where it was made, the engine where it was then. */
static void
test_delay_parts_the_rows (void)
{
  g_autoptr(DynoVeResult) result = NULL;
  Log log;

  log_init (&log);
  log.options->delay = DYNO_DELAY_FIXED;
  log.options->delay_ms = 200;
  log.options->gates_off = 1u << DYNO_GATE_MIX_NEIGHBOUR;
  log_set (&log, IAT, 200, 209, -20);
  log_set (&log, MIX, 400, 409, 18.5);
  result = log_run (&log);
  assert_rows (result, 199, 209, DYNO_GATE_ACCEPTED);
  assert_rows (result, 210, 219, DYNO_GATE_IAT_RANGE);
  assert_rows (result, 220, 399, DYNO_GATE_ACCEPTED);
  assert_rows (result, 400, 409, DYNO_GATE_MIX_WINDOW);
  assert_rows (result, 410, N - 1, DYNO_GATE_ACCEPTED);
}

static void
test_outlier (void)
{
  g_autoptr(DynoVeResult) with = NULL;
  g_autoptr(DynoVeResult) without = NULL;
  Log log;

  log_init (&log);
  log.at[MIX][300] = 14.6;
  with = log_run (&log);
  assert_rows (with, 300, 300, DYNO_GATE_OUTLIER);
  g_assert_cmpuint (with->cylinders[0].counts[DYNO_GATE_ACCEPTED], ==, N - 1);
  dyno_assert_near (with->cylinders[0].cells[3 * 9 + 4].factor, 1, 1e-5);

  log_init (&log);
  log.at[MIX][300] = 14.6;
  log.options->mad_limit = 0;
  without = log_run (&log);
  assert_rows (without, 300, 300, DYNO_GATE_ACCEPTED);
}

/* What fails several tests is told by the first; 21 comes right after 2. */
static void
test_order (void)
{
  g_autoptr(DynoVeResult) result = NULL;
  Log log;

  log_init (&log);
  log.excluded = g_new0 (guint8, N / 8 + 1);
  log.excluded[0] = 0x01;
  log.mix_bits = g_malloc (N / 8 + 1);
  memset (log.mix_bits, 0xFF, N / 8 + 1);
  log.mix_bits[0] = 0xFD;
  log.options->delay = DYNO_DELAY_FIXED;
  log.options->delay_ms = 100;
  log_set (&log, RPM, 0, N - 1, 300);
  log_set (&log, ECT, 0, N - 1, 20);
  log_set (&log, MIX, 0, N - 1, 25);
  result = log_run (&log);
  assert_rows (result, 0, 0, DYNO_GATE_EXCLUDED);
  assert_rows (result, 1, 1, DYNO_GATE_NOT_AN_UPDATE);
  assert_rows (result, 2, 4, DYNO_GATE_NO_PARTNER);
  assert_rows (result, 5, N - 1, DYNO_GATE_RPM_RANGE);
}

static void
test_order_with_gates_off (void)
{
  static const DynoGate chain[] = { DYNO_GATE_RPM_RANGE, DYNO_GATE_ENGINE_COLD,
                                    DYNO_GATE_MIX_WINDOW, DYNO_GATE_TARGET_IMPLAUSIBLE,
                                    DYNO_GATE_OUT_OF_GRID };
  guint32 off = 0;

  for (gsize k = 0; k < G_N_ELEMENTS (chain); k++)
    {
      g_autoptr(DynoVeResult) result = NULL;
      Log log;

      log_init (&log);
      log.options->gates_off = off;
      log.options->target = DYNO_TARGET_COMMANDED;
      log_set (&log, RPM, 0, N - 1, 300);
      log_set (&log, READY, 0, N - 1, 1);
      log_set (&log, ECT, 0, N - 1, 20);
      log_set (&log, MIX, 0, N - 1, 18.5);
      log_set (&log, TARGET, 0, N - 1, 17.9);
      result = log_run (&log);
      assert_rows (result, 0, N - 1, chain[k]);
      off |= 1u << chain[k];
      if (chain[k] == DYNO_GATE_MIX_WINDOW)
        off |= 1u << DYNO_GATE_MIX_NEIGHBOUR;
    }
}

static guint32
unavailable (Log *log)
{
  g_autoptr(DynoVeResult) result = log_run (log);

  return result->gates_unavailable;
}

#define BIT(gate) (1u << DYNO_GATE_##gate)

static void
test_unavailable (void)
{
  Log log;

  log_init (&log);
  log.at[TPS][0] = log.at[IAT][0] = log.at[ECT][0] = ABSENT;
  g_assert_cmphex (unavailable (&log), ==,
                   BIT (TPS_RANGE) | BIT (IAT_RANGE) | BIT (ENGINE_COLD) | BIT (FUEL_CUT));

  log_init (&log);
  log.at[TPS][0] = ABSENT;
  log_set (&log, PW, 0, N - 1, 4);
  g_assert_cmphex (unavailable (&log), ==, BIT (TPS_RANGE));

  log_init (&log);
  log.has_time = FALSE;
  g_assert_cmphex (unavailable (&log), ==,
                   BIT (SENSOR_NOT_READY) | BIT (SENSOR_FROZEN) | BIT (MIX_NEIGHBOUR)
                       | BIT (TRANSIENT) | BIT (SETTLING));
}

/* A gate that cannot see a row says so and lets it pass. */
static void
test_blind (void)
{
  g_autoptr(DynoVeResult) slow = NULL;
  g_autoptr(DynoVeResult) sparse = NULL;
  Log log;

  log_init (&log);
  log_set (&log, IAT, 100, N - 1, NAN);
  slow = log_run (&log);
  assert_rows (slow, 0, N - 1, DYNO_GATE_ACCEPTED);
  g_assert_cmpuint (slow->cylinders[0].blind[DYNO_GATE_IAT_RANGE], ==, N - 100 - 2 * HZ);
  g_assert_cmpuint (slow->cylinders[0].blind[DYNO_GATE_TRANSIENT], ==, 0);

  log_init (&log);
  for (guint i = 0; i < N; i++)
    log.time[i] = i * 0.2; /* 5 Hz: a row alone within ±100 ms */
  sparse = log_run (&log);
  g_assert_cmpuint (sparse->cylinders[0].blind[DYNO_GATE_TRANSIENT], ==, N);
  assert_rows (sparse, 0, N - 1, DYNO_GATE_ACCEPTED);
}

/* Five readings a second are three rows within ±100 ms at 10 Hz: just enough. */
static void
test_ten_hertz_has_rates (void)
{
  g_autoptr(DynoVeResult) result = NULL;
  Log log;

  log_init (&log);
  for (guint i = 0; i < N; i++)
    {
      log.time[i] = i / 10.0;
      log.at[MAP][i] = 60 + (i % 2 == 0 ? 0 : 8); /* shakes, but has no slope */
    }
  result = log_run (&log);
  g_assert_cmpuint (result->cylinders[0].blind[DYNO_GATE_TRANSIENT], <=, 2);
}

static void
test_explanation (void)
{
  g_autoptr(DynoVeResult) result = NULL;
  const DynoNote *note;
  Log log;

  log_init (&log);
  for (guint i = 0; i < N; i++)
    log.at[MAP][i] = 50 + 30 * sin (i / 3.0);
  result = log_run (&log);
  g_assert_cmpuint (result->cylinders[0].counts[DYNO_GATE_TRANSIENT], >, N * 7 / 10);
  note = dyno_notes_find (result->warnings, "mostly-transient-front");
  g_assert_nonnull (note);
  g_assert_nonnull (strstr (note->text, "% transient: this log is no time series"));
}

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/analysis/gate/steady", test_steady);
  g_test_add_func ("/analysis/gate/not-an-update", test_not_an_update);
  g_test_add_func ("/analysis/gate/held-samples", test_held_samples);
  g_test_add_func ("/analysis/gate/excluded", test_excluded);
  g_test_add_func ("/analysis/gate/missing", test_missing);
  g_test_add_func ("/analysis/gate/holes", test_holes);
  g_test_add_func ("/analysis/gate/ranges", test_ranges);
  g_test_add_func ("/analysis/gate/sensor-flag", test_sensor_flag);
  g_test_add_func ("/analysis/gate/sensor-ready", test_sensor_ready_all_along);
  g_test_add_func ("/analysis/gate/cold-start", test_cold_start);
  g_test_add_func ("/analysis/gate/pegged", test_pegged);
  g_test_add_func ("/analysis/gate/frozen", test_frozen);
  g_test_add_func ("/analysis/gate/fuel-cut", test_fuel_cut);
  g_test_add_func ("/analysis/gate/transient", test_transient);
  g_test_add_func ("/analysis/gate/each-rate", test_each_rate);
  g_test_add_func ("/analysis/gate/smooth-sweep", test_smooth_sweep);
  g_test_add_func ("/analysis/gate/no-partner", test_no_partner);
  g_test_add_func ("/analysis/gate/delay-parts-rows", test_delay_parts_the_rows);
  g_test_add_func ("/analysis/gate/outlier", test_outlier);
  g_test_add_func ("/analysis/gate/order", test_order);
  g_test_add_func ("/analysis/gate/order-gates-off", test_order_with_gates_off);
  g_test_add_func ("/analysis/gate/unavailable", test_unavailable);
  g_test_add_func ("/analysis/gate/blind", test_blind);
  g_test_add_func ("/analysis/gate/ten-hertz", test_ten_hertz_has_rates);
  g_test_add_func ("/analysis/gate/explanation", test_explanation);

  return g_test_run ();
}
