/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

#pragma once

#include "dyno-import-report.h"
#include "dyno-import-table.h"

G_BEGIN_DECLS

/* Fills duration, rate, steps, gaps and held rows of the report. `time_s` may be NULL:
 * then there are none. */
void dyno_import_measure_time (const DynoImportTable *table,
                               const double          *time_s,
                               DynoImportReport      *report);

G_END_DECLS
