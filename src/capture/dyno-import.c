/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

#include "config.h"

#include "dyno-import.h"

#include "dyno-crypt.h"
#include "dyno-dialects.h"
#include "dyno-error.h"
#include "dyno-import-build.h"
#include "dyno-import-findings.h"
#include "dyno-import-gaps.h"
#include "dyno-import-layout.h"
#include "dyno-import-map.h"
#include "dyno-import-reader.h"
#include "dyno-import-rows.h"
#include "dyno-import-table.h"
#include "dyno-import-time.h"
#include "dyno-mlg-import.h"

#include <string.h>

/* The pipeline: bytes > blocks of lines (reader) > layout and dialect, from the first
 * block > cells (rows) > columns (table) > clock (time) > meaning (map) > findings >
 * samples. What is decided from numbers is decided when all are read: conversion lies
 * in the unit of a column, so nothing is read twice. */

#define SIGNATURE_SIZE (64 * 1024)
#define MAX_RAGGED 0.05

typedef struct
{
  const DynoImportOptions *options;
  DynoImportWatch          watch;
  DynoImportReader        *reader;  /* (owned) */
  DynoImportLayout        *layout;  /* (owned) */
  const DynoDialect       *dialect;
  DynoImportTable         *table;   /* (owned) */
  DynoImportMap           *map;     /* (owned) */
  DynoImportRows          *rows;    /* (owned) */
  gpointer                 lines;   /* (owned) (nullable) of dialect->lines */
  DynoImportReport        *report;  /* (owned) */
  double                  *time_s;  /* (owned) (nullable) */
} Import;

static void
import_clear (Import *self)
{
  if (self->lines != NULL)
    self->dialect->lines->free (self->lines);
  g_clear_pointer (&self->rows, dyno_import_rows_free);
  g_clear_pointer (&self->map, dyno_import_map_free);
  g_clear_pointer (&self->table, dyno_import_table_free);
  g_clear_pointer (&self->layout, dyno_import_layout_free);
  g_clear_pointer (&self->reader, dyno_import_reader_free);
  g_clear_pointer (&self->report, dyno_import_report_free);
  g_clear_pointer (&self->time_s, g_free);
}

static gboolean
check_dialect (const DynoDialect *dialect,
               GError           **error)
{
  if (dialect->refusal == NULL)
    return TRUE;

  dyno_error_set (error, DYNO_ERROR_INVALID, dialect->refusal,
                  "The file is %s, which cannot be read as a table. %s", dialect->title,
                  dialect->way);

  return FALSE;
}

static gboolean
find_given_dialect (Import  *self,
                    GError **error)
{
  g_autofree char *list = NULL;

  self->dialect = dyno_dialect_find (self->options->dialect);
  if (self->dialect != NULL)
    return check_dialect (self->dialect, error);

  list = dyno_dialect_list ();
  dyno_error_set (error, DYNO_ERROR_INVALID, "import_option",
                  "There is no dialect “%s”. Known are %s.", self->options->dialect, list);

  return FALSE;
}

/* What was asked for and cannot be: the dialect says it. */
static void
warn_of_unused (Import     *self,
                const char *option,
                const char *value)
{
  if (value != NULL && self->dialect->make_layout != NULL)
    dyno_import_report_warn (self->report, "option_unused", option, 1,
                             "%s “%s” was not used: where names and cells of a %s stand is fixed",
                             option, value, self->dialect->title);
}

static gboolean
make_layout (Import     *self,
             const char *text,
             gsize       length,
             gboolean    is_all,
             GError    **error)
{
  if (self->dialect->make_layout != NULL)
    self->layout = self->dialect->make_layout (text, MIN (length, DYNO_IMPORT_HEAD_SIZE), error);
  else
    self->layout = dyno_import_layout_detect (text, length, is_all, self->dialect, self->options,
                                              error);
  if (self->layout == NULL)
    return FALSE;
  warn_of_unused (self, "--header", self->options->header);
  warn_of_unused (self, "--delimiter", self->options->delimiter);
  warn_of_unused (self, "--decimal", self->options->decimal);

  return TRUE;
}

/* Some kinds are known by their text, before a header is looked for; others by the names
 * of their columns. */
