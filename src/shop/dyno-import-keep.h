/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

/* The imported file, unchanged, in the data folder: copied, on the disk, and the same
 * bytes that were read. Blocking.
 *
 * `kept` must not exist. `size` grows by the bytes. CONFLICT "import_io" for a file
 * that changed since it was read; INTERNAL "import_io"; UNAVAILABLE "disk_full";
 * G_IO_ERROR_CANCELLED. Nothing stays behind then. */
gboolean dyno_import_keep (const char    *path,
                           const char    *kept,
                           const char    *sha256,
                           gint64        *size,
                           GCancellable  *cancellable,
                           GError       **error);

G_END_DECLS
