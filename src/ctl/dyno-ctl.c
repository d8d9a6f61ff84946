/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

#include "config.h"

#include "dyno-ctl.h"

#include "dyno-clock.h"
#include "dyno-error.h"
#include "dyno-json.h"
#include "dyno-log.h"
#include "dyno-verbs.h"

#include <glib-unix.h>
#include <locale.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>

/* Two parses: the words before the verb, then verb, sub-verb and options in any
 * order. The general options may stand in both places. */

#define REASON_USAGE "usage"

static struct
{
  gboolean  is_json;
  gboolean  is_quiet;
  gboolean  is_verbose;
  gboolean  wants_version;
  gboolean  wants_man_page;
  gboolean  wants_completion;
  char     *data_dir;
  char     *config_path;
} general;

static const GOptionEntry general_entries[] = {
  { "data-dir", 0, 0, G_OPTION_ARG_FILENAME, &general.data_dir, "Folder of the data", "DIR" },
  { "config", 0, 0, G_OPTION_ARG_FILENAME, &general.config_path, "Configuration file", "FILE" },
  { "json", 0, 0, G_OPTION_ARG_NONE, &general.is_json, "Print JSON", NULL },
  { "quiet", 'q', 0, G_OPTION_ARG_NONE, &general.is_quiet, "Print results and failures only", NULL },
  { "verbose", 'v', 0, G_OPTION_ARG_NONE, &general.is_verbose, "Print the log as well", NULL },
  { "version", 0, 0, G_OPTION_ARG_NONE, &general.wants_version, "Print the version", NULL },
  { "man-page", 0, G_OPTION_FLAG_HIDDEN, G_OPTION_ARG_NONE, &general.wants_man_page, NULL, NULL },
  { "bash-completion", 0, G_OPTION_FLAG_HIDDEN, G_OPTION_ARG_NONE, &general.wants_completion, NULL,
    NULL },
  { NULL },
};

void
dyno_ctl_set_usage (GError     **error,
                    const char  *format,
                    ...)
{
  g_autofree char *message = NULL;
  va_list args;

  va_start (args, format);
  message = g_strdup_vprintf (format, args);
  va_end (args);
  dyno_error_set (error, DYNO_ERROR_INVALID, REASON_USAGE, "%s", message);
}

/* The one place where a kind of error becomes an exit status. */
int
dyno_ctl_exit_status (const GError *error)
{
  static const int statuses[DYNO_N_ERRORS] = {
    [DYNO_ERROR_INVALID] = DYNO_EXIT_BAD_INPUT,    [DYNO_ERROR_NOT_FOUND] = DYNO_EXIT_NOT_FOUND,
    [DYNO_ERROR_CONFLICT] = DYNO_EXIT_CONFLICT,    [DYNO_ERROR_DENIED] = DYNO_EXIT_DENIED,
    [DYNO_ERROR_LIMITED] = DYNO_EXIT_UNAVAILABLE,  [DYNO_ERROR_UNAVAILABLE] = DYNO_EXIT_UNAVAILABLE,
    [DYNO_ERROR_CORRUPT] = DYNO_EXIT_FAILED,       [DYNO_ERROR_TOO_LARGE] = DYNO_EXIT_BAD_INPUT,
    [DYNO_ERROR_TIMED_OUT] = DYNO_EXIT_UNAVAILABLE, [DYNO_ERROR_INTERNAL] = DYNO_EXIT_FAILED,
  };

  if (error == NULL)
    return DYNO_EXIT_DONE;
  if (error->domain == G_OPTION_ERROR || g_strcmp0 (dyno_error_get_reason (error), REASON_USAGE) == 0)
    return DYNO_EXIT_USAGE;
  if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    return DYNO_EXIT_INTERRUPTED;
  if (error->domain == DYNO_ERROR && error->code >= 0 && error->code < DYNO_N_ERRORS)
    return statuses[error->code];

  return DYNO_EXIT_FAILED;
}

