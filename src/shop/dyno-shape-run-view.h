/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

#pragma once

#include "dyno-json.h"
#include "dyno-run-view.h"

G_BEGIN_DECLS

/* Runs as the API has them (service.md 2.3), beside dyno-shape.h. */

/* A row of GET /runs. */
void dyno_shape_run_card (DynoJsonWriter       *w,
                          const DynoRun        *run,
                          const DynoRunVerdict *verdict);
/* The same with "channels", "atmosphere", "markers", "capture", "config_snapshot",
 * "analysis_id", …: GET /runs/{id}. */
void dyno_shape_run_view (DynoJsonWriter       *w,
                          const DynoRunView    *view);
/* {"id","name","type","size","sha256","removed_at"} */
void dyno_shape_run_file (DynoJsonWriter       *w,
                          const DynoRunFile    *file);

G_END_DECLS
