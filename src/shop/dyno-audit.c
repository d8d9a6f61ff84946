/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

#include "config.h"

#include "dyno-audit.h"

#include <string.h>

#include "dyno-audit-private.h"
#include "dyno-shop-private.h"

#define MOST_ROWS 201 /* a page, and the row that says there is another */
#define USUAL_ROWS 50

static const struct
{
  const char       *name;
  const char       *action;
  DynoAuditSeverity severity;
  gboolean          is_failure;
} events[DYNO_N_AUDIT_EVENTS] = {
  [DYNO_AUDIT_AUTH_LOGIN_FAILURE] = { "auth.login.failure", "login", DYNO_AUDIT_WARNING, TRUE },
  [DYNO_AUDIT_AUTH_LOGIN_SUCCESS] = { "auth.login.success", "login", DYNO_AUDIT_INFO },
  [DYNO_AUDIT_AUTH_LOGOUT] = { "auth.logout", "logout", DYNO_AUDIT_INFO },
  [DYNO_AUDIT_AUTH_PAIR] = { "auth.pair", "pair", DYNO_AUDIT_INFO },
  [DYNO_AUDIT_AUTH_PASSWORD_CHANGED] = { "auth.password_changed", "update", DYNO_AUDIT_INFO },
  [DYNO_AUDIT_AUTH_REFRESH_REUSE] = { "auth.refresh_reuse", "refresh", DYNO_AUDIT_CRITICAL, TRUE },
  [DYNO_AUDIT_AUTHZ_DENIED] = { "authz.denied", "deny", DYNO_AUDIT_WARNING, TRUE },
  [DYNO_AUDIT_BACKUP_DELETED] = { "backup.deleted", "delete", DYNO_AUDIT_WARNING },
  [DYNO_AUDIT_BACKUP_MADE] = { "backup.made", "create", DYNO_AUDIT_INFO },
  [DYNO_AUDIT_BACKUP_RESTORED] = { "backup.restored", "restore", DYNO_AUDIT_CRITICAL },
  [DYNO_AUDIT_BACKUP_VERIFIED] = { "backup.verified", "verify", DYNO_AUDIT_INFO },
  [DYNO_AUDIT_CAPTURE_OVERRIDE] = { "capture.override", "override", DYNO_AUDIT_WARNING },
  [DYNO_AUDIT_CAPTURE_STARTED] = { "capture.started", "start", DYNO_AUDIT_INFO },
  [DYNO_AUDIT_CAPTURE_STOPPED] = { "capture.stopped", "stop", DYNO_AUDIT_INFO },
  [DYNO_AUDIT_CIRCUIT_RESET] = { "circuit.reset", "reset", DYNO_AUDIT_INFO },
  [DYNO_AUDIT_DATA_ERASED] = { "data.erased", "erase", DYNO_AUDIT_WARNING },
  [DYNO_AUDIT_DATA_EXPORTED] = { "data.exported", "export", DYNO_AUDIT_INFO },
  [DYNO_AUDIT_DATA_READ_PERSONAL] = { "data.read.personal", "read", DYNO_AUDIT_INFO },
  [DYNO_AUDIT_KEY_CHANGED] = { "key.changed", "update", DYNO_AUDIT_INFO },
  [DYNO_AUDIT_KEY_CREATED] = { "key.created", "create", DYNO_AUDIT_INFO },
  [DYNO_AUDIT_KEY_DENIALS] = { "key.denials", "deny", DYNO_AUDIT_WARNING, TRUE },
  [DYNO_AUDIT_KEY_EXPIRES] = { "key.expires", "expire", DYNO_AUDIT_INFO },
  [DYNO_AUDIT_KEY_FIRST_USE] = { "key.first_use", "use", DYNO_AUDIT_INFO },
  [DYNO_AUDIT_KEY_REVOKED] = { "key.revoked", "revoke", DYNO_AUDIT_INFO },
  [DYNO_AUDIT_KEY_ROTATED] = { "key.rotated", "rotate", DYNO_AUDIT_INFO },
  [DYNO_AUDIT_PRIVACY_RETENTION] = { "privacy.retention", "delete", DYNO_AUDIT_INFO },
  [DYNO_AUDIT_PROVIDER_CALLED] = { "provider.called", "call", DYNO_AUDIT_INFO },
  [DYNO_AUDIT_RUN_DELETED] = { "run.deleted", "delete", DYNO_AUDIT_INFO },
  [DYNO_AUDIT_RUN_EXPORTED] = { "run.exported", "export", DYNO_AUDIT_INFO },
  [DYNO_AUDIT_RUN_RESTORED] = { "run.restored", "restore", DYNO_AUDIT_INFO },
  [DYNO_AUDIT_SETTINGS_CHANGED] = { "settings.changed", "update", DYNO_AUDIT_INFO },
  [DYNO_AUDIT_TABLE_APPLIED] = { "table.applied", "apply", DYNO_AUDIT_INFO },
  [DYNO_AUDIT_TABLE_EXPORTED] = { "table.exported", "export", DYNO_AUDIT_INFO },
  [DYNO_AUDIT_TABLE_IMPORTED] = { "table.imported", "import", DYNO_AUDIT_INFO },
  [DYNO_AUDIT_TABLE_MERGED] = { "table.merged", "merge", DYNO_AUDIT_INFO },
  [DYNO_AUDIT_TABLE_ROLLED_BACK] = { "table.rolled_back", "rollback", DYNO_AUDIT_INFO },
  [DYNO_AUDIT_USER_CHANGED] = { "user.changed", "update", DYNO_AUDIT_INFO },
  [DYNO_AUDIT_USER_CREATED] = { "user.created", "create", DYNO_AUDIT_INFO },
  [DYNO_AUDIT_USER_DISABLED] = { "user.disabled", "disable", DYNO_AUDIT_WARNING },
  [DYNO_AUDIT_USER_ERASED] = { "user.erased", "erase", DYNO_AUDIT_WARNING },
  [DYNO_AUDIT_USER_INVITED] = { "user.invited", "invite", DYNO_AUDIT_INFO },
  [DYNO_AUDIT_USER_RESET_CODE] = { "user.reset_code", "create", DYNO_AUDIT_INFO },
};

