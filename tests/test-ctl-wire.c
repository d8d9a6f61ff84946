/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

#include "config.h"

#include <signal.h>
#include <string.h>

#include "dyno-test-ctl.h"

/* simulate and listen as two programs, with loopback between them. */

static void
test_list (void)
{
  static const char *const profiles[] = { "demo-2",    "car-33",   "car-38",   "rt150-41",
                                          "rt150-104", "stress-a", "stress-b", "torture" };
  g_autoptr(DynoTestCtl) ctl = dyno_test_ctl_new ();
  g_autoptr(DynoTestEnd) text = dyno_test_ctl_run (ctl, "simulate", "--list", NULL);
  g_autoptr(DynoTestEnd) json = dyno_test_ctl_run (ctl, "simulate", "--list", "--json", NULL);
  g_autoptr(DynoJson) document = NULL;
  const DynoJson *listed;

  dyno_test_end_assert (text, 0);
  dyno_test_end_assert (json, 0);
  document = dyno_test_end_json (json);
  listed = dyno_test_member (document, "profiles", DYNO_JSON_ARRAY);
  g_assert_cmpuint (dyno_json_n_elements (listed), ==, G_N_ELEMENTS (profiles));
  for (gsize i = 0; i < G_N_ELEMENTS (profiles); i++)
    {
      g_assert_nonnull (strstr (text->out, profiles[i]));
      g_assert_nonnull (strstr (json->out, profiles[i]));
      dyno_test_member (dyno_json_element (listed, (guint) i), "channels", DYNO_JSON_NUMBER);
    }
  dyno_test_member (document, "engines", DYNO_JSON_ARRAY);
  dyno_test_member (document, "cycles", DYNO_JSON_ARRAY);
}

static void
assert_event (GPtrArray  *events,
              guint       i,
              const char *name)
{
  g_assert_cmpuint (events->len, >, i);
  g_assert_cmpstr (dyno_json_get_string (events->pdata[i], "event"), ==, name);
  dyno_test_member (events->pdata[i], "t_s", DYNO_JSON_NUMBER);
}

/* The noise-free pull of jetdrive.md 12.2, corrected. */
static void
test_events (void)
{
  static const char *const members[] = { "duration_s", "peak_power_kw", "peak_power_rpm",
                                         "peak_torque_nm", "peak_torque_rpm" };
  g_autoptr(DynoTestCtl) ctl = dyno_test_ctl_new ();
  g_autoptr(DynoTestEnd) end = NULL;
  g_autoptr(GPtrArray) events = NULL;

  if (!dyno_test_ctl_has_wire (ctl))
    return;
  end = dyno_test_ctl_run (ctl, "simulate", "--pulls", "1", "--speed", "20", "--json", NULL);
  dyno_test_end_assert (end, 0);
  g_assert_cmpstr (end->err, ==, "");
  events = dyno_test_end_lines (end);
  g_assert_cmpuint (events->len, ==, 4);
  assert_event (events, 0, "ready");
  assert_event (events, 1, "pull_start");
  assert_event (events, 2, "pull_end");
  assert_event (events, 3, "done");
  for (gsize i = 0; i < G_N_ELEMENTS (members); i++)
    dyno_test_member (events->pdata[2], members[i], DYNO_JSON_NUMBER);
  dyno_assert_near (dyno_json_get_number (events->pdata[2], "peak_power_kw", 0), 79.27, 0.01);
  dyno_assert_near (dyno_json_get_number (events->pdata[2], "peak_torque_nm", 0), 162.6, 0.01);
}

/* Same seed, same pulls; what is planted is in the truth file. */
static void
test_truth (void)
{
  g_autoptr(DynoTestCtl) ctl = dyno_test_ctl_new ();
  g_autofree char *truth = g_build_filename (ctl->folder, "truth.jsonl", NULL);
  g_autofree char *scenario = g_build_filename (ctl->folder, "scenario.txt", NULL);
  g_autoptr(DynoTestEnd) end = NULL;
  g_autofree char *text = NULL;
  gsize size;

  if (!dyno_test_ctl_has_wire (ctl))
    return;
  g_assert_true (g_file_set_contents (scenario, "# a comment\n0.5 drop 50\n", -1, NULL));
  end = dyno_test_ctl_run (ctl, "simulate", "--pulls", "1", "--speed", "20", "--scenario", scenario,
                           "--truth", truth, NULL);
  dyno_test_end_assert (end, 0);
  g_assert_nonnull (strstr (end->out, "drop 50"));
  g_assert_nonnull (strstr (end->err, "kept back by faults"));
  text = dyno_test_read (truth, &size);
  g_assert_nonnull (strstr (text, "\"event\":\"dropped\""));
}

