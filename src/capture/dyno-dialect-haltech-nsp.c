/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

#include "config.h"

#include "dyno-dialects-private.h"

#include "dyno-error.h"
#include "dyno-import-cell.h"
#include "dyno-import-clock.h"
#include "dyno-import-date.h"
#include "dyno-number.h"

#include <string.h>

/* Haltech NSP: no header row. Above the rows stand, for every column behind the time,
 *
 *   Channel : Manifold Pressure
 *   ID : 224
 *   Type : Pressure
 *   DisplayMaxMin : 4013,13
 *
 * and the rows are whole numbers that the type scales (formats.md A.8.1). Pressures are
 * absolute whatever their gauge shows. A file may hold several logs: what is said between
 * their rows is kept as markers. */

#define CHANNEL "Channel :"
#define TYPE "Type :"
#define DEFAULT_TYPE "Raw"

static const struct
{
  const char *type;
  double      divisor;
  const char *unit; /* "" for a plain number */
} scales[] = {
  { "EngineSpeed", 1, "rpm" },    { "Raw", 1, "" },           { "Gear", 1, "" },
  { "Frequency", 1, "" },         { "Flow", 1, "" },          { "Time_ms", 1, "ms" },
  { "Pressure", 10, "kPa" },      { "AbsPressure", 10, "kPa" }, { "Percentage", 10, "%" },
  { "Angle", 10, "°" },           { "Speed", 10, "km/h" },    { "Acceleration", 10, "" },
  { "Temperature", 10, "K" },     { "BatteryVoltage", 1000, "V" }, { "AFR", 1000, "λ" },
  { "Decibel", 100, "" },         { "GearRatio", 100, "" },   { "Ratio", 100, "" },
  { "Stoichiometry", 100, "" },   { "Time_us", 1000, "ms" },  { "Current", 1000, "A" },
  { "Density", 10, "" },          { "FuelVolume", 10, "" },   { "FuelEconomy", 10, "" },
};

static guint
score (const DynoDialectHead *head)
{
  return head->names == NULL && head->length > 0
                 && dyno_dialect_line_begins (head->text, "%DataLog%")
             ? 4 : 0;
}

/* Old logs count seconds. */
static gboolean
is_row (const char *line)
{
  double stamp;
  const char *end = dyno_import_clock_read_time (line, ',', &stamp);

  if (end == NULL && g_ascii_isdigit (*line))
    end = dyno_number_read (line, '.', &stamp);

  return end != NULL && *end == ',';
}

static gboolean
is_marker (const char *line)
{
  const char *colon = line;

  while (!dyno_import_is_line_end (*colon) && *colon != ':')
    colon++;

  return g_ascii_isalpha (*line) && *colon == ':';
}

/* What stands behind the colon. (transfer full) */
static char *
dup_value (const char *line,
           const char *key)
{
  const char *begin = line + strlen (key);
  const char *end = begin;
  g_autofree char *text = NULL;

  while (!dyno_import_is_line_end (*end))
    end++;
  text = g_utf8_make_valid (begin, (gssize) (end - begin));

  return g_strdup (g_strstrip (text));
}

typedef struct
{
  GPtrArray *names; /* (owned) the stamps first */
  GPtrArray *types; /* (owned) of the same columns */
} Header;

static void
read_line (Header     *self,
           const char *line)
{
  if (dyno_dialect_line_begins (line, CHANNEL))
    {
      g_ptr_array_add (self->names, dup_value (line, CHANNEL));
      g_ptr_array_add (self->types, g_strdup (DEFAULT_TYPE));
    }
  else if (dyno_dialect_line_begins (line, TYPE) && self->types->len > 1)
    {
      g_free (g_ptr_array_index (self->types, self->types->len - 1));
      self->types->pdata[self->types->len - 1] = dup_value (line, TYPE);
    }
}

static gboolean
refuse_no_data (guint    n_channels,
                GError **error)
{
  dyno_error_set (error, DYNO_ERROR_INVALID, "import_no_data",
                  "The Haltech log names %u channels but no row “HH:MM:SS.mmm,…” stands below "
                  "them. Export the log again with its data.",
                  n_channels);

  return FALSE;
}

