/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

#pragma once

#include "dyno-pull-power.h"

G_BEGIN_DECLS

/* The readings of a mixture channel inside the pull over the speed of its curve (rpm, or
 * km/h as the curve), as AFR of petrol, in the order of time. Both arrays (transfer
 * full), empty ones too; the answer is their length. Pure. */
gsize dyno_pull_readings (const DynoPullPower  *power,
                          DynoChannel           channel,
                          double              **x,
                          double              **y);

G_END_DECLS
