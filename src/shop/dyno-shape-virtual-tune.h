/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

#pragma once

#include "dyno-json.h"
#include "dyno-virtual-tune.h"

G_BEGIN_DECLS

/* {"status","converged","reason","sentence","profile","scenario","seed","iterations":
 * [{"n","max_afr_error","mean","rms","max_error_pct","mean_error_pct","cells",
 * "cells_converged","cells_corrected","peak_power_kw","peak_torque_nm"}],"table"}: a
 * virtual session and `virtual-tune`, beside dyno-shape.h. `status` is converged,
 * max_iterations, failed (reason "diverging" or "limit") or stopped; errors of the
 * mixture are AFR, percentages are of fuel. */
void dyno_shape_virtual_tune (DynoJsonWriter        *w,
                              const DynoLoop        *loop,
                              const DynoLoopOptions *options);

G_END_DECLS
