/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

#include "config.h"

#include "dyno-manual.h"

#include "dyno-command-line.h"
#include "dyno-listing.h"
#include "dyno-print.h"

#include <string.h>

#define HELP_WIDTH 80
#define HELP_COLUMN 26 /* where what an option does begins */

/* The exit statuses of cli.md, in the order of their numbers. */
static const char *const statuses[][2] = {
  { "0", "done" },
  { "1", "failed, or damage was found" },
  { "2", "the command line is wrong" },
  { "3", "the input file or the configuration is wrong" },
  { "4", "there is no such run or file" },
  { "5", "conflict: the data folder is in use, a file is there already" },
  { "6", "denied" },
  { "7", "not available: no dyno heard, no network, too late" },
  { "130", "interrupted" },
};

static gboolean
is_shown (const GOptionEntry *entry)
{
  return (entry->flags & G_OPTION_FLAG_HIDDEN) == 0;
}

/* "--port N" */
static char *
option_words (const GOptionEntry *entry)
{
  GString *text = g_string_new (NULL);

  if (entry->short_name != 0)
    g_string_append_printf (text, "-%c, ", entry->short_name);
  g_string_append_printf (text, "--%s", entry->long_name);
  if (entry->arg != G_OPTION_ARG_NONE)
    g_string_append_printf (text, " %s",
                            entry->arg_description != NULL ? entry->arg_description : "VALUE");

  return g_string_free (text, FALSE);
}

static void
append_option (GString            *text,
               const GOptionEntry *entry)
{
  g_autofree char *words = option_words (entry);
  gboolean is_long = strlen (words) + 4 > HELP_COLUMN;
  g_autofree char *line = g_strdup_printf ("  %-*s%s", HELP_COLUMN - 2, is_long ? "" : words,
                                           entry->description);
  g_autofree char *wrapped = dyno_print_wrap (line, HELP_WIDTH, HELP_COLUMN);

  if (is_long)
    g_string_append_printf (text, "  %s\n", words);
  g_string_append_printf (text, "%s\n", wrapped);
}

static void
append_options (GString            *text,
                const char         *title,
                const GOptionEntry *entries)
{
  g_string_append_printf (text, "\n%s:\n", title);
  for (const GOptionEntry *entry = entries; entry->long_name != NULL; entry++)
    {
      if (is_shown (entry))
        append_option (text, entry);
    }
}

static void
append_examples (GString        *text,
                 const DynoVerb *verb,
                 const char     *before,
                 const char     *behind)
{
  g_auto(GStrv) lines = g_strsplit (verb->examples, "\n", -1);

  for (char **line = lines; *line != NULL; line++)
    g_string_append_printf (text, "%sdynoctl %s%s\n", before, *line, behind);
}

static void
append_details (GString        *text,
                const DynoVerb *verb)
{
  g_auto(GStrv) paragraphs = g_strsplit (verb->details, "\n\n", -1);

  for (char **paragraph = paragraphs; *paragraph != NULL; paragraph++)
    {
      g_autofree char *wrapped = dyno_print_wrap (g_strdelimit (*paragraph, "\n", ' '), HELP_WIDTH,
                                                  0);

      g_string_append_printf (text, "\n%s\n", wrapped);
    }
}

static char *
usage_of (const DynoVerb *verb)
{
  return g_strdup_printf ("%s%s%s%s%s%s", verb->name, verb->subs != NULL ? " " : "",
                          verb->subs != NULL ? verb->subs : "",
                          verb->groups[0].entries->long_name != NULL ? " [OPTION…]" : "",
                          *verb->arguments != '\0' ? " " : "", verb->arguments);
}

char *
dyno_manual_help (void)
{
  static const char *const columns[] = { "", "", NULL };
  GString *text = g_string_new ("Usage: dynoctl [--data-dir DIR] [--config FILE] [--json] [-q|-v] "
                                "VERB [ARGS]\n\nDynoAI without a window: capture dyno pulls, keep"
                                " them, analyse them.\n\n");
  g_autoptr(DynoListing) listing = dyno_listing_new (columns);
  g_autofree char *lines = NULL;

  for (const DynoVerb *verb = dyno_verbs (); verb->name != NULL; verb++)
    {
      dyno_listing_add_f (listing, "  %s", verb->name);
      dyno_listing_add (listing, verb->summary);
    }
  lines = dyno_listing_format (listing, 0);
  g_string_append (text, lines);
  append_options (text, "Options of all verbs", dyno_command_line_entries ());
  g_string_append (text, "\ndynoctl VERB --help says what a verb takes. Try it without a dyno:\n"
                         "  dynoctl simulate --pulls 1 & dynoctl capture --interface lo --runs 1\n");

  return g_string_free (text, FALSE);
}

