/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

#include "config.h"

#include "dyno-import-findings.h"

#include "dyno-import-relation.h"

#include <math.h>
#include <string.h>

#define LEAST_PEGGED 10         /* readings at the end of a sensor's range */
#define PEGGED_WITHIN 1e-5      /* 7.4 as a float of 32 bits is not quite that */
#define LEAST_TARGET_AFR 9.0    /* nobody asks for a richer mixture */
#define OFFER_CONFIDENCE 0.4
#define STATED 0.95

static const char *
delimiter_name (char delimiter)
{
  switch (delimiter)
    {
    case '\t': return "a tab";
    case ';': return "a semicolon";
    case ',': return "a comma";
    default: return "the given character";
    }
}

void
dyno_import_findings_add_columns (DynoImportReport      *report,
                                  const DynoImportTable *table)
{
  guint n = 0;

  if (table->time_column >= 0)
    dyno_import_report_assume (report, "time_form", report->time.column, STATED,
                               "--map \"COLUMN=time\"", "“%s” holds the time: %s",
                               table->columns[table->time_column].cell, report->time.form);
  for (guint i = 0; i < table->n_columns; i++)
    n += table->columns[i].suffix[0] != '\0';
  if (n > 0)
    dyno_import_report_warn (report, "duplicate_names", NULL, n,
                             "%u columns have the name of an earlier one; #2, #3 … tell them apart",
                             n);
}

void
dyno_import_findings_add_layout (DynoImportReport        *report,
                                 const DynoImportLayout  *layout,
                                 const DynoImportOptions *options,
                                 const DynoImportTable   *table)
{
  dyno_import_report_assume (report, "delimiter", NULL,
                             options->delimiter != NULL ? DYNO_IMPORT_SURE : STATED, "--delimiter",
                             "Cells are parted by %s", delimiter_name (layout->delimiter));
  dyno_import_report_assume (
      report, "decimal", NULL, options->decimal != NULL ? DYNO_IMPORT_SURE : STATED, "--decimal",
      "The decimal mark is a %s", layout->decimal == ',' ? "comma" : "point");
  dyno_import_report_assume (report, "encoding", NULL, STATED, NULL, "The text is %s",
                             report->encoding);
  if (options->header != NULL)
    dyno_import_report_assume (report, "header_given", NULL, DYNO_IMPORT_SURE, "--header",
                               "The names of the columns are those given");
  dyno_import_findings_add_columns (report, table);
  if (layout->n_between > 0)
    dyno_import_report_warn (report, "lines_between", NULL, layout->n_between,
                             "%u lines between header and first row are no rows and were dropped",
                             layout->n_between);
}

static void
warn_count (DynoImportReport *report,
            const char       *code,
            guint64           count,
            const char       *text)
{
  if (count > 0)
    dyno_import_report_warn (report, code, NULL, count, "%" G_GUINT64_FORMAT " %s", count, text);
}

void
dyno_import_findings_add_rows (DynoImportReport          *report,
                               const DynoImportRowCounts *counts)
{
  warn_count (report, "missing_cells", counts->n_missing,
              "cells say that they hold nothing (NaN, N/A, --, …) and are missing");
  warn_count (report, "extra_cells", counts->n_extra,
              "filled cells stand beyond the last column and were dropped");
  warn_count (report, "unclosed_quotes", counts->n_unclosed,
              "quotes were never closed; their cells end with the line");
  if (counts->n_ragged > 0)
    dyno_import_report_warn (report, "ragged", NULL, counts->n_ragged,
                             "%" G_GUINT64_FORMAT
                             " rows are more than one cell too wide or too narrow, first %s",
                             counts->n_ragged, counts->ragged[0]);
  if (counts->has_cut_row)
    dyno_import_report_warn (report, "truncated", NULL, 1,
                             "The last line ends in the middle of a row and was dropped");
}

