/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

#include "config.h"

#include "dyno-import-map.h"

#include "dyno-import-identical.h"
#include "dyno-import-reject.h"
#include "dyno-import-settings.h"
#include "dyno-import-units.h"

#include <math.h>
#include <string.h>

#define RUNNING_RPM 400.0
#define MOVED_RPM 300.0        /* by which a live sensor would have changed */
#define FOREIGN_CONFIDENCE 0.4 /* a voltage is no throttle position */
#define IMPOSSIBLE_CONFIDENCE 0.3
#define EQUAL_CONFIDENCE 1e-9

/* The unit row's cell without its brackets. */
static char *
strip_brackets (const char *cell)
{
  gsize n = strlen (cell);

  if (n > 2 && (cell[0] == '(' || cell[0] == '[') && (cell[n - 1] == ')' || cell[n - 1] == ']'))
    return g_strndup (cell + 1, n - 2);

  return g_strdup (cell);
}

static void
take_file_unit (DynoImportMap *self,
                guint          column)
{
  DynoImportBinding *binding = &self->bindings[column];
  const DynoImportName *name = &self->table->columns[column].name;
  const char *cell = self->layout->units != NULL ? self->layout->units[column] : "";

  if (name->unit_text != NULL)
    {
      binding->unit_text = g_strdup (name->unit_text);
      binding->unit = name->unit;
      binding->unit_from = "header";
    }
  else if (cell[0] != '\0')
    {
      binding->unit_text = strip_brackets (cell);
      binding->unit = dyno_unit_find (binding->unit_text);
      binding->unit_from = "unit-row";
    }
  else if (binding->alias.unit != NULL)
    {
      binding->unit = dyno_unit_find (binding->alias.unit);
      binding->unit_from = "name";
    }
  binding->unit_confidence = DYNO_IMPORT_IN_FILE;
  if (binding->unit == NULL)
    binding->unit_from = NULL;
}

/* "AP Info:[…]", "SimosTools [R1.74:2025 …]" */
static gboolean
is_metadata (const char *cell)
{
  const char *open = strchr (cell, '[');
  const char *colon = open != NULL && open[1] != ':' ? strchr (open, ':') : NULL;

  return strstr (cell, ":[") != NULL || (colon != NULL && strchr (colon, ']') != NULL);
}

/* A last cell of that kind describes the file; its column holds nothing. */
static void
drop_metadata (DynoImportMap *self)
{
  DynoImportColumn *last = NULL;

  for (guint i = 0; i < self->table->n_columns; i++)
    {
      if (self->table->columns[i].is_named)
        last = &self->table->columns[i];
    }
  if (last == NULL || !is_metadata (last->cell))
    return;
  last->is_dropped = TRUE;
  dyno_import_report_assume (self->report, "metadata_column", last->cell, DYNO_IMPORT_IN_FILE, NULL,
                             "The last header cell describes the file and is no channel: %s",
                             last->cell);
}

static void
warn_of_unknown_units (DynoImportMap *self)
{
  g_autoptr(GHashTable) seen = g_hash_table_new (g_str_hash, g_str_equal);

  for (guint i = 0; i < self->table->n_columns; i++)
    {
      const DynoImportBinding *binding = &self->bindings[i];

      if (binding->unit_text != NULL && binding->unit == NULL
          && !self->table->columns[i].is_dropped && g_hash_table_add (seen, binding->unit_text))
        dyno_import_report_warn (self->report, "unknown_unit", self->table->columns[i].cell, 1,
                                 "The unit “%s” is not known; its numbers are kept as they are",
                                 binding->unit_text);
    }
}

DynoImportMap *
dyno_import_map_new (DynoImportTable         *table,
                     const DynoImportLayout  *layout,
                     const DynoImportOptions *options,
                     const DynoDialect       *dialect,
                     DynoImportReport        *report,
                     GError                 **error)
{
  g_autoptr(DynoImportMap) self = g_new0 (DynoImportMap, 1);

  self->table = table;
  self->layout = layout;
  self->options = options;
  self->dialect = dialect;
  self->report = report;
  self->rpm = -1;
  self->bindings = g_new0 (DynoImportBinding, table->n_columns);
  for (guint i = 0; i < table->n_columns; i++)
    {
      self->bindings[i].identical_to = -1;
      self->bindings[i].confidence = NAN;
      if (layout->others != NULL && table->columns[i].name.second == NULL)
        table->columns[i].name.second = g_strdup (layout->others[i]);
      dyno_import_alias_find (&table->columns[i].name, &self->bindings[i].alias);
      take_file_unit (self, i);
    }
  if (dialect->take_names != NULL)
    dialect->take_names (self);
  drop_metadata (self);
  if (!dyno_import_settings_take (self, error))
    return NULL;
  warn_of_unknown_units (self);

  return g_steal_pointer (&self);
}

