/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

#include "config.h"

#include "dyno-command-line.h"

#include "dyno-failure.h"
#include "dyno-log.h"
#include "dyno-manual.h"
#include "dyno-print.h"
#include "dyno-remote.h"
#include "dyno-verbs.h"

#include <errno.h>
#include <fcntl.h>
#include <locale.h>
#include <signal.h>
#include <stdio.h>
#include <unistd.h>

/* Two parses: the words before the verb, then verb, sub-verb and options in any
 * order. The general options may stand in both places. */

static DynoCtlOptions general;
static gboolean wants_help;
static gboolean wants_version;
static gboolean wants_man_page;
static gboolean wants_completion;

static const GOptionEntry general_entries[] = {
  { "data-dir", 0, 0, G_OPTION_ARG_FILENAME, &general.data_dir, "Use this shop's folder", "DIR" },
  { "config", 0, 0, G_OPTION_ARG_FILENAME, &general.config_path, "Read settings from this file",
    "FILE" },
  { "json", 0, 0, G_OPTION_ARG_NONE, &general.is_json, "Print JSON", NULL },
  { "quiet", 'q', 0, G_OPTION_ARG_NONE, &general.is_quiet, "Print results and failures only",
    NULL },
  { "verbose", 'v', 0, G_OPTION_ARG_NONE, &general.is_verbose, "Print the log as well", NULL },
  { "help", 'h', 0, G_OPTION_ARG_NONE, &wants_help, "Print this help", NULL },
  { "version", 0, 0, G_OPTION_ARG_NONE, &wants_version, "Print the version", NULL },
  { "man-page", 0, G_OPTION_FLAG_HIDDEN, G_OPTION_ARG_NONE, &wants_man_page, NULL, NULL },
  { "bash-completion", 0, G_OPTION_FLAG_HIDDEN, G_OPTION_ARG_NONE, &wants_completion, NULL, NULL },
  { NULL },
};

const GOptionEntry *
dyno_command_line_entries (void)
{
  return general_entries;
}

static int
fail (const GError *error)
{
  return dyno_failure_print (error, general.is_json);
}

static gboolean
sub_is_known (const DynoVerb *verb,
              const char     *sub)
{
  g_auto(GStrv) subs = g_strsplit (verb->subs, "|", -1);

  return sub != NULL && g_strv_contains ((const char *const *) subs, sub);
}

/* Takes the second word off; FALSE where it is not one of the verb's. */
static gboolean
take_sub (const DynoVerb   *verb,
          char           ***words,
          const char      **sub,
          GError          **error)
{
  if (verb->subs == NULL)
    return TRUE;

  *sub = **words;
  if (!sub_is_known (verb, *sub))
    {
      g_auto(GStrv) words_there = g_strsplit (verb->subs, "|", -1);
      g_autofree char *subs = g_strjoinv (", ", words_there);

      dyno_failure_set_usage (error, "dynoctl %s needs one of these words: %s.", verb->name, subs);
      return FALSE;
    }
  (*words)++;

  return TRUE;
}

/* By itself, or by the process that holds the data folder. A folder that is held and
 * cannot be asked for this is refused when the verb wants to open it. */
static DynoVerbFunc
choose_way (const DynoVerb *verb,
            DynoCtl        *ctl)
{
  const DynoVerbRoute *route = dyno_verbs_find_route (verb, ctl->sub);

  return route != NULL && dyno_remote_find (ctl) ? route->run : verb->run;
}

/* The shop is closed before the verdict: what is in hand may fail to be kept. */
static gboolean
run_and_close (const DynoVerb  *verb,
               DynoCtl         *ctl,
               int             *status,
               GError         **error)
{
  g_autoptr(GError) close_error = NULL;
  gboolean is_good = choose_way (verb, ctl) (ctl, status, error);

  if (!dyno_ctl_close_shop (ctl, &close_error) && is_good)
    {
      g_propagate_error (error, g_steal_pointer (&close_error));
      return FALSE;
    }

  return is_good && dyno_print_flush (error);
}

static int
run_verb (const DynoVerb  *verb,
          char           **words)
{
  g_autoptr(GError) error = NULL;
  const char *sub = NULL;
  int status = DYNO_EXIT_DONE;
  DynoCtl *ctl;

  if (!take_sub (verb, &words, &sub, &error))
    return fail (error);

  ctl = dyno_ctl_new (&general, verb->name, sub, words);
  if (!run_and_close (verb, ctl, &status, &error))
    status = fail (error);
  else if (status == DYNO_EXIT_DONE && g_cancellable_is_cancelled (ctl->cancellable))
    status = DYNO_EXIT_INTERRUPTED;
  dyno_ctl_free (ctl);

  return status;
}

static int
print_text (char *text)
{
  dyno_print_text (text);
  g_free (text);

  return dyno_print_flush (NULL) ? DYNO_EXIT_DONE : DYNO_EXIT_FAILED;
}

static int
print_version (void)
{
  return print_text (g_strdup ("DynoAI " DYNO_VERSION "\n"));
}

/* GLib answers in domains of its own: a word that does not convert, a number that
 * is none. All of it is usage here. */
static gboolean
parse_entries (GOptionContext   *context,
               int              *argc,
               char           ***argv,
               GError          **error)
{
  g_option_context_set_help_enabled (context, FALSE);
  if (g_option_context_parse (context, argc, argv, error))
    return TRUE;

  dyno_failure_make_usage (error);

  return FALSE;
}

