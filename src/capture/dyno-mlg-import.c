/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

#include "config.h"

#include "dyno-mlg-import.h"

#include "dyno-crypt.h"
#include "dyno-error.h"
#include "dyno-import-build.h"
#include "dyno-import-findings.h"
#include "dyno-import-gaps.h"
#include "dyno-import-layout.h"
#include "dyno-import-map.h"
#include "dyno-import-time.h"
#include "dyno-mlg-blocks.h"
#include "dyno-mlg-findings.h"

#include <string.h>

#define CLOCK_NAME "Block clock" /* of the column that stands in for a field Time */

typedef struct
{
  DynoImportReader        *reader;  /* (borrowed) */
  const DynoImportOptions *options; /* (borrowed) */
  const DynoImportWatch   *watch;   /* (borrowed) */
  DynoImportReport        *report;  /* (borrowed) */
  DynoMlg                 *mlg;     /* (owned) */
  DynoImportLayout        *layout;  /* (owned) units only */
  DynoImportTable         *table;   /* (owned) a column a field, and one for the clock */
  DynoImportMap           *map;     /* (owned) */
  DynoMlgColumns          *columns; /* (owned) */
  DynoMlgBlocks           *blocks;  /* (owned) */
  double                  *time_s;  /* (owned) (nullable) */
} Import;

static const DynoDialect dialect = {
  .id = "mlg",
  .title = "MegaLogViewer binary log",
  .time_unit = "s",
};

static void
import_clear (Import *self)
{
  g_clear_pointer (&self->blocks, dyno_mlg_blocks_free);
  g_clear_pointer (&self->columns, dyno_mlg_columns_free);
  g_clear_pointer (&self->map, dyno_import_map_free);
  g_clear_pointer (&self->table, dyno_import_table_free);
  g_clear_pointer (&self->layout, dyno_import_layout_free);
  g_clear_pointer (&self->mlg, dyno_mlg_free);
  g_clear_pointer (&self->time_s, g_free);
}

static gboolean
read_head (Import   *self,
           GError  **error)
{
  const guint8 *bytes;
  gboolean is_last;
  gsize size;
  gsize n;

  if (!dyno_import_reader_next_bytes (self->reader, 0, 1, &bytes, &n, &is_last, error))
    return FALSE;
  size = MIN (dyno_mlg_head_size (bytes, n), DYNO_MLG_MAX_HEAD);
  if (!dyno_import_reader_next_bytes (self->reader, 0, MAX (size, 1), &bytes, &n, &is_last, error))
    return FALSE;
  self->mlg = dyno_mlg_parse (bytes, n, error);

  return self->mlg != NULL;
}

static char **
dup_names (const DynoMlg *mlg)
{
  char **names = g_new0 (char *, mlg->n_fields + 2);

  for (guint i = 0; i < mlg->n_fields; i++)
    names[i] = g_strdup (mlg->fields[i].name);
  names[mlg->n_fields] = g_strdup (CLOCK_NAME);

  return names;
}

static char **
dup_units (const DynoMlg *mlg)
{
  char **units = g_new0 (char *, mlg->n_fields + 2);

  for (guint i = 0; i < mlg->n_fields; i++)
    units[i] = g_strdup (mlg->fields[i].unit);
  units[mlg->n_fields] = g_strdup ("s");

  return units;
}

static void
describe_head (Import *self)
{
  DynoImportReport *report = self->report;
  g_autofree char *names = NULL;

  self->layout = g_new0 (DynoImportLayout, 1);
  self->layout->n_columns = self->mlg->n_fields + 1;
  self->layout->names = dup_names (self->mlg);
  self->layout->units = dup_units (self->mlg);
  names = g_strjoinv ("\n", self->layout->names);
  g_free (report->dialect);
  report->dialect = g_strdup (dialect.id);
  report->header_hash = dyno_crypt_sha256_hex (names, strlen (names));
  report->preamble = g_strdup (self->mlg->info);
  for (const char *p = self->mlg->info; *p != '\0'; p++)
    report->preamble_lines += *p == '\n';
}

