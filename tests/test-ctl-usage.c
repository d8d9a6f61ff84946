/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

#include "config.h"

#include <string.h>

#include "dyno-test-ctl.h"

/* The command line: what is understood, what is refused and with which words. */

static const char *const verbs[] = { "simulate", "listen", "capture", "import",  "runs",
                                     "power",    "analyze", "verify", "db",      "config",
                                     "doctor",   "plan",    "report", "compare", "virtual-tune",
                                     "export",   "preview", "apply",  "rollback", "tables" };

typedef struct
{
  int         status;
  const char *sentence; /* part of what stands on standard error */
  const char *words[8];
} Refusal;

static const Refusal refusals[] = {
  { 2, "There is no verb “melt”", { "melt" } },
  { 2, "There is no verb “”", { "" } },
  { 2, "Unknown option --bogus", { "--bogus" } },
  { 2, "Unknown option --bogus", { "listen", "--bogus" } },
  { 2, "Missing argument for --data-dir", { "listen", "--data-dir" } },
  { 2, "dynoctl runs needs one of these words: list, show, delete, restore, note, tag.",
    { "runs" } },
  { 2, "dynoctl runs needs one of these words", { "runs", "purge" } },
  { 2, "dynoctl runs needs one of these words", { "runs", "--limit", "3" } },
  { 2, "dynoctl db needs one of these words: info, check, backup, restore, migrate.",
    { "db", "repair" } },
  { 2, "db restore needs --file BACKUP.", { "db", "restore" } },
  { 2, "dynoctl config needs one of these words", { "config", "edit" } },
  { 2, "dynoctl runs show needs a run.", { "runs", "show" } },
  { 2, "“2” is one word too many for dynoctl runs show.", { "runs", "show", "1", "2" } },
  { 2, "dynoctl runs note needs a run and a text.", { "runs", "note", "1" } },
  { 2, "dynoctl runs tag needs a run and its tags.", { "runs", "tag", "1" } },
  { 2, "A tag is a text of at least one letter.", { "runs", "tag", "1", "" } },
  { 2, "dynoctl runs delete needs at least one run.", { "runs", "delete" } },
  { 2, "dynoctl power needs a run or a file.", { "power" } },
  { 2, "dynoctl import needs at least one file.", { "import" } },
  { 2, "dynoctl analyze needs runs, files or a folder.", { "analyze" } },
  { 2, "dynoctl verify needs a file, a run or --all.", { "verify" } },
  { 2, "“x” is one word too many for dynoctl verify.", { "verify", "--all", "x" } },
  { 2, "dynoctl config get needs the name of a setting.", { "config", "get" } },
  { 2, "dynoctl config set needs a setting and its value.", { "config", "set", "ui.units" } },
  { 2, "“x” is one word too many for dynoctl doctor.", { "doctor", "x" } },
  { 2, "“x” is one word too many for dynoctl simulate.", { "simulate", "x" } },
  { 2, "--limit takes a number from 1 to 1000.", { "runs", "list", "--limit", "0" } },
  { 2, "--since takes a day", { "runs", "list", "--since", "yesterday" } },
  { 2, "Cannot parse integer value “abc” for --pulls", { "simulate", "--pulls", "abc" } },
  { 2, "--pulls takes a number from 0 to 100000.", { "simulate", "--pulls", "-1" } },
  { 2, "--speed takes a number from 0.01 to 1000.", { "simulate", "--speed", "0" } },
  { 2, "--port takes a number from 1 to 65535.", { "simulate", "--port", "70000" } },
  { 2, "--ttl takes a number from -1 to 255.", { "simulate", "--ttl", "256" } },
  { 2, "There is no profile nothing.", { "simulate", "--profile", "nothing" } },
  { 2, "There is no engine nothing.", { "simulate", "--engine", "nothing" } },
  { 2, "There is no cycle nothing.", { "simulate", "--cycle", "nothing" } },
  { 2, "“nothing” is no fault.", { "simulate", "--fault", "nothing" } },
  { 2, "1.2.3 is no multicast group.", { "simulate", "--group", "1.2.3" } },
  { 2, "1.2.3 is no multicast group.", { "listen", "--group", "1.2.3" } },
  { 2, "10.0.0.1 is no multicast group.", { "listen", "--group", "10.0.0.1" } },
  { 4, "There is no file nowhere.txt.", { "simulate", "--scenario", "nowhere.txt" } },
  { 4, "There is no file nowhere.csv.", { "simulate", "--ve-error", "nowhere.csv" } },
  { 4, "There is no file nowhere.jdj.", { "simulate", "--replay", "nowhere.jdj" } },
  { 2, "--seconds takes a number from 0 to 1e+06.", { "listen", "--seconds", "-3" } },
  { 2, "--replay and --journal do not go together.",
    { "listen", "--replay", "a.jdj", "--journal", "b.jdj" } },
  { 4, "nowhere.jdj", { "listen", "--replay", "nowhere.jdj" } },
  { 7, "No network interface can be used.",
    { "listen", "--interface", "nothing0", "--seconds", "0.3" } },
  { 2, "--manual records one run", { "capture", "--manual", "--runs", "2" } },
  { 2, "--runs takes a number", { "capture", "--runs", "-2" } },
  { 2, "--decimal takes point or comma.", { "import", "--decimal", "dot", "x.csv" } },
  { 2, "--rate takes a number from 0 to 100000.", { "import", "--rate", "-1", "x.csv" } },
  { 4, "nowhere.csv", { "import", "nowhere.csv" } },
  { 2, "dynoctl plan needs a vehicle.", { "plan" } },
  { 2, "--max-rpm takes a number from 0 to 20000.", { "plan", "Rosa", "--max-rpm", "-1" } },
  { 2, "--max-pulls takes a number from 0 to 100.", { "plan", "Rosa", "--max-pulls", "101" } },
  { 2, "--environment takes both, inertia_dyno or street", { "plan", "Rosa", "--environment",
                                                             "sea" } },
  { 2, "Either --reset or new limits.", { "plan", "Rosa", "--reset", "--max-rpm", "5000" } },
  { 4, "nowhere.csv", { "power", "nowhere.csv" } },
  { 4, "nowhere.csv", { "analyze", "nowhere.csv" } },
  { 4, "nowhere.jdj", { "verify", "nowhere.jdj" } },
  { 2, "--correction takes none, sae1990", { "power", "--correction", "metric", "x.csv" } },
  { 2, "--smoothing takes a number from 0 to 5.", { "power", "--smoothing", "6", "x.csv" } },
  { 2, "--step takes a number from 5 to 5000.", { "power", "--step", "1", "x.csv" } },
  { 2, "--units takes si or us.", { "analyze", "--units", "imperial", "x.csv" } },
  { 2, "--explain takes an engine speed and a pressure",
    { "analyze", "--explain", "3000", "x.csv" } },
  { 2, "--set takes OPTION=VALUE", { "analyze", "--set", "gain", "x.csv" } },
  { 2, "There is no option “nothing”.", { "analyze", "--set", "nothing=1", "x.csv" } },
  { 2, "The option gain cannot be 9; allowed: 0.25 to 1.",
    { "analyze", "--set", "gain=9", "x.csv" } },
  { 2, "The option math_version cannot be \"3\"", { "analyze", "--math", "\"3\"", "x.csv" } },
  { 2, "The option min_hits cannot be \"few\"", { "analyze", "--min-hits", "few", "x.csv" } },
  { 2, "The option clamp_pct cannot be 99", { "analyze", "--clamp", "99", "x.csv" } },
  { 2, "The option delay_ms cannot be 9000", { "analyze", "--delay", "9000", "x.csv" } },
  { 4, "There is no file nowhere.csv.", { "analyze", "--delay", "nowhere.csv", "x.csv" } },
  { 4, "There is no file nowhere.csv.", { "analyze", "--grid", "nowhere.csv", "x.csv" } },
  { 4, "There is no file nowhere.csv.", { "analyze", "--base", "front=nowhere.csv", "x.csv" } },
  { 4, "There is no setting “nothing”", { "config", "get", "nothing" } },
  { 4, "There is no setting “nothing”", { "config", "set", "nothing", "1" } },
  { 3, "The setting ui.units cannot be “ells”", { "config", "set", "ui.units", "ells" } },
  { 3, "There is no file nowhere.conf.", { "--config", "nowhere.conf", "config", "check" } },
  { 3, "There is no file nowhere.conf.", { "runs", "list", "--config", "nowhere.conf" } },
};

