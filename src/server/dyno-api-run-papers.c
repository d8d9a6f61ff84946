/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

/* What is made of runs: comparisons, reports, exports. */

#include "config.h"

#include "dyno-api-ask.h"
#include "dyno-api-run-fields.h"
#include "dyno-error.h"
#include "dyno-export.h"
#include "dyno-report.h"
#include "dyno-shape-compare.h"

/* Comparing */

static const DynoField compare_body[] = {
  { "run_ids", DYNO_ARRAY_OF (DYNO_COMPARE_FEWEST, DYNO_COMPARE_MOST, DYNO_ID ("run")),
    DYNO_REQUIRED, "The runs, in the order shown" },
  { "baseline_id", DYNO_ID ("run"), DYNO_NULLABLE,
    "One of them; else the one that is pinned as baseline, else the first" },
  { "x", DYNO_WORD ("rpm|speed"), 0, "What stands below the curves", "rpm" },
  { "smoothing", DYNO_INTEGER (0, 5), 0, "Level of smoothing; else that of the shop" },
  { "correction", DYNO_WORD (DYNO_CORRECTIONS), 0, "By which standard; else that of the shop" },
  { NULL }
};

static const DynoField window_fields[] = {
  DYNO_FIGURE ("from", "Where all curves have begun"),
  DYNO_FIGURE ("to", "Where the first one ends"),
  { NULL }
};
static const DynoSchema window_schema = { "CompareWindow", "The common range", window_fields };

/* One of rpm and speed_kmh is there. */
#define X_FIELDS                                                                        \
  { "rpm", DYNO_ANY_NUMBER, DYNO_OPTIONAL | DYNO_NULLABLE, "Engine speed" },            \
  { "speed_kmh", DYNO_ANY_NUMBER, DYNO_OPTIONAL | DYNO_NULLABLE, "Speed of the drum" }

#define IDENTITY_FIELDS                                                                 \
  { "run_id", DYNO_ID ("run"), DYNO_NULLABLE, "The run" },                              \
  { "name", DYNO_ANY_TEXT, 0, "Its title" },                                            \
  { "group", DYNO_WORD ("before|after"), 0, "Which side of the comparison" }

#define AREA_FIELDS                                                                     \
  DYNO_FIGURE ("mean_kw", "Mean difference of power"),                                  \
  DYNO_FIGURE ("area_gain_pct", "Of the area below the curve"),                         \
  DYNO_FIGURE ("mean_nm", "Mean difference of torque")

static const DynoField series_point_fields[] = {
  X_FIELDS,
  DYNO_FIGURE ("time_s", "From the beginning of the curve"),
  DYNO_FIGURE ("power_kw", "Power, corrected"),
  DYNO_FIGURE ("torque_nm", "Torque, corrected"),
  DYNO_FIGURE ("afr", "Measured mixture"),
  DYNO_FIGURE ("map_kpa", "Manifold pressure"),
  { NULL }
};
static const DynoSchema series_point_schema = { "ComparePoint", "A point of a compared curve",
                                                series_point_fields };

static const DynoField series_fields[] = {
  IDENTITY_FIELDS,
  DYNO_FIGURE ("peak_power_kw", "Greatest power"),
  DYNO_FIGURE ("peak_power_rpm", "Engine speed there"),
  DYNO_FIGURE ("peak_torque_nm", "Greatest torque"),
  DYNO_FIGURE ("peak_torque_rpm", "Engine speed there"),
  { "correction", DYNO_OBJECT (&dyno_correction_schema), 0, "How it was corrected" },
  { "points", DYNO_LIST (DYNO_OBJECT (&series_point_schema)), 0, "The curve" },
  { NULL }
};
static const DynoSchema series_schema = { "CompareSeries", "One of the curves", series_fields };

static const DynoField third_fields[] = {
  DYNO_FIGURE ("from", "Where it begins"),
  DYNO_FIGURE ("to", "Where it ends"),
  AREA_FIELDS,
  { NULL }
};
static const DynoSchema third_schema = { "CompareThird", "A third of the range", third_fields };

static const DynoField extreme_fields[] = {
  DYNO_FIGURE ("power_kw", "The difference"),
  X_FIELDS,
  { NULL }
};
static const DynoSchema extreme_schema = { "CompareExtreme", "Where a difference is greatest",
                                           extreme_fields };

static const DynoField difference_fields[] = {
  X_FIELDS,
  DYNO_FIGURE ("power_kw", "Difference of power"),
  DYNO_FIGURE ("power_pct", "Likewise, in percent"),
  DYNO_FIGURE ("torque_nm", "Difference of torque"),
  DYNO_FIGURE ("torque_pct", "Likewise, in percent"),
  { NULL }
};
static const DynoSchema difference_schema = { "CompareDifference", "A point of a difference",
                                              difference_fields };

