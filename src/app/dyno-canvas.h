/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

#pragma once

#include <gtk/gtk.h>

G_BEGIN_DECLS

/* Pixels that a widget keeps between its frames: what was drawn once is shown
 * again for the price of copying it, and may be shifted sideways. There are two
 * pages, because the renderer holds what it shows until the next frame. Showing
 * and drawing allocate nothing. */

typedef struct _DynoCanvas DynoCanvas;

DynoCanvas *dyno_canvas_new    (void);
void        dyno_canvas_free   (DynoCanvas  *self);

/* In px of the widget. TRUE when the content is lost: draw all. */
gboolean    dyno_canvas_resize (DynoCanvas  *self,
                                int          width,
                                int          height,
                                int          scale);

/* Turns to the other page and gives it what the last one showed, moved to the
 * left by `shift` device px; what is moved in is transparent. |shift| not less
 * than the width: all is. (transfer full), in px of the widget. */
cairo_t    *dyno_canvas_begin  (DynoCanvas  *self,
                                int          shift);

/* As one cairo node. */
void        dyno_canvas_append (DynoCanvas  *self,
                                GtkSnapshot *snapshot);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (DynoCanvas, dyno_canvas_free)

G_END_DECLS
