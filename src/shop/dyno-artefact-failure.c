/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

#include "config.h"

#include "dyno-artefact-private.h"

#include "dyno-analysis-error.h"
#include "dyno-error.h"

/* The manifest of an analysis that failed (analysis.md 7.2); part of dyno-artefact.h. */

/* How far it came: the words of the progress. What the import refuses never was a
 * log. */
static const char *
stage_of (const char *reason)
{
  static const struct
  {
    DynoAnalysisReason reason;
    const char        *stage;
  } stages[] = {
    { DYNO_ANALYSIS_MISSING_CHANNEL, "map" },
    { DYNO_ANALYSIS_BAD_OPTION, "map" },
    { DYNO_ANALYSIS_BAD_AXIS, "bin" },
    { DYNO_ANALYSIS_GRID_MISMATCH, "bin" },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (stages); i++)
    {
      if (g_strcmp0 (reason, dyno_analysis_reason_name (stages[i].reason)) == 0)
        return stages[i].stage;
    }

  return "load";
}

static const char *
code_of (const GError *failure)
{
  const char *reason = dyno_error_get_reason (failure);

  if (reason != NULL)
    return reason;

  return failure->domain == DYNO_ERROR ? dyno_error_code_name ((DynoErrorCode) failure->code)
                                       : "internal";
}

DynoArtefact *
dyno_artefact_make_failure (const GError *failure)
{
  DynoJsonWriter *w = dyno_json_writer_new (TRUE);

  dyno_json_writer_begin_object (w);
  dyno_json_writer_add_boolean (w, "applicable", FALSE);
  dyno_json_writer_add_string (w, "code", code_of (failure));
  dyno_json_writer_add_string (w, "message", failure->message);
  dyno_json_writer_name (w, "outputs");
  dyno_json_writer_begin_array (w);
  dyno_json_writer_end_array (w);
  dyno_json_writer_add_string (w, "schema", "org.dynoai.analysis/1");
  dyno_json_writer_add_string (w, "stage", stage_of (dyno_error_get_reason (failure)));
  dyno_json_writer_add_string (w, "status", "error");
  dyno_json_writer_add_string (w, "tool_version", DYNO_VERSION);

  return dyno_manifest_finish (w);
}
