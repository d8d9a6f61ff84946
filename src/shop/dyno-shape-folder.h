/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

#pragma once

#include "dyno-folder.h"
#include "dyno-json.h"

G_BEGIN_DECLS

/* A batch as JSON; beside dyno-shape.h. {"files":[{"file","state","ok","sha256","dialect",
 * "fingerprint","rows","hits_front","hits_rear","cells_front","cells_rear","least_pct",
 * "most_pct","peak_power_kw","peak_power_rpm","peak_torque_nm","peak_torque_rpm",
 * "warnings":[…]} or {"file","state","ok","error":{"code","reason","message"}}],
 * "totals":{"files","done","kept","failed","waiting","rows","hits","cells"}}: files by
 * name, nothing of clock, host or path. */
void dyno_shape_folder (DynoJsonWriter          *w,
                        const DynoFolderSummary *summary);

G_END_DECLS
