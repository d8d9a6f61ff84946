/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

#pragma once

#include <gio/gio.h>

#include "dyno-store-exports.h"
#include "dyno-store-privacy.h"

G_BEGIN_DECLS

/* Personal data of users and customers (service.md 9.4): a copy for the person, and the
 * end of it. Who may ask for whom is the face's business. */

typedef struct _DynoShop DynoShop;

#define DYNO_PRIVACY_WAIT_DAYS 7

/* A zip with <table>.ndjson for each table that knows the person (a JSON object a line,
 * also for none) and manifest.json with the rows and the SHA-256 of each. No password,
 * key or token is in it. As a job (kind "privacy-export"); the file is kept for
 * privacy.export_days and only for who asked. NOT_FOUND; UNAVAILABLE "disk_full", "io". */
void              dyno_privacy_export_async      (DynoShop            *shop,
                                                  DynoSubjectKind      kind,
                                                  const char          *subject_id,
                                                  char               **job_id,
                                                  GCancellable        *cancellable,
                                                  GAsyncReadyCallback  callback,
                                                  gpointer             user_data);
DynoExportRecord *dyno_privacy_export_finish     (GAsyncResult        *result,
                                                  GError             **error);

/* NOT_FOUND, also where another has asked for it, and when its time is over. */
void              dyno_privacy_get_export_async  (DynoShop            *shop,
                                                  const char          *export_id,
                                                  GCancellable        *cancellable,
                                                  GAsyncReadyCallback  callback,
                                                  gpointer             user_data);
DynoExportRecord *dyno_privacy_get_export_finish (GAsyncResult        *result,
                                                  GError             **error);

/* A user is disabled and all his credentials are revoked when the answer comes; the
 * rest goes after DYNO_PRIVACY_WAIT_DAYS, or (`is_now`) with it. Of a customer runs and
 * vehicles stay, without name, VIN and plate. The answer has the receipt. Errors of
 * dyno_store_begin_erasure_async (). */
void              dyno_privacy_erase_async       (DynoShop            *shop,
                                                  DynoSubjectKind      kind,
                                                  const char          *subject_id,
                                                  gboolean             is_now,
                                                  GCancellable        *cancellable,
                                                  GAsyncReadyCallback  callback,
                                                  gpointer             user_data);
DynoErasure      *dyno_privacy_erase_finish      (GAsyncResult        *result,
                                                  GError             **error);

/* NOT_FOUND for one that is not waiting. */
void              dyno_privacy_cancel_async      (DynoShop            *shop,
                                                  const char          *erasure_id,
                                                  GCancellable        *cancellable,
                                                  GAsyncReadyCallback  callback,
                                                  gpointer             user_data);
DynoErasure      *dyno_privacy_cancel_finish     (GAsyncResult        *result,
                                                  GError             **error);

/* Newest first. (element-type DynoErasure) */
void              dyno_privacy_list_async        (DynoShop            *shop,
                                                  GCancellable        *cancellable,
                                                  GAsyncReadyCallback  callback,
                                                  gpointer             user_data);
GPtrArray        *dyno_privacy_list_finish       (GAsyncResult        *result,
                                                  GError             **error);

/* Does the erasures whose time has come, and notes all of them beside the database. */
void              dyno_privacy_tend_async        (DynoShop            *shop,
                                                  GCancellable        *cancellable,
                                                  GAsyncReadyCallback  callback,
                                                  gpointer             user_data);
gboolean          dyno_privacy_tend_finish       (GAsyncResult        *result,
                                                  GError             **error);

G_END_DECLS
