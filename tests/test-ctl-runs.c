/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

#include "config.h"

#include <string.h>

#include "dyno-test-ctl.h"

/* The run book on the command line, over runs that were imported. */

typedef struct
{
  DynoTestCtl *ctl; /* (owned) run 1 is lean.csv of Rosa, run 2 is rich.csv */
} Fixture;

static void
add_run (DynoTestCtl *ctl,
         const char  *name,
         double       afr,
         const char  *vehicle)
{
  g_autofree char *path = g_build_filename (ctl->folder, name, NULL);
  GString *text = g_string_new ("Time (s),Engine RPM,MAP kPa,AFR Front,AFR CMD\n");
  g_autoptr(DynoTestEnd) end = NULL;

  for (int i = 0; i < 200; i++)
    g_string_append_printf (text, "%.2f,%d,80,%.2f,13.0\n", i * 0.05, 2990 + i % 20,
                            afr + i % 3 * 0.05);
  g_assert_true (g_file_set_contents (path, text->str, -1, NULL));
  g_string_free (text, TRUE);
  end = dyno_test_ctl_run (ctl, "import", path, "-q", vehicle != NULL ? "--vehicle" : NULL, vehicle,
                           NULL);
  dyno_test_end_assert (end, 0);
}

static void
set_up (Fixture       *f,
        gconstpointer  unused)
{
  f->ctl = dyno_test_ctl_new ();
  add_run (f->ctl, "lean.csv", 14.3, "Rosa");
  add_run (f->ctl, "rich.csv", 12.5, NULL);
}

static void
tear_down (Fixture       *f,
           gconstpointer  unused)
{
  dyno_test_ctl_free (f->ctl);
}

/* The numbers of the runs that a query finds, "2 1". */
static char *
find (Fixture           *f,
      const char *const *words)
{
  g_autoptr(DynoTestEnd) end = dyno_test_ctl_run_v (f->ctl, words);
  g_autoptr(DynoJson) document = NULL;
  const DynoJson *runs;
  GString *found = g_string_new (NULL);

  dyno_test_end_assert (end, 0);
  document = dyno_test_end_json (end);
  runs = dyno_test_member (document, "runs", DYNO_JSON_ARRAY);
  for (guint i = 0; i < dyno_json_n_elements (runs); i++)
    g_string_append_printf (found, "%s%" G_GINT64_FORMAT, i > 0 ? " " : "",
                            dyno_json_get_integer (dyno_json_element (runs, i), "number", 0));

  return g_string_free (found, FALSE);
}

static void
test_list (Fixture       *f,
           gconstpointer  unused)
{
  static const struct
  {
    const char *words[8];
    const char *found;
  } queries[] = {
    { { "runs", "list", "--json" }, "2 1" },
    { { "runs", "list", "--json", "--limit", "1" }, "2" },
    { { "runs", "list", "--json", "--vehicle", "Rosa" }, "1" },
    { { "runs", "list", "--json", "--query", "lean" }, "1" },
    { { "runs", "list", "--json", "--query", "nothing" }, "" },
    { { "runs", "list", "--json", "--since", "2020-01-01" }, "2 1" },
    { { "runs", "list", "--json", "--since", "2999-01-01T00:00:00Z" }, "" },
    { { "runs", "list", "--json", "--trash" }, "" },
  };
  g_autoptr(DynoTestEnd) text = dyno_test_ctl_run (f->ctl, "runs", "list", NULL);
  g_autoptr(DynoTestEnd) stranger = dyno_test_ctl_run (f->ctl, "runs", "list", "--vehicle",
                                                       "Nobody",
                                                       NULL);

  for (gsize i = 0; i < G_N_ELEMENTS (queries); i++)
    {
      g_autofree char *found = find (f, queries[i].words);

      g_assert_cmpstr (found, ==, queries[i].found);
    }
  dyno_test_end_assert (text, 0);
  g_assert_nonnull (strstr (text->out, "run  when"));
  g_assert_nonnull (strstr (text->out, "Rosa"));
  dyno_test_end_assert (stranger, 4);
  g_assert_nonnull (strstr (stranger->err, "There is no vehicle “Nobody”."));
}

