/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

#pragma once

#include <adwaita.h>

#include "dyno-test.h"

G_BEGIN_DECLS

/* What a test of a widget needs, on top of dyno-test.h. Run under run-ui.sh. */

/* g_test_init and GTK, with the resource, icons and style of the program. Without
 * a display the program ends as skipped. */
void       dyno_test_ui_init       (int               *argc,
                                    char            ***argv);
/* The same for a program that is no test. FALSE without a display. */
gboolean   dyno_test_ui_start      (void);

/* A window of that size around `widget`, shown, allocated and drawn once. */
GtkWidget *dyno_test_ui_show       (GtkWidget         *widget,
                                    int                width,
                                    int                height);
/* Destroys the window and waits until it is gone. */
void       dyno_test_ui_close      (GtkWidget         *window);

/* Runs the main loop until `widget` has had that many more frames. */
void       dyno_test_ui_frames     (GtkWidget         *widget,
                                    guint              n_frames);
/* Runs the main loop for so long. */
void       dyno_test_ui_run        (guint              ms);
/* Runs the main loop until nothing is pending. */
void       dyno_test_ui_settle     (void);

/* What the binding of that key in the widget's own class does; FALSE when it has
 * none or its action is disabled. */
gboolean   dyno_test_ui_press      (GtkWidget         *widget,
                                    guint              key,
                                    GdkModifierType    modifiers);

/* The widget as it would be drawn now. (transfer full) */
GdkTexture    *dyno_test_ui_shot   (GtkWidget         *widget);
/* Pixels of that colour in it, each part within 2 of 255. */
guint      dyno_test_ui_count      (GdkTexture        *texture,
                                    const GdkRGBA     *color);
/* Pixels darker than half. */
guint      dyno_test_ui_count_dark (GdkTexture        *texture);
/* Nodes of that kind in what the widget draws. */
guint      dyno_test_ui_count_nodes (GtkWidget        *widget,
                                     GskRenderNodeType type);

G_END_DECLS
