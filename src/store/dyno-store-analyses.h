/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

/* Results of analyses, as they were computed. The same input, options and
 * mathematics have the same fingerprint, so that nothing is computed twice. */

typedef struct _DynoStore DynoStore;

typedef struct
{
  char   *id;           /* ana_…; NULL in a new one: made by the store */
  char  **run_ids;      /* in their order */
  char   *table_id;     /* (nullable) base */
  char   *math_version;
  char   *options;      /* JSON */
  char   *input_sha256;
  char   *fingerprint;
  char   *result;       /* JSON; NULL in lists */
  GBytes *artefact;     /* (nullable) decisions per sample, packed; NULL in lists */
  gint64  created_ms;   /* given by the store */
} DynoAnalysisRecord;

void dyno_analysis_record_free (DynoAnalysisRecord *self);

/* Keeps an analysis (transfer full). Answers its id. NOT_FOUND for a run. */
void                dyno_store_add_analysis_async    (DynoStore           *self,
                                                      DynoAnalysisRecord  *analysis,
                                                      GCancellable        *cancellable,
                                                      GAsyncReadyCallback  callback,
                                                      gpointer             user_data);
char               *dyno_store_add_analysis_finish   (DynoStore           *self,
                                                      GAsyncResult        *result,
                                                      GError             **error);

/* Whole. NOT_FOUND. */
void                dyno_store_get_analysis_async    (DynoStore           *self,
                                                      const char          *analysis_id,
                                                      GCancellable        *cancellable,
                                                      GAsyncReadyCallback  callback,
                                                      gpointer             user_data);
DynoAnalysisRecord *dyno_store_get_analysis_finish   (DynoStore           *self,
                                                      GAsyncResult        *result,
                                                      GError             **error);

/* The newest of a fingerprint, whole. NOT_FOUND. */
void                dyno_store_find_analysis_async   (DynoStore           *self,
                                                      const char          *fingerprint,
                                                      GCancellable        *cancellable,
                                                      GAsyncReadyCallback  callback,
                                                      gpointer             user_data);
DynoAnalysisRecord *dyno_store_find_analysis_finish  (DynoStore           *self,
                                                      GAsyncResult        *result,
                                                      GError             **error);

/* Those that a run is in, newest first. (element-type DynoAnalysisRecord) */
void                dyno_store_list_analyses_async   (DynoStore           *self,
                                                      const char          *run_id,
                                                      GCancellable        *cancellable,
                                                      GAsyncReadyCallback  callback,
                                                      gpointer             user_data);
GPtrArray          *dyno_store_list_analyses_finish  (DynoStore           *self,
                                                      GAsyncResult        *result,
                                                      GError             **error);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (DynoAnalysisRecord, dyno_analysis_record_free)

G_END_DECLS