static DynoImportChannel *
make_channel (const DynoImportMap *map,
              guint                index)
{
  const DynoImportColumn *column = &map->table->columns[index];
  const DynoImportBinding *binding = &map->bindings[index];
  DynoImportChannel *channel = g_new0 (DynoImportChannel, 1);

  channel->column = g_strdup (column->cell);
  channel->index = column->index;
  channel->channel = binding->channel;
  channel->offered = binding->offered;
  channel->unit = binding->unit;
  channel->unit_text = g_strdup (binding->unit_text != NULL ? binding->unit_text : "");
  channel->unit_from = binding->unit_from;
  channel->confidence = binding->confidence;
  channel->n = column->n;
  channel->min = column->n > 0 ? column->min : NAN;
  channel->max = column->n > 0 ? column->max : NAN;
  if (binding->identical_to >= 0)
    channel->identical_to = g_strdup (map->table->columns[binding->identical_to].cell);
  memcpy (channel->rejected, column->rejected, sizeof channel->rejected);

  return channel;
}

/* Numbers that were read, the rejected ones included. */
static guint64
count_numbers (const DynoImportColumn *column)
{
  return column->n + column->rejected[DYNO_REJECT_SENTINEL]
         + column->rejected[DYNO_REJECT_SENSOR_OFF] + column->rejected[DYNO_REJECT_OUT_OF_RANGE];
}

static void
count_cells (const DynoImportMap *map)
{
  DynoImportReport *report = map->report;
  guint64 n_unread = report->missing;

  for (guint i = 0; i < map->table->n_columns; i++)
    {
      const DynoImportColumn *column = &map->table->columns[i];

      report->columns
          += column->is_named && (!column->is_dropped || (int) i == map->table->time_column);
      if (column->is_dropped)
        continue;
      report->columns += !column->is_named;
      report->cells += map->table->n_rows;
      report->values += count_numbers (column);
      n_unread
          += column->rejected[DYNO_REJECT_UNPARSABLE] + column->rejected[DYNO_REJECT_NOT_FINITE];
      for (guint r = DYNO_REJECT_NONE + 1; r < DYNO_N_REJECTS; r++)
        report->rejected[r] += column->rejected[r];
    }
  report->blank = report->cells - MIN (report->cells, report->values + n_unread);
}

static const char *
channel_title (DynoChannel channel)
{
  return dyno_channel_info (channel)->title;
}

static void
add_mapping (const DynoImportMap *map,
             guint                index)
{
  const DynoImportBinding *binding = &map->bindings[index];
  const char *cell = map->table->columns[index].cell;
  g_autofree char *change = g_strdup_printf ("--map \"%s=none\"", cell);

  if (binding->channel != DYNO_CHANNEL_NONE && binding->confidence < DYNO_IMPORT_IN_FILE)
    dyno_import_report_assume (
        map->report, "mapping", cell, binding->confidence, change, "“%s” is read as %s (%s)", cell,
        dyno_channel_info (binding->channel)->name, channel_title (binding->channel));
  else if (binding->offered != DYNO_CHANNEL_NONE)
    {
      g_autofree char *accept = g_strdup_printf ("--map \"%s=%s\"", cell,
                                                 dyno_channel_info (binding->offered)->name);

      dyno_import_report_assume (map->report, "mapping_offered", cell, binding->confidence, accept,
                                 "“%s” may be %s (%s) but is not used as such", cell,
                                 dyno_channel_info (binding->offered)->name,
                                 channel_title (binding->offered));
    }
}