static void
assert_refused (DynoTestCtl   *ctl,
                const Refusal *refusal)
{
  g_autoptr(DynoTestEnd) end = dyno_test_ctl_run_v (ctl, refusal->words);

  dyno_test_end_assert (end, refusal->status);
  g_assert_cmpstr (end->out, ==, "");
  g_assert_true (strstr (end->err, "dynoctl: ") != NULL);
  if (strstr (end->err, refusal->sentence) == NULL)
    g_error ("“%s” is not in “%s”", refusal->sentence, end->err);
}

/* Nothing of it is there to be run on: the words alone decide. */
static void
test_refusals (void)
{
  g_autoptr(DynoTestCtl) ctl = dyno_test_ctl_new ();

  for (gsize i = 0; i < G_N_ELEMENTS (refusals); i++)
    assert_refused (ctl, &refusals[i]);
}

/* Whoever asks for JSON gets it, wherever --json stands. */
static void
test_refusals_as_json (void)
{
  static const char *const lines[][6] = {
    { "--json" },
    { "--json", "melt" },
    { "listen", "--bogus", "--json" },
    { "--json", "runs", "show" },
    { "simulate", "--pulls", "abc", "--json" },
  };
  g_autoptr(DynoTestCtl) ctl = dyno_test_ctl_new ();

  for (gsize i = 0; i < G_N_ELEMENTS (lines); i++)
    {
      g_autoptr(DynoTestEnd) end = dyno_test_ctl_run_v (ctl, lines[i]);

      dyno_test_end_assert (end, 2);
      g_assert_cmpstr (end->out, ==, "");
      dyno_test_end_assert_body (end, "usage");
    }
}

