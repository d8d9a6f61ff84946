/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

#pragma once

#include "dyno-db.h"
#include "dyno-store-care.h"

G_BEGIN_DECLS

/* A copy of the whole database as it is at one moment, while writers carry on.
 * The copy is opened again and compared (pages, indexes, references, tables,
 * rows a table) before it gets its name, so a file of that name is a good one.
 *
 * CONFLICT when there is such a file already; nothing is ever overwritten. */
gboolean   dyno_snapshot_write      (DynoDb     *db,
                                     const char *path,
                                     GError    **error);

/* Rows of every table of ours, by name. (element-type DynoTableCount) */
GPtrArray *dyno_snapshot_count_rows (DynoDb     *db,
                                     GError    **error);

G_END_DECLS
