/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

#include "config.h"

#include "dyno-store-audit.h"

#include "dyno-store-audit-private.h"
#include "dyno-store-private.h"

static const char *const severity_names[] = { "info", "warning", "critical" };

const char *
dyno_audit_severity_name (DynoAuditSeverity severity)
{
  g_return_val_if_fail (severity < G_N_ELEMENTS (severity_names), NULL);

  return severity_names[severity];
}

static DynoAuditSeverity
find_severity (const char *name)
{
  for (guint i = 0; i < G_N_ELEMENTS (severity_names); i++)
    {
      if (g_strcmp0 (severity_names[i], name) == 0)
        return (DynoAuditSeverity) i;
    }

  return DYNO_AUDIT_CRITICAL;
}

void
dyno_audit_record_free (DynoAuditRecord *self)
{
  if (self == NULL)
    return;

  g_free (self->event);
  g_free (self->actor);
  g_free (self->actor_kind);
  g_free (self->key_id);
  g_free (self->sid);
  g_free (self->ip);
  g_free (self->correlation_id);
  g_free (self->resource_type);
  g_free (self->resource_id);
  g_free (self->action);
  g_free (self->details);
  g_free (self);
}

void
dyno_audit_query_free (DynoAuditQuery *self)
{
  if (self == NULL)
    return;

  g_free (self->event);
  g_free (self->actor);
  g_free (self->resource);
  g_free (self);
}

gboolean
dyno_audit_rows_add (DynoTurn              *turn,
                     const DynoAuditRecord *record,
                     GError               **error)
{
  DynoStatement *s = dyno_statement_begin (turn->db, DYNO_SQL_AUDIT_ADD);

  dyno_statement_set_integer (s, ":now", turn->now_ms);
  dyno_statement_set_text (s, ":event", record->event);
  dyno_statement_set_text (s, ":severity", severity_names[record->severity]);
  dyno_statement_set_text (s, ":actor", record->actor);
  dyno_statement_set_text (s, ":actor_kind", record->actor_kind);
  dyno_statement_set_text (s, ":key_id", record->key_id);
  dyno_statement_set_text (s, ":sid", record->sid);
  dyno_statement_set_text (s, ":ip", record->ip);
  dyno_statement_set_text (s, ":correlation_id", record->correlation_id);
  dyno_statement_set_text (s, ":resource_type", record->resource_type);
  dyno_statement_set_text (s, ":resource_id", record->resource_id);
  dyno_statement_set_text (s, ":action", record->action);
  dyno_statement_set_integer (s, ":success", record->is_success ? 1 : 0);
  if (record->status != 0)
    dyno_statement_set_integer (s, ":status", record->status);
  dyno_statement_set_text (s, ":details", record->details != NULL ? record->details : "{}");

  return dyno_statement_run (s, error);
}

static gpointer
make_record (DynoStatement *row)
{
  DynoAuditRecord *record = g_new0 (DynoAuditRecord, 1);
  int i = 0;

  record->seq = dyno_statement_integer (row, i++);
  record->at_ms = dyno_statement_integer (row, i++);
  record->event = dyno_statement_dup_text (row, i++);
  record->severity = find_severity (dyno_statement_text (row, i++));
  record->actor = dyno_statement_dup_text (row, i++);
  record->actor_kind = dyno_statement_dup_text (row, i++);
  record->key_id = dyno_statement_dup_text (row, i++);
  record->sid = dyno_statement_dup_text (row, i++);
  record->ip = dyno_statement_dup_text (row, i++);
  record->correlation_id = dyno_statement_dup_text (row, i++);
  record->resource_type = dyno_statement_dup_text (row, i++);
  record->resource_id = dyno_statement_dup_text (row, i++);
  record->action = dyno_statement_dup_text (row, i++);
  record->is_success = dyno_statement_integer (row, i++) != 0;
  record->status = (int) dyno_statement_integer (row, i++);
  record->details = dyno_statement_dup_text (row, i++);
  record->is_chained = !dyno_statement_is_null (row, i);

  return record;
}

static gpointer
list_audit (DynoTurn     *turn,
            gconstpointer data,
            GError      **error)
{
  const DynoAuditQuery *query = data;
  DynoStatement *s = dyno_statement_begin (turn->db, DYNO_SQL_AUDIT_LIST);

  dyno_statement_set_text (s, ":event", query->event);
  dyno_statement_set_text (s, ":actor", query->actor);
  dyno_statement_set_text (s, ":resource", query->resource);
  dyno_statement_set_integer (s, ":success", query->success);
  dyno_statement_set_integer (s, ":from", query->from_ms);
  dyno_statement_set_integer (s, ":to", query->to_ms);
  dyno_statement_set_integer (s, ":before", query->before_seq);
  dyno_statement_set_integer (s, ":limit", query->limit);

  return dyno_statement_list (s, make_record, (GDestroyNotify) dyno_audit_record_free, error);
}

static const DynoVerb list_audit_verb = { "list-audit", list_audit,
                                          (GDestroyNotify) g_ptr_array_unref };

void
dyno_store_list_audit_async (DynoStore          *self,
                             DynoAuditQuery     *query,
                             GCancellable       *cancellable,
                             GAsyncReadyCallback callback,
                             gpointer            user_data)
{
  dyno_store_read (self, &list_audit_verb, query, (GDestroyNotify) dyno_audit_query_free,
                   cancellable, callback, user_data);
}

GPtrArray *
dyno_store_list_audit_finish (DynoStore    *self,
                              GAsyncResult *result,
                              GError      **error)
{
  return dyno_call_finish (result, &list_audit_verb, error);
}
