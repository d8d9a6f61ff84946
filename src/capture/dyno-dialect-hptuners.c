/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

#include "config.h"

#include "dyno-dialects-private.h"

#include "dyno-error.h"
#include "dyno-import-cell.h"

#include <string.h>

/* HP Tuners: sections. "[Channel Information]" has a row of parameter numbers, one of
 * names and one of units; below "[Channel Data]" a row holds what was new. A name may
 * have commas of its own, which the numbers have not. */

#define FIRST_LINE "HP Tuners CSV Log File"
#define CHANNELS "[Channel Information]"
#define DATA "[Channel Data]"
#define STANDARD " (SAE)" /* the parameter is that of the standard */

static guint
score (const DynoDialectHead *head)
{
  return head->names == NULL && head->length > 0
                 && dyno_dialect_line_begins (head->text, FIRST_LINE)
             ? 4 : 0;
}

static int
measure_depth (const char *name)
{
  int depth = 0;

  for (; *name != '\0'; name++)
    depth += (strchr ("([", *name) != NULL) - (strchr (")]", *name) != NULL);

  return depth;
}

/* Joins the cells between brackets until there are `n` of them. */
static char **
join_names (char **cells,
            guint  n)
{
  g_autoptr(GPtrArray) names = g_ptr_array_new ();
  guint n_cells = g_strv_length (cells);
  guint surplus = n_cells > n ? n_cells - n : 0;

  for (guint i = 0; i < n_cells; i++)
    {
      g_autoptr(GString) name = g_string_new (cells[i]);

      while (surplus > 0 && measure_depth (name->str) > 0 && i + 1 < n_cells)
        {
          g_string_append_printf (name, ",%s", cells[++i]);
          surplus--;
        }
      g_ptr_array_add (names, g_string_free (g_steal_pointer (&name), FALSE));
    }
  g_ptr_array_add (names, NULL);

  return (char **) g_ptr_array_steal (names, NULL);
}

/* The next line that is not blank, or `end`. */
static const char *
find_filled (const char *line,
             const char *end)
{
  while (line < end && strspn (line, " ,\t") == strcspn (line, "\r\n"))
    line = dyno_import_line_next (line);

  return line;
}

static gboolean
refuse (GError    **error,
        const char *reason,
        const char *what)
{
  dyno_error_set (error, DYNO_ERROR_INVALID, reason,
                  "The HP Tuners log %s. Export it again from the scanner as a log file.", what);

  return FALSE;
}

typedef struct
{
  const char *ids;
  const char *names;
  const char *units;
  const char *data;
} Places;

static gboolean
find_places (Places     *self,
             const char *text,
             gsize       length,
             GError    **error)
{
  const char *end = text + length;
  const char *channels = dyno_dialect_find_line (text, length, CHANNELS);
  const char *data = dyno_dialect_find_line (text, length, DATA);

  if (channels == NULL || data == NULL || data < channels)
    return refuse (error, "import_no_header",
                   "has no sections " CHANNELS " and " DATA " within its first 1 MiB");
  self->ids = find_filled (dyno_import_line_next (channels), end);
  self->names = self->ids < data ? find_filled (dyno_import_line_next (self->ids), end) : data;
  self->units = self->names < data ? dyno_import_line_next (self->names) : data;
  self->data = find_filled (dyno_import_line_next (data), end);
  if (self->names >= data || self->units > data)
    return refuse (error, "import_no_header", "names no channels below " CHANNELS);
  if (self->units == data)
    self->units = NULL;
  if (self->data >= end)
    return refuse (error, "import_no_data", "has no rows below " DATA);

  return TRUE;
}

static DynoImportLayout *
make_layout (const char *text,
             gsize       length,
             GError    **error)
{
  g_autoptr(DynoImportLayout) layout = dyno_import_layout_new (',');
  g_auto(GStrv) ids = NULL;
  g_auto(GStrv) cells = NULL;
  Places places;

  if (!find_places (&places, text, length, error))
    return NULL;
  ids = dyno_import_layout_split (places.ids, ',', 0);
  cells = dyno_import_layout_split (places.names, ',', 0);
  if (!dyno_import_layout_take_names (layout, join_names (cells, g_strv_length (ids)), error))
    return NULL;
  if (places.units != NULL)
    layout->units = dyno_import_layout_split (places.units, ',', layout->n_columns);
  dyno_import_layout_place (layout, text, places.names, places.units, places.data);

  return g_steal_pointer (&layout);
}

/* "Engine RPM (SAE)" is the engine speed as the standard defines it. */
static void
take_standard_name (DynoImportMap *map,
                    guint          column)
{
  const DynoImportName *name = &map->table->columns[column].name;
  g_autofree char *cell = NULL;
  DynoImportName bare;

  if (!g_str_has_suffix (name->name, STANDARD))
    return;
  cell = g_strndup (name->name, strlen (name->name) - strlen (STANDARD));
  dyno_import_name_parse (&bare, cell);
  dyno_import_alias_find (&bare, &map->bindings[column].alias);
  dyno_import_name_clear (&bare);
}

static void
take_names (DynoImportMap *map)
{
  for (guint i = 0; i < map->table->n_columns; i++)
    {
      DynoImportBinding *binding = &map->bindings[i];

      if (dyno_dialect_cell_is (map->table->columns[i].name.name, "offset"))
        binding->alias = (DynoImportAlias){ .channel = DYNO_CHANNEL_TIME };
      else if (binding->alias.channel == DYNO_CHANNEL_NONE)
        take_standard_name (map, i);
    }
}

const DynoDialect dyno_dialect_hptuners = {
  .id = "hptuners",
  .title = "HP Tuners log",
  .score = score,
  .time_unit = "s",
  .make_layout = make_layout,
  .take_names = take_names,
};
