/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

#pragma once

#include <cairo.h>
#include <gio/gio.h>

G_BEGIN_DECLS

/* The shop's logo for sheets: PNG, JPEG or SVG of at most 2 MiB. Any thread. */

#define DYNO_LOGO_MAX_BYTES (2 << 20)

/* At 300 dots an inch, no larger than width × height in pt. INVALID for a file that is
 * no such picture, TOO_LARGE, NOT_FOUND. (transfer full) */
cairo_surface_t *dyno_logo_load (const char  *path,
                                 double       width_pt,
                                 double       height_pt,
                                 GError     **error);

G_END_DECLS
