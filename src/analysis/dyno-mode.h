/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

#pragma once

#include "dyno-finding.h"
#include "dyno-progress.h"
#include "dyno-ve-set.h"

G_BEGIN_DECLS

/* What the engine was doing in each row (analysis.md 4.10): the first of heat soak,
 * tip-in, tip-out, full load, overrun and idle whose condition holds, else cruise. A
 * channel that is absent, or blind in a row, makes its condition false; without time
 * there is no tip-in and no tip-out. Pure. */

typedef enum
{
  DYNO_MODE_IDLE,
  DYNO_MODE_CRUISE,
  DYNO_MODE_TIP_IN,
  DYNO_MODE_TIP_OUT,
  DYNO_MODE_WOT,
  DYNO_MODE_DECEL,
  DYNO_MODE_HEAT_SOAK,
  DYNO_N_MODES
} DynoMode;

typedef struct
{
  guint8   *modes;                 /* (owned) a DynoMode a row of the set */
  gsize     n_rows;
  gsize     counts[DYNO_N_MODES];  /* rows; their sum is n_rows */
  double    seconds[DYNO_N_MODES]; /* gaps left out; NaN without time */
  gboolean  has_rates;             /* tip-in and tip-out can be */
  gboolean  has_tps;               /* in every run; so below */
  gboolean  has_iat;
} DynoModes;

/* "idle", "cruise", "tip_in", … */
const char *dyno_mode_name         (DynoMode             mode);

/* NULL only when cancelled. (transfer full) */
DynoModes  *dyno_modes_find        (const DynoVeSet     *set,
                                    const DynoProgress  *progress);
/* The original's rule, for its golden case: rates are the trailing mean of five
 * steps, MAP tips at +15 and −10 kPa/s, absent channels have a default. */
DynoModes  *dyno_modes_find_compat (const DynoVeSet     *set);
void        dyno_modes_free        (DynoModes           *self);

/* A finding a mode that occurs; score: its share of the rows in %. (transfer full) */
DynoAdvice *dyno_modes_advise      (const DynoModes     *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (DynoModes, dyno_modes_free)

G_END_DECLS
