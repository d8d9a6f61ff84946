/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

#include "config.h"

#include "dyno-mlg-findings.h"

#include "dyno-import-findings.h"

static void
warn_of_blocks (const DynoMlgCounts *counts,
                DynoImportReport    *report)
{
  report->rejected[DYNO_REJECT_CHECKSUM] = counts->n_checksum;
  if (counts->n_checksum > 0)
    dyno_import_report_warn (report, "checksum", NULL, counts->n_checksum,
                             "%" G_GUINT64_FORMAT
                             " records have a wrong check sum and were rejected",
                             counts->n_checksum);
  if (counts->n_breaks > 0)
    dyno_import_report_warn (report, "lost_records", NULL, counts->n_breaks,
                             "The counter of the blocks breaks %" G_GUINT64_FORMAT
                             " times: records were lost, at least %" G_GUINT64_FORMAT,
                             counts->n_breaks, counts->n_lost);
  if (counts->n_resyncs > 0)
    dyno_import_report_warn (report, "resync", NULL, counts->n_resyncs,
                             "%" G_GUINT64_FORMAT " times there was no block where one had to be; %"
                             G_GUINT64_FORMAT " bytes were skipped",
                             counts->n_resyncs, counts->n_skipped);
  if (counts->n_cut > 0)
    dyno_import_report_warn (report, "truncated", NULL, 1,
                             "The log ends in the middle of a block; its %" G_GUINT64_FORMAT
                             " bytes were dropped", counts->n_cut);
  if (counts->n_unread > 0)
    dyno_import_report_warn (report, "truncated", NULL, 1,
                             "The last %" G_GUINT64_FORMAT
                             " bytes are no blocks; what stands before them was read",
                             counts->n_unread);
}

static void
list_bits (const DynoMlg         *mlg,
           const DynoImportTable *table,
           guint                  index,
           DynoImportReport      *report)
{
  const DynoMlgField *field = &mlg->fields[index];
  g_autoptr(GString) list = g_string_new (NULL);

  for (guint bit = 0; field->bit_names != NULL && field->bit_names[bit] != NULL; bit++)
    {
      if (field->bit_names[bit][0] != '\0')
        g_string_append_printf (list, "%s%u %s", list->len > 0 ? ", " : "", bit,
                                field->bit_names[bit]);
    }
  if (list->len > 0)
    dyno_import_report_assume (report, "bit_names", table->columns[index].cell,
                               DYNO_IMPORT_IN_FILE, NULL, "The bits of “%s” are: %s",
                               table->columns[index].cell, list->str);
}

/* One line for all fields that the logger shows as the same pair of words. */
static void
list_style (const DynoMlg         *mlg,
            const DynoImportTable *table,
            guint                  style,
            DynoImportReport      *report)
{
  g_autoptr(GString) list = g_string_new (NULL);

  for (guint i = 0; i < mlg->n_fields; i++)
    {
      if (mlg->fields[i].style == style)
        g_string_append_printf (list, "%s“%s”", list->len > 0 ? ", " : "",
                                table->columns[i].cell);
    }
  if (list->len > 0)
    dyno_import_report_assume (report, "display_style", NULL, DYNO_IMPORT_IN_FILE, NULL,
                               "1/0 stands for %s in %s", dyno_mlg_style_words (style), list->str);
}

static void
count_missing (const DynoMlg         *mlg,
               const DynoImportTable *table,
               DynoImportReport      *report)
{
  for (guint i = 0; i < mlg->n_fields; i++)
    report->missing += table->columns[i].n_nan;
  if (report->missing > 0)
    dyno_import_report_warn (report, "missing_cells", NULL, report->missing,
                             "%" G_GUINT64_FORMAT " numbers of the log are none (NaN)",
                             report->missing);
}

void
dyno_mlg_findings_add (const DynoMlg         *mlg,
                       const DynoImportTable *table,
                       const DynoMlgCounts   *counts,
                       DynoImportReport      *report)
{
  dyno_import_report_assume (report, "encoding", NULL, DYNO_IMPORT_IN_FILE, NULL,
                             "MegaLogViewer binary log, version %u; its strings are %s",
                             mlg->version, report->encoding);
  dyno_import_findings_add_columns (report, table);
  for (guint i = 0; i < mlg->n_fields; i++)
    list_bits (mlg, table, i, report);
  for (guint style = 0; style < DYNO_N_MLG_STYLES; style++)
    {
      if (dyno_mlg_style_words (style) != NULL)
        list_style (mlg, table, style, report);
    }
  count_missing (mlg, table, report);
  warn_of_blocks (counts, report);
}
