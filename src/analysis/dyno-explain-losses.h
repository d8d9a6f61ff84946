/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

#pragma once

#include "dyno-ve-result.h"

G_BEGIN_DECLS

/* Why a cylinder with a sensor has little or nothing to show, as warnings of the result:
 *
 *   mostly-GATE-front     more than 70 % of the readings go for one reason (analysis.md 3.3)
 *   nothing-counts-front  no reading counts: how many for which reason, and what to do
 *   no-cell-front         readings count, but no cell has enough of them
 *   frozen-rpm, frozen-map  of the first run in which that sensor was dead for a while
 *
 * and the first three of the rear as well. */
void dyno_ve_explain_losses (DynoVeResult *result);

G_END_DECLS
