/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

#pragma once

#include <adwaita.h>

#include "dyno-chart.h"
#include "dyno-layout.h"

G_BEGIN_DECLS

/* The strip chart of the live page: the panes of a layout over the last seconds, how
 * many of them, and a pause that stops the view and nothing else. A channel comes in
 * by its name: dropped, or by dyno_strip_toggle ().
 *
 * Properties: paused, span (s, 10…600), simulator: the word across it. Signal
 * `edit-panes` (char *source, int pane): a channel is wanted in a pane (−1: a new one),
 * or out of it, if it is there. */

#define DYNO_TYPE_STRIP (dyno_strip_get_type ())
G_DECLARE_FINAL_TYPE (DynoStrip, dyno_strip, DYNO, STRIP, AdwBin)

void       dyno_strip_set_live   (DynoStrip   *self,
                                  DynoLive    *live); /* (nullable) */
void       dyno_strip_set_layout (DynoStrip   *self,
                                  DynoLayout  *layout);
void       dyno_strip_set_units  (DynoStrip   *self,
                                  DynoUnitSet  units);
/* How far the view is behind, said again; ten times a second is enough. */
void       dyno_strip_update     (DynoStrip   *self);
DynoChart *dyno_strip_get_chart  (DynoStrip   *self);

G_END_DECLS
