/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

#include "config.h"

#include "dyno-dialects-private.h"

#include "dyno-import-cell.h"

#include <math.h>
#include <string.h>

/* Zeitronix Data Logger. Its boost is a vacuum in inHg below 0 and a pressure in psi
 * above, so that the column has no one unit; beyond ± 100 the gauge was not there. */

#define MAX_BOOST 100.0
#define EGT_CONFIDENCE 0.6

static guint
score (const DynoDialectHead *head)
{
  if (head->names != NULL || head->length == 0
      || !dyno_dialect_line_begins (head->text, "Filename:")
      || !dyno_dialect_line_begins (dyno_import_line_next (head->text), "Date Exported:"))
    return 0;

  return 3;
}

/* A "MAP" that falls below 0 is the same gauge. */
static gboolean
is_boost (const DynoImportMap *map,
          guint                column)
{
  g_autofree char *folded = dyno_dialect_dup_folded (map, column);

  return g_str_equal (folded, "zt 2 boost") || g_str_equal (folded, "boost")
         || (g_str_equal (folded, "map") && map->table->columns[column].min < 0);
}

static void
take_numbers (DynoImportMap *map)
{
  for (guint i = 0; i < map->table->n_columns; i++)
    {
      if (!is_boost (map, i))
        continue;
      if (!map->bindings[i].is_given)
        map->bindings[i].alias.channel = DYNO_CHANNEL_NONE;
      dyno_dialect_reject (map, i, -INFINITY, nextafter (-MAX_BOOST, -INFINITY),
                           DYNO_REJECT_SENTINEL);
      dyno_dialect_reject (map, i, nextafter (MAX_BOOST, INFINITY), INFINITY,
                           DYNO_REJECT_SENTINEL);
      dyno_import_report_assume (map->report, "boost_sign", map->table->columns[i].cell,
                                 DYNO_IMPORT_BY_DIALECT, NULL,
                                 "“%s” is inHg of vacuum below 0 and psi of boost above; it "
                                 "stays an extra channel, because the log has no barometer",
                                 map->table->columns[i].cell);
    }
}

static void
assign_units (DynoImportMap *map)
{
  static const struct
  {
    const char *word; /* last of the name */
    const char *unit;
    double      confidence;
  } units[] = {
    { "afr", "AFR", DYNO_IMPORT_BY_DIALECT }, { "rpm", "rpm", DYNO_IMPORT_BY_DIALECT },
    { "tps", "%", DYNO_IMPORT_BY_DIALECT },   { "egt", "°F", EGT_CONFIDENCE },
  };

  for (guint i = 0; i < map->table->n_columns; i++)
    {
      g_autofree char *folded = dyno_dialect_dup_folded (map, i);
      const char *last = strrchr (folded, ' ') != NULL ? strrchr (folded, ' ') + 1 : folded;

      for (gsize k = 0; k < G_N_ELEMENTS (units); k++)
        {
          if (g_str_equal (last, units[k].word))
            dyno_import_map_set_unit (map, i, units[k].unit, "dialect", units[k].confidence);
        }
    }
}

const DynoDialect dyno_dialect_zeitronix = {
  .id = "zeitronix",
  .title = "Zeitronix log",
  .score = score,
  .take_numbers = take_numbers,
  .assign_units = assign_units,
};
