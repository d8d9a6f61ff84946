/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

#include "config.h"

#include "dyno-dialects-private.h"

#include "dyno-import-median.h"
#include "dyno-import-units.h"

#include <math.h>
#include <string.h>

/* WinPEP 8 and Power Core write no units. Force · speed / power tells them: 375 with
 * lbf, mph and hp, 3600 with N, km/h and kW. */

#define MIN_POWER 50.0       /* in either unit */
#define LEAST_ROWS 3
#define RATIO_US 375.0
#define RATIO_SI 3600.0
#define UNSURE 0.5           /* neither ratio: taken as US */
#define RPM_THOUSAND 1000.0
#define LEGACY_ITEMS 3

typedef enum
{
  SYSTEM_US,
  SYSTEM_SI,
} System;

/* Names as they begin, folded; the first that fits. */
static const struct
{
  const char *begin;
  const char *unit[2]; /* US, SI */
} units[] = {
  { "force", { "lbf", "N" } },
  { "speed", { "mph", "km/h" } },
  { "power", { "hp", "kW" } },
  { "torque", { "lbf·ft", "N·m" } },
  { "acceleration", { "mph/s", "m/s²" } },
  { "distance", { "mi", "m" } },
  { "gear ratio", { "rpm/mph", "rpm/(km/h)" } },
  { "humidity", { "%", "%" } },
  { "sampling duration", { "s", "s" } },
};

static gboolean
has_prefix_nocase (const char *text,
                   const char *prefix)
{
  return g_ascii_strncasecmp (text, prefix, strlen (prefix)) == 0;
}

static guint
score_legacy (const char *const *names)
{
  static const char *const wanted[LEGACY_ITEMS] = { "rpm", "torque", "hp" };
  guint n = 0;

  for (gsize i = 0; i < LEGACY_ITEMS; i++)
    {
      for (guint k = 0; names[k] != NULL; k++)
        {
          if (g_ascii_strcasecmp (names[k], wanted[i]) == 0)
            {
              n++;
              break;
            }
        }
    }

  return n == LEGACY_ITEMS ? n : 0;
}

static guint
score (const DynoDialectHead *head)
{
  guint n = 0;

  if (head->names == NULL)
    return 0;
  for (guint i = 0; head->names[i] != NULL; i++)
    {
      if (has_prefix_nocase (head->names[i], "(PV) ")
          || has_prefix_nocase (head->names[i], "(Harley - ECU "))
        return 0;
      n += has_prefix_nocase (head->names[i], "(DWRT ")
           || has_prefix_nocase (head->names[i], "(DWR ")
           || has_prefix_nocase (head->names[i], "(Gen) ");
    }

  return n > 0 ? n : score_legacy (head->names);
}

/* Other modules have units of their own. */
static gboolean
is_of_dyno (const DynoImportName *name)
{
  return name->module[0] == '\0' || has_prefix_nocase (name->module, "DWRT ")
         || has_prefix_nocase (name->module, "DWR ")
         || g_ascii_strcasecmp (name->module, "Gen") == 0;
}

/* The column of the dyno that would be that channel, by the order of the aliases; −1. */
static int
find_of_dyno (const DynoImportMap *map,
              DynoChannel          channel)
{
  int best = -1;

  for (guint i = 0; i < map->table->n_columns; i++)
    {
      const DynoImportColumn *column = &map->table->columns[i];
      const DynoImportAlias *alias = &map->bindings[i].alias;

      if (alias->channel == channel && !column->is_dropped && column->n > 0
          && is_of_dyno (&column->name)
          && (best < 0 || alias->order < map->bindings[best].alias.order))
        best = (int) i;
    }

  return best;
}

typedef struct
{
  const DynoImportColumn *force;
  const DynoImportColumn *speed;
  const DynoImportColumn *power;
} ForceRatio;

static double
get_force_ratio (gsize    row,
                 gpointer data)
{
  const ForceRatio *self = data;
  double power = dyno_import_column_value (self->power, row);

  if (!(power > MIN_POWER))
    return NAN;

  return dyno_import_column_value (self->force, row) * dyno_import_column_value (self->speed, row)
         / power;
}

/* NaN where the three are not there. */
static double
find_force_ratio (const DynoImportMap *map)
{
  int force = find_of_dyno (map, DYNO_CHANNEL_FORCE);
  int speed = find_of_dyno (map, DYNO_CHANNEL_SPEED);
  int power = find_of_dyno (map, DYNO_CHANNEL_POWER);
  ForceRatio self;

  if (force < 0 || speed < 0 || power < 0)
    return NAN;
  self = (ForceRatio){ &map->table->columns[force], &map->table->columns[speed],
                       &map->table->columns[power] };

  return dyno_import_row_median (map->table->n_rows, LEAST_ROWS, get_force_ratio, &self);
}

/* torque · rpm / power, with engine speed as it stands in the file. */
static double
find_torque_ratio (const DynoImportMap *map)
{
  int rpm = find_of_dyno (map, DYNO_CHANNEL_RPM);
  double ratio
      = dyno_import_units_torque_ratio (map, find_of_dyno (map, DYNO_CHANNEL_TORQUE), rpm,
                                        find_of_dyno (map, DYNO_CHANNEL_POWER), 1);

  if (!isnan (ratio))
    return ratio;

  return dyno_import_units_torque_ratio (map, find_of_dyno (map, DYNO_CHANNEL_TORQUE_CORR),
                                         rpm, find_of_dyno (map, DYNO_CHANNEL_POWER_CORR),
                                         1);
}