const char *
dyno_audit_event_name (DynoAuditEvent event)
{
  g_return_val_if_fail (event < DYNO_N_AUDIT_EVENTS, "");

  return events[event].name;
}

/* Within operations */

static DynoReplyRecord *
new_mark (const DynoAsker *asker,
          const char      *resource_id)
{
  DynoReplyRecord *mark = g_new0 (DynoReplyRecord, 1);

  mark->principal = g_strdup (dyno_principal_id (asker->principal));
  mark->method = g_strdup (asker->once_method);
  mark->route = g_strdup (asker->once_route);
  mark->key = g_strdup (asker->once_key);
  memcpy (mark->fingerprint, asker->once_sum, sizeof mark->fingerprint);
  mark->resource_id = g_strdup (resource_id);

  return mark;
}

DynoRider *
dyno_audit_new_rider (const DynoErrand *errand,
                      const char       *resource_id)
{
  g_autoptr(GBytes) key = dyno_vault_peek_key (errand->shop->vault, DYNO_VAULT_AUDIT);
  DynoRider *rider = dyno_rider_new (key);

  if (errand->asker->once_key != NULL)
    dyno_rider_set_reply (rider, new_mark (errand->asker, resource_id), NULL, NULL, NULL);

  return rider;
}

void
dyno_audit_add (const DynoErrand *errand,
                DynoRider        *rider,
                DynoAuditEvent    event,
                const char       *resource_type,
                const char       *resource_id,
                const char       *details)
{
  const DynoPrincipal *principal = errand->asker->principal;
  DynoAuditRecord *record = g_new0 (DynoAuditRecord, 1);

  record->event = g_strdup (events[event].name);
  record->severity = events[event].severity;
  record->action = g_strdup (events[event].action);
  record->is_success = !events[event].is_failure;
  record->actor = g_strdup (principal->user_id);
  record->actor_kind = g_strdup (dyno_principal_kind_name (principal->kind));
  record->key_id = g_strdup (principal->key_id);
  record->sid = g_strdup (principal->sid);
  record->ip = g_strdup (errand->asker->ip);
  record->correlation_id = g_strdup (errand->asker->correlation_id);
  record->resource_type = g_strdup (resource_type);
  record->resource_id = g_strdup (resource_id);
  record->details = g_strdup (details);
  dyno_rider_add_audit (rider, record);
}

void
dyno_audit_carry (const DynoErrand *errand,
                  DynoAuditEvent    event,
                  const char       *resource_type,
                  const char       *resource_id,
                  const char       *details)
{
  DynoRider *rider = dyno_audit_new_rider (errand, resource_id);

  dyno_audit_add (errand, rider, event, resource_type, resource_id, details);
  dyno_store_carry (errand->shop->store, rider);
}

/* Rows alone */

typedef struct
{
  DynoAuditEvent event;
  char          *resource_type; /* (owned) (nullable) */
  char          *resource_id;   /* (owned) (nullable) */
  char          *details;       /* (owned) (nullable) */
} Telling;

