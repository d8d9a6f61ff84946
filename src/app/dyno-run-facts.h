/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

#pragma once

#include <gtk/gtk.h>

#include "dyno-shop.h"

G_BEGIN_DECLS

/* What the machine knows of a run, a line a fact: when, how long, from where, peaks
 * as the run book has them, what is missing, marks, channels, files with their sums.
 * What takes reading (channels, marks, files) comes a moment later. */

#define DYNO_TYPE_RUN_FACTS (dyno_run_facts_get_type ())
G_DECLARE_FINAL_TYPE (DynoRunFacts, dyno_run_facts, DYNO, RUN_FACTS, GtkWidget)

/* `run` NULL: none. */
void  dyno_run_facts_set  (DynoRunFacts  *self,
                           DynoShop      *shop,
                           const DynoRun *run,
                           DynoUnitSet    units);
/* All lines, "Duration: 8.2 s"; for tests. (transfer full) */
char *dyno_run_facts_text (DynoRunFacts  *self);

G_END_DECLS
