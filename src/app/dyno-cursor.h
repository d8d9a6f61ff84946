/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

#pragma once

#include <gtk/gtk.h>

G_BEGIN_DECLS

/* A cursor of a chart: an upright line over all panes with its number and its x
 * on a flag. It is a widget of its own so that a screen reader finds it and its
 * label, the values under it. The chart places it: its middle is its x. */

#define DYNO_TYPE_CURSOR (dyno_cursor_get_type ())
G_DECLARE_FINAL_TYPE (DynoCursor, dyno_cursor, DYNO, CURSOR, GtkWidget)

GtkWidget  *dyno_cursor_new        (guint        which); /* 0 or 1, shown as 1 and 2 */

/* "4 350 rpm" on the flag. */
void        dyno_cursor_set_text   (DynoCursor  *self,
                                    const char  *text);
/* What is said: "4 350 rpm; A 86.4 kW; B 85.9 kW". */
void        dyno_cursor_set_spoken (DynoCursor  *self,
                                    const char  *spoken);
const char *dyno_cursor_get_spoken (DynoCursor  *self);
/* The one that keys move has a filled flag. */
void        dyno_cursor_set_active (DynoCursor  *self,
                                    gboolean     is_active);
/* Height of the flag in px. */
int         dyno_cursor_get_flag   (DynoCursor  *self);

G_END_DECLS
