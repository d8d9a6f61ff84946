/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

/* GCRA: a row holds the theoretical arrival time of the next attempt (TAT). With T
 * between attempts and B of them at once, an attempt at `now` is admitted where
 * max (TAT, now) + T − now ≤ B·T. Wall time, as rows outlive the program: a TAT
 * further ahead than B·T comes of a clock that was set back, and is cut to that. */

#include "config.h"

#include "dyno-throttle.h"

#include <string.h>

#include "dyno-crypt.h"
#include "dyno-statement.h"

#define SECOND_US         G_GINT64_CONSTANT (1000000)
#define PAUSE_AFTER       5
#define LONGEST_PAUSE_S   900
#define KNOWN_PLACE_MS    (G_GINT64_CONSTANT (30) * 24 * 3600 * 1000)

typedef struct
{
  gint64 period_us;
  gint64 burst;
} Policy;

static const Policy account_from_address = { 60 * SECOND_US, 5 };
static const Policy whole_address = { 30 * SECOND_US, 20 };

typedef struct
{
  char   *subject;          /* (owned) */
  gint64  tat_us;
  gint64  failures;
  gint64  blocked_until_ms; /* 0: not blocked */
} Row;

static void
row_clear (Row *row)
{
  g_free (row->subject);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Row, row_clear)

/* Who types a password for an address must not read it in the database. */
static char *
subject_of (const char *kind,
            const char *email,
            const char *address)
{
  g_autofree char *key = dyno_user_email_key (email);
  g_autofree char *text = g_strdup_printf ("%s\n%s", key != NULL ? key : "", address);
  g_autofree char *sum = dyno_crypt_sha256_hex (text, strlen (text));

  return g_strdup_printf ("%s:%s", kind, sum);
}

static gboolean
load (DynoTurn *turn,
      Row      *row,
      GError  **error)
{
  DynoStatement *s = dyno_statement_begin (turn->db, DYNO_SQL_THROTTLE_GET);
  DynoStep step;

  dyno_statement_set_text (s, ":subject", row->subject);
  step = dyno_statement_step (s, error);
  if (step == DYNO_STEP_ROW)
    {
      row->tat_us = dyno_statement_integer (s, 0);
      row->failures = dyno_statement_integer (s, 1);
      row->blocked_until_ms = dyno_statement_integer (s, 2);
    }
  dyno_statement_end (s);

  return step != DYNO_STEP_FAILED;
}

static gboolean
save (DynoTurn  *turn,
      const Row *row,
      GError   **error)
{
  DynoStatement *s = dyno_statement_begin (turn->db, DYNO_SQL_THROTTLE_SET);

  dyno_statement_set_text (s, ":subject", row->subject);
  dyno_statement_set_integer (s, ":tat_us", row->tat_us);
  dyno_statement_set_integer (s, ":failures", row->failures);
  dyno_statement_set_integer (s, ":blocked_until", row->blocked_until_ms);
  dyno_statement_set_integer (s, ":now", turn->now_ms);

  return dyno_statement_run (s, error);
}

static gboolean
drop (DynoTurn   *turn,
      const char *subject,
      GError    **error)
{
  DynoStatement *s = dyno_statement_begin (turn->db, DYNO_SQL_THROTTLE_DROP);

  dyno_statement_set_text (s, ":subject", subject);

  return dyno_statement_run (s, error);
}

/* Moves the row's TAT; answers the wait in µs, 0 where there is none. */
static gint64
debit (Row          *row,
       const Policy *policy,
       gint64        now_us)
{
  gint64 room = policy->burst * policy->period_us;
  gint64 tat = MIN (MAX (row->tat_us, now_us), now_us + room) + policy->period_us;

  if (tat - now_us > room)
    return tat - now_us - room;
  row->tat_us = tat;

  return 0;
}

