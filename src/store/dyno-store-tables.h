/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

/* Tunes as they were imported, and the tables in them in all their versions. A
 * version is kept as bytes; what they mean is not known here. How one version
 * became the next stands in dyno-store-changes.h. */

typedef struct _DynoStore DynoStore;

typedef struct
{
  char   *id;         /* tune_…; given by the store */
  char   *vehicle_id; /* (nullable) */
  char   *name;
  char   *format;     /* "pvv", "csv", … */
  GBytes *file;       /* whole; NULL in lists */
  char   *sha256;     /* of the file; given by the store */
  gint64  created_ms; /* given by the store */
} DynoTuneRecord;

typedef struct
{
  char   *id;             /* tbl_…; given by the store */
  char   *tune_id;        /* given by the store */
  char   *vehicle_id;     /* (nullable) of the tune */
  int     item;           /* place in the tune's file */
  char   *name;
  char   *kind;           /* "ve", "spark", … */
  char   *cylinder;       /* "front", "rear", "" */
  int     version;        /* 1, 2, 3 …; the present one, or the one asked for */
  GBytes *bytes;          /* of that version; NULL in lists */
  char   *bytes_sha256;   /* given by the store */
  char   *content_sha256; /* of what the bytes mean: the hash that changes compare */
  gint64  created_ms;     /* of that version; given by the store */
  gint64  deleted_ms;     /* 0: not deleted */
} DynoTableRecord;

void dyno_tune_record_free  (DynoTuneRecord  *self);
void dyno_table_record_free (DynoTableRecord *self);

/* Keeps a tune and its tables (both taken over; element-type DynoTableRecord),
 * each as version 1 with a change “import” by `made_by`. Answers the tables as
 * they are now. NOT_FOUND for the vehicle. (element-type DynoTableRecord) */
void             dyno_store_add_tune_async              (DynoStore           *self,
                                                         DynoTuneRecord      *tune,
                                                         GPtrArray           *tables,
                                                         const char          *made_by,
                                                         GCancellable        *cancellable,
                                                         GAsyncReadyCallback  callback,
                                                         gpointer             user_data);
GPtrArray       *dyno_store_add_tune_finish             (DynoStore           *self,
                                                         GAsyncResult        *result,
                                                         GError             **error);

/* With its file. NOT_FOUND. */
void             dyno_store_get_tune_async              (DynoStore           *self,
                                                         const char          *tune_id,
                                                         GCancellable        *cancellable,
                                                         GAsyncReadyCallback  callback,
                                                         gpointer             user_data);
DynoTuneRecord  *dyno_store_get_tune_finish             (DynoStore           *self,
                                                         GAsyncResult        *result,
                                                         GError             **error);

/* All, or those of a vehicle (nullable), newest first. (element-type DynoTuneRecord) */
void             dyno_store_list_tunes_async            (DynoStore           *self,
                                                         const char          *vehicle_id,
                                                         GCancellable        *cancellable,
                                                         GAsyncReadyCallback  callback,
                                                         gpointer             user_data);
GPtrArray       *dyno_store_list_tunes_finish           (DynoStore           *self,
                                                         GAsyncResult        *result,
                                                         GError             **error);

/* A table with the bytes of a version; 0: the present one. NOT_FOUND. */
void             dyno_store_get_table_async             (DynoStore           *self,
                                                         const char          *table_id,
                                                         int                  version,
                                                         GCancellable        *cancellable,
                                                         GAsyncReadyCallback  callback,
                                                         gpointer             user_data);
DynoTableRecord *dyno_store_get_table_finish            (DynoStore           *self,
                                                         GAsyncResult        *result,
                                                         GError             **error);

/* Tables that are not deleted, by tune and place; each filter may be NULL.
 * (element-type DynoTableRecord) */
void             dyno_store_list_tables_async           (DynoStore           *self,
                                                         const char          *vehicle_id,
                                                         const char          *kind,
                                                         const char          *cylinder,
                                                         GCancellable        *cancellable,
                                                         GAsyncReadyCallback  callback,
                                                         gpointer             user_data);
GPtrArray       *dyno_store_list_tables_finish          (DynoStore           *self,
                                                         GAsyncResult        *result,
                                                         GError             **error);

/* The versions of a table, newest first, without bytes. NOT_FOUND.
 * (element-type DynoTableRecord) */
void             dyno_store_list_table_versions_async   (DynoStore           *self,
                                                         const char          *table_id,
                                                         GCancellable        *cancellable,
                                                         GAsyncReadyCallback  callback,
                                                         gpointer             user_data);
GPtrArray       *dyno_store_list_table_versions_finish  (DynoStore           *self,
                                                         GAsyncResult        *result,
                                                         GError             **error);

/* Takes a table out of the lists; its versions and changes stay. NOT_FOUND; CONFLICT
 * "stale" where its present version is not `version` (0: any). */
void             dyno_store_delete_table_async          (DynoStore           *self,
                                                         const char          *table_id,
                                                         int                  version,
                                                         GCancellable        *cancellable,
                                                         GAsyncReadyCallback  callback,
                                                         gpointer             user_data);
gboolean         dyno_store_delete_table_finish         (DynoStore           *self,
                                                         GAsyncResult        *result,
                                                         GError             **error);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (DynoTuneRecord, dyno_tune_record_free)
G_DEFINE_AUTOPTR_CLEANUP_FUNC (DynoTableRecord, dyno_table_record_free)

G_END_DECLS
