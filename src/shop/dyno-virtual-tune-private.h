/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

#pragma once

#include "dyno-operation.h"
#include "dyno-virtual-tune.h"

G_BEGIN_DECLS

/* What dyno_virtual_tune_async () does, on the calling thread; the errand has a job. */
DynoLoop *dyno_virtual_tune_run   (const DynoErrand      *errand,
                                   const DynoLoopOptions *options,
                                   GError               **error);

/* What it takes to do it again, as JSON. (transfer full) */
char     *dyno_virtual_tune_write (const DynoLoopOptions *options);

G_END_DECLS
