/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

#pragma once

#include <adwaita.h>

#include "dyno-meter.h"

G_BEGIN_DECLS

/* A lying bar of a DynoMeter: title, word, digits, and below them the value within its
 * range with the limits marked. For what is judged by its place more than its number.
 *
 * Property: meter. Style classes: dyno-amber, dyno-red. */

#define DYNO_TYPE_BAR (dyno_bar_get_type ())
G_DECLARE_FINAL_TYPE (DynoBar, dyno_bar, DYNO, BAR, AdwBin)

GtkWidget *dyno_bar_new       (DynoMeter *meter);
DynoMeter *dyno_bar_get_meter (DynoBar   *self); /* (nullable) */
void       dyno_bar_set_meter (DynoBar   *self,
                               DynoMeter *meter);

G_END_DECLS
