/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

#include "config.h"

#include "dyno-dialects-private.h"

#include <string.h>

/* A table of Power Vision, alone or merged with a dyno run: the modules may log the same
 * thing, and that of the engine's own computer counts. */

#define ABSENT_AFR 5.1 /* the 0 V of a wideband that is not there */

static guint
score (const DynoDialectHead *head)
{
  guint n = 0;

  for (guint i = 0; head->names != NULL && head->names[i] != NULL; i++)
    n += dyno_dialect_line_begins (head->names[i], "(PV) ")
         || dyno_dialect_line_begins (head->names[i], "(Harley - ECU ");

  return n > 0 ? n + 1 : 0;
}

static guint
get_rank (const char *module)
{
  static const char *const modules[] = { "PV", "Harley - ECU ", "DWRT CPU" };

  for (guint i = 0; i < G_N_ELEMENTS (modules); i++)
    {
      if (dyno_dialect_line_begins (module, modules[i]))
        return i;
    }

  return G_N_ELEMENTS (modules);
}

static void
take_names (DynoImportMap *map)
{
  for (guint i = 0; i < map->table->n_columns; i++)
    map->bindings[i].rank = get_rank (map->table->columns[i].name.module);
}

void
dyno_dialect_reject_absent (DynoImportMap *map)
{
  for (guint i = 0; i < map->table->n_columns; i++)
    {
      if (dyno_channel_is_mixture (map->bindings[i].alias.channel))
        dyno_dialect_reject (map, i, ABSENT_AFR, ABSENT_AFR, DYNO_REJECT_SENSOR_OFF);
    }
}

const DynoDialect dyno_dialect_pv_flat = {
  .id = "pv-flat",
  .title = "Power Vision table",
  .score = score,
  .time_unit = "s",
  .take_names = take_names,
  .take_numbers = dyno_dialect_reject_absent,
  .assign_units = dyno_dialect_assign_dyno,
};
