/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

#pragma once

#include <adwaita.h>

#include "dyno-layouts.h"
#include "dyno-live.h"

G_BEGIN_DECLS

/* The layout that is shown, to be edited: its name, its tiles in their order, more of
 * them by search. What is changed is seen on the page behind it at once. A preset is
 * copied first.
 *
 * Signal `deleted` (DynoLayout *layout): it is gone; who wants may put it back. */

#define DYNO_TYPE_LAYOUT_WINDOW (dyno_layout_window_get_type ())
G_DECLARE_FINAL_TYPE (DynoLayoutWindow, dyno_layout_window, DYNO, LAYOUT_WINDOW, AdwWindow)

/* `live` says what else the dyno has; `vehicle_id` (nullable): whose it will be. */
GtkWidget *dyno_layout_window_new (DynoLayouts *layouts,
                                   DynoLive    *live,
                                   DynoUnitSet  units,
                                   const char  *vehicle_id);
/* Adds a tile for that channel, as choosing it from the search does. */
void       dyno_layout_window_add (DynoLayoutWindow *self,
                                   const char       *source);

G_END_DECLS
