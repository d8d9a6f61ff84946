/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* What the first bytes of a file say it is, whatever its name (formats.md A.2).
 * 64 KiB are enough. */

/* TRUE when the bytes may be a text log or a gzip of one; a MegaLogViewer binary log is
 * known before (dyno-mlg.h). Else DYNO_ERROR_INVALID with the reason import_empty,
 * import_is_tune or import_format_unsupported; the sentence names the format and the
 * way to a CSV. */
gboolean dyno_import_magic_check        (const guint8  *bytes,
                                         gsize          n,
                                         GError       **error);

gboolean dyno_import_magic_is_gzip      (const guint8  *bytes,
                                         gsize          n);

/* The same for what a gzip file holds: a run archive is refused by name. */
gboolean dyno_import_magic_check_unzipped (const guint8  *bytes,
                                           gsize          n,
                                           GError       **error);

/* For decoded text: the text formats that are no tables. */
gboolean dyno_import_magic_check_text   (const char    *text,
                                         gsize          length,
                                         GError       **error);

G_END_DECLS
