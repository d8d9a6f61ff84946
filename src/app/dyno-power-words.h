/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

#pragma once

#include "dyno-power-set.h"

G_BEGIN_DECLS

/* Curves in words and in numbers. All (transfer full). */

/* "86.4 kW @ 5 480 · 148.1 N·m @ 3 200"; NULL without a curve. */
char *dyno_power_words_peaks (const DynoPower      *power,
                              DynoUnitSet           units);
/* "Run 14 · FXDLS Rosa", "3 runs"; SIMULATOR where one of them is simulated. `set`
 * may be NULL. */
char *dyno_power_words_title (DynoPowerSet         *set);
/* What `to` gains on `from` over the speeds that both have (analysis.md 2.5). NULL
 * without such speeds. */
char *dyno_power_words_gain  (const DynoPowerEntry *from,
                              const DynoPowerEntry *to,
                              DynoUnitSet           units);
/* Speed in steps of 50 rpm (km/h: 2), power in kW and torque in N·m of each run, by the
 * rules of formats.md C.2. NULL without a curve. */
char *dyno_power_words_csv   (DynoPowerSet         *set);

G_END_DECLS
