/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

#pragma once

#include "dyno-dossier.h"
#include "dyno-export-columns.h"
#include "dyno-picture.h"

G_BEGIN_DECLS

/* Charts of one run on paper (formats.md C.6): light, with its name and date in the
 * legend, correction and smoothing in the caption, gaps as gaps, what was measured
 * behind what was smoothed. Quantity is the line style (ui.md 1.1). Pure. */

/* Power and torque, and the mixture below them. INVALID "export_no_pull" for a run
 * without a pull. (transfer full) */
DynoPicture *dyno_export_power_chart   (DynoDossier      *dossier,
                                        DynoExportUnits   units,
                                        GError          **error);

/* A channel over time, by its canonical name or that of its source. NOT_FOUND
 * "export_channel" names those that there are. (transfer full) */
DynoPicture *dyno_export_channel_chart (DynoDossier      *dossier,
                                        const char       *channel,
                                        DynoExportUnits   units,
                                        GError          **error);

/* "2025-12-18 FXDLS Rosa": how a picture names its run. (transfer full) */
char        *dyno_export_chart_name    (const DynoDossier *dossier);
/* Where it comes from: version, run, source. (transfer full) */
char        *dyno_export_chart_origin  (const DynoDossier *dossier);

G_END_DECLS
