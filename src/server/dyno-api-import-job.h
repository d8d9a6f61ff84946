/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

#pragma once

#include "dyno-import-job.h"
#include "dyno-request.h"

G_BEGIN_DECLS

/* Logs that come as the body of an upload. Thread dyno-server. */

/* Of that body, under that name; never larger unpacked than the API takes. (transfer full) */
DynoImportRequest *dyno_api_import_new   (DynoRequest       *request,
                                          const char        *name);

/* Begins it as the run of that id, on behalf of who asks. It goes on when the client has
 * left; the bytes stay until it has ended. `wanted` is taken over. Answers the job.
 * (transfer full) */
char              *dyno_api_import_begin (DynoRequest       *request,
                                          DynoImportRequest *wanted,
                                          const char        *run_id);

G_END_DECLS
