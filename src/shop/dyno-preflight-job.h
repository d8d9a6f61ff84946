/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

#pragma once

#include "dyno-preflight.h"

G_BEGIN_DECLS

/* A preflight as a job (kind "preflight"), which the jobs list shows and can end. Its picture
 * is dyno_live_ref_preflight () when it has succeeded. Answers the job's id (transfer full);
 * errors as dyno_preflight_async (). Needs the caller's context to run. */
char *dyno_preflight_job_start (DynoShop                    *shop,
                                const DynoPreflightOptions  *options,
                                GError                     **error);

G_END_DECLS
