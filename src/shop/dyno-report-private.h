/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

#pragma once

#include "dyno-operation.h"
#include "dyno-report.h"
#include "dyno-store-runs.h"

G_BEGIN_DECLS

/* dyno-report-fill.c: the sheet of a request. */
DynoSheet *dyno_report_fill (const DynoErrand        *errand,
                             const DynoReportRequest *request,
                             GError                 **error);

G_END_DECLS