void
dyno_import_map_free (DynoImportMap *self)
{
  if (self == NULL)
    return;

  for (guint i = 0; self->bindings != NULL && i < self->table->n_columns; i++)
    g_free (self->bindings[i].unit_text);
  g_free (self->bindings);
  g_free (self);
}

int
dyno_import_map_find_time (const DynoImportMap *self)
{
  int best = -1;

  for (guint i = 0; i < self->table->n_columns; i++)
    {
      const DynoImportBinding *binding = &self->bindings[i];

      if (binding->alias.channel != DYNO_CHANNEL_TIME || self->table->columns[i].is_dropped)
        continue;
      if (binding->is_given)
        return (int) i;
      if (best < 0 || binding->alias.order < self->bindings[best].alias.order)
        best = (int) i;
    }

  return best;
}

void
dyno_import_map_set_unit (DynoImportMap *self,
                          guint          column,
                          const char    *symbol,
                          const char    *from,
                          double         confidence)
{
  DynoImportBinding *binding = &self->bindings[column];

  if (binding->unit != NULL)
    return;
  binding->unit = dyno_unit_find (symbol);
  binding->unit_from = from;
  binding->unit_confidence = confidence;
}

static gboolean
is_better_name (const DynoImportBinding *a,
                const DynoImportBinding *b)
{
  if (a->is_given != b->is_given)
    return a->is_given;
  if (a->alias.is_last != b->alias.is_last)
    return b->alias.is_last;
  if (a->rank != b->rank)
    return a->rank < b->rank;

  return a->alias.order < b->alias.order;
}

int
dyno_import_map_find (const DynoImportMap *self,
                      DynoChannel          channel)
{
  int best = -1;

  for (guint i = 0; i < self->table->n_columns; i++)
    {
      const DynoImportColumn *column = &self->table->columns[i];

      if (self->bindings[i].alias.channel != channel || column->is_dropped || column->n == 0)
        continue;
      if (best < 0 || is_better_name (&self->bindings[i], &self->bindings[best]))
        best = (int) i;
    }

  return best;
}

static double
get_rpm (const DynoImportMap *self,
         double               value)
{
  const DynoUnit *unit = self->bindings[self->rpm].unit;

  return unit != NULL ? dyno_unit_to_si (unit, value) : value;
}

gboolean
dyno_import_map_is_running (const DynoImportMap *self,
                            gsize                row)
{
  if (self->rpm < 0)
    return TRUE;

  return get_rpm (self, dyno_import_column_value (&self->table->columns[self->rpm], row))
         > RUNNING_RPM;
}

static gboolean
has_rpm_moved (const DynoImportMap *self)
{
  const DynoImportColumn *column;

  if (self->rpm < 0)
    return FALSE;
  column = &self->table->columns[self->rpm];

  return column->n > 0 && get_rpm (self, column->max) - get_rpm (self, column->min) >= MOVED_RPM;
}

/* Sensors that move with the engine: constant ones are dead. */
static gboolean
must_move (DynoChannel channel)
{
  static const DynoChannel channels[] = {
    DYNO_CHANNEL_MIX_F, DYNO_CHANNEL_MIX_R, DYNO_CHANNEL_MIX, DYNO_CHANNEL_MAP, DYNO_CHANNEL_TPS,
    DYNO_CHANNEL_SPEED, DYNO_CHANNEL_FORCE, DYNO_CHANNEL_POWER, DYNO_CHANNEL_POWER_CORR,
    DYNO_CHANNEL_TORQUE, DYNO_CHANNEL_TORQUE_CORR, DYNO_CHANNEL_SPARK_F, DYNO_CHANNEL_SPARK_R,
    DYNO_CHANNEL_SPARK, DYNO_CHANNEL_PW_F, DYNO_CHANNEL_PW_R,
  };

  for (gsize i = 0; i < G_N_ELEMENTS (channels); i++)
    {
      if (channels[i] == channel)
        return TRUE;
    }

  return FALSE;
}

