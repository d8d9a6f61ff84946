/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

#pragma once

#include "dyno-analyse.h"
#include "dyno-heatmap.h"

G_BEGIN_DECLS

/* A correction of the fuel table in words and in cells. Texts are (transfer full)
 * unless they are `const`. */

typedef enum
{
  DYNO_FUEL_LIMITED,  /* what may be applied */
  DYNO_FUEL_SMOOTHED, /* before limits */
  DYNO_FUEL_MEASURED, /* the mean of a cell's readings */
  DYNO_FUEL_HITS,
  DYNO_N_FUEL_LAYERS
} DynoFuelLayer;

const char   *dyno_run_fuel_words_layer   (DynoFuelLayer       layer);
/* What a reason of a sample or of a cell means: "not steady", "too few readings". */
const char   *dyno_run_fuel_words_gate    (DynoGate            gate);
const char   *dyno_run_fuel_words_reason  (DynoCellReason      reason);

/* What the heatmap shows of a cylinder; an entry a cell. */
DynoHeatCell *dyno_run_fuel_words_cells   (const DynoVeResult *result,
                                       guint               cylinder,
                                       DynoFuelLayer       layer);

/* "31 of 99 cells get a correction, 4 of them limited; the largest is +8.2 %." */
char         *dyno_run_fuel_words_summary (const DynoVeResult *result,
                                       guint               cylinder);
/* The story of a cell: what it gets and why, and what became of its readings. */
char         *dyno_run_fuel_words_story   (const DynoVeStory  *story);
/* Assumptions and warnings, a line each; "" without any. */
char         *dyno_run_fuel_words_notes   (const DynoVeResult *result);

G_END_DECLS
