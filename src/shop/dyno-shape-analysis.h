/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

#pragma once

#include "dyno-json.h"
#include "dyno-store-analyses.h"

G_BEGIN_DECLS

/* Kept analyses for the API (service.md 2.5), from the JSON that the store has of them.
 * Both answer FALSE, and write nothing, where that cannot be read. */

/* {"id","run_ids","math_version","fingerprint","options","grid":{"rpm","map_kpa"},
 * "front":{"correction","afr_error","hits","confidence","zone"},"rear":{…},"rejected",
 * "delay_ms","grade","anomalies","warnings","created_at"}. A cylinder without a sensor
 * is null; so are numbers of a cell without data. */
gboolean dyno_shape_analysis         (DynoJsonWriter           *w,
                                      const DynoAnalysisRecord *record);

/* {"analysis_id","section","available","findings","missing","spark"}: `section` is
 * "opportunities", "heat-soak", "transient", "causes" or "spark", where "spark" is what
 * the knock and timing tables say, null for the others. */
gboolean dyno_shape_analysis_section (DynoJsonWriter           *w,
                                      const DynoAnalysisRecord *record,
                                      const char               *section);

G_END_DECLS