static gboolean
is_constant_of (System system,
                double ratio)
{
  return dyno_import_units_is_ratio (ratio, system == SYSTEM_US ? DYNO_LBFT_RPM_PER_HP
                                                                : DYNO_NM_RPM_PER_KW);
}

static void
report_system (const DynoImportMap *map,
               System               system,
               double               confidence,
               const char          *what,
               double               ratio)
{
  const char *read_as
      = system == SYSTEM_US ? "lbf, mph, hp, lbf·ft, °F and inHg" : "N, km/h, kW, N·m and °C";
  char number[G_ASCII_DTOSTR_BUF_SIZE];

  dyno_import_report_number (number, ratio, 6);
  if (isnan (ratio))
    dyno_import_report_assume (
        map->report, "units_by_ratio", NULL, confidence, "--unit \"COLUMN=UNIT\"",
        "The file names no units and no numbers tell them: read as %s", read_as);
  else if (confidence == UNSURE)
    dyno_import_report_assume (
        map->report, "units_by_ratio", NULL, confidence, "--unit \"COLUMN=UNIT\"",
        "The file names no units and %s is %s, which fits neither US units nor SI: "
        "read as %s",
        what, number, read_as);
  else
    dyno_import_report_assume (
        map->report, "units_by_ratio", NULL, confidence, "--unit \"COLUMN=UNIT\"",
        "The file names no units; %s is %s, so they are %s", what, number, read_as);
}

/* By force first; a legacy log without force by torque. */
static System
find_system (DynoImportMap *map,
             double         torque_ratio,
             double        *confidence)
{
  double force_ratio = find_force_ratio (map);
  gboolean by_torque = isnan (force_ratio);
  double constant = torque_ratio < 100 ? torque_ratio * RPM_THOUSAND : torque_ratio;
  System system = SYSTEM_US;

  *confidence = DYNO_IMPORT_BY_DIALECT;
  if (dyno_import_units_is_ratio (force_ratio, RATIO_SI)
      || (by_torque && is_constant_of (SYSTEM_SI, constant)))
    system = SYSTEM_SI;
  else if (!dyno_import_units_is_ratio (force_ratio, RATIO_US)
           && !(by_torque && is_constant_of (SYSTEM_US, constant)))
    *confidence = UNSURE;
  report_system (map, system, *confidence,
                 by_torque ? "torque · rpm / power" : "force · speed / power",
                 by_torque ? constant : force_ratio);

  return system;
}

/* WinPEP counts rpm in thousands; the constant of power proves it. */
static void
assign_rpm (DynoImportMap *map,
            guint          column,
            System         system,
            double         torque_ratio)
{
  if (is_constant_of (system, torque_ratio * RPM_THOUSAND))
    dyno_import_map_set_unit (map, column, "krpm", "dialect", DYNO_IMPORT_BY_DIALECT);
  else if (is_constant_of (system, torque_ratio))
    dyno_import_map_set_unit (map, column, "rpm", "dialect", DYNO_IMPORT_BY_DIALECT);
}

static gboolean
begins_with_word (const char *folded,
                  const char *word)
{
  gsize n = strlen (word);

  return strncmp (folded, word, n) == 0 && (folded[n] == '\0' || folded[n] == ' ');
}

/* "temperature 1" of the weather module, "oil temperature 2" of another. */
static gboolean
is_temperature (const char *folded)
{
  g_auto(GStrv) words = g_strsplit (folded, " ", -1);

  return g_strv_contains ((const char *const *) words, "temperature")
         || g_strv_contains ((const char *const *) words, "temp");
}

static void
assign_unit (DynoImportMap *map,
             guint          column,
             System         system,
             double         confidence)
{
  const DynoImportName *name = &map->table->columns[column].name;
  g_autofree char *folded = dyno_import_name_fold (name->name);
  DynoChannel channel = map->bindings[column].alias.channel;

  if (is_temperature (folded))
    {
      dyno_import_map_set_unit (map, column, system == SYSTEM_US ? "°F" : "°C", "dialect",
                                confidence);
      return;
    }
  for (gsize i = 0; i < G_N_ELEMENTS (units); i++)
    {
      gboolean is_told = g_str_equal (units[i].unit[SYSTEM_US], units[i].unit[SYSTEM_SI]);

      if (begins_with_word (folded, units[i].begin))
        {
          dyno_import_map_set_unit (map, column, units[i].unit[system], "dialect",
                                    is_told ? DYNO_IMPORT_BY_DIALECT : confidence);
          return;
        }
    }

  if (channel == DYNO_CHANNEL_BARO && system == SYSTEM_US)
    dyno_import_map_set_unit (map, column, "inHg", "dialect", confidence);
  else if (channel == DYNO_CHANNEL_POWER_CORR) /* "HP" */
    dyno_import_map_set_unit (map, column, system == SYSTEM_US ? "hp" : "kW", "dialect",
                              confidence);
}

void
dyno_dialect_assign_dyno (DynoImportMap *map)
{
  double torque_ratio = find_torque_ratio (map);
  double confidence;
  System system = find_system (map, torque_ratio, &confidence);

  for (guint i = 0; i < map->table->n_columns; i++)
    {
      if (map->table->columns[i].is_dropped || !is_of_dyno (&map->table->columns[i].name))
        continue;
      if (map->bindings[i].alias.channel == DYNO_CHANNEL_RPM)
        assign_rpm (map, i, system, torque_ratio);
      else
        assign_unit (map, i, system, confidence);
    }
}

const DynoDialect dyno_dialect_winpep = {
  .id = "winpep",
  .title = "WinPEP 8 / Power Core time export",
  .score = score,
  .time_unit = "s",
  .assign_units = dyno_dialect_assign_dyno,
};