static gboolean
find_layout (Import     *self,
             const char *text,
             gsize       length,
             gboolean    is_all,
             GError    **error)
{
  DynoDialectHead head = { .text = text, .length = MIN (length, SIGNATURE_SIZE) };

  while (head.length > 0 && text[head.length - 1] != '\n' && text[head.length - 1] != '\r')
    head.length--;
  if (self->options->dialect == NULL)
    self->dialect = dyno_dialect_detect (&head);
  if (self->dialect != NULL ? !check_dialect (self->dialect, error)
                            : !find_given_dialect (self, error))
    return FALSE;
  if (!make_layout (self, text, length, is_all, error))
    return FALSE;

  head.names = (const char *const *) self->layout->names;
  head.delimiter = self->layout->delimiter;
  head.row = text + self->layout->data_offset;
  if (self->options->dialect == NULL && self->dialect == dyno_dialect_plain ())
    self->dialect = dyno_dialect_detect (&head);
  self->layout->is_marker = self->dialect->is_marker;

  return TRUE;
}

static gboolean
prepare (Import  *self,
         gsize    length,
         GError **error)
{
  g_autofree char *names = g_strjoinv ("\n", self->layout->names);

  g_free (self->report->dialect);
  self->report->dialect = g_strdup (self->dialect->id);
  self->report->header_hash = dyno_crypt_sha256_hex (names, strlen (names));
  self->report->preamble = g_strdup (self->layout->preamble);
  self->table
      = dyno_import_table_new ((const char *const *) self->layout->names, self->layout->n_columns);
  self->map = dyno_import_map_new (self->table, self->layout, self->options, self->dialect,
                                   self->report, error);
  if (self->map == NULL)
    return FALSE;

  self->table->time_column = dyno_import_map_find_time (self->map);
  self->rows = dyno_import_rows_new (self->layout, self->table, &self->watch, length);
  if (self->dialect->lines != NULL)
    self->lines = self->dialect->lines->begin (self->layout);

  return dyno_import_time_check (self->table, self->options, error);
}

static gboolean
read_block (Import     *self,
            const char *text,
            gsize       length,
            GError    **error)
{
  double fraction = dyno_import_reader_fraction (self->reader);

  if (self->lines != NULL)
    {
      dyno_import_rows_skip (self->rows, text, length);
      self->dialect->lines->read (self->lines, text, length);
      return dyno_import_watch_step (&self->watch, fraction, "read", error);
    }

  return dyno_import_rows_read (self->rows, text, length, fraction,
                                dyno_import_reader_is_cut (self->reader), error);
}

static gboolean
read_all (Import  *self,
          GError **error)
{
  const char *text;
  gsize length;
  gsize above;

  if (!dyno_import_reader_next (self->reader, &text, &length, error)
      || !find_layout (self, text, length, length < DYNO_IMPORT_BLOCK_SIZE / 2, error)
      || !prepare (self, length, error))
    return FALSE;

  above = self->layout->data_offset;
  dyno_import_rows_skip (self->rows, text, above);
  if (!read_block (self, text + above, length - above, error))
    return FALSE;

  do
    {
      if (!dyno_import_reader_next (self->reader, &text, &length, error)
          || (length > 0 && !read_block (self, text, length, error)))
        return FALSE;
    }
  while (length > 0);

  return self->lines == NULL || self->dialect->lines->finish (self->lines, self->table, error);
}

static gboolean
check_rows (const Import *self,
            GError      **error)
{
  const DynoImportRowCounts *counts = dyno_import_rows_counts (self->rows);

  if (self->table->n_rows == 0)
    {
      dyno_error_set (error, DYNO_ERROR_INVALID, "import_no_data",
                      "No row of the file could be read. Export the log again with its data.");
      return FALSE;
    }
  if (self->options->force
      || (double) counts->n_ragged <= MAX_RAGGED * (double) self->table->n_rows)
    return TRUE;

  dyno_error_set (
      error, DYNO_ERROR_INVALID, "import_ragged",
      "%" G_GUINT64_FORMAT " of %" G_GSIZE_FORMAT " rows have not the %u cells of the header: "
      "%s%s%s. Repair them, or import with --force.",
      counts->n_ragged, self->table->n_rows, self->layout->n_columns, counts->ragged[0],
      counts->ragged[1] != NULL ? ", " : "", counts->ragged[1] != NULL ? counts->ragged[1] : "");

  return FALSE;
}

static const char *
newline_name (const DynoImportRowCounts *counts,
              gboolean                   is_cut)
{
  guint64 n_lf = counts->n_lf - (counts->n_lf > 0 && is_cut);

  if (counts->n_crlf + counts->n_cr == 0)
    return "lf";
  if (n_lf + counts->n_cr == 0)
    return "crlf";

  return n_lf + counts->n_crlf == 0 ? "cr" : "mixed";
}

