/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

/* VE analyses: begun as jobs, and what came of them. */

#include "config.h"

#include "dyno-api-ask.h"
#include "dyno-analyse-story.h"
#include "dyno-analyse.h"
#include "dyno-crypt.h"
#include "dyno-shape-analysis.h"

/* What goes over the wire */

static const DynoField begun_fields[] = {
  { "analysis_id", DYNO_ID ("ana"), 0, "That the result will have" },
  { "job_id", DYNO_ID ("job"), 0, "The job" },
  { "status", DYNO_WORD ("queued"), 0, "It is on its way" },
  { NULL }
};
static const DynoSchema begun_schema = { "AnalysisBegun", "An analysis that has begun",
                                         begun_fields };

static const DynoField grid_fields[] = {
  { "rpm", DYNO_LIST (DYNO_ANY_NUMBER), 0, "Engine speeds, 1/min: the rows" },
  { "map_kpa", DYNO_LIST (DYNO_ANY_NUMBER), 0, "Pressures, kPa absolute: the columns" },
  { NULL }
};
static const DynoSchema grid_schema = { "AnalysisGrid", "Axes of an analysis", grid_fields };

#define CELLS DYNO_LIST (DYNO_LIST (DYNO_ANY))

static const DynoField cylinder_fields[] = {
  { "correction", CELLS, 0, "% of fuel; null: no data" },
  { "afr_error", CELLS, 0, "Measured less wanted, AFR; null: no data" },
  { "hits", CELLS, 0, "Samples" },
  { "confidence", CELLS, 0, "high, medium or low; null: no data" },
  { "zone", CELLS, 0, "Part of the map" },
  { NULL }
};
static const DynoSchema cylinder_schema = { "AnalysisCylinder", "Cells, a row an engine speed",
                                            cylinder_fields };

static const DynoField analysis_fields[] = {
  { "id", DYNO_ID ("ana"), 0, "Id" },
  { "run_ids", DYNO_LIST (DYNO_ID ("run")), 0, "Its runs, in their order" },
  { "math_version", DYNO_ANY_TEXT, 0, "Of the mathematics" },
  { "fingerprint", DYNO_ANY_TEXT, 0, "Of inputs, options, mathematics and result" },
  { "options", DYNO_MAP (100, DYNO_ANY), 0, "All of them, as they counted" },
  { "grid", DYNO_OBJECT (&grid_schema), 0, "Axes" },
  { "front", DYNO_OBJECT (&cylinder_schema), DYNO_NULLABLE, "Null without a sensor" },
  { "rear", DYNO_OBJECT (&cylinder_schema), DYNO_NULLABLE, "Null without a sensor" },
  { "rejected", DYNO_MAP (100, DYNO_COUNT), 0, "Samples that count for nothing, by reason" },
  { "delay_ms", DYNO_MAP (2, DYNO_ANY), DYNO_NULLABLE, "The way of the mixture to its sensors" },
  { "grade", DYNO_ANY_TEXT, DYNO_NULLABLE, "A to D" },
  { "anomalies", DYNO_LIST (DYNO_MAP (20, DYNO_ANY)), 0, "What looks wrong in the data" },
  { "warnings", DYNO_LIST (DYNO_MAP (20, DYNO_ANY)), 0, "What is to be known of it" },
  { "created_at", DYNO_TIME, 0, "Made" },
  { NULL }
};
static const DynoSchema analysis_schema = { "Analysis", "What an analysis found",
                                            analysis_fields };

static const DynoField section_fields[] = {
  { "analysis_id", DYNO_ID ("ana"), 0, "The analysis" },
  { "section", DYNO_ANY_TEXT, 0, "Which part" },
  { "available", DYNO_BOOLEAN, 0, "Whether the data allowed a look" },
  { "findings", DYNO_LIST (DYNO_MAP (20, DYNO_ANY)), 0, "What was found, with cells and numbers" },
  { "missing", DYNO_LIST (DYNO_ANY_TEXT), 0, "What it would have taken" },
  { "spark", DYNO_MAP (2, DYNO_ANY), DYNO_NULLABLE, "Of the section spark: timing and knock" },
  { NULL }
};
static const DynoSchema section_schema = { "AnalysisSection", "A part of an analysis",
                                           section_fields };

