/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

#include "config.h"

#include "dyno-store-retain.h"

#include <string.h>

#include "dyno-store-private.h"

typedef struct
{
  gint64   before_ms[DYNO_N_RETAIN];
  gboolean is_dry;
} Order;

static const struct
{
  DynoSql count;
  DynoSql remove; /* DYNO_N_SQL: elsewhere */
} statements[DYNO_N_RETAIN] = {
  [DYNO_RETAIN_ACCOUNTS] = { DYNO_SQL_RETAIN_COUNT_ACCOUNTS, DYNO_SQL_RETAIN_DELETE_ACCOUNTS },
  [DYNO_RETAIN_REPLIES] = { DYNO_SQL_RETAIN_COUNT_REPLIES, DYNO_SQL_RETAIN_DELETE_REPLIES },
  [DYNO_RETAIN_SESSIONS] = { DYNO_SQL_RETAIN_COUNT_SESSIONS, DYNO_SQL_RETAIN_DELETE_SESSIONS },
  [DYNO_RETAIN_JOBS] = { DYNO_SQL_RETAIN_COUNT_JOBS, DYNO_SQL_RETAIN_DELETE_JOBS },
  [DYNO_RETAIN_AUDIT] = { DYNO_SQL_RETAIN_COUNT_AUDIT, DYNO_N_SQL },
};

static gboolean
count (DynoTurn  *turn,
       DynoSql    sql,
       gint64     before_ms,
       guint64   *n,
       GError   **error)
{
  DynoStatement *s = dyno_statement_begin (turn->db, sql);
  DynoStep step;

  dyno_statement_set_integer (s, ":before", before_ms);
  step = dyno_statement_step (s, error);
  if (step == DYNO_STEP_ROW)
    *n = (guint64) dyno_statement_integer (s, 0);
  dyno_statement_end (s);

  return step == DYNO_STEP_ROW;
}

static gboolean
run_before (DynoTurn  *turn,
            DynoSql    sql,
            gint64     before_ms,
            GError   **error)
{
  DynoStatement *s = dyno_statement_begin (turn->db, sql);

  dyno_statement_set_integer (s, ":before", before_ms);

  return dyno_statement_run (s, error);
}

/* The keys of an account go before it. */
static gboolean
retain_kind (DynoTurn        *turn,
             DynoRetainKind   kind,
             const Order     *order,
             guint64         *n,
             GError         **error)
{
  gint64 before_ms = order->before_ms[kind];

  if (!count (turn, statements[kind].count, before_ms, n, error))
    return FALSE;
  if (order->is_dry || statements[kind].remove == DYNO_N_SQL)
    return TRUE;
  if (kind == DYNO_RETAIN_ACCOUNTS
      && !run_before (turn, DYNO_SQL_RETAIN_DELETE_ACCOUNT_KEYS, before_ms, error))
    return FALSE;

  return run_before (turn, statements[kind].remove, before_ms, error);
}

static gpointer
retain (DynoTurn      *turn,
        gconstpointer  data,
        GError       **error)
{
  const Order *order = data;
  g_autofree guint64 *counts = g_new0 (guint64, DYNO_N_RETAIN);

  for (guint kind = 0; kind < DYNO_N_RETAIN; kind++)
    {
      if (order->before_ms[kind] != 0
          && !retain_kind (turn, (DynoRetainKind) kind, order, &counts[kind], error))
        return NULL;
    }

  return g_steal_pointer (&counts);
}

static const DynoVerb retain_verb = { "retain", retain, g_free };

void
dyno_store_retain_async (DynoStore           *self,
                         const gint64         before_ms[DYNO_N_RETAIN],
                         gboolean             is_dry,
                         GCancellable        *cancellable,
                         GAsyncReadyCallback  callback,
                         gpointer             user_data)
{
  Order *order = g_new0 (Order, 1);

  memcpy (order->before_ms, before_ms, sizeof order->before_ms);
  order->is_dry = is_dry;
  dyno_store_write (self, &retain_verb, order, g_free, cancellable, callback, user_data);
}

guint64 *
dyno_store_retain_finish (DynoStore     *self,
                          GAsyncResult  *result,
                          GError       **error)
{
  return dyno_call_finish (result, &retain_verb, error);
}
