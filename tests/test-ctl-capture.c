/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

#include "config.h"

#include <signal.h>
#include <string.h>

#include "dyno-test-ctl.h"

/* The main job, as a shop does it: a dyno in one process, capture in another. */

static GPtrArray *
pulls_of (const DynoTestEnd *dyno)
{
  GPtrArray *all = dyno_test_end_lines (dyno);

  for (guint i = all->len; i > 0; i--)
    {
      if (!g_str_equal (dyno_json_get_string (all->pdata[i - 1], "event"), "pull_end"))
        g_ptr_array_remove_index (all, i - 1);
    }

  return all;
}

/* Cut at the right place, the peaks of what was really made. */
static void
assert_run (const DynoJson *run,
            const DynoJson *pull)
{
  static const char *const peaks[] = { "peak_power_kw", "peak_torque_nm" };
  const DynoJson *capture = dyno_test_member (run, "capture", DYNO_JSON_OBJECT);

  g_assert_cmpstr (dyno_json_get_string (run, "status"), ==, "complete");
  g_assert_cmpstr (dyno_json_get_string (run, "source"), ==, "simulator");
  for (gsize i = 0; i < G_N_ELEMENTS (peaks); i++)
    dyno_assert_near (dyno_json_get_number (run, peaks[i], 0)
                        / dyno_json_get_number (pull, peaks[i], 1), 1, 0.02);
  dyno_assert_near (dyno_json_get_number (run, "duration_s", 0),
                    dyno_json_get_number (pull, "duration_s", 0), 0.1);
  dyno_assert_near (dyno_json_get_number (capture, "pull_from_s", 0), 2, 0.01);
  g_assert_cmpstr (dyno_json_get_string (dyno_test_member (run, "correction", DYNO_JSON_OBJECT),
                                         "standard"), ==, "sae-1990");
}

/* Ends both programs and compares what they say; answers the runs. */
static GPtrArray *
assert_three (DynoTestCtl *ctl,
              GSubprocess *simulator,
              DynoTestEnd *capture)
{
  g_autoptr(DynoTestEnd) dyno = dyno_test_ctl_wait (simulator);
  g_autoptr(GPtrArray) pulls = NULL;
  g_autoptr(DynoTestEnd) verified = NULL;
  GPtrArray *runs;

  dyno_test_end_assert (dyno, 0);
  dyno_test_end_assert (capture, 0);
  g_assert_cmpstr (capture->err, ==, "");
  pulls = pulls_of (dyno);
  runs = dyno_test_end_lines (capture);
  g_assert_cmpuint (pulls->len, ==, 3);
  g_assert_cmpuint (runs->len, ==, 3);
  for (guint i = 0; i < runs->len; i++)
    {
      g_assert_cmpint (dyno_json_get_integer (runs->pdata[i], "number", 0), ==, i + 1);
      assert_run (runs->pdata[i], pulls->pdata[i]);
    }
  verified = dyno_test_ctl_run (ctl, "verify", "--all", "--samples", NULL);
  dyno_test_end_assert (verified, 0);
  g_assert_nonnull (strstr (verified->out, "3 runs derived again"));

  return runs;
}

static void
test_three_runs (void)
{
  g_autoptr(DynoTestCtl) ctl = dyno_test_ctl_new ();
  g_autoptr(DynoTestEnd) capture = NULL;
  g_autoptr(GPtrArray) runs = NULL;
  GSubprocess *simulator;
  const DynoJson *first;

  if (!dyno_test_ctl_has_wire (ctl))
    return;
  simulator = dyno_test_ctl_start (ctl, "simulate", "--pulls", "3", "--noise", "0", "--speed", "3",
                                   "--json", NULL);
  capture = dyno_test_ctl_run (ctl, "capture", "--runs", "3", "--seconds", "60", "--vehicle",
                               "Rosa",
                               "--notes", "cold day", "--interface", "lo", "--json", NULL);
  runs = assert_three (ctl, simulator, capture);
  first = runs->pdata[0];
  g_assert_cmpstr (dyno_json_get_string (dyno_test_member (first, "vehicle", DYNO_JSON_OBJECT),
                                         "label"), ==, "Rosa");
  g_assert_cmpstr (dyno_json_get_string (first, "notes"), ==, "cold day");
  g_assert_cmpuint (dyno_json_n_elements (dyno_test_member (first, "channels", DYNO_JSON_ARRAY)),
                    ==,
                    103);
  dyno_assert_near (dyno_json_get_number (first, "loss_pct", 1), 0, 0);
}

