/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

#pragma once

#include "dyno-pull-power.h"

G_BEGIN_DECLS

/* Power and torque as a person reads them: peaks, passport, what to doubt, the
 * curve every `step` (0: 250 rpm, 10 km/h), the dyno's own weight. (transfer full) */
char *dyno_power_text (const DynoPullPower *power,
                       double               step,
                       DynoUnitSet          units);

/* "sae-1990, factor 1.2454 …" on one line. (transfer full) */
char *dyno_power_text_passport (const DynoCorrection *correction,
                                DynoUnitSet           units);

G_END_DECLS
