/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

#pragma once

#include "dyno-json.h"
#include "dyno-virtual-book.h"

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

/* {"id","status","profile","scenario","max_iterations","seed","iterations":[as above],
 * "reason","job_id","created_at"}: a session of the API; `status` also initializing and
 * running, `reason` a sentence on why it did not converge. */
void dyno_shape_virtual_session (DynoJsonWriter           *w,
                                 const DynoVirtualSession *session);

G_END_DECLS
