/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

#include "config.h"

#include "dyno-delay.h"

#define REFERENCE_FLOW (3000.0 * 60) /* 1/min · kPa */

const char *
dyno_delay_verdict_name (DynoDelayVerdict verdict)
{
  static const char *const names[] = {
    "accepted", "not-measurable", "low-correlation", "wide-interval", "hold-out",
  };

  g_return_val_if_fail (verdict < G_N_ELEMENTS (names), NULL);

  return names[verdict];
}

const char *
dyno_delay_mode_name (DynoDelayMode mode)
{
  static const char *const names[] = { "auto", "none", "fixed", "flow", "table" };

  g_return_val_if_fail (mode < G_N_ELEMENTS (names), NULL);

  return names[mode];
}

void
dyno_delay_init (DynoDelay           *self,
                 const DynoVeOptions *options,
                 gboolean             has_time)
{
  *self = (DynoDelay){
    .mode = has_time ? options->delay : DYNO_DELAY_NONE,
    .fixed_s = options->delay_ms / 1000,
    .base_s = options->delay_flow_base_ms / 1000,
    .reference = options->delay_flow_ref_ms / 1000 * REFERENCE_FLOW,
    .table = options->delay_table,
  };
}
