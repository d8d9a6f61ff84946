/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

#pragma once

#include "dyno-import-job.h"
#include "dyno-remote.h"

G_BEGIN_DECLS

/* Sends a log to the process that holds the data folder and waits until it is read. The
 * run that came of it, as a document of the API. `request` says how the log is to be
 * read; its vehicle is an id or a label. (transfer full) */
DynoJson *dyno_remote_import (DynoCtl                  *ctl,
                              const DynoImportRequest  *request,
                              GError                  **error);

G_END_DECLS
