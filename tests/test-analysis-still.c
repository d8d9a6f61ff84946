/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

#include "config.h"

#include "dyno-analysis.h"
#include "dyno-test-log.h"
#include "dyno-test-plant.h"
#include "dyno-test.h"

#include <math.h>
#include <string.h>

/* Dead sensors of speed and pressure, and what only looks like one. */

#define N 1500
#define HZ 50
#define DEAD 600      /* first dead row */
#define DEAD_END 900

typedef struct
{
  DynoTestPlant *plant;
  double        *rpm;
  double        *map;
  double        *mix;
  guint32        seed;
} Log;

/* −1…1, the same in every run of the test. */
static double
noise (Log *log)
{
  log->seed = log->seed * 1664525 + 1013904223;

  return (log->seed >> 8) / 8388608.0 - 1;
}

/* The engine wanders through the map, slowly enough to be counted. */
static void
log_init (Log *log)
{
  *log = (Log){ .plant = dyno_test_plant_new (N), .seed = 1 };
  log->rpm = dyno_test_plant_channel (log->plant, DYNO_CHANNEL_RPM, 0);
  log->map = dyno_test_plant_channel (log->plant, DYNO_CHANNEL_MAP, 0);
  log->mix = dyno_test_plant_channel (log->plant, DYNO_CHANNEL_MIX_F, 0);
  dyno_test_plant_channel (log->plant, DYNO_CHANNEL_TARGET, 13);
  for (guint i = 0; i < N; i++)
    {
      log->rpm[i] = 3000 + 800 * sin (i / 300.0);
      log->map[i] = 60 + 15 * sin (i / 200.0);
      log->mix[i] = 13 + 0.1 * noise (log);
    }
}

static void
log_add_noise (Log *log)
{
  for (guint i = 0; i < N; i++)
    {
      log->rpm[i] += 5 * noise (log);
      log->map[i] += 0.3 * noise (log);
    }
}

static void
freeze (double *column)
{
  for (guint i = DEAD; i < DEAD_END; i++)
    column[i] = column[DEAD];
}

static DynoVeResult *
log_run (Log *log)
{
  DynoVeResult *result = dyno_test_plant_analyse (log->plant, NULL);

  g_clear_pointer (&log->plant, dyno_test_plant_free);

  return result;
}

static guint64
count_frozen (const DynoVeResult *result)
{
  return result->cylinders[0].counts[DYNO_GATE_SENSOR_FROZEN];
}

static void
assert_dead_rows (const DynoVeResult *result,
                  const char         *warning)
{
  for (guint i = 0; i < N; i++)
    {
      gboolean is_dead = i >= DEAD && i < DEAD_END;

      g_assert_cmpint (result->reasons[0][i] == DYNO_GATE_SENSOR_FROZEN, ==, is_dead);
    }
  g_assert_nonnull (dyno_notes_find (result->warnings, warning));
}

static void
test_dead_pressure (void)
{
  g_autoptr(DynoVeResult) result = NULL;
  Log log;

  log_init (&log);
  log_add_noise (&log);
  freeze (log.map);
  result = log_run (&log);
  assert_dead_rows (result, "frozen-map");
  g_assert_null (dyno_notes_find (result->warnings, "frozen-rpm"));
}

static void
test_dead_speed (void)
{
  g_autoptr(DynoVeResult) result = NULL;
  const DynoNote *note;
  Log log;

  log_init (&log);
  log_add_noise (&log);
  freeze (log.rpm);
  result = log_run (&log);
  assert_dead_rows (result, "frozen-rpm");
  note = dyno_notes_find (result->warnings, "frozen-rpm");
  g_assert_nonnull (strstr (note->text, "from 12.0 s on in run 1: 300 rows"));
}

/* Rows of a dead sensor leave the cells as if they had been brushed out. */
static void
test_moves_no_cell (void)
{
  g_autoptr(DynoVeResult) dead = NULL;
  g_autoptr(DynoVeResult) without = NULL;

  for (guint round = 0; round < 2; round++)
    {
      Log log;

      log_init (&log);
      log_add_noise (&log);
      freeze (log.map);
      for (guint i = DEAD; i < DEAD_END; i++)
        log.mix[i] = round == 0 ? 15 + 0.1 * noise (&log) : NAN; /* 15 %, at the wrong cell */
      *(round == 0 ? &dead : &without) = log_run (&log);
    }
  g_assert_cmpuint (count_frozen (dead), ==, DEAD_END - DEAD);
  for (guint i = 0; i < dead->n_cells; i++)
    {
      g_assert_cmpuint (dead->cylinders[0].cells[i].hits, ==, without->cylinders[0].cells[i].hits);
      dyno_assert_near (dead->cylinders[0].cells[i].limited,
                        without->cylinders[0].cells[i].limited, 0);
    }
}

static void
test_gate_off (void)
{
  g_autoptr(DynoVeOptions) options = dyno_ve_options_new ();
  g_autoptr(DynoVeResult) result = NULL;
  Log log;

  options->gates_off = 1u << DYNO_GATE_SENSOR_FROZEN;
  log_init (&log);
  log_add_noise (&log);
  freeze (log.map);
  result = dyno_test_plant_analyse (log.plant, options);
  dyno_test_plant_free (log.plant);
  g_assert_cmpuint (count_frozen (result), ==, 0);
  g_assert_null (dyno_notes_find (result->warnings, "frozen-map"));
}

