/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

#pragma once

#include "dyno-json.h"
#include "dyno-runbook.h"

G_BEGIN_DECLS

/* Runs back from their JSON, as another process tells them: what the printers of
 * dyno-run-text.h show of a run, no more. (transfer full) */
DynoRun       *dyno_run_document_read        (const DynoJson *run);
/* With its channels and marks; its files are not told. */
DynoRunDetail *dyno_run_document_read_detail (const DynoJson *run);

G_END_DECLS
