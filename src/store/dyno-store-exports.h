/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

#pragma once

#include "dyno-store-privacy.h"

G_BEGIN_DECLS

/* Exports of personal data: files for whoever asked for them, until they expire. */

typedef struct
{
  char           *id;           /* exp_…; given by the store */
  DynoSubjectKind kind;
  char           *subject_id;
  char           *job_id;       /* (nullable) that made it */
  char           *path;         /* of the file */
  gint64          bytes;
  char           *sha256;       /* of the file, 64 hexadecimal digits */
  char           *requested_by;
  gint64          created_ms;   /* given by the store */
  gint64          expires_ms;   /* when given: how long it is good for */
} DynoExportRecord;

void              dyno_export_record_free      (DynoExportRecord    *self);

/* Taken over; answers it. */
void              dyno_store_add_export_async   (DynoStore           *self,
                                                 DynoExportRecord    *record,
                                                 GCancellable        *cancellable,
                                                 GAsyncReadyCallback  callback,
                                                 gpointer             user_data);
DynoExportRecord *dyno_store_add_export_finish  (DynoStore           *self,
                                                 GAsyncResult        *result,
                                                 GError             **error);

/* NOT_FOUND, also for one that has expired. */
void              dyno_store_get_export_async   (DynoStore           *self,
                                                 const char          *export_id,
                                                 GCancellable        *cancellable,
                                                 GAsyncReadyCallback  callback,
                                                 gpointer             user_data);
DynoExportRecord *dyno_store_get_export_finish  (DynoStore           *self,
                                                 GAsyncResult        *result,
                                                 GError             **error);

/* Those that have expired and whose file was not removed yet. (element-type
 * DynoExportRecord) */
void              dyno_store_list_expired_exports_async  (DynoStore           *self,
                                                          GCancellable        *cancellable,
                                                          GAsyncReadyCallback  callback,
                                                          gpointer             user_data);
GPtrArray        *dyno_store_list_expired_exports_finish (DynoStore           *self,
                                                          GAsyncResult        *result,
                                                          GError             **error);

/* Its file is gone. */
void              dyno_store_drop_export_async  (DynoStore           *self,
                                                 const char          *export_id,
                                                 GCancellable        *cancellable,
                                                 GAsyncReadyCallback  callback,
                                                 gpointer             user_data);
gboolean          dyno_store_drop_export_finish (DynoStore           *self,
                                                 GAsyncResult        *result,
                                                 GError             **error);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (DynoExportRecord, dyno_export_record_free)

G_END_DECLS
