/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

#include "config.h"

#include "dyno-analyse.h"

#include "dyno-shop-private.h"

/* Analyses that the store has; part of dyno-analyse.h. */

static gpointer
list (const DynoErrand *errand,
      gpointer          run_id,
      GError          **error)
{
  DynoStore *store = errand->shop->store;

  dyno_store_list_analyses_async (store, run_id, errand->cancellable, dyno_await_cb,
                                  errand->await);

  return dyno_store_list_analyses_finish (store, dyno_await_wait (errand->await), error);
}

static const DynoOperation list_operation = { "analyses-list", list,
                                              (GDestroyNotify) g_ptr_array_unref, TRUE };

void
dyno_analyse_list_async (DynoShop            *shop,
                         const char          *run_id,
                         GCancellable        *cancellable,
                         GAsyncReadyCallback  callback,
                         gpointer             user_data)
{
  dyno_operation_start (shop, &list_operation, g_strdup (run_id), g_free, cancellable, callback,
                        user_data);
}

GPtrArray *
dyno_analyse_list_finish (GAsyncResult *result,
                          GError      **error)
{
  return dyno_operation_finish (result, &list_operation, error);
}

static gpointer
load (const DynoErrand *errand,
      gpointer          analysis_id,
      GError          **error)
{
  DynoStore *store = errand->shop->store;

  dyno_store_get_analysis_async (store, analysis_id, errand->cancellable, dyno_await_cb,
                                 errand->await);

  return dyno_store_get_analysis_finish (store, dyno_await_wait (errand->await), error);
}

static const DynoOperation load_operation = { "analyses-load", load,
                                              (GDestroyNotify) dyno_analysis_record_free, TRUE };

void
dyno_analyse_load_async (DynoShop            *shop,
                         const char          *analysis_id,
                         GCancellable        *cancellable,
                         GAsyncReadyCallback  callback,
                         gpointer             user_data)
{
  dyno_operation_start (shop, &load_operation, g_strdup (analysis_id), g_free, cancellable,
                        callback, user_data);
}

DynoAnalysisRecord *
dyno_analyse_load_finish (GAsyncResult *result,
                          GError      **error)
{
  return dyno_operation_finish (result, &load_operation, error);
}