static gboolean
fill_layout (DynoImportLayout *layout,
             Header           *header,
             const char       *text,
             const char       *row,
             GError          **error)
{
  g_ptr_array_add (header->names, NULL);
  g_ptr_array_add (header->types, NULL);
  layout->kinds = (char **) g_ptr_array_steal (header->types, NULL);
  if (!dyno_import_layout_take_names (layout, (char **) g_ptr_array_steal (header->names, NULL),
                                      error))
    return FALSE;
  dyno_import_layout_place (layout, text, NULL, NULL, row);

  return TRUE;
}

static DynoImportLayout *
make_layout (const char *text,
             gsize       length,
             GError    **error)
{
  g_autoptr(DynoImportLayout) layout = dyno_import_layout_new (',');
  g_autoptr(GPtrArray) names = g_ptr_array_new_with_free_func (g_free);
  g_autoptr(GPtrArray) types = g_ptr_array_new_with_free_func (g_free);
  Header header = { names, types };
  const char *end = text + length;
  const char *row = text;

  g_ptr_array_add (names, g_strdup ("Time"));
  g_ptr_array_add (types, g_strdup (""));
  for (; row < end && !is_row (row); row = dyno_import_line_next (row))
    read_line (&header, row);
  if (names->len < 2 || row >= end)
    {
      refuse_no_data (names->len - 1, error);
      return NULL;
    }
  if (!fill_layout (layout, &header, text, row, error))
    return NULL;

  return g_steal_pointer (&layout);
}

/* The day of the first log; a log is downloaded on another one. */
static void
take_names (DynoImportMap *map)
{
  const char *log = strstr (map->layout->preamble, "\nLog :");

  if (log != NULL && map->report->time.date == NULL)
    map->report->time.date = dyno_import_find_date (log);
}

/* −1 for a type that nobody has described. */
static int
find_scale (const DynoImportMap *map,
            guint                column)
{
  for (gsize i = 0; map->layout->kinds != NULL && i < G_N_ELEMENTS (scales); i++)
    {
      if (g_str_equal (map->layout->kinds[column], scales[i].type))
        return (int) i;
    }

  return -1;
}

static void
scale (DynoImportTable  *table,
       DynoImportColumn *column,
       double            divisor)
{
  g_autofree double *values = NULL;

  if (column->n == 0 || divisor == 1)
    return;
  values = dyno_numbers_steal_doubles (&column->numbers);
  for (gsize row = 0; row < table->n_rows; row++)
    values[row] /= divisor;
  dyno_numbers_append (&column->numbers, values, table->n_rows);
  dyno_import_table_measure (table, column);
}

static void
take_numbers (DynoImportMap *map)
{
  for (guint i = 0; i < map->table->n_columns; i++)
    {
      DynoImportColumn *column = &map->table->columns[i];
      int found = column->is_dropped ? -1 : find_scale (map, i);

      if (found >= 0)
        scale (map->table, column, scales[found].divisor);
      else if (!column->is_dropped && map->layout->kinds != NULL)
        dyno_import_report_warn (map->report, "unknown_type", column->cell, column->n,
                                 "The type “%s” of “%s” is not known; its numbers are kept as "
                                 "they are",
                                 map->layout->kinds[i], column->cell);
    }
  dyno_import_report_assume (map->report, "scaled", NULL, DYNO_IMPORT_BY_DIALECT,
                             "--unit \"COLUMN=UNIT\"",
                             "The log holds whole numbers; each was scaled by the type of its "
                             "channel. Pressures are absolute, temperatures in kelvin");
}

static void
assign_units (DynoImportMap *map)
{
  for (guint i = 0; i < map->table->n_columns; i++)
    {
      int found = map->table->columns[i].is_dropped ? -1 : find_scale (map, i);

      if (found >= 0 && scales[found].unit[0] != '\0')
        dyno_import_map_set_unit (map, i, scales[found].unit, "dialect", DYNO_IMPORT_BY_DIALECT);
    }
}

const DynoDialect dyno_dialect_haltech_nsp = {
  .id = "haltech-nsp",
  .title = "Haltech NSP log",
  .score = score,
  .make_layout = make_layout,
  .is_marker = is_marker,
  .take_names = take_names,
  .take_numbers = take_numbers,
  .assign_units = assign_units,
};
