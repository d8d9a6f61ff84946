/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

#pragma once

#include <gio/gio.h>

#include "dyno-store.h"

G_BEGIN_DECLS

/* The audit as faces see it: who did what (DynoAuditRecord, DynoAuditQuery and
 * DynoAuditVerdict are the store's), and what was refused. */

typedef struct _DynoShop DynoShop;

typedef enum
{
  DYNO_AUDIT_AUTH_LOGIN_FAILURE,
  DYNO_AUDIT_AUTH_LOGIN_SUCCESS,
  DYNO_AUDIT_AUTH_LOGOUT,
  DYNO_AUDIT_AUTH_PAIR,
  DYNO_AUDIT_AUTH_PASSWORD_CHANGED,
  DYNO_AUDIT_AUTH_REFRESH_REUSE,
  DYNO_AUDIT_AUTHZ_DENIED,
  DYNO_AUDIT_BACKUP_DELETED,
  DYNO_AUDIT_BACKUP_MADE,
  DYNO_AUDIT_BACKUP_RESTORED,
  DYNO_AUDIT_BACKUP_VERIFIED,
  DYNO_AUDIT_CAPTURE_OVERRIDE,
  DYNO_AUDIT_CAPTURE_STARTED,
  DYNO_AUDIT_CAPTURE_STOPPED,
  DYNO_AUDIT_CIRCUIT_RESET,
  DYNO_AUDIT_DATA_ERASED,
  DYNO_AUDIT_DATA_EXPORTED,
  DYNO_AUDIT_DATA_READ_PERSONAL,
  DYNO_AUDIT_KEY_CHANGED,
  DYNO_AUDIT_KEY_CREATED,
  DYNO_AUDIT_KEY_DENIALS,
  DYNO_AUDIT_KEY_EXPIRES,
  DYNO_AUDIT_KEY_FIRST_USE,
  DYNO_AUDIT_KEY_REVOKED,
  DYNO_AUDIT_KEY_ROTATED,
  DYNO_AUDIT_PRIVACY_RETENTION,
  DYNO_AUDIT_PROVIDER_CALLED,
  DYNO_AUDIT_RUN_DELETED,
  DYNO_AUDIT_RUN_EXPORTED,
  DYNO_AUDIT_RUN_RESTORED,
  DYNO_AUDIT_SETTINGS_CHANGED,
  DYNO_AUDIT_TABLE_APPLIED,
  DYNO_AUDIT_TABLE_EXPORTED,
  DYNO_AUDIT_TABLE_IMPORTED,
  DYNO_AUDIT_TABLE_MERGED,
  DYNO_AUDIT_TABLE_ROLLED_BACK,
  DYNO_AUDIT_USER_CHANGED,
  DYNO_AUDIT_USER_CREATED,
  DYNO_AUDIT_USER_DISABLED,
  DYNO_AUDIT_USER_ERASED,
  DYNO_AUDIT_USER_INVITED,
  DYNO_AUDIT_USER_RESET_CODE,
  DYNO_N_AUDIT_EVENTS
} DynoAuditEvent;

/* "key.created"; never NULL. */
const char       *dyno_audit_event_name    (DynoAuditEvent        event);

/* Something that changes nothing in the store, by the thread's asker; `details`
 * (nullable) is a JSON object without secrets. The answer may be ignored. */
void              dyno_audit_tell_async    (DynoShop             *shop,
                                            DynoAuditEvent        event,
                                            const char           *resource_type,
                                            const char           *resource_id,
                                            const char           *details,
                                            GCancellable         *cancellable,
                                            GAsyncReadyCallback   callback,
                                            gpointer              user_data);
gboolean          dyno_audit_tell_finish   (GAsyncResult         *result,
                                            GError              **error);

/* A request that was refused, of the thread's asker, or, without a credential that
 * is known, of an address. Counted by actor, route (the template) and minute, and
 * told as one row when the minute is over. Never blocks. */
void              dyno_audit_deny          (DynoShop             *shop,
                                            const char           *route,
                                            int                   status);
void              dyno_audit_deny_address  (DynoShop             *shop,
                                            const char           *address,
                                            const char           *route,
                                            int                   status);

/* Newest first, at most `limit` of them (0: 50, most 201); the last one's `seq` is
 * `before_seq` of the next page. `query` is taken over. (element-type
 * DynoAuditRecord) */
void              dyno_audit_list_async    (DynoShop             *shop,
                                            DynoAuditQuery       *query,
                                            GCancellable         *cancellable,
                                            GAsyncReadyCallback   callback,
                                            gpointer              user_data);
GPtrArray        *dyno_audit_list_finish   (GAsyncResult         *result,
                                            GError              **error);

/* Every row. Errors of dyno_vault_ref_key (). */
void              dyno_audit_verify_async  (DynoShop             *shop,
                                            GCancellable         *cancellable,
                                            GAsyncReadyCallback   callback,
                                            gpointer              user_data);
DynoAuditVerdict *dyno_audit_verify_finish (GAsyncResult         *result,
                                            GError              **error);

G_END_DECLS