/* A dyno that idles until the test ends it; NULL where there is no multicast. */
static GSubprocess *
begin_dyno (DynoTestCtl *ctl,
            const char  *profile)
{
  GSubprocess *process;
  g_autofree char *line = NULL;
  g_autoptr(GDataInputStream) stream = NULL;

  if (!dyno_test_ctl_has_wire (ctl))
    return NULL;
  process = dyno_test_ctl_start (ctl, "simulate", "--profile", profile, "--period", "3", "--json",
                                 NULL);
  stream = g_data_input_stream_new (g_subprocess_get_stdout_pipe (process));
  g_filter_input_stream_set_close_base_stream (G_FILTER_INPUT_STREAM (stream), FALSE);
  line = dyno_test_ctl_line (stream);
  g_assert_nonnull (strstr (line, "\"ready\""));

  return process;
}

/* Ctrl-C ends it: done is told, and the status says that it was not by itself. */
static void
end_dyno (GSubprocess *process)
{
  g_autoptr(DynoTestEnd) end = NULL;

  g_subprocess_send_signal (process, SIGINT);
  end = dyno_test_ctl_wait (process);
  dyno_test_end_assert (end, 130);
  g_assert_nonnull (strstr (end->out, "\"event\":\"done\""));
}

static void
assert_channels (const DynoJson *channels,
                 guint           n,
                 guint           least_live)
{
  guint n_live = 0;

  g_assert_cmpuint (dyno_json_n_elements (channels), ==, n);
  for (guint i = 0; i < n; i++)
    {
      const DynoJson *channel = dyno_json_element (channels, i);

      g_assert_cmpint (dyno_json_get_integer (channel, "id", -1), ==, i);
      dyno_test_member (channel, "name", DYNO_JSON_STRING);
      dyno_test_member (channel, "unit", DYNO_JSON_STRING);
      dyno_test_member_or_null (channel, "canonical", DYNO_JSON_STRING);
      dyno_test_member (channel, "rate_hz", DYNO_JSON_NUMBER);
      dyno_test_member_or_null (channel, "value", DYNO_JSON_NUMBER);
      n_live += dyno_json_type (dyno_json_member (channel, "value")) == DYNO_JSON_NUMBER;
    }
  g_assert_cmpuint (n_live, >=, least_live);
}

static const DynoJson *
channel_named (const DynoJson *channels,
               const char     *name)
{
  for (guint i = 0; i < dyno_json_n_elements (channels); i++)
    {
      const DynoJson *channel = dyno_json_element (channels, i);

      if (g_str_equal (dyno_json_get_string (channel, "name"), name))
        return channel;
    }
  g_error ("no channel %s", name);
}

static const DynoJson *
only_provider (const DynoJson *document)
{
  const DynoJson *providers = dyno_test_member (document, "providers", DYNO_JSON_ARRAY);

  g_assert_cmpuint (dyno_json_n_elements (providers), ==, 1);

  return dyno_json_element (providers, 0);
}

static void
assert_heard (const DynoTestEnd *end,
              guint              n_channels,
              guint              least_live)
{
  static const char *const stats[] = { "datagrams", "samples", "malformed", "lost", "duplicates" };
  g_autoptr(DynoJson) document = dyno_test_end_json (end);
  const DynoJson *provider = only_provider (document);
  const DynoJson *sums = dyno_test_member (document, "stats", DYNO_JSON_OBJECT);

  g_assert_cmpstr (dyno_json_get_string (provider, "name"), ==, "DynoAI Simulator");
  g_assert_true (g_regex_match_simple ("^0x[0-9A-F]{4}$",
                                       dyno_json_get_string (provider, "host_id"), 0, 0));
  dyno_test_member (provider, "address", DYNO_JSON_STRING);
  assert_channels (dyno_test_member (provider, "channels", DYNO_JSON_ARRAY), n_channels,
                   least_live);
  for (gsize i = 0; i < G_N_ELEMENTS (stats); i++)
    dyno_test_member (sums, stats[i], DYNO_JSON_NUMBER);
  g_assert_cmpint (dyno_json_get_integer (sums, "samples", 0), >, n_channels);
  g_assert_cmpint (dyno_json_get_integer (sums, "lost", -1), ==, 0);
}

