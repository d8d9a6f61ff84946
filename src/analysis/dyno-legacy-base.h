/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

#pragma once

#include "dyno-analysis-error.h"
#include "dyno-legacy-smooth.h"

G_BEGIN_DECLS

/* A base VE table as the legacy engine reads it: CSV, header "RPM,35,50,65,80,95",
 * one row an engine speed. Rows of other speeds are passed over, speeds without a
 * row and empty cells are blank (NaN); of a speed that comes twice the last counts.
 *
 * FALSE with BAD_TABLE, or GRID_MISMATCH for other columns. */
gboolean dyno_legacy_base_read (const char         *text,
                                gsize               length,
                                double              cells[DYNO_LEGACY_CELLS],
                                DynoAnalysisError **error);

G_END_DECLS
