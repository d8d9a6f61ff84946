/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

#pragma once

#include <gtk/gtk.h>

G_BEGIN_DECLS

/* The legend of the diverging scale: eleven colours from "rich · remove fuel" to
 * "lean · add fuel" with ±R at the ends. */

#define DYNO_TYPE_HEAT_SCALE (dyno_heat_scale_get_type ())
G_DECLARE_FINAL_TYPE (DynoHeatScale, dyno_heat_scale, DYNO, HEAT_SCALE, GtkWidget)

void dyno_heat_scale_set_range (DynoHeatScale *self,
                                double         range_pct);

G_END_DECLS