/* An extra channel's unit is said where it is a guess. */
static void
add_unit (const DynoImportMap *map,
          guint                index)
{
  const DynoImportBinding *binding = &map->bindings[index];
  const char *cell = map->table->columns[index].cell;
  g_autofree char *change = g_strdup_printf ("--unit \"%s=UNIT\"", cell);
  gboolean is_stated = g_strcmp0 (binding->unit_from, "header") == 0
                       || g_strcmp0 (binding->unit_from, "unit-row") == 0
                       || g_strcmp0 (binding->unit_from, "name") == 0
                       || g_strcmp0 (binding->unit_from, "operator") == 0;

  gboolean is_unsure = binding->unit_confidence < DYNO_IMPORT_BY_DIALECT;

  if (binding->unit == NULL || is_stated || binding->unit->symbol[0] == '\0'
      || (binding->channel == DYNO_CHANNEL_NONE && !is_unsure))
    return;
  dyno_import_report_assume (map->report, "unit_assumed", cell, binding->unit_confidence, change,
                             binding->unit_text != NULL
                                 ? "“%s” is read as %s; its numbers fit no other unit"
                                 : "“%s” is read as %s; the file names no unit",
                             cell, binding->unit->symbol);
}

static void
warn_of_contradiction (const DynoImportMap *map,
                       guint                index)
{
  const DynoImportBinding *binding = &map->bindings[index];
  const DynoImportColumn *column = &map->table->columns[index];
  char low[G_ASCII_DTOSTR_BUF_SIZE];
  char high[G_ASCII_DTOSTR_BUF_SIZE];

  if (binding->unit == NULL || !(binding->contradicts || binding->is_foreign))
    return;
  dyno_import_report_number (low, column->min, 6);
  dyno_import_report_number (high, column->max, 6);
  if (binding->contradicts)
    dyno_import_report_warn (map->report, "name_contradicts", column->cell, column->n,
                             "“%s” holds %s…%s, which is %s whatever its name or unit says",
                             column->cell, low, high, binding->unit->symbol);
  else
    dyno_import_report_warn (map->report, "name_contradicts", column->cell, column->n,
                             "“%s” is written in %s, which no %s is", column->cell,
                             binding->unit->symbol, channel_title (binding->alias.channel));
}

static void
warn_of_dead (const DynoImportMap *map,
              guint                index)
{
  const DynoImportColumn *column = &map->table->columns[index];
  char number[G_ASCII_DTOSTR_BUF_SIZE];

  if (map->bindings[index].alias.channel == DYNO_CHANNEL_NONE)
    return;
  if (column->n == 0)
    dyno_import_report_warn (map->report, "dead_sensor", column->cell, 0,
                             "“%s” has not one reading", column->cell);
  else if (dyno_import_map_is_dead (map, index))
    dyno_import_report_warn (
        map->report, "dead_sensor", column->cell, column->n,
        "“%s” stands at %s although the engine speed moved: its sensor seems dead", column->cell,
        dyno_import_report_number (number, column->min, 6));
}

static void
warn_of_rejects (const DynoImportMap *map,
                 guint                index)
{
  const DynoImportColumn *column = &map->table->columns[index];

  for (guint r = DYNO_REJECT_NONE + 1; r < DYNO_N_REJECTS; r++)
    {
      if (column->rejected[r] > 0)
        dyno_import_report_warn (map->report, "rejected", column->cell, column->rejected[r],
                                 "%" G_GUINT64_FORMAT " cells of “%s” were rejected: %s",
                                 column->rejected[r], column->cell,
                                 dyno_reject_name ((DynoReject) r));
    }
}

static guint64
count_near (const DynoImportTable  *table,
            const DynoImportColumn *column,
            double                  end)
{
  guint64 n = 0;

  for (gsize row = 0; row < table->n_rows; row++)
    n += fabs (dyno_import_column_value (column, row) - end) < PEGGED_WITHIN;

  return n;
}

