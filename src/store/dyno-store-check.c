/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

/* Everything that SQLite cannot know: that blobs are samples, that what was
 * counted is there, that the chain follows. */

#include "config.h"

#include <stdarg.h>

#include "dyno-chain.h"
#include "dyno-pack.h"
#include "dyno-store-care.h"
#include "dyno-store-private.h"

#define MAX_FINDINGS 100

/* The second that is being added up. */
typedef struct
{
  gint64 run;
  gint64 second;
  gint64 n_blocks;
  gint64 n_samples;
} Sum;

void
dyno_store_check_free (DynoStoreCheck *self)
{
  if (self == NULL)
    return;

  g_clear_pointer (&self->findings, g_ptr_array_unref);
  g_free (self);
}

G_GNUC_PRINTF (2, 3)
static void
report (DynoStoreCheck *check,
        const char     *format,
        ...)
{
  va_list args;

  if (check->findings->len >= MAX_FINDINGS)
    return;
  va_start (args, format);
  g_ptr_array_add (check->findings, g_strdup_vprintf (format, args));
  va_end (args);
}

static void
compare_sum (DynoStoreCheck *check,
             DynoStatement  *row,
             const Sum      *sum)
{
  if (dyno_statement_integer (row, 2) != sum->n_blocks
      || dyno_statement_integer (row, 3) != sum->n_samples)
    report (check,
            "Run %" G_GINT64_FORMAT ", second %" G_GINT64_FORMAT ": %" G_GINT64_FORMAT
            " blocks with %" G_GINT64_FORMAT " samples instead of %" G_GINT64_FORMAT
            " with %" G_GINT64_FORMAT ".",
            sum->run, sum->second, sum->n_blocks, sum->n_samples, dyno_statement_integer (row, 2),
            dyno_statement_integer (row, 3));
}

static void
add_block (DynoStoreCheck *check,
           DynoStatement  *row,
           Sum            *sum)
{
  g_auto(DynoUnpackedBlock) block = { 0 };
  gconstpointer data;
  gsize size;

  data = dyno_statement_blob (row, 1, &size);
  if (!dyno_unpack_block (data, size, &block, NULL))
    report (check,
            "Run %" G_GINT64_FORMAT ", second %" G_GINT64_FORMAT ", channel %" G_GINT64_FORMAT
            ": the block of samples is damaged.",
            sum->run, sum->second, dyno_statement_integer (row, 0));
  if (dyno_statement_is_null (row, 2))
    report (check,
            "Run %" G_GINT64_FORMAT ": channel %" G_GINT64_FORMAT " has samples and no name.",
            sum->run, dyno_statement_integer (row, 0));
  sum->n_blocks++;
  sum->n_samples += (gint64) block.n;
  check->n_blocks++;
  check->n_samples += (gint64) block.n;
}

static gboolean
check_second (DynoTurn       *turn,
              DynoStoreCheck *check,
              DynoStatement  *second,
              GError        **error)
{
  DynoStatement *s = dyno_statement_begin (turn->db, DYNO_SQL_CHECK_BLOCKS);
  Sum sum = { dyno_statement_integer (second, 0), dyno_statement_integer (second, 1), 0, 0 };
  DynoStep step;

  dyno_statement_set_integer (s, ":run", sum.run);
  dyno_statement_set_integer (s, ":second", sum.second);
  while ((step = dyno_statement_step (s, error)) == DYNO_STEP_ROW)
    add_block (check, s, &sum);
  dyno_statement_end (s);
  compare_sum (check, second, &sum);

  return step == DYNO_STEP_DONE;
}

static gboolean
check_captured (DynoTurn       *turn,
                DynoStoreCheck *check,
                GError        **error)
{
  DynoStatement *s = dyno_statement_begin (turn->db, DYNO_SQL_CHECK_SECONDS);
  DynoStep step;

  while ((step = dyno_statement_step (s, error)) == DYNO_STEP_ROW)
    {
      if (!check_second (turn, check, s, error))
        return FALSE;
    }

  return step == DYNO_STEP_DONE;
}