/* A file may begin with '-': what stands behind "--" is no option. */
static void
drop_separator (char **words)
{
  while (*words != NULL && !g_str_equal (*words, "--"))
    words++;
  for (; *words != NULL; words++)
    words[0] = words[1];
}

/* Versions of tables are numbered: a verb may have an option --version N of its own,
 * which GLib takes for both. */
static gboolean
has_own_version (const DynoVerb *verb)
{
  for (const DynoVerbGroup *group = verb->groups; group->title != NULL; group++)
    {
      for (const GOptionEntry *entry = group->entries; entry->long_name != NULL; entry++)
        {
          if (g_str_equal (entry->long_name, "version"))
            return TRUE;
        }
    }

  return FALSE;
}

static int
parse_verb (const DynoVerb  *verb,
            int              argc,
            char           **argv)
{
  g_autoptr(GOptionContext) context = g_option_context_new (NULL);
  g_autoptr(GError) error = NULL;

  if (argc == 2 && g_str_equal (argv[1], "--version"))
    return print_version ();
  for (const DynoVerbGroup *group = verb->groups; group->title != NULL; group++)
    g_option_context_add_main_entries (context, group->entries, NULL);
  g_option_context_add_main_entries (context, general_entries, NULL);
  if (!parse_entries (context, &argc, &argv, &error))
    return fail (error);
  if (wants_help)
    return print_text (dyno_manual_verb_help (verb));
  if (wants_version && !has_own_version (verb))
    return print_version ();
  drop_separator (argv + 1);

  return run_verb (verb, argv + 1);
}

static gboolean
parse_general (int       *argc,
               char    ***argv,
               GError   **error)
{
  g_autoptr(GOptionContext) context = g_option_context_new (NULL);

  g_option_context_set_strict_posix (context, TRUE);
  g_option_context_add_main_entries (context, general_entries, NULL);

  return parse_entries (context, argc, argv, error);
}

/* How failures and the log are to look is known before anything can fail: also a
 * command line that cannot be parsed is told as JSON to who asked for it. */
static void
look_ahead (char **words)
{
  for (; *words != NULL && !g_str_equal (*words, "--"); words++)
    {
      general.is_verbose
        = general.is_verbose || g_str_equal (*words, "-v") || g_str_equal (*words, "--verbose");
      general.is_json = general.is_json || g_str_equal (*words, "--json");
    }
}

/* Log lines are for -v; without it only what is grave disturbs the output, and
 * nothing the JSON of a failure. */
static void
install_log (void)
{
  dyno_log_install (general.is_verbose ? G_LOG_LEVEL_DEBUG
                    : general.is_json  ? G_LOG_LEVEL_CRITICAL
                                       : G_LOG_LEVEL_WARNING,
                    general.is_json ? DYNO_LOG_JSON : DYNO_LOG_TEXT);
}

static int
run_unknown (const char *name)
{
  g_autoptr(GError) error = NULL;

  if (name == NULL && !general.is_json)
    {
      g_autofree char *text = dyno_manual_help ();

      fputs (text, stderr);
      return DYNO_EXIT_USAGE;
    }

  if (name == NULL)
    dyno_failure_set_usage (&error, "A verb is missing; dynoctl --help lists them.");
  else
    dyno_failure_set_usage (&error, "There is no verb “%s”; dynoctl --help lists them.", name);

  return fail (error);
}

/* "help" and "help VERB". */
static int
print_help (const char *name)
{
  const DynoVerb *verb = name != NULL ? dyno_verbs_find (name) : NULL;

  if (name == NULL)
    return print_text (dyno_manual_help ());

  return verb != NULL ? print_text (dyno_manual_verb_help (verb)) : run_unknown (name);
}

static int
run_words (int    argc,
           char **argv)
{
  const DynoVerb *verb = argc > 1 ? dyno_verbs_find (argv[1]) : NULL;

  if (wants_help)
    return print_help (argv[1]);
  if (wants_version)
    return print_version ();
  if (wants_man_page)
    return print_text (dyno_manual_man_page ());
  if (wants_completion)
    return print_text (dyno_manual_completion ());
  if (argc > 1 && g_str_equal (argv[1], "help"))
    return print_help (argv[2]);

  return verb != NULL ? parse_verb (verb, argc - 1, argv + 1)
                      : run_unknown (argv[1]);
}

/* A descriptor below 3 that is closed would be given to the next socket or
 * database, and what is printed would go there. */
static void
hold_standard_files (void)
{
  for (int fd = STDIN_FILENO; fd <= STDERR_FILENO; fd++)
    {
      if (fcntl (fd, F_GETFD) == -1 && errno == EBADF
          && open ("/dev/null", fd == STDIN_FILENO ? O_RDONLY : O_WRONLY) != fd)
        _exit (DYNO_EXIT_FAILED);
    }
}

int
dyno_command_line_run (int              argc,
                       char           **argv,
                       const DynoFace  *face)
{
  g_autoptr(GError) error = NULL;

  general.face = face;
  hold_standard_files ();
  /* Numbers keep their point: only letters and sentences follow the locale. */
  setlocale (LC_CTYPE, "");
  setlocale (LC_MESSAGES, "");
  /* A reader that leaves is seen at the next line, and what runs is ended. */
  signal (SIGPIPE, SIG_IGN);
  look_ahead (argv + 1);
  install_log ();
  if (!parse_general (&argc, &argv, &error))
    return fail (error);

  return run_words (argc, argv);
}
