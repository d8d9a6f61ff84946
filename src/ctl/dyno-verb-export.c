/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

#include "config.h"

#include "dyno-verb-files.h"

#include "dyno-export.h"
#include "dyno-failure.h"
#include "dyno-print.h"
#include "dyno-progress-bar.h"
#include "dyno-runbook.h"
#include "dyno-shape-export.h"
#include "dyno-subject.h"

#include <math.h>
#include <string.h>

static char    *format;
static char    *chart;
static char    *rate;
static char    *decimals;
static char    *units;
static char    *holes;
static char    *fill;
static char    *output;
static int      scale = 1;
static gboolean is_mean;
static gboolean has_bom;
static gboolean has_comma;
static gboolean has_preamble;
static gboolean is_redacted;

const GOptionEntry dyno_verb_export_entries[] = {
  { "format", 0, 0, G_OPTION_ARG_STRING, &format, "As what (by the ending of --output, else csv)",
    "csv|json|text|png|svg|pdf|archive|pcap|pvv" },
  { "chart", 0, 0, G_OPTION_ARG_STRING, &chart, "Which chart (power); ve also as csv and text",
    "power|ve|CHANNEL" },
  { "rate", 0, 0, G_OPTION_ARG_STRING, &rate, "Rows as recorded, or at a fixed rate (native)",
    "native|HZ" },
  { "mean", 0, 0, G_OPTION_ARG_NONE, &is_mean, "Means of what is finer than the rate", NULL },
  { "decimals", 0, 0, G_OPTION_ARG_STRING, &decimals, "Of all numbers, 0 to 9 (by the unit)",
    "N|full" },
  { "units", 0, 0, G_OPTION_ARG_STRING, &units, "Units (si)", "si|us|source" },
  { "bom", 0, 0, G_OPTION_ARG_NONE, &has_bom, "Begin a CSV with a byte order mark", NULL },
  { "decimal-comma", 0, 0, G_OPTION_ARG_NONE, &has_comma, "Comma in numbers, ; between cells",
    NULL },
  { "preamble", 0, 0, G_OPTION_ARG_NONE, &has_preamble, "Begin a CSV with lines of # key: value",
    NULL },
  { "scale", 0, 0, G_OPTION_ARG_INT, &scale, "A PNG 1 to 4 times as large", "N" },
  { "holes", 0, 0, G_OPTION_ARG_STRING, &holes, "Allow cells without data in text of ve",
    "blank" },
  { "fill", 0, 0, G_OPTION_ARG_STRING, &fill, "No change in cells without data of pvv",
    "neutral" },
  { "redact", 0, 0, G_OPTION_ARG_NONE, &is_redacted, "Without customer, plate, VIN, notes, source",
    NULL },
  { "output", 'o', 0, G_OPTION_ARG_FILENAME, &output, "File or folder (this folder)", "PATH" },
  { NULL },
};

/* What the command line says */

static gboolean
fail_word (const char  *option,
           const char  *allowed,
           const char  *word,
           GError     **error)
{
  dyno_failure_set_usage (error, "%s takes %s, not “%s”.", option, allowed, word);

  return FALSE;
}

/* The ending of the output says what is wanted, where nothing else does. */
static int
format_of_ending (void)
{
  static const struct
  {
    const char *ending;
    const char *format;
  } endings[] = {
    { ".json", "json" }, { ".txt", "text" }, { ".png", "png" },         { ".svg", "svg" },
    { ".pdf", "pdf" },   { ".pcap", "pcap" }, { ".dynorun", "archive" }, { ".pvv", "pvv" },
  };

  for (guint i = 0; output != NULL && i < G_N_ELEMENTS (endings); i++)
    {
      if (g_str_has_suffix (output, endings[i].ending))
        return dyno_export_format_find (endings[i].format);
    }

  return DYNO_EXPORT_AS_CSV;
}

static gboolean
read_format (DynoExportRequest  *request,
             GError            **error)
{
  int found = format != NULL ? dyno_export_format_find (format) : format_of_ending ();

  if (found < 0)
    return fail_word ("--format", "csv, json, text, png, svg, pdf, archive, pcap or pvv", format, error);
  request->format = (DynoExportFormat) found;

  return TRUE;
}

static gboolean
read_rate (DynoExportRequest  *request,
           GError            **error)
{
  if (rate != NULL && !dyno_export_csv_find_rate (rate, &request->csv.step_s))
    return fail_word ("--rate", "native or a rate from 0.0167 to 1000 Hz", rate, error);

  return TRUE;
}

