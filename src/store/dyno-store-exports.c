/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

#include "config.h"

#include "dyno-store-exports.h"

#include "dyno-crypt.h"
#include "dyno-store-private.h"

void
dyno_export_record_free (DynoExportRecord *self)
{
  if (self == NULL)
    return;

  g_free (self->id);
  g_free (self->subject_id);
  g_free (self->job_id);
  g_free (self->path);
  g_free (self->sha256);
  g_free (self->requested_by);
  g_free (self);
}

/* In the order of DYNO_SQL_EXPORT_GET. */
static gpointer
make_record (DynoStatement *row)
{
  DynoExportRecord *record = g_new0 (DynoExportRecord, 1);

  record->id = dyno_statement_dup_text (row, 0);
  dyno_subject_kind_find (dyno_statement_text (row, 1), &record->kind);
  record->subject_id = dyno_statement_dup_text (row, 2);
  record->job_id = dyno_statement_dup_text (row, 3);
  record->path = dyno_statement_dup_text (row, 4);
  record->bytes = dyno_statement_integer (row, 5);
  record->sha256 = dyno_statement_dup_text (row, 6);
  record->requested_by = dyno_statement_dup_text (row, 7);
  record->created_ms = dyno_statement_integer (row, 8);
  record->expires_ms = dyno_statement_integer (row, 9);

  return record;
}

static gpointer
get_export (DynoTurn      *turn,
            gconstpointer  id,
            GError       **error)
{
  DynoStatement *s = dyno_statement_begin (turn->db, DYNO_SQL_EXPORT_GET);

  dyno_statement_set_text (s, ":id", id);
  dyno_statement_set_integer (s, ":now", turn->now_ms);

  return dyno_statement_get (s, make_record, "There is no such export, or its time is over.",
                             error);
}

static const DynoVerb get_verb = { "get-export", get_export,
                                   (GDestroyNotify) dyno_export_record_free };

void
dyno_store_get_export_async (DynoStore           *self,
                             const char          *export_id,
                             GCancellable        *cancellable,
                             GAsyncReadyCallback  callback,
                             gpointer             user_data)
{
  dyno_store_read (self, &get_verb, g_strdup (export_id), g_free, cancellable, callback, user_data);
}

DynoExportRecord *
dyno_store_get_export_finish (DynoStore     *self,
                              GAsyncResult  *result,
                              GError       **error)
{
  return dyno_call_finish (result, &get_verb, error);
}

static gpointer
add_export (DynoTurn      *turn,
            gconstpointer  data,
            GError       **error)
{
  const DynoExportRecord *record = data;
  g_autofree char *id = dyno_crypt_new_id ("exp");
  DynoStatement *s = dyno_statement_begin (turn->db, DYNO_SQL_EXPORT_ADD);

  dyno_statement_set_text (s, ":id", id);
  dyno_statement_set_text (s, ":kind", dyno_subject_kind_name (record->kind));
  dyno_statement_set_text (s, ":subject_id", record->subject_id);
  dyno_statement_set_text (s, ":job_id", record->job_id);
  dyno_statement_set_text (s, ":path", record->path);
  dyno_statement_set_integer (s, ":bytes", record->bytes);
  dyno_statement_set_text (s, ":sha256", record->sha256);
  dyno_statement_set_text (s, ":requested_by", record->requested_by);
  dyno_statement_set_integer (s, ":now", turn->now_ms);
  dyno_statement_set_integer (s, ":expires_at", turn->now_ms + record->expires_ms);

  return dyno_statement_run (s, error) ? get_export (turn, id, error) : NULL;
}

static const DynoVerb add_verb = { "add-export", add_export,
                                   (GDestroyNotify) dyno_export_record_free };

void
dyno_store_add_export_async (DynoStore           *self,
                             DynoExportRecord    *record,
                             GCancellable        *cancellable,
                             GAsyncReadyCallback  callback,
                             gpointer             user_data)
{
  dyno_store_write (self, &add_verb, record, (GDestroyNotify) dyno_export_record_free, cancellable,
                    callback, user_data);
}

DynoExportRecord *
dyno_store_add_export_finish (DynoStore     *self,
                              GAsyncResult  *result,
                              GError       **error)
{
  return dyno_call_finish (result, &add_verb, error);
}

static gpointer
list_expired (DynoTurn      *turn,
              gconstpointer  unused,
              GError       **error)
{
  DynoStatement *s = dyno_statement_begin (turn->db, DYNO_SQL_EXPORT_OVER);

  dyno_statement_set_integer (s, ":now", turn->now_ms);

  return dyno_statement_list (s, make_record, (GDestroyNotify) dyno_export_record_free, error);
}

static const DynoVerb list_expired_verb = { "list-expired-exports", list_expired,
                                            (GDestroyNotify) g_ptr_array_unref };

void
dyno_store_list_expired_exports_async (DynoStore           *self,
                                       GCancellable        *cancellable,
                                       GAsyncReadyCallback  callback,
                                       gpointer             user_data)
{
  dyno_store_read (self, &list_expired_verb, NULL, NULL, cancellable, callback, user_data);
}

GPtrArray *
dyno_store_list_expired_exports_finish (DynoStore     *self,
                                        GAsyncResult  *result,
                                        GError       **error)
{
  return dyno_call_finish (result, &list_expired_verb, error);
}

static gpointer
drop_export (DynoTurn      *turn,
             gconstpointer  id,
             GError       **error)
{
  DynoStatement *s = dyno_statement_begin (turn->db, DYNO_SQL_EXPORT_REMOVE);

  dyno_statement_set_text (s, ":id", id);
  dyno_statement_set_integer (s, ":now", turn->now_ms);

  return dyno_statement_run (s, error) ? DYNO_VERB_DONE : NULL;
}

static const DynoVerb drop_verb = { "drop-export", drop_export, NULL };

void
dyno_store_drop_export_async (DynoStore           *self,
                              const char          *export_id,
                              GCancellable        *cancellable,
                              GAsyncReadyCallback  callback,
                              gpointer             user_data)
{
  dyno_store_write (self, &drop_verb, g_strdup (export_id), g_free, cancellable, callback,
                    user_data);
}

gboolean
dyno_store_drop_export_finish (DynoStore     *self,
                               GAsyncResult  *result,
                               GError       **error)
{
  return dyno_call_finish (result, &drop_verb, error) != NULL;
}
