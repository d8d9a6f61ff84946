/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

/* What the newest analysis of a run says of it, in a word, and who made the run: what a
 * list of runs shows beside what the run book knows. */

typedef struct _DynoStore DynoStore;

typedef struct
{
  char   *run_id;
  char   *analysis_id;  /* (nullable) none */
  char   *grade;        /* (nullable) "A"…"D" */
  double  coverage_pct; /* cells of the table with data; NaN: none */
  char   *operator;     /* (nullable) */
} DynoRunVerdict;

void       dyno_run_verdict_free              (DynoRunVerdict      *self);

/* Of these runs, in no order; one that is not there has none. (element-type
 * DynoRunVerdict) */
void       dyno_store_list_verdicts_async     (DynoStore           *self,
                                               const char *const   *run_ids,
                                               GCancellable        *cancellable,
                                               GAsyncReadyCallback  callback,
                                               gpointer             user_data);
GPtrArray *dyno_store_list_verdicts_finish    (DynoStore           *self,
                                               GAsyncResult        *result,
                                               GError             **error);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (DynoRunVerdict, dyno_run_verdict_free)

G_END_DECLS
