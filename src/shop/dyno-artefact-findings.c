/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

/* findings.json: all that the advisers say (analysis.md 4 and 7.1), members in the
 * order of the alphabet. */

#include "config.h"

#include "dyno-artefact-private.h"

#include "dyno-shape-advice.h"
#include "dyno-shape-plan.h"
#include "dyno-shape-spark.h"

void
dyno_artefacts_add_findings (GPtrArray          *artefacts,
                             const DynoVeResult *result,
                             const DynoCounsel  *counsel)
{
  const DynoGridShape *shape = &result->set->shape;
  g_autoptr(GPtrArray) all = dyno_counsel_list (counsel);
  DynoJsonWriter *w = dyno_json_writer_new (TRUE);
  g_autofree char *text = NULL;

  dyno_json_writer_begin_object (w);
  dyno_json_writer_name (w, "advice");
  dyno_shape_advice (w, shape, all);
  dyno_json_writer_name (w, "confidence");
  dyno_shape_confidence (w, shape, &counsel->advices->confidence);
  dyno_json_writer_name (w, "next_tests");
  dyno_shape_next_tests (w, counsel->outlook->plan);
  dyno_json_writer_add_string (w, "schema", "org.dynoai.findings/1");
  dyno_json_writer_name (w, "spark");
  dyno_shape_spark (w, shape, counsel->spark);
  dyno_json_writer_end_object (w);
  text = dyno_json_writer_finish (w);

  g_ptr_array_add (artefacts, dyno_artefact_new (g_strdup ("findings.json"), "json", 0, 0,
                                                 g_string_new (text)));
}
