/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

/* The chain of the audit: made, verified, cut short. */

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
  EVENT = 2,
  DETAILS = 15,
  HASH = 16,
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

char *
dyno_audit_dup_proof (GBytes       *key,
                      gint64        seq,
                      gint64        n_removed,
                      const guint8  hash[DYNO_AUDIT_HASH_SIZE])
{
  g_autofree char *hex = dyno_crypt_hex (hash, DYNO_AUDIT_HASH_SIZE);
  g_autofree char *text = g_strdup_printf ("anchor %" G_GINT64_FORMAT " %" G_GINT64_FORMAT " %s",
                                           seq, n_removed, hex);
  guint8 proof[DYNO_HMAC_SIZE];

  dyno_crypt_hmac (key, text, strlen (text), proof);

  return dyno_crypt_hex (proof, sizeof proof);
}

static gboolean
take_hash (DynoStatement *row,
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

/* Chaining */

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
    take_hash (s, 0, head);
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

/* Verifying */

void
dyno_audit_verdict_free (DynoAuditVerdict *self)
{
  if (self == NULL)
    return;

  g_free (self->head);
  g_free (self);
}

static gboolean
anchor_is_good (DynoStatement *row,
                GBytes        *key,
                const guint8   hash[DYNO_AUDIT_HASH_SIZE])
{
  g_autoptr(DynoJson) details = dyno_json_parse (dyno_statement_text (row, DETAILS), -1, NULL);
  const char *found = dyno_json_string (dyno_json_member (details, "proof"));
  gint64 n_removed = dyno_json_integer (dyno_json_member (details, "removed"), -1);
  g_autofree char *proof = NULL;

  if (found == NULL)
    return FALSE;
  proof = dyno_audit_dup_proof (key, dyno_statement_integer (row, SEQ), n_removed, hash);

  return g_str_equal (proof, found);
}

/* Is the row what it was, and does it follow the one before? `head` becomes its hash. */
static gboolean
row_is_good (DynoStatement          *row,
             GBytes                 *key,
             const DynoAuditVerdict *verdict,
             guint8                  head[DYNO_AUDIT_HASH_SIZE])
{
  guint8 found[DYNO_AUDIT_HASH_SIZE];
  guint8 expected[DYNO_AUDIT_HASH_SIZE];

  if (verdict->n_waiting > 0 || !take_hash (row, HASH, found))
    return FALSE;
  if (verdict->n_rows == 0
      && g_strcmp0 (dyno_statement_text (row, EVENT), DYNO_AUDIT_ANCHOR) == 0)
    {
      memcpy (head, found, sizeof found);
      return anchor_is_good (row, key, found);
    }
  dyno_audit_row_hash (row, key, head, expected);
  memcpy (head, found, sizeof found);

  return dyno_crypt_equal (found, expected, sizeof found);
}

static void
judge_row (DynoStatement    *row,
           GBytes           *key,
           DynoAuditVerdict *verdict,
           guint8            head[DYNO_AUDIT_HASH_SIZE])
{
  gint64 seq = dyno_statement_integer (row, SEQ);
  gint64 bad_seq = 0;

  if (verdict->n_rows > 0 && seq != verdict->last_seq + 1)
    bad_seq = verdict->last_seq + 1;
  else if (dyno_statement_is_null (row, HASH))
    verdict->n_waiting++;
  else if (!row_is_good (row, key, verdict, head))
    bad_seq = seq;

  if (verdict->first_bad_seq == 0)
    verdict->first_bad_seq = bad_seq;
  if (verdict->n_rows == 0)
    verdict->first_seq = seq;
  verdict->last_seq = seq;
  verdict->n_rows++;
}

/* Rows cut off at the end have left their count behind. */
static gboolean
judge_end (DynoTurn         *turn,
           DynoAuditVerdict *verdict,
           GError          **error)
{
  DynoStatement *s = dyno_statement_begin (turn->db, DYNO_SQL_AUDIT_LAST_SEQ);
  DynoStep step = dyno_statement_step (s, error);
  gint64 last_seq = step == DYNO_STEP_ROW ? dyno_statement_integer (s, 0) : 0;

  dyno_statement_end (s);
  if (verdict->first_bad_seq == 0 && last_seq > verdict->last_seq)
    verdict->first_bad_seq = verdict->last_seq + 1;
  verdict->is_good = verdict->first_bad_seq == 0;

  return step != DYNO_STEP_FAILED;
}

static gpointer
verify_audit (DynoTurn     *turn,
              gconstpointer key,
              GError      **error)
{
  g_autoptr(DynoAuditVerdict) verdict = g_new0 (DynoAuditVerdict, 1);
  guint8 head[DYNO_AUDIT_HASH_SIZE] = { 0 };
  DynoStatement *s = dyno_statement_begin (turn->db, DYNO_SQL_AUDIT_ALL);
  DynoStep step;

  while ((step = dyno_statement_step (s, error)) == DYNO_STEP_ROW)
    judge_row (s, (GBytes *) key, verdict, head);
  dyno_statement_end (s);
  if (step != DYNO_STEP_DONE || !judge_end (turn, verdict, error))
    return NULL;
  verdict->head = dyno_crypt_hex (head, sizeof head);

  return g_steal_pointer (&verdict);
}

static const DynoVerb verify_audit_verb = { "verify-audit", verify_audit,
                                            (GDestroyNotify) dyno_audit_verdict_free };

void
dyno_store_verify_audit_async (DynoStore          *self,
                               GBytes             *key,
                               GCancellable       *cancellable,
                               GAsyncReadyCallback callback,
                               gpointer            user_data)
{
  dyno_store_read (self, &verify_audit_verb, g_bytes_ref (key), (GDestroyNotify) g_bytes_unref,
                   cancellable, callback, user_data);
}

DynoAuditVerdict *
dyno_store_verify_audit_finish (DynoStore    *self,
                                GAsyncResult *result,
                                GError      **error)
{
  return dyno_call_finish (result, &verify_audit_verb, error);
}

/* Pruning */

typedef struct
{
  GBytes *key;       /* (owned) */
  gint64  before_ms;
} PruneArgs;

static void
prune_args_free (gpointer data)
{
  PruneArgs *args = data;

  g_bytes_unref (args->key);
  g_free (args);
}

/* The last row that goes. */
typedef struct
{
  gint64 seq; /* 0: none */
  guint8 hash[DYNO_AUDIT_HASH_SIZE];
} Cut;

static gboolean
find_cut (DynoTurn  *turn,
          gint64     before_ms,
          Cut       *cut,
          GError   **error)
{
  DynoStatement *s = dyno_statement_begin (turn->db, DYNO_SQL_AUDIT_CUT);
  DynoStep step;

  dyno_statement_set_integer (s, ":before", before_ms);
  step = dyno_statement_step (s, error);
  if (step == DYNO_STEP_ROW && take_hash (s, 1, cut->hash))
    cut->seq = dyno_statement_integer (s, 0);
  dyno_statement_end (s);

  return step != DYNO_STEP_FAILED;
}

static gboolean
run_with_seq (DynoTurn *turn,
              DynoSql   sql,
              gint64    seq,
              GError  **error)
{
  DynoStatement *s = dyno_statement_begin (turn->db, sql);

  dyno_statement_set_integer (s, ":seq", seq);

  return dyno_statement_run (s, error);
}

static gboolean
lay_anchor (DynoTurn  *turn,
            const Cut *cut,
            GBytes    *key,
            gint64     n_removed,
            GError   **error)
{
  DynoStatement *s = dyno_statement_begin (turn->db, DYNO_SQL_AUDIT_ANCHOR);
  g_autofree char *proof = dyno_audit_dup_proof (key, cut->seq, n_removed, cut->hash);
  g_autofree char *details = g_strdup_printf ("{\"removed\":%" G_GINT64_FORMAT ",\"proof\":\"%s\"}",
                                              n_removed, proof);

  dyno_statement_set_integer (s, ":seq", cut->seq);
  dyno_statement_set_integer (s, ":now", turn->now_ms);
  dyno_statement_set_text (s, ":details", details);
  dyno_statement_set_blob (s, ":hash", cut->hash, sizeof cut->hash);

  return dyno_statement_run (s, error);
}

static gpointer
prune_audit (DynoTurn     *turn,
             gconstpointer data,
             GError      **error)
{
  const PruneArgs *args = data;
  Cut cut = { 0 };
  gint64 n_removed;

  if (!dyno_audit_rows_chain (turn, args->key, error)
      || !find_cut (turn, args->before_ms, &cut, error))
    return NULL;
  if (cut.seq == 0)
    return g_memdup2 (&(gint64){ 0 }, sizeof (gint64));

  if (!run_with_seq (turn, DYNO_SQL_AUDIT_ALLOW_PRUNING, cut.seq, error)
      || !run_with_seq (turn, DYNO_SQL_AUDIT_PRUNE, cut.seq, error))
    return NULL;
  n_removed = dyno_db_n_changed (turn->db);
  if (!lay_anchor (turn, &cut, args->key, n_removed, error)
      || !run_with_seq (turn, DYNO_SQL_AUDIT_END_PRUNING, cut.seq, error))
    return NULL;

  return g_memdup2 (&n_removed, sizeof n_removed);
}

static const DynoVerb prune_audit_verb = { "prune-audit", prune_audit, g_free };

void
dyno_store_prune_audit_async (DynoStore          *self,
                              GBytes             *key,
                              gint64              before_ms,
                              GCancellable       *cancellable,
                              GAsyncReadyCallback callback,
                              gpointer            user_data)
{
  PruneArgs *args = g_new0 (PruneArgs, 1);

  args->key = g_bytes_ref (key);
  args->before_ms = before_ms;
  dyno_store_write (self, &prune_audit_verb, args, prune_args_free, cancellable, callback,
                    user_data);
}

gint64
dyno_store_prune_audit_finish (DynoStore    *self,
                               GAsyncResult *result,
                               GError      **error)
{
  g_autofree gint64 *n = dyno_call_finish (result, &prune_audit_verb, error);

  return n != NULL ? *n : -1;
}
