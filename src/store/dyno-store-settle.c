/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

/* Erasures whose time has come, and all of them after a restore; part of
 * dyno-store-privacy.h. */

#include "config.h"

#include "dyno-store-privacy-private.h"

static gpointer
purge_erasures (DynoTurn      *turn,
                gconstpointer  unused,
                GError       **error)
{
  DynoStatement *s = dyno_statement_begin (turn->db, DYNO_SQL_ERASURE_DUE);
  g_autoptr(GPtrArray) due = NULL;

  dyno_statement_set_integer (s, ":now", turn->now_ms);
  due = dyno_statement_list (s, dyno_erasure_make, (GDestroyNotify) dyno_erasure_free, error);
  for (guint i = 0; due != NULL && i < due->len; i++)
    {
      DynoErasure *erasure = g_ptr_array_index (due, i);

      erasure->purged_ms = turn->now_ms;
      if (!dyno_erasure_purge (turn, erasure, error) || !dyno_erasure_put_row (turn, erasure, error))
        return NULL;
    }

  return g_steal_pointer (&due);
}

static const DynoVerb purge_verb = { "purge-erasures", purge_erasures,
                                     (GDestroyNotify) g_ptr_array_unref };

void
dyno_store_purge_erasures_async (DynoStore           *self,
                                 GCancellable        *cancellable,
                                 GAsyncReadyCallback  callback,
                                 gpointer             user_data)
{
  dyno_store_write (self, &purge_verb, NULL, NULL, cancellable, callback, user_data);
}

GPtrArray *
dyno_store_purge_erasures_finish (DynoStore     *self,
                                  GAsyncResult  *result,
                                  GError       **error)
{
  return dyno_call_finish (result, &purge_verb, error);
}

/* One that was cancelled stands in the database as it was then: still waiting, perhaps. */
static gboolean
replay (DynoTurn           *turn,
        const DynoErasure  *erasure,
        GError            **error)
{
  if (erasure->cancelled_ms != 0)
    return dyno_erasure_undo_stop (turn, erasure, error) && dyno_erasure_put_row (turn, erasure, error);

  return dyno_erasure_stop (turn, erasure, error)
         && (erasure->purged_ms == 0 || dyno_erasure_purge (turn, erasure, error))
         && dyno_erasure_put_row (turn, erasure, error);
}

static gpointer
settle (DynoTurn      *turn,
        gconstpointer  data,
        GError       **error)
{
  static const DynoSql all[] = { DYNO_SQL_SETTLE_SESSIONS, DYNO_SQL_SETTLE_USERS };
  GPtrArray *erasures = (GPtrArray *) data;

  for (guint i = 0; i < erasures->len; i++)
    {
      if (!replay (turn, g_ptr_array_index (erasures, i), error))
        return NULL;
    }
  for (guint i = 0; i < G_N_ELEMENTS (all); i++)
    {
      DynoStatement *s = dyno_statement_begin (turn->db, all[i]);

      dyno_statement_set_integer (s, ":now", turn->now_ms);
      if (!dyno_statement_run (s, error))
        return NULL;
    }

  return DYNO_VERB_DONE;
}

static const DynoVerb settle_verb = { "settle", settle, NULL };

void
dyno_store_settle_async (DynoStore           *self,
                         GPtrArray           *erasures,
                         GCancellable        *cancellable,
                         GAsyncReadyCallback  callback,
                         gpointer             user_data)
{
  dyno_store_write (self, &settle_verb, erasures, (GDestroyNotify) g_ptr_array_unref, cancellable,
                    callback, user_data);
}

gboolean
dyno_store_settle_finish (DynoStore     *self,
                          GAsyncResult  *result,
                          GError       **error)
{
  return dyno_call_finish (result, &settle_verb, error) != NULL;
}
