/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

#include "config.h"

#include "dyno-verb-wire.h"

#include "dyno-crypt.h"
#include "dyno-error.h"
#include "dyno-failure.h"
#include "dyno-faults.h"
#include "dyno-grid-file.h"
#include "dyno-listing.h"
#include "dyno-print.h"
#include "dyno-profile.h"
#include "dyno-replay.h"
#include "dyno-simulator-input.h"
#include "dyno-simulator-news.h"
#include "dyno-simulator.h"

#include <math.h>
#include <string.h>

#define MOST_SCENARIO (1024 * 1024) /* bytes */

static gboolean  wants_list;
static gboolean  is_lan;
static char     *profile;
static char     *engine;
static char     *cycle;
static char     *interface;
static char     *group;
static char     *provider_name;
static char     *ve_error;
static char    **tables;
static char     *scenario_path;
static char     *truth_path;
static char     *replay;
static char    **faults;
static int       port;
static int       gear;
static int       n_pulls;
static int       ttl = -1;
static int       size_limit;
static gint64    seed;
static double    period_s;
static double    speed = NAN;
static double    noise = NAN;
static double    rate_scale = 1;
static double    seconds;

const GOptionEntry dyno_verb_simulate_entries[] = {
  { "list", 0, 0, G_OPTION_ARG_NONE, &wants_list, "List profiles, engines and cycles", NULL },
  { "profile", 0, 0, G_OPTION_ARG_STRING, &profile, "Channels of this dyno (rt150-104)", "NAME" },
  { "engine", 0, 0, G_OPTION_ARG_STRING, &engine, "The engine on it", "NAME" },
  { "cycle", 0, 0, G_OPTION_ARG_STRING, &cycle, "What the operator does (pulls)",
    "pulls|pull|cells|idle" },
  { "gear", 0, 0, G_OPTION_ARG_INT, &gear, "Gear of the pulls", "N" },
  { "interface", 0, 0, G_OPTION_ARG_STRING, &interface, "Network interface (lo)", "IF" },
  { "group", 0, 0, G_OPTION_ARG_STRING, &group, "Multicast group", "ADDRESS" },
  { "port", 0, 0, G_OPTION_ARG_INT, &port, "UDP port", "N" },
  { "pulls", 0, 0, G_OPTION_ARG_INT, &n_pulls, "End after so many pulls", "N" },
  { "period", 0, 0, G_OPTION_ARG_DOUBLE, &period_s, "Seconds from pull to pull", "S" },
  { "speed", 0, 0, G_OPTION_ARG_DOUBLE, &speed, "Simulated over real time; a replay takes 0 for as "
    "fast as it goes", "X" },
  { "seed", 0, 0, G_OPTION_ARG_INT64, &seed, "Of the noise", "N" },
  { "ve-error", 0, 0, G_OPTION_ARG_STRING, &ve_error, "Wrongness of the fuel table in percent, as "
    "grid CSV (demo)", "FILE|demo|none" },
  { "table", 0, 0, G_OPTION_ARG_STRING_ARRAY, &tables,
    "Correction factors that the engine computer "
    "applies, as grid CSV; also front=FILE and rear=FILE", "FILE" },
  { "noise", 0, 0, G_OPTION_ARG_DOUBLE, &noise, "1 as measured on real dynos, 0 exact (1)", "X" },
  { "rate-scale", 0, 0, G_OPTION_ARG_DOUBLE, &rate_scale, "Of the channels' rates (1)", "X" },
  { "lan", 0, 0, G_OPTION_ARG_NONE, &is_lan, "Allow an interface other than lo", NULL },
  { "ttl", 0, 0, G_OPTION_ARG_INT, &ttl, "Hops of the datagrams", "T" },
  { "size-limit", 0, 0, G_OPTION_ARG_INT, &size_limit, "Most bytes of values a datagram", "B" },
  { "name", 0, 0, G_OPTION_ARG_STRING, &provider_name, "Name of the provider", "S" },
  { "scenario", 0, 0, G_OPTION_ARG_FILENAME, &scenario_path, "Lines of seconds, verb, arguments",
    "FILE" },
  { "truth", 0, 0, G_OPTION_ARG_FILENAME, &truth_path, "Write what was really done", "FILE" },
  { "seconds", 0, 0, G_OPTION_ARG_DOUBLE, &seconds, "End after so many real seconds", "S" },
  { "fault", 0, 0, G_OPTION_ARG_STRING_ARRAY, &faults, "loss, reorder, duplicate, clear, stall, "
    "restart, clockwrap or malformed", "KIND[=RATE]" },
  { "replay", 0, 0, G_OPTION_ARG_FILENAME, &replay,
    "Play a recorded run, or a journal, on the wire",
    "RUN|JOURNAL" },
  { NULL },
};

