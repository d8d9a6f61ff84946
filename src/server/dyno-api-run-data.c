/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

/* What was measured in runs: samples, curves, files, and what became of each row. */

#include "config.h"

#include <math.h>

#include "dyno-api-ask.h"
#include "dyno-api-list.h"
#include "dyno-api-run-fields.h"
#include "dyno-run-file.h"
#include "dyno-run-ledger.h"
#include "dyno-run-samples.h"
#include "dyno-shape-curve.h"
#include "dyno-shape-run-view.h"

/* Files */

static const char *
file_id (gconstpointer item)
{
  return ((const DynoRunFile *) item)->id;
}

static void
shape_file (DynoJsonWriter *w,
            gconstpointer   item)
{
  dyno_shape_run_file (w, item);
}

static void
reply_files (DynoRequest   *request,
             DynoRunDetail *detail)
{
  dyno_api_list_reply (request, detail->files, file_id, shape_file);
}

DYNO_API_ANSWER (files_listed, DynoRunDetail, dyno_runbook_get_finish, reply_files)

static void
list_files (DynoRequest *request)
{
  DYNO_API_ASK (request, files_listed, dyno_runbook_get_async, dyno_request_text (request, "id"));
}

static void
reply_file (DynoRequest       *request,
            DynoRunFileOpened *opened)
{
  dyno_reply_stream (request, "application/octet-stream", opened->file->name, opened->stream);
}

DYNO_API_ANSWER (file_opened, DynoRunFileOpened, dyno_run_file_open_finish, reply_file)

static void
get_file (DynoRequest *request)
{
  DYNO_API_ASK (request, file_opened, dyno_run_file_open_async, dyno_request_text (request, "id"),
                dyno_request_text (request, "fid"));
}

/* Samples */

static const DynoField samples_query[] = {
  { "channels", DYNO_ARRAY_OF (1, DYNO_RUN_SAMPLES_MOST_CHANNELS, DYNO_TEXT (1, 200)), 0,
    "Names, a comma between; else the canonical ones that the run has" },
  { "from_s", DYNO_ANY_NUMBER, 0, "Not what was before, in seconds of the run" },
  { "to_s", DYNO_ANY_NUMBER, 0, "Not what came later" },
  { "max_points", DYNO_INTEGER (DYNO_RUN_SAMPLES_FEWEST_POINTS, DYNO_RUN_SAMPLES_MOST_POINTS), 0,
    "How many points at most", "2000" },
  { "format", DYNO_WORD ("json|csv"), 0, "As what", "json" },
  { NULL }
};

static const DynoField gap_fields[] = {
  DYNO_FIGURE ("from_s", "Where it begins"),
  DYNO_FIGURE ("to_s", "Where it ends"),
  DYNO_FIGURE ("lost", "How many messages are missing"),
  { NULL }
};
static const DynoSchema gap_schema = { "RunGap", "A stretch without samples", gap_fields };

static const DynoField samples_fields[] = {
  { "t_s", DYNO_LIST (DYNO_ANY_NUMBER), 0, "Times of the points" },
  { "channels", DYNO_MAP (64, DYNO_ANY), 0,
    "By name a list as long as t_s, in SI, with null for missing; null for a channel that the run "
    "does not have" },
  { "gaps", DYNO_LIST (DYNO_OBJECT (&gap_schema)), 0, "Where something is missing" },
  { NULL }
};
static const DynoSchema samples_schema = { "RunSamples", "Samples of a run", samples_fields };

static void
reply_samples (DynoRequest    *request,
               DynoRunSamples *samples)
{
  DynoJsonWriter *w;

  if (g_str_equal (dyno_request_text (request, "format"), "csv"))
    {
      g_autofree char *name = g_strconcat (dyno_request_text (request, "id"), ".csv", NULL);
      g_autoptr(GBytes) bytes = dyno_run_samples_csv (samples);

      dyno_reply_bytes (request, "text/csv; charset=utf-8", name, bytes);
      return;
    }

  w = dyno_json_writer_new (FALSE);
  dyno_run_samples_shape (w, samples);
  dyno_reply_json (request, w);
}

DYNO_API_ANSWER (samples_read, DynoRunSamples, dyno_run_samples_finish, reply_samples)

static void
get_samples (DynoRequest *request)
{
  g_auto(GStrv) channels = dyno_request_texts (request, "channels");
  DynoRunSamplesWanted wanted = { channels, dyno_request_number (request, "from_s"),
                                  dyno_request_number (request, "to_s"),
                                  (guint) dyno_request_integer (request, "max_points") };

  DYNO_API_ASK (request, samples_read, dyno_run_samples_async, dyno_request_text (request, "id"),
                &wanted);
}