/* 104 channels, duplicates, ids that move, a restart in between, 2 % loss. */
static void
test_bad_network (void)
{
  g_autoptr(DynoTestCtl) ctl = dyno_test_ctl_new ();
  g_autofree char *scenario = g_build_filename (ctl->folder, "scenario.txt", NULL);
  g_autoptr(DynoTestEnd) capture = NULL;
  g_autoptr(GPtrArray) runs = NULL;
  GSubprocess *simulator;
  guint n_gaps = 0;

  if (!dyno_test_ctl_has_wire (ctl))
    return;
  g_assert_true (g_file_set_contents (scenario, "0 duplicate 5\n0 drop 2\n12.5 renumber clear\n"
                                                "24 restart\n", -1, NULL));
  simulator = dyno_test_ctl_start (ctl, "simulate", "--profile", "rt150-104", "--pulls", "3",
                                   "--period", "7", "--noise", "0", "--scenario", scenario,
                                   "--json", NULL);
  capture = dyno_test_ctl_run (ctl, "capture", "--runs", "3", "--seconds", "60", "--json", NULL);
  runs = assert_three (ctl, simulator, capture);
  for (guint i = 0; i < runs->len; i++)
    n_gaps += dyno_json_n_elements (dyno_json_member (dyno_json_member (runs->pdata[i], "capture"),
                                                      "gaps"));
  g_assert_cmpuint (n_gaps, >, 0);
}

/* The chain of the store finds a changed journal. */
static void
assert_damage_is_found (DynoTestCtl *ctl,
                        const char  *run_id)
{
  g_autofree char *name = g_strconcat (run_id, ".jdj", NULL);
  g_autofree char *path = g_build_filename (ctl->data, "journal", name, NULL);
  g_autofree char *bytes = NULL;
  g_autoptr(DynoTestEnd) end = NULL;
  g_autoptr(DynoJson) verdict = NULL;
  gsize size;

  bytes = dyno_test_read (path, &size);
  bytes[size / 2] ^= 0x55;
  g_assert_true (g_file_set_contents (path, bytes, (gssize) size, NULL));
  end = dyno_test_ctl_run (ctl, "verify", "--all", "--json", NULL);
  dyno_test_end_assert (end, 1);
  g_assert_cmpstr (end->err, ==, "");
  verdict = dyno_test_end_json (end);
  g_assert_false (dyno_json_get_boolean (verdict, "ok", TRUE));
  g_assert_cmpstr (dyno_json_get_string (verdict, "first_bad"), ==, run_id);
}

/* By hand: whatever the engine does. */
static void
test_manual (void)
{
  g_autoptr(DynoTestCtl) ctl = dyno_test_ctl_new ();
  g_autoptr(DynoTestEnd) capture = NULL;
  g_autoptr(DynoTestEnd) dyno = NULL;
  g_autoptr(DynoJson) run = NULL;
  GSubprocess *simulator;

  if (!dyno_test_ctl_has_wire (ctl))
    return;
  simulator = dyno_test_ctl_start (ctl, "simulate", "--cycle", "idle", "--json", NULL);
  capture = dyno_test_ctl_run (ctl, "capture", "--manual", "--seconds", "2", "--json", NULL);
  g_subprocess_send_signal (simulator, SIGTERM);
  dyno = dyno_test_ctl_wait (simulator);
  dyno_test_end_assert (dyno, 130);
  dyno_test_end_assert (capture, 0);
  run = dyno_test_end_json (capture);
  g_assert_cmpstr (dyno_json_get_string (run, "status"), ==, "complete");
  dyno_assert_near (dyno_json_get_number (run, "duration_s", 0), 2, 0.2);
  dyno_test_member (run, "peak_power_kw", DYNO_JSON_NULL);
  assert_damage_is_found (ctl, dyno_json_get_string (run, "id"));
}

static gboolean
wait_for_line (GInputStream *pipe,
               const char   *word)
{
  g_autoptr(GDataInputStream) stream = g_data_input_stream_new (pipe);
  char *line;

  g_filter_input_stream_set_close_base_stream (G_FILTER_INPUT_STREAM (stream), FALSE);
  while ((line = g_data_input_stream_read_line (stream, NULL, NULL, NULL)) != NULL)
    {
      gboolean is_it = strstr (line, word) != NULL;

      g_free (line);
      if (is_it)
        return TRUE;
    }

  return FALSE;
}

/* A dyno whose first pull has begun, and a capture that is armed for it. */
static void
begin_pull (DynoTestCtl  *ctl,
            GSubprocess **simulator,
            GSubprocess **capture)
{
  *simulator = dyno_test_ctl_start (ctl, "simulate", "--pulls", "1", "--noise", "0", "--json",
                                    NULL);
  *capture = dyno_test_ctl_start (ctl, "capture", "--json", NULL);
  g_assert_true (wait_for_line (g_subprocess_get_stdout_pipe (*simulator), "pull_start"));
  g_usleep (2 * G_USEC_PER_SEC);
}

static void
end_dyno (GSubprocess *simulator)
{
  g_subprocess_send_signal (simulator, SIGTERM);
  dyno_test_end_free (dyno_test_ctl_wait (simulator));
}

