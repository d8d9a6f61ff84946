/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

#pragma once

#include "dyno-runbook.h"
#include "dyno-store-verdicts.h"

G_BEGIN_DECLS

/* Runs with what their newest analysis says of them: as lists outside the window show
 * them. What a query and a run are stands in dyno-runbook.h. */

typedef struct
{
  DynoRunPage *page;     /* (owned) */
  GHashTable  *verdicts; /* (owned) run id to DynoRunVerdict */
} DynoRunList;

typedef struct
{
  DynoRunDetail  *detail;  /* (owned) */
  DynoRunVerdict *verdict; /* (owned) */
} DynoRunView;

void                  dyno_run_list_free    (DynoRunList         *self);
void                  dyno_run_view_free    (DynoRunView         *self);

/* Never NULL for a run of the page. */
const DynoRunVerdict *dyno_run_list_verdict (const DynoRunList   *self,
                                             const char          *run_id);

/* A page. `query` is taken over. INVALID "cursor". */
void                  dyno_run_list_async   (DynoShop            *shop,
                                             DynoRunQuery        *query,
                                             GCancellable        *cancellable,
                                             GAsyncReadyCallback  callback,
                                             gpointer             user_data);
DynoRunList          *dyno_run_list_finish  (GAsyncResult        *result,
                                             GError             **error);

/* One run, in the trash or not. NOT_FOUND. */
void                  dyno_run_view_async   (DynoShop            *shop,
                                             const char          *run_id,
                                             GCancellable        *cancellable,
                                             GAsyncReadyCallback  callback,
                                             gpointer             user_data);
DynoRunView          *dyno_run_view_finish  (GAsyncResult        *result,
                                             GError             **error);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (DynoRunList, dyno_run_list_free)
G_DEFINE_AUTOPTR_CLEANUP_FUNC (DynoRunView, dyno_run_view_free)

G_END_DECLS