static void
test_listen (void)
{
  g_autoptr(DynoTestCtl) ctl = dyno_test_ctl_new ();
  g_autofree char *journal = g_build_filename (ctl->folder, "a.jdj", NULL);
  GSubprocess *dyno = begin_dyno (ctl, "rt150-104");
  g_autoptr(DynoTestEnd) lo = NULL;
  g_autoptr(DynoTestEnd) all = NULL;
  g_autoptr(DynoTestEnd) text = NULL;
  g_autoptr(DynoJson) document = NULL;
  const DynoJson *channels;

  if (dyno == NULL)
    return;
  lo = dyno_test_ctl_run (ctl, "listen", "--interface", "lo", "--seconds", "3", "--json",
                          "--journal",
                          journal, NULL);
  all = dyno_test_ctl_run (ctl, "listen", "--interface", "all", "--passive", "--seconds", "3",
                           "--json", NULL);
  text = dyno_test_ctl_run (ctl, "listen", "--values", "--interface", "lo", "--seconds", "2", NULL);
  end_dyno (dyno);

  dyno_test_end_assert (lo, 0);
  /* One channel of the real set never has a value. */
  assert_heard (lo, 104, 103);
  document = dyno_test_end_json (lo);
  channels = dyno_json_member (only_provider (document), "channels");
  g_assert_cmpstr (dyno_json_get_string (channel_named (channels, "Engine RPM"), "canonical"), ==,
                   "rpm");
  g_assert_cmpstr (dyno_json_get_string (channel_named (channels, "Engine RPM"), "unit"), ==,
                   "rpm");
  /* Barometric: never taken for the manifold's. */
  g_assert_cmpstr (dyno_json_get_string (channel_named (channels, "Pressure"), "canonical"), ==,
                   "baro");
  channel_named (channels, "Engine Speed #2");
  dyno_test_end_assert (all, 0);
  dyno_test_end_assert (text, 0);
  g_assert_nonnull (strstr (text->out, "104 channels"));
  g_assert_nonnull (strstr (text->err, "Listening on lo"));
}

/* What one listener kept, another hears again: on the wire or from the file. */
static void
test_replay (void)
{
  g_autoptr(DynoTestCtl) ctl = dyno_test_ctl_new ();
  g_autofree char *journal = g_build_filename (ctl->folder, "a.jdj", NULL);
  GSubprocess *dyno = begin_dyno (ctl, "car-38");
  g_autoptr(DynoTestEnd) live = NULL;
  g_autoptr(DynoTestEnd) again = NULL;
  g_autoptr(DynoTestEnd) derived = NULL;
  g_autoptr(DynoTestEnd) heard = NULL;
  g_autoptr(DynoTestEnd) played = NULL;
  g_autoptr(DynoTestEnd) verified = NULL;
  GSubprocess *player;

  if (dyno == NULL)
    return;
  live = dyno_test_ctl_run (ctl, "listen", "--interface", "lo", "--seconds", "3", "--json",
                            "--journal", journal, NULL);
  end_dyno (dyno);
  dyno_test_end_assert (live, 0);
  again = dyno_test_ctl_run (ctl, "listen", "--journal", journal, NULL);
  dyno_test_end_assert (again, 5);
  verified = dyno_test_ctl_run (ctl, "verify", journal, "--json", NULL);
  dyno_test_end_assert (verified, 0);

  derived = dyno_test_ctl_run (ctl, "listen", "--replay", journal, "--json", NULL);
  dyno_test_end_assert (derived, 0);
  /* Weather comes every 1.3 s. */
  assert_heard (derived, 38, 30);

  player = dyno_test_ctl_start (ctl, "simulate", "--replay", journal, "--json", NULL);
  heard = dyno_test_ctl_run (ctl, "listen", "--interface", "lo", "--seconds", "2.5", "--json",
                             NULL);
  played = dyno_test_ctl_wait (player);
  dyno_test_end_assert (played, 0);
  g_assert_nonnull (strstr (played->out, "\"complete\":true"));
  dyno_test_end_assert (heard, 0);
  assert_heard (heard, 38, 30);
}

