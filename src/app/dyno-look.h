/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

#pragma once

#include <gtk/gtk.h>

#include "dyno-palette.h"

G_BEGIN_DECLS

/* How own widgets look now: which of the palette's looks, and shop mode (class
 * `shop` on the window or any parent). Main thread. */

DynoLook dyno_look_now        (void);
gboolean dyno_look_is_shop    (GtkWidget  *widget);
/* Of a curve: 2 px, 3 in shop mode and high contrast. */
double   dyno_look_line_width (GtkWidget  *widget);
GdkRGBA  dyno_look_rgba       (DynoColour  colour);

/* An icon of ours in a colour, its left top corner at (x, y). */
void     dyno_look_draw_icon  (GtkWidget     *widget,
                               GtkSnapshot   *snapshot,
                               const char    *name,
                               double         x,
                               double         y,
                               double         size,
                               const GdkRGBA *color);

/* Calls `changed` with the widget whenever the answer of dyno_look_now () is
 * another, until the widget is disposed of. */
void     dyno_look_watch      (GtkWidget  *widget,
                               void      (*changed) (GtkWidget *widget));

G_END_DECLS