static const DynoField delta_fields[] = {
  IDENTITY_FIELDS,
  AREA_FIELDS,
  { "thirds", DYNO_LIST (DYNO_OBJECT (&third_schema)), 0, "Low, middle, top" },
  { "max_gain", DYNO_OBJECT (&extreme_schema), 0, "Where it makes most more" },
  { "max_loss", DYNO_OBJECT (&extreme_schema), 0, "Where it makes most less" },
  { "points", DYNO_LIST (DYNO_OBJECT (&difference_schema)), 0, "The difference" },
  { NULL }
};
static const DynoSchema delta_schema = { "CompareDelta", "A run against the baseline",
                                         delta_fields };

static const DynoField warning_fields[] = {
  { "code", DYNO_ANY_TEXT, 0, "A word" },
  { "text", DYNO_ANY_TEXT, 0, "A sentence" },
  { NULL }
};
static const DynoSchema warning_schema = { "CompareWarning", "What is to be known", warning_fields };

static const DynoField compare_fields[] = {
  { "x", DYNO_WORD ("rpm|speed"), 0, "What stands below the curves" },
  { "window", DYNO_OBJECT (&window_schema), 0, "The common range" },
  { "standard", DYNO_WORD (DYNO_CORRECTIONS), 0, "The correction of all" },
  { "smoothing", DYNO_INTEGER (0, 5), 0, "Level of smoothing" },
  { "baseline", DYNO_COUNT, 0, "Index of the baseline in series" },
  { "series", DYNO_LIST (DYNO_OBJECT (&series_schema)), 0, "The curves" },
  { "delta", DYNO_LIST (DYNO_OBJECT (&delta_schema)), 0, "All others against the baseline" },
  DYNO_FIGURE ("area_gain_pct", "Of the others against the baseline, below the curve"),
  { "repeatability", DYNO_MAP (3, DYNO_ANY), 0, "all, before, after: how well they repeat" },
  { "gain", DYNO_MAP (40, DYNO_ANY), 0, "The test whether the gain is real" },
  { "verdict", DYNO_ANY_TEXT, 0, "What it says, in a word" },
  { "sentence", DYNO_ANY_TEXT, 0, "In a sentence" },
  { "warnings", DYNO_LIST (DYNO_OBJECT (&warning_schema)), 0, "What is to be known" },
  { NULL }
};
static const DynoSchema compare_schema = { "Comparison", "Runs over each other", compare_fields };

static void
reply_compare (DynoRequest *request,
               DynoCompare *compare)
{
  DynoJsonWriter *w = dyno_json_writer_new (FALSE);

  dyno_shape_compare (w, compare, 0);
  dyno_reply_json (request, w);
}

DYNO_API_ANSWER (runs_compared, DynoCompare, dyno_compare_finish, reply_compare)

/* −1 where it is left to the shop. FALSE: it is none of them. */
static gboolean
find_baseline (char       **run_ids,
               const char  *baseline_id,
               int         *baseline)
{
  *baseline = -1;
  for (int i = 0; baseline_id != NULL && run_ids[i] != NULL; i++)
    {
      if (g_str_equal (run_ids[i], baseline_id))
        *baseline = i;
    }

  return baseline_id == NULL || *baseline >= 0;
}

static void
choose_look (DynoRequest      *request,
             DynoPowerOptions *options)
{
  const char *standard = dyno_request_text (request, "correction");

  dyno_pull_power_defaults (dyno_request_get_shop (request), options);
  if (standard != NULL)
    dyno_standard_find (standard, &options->standard);
  if (dyno_request_has (request, "smoothing"))
    options->level = (guint) dyno_request_integer (request, "smoothing");
}

static void
refuse_baseline (DynoRequest *request)
{
  g_autoptr(DynoFlaws) flaws = dyno_flaws_new ();

  dyno_flaws_add (flaws, "/baseline_id", "value", "The baseline is one of the runs.");
  dyno_reply_problem (request, &(DynoProblem) { .code = "VALIDATION_ERROR", .flaws = flaws });
}

static void
compare_runs (DynoRequest *request)
{
  g_auto(GStrv) run_ids = dyno_request_texts (request, "run_ids");
  DynoCompareRequest *wanted;
  int baseline;

  if (!find_baseline (run_ids, dyno_request_text (request, "baseline_id"), &baseline))
    {
      refuse_baseline (request);
      return;
    }

  wanted = dyno_compare_request_new ();
  for (guint i = 0; run_ids[i] != NULL; i++)
    dyno_compare_request_add_run (wanted, run_ids[i], FALSE);
  wanted->baseline = baseline;
  dyno_compare_x_find (dyno_request_text (request, "x"), &wanted->x);
  wanted->has_options = TRUE;
  choose_look (request, &wanted->options);
  DYNO_API_ASK (request, runs_compared, dyno_compare_async, wanted);
}

