/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

/* Runs over each other. */

#include "config.h"

#include "dyno-api-ask.h"
#include "dyno-api-run-fields.h"
#include "dyno-shape-compare.h"

/* What comes in and goes out */

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

static const DynoRoute rows[] = {
  DYNO_ROUTE (DYNO_POST, "/api/v1/runs/compare", DYNO_MAY (RUNS_READ), compare_runs,
              .limit = DYNO_CLASS (READ), .body = compare_body, .reply = &compare_schema,
              .deadline_s = 30, .summary = "Runs over each other"),
};

const DynoRouteTable dyno_api_run_compare = {
  "Comparisons", "Runs over each other.", rows, G_N_ELEMENTS (rows)
};
