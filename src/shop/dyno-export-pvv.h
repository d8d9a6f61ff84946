/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

#pragma once

#include "dyno-export-tables.h"

G_BEGIN_DECLS

/* A correction alone in the form of a Power Vision tune (formats.md B.8), to be looked
 * at beside one: items "VE Correction (DynoAI)" in percent, "AFR Error", "Sample Count",
 * both cylinders as one. Its first comment says that it is no tune. Pure, any thread. */

/* A cell without data is refused (INVALID "export_holes" lists them), or 0, no change,
 * with `fills_holes`. `source_sha256` may be NULL. (transfer full) */
GBytes *dyno_export_pvv (const DynoExportTables *tables,
                         const char             *run_id,
                         const char             *source_sha256,
                         gboolean                fills_holes,
                         GError                **error);

G_END_DECLS
