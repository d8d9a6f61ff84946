/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

#pragma once

#include "dyno-asker.h"
#include "dyno-import-job.h"

G_BEGIN_DECLS

/* What a person decided about an import, as JSON that is kept with the run:
 *
 *   {"operator":"Ana","import":{"delimiter":"semicolon","rate_hz":20}}
 *
 * The operator is he who asked through a face that knows its people. NULL where nobody is
 * known and nothing was decided. (transfer full) (nullable) */
char *dyno_import_snapshot (const DynoImportRequest *request,
                            const DynoAsker         *asker);

G_END_DECLS
