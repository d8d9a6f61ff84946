/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

#pragma once

#include "dyno-shop.h"

G_BEGIN_DECLS

/* What stands beside the state word, and what a saved run is announced with. All
 * (transfer full), all in the units of the reader. */

/* One line of what belongs to the phase; NULL: nothing. */
char *dyno_live_words_detail (const DynoArmState *arm,
                              DynoConfig         *config);
/* "Run 14 · 86.4 kW · 148 N·m". */
char *dyno_live_words_run    (const DynoArmState *arm,
                              DynoConfig         *config);

G_END_DECLS
