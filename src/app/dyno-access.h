/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

#pragma once

#include <gtk/gtk.h>

G_BEGIN_DECLS

/* Names for a screen reader where GTK 4.8 gives none: a widget without a name is
 * read as its class (ui.md 7). */

/* The name of one widget; of a drop-down also of the button inside, which is what has
 * the focus. (That of a menu button is labelled by the menu button.) */
void dyno_access_name     (GtkWidget  *widget,
                           const char *name);
/* What it says beyond its name. */
void dyno_access_describe (GtkWidget  *widget,
                           const char *description);
/* The row of a list or column view that `child`, a cell of it, stands in. */
void dyno_access_name_row (GtkWidget  *child,
                           const char *name);

/* The parts of a column view that GTK 4.8 leaves without a name: the list itself gets
 * `name`, the heads say what they are. Once it has columns. */
void dyno_access_name_columns (GtkColumnView *view,
                               const char    *name);

/* All of a template, once it is built: a button with an action of the key table
 * that shows only an icon is named by it; each gets its key into its tooltip; and
 * the inner button of a compound one the name of the outer one, which is its
 * tooltip where it has no other. */
void dyno_access_name_all (GtkWidget  *root);

G_END_DECLS