gboolean
dyno_import_map_is_dead (const DynoImportMap *self,
                         guint                column)
{
  return must_move (self->bindings[column].alias.channel) && has_rpm_moved (self)
         && dyno_import_column_is_constant (&self->table->columns[column]);
}

/* Where the numbers alone gave the unit, that doubt has been counted already: numbers
 * decide, the name does not, so that the column stays in use. */
static double
less_contradiction (double confidence)
{
  double less = confidence - DYNO_IMPORT_CONTRADICTS;

  return confidence > DYNO_IMPORT_BY_VALUE ? less : fmax (less, DYNO_IMPORT_MAPPED);
}

static double
judge (const DynoImportMap *self,
       guint                column)
{
  const DynoImportBinding *binding = &self->bindings[column];
  double confidence = binding->unit_confidence;

  if (binding->is_given)
    return DYNO_IMPORT_SURE;
  if (binding->alias.is_prefix)
    confidence = fmin (confidence, DYNO_IMPORT_BY_PREFIX);
  if (binding->contradicts)
    confidence = less_contradiction (confidence);
  if (binding->is_foreign)
    confidence = fmin (confidence, FOREIGN_CONFIDENCE);
  if (dyno_import_map_is_dead (self, column))
    confidence -= DYNO_IMPORT_DEAD;

  return fmax (confidence, 0);
}

static void
judge_all (DynoImportMap *self)
{
  for (guint i = 0; i < self->table->n_columns; i++)
    {
      DynoImportBinding *binding = &self->bindings[i];
      const DynoImportColumn *column = &self->table->columns[i];

      if (binding->alias.channel != DYNO_CHANNEL_NONE && column->n > 0 && !column->is_dropped)
        binding->confidence = judge (self, i);
    }
}

static void
offer_all (DynoImportMap *self)
{
  for (guint i = 0; i < self->table->n_columns; i++)
    {
      DynoImportBinding *binding = &self->bindings[i];

      if (binding->channel == DYNO_CHANNEL_NONE
          && binding->confidence < DYNO_IMPORT_MAPPED - EQUAL_CONFIDENCE)
        binding->offered = binding->alias.channel;
    }
}

/* Last resorts last, whatever is known of them; then the module where the dialect
 * prefers one, confidence, the order of the aliases, that of the file. */
static gboolean
is_better (const DynoImportBinding *a,
           const DynoImportBinding *b)
{
  if (a->alias.is_last != b->alias.is_last)
    return b->alias.is_last;
  if (a->rank != b->rank && !a->is_given && !b->is_given)
    return a->rank < b->rank;
  if (fabs (a->confidence - b->confidence) > EQUAL_CONFIDENCE)
    return a->confidence > b->confidence;

  return is_better_name (a, b);
}

static int
find_best (const DynoImportMap *self,
           DynoChannel          channel)
{
  int best = -1;

  for (guint i = 0; i < self->table->n_columns; i++)
    {
      const DynoImportBinding *binding = &self->bindings[i];

      if (binding->alias.channel == channel
          && binding->confidence >= DYNO_IMPORT_MAPPED - EQUAL_CONFIDENCE
          && (best < 0 || is_better (binding, &self->bindings[best])))
        best = (int) i;
    }

  return best;
}

/* Another sensor of that channel which is off, too: it stays as it is. */
static gboolean
is_also_off (const DynoImportColumn *column,
             DynoChannel             channel,
             gboolean                is_off)
{
  return is_off && dyno_channel_is_mixture (channel) && column->min == 0 && column->max == 0;
}

