/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

#pragma once

#include "dyno-tune.h"

G_BEGIN_DECLS

/* Applying and rolling back for who knows a run and nothing else: its newest analysis,
 * and the tables that its vehicle has now. */

/* Onto `table_id` (nullable: the newest VE table of the vehicle, or the newest pair of
 * front and rear). Beside the errors of dyno_tune_apply_async (): NOT_FOUND for the run,
 * CONFLICT "no_analysis", "no_table". */
void              dyno_tune_apply_run_async     (DynoShop            *shop,
                                                 const char          *run_id,
                                                 const char          *table_id,
                                                 const char          *made_by,
                                                 GCancellable        *cancellable,
                                                 GAsyncReadyCallback  callback,
                                                 gpointer             user_data);
DynoTuneApplied  *dyno_tune_apply_run_finish    (GAsyncResult        *result,
                                                 GError             **error);

/* The newest change that came of the run and stands, of `table_id` (nullable: of any).
 * INVALID "nothing_to_roll_back". */
void              dyno_tune_rollback_run_async  (DynoShop            *shop,
                                                 const char          *run_id,
                                                 const char          *table_id,
                                                 const char          *made_by,
                                                 GCancellable        *cancellable,
                                                 GAsyncReadyCallback  callback,
                                                 gpointer             user_data);
DynoTuneRestored *dyno_tune_rollback_run_finish (GAsyncResult        *result,
                                                 GError             **error);

G_END_DECLS
