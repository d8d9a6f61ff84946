/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

#include "config.h"

#include "dyno-import-units.h"

#include "dyno-import-median.h"

#include <math.h>

#define RATIO_TOLERANCE 0.02
#define LEAST_ROWS 3           /* for a ratio */
#define MIN_POWER 1.0          /* near zero a ratio is noise */
#define THOUSANDS_HIGHEST 25.0 /* rpm · 1000 */
#define AFR_LOWEST 3.0         /* a median above is AFR, below λ */
#define FAHRENHEIT_LOWEST 150.0

typedef struct
{
  const DynoImportMap *map;
  int                  column;
  gboolean             without_zeros;
} RunningValue;

static double
get_running_value (gsize    row,
                   gpointer data)
{
  const RunningValue *self = data;
  double value = dyno_import_column_value (&self->map->table->columns[self->column], row);

  if ((self->without_zeros && value == 0) || !dyno_import_map_is_running (self->map, row))
    return NAN;

  return value;
}

static double
get_value (gsize    row,
           gpointer data)
{
  const RunningValue *self = data;
  double value = dyno_import_column_value (&self->map->table->columns[self->column], row);

  return self->without_zeros && value == 0 ? NAN : value;
}

/* Over the rows with the engine running, or over all where it never runs. */
static double
running_median (const DynoImportMap *map,
                guint                column,
                gboolean             without_zeros)
{
  RunningValue self = { map, (int) column, without_zeros };
  double median = dyno_import_row_median (map->table->n_rows, 1, get_running_value, &self);

  if (!isnan (median))
    return median;

  return dyno_import_row_median (map->table->n_rows, 1, get_value, &self);
}

typedef struct
{
  const DynoImportColumn *torque;
  const DynoImportColumn *rpm;
  const DynoImportColumn *power;
  double                  rpm_scale;
} TorqueRatio;

static double
get_torque_ratio (gsize    row,
                  gpointer data)
{
  const TorqueRatio *self = data;
  double power = dyno_import_column_value (self->power, row);

  if (!(power > MIN_POWER))
    return NAN;

  return dyno_import_column_value (self->torque, row) * dyno_import_column_value (self->rpm, row)
         * self->rpm_scale / power;
}

double
dyno_import_units_torque_ratio (const DynoImportMap *map,
                                int                  torque,
                                int                  rpm,
                                int                  power,
                                double               rpm_scale)
{
  TorqueRatio self;

  if (torque < 0 || rpm < 0 || power < 0)
    return NAN;
  self = (TorqueRatio){ &map->table->columns[torque], &map->table->columns[rpm],
                        &map->table->columns[power], rpm_scale };

  return dyno_import_row_median (map->table->n_rows, LEAST_ROWS, get_torque_ratio, &self);
}

gboolean
dyno_import_units_is_ratio (double found,
                            double expected)
{
  return fabs (found - expected) <= RATIO_TOLERANCE * expected;
}

gboolean
dyno_import_units_fit (DynoChannel     channel,
                       const DynoUnit *unit)
{
  const DynoUnit *wanted = dyno_unit_find (dyno_channel_info (channel)->unit);

  if (dyno_channel_is_mixture (channel))
    return unit->quantity == DYNO_QUANTITY_AFR || unit->quantity == DYNO_QUANTITY_LAMBDA;
  if (channel == DYNO_CHANNEL_KNOCK_F || channel == DYNO_CHANNEL_KNOCK_R
      || channel == DYNO_CHANNEL_KNOCK)
    return unit->quantity == DYNO_QUANTITY_NONE || unit->quantity == DYNO_QUANTITY_ANGLE;

  return wanted != NULL && unit->quantity == wanted->quantity;
}

/* A unit "-" for a channel that needs one is no unit. */
static gboolean
needs_unit (DynoImportBinding *binding)
{
  if (binding->unit != NULL && binding->unit->quantity == DYNO_QUANTITY_NONE
      && !dyno_import_units_fit (binding->alias.channel, binding->unit))
    binding->unit = NULL;

  return binding->unit == NULL;
}

static gboolean
has_fractions (const DynoImportTable  *table,
               const DynoImportColumn *column)
{
  for (gsize row = 0; row < table->n_rows; row++)
    {
      double value = dyno_import_column_value (column, row);

      if (!isnan (value) && value != rint (value))
        return TRUE;
    }

  return FALSE;
}

