/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

#include "config.h"

#include "dyno-error.h"
#include "dyno-test-shop.h"
#include "dyno-test.h"

/* How the program is, and what the doctor finds. */

static const DynoComponent *
find (const DynoHealthReport *report,
      const char             *name)
{
  for (guint i = 0; i < report->components->len; i++)
    {
      const DynoComponent *component = g_ptr_array_index (report->components, i);

      if (g_str_equal (component->name, name))
        return component;
    }
  g_error ("no component %s", name);
}

static void
test_report (DynoTestShop *f,
             gconstpointer unused)
{
  static const char *const names[] = { "database", "disk_space", "data_dir", "keyring", "capture",
                                       "jobs", "clock", "libraries" };
  g_autoptr(GError) error = NULL;
  g_autoptr(DynoHealthReport) report = dyno_test_ask0 (f, dyno_health_report, &error);
  DynoJsonWriter *w = dyno_json_writer_new (FALSE);
  g_autofree char *text = NULL;
  g_autoptr(DynoJson) json = NULL;
  DynoComponentStatus worst = DYNO_COMPONENT_HEALTHY;

  g_assert_no_error (error);
  for (guint i = 0; i < G_N_ELEMENTS (names); i++)
    worst = MAX (worst, find (report, names[i])->status);
  g_assert_cmpint (report->status, ==, worst);
  g_assert_cmpint (find (report, "database")->status, ==, DYNO_COMPONENT_HEALTHY);
  g_assert_cmpint (find (report, "data_dir")->status, ==, DYNO_COMPONENT_HEALTHY);
  for (guint i = 0; i < report->components->len; i++)
    {
      const DynoComponent *component = g_ptr_array_index (report->components, i);

      g_assert_cmpstr (component->message, !=, "");
      if (component->status != DYNO_COMPONENT_HEALTHY)
        g_assert_nonnull (component->fix);
    }
  dyno_shape_health (w, report);
  text = dyno_json_writer_finish (w);
  json = dyno_json_parse (text, -1, &error);
  g_assert_no_error (error);
  g_assert_cmpuint (dyno_json_n_elements (dyno_json_member (json, "components")), ==,
                    report->components->len);
}

/* A folder that somebody else holds is an unhealthy database, not a failed report. */
static void
test_report_of_trouble (DynoTestShop *f,
                        gconstpointer unused)
{
  DynoShopOptions options = { .data_dir = f->folder,
                              .environment = (const char *const *) f->environment,
                              .flags = DYNO_SHOP_NO_CAPTURE };
  DynoTestShop other = { .await = f->await };
  g_autoptr(GError) error = NULL;
  g_autoptr(DynoHealthReport) report = NULL;

  dyno_shop_open_async (&options, NULL, dyno_await_cb, f->await);
  other.shop = dyno_shop_open_finish (dyno_await_wait (f->await), &error);
  g_assert_no_error (error);
  report = dyno_test_ask0 (&other, dyno_health_report, &error);
  g_assert_no_error (error);
  g_assert_cmpint (find (report, "database")->status, ==, DYNO_COMPONENT_UNHEALTHY);
  g_assert_cmpint (report->status, ==, DYNO_COMPONENT_UNHEALTHY);
  dyno_test_shop_close (&other);
}

static void
test_doctor (DynoTestShop *f,
             gconstpointer unused)
{
  static const char *const names[] = { "database", "keyring", "disk", "clock", "permissions" };
  g_autoptr(GError) error = NULL;
  g_autoptr(GPtrArray) checks = dyno_test_ask (f, dyno_health_doctor, &error, "lo");

  g_assert_no_error (error);
  for (guint i = 0; i < G_N_ELEMENTS (names); i++)
    {
      gboolean is_there = FALSE;

      for (guint k = 0; k < checks->len; k++)
        is_there |= g_str_equal (((DynoCheck *) checks->pdata[k])->name, names[i]);
      g_assert_true (is_there);
    }
  for (guint k = 0; k < checks->len; k++)
    {
      const DynoCheck *check = g_ptr_array_index (checks, k);

      g_test_message ("%s %s: %s (%s)", dyno_check_status_name (check->status), check->name,
                      check->detail, check->fix);
      g_assert_cmpstr (check->detail, !=, "");
      if (check->status == DYNO_CHECK_FAIL)
        g_assert_cmpstr (check->fix, !=, "");
    }
}

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);
  DYNO_TEST_SHOP_ADD ("/shop/health/report", test_report);
  DYNO_TEST_SHOP_ADD_QUIET ("/shop/health/report-of-trouble", test_report_of_trouble);
  DYNO_TEST_SHOP_ADD ("/shop/health/doctor", test_doctor);

  return g_test_run ();
}
