/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

#include "config.h"

#include "dyno-verb-files.h"

#include "dyno-analysis-text.h"
#include "dyno-analyze-explain.h"
#include "dyno-counsel-text.h"
#include "dyno-analyze-folder.h"
#include "dyno-analyze-legacy.h"
#include "dyno-analyze-options.h"
#include "dyno-error.h"
#include "dyno-failure.h"
#include "dyno-print.h"
#include "dyno-progress-bar.h"
#include "dyno-runbook.h"
#include "dyno-shape-analyse.h"
#include "dyno-shape.h"
#include "dyno-subject.h"

#define INDENT 2 /* of what goes on in a next line */

static char *units;
static char *out;
static char *explain;
static int   n_jobs;

const GOptionEntry dyno_verb_analyze_entries[] = {
  { "units", 0, 0, G_OPTION_ARG_STRING, &units, "Of the pressures in the text and of the maps of "
    "torque and power", "si|us" },
  { "out", 0, 0, G_OPTION_ARG_FILENAME, &out, "Write the tables and a manifest into this folder",
    "DIR" },
  { "explain", 0, 0, G_OPTION_ARG_STRING, &explain, "How the cell there came to its "
    "number; of a moment of the log, as 12.35s or in the second run 2:12.35s, why it counts or not",
    "RPM,KPA|[RUN:]SECONDSs" },
  { "jobs", 0, 0, G_OPTION_ARG_INT, &n_jobs, "Files of a folder that are analysed at once (one a "
    "processor)", "N" },
  { NULL },
};

static DynoUnitSet
text_units (DynoCtl *ctl)
{
  if (units == NULL)
    return dyno_ctl_units (ctl);

  return g_str_equal (units, "us") ? DYNO_UNITS_US : DYNO_UNITS_METRIC;
}

/* Runs and files become inputs in the order of the command line */

static gboolean
add_run (DynoCtl             *ctl,
         DynoAnalyseRequest  *request,
         const char          *word,
         GError             **error)
{
  g_autoptr(DynoRunDetail) detail = NULL;

  dyno_runbook_get_async (ctl->shop, word, ctl->cancellable, dyno_await_cb, ctl->await);
  detail = dyno_runbook_get_finish (dyno_await_wait (ctl->await), error);
  if (detail != NULL)
    dyno_analyse_request_add_run (request, detail->run->id);

  return detail != NULL;
}

static gboolean
add_file (DynoCtl             *ctl,
          DynoAnalyseRequest  *request,
          const char          *path,
          GError             **error)
{
  g_autoptr(DynoImportOutcome) outcome = dyno_subject_read_file (ctl, path, error);
  g_autofree char *name = g_path_get_basename (path);

  if (outcome == NULL)
    return FALSE;
  dyno_analyse_request_add_log (request, outcome, name);

  return TRUE;
}

static gboolean
add_inputs (DynoCtl             *ctl,
            DynoAnalyseRequest  *request,
            GError             **error)
{
  for (char **word = ctl->arguments; *word != NULL; word++)
    {
      if (!(dyno_subject_is_file (*word) ? add_file : add_run) (ctl, request, *word, error))
        return FALSE;
    }

  return TRUE;
}

/* A stored base table needs the store as a run does; files alone need none. */
static DynoShop *
open_shop (DynoCtl                   *ctl,
           const DynoAnalyseRequest  *request,
           GError                   **error)
{
  return dyno_analyze_options_want_store (request) ? dyno_subject_open_runs (ctl, error)
                                                   : dyno_subject_open (ctl, ctl->arguments, error);
}

/* `taken` is taken over. */
static DynoAnalyse *
analyse (DynoCtl             *ctl,
         DynoAnalyseRequest  *taken,
         GError             **error)
{
  g_autoptr(DynoAnalyseRequest) request = taken;
  g_autoptr(DynoProgressBar) bar = NULL;

  if (open_shop (ctl, request, error) == NULL)
    return NULL;
  bar = dyno_progress_bar_new (ctl, "Analysing");
  dyno_progress_bar_watch (bar);
  if (!add_inputs (ctl, request, error))
    return NULL;

  dyno_analyse_async (ctl->shop, g_steal_pointer (&request), NULL, ctl->cancellable, dyno_await_cb,
                      ctl->await);

  return dyno_analyse_finish (dyno_await_wait (ctl->await), error);
}

/* --out */

/* The files of the analysis, and without --out those that there would be. */
static GPtrArray *
write_files (DynoCtl      *ctl,
             DynoAnalyse  *found,
             GError      **error)
{
  GPtrArray *written;

  if (out == NULL)
    return g_ptr_array_ref (found->files);

  dyno_analyse_write_async (ctl->shop, found, out, ctl->cancellable, dyno_await_cb, ctl->await);
  written = dyno_analyse_write_finish (dyno_await_wait (ctl->await), error);
  if (written != NULL)
    dyno_print_note (ctl, "%u files and provenance.json are in %s.", written->len, out);

  return written;
}

/* A log that cannot be analysed leaves its reason in the folder, beside the error that
 * is told anyway. */
static void
write_failure (DynoCtl      *ctl,
               const GError *failure)
{
  g_autoptr(GPtrArray) files = NULL;

  if (out == NULL || ctl->shop == NULL
      || !g_error_matches (failure, DYNO_ERROR, DYNO_ERROR_INVALID)
      || dyno_failure_exit_status (failure) == DYNO_EXIT_USAGE)
    return;

  dyno_analyse_write_failure_async (ctl->shop, failure, out, ctl->cancellable, dyno_await_cb,
                                    ctl->await);
  files = dyno_analyse_write_finish (dyno_await_wait (ctl->await), NULL);
}

