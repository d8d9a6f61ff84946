/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

#include "config.h"

#include "dyno-dialects-private.h"

#include <string.h>

/* ECUmaster EMU: names are paths ("engine/rpm"), a row holds what was new. Words of the
 * path tell the units. */

#define BY_PATH 0.7

static guint
score (const DynoDialectHead *head)
{
  guint n = 0;

  if (head->names == NULL || !g_str_equal (head->names[0], "TIME")
      || (head->delimiter != ';' && head->delimiter != '\t'))
    return 0;
  for (guint i = 1; head->names[i] != NULL; i++)
    n += strchr (head->names[i], '/') != NULL && strchr (head->names[i], ' ') == NULL;

  return n > 0 ? 2 : 0;
}

/* "sensors/tps1" has the word "tps", "map2" the word "map". */
static gboolean
has_word (const char *path,
          const char *word)
{
  gsize n = strlen (word);

  for (const char *p = strstr (path, word); p != NULL; p = strstr (p + 1, word))
    {
      const char *end = p + n + strspn (p + n, "0123456789");

      if ((p == path || !g_ascii_isalnum (p[-1])) && !g_ascii_isalpha (*end))
        return TRUE;
    }

  return FALSE;
}

static void
assign_units (DynoImportMap *map)
{
  static const struct
  {
    const char *word;
    const char *unit;
  } units[] = {
    { "rpm", "rpm" },   { "temp", "°C" }, { "temperature", "°C" }, { "pressure", "kPa" },
    { "map", "kPa" },   { "baro", "kPa" }, { "tps", "%" },         { "throttle", "%" },
  };

  for (guint i = 0; i < map->table->n_columns; i++)
    {
      g_autofree char *path = g_ascii_strdown (map->table->columns[i].name.name, -1);

      for (gsize k = 0; k < G_N_ELEMENTS (units); k++)
        {
          if (has_word (path, units[k].word))
            dyno_import_map_set_unit (map, i, units[k].unit, "dialect", BY_PATH);
        }
    }
}

const DynoDialect dyno_dialect_ecumaster = {
  .id = "ecumaster",
  .title = "ECUmaster log",
  .score = score,
  .time_unit = "s",
  .assign_units = assign_units,
};
