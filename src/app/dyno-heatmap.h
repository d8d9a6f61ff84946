/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

#pragma once

#include <gtk/gtk.h>

#include "dyno-grid.h"

G_BEGIN_DECLS

/* A table over engine speed (to the right) and load (upward) with a colour a cell:
 * corrections on the diverging scale of ui.md 1.2, or hits. Cells without data are
 * hatched. It scrolls by itself in a GtkScrolledWindow, the heads stay in sight.
 * Main thread.
 *
 * Arrows, Home, End, Page Up and Page Down move the cursor, which is a widget of its
 * own with the cell in words; Enter activates.
 *
 * Signals: cursor-moved (guint cell), cell-activated (guint cell). */

#define DYNO_TYPE_HEATMAP (dyno_heatmap_get_type ())
G_DECLARE_FINAL_TYPE (DynoHeatmap, dyno_heatmap, DYNO, HEATMAP, GtkWidget)

typedef enum
{
  DYNO_HEAT_CORRECTION, /* percent, positive is lean: add fuel */
  DYNO_HEAT_HITS,
} DynoHeatKind;

/* What a cell shows. */
typedef struct
{
  double      value;      /* in the unit of the kind; NaN: no data */
  guint32     hits;
  gboolean    is_dim;     /* few hits: a provisional number */
  gboolean    is_clamped; /* a square at the top right */
  const char *note;       /* (nullable) said after value and hits; static */
} DynoHeatCell;

GtkWidget *dyno_heatmap_new        (void);

/* `cells` has an entry a cell of the shape, row-major as DynoGrid; both are copied.
 * NULL: nothing. The cursor stays at its speed and load where the shape is the same. */
void       dyno_heatmap_set_grid   (DynoHeatmap         *self,
                                    const DynoGridShape *shape,
                                    const DynoHeatCell  *cells);
/* `range`: ±R of the colours; not looked at for hits. */
void       dyno_heatmap_set_scale  (DynoHeatmap         *self,
                                    DynoHeatKind         kind,
                                    double               range);

/* DYNO_NO_HEAT_CELL without a grid. */
#define DYNO_NO_HEAT_CELL G_MAXUINT
guint      dyno_heatmap_get_cursor (DynoHeatmap         *self);
void       dyno_heatmap_set_cursor (DynoHeatmap         *self,
                                    guint                cell);

/* "3 500 rpm, 80 kilopascal, lean 4.2 percent, 412 hits". (transfer full) */
char      *dyno_heatmap_describe   (DynoHeatmap         *self,
                                    guint                cell);
/* Where a cell lies in the widget; FALSE without that cell. */
gboolean   dyno_heatmap_get_area   (DynoHeatmap         *self,
                                    guint                cell,
                                    graphene_rect_t     *area);

/* "+4.2", "−0.8", "0.0"; a dash for NaN. (transfer full) */
char      *dyno_heatmap_text       (double               value,
                                    int                  decimals);

G_END_DECLS