/* The code of the API's error body for the same kind. */
static const char *
wire_code (const GError *error)
{
  static const char *const codes[DYNO_N_ERRORS] = {
    [DYNO_ERROR_INVALID] = "VALIDATION_ERROR",      [DYNO_ERROR_NOT_FOUND] = "NOT_FOUND",
    [DYNO_ERROR_CONFLICT] = "CONFLICT",             [DYNO_ERROR_DENIED] = "AUTHORIZATION_ERROR",
    [DYNO_ERROR_LIMITED] = "RATE_LIMIT_EXCEEDED",   [DYNO_ERROR_UNAVAILABLE] = "SERVICE_UNAVAILABLE",
    [DYNO_ERROR_CORRUPT] = "INTERNAL_ERROR",        [DYNO_ERROR_TOO_LARGE] = "REQUEST_TOO_LARGE",
    [DYNO_ERROR_TIMED_OUT] = "TIMEOUT",             [DYNO_ERROR_INTERNAL] = "INTERNAL_ERROR",
  };

  if (error->domain == DYNO_ERROR && error->code >= 0 && error->code < DYNO_N_ERRORS)
    return codes[error->code];

  return error->domain == G_OPTION_ERROR ? "VALIDATION_ERROR" : "INTERNAL_ERROR";
}

static void
print_json_failure (const GError *error)
{
  DynoJsonWriter *w = dyno_json_writer_new (FALSE);
  g_autofree char *now = dyno_clock_format_utc (dyno_clock_real_us (dyno_clock_get_system ()));
  g_autofree char *text = NULL;

  dyno_json_writer_begin_object (w);
  dyno_json_writer_name (w, "error");
  dyno_json_writer_begin_object (w);
  dyno_json_writer_add_string (w, "code", wire_code (error));
  dyno_json_writer_add_string (w, "message", error->message);
  dyno_json_writer_add_string (w, "timestamp", now);
  dyno_json_writer_name (w, "details");
  dyno_json_writer_begin_object (w);
  if (dyno_error_get_reason (error) != NULL)
    dyno_json_writer_add_string (w, "reason", dyno_error_get_reason (error));
  dyno_json_writer_end_object (w);
  dyno_json_writer_end_object (w);
  dyno_json_writer_end_object (w);
  text = dyno_json_writer_finish (w);
  fprintf (stderr, "%s\n", text);
}

static int
fail (const GError *error)
{
  if (general.is_json)
    print_json_failure (error);
  else
    fprintf (stderr, "dynoctl: %s\n", error->message);

  return dyno_ctl_exit_status (error);
}

gboolean
dyno_ctl_load_config (DynoCtl  *ctl,
                      GError  **error)
{
  g_auto(GStrv) env = g_get_environ ();
  g_autofree char *usual = g_build_filename (ctl->folders->config, "dynoai.conf", NULL);
  const char *path = ctl->config_path != NULL ? ctl->config_path : usual;

  if (ctl->config != NULL)
    return TRUE;
  if (ctl->config_path != NULL && !g_file_test (path, G_FILE_TEST_EXISTS))
    {
      dyno_error_set (error, DYNO_ERROR_INVALID, "config", "There is no file %s.", path);
      return FALSE;
    }

  ctl->config = dyno_config_load (path, (const char *const *) env, error);

  return ctl->config != NULL;
}

guint
dyno_ctl_n_arguments (DynoCtl *ctl)
{
  return ctl->arguments != NULL ? g_strv_length (ctl->arguments) : 0;
}

static gboolean
interrupted_cb (gpointer user_data)
{
  g_cancellable_cancel (user_data);

  return G_SOURCE_CONTINUE;
}

/* Signals are watched in the context that the verb iterates while it waits. */
static void
watch_signal (DynoCtl *ctl,
              int      number)
{
  g_autoptr(GSource) source = g_unix_signal_source_new (number);

  g_source_set_callback (source, interrupted_cb, ctl->cancellable, NULL);
  g_source_attach (source, g_main_context_get_thread_default ());
}

static DynoCtl *
ctl_new (const char  *sub,
         char       **arguments)
{
  DynoCtl *ctl = g_new0 (DynoCtl, 1);
  g_auto(GStrv) env = g_get_environ ();

  ctl->is_json = general.is_json;
  ctl->is_quiet = general.is_quiet;
  ctl->is_verbose = general.is_verbose;
  ctl->data_dir = general.data_dir;
  ctl->config_path = general.config_path;
  ctl->sub = sub;
  ctl->arguments = arguments;
  ctl->folders = dyno_folders_new (general.data_dir, (const char *const *) env);
  ctl->await = dyno_await_new ();
  ctl->cancellable = g_cancellable_new ();
  watch_signal (ctl, SIGINT);
  watch_signal (ctl, SIGTERM);

  return ctl;
}

