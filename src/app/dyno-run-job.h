/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

#pragma once

#include "dyno-job-row.h"
#include "dyno-shop.h"

G_BEGIN_DECLS

/* A job of the shop shown by one row where it was asked for: its progress goes into
 * the row, the row's Cancel to the job. Main thread. */

typedef struct _DynoRunJob DynoRunJob;

/* `row` (borrowed) outlives it. */
DynoRunJob *dyno_run_job_new    (DynoShop   *shop,
                                 const char *job_id,
                                 DynoJobRow *row);
void        dyno_run_job_free   (DynoRunJob *self);
void        dyno_run_job_cancel (DynoRunJob *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (DynoRunJob, dyno_run_job_free)

G_END_DECLS
