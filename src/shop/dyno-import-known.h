/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

#pragma once

#include "dyno-import-job.h"
#include "dyno-operation.h"

G_BEGIN_DECLS

/* Whether the run book has no run of this log yet, or the request wants it again. CONFLICT
 * "import_duplicate" names the run. Blocking; on a thread that may wait. */
gboolean dyno_import_is_new (const DynoErrand        *errand,
                             const DynoImportRequest *request,
                             const char              *sha256,
                             GError                 **error);

G_END_DECLS