static const DynoField story_sample_fields[] = {
  { "run", DYNO_COUNT, 0, "From 1" },
  { "row", DYNO_COUNT, 0, "From 1" },
  { "t_s", DYNO_ANY_NUMBER, DYNO_NULLABLE, "Time in the run" },
  { "rpm", DYNO_ANY_NUMBER, DYNO_NULLABLE, "Engine speed" },
  { "map_kpa", DYNO_ANY_NUMBER, DYNO_NULLABLE, "Pressure" },
  { "weight", DYNO_ANY_NUMBER, DYNO_NULLABLE, "What it counts for" },
  { "factor", DYNO_ANY_NUMBER, DYNO_NULLABLE, "Of fuel" },
  { NULL }
};
static const DynoSchema story_sample_schema = { "CellSample", "A sample of a cell",
                                                story_sample_fields };

#define FIGURE(name, meaning) { (name), DYNO_ANY_NUMBER, DYNO_NULLABLE, (meaning) }

static const DynoField story_fields[] = {
  { "cylinder", DYNO_WORD ("front|rear"), 0, "Whose" },
  { "rpm", DYNO_ANY_NUMBER, 0, "Of the cell" },
  { "map_kpa", DYNO_ANY_NUMBER, 0, "Of the cell" },
  { "seen", DYNO_COUNT, 0, "Samples that fell into it" },
  { "hits", DYNO_COUNT, 0, "Those that count" },
  FIGURE ("factor", "Of fuel"),
  FIGURE ("raw", "%, as measured"),
  FIGURE ("smoothed", "%, with its neighbours"),
  FIGURE ("correction", "%, within its limit"),
  FIGURE ("limit", "%"),
  FIGURE ("standard_error", "%"),
  FIGURE ("spread", "%"),
  FIGURE ("mean_afr", "Measured"),
  FIGURE ("mean_target", "Wanted"),
  { "zone", DYNO_ANY_TEXT, 0, "Part of the map" },
  { "confidence", DYNO_ANY_TEXT, DYNO_NULLABLE, "How sure it is" },
  { "cell_reason", DYNO_ANY_TEXT, DYNO_NULLABLE, "A word" },
  { "sentence", DYNO_ANY_TEXT, 0, "All of it in words" },
  { "rejected", DYNO_MAP (100, DYNO_COUNT), 0, "Samples that do not count, by reason" },
  { "samples", DYNO_LIST (DYNO_OBJECT (&story_sample_schema)), 0, "Those that count" },
  { NULL }
};
static const DynoSchema story_schema = { "CellStory", "How a cell came to its number",
                                         story_fields };

/* Beginning */

static char *
text_of (const DynoJson *value)
{
  DynoJsonWriter *w = dyno_json_writer_new (FALSE);

  dyno_json_writer_value (w, value);

  return dyno_json_writer_finish (w);
}

static gboolean
take_options (const DynoJson      *options,
              DynoAnalyseRequest  *analyse,
              GError             **error)
{
  g_autoptr(GPtrArray) names = dyno_json_names (options);

  for (guint i = 0; i < names->len; i++)
    {
      g_autofree char *value = text_of (dyno_json_member (options, names->pdata[i]));

      if (!dyno_analyse_request_set (analyse, names->pdata[i], value, error))
        return FALSE;
    }
  if (!dyno_analyse_request_is_legacy (analyse))
    return TRUE;

  dyno_error_set (error, DYNO_ERROR_INVALID, NULL,
                  "Results of the legacy mathematics are made by dynoctl alone.");

  return FALSE;
}

