/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

#pragma once

#include "dyno-analyse.h"

G_BEGIN_DECLS

/* What the mathematics could not do, for people. `cause` is taken over. */
void     dyno_analyse_set_error      (GError                   **error,
                                      DynoAnalysisError         *cause);
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

/* dyno_analyse_write_async () for any files. */
void     dyno_analyse_files_write_async  (DynoShop             *shop,
                                          GPtrArray            *files,
                                          const char           *folder,
                                          GCancellable         *cancellable,
                                          GAsyncReadyCallback   callback,
                                          gpointer              user_data);

G_END_DECLS
