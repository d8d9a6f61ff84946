/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

/* What an erasure does to the rows of somebody; part of dyno-store-privacy.h. */

#include "config.h"

#include "dyno-store-privacy-private.h"

typedef struct
{
  DynoSql  sql;
  gboolean has_now; /* a parameter :now beside :id */
} Step;

/* From the request on. */
static const Step user_stop[] = {
  { DYNO_SQL_STOP_USER, TRUE },
  { DYNO_SQL_STOP_SESSIONS, TRUE },
  { DYNO_SQL_STOP_KEYS, TRUE },
  { DYNO_SQL_STOP_INVITATIONS, FALSE },
};

/* What is found by the address goes before the address. */
static const Step user_purge[] = {
  { DYNO_SQL_PURGE_INVITATIONS, FALSE },
  { DYNO_SQL_PURGE_THROTTLE, FALSE },
  { DYNO_SQL_PURGE_SESSIONS, FALSE },
  { DYNO_SQL_PURGE_ADDRESSES, FALSE },
  { DYNO_SQL_PURGE_NETWORKS, FALSE },
  { DYNO_SQL_PURGE_KEY_USAGE, FALSE },
  { DYNO_SQL_PURGE_KEYS, TRUE },
  { DYNO_SQL_PURGE_DAY_USAGE, FALSE },
  { DYNO_SQL_PURGE_REPLIES, FALSE },
  { DYNO_SQL_PURGE_EXPORTS, TRUE },
  { DYNO_SQL_PURGE_USER, TRUE },
};

/* So does what is found by the name. */
static const Step customer_purge[] = {
  { DYNO_SQL_PURGE_RUN_NOTES, FALSE },
  { DYNO_SQL_PURGE_RUNS, TRUE },
  { DYNO_SQL_PURGE_VEHICLES, TRUE },
  { DYNO_SQL_PURGE_EXPORTS, TRUE },
  { DYNO_SQL_PURGE_CUSTOMER, TRUE },
};

static gboolean
run_steps (DynoTurn    *turn,
           const Step  *steps,
           guint        n,
           const char  *subject_id,
           GError     **error)
{
  for (guint i = 0; i < n; i++)
    {
      DynoStatement *s = dyno_statement_begin (turn->db, steps[i].sql);

      dyno_statement_set_text (s, ":id", subject_id);
      if (steps[i].has_now)
        dyno_statement_set_integer (s, ":now", turn->now_ms);
      if (!dyno_statement_run (s, error))
        return FALSE;
    }

  return TRUE;
}

/* The index of words lets go of what it knew, too. */
static gboolean
purge_customer (DynoTurn    *turn,
                const char  *id,
                GError     **error)
{
  DynoStatement *s;

  if (!run_steps (turn, customer_purge, G_N_ELEMENTS (customer_purge), id, error))
    return FALSE;
  s = dyno_statement_begin (turn->db, DYNO_SQL_RUN_TEXT_OF_CUSTOMER);
  dyno_statement_set_text (s, ":customer_id", id);

  return dyno_statement_run (s, error)
         && dyno_statement_run (dyno_statement_begin (turn->db, DYNO_SQL_RUN_TEXT_OPTIMIZE), error);
}

gboolean
dyno_erasure_stop (DynoTurn           *turn,
                   const DynoErasure  *erasure,
                   GError            **error)
{
  return erasure->kind != DYNO_SUBJECT_USER
         || run_steps (turn, user_stop, G_N_ELEMENTS (user_stop), erasure->subject_id, error);
}

gboolean
dyno_erasure_undo_stop (DynoTurn           *turn,
                        const DynoErasure  *erasure,
                        GError            **error)
{
  static const Step back[] = { { DYNO_SQL_STOP_USER_BACK, TRUE } };

  return erasure->kind != DYNO_SUBJECT_USER
         || run_steps (turn, back, G_N_ELEMENTS (back), erasure->subject_id, error);
}

gboolean
dyno_erasure_purge (DynoTurn           *turn,
                    const DynoErasure  *erasure,
                    GError            **error)
{
  return erasure->kind == DYNO_SUBJECT_CUSTOMER
           ? purge_customer (turn, erasure->subject_id, error)
           : run_steps (turn, user_purge, G_N_ELEMENTS (user_purge), erasure->subject_id, error);
}
