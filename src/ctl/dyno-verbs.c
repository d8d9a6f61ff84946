/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

#include "config.h"

#include "dyno-verbs.h"

#include "dyno-verb-data.h"
#include "dyno-verb-files.h"
#include "dyno-verb-wire.h"

static const DynoVerb verbs[] = {
  { "simulate", NULL, "", "Be a JETDRIVE provider on the wire", dyno_verb_simulate_entries,
    dyno_verb_simulate },
  { "listen", NULL, "", "Decode what is on the wire", dyno_verb_listen_entries, dyno_verb_listen },
  { "capture", NULL, "", "Record runs into the store", dyno_verb_capture_entries,
    dyno_verb_capture },
  { "import", NULL, "FILE…", "Turn logs into runs", dyno_verb_import_entries, dyno_verb_import },
  { "runs", "list|show|delete|note|tag", "[RUN…]", "Read and keep the run book",
    dyno_verb_runs_entries, dyno_verb_runs },
  { "power", NULL, "RUN|FILE", "Print power and torque", dyno_verb_power_entries,
    dyno_verb_power },
  { "analyze", NULL, "RUN|FILE", "Correct the fuel table from a run or log",
    dyno_verb_analyze_entries, dyno_verb_analyze },
  { "verify", NULL, "[FILE|RUN]", "Prove that a journal or the whole chain is unchanged",
    dyno_verb_verify_entries, dyno_verb_verify },
  { "db", "info|check|backup", "", "Look after the data", dyno_verb_db_entries, dyno_verb_db },
  { "config", "list|get|set|check", "[KEY [VALUE]]", "Read and change settings",
    dyno_verb_config_entries, dyno_verb_config },
  { "doctor", NULL, "", "Check network, multicast, keyring, disk and clock",
    dyno_verb_doctor_entries, dyno_verb_doctor },
  { NULL },
};

const DynoVerb *
dyno_verbs (void)
{
  return verbs;
}

const DynoVerb *
dyno_verbs_find (const char *name)
{
  for (const DynoVerb *verb = verbs; verb->name != NULL; verb++)
    {
      if (g_str_equal (verb->name, name))
        return verb;
    }

  return NULL;
}

char *
dyno_verbs_help (void)
{
  GString *text = g_string_new ("Usage: dynoctl [--data-dir DIR] [--config FILE] [--json] [-q|-v]"
                                " VERB [ARGUMENTS]\n\n");

  for (const DynoVerb *verb = verbs; verb->name != NULL; verb++)
    g_string_append_printf (text, "  %-10s %s\n", verb->name, verb->summary);
  g_string_append (text, "\ndynoctl VERB --help says what a verb takes.\n");

  return g_string_free (text, FALSE);
}

static const char *
value_name (const GOptionEntry *entry)
{
  if (entry->arg == G_OPTION_ARG_NONE || entry->arg == G_OPTION_ARG_CALLBACK)
    return NULL;

  return entry->arg_description != NULL ? entry->arg_description : "VALUE";
}

static void
append_roff_option (GString            *text,
                    const GOptionEntry *entry)
{
  g_string_append (text, ".TP\n");
  if (entry->short_name != 0)
    g_string_append_printf (text, "\\fB\\-%c\\fR, ", entry->short_name);
  g_string_append_printf (text, "\\fB\\-\\-%s\\fR", entry->long_name);
  if (value_name (entry) != NULL)
    g_string_append_printf (text, " \\fI%s\\fR", value_name (entry));
  g_string_append_printf (text, "\n%s.\n", entry->description);
}

static void
append_roff_verb (GString        *text,
                  const DynoVerb *verb)
{
  g_string_append_printf (text, ".SS %s", verb->name);
  if (verb->subs != NULL)
    g_string_append_printf (text, " %s", verb->subs);
  g_string_append_printf (text, " %s\n%s.\n", verb->arguments, verb->summary);
  for (const GOptionEntry *entry = verb->entries; entry != NULL && entry->long_name != NULL; entry++)
    {
      if (!g_str_equal (entry->long_name, G_OPTION_REMAINING))
        append_roff_option (text, entry);
    }
}

char *
dyno_verbs_man_page (void)
{
  GString *text = g_string_new (".TH DYNOCTL 1 \"\" \"DynoAI " DYNO_VERSION "\"\n"
                                ".SH NAME\ndynoctl \\- DynoAI without a window\n"
                                ".SH SYNOPSIS\n.B dynoctl\n"
                                "[\\fB\\-\\-data\\-dir\\fR \\fIDIR\\fR] [\\fB\\-\\-config\\fR \\fIFILE\\fR]"
                                " [\\fB\\-\\-json\\fR] [\\fB\\-q\\fR|\\fB\\-v\\fR] \\fIVERB\\fR ...\n"
                                ".SH DESCRIPTION\nCaptures dyno pulls, keeps them and analyses them: "
                                "what the window does, for headless shops, automation and tests.\n"
                                ".SH VERBS\n");

  for (const DynoVerb *verb = verbs; verb->name != NULL; verb++)
    append_roff_verb (text, verb);
  g_string_append (text, ".SH EXIT STATUS\n0 done; 1 failed or damage found; 2 usage; 3 bad input; "
                         "4 not found; 5 conflict; 6 denied; 7 unavailable; 130 interrupted.\n");

  return g_string_free (text, FALSE);
}

static void
append_completion_case (GString        *text,
                        const DynoVerb *verb)
{
  g_autofree char *subs = g_strdup (verb->subs != NULL ? verb->subs : "");

  g_strdelimit (subs, "|", ' ');
  g_string_append_printf (text, "    %s) words=\"%s", verb->name, subs);
  for (const GOptionEntry *entry = verb->entries; entry != NULL && entry->long_name != NULL; entry++)
    {
      if (*entry->long_name != '\0')
        g_string_append_printf (text, " --%s", entry->long_name);
    }
  g_string_append (text, "\" ;;\n");
}

char *
dyno_verbs_completion (void)
{
  GString *text = g_string_new ("_dynoctl () {\n  local verb= words word\n"
                                "  for word in \"${COMP_WORDS[@]:1:COMP_CWORD-1}\"; do\n"
                                "    case $word in -*) ;; *) verb=$word; break ;; esac\n  done\n"
                                "  case $verb in\n    '') words=\"--data-dir --config --json --help"
                                " --version");

  for (const DynoVerb *verb = verbs; verb->name != NULL; verb++)
    g_string_append_printf (text, " %s", verb->name);
  g_string_append (text, "\" ;;\n");
  for (const DynoVerb *verb = verbs; verb->name != NULL; verb++)
    append_completion_case (text, verb);
  g_string_append (text, "  esac\n  COMPREPLY=($(compgen -W \"$words\" -- \"${COMP_WORDS[COMP_CWORD]}\"))\n"
                         "}\ncomplete -o default -F _dynoctl dynoctl\n");

  return g_string_free (text, FALSE);
}
