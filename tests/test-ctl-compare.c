/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

#include "config.h"

#include <math.h>
#include <string.h>

#include "dyno-bike-sensors.h"
#include "dyno-test-ctl.h"

/* dynoctl compare, as a person calls it. */

/* A pull of the virtual bike, `factor` as strong as it is, as a CSV. (transfer full) */
static char *
write_pull (DynoTestCtl *ctl,
            const char  *name,
            double       factor)
{
  g_autoptr(DynoBike) bike = dyno_bike_new (dyno_bike_engine_find ("twin114"));
  g_autoptr(DynoBikeSensors) sensors = dyno_bike_sensors_new (1, 0);
  g_autoptr(GString) text = g_string_new ("Time (s),RPM,Speed (km/h),Force (N),TPS (%)\n");
  g_autoptr(GError) error = NULL;
  char *path = g_build_filename (ctl->folder, name, NULL);

  dyno_bike_place (bike, 2000);
  dyno_bike_command_throttle (bike, 100, 0);
  for (guint i = 0; dyno_bike_state (bike)->rpm < 0.98 * 5800; i++)
    {
      DynoBikeReading r;

      dyno_bike_advance (bike, 20);
      dyno_bike_sensors_read (sensors, dyno_bike_state (bike), &r);
      g_string_append_printf (text, "%.3f,%.2f,%.4f,%.3f,%.1f\n", i * 0.02, r.rpm, r.speed_kmh,
                              r.force_n * factor, r.tps_pct);
    }
  g_file_set_contents (path, text->str, -1, &error);
  g_assert_no_error (error);

  return path;
}

typedef struct
{
  DynoTestCtl *ctl;
  char        *before[3];
  char        *after[3];
  char        *before_list;
} Fixture;

static void
set_up (Fixture       *f,
        gconstpointer  unused)
{
  static const double before[] = { 1, 1.003, 0.998 };
  static const double after[] = { 1.03, 1.033, 1.028 };

  f->ctl = dyno_test_ctl_new ();
  for (guint i = 0; i < 3; i++)
    {
      g_autofree char *old = g_strdup_printf ("before-%u.csv", i);
      g_autofree char *new = g_strdup_printf ("after-%u.csv", i);

      f->before[i] = write_pull (f->ctl, old, before[i]);
      f->after[i] = write_pull (f->ctl, new, after[i]);
    }
  f->before_list = g_strdup_printf ("%s,%s,%s", f->before[0], f->before[1], f->before[2]);
}

static void
tear_down (Fixture       *f,
           gconstpointer  unused)
{
  for (guint i = 0; i < 3; i++)
    {
      g_free (f->before[i]);
      g_free (f->after[i]);
    }
  g_free (f->before_list);
  dyno_test_ctl_free (f->ctl);
}

static void
assert_says (const DynoTestEnd *end,
             const char        *words)
{
  if (strstr (end->out, words) == NULL)
    g_error ("It does not say “%s”:\n%s", words, end->out);
}

static void
test_is_it_real (Fixture       *f,
                 gconstpointer  unused)
{
  g_autoptr(DynoTestEnd) end = dyno_test_ctl_run (f->ctl, "compare", f->after[0], f->after[1],
                                                  f->after[2], "--against", f->before_list, NULL);
  g_autoptr(DynoTestEnd) data = dyno_test_ctl_run (f->ctl, "compare", f->after[0], f->after[1],
                                                   f->after[2], "--against", f->before[0],
                                                   "--against", f->before[1], "--against",
                                                   f->before[2], "--json", NULL);
  g_autoptr(DynoJson) json = NULL;

  dyno_test_end_assert (end, 0);
  assert_says (end, "Is the gain real? +");
  assert_says (end, "), real.");
  assert_says (end, "baseline");
  dyno_test_end_assert (data, 0);
  json = dyno_test_end_json (data);
  g_assert_cmpstr (dyno_json_get_string (json, "verdict"), ==, "real-gain");
  g_assert_cmpfloat_with_epsilon (dyno_json_get_number (json, "area_gain_pct", NAN), 3, 0.1);
  dyno_test_member (json, "series", DYNO_JSON_ARRAY);
  dyno_test_member (json, "delta", DYNO_JSON_ARRAY);
  dyno_test_member (json, "repeatability", DYNO_JSON_OBJECT);
}

static void
test_baseline (Fixture       *f,
               gconstpointer  unused)
{
  g_autoptr(DynoTestEnd) end = dyno_test_ctl_run (f->ctl, "compare", f->after[0], f->before[0],
                                                  "--baseline", f->before[0], "--x", "speed",
                                                  "--json", NULL);
  g_autoptr(DynoTestEnd) few = dyno_test_ctl_run (f->ctl, "compare", f->after[0], "--against",
                                                  f->before[0], NULL);
  g_autoptr(DynoJson) json = NULL;
  const DynoJson *delta;

  dyno_test_end_assert (end, 0);
  json = dyno_test_end_json (end);
  delta = dyno_json_element (dyno_json_member (json, "delta"), 0);
  g_assert_cmpstr (dyno_json_get_string (json, "x"), ==, "speed");
  g_assert_cmpint (dyno_json_get_integer (json, "baseline", -1), ==, 1);
  g_assert_cmpstr (dyno_json_get_string (delta, "name"), ==, "after-0.csv");
  g_assert_cmpfloat_with_epsilon (dyno_json_get_number (delta, "area_gain_pct", NAN), 3, 0.01);
  g_assert_cmpstr (dyno_json_get_string (json, "verdict"), ==, "not-enough-runs");
  dyno_test_end_assert (few, 0);
  assert_says (few, "not enough pulls: 3 a side are the least; 2 more before and 2 more after");
}

static void
test_compare_usage (Fixture       *f,
                    gconstpointer  unused)
{
  g_autoptr(DynoTestEnd) none = dyno_test_ctl_run (f->ctl, "compare", NULL);
  g_autoptr(DynoTestEnd) one = dyno_test_ctl_run (f->ctl, "compare", f->after[0], NULL);
  g_autoptr(DynoTestEnd) axis = dyno_test_ctl_run (f->ctl, "compare", f->after[0], f->after[1],
                                                   "--x", "moon", NULL);
  g_autoptr(DynoTestEnd) missing = dyno_test_ctl_run (f->ctl, "compare", f->after[0],
                                                      "nowhere.csv", NULL);

  dyno_test_end_assert (none, 2);
  dyno_test_end_assert (one, 3);
  dyno_test_end_assert (axis, 2);
  dyno_test_end_assert (missing, 4);
}

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add ("/ctl/compare/is-it-real", Fixture, NULL, set_up, test_is_it_real, tear_down);
  g_test_add ("/ctl/compare/baseline", Fixture, NULL, set_up, test_baseline, tear_down);
  g_test_add ("/ctl/compare/usage", Fixture, NULL, set_up, test_compare_usage, tear_down);

  return g_test_run ();
}