/* Every member that cli.md promises, null where there is nothing. */
static void
test_members (Fixture       *f,
              gconstpointer  unused)
{
  static const char *const numbers[] = { "duration_s", "peak_power_kw", "peak_power_rpm",
                                         "peak_torque_nm", "peak_torque_rpm" };
  g_autoptr(DynoTestEnd) end = dyno_test_ctl_run (f->ctl, "runs", "list", "--json", NULL);
  g_autoptr(DynoJson) document = dyno_test_end_json (end);
  const DynoJson *run = dyno_json_element (dyno_json_member (document, "runs"), 1);

  g_assert_true (g_str_has_prefix (dyno_json_get_string (run, "id"), "run_"));
  g_assert_true (g_regex_match_simple ("^\\d{4}-\\d\\d-\\d\\dT\\d\\d:\\d\\d:\\d\\d\\.\\d{3}Z$",
                                       dyno_json_get_string (run, "started_at"), 0, 0));
  g_assert_cmpstr (dyno_json_get_string (run, "source"), ==, "upload");
  g_assert_cmpstr (dyno_json_get_string (run, "status"), ==, "complete");
  dyno_test_member (run, "vehicle", DYNO_JSON_OBJECT);
  dyno_test_member_or_null (run, "notes", DYNO_JSON_STRING);
  dyno_test_member (run, "tags", DYNO_JSON_ARRAY);
  for (gsize i = 0; i < G_N_ELEMENTS (numbers); i++)
    dyno_test_member_or_null (run, numbers[i], DYNO_JSON_NUMBER);
  /* No power in the log: no peak, and not 0. */
  dyno_test_member (run, "peak_power_kw", DYNO_JSON_NULL);
}

static void
test_show (Fixture       *f,
           gconstpointer  unused)
{
  g_autoptr(DynoTestEnd) by_number = dyno_test_ctl_run (f->ctl, "runs", "show", "1", "--json",
                                                        NULL);
  g_autoptr(DynoTestEnd) by_id = NULL;
  g_autoptr(DynoTestEnd) text = NULL;
  g_autoptr(DynoTestEnd) none = NULL;
  g_autoptr(DynoJson) run = NULL;

  dyno_test_end_assert (by_number, 0);
  run = dyno_test_end_json (by_number);
  dyno_test_member (run, "channels", DYNO_JSON_ARRAY);
  dyno_test_member (run, "files", DYNO_JSON_ARRAY);
  dyno_test_member (run, "markers", DYNO_JSON_ARRAY);
  by_id = dyno_test_ctl_run (f->ctl, "runs", "show", dyno_json_get_string (run, "id"), "--json",
                             NULL);
  g_assert_cmpstr (by_id->out, ==, by_number->out);
  text = dyno_test_ctl_run (f->ctl, "runs", "show", "1", NULL);
  dyno_test_end_assert (text, 0);
  g_assert_nonnull (strstr (text->out, "Vehicle     Rosa\n"));
  none = dyno_test_ctl_run (f->ctl, "runs", "show", "99", "--json", NULL);
  dyno_test_end_assert (none, 4);
  dyno_test_end_assert_body (none, NULL);
}

static void
test_note_and_tags (Fixture       *f,
                    gconstpointer  unused)
{
  static const char *const by_tag[] = { "runs", "list", "--json", "--query", "tag:before", NULL };
  static const char *const by_note[] = { "runs", "list", "--json", "--query", "jet", NULL };
  g_autoptr(DynoTestEnd) noted = dyno_test_ctl_run (f->ctl, "runs", "note", "1", "jet 190, cold",
                                                    NULL);
  g_autoptr(DynoTestEnd) tagged
    = dyno_test_ctl_run (f->ctl, "runs", "tag", "1", "before", "customer", "--json", NULL);
  g_autoptr(DynoTestEnd) again
    = dyno_test_ctl_run (f->ctl, "runs", "tag", "1", "before", "--json", NULL);
  g_autoptr(DynoTestEnd) removed
    = dyno_test_ctl_run (f->ctl, "runs", "tag", "1", "customer", "--remove", "--json", NULL);
  g_autoptr(DynoJson) document = NULL;
  g_autofree char *tag_found = find (f, by_tag);
  g_autofree char *note_found = find (f, by_note);
  const DynoJson *tags;

  dyno_test_end_assert (noted, 0);
  g_assert_cmpstr (noted->out, ==, "Run 1 is noted.\n");
  dyno_test_end_assert (tagged, 0);
  dyno_test_end_assert (again, 0);
  dyno_test_end_assert (removed, 0);
  document = dyno_test_end_json (removed);
  tags = dyno_test_member (document, "tags", DYNO_JSON_ARRAY);
  g_assert_cmpuint (dyno_json_n_elements (tags), ==, 1);
  g_assert_cmpstr (dyno_json_string (dyno_json_element (tags, 0)), ==, "before");
  g_assert_cmpstr (dyno_json_get_string (document, "notes"), ==, "jet 190, cold");
  g_assert_cmpstr (tag_found, ==, "1");
  g_assert_cmpstr (note_found, ==, "1");
}

