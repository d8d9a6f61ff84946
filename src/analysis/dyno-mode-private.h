/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

#pragma once

#include "dyno-mode.h"

G_BEGIN_DECLS

/* What both rules for modes share: dyno-mode.c and dyno-mode-compat.c. */

/* The heat and the rates at which a mode begins. */
typedef struct
{
  double soak_c;
  double tip_in_tps;  /* %/s */
  double tip_in_map;  /* kPa/s */
  double tip_out_tps;
  double tip_out_map;
} DynoModeLimits;

/* The engine in one row; NaN: not known, and no condition on it holds. */
typedef struct
{
  double rpm;
  double map_kpa;
  double tps;
  double iat_c;
  double tps_rate;
  double map_rate;
} DynoModeState;

DynoMode   dyno_mode_of     (const DynoModeLimits *limits,
                             const DynoModeState  *s);
/* Without modes; with them, their rows and seconds. */
DynoModes *dyno_modes_begin (const DynoVeSet      *set);
void       dyno_modes_end   (DynoModes            *self,
                             const DynoVeSet      *set);

G_END_DECLS