/* Each column has as many rows as its grid says. */
static gboolean
check_imported (DynoTurn       *turn,
                DynoStoreCheck *check,
                GError        **error)
{
  DynoStatement *s = dyno_statement_begin (turn->db, DYNO_SQL_CHECK_CHUNKS);
  DynoStep step;

  while ((step = dyno_statement_step (s, error)) == DYNO_STEP_ROW)
    {
      g_auto(DynoUnpackedChunk) chunk = { 0 };
      gconstpointer data;
      gsize size;
      gsize expected = (gsize) dyno_statement_integer (s, 4);

      data = dyno_statement_blob (s, 3, &size);
      if (!dyno_unpack_chunk (data, size, &chunk, NULL) || chunk.n != expected)
        report (check,
                "Run %" G_GINT64_FORMAT ", column %" G_GINT64_FORMAT ", part %" G_GINT64_FORMAT
                ": the block of samples is damaged.",
                dyno_statement_integer (s, 0), dyno_statement_integer (s, 1),
                dyno_statement_integer (s, 2));
      check->n_blocks++;
    }

  return step == DYNO_STEP_DONE;
}

static gpointer
make_text (DynoStatement *row)
{
  return dyno_statement_dup_text (row, 0);
}

/* Statements that answer a sentence for each thing that is not as it should be. */
static gboolean
check_sentences (DynoTurn       *turn,
                 DynoStoreCheck *check,
                 GError        **error)
{
  static const DynoSql questions[] = { DYNO_SQL_CHECK_CHUNK_COUNTS, DYNO_SQL_CHECK_TEXTS,
                                       DYNO_SQL_CHECK_JOURNALS };

  for (guint i = 0; i < G_N_ELEMENTS (questions); i++)
    {
      g_autoptr(GPtrArray) sentences = dyno_statement_list (
          dyno_statement_begin (turn->db, questions[i]), make_text, g_free, error);

      if (sentences == NULL)
        return FALSE;
      for (guint j = 0; j < sentences->len; j++)
        report (check, "%s", (const char *) g_ptr_array_index (sentences, j));
    }

  return TRUE;
}

static gpointer
make_link (DynoStatement *row)
{
  DynoChainLink *link = g_new0 (DynoChainLink, 1);

  link->position = dyno_statement_integer (row, 0);
  link->run_id = dyno_statement_dup_text (row, 1);
  link->sha256 = dyno_statement_dup_text (row, 4);
  link->hash = dyno_statement_dup_text (row, 5);

  return link;
}

static gboolean
check_chain (DynoTurn       *turn,
             DynoStoreCheck *check,
             GError        **error)
{
  g_autoptr(GPtrArray) links =
      dyno_statement_list (dyno_statement_begin (turn->db, DYNO_SQL_CHAIN_LIST), make_link,
                           (GDestroyNotify) dyno_chain_link_free, error);
  int bad;

  if (links == NULL)
    return FALSE;
  check->n_links = links->len;
  bad = dyno_chain_find_bad (links);
  if (bad >= 0)
    report (check, "The journal chain breaks at link %d, run %s.", bad + 1,
            ((const DynoChainLink *) g_ptr_array_index (links, (guint) bad))->run_id);

  return TRUE;
}

static gboolean
count_all_runs (DynoTurn       *turn,
                DynoStoreCheck *check,
                GError        **error)
{
  DynoStatement *s = dyno_statement_begin (turn->db, DYNO_SQL_CHECK_RUNS);
  DynoStep step = dyno_statement_step (s, error);

  if (step == DYNO_STEP_ROW)
    check->n_runs = dyno_statement_integer (s, 0);

  return step == DYNO_STEP_ROW;
}

static gpointer
check_all (DynoTurn     *turn,
           gconstpointer unused,
           GError      **error)
{
  g_autoptr(DynoStoreCheck) check = g_new0 (DynoStoreCheck, 1);

  check->findings = g_ptr_array_new_with_free_func (g_free);
  if (!dyno_db_check (turn->db, DYNO_DB_CHECK_INDEXES, check->findings, error)
      || !dyno_db_check (turn->db, DYNO_DB_CHECK_REFERENCES, check->findings, error))
    return NULL;

  /* On torn pages nothing more can be asked. */
  if (check->findings->len == 0
      && (!count_all_runs (turn, check, error) || !check_captured (turn, check, error)
          || !check_imported (turn, check, error) || !check_sentences (turn, check, error)
          || !check_chain (turn, check, error)))
    return NULL;
  check->is_ok = check->findings->len == 0;

  return g_steal_pointer (&check);
}

static const DynoVerb check_verb = { "check", check_all, (GDestroyNotify) dyno_store_check_free };

void
dyno_store_check_async (DynoStore          *self,
                        GCancellable       *cancellable,
                        GAsyncReadyCallback callback,
                        gpointer            user_data)
{
  dyno_store_read (self, &check_verb, NULL, NULL, cancellable, callback, user_data);
}

DynoStoreCheck *
dyno_store_check_finish (DynoStore    *self,
                         GAsyncResult *result,
                         GError      **error)
{
  return dyno_call_finish (result, &check_verb, error);
}