/* --list */

static void
write_names (DynoJsonWriter     *w,
             const char         *member,
             const char *const  *names)
{
  dyno_json_writer_name (w, member);
  dyno_json_writer_begin_array (w);
  for (; *names != NULL; names++)
    dyno_json_writer_string (w, *names);
  dyno_json_writer_end_array (w);
}

static void
print_list_json (void)
{
  DynoJsonWriter *w = dyno_json_writer_new (FALSE);

  dyno_json_writer_begin_object (w);
  dyno_json_writer_name (w, "profiles");
  dyno_json_writer_begin_array (w);
  for (const char *const *name = dyno_simulator_profiles (); *name != NULL; name++)
    {
      const DynoProfile *one = dyno_profile_find (*name);

      dyno_json_writer_begin_object (w);
      dyno_json_writer_add_string (w, "name", *name);
      dyno_json_writer_add_string (w, "title", dyno_simulator_describe (*name));
      dyno_json_writer_add_integer (w, "channels", dyno_profile_n_channels (one));
      dyno_json_writer_add_string (w, "engine", dyno_profile_engine (one));
      dyno_json_writer_end_object (w);
    }
  dyno_json_writer_end_array (w);
  write_names (w, "engines", dyno_simulator_engines ());
  write_names (w, "cycles", dyno_simulator_cycles ());
  dyno_json_writer_end_object (w);
  dyno_print_json (w);
}

static void
print_list (void)
{
  static const char *const columns[] = { "Profile", ">Channels", "Engine", "What it is", NULL };
  g_autoptr(DynoListing) listing = dyno_listing_new (columns);
  g_autofree char *engines = g_strjoinv (", ", (char **) dyno_simulator_engines ());
  g_autofree char *cycles = g_strjoinv (", ", (char **) dyno_simulator_cycles ());

  for (const char *const *name = dyno_simulator_profiles (); *name != NULL; name++)
    {
      const DynoProfile *one = dyno_profile_find (*name);

      dyno_listing_add (listing, *name);
      dyno_listing_add_f (listing, "%u", dyno_profile_n_channels (one));
      dyno_listing_add (listing, dyno_profile_engine (one));
      dyno_listing_add (listing, dyno_simulator_describe (*name));
    }
  dyno_listing_print (listing);
  dyno_print_line ("\nEngines: %s\nCycles:  %s", engines, cycles);
}

/* Grids */

typedef struct
{
  DynoGrid *ve_error;   /* (owned) (nullable) */
  DynoGrid *table;      /* (owned) (nullable) */
  DynoGrid *table_rear; /* (owned) (nullable) */
} SimulateGrids;

