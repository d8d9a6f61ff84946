/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

#pragma once

#include "dyno-analyse.h"
#include "dyno-config.h"
#include "dyno-operation.h"

G_BEGIN_DECLS

/* What the mathematics could not do, for people. `cause` is taken over. */
void     dyno_analyse_set_error      (GError                   **error,
                                      DynoAnalysisError         *cause);
/* What the shop's settings say, upon the analysis's own defaults. */
void     dyno_analyse_take_defaults  (DynoConfig                *config,
                                      DynoVeOptions             *options);
/* The settings of a request, upon `options`. */
gboolean dyno_analyse_apply_settings (const DynoAnalyseRequest  *self,
                                      DynoVeOptions             *options,
                                      GError                   **error);

/* For a DynoProgress whose data is the DynoJob; for the cancellable of an errand,
 * with the flag of that progress. */
void     dyno_analyse_tell_cb        (double                     fraction,
                                      const char                *stage,
                                      gpointer                   user_data);
void     dyno_analyse_cancelled_cb   (GCancellable              *cancellable,
                                      gpointer                   is_cancelled);

/* What dyno_analyse_async () does, on the calling thread, which may wait: for those
 * whose own operation it is a part of. The errand has a job. */
DynoAnalyse *dyno_analyse_run            (const DynoErrand          *errand,
                                          DynoAnalyseRequest        *request,
                                          GError                   **error);
/* Its parts. The samples of all inputs and what is known of their sources. */
gboolean     dyno_analyse_take_inputs    (const DynoErrand          *errand,
                                          DynoAnalyseRequest        *request,
                                          GError                   **error);
/* Into the store, where all inputs are runs; samples at hand belong to nobody. The same
 * analysis is kept once. Sets self->id. */
gboolean     dyno_analyse_keep           (const DynoErrand          *errand,
                                          DynoAnalyse               *self,
                                          GError                   **error);
/* Afterwards request->options are those that count. May be done twice. */
gboolean     dyno_analyse_choose_options (const DynoErrand          *errand,
                                          DynoAnalyseRequest        *request,
                                          GError                   **error);

/* What dyno_analyse_write_async () does, likewise. (transfer full) */
GPtrArray   *dyno_analyse_write          (const DynoErrand          *errand,
                                          const DynoAnalyse         *analyse,
                                          const char                *folder,
                                          GError                   **error);
/* Any files and provenance.json. */
gboolean     dyno_analyse_files_write    (const DynoErrand          *errand,
                                          GPtrArray                 *files,
                                          const char                *folder,
                                          GError                   **error);
/* One file, whole or not at all. */
gboolean     dyno_analyse_files_put      (const char                *folder,
                                          const char                *name,
                                          gconstpointer              data,
                                          gsize                      size,
                                          GError                   **error);

/* The same as an operation of its own; the answer is that of
 * dyno_analyse_write_finish (). */
void     dyno_analyse_files_write_async  (DynoShop             *shop,
                                          GPtrArray            *files,
                                          const char           *folder,
                                          GCancellable         *cancellable,
                                          GAsyncReadyCallback   callback,
                                          gpointer              user_data);

G_END_DECLS