/* What leaves the house is told to the audit. */
static void
tell_export (DynoRequest *request,
             const char  *format)
{
  DynoJsonWriter *w = dyno_json_writer_new (FALSE);
  g_autofree char *details = NULL;

  dyno_json_writer_begin_object (w);
  dyno_json_writer_add_string (w, "format", format);
  dyno_json_writer_add_boolean (w, "redacted", dyno_request_boolean (request, "redact"));
  dyno_json_writer_end_object (w);
  details = dyno_json_writer_finish (w);
  dyno_asker_push (dyno_request_get_asker (request));
  dyno_audit_tell_async (dyno_request_get_shop (request), DYNO_AUDIT_RUN_EXPORTED, "run",
                         dyno_request_text (request, "id"), details, NULL, NULL, NULL);
  dyno_asker_pop (dyno_request_get_asker (request));
}

/* The report */

static const DynoField report_query[] = {
  { "units", DYNO_WORD ("si|us"), 0, "Units of the sheet; else those of the shop" },
  { "pages", DYNO_WORD ("1|full"), 0, "One page, or all that was found", "1" },
  { "baseline_id", DYNO_ID ("run"), 0, "Compare with this run" },
  { "paper", DYNO_WORD ("a4|letter"), 0, "Size of the paper", "a4" },
  { "correction", DYNO_WORD (DYNO_CORRECTIONS), 0, "By which standard; else that of the shop" },
  { "smoothing", DYNO_INTEGER (0, 5), 0, "Level of smoothing; else that of the shop" },
  { "redact", DYNO_BOOLEAN, 0, "Without customer, plate, VIN and notes", "false" },
  { NULL }
};

static void
reply_report (DynoRequest *request,
              DynoReport  *report)
{
  tell_export (request, "report");
  dyno_reply_bytes (request, "application/pdf", report->name, report->pdf);
}

DYNO_API_ANSWER (report_made, DynoReport, dyno_report_finish, reply_report)

static gboolean
is_word (DynoRequest *request,
         const char  *name,
         const char  *word)
{
  return g_strcmp0 (dyno_request_text (request, name), word) == 0;
}

static void
choose_sheet (DynoRequest       *request,
              DynoReportRequest *wanted)
{
  const char *standard = dyno_request_text (request, "correction");

  wanted->form = is_word (request, "pages", "full") ? DYNO_SHEET_FULL : DYNO_SHEET_PAGE;
  wanted->size = is_word (request, "paper", "letter") ? DYNO_PAPER_LETTER : DYNO_PAPER_A4;
  wanted->has_units = dyno_request_has (request, "units");
  wanted->units = is_word (request, "units", "us") ? DYNO_UNITS_US : DYNO_UNITS_METRIC;
  wanted->has_standard = standard != NULL;
  if (standard != NULL)
    dyno_standard_find (standard, &wanted->standard);
  wanted->level = dyno_request_has (request, "smoothing")
                    ? (int) dyno_request_integer (request, "smoothing") : -1;
  wanted->is_redacted = dyno_request_boolean (request, "redact");
}

static void
get_report (DynoRequest *request)
{
  const char *baseline = dyno_request_text (request, "baseline_id");
  DynoReportRequest *wanted = dyno_report_request_new ();

  choose_sheet (request, wanted);
  dyno_report_request_add_run (wanted, dyno_request_text (request, "id"));
  wanted->baseline = baseline != NULL ? 1 : -1;
  if (baseline != NULL)
    dyno_report_request_add_run (wanted, baseline);
  DYNO_API_ASK (request, report_made, dyno_report_async, wanted, NULL);
}

/* Exports */

static const DynoField export_query[] = {
  { "format", DYNO_WORD ("csv|json|text|pvv|png|svg|pdf|archive|pcap"), 0, "As what", "csv" },
  { "chart", DYNO_TEXT (1, 200), 0, "Which chart: power, ve or a channel; ve also as csv and text" },
  { "rate", DYNO_TEXT (1, 20), 0, "native, or rows at this rate in Hz", "native" },
  { "mean", DYNO_BOOLEAN, 0, "Means of what is finer than the rate", "false" },
  { "decimals", DYNO_WORD ("0|1|2|3|4|5|6|7|8|9|full"), 0, "Of all numbers; else by the unit" },
  { "units", DYNO_WORD ("si|us|source"), 0, "Units", "si" },
  { "bom", DYNO_BOOLEAN, 0, "Begin a CSV with a byte order mark", "false" },
  { "decimal_comma", DYNO_BOOLEAN, 0, "Comma in numbers, ; between cells", "false" },
  { "preamble", DYNO_BOOLEAN, 0, "Begin a CSV with lines of # key: value", "false" },
  { "scale", DYNO_INTEGER (1, 4), 0, "A PNG so many times as large", "1" },
  { "holes", DYNO_WORD ("blank"), 0, "Allow cells without data in text of ve" },
  { "fill", DYNO_WORD ("neutral"), 0, "No change in cells without data of pvv" },
  { "redact", DYNO_BOOLEAN, 0, "Without customer, plate, VIN, notes and source", "false" },
  { NULL }
};

