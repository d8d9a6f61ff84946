/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

/* How the versions of tables came one from the other. Nothing here is ever
 * changed or removed: rolling back is a change of its own. */

typedef struct _DynoStore DynoStore;

typedef enum
{
  DYNO_CHANGE_RECORD_IMPORT,
  DYNO_CHANGE_RECORD_APPLY,
  DYNO_CHANGE_RECORD_ROLLBACK,
  DYNO_CHANGE_RECORD_MERGE,
  DYNO_N_CHANGE_RECORD_KINDS
} DynoChangeRecordKind;

typedef struct
{
  char                *id;             /* chg_…; given by the store */
  gint64               seq;            /* over all tables; given by the store */
  char                *table_id;
  DynoChangeRecordKind kind;
  gint64               made_ms;        /* given by the store */
  char                *made_by;
  char                *analysis_id;    /* (nullable) */
  char                *undoes;         /* (nullable) id of the change that is rolled back */
  int                  version_before; /* 0: none; given by the store */
  int                  version_after;  /* given by the store */
  char                *sha256_before;  /* (nullable) content hash that was shown */
  char                *sha256_after;   /* content hash of the new version */
  int                  cells_changed;
  char                *comment;
  char                *data;           /* JSON: cells, reasons, overrides */
  GBytes              *bytes_after;    /* of the new version; NULL in what is answered */
} DynoChangeRecord;

void              dyno_change_record_free        (DynoChangeRecord    *self);
const char       *dyno_change_record_kind_name   (DynoChangeRecordKind kind);

/* Makes a version of each table named and records how, all or none: front and
 * rear are one transaction. `changes` (element-type DynoChangeRecord) is taken
 * over. NOT_FOUND for a table; CONFLICT "stale" where the present content of a
 * table is not `sha256_before`. Answers the changes as they stand.
 * (element-type DynoChangeRecord) */
void              dyno_store_add_changes_async   (DynoStore           *self,
                                                  GPtrArray           *changes,
                                                  GCancellable        *cancellable,
                                                  GAsyncReadyCallback  callback,
                                                  gpointer             user_data);
GPtrArray        *dyno_store_add_changes_finish  (DynoStore           *self,
                                                  GAsyncResult        *result,
                                                  GError             **error);

/* NOT_FOUND. */
void              dyno_store_get_change_async    (DynoStore           *self,
                                                  const char          *change_id,
                                                  GCancellable        *cancellable,
                                                  GAsyncReadyCallback  callback,
                                                  gpointer             user_data);
DynoChangeRecord *dyno_store_get_change_finish   (DynoStore           *self,
                                                  GAsyncResult        *result,
                                                  GError             **error);

/* Of a table and of an analysis (each nullable: any), newest first.
 * (element-type DynoChangeRecord) */
void              dyno_store_list_changes_async  (DynoStore           *self,
                                                  const char          *table_id,
                                                  const char          *analysis_id,
                                                  GCancellable        *cancellable,
                                                  GAsyncReadyCallback  callback,
                                                  gpointer             user_data);
GPtrArray        *dyno_store_list_changes_finish (DynoStore           *self,
                                                  GAsyncResult        *result,
                                                  GError             **error);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (DynoChangeRecord, dyno_change_record_free)

G_END_DECLS
