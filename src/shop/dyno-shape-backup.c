/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

#include "config.h"

#include "dyno-shape-backup.h"

#include "dyno-shape-private.h"

void
dyno_shape_backup (DynoJsonWriter   *w,
                   const DynoBackup *backup)
{
  dyno_json_writer_begin_object (w);
  dyno_json_writer_add_string (w, "id", backup->id);
  dyno_shape_add_time_ms (w, "created_at", backup->created_ms);
  dyno_json_writer_add_integer (w, "size", backup->bytes);
  dyno_json_writer_add_string (w, "sha256", backup->sha256);
  dyno_json_writer_add_integer (w, "schema", backup->schema);
  dyno_shape_add_time_ms (w, "verified_at", backup->verified_ms);
  dyno_shape_add_time_ms (w, "drilled_at", backup->drilled_ms);
  dyno_json_writer_add_string (w, "error", backup->error);
  dyno_json_writer_end_object (w);
}

void
dyno_shape_erasure (DynoJsonWriter    *w,
                    const DynoErasure *erasure)
{
  dyno_json_writer_begin_object (w);
  dyno_json_writer_add_string (w, "receipt_id", erasure->receipt);
  dyno_json_writer_add_string (w, "subject_kind", dyno_subject_kind_name (erasure->kind));
  dyno_json_writer_add_string (w, "subject_id", erasure->subject_id);
  dyno_shape_add_time_ms (w, "requested_at", erasure->requested_ms);
  dyno_shape_add_time_ms (w, "purge_at", erasure->purge_ms);
  dyno_shape_add_time_ms (w, "purged_at", erasure->purged_ms);
  dyno_shape_add_time_ms (w, "cancelled_at", erasure->cancelled_ms);
  dyno_json_writer_end_object (w);
}

void
dyno_shape_export_record (DynoJsonWriter         *w,
                          const DynoExportRecord *record)
{
  dyno_json_writer_begin_object (w);
  dyno_json_writer_add_string (w, "id", record->id);
  dyno_shape_add_time_ms (w, "created_at", record->created_ms);
  dyno_shape_add_time_ms (w, "expires_at", record->expires_ms);
  dyno_json_writer_add_integer (w, "size", record->bytes);
  dyno_json_writer_add_string (w, "sha256", record->sha256);
  dyno_json_writer_end_object (w);
}

void
dyno_shape_retention (DynoJsonWriter            *w,
                      const DynoRetentionReport *report)
{
  const struct
  {
    const char *kind;
    guint64     n;
  } rows[] = {
    { "journals", report->n_journals }, { "trash", report->n_runs },
    { "strays", report->n_strays },     { "accounts", report->n_accounts },
    { "sessions", report->n_sessions }, { "idempotency", report->n_replies },
    { "jobs", report->n_jobs },         { "audit", report->n_audit_rows },
    { "exports", report->n_exports },
  };

  dyno_json_writer_begin_object (w);
  dyno_json_writer_name (w, "counts");
  dyno_json_writer_begin_object (w);
  for (guint i = 0; i < G_N_ELEMENTS (rows); i++)
    dyno_json_writer_add_integer (w, rows[i].kind, (gint64) rows[i].n);
  dyno_json_writer_end_object (w);
  dyno_json_writer_add_integer (w, "bytes", (gint64) report->bytes);
  dyno_json_writer_end_object (w);
}