/* What is printed */

/* All members of the analysis, and "explain". */
static void
print_json (DynoAnalyse         *found,
            GPtrArray           *files,
            const DynoExplained *explained)
{
  DynoJsonWriter *w = dyno_json_writer_new (FALSE);

  dyno_json_writer_begin_object (w);
  dyno_shape_analyse_members (w, found, files);
  if (explained->kind != DYNO_EXPLAIN_NOTHING)
    {
      dyno_json_writer_name (w, "explain");
      dyno_analyze_explain_write (w, found, explained);
    }
  dyno_json_writer_end_object (w);
  dyno_print_json (w);
}

static void
print_counsel (DynoCtl     *ctl,
               DynoAnalyse *found)
{
  g_autofree char *text = dyno_analysis_text (found->result, text_units (ctl));
  g_autofree char *counsel = dyno_counsel_text (found->counsel);

  dyno_print_wrapped (text, INDENT);
  dyno_print_wrapped (counsel, INDENT);
}

static void
print_explained (DynoCtl             *ctl,
                 DynoAnalyse         *found,
                 const DynoExplained *explained)
{
  g_autoptr(GPtrArray) texts = dyno_analyze_explain_texts (found, explained, text_units (ctl));

  for (guint i = 0; i < texts->len; i++)
    {
      dyno_print_text (i > 0 ? "\n" : "");
      dyno_print_wrapped (texts->pdata[i], INDENT);
    }
}

static gboolean
analyse_together (DynoCtl                *ctl,
                  DynoAnalyseRequest     *request,
                  const DynoExplainWish  *wish,
                  GError                **error)
{
  g_autoptr(DynoAnalyse) found = analyse (ctl, request, error);
  g_autoptr(DynoExplained) explained
    = found != NULL ? dyno_analyze_explain_find (found, wish, error) : NULL;
  g_autoptr(GPtrArray) files = explained != NULL ? write_files (ctl, found, error) : NULL;

  if (files == NULL)
    return FALSE;

  if (ctl->is_json)
    print_json (found, files, explained);
  else if (explained->kind != DYNO_EXPLAIN_NOTHING)
    print_explained (ctl, found, explained);
  else
    print_counsel (ctl, found);

  return TRUE;
}

static gboolean
options_are_good (DynoCtl  *ctl,
                  GError  **error)
{
  if (units != NULL && !g_str_equal (units, "si") && !g_str_equal (units, "us"))
    {
      dyno_failure_set_usage (error, "--units takes si or us.");
      return FALSE;
    }

  return dyno_ctl_want (ctl, 1, G_MAXUINT, "runs, files or a folder", error)
         && dyno_ctl_check_number ("--jobs", n_jobs, 0, 1024, error);
}

static gboolean
analyse_legacy (DynoCtl             *ctl,
                DynoAnalyseRequest  *request,
                GError             **error)
{
  if (explain == NULL)
    return dyno_analyze_legacy (ctl, request, out, error);

  dyno_analyse_request_free (request);
  dyno_failure_set_usage (error, "--explain does not go with the legacy mathematics.");

  return FALSE;
}

/* `request` is taken over. */
static gboolean
analyse_files (DynoCtl                *ctl,
               DynoAnalyseRequest     *request,
               const DynoExplainWish  *wish,
               GError                **error)
{
  g_autoptr(GError) failure = NULL;
  gboolean is_done = dyno_analyse_request_is_legacy (request)
                       ? analyse_legacy (ctl, request, &failure)
                       : analyse_together (ctl, request, wish, &failure);

  if (is_done)
    return TRUE;
  write_failure (ctl, failure);
  g_propagate_error (error, g_steal_pointer (&failure));

  return FALSE;
}

/* The folder that is the only argument; a folder among others is a mistake. */
static gboolean
find_folder (DynoCtl     *ctl,
             const char **folder,
             GError     **error)
{
  *folder = NULL;
  for (char **word = ctl->arguments; *word != NULL; word++)
    {
      if (!g_file_test (*word, G_FILE_TEST_IS_DIR))
        continue;
      *folder = *word;
      if (dyno_ctl_n_arguments (ctl) == 1 && explain == NULL)
        return TRUE;
      dyno_failure_set_usage (error, explain != NULL
                                       ? "--explain goes with runs and files, not with a folder."
                                       : "A folder is analysed alone, without other arguments.");
      return FALSE;
    }

  return TRUE;
}

gboolean
dyno_verb_analyze (DynoCtl  *ctl,
                   int      *status,
                   GError  **error)
{
  const char *folder;
  DynoExplainWish wish;
  g_autoptr(DynoAnalyseRequest) request = NULL;

  if (!options_are_good (ctl, error) || !find_folder (ctl, &folder, error)
      || !dyno_analyze_explain_read (explain, &wish, error))
    return FALSE;
  request = dyno_analyze_options_request (error);
  if (request == NULL)
    return FALSE;
  request->units = units != NULL ? text_units (ctl) : DYNO_UNITS_METRIC;
  if (folder != NULL && !dyno_analyse_request_is_legacy (request))
    return dyno_analyze_folder (ctl, folder, out, (guint) n_jobs, status, error);

  return analyse_files (ctl, g_steal_pointer (&request), &wish, error);
}
