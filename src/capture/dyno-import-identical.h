/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

#pragma once

#include <gio/gio.h>

#include "dyno-import-table.h"

G_BEGIN_DECLS

/* Columns that are equal cell by cell. For every column the first one of the file
 * that equals it, or −1: none before it. Columns that are dropped or hold no number
 * equal nothing. When cancelled the answer is worth nothing. (transfer full) */
int *dyno_import_find_identical (const DynoImportTable *table,
                                 GCancellable          *cancellable);

G_END_DECLS
