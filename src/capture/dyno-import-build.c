/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

#include "config.h"

#include "dyno-import-build.h"

#include <string.h>

static guint8 *
steal_reasons (DynoImportColumn *column,
               gsize             n_rows)
{
  guint8 *reasons = g_steal_pointer (&column->reasons);

  reasons = g_realloc (reasons, n_rows);
  if (column->n_reasons < n_rows)
    memset (reasons + column->n_reasons, DYNO_REJECT_NONE, n_rows - column->n_reasons);

  return reasons;
}

/* A held row carries no new reading. */
static guint8 *
make_updates (const DynoImportTable *table)
{
  guint8 *bits = g_malloc0 (table->n_rows / 8 + 1);

  for (gsize row = 0; row < table->n_rows; row++)
    bits[row / 8] |= (guint8) (table->is_changed[row] << row % 8);

  return bits;
}

static guint8 *
dup_updates (const guint8      *updates,
             const DynoNumbers *numbers,
             gboolean           is_full)
{
  guint8 *bits = g_memdup2 (updates, numbers->n / 8 + 1);

  for (gsize row = 0; !is_full && row < numbers->n; row++)
    {
      if (dyno_numbers_is_missing (numbers, row))
        bits[row / 8] &= (guint8) ~(1 << row % 8);
    }

  return bits;
}

static void
build_column (DynoImportMap      *self,
              DynoSamplesBuilder *builder,
              const guint8       *updates,
              guint               index)
{
  DynoImportColumn *column = &self->table->columns[index];
  const DynoImportBinding *binding = &self->bindings[index];
  const DynoUnit *unit = binding->unit != NULL ? binding->unit : dyno_unit_none ();
  g_autofree char *name = g_strconcat (column->name.name, column->suffix, NULL);
  gboolean has_reasons = column->reasons != NULL;
  gsize n_rows = self->table->n_rows;
  guint8 *bits = NULL;
  guint place;

  if (dyno_numbers_is_null (&column->numbers))
    dyno_numbers_append_missing (&column->numbers, n_rows);
  dyno_numbers_trim (&column->numbers);
  if (updates != NULL)
    bits = dup_updates (updates, &column->numbers, column->n == n_rows);
  place = dyno_samples_builder_take_numbers (builder, name, column->name.module, binding->channel,
                                             unit, &column->numbers);
  dyno_samples_builder_set_unit_text (builder, place, binding->unit_text);
  if (has_reasons)
    dyno_samples_builder_take_reasons (builder, place, steal_reasons (column, n_rows));
  if (bits != NULL)
    dyno_samples_builder_take_updates (builder, place, bits);
}

DynoSamples *
dyno_import_build_samples (DynoImportMap         *self,
                           double                *time_s,
                           const DynoImportWatch *watch,
                           GError               **error)
{
  g_autoptr(DynoSamplesBuilder) builder = dyno_samples_builder_new (self->table->n_rows);
  gboolean has_updates = self->report->held_rows > 0 || self->table->has_readings;
  g_autofree guint8 *updates = has_updates ? make_updates (self->table) : NULL;

  if (time_s != NULL)
    dyno_samples_builder_take_time (builder, time_s);
  for (guint i = 0; i < self->table->n_columns; i++)
    {
      if (self->table->columns[i].is_dropped)
        continue;
      if (!dyno_import_watch_step (watch, 1, "columns", error))
        return NULL;
      build_column (self, builder, updates, i);
    }

  return dyno_samples_builder_finish (g_steal_pointer (&builder));
}