/* 80 columns are enough, and all that a verb takes is named. */
static void
assert_help (const DynoTestEnd *end,
             const char        *begins)
{
  g_auto(GStrv) lines = g_strsplit (end->out, "\n", -1);

  dyno_test_end_assert (end, 0);
  g_assert_cmpstr (end->err, ==, "");
  g_assert_true (g_str_has_prefix (end->out, begins));
  for (char **line = lines; *line != NULL; line++)
    {
      g_assert_cmpint (g_utf8_strlen (*line, -1), <=, 80);
      g_assert_false (g_str_has_suffix (*line, " "));
    }
}

static void
test_help (void)
{
  g_autoptr(DynoTestCtl) ctl = dyno_test_ctl_new ();
  g_autoptr(DynoTestEnd) all = dyno_test_ctl_run (ctl, "--help", NULL);
  g_autoptr(DynoTestEnd) none = dyno_test_ctl_run_v (ctl, (const char *const[]) { NULL });

  assert_help (all, "Usage: dynoctl [--data-dir DIR]");
  dyno_test_end_assert (none, 2);
  g_assert_cmpstr (none->out, ==, "");
  g_assert_cmpstr (none->err, ==, all->out);
  for (gsize i = 0; i < G_N_ELEMENTS (verbs); i++)
    {
      g_autofree char *begins = g_strdup_printf ("Usage: dynoctl %s", verbs[i]);
      g_autoptr(DynoTestEnd) after = dyno_test_ctl_run (ctl, verbs[i], "--help", NULL);
      g_autoptr(DynoTestEnd) before = dyno_test_ctl_run (ctl, "--help", verbs[i], NULL);
      g_autoptr(DynoTestEnd) word = dyno_test_ctl_run (ctl, "help", verbs[i], NULL);

      assert_help (after, begins);
      g_assert_nonnull (strstr (after->out, "Examples:"));
      g_assert_cmpstr (before->out, ==, after->out);
      g_assert_cmpstr (word->out, ==, after->out);
      g_assert_nonnull (strstr (all->out, verbs[i]));
    }
}

static void
test_version (void)
{
  g_autoptr(DynoTestCtl) ctl = dyno_test_ctl_new ();

  for (gsize i = 0; i < G_N_ELEMENTS (verbs); i++)
    {
      g_autoptr(DynoTestEnd) end = dyno_test_ctl_run (ctl, verbs[i], "--version", NULL);

      dyno_test_end_assert (end, 0);
      g_assert_cmpstr (end->out, ==, "DynoAI " DYNO_VERSION "\n");
    }
}

/* What another program says of a text; skips the test where it is not there. */
static DynoTestEnd *
filter (const char *program,
        const char *text,
        const char *first,
        ...)
{
  g_autofree char *path = g_find_program_in_path (program);
  g_autoptr(GPtrArray) words = g_ptr_array_new ();
  g_autoptr(GError) error = NULL;
  GSubprocess *process;
  DynoTestEnd *end;
  va_list args;

  if (path == NULL)
    return NULL;
  g_ptr_array_add (words, path);
  va_start (args, first);
  for (const char *word = first; word != NULL; word = va_arg (args, const char *))
    g_ptr_array_add (words, (char *) word);
  va_end (args);
  g_ptr_array_add (words, NULL);
  process = g_subprocess_newv ((const char *const *) words->pdata,
                               G_SUBPROCESS_FLAGS_STDIN_PIPE | G_SUBPROCESS_FLAGS_STDOUT_PIPE
                                 | G_SUBPROCESS_FLAGS_STDERR_PIPE, &error);
  g_assert_no_error (error);
  end = g_new0 (DynoTestEnd, 1);
  g_subprocess_communicate_utf8 (process, text, NULL, &end->out, &end->err, &error);
  g_assert_no_error (error);
  end->status = g_subprocess_get_exit_status (process);
  g_object_unref (process);

  return end;
}

