/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

#pragma once

#include <gio/gio.h>

#include "dyno-coverage.h"
#include "dyno-planner.h"

G_BEGIN_DECLS

/* The planner's book of a vehicle: what its runs have covered so far and what to run
 * next. Each kept analysis counts its runs into it, once per run and axes; a deleted
 * run is out of it. Vehicles are named by id or label; NOT_FOUND for others. */

typedef struct _DynoShop DynoShop;

/* Immutable. */
typedef struct
{
  char                *vehicle_id;   /* (owned) */
  char                *vehicle;      /* (owned) its label */
  char                *dyno;         /* (owned) (nullable) whose constraints were asked for */
  DynoCoverage        *coverage;     /* (owned) on the axes of the newest analysis */
  DynoCoverageSummary *summary;      /* (owned) */
  guint                n_other_axes; /* counted runs on other axes: not in here */
  DynoPlanConstraints  constraints;
  gboolean             is_default;   /* nobody has set constraints */
  gint64               version;      /* of the constraints */
  DynoPlan            *plan;         /* (owned) */
} DynoPlannerView;

void             dyno_planner_view_free             (DynoPlannerView           *self);

/* `dyno` (nullable): with the constraints of that dyno. */
void             dyno_planner_get_async             (DynoShop                  *shop,
                                                     const char                *vehicle,
                                                     const char                *dyno,
                                                     GCancellable              *cancellable,
                                                     GAsyncReadyCallback        callback,
                                                     gpointer                   user_data);
DynoPlannerView *dyno_planner_get_finish            (GAsyncResult              *result,
                                                     GError                   **error);

/* On that dyno, or (NULL) on any. Answers the plan as it is now. INVALID names what
 * cannot be; CONFLICT "stale" where the constraints are not those of `version` (0: any)
 * any more. Told on the bus (DYNO_TOPIC_VEHICLE), as the next one. */
void             dyno_planner_set_constraints_async (DynoShop                  *shop,
                                                     const char                *vehicle,
                                                     const char                *dyno,
                                                     const DynoPlanConstraints *constraints,
                                                     gint64                     version,
                                                     GCancellable              *cancellable,
                                                     GAsyncReadyCallback        callback,
                                                     gpointer                   user_data);
DynoPlannerView *dyno_planner_set_constraints_finish (GAsyncResult             *result,
                                                     GError                   **error);

/* Back to those of any dyno, or (NULL) to the defaults. */
void             dyno_planner_reset_async           (DynoShop                  *shop,
                                                     const char                *vehicle,
                                                     const char                *dyno,
                                                     GCancellable              *cancellable,
                                                     GAsyncReadyCallback        callback,
                                                     gpointer                   user_data);
DynoPlannerView *dyno_planner_reset_finish          (GAsyncResult              *result,
                                                     GError                   **error);

/* Takes a run out until it is analysed again. NOT_FOUND for the run. */
void             dyno_planner_forget_run_async      (DynoShop                  *shop,
                                                     const char                *run_id,
                                                     GCancellable              *cancellable,
                                                     GAsyncReadyCallback        callback,
                                                     gpointer                   user_data);
gboolean         dyno_planner_forget_run_finish     (GAsyncResult              *result,
                                                     GError                   **error);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (DynoPlannerView, dyno_planner_view_free)

G_END_DECLS
