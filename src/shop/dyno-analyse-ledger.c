/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

#include "config.h"

#include "dyno-analyse-ledger.h"

#include "dyno-error.h"

void
dyno_ledger_query_init (DynoLedgerQuery *self)
{
  *self = (DynoLedgerQuery){ .cell = DYNO_NO_CELL, .limit = DYNO_LEDGER_MOST };
}

void
dyno_ledger_page_free (DynoLedgerPage *self)
{
  if (self == NULL)
    return;

  g_array_unref (self->samples);
  g_free (self);
}

static gboolean
is_wanted (const DynoLedgerQuery *query,
           const DynoVeResult    *result,
           guint                  cylinder,
           gsize                  row)
{
  if (!result->cylinders[cylinder].has_sensor
      || (query->cylinders != 0 && (query->cylinders >> cylinder & 1) == 0))
    return FALSE;
  if (query->reasons != 0 && (query->reasons >> result->reasons[cylinder][row] & 1) == 0)
    return FALSE;

  return query->cell == DYNO_NO_CELL || result->homes[cylinder][row] == query->cell;
}

static void
add_sample (GArray             *samples,
            const DynoVeResult *result,
            guint               cylinder,
            gsize               row)
{
  DynoVeSample sample;

  dyno_ve_read_samples (result, cylinder, &row, 1, &sample);
  g_array_append_val (samples, sample);
}

DynoLedgerPage *
dyno_analyse_ledger (const DynoAnalyse     *analyse,
                     const DynoLedgerQuery *query)
{
  const DynoVeResult *result = analyse->result;
  DynoLedgerPage *page = g_new0 (DynoLedgerPage, 1);
  gsize end = query->end_row != 0 ? MIN (query->end_row, result->n_rows) : result->n_rows;
  guint limit = CLAMP (query->limit, 1, DYNO_LEDGER_MOST);

  page->query = *query;
  page->samples = g_array_new (FALSE, FALSE, sizeof (DynoVeSample));
  for (gsize row = query->first_row; row < end; row++)
    {
      for (guint c = 0; c < DYNO_VE_CYLINDERS; c++)
        {
          if (!is_wanted (query, result, c, row))
            continue;
          if (page->n_lines >= query->offset && page->samples->len < limit)
            add_sample (page->samples, result, c, row);
          page->n_lines++;
        }
    }

  return page;
}

/* A moment */

static gboolean
find_row (const DynoVeResult *result,
          guint               run,
          double              time_s,
          gsize              *row,
          GError            **error)
{
  const DynoVeRun *source;

  if (run >= result->set->n_runs)
    {
      dyno_error_set (error, DYNO_ERROR_INVALID, "out_of_log",
                      "The analysis is of %u runs; there is no run %u.", result->set->n_runs,
                      run + 1);
      return FALSE;
    }
  if (dyno_ve_result_find_moment (result, run, time_s, row))
    return TRUE;

  source = &result->set->runs[run];
  dyno_error_set (error, DYNO_ERROR_INVALID, "out_of_log",
                  "The run reaches from %.3f to %.3f s.", source->time_s[0],
                  source->time_s[source->n - 1]);

  return FALSE;
}

GArray *
dyno_analyse_explain_moment (const DynoAnalyse *analyse,
                             guint              run,
                             double             time_s,
                             GError           **error)
{
  GArray *samples;
  gsize row;

  if (!find_row (analyse->result, run, time_s, &row, error))
    return NULL;
  samples = g_array_new (FALSE, FALSE, sizeof (DynoVeSample));
  for (guint i = 0; i < DYNO_VE_CYLINDERS; i++)
    {
      if (analyse->result->cylinders[i].has_sensor)
        add_sample (samples, analyse->result, i, row);
    }

  return samples;
}