/* A journal that was cut: what is whole is told, verify says where it ends. */
static void
test_cut_journal (void)
{
  g_autoptr(DynoTestCtl) ctl = dyno_test_ctl_new ();
  g_autofree char *journal = g_build_filename (ctl->folder, "a.jdj", NULL);
  GSubprocess *dyno = begin_dyno (ctl, "car-38");
  g_autoptr(DynoTestEnd) live = NULL;
  g_autoptr(DynoTestEnd) derived = NULL;
  g_autoptr(DynoTestEnd) verified = NULL;
  g_autoptr(DynoTestEnd) other = NULL;
  g_autoptr(DynoJson) verdict = NULL;
  g_autofree char *bytes = NULL;
  gsize size;

  if (dyno == NULL)
    return;
  live = dyno_test_ctl_run (ctl, "listen", "--interface", "lo", "--seconds", "2", "--journal",
                            journal, NULL);
  end_dyno (dyno);
  bytes = dyno_test_read (journal, &size);
  g_assert_true (g_file_set_contents (journal, bytes, (gssize) size - 40, NULL));
  derived = dyno_test_ctl_run (ctl, "listen", "--replay", journal, NULL);
  dyno_test_end_assert (derived, 0);
  g_assert_nonnull (strstr (derived->err, "The journal is not whole"));
  verified = dyno_test_ctl_run (ctl, "verify", journal, "--json", NULL);
  dyno_test_end_assert (verified, 1);
  verdict = dyno_test_end_json (verified);
  g_assert_false (dyno_json_get_boolean (verdict, "ok", TRUE));
  g_assert_cmpstr (dyno_json_get_string (verdict, "first_bad"), ==, "a.jdj");
  dyno_test_member (verdict, "removed", DYNO_JSON_ARRAY);

  g_assert_true (g_file_set_contents (journal, "no journal at all", -1, NULL));
  other = dyno_test_ctl_run (ctl, "verify", journal, NULL);
  dyno_test_end_assert (other, 3);
}

/* Nobody speaks: the status says so and the words what to do. */
static void
test_silence (void)
{
  g_autoptr(DynoTestCtl) ctl = dyno_test_ctl_new ();
  g_autoptr(DynoTestEnd) heard = NULL;
  g_autoptr(DynoTestEnd) waited = NULL;

  if (!dyno_test_ctl_has_wire (ctl))
    return;
  heard = dyno_test_ctl_run (ctl, "listen", "--interface", "lo", "--seconds", "1", "--json", NULL);
  dyno_test_end_assert (heard, 7);
  g_assert_cmpstr (heard->out, ==, "");
  dyno_test_end_assert_body (heard, NULL);
  waited = dyno_test_ctl_run (ctl, "capture", "--seconds", "1", NULL);
  dyno_test_end_assert (waited, 7);
  g_assert_nonnull (strstr (waited->err, "dynoctl: No dyno was heard."));
}

static void
assert_interrupted (DynoTestCtl *ctl,
                    int          signal_number,
                    const char  *verb)
{
  GSubprocess *process = dyno_test_ctl_start (ctl, verb, "--interface", "lo", "--seconds", "0",
                                              NULL);
  g_autoptr(GDataInputStream) stream
    = g_data_input_stream_new (g_subprocess_get_stderr_pipe (process));
  g_autofree char *line = NULL;
  g_autoptr(DynoTestEnd) end = NULL;

  g_filter_input_stream_set_close_base_stream (G_FILTER_INPUT_STREAM (stream), FALSE);
  line = dyno_test_ctl_line (stream);
  g_subprocess_send_signal (process, signal_number);
  end = dyno_test_ctl_wait (process);
  dyno_test_end_assert (end, 130);
}

static void
test_interrupts (void)
{
  g_autoptr(DynoTestCtl) ctl = dyno_test_ctl_new ();

  if (!dyno_test_ctl_has_wire (ctl))
    return;
  assert_interrupted (ctl, SIGINT, "listen");
  assert_interrupted (ctl, SIGTERM, "listen");
  assert_interrupted (ctl, SIGINT, "capture");
  assert_interrupted (ctl, SIGTERM, "capture");
}

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/ctl/simulate/list", test_list);
  g_test_add_func ("/ctl/simulate/events", test_events);
  g_test_add_func ("/ctl/simulate/truth", test_truth);
  g_test_add_func ("/ctl/listen/channels", test_listen);
  g_test_add_func ("/ctl/listen/replay", test_replay);
  g_test_add_func ("/ctl/listen/cut-journal", test_cut_journal);
  g_test_add_func ("/ctl/listen/silence", test_silence);
  g_test_add_func ("/ctl/wire/interrupts", test_interrupts);

  return g_test_run ();
}