static void
describe (Import *self)
{
  const DynoImportRowCounts *counts = dyno_import_rows_counts (self->rows);
  DynoImportReport *report = self->report;

  dyno_import_reader_describe (self->reader, report);
  report->newline = newline_name (counts, dyno_import_reader_is_cut (self->reader));
  report->delimiter = self->layout->delimiter;
  report->decimal = self->layout->decimal;
  report->preamble_lines = self->layout->preamble_lines;
  report->header_line = self->layout->header_line;
  report->has_unit_row = self->layout->units != NULL;
  report->nameless_columns = self->layout->n_nameless;
  report->missing = counts->n_missing;
  report->ragged_rows = counts->n_ragged;
  report->rejected[DYNO_REJECT_EXTRA_CELLS] = counts->n_extra;
  dyno_import_rows_take_markers (self->rows, report);
  if (self->lines != NULL)
    self->dialect->lines->describe (self->lines, report);
}

static gboolean
make_time (Import  *self,
           GError **error)
{
  DynoImportTimeUnit unit = { 0 };
  g_autoptr(GError) refused = NULL;

  if (self->table->time_column >= 0)
    unit.unit = self->map->bindings[self->table->time_column].unit;
  if (unit.unit != NULL && unit.unit->quantity != DYNO_QUANTITY_TIME)
    unit.unit = NULL;
  if (unit.unit == NULL && self->dialect->time_unit != NULL)
    unit = (DynoImportTimeUnit){ dyno_unit_find (self->dialect->time_unit), TRUE, FALSE };
  unit.keeps_rows = self->dialect->is_exact;

  self->time_s = dyno_import_time_make (self->table, dyno_import_rows_stamps (self->rows), &unit,
                                        self->options, self->report, &refused);
  if (refused == NULL)
    return TRUE;
  g_propagate_error (error, g_steal_pointer (&refused));

  return FALSE;
}

static gboolean
has_numbers (const DynoImportTable *table,
             GError               **error)
{
  for (guint i = 0; i < table->n_columns; i++)
    {
      if (!table->columns[i].is_dropped && table->columns[i].n > 0)
        return TRUE;
    }

  dyno_error_set (
      error, DYNO_ERROR_INVALID, "import_no_channels",
      "None of the %u columns besides the time holds a number. Export the channels of the "
      "engine, too.",
      table->n_columns);

  return FALSE;
}

static gboolean
understand (Import  *self,
            GError **error)
{
  DynoImportReport *report = self->report;

  describe (self);
  if (!dyno_import_watch_step (&self->watch, 1, "columns", error) || !check_rows (self, error)
      || !make_time (self, error))
    return FALSE;

  dyno_import_findings_add_layout (report, self->layout, self->options, self->table);
  dyno_import_findings_add_rows (report, dyno_import_rows_counts (self->rows));
  if (!dyno_import_map_finish (self->map, &self->watch, error)
      || !has_numbers (self->table, error))
    return FALSE;

  report->rows = self->table->n_rows;
  dyno_import_measure_time (self->table, self->time_s, report);
  dyno_import_findings_add_channels (self->map);

  return dyno_import_watch_step (&self->watch, 1, "columns", error);
}

DynoImportReport *
dyno_import_run (const DynoImportSource  *source,
                 const DynoImportOptions *options,
                 GCancellable            *cancellable,
                 DynoSamples            **samples,
                 GError                 **error)
{
  static const DynoImportOptions none = { 0 };
  DynoImportReport *report = NULL;
  Import self = { .options = options != NULL ? options : &none };

  g_return_val_if_fail (source != NULL && source->read != NULL, NULL);

  self.watch
      = (DynoImportWatch){ cancellable, self.options->progress, self.options->progress_data };
  self.report = dyno_import_report_new (source->name);
  self.reader = dyno_import_reader_new (source, &self.watch, error);
  if (self.reader != NULL && dyno_import_reader_is_mlg (self.reader))
    {
      if (dyno_mlg_import (self.reader, self.options, &self.watch, self.report, samples, error))
        report = g_steal_pointer (&self.report);
    }
  else if (self.reader != NULL && read_all (&self, error) && understand (&self, error))
    {
      DynoSamples *built = NULL;

      if (samples != NULL)
        built = dyno_import_build_samples (self.map, g_steal_pointer (&self.time_s), &self.watch,
                                           error);
      if (samples == NULL || built != NULL)
        report = g_steal_pointer (&self.report);
      if (built != NULL)
        *samples = built;
    }
  import_clear (&self);

  return report;
}
