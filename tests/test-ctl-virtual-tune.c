/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

#include "config.h"

#include <math.h>
#include <string.h>

#include "dyno-test-ctl.h"

/* dynoctl virtual-tune, as a person calls it: without a store. */

static void
assert_iteration (const DynoJson *iteration)
{
  dyno_test_member (iteration, "max_error_pct", DYNO_JSON_NUMBER);
  dyno_test_member (iteration, "mean_error_pct", DYNO_JSON_NUMBER);
  dyno_test_member (iteration, "max_afr_error", DYNO_JSON_NUMBER);
}

static void
test_scenarios (void)
{
  static const char *const scenarios[] = { "lean", "rich", "mixed" };

  for (gsize i = 0; i < G_N_ELEMENTS (scenarios); i++)
    {
      g_autoptr(DynoTestCtl) ctl = dyno_test_ctl_new ();
      g_autoptr(DynoTestEnd) end
        = dyno_test_ctl_run (ctl, "virtual-tune", "--scenario", scenarios[i], "--delay", "150",
                             "--noise", "0.12", "--seed", "7", "--json", NULL);
      g_autoptr(DynoJson) json = NULL;
      const DynoJson *iterations;

      dyno_test_end_assert (end, 0);
      json = dyno_test_end_json (end);
      iterations = dyno_json_member (json, "iterations");
      g_assert_true (dyno_json_get_boolean (json, "converged", FALSE));
      g_assert_cmpuint (dyno_json_n_elements (iterations), <, 8);
      for (guint k = 0; k < dyno_json_n_elements (iterations); k++)
        assert_iteration (dyno_json_element (iterations, k));
      g_assert_false (g_file_test (ctl->data, G_FILE_TEST_EXISTS));
    }
}

static void
test_text (void)
{
  g_autoptr(DynoTestCtl) ctl = dyno_test_ctl_new ();
  g_autoptr(DynoTestEnd) end = dyno_test_ctl_run (ctl, "virtual-tune", "--profile",
                                                  "sportbike_600", NULL);
  g_autoptr(DynoTestEnd) short_end = dyno_test_ctl_run (ctl, "virtual-tune", "--max-iterations",
                                                        "1", NULL);

  dyno_test_end_assert (end, 0);
  g_assert_nonnull (strstr (end->out, "Converged in "));
  g_assert_nonnull (strstr (end->out, "mean AFR"));
  dyno_test_end_assert (short_end, 0);
  g_assert_nonnull (strstr (short_end->out, "Not converged in 1 iteration: "));
}

static void
test_usage (void)
{
  g_autoptr(DynoTestCtl) ctl = dyno_test_ctl_new ();
  g_autoptr(DynoTestEnd) scenario = dyno_test_ctl_run (ctl, "virtual-tune", "--scenario", "fat",
                                                       NULL);
  g_autoptr(DynoTestEnd) many = dyno_test_ctl_run (ctl, "virtual-tune", "--max-iterations", "51",
                                                   NULL);
  g_autoptr(DynoTestEnd) word = dyno_test_ctl_run (ctl, "virtual-tune", "lean", NULL);

  dyno_test_end_assert (scenario, 2);
  g_assert_nonnull (strstr (scenario->err, "lean, rich and mixed"));
  dyno_test_end_assert (many, 2);
  dyno_test_end_assert (word, 2);
}

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/ctl/virtual-tune/scenarios", test_scenarios);
  g_test_add_func ("/ctl/virtual-tune/text", test_text);
  g_test_add_func ("/ctl/virtual-tune/usage", test_usage);

  return g_test_run ();
}