/* NULL, and answered, for options that cannot be. (transfer full) */
static DynoAnalyseRequest *
make_analyse (DynoRequest *request)
{
  g_autoptr(DynoAnalyseRequest) analyse = dyno_analyse_request_new ();
  g_auto(GStrv) run_ids = dyno_request_texts (request, "run_ids");
  g_autoptr(GError) error = NULL;

  for (char **id = run_ids; *id != NULL; id++)
    dyno_analyse_request_add_run (analyse, *id);
  for (guint i = 0; i < DYNO_VE_CYLINDERS; i++)
    analyse->bases[i] = g_strdup (dyno_request_text (request, "table_id"));
  if (take_options (dyno_request_value (request, "options"), analyse, &error))
    return g_steal_pointer (&analyse);

  dyno_reply_error (request, error);

  return NULL;
}

/* It goes on when the client has left, and tells everybody how it ended. */
static void
post_analysis (DynoRequest *request)
{
  DynoAnalyseRequest *analyse = make_analyse (request);
  g_autofree char *id = dyno_crypt_new_id ("ana");
  g_autofree char *job_id = NULL;
  DynoJsonWriter *w;

  if (analyse == NULL)
    return;
  analyse->id = g_strdup (id);
  dyno_analyse_async (dyno_request_get_shop (request), analyse, &job_id, NULL, NULL, NULL);
  w = dyno_json_writer_new (FALSE);
  dyno_json_writer_begin_object (w);
  dyno_json_writer_add_string (w, "analysis_id", id);
  dyno_json_writer_add_string (w, "job_id", job_id);
  dyno_json_writer_add_string (w, "status", "queued");
  dyno_json_writer_end_object (w);
  dyno_reply_job (request, job_id, w);
}

/* Reading */

static void
reply_damaged (DynoRequest    *request,
               DynoJsonWriter *w)
{
  dyno_json_writer_free (w);
  dyno_reply_refuse (request, "DATA_INTEGRITY_ERROR");
}

static void
reply_analysis (DynoRequest        *request,
                DynoAnalysisRecord *record)
{
  DynoJsonWriter *w = dyno_json_writer_new (FALSE);

  if (!dyno_shape_analysis (w, record))
    {
      reply_damaged (request, w);
      return;
    }
  dyno_reply_tag (request, record->id, 1);
  dyno_reply_json (request, w);
}

DYNO_API_ANSWER (analysis_found, DynoAnalysisRecord, dyno_analyse_load_finish, reply_analysis)

static void
get_analysis (DynoRequest *request)
{
  DYNO_API_ASK (request, analysis_found, dyno_analyse_load_async,
                dyno_request_text (request, "id"));
}

static void
load_newest (DynoRequest *request,
             GPtrArray   *analyses)
{
  if (analyses->len == 0)
    dyno_reply_refuse (request, "NOT_FOUND");
  else
    DYNO_API_ASK (request, analysis_found, dyno_analyse_load_async,
                  ((DynoAnalysisRecord *) g_ptr_array_index (analyses, 0))->id);
}

DYNO_API_ANSWER (analyses_listed, GPtrArray, dyno_analyse_list_finish, load_newest)

static void
get_newest (DynoRequest *request)
{
  DYNO_API_ASK (request, analyses_listed, dyno_analyse_list_async,
                dyno_request_text (request, "id"));
}

static void
reply_section (DynoRequest        *request,
               DynoAnalysisRecord *record)
{
  DynoJsonWriter *w = dyno_json_writer_new (FALSE);

  if (dyno_shape_analysis_section (w, record, dyno_request_text (request, "section")))
    dyno_reply_json (request, w);
  else
    reply_damaged (request, w);
}

DYNO_API_ANSWER (section_found, DynoAnalysisRecord, dyno_analyse_load_finish, reply_section)