/* When the log was begun, as its header says. */
static void
describe_start (Import *self)
{
  DynoImportTime *time = &self->report->time;
  g_autoptr(GDateTime) date = g_date_time_new_from_unix_utc (self->mlg->unix_s);

  if (self->mlg->unix_s == 0)
    return;
  time->date = g_strdup_printf ("%04d-%02d-%02d", g_date_time_get_year (date),
                                g_date_time_get_month (date), g_date_time_get_day_of_month (date));
  time->first = g_strdup_printf ("%02d:%02d:%02d", g_date_time_get_hour (date),
                                 g_date_time_get_minute (date), g_date_time_get_second (date));
  time->offset = g_strdup ("Z");
}

static void
describe_attachments (Import *self)
{
  for (guint i = 0; i < self->mlg->attachments->len; i++)
    {
      const DynoMlgAttachment *found
        = &g_array_index (self->mlg->attachments, DynoMlgAttachment, i);
      DynoImportAttachment kept = { g_strdup (found->name), g_strdup (found->type), found->offset,
                                    found->size };

      g_array_append_val (self->report->attachments, kept);
      if (found->size < found->wanted)
        dyno_import_report_warn (self->report, "attachment_cut", NULL, 1,
                                 "The attachment “%s” is cut: %" G_GSIZE_FORMAT " of %"
                                 G_GSIZE_FORMAT " bytes are there", found->name, found->size,
                                 found->wanted);
    }
}

/* Units stand in the description of each field, not in a row of their own. */
static void
name_unit_source (DynoImportMap *map)
{
  for (guint i = 0; i < map->table->n_columns; i++)
    {
      if (g_strcmp0 (map->bindings[i].unit_from, "unit-row") == 0)
        map->bindings[i].unit_from = "header";
    }
}

/* The stamps: a field, else the clock of the blocks, unless the operator says how the
 * rows lie in time. */
static void
choose_time (Import *self)
{
  DynoImportColumn *clock = &self->table->columns[self->mlg->n_fields];

  clock->is_dropped = TRUE;
  self->table->time_column = dyno_import_map_find_time (self->map);
  if (self->table->time_column >= 0 || self->options->rate_hz > 0 || self->options->row_index)
    return;
  self->table->time_column = (int) self->mlg->n_fields;
  dyno_import_report_warn (self->report, "clock_short", NULL, 1,
                           "The log has no field “Time”; the clock of its blocks is used, which "
                           "cannot see gaps longer than 0.65 s");
}

static gboolean *
find_mixtures (const DynoImportMap *map)
{
  gboolean *is_mixture = g_new0 (gboolean, map->table->n_columns);

  for (guint i = 0; i < map->table->n_columns; i++)
    is_mixture[i] = dyno_channel_is_mixture (map->bindings[i].alias.channel);

  return is_mixture;
}

static gboolean
check_dialect (const DynoImportOptions *options,
               GError                 **error)
{
  if (options->dialect == NULL || g_str_equal (options->dialect, dialect.id))
    return TRUE;

  dyno_error_set (error, DYNO_ERROR_INVALID, "import_option",
                  "The file is a MegaLogViewer binary log; the dialect “%s” is for text.",
                  options->dialect);

  return FALSE;
}

static gboolean
prepare (Import  *self,
         guint64  file_size,
         GError **error)
{
  g_autofree gboolean *is_mixture = NULL;

  describe_head (self);
  describe_start (self);
  describe_attachments (self);
  self->table
    = dyno_import_table_new ((const char *const *) self->layout->names, self->layout->n_columns);
  self->map = dyno_import_map_new (self->table, self->layout, self->options, &dialect, self->report,
                                   error);
  if (self->map == NULL)
    return FALSE;
  name_unit_source (self->map);
  choose_time (self);
  is_mixture = find_mixtures (self->map);
  self->columns = dyno_mlg_columns_new (self->mlg, self->table, is_mixture, file_size);
  self->blocks = dyno_mlg_blocks_new (self->mlg, self->columns, self->report, self->watch);

  return TRUE;
}

