/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

#pragma once

#include <gtk/gtk.h>

G_BEGIN_DECLS

/* How the window says what went wrong: the one table from kinds of errors to words
 * (house.md 4). The sentence itself comes with the error. */

/* "Not Found", "Cannot Be Reached": a heading. Never NULL. */
const char *dyno_trouble_title        (const GError *error);
const char *dyno_trouble_icon         (const GError *error);
/* May the same thing work when it is asked again? */
gboolean    dyno_trouble_may_pass     (const GError *error);
gboolean    dyno_trouble_is_cancelled (const GError *error);

/* Sentence, code and reason on lines of their own, to be read or copied.
 * (transfer full) */
char       *dyno_trouble_describe     (const GError *error);
/* A window with all of it and a Copy button. */
void        dyno_trouble_show         (GtkWidget    *parent,
                                       const GError *error);

G_END_DECLS
