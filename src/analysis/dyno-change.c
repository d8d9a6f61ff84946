/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

#include "config.h"

#include "dyno-change-private.h"

#include <math.h>
#include <string.h>

static const DynoBoundsRow bounds_rows[DYNO_N_BOUNDS] = {
  { "na_harley", 15, 115, TRUE }, { "stage_1", 15, 120, TRUE },  { "stage_2", 15, 125, TRUE },
  { "boosted", 10, 200, FALSE },  { "custom", 0, 999, FALSE },
};

static const char *const reason_names[DYNO_N_CHANGE_REASONS] = {
  "clamped",  "no-data",   "few-hits",  "skip",    "blank-base", "ve-bound", "override",
  "skipped",  "resampled", "unchanged", "padding", "extreme",    "bad-base",
};

static void
override_free (gpointer data)
{
  DynoOverride *override = data;

  g_free (override->reason);
  g_free (override);
}

DynoChangeOptions *
dyno_change_options_new (void)
{
  g_autoptr(DynoVeOptions) defaults = dyno_ve_options_new ();
  DynoChangeOptions *self = g_new0 (DynoChangeOptions, 1);

  memcpy (self->limits, defaults->limits, sizeof self->limits);
  self->clamp_pct = 15;
  self->overrides = g_ptr_array_new_with_free_func (override_free);

  return self;
}

DynoChangeOptions *
dyno_change_options_copy (const DynoChangeOptions *self)
{
  DynoChangeOptions *copy = g_memdup2 (self, sizeof *self);

  copy->overrides = g_ptr_array_new_with_free_func (override_free);
  for (guint i = 0; i < self->overrides->len; i++)
    {
      DynoOverride *override = g_memdup2 (self->overrides->pdata[i], sizeof *override);

      override->reason = g_strdup (override->reason);
      g_ptr_array_add (copy->overrides, override);
    }

  return copy;
}

void
dyno_change_options_free (DynoChangeOptions *self)
{
  if (self == NULL)
    return;

  g_ptr_array_unref (self->overrides);
  g_free (self);
}

gboolean
dyno_change_options_override (DynoChangeOptions  *self,
                              double              rpm,
                              double              load,
                              DynoTableSide       side,
                              DynoOverrideAction  action,
                              const char         *reason,
                              DynoAnalysisError **error)
{
  g_autofree char *text = g_strstrip (g_strdup (reason != NULL ? reason : ""));
  DynoOverride *override;

  if (*text == '\0')
    {
      dyno_analysis_error_set (error, DYNO_ANALYSIS_BAD_OPTION,
                               "An override of cell %g, %g needs a reason: it is kept with the "
                               "change.",
                               rpm, load);
      return FALSE;
    }
  override = g_new0 (DynoOverride, 1);
  *override = (DynoOverride){ rpm, load, side, action, g_steal_pointer (&text) };
  g_ptr_array_add (self->overrides, override);

  return TRUE;
}

const DynoBoundsRow *
dyno_bounds_row (DynoBounds bounds)
{
  g_return_val_if_fail (bounds < DYNO_N_BOUNDS, NULL);

  return &bounds_rows[bounds];
}

const char *
dyno_bounds_name (DynoBounds bounds)
{
  return dyno_bounds_row (bounds)->name;
}

gboolean
dyno_bounds_find (const char *name,
                  DynoBounds *bounds)
{
  for (guint i = 0; i < DYNO_N_BOUNDS; i++)
    {
      if (g_strcmp0 (bounds_rows[i].name, name) != 0)
        continue;
      *bounds = (DynoBounds) i;
      return TRUE;
    }

  return FALSE;
}

const char *
dyno_change_reason_name (guint index)
{
  g_return_val_if_fail (index < DYNO_N_CHANGE_REASONS, "");

  return reason_names[index];
}

static void
table_free (DynoChangeTable *self)
{
  if (self == NULL)
    return;

  dyno_table_unref (self->base);
  dyno_table_unref (self->after);
  dyno_change_set_free (self->set);
  g_array_unref (self->cells);
  g_free (self);
}

void
dyno_change_free (DynoChange *self)
{
  if (self == NULL)
    return;

  for (guint i = 0; i < self->n_tables; i++)
    table_free (self->tables[i]);
  g_ptr_array_unref (self->blocks);
  g_ptr_array_unref (self->warnings);
  dyno_change_options_free (self->options);
  g_free (self->origin);
  g_free (self->math_version);
  g_free (self->fingerprint);
  g_free (self->result_id);
  g_free (self->preview_sha256);
  g_free (self);
}

guint
dyno_change_n_changed (const DynoChange *self)
{
  guint n = 0;

  for (guint i = 0; i < self->n_tables; i++)
    n += self->tables[i]->n_changed;

  return n;
}

guint
dyno_change_n_clamped (const DynoChange *self)
{
  guint n = 0;

  for (guint i = 0; i < self->n_tables; i++)
    n += self->tables[i]->n_clamped;

  return n;
}

double
dyno_change_max_delta_pct (const DynoChange *self)
{
  double most = 0;

  for (guint i = 0; i < self->n_tables; i++)
    most = MAX (most, self->tables[i]->max_abs_delta_pct);

  return most;
}

guint
dyno_change_cell_shares (const DynoChange     *self,
                         const DynoChangeCell *cell,
                         DynoGridShare         shares[DYNO_GRID_SHARES])
{
  if (self->origin == NULL || (cell->reasons & DYNO_CHANGE_RESAMPLED) == 0)
    return 0;

  return dyno_grid_shape_shares (self->origin, cell->rpm, cell->load, shares);
}

gboolean
dyno_change_cell_has_value (const DynoChangeCell *cell)
{
  return !isnan (cell->limited) && (cell->reasons & DYNO_CHANGE_PADDING) == 0;
}
