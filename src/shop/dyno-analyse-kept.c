/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

#include "config.h"

#include "dyno-analyse-private.h"

#include "dyno-crypt.h"
#include "dyno-shape.h"
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

/* Two runs of the same bytes have analyses of the same fingerprint. */
static gboolean
find_kept (const DynoErrand *errand,
           DynoAnalyse      *self)
{
  DynoStore *store = errand->shop->store;
  g_autoptr(GPtrArray) all = NULL;

  dyno_store_list_analyses_async (store, self->run_ids[0], NULL, dyno_await_cb, errand->await);
  all = dyno_store_list_analyses_finish (store, dyno_await_wait (errand->await), NULL);
  for (guint i = 0; all != NULL && i < all->len; i++)
    {
      const DynoAnalysisRecord *kept = g_ptr_array_index (all, i);

      if (!g_str_equal (kept->fingerprint, self->fingerprint)
          || !g_strv_equal ((const char *const *) kept->run_ids,
                            (const char *const *) self->run_ids))
        continue;
      self->id = g_strdup (kept->id);
      return TRUE;
    }

  return FALSE;
}

static DynoAnalysisRecord *
make_record (const DynoAnalyse *self)
{
  DynoAnalysisRecord *record = g_new0 (DynoAnalysisRecord, 1);
  DynoJsonWriter *w = dyno_json_writer_new (FALSE);

  dyno_shape_analyse (w, self);
  record->id = g_strdup (self->id);
  record->run_ids = g_strdupv (self->run_ids);
  record->math_version = g_strdup (self->math_version);
  record->options = g_strdup (self->result->options);
  record->input_sha256 = g_strdup (self->input_sha256);
  record->fingerprint = g_strdup (self->fingerprint);
  record->result = dyno_json_writer_finish (w);

  return record;
}

gboolean
dyno_analyse_keep (const DynoErrand *errand,
                   DynoAnalyse      *self,
                   GError          **error)
{
  DynoStore *store = errand->shop->store;

  if (store == NULL || g_strv_length (self->run_ids) != self->inputs->len
      || find_kept (errand, self))
    return TRUE;

  /* The kept text says its own id. */
  self->id = dyno_crypt_new_id ("ana");
  dyno_store_add_analysis_async (store, make_record (self), NULL, dyno_await_cb, errand->await);
  g_free (self->id);
  self->id = dyno_store_add_analysis_finish (store, dyno_await_wait (errand->await), error);
  for (char **id = self->run_ids; self->id != NULL && *id != NULL; id++)
    dyno_bus_publish (errand->shop->bus, DYNO_TOPIC_RUN, *id, "changed");

  return self->id != NULL;
}

