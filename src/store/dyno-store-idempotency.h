/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

/* Replies that are kept for a day, so that a request that is sent twice has its
 * effect once. One is kept in the transaction of the effect: dyno-rider.h. */

typedef struct _DynoStore DynoStore;

#define DYNO_REPLY_FINGERPRINT_SIZE 32
#define DYNO_REPLY_MOST_BYTES       65536
#define DYNO_REPLY_KEPT_MS          (24 * G_GINT64_CONSTANT (3600000))

typedef struct
{
  char   *principal;   /* usr_… or key_… */
  char   *method;      /* "POST" */
  char   *route;       /* the template */
  char   *key;         /* as the asker named it */
  guint8  fingerprint[DYNO_REPLY_FINGERPRINT_SIZE]; /* SHA-256 of the request's body */
  int     status;
  char   *headers;     /* (nullable) a JSON object */
  GBytes *body;        /* (nullable) NULL: it is not told twice */
  char   *resource_id; /* (nullable) what was made */
  gint64  created_ms;  /* given by the store */
} DynoReplyRecord;

DynoReplyRecord *dyno_reply_record_copy           (const DynoReplyRecord *self);
void             dyno_reply_record_free           (DynoReplyRecord       *self);

/* The reply to a request of that principal, method, route and key. NOT_FOUND, also
 * when it is older than a day. */
void             dyno_store_get_reply_async       (DynoStore             *self,
                                                   const char            *principal,
                                                   const char            *method,
                                                   const char            *route,
                                                   const char            *key,
                                                   GCancellable          *cancellable,
                                                   GAsyncReadyCallback    callback,
                                                   gpointer               user_data);
DynoReplyRecord *dyno_store_get_reply_finish      (DynoStore             *self,
                                                   GAsyncResult          *result,
                                                   GError               **error);

/* Status, headers and body of a reply that is kept without them (status 0); one that
 * is not there is no error. `reply` is taken over. */
void             dyno_store_complete_reply_async  (DynoStore             *self,
                                                   DynoReplyRecord       *reply,
                                                   GCancellable          *cancellable,
                                                   GAsyncReadyCallback    callback,
                                                   gpointer               user_data);
gboolean         dyno_store_complete_reply_finish (DynoStore             *self,
                                                   GAsyncResult          *result,
                                                   GError               **error);

/* Forgets what is older than a day. */
void             dyno_store_purge_replies_async   (DynoStore             *self,
                                                   GCancellable          *cancellable,
                                                   GAsyncReadyCallback    callback,
                                                   gpointer               user_data);
gboolean         dyno_store_purge_replies_finish  (DynoStore             *self,
                                                   GAsyncResult          *result,
                                                   GError               **error);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (DynoReplyRecord, dyno_reply_record_free)

G_END_DECLS
