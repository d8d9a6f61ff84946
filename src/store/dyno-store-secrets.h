/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

/* Secrets as sealed bytes under a name. The store cannot open them. */

typedef struct _DynoStore DynoStore;

#define DYNO_SECRET_NONCE_SIZE 12

typedef struct
{
  char   *name;
  guint8  nonce[DYNO_SECRET_NONCE_SIZE];
  GBytes *ciphertext; /* (owned) */
  gint64  created_ms; /* given by the store */
} DynoSecretRecord;

void              dyno_secret_record_free         (DynoSecretRecord    *self);

/* NOT_FOUND "no_secret". */
void              dyno_store_get_secret_async     (DynoStore           *self,
                                                   const char          *name,
                                                   GCancellable        *cancellable,
                                                   GAsyncReadyCallback  callback,
                                                   gpointer             user_data);
DynoSecretRecord *dyno_store_get_secret_finish    (DynoStore           *self,
                                                   GAsyncResult        *result,
                                                   GError             **error);

/* Keeps the record (taken over) in the place of one of that name. */
void              dyno_store_set_secret_async     (DynoStore           *self,
                                                   DynoSecretRecord    *record,
                                                   GCancellable        *cancellable,
                                                   GAsyncReadyCallback  callback,
                                                   gpointer             user_data);
gboolean          dyno_store_set_secret_finish    (DynoStore           *self,
                                                   GAsyncResult        *result,
                                                   GError             **error);

/* One that is not there is no error. */
void              dyno_store_remove_secret_async  (DynoStore           *self,
                                                   const char          *name,
                                                   GCancellable        *cancellable,
                                                   GAsyncReadyCallback  callback,
                                                   gpointer             user_data);
gboolean          dyno_store_remove_secret_finish (DynoStore           *self,
                                                   GAsyncResult        *result,
                                                   GError             **error);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (DynoSecretRecord, dyno_secret_record_free)

G_END_DECLS
