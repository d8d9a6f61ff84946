/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

/* Caring for the database itself: what it is, whether it is sound, a copy. */

typedef struct _DynoStore DynoStore;

typedef struct
{
  char  *name; /* of a table */
  gint64 n_rows;
} DynoTableCount;

typedef struct
{
  char *name;
  char *value;
} DynoStorePragma;

typedef struct
{
  int    number;
  char  *name;
  char  *sha256;
  gint64 applied_ms;
} DynoStoreStep;

typedef struct
{
  char      *path;
  char      *sqlite_version;
  int        schema;        /* last step that was made */
  int        schema_known;  /* last step that this program knows */
  GPtrArray *steps;         /* (owned) of DynoStoreStep */
  GPtrArray *tables;        /* (owned) of DynoTableCount */
  GPtrArray *pragmas;       /* (owned) of DynoStorePragma, as a reader has them */
  gint64     bytes;         /* of the file */
  gint64     wal_bytes;     /* of the log beside it */
  gint64     free_bytes;    /* inside the file */
  guint64    n_writes;      /* since it was opened: verbs, */
  guint64    n_commits;     /* transactions that they shared, */
  guint64    n_checkpoints; /* moves of the log */
} DynoStoreInfo;

typedef struct
{
  gboolean   is_ok;
  GPtrArray *findings;  /* (owned) of utf8, a sentence each; at most 100 */
  gint64     n_runs;
  gint64     n_blocks;  /* of captured and imported samples */
  gint64     n_samples; /* captured */
  gint64     n_links;   /* of the journal chain */
} DynoStoreCheck;

void dyno_store_info_free  (DynoStoreInfo  *self);
void dyno_store_check_free (DynoStoreCheck *self);

void            dyno_store_info_async    (DynoStore           *self,
                                          GCancellable        *cancellable,
                                          GAsyncReadyCallback  callback,
                                          gpointer             user_data);
DynoStoreInfo  *dyno_store_info_finish   (DynoStore           *self,
                                          GAsyncResult        *result,
                                          GError             **error);

/* Looks at everything: pages, indexes, references, every block of samples, the
 * counts that were kept of them, the chain. Damage is an answer, not an error. */
void            dyno_store_check_async   (DynoStore           *self,
                                          GCancellable        *cancellable,
                                          GAsyncReadyCallback  callback,
                                          gpointer             user_data);
DynoStoreCheck *dyno_store_check_finish  (DynoStore           *self,
                                          GAsyncResult        *result,
                                          GError             **error);

/* Copies the database as it is now to `path` while everything else goes on; the
 * copy is opened and compared before it gets that name. CONFLICT "exists";
 * CORRUPT "backup" where the copy, or what was copied, is not sound. */
void            dyno_store_backup_async  (DynoStore           *self,
                                          const char          *path,
                                          GCancellable        *cancellable,
                                          GAsyncReadyCallback  callback,
                                          gpointer             user_data);
gboolean        dyno_store_backup_finish (DynoStore           *self,
                                          GAsyncResult        *result,
                                          GError             **error);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (DynoStoreInfo, dyno_store_info_free)
G_DEFINE_AUTOPTR_CLEANUP_FUNC (DynoStoreCheck, dyno_store_check_free)

G_END_DECLS
