/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

#pragma once

#include "dyno-dossier.h"
#include "dyno-report.h"

G_BEGIN_DECLS

/* dyno-report-fill.c: the sheet of some runs, in the order of the request. */
DynoSheet *dyno_report_fill        (const DynoErrand        *errand,
                                    const DynoReportRequest *request,
                                    GPtrArray               *dossiers,
                                    GError                 **error);
/* As people read it. (transfer full) */
char      *dyno_report_date        (gint64                   time_ms);
/* dyno-report-changes.c: what was done to stored tables because of a run: tables before
 * and after, and a sentence a change. Nothing for a run that changed none. */
void       dyno_report_fill_changes (const DynoErrand       *errand,
                                     const DynoDossier      *dossier,
                                     DynoSheet              *sheet);
/* dyno-report-tables.c: what the analysis of a run found, into the sheet. A run that
 * cannot be analysed says so. */
void       dyno_report_fill_tables (const DynoErrand        *errand,
                                    const DynoDossier       *dossier,
                                    DynoSheet               *sheet);

G_END_DECLS
