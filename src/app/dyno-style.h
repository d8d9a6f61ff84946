/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

#pragma once

#include <gtk/gtk.h>

G_BEGIN_DECLS

/* Style (system, light, dark) and shop mode as the settings of the window say, in
 * force at once. Shop mode is text of 150 % (or as set) by the resolution of fonts,
 * and the class `shop` on every window. Main thread. */

typedef struct _DynoStyle DynoStyle;

DynoStyle *dyno_style_new        (GSettings *settings);
void       dyno_style_free       (DynoStyle *self);

/* From now on the window has the class while shop mode is on. */
void       dyno_style_add_window (DynoStyle *self,
                                  GtkWidget *window);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (DynoStyle, dyno_style_free)

G_END_DECLS