static void
reply_export (DynoRequest       *request,
              DynoExportOutcome *outcome)
{
  tell_export (request, dyno_request_text (request, "format"));
  dyno_reply_bytes (request, outcome->type, outcome->name, outcome->bytes);
}

DYNO_API_ANSWER (export_made, DynoExportOutcome, dyno_export_finish, reply_export)

static void
choose_decimals (DynoRequest   *request,
                 DynoExportCsv *csv)
{
  const char *word = dyno_request_text (request, "decimals");

  if (word == NULL)
    return;
  csv->has_decimals = TRUE;
  csv->decimals = g_str_equal (word, "full") ? DYNO_EXPORT_FULL : g_ascii_digit_value (*word);
}

static void
choose_csv (DynoRequest   *request,
            DynoExportCsv *csv)
{
  csv->is_mean = dyno_request_boolean (request, "mean");
  csv->units = (DynoExportUnits) dyno_export_units_find (dyno_request_text (request, "units"));
  csv->has_bom = dyno_request_boolean (request, "bom");
  csv->is_decimal_comma = dyno_request_boolean (request, "decimal_comma");
  choose_decimals (request, csv);
}

static DynoExportRequest *
make_export (DynoRequest *request)
{
  DynoExportRequest *wanted = dyno_export_request_new ();

  wanted->run_id = g_strdup (dyno_request_text (request, "id"));
  wanted->format
    = (DynoExportFormat) dyno_export_format_find (dyno_request_text (request, "format"));
  wanted->chart = g_strdup (dyno_request_text (request, "chart"));
  wanted->has_preamble = dyno_request_boolean (request, "preamble");
  wanted->scale = (guint) dyno_request_integer (request, "scale");
  wanted->may_have_holes = dyno_request_has (request, "holes");
  wanted->fills_holes = dyno_request_has (request, "fill");
  wanted->is_redacted = dyno_request_boolean (request, "redact");
  choose_csv (request, &wanted->csv);

  return wanted;
}

static void
get_export (DynoRequest *request)
{
  g_autoptr(DynoExportRequest) wanted = make_export (request);
  g_autoptr(DynoFlaws) flaws = NULL;

  if (dyno_export_csv_find_rate (dyno_request_text (request, "rate"), &wanted->csv.step_s))
    {
      DYNO_API_ASK (request, export_made, dyno_export_async, g_steal_pointer (&wanted));
      return;
    }
  flaws = dyno_flaws_new ();
  dyno_flaws_add (flaws, "?rate", "value", "The rate is native or from 0.0167 to 1000 Hz.");
  dyno_reply_problem (request, &(DynoProblem) { .code = "VALIDATION_ERROR", .flaws = flaws });
}

/* The rows */

#define EXPORT_MEDIA                                                                    \
  "text/csv|application/json|text/plain|application/xml|image/png|image/svg+xml|"       \
  "application/pdf|application/gzip|application/vnd.tcpdump.pcap"

static const DynoRoute rows[] = {
  DYNO_ROUTE (DYNO_POST, "/api/v1/runs/compare", DYNO_MAY (RUNS_READ), compare_runs,
              .limit = DYNO_CLASS (READ), .body = compare_body, .reply = &compare_schema,
              .deadline_s = 30, .summary = "Runs over each other"),
  DYNO_ROUTE (DYNO_GET, "/api/v1/runs/{id}/export", DYNO_MAY (RUNS_READ), get_export,
              .args = dyno_run_args, .query = export_query, .priority = DYNO_RANK (HEAVY),
              .deadline_s = 60, .reply_media = EXPORT_MEDIA,
              .summary = "A run for other programs",
              .description = "An attachment. Same run and options, same bytes."),
  DYNO_ROUTE (DYNO_GET, "/api/v1/runs/{id}/report", DYNO_MAY (RUNS_READ), get_report,
              .args = dyno_run_args, .query = report_query, .priority = DYNO_RANK (HEAVY),
              .deadline_s = 60, .reply_media = "application/pdf",
              .summary = "The sheet for the customer, with the run inside"),
};

const DynoRouteTable dyno_api_run_papers = {
  "Comparisons, reports, exports", "What is made of runs.", rows, G_N_ELEMENTS (rows)
};
