/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

#include "config.h"

#include "dyno-export-columns.h"

#include <math.h>
#include <string.h>

static void
column_free (gpointer data)
{
  DynoExportColumn *column = data;

  g_free (column->name);
  g_free (column->unit);
  g_free (column);
}

int
dyno_export_units_find (const char *name)
{
  static const char *const names[] = { "si", "us", "source" };

  for (guint i = 0; i < G_N_ELEMENTS (names); i++)
    {
      if (g_strcmp0 (names[i], name) == 0)
        return (int) i;
    }

  return -1;
}

/* Units */

/* The unit in which the accessors of the samples answer. */
static const DynoUnit *
si_of (const DynoColumn *column)
{
  const DynoUnit *own = NULL;

  if (dyno_channel_is_mixture (column->channel))
    return column->unit;
  if (column->channel != DYNO_CHANNEL_NONE)
    own = dyno_unit_find (dyno_channel_info (column->channel)->unit);

  return own != NULL ? own : dyno_unit_si (column->unit->quantity);
}

static void
set_source_unit (DynoExportColumn *self)
{
  const DynoColumn *column = self->column;

  self->scale = 1;
  self->unit = g_strdup (column->unit->symbol);
  if (*self->unit == '\0')
    {
      g_free (self->unit);
      self->unit = g_strdup (column->unit_text);
    }
}

static void
set_shown_unit (DynoExportColumn *self,
                DynoExportUnits   units)
{
  const DynoUnit *si = si_of (self->column);
  const DynoUnit *shown = si;
  double scale;
  double offset;

  if (units == DYNO_EXPORT_US && si == dyno_unit_si (si->quantity))
    shown = dyno_unit_shown (DYNO_UNITS_US, si->quantity);
  dyno_unit_line (si, shown, &scale, &offset);
  self->scale = self->column->scale * scale;
  self->offset = self->column->offset * scale + offset;
  self->unit = g_strdup (shown->symbol);
}

/* formats.md C.2 */
static int
decimals_of (const DynoExportColumn *self)
{
  static const int decimals[DYNO_N_QUANTITIES] = {
    [DYNO_QUANTITY_NONE] = 3,         [DYNO_QUANTITY_TIME] = 3,     [DYNO_QUANTITY_DISTANCE] = 3,
    [DYNO_QUANTITY_SPEED] = 2,        [DYNO_QUANTITY_FORCE] = 2,    [DYNO_QUANTITY_POWER] = 2,
    [DYNO_QUANTITY_TORQUE] = 2,       [DYNO_QUANTITY_TEMPERATURE] = 1,
    [DYNO_QUANTITY_PRESSURE] = 2,     [DYNO_QUANTITY_ROTATION] = 0, [DYNO_QUANTITY_GEAR_RATIO] = 3,
    [DYNO_QUANTITY_ACCELERATION] = 3, [DYNO_QUANTITY_AFR] = 3,      [DYNO_QUANTITY_LAMBDA] = 3,
    [DYNO_QUANTITY_FLOW] = 3,         [DYNO_QUANTITY_VOLTAGE] = 3,  [DYNO_QUANTITY_CURRENT] = 3,
    [DYNO_QUANTITY_PERCENT] = 3,      [DYNO_QUANTITY_ANGLE] = 3,
  };
  const DynoUnit *unit = dyno_unit_find (self->unit);

  return decimals[unit != NULL ? unit->quantity : DYNO_QUANTITY_NONE];
}

static gboolean
is_flag (const DynoSamples *samples,
         const DynoColumn  *column)
{
  if (column->channel == DYNO_CHANNEL_GEAR || column->channel == DYNO_CHANNEL_WB_READY_F
      || column->channel == DYNO_CHANNEL_WB_READY_R)
    return TRUE;
  if (column->channel != DYNO_CHANNEL_NONE)
    return FALSE;
  for (gsize i = 0; i < dyno_samples_n_rows (samples); i++)
    {
      double value = dyno_column_value (column, i);

      if (!isnan (value) && value != 0 && value != 1)
        return FALSE;
    }

  return TRUE;
}

/* Names */

/* A canonical name belongs to the canonical channel alone, so that the header says
 * what each column is. */
static gboolean
is_taken (GHashTable *names,
          const char *name)
{
  return g_hash_table_contains (names, name) || dyno_channel_find (name) != DYNO_CHANNEL_NONE;
}

static char *
name_extra (GHashTable       *names,
            const DynoColumn *column)
{
  char *name = g_strdup (*column->name != '\0' ? column->name : "column");

  if (is_taken (names, name) && *column->module != '\0')
    {
      g_free (name);
      name = g_strdup_printf ("(%s) %s", column->module, column->name);
    }
  for (guint i = 2; is_taken (names, name); i++)
    {
      g_free (name);
      name = g_strdup_printf ("%s#%u", column->name, i);
    }

  return name;
}

static DynoExportColumn *
column_new (const DynoSamples *samples,
            const DynoColumn  *column,
            DynoExportUnits    units,
            GHashTable        *names)
{
  DynoExportColumn *self = g_new0 (DynoExportColumn, 1);

  self->column = column;
  self->name = column->channel != DYNO_CHANNEL_NONE
                 ? g_strdup (dyno_channel_info (column->channel)->name)
                 : name_extra (names, column);
  g_hash_table_add (names, self->name);
  if (units == DYNO_EXPORT_SOURCE)
    set_source_unit (self);
  else
    set_shown_unit (self, units);
  self->decimals = decimals_of (self);
  self->is_held = is_flag (samples, column);

  return self;
}

GPtrArray *
dyno_export_columns_new (const DynoSamples *samples,
                         DynoExportUnits    units)
{
  GPtrArray *columns = g_ptr_array_new_with_free_func (column_free);
  g_autoptr(GHashTable) names = g_hash_table_new (g_str_hash, g_str_equal);

  for (guint i = DYNO_CHANNEL_TIME; i < DYNO_N_CHANNELS; i++)
    {
      const DynoColumn *column = dyno_samples_find (samples, (DynoChannel) i);

      if (column != NULL)
        g_ptr_array_add (columns, column_new (samples, column, units, names));
    }
  for (guint i = 0; i < dyno_samples_n_columns (samples); i++)
    {
      const DynoColumn *column = dyno_samples_column (samples, i);

      if (column->channel == DYNO_CHANNEL_NONE)
        g_ptr_array_add (columns, column_new (samples, column, units, names));
    }

  return columns;
}

double
dyno_export_column_value (const DynoExportColumn *self,
                          gsize                   row)
{
  double value = dyno_column_value (self->column, row);

  return self->scale == 1 && self->offset == 0 ? value : value * self->scale + self->offset;
}

char *
dyno_export_column_heading (const DynoExportColumn *self)
{
  if (*self->unit == '\0' && !g_str_has_suffix (self->name, ")"))
    return g_strdup (self->name);

  return g_strdup_printf ("%s (%s)", self->name, self->unit);
}
