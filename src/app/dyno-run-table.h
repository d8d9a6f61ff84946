/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

#pragma once

#include <gtk/gtk.h>

#include "dyno-run-columns.h"
#include "dyno-run-list.h"

G_BEGIN_DECLS

/* The list of runs as it is seen: columns, selection of several, context menu, keys,
 * dragging; and what stands in its place while there is nothing to list.
 *
 * Its menu and keys call actions of the page it is in ("runs.star"). Dragged out it
 * gives the ids of the runs (G_TYPE_STRV) and a text.
 *
 * Signals: selection-changed; opened (DynoRunItem *item) by Enter or double click;
 * starred (DynoRunItem *item) by a click on the star. */

#define DYNO_TYPE_RUN_TABLE (dyno_run_table_get_type ())
G_DECLARE_FINAL_TYPE (DynoRunTable, dyno_run_table, DYNO, RUN_TABLE, GtkWidget)

/* `list` and `clock` are there from now on. */
void       dyno_run_table_set_list       (DynoRunTable *self,
                                          DynoRunList  *list,
                                          DynoClock    *clock);
void       dyno_run_table_set_units      (DynoRunTable *self,
                                          DynoUnitSet   units);
void       dyno_run_table_set_room       (DynoRunTable *self,
                                          DynoRunRoom   room);
/* What "nothing" means: the whole run book, a search, the trash. */
void       dyno_run_table_set_searching  (DynoRunTable *self,
                                          gboolean      is_searching,
                                          gboolean      is_trash);

guint      dyno_run_table_get_n_selected (DynoRunTable *self);
/* In the order of the list. (transfer full) of DynoRunItem */
GPtrArray *dyno_run_table_get_selected   (DynoRunTable *self);
/* Alone, and brought into sight with the focus. */
void       dyno_run_table_select         (DynoRunTable *self,
                                          guint         position);
/* The name of what is seen: "list", "empty", "nomatch", "trash", "loading", "failed". */
const char *dyno_run_table_get_shown     (DynoRunTable *self);
void       dyno_run_table_popup_menu     (DynoRunTable *self,
                                          double        x,
                                          double        y);

G_END_DECLS
