/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

#pragma once

#include <gio/gio.h>

#include "dyno-planner.h"

G_BEGIN_DECLS

/* What a plan may ask of a vehicle, on one dyno or (dyno NULL) on any. */

typedef struct _DynoStore DynoStore;

typedef struct
{
  DynoPlanConstraints constraints;
  gboolean            is_default; /* nobody has set any */
  gint64              version;    /* 1 of the defaults, then another one with every change */
} DynoKeptConstraints;

/* Those of the vehicle on that dyno, else on any, else the defaults. (transfer full):
 * g_free () it. */
void                 dyno_store_get_constraints_async    (DynoStore           *self,
                                                          const char          *vehicle_id,
                                                          const char          *dyno,
                                                          GCancellable        *cancellable,
                                                          GAsyncReadyCallback  callback,
                                                          gpointer             user_data);
DynoKeptConstraints *dyno_store_get_constraints_finish   (DynoStore           *self,
                                                          GAsyncResult        *result,
                                                          GError             **error);

/* NOT_FOUND for the vehicle; CONFLICT "stale" where those that hold have another version
 * than `version` (0: any). The constraints must have been checked. */
void                 dyno_store_set_constraints_async    (DynoStore           *self,
                                                          const char          *vehicle_id,
                                                          const char          *dyno,
                                                          const DynoPlanConstraints *constraints,
                                                          gint64               version,
                                                          GCancellable        *cancellable,
                                                          GAsyncReadyCallback  callback,
                                                          gpointer             user_data);
gboolean             dyno_store_set_constraints_finish   (DynoStore           *self,
                                                          GAsyncResult        *result,
                                                          GError             **error);

/* Forgets those of exactly that dyno. NOT_FOUND for the vehicle. */
void                 dyno_store_reset_constraints_async  (DynoStore           *self,
                                                          const char          *vehicle_id,
                                                          const char          *dyno,
                                                          GCancellable        *cancellable,
                                                          GAsyncReadyCallback  callback,
                                                          gpointer             user_data);
gboolean             dyno_store_reset_constraints_finish (DynoStore           *self,
                                                          GAsyncResult        *result,
                                                          GError             **error);

G_END_DECLS