char *
dyno_manual_verb_help (const DynoVerb *verb)
{
  g_autofree char *usage = usage_of (verb);
  g_autofree char *line = g_strdup_printf ("Usage: dynoctl %s", usage);
  g_autofree char *wrapped = dyno_print_wrap (line, HELP_WIDTH, strlen ("Usage: "));
  GString *text = g_string_new (NULL);

  g_string_append_printf (text, "%s\n\n%s.\n", wrapped, verb->summary);
  append_details (text, verb);
  for (const DynoVerbGroup *group = verb->groups; group->title != NULL; group++)
    append_options (text, group->title, group->entries);
  append_options (text, "Options of all verbs", dyno_command_line_entries ());
  if (*verb->examples != '\0')
    {
      g_string_append (text, "\nExamples:\n");
      append_examples (text, verb, "  ", "");
    }

  return g_string_free (text, FALSE);
}

/* Roff takes '-' for a hyphen, and '.' or ' at the beginning of a line for a
 * request. */
static void
append_roff (GString    *text,
             const char *plain)
{
  gboolean is_first = text->len == 0 || text->str[text->len - 1] == '\n';

  for (; *plain != '\0'; plain++)
    {
      if (is_first && (*plain == '.' || *plain == '\''))
        g_string_append (text, "\\&");
      if (*plain == '-' || *plain == '\\')
        g_string_append_c (text, '\\');
      g_string_append_c (text, *plain);
      is_first = *plain == '\n';
    }
}

static void
append_roff_options (GString            *text,
                     const GOptionEntry *entries)
{
  for (const GOptionEntry *entry = entries; entry != NULL && entry->long_name != NULL; entry++)
    {
      g_autofree char *words = option_words (entry);

      if (!is_shown (entry))
        continue;
      g_string_append (text, ".TP\n.B ");
      append_roff (text, words);
      g_string_append (text, "\n");
      append_roff (text, entry->description);
      g_string_append (text, ".\n");
    }
}

static void
append_roff_verb (GString        *text,
                  const DynoVerb *verb)
{
  g_autofree char *usage = usage_of (verb);
  g_auto(GStrv) paragraphs = g_strsplit (verb->details, "\n\n", -1);

  g_string_append (text, ".SS ");
  append_roff (text, usage);
  g_string_append (text, "\n");
  append_roff (text, verb->summary);
  g_string_append (text, ".\n");
  for (char **paragraph = paragraphs; *paragraph != NULL; paragraph++)
    {
      g_string_append (text, ".PP\n");
      append_roff (text, *paragraph);
      g_string_append (text, "\n");
    }
  for (const DynoVerbGroup *group = verb->groups; group->title != NULL; group++)
    append_roff_options (text, group->entries);
  if (*verb->examples != '\0')
    {
      g_string_append (text, ".PP\nExamples:\n.PP\n.nf\n");
      append_examples (text, verb, "    ", "");
      g_string_append (text, ".fi\n");
    }
}

/* What still works while the service runs, and by which routes. */
static void
append_roff_routes (GString *text)
{
  g_string_append (text, ".SH WHILE THE SERVICE RUNS\n");
  append_roff (text, "One process owns a data folder. These verbs ask it on its admin socket, by "
                     "the routes of the API below /api/v1; their output is the same. Others that "
                     "need the database end with status 5 and name the process.\n");
  for (const DynoVerb *verb = dyno_verbs (); verb->name != NULL; verb++)
    {
      for (const DynoVerbRoute *route = verb->routes; route != NULL && route->route != NULL;
           route++)
        {
          g_string_append_printf (text, ".TP\n.B %s%s%s\n", verb->name,
                                  route->sub != NULL ? " " : "",
                                  route->sub != NULL ? route->sub : "");
          append_roff (text, route->route);
          g_string_append_c (text, '\n');
        }
    }
}