/* Ctrl-C in a pull: the run is closed and kept, nothing is half written. */
static void
test_interrupt_in_pull (void)
{
  g_autoptr(DynoTestCtl) ctl = dyno_test_ctl_new ();
  g_autoptr(DynoTestEnd) end = NULL;
  g_autoptr(DynoTestEnd) checked = NULL;
  g_autoptr(DynoJson) run = NULL;
  GSubprocess *simulator;
  GSubprocess *capture;

  if (!dyno_test_ctl_has_wire (ctl))
    return;
  begin_pull (ctl, &simulator, &capture);
  g_subprocess_send_signal (capture, SIGINT);
  end = dyno_test_ctl_wait (capture);
  end_dyno (simulator);
  dyno_test_end_assert (end, 130);
  run = dyno_test_end_json (end);
  g_assert_cmpint (dyno_json_get_integer (run, "number", 0), ==, 1);
  dyno_assert_near (dyno_json_get_number (run, "duration_s", 0), 2, 0.6);
  checked = dyno_test_ctl_run (ctl, "verify", "--all", "--samples", NULL);
  dyno_test_end_assert (checked, 0);
}

/* kill -9 in a pull: the next start finds what was recorded. */
static void
test_kill_in_pull (void)
{
  g_autoptr(DynoTestCtl) ctl = dyno_test_ctl_new ();
  g_autoptr(DynoTestEnd) end = NULL;
  g_autoptr(DynoTestEnd) shown = NULL;
  g_autoptr(DynoTestEnd) verified = NULL;
  g_autoptr(DynoTestEnd) checked = NULL;
  g_autoptr(DynoJson) run = NULL;
  GSubprocess *simulator;
  GSubprocess *capture;

  if (!dyno_test_ctl_has_wire (ctl))
    return;
  begin_pull (ctl, &simulator, &capture);
  g_subprocess_send_signal (capture, SIGKILL);
  end = dyno_test_ctl_wait (capture);
  g_assert_cmpint (end->status, ==, -1);
  shown = dyno_test_ctl_run (ctl, "runs", "show", "1", "--json", NULL);
  dyno_test_end_assert (shown, 0);
  run = dyno_test_end_json (shown);
  g_assert_cmpstr (dyno_json_get_string (run, "status"), ==, "interrupted");
  g_assert_cmpfloat (dyno_json_get_number (run, "duration_s", 0), >, 0.9);
  dyno_test_member (run, "error", DYNO_JSON_STRING);
  verified = dyno_test_ctl_run (ctl, "verify", "--all", "--samples", NULL);
  dyno_test_end_assert (verified, 0);
  checked = dyno_test_ctl_run (ctl, "db", "check", NULL);
  dyno_test_end_assert (checked, 0);
  end_dyno (simulator);
}

/* One process owns the folder; work on files and on the wire goes on beside it. */
static void
test_folder_in_use (void)
{
  static const char *const refused[][4] = {
    { "runs", "list" },   { "db", "check" },     { "capture" },
    { "config", "list" }, { "verify", "--all" },
  };
  g_autoptr(DynoTestCtl) ctl = dyno_test_ctl_new ();
  GSubprocess *owner;
  g_autofree char *pid = NULL;
  g_autoptr(DynoTestEnd) listed = NULL;
  g_autoptr(DynoTestEnd) end = NULL;

  if (!dyno_test_ctl_has_wire (ctl))
    return;
  owner = dyno_test_ctl_start (ctl, "capture", NULL);
  pid = g_strdup_printf ("process %s", g_subprocess_get_identifier (owner));
  g_assert_true (wait_for_line (g_subprocess_get_stderr_pipe (owner), "Waiting for a dyno"));
  for (gsize i = 0; i < G_N_ELEMENTS (refused); i++)
    {
      g_autoptr(DynoTestEnd) one = dyno_test_ctl_run_v (ctl, refused[i]);

      dyno_test_end_assert (one, 5);
      g_assert_nonnull (strstr (one->err, pid));
    }
  listed = dyno_test_ctl_run (ctl, "simulate", "--list", NULL);
  dyno_test_end_assert (listed, 0);
  g_subprocess_send_signal (owner, SIGINT);
  end = dyno_test_ctl_wait (owner);
  dyno_test_end_assert (end, 130);
}

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/ctl/capture/three-runs", test_three_runs);
  g_test_add_func ("/ctl/capture/bad-network", test_bad_network);
  g_test_add_func ("/ctl/capture/manual", test_manual);
  g_test_add_func ("/ctl/capture/interrupt-in-pull", test_interrupt_in_pull);
  g_test_add_func ("/ctl/capture/kill-in-pull", test_kill_in_pull);
  g_test_add_func ("/ctl/capture/folder-in-use", test_folder_in_use);

  return g_test_run ();
}
