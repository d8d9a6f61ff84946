/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

#pragma once

#include <cairo.h>
#include <glib.h>

G_BEGIN_DECLS

/* A QR code (ISO/IEC 18004) for sheets and the window. Immutable, any thread. */

typedef struct _DynoQrcode DynoQrcode;

/* NULL for a text that is too long for one (about 2,300 bytes). */
DynoQrcode *dyno_qrcode_new    (const char       *text);
void        dyno_qrcode_free   (DynoQrcode       *self);

/* Modules a side, without the quiet zone of four around it that readers need. */
guint       dyno_qrcode_size   (const DynoQrcode *self);
gboolean    dyno_qrcode_module (const DynoQrcode *self,
                                guint             x,
                                guint             y);

/* In the colour of the context, `side` wide, the upper left corner at x, y. */
void        dyno_qrcode_draw   (const DynoQrcode *self,
                                cairo_t          *cr,
                                double            x,
                                double            y,
                                double            side);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (DynoQrcode, dyno_qrcode_free)

G_END_DECLS
