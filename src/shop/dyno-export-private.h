/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

#pragma once

#include "dyno-dossier.h"
#include "dyno-export.h"

G_BEGIN_DECLS

/* What the request asks for, of the dossier. Blocking. (transfer full) */
GBytes *dyno_export_make (const DynoErrand         *errand,
                          const DynoExportRequest  *request,
                          DynoDossier              *dossier,
                          GError                  **error);

G_END_DECLS
