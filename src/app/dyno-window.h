/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

#pragma once

#include <adwaita.h>

#include "dyno-page.h"

G_BEGIN_DECLS

/* The window: it hosts. Sidebar, header, banner, toasts, foot; the pages do the rest.
 * Its template is one of two, chosen when it is built (ui/, ui/floor/).
 *
 * Properties: narrow (< 720 px, set with each new size), simulator.
 * Actions: win.page (s), win.open-run (s), win.back, .forward, .sidebar, .fullscreen,
 * .stop, .doctor, .link, .trouble, .stop-simulator. */

#define DYNO_TYPE_WINDOW (dyno_window_get_type ())
G_DECLARE_FINAL_TYPE (DynoWindow, dyno_window, DYNO, WINDOW, AdwApplicationWindow)

/* `application` may be NULL in a test. */
GtkWidget *dyno_window_new          (GtkApplication *application,
                                     GSettings      *settings);

/* From now on the pages are of this shop; NULL: there is none, all of them go. */
void       dyno_window_set_shop     (DynoWindow     *self,
                                     DynoShop       *shop);
/* There will be no shop: says why. */
void       dyno_window_show_trouble (DynoWindow     *self,
                                     const GError   *error);

/* The page in view, NULL without one; that of a name, made where it is not there. */
DynoPage  *dyno_window_get_page     (DynoWindow     *self);
DynoPage  *dyno_window_find_page    (DynoWindow     *self,
                                     const char     *name);

/* Does an action of a page by its full name, "live.arm", "page.search": on the page of
 * its prefix, or on the one in view. FALSE where there is none or it is disabled. */
gboolean   dyno_window_activate     (DynoWindow     *self,
                                     const char     *action);

G_END_DECLS
