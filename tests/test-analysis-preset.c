/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

#include "config.h"

#include "dyno-preset.h"
#include "dyno-test.h"

#include <math.h>

static void
assert_afr (const DynoPresetAfr *afr,
            const DynoJson      *wanted)
{
  dyno_assert_near (afr->idle, dyno_json_get_number (wanted, "idle", NAN), 1e-9);
  dyno_assert_near (afr->cruise, dyno_json_get_number (wanted, "cruise", NAN), 1e-9);
  dyno_assert_near (afr->wot, dyno_json_get_number (wanted, "wot", NAN), 1e-9);
}

static void
assert_notes (const char *const *notes,
              const DynoJson    *wanted)
{
  guint n = dyno_json_n_elements (wanted);

  for (guint i = 0; i < n; i++)
    g_assert_cmpstr (notes[i], ==, dyno_json_string (dyno_json_element (wanted, i)));
  g_assert_null (notes[n]);
}

static void
test_stages (void)
{
  g_autoptr(DynoJson) root = dyno_test_shared_json ("golden/wizards/cases.json");
  const DynoJson *list = dyno_json_member (root, "stages");
  const DynoStagePreset *stages;
  guint n;

  if (root == NULL)
    return;

  stages = dyno_preset_stages (&n);
  g_assert_cmpuint (n, ==, dyno_json_n_elements (list));
  for (guint i = 0; i < n; i++)
    {
      const DynoJson *wanted = dyno_json_element (list, i);
      const DynoJson *ve = dyno_json_member (wanted, "ve_scaling");
      const DynoJson *tuning = dyno_json_member (wanted, "tuning_params");

      g_assert_cmpstr (stages[i].id, ==, dyno_json_get_string (wanted, "level"));
      g_assert_cmpstr (stages[i].title, ==, dyno_json_get_string (wanted, "display_name"));
      dyno_assert_near (stages[i].ve_more_min, dyno_json_get_number (ve, "multiplier_min", NAN),
                        1e-9);
      dyno_assert_near (stages[i].ve_more_max, dyno_json_get_number (ve, "multiplier_max", NAN),
                        1e-9);
      dyno_assert_near (stages[i].clamp_pct,
                        dyno_json_get_number (tuning, "suggested_clamp", NAN), 1e-9);
      dyno_assert_near (stages[i].idle_rpm,
                        dyno_json_get_number (tuning, "idle_rpm_target", NAN), 1e-9);
      assert_afr (&stages[i].afr, dyno_json_member (wanted, "afr_targets"));
      assert_notes (stages[i].notes, dyno_json_member (wanted, "notes"));
    }
}

static void
test_cams (void)
{
  g_autoptr(DynoJson) root = dyno_test_shared_json ("golden/wizards/cases.json");
  const DynoJson *list = dyno_json_member (root, "cams");
  const DynoCamPreset *cams;
  guint n;

  if (root == NULL)
    return;

  cams = dyno_preset_cams (&n);
  g_assert_cmpuint (n, ==, dyno_json_n_elements (list));
  for (guint i = 0; i < n; i++)
    {
      const DynoJson *wanted = dyno_json_element (list, i);
      const DynoJson *idle = dyno_json_member (wanted, "idle_characteristics");

      g_assert_cmpstr (cams[i].id, ==, dyno_json_get_string (wanted, "family"));
      g_assert_cmpstr (cams[i].lift, ==, dyno_json_get_string (wanted, "lift_range"));
      dyno_assert_near (cams[i].vacuum_inhg,
                        dyno_json_get_number (idle, "vacuum_expected_hg", NAN), 1e-9);
      dyno_assert_near (cams[i].idle_rpm, dyno_json_get_number (idle, "rpm_target", NAN), 1e-9);
      dyno_assert_near (cams[i].idle_min_rpm, dyno_json_get_number (idle, "rpm_min", NAN), 1e-9);
      dyno_assert_near (cams[i].idle_ve_offset_pct,
                        dyno_json_get_number (idle, "ve_offset_pct", NAN), 1e-9);
      dyno_assert_near (cams[i].decel_multiplier,
                        dyno_json_get_number (wanted, "decel_enrichment_multiplier", NAN), 1e-9);
      assert_afr (&cams[i].afr, dyno_json_member (wanted, "afr_targets"));
      assert_notes (cams[i].notes, dyno_json_member (wanted, "notes"));
    }
}

static void
test_find (void)
{
  g_assert_cmpstr (dyno_preset_stage ("stage_2")->title, ==, "Stage 2");
  g_assert_cmpstr (dyno_preset_cam ("race")->id, ==, "race");
  g_assert_null (dyno_preset_stage ("stage_9"));
  g_assert_null (dyno_preset_cam (NULL));
}

/* The named axes begin at 1500 rpm: there it is 0 everywhere, as in the golden case. */
static void
test_idle_on_named_axes (void)
{
  DynoGridShape shape;
  g_autoptr(DynoGrid) grid = NULL;

  g_assert_true (dyno_grid_shape_named (&shape, "11x5"));
  grid = dyno_preset_idle (&shape, dyno_preset_cam ("bolt_in")->idle_ve_offset_pct);
  for (guint i = 0; i < dyno_grid_shape_cells (&shape); i++)
    g_assert_cmpfloat (grid->values[i], ==, 0);
}

static void
test_idle_below (void)
{
  const double rpm[] = { 800, 1150, 1500, 2000 };
  const double kpa[] = { 20, 32.5, 45, 60 };
  DynoGridShape shape;
  g_autoptr(DynoGrid) grid = NULL;

  g_assert_true (dyno_axis_init (&shape.rpm, rpm, 4, NULL));
  g_assert_true (dyno_axis_init (&shape.load, kpa, 4, NULL));
  grid = dyno_preset_idle (&shape, 6);
  dyno_assert_near (grid->values[0], 6, 1e-12);
  dyno_assert_near (grid->values[1], 3, 1e-12);
  dyno_assert_near (grid->values[4], 3, 1e-12);
  dyno_assert_near (grid->values[5], 1.5, 1e-12);
  g_assert_cmpfloat (grid->values[2], ==, 0);
  g_assert_cmpfloat (grid->values[3], ==, 0);
  g_assert_cmpfloat (grid->values[8], ==, 0);
}

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/analysis/preset/stages", test_stages);
  g_test_add_func ("/analysis/preset/cams", test_cams);
  g_test_add_func ("/analysis/preset/find", test_find);
  g_test_add_func ("/analysis/preset/idle-on-named-axes", test_idle_on_named_axes);
  g_test_add_func ("/analysis/preset/idle-below", test_idle_below);

  return g_test_run ();
}
