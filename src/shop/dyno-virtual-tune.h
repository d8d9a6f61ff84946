/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

#pragma once

#include <gio/gio.h>

#include "dyno-loop.h"

G_BEGIN_DECLS

/* Virtual tuning as a job with progress and cancel (kind "virtual-tune", its
 * progress the share of the iterations allowed). Needs no store; nothing of it is kept. */

typedef struct _DynoShop DynoShop;

/* What a person asks for, checked: names of an engine and of a scenario (NULL: as
 * they are). INVALID names what there is. */
gboolean  dyno_virtual_tune_name   (DynoLoopOptions       *options,
                                    const char            *engine,
                                    const char            *scenario,
                                    GError               **error);

/* `options` are copied; what they borrow must live until the answer. `job_id`
 * (nullable) is where the job's id goes, at once; free it. INVALID for an option that
 * cannot be; G_IO_ERROR_CANCELLED. Not to converge is an answer, no error. */
void      dyno_virtual_tune_async  (DynoShop              *shop,
                                    const DynoLoopOptions *options,
                                    char                 **job_id,
                                    GCancellable          *cancellable,
                                    GAsyncReadyCallback    callback,
                                    gpointer               user_data);
/* (transfer full) */
DynoLoop *dyno_virtual_tune_finish (GAsyncResult          *result,
                                    GError               **error);

G_END_DECLS
