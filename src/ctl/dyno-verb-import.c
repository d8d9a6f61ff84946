/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

#include "config.h"

#include "dyno-verb-files.h"

#include "dyno-document.h"
#include "dyno-failure.h"
#include "dyno-import-job.h"
#include "dyno-print.h"
#include "dyno-progress-bar.h"
#include "dyno-remote-import.h"
#include "dyno-run-document.h"
#include "dyno-run-text.h"
#include "dyno-subject.h"

#include <math.h>

#define INDENT 2 /* of what goes on in a next line */

static char    *vehicle;
static gboolean again;
static gboolean as_new;
static gboolean dry_run;

const GOptionEntry dyno_verb_import_entries[] = {
  { "vehicle", 0, 0, G_OPTION_ARG_STRING, &vehicle, "Whose runs these are; a new label makes a "
    "vehicle", "ID|LABEL" },
  { "again", 0, 0, G_OPTION_ARG_NONE, &again, "Also what was imported before", NULL },
  { "as-new", 0, 0, G_OPTION_ARG_NONE, &as_new, "A run archive: as another run, with a new id",
    NULL },
  { "dry-run", 0, 0, G_OPTION_ARG_NONE, &dry_run, "Say what would be read, keep nothing", NULL },
  { NULL },
};

static void
add_size (DynoJsonWriter    *w,
          const DynoSamples *samples)
{
  dyno_json_writer_add_number (w, "rows",
                               samples != NULL ? (double) dyno_samples_n_rows (samples) : NAN);
  dyno_json_writer_add_number (w, "columns",
                               samples != NULL ? dyno_samples_n_columns (samples) + 1.0 : NAN);
}

/* As the report of a log has its warnings. */
static void
print_notice (DynoJsonWriter *w,
              const char     *notice)
{
  dyno_json_writer_name (w, "warnings");
  dyno_json_writer_begin_array (w);
  if (notice != NULL)
    {
      dyno_json_writer_begin_object (w);
      dyno_json_writer_add_string (w, "code", "archive_tune");
      dyno_json_writer_add_string (w, "column", NULL);
      dyno_json_writer_add_string (w, "text", notice);
      dyno_json_writer_add_integer (w, "count", 1);
      dyno_json_writer_end_object (w);
    }
  dyno_json_writer_end_array (w);
}

/* A journal and an archive have no report: what can be said of them stands in the run. */
static void
print_run_json (const char              *path,
                const DynoImportOutcome *outcome)
{
  DynoJsonWriter *w = dyno_json_writer_new (FALSE);
  g_autofree char *name = g_path_get_basename (path);
  const DynoRun *run = outcome->run;

  dyno_json_writer_begin_object (w);
  dyno_json_writer_add_string (w, "file", name);
  dyno_json_writer_add_string (w, "sha256", outcome->sha256);
  dyno_json_writer_add_string (w, "run_id", run != NULL ? run->id : NULL);
  dyno_json_writer_add_string (w, "dialect",
                               outcome->is_archive ? "dynorun" : "jetdrive-journal");
  add_size (w, outcome->is_archive ? outcome->samples : NULL);
  dyno_json_writer_add_number (w, "duration_s", run != NULL ? run->duration_s : NAN);
  dyno_json_writer_add_number (w, "rate_hz", NAN);
  dyno_json_writer_name (w, "channels");
  dyno_json_writer_begin_array (w);
  dyno_json_writer_end_array (w);
  dyno_json_writer_name (w, "assumptions");
  dyno_json_writer_begin_array (w);
  dyno_json_writer_end_array (w);
  print_notice (w, outcome->notice);
  dyno_json_writer_name (w, "rejected");
  dyno_json_writer_begin_object (w);
  dyno_json_writer_end_object (w);
  dyno_json_writer_end_object (w);
  dyno_print_json (w);
}

static void
print_json (const char              *path,
            const DynoImportOutcome *outcome)
{
  g_autofree char *json = NULL;

  if (outcome->report == NULL)
    {
      print_run_json (path, outcome);
      return;
    }
  json = dyno_import_report_to_json (outcome->report,
                                     outcome->run != NULL ? outcome->run->id : NULL);
  dyno_print_text (json);
  dyno_print_text ("\n");
}

