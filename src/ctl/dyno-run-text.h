/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

#pragma once

#include "dyno-listing.h"
#include "dyno-runbook.h"
#include "dyno-units.h"

G_BEGIN_DECLS

/* Runs as a person reads them. All texts (transfer full). */

/* "Run 14: 78.4 kW at 5003 rpm, 160.9 N·m at 3204 rpm, 8.6 s, run_…" */
char        *dyno_run_text_line  (const DynoRun       *run,
                                  DynoUnitSet          units);
/* A table of runs, one a row. (element-type DynoRun) */
DynoListing *dyno_run_text_table (GPtrArray           *runs,
                                  DynoUnitSet          units);
/* All that is known of one, in several lines; what they say begins in column
 * DYNO_RUN_TEXT_INDENT. */
#define DYNO_RUN_TEXT_INDENT 12
char        *dyno_run_text_story (const DynoRunDetail *detail,
                                  DynoUnitSet          units);

G_END_DECLS
