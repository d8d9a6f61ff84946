/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

#pragma once

#include <gio/gio.h>

#include "dyno-chain.h"
#include "dyno-store-runs.h"

G_BEGIN_DECLS

/* The files that belong to runs. They lie in the data folder; here stand their
 * names and sums. The store never touches the files themselves. */

#define DYNO_FILE_JOURNAL "journal" /* chained */
#define DYNO_FILE_SOURCE "source"   /* what was imported, unchanged */
#define DYNO_FILE_ARCHIVED "archived" /* a part of the archive that the run came out of */

typedef struct
{
  char    *id;         /* file_…; NULL in a new one: made by the store */
  char    *run_id;     /* given by the store */
  char    *kind;
  char    *path;       /* relative to the data folder */
  char    *name;       /* as people know it */
  gint64   bytes;
  char    *sha256;     /* 64 small hexadecimal digits */
  gint64   created_ms; /* given by the store */
  gint64   removed_ms; /* 0: it should be there */
  gboolean is_starred; /* its run is: then it is kept for ever */
} DynoRunFile;

DynoRunFile *dyno_run_file_new  (const char  *kind,
                                 const char  *path,
                                 const char  *name,
                                 gint64       bytes,
                                 const char  *sha256);
void         dyno_run_file_free (DynoRunFile *self);

/* Adds files (transfer full, element-type DynoRunFile) to a run; journals also
 * to the chain. NOT_FOUND. */
void       dyno_store_add_run_files_async     (DynoStore           *self,
                                               const char          *run_id,
                                               GPtrArray           *files,
                                               GCancellable        *cancellable,
                                               GAsyncReadyCallback  callback,
                                               gpointer             user_data);
gboolean   dyno_store_add_run_files_finish    (DynoStore           *self,
                                               GAsyncResult        *result,
                                               GError             **error);

/* The files of a run, or of all runs (`run_id` NULL), of a kind or of all
 * (`kind` NULL), oldest first. (element-type DynoRunFile) */
void       dyno_store_list_run_files_async    (DynoStore           *self,
                                               const char          *run_id,
                                               const char          *kind,
                                               GCancellable        *cancellable,
                                               GAsyncReadyCallback  callback,
                                               gpointer             user_data);
GPtrArray *dyno_store_list_run_files_finish   (DynoStore           *self,
                                               GAsyncResult        *result,
                                               GError             **error);

/* Notes that files, by their ids, were removed by the rules; before the caller
 * removes them. NOT_FOUND. */
void       dyno_store_remove_run_files_async  (DynoStore           *self,
                                               const char *const   *file_ids,
                                               GCancellable        *cancellable,
                                               GAsyncReadyCallback  callback,
                                               gpointer             user_data);
gboolean   dyno_store_remove_run_files_finish (DynoStore           *self,
                                               GAsyncResult        *result,
                                               GError             **error);

/* The first run outside the trash that has a source file of that sum: it was
 * imported before. NOT_FOUND where there is none. */
void       dyno_store_find_import_async       (DynoStore           *self,
                                               const char          *sha256,
                                               GCancellable        *cancellable,
                                               GAsyncReadyCallback  callback,
                                               gpointer             user_data);
DynoRun   *dyno_store_find_import_finish      (DynoStore           *self,
                                               GAsyncResult        *result,
                                               GError             **error);

/* The whole chain in its order. (element-type DynoChainLink) */
void       dyno_store_read_chain_async        (DynoStore           *self,
                                               GCancellable        *cancellable,
                                               GAsyncReadyCallback  callback,
                                               gpointer             user_data);
GPtrArray *dyno_store_read_chain_finish       (DynoStore           *self,
                                               GAsyncResult        *result,
                                               GError             **error);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (DynoRunFile, dyno_run_file_free)

G_END_DECLS