/* Readings at the ends of wideband sensors: kept, and judged by the analysis. */
static void
warn_of_pegged (const DynoImportMap *map,
                guint                index)
{
  static const double ends[] = { 7.4, 21.0, 22.4 };
  const DynoImportColumn *column = &map->table->columns[index];
  const DynoImportBinding *binding = &map->bindings[index];
  guint64 n[G_N_ELEMENTS (ends)] = { 0 };

  if (binding->channel < DYNO_CHANNEL_MIX_F || binding->channel > DYNO_CHANNEL_MIX || column->n == 0
      || binding->unit == NULL || binding->unit->quantity != DYNO_QUANTITY_AFR)
    return;
  for (gsize i = 0; i < G_N_ELEMENTS (ends); i++)
    {
      if (column->min < ends[i] + PEGGED_WITHIN && column->max > ends[i] - PEGGED_WITHIN)
        n[i] = count_near (map->table, column, ends[i]);
    }
  for (gsize i = 0; i < G_N_ELEMENTS (ends); i++)
    {
      char number[G_ASCII_DTOSTR_BUF_SIZE];

      if (n[i] >= LEAST_PEGGED)
        dyno_import_report_warn (map->report, "pegged", column->cell, n[i],
                                 "%" G_GUINT64_FORMAT " readings sit at %s", n[i],
                                 g_ascii_formatd (number, sizeof number, "%.1f", ends[i]));
    }
}

static void
warn_of_low_targets (const DynoImportMap *map,
                     guint                index)
{
  const DynoImportColumn *column = &map->table->columns[index];
  const DynoImportBinding *binding = &map->bindings[index];
  guint64 n = 0;

  if (binding->channel < DYNO_CHANNEL_TARGET_F || binding->channel > DYNO_CHANNEL_TARGET
      || column->n == 0 || binding->unit == NULL || binding->unit->quantity != DYNO_QUANTITY_AFR)
    return;
  for (gsize row = 0; column->min < LEAST_TARGET_AFR && row < map->table->n_rows; row++)
    n += dyno_import_column_value (column, row) < LEAST_TARGET_AFR;
  if (n > 0)
    dyno_import_report_warn (map->report, "improbable_target", column->cell, n,
                             "%" G_GUINT64_FORMAT " targets of “%s” lie below AFR 9; they are kept",
                             n, column->cell);
}

static void
list_special (const DynoImportMap *map,
              guint                index)
{
  const DynoImportColumn *column = &map->table->columns[index];

  gboolean is_constant = column->was_constant || dyno_import_column_is_constant (column);

  if (is_constant && column->n_nan == 0)
    g_ptr_array_add (map->report->constant, g_strdup (column->cell));
  else if (column->n == 0)
    g_ptr_array_add (map->report->empty, g_strdup (column->cell));
}

static void
warn_of_names (const DynoImportReport *report,
               const GPtrArray        *names,
               const char             *code,
               const char             *text)
{
  g_autoptr(GString) list = g_string_new (NULL);

  for (guint i = 0; i < names->len; i++)
    g_string_append_printf (list, "%s“%s”", i > 0 ? ", " : "",
                            (const char *) g_ptr_array_index (names, i));
  if (names->len > 0)
    dyno_import_report_warn ((DynoImportReport *) report, code, NULL, names->len, "%s: %s", text,
                             list->str);
}

/* One warning a group, named by the column that stands for it. */
static void
warn_of_identical (const DynoImportMap *map)
{
  for (guint i = 0; i < map->table->n_columns; i++)
    {
      g_autoptr(GPtrArray) group = g_ptr_array_new ();

      for (guint k = 0; k < map->table->n_columns; k++)
        {
          if (map->bindings[k].identical_to == (int) i)
            g_ptr_array_add (group, map->table->columns[k].cell);
        }
      if (group->len > 0)
        {
          g_autofree char *text
              = g_strdup_printf ("Equal to “%s” cell by cell", map->table->columns[i].cell);

          warn_of_names (map->report, group, "identical", text);
        }
    }
}

