/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

#pragma once

#include <adwaita.h>

#include "dyno-watch.h"

G_BEGIN_DECLS

/* Which channel of the dyno is engine speed, mixture, MAP: what was found, what is
 * missing first, and the way to overrule it. A choice is bound to names (provider,
 * channel, unit, occurrence), so it holds when the dyno comes back with other ids. */

#define DYNO_TYPE_MAPPING_WINDOW (dyno_mapping_window_get_type ())
G_DECLARE_FINAL_TYPE (DynoMappingWindow, dyno_mapping_window, DYNO, MAPPING_WINDOW, AdwWindow)

GtkWidget *dyno_mapping_window_new    (DynoShop          *shop,
                                       DynoWatch         *watch);
/* Opens the list of channels for one of them, as activating its row does. */
void       dyno_mapping_window_choose (DynoMappingWindow *self,
                                       DynoChannel        canonical);
/* This channel is what is being chosen for. */
void       dyno_mapping_window_take   (DynoMappingWindow *self,
                                       const char        *channel);
/* The sentence that says why the last choice was refused; "" for none. */
const char *dyno_mapping_window_get_refusal (DynoMappingWindow *self);

G_END_DECLS