static void
test_delete_and_restore (Fixture       *f,
                         gconstpointer  unused)
{
  static const char *const all[] = { "runs", "list", "--json", NULL };
  static const char *const trash[] = { "runs", "list", "--json", "--trash", NULL };
  g_autoptr(DynoTestEnd) half = dyno_test_ctl_run (f->ctl, "runs", "delete", "1", "99", NULL);
  g_autofree char *untouched = find (f, all);
  g_autoptr(DynoTestEnd) deleted = dyno_test_ctl_run (f->ctl, "runs", "delete", "1", "--json",
                                                      NULL);
  g_autofree char *left = find (f, all);
  g_autofree char *thrown = find (f, trash);
  g_autoptr(DynoTestEnd) restored = dyno_test_ctl_run (f->ctl, "runs", "restore", "1", NULL);
  g_autofree char *back = find (f, all);
  g_autoptr(DynoJson) document = NULL;

  dyno_test_end_assert (half, 4);
  g_assert_cmpstr (untouched, ==, "2 1");
  dyno_test_end_assert (deleted, 0);
  document = dyno_test_end_json (deleted);
  g_assert_cmpuint (dyno_json_n_elements (dyno_test_member (document, "deleted", DYNO_JSON_ARRAY)),
                    ==,
                    1);
  g_assert_cmpstr (left, ==, "2");
  g_assert_cmpstr (thrown, ==, "1");
  dyno_test_end_assert (restored, 0);
  g_assert_cmpstr (restored->out, ==, "1 restored.\n");
  g_assert_cmpstr (back, ==, "2 1");
}

/* Runs are analysed as files are, together and in their order, and kept once. */
static void
test_analyze (Fixture       *f,
              gconstpointer  unused)
{
  g_autoptr(DynoTestEnd) one = dyno_test_ctl_run (f->ctl, "analyze", "1", "--json", NULL);
  g_autoptr(DynoTestEnd) again = dyno_test_ctl_run (f->ctl, "analyze", "1", "--json", NULL);
  g_autoptr(DynoTestEnd) both = dyno_test_ctl_run (f->ctl, "analyze", "1", "2", "--json", NULL);
  g_autoptr(DynoTestEnd) none = dyno_test_ctl_run (f->ctl, "analyze", "1", "99", NULL);
  g_autoptr(DynoJson) analysis = NULL;
  g_autoptr(DynoJson) together = NULL;

  dyno_test_end_assert (one, 0);
  g_assert_cmpstr (one->out, ==, again->out);
  analysis = dyno_test_end_json (one);
  g_assert_true (g_str_has_prefix (dyno_json_get_string (analysis, "id"), "ana_"));
  dyno_test_end_assert (both, 0);
  together = dyno_test_end_json (both);
  g_assert_cmpuint (dyno_json_n_elements (dyno_json_member (together, "run_ids")), ==, 2);
  g_assert_cmpint (dyno_json_get_integer (together, "rows", 0), ==, 400);
  dyno_test_end_assert (none, 4);
}

static void
test_power (Fixture       *f,
            gconstpointer  unused)
{
  g_autofree char *id = dyno_test_ctl_import (f->ctl, "logs/wrl-dyno-check/134power.csv");
  g_autoptr(DynoTestEnd) by_id = NULL;
  g_autoptr(DynoTestEnd) by_number = NULL;
  g_autoptr(DynoTestEnd) none = NULL;

  if (id == NULL)
    return;
  by_id = dyno_test_ctl_run (f->ctl, "power", id, "--json", NULL);
  by_number = dyno_test_ctl_run (f->ctl, "power", "3", "--json", NULL);
  none = dyno_test_ctl_run (f->ctl, "power", "1", NULL);
  dyno_test_end_assert (by_id, 0);
  g_assert_cmpstr (by_id->out, ==, by_number->out);
  dyno_test_end_assert (none, 0);
  g_assert_nonnull (strstr (none->out, "There is no pull in it: no channels that make power."));
}

/* Nothing is there yet, and looking makes nothing. */
static void
test_no_shop (void)
{
  g_autoptr(DynoTestCtl) ctl = dyno_test_ctl_new ();
  g_autoptr(DynoTestEnd) power = dyno_test_ctl_run (ctl, "power", "1", NULL);
  g_autoptr(DynoTestEnd) checked = dyno_test_ctl_run (ctl, "db", "check", NULL);
  g_autoptr(DynoTestEnd) settings = dyno_test_ctl_run (ctl, "config", "list", NULL);

  dyno_test_end_assert (power, 4);
  dyno_test_end_assert (checked, 4);
  dyno_test_end_assert (settings, 0);
}

#define ADD(path, func) g_test_add (path, Fixture, NULL, set_up, func, tear_down)

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);
  ADD ("/ctl/runs/list", test_list);
  ADD ("/ctl/runs/members", test_members);
  ADD ("/ctl/runs/show", test_show);
  ADD ("/ctl/runs/note-and-tags", test_note_and_tags);
  ADD ("/ctl/runs/delete-and-restore", test_delete_and_restore);
  ADD ("/ctl/runs/analyze", test_analyze);
  ADD ("/ctl/runs/power", test_power);
  g_test_add_func ("/ctl/runs/no-shop", test_no_shop);

  return g_test_run ();
}
