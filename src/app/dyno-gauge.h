/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

#pragma once

#include <gtk/gtk.h>

#include "dyno-meter.h"

G_BEGIN_DECLS

/* A dial of 240° with a needle, digits and the word of the state, of the same
 * DynoMeter as a readout. With a target the ring has the colours of the mixture,
 * rich on the left and lean on the right; else amber and red where the limits
 * are. The face is drawn when it changes; the needle when its tip moves by half
 * a pixel.
 *
 * Property: meter. Style classes: dyno-amber, dyno-red. */

#define DYNO_TYPE_GAUGE (dyno_gauge_get_type ())
G_DECLARE_FINAL_TYPE (DynoGauge, dyno_gauge, DYNO, GAUGE, GtkWidget)

GtkWidget *dyno_gauge_new         (DynoMeter *meter);
DynoMeter *dyno_gauge_get_meter   (DynoGauge *self); /* (nullable) */
void       dyno_gauge_set_meter   (DynoGauge *self,
                                   DynoMeter *meter);
/* Where the needle points, degrees clockwise from straight up, −120…120; NaN
 * without a value or a range. */
double     dyno_gauge_get_angle   (DynoGauge *self);
/* Times that it was drawn, and its face; for tests. */
void       dyno_gauge_get_counts  (DynoGauge *self,
                                   guint64   *n_drawn,
                                   guint64   *n_faces);

G_END_DECLS
