/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

#pragma once

#include <gio/gio.h>

#include "dyno-coverage.h"

G_BEGIN_DECLS

/* The coverage memory: what each run hit on the axes of an analysis, kept once. It
 * belongs to the vehicle that its run belongs to: a run that goes to another vehicle
 * takes it along, one in the trash is not counted, a purged one is forgotten. */

typedef struct _DynoStore DynoStore;

typedef struct
{
  DynoGridShape    shape;
  DynoCoverageRun *run;      /* (owned) seen_ms is given by the store: the run's begin */
  char            *facts;    /* (owned) JSON of the shop: what else is known of the run */
  gint64           added_ms; /* given by the store */
} DynoCoverageRecord;

typedef enum
{
  DYNO_COVERAGE_FAILED,
  DYNO_COVERAGE_COUNTED,
  DYNO_COVERAGE_ALREADY_COUNTED, /* on these axes; nothing was changed */
} DynoCoverageAnswer;

void               dyno_coverage_record_free         (DynoCoverageRecord  *self);

/* Keeps it (transfer full). NOT_FOUND for the run. */
void               dyno_store_add_coverage_async     (DynoStore           *self,
                                                      DynoCoverageRecord  *record,
                                                      GCancellable        *cancellable,
                                                      GAsyncReadyCallback  callback,
                                                      gpointer             user_data);
DynoCoverageAnswer dyno_store_add_coverage_finish    (DynoStore           *self,
                                                      GAsyncResult        *result,
                                                      GError             **error);

/* Of the runs of a vehicle outside the trash, the latest added last. CORRUPT
 * "coverage". (element-type DynoCoverageRecord) */
void               dyno_store_list_coverage_async    (DynoStore           *self,
                                                      const char          *vehicle_id,
                                                      GCancellable        *cancellable,
                                                      GAsyncReadyCallback  callback,
                                                      gpointer             user_data);
GPtrArray         *dyno_store_list_coverage_finish   (DynoStore           *self,
                                                      GAsyncResult        *result,
                                                      GError             **error);

/* Forgets what a run hit, on all axes. NOT_FOUND for the run. */
void               dyno_store_forget_coverage_async  (DynoStore           *self,
                                                      const char          *run_id,
                                                      GCancellable        *cancellable,
                                                      GAsyncReadyCallback  callback,
                                                      gpointer             user_data);
gboolean           dyno_store_forget_coverage_finish (DynoStore           *self,
                                                      GAsyncResult        *result,
                                                      GError             **error);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (DynoCoverageRecord, dyno_coverage_record_free)

G_END_DECLS
