/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

#include "config.h"

#include <math.h>
#include <string.h>

#include "dyno-test-shop.h"
#include "dyno-test.h"

/* From a recorded run to the correction of its fuel: as a job, kept once, written
 * whole, and right. */

/* What the simulator really did: the mean of 1 + e/100 in a cell; NaN for none. */
static double
planted (const GPtrArray *truth,
         double           rpm,
         double           map_kpa,
         const char      *cylinder)
{
  for (guint i = 0; i < truth->len; i++)
    {
      const DynoJson *line = g_ptr_array_index (truth, i);

      if (g_strcmp0 (dyno_json_get_string (line, "event"), "cell") == 0
          && dyno_json_get_number (line, "rpm", 0) == rpm
          && dyno_json_get_number (line, "map_kpa", 0) == map_kpa)
        return dyno_json_get_number (line, cylinder, NAN);
    }

  return NAN;
}

/* A whole mapping session, recorded by hand, 25 times as fast as real. */
static char *
record_cells (DynoTestShop *f,
              GPtrArray    *truth)
{
  DynoSimulatorConfig config = dyno_test_dyno_config ();
  g_autofree char *path = g_build_filename (f->folder, "truth.jsonl", NULL);
  g_autofree char *text = NULL;
  g_auto(GStrv) lines = NULL;
  g_autoptr(GError) error = NULL;
  DynoTestDyno *dyno;
  char *run_id;

  config.cycle = "cells";
  config.speed = 25;
  config.truth_path = path;
  dyno = dyno_test_dyno_start (&config);
  dyno_test_shop_wait_phase (f, DYNO_ARM_LIVE, 10);
  run_id = dyno_test_ask (f, dyno_arm_start, &error, "Mapping");
  g_assert_no_error (error);
  dyno_test_shop_wait_saved (f, 1, 60);
  dyno_test_dyno_free (dyno);

  text = dyno_test_read (path, NULL);
  lines = g_strsplit (text, "\n", -1);
  for (guint i = 0; lines[i] != NULL && lines[i][0] != '\0'; i++)
    g_ptr_array_add (truth, dyno_json_parse (lines[i], -1, NULL));

  return run_id;
}

static DynoAnalyse *
analyse (DynoTestShop *f,
         const char   *run_id,
         char        **job_id)
{
  DynoAnalyseRequest *request = dyno_analyse_request_new ();
  g_autoptr(GError) error = NULL;
  DynoAnalyse *found;

  dyno_analyse_request_add_run (request, run_id);
  dyno_analyse_async (f->shop, request, job_id, NULL, dyno_await_cb, f->await);
  found = dyno_analyse_finish (dyno_await_wait (f->await), &error);
  g_assert_no_error (error);
  g_assert_nonnull (found);

  return found;
}

static void
assert_cells_are_right (const DynoAnalyse *found,
                        GPtrArray         *truth)
{
  const DynoVeResult *result = found->result;
  const DynoGridShape *shape = &result->set->shape;
  guint n_checked = 0;

  for (guint c = 0; c < DYNO_VE_CYLINDERS; c++)
    {
      for (guint i = 0; i < result->n_cells; i++)
        {
          const DynoVeCell *cell = &result->cylinders[c].cells[i];
          double rpm = shape->rpm.at[i / shape->load.n];
          double map_kpa = shape->load.at[i % shape->load.n];
          double expected = planted (truth, rpm, map_kpa, c == 0 ? "front" : "rear");

          if (cell->hits == 0)
            g_assert_true (isnan (cell->limited));
          if (cell->hits < 20)
            continue;
          g_assert_false (isnan (expected));
          dyno_assert_near (cell->factor, expected, 0.015);
          if (fabs (expected - 1) > 0.015)
            g_assert_cmpint (cell->factor > 1, ==, expected > 1);
          n_checked++;
        }
    }
  g_assert_cmpuint (n_checked, >=, 80);
}

static void
test_planted_error (DynoTestShop *f,
                    gconstpointer unused)
{
  g_autoptr(GPtrArray) truth = g_ptr_array_new_with_free_func ((GDestroyNotify) dyno_json_free);
  g_autofree char *run_id = NULL;
  g_autoptr(DynoAnalyse) found = NULL;

  if (!dyno_test_shop_has_wire ())
    return;
  run_id = record_cells (f, truth);
  found = analyse (f, run_id, NULL);
  assert_cells_are_right (found, truth);
}

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);
  DYNO_TEST_SHOP_ADD ("/shop/analyse/planted-error", test_planted_error);

  return g_test_run ();
}