/* The dialect or the file may have said it already. */
static void
decide_rpm (DynoImportMap *map,
            guint          column)
{
  DynoImportBinding *binding = &map->bindings[column];
  const DynoImportColumn *numbers = &map->table->columns[column];

  if (!needs_unit (binding) || numbers->n == 0)
    return;
  if (numbers->max <= THOUSANDS_HIGHEST && has_fractions (map->table, numbers))
    dyno_import_map_set_unit (map, column, "krpm", "value", DYNO_IMPORT_BY_VALUE);
  else
    dyno_import_map_set_unit (map, column, "rpm", "default", DYNO_IMPORT_BY_DIALECT);
}

void
dyno_import_units_decide_rpm (DynoImportMap *map)
{
  for (guint i = 0; i < map->table->n_columns; i++)
    {
      if (map->bindings[i].alias.channel == DYNO_CHANNEL_RPM)
        decide_rpm (map, i);
    }
  map->rpm = dyno_import_map_find (map, DYNO_CHANNEL_RPM);
}

/* "Unit decides, name does not": the numbers overrule both what the file says and
 * what the name says; only the operator overrules them. */
static void
decide_mixture (DynoImportMap *map,
                guint          column)
{
  DynoImportBinding *binding = &map->bindings[column];
  const DynoImportName *name = &map->table->columns[column].name;
  double median = running_median (map, column, TRUE);
  gboolean is_afr = median > AFR_LOWEST;
  const DynoUnit *unit = dyno_unit_find (is_afr ? "AFR" : "λ");
  double confidence
      = map->dialect->assign_units != NULL ? DYNO_IMPORT_BY_DIALECT : DYNO_IMPORT_BY_VALUE;

  if (isnan (median) || g_strcmp0 (binding->unit_from, "operator") == 0
      || (map->dialect->is_exact && binding->unit != NULL))
    return;

  if (needs_unit (binding))
    dyno_import_map_set_unit (map, column, unit->symbol, "value", confidence);
  else if (binding->unit->quantity != unit->quantity
           && dyno_import_units_fit (binding->alias.channel, binding->unit))
    {
      binding->contradicts = TRUE;
      binding->unit = unit;
      binding->unit_from = "value";
    }
  if (is_afr ? dyno_import_name_says_lambda (name) && !dyno_import_name_says_afr (name)
             : dyno_import_name_says_afr (name) && !dyno_import_name_says_lambda (name))
    binding->contradicts = TRUE;
}

static void
decide_baro (DynoImportMap *map,
             guint          column)
{
  double median = running_median (map, column, FALSE);

  if (median >= 18 && median <= 32)
    dyno_import_map_set_unit (map, column, "inHg", "value", DYNO_IMPORT_BY_VALUE);
  else if (median >= 60 && median <= 120)
    dyno_import_map_set_unit (map, column, "kPa", "value", DYNO_IMPORT_BY_VALUE);
  else if (median >= 600 && median <= 1200)
    dyno_import_map_set_unit (map, column, "hPa", "value", DYNO_IMPORT_BY_VALUE);
  else
    dyno_import_map_set_unit (map, column, "kPa", "default", 0.4);
}

static void
decide_temperature (DynoImportMap *map,
                    guint          column)
{
  gboolean is_fahrenheit = running_median (map, column, FALSE) > FAHRENHEIT_LOWEST;

  dyno_import_map_set_unit (map, column, is_fahrenheit ? "°F" : "°C", "value",
                            DYNO_IMPORT_BY_VALUE);
}

/* Channels that are written in one unit only, or in that of the list when nothing
 * tells another. */