/* Cell after cell, each channel the same to the digit for as long as the cell is held, and
 * speed for a whole row of them. */
static void
test_held_cells (void)
{
  g_autoptr(DynoTestPlant) plant = dyno_test_plant_map (100);
  g_autoptr(DynoVeResult) result = dyno_test_plant_analyse (plant, NULL);

  g_assert_cmpuint (count_frozen (result), ==, 0);
  g_assert_cmpuint (result->cylinders[0].counts[DYNO_GATE_ACCEPTED], >, result->n_rows / 2);
}

/* A brake that holds speed to the digit while the throttle opens, and the other way. */
static void
test_clean_holds (void)
{
  for (guint k = 0; k < 2; k++)
    {
      g_autoptr(DynoVeResult) result = NULL;
      Log log;

      log_init (&log);
      freeze (k == 0 ? log.rpm : log.map);
      for (guint i = DEAD; i < DEAD_END; i++)
        log.mix[i] = 13 + 2.0 * (i - DEAD) / (DEAD_END - DEAD);
      result = log_run (&log);
      g_assert_cmpuint (count_frozen (result), ==, 0);
    }
}

/* Whole kPa whose last digit flickers at part throttle, and does not at full throttle, while
 * speed rises. */
static void
test_coarse_pressure (void)
{
  g_autoptr(DynoVeResult) result = NULL;
  Log log;

  log_init (&log);
  for (guint i = 0; i < N; i++)
    log.map[i] = rint (log.map[i] + 0.6 * noise (&log));
  for (guint i = DEAD; i < DEAD_END; i++)
    log.map[i] = 70;
  log.map[0] = 71; /* 70 is not the end of the scale */
  result = log_run (&log);
  g_assert_cmpuint (count_frozen (result), ==, 0);
}

/* A logger that clips pressure at 70 kPa. */
static void
test_clipped_pressure (void)
{
  g_autoptr(DynoVeResult) result = NULL;
  Log log;

  log_init (&log);
  log_add_noise (&log);
  for (guint i = 0; i < N; i++)
    log.map[i] = MIN (log.map[i], 65);
  result = log_run (&log);
  g_assert_cmpuint (count_frozen (result), ==, 0);
}

static DynoVeResult *
run_with_throttle (double rpm_per_row,
                   double tps,
                   double tps_per_row)
{
  Log log;
  double *throttle;

  log_init (&log);
  throttle = dyno_test_plant_channel (log.plant, DYNO_CHANNEL_TPS, 0);
  freeze (log.map);
  for (guint i = 0; i < N; i++)
    {
      double rows = (double) CLAMP (i, DEAD, DEAD_END) - DEAD;

      log.rpm[i] = 2000 + rpm_per_row * rows;
      throttle[i] = tps + tps_per_row * rows;
    }

  return log_run (&log);
}

/* Without noise the throttle gives a dead sensor away: from 5 to 50 % while speed hardly
 * rises. Where it opens as speed rises it holds the pressure, and far open it changes
 * nothing. */
static void
test_throttle (void)
{
  g_autoptr(DynoVeResult) dead = run_with_throttle (0.5, 5, 0.15);
  g_autoptr(DynoVeResult) held = run_with_throttle (10, 5, 0.05);
  g_autoptr(DynoVeResult) full = run_with_throttle (0.5, 25, 0.25);

  assert_dead_rows (dead, "frozen-map");
  g_assert_cmpuint (count_frozen (held), ==, 0);
  g_assert_cmpuint (count_frozen (full), ==, 0);
}

/* An idle at 24 kPa, whole kPa, with a spike of the throttle sensor. */
static void
test_throttle_spike (void)
{
  g_autoptr(DynoVeResult) result = NULL;
  double *tps;
  Log log;

  log_init (&log);
  tps = dyno_test_plant_channel (log.plant, DYNO_CHANNEL_TPS, 0);
  freeze (log.map);
  tps[DEAD + 50] = 34;
  result = log_run (&log);
  g_assert_cmpuint (count_frozen (result), ==, 0);
}

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/analysis/still/dead-pressure", test_dead_pressure);
  g_test_add_func ("/analysis/still/dead-speed", test_dead_speed);
  g_test_add_func ("/analysis/still/moves-no-cell", test_moves_no_cell);
  g_test_add_func ("/analysis/still/gate-off", test_gate_off);
  g_test_add_func ("/analysis/still/held-cells", test_held_cells);
  g_test_add_func ("/analysis/still/clean-holds", test_clean_holds);
  g_test_add_func ("/analysis/still/coarse-pressure", test_coarse_pressure);
  g_test_add_func ("/analysis/still/clipped-pressure", test_clipped_pressure);
  g_test_add_func ("/analysis/still/throttle", test_throttle);
  g_test_add_func ("/analysis/still/throttle-spike", test_throttle_spike);

  return g_test_run ();
}