static void
telling_free (gpointer data)
{
  Telling *telling = data;

  g_free (telling->resource_type);
  g_free (telling->resource_id);
  g_free (telling->details);
  g_free (telling);
}

static gpointer
tell (const DynoErrand *errand,
      gpointer          data,
      GError          **error)
{
  const Telling *telling = data;
  DynoStore *store = errand->shop->store;
  g_autoptr(GBytes) key = dyno_vault_peek_key (errand->shop->vault, DYNO_VAULT_AUDIT);
  DynoRider *rider = dyno_rider_new (key); /* without a mark: it is no effect of a request */

  dyno_audit_add (errand, rider, telling->event, telling->resource_type, telling->resource_id,
                  telling->details);
  dyno_store_send_rider_async (store, rider, NULL, dyno_await_cb, errand->await);

  return dyno_store_send_rider_finish (store, dyno_await_wait (errand->await), error)
           ? DYNO_OPERATION_DONE : NULL;
}

static const DynoOperation tell_operation = { "audit-tell", tell, NULL, TRUE, TRUE };

void
dyno_audit_tell_async (DynoShop            *shop,
                       DynoAuditEvent       event,
                       const char          *resource_type,
                       const char          *resource_id,
                       const char          *details,
                       GCancellable        *cancellable,
                       GAsyncReadyCallback  callback,
                       gpointer             user_data)
{
  Telling *telling = g_new0 (Telling, 1);

  telling->event = event;
  telling->resource_type = g_strdup (resource_type);
  telling->resource_id = g_strdup (resource_id);
  telling->details = g_strdup (details);
  dyno_operation_start (shop, &tell_operation, telling, telling_free, cancellable, callback,
                        user_data);
}

gboolean
dyno_audit_tell_finish (GAsyncResult *result,
                        GError      **error)
{
  return dyno_operation_finish (result, &tell_operation, error) != NULL;
}

/* Reading */

static gpointer
list (const DynoErrand *errand,
      gpointer          data,
      GError          **error)
{
  DynoStore *store = errand->shop->store;
  const DynoAuditQuery *asked = data;
  DynoAuditQuery *query = g_memdup2 (asked, sizeof *asked);

  query->event = g_strdup (asked->event);
  query->actor = g_strdup (asked->actor);
  query->resource = g_strdup (asked->resource);
  query->limit = asked->limit == 0 ? USUAL_ROWS : MIN (asked->limit, MOST_ROWS);
  dyno_store_list_audit_async (store, query, errand->cancellable, dyno_await_cb, errand->await);

  return dyno_store_list_audit_finish (store, dyno_await_wait (errand->await), error);
}

static const DynoOperation list_operation = { "audit-list", list,
                                              (GDestroyNotify) g_ptr_array_unref, TRUE, FALSE };

void
dyno_audit_list_async (DynoShop            *shop,
                       DynoAuditQuery      *query,
                       GCancellable        *cancellable,
                       GAsyncReadyCallback  callback,
                       gpointer             user_data)
{
  dyno_operation_start (shop, &list_operation, query, (GDestroyNotify) dyno_audit_query_free,
                        cancellable, callback, user_data);
}

GPtrArray *
dyno_audit_list_finish (GAsyncResult *result,
                        GError      **error)
{
  return dyno_operation_finish (result, &list_operation, error);
}

static gpointer
verify (const DynoErrand *errand,
        gpointer          unused,
        GError          **error)
{
  DynoStore *store = errand->shop->store;
  g_autoptr(GBytes) key = dyno_vault_ref_key (errand->shop, DYNO_VAULT_AUDIT, error);

  if (key == NULL)
    return NULL;
  dyno_store_verify_audit_async (store, key, errand->cancellable, dyno_await_cb, errand->await);

  return dyno_store_verify_audit_finish (store, dyno_await_wait (errand->await), error);
}

static const DynoOperation verify_operation = { "audit-verify", verify,
                                                (GDestroyNotify) dyno_audit_verdict_free, TRUE,
                                                FALSE };

void
dyno_audit_verify_async (DynoShop            *shop,
                         GCancellable        *cancellable,
                         GAsyncReadyCallback  callback,
                         gpointer             user_data)
{
  dyno_operation_start (shop, &verify_operation, NULL, NULL, cancellable, callback, user_data);
}

DynoAuditVerdict *
dyno_audit_verify_finish (GAsyncResult *result,
                          GError      **error)
{
  return dyno_operation_finish (result, &verify_operation, error);
}