/* A column of which no number is possible for its channel is something else. */
static void
choose (DynoImportMap *self,
        DynoChannel    channel)
{
  gboolean is_off = FALSE; /* a better one, throughout */
  int best;

  while ((best = find_best (self, channel)) >= 0)
    {
      DynoImportBinding *binding = &self->bindings[best];
      DynoImportColumn *column = &self->table->columns[best];
      const DynoUnit *unit = binding->unit != NULL ? binding->unit : dyno_unit_none ();

      if (is_also_off (column, channel, is_off))
        {
          binding->confidence = IMPOSSIBLE_CONFIDENCE;
          binding->is_given = FALSE;
          continue;
        }
      if (self->dialect->is_exact
          || dyno_import_reject_range (self->table, column, channel, unit))
        {
          binding->channel = channel;
          return;
        }
      if (column->n > 0)
        dyno_import_report_warn (
            self->report, "range_contradicts", column->cell, column->n,
            "No number of “%s” is possible for %s; the column is kept as an extra channel",
            column->cell, dyno_channel_info (channel)->name);
      is_off |= column->n == 0;
      binding->confidence = IMPOSSIBLE_CONFIDENCE;
      binding->is_given = FALSE;
    }
}

static void
drop_blank_nameless (DynoImportTable *table)
{
  for (guint i = 0; i < table->n_columns; i++)
    {
      DynoImportColumn *column = &table->columns[i];

      if (!column->is_named && column->n == 0 && column->reasons == NULL)
        column->is_dropped = TRUE;
    }
}

/* The mapped one of equal columns stands for them, else the first of the file. */
static void
find_identical (DynoImportMap         *self,
                const DynoImportWatch *watch)
{
  g_autofree int *identical_to = dyno_import_find_identical (self->table, watch->cancellable);

  for (guint i = 0; i < self->table->n_columns; i++)
    self->bindings[i].identical_to = identical_to[i];
}

static void
prefer_mapped (DynoImportMap *self)
{
  g_autofree int *chosen = g_new (int, MAX (self->table->n_columns, 1));

  for (guint i = 0; i < self->table->n_columns; i++)
    chosen[i] = -1;
  for (guint i = 0; i < self->table->n_columns; i++)
    {
      int first = self->bindings[i].identical_to >= 0 ? self->bindings[i].identical_to : (int) i;

      if (self->bindings[i].channel != DYNO_CHANNEL_NONE && chosen[first] < 0)
        chosen[first] = (int) i;
    }
  for (guint i = self->table->n_columns; i-- > 0;)
    {
      int first = self->bindings[i].identical_to >= 0 ? self->bindings[i].identical_to : (int) i;

      if (chosen[first] == (int) i)
        self->bindings[i].identical_to = -1;
      else if (chosen[first] >= 0)
        self->bindings[i].identical_to = chosen[first];
    }
}

static gboolean
reject_sentinels (DynoImportMap         *self,
                  const DynoImportWatch *watch,
                  GError               **error)
{
  for (guint i = 0; i < self->table->n_columns; i++)
    {
      if (self->table->columns[i].is_dropped)
        continue;
      if (!dyno_import_watch_step (watch, 1, "columns", error))
        return FALSE;
      self->table->columns[i].was_constant
        = dyno_import_column_is_constant (&self->table->columns[i]);
      dyno_import_reject_sentinels (self->table, &self->table->columns[i]);
    }

  return TRUE;
}

/* In the order of the list, but the engine speed is known already. */
static gboolean
choose_all (DynoImportMap         *self,
            const DynoImportWatch *watch,
            GError               **error)
{
  for (guint channel = DYNO_CHANNEL_RPM; channel < DYNO_N_CHANNELS; channel++)
    {
      if (!dyno_import_watch_step (watch, 1, "columns", error))
        return FALSE;
      choose (self, (DynoChannel) channel);
    }

  return TRUE;
}

gboolean
dyno_import_map_finish (DynoImportMap         *self,
                        const DynoImportWatch *watch,
                        GError               **error)
{
  DynoImportTable *table = self->table;

  if (table->time_column >= 0)
    {
      self->bindings[table->time_column].alias.channel = DYNO_CHANNEL_NONE;
      table->columns[table->time_column].is_dropped = TRUE;
    }
  drop_blank_nameless (table);
  if (!self->dialect->is_exact && !reject_sentinels (self, watch, error))
    return FALSE;
  if (self->dialect->take_numbers != NULL)
    self->dialect->take_numbers (self);
  find_identical (self, watch);

  if (self->dialect->assign_units != NULL)
    self->dialect->assign_units (self);
  dyno_import_units_decide_rpm (self);
  dyno_import_units_decide (self);
  judge_all (self);
  if (!choose_all (self, watch, error))
    return FALSE;
  offer_all (self);
  prefer_mapped (self);

  return TRUE;
}