static void
test_man_page (void)
{
  g_autoptr(DynoTestCtl) ctl = dyno_test_ctl_new ();
  g_autoptr(DynoTestEnd) page = dyno_test_ctl_run (ctl, "--man-page", NULL);
  g_autoptr(DynoTestEnd) shown = NULL;

  dyno_test_end_assert (page, 0);
  for (gsize i = 0; i < G_N_ELEMENTS (verbs); i++)
    {
      g_auto(GStrv) words = g_strsplit (verbs[i], "-", -1);
      g_autofree char *name = g_strjoinv ("\\-", words);
      g_autofree char *section = g_strdup_printf (".SS %s", name);

      g_assert_nonnull (strstr (page->out, section));
    }
  shown = filter ("groff", page->out, "-man", "-Tutf8", "-Kutf8", "-ww", "-P-cbou", NULL);
  if (shown == NULL)
    {
      g_test_skip ("groff is not installed.");
      return;
    }
  dyno_test_end_assert (shown, 0);
  g_assert_cmpstr (shown->err, ==, "");
  g_assert_nonnull (strstr (shown->out, "--ve-error FILE|demo|none"));
}

/* Asks the completion what could stand in the last place. */
static char *
complete (const char *script,
          const char *words)
{
  g_autofree char *line = g_strdup_printf ("%s\nCOMP_WORDS=(%s)\n"
                                           "COMP_CWORD=$((${#COMP_WORDS[@]} - 1))\n"
                                           "_dynoctl\nprintf ' %%s' \"${COMPREPLY[@]}\"\n",
                                           script, words);
  g_autoptr(DynoTestEnd) end = filter ("bash", line, "--norc", NULL);

  if (end == NULL)
    return NULL;
  dyno_test_end_assert (end, 0);
  g_assert_cmpstr (end->err, ==, "");

  return g_strdup (end->out);
}

static void
test_completion (void)
{
  static const char *const cases[][2] = {
    { "dynoctl sim", " simulate" },
    { "dynoctl runs re", " restore" },
    { "dynoctl --data-dir /tmp db ch", " check" },
    { "dynoctl power --corr", " --correction" },
    { "dynoctl power --correction sae", " sae1990 sae2004" },
    { "dynoctl simulate --cycle c", " cells" },
    { "dynoctl import --dec", " --decimal" },
  };
  g_autoptr(DynoTestCtl) ctl = dyno_test_ctl_new ();
  g_autoptr(DynoTestEnd) script = dyno_test_ctl_run (ctl, "--bash-completion", NULL);

  dyno_test_end_assert (script, 0);
  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autofree char *found = complete (script->out, cases[i][0]);

      if (found == NULL)
        {
          g_test_skip ("bash is not installed.");
          return;
        }
      g_assert_cmpstr (found, ==, cases[i][1]);
    }
}

/* A reader that has seen enough is no failure to tell of. */
static void
test_reader_leaves (void)
{
  g_autoptr(DynoTestCtl) ctl = dyno_test_ctl_new ();
  g_autofree char *line = g_strdup_printf ("'%s' simulate --help | true; exit ${PIPESTATUS[0]}\n",
                                           g_getenv ("DYNO_DYNOCTL"));
  g_autoptr(DynoTestEnd) end = filter ("bash", line, "--norc", NULL);

  if (end == NULL)
    {
      g_test_skip ("bash is not installed.");
      return;
    }
  g_assert_cmpstr (end->err, ==, "");
}

/* A file may begin with '-'. */
static void
test_separator (void)
{
  g_autoptr(DynoTestCtl) ctl = dyno_test_ctl_new ();
  g_autoptr(DynoTestEnd) end = dyno_test_ctl_run (ctl, "power", "--", "-x.csv", NULL);

  dyno_test_end_assert (end, 4);
  g_assert_nonnull (strstr (end->err, "-x.csv"));
}

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/ctl/usage/refusals", test_refusals);
  g_test_add_func ("/ctl/usage/refusals-as-json", test_refusals_as_json);
  g_test_add_func ("/ctl/usage/help", test_help);
  g_test_add_func ("/ctl/usage/version", test_version);
  g_test_add_func ("/ctl/usage/man-page", test_man_page);
  g_test_add_func ("/ctl/usage/completion", test_completion);
  g_test_add_func ("/ctl/usage/reader-leaves", test_reader_leaves);
  g_test_add_func ("/ctl/usage/separator", test_separator);

  return g_test_run ();
}
