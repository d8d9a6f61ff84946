/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* Where a run archive may be: a file of its own, or attached to a customer's sheet. */

gboolean dyno_archive_is_pdf      (GBytes      *file);

/* `archive` becomes NULL where the file is neither. FALSE for a PDF that has none
 * inside (INVALID "import_format_unsupported") or a damaged one (CORRUPT). */
gboolean dyno_archive_inside      (GBytes      *file,
                                   GBytes     **archive,
                                   GError     **error);
/* The same for a file on disk; one that cannot be read has none. */
gboolean dyno_archive_inside_path (const char  *path,
                                   GBytes     **archive,
                                   GError     **error);

G_END_DECLS