static gboolean
is_known_place (DynoTurn   *turn,
                const char *user_id,
                const char *address,
                gboolean   *is_known,
                GError    **error)
{
  DynoStatement *s = dyno_statement_begin (turn->db, DYNO_SQL_ADDRESS_KNOWN);
  DynoStep step;

  dyno_statement_set_text (s, ":user_id", user_id);
  dyno_statement_set_text (s, ":address", address);
  dyno_statement_set_integer (s, ":since", turn->now_ms - KNOWN_PLACE_MS);
  step = dyno_statement_step (s, error);
  dyno_statement_end (s);
  *is_known = step == DYNO_STEP_ROW;

  return step != DYNO_STEP_FAILED;
}

/* The pause after so many failures on end. */
static gint64
pause_ms (gint64 failures)
{
  gint64 k = failures - PAUSE_AFTER;

  if (k < 0)
    return 0;

  return 1000 * (k < 10 ? MIN (G_GINT64_CONSTANT (1) << k, LONGEST_PAUSE_S) : LONGEST_PAUSE_S);
}

/* A pause longer than the longest comes of a clock that was set back. */
static gint64
rest_of_pause_ms (const Row *account,
                  gint64     now_ms)
{
  return CLAMP (account->blocked_until_ms - now_ms, 0, 1000 * LONGEST_PAUSE_S);
}

static void
judge (DynoTurn            *turn,
       Row                 *account,
       Row                 *pair,
       Row                 *place,
       gboolean             is_known,
       DynoLoginTurn       *verdict)
{
  gint64 now_us = 1000 * turn->now_ms;
  gint64 pair_us = debit (pair, &account_from_address, now_us);
  gint64 place_us = debit (place, &whole_address, now_us);
  gint64 pause = is_known ? 0 : rest_of_pause_ms (account, turn->now_ms);

  verdict->is_stopped = account->failures >= DYNO_THROTTLE_STOP;
  verdict->retry_after_ms =
      verdict->is_stopped ? 1000 * LONGEST_PAUSE_S : MAX ((MAX (pair_us, place_us) + 999) / 1000, pause);
  verdict->is_allowed = verdict->retry_after_ms == 0;
  account->failures++;
  account->blocked_until_ms = turn->now_ms + pause_ms (account->failures);
}

gboolean
dyno_throttle_take (DynoTurn             *turn,
                    const char           *email,
                    const char           *user_id,
                    const char           *address,
                    DynoLoginTurn        *verdict,
                    GError              **error)
{
  g_auto(Row) account = { subject_of ("account", email, ""), 0, 0, 0 };
  g_auto(Row) pair = { subject_of ("pair", email, address), 0, 0, 0 };
  g_auto(Row) place = { g_strconcat ("address:", address, NULL), 0, 0, 0 };
  gboolean is_known = FALSE;

  if (!load (turn, &account, error) || !load (turn, &pair, error) || !load (turn, &place, error))
    return FALSE;
  if (user_id != NULL && !is_known_place (turn, user_id, address, &is_known, error))
    return FALSE;

  judge (turn, &account, &pair, &place, is_known, verdict);

  return !verdict->is_allowed
         || (save (turn, &account, error) && save (turn, &pair, error)
             && save (turn, &place, error));
}

gboolean
dyno_throttle_clear (DynoTurn   *turn,
                     const char *email,
                     const char *address,
                     GError    **error)
{
  g_autofree char *account = subject_of ("account", email, "");
  g_autofree char *pair = subject_of ("pair", email, address);
  g_auto(Row) place = { g_strconcat ("address:", address, NULL), 0, 0, 0 };

  if (!drop (turn, account, error) || !drop (turn, pair, error) || !load (turn, &place, error))
    return FALSE;
  place.tat_us -= whole_address.period_us;

  return save (turn, &place, error);
}

gboolean
dyno_throttle_unlock (DynoTurn   *turn,
                      const char *email,
                      GError    **error)
{
  g_autofree char *account = subject_of ("account", email, "");

  return drop (turn, account, error);
}
