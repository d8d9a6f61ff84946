/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

#include "config.h"

#include "dyno-store-idempotency.h"

#include <string.h>

#include "dyno-store-idempotency-private.h"
#include "dyno-store-private.h"

DynoReplyRecord *
dyno_reply_record_copy (const DynoReplyRecord *self)
{
  DynoReplyRecord *copy = g_memdup2 (self, sizeof *self);

  copy->principal = g_strdup (self->principal);
  copy->method = g_strdup (self->method);
  copy->route = g_strdup (self->route);
  copy->key = g_strdup (self->key);
  copy->headers = g_strdup (self->headers);
  copy->body = self->body != NULL ? g_bytes_ref (self->body) : NULL;
  copy->resource_id = g_strdup (self->resource_id);

  return copy;
}

void
dyno_reply_record_free (DynoReplyRecord *self)
{
  if (self == NULL)
    return;

  g_free (self->principal);
  g_free (self->method);
  g_free (self->route);
  g_free (self->key);
  g_free (self->headers);
  g_clear_pointer (&self->body, g_bytes_unref);
  g_free (self->resource_id);
  g_free (self);
}

static void
set_scope (DynoStatement         *s,
           const DynoReplyRecord *record)
{
  dyno_statement_set_text (s, ":principal", record->principal);
  dyno_statement_set_text (s, ":method", record->method);
  dyno_statement_set_text (s, ":route", record->route);
  dyno_statement_set_text (s, ":key", record->key);
}

static void
set_content (DynoStatement         *s,
             const DynoReplyRecord *record)
{
  dyno_statement_set_integer (s, ":status", record->status);
  dyno_statement_set_text (s, ":headers", record->headers != NULL ? record->headers : "{}");
  if (record->body != NULL && g_bytes_get_size (record->body) <= DYNO_REPLY_MOST_BYTES)
    dyno_statement_set_bytes (s, ":body", record->body);
}

gboolean
dyno_reply_rows_add (DynoTurn              *turn,
                     const DynoReplyRecord *record,
                     GError               **error)
{
  DynoStatement *s = dyno_statement_begin (turn->db, DYNO_SQL_REPLY_ADD);

  set_scope (s, record);
  set_content (s, record);
  dyno_statement_set_blob (s, ":fingerprint", record->fingerprint, sizeof record->fingerprint);
  dyno_statement_set_text (s, ":resource_id", record->resource_id);
  dyno_statement_set_integer (s, ":now", turn->now_ms);
  dyno_statement_set_integer (s, ":expired", turn->now_ms - DYNO_REPLY_KEPT_MS);
  if (!dyno_statement_run (s, error))
    return FALSE;
  if (dyno_db_n_changed (turn->db) == 1)
    return TRUE;

  dyno_error_set (error, DYNO_ERROR_CONFLICT, "replayed",
                  "This request was already carried out under the same key.");

  return FALSE;
}

static gpointer
make_reply (DynoStatement *row)
{
  DynoReplyRecord *record = g_new0 (DynoReplyRecord, 1);
  gsize size;
  gconstpointer fingerprint = dyno_statement_blob (row, 4, &size);

  record->principal = dyno_statement_dup_text (row, 0);
  record->method = dyno_statement_dup_text (row, 1);
  record->route = dyno_statement_dup_text (row, 2);
  record->key = dyno_statement_dup_text (row, 3);
  if (size == sizeof record->fingerprint)
    memcpy (record->fingerprint, fingerprint, size);
  record->status = (int) dyno_statement_integer (row, 5);
  record->headers = dyno_statement_dup_text (row, 6);
  record->body = dyno_statement_dup_bytes (row, 7);
  record->resource_id = dyno_statement_dup_text (row, 8);
  record->created_ms = dyno_statement_integer (row, 9);

  return record;
}

static gpointer
get_reply (DynoTurn     *turn,
           gconstpointer data,
           GError      **error)
{
  DynoStatement *s = dyno_statement_begin (turn->db, DYNO_SQL_REPLY_GET);

  set_scope (s, data);
  dyno_statement_set_integer (s, ":expired", turn->now_ms - DYNO_REPLY_KEPT_MS);

  return dyno_statement_get (s, make_reply, "No reply is kept under that key.", error);
}

static const DynoVerb get_reply_verb = { "get-reply", get_reply,
                                         (GDestroyNotify) dyno_reply_record_free };

void
dyno_store_get_reply_async (DynoStore          *self,
                            const char         *principal,
                            const char         *method,
                            const char         *route,
                            const char         *key,
                            GCancellable       *cancellable,
                            GAsyncReadyCallback callback,
                            gpointer            user_data)
{
  DynoReplyRecord *scope = g_new0 (DynoReplyRecord, 1);

  scope->principal = g_strdup (principal);
  scope->method = g_strdup (method);
  scope->route = g_strdup (route);
  scope->key = g_strdup (key);
  dyno_store_read (self, &get_reply_verb, scope, (GDestroyNotify) dyno_reply_record_free,
                   cancellable, callback, user_data);
}

DynoReplyRecord *
dyno_store_get_reply_finish (DynoStore    *self,
                             GAsyncResult *result,
                             GError      **error)
{
  return dyno_call_finish (result, &get_reply_verb, error);
}

static gpointer
complete_reply (DynoTurn     *turn,
                gconstpointer data,
                GError      **error)
{
  DynoStatement *s = dyno_statement_begin (turn->db, DYNO_SQL_REPLY_COMPLETE);

  set_scope (s, data);
  set_content (s, data);

  return dyno_statement_run (s, error) ? DYNO_VERB_DONE : NULL;
}

static const DynoVerb complete_reply_verb = { "complete-reply", complete_reply, NULL };

void
dyno_store_complete_reply_async (DynoStore          *self,
                                 DynoReplyRecord    *reply,
                                 GCancellable       *cancellable,
                                 GAsyncReadyCallback callback,
                                 gpointer            user_data)
{
  dyno_store_write (self, &complete_reply_verb, reply, (GDestroyNotify) dyno_reply_record_free,
                    cancellable, callback, user_data);
}

gboolean
dyno_store_complete_reply_finish (DynoStore    *self,
                                  GAsyncResult *result,
                                  GError      **error)
{
  return dyno_call_finish (result, &complete_reply_verb, error) != NULL;
}

static gpointer
purge_replies (DynoTurn     *turn,
               gconstpointer unused,
               GError      **error)
{
  DynoStatement *s = dyno_statement_begin (turn->db, DYNO_SQL_REPLY_PURGE);

  dyno_statement_set_integer (s, ":expired", turn->now_ms - DYNO_REPLY_KEPT_MS);

  return dyno_statement_run (s, error) ? DYNO_VERB_DONE : NULL;
}

static const DynoVerb purge_replies_verb = { "purge-replies", purge_replies, NULL };

void
dyno_store_purge_replies_async (DynoStore          *self,
                                GCancellable       *cancellable,
                                GAsyncReadyCallback callback,
                                gpointer            user_data)
{
  dyno_store_write (self, &purge_replies_verb, NULL, NULL, cancellable, callback, user_data);
}

gboolean
dyno_store_purge_replies_finish (DynoStore    *self,
                                 GAsyncResult *result,
                                 GError      **error)
{
  return dyno_call_finish (result, &purge_replies_verb, error) != NULL;
}
