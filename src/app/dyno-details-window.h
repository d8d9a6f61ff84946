/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

#pragma once

#include <adwaita.h>

G_BEGIN_DECLS

/* A text to be read, selected and copied: what is behind *Details*. */

#define DYNO_TYPE_DETAILS_WINDOW (dyno_details_window_get_type ())
G_DECLARE_FINAL_TYPE (DynoDetailsWindow, dyno_details_window, DYNO, DETAILS_WINDOW, AdwWindow)

GtkWidget *dyno_details_window_new (const char *title,
                                    const char *text);

G_END_DECLS
