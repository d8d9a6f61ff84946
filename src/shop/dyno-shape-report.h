/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

#pragma once

#include "dyno-json.h"
#include "dyno-report.h"

G_BEGIN_DECLS

/* {"file","sha256","pages","attached","bytes"}: `report`. `file` is where it was put. */
void dyno_shape_report (DynoJsonWriter   *w,
                        const DynoReport *report,
                        const char       *file);

G_END_DECLS