static void
ctl_free (DynoCtl *ctl)
{
  g_clear_pointer (&ctl->config, dyno_config_unref);
  dyno_folders_free (ctl->folders);
  dyno_await_free (ctl->await);
  g_object_unref (ctl->cancellable);
  g_free (ctl);
}

static gboolean
sub_is_known (const DynoVerb *verb,
              const char     *sub)
{
  g_auto(GStrv) subs = g_strsplit (verb->subs, "|", -1);

  return sub != NULL && g_strv_contains ((const char *const *) subs, sub);
}

static int
run_verb (const DynoVerb  *verb,
          char           **words)
{
  g_autoptr(GError) error = NULL;
  const char *sub = NULL;
  int status = DYNO_EXIT_DONE;
  DynoCtl *ctl;

  if (verb->subs != NULL)
    {
      sub = words[0];
      if (!sub_is_known (verb, sub))
        {
          dyno_ctl_set_usage (&error, "dynoctl %s needs one of %s.", verb->name, verb->subs);
          return fail (error);
        }
      words++;
    }

  ctl = ctl_new (sub, words);
  if (!verb->run (ctl, &status, &error))
    status = fail (error);
  ctl_free (ctl);

  return status;
}

static char *
usage_line (const DynoVerb *verb)
{
  return g_strdup_printf ("%s%s%s %s", verb->name, verb->subs != NULL ? " " : "",
                          verb->subs != NULL ? verb->subs : "", verb->arguments);
}

static int
parse_verb (const DynoVerb  *verb,
            int              argc,
            char           **argv)
{
  g_autofree char *usage = usage_line (verb);
  g_autoptr(GOptionContext) context = g_option_context_new (usage);
  g_autoptr(GError) error = NULL;
  g_autofree char *program = g_strdup ("dynoctl");

  argv[0] = program;
  g_option_context_set_summary (context, verb->summary);
  if (verb->entries != NULL)
    g_option_context_add_main_entries (context, verb->entries, NULL);
  g_option_context_add_main_entries (context, general_entries, NULL);
  if (!g_option_context_parse (context, &argc, &argv, &error))
    return fail (error);

  return run_verb (verb, argv + 1);
}

static int
print_text (char *text)
{
  fputs (text, stdout);
  g_free (text);

  return DYNO_EXIT_DONE;
}

static gboolean
parse_general (int     *argc,
               char  ***argv,
               GError **error)
{
  g_autoptr(GOptionContext) context = g_option_context_new (NULL);

  g_option_context_set_strict_posix (context, TRUE);
  g_option_context_set_help_enabled (context, FALSE);
  g_option_context_set_ignore_unknown_options (context, FALSE);
  g_option_context_add_main_entries (context, general_entries, NULL);

  return g_option_context_parse (context, argc, argv, error);
}

static gboolean
asks_for_help (int    argc,
               char **argv)
{
  return argc < 2 || g_str_equal (argv[1], "--help") || g_str_equal (argv[1], "-h")
         || g_str_equal (argv[1], "help");
}

/* Log lines are for -v; without it only what is grave disturbs the output. */
static void
install_log (int    argc,
             char **argv)
{
  gboolean is_verbose = FALSE;

  for (int i = 1; i < argc; i++)
    is_verbose = is_verbose || g_str_equal (argv[i], "-v") || g_str_equal (argv[i], "--verbose");
  dyno_log_install (is_verbose ? G_LOG_LEVEL_DEBUG : G_LOG_LEVEL_WARNING, DYNO_LOG_TEXT);
}

int
dyno_ctl_main (int    argc,
               char **argv)
{
  g_autoptr(GError) error = NULL;
  const DynoVerb *verb;

  setlocale (LC_ALL, "");
  install_log (argc, argv);
  if (asks_for_help (argc, argv))
    return print_text (dyno_verbs_help ());
  if (!parse_general (&argc, &argv, &error))
    return fail (error);
  if (general.wants_version)
    return print_text (g_strdup ("DynoAI " DYNO_VERSION "\n"));
  if (general.wants_man_page)
    return print_text (dyno_verbs_man_page ());
  if (general.wants_completion)
    return print_text (dyno_verbs_completion ());

  verb = argc > 1 ? dyno_verbs_find (argv[1]) : NULL;
  if (verb == NULL)
    {
      dyno_ctl_set_usage (&error, "There is no verb “%s”; dynoctl --help lists them.",
                          argc > 1 ? argv[1] : "");
      return fail (error);
    }

  return parse_verb (verb, argc - 1, argv + 1);
}
