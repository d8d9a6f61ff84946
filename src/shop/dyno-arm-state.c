/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

#include "config.h"

#include "dyno-arm-state.h"

#include <math.h>

DynoArmState *
dyno_arm_state_new (void)
{
  DynoArmState *self = g_new0 (DynoArmState, 1);

  g_atomic_ref_count_init (&self->n_refs);
  self->power_kw = NAN;
  self->power_rpm = NAN;
  self->torque_nm = NAN;
  self->torque_rpm = NAN;

  return self;
}

DynoArmState *
dyno_arm_state_ref (DynoArmState *self)
{
  g_atomic_ref_count_inc (&self->n_refs);

  return self;
}

void
dyno_arm_state_unref (DynoArmState *self)
{
  if (self == NULL || !g_atomic_ref_count_dec (&self->n_refs))
    return;

  for (guint i = 0; i < self->n_discards; i++)
    g_free (self->discards[i].run_id);
  g_free (self->discards);
  g_free (self->message);
  g_free (self->provider);
  g_free (self->wanted);
  g_free (self->vehicle_id);
  g_free (self->run_id);
  g_free (self->complaint);
  g_free (self);
}

const char *
dyno_arm_phase_name (DynoArmPhase phase)
{
  static const char *const names[DYNO_N_ARM_PHASES] = {
    "no_dyno", "connecting", "live", "armed", "recording", "saving", "saved", "link_lost", "error",
  };

  g_return_val_if_fail (phase < DYNO_N_ARM_PHASES, "");

  return names[phase];
}

gboolean
dyno_arm_state_is_busy (const DynoArmState *self)
{
  return self->n_open > 0;
}
