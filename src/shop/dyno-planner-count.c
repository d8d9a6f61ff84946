/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

#include "config.h"

#include "dyno-planner-book-private.h"

#include "dyno-shop-private.h"

/* From a kept analysis into the planner's book, and what is written there beside the
 * hits of a run. */

static void
write_rows (DynoJsonWriter  *w,
            const DynoModes *modes,
            const DynoVeRun *run)
{
  gsize counts[DYNO_N_MODES] = { 0 };

  for (gsize i = run->first; i < run->first + run->n; i++)
    counts[modes->modes[i]]++;

  dyno_json_writer_name (w, "rows");
  dyno_json_writer_begin_object (w);
  for (guint i = 0; i < DYNO_N_MODES; i++)
    dyno_json_writer_add_integer (w, dyno_mode_name (i), (gint64) counts[i]);
  dyno_json_writer_end_object (w);
}

static void
write_causes (DynoJsonWriter   *w,
              const DynoAdvice *causes)
{
  dyno_json_writer_name (w, "causes");
  dyno_json_writer_begin_array (w);
  for (guint i = 0; i < causes->findings->len; i++)
    {
      const DynoFinding *finding = g_ptr_array_index (causes->findings, i);

      dyno_json_writer_begin_object (w);
      dyno_json_writer_add_rounded (w, "confidence", finding->score, 3);
      dyno_json_writer_add_string (w, "kind", finding->kind);
      dyno_json_writer_end_object (w);
    }
  dyno_json_writer_end_array (w);
}

static char *
write_facts (const DynoModes  *modes,
             const DynoVeRun  *run,
             const DynoAdvice *causes)
{
  DynoJsonWriter *w = dyno_json_writer_new (FALSE);

  dyno_json_writer_begin_object (w);
  write_causes (w, causes);
  write_rows (w, modes, run);
  dyno_json_writer_end_object (w);

  return dyno_json_writer_finish (w);
}

static void
read_causes (const DynoJson *causes,
             DynoPlanFacts  *facts,
             GPtrArray      *kinds)
{
  facts->n_causes = 0;
  for (guint i = 0; i < dyno_json_n_elements (causes); i++)
    {
      const DynoJson *cause = dyno_json_element (causes, i);
      char *kind = g_strdup (dyno_json_get_string (cause, "kind"));

      if (kind == NULL)
        continue;
      g_ptr_array_add (kinds, kind);
      dyno_plan_facts_add_cause (facts, kind, dyno_json_get_number (cause, "confidence", 0));
    }
}

void
dyno_planner_read_facts (const char    *json,
                         DynoPlanFacts *facts,
                         GPtrArray     *kinds)
{
  g_autoptr(DynoJson) root = dyno_json_parse (json, -1, NULL);
  const DynoJson *rows = dyno_json_member (root, "rows");

  if (rows == NULL)
    return;

  facts->has_modes = TRUE;
  for (guint i = 0; i < DYNO_N_MODES; i++)
    facts->rows[i] += (gsize) MAX (dyno_json_get_integer (rows, dyno_mode_name (i), 0), 0);
  /* What is suspected now, not what once was. */
  read_causes (dyno_json_member (root, "causes"), facts, kinds);
}

static DynoCoverageRecord *
make_record (const DynoAnalyse *analyse,
             guint              run,
             const DynoOutlook *outlook)
{
  DynoCoverageRecord *record = g_new0 (DynoCoverageRecord, 1);
  const DynoVeSet *set = analyse->result->set;

  record->shape = set->shape;
  record->run = dyno_coverage_run_of (analyse->result, run, analyse->run_ids[run], 0);
  record->facts = write_facts (outlook->modes, &set->runs[run], outlook->causes);

  return record;
}

void
dyno_planner_count (const DynoErrand  *errand,
                    const DynoAnalyse *analyse)
{
  const DynoVeSet *set = analyse->result->set;
  DynoStore *store = errand->shop->store;

  for (guint i = 0; i < set->n_runs; i++)
    {
      g_autoptr(GError) error = NULL;

      dyno_store_add_coverage_async (store, make_record (analyse, i, analyse->counsel->outlook), NULL,
                                     dyno_await_cb, errand->await);
      if (dyno_store_add_coverage_finish (store, dyno_await_wait (errand->await), &error)
          == DYNO_COVERAGE_FAILED)
        g_message ("Run %s is not counted by the planner: %s", analyse->run_ids[i],
                   error->message);
    }
}
