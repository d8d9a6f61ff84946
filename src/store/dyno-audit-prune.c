/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

/* Cutting the audit short; part of dyno-store-audit.h. */

#include "config.h"

#include <string.h>

#include "dyno-crypt-seal.h"
#include "dyno-crypt.h"
#include "dyno-store-audit-private.h"
#include "dyno-store-private.h"

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
  if (step == DYNO_STEP_ROW && dyno_audit_take_hash (s, 1, cut->hash))
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
