/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

#pragma once

#include <cairo.h>
#include <pango/pango.h>

G_BEGIN_DECLS

/* Words of a drawing. Cairo turns letters into outlines when it writes an SVG; with a
 * collector on the context they are noted instead, as <text> elements, so that they can
 * be searched, copied and read aloud. Any thread. */

/* From now on text on `cr` goes into `svg` (borrowed), one element after the other. */
void   dyno_plot_text_collect (cairo_t     *cr,
                               GString     *svg);

/* A scratch layout for text on `cr`, in English whatever the locale: letters join by the
 * rules of a language, and the same sheet is the same bytes everywhere. (transfer full) */
PangoLayout *dyno_plot_text_layout (cairo_t *cr);

/* Draws in the current colour, `size` px high. `align` 0: x is the left end, 0.5 the
 * middle, 1 the right end; y is the middle. `layout` is scratch. Answers the width. */
double dyno_plot_text         (cairo_t     *cr,
                               PangoLayout *layout,
                               const char  *text,
                               double       size,
                               double       x,
                               double       y,
                               double       align);
double dyno_plot_text_width   (PangoLayout *layout,
                               const char  *text,
                               double       size);

G_END_DECLS
