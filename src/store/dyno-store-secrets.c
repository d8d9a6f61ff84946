/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

#include "config.h"

#include "dyno-store-secrets.h"

#include <string.h>

#include "dyno-store-private.h"

void
dyno_secret_record_free (DynoSecretRecord *self)
{
  if (self == NULL)
    return;

  g_free (self->name);
  g_clear_pointer (&self->ciphertext, g_bytes_unref);
  g_free (self);
}

static gpointer
make_secret (DynoStatement *row)
{
  DynoSecretRecord *record = g_new0 (DynoSecretRecord, 1);
  gsize size;
  gconstpointer nonce = dyno_statement_blob (row, 1, &size);

  record->name = dyno_statement_dup_text (row, 0);
  if (size == sizeof record->nonce)
    memcpy (record->nonce, nonce, size);
  record->ciphertext = dyno_statement_dup_bytes (row, 2);
  record->created_ms = dyno_statement_integer (row, 3);

  return record;
}

static gpointer
get_secret (DynoTurn     *turn,
            gconstpointer data,
            GError      **error)
{
  DynoStatement *s = dyno_statement_begin (turn->db, DYNO_SQL_SECRET_GET);

  dyno_statement_set_text (s, ":name", data);

  return dyno_statement_get (s, make_secret, "No secret of that name is kept.", error);
}

static const DynoVerb get_secret_verb = { "get-secret", get_secret,
                                          (GDestroyNotify) dyno_secret_record_free };

void
dyno_store_get_secret_async (DynoStore          *self,
                             const char         *name,
                             GCancellable       *cancellable,
                             GAsyncReadyCallback callback,
                             gpointer            user_data)
{
  dyno_store_read (self, &get_secret_verb, g_strdup (name), g_free, cancellable, callback,
                   user_data);
}

DynoSecretRecord *
dyno_store_get_secret_finish (DynoStore    *self,
                              GAsyncResult *result,
                              GError      **error)
{
  return dyno_call_finish (result, &get_secret_verb, error);
}

static gpointer
set_secret (DynoTurn     *turn,
            gconstpointer data,
            GError      **error)
{
  const DynoSecretRecord *record = data;
  DynoStatement *s = dyno_statement_begin (turn->db, DYNO_SQL_SECRET_SET);

  dyno_statement_set_text (s, ":name", record->name);
  dyno_statement_set_blob (s, ":nonce", record->nonce, sizeof record->nonce);
  dyno_statement_set_bytes (s, ":ciphertext", record->ciphertext);
  dyno_statement_set_integer (s, ":now", turn->now_ms);

  return dyno_statement_run (s, error) ? DYNO_VERB_DONE : NULL;
}

static const DynoVerb set_secret_verb = { "set-secret", set_secret, NULL };

void
dyno_store_set_secret_async (DynoStore          *self,
                             DynoSecretRecord   *record,
                             GCancellable       *cancellable,
                             GAsyncReadyCallback callback,
                             gpointer            user_data)
{
  dyno_store_write (self, &set_secret_verb, record, (GDestroyNotify) dyno_secret_record_free,
                    cancellable, callback, user_data);
}

gboolean
dyno_store_set_secret_finish (DynoStore    *self,
                              GAsyncResult *result,
                              GError      **error)
{
  return dyno_call_finish (result, &set_secret_verb, error) != NULL;
}

static gpointer
remove_secret (DynoTurn     *turn,
               gconstpointer data,
               GError      **error)
{
  DynoStatement *s = dyno_statement_begin (turn->db, DYNO_SQL_SECRET_REMOVE);

  dyno_statement_set_text (s, ":name", data);

  return dyno_statement_run (s, error) ? DYNO_VERB_DONE : NULL;
}

static const DynoVerb remove_secret_verb = { "remove-secret", remove_secret, NULL };

void
dyno_store_remove_secret_async (DynoStore          *self,
                                const char         *name,
                                GCancellable       *cancellable,
                                GAsyncReadyCallback callback,
                                gpointer            user_data)
{
  dyno_store_write (self, &remove_secret_verb, g_strdup (name), g_free, cancellable, callback,
                    user_data);
}

gboolean
dyno_store_remove_secret_finish (DynoStore    *self,
                                 GAsyncResult *result,
                                 GError      **error)
{
  return dyno_call_finish (result, &remove_secret_verb, error) != NULL;
}
