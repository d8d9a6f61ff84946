/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

/* Who did what, for ever: rows that are only ever appended, each chained to the one
 * before,
 *
 *   hash(n) = HMAC-SHA-256 (key, hash(n−1) ‖ row),   hash(0) = 32 zero bytes,
 *
 * where row is its columns in their order as a JSON array without blanks. Without
 * the key a row waits unhashed; the next one that comes with the key, or
 * dyno_store_chain_audit_async (), chains what waits, in its order.
 *
 * Rows go with the write that they tell of: dyno-rider.h. */

typedef struct _DynoStore DynoStore;

#define DYNO_AUDIT_HASH_SIZE 32
/* The row in the place of those that were pruned. */
#define DYNO_AUDIT_ANCHOR "audit.anchor"

typedef enum
{
  DYNO_AUDIT_INFO,
  DYNO_AUDIT_WARNING,
  DYNO_AUDIT_CRITICAL,
} DynoAuditSeverity;

typedef struct
{
  gint64            seq;            /* 1, 2, 3, …; given by the store */
  gint64            at_ms;          /* given by the store */
  char             *event;          /* "key.created" */
  DynoAuditSeverity severity;
  char             *actor;          /* usr_…, "local:owner", an address, … */
  char             *actor_kind;     /* "owner", "user", "key", "address", … */
  char             *key_id;         /* (nullable) */
  char             *sid;            /* (nullable) */
  char             *ip;             /* (nullable) */
  char             *correlation_id; /* (nullable) */
  char             *resource_type;  /* (nullable) "run" */
  char             *resource_id;    /* (nullable) */
  char             *action;         /* "create", "delete", … */
  gboolean          is_success;
  int               status;         /* HTTP; 0: none */
  char             *details;        /* (nullable) a JSON object; nothing secret */
  gboolean          is_chained;     /* answered only */
} DynoAuditRecord;

/* Every member filters where it is set. */
typedef struct
{
  char  *event;       /* (nullable) */
  char  *actor;       /* (nullable) */
  char  *resource;    /* (nullable) a type or an id */
  int    success;     /* -1: either; 0, 1 */
  gint64 from_ms;     /* 0: any; from then on */
  gint64 to_ms;       /* 0: any; before then */
  gint64 before_seq;  /* 0: from the newest */
  guint  limit;
} DynoAuditQuery;

typedef struct
{
  gboolean is_good;
  guint64  n_rows;
  gint64   first_seq;
  gint64   last_seq;
  gint64   first_bad_seq; /* 0: none; a row that was changed or is missing */
  guint64  n_waiting;     /* not chained yet */
  char    *head;          /* hash of the last row that is chained, hexadecimal */
} DynoAuditVerdict;

void              dyno_audit_record_free         (DynoAuditRecord      *self);
void              dyno_audit_query_free          (DynoAuditQuery       *self);
void              dyno_audit_verdict_free        (DynoAuditVerdict     *self);
const char       *dyno_audit_severity_name       (DynoAuditSeverity     severity);

/* Newest first. `query` is taken over. (element-type DynoAuditRecord) */
void              dyno_store_list_audit_async    (DynoStore            *self,
                                                  DynoAuditQuery       *query,
                                                  GCancellable         *cancellable,
                                                  GAsyncReadyCallback   callback,
                                                  gpointer              user_data);
GPtrArray        *dyno_store_list_audit_finish   (DynoStore            *self,
                                                  GAsyncResult         *result,
                                                  GError              **error);

/* Every row from the oldest to the newest. */
void              dyno_store_verify_audit_async  (DynoStore            *self,
                                                  GBytes               *key,
                                                  GCancellable         *cancellable,
                                                  GAsyncReadyCallback   callback,
                                                  gpointer              user_data);
DynoAuditVerdict *dyno_store_verify_audit_finish (DynoStore            *self,
                                                  GAsyncResult         *result,
                                                  GError              **error);

/* Chains the rows that wait. */
void              dyno_store_chain_audit_async   (DynoStore            *self,
                                                  GBytes               *key,
                                                  GCancellable         *cancellable,
                                                  GAsyncReadyCallback   callback,
                                                  gpointer              user_data);
gboolean          dyno_store_chain_audit_finish  (DynoStore            *self,
                                                  GAsyncResult         *result,
                                                  GError              **error);

/* Removes the rows from before that time, but the newest; an anchor in the place of
 * the last of them carries its hash on. Answers how many went; -1: error. */
void              dyno_store_prune_audit_async   (DynoStore            *self,
                                                  GBytes               *key,
                                                  gint64                before_ms,
                                                  GCancellable         *cancellable,
                                                  GAsyncReadyCallback   callback,
                                                  gpointer              user_data);
gint64            dyno_store_prune_audit_finish  (DynoStore            *self,
                                                  GAsyncResult         *result,
                                                  GError              **error);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (DynoAuditRecord, dyno_audit_record_free)
G_DEFINE_AUTOPTR_CLEANUP_FUNC (DynoAuditQuery, dyno_audit_query_free)
G_DEFINE_AUTOPTR_CLEANUP_FUNC (DynoAuditVerdict, dyno_audit_verdict_free)

G_END_DECLS
