/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

#pragma once

#include <adwaita.h>

#include "dyno-watch.h"

G_BEGIN_DECLS

/* The health of the link: one sentence, then the dyno, the interfaces, what was
 * counted, and the channels that are worth a look. Says itself anew as things change. */

#define DYNO_TYPE_LINK_WINDOW (dyno_link_window_get_type ())
G_DECLARE_FINAL_TYPE (DynoLinkWindow, dyno_link_window, DYNO, LINK_WINDOW, AdwWindow)

GtkWidget  *dyno_link_window_new         (DynoWatch      *watch);
const char *dyno_link_window_get_summary (DynoLinkWindow *self);

G_END_DECLS
