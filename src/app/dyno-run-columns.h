/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

#pragma once

#include <gtk/gtk.h>

#include "dyno-clock.h"
#include "dyno-run-item.h"

G_BEGIN_DECLS

/* The columns of the list of runs: star, number, when, vehicle, power, torque,
 * correction factor, tags. What a row shows follows its item. Main thread. */

typedef struct _DynoRunColumns DynoRunColumns;

typedef enum
{
  DYNO_RUN_ROOM_NARROW, /* number, when, vehicle, power */
  DYNO_RUN_ROOM_MEDIUM, /* star and torque, too */
  DYNO_RUN_ROOM_WIDE,
} DynoRunRoom;

/* `star` is called for a click on a star. `clock` is (borrowed) and outlives it. */
DynoRunColumns *dyno_run_columns_new       (GtkColumnView  *view,
                                            DynoClock      *clock,
                                            void          (*star) (DynoRunItem *item,
                                                                   gpointer     user_data),
                                            gpointer        user_data);
void            dyno_run_columns_free      (DynoRunColumns *self);

/* The heads of the columns; the rows are told by dyno_run_list_touch (). */
void            dyno_run_columns_set_units (DynoRunColumns *self,
                                            DynoUnitSet     units);
void            dyno_run_columns_set_room  (DynoRunColumns *self,
                                            DynoRunRoom     room);

/* The place in the list of the row that a widget of the view is in;
 * GTK_INVALID_LIST_POSITION outside. */
guint           dyno_run_columns_position  (GtkWidget      *widget);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (DynoRunColumns, dyno_run_columns_free)

G_END_DECLS