static gboolean
read_blocks (Import   *self,
             GError  **error)
{
  gsize n_used = self->mlg->data_start;
  gboolean is_last = FALSE;

  while (!is_last)
    {
      const guint8 *bytes;
      gsize n;

      if (!dyno_import_reader_next_bytes (self->reader, n_used, DYNO_IMPORT_BLOCK_SIZE, &bytes, &n,
                                          &is_last, error)
          || !dyno_mlg_blocks_read (self->blocks, bytes, n, is_last,
                                    dyno_import_reader_fraction (self->reader), &n_used, error))
        return FALSE;
    }

  return TRUE;
}

static gboolean
check_rows (const Import *self,
            GError      **error)
{
  const DynoMlgCounts *counts = dyno_mlg_blocks_counts (self->blocks);

  if (self->table->n_rows > 0)
    return TRUE;
  if (counts->n_checksum > 0)
    dyno_error_set (error, DYNO_ERROR_INVALID, "import_corrupt",
                    "All %" G_GUINT64_FORMAT " records of the MegaLogViewer log have a wrong check "
                    "sum. Copy it again.", counts->n_checksum);
  else
    dyno_error_set (error, DYNO_ERROR_INVALID, "import_no_data",
                    "The MegaLogViewer log names %u fields, but not one record stands behind byte "
                    "%" G_GSIZE_FORMAT ". Check that the logger was recording.",
                    self->mlg->n_fields, self->mlg->data_start);

  return FALSE;
}

static gboolean
make_time (Import  *self,
           GError **error)
{
  int column = self->table->time_column;
  DynoImportStampReader stamps = { .form = DYNO_IMPORT_STAMP_NUMBER };
  DynoImportTimeUnit unit = { 0 };
  g_autoptr(GError) refused = NULL;

  if (column >= 0)
    unit.unit = self->map->bindings[column].unit;
  if (unit.unit == NULL || unit.unit->quantity != DYNO_QUANTITY_TIME)
    unit = (DynoImportTimeUnit){ dyno_unit_find (dialect.time_unit), TRUE };
  self->time_s
    = dyno_import_time_make (self->table, &stamps, &unit, self->options, self->report, &refused);
  if (refused == NULL)
    return TRUE;
  g_propagate_error (error, g_steal_pointer (&refused));

  return FALSE;
}

static gboolean
understand (Import  *self,
            GError **error)
{
  dyno_import_reader_describe (self->reader, self->report);
  if (!dyno_import_watch_step (self->watch, 1, "columns", error) || !check_rows (self, error)
      || !make_time (self, error))
    return FALSE;

  dyno_mlg_findings_add (self->mlg, self->table, dyno_mlg_blocks_counts (self->blocks),
                         self->report);
  if (!dyno_import_map_finish (self->map, self->watch, error))
    return FALSE;
  self->report->rows = self->table->n_rows;
  dyno_import_measure_time (self->table, self->time_s, self->report);
  dyno_import_findings_add_channels (self->map);

  return dyno_import_watch_step (self->watch, 1, "columns", error);
}

gboolean
dyno_mlg_import (DynoImportReader        *reader,
                 const DynoImportOptions *options,
                 const DynoImportWatch   *watch,
                 DynoImportReport        *report,
                 DynoSamples            **samples,
                 GError                 **error)
{
  Import self = { .reader = reader, .options = options, .watch = watch, .report = report };
  gboolean is_done = check_dialect (options, error) && read_head (&self, error)
                     && prepare (&self, dyno_import_reader_size (reader), error)
                     && read_blocks (&self, error) && understand (&self, error);

  if (is_done && samples != NULL)
    {
      DynoSamples *built = dyno_import_build_samples (self.map, g_steal_pointer (&self.time_s),
                                                      watch, error);

      is_done = built != NULL;
      if (is_done)
        *samples = built;
    }
  import_clear (&self);

  return is_done;
}