static void
offer_relation (const DynoImportMap      *map,
                const DynoImportRelation *relation)
{
  gboolean is_power = relation->kind == DYNO_IMPORT_RELATION_POWER;
  const char *a = map->table->columns[relation->a].cell;
  const char *b = map->table->columns[relation->b].cell;
  const char *product = map->table->columns[relation->product].cell;
  g_autofree char *change = g_strdup_printf ("--map \"%s=%s\" --map \"%s=%s\" --map \"%s=%s\"", a,
                                             is_power ? "force" : "correction", b,
                                             is_power ? "speed" : "power", product,
                                             is_power ? "power" : "power_corr");

  dyno_import_report_assume (map->report, "relation_offered", product, OFFER_CONFIDENCE, change,
                             "%s · %s%s = %s in all %u rows that differ: %s?", a, b,
                             is_power ? " / 3600" : "", product, relation->n_rows,
                             is_power ? "force, speed and power"
                                      : "correction, power and corrected power");
}

static void
offer_relations (const DynoImportMap *map)
{
  g_autofree gboolean *is_candidate = g_new0 (gboolean, MAX (map->table->n_columns, 1));
  g_autoptr(GArray) relations = NULL;

  for (guint i = 0; i < map->table->n_columns; i++)
    is_candidate[i] = dyno_import_name_is_numbered (&map->table->columns[i].name)
                      && map->bindings[i].channel == DYNO_CHANNEL_NONE
                      && map->bindings[i].identical_to < 0;
  relations = dyno_import_find_relations (map->table, is_candidate);
  for (guint i = 0; i < relations->len; i++)
    offer_relation (map, &g_array_index (relations, DynoImportRelation, i));
}

static gboolean
has_channel (const DynoImportReport *report,
             DynoChannel             first,
             DynoChannel             last)
{
  for (DynoChannel channel = first; channel <= last; channel++)
    {
      if (dyno_import_report_find (report, channel) != NULL)
        return TRUE;
    }

  return FALSE;
}

/* What cannot be done with this log. */
static void
warn_of_absent (const DynoImportMap *map)
{
  DynoImportReport *report = map->report;
  double stoich = map->options->stoich > 0 ? map->options->stoich : DYNO_STOICH_PETROL;
  char number[G_ASCII_DTOSTR_BUF_SIZE];

  if (!has_channel (report, DYNO_CHANNEL_RPM, DYNO_CHANNEL_RPM))
    dyno_import_report_warn (report, "no_rpm", NULL, 1,
                             "No engine speed: VE analysis and torque are not available");
  if (!has_channel (report, DYNO_CHANNEL_MIX_F, DYNO_CHANNEL_MIX))
    dyno_import_report_warn (report, "no_mixture", NULL, 1,
                             "No measured mixture: VE analysis is not available");
  if (!has_channel (report, DYNO_CHANNEL_MAP, DYNO_CHANNEL_MAP))
    dyno_import_report_warn (report, "no_map", NULL, 1,
                             "No manifold pressure: VE analysis over pressure is not available");
  if (has_channel (report, DYNO_CHANNEL_MIX_F, DYNO_CHANNEL_TARGET))
    dyno_import_report_assume (
        report, "stoich", NULL, map->options->stoich > 0 ? DYNO_IMPORT_SURE : 0.7, NULL,
        "λ and AFR are converted with %s", dyno_import_report_number (number, stoich, 5));
}

void
dyno_import_findings_add_channels (const DynoImportMap *map)
{
  DynoImportReport *report = map->report;

  count_cells (map);
  for (guint i = 0; i < map->table->n_columns; i++)
    {
      if (map->table->columns[i].is_dropped)
        continue;
      g_ptr_array_add (report->channels, make_channel (map, i));
      add_mapping (map, i);
      add_unit (map, i);
      warn_of_contradiction (map, i);
      warn_of_dead (map, i);
      warn_of_rejects (map, i);
      warn_of_pegged (map, i);
      warn_of_low_targets (map, i);
      list_special (map, i);
    }
  warn_of_names (report, report->empty, "empty_columns", "Columns without a number");
  warn_of_names (report, report->constant, "constant_columns", "Columns that never change");
  warn_of_identical (map);
  offer_relations (map);
  warn_of_absent (map);
}
