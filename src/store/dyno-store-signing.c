/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

#include "config.h"

#include "dyno-store-signing.h"

#include "dyno-store-private.h"

static const char *const state_names[DYNO_N_SIGNING_STATES] = {
  "next", "active", "retired", "destroyed",
};

void
dyno_signing_record_free (DynoSigningRecord *self)
{
  if (self == NULL)
    return;

  g_free (self->kid);
  g_free (self->public_key);
  g_free (self->secret);
  g_free (self);
}

static DynoSigningState
find_state (const char *name)
{
  for (guint i = 0; i < DYNO_N_SIGNING_STATES; i++)
    {
      if (g_strcmp0 (name, state_names[i]) == 0)
        return (DynoSigningState) i;
    }

  return DYNO_SIGNING_DESTROYED;
}

static gpointer
make_record (DynoStatement *row)
{
  DynoSigningRecord *record = g_new0 (DynoSigningRecord, 1);

  record->kid = dyno_statement_dup_text (row, 0);
  record->state = find_state (dyno_statement_text (row, 1));
  record->public_key = dyno_statement_dup_text (row, 2);
  record->secret = dyno_statement_dup_text (row, 3);
  record->created_ms = dyno_statement_integer (row, 4);
  record->active_from_ms = dyno_statement_integer (row, 5);
  record->retired_ms = dyno_statement_integer (row, 6);

  return record;
}

static gpointer
list_signing (DynoTurn     *turn,
              gconstpointer unused,
              GError      **error)
{
  return dyno_statement_list (dyno_statement_begin (turn->db, DYNO_SQL_SIGNING_LIST), make_record,
                              (GDestroyNotify) dyno_signing_record_free, error);
}

static const DynoVerb list_signing_verb = { "list-signing", list_signing,
                                            (GDestroyNotify) g_ptr_array_unref };

void
dyno_store_list_signing_async (DynoStore          *self,
                               GCancellable       *cancellable,
                               GAsyncReadyCallback callback,
                               gpointer            user_data)
{
  dyno_store_read (self, &list_signing_verb, NULL, NULL, cancellable, callback, user_data);
}

GPtrArray *
dyno_store_list_signing_finish (DynoStore    *self,
                                GAsyncResult *result,
                                GError      **error)
{
  return dyno_call_finish (result, &list_signing_verb, error);
}

static gboolean
destroy_all (DynoTurn *turn,
             GError  **error)
{
  DynoStatement *s = dyno_statement_begin (turn->db, DYNO_SQL_SIGNING_DESTROY);

  dyno_statement_set_integer (s, ":now", turn->now_ms);

  return dyno_statement_run (s, error);
}

static gboolean
put_record (DynoTurn                *turn,
            const DynoSigningRecord *record,
            GError                 **error)
{
  DynoStatement *s = dyno_statement_begin (turn->db, DYNO_SQL_SIGNING_PUT);

  dyno_statement_set_text (s, ":kid", record->kid);
  dyno_statement_set_text (s, ":state", state_names[record->state]);
  dyno_statement_set_text (s, ":public_key", record->public_key);
  dyno_statement_set_text (s, ":secret", record->secret);
  dyno_statement_set_integer (s, ":created_at", record->created_ms);
  dyno_statement_set_integer (s, ":active_from", record->active_from_ms);
  if (record->retired_ms > 0)
    dyno_statement_set_integer (s, ":retired_at", record->retired_ms);

  return dyno_statement_run (s, error);
}

static gpointer
set_signing (DynoTurn     *turn,
             gconstpointer data,
             GError      **error)
{
  GPtrArray *records = (GPtrArray *) data;

  if (!destroy_all (turn, error))
    return NULL;
  for (guint i = 0; i < records->len; i++)
    {
      if (!put_record (turn, g_ptr_array_index (records, i), error))
        return NULL;
    }

  return DYNO_VERB_DONE;
}

static const DynoVerb set_signing_verb = { "set-signing", set_signing, NULL };

void
dyno_store_set_signing_async (DynoStore          *self,
                              GPtrArray          *records,
                              GCancellable       *cancellable,
                              GAsyncReadyCallback callback,
                              gpointer            user_data)
{
  dyno_store_write (self, &set_signing_verb, records, (GDestroyNotify) g_ptr_array_unref,
                    cancellable, callback, user_data);
}

gboolean
dyno_store_set_signing_finish (DynoStore    *self,
                               GAsyncResult *result,
                               GError      **error)
{
  return dyno_call_finish (result, &set_signing_verb, error) != NULL;
}
