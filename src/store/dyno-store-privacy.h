/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

/* Personal data: what is kept of somebody, and that it goes (service.md 9.4). An
 * erasure is a row of its own; the shop also writes it to erasures.log, from which it
 * is done again in a database that was restored. */

typedef struct _DynoStore DynoStore;

typedef enum
{
  DYNO_SUBJECT_USER,
  DYNO_SUBJECT_CUSTOMER,
} DynoSubjectKind;

const char  *dyno_subject_kind_name        (DynoSubjectKind       kind);
gboolean     dyno_subject_kind_find        (const char           *name,
                                            DynoSubjectKind      *kind);

typedef struct
{
  char            *id;           /* era_… */
  char            *receipt;      /* what the person gets: 26 characters */
  DynoSubjectKind  kind;
  char            *subject_id;
  char            *requested_by;
  gint64           requested_ms; /* times are given by the store */
  gint64           purge_ms;     /* not before then */
  gint64           purged_ms;    /* 0: not yet */
  gint64           cancelled_ms; /* 0: it was not */
} DynoErasure;

DynoErasure *dyno_erasure_copy             (const DynoErasure    *self);
void         dyno_erasure_free             (DynoErasure          *self);

/* Begins one: `kind`, `subject_id`, `requested_by` and the `purge_ms` to wait (0: purged
 * at once) count; taken over. A user is disabled with all credentials from now on.
 *   NOT_FOUND, also for one that was erased; CONFLICT "erasing", "last_admin";
 *   DENIED "local": local:owner and local:dev stay */
void         dyno_store_begin_erasure_async   (DynoStore           *self,
                                               DynoErasure         *erasure,
                                               GCancellable        *cancellable,
                                               GAsyncReadyCallback  callback,
                                               gpointer             user_data);
DynoErasure *dyno_store_begin_erasure_finish  (DynoStore           *self,
                                               GAsyncResult        *result,
                                               GError             **error);

/* The account is active again (invited, where it never had a password); its credentials
 * stay revoked. NOT_FOUND for one that is not waiting. */
void         dyno_store_cancel_erasure_async  (DynoStore           *self,
                                               const char          *erasure_id,
                                               GCancellable        *cancellable,
                                               GAsyncReadyCallback  callback,
                                               gpointer             user_data);
DynoErasure *dyno_store_cancel_erasure_finish (DynoStore           *self,
                                               GAsyncResult        *result,
                                               GError             **error);

/* Newest first. (element-type DynoErasure) */
void         dyno_store_list_erasures_async   (DynoStore           *self,
                                               GCancellable        *cancellable,
                                               GAsyncReadyCallback  callback,
                                               gpointer             user_data);
GPtrArray   *dyno_store_list_erasures_finish  (DynoStore           *self,
                                               GAsyncResult        *result,
                                               GError             **error);

/* Does those whose time has come. Answers them. (element-type DynoErasure) */
void         dyno_store_purge_erasures_async  (DynoStore           *self,
                                               GCancellable        *cancellable,
                                               GAsyncReadyCallback  callback,
                                               gpointer             user_data);
GPtrArray   *dyno_store_purge_erasures_finish (DynoStore           *self,
                                               GAsyncResult        *result,
                                               GError             **error);

/* After a restore: these erasures (element-type DynoErasure, taken over) are done again
 * as far as they had come, every login session ends, and a new epoch begins for every
 * user. */
void         dyno_store_settle_async          (DynoStore           *self,
                                               GPtrArray           *erasures,
                                               GCancellable        *cancellable,
                                               GAsyncReadyCallback  callback,
                                               gpointer             user_data);
gboolean     dyno_store_settle_finish         (DynoStore           *self,
                                               GAsyncResult        *result,
                                               GError             **error);

/* What is kept of somebody in a table. */
typedef struct
{
  char   *name;
  guint   n_rows;
  GBytes *lines; /* (owned) a JSON object a row, each with a newline */
} DynoSubjectTable;

void         dyno_subject_table_free       (DynoSubjectTable     *self);

/* Every table that knows the person, also those without a row. NOT_FOUND.
 * (element-type DynoSubjectTable) */
void         dyno_store_read_subject_async    (DynoStore           *self,
                                               DynoSubjectKind      kind,
                                               const char          *subject_id,
                                               GCancellable        *cancellable,
                                               GAsyncReadyCallback  callback,
                                               gpointer             user_data);
GPtrArray   *dyno_store_read_subject_finish   (DynoStore           *self,
                                               GAsyncResult        *result,
                                               GError             **error);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (DynoErasure, dyno_erasure_free)
G_DEFINE_AUTOPTR_CLEANUP_FUNC (DynoSubjectTable, dyno_subject_table_free)

G_END_DECLS