static void
simulate_grids_clear (SimulateGrids *self)
{
  g_clear_pointer (&self->ve_error, dyno_grid_free);
  g_clear_pointer (&self->table, dyno_grid_free);
  g_clear_pointer (&self->table_rear, dyno_grid_free);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (SimulateGrids, simulate_grids_clear)

/* A cell without a value says nothing: `otherwise` is what then holds. */
static gboolean
read_grid (const char  *path,
           double       otherwise,
           DynoGrid   **grid,
           GError     **error)
{
  g_clear_pointer (grid, dyno_grid_free);
  *grid = dyno_grid_file_read (path, NULL, error);
  if (*grid != NULL)
    dyno_grid_file_fill (*grid, otherwise);

  return *grid != NULL;
}

static gboolean
read_table (const char     *word,
            SimulateGrids  *grids,
            GError        **error)
{
  if (g_str_has_prefix (word, "front="))
    return read_grid (word + strlen ("front="), 1, &grids->table, error);
  if (g_str_has_prefix (word, "rear="))
    return read_grid (word + strlen ("rear="), 1, &grids->table_rear, error);

  return read_grid (word, 1, &grids->table, error);
}

static gboolean
read_grids (SimulateGrids        *grids,
            DynoSimulatorConfig  *config,
            GError              **error)
{
  config->ve_error_kind = DYNO_VE_ERROR_DEMO;
  if (g_strcmp0 (ve_error, "none") == 0)
    config->ve_error_kind = DYNO_VE_ERROR_NONE;
  else if (ve_error != NULL && !g_str_equal (ve_error, "demo"))
    {
      config->ve_error_kind = DYNO_VE_ERROR_GRID;
      if (!read_grid (ve_error, 0, &grids->ve_error, error))
        return FALSE;
    }
  for (char **word = tables; word != NULL && *word != NULL; word++)
    {
      if (!read_table (*word, grids, error))
        return FALSE;
    }
  config->ve_error = grids->ve_error;
  config->table = grids->table;
  config->table_rear = grids->table_rear;

  return TRUE;
}

/* The scenario: the file, and --fault as verbs at time 0. */
static char *
read_scenario (GError **error)
{
  g_autofree char *text = NULL;
  GString *all = g_string_new (NULL);

  if (scenario_path != NULL)
    {
      gsize size;

      if (!g_file_get_contents (scenario_path, &text, &size, NULL) || size > MOST_SCENARIO)
        {
          gboolean is_there = g_file_test (scenario_path, G_FILE_TEST_EXISTS);

          dyno_error_set (error, is_there ? DYNO_ERROR_INVALID : DYNO_ERROR_NOT_FOUND, "scenario",
                          is_there ? "%s is no scenario." : "There is no file %s.", scenario_path);
          g_string_free (all, TRUE);
          return NULL;
        }
      g_string_append_printf (all, "%s\n", text);
    }
  for (char **fault = faults; fault != NULL && *fault != NULL; fault++)
    {
      g_autofree char *line = dyno_fault_from_option (*fault, error);

      if (line == NULL)
        {
          dyno_failure_make_usage (error);
          g_string_free (all, TRUE);
          return NULL;
        }
      g_string_append_printf (all, "%s\n", line);
    }

  return g_string_free (all, FALSE);
}

static gboolean
numbers_are_good (GError **error)
{
  if (isnan (speed))
    speed = 1;

  return dyno_ctl_check_number ("--speed", speed, replay != NULL ? 0 : 0.01, 1000, error)
         && dyno_ctl_check_number ("--pulls", n_pulls, 0, 100000, error)
         && dyno_ctl_check_number ("--period", period_s, 0, 3600, error)
         && dyno_ctl_check_number ("--noise", isnan (noise) ? 1 : noise, 0, 100, error)
         && dyno_ctl_check_number ("--rate-scale", rate_scale, 0.001, 1000, error)
         && dyno_ctl_check_number ("--seconds", seconds, 0, 1e6, error)
         && dyno_ctl_check_number ("--ttl", ttl, -1, 255, error)
         && dyno_ctl_check_number ("--gear", gear, 0, 12, error)
         && dyno_ctl_check_number ("--size-limit", size_limit, 0, 65000, error);
}

static gboolean
is_over (gpointer data)
{
  return dyno_simulator_news_is_over (data);
}

static gboolean
run_simulator (DynoCtl              *ctl,
               DynoSimulatorConfig  *config,
               GError              **error)
{
  g_autoptr(DynoSimulatorNews) news = dyno_simulator_news_new (ctl, config);
  g_autoptr(DynoSimulator) simulator = NULL;
  g_autoptr(DynoSimulatorInput) input = NULL;
  g_autoptr(GError) cause = NULL;

  simulator = dyno_simulator_new (config, dyno_simulator_news_cb, news, &cause);
  if (simulator == NULL || !dyno_simulator_start (simulator, &cause))
    {
      /* What the scenario says is input, what stands on the command line usage. */
      if (g_strcmp0 (dyno_error_get_reason (cause), "simulator") == 0
          && cause->code == DYNO_ERROR_INVALID)
        dyno_failure_make_usage (&cause);
      g_propagate_error (error, g_steal_pointer (&cause));
      return FALSE;
    }

  input = dyno_simulator_input_new (ctl, simulator, speed);
  dyno_ctl_wait (ctl, is_over, news, -1);
  g_clear_pointer (&input, dyno_simulator_input_free);
  dyno_simulator_stop (simulator);
  dyno_simulator_news_end (news, simulator);

  return TRUE;
}

static gboolean
simulate (DynoCtl          *ctl,
          const DynoPlace  *place,
          GError          **error)
{
  g_auto(SimulateGrids) grids = { 0 };
  g_autofree char *scenario = read_scenario (error);
  DynoSimulatorConfig config = { .group = place->group,
                                 .port = place->port,
                                 .interface = place->interface,
                                 .is_lan = is_lan,
                                 .ttl = ttl,
                                 .size_limit = (gsize) size_limit,
                                 .name = provider_name,
                                 .profile = profile,
                                 .engine = engine,
                                 .cycle = cycle,
                                 .gear = gear,
                                 .n_pulls = (guint) n_pulls,
                                 .period_s = period_s,
                                 .speed = speed,
                                 .rate_scale = rate_scale,
                                 .seed = (guint64) seed,
                                 .noise = isnan (noise) ? -1 : noise,
                                 .seconds = seconds,
                                 .scenario = scenario,
                                 .truth_path = truth_path };

  if (scenario == NULL || !read_grids (&grids, &config, error))
    return FALSE;

  return run_simulator (ctl, &config, error);
}

/* --replay */

typedef struct
{
  char                 *path;   /* (owned) */
  DynoReplayWireConfig  config;
  DynoReplayReport      report;
} ReplayWork;

static gboolean
replay_work (gpointer       data,
             GCancellable  *cancellable,
             GError       **error)
{
  ReplayWork *work = data;

  return dyno_replay_send (work->path, &work->config, cancellable, &work->report, error);
}

/* A run's journal lies in the data folder under its id; no store is needed. */
static char *
find_journal (DynoCtl *ctl)
{
  g_autofree char *name = g_strconcat (replay, ".jdj", NULL);

  if (!dyno_crypt_is_id (replay, "run"))
    return g_strdup (replay);

  return g_build_filename (ctl->folders->data, "journal", name, NULL);
}

static void
print_replayed (DynoCtl          *ctl,
                DynoReplayReport *report)
{
  double played_s = (double) (report->last_us - report->first_us) / G_USEC_PER_SEC;
  g_autofree char *duration = dyno_print_duration (played_s);
  DynoJsonWriter *w;

  if (!ctl->is_json)
    {
      dyno_print_line ("Played %" G_GUINT64_FORMAT " datagrams of %s.", report->n_received,
                       duration);
      if (!report->is_complete)
        dyno_print_note (ctl, "The journal is not whole, %s: what comes before was played.",
                         report->complaint);
      return;
    }

  w = dyno_json_writer_new (FALSE);
  dyno_json_writer_begin_object (w);
  dyno_json_writer_add_string (w, "event", "done");
  dyno_json_writer_add_number (w, "t_s", played_s);
  dyno_json_writer_add_integer (w, "datagrams", (gint64) report->n_received);
  dyno_json_writer_add_boolean (w, "complete", report->is_complete);
  dyno_json_writer_end_object (w);
  dyno_print_json (w);
}

static gboolean
play (DynoCtl          *ctl,
      const DynoPlace  *place,
      GError          **error)
{
  ReplayWork work = { .path = find_journal (ctl),
                      .config = { .group = place->group,
                                  .port = place->port,
                                  .interface = place->interface,
                                  .ttl = ttl,
                                  .speed = speed } };
  gboolean is_good;

  dyno_print_note (ctl, "Playing %s on %s, %s:%u.", work.path, place->interface, place->group,
                   place->port);
  is_good = dyno_ctl_work (ctl, replay_work, &work, error);
  if (is_good)
    print_replayed (ctl, &work.report);
  dyno_replay_report_clear (&work.report);
  g_free (work.path);

  return is_good;
}

gboolean
dyno_verb_simulate (DynoCtl  *ctl,
                    int      *status,
                    GError  **error)
{
  g_auto(DynoPlace) place = { 0 };

  if (!dyno_ctl_want (ctl, 0, 0, "", error))
    return FALSE;
  if (wants_list)
    {
      if (ctl->is_json)
        print_list_json ();
      else
        print_list ();
      return TRUE;
    }
  if (!numbers_are_good (error)
      || !dyno_place_init (&place, ctl, group, port, interface != NULL ? interface : "lo", error))
    return FALSE;

  return replay != NULL ? play (ctl, &place, error) : simulate (ctl, &place, error);
}
