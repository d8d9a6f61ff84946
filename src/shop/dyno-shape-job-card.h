/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

#pragma once

#include "dyno-job-book.h"
#include "dyno-json.h"

G_BEGIN_DECLS

/* {"id","kind","state","progress","stage","message","result":{"type","id"},"error",
 * "input","created_at","started_at","finished_at"}: a job of the API (service.md 2.5). */
void dyno_shape_job_card     (DynoJsonWriter    *w,
                              const DynoJobCard *card);
/* The events of its stream: {"job_id","progress","stage","message"} while it runs,
 * {"job_id","state","result","error"} at its end. */
void dyno_shape_job_progress (DynoJsonWriter    *w,
                              const DynoJobCard *card);
void dyno_shape_job_end      (DynoJsonWriter    *w,
                              const DynoJobCard *card);

G_END_DECLS
