/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

#include "config.h"

#include "dyno-shape-key.h"

#include "dyno-shape-private.h"

/* 0: there is none. */
static void
add_time (DynoJsonWriter *w,
          const char     *name,
          gint64          ms)
{
  if (ms != 0)
    {
      dyno_shape_add_time_ms (w, name, ms);
      return;
    }
  dyno_json_writer_name (w, name);
  dyno_json_writer_null (w);
}

void
dyno_shape_key (DynoJsonWriter      *w,
                const DynoKeyRecord *key)
{
  dyno_json_writer_begin_object (w);
  dyno_json_writer_add_string (w, "id", key->id);
  dyno_json_writer_add_string (w, "name", key->name);
  dyno_json_writer_add_string (w, "display", key->display);
  dyno_json_writer_add_string (w, "user_id", key->user_id);
  dyno_shape_add_json (w, "scopes", key->scopes);
  dyno_shape_add_json (w, "cidrs", key->cidrs);
  dyno_json_writer_add_integer (w, "rate_limit_per_minute", key->per_minute);
  dyno_json_writer_add_integer (w, "rate_limit_per_day", key->per_day);
  add_time (w, "created_at", key->created_ms);
  add_time (w, "expires_at", key->expires_ms);
  add_time (w, "revoked_at", key->revoked_ms);
  add_time (w, "last_used_at", key->last_used_ms);
  dyno_json_writer_add_integer (w, "total_requests", key->n_requests);
  dyno_json_writer_add_integer (w, "denied_requests", key->n_denied);
  dyno_json_writer_add_integer (w, "version", key->revision);
  dyno_json_writer_end_object (w);
}

void
dyno_shape_key_made (DynoJsonWriter    *w,
                     const DynoKeyMade *made)
{
  dyno_json_writer_begin_object (w);
  dyno_json_writer_add_string (w, "key", made->text);
  dyno_json_writer_add_string (w, "message",
                               "Store this key securely. It is not shown again.");
  dyno_json_writer_name (w, "key_info");
  dyno_shape_key (w, made->record);
  dyno_json_writer_end_object (w);
}

void
dyno_shape_audit (DynoJsonWriter        *w,
                  const DynoAuditRecord *record)
{
  dyno_json_writer_begin_object (w);
  dyno_json_writer_add_integer (w, "seq", record->seq);
  add_time (w, "at", record->at_ms);
  dyno_json_writer_add_string (w, "event", record->event);
  dyno_json_writer_add_string (w, "severity", dyno_audit_severity_name (record->severity));
  dyno_json_writer_add_string (w, "actor", record->actor);
  dyno_json_writer_add_string (w, "actor_kind", record->actor_kind);
  dyno_json_writer_add_string (w, "key_id", record->key_id);
  dyno_json_writer_add_string (w, "sid", record->sid);
  dyno_json_writer_add_string (w, "ip", record->ip);
  dyno_json_writer_add_string (w, "correlation_id", record->correlation_id);
  dyno_json_writer_add_string (w, "resource_type", record->resource_type);
  dyno_json_writer_add_string (w, "resource_id", record->resource_id);
  dyno_json_writer_add_string (w, "action", record->action);
  dyno_json_writer_add_boolean (w, "success", record->is_success);
  dyno_json_writer_name (w, "status");
  if (record->status != 0)
    dyno_json_writer_integer (w, record->status);
  else
    dyno_json_writer_null (w);
  dyno_shape_add_json (w, "details", record->details);
  dyno_json_writer_end_object (w);
}

void
dyno_shape_audit_verdict (DynoJsonWriter         *w,
                          const DynoAuditVerdict *verdict)
{
  dyno_json_writer_begin_object (w);
  dyno_json_writer_add_boolean (w, "ok", verdict->is_good);
  dyno_json_writer_add_integer (w, "rows", (gint64) verdict->n_rows);
  dyno_json_writer_add_integer (w, "first_seq", verdict->first_seq);
  dyno_json_writer_add_integer (w, "last_seq", verdict->last_seq);
  dyno_json_writer_add_string (w, "head", verdict->head);
  if (verdict->first_bad_seq != 0)
    dyno_json_writer_add_integer (w, "first_bad_seq", verdict->first_bad_seq);
  dyno_json_writer_end_object (w);
}
