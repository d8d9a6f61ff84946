/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

#include "config.h"

#include "dyno-sheet.h"

static void
run_free (gpointer data)
{
  DynoSheetRun *run = data;

  g_free (run->name);
  g_free (run->id);
  g_free (run->sha256);
  g_free (run->date);
  g_free (run->stored_as);
  g_free (run->rows);
  dyno_pull_power_unref (run->power);
  g_free (run);
}

static void
grid_free (gpointer data)
{
  DynoSheetGrid *grid = data;

  g_free (grid->title);
  g_free (grid->values);
  g_free (grid);
}

DynoSheet *
dyno_sheet_new (void)
{
  DynoSheet *self = g_new0 (DynoSheet, 1);

  self->program = g_strdup ("DynoAI " DYNO_VERSION);
  self->baseline = -1;
  self->runs = g_ptr_array_new_with_free_func (run_free);
  self->warnings = g_ptr_array_new_with_free_func (g_free);
  self->grids = g_ptr_array_new_with_free_func (grid_free);
  self->findings = g_ptr_array_new_with_free_func (g_free);
  self->changes = g_ptr_array_new_with_free_func (g_free);

  return self;
}

void
dyno_sheet_free (DynoSheet *self)
{
  g_free (self->program);
  g_free (self->shop);
  g_free (self->address);
  g_free (self->terms);
  g_free (self->dyno);
  g_clear_pointer (&self->logo, cairo_surface_destroy);
  g_free (self->customer);
  g_free (self->vehicle);
  g_free (self->plate);
  g_free (self->vin);
  g_free (self->notes);
  g_ptr_array_unref (self->runs);
  g_ptr_array_unref (self->warnings);
  g_ptr_array_unref (self->grids);
  g_ptr_array_unref (self->findings);
  g_ptr_array_unref (self->changes);
  g_free (self);
}

DynoSheetRun *
dyno_sheet_add_run (DynoSheet     *self,
                    const char    *name,
                    const char    *id,
                    DynoPullPower *power)
{
  DynoSheetRun *run = g_new0 (DynoSheetRun, 1);

  run->name = g_strdup (name);
  run->id = g_strdup (id);
  run->power = dyno_pull_power_ref (power);
  g_ptr_array_add (self->runs, run);

  return run;
}

void
dyno_sheet_add_grid (DynoSheet           *self,
                     const char          *title,
                     DynoSheetGridKind    kind,
                     int                  decimals,
                     const DynoGridShape *shape,
                     double              *values)
{
  DynoSheetGrid *grid = g_new0 (DynoSheetGrid, 1);

  grid->title = g_strdup (title);
  grid->kind = kind;
  grid->decimals = decimals;
  grid->shape = *shape;
  grid->values = values;
  g_ptr_array_add (self->grids, grid);
}
