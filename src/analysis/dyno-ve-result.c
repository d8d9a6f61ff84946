/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

#include "config.h"

#include "dyno-ve-result.h"

#include "dyno-explain.h"

const char *
dyno_cell_reason_name (DynoCellReason reason)
{
  static const char *const names[DYNO_N_CELL_REASONS] = { "ok", "no-data", "few-hits", "skip",
                                                          "clamped" };

  g_return_val_if_fail (reason < DYNO_N_CELL_REASONS, NULL);

  return names[reason];
}

const char *
dyno_bias_name (DynoBias bias)
{
  static const char *const names[] = { "unknown", "none", "minor", "noticeable", "significant" };

  g_return_val_if_fail (bias < G_N_ELEMENTS (names), NULL);

  return names[bias];
}

void
dyno_ve_result_free (DynoVeResult *self)
{
  if (self == NULL)
    return;

  for (guint c = 0; c < DYNO_VE_CYLINDERS; c++)
    {
      g_free (self->cylinders[c].cells);
      g_free (self->cylinders[c].mads);
      g_free (self->reasons[c]);
      g_free (self->homes[c]);
    }
  g_free (self->combined);
  g_free (self->options);
  dyno_ve_index_free (self->index);
  g_clear_pointer (&self->assumptions, g_ptr_array_unref);
  g_clear_pointer (&self->warnings, g_ptr_array_unref);
  dyno_ve_set_free (self->set);
  g_free (self);
}

guint
dyno_ve_result_run_of (const DynoVeResult *self,
                       gsize               row,
                       gsize              *run_row)
{
  const DynoVeRun *run = dyno_ve_set_run_of (self->set, row);

  *run_row = row - run->first;

  return (guint) (run - self->set->runs);
}
