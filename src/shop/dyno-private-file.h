/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

/* The content of a file that holds secrets (transfer full; overwritten when it is
 * freed). Refused, INVALID "private_file", where group or others may read it, where
 * it is longer than `most` bytes, or where it cannot be read. Blocking. */
GBytes *dyno_private_file_read (const char  *path,
                                gsize        most,
                                GError     **error);

G_END_DECLS
