/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

#include "config.h"

#include <string.h>

#include "dyno-test-ctl.h"

/* dynoctl plan: what a vehicle's analysed runs lack. */

static DynoJson *
plan_json (DynoTestCtl *ctl,
           int          status,
           const char  *option,
           const char  *value)
{
  g_autoptr(DynoTestEnd) end =
      dyno_test_ctl_run (ctl, "--json", "plan", "Rosa", option, value, NULL);

  dyno_test_end_assert (end, status);

  return status == 0 ? dyno_test_end_json (end) : NULL;
}

/* A steady run of Rosa's. */
static void
import_log (DynoTestCtl *ctl)
{
  g_autofree char *path = g_build_filename (ctl->folder, "steady.csv", NULL);
  g_autoptr(GString) text = g_string_new ("Time (s),Engine RPM,MAP kPa,TPS (%),AFR Meas F,"
                                          "AFR Cmd F\n");
  g_autoptr(DynoTestEnd) imported = NULL;

  for (guint i = 0; i < 400; i++)
    g_string_append_printf (text, "%u.%02u,3000,80,40,13.%u,13.0\n", i / 50, i % 50 * 2, i % 4);
  g_assert_true (g_file_set_contents (path, text->str, -1, NULL));
  imported = dyno_test_ctl_run (ctl, "import", path, "--vehicle", "Rosa", NULL);
  dyno_test_end_assert (imported, 0);
}

static gint64
covered (const DynoJson *plan)
{
  return dyno_json_get_integer (dyno_json_member (plan, "coverage"), "covered", -1);
}

/* An analysis fills the book; what it lists is there for a person as well. */
static void
test_analysed_run (void)
{
  g_autoptr(DynoTestCtl) ctl = dyno_test_ctl_new ();
  g_autoptr(DynoJson) before = NULL;
  g_autoptr(DynoJson) after = NULL;
  g_autoptr(DynoJson) forgotten = NULL;
  g_autoptr(DynoTestEnd) analysed = NULL;
  g_autoptr(DynoTestEnd) text = NULL;

  import_log (ctl);
  before = plan_json (ctl, 0, NULL, NULL);
  g_assert_cmpint (covered (before), ==, 0);
  analysed = dyno_test_ctl_run (ctl, "analyze", "1", NULL);
  dyno_test_end_assert (analysed, 0);
  after = plan_json (ctl, 0, NULL, NULL);
  g_assert_cmpint (covered (after), >, 0);
  dyno_test_member (after, "gaps", DYNO_JSON_ARRAY);
  g_assert_cmpuint (dyno_json_n_elements (dyno_test_member (after, "next_tests",
                                                            DYNO_JSON_ARRAY)), >, 0);

  text = dyno_test_ctl_run (ctl, "plan", "Rosa", NULL);
  dyno_test_end_assert (text, 0);
  g_assert_nonnull (strstr (text->out, "from 1 run"));
  g_assert_nonnull (strstr (text->out, "\n1. "));
  g_assert_nonnull (strstr (text->out, "(default)"));

  forgotten = plan_json (ctl, 0, "--forget", "1");
  g_assert_cmpint (covered (forgotten), ==, 0);
}

static double
limit (const DynoJson *plan,
       const char     *name)
{
  return dyno_json_get_number (dyno_json_member (plan, "constraints"), name, -1);
}

/* A limit that is set stays; the others are as they were. */
static void
test_limits (void)
{
  g_autoptr(DynoTestCtl) ctl = dyno_test_ctl_new ();
  g_autoptr(DynoJson) set = NULL;
  g_autoptr(DynoJson) more = NULL;
  g_autoptr(DynoJson) reset = NULL;
  g_autoptr(DynoJson) bad = NULL;

  import_log (ctl);
  set = plan_json (ctl, 0, "--max-rpm", "5200");
  g_assert_cmpfloat (limit (set, "max_rpm"), ==, 5200);
  more = plan_json (ctl, 0, "--max-pulls", "3");
  g_assert_cmpfloat (limit (more, "max_rpm"), ==, 5200);
  g_assert_cmpfloat (limit (more, "max_pulls"), ==, 3);
  g_assert_false (dyno_json_get_boolean (more, "constraints_are_default", TRUE));
  bad = plan_json (ctl, 3, "--min-rpm", "6000");
  reset = plan_json (ctl, 0, "--reset", NULL);
  g_assert_cmpfloat (limit (reset, "max_rpm"), ==, 7000);
  g_assert_true (dyno_json_get_boolean (reset, "constraints_are_default", FALSE));
}

static void
test_unknown (void)
{
  g_autoptr(DynoTestCtl) ctl = dyno_test_ctl_new ();
  g_autoptr(DynoTestEnd) vehicle = NULL;
  g_autoptr(DynoTestEnd) run = NULL;

  import_log (ctl);
  vehicle = dyno_test_ctl_run (ctl, "plan", "Nobody", NULL);
  dyno_test_end_assert (vehicle, 4);
  g_assert_nonnull (strstr (vehicle->err, "There is no vehicle “Nobody”."));
  run = dyno_test_ctl_run (ctl, "plan", "Rosa", "--forget", "99", NULL);
  dyno_test_end_assert (run, 4);
}

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/ctl/plan/analysed-run", test_analysed_run);
  g_test_add_func ("/ctl/plan/limits", test_limits);
  g_test_add_func ("/ctl/plan/unknown", test_unknown);

  return g_test_run ();
}
