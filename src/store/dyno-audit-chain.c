/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

/* The chain of the audit. */

#include "config.h"

#include <string.h>

#include "dyno-crypt-seal.h"
#include "dyno-crypt.h"
#include "dyno-json.h"
#include "dyno-store-audit-private.h"
#include "dyno-store-private.h"

/* Columns of the catalogue's AUDIT_COLUMNS. */
enum
{
  SEQ,
  DETAILS = 15,
};

static gboolean
is_number (int column)
{
  return column == SEQ || column == 1 || column == 13 || column == 14;
}

static char *
dup_canonical (DynoStatement *row)
{
  DynoJsonWriter *w = dyno_json_writer_new (FALSE);

  dyno_json_writer_begin_array (w);
  for (int i = SEQ; i <= DETAILS; i++)
    {
      if (is_number (i) && !dyno_statement_is_null (row, i))
        dyno_json_writer_integer (w, dyno_statement_integer (row, i));
      else
        dyno_json_writer_string (w, dyno_statement_text (row, i));
    }
  dyno_json_writer_end_array (w);

  return dyno_json_writer_finish (w);
}

void
dyno_audit_row_hash (DynoStatement *row,
                     GBytes        *key,
                     const guint8   before[DYNO_AUDIT_HASH_SIZE],
                     guint8         hash[DYNO_AUDIT_HASH_SIZE])
{
  g_autofree char *canonical = dup_canonical (row);
  g_autoptr(GByteArray) bytes = g_byte_array_new ();

  g_byte_array_append (bytes, before, DYNO_AUDIT_HASH_SIZE);
  g_byte_array_append (bytes, (const guint8 *) canonical, (guint) strlen (canonical));
  dyno_crypt_hmac (key, bytes->data, bytes->len, hash);
}

gboolean
dyno_audit_take_hash (DynoStatement *row,
                      int            column,
                      guint8         hash[DYNO_AUDIT_HASH_SIZE])
{
  gsize size;
  gconstpointer data = dyno_statement_blob (row, column, &size);

  if (size != DYNO_AUDIT_HASH_SIZE)
    return FALSE;
  memcpy (hash, data, size);

  return TRUE;
}

/* Of the newest row that is chained; zeros where there is none. */
static gboolean
get_head (DynoTurn *turn,
          guint8    head[DYNO_AUDIT_HASH_SIZE],
          GError  **error)
{
  DynoStatement *s = dyno_statement_begin (turn->db, DYNO_SQL_AUDIT_HEAD);
  DynoStep step = dyno_statement_step (s, error);

  memset (head, 0, DYNO_AUDIT_HASH_SIZE);
  if (step == DYNO_STEP_ROW)
    dyno_audit_take_hash (s, 0, head);
  dyno_statement_end (s);

  return step != DYNO_STEP_FAILED;
}

static gboolean
set_hash (DynoTurn     *turn,
          gint64        seq,
          const guint8  hash[DYNO_AUDIT_HASH_SIZE],
          GError      **error)
{
  DynoStatement *s = dyno_statement_begin (turn->db, DYNO_SQL_AUDIT_SET_HASH);

  dyno_statement_set_integer (s, ":seq", seq);
  dyno_statement_set_blob (s, ":hash", hash, DYNO_AUDIT_HASH_SIZE);

  return dyno_statement_run (s, error);
}

gboolean
dyno_audit_rows_chain (DynoTurn *turn,
                       GBytes   *key,
                       GError  **error)
{
  guint8 head[DYNO_AUDIT_HASH_SIZE];
  DynoStep step = DYNO_STEP_ROW;

  if (!get_head (turn, head, error))
    return FALSE;

  while (step == DYNO_STEP_ROW)
    {
      DynoStatement *s = dyno_statement_begin (turn->db, DYNO_SQL_AUDIT_WAITING);
      gint64 seq = 0;

      step = dyno_statement_step (s, error);
      if (step == DYNO_STEP_ROW)
        {
          seq = dyno_statement_integer (s, SEQ);
          dyno_audit_row_hash (s, key, head, head);
        }
      dyno_statement_end (s);
      if (step == DYNO_STEP_ROW && !set_hash (turn, seq, head, error))
        return FALSE;
    }

  return step == DYNO_STEP_DONE;
}

static gpointer
chain_audit (DynoTurn     *turn,
             gconstpointer key,
             GError      **error)
{
  return dyno_audit_rows_chain (turn, (GBytes *) key, error) ? DYNO_VERB_DONE : NULL;
}

static const DynoVerb chain_audit_verb = { "chain-audit", chain_audit, NULL };

void
dyno_store_chain_audit_async (DynoStore          *self,
                              GBytes             *key,
                              GCancellable       *cancellable,
                              GAsyncReadyCallback callback,
                              gpointer            user_data)
{
  dyno_store_write (self, &chain_audit_verb, g_bytes_ref (key), (GDestroyNotify) g_bytes_unref,
                    cancellable, callback, user_data);
}

gboolean
dyno_store_chain_audit_finish (DynoStore    *self,
                               GAsyncResult *result,
                               GError      **error)
{
  return dyno_call_finish (result, &chain_audit_verb, error) != NULL;
}
