/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

/* What backups there are. Rows alone: the files are the shop's. */

typedef struct _DynoStore DynoStore;

typedef struct
{
  char  *id;          /* bak_… */
  char  *path;        /* of the file */
  gint64 bytes;
  char  *sha256;      /* of the file, 64 hexadecimal digits */
  int    schema;
  gint64 audit_seq;   /* of the last row of the audit in it; 0: none */
  char  *created_by;  /* whose id, or "schedule" */
  gint64 created_ms;  /* given by the store */
  gint64 verified_ms; /* it was opened and compared last; 0: never */
  gint64 drilled_ms;  /* it was unpacked as a restore would; 0: never */
  char  *error;       /* (nullable) what was wrong with it the last time */
} DynoBackup;

DynoBackup *dyno_backup_copy               (const DynoBackup    *self);
void        dyno_backup_free               (DynoBackup          *self);

/* A new one (id NULL), verified. (transfer full) Answers it. */
void        dyno_store_add_backup_async    (DynoStore           *self,
                                            DynoBackup          *backup,
                                            GCancellable        *cancellable,
                                            GAsyncReadyCallback  callback,
                                            gpointer             user_data);
DynoBackup *dyno_store_add_backup_finish   (DynoStore           *self,
                                            GAsyncResult        *result,
                                            GError             **error);

/* Newest first, without those that were removed. (element-type DynoBackup) */
void        dyno_store_list_backups_async  (DynoStore           *self,
                                            GCancellable        *cancellable,
                                            GAsyncReadyCallback  callback,
                                            gpointer             user_data);
GPtrArray  *dyno_store_list_backups_finish (DynoStore           *self,
                                            GAsyncResult        *result,
                                            GError             **error);

/* NOT_FOUND. */
void        dyno_store_get_backup_async    (DynoStore           *self,
                                            const char          *backup_id,
                                            GCancellable        *cancellable,
                                            GAsyncReadyCallback  callback,
                                            gpointer             user_data);
DynoBackup *dyno_store_get_backup_finish   (DynoStore           *self,
                                            GAsyncResult        *result,
                                            GError             **error);

/* It was looked at now: `error` (nullable) says what was wrong. `is_drill`: unpacked,
 * too. NOT_FOUND. */
void        dyno_store_mark_backup_async   (DynoStore           *self,
                                            const char          *backup_id,
                                            gboolean             is_drill,
                                            const char          *error_text,
                                            GCancellable        *cancellable,
                                            GAsyncReadyCallback  callback,
                                            gpointer             user_data);
gboolean    dyno_store_mark_backup_finish  (DynoStore           *self,
                                            GAsyncResult        *result,
                                            GError             **error);

/* Its file is gone. NOT_FOUND. */
void        dyno_store_drop_backup_async   (DynoStore           *self,
                                            const char          *backup_id,
                                            GCancellable        *cancellable,
                                            GAsyncReadyCallback  callback,
                                            gpointer             user_data);
gboolean    dyno_store_drop_backup_finish  (DynoStore           *self,
                                            GAsyncResult        *result,
                                            GError             **error);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (DynoBackup, dyno_backup_free)

G_END_DECLS