/* Power */

static const DynoField power_query[] = {
  { "correction", DYNO_WORD (DYNO_CORRECTIONS), 0, "By which standard; else that of the shop" },
  { "smoothing", DYNO_INTEGER (0, 5), 0, "Level of smoothing", "2" },
  { "x", DYNO_WORD (DYNO_CURVE_AXES), 0, "What the points are even in", "rpm" },
  { NULL }
};

static const DynoField point_fields[] = {
  DYNO_FIGURE ("rpm", "Engine speed"),
  DYNO_FIGURE ("speed_kmh", "Speed of the drum"),
  DYNO_FIGURE ("time_s", "From the beginning of the pull"),
  DYNO_FIGURE ("distance_m", "Likewise, on the drum"),
  DYNO_FIGURE ("power_kw", "Power, corrected"),
  DYNO_FIGURE ("torque_nm", "Torque, corrected"),
  DYNO_FIGURE ("afr", "Measured mixture"),
  DYNO_FIGURE ("map_kpa", "Manifold pressure"),
  { NULL }
};
static const DynoSchema point_schema = { "CurvePoint", "A point of a power curve", point_fields };

static const DynoField power_fields[] = {
  { "x", DYNO_WORD (DYNO_CURVE_AXES), 0, "What the points are even in" },
  { "curve", DYNO_LIST (DYNO_OBJECT (&point_schema)), 0,
    "A point every 50 rpm, 1 km/h, 0.05 s or 1 m" },
  { "peaks", DYNO_OBJECT (&dyno_run_peaks_schema), 0, "Peaks of the curve" },
  { "correction", DYNO_OBJECT (&dyno_correction_schema), 0, "How it was corrected" },
  { "no_curve", DYNO_ANY_TEXT, DYNO_NULLABLE, "Why there is none" },
  { "smoothing", DYNO_INTEGER (0, 5), 0, "Level of smoothing" },
  { "warnings", DYNO_LIST (DYNO_ANY_TEXT), 0, "What is to be known of it" },
  { NULL }
};
static const DynoSchema power_schema = { "RunPower", "The power curve of a run", power_fields };

static void
reply_power (DynoRequest   *request,
             DynoPullPower *power)
{
  DynoJsonWriter *w = dyno_json_writer_new (FALSE);
  DynoCurveAxis axis = DYNO_CURVE_OVER_RPM;

  dyno_curve_axis_find (dyno_request_text (request, "x"), &axis);
  dyno_shape_curve (w, power, axis);
  dyno_reply_json (request, w);
}

DYNO_API_ANSWER (power_made, DynoPullPower, dyno_pull_power_finish, reply_power)

static void
get_power (DynoRequest *request)
{
  const char *standard = dyno_request_text (request, "correction");
  DynoPowerOptions options;

  dyno_pull_power_defaults (dyno_request_get_shop (request), &options);
  if (standard != NULL)
    dyno_standard_find (standard, &options.standard);
  options.level = (guint) dyno_request_integer (request, "smoothing");
  DYNO_API_ASK (request, power_made, dyno_pull_power_run_async, dyno_request_text (request, "id"),
                &options);
}

/* Decisions */

static const DynoField replay_query[] = {
  { "cell", DYNO_ARRAY_OF (2, 2, DYNO_ANY_NUMBER), 0,
    "Only what counts for the cell nearest to this point: rpm,kPa" },
  { "cylinder", DYNO_WORD ("front|rear"), 0, "Only of this cylinder" },
  { NULL }
};

static const DynoField cell_fields[] = {
  { "rpm", DYNO_ANY_NUMBER, 0, "Engine speed" },
  { "map_kpa", DYNO_ANY_NUMBER, 0, "Manifold pressure" },
  { NULL }
};
static const DynoSchema cell_schema = { "DecisionCell", "A cell of a table", cell_fields };

static const DynoField values_fields[] = {
  DYNO_FIGURE ("t_s", "When the mixture was read, in seconds of the run"),
  DYNO_FIGURE ("delay_ms", "How long it was on its way to the sensor"),
  DYNO_FIGURE ("rpm", "Engine speed when it was made"),
  DYNO_FIGURE ("map_kpa", "Manifold pressure then"),
  DYNO_FIGURE ("afr", "The mixture"),
  DYNO_FIGURE ("target_afr", "What it should have been"),
  DYNO_FIGURE ("factor", "Fuel that it asks for; null where it does not count"),
  { NULL }
};
static const DynoSchema values_schema = { "DecisionValues", "What a decision was made of",
                                          values_fields };

