/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

#pragma once

#include "dyno-import-table.h"

G_BEGIN_DECLS

/* Numbers that are no readings (formats.md A.6). A rejected cell reads as missing
 * and keeps the reason; the column is counted anew. */

/* Numbers that loggers write for "nothing": INT32 at its end, ±99999, and 65535 in
 * a column of nothing else. For every column. */
void     dyno_import_reject_sentinels (DynoImportTable  *table,
                                       DynoImportColumn *column);

/* What the channel cannot be: outside its accepted range, a mixture of 0 (sensor
 * off), 65535 where the range has no room for it. FALSE when that is every number:
 * then the column is something else and nothing is rejected, or its sensor was never
 * on and all is. */
gboolean dyno_import_reject_range     (DynoImportTable  *table,
                                       DynoImportColumn *column,
                                       DynoChannel       channel,
                                       const DynoUnit   *unit);

G_END_DECLS
