/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

#pragma once

#include <gio/gio.h>

#include "dyno-plot.h"

G_BEGIN_DECLS

/* A whole chart as a picture: panes one above the other with one x axis, title,
 * legend, caption. The window and the export verbs fill one in; it is drawn on
 * any cairo context or written as PNG, SVG or PDF. Numbers are in the units
 * shown. Once filled in it is only read: any thread. */

typedef struct _DynoPicture DynoPicture;

typedef enum
{
  DYNO_PICTURE_PNG, /* 1600 × 900 px, twice as many dots */
  DYNO_PICTURE_SVG, /* 297 × 167 mm */
  DYNO_PICTURE_PDF, /* 297 × 167 mm */
  DYNO_N_PICTURE_KINDS
} DynoPictureKind;

typedef enum
{
  DYNO_SIDE_LEFT,
  DYNO_SIDE_RIGHT,
  DYNO_N_SIDES
} DynoSide;

DynoPicture *dyno_picture_new           (DynoLook            look,
                                         const char         *title);
void         dyno_picture_free          (DynoPicture        *self);

/* Below the chart: correction, smoothing, warnings. */
void         dyno_picture_set_caption   (DynoPicture        *self,
                                         const char         *caption);
/* What a screen reader says of it; <desc> of an SVG, Description of a PNG. */
void         dyno_picture_set_text      (DynoPicture        *self,
                                         const char         *text);
void         dyno_picture_set_x         (DynoPicture        *self,
                                         const char         *label, /* "Engine speed, rpm" */
                                         gboolean            is_time,
                                         double              min,
                                         double              max);
/* The answer is the pane's index; weights share the height. */
guint        dyno_picture_add_pane      (DynoPicture        *self,
                                         const char         *title,
                                         double              weight);
void         dyno_picture_set_y         (DynoPicture        *self,
                                         guint               pane,
                                         DynoSide            side,
                                         const char         *label, /* "Power, kW" */
                                         double              min,
                                         double              max);
/* `y_high` only for a band, else NULL. The arrays are taken over. A NaN in `y`
 * is a gap. `name` stands in the legend beside the trace's letter; NULL: not
 * in the legend. */
void         dyno_picture_take_curve    (DynoPicture        *self,
                                         guint               pane,
                                         DynoSide            side,
                                         DynoLayerKind       kind,
                                         DynoDash            dash,
                                         guint               trace,
                                         const char         *name,
                                         gsize               n,
                                         double             *x,
                                         double             *y,
                                         double             *y_high);

const char  *dyno_picture_title         (const DynoPicture  *self);
const char  *dyno_picture_text          (const DynoPicture  *self); /* "" where none was set */

void         dyno_picture_draw          (const DynoPicture  *self,
                                         cairo_t            *cr,
                                         double              width,
                                         double              height);
/* The same on a place of a sheet, with text of that size; without a title there is no
 * room for one. */
void         dyno_picture_draw_sized    (const DynoPicture  *self,
                                         cairo_t            *cr,
                                         double              width,
                                         double              height,
                                         double              em);
/* The file as bytes; fails only for want of memory (INTERNAL). */
GBytes      *dyno_picture_write         (const DynoPicture  *self,
                                         DynoPictureKind     kind,
                                         GError            **error);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (DynoPicture, dyno_picture_free)

G_END_DECLS
