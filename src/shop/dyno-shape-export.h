/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

#pragma once

#include "dyno-dossier.h"
#include "dyno-export.h"
#include "dyno-json.h"

G_BEGIN_DECLS

/* JSON of what leaves the house, beside dyno-shape.h. Any thread. */

/* The whole run as a file of its own, "org.dynoai.run/1" (formats.md C.3): SI, numbers
 * as the shortest text that reads back, null for missing. */
void dyno_shape_export_run     (DynoJsonWriter *w,
                                DynoDossier    *dossier);
/* The same without time and values, with vehicle, customer, mapping, settings, notes
 * and tags: run.json of an archive. Nothing in it depends on the shop that writes. */
void dyno_shape_export_archive (DynoJsonWriter *w,
                                DynoDossier    *dossier);

/* {"file","sha256","bytes"} */
void dyno_shape_export_outcome (DynoJsonWriter          *w,
                                const DynoExportOutcome *outcome);

G_END_DECLS