static const DynoField decision_fields[] = {
  { "seq", DYNO_COUNT, 0, "1, 2, 3 … of what was asked for" },
  { "action", DYNO_WORD ("accepted|rejected"), 0, "Whether the reading counts for a cell" },
  { "reason", DYNO_ANY_TEXT, 0, "Which rule decided it" },
  { "cell", DYNO_OBJECT (&cell_schema), DYNO_NULLABLE, "The cell it counts for" },
  { "cylinder", DYNO_WORD ("front|rear"), 0, "The cylinder" },
  { "values", DYNO_OBJECT (&values_schema), 0, "What it was made of" },
  { NULL }
};
static const DynoSchema decision_schema = { "Decision", "What became of a reading, and why",
                                            decision_fields };

static void
reply_replay (DynoRequest   *request,
              DynoRunLedger *ledger)
{
  DynoJsonWriter *w = dyno_reply_page_begin (request);
  g_autofree char *next = NULL;
  guint n = ledger->page != NULL ? ledger->page->samples->len : 0;

  for (guint i = 0; i < n; i++)
    dyno_run_ledger_shape (w, ledger, i);
  if (n > 0 && ledger->page->query.offset + n < ledger->page->n_lines)
    next = g_strdup_printf ("%" G_GUINT64_FORMAT, ledger->page->query.offset + n);
  dyno_reply_page_end (request, w, next);
}

DYNO_API_ANSWER (ledger_read, DynoRunLedger, dyno_run_ledger_finish, reply_replay)

static void
get_replay (DynoRequest *request)
{
  g_auto(GStrv) cell = dyno_request_texts (request, "cell");
  const char *cylinder = dyno_request_text (request, "cylinder");
  const char *offset = dyno_request_get_cursor (request);
  DynoRunLedgerWanted wanted = { .rpm = NAN, .map_kpa = NAN };

  if (cell != NULL)
    {
      wanted.rpm = g_ascii_strtod (cell[0], NULL);
      wanted.map_kpa = g_ascii_strtod (cell[1], NULL);
    }
  if (cylinder != NULL)
    wanted.cylinders = g_str_equal (cylinder, "front") ? 1 : 2;
  wanted.offset = offset != NULL ? g_ascii_strtoull (offset, NULL, 10) : 0;
  wanted.limit = dyno_request_get_limit (request);
  DYNO_API_ASK (request, ledger_read, dyno_run_ledger_async, dyno_request_text (request, "id"),
                &wanted);
}

/* The rows */

static const DynoField file_args[] = {
  { "id", DYNO_ID ("run"), DYNO_REQUIRED, "The run" },
  { "fid", DYNO_ID ("file"), DYNO_REQUIRED, "The file" },
  { NULL }
};

static const DynoRoute rows[] = {
  DYNO_ROUTE (DYNO_GET, "/api/v1/runs/{id}/files", DYNO_MAY (RUNS_READ), list_files,
              .args = dyno_run_args, .flags = DYNO_ROUTE_PAGE, .reply = &dyno_run_file_schema,
              .summary = "Files of a run"),
  DYNO_ROUTE (DYNO_GET, "/api/v1/runs/{id}/files/{fid}", DYNO_MAY (RUNS_READ), get_file,
              .args = file_args, .reply_media = "application/octet-stream",
              .summary = "A file of a run, unchanged"),
  DYNO_ROUTE (DYNO_GET, "/api/v1/runs/{id}/power", DYNO_MAY (RUNS_READ), get_power,
              .args = dyno_run_args, .query = power_query, .reply = &power_schema,
              .summary = "The power curve of a run"),
  DYNO_ROUTE (DYNO_GET, "/api/v1/runs/{id}/replay", DYNO_MAY (RUNS_READ), get_replay,
              .args = dyno_run_args, .flags = DYNO_ROUTE_PAGE, .query = replay_query,
              .deadline_s = 60, .reply = &decision_schema,
              .summary = "What its newest analysis decided, reading by reading",
              .description = "Empty for a run that was never analysed."),
  DYNO_ROUTE (DYNO_GET, "/api/v1/runs/{id}/samples", DYNO_MAY (RUNS_READ), get_samples,
              .args = dyno_run_args, .query = samples_query, .reply = &samples_schema,
              .reply_media = "text/csv", .summary = "Samples of a run",
              .description = "Where there are more rows than points, two points stand for a "
                             "bucket of rows: its least and its greatest reading."),
};

const DynoRouteTable dyno_api_run_data = {
  "Run data", "What was measured in runs.", rows, G_N_ELEMENTS (rows)
};
