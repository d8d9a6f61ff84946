/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

#include "config.h"

#include "dyno-merge.h"

#include <math.h>

#define SAME_CELL 0.01

void
dyno_merge_free (DynoMerge *self)
{
  if (self == NULL)
    return;

  dyno_table_unref (self->merged);
  g_array_unref (self->conflicts);
  g_free (self);
}

static gboolean
is_same (const DynoTable *a,
         const DynoTable *b,
         guint            i)
{
  double one = a->cells[i].value;
  double other = b->cells[i].value;

  return one == other || (isnan (one) && isnan (other));
}

static DynoMergePrefer
choose (GArray          *choices,
        const DynoTable *base,
        guint            cell,
        DynoMergePrefer  prefer)
{
  for (guint i = 0; choices != NULL && i < choices->len; i++)
    {
      const DynoMergeChoice *choice = &g_array_index (choices, DynoMergeChoice, i);

      if (fabs (choice->rpm - base->row_labels[cell / base->n_columns]) <= SAME_CELL
          && fabs (choice->load - base->column_labels[cell % base->n_columns]) <= SAME_CELL)
        return choice->take;
    }

  return prefer;
}

static void
add_conflict (DynoMerge       *self,
              const DynoTable *base,
              const DynoTable *ours,
              const DynoTable *theirs,
              guint            i)
{
  DynoMergeConflict conflict = { i,
                                 base->row_labels[i / base->n_columns],
                                 base->column_labels[i % base->n_columns],
                                 base->cells[i].value,
                                 ours->cells[i].value,
                                 theirs->cells[i].value };

  g_array_append_val (self->conflicts, conflict);
}

/* Of two ways to write a number always the same one, whichever side it is on. */
static const DynoTable *
earlier_text (const DynoTable *a,
              const DynoTable *b,
              guint            cell)
{
  g_autofree char *one = dyno_table_text (a, cell);
  g_autofree char *other = dyno_table_text (b, cell);

  return g_strcmp0 (one, other) <= 0 ? a : b;
}

/* The side whose cell it is; NULL: the base's, or nobody's yet. */
static const DynoTable *
merge_cell (DynoMerge       *self,
            const DynoTable *base,
            const DynoTable *ours,
            const DynoTable *theirs,
            guint            i,
            DynoMergePrefer  prefer)
{
  gboolean we_did = !is_same (base, ours, i);
  gboolean they_did = !is_same (base, theirs, i);

  self->n_ours += we_did && !they_did;
  self->n_theirs += they_did && !we_did;
  if (!we_did || !they_did)
    return we_did ? ours : they_did ? theirs : NULL;
  if (is_same (ours, theirs, i))
    {
      self->n_same++;
      return earlier_text (ours, theirs, i);
    }
  if (prefer == DYNO_MERGE_ASK)
    {
      add_conflict (self, base, ours, theirs, i);
      return NULL;
    }
  self->n_preferred++;

  return prefer == DYNO_MERGE_OURS ? ours : theirs;
}

static gboolean
may_merge (const DynoTable    *base,
           const DynoTable    *ours,
           const DynoTable    *theirs,
           DynoAnalysisError **error)
{
  if (!dyno_table_same_axes (base, ours) || !dyno_table_same_axes (base, theirs))
    {
      dyno_analysis_error_set (error, DYNO_ANALYSIS_GRID_MISMATCH,
                               "“%s” has other axes in one of the three states.", base->name);
      return FALSE;
    }
  for (guint i = 0; i < dyno_table_n_cells (base); i++)
    {
      gboolean is_blank = isnan (base->cells[i].value);

      if (is_blank == isnan (ours->cells[i].value) && is_blank == isnan (theirs->cells[i].value))
        continue;
      dyno_analysis_error_set (error, DYNO_ANALYSIS_REFUSED,
                               "Cell %g, %g of “%s” is blank in one of the three states only.",
                               base->row_labels[i / base->n_columns],
                               base->column_labels[i % base->n_columns], base->name);
      return FALSE;
    }

  return TRUE;
}

/* A text of a table with another decimal mark is written as the base writes. */
static char *
text_for_base (const DynoTable *base,
               const DynoTable *side,
               guint            cell)
{
  char *text = dyno_table_text (side, cell);

  if (side->mark != base->mark)
    g_strdelimit (text, ",.", base->mark);

  return text;
}

DynoMerge *
dyno_merge_tables (const DynoTable    *base,
                   const DynoTable    *ours,
                   const DynoTable    *theirs,
                   DynoMergePrefer     prefer,
                   GArray             *choices,
                   DynoAnalysisError **error)
{
  g_autoptr(GPtrArray) texts = g_ptr_array_new_with_free_func (g_free);
  g_autoptr(DynoMerge) self = NULL;
  g_autoptr(GBytes) bytes = NULL;
  g_autoptr(DynoTable) merged = NULL;

  if (!may_merge (base, ours, theirs, error))
    return NULL;
  self = g_new0 (DynoMerge, 1);
  self->conflicts = g_array_new (FALSE, FALSE, sizeof (DynoMergeConflict));
  for (guint i = 0; i < dyno_table_n_cells (base); i++)
    {
      const DynoTable *side = merge_cell (self, base, ours, theirs, i,
                                          choose (choices, base, i, prefer));

      g_ptr_array_add (texts, side != NULL ? text_for_base (base, side, i) : NULL);
    }
  if (self->conflicts->len > 0)
    return g_steal_pointer (&self);

  bytes = dyno_table_replace (base, (const char *const *) texts->pdata);
  merged = base->form->parse (bytes, error);
  if (merged == NULL)
    return NULL;
  self->merged = dyno_table_rename (merged, base->name, base->kind, base->side);

  return g_steal_pointer (&self);
}
