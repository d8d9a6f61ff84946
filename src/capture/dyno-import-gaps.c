/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

#include "config.h"

#include "dyno-import-gaps.h"

#include "dyno-steps.h"

#include <math.h>

#define JUMP_MEDIANS 1000.0
#define JUMP_S 3600.0

static void
warn_of_jumps (DynoImportReport *report)
{
  guint64 n_steps = report->time.clock_jumps;

  report->time.clock_jumps += report->time.strays;
  if (report->time.strays > 0)
    dyno_import_report_warn (report, "clock_jump", report->time.column, report->time.clock_jumps,
                             "%" G_GUINT64_FORMAT " stamps are more than ten times those around "
                             "them; their rows were put beside the row before. %" G_GUINT64_FORMAT
                             " other steps of the clock are longer than an hour",
                             report->time.strays, n_steps);
  else if (n_steps > 0)
    dyno_import_report_warn (report, "clock_jump", report->time.column, n_steps,
                             "%" G_GUINT64_FORMAT " steps of the clock are longer than an hour; "
                             "perhaps it was set", n_steps);
}

static void
find_gaps (const double     *time_s,
           gsize             n,
           double            step_s,
           DynoImportReport *report)
{
  double limit = isnan (step_s) ? 0.5 : fmax (0.5, 10 * step_s);

  for (gsize i = 1; i < n; i++)
    {
      DynoImportGap gap = { i, time_s[i - 1], time_s[i] - time_s[i - 1] };

      if (gap.length_s > limit)
        g_array_append_val (report->gaps, gap);
      report->time.clock_jumps += gap.length_s > JUMP_S && gap.length_s > JUMP_MEDIANS * step_s;
    }
  if (report->gaps->len > 0)
    {
      const DynoImportGap *first = &g_array_index (report->gaps, DynoImportGap, 0);
      char number[G_ASCII_DTOSTR_BUF_SIZE];

      dyno_import_report_warn (
          report, "gap", NULL, report->gaps->len,
          "%u gaps in the data; the first one of %s s after row %" G_GSIZE_FORMAT
          ". Nothing is drawn or calculated across them",
          report->gaps->len, dyno_import_report_number (number, first->length_s, 6),
          first->after_row);
    }
  warn_of_jumps (report);
}

static void
count_held (const DynoImportTable *table,
            DynoImportReport      *report)
{
  char rate[G_ASCII_DTOSTR_BUF_SIZE];

  for (gsize i = 1; i < table->n_rows; i++)
    report->held_rows += !table->is_changed[i];
  if (report->held_rows == 0 || report->duration_s <= 0)
    return;

  dyno_import_report_number (rate,
                             (double) (table->n_rows - report->held_rows) / report->duration_s, 3);
  dyno_import_report_warn (report, "held", NULL, report->held_rows,
                           "%" G_GUINT64_FORMAT " of %" G_GSIZE_FORMAT
                           " rows repeat the row before; "
                           "new readings come at %s Hz",
                           report->held_rows, table->n_rows, rate);
}

void
dyno_import_measure_time (const DynoImportTable *table,
                          const double          *time_s,
                          DynoImportReport      *report)
{
  gsize n = table->n_rows;
  DynoSteps steps;

  if (time_s == NULL || n == 0)
    return;

  dyno_steps_describe (time_s, n, &steps);
  report->duration_s = time_s[n - 1] - time_s[0];
  report->rate_hz = 1 / steps.median;
  report->step_median_ms = steps.median * 1000;
  report->step_min_ms = steps.least * 1000;
  report->step_p99_ms = steps.p99 * 1000;
  report->step_max_ms = steps.most * 1000;
  find_gaps (time_s, n, steps.median, report);
  count_held (table, report);
}