static void
get_section (DynoRequest *request)
{
  DYNO_API_ASK (request, section_found, dyno_analyse_load_async,
                dyno_request_text (request, "id"));
}

static void
reply_story (DynoRequest *request,
             GBytes      *story)
{
  DynoJsonWriter *w = dyno_json_writer_new (FALSE);

  dyno_json_writer_raw (w, g_bytes_get_data (story, NULL));
  dyno_reply_json (request, w);
}

DYNO_API_ANSWER (story_told, GBytes, dyno_analyse_story_finish, reply_story)

static void
get_story (DynoRequest *request)
{
  gboolean is_rear = g_str_equal (dyno_request_text (request, "cylinder"), "rear");

  DYNO_API_ASK (request, story_told, dyno_analyse_story_async, dyno_request_text (request, "id"),
                is_rear, dyno_request_number (request, "rpm"),
                dyno_request_number (request, "map_kpa"));
}

/* The rows */

static const DynoField analysis_body[] = {
  { "run_ids", DYNO_ARRAY_OF (1, 20, DYNO_ID ("run")), DYNO_REQUIRED,
    "Analysed as one, in this order" },
  { "table_id", DYNO_ID ("tbl"), 0, "The table that the correction is for" },
  { "options", DYNO_MAP (100, DYNO_ANY), 0,
    "By name; what is not named is as the vehicle and the settings have it" },
  { NULL }
};
static const DynoField analysis_args[] = { DYNO_ID_ARG ("ana", "The analysis"), { NULL } };
static const DynoField run_args[] = { DYNO_ID_ARG ("run", "The run"), { NULL } };
static const DynoField section_args[] = {
  DYNO_ID_ARG ("ana", "The analysis"),
  { "section", DYNO_WORD ("opportunities|heat-soak|transient|causes|spark"), DYNO_REQUIRED,
    "Which part" },
  { NULL }
};
static const DynoField story_query[] = {
  { "rpm", DYNO_NUMBER (0, 30000), DYNO_REQUIRED, "Engine speed: the cell nearest to it" },
  { "map_kpa", DYNO_NUMBER (0, 1000), DYNO_REQUIRED, "Pressure, likewise" },
  { "cylinder", DYNO_WORD ("front|rear"), 0, "Whose", "front" },
  { NULL }
};

static const DynoRoute rows[] = {
  DYNO_ROUTE (DYNO_POST, "/api/v1/analyses", DYNO_MAY (ANALYZE_RUN), post_analysis,
              .limit = DYNO_CLASS (ANALYZE), .body = analysis_body, .status = 202,
              .reply = &begun_schema, .summary = "Begins an analysis"),
  DYNO_ROUTE (DYNO_GET, "/api/v1/analyses/{id}", DYNO_MAY (RUNS_READ), get_analysis,
              .args = analysis_args, .reply = &analysis_schema, .also = DYNO_STATUSES (422),
              .summary = "One analysis"),
  DYNO_ROUTE (DYNO_GET, "/api/v1/analyses/{id}/explain", DYNO_MAY (RUNS_READ), get_story,
              .args = analysis_args, .query = story_query, .reply = &story_schema,
              .summary = "How a cell came to its number"),
  DYNO_ROUTE (DYNO_GET, "/api/v1/analyses/{id}/{section}", DYNO_MAY (RUNS_READ), get_section,
              .args = section_args, .reply = &section_schema, .also = DYNO_STATUSES (422),
              .summary = "A part of an analysis"),
  DYNO_ROUTE (DYNO_GET, "/api/v1/runs/{id}/analysis", DYNO_MAY (RUNS_READ), get_newest,
              .args = run_args, .reply = &analysis_schema, .also = DYNO_STATUSES (422),
              .summary = "The newest analysis of a run"),
};

const DynoRouteTable dyno_api_analyses = {
  "Analyses", "Corrections of fuel, and why.", rows, G_N_ELEMENTS (rows)
};
