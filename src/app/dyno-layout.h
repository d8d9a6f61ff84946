/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

#pragma once

#include "dyno-tile.h"

G_BEGIN_DECLS

/* What the live page shows: tiles in their order and the panes of the strip chart.
 * A preset is never changed; who wants another makes a copy of his own. Main thread.
 *
 * A layout is a list model of its tiles. Property: name. Signal `edited`: tile, order,
 * name or panes are others. */

#define DYNO_TYPE_LAYOUT (dyno_layout_get_type ())
G_DECLARE_FINAL_TYPE (DynoLayout, dyno_layout, DYNO, LAYOUT, GObject)

/* The strip chart has at most so many panes. */
#define DYNO_LAYOUT_MAX_PANES 4

/* `id` names a preset ("pull") or an own layout ("own_…"); `vehicle_id` (nullable):
 * whose it is. */
DynoLayout *dyno_layout_new          (const char  *id,
                                      const char  *name,
                                      const char  *vehicle_id);
const char *dyno_layout_get_id       (DynoLayout  *self);
const char *dyno_layout_get_name     (DynoLayout  *self);
void        dyno_layout_set_name     (DynoLayout  *self,
                                      const char  *name);
const char *dyno_layout_get_vehicle  (DynoLayout  *self); /* (nullable) */
gboolean    dyno_layout_is_preset    (DynoLayout  *self);
/* The preset without tiles: a list of every channel. */
gboolean    dyno_layout_shows_all    (DynoLayout  *self);

/* A copy that may be changed. */
DynoLayout *dyno_layout_copy         (DynoLayout  *self,
                                      const char  *id,
                                      const char  *name,
                                      const char  *vehicle_id);

void        dyno_layout_add          (DynoLayout  *self,
                                      DynoTile    *tile);
void        dyno_layout_remove       (DynoLayout  *self,
                                      guint        index);
/* To the place `to` of what is left without it. */
void        dyno_layout_move         (DynoLayout  *self,
                                      guint        from,
                                      guint        to);
DynoTile   *dyno_layout_tile         (DynoLayout  *self,
                                      guint        index); /* (transfer none) */

/* Panes of the strip chart, each with the sources it draws. */
guint       dyno_layout_n_panes      (DynoLayout  *self);
GPtrArray  *dyno_layout_pane         (DynoLayout  *self,
                                      guint        pane); /* (transfer none) of utf8 */
void        dyno_layout_add_to_pane  (DynoLayout  *self,
                                      guint        pane,
                                      const char  *source);
void        dyno_layout_remove_from_panes (DynoLayout *self,
                                           const char *source);
gboolean    dyno_layout_is_in_panes  (DynoLayout  *self,
                                      const char  *source);
/* Out of the panes if it is in one; else into that pane, −1: one of its own, or the last
 * where there are as many as there may be. */
void        dyno_layout_toggle_in_panes (DynoLayout *self,
                                         int         pane,
                                         const char *source);

/* NULL for text that is no layout. */
DynoLayout *dyno_layout_from_json    (const DynoJson *json);
void        dyno_layout_to_json      (DynoLayout  *self,
                                      DynoJsonWriter *w);

G_END_DECLS
