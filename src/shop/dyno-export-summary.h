/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

#pragma once

#include "dyno-dossier.h"
#include "dyno-export-tables.h"

G_BEGIN_DECLS

/* What a person reads of a run at a glance (formats.md C.5): plain UTF-8, LF, at most
 * 78 columns, figures in both unit systems. `tables` may be NULL. (transfer full) */
char *dyno_export_summary (DynoDossier            *dossier,
                           const DynoExportTables *tables);

G_END_DECLS
