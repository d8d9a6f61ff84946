/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

#pragma once

#include <adwaita.h>

G_BEGIN_DECLS

/* The table of keys to be read and searched, a list a page. */

#define DYNO_TYPE_SHORTCUTS_WINDOW (dyno_shortcuts_window_get_type ())
G_DECLARE_FINAL_TYPE (DynoShortcutsWindow, dyno_shortcuts_window, DYNO, SHORTCUTS_WINDOW, AdwWindow)

GtkWidget *dyno_shortcuts_window_new        (void);
/* Rows that the search leaves. */
guint      dyno_shortcuts_window_get_n_rows (DynoShortcutsWindow *self);

G_END_DECLS
