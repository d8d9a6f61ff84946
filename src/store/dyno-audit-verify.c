/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

/* Is the audit what it was? Part of dyno-store-audit.h. */

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

  if (verdict->n_waiting > 0 || !dyno_audit_take_hash (row, HASH, found))
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