static void
decide_usual (DynoImportMap *map,
              guint          column,
              DynoChannel    channel)
{
  const DynoUnit *usual = dyno_unit_find (dyno_channel_info (channel)->unit);
  gboolean is_only = TRUE;

  switch (usual->quantity)
    {
    case DYNO_QUANTITY_SPEED:
    case DYNO_QUANTITY_FORCE:
    case DYNO_QUANTITY_POWER:
    case DYNO_QUANTITY_TORQUE:
    case DYNO_QUANTITY_PRESSURE:
    case DYNO_QUANTITY_ACCELERATION:
      is_only = FALSE;
      break;
    case DYNO_QUANTITY_NONE:
    case DYNO_QUANTITY_TIME:
    case DYNO_QUANTITY_DISTANCE:
    case DYNO_QUANTITY_TEMPERATURE:
    case DYNO_QUANTITY_ROTATION:
    case DYNO_QUANTITY_GEAR_RATIO:
    case DYNO_QUANTITY_AFR:
    case DYNO_QUANTITY_LAMBDA:
    case DYNO_QUANTITY_FLOW:
    case DYNO_QUANTITY_VOLTAGE:
    case DYNO_QUANTITY_CURRENT:
    case DYNO_QUANTITY_PERCENT:
    case DYNO_QUANTITY_ANGLE:
    case DYNO_N_QUANTITIES:
    default:
      break;
    }
  dyno_import_map_set_unit (map, column, usual->symbol, "default",
                            is_only ? DYNO_IMPORT_BY_DIALECT : DYNO_IMPORT_BY_VALUE);
}

static void
decide (DynoImportMap *map,
        guint          column)
{
  DynoImportBinding *binding = &map->bindings[column];
  DynoChannel channel = binding->alias.channel;

  if (dyno_channel_is_mixture (channel))
    decide_mixture (map, column);
  else if (!needs_unit (binding))
    binding->is_foreign = !dyno_import_units_fit (channel, binding->unit);
  else if (channel == DYNO_CHANNEL_BARO)
    decide_baro (map, column);
  else if (channel == DYNO_CHANNEL_AMBIENT_TEMP || channel == DYNO_CHANNEL_IAT
           || channel == DYNO_CHANNEL_ENGINE_TEMP)
    decide_temperature (map, column);
  else
    decide_usual (map, column, channel);
}

/* Torque and power whose units are open are told by their ratio: the constant of
 * hp and lbf·ft is another than that of kW and N·m. */
static void
decide_torque (DynoImportMap *map,
               DynoChannel    torque_channel,
               DynoChannel    power_channel)
{
  static const char *const torques[] = { "lbf·ft", "N·m" };
  static const char *const powers[] = { "hp", "kW" };
  int torque = dyno_import_map_find (map, torque_channel);
  int power = dyno_import_map_find (map, power_channel);
  double rpm_scale = map->rpm >= 0 && map->bindings[map->rpm].unit != NULL
                         ? map->bindings[map->rpm].unit->scale : 1;
  double ratio = dyno_import_units_torque_ratio (map, torque, map->rpm, power, rpm_scale);

  for (gsize t = 0; t < G_N_ELEMENTS (torques) && !isnan (ratio); t++)
    {
      const DynoUnit *open = map->bindings[power].unit;

      for (gsize p = 0; p < G_N_ELEMENTS (powers); p++)
        {
          const DynoUnit *torque_unit = dyno_unit_find (torques[t]);
          const DynoUnit *power_unit = open != NULL ? open : dyno_unit_find (powers[p]);

          if ((open == NULL && t != p) /* nobody mixes the systems unsaid */
              || !dyno_import_units_is_ratio (ratio, DYNO_NM_RPM_PER_KW * power_unit->scale
                                                         / torque_unit->scale))
            continue;
          dyno_import_map_set_unit (map, (guint) torque, torque_unit->symbol, "value",
                                    DYNO_IMPORT_BY_VALUE);
          dyno_import_map_set_unit (map, (guint) power, power_unit->symbol, "value",
                                    DYNO_IMPORT_BY_VALUE);
          return;
        }
    }
}

void
dyno_import_units_decide (DynoImportMap *map)
{
  decide_torque (map, DYNO_CHANNEL_TORQUE_CORR, DYNO_CHANNEL_POWER_CORR);
  decide_torque (map, DYNO_CHANNEL_TORQUE, DYNO_CHANNEL_POWER);
  for (guint i = 0; i < map->table->n_columns; i++)
    {
      const DynoImportBinding *binding = &map->bindings[i];

      if (binding->alias.channel != DYNO_CHANNEL_NONE && binding->alias.channel != DYNO_CHANNEL_RPM
          && map->table->columns[i].n > 0)
        decide (map, i);
      else if (binding->alias.channel == DYNO_CHANNEL_RPM && binding->unit != NULL)
        map->bindings[i].is_foreign = !dyno_import_units_fit (DYNO_CHANNEL_RPM, binding->unit);
    }
}