char *
dyno_manual_man_page (void)
{
  GString *text = g_string_new (".TH DYNOCTL 1 \"\" \"DynoAI " DYNO_VERSION "\" \"User Commands\"\n"
                                ".SH NAME\ndynoctl \\- DynoAI without a window\n"
                                ".SH SYNOPSIS\n.B dynoctl\n");

  append_roff (text, "[--data-dir DIR] [--config FILE] [--json] [-q|-v] VERB [ARGS]\n");
  g_string_append (text, ".SH DESCRIPTION\n");
  append_roff (text,
               "Captures dyno pulls over JETDRIVE, keeps them, imports logs, prints power and "
                     "torque, corrects fuel tables: what the window does, for headless shops, "
                     "automation and tests. Results go to standard output, everything else to "
                     "standard error. With --json a result is one JSON document, or one a line "
                     "where results come one after the other, in SI units; a failure is the error "
                     "body of the API on standard error.\n");
  g_string_append (text, ".SH OPTIONS\n");
  append_roff_options (text, dyno_command_line_entries ());
  g_string_append (text, ".SH VERBS\n");
  for (const DynoVerb *verb = dyno_verbs (); verb->name != NULL; verb++)
    append_roff_verb (text, verb);
  append_roff_routes (text);
  g_string_append (text, ".SH EXIT STATUS\n");
  for (gsize i = 0; i < G_N_ELEMENTS (statuses); i++)
    g_string_append_printf (text, ".TP\n.B %s\n%s\n", statuses[i][0], statuses[i][1]);
  g_string_append (text, ".SH FILES\n.TP\n.I $XDG_DATA_HOME/dynoai\nThe data folder: database, "
                         "journals, imported files.\n.TP\n.I $XDG_CONFIG_HOME/dynoai/dynoai.conf\n"
                         "Settings, in groups like [capture].\n");

  return g_string_free (text, FALSE);
}

/* "none|auto" is a list of words to choose from, "DIR" and "PAGE|FULL" are not. */
static gboolean
is_choice (const GOptionEntry *entry)
{
  const char *text = entry->arg_description;

  if (text == NULL || strchr (text, '|') == NULL)
    return FALSE;
  for (; *text != '\0'; text++)
    {
      if (!g_ascii_islower (*text) && !g_ascii_isdigit (*text) && strchr ("|-.", *text) == NULL)
        return FALSE;
    }

  return TRUE;
}

static void
append_choices (GString            *text,
                const DynoVerb     *verb,
                const GOptionEntry *entries)
{
  for (const GOptionEntry *entry = entries; entry != NULL && entry->long_name != NULL; entry++)
    {
      g_autofree char *words = is_choice (entry) ? g_strdup (entry->arg_description) : NULL;

      if (words != NULL)
        g_string_append_printf (text, "    %s:--%s) words=\"%s\" ;;\n", verb->name,
                                entry->long_name,
                                g_strdelimit (words, "|", ' '));
    }
}

static void
append_option_words (GString            *text,
                     const GOptionEntry *entries)
{
  for (const GOptionEntry *entry = entries; entry != NULL && entry->long_name != NULL; entry++)
    {
      if (is_shown (entry))
        g_string_append_printf (text, " --%s", entry->long_name);
    }
}

static void
append_completion_case (GString        *text,
                        const DynoVerb *verb)
{
  g_autofree char *subs = g_strdup (verb->subs != NULL ? verb->subs : "");

  g_strdelimit (subs, "|", ' ');
  for (const DynoVerbGroup *group = verb->groups; group->title != NULL; group++)
    append_choices (text, verb, group->entries);
  g_string_append_printf (text, "    %s:*) words=\"%s", verb->name, subs);
  for (const DynoVerbGroup *group = verb->groups; group->title != NULL; group++)
    append_option_words (text, group->entries);
  append_option_words (text, dyno_command_line_entries ());
  g_string_append (text, "\" ;;\n");
}

char *
dyno_manual_completion (void)
{
  GString *text = g_string_new ("# bash completion of dynoctl\n"
                                "_dynoctl () {\n"
                                "  local verb= words= word at=1\n"
                                "  while [ \"$at\" -lt \"$COMP_CWORD\" ]; do\n"
                                "    word=${COMP_WORDS[at]}\n"
                                "    case $word in\n"
                                "      --data-dir|--config) at=$((at + 1)) ;;\n"
                                "      -*) ;;\n"
                                "      *) verb=$word; break ;;\n"
                                "    esac\n"
                                "    at=$((at + 1))\n"
                                "  done\n"
                                "  case $verb:${COMP_WORDS[COMP_CWORD-1]} in\n"
                                "    :*) words=\"help");

  for (const DynoVerb *verb = dyno_verbs (); verb->name != NULL; verb++)
    g_string_append_printf (text, " %s", verb->name);
  append_option_words (text, dyno_command_line_entries ());
  g_string_append (text, "\" ;;\n");
  for (const DynoVerb *verb = dyno_verbs (); verb->name != NULL; verb++)
    append_completion_case (text, verb);
  g_string_append (text, "  esac\n"
                         "  COMPREPLY=($(compgen -W \"$words\" -- \"${COMP_WORDS[COMP_CWORD]}\"))\n"
                         "}\n"
                         "complete -o default -F _dynoctl dynoctl\n");

  return g_string_free (text, FALSE);
}