static gboolean
read_decimals (DynoExportRequest  *request,
               GError            **error)
{
  if (decimals == NULL)
    return TRUE;
  request->csv.has_decimals = TRUE;
  request->csv.decimals = DYNO_EXPORT_FULL;
  if (g_str_equal (decimals, "full"))
    return TRUE;
  if (strlen (decimals) != 1 || !g_ascii_isdigit (*decimals))
    return fail_word ("--decimals", "0 to 9 or full", decimals, error);
  request->csv.decimals = g_ascii_digit_value (*decimals);

  return TRUE;
}

static gboolean
read_units (DynoExportRequest  *request,
            GError            **error)
{
  int found = units != NULL ? dyno_export_units_find (units) : DYNO_EXPORT_SI;

  if (found < 0)
    return fail_word ("--units", "si, us or source", units, error);
  request->csv.units = (DynoExportUnits) found;

  return TRUE;
}

static gboolean
read_options (DynoExportRequest  *request,
              GError            **error)
{
  if (holes != NULL && !g_str_equal (holes, "blank"))
    return fail_word ("--holes", "blank", holes, error);
  if (fill != NULL && !g_str_equal (fill, "neutral"))
    return fail_word ("--fill", "neutral", fill, error);
  request->chart = g_strdup (chart);
  request->output = g_strdup (output != NULL ? output : ".");
  request->csv.is_mean = is_mean;
  request->csv.has_bom = has_bom;
  request->csv.is_decimal_comma = has_comma;
  request->has_preamble = has_preamble;
  request->may_have_holes = holes != NULL;
  request->fills_holes = fill != NULL;
  request->is_redacted = is_redacted;
  request->scale = (guint) CLAMP (scale, 1, 4);

  return dyno_ctl_check_number ("--scale", scale, 1, 4, error) && read_format (request, error)
         && read_rate (request, error) && read_decimals (request, error)
         && read_units (request, error);
}

/* The run or the file */

static gboolean
take_run (DynoCtl            *ctl,
          const char         *word,
          DynoExportRequest  *request,
          GError            **error)
{
  DynoShop *shop = dyno_subject_open_runs (ctl, error);
  g_autoptr(DynoRunDetail) detail = NULL;

  if (shop == NULL)
    return FALSE;
  dyno_runbook_get_async (shop, word, ctl->cancellable, dyno_await_cb, ctl->await);
  detail = dyno_runbook_get_finish (dyno_await_wait (ctl->await), error);
  if (detail != NULL)
    request->run_id = g_strdup (detail->run->id);

  return detail != NULL;
}

static gboolean
take_subject (DynoCtl            *ctl,
              const char         *word,
              DynoExportRequest  *request,
              GError            **error)
{
  if (!dyno_subject_is_file (word))
    return take_run (ctl, word, request, error);

  request->file = dyno_subject_request (word, error);

  return request->file != NULL
         && dyno_ctl_open_shop (ctl, DYNO_SHOP_NO_STORE | DYNO_SHOP_NO_CAPTURE, error) != NULL;
}

static void
print_outcome (DynoCtl                 *ctl,
               const DynoExportOutcome *outcome)
{
  g_autofree char *size = NULL;

  if (ctl->is_json)
    {
      DynoJsonWriter *w = dyno_json_writer_new (FALSE);

      dyno_shape_export_outcome (w, outcome);
      dyno_print_json (w);
      return;
    }
  size = dyno_print_bytes (g_bytes_get_size (outcome->bytes));
  dyno_print_line ("%s (%s)", outcome->path, size);
}

gboolean
dyno_verb_export (DynoCtl  *ctl,
                  int      *status,
                  GError  **error)
{
  g_autoptr(DynoExportRequest) request = dyno_export_request_new ();
  g_autoptr(DynoExportOutcome) outcome = NULL;
  g_autoptr(DynoProgressBar) bar = NULL;

  if (!dyno_ctl_want (ctl, 1, 1, "a run or a file", error) || !read_options (request, error)
      || !take_subject (ctl, ctl->arguments[0], request, error))
    return FALSE;

  bar = dyno_progress_bar_new (ctl, "Exporting");
  dyno_progress_bar_set (bar, NAN, NULL);
  dyno_export_async (ctl->shop, g_steal_pointer (&request), ctl->cancellable, dyno_await_cb,
                     ctl->await);
  outcome = dyno_export_finish (dyno_await_wait (ctl->await), error);
  dyno_progress_bar_hide (bar);
  if (outcome == NULL)
    return FALSE;
  print_outcome (ctl, outcome);

  return TRUE;
}
