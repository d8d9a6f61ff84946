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
  static const char *const names[] = { "database", "disk_space", "data_dir", "memory",
                                       "event_loop", "keyring", "capture", "jobs", "backup",
                                       "clock", "libraries" };
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
assert_members (const DynoJson    *json,
                const char *const *names)
{
  g_autoptr(GPtrArray) found = dyno_json_names (json);

  g_assert_cmpuint (found->len, ==, g_strv_length ((char **) names));
  for (guint i = 0; i < found->len; i++)
    g_assert_cmpstr (g_ptr_array_index (found, i), ==, names[i]);
}

static void
say_cb (DynoComponent *component,
        gpointer       status)
{
  dyno_component_set (component, *(DynoComponentStatus *) status, "Mend it.", "It is %s.", "so");
}

static void
silent_cb (DynoComponent *component,
           gpointer       unused)
{
}

/* The form of service.md 7.4, with a component of somebody else that is not well. */
static void
test_shape (DynoTestShop *f,
            gconstpointer unused)
{
  static const char *const members[] = { "status", "version", "timestamp", "uptime_s", "memory",
                                         "components", NULL };
  static const char *const memory[] = { "rss_bytes", "budget_bytes", NULL };
  static const char *const sick[] = { "name", "status", "message", "since", "fix", "latency_ms",
                                      NULL };
  static const char *const well[] = { "name", "status", "message", "since", "latency_ms", NULL };
  DynoComponentStatus status = DYNO_COMPONENT_UNHEALTHY;
  g_autoptr(DynoHealthReport) report = NULL;
  g_autoptr(DynoJson) json = NULL;
  g_autofree char *text = NULL;
  DynoJsonWriter *w = dyno_json_writer_new (FALSE);
  const DynoJson *list;

  dyno_health_add (f->shop, "tls", say_cb, &status);
  dyno_health_add (f->shop, "voice", silent_cb, NULL);
  report = dyno_test_ask0 (f, dyno_health_report, NULL);
  dyno_shape_health (w, report);
  text = dyno_json_writer_finish (w);
  json = dyno_json_parse (text, -1, NULL);
  assert_members (json, members);
  assert_members (dyno_json_member (json, "memory"), memory);
  g_assert_cmpstr (dyno_json_get_string (json, "status"), ==, "unhealthy");
  g_assert_cmpfloat (dyno_json_get_number (dyno_json_member (json, "memory"), "budget_bytes", 0),
                     ==, 1024. * 1024 * 1024);
  list = dyno_json_member (json, "components");
  assert_members (dyno_json_element (list, 11), sick);
  g_assert_cmpstr (dyno_json_get_string (dyno_json_element (list, 11), "message"), ==,
                   "It is so.");
  assert_members (dyno_json_element (list, 12), well);
}

/* Since when: it stays while the status stays, and is new when it turns. */
static void
test_guest (DynoTestShop *f,
            gconstpointer unused)
{
  DynoComponentStatus status = DYNO_COMPONENT_DEGRADED;
  g_autoptr(DynoHealthReport) first = NULL;
  g_autoptr(DynoHealthReport) second = NULL;
  g_autoptr(DynoHealthReport) third = NULL;
  g_autoptr(DynoHealthReport) last = NULL;

  g_assert_null (dyno_health_last (f->shop));
  dyno_health_add (f->shop, "guest", say_cb, &status);
  first = dyno_test_ask0 (f, dyno_health_report, NULL);
  second = dyno_test_ask0 (f, dyno_health_report, NULL);
  g_assert_cmpint (find (second, "guest")->since_us, ==, first->time_us);
  status = DYNO_COMPONENT_HEALTHY;
  third = dyno_test_ask0 (f, dyno_health_report, NULL);
  g_assert_cmpint (find (third, "guest")->since_us, ==, third->time_us);
  dyno_health_remove (f->shop, "guest");
  last = dyno_health_last (f->shop);
  g_assert_true (last == third);
}

static gboolean
has_report (gpointer data)
{
  DynoTestShop *f = data;
  g_autoptr(DynoHealthReport) last = dyno_health_last (f->shop);

  return last != NULL;
}

/* The watch makes the first report at once, and the closing ends it. */
static void
test_watch (DynoTestShop *f,
            gconstpointer unused)
{
  dyno_health_watch (f->shop, NULL);
  dyno_test_wait_for (has_report, f, 30);
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
  DYNO_TEST_SHOP_ADD_QUIET ("/shop/health/shape", test_shape);
  DYNO_TEST_SHOP_ADD_QUIET ("/shop/health/guest", test_guest);
  DYNO_TEST_SHOP_ADD_QUIET ("/shop/health/watch", test_watch);
  DYNO_TEST_SHOP_ADD ("/shop/health/doctor", test_doctor);

  return g_test_run ();
}
