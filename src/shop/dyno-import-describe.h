/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

#pragma once

#include "dyno-import-read.h"
#include "dyno-store.h"

G_BEGIN_DECLS

/* What was read of a file, as the run that it is or would be. Any thread. */

/* As people know it: the name that was given, or that of the file. (transfer full) */
char      *dyno_import_name        (const DynoImportRequest *request);

/* A complete run with an id of its own, its peaks and its report. `vehicle` may be
 * NULL; `stoich` of its fuel. (transfer full) */
DynoRun   *dyno_import_describe    (const DynoErrand        *errand,
                                    const DynoImportRequest *request,
                                    const DynoImportReading *reading,
                                    const DynoVehicle       *vehicle,
                                    double                   stoich);

/* The markers of the report (nullable). (transfer full) of DynoRunMark */
GPtrArray *dyno_import_marks       (const DynoImportReport  *report);

/* How sure the import was of each column; NaN for an extra one. (transfer full) */
double    *dyno_import_confidences (const DynoImportOutcome *outcome);

G_END_DECLS
