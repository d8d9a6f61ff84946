/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

#pragma once

#include <adwaita.h>

#include "dyno-watch.h"

G_BEGIN_DECLS

/* The foot of the window: link, loss over 10 s, recording. Each is a button that
 * opens its place (win.link, win.page). Below 600 px icons and values only.
 *
 * Property: narrow. */

#define DYNO_TYPE_FOOTER (dyno_footer_get_type ())
G_DECLARE_FINAL_TYPE (DynoFooter, dyno_footer, DYNO, FOOTER, AdwBin)

/* NULL: nothing is known. */
void dyno_footer_set_watch (DynoFooter *self,
                            DynoWatch  *watch);

G_END_DECLS
