/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

#include "config.h"

#include "dyno-verb-report.h"

#include "dyno-failure.h"
#include "dyno-print.h"
#include "dyno-report.h"
#include "dyno-runbook.h"
#include "dyno-shape-report.h"
#include "dyno-subject.h"

static char   **baseline;
static char    *template;
static char    *paper;
static char    *units;
static char    *correction;
static int      smoothing = -1;
static gboolean no_data;
static gboolean redact;
static char    *output;

const GOptionEntry dyno_verb_report_entries[] = {
  { "baseline", 0, 0, G_OPTION_ARG_STRING_ARRAY, &baseline,
    "Compare with this run or log; three a side tell whether a gain is real", "RUN|FILE" },
  { "template", 0, 0, G_OPTION_ARG_STRING, &template, "One page, or all that was found", "page|full" },
  { "paper", 0, 0, G_OPTION_ARG_STRING, &paper, "Size of the paper (a4)", "a4|letter" },
  { "units", 0, 0, G_OPTION_ARG_STRING, &units, "Units of the sheet (those of the settings)",
    "si|us" },
  { "correction", 0, 0, G_OPTION_ARG_STRING, &correction, "Weather that power is corrected to",
    "none|sae1990|sae2004|std|din|eec|jis" },
  { "smoothing", 0, 0, G_OPTION_ARG_INT, &smoothing, "Level 0 to 5", "N" },
  { "no-data", 0, 0, G_OPTION_ARG_NONE, &no_data, "Do not attach the run to the sheet", NULL },
  { "redact", 0, 0, G_OPTION_ARG_NONE, &redact, "Leave out customer, plate, VIN and notes", NULL },
  { "output", 'o', 0, G_OPTION_ARG_FILENAME, &output, "Where the PDF goes", "FILE" },
  { NULL },
};

/* TRUE for the second of two words, FALSE for the first or none. */
static gboolean
choose (const char  *option,
        const char  *word,
        const char  *first,
        const char  *second,
        gboolean    *is_second,
        GError     **error)
{
  *is_second = word != NULL && g_str_equal (word, second);
  if (word == NULL || *is_second || g_str_equal (word, first))
    return TRUE;
  dyno_failure_set_usage (error, "%s takes %s or %s, not “%s”.", option, first, second, word);

  return FALSE;
}

static gboolean
fill_options (DynoReportRequest  *request,
              GError            **error)
{
  gboolean is_full;
  gboolean is_letter;
  gboolean is_us;

  if (!choose ("--template", template, "page", "full", &is_full, error)
      || !choose ("--paper", paper, "a4", "letter", &is_letter, error)
      || !choose ("--units", units, "si", "us", &is_us, error)
      || (smoothing != -1 && !dyno_ctl_check_number ("--smoothing", smoothing, 0, 5, error)))
    return FALSE;
  if (correction != NULL && !dyno_standard_find (correction, &request->standard))
    {
      dyno_failure_set_usage (error, "--correction takes none, sae1990, sae2004, std, din, eec or "
                                     "jis, not “%s”.", correction);
      return FALSE;
    }

  request->form = is_full ? DYNO_SHEET_FULL : DYNO_SHEET_PAGE;
  request->size = is_letter ? DYNO_PAPER_LETTER : DYNO_PAPER_A4;
  request->has_units = units != NULL;
  request->units = is_us ? DYNO_UNITS_US : DYNO_UNITS_METRIC;
  request->has_standard = correction != NULL;
  request->level = smoothing;
  request->without_data = no_data;
  request->is_redacted = redact;

  return TRUE;
}

/* A number or an id of the run book becomes the id. */
static gboolean
add_run (DynoCtl            *ctl,
         DynoReportRequest  *request,
         const char         *word,
         GError            **error)
{
  DynoShop *shop = dyno_subject_open_runs (ctl, error);
  g_autoptr(DynoRunDetail) detail = NULL;

  if (shop == NULL)
    return FALSE;
  dyno_runbook_get_async (shop, word, ctl->cancellable, dyno_await_cb, ctl->await);
  detail = dyno_runbook_get_finish (dyno_await_wait (ctl->await), error);
  if (detail == NULL)
    return FALSE;
  dyno_report_request_add_run (request, detail->run->id);

  return TRUE;
}

static gboolean
add_subject (DynoCtl            *ctl,
             DynoReportRequest  *request,
             const char         *word,
             GError            **error)
{
  DynoImportRequest *file;

  if (!dyno_subject_is_file (word))
    return add_run (ctl, request, word, error);
  file = dyno_subject_request (word, error);
  if (file == NULL)
    return FALSE;
  dyno_report_request_take_file (request, file);

  return TRUE;
}

static gboolean
add_subjects (DynoCtl            *ctl,
              DynoReportRequest  *request,
              char              **words,
              GError            **error)
{
  for (guint i = 0; words[i] != NULL; i++)
    {
      if (!add_subject (ctl, request, words[i], error))
        return FALSE;
    }

  return TRUE;
}

/* The run book is opened only where one of its runs is named. */
static gboolean
open_shop (DynoCtl  *ctl,
           GError  **error)
{
  gboolean has_run = FALSE;

  for (guint i = 0; ctl->arguments[i] != NULL; i++)
    has_run |= !dyno_subject_is_file (ctl->arguments[i]);
  for (guint i = 0; baseline != NULL && baseline[i] != NULL; i++)
    has_run |= !dyno_subject_is_file (baseline[i]);

  if (has_run)
    return dyno_subject_open_runs (ctl, error) != NULL;

  return dyno_ctl_open_shop (ctl, DYNO_SHOP_NO_STORE | DYNO_SHOP_NO_CAPTURE, error) != NULL;
}

static DynoReportRequest *
make_request (DynoCtl  *ctl,
              GError  **error)
{
  g_autoptr(DynoReportRequest) request = dyno_report_request_new ();

  if (!fill_options (request, error) || !open_shop (ctl, error))
    return NULL;
  if (!add_subjects (ctl, request, ctl->arguments, error))
    return NULL;
  if (baseline != NULL)
    request->baseline = (int) request->subjects->len;
  if (baseline != NULL && !add_subjects (ctl, request, baseline, error))
    return NULL;

  return g_steal_pointer (&request);
}

static void
print_report (const DynoReport *report,
              const char       *path,
              gboolean          is_json)
{
  if (is_json)
    {
      DynoJsonWriter *w = dyno_json_writer_new (FALSE);

      dyno_shape_report (w, report, path);
      dyno_print_json (w);
      return;
    }
  dyno_print_line ("%s", path);
  dyno_print_line ("%u page%s, %u file%s attached, SHA-256 %s", report->n_pages,
                   report->n_pages == 1 ? "" : "s", report->n_attached,
                   report->n_attached == 1 ? "" : "s", report->sha256);
}

gboolean
dyno_verb_report (DynoCtl  *ctl,
                  int      *status,
                  GError  **error)
{
  DynoReportRequest *request;
  g_autoptr(DynoReport) report = NULL;
  const char *path;

  if (!dyno_ctl_want (ctl, 1, DYNO_REPORT_MAX_RUNS, "a run or a file", error))
    return FALSE;
  request = make_request (ctl, error);
  if (request == NULL)
    return FALSE;
  dyno_report_async (ctl->shop, request, NULL, ctl->cancellable, dyno_await_cb, ctl->await);
  report = dyno_report_finish (dyno_await_wait (ctl->await), error);
  if (report == NULL)
    return FALSE;
  path = output != NULL ? output : report->name;
  if (!dyno_report_write (report, path, error))
    return FALSE;
  print_report (report, path, ctl->is_json);

  return TRUE;
}