/* The report, and the run that it became; with -q the run alone. */
static void
print_outcome (DynoCtl                 *ctl,
               const char              *path,
               const DynoImportOutcome *outcome)
{
  const char *what = outcome->is_known     ? "run archive; the run is there already"
                     : outcome->is_archive ? "run archive"
                                           : "packet journal";
  g_autofree char *text = outcome->report != NULL ? dyno_import_report_to_text (outcome->report)
                                                  : g_strdup_printf ("%s: a %s", path, what);
  g_autofree char *clean = dyno_print_clean (g_strchomp (text));
  g_autofree char *line = NULL;

  if (!ctl->is_quiet)
    {
      dyno_print_wrapped (clean, INDENT);
      dyno_print_text ("\n");
      if (outcome->notice != NULL)
        dyno_print_wrapped (outcome->notice, INDENT);
    }
  if (outcome->run == NULL)
    return;
  line = dyno_run_text_line (outcome->run, dyno_ctl_units (ctl));
  dyno_print_line ("%s", line);
}

/* To the process that holds the data folder; a dry run needs nobody. */
static gboolean
is_sent (DynoCtl *ctl)
{
  return dyno_remote_is_on (ctl) && !dry_run;
}

/* {"file","run_id", …} and what else is known of the run. */
static void
print_sent (DynoCtl        *ctl,
            const char     *path,
            const DynoJson *document)
{
  g_autofree char *name = g_path_get_basename (path);
  DynoJsonWriter *w;

  if (!ctl->is_json)
    {
      g_autoptr(DynoRun) run = dyno_run_document_read (document);
      g_autofree char *line = dyno_run_text_line (run, dyno_ctl_units (ctl));

      dyno_print_line ("%s", line);
      return;
    }
  w = dyno_json_writer_new (FALSE);
  dyno_json_writer_begin_object (w);
  dyno_json_writer_add_string (w, "file", name);
  dyno_json_writer_add_string (w, "run_id", dyno_json_get_string (document, "id"));
  dyno_document_add_members (w, document, "id");
  dyno_json_writer_end_object (w);
  dyno_print_json (w);
}

/* Takes `request`. */
static gboolean
send_file (DynoCtl            *ctl,
           DynoImportRequest  *request,
           GError            **error)
{
  g_autoptr(DynoJson) document = dyno_remote_import (ctl, request, error);

  if (document != NULL)
    print_sent (ctl, request->path, document);
  dyno_import_request_free (request);

  return document != NULL;
}

static gboolean
import_file (DynoCtl     *ctl,
             DynoShop    *shop,
             const char  *path,
             GError     **error)
{
  DynoImportRequest *request = dyno_subject_request (path, error);
  g_autoptr(DynoImportOutcome) outcome = NULL;
  g_autoptr(DynoProgressBar) bar = NULL;
  g_autofree char *name = g_path_get_basename (path);

  if (request == NULL)
    return FALSE;
  request->vehicle = g_strdup (vehicle);
  request->again = again;
  request->as_new = as_new;
  if (is_sent (ctl))
    return send_file (ctl, request, error);

  bar = dyno_progress_bar_new (ctl, name);
  dyno_progress_bar_watch (bar);
  if (dry_run)
    dyno_import_job_preview_async (shop, request, ctl->cancellable, dyno_await_cb, ctl->await);
  else
    dyno_import_job_async (shop, request, NULL, ctl->cancellable, dyno_await_cb, ctl->await);
  outcome = dyno_import_job_finish (dyno_await_wait (ctl->await), error);
  dyno_progress_bar_hide (bar);
  if (outcome == NULL)
    return FALSE;
  if (ctl->is_json)
    print_json (path, outcome);
  else
    print_outcome (ctl, path, outcome);

  return TRUE;
}

/* One bad file does not keep the others out; the first failure gives the status. */
gboolean
dyno_verb_import (DynoCtl  *ctl,
                  int      *status,
                  GError  **error)
{
  DynoShopFlags flags = DYNO_SHOP_NO_CAPTURE | (dry_run ? DYNO_SHOP_NO_STORE : DYNO_SHOP_DEFAULT);
  guint n = dyno_ctl_n_arguments (ctl);
  DynoShop *shop = NULL;

  if (!dyno_ctl_want (ctl, 1, G_MAXUINT, "at least one file", error))
    return FALSE;
  if (!is_sent (ctl) && (shop = dyno_ctl_open_shop (ctl, flags, error)) == NULL)
    return FALSE;

  for (guint i = 0; i < n && !dyno_ctl_is_over (ctl); i++)
    {
      g_autoptr(GError) cause = NULL;
      int its_status;

      if (import_file (ctl, shop, ctl->arguments[i], &cause))
        continue;
      if (n > 1)
        g_prefix_error (&cause, "%s: ", ctl->arguments[i]);
      its_status = dyno_failure_print (cause, ctl->is_json);
      if (*status == DYNO_EXIT_DONE)
        *status = its_status;
    }

  return TRUE;
}
