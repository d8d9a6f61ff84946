/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

#include "config.h"

#include "dyno-pvv-merge.h"

#include <math.h>

#include "dyno-error.h"

/* The frame is the state whose items, axes and comments the result has; cells of the
 * other side are carried over into it. */
typedef struct
{
  DynoPvvMerge   *merge;  /* (borrowed) what is made */
  const DynoPvv  *base;
  const DynoPvv  *ours;
  const DynoPvv  *theirs;
  const DynoPvv  *frame;
  DynoMergePrefer prefer;
} Work;

static void
conflict_clear (gpointer data)
{
  g_free (((DynoPvvConflict *) data)->item);
}

void
dyno_pvv_merge_free (DynoPvvMerge *self)
{
  if (self == NULL)
    return;

  g_clear_pointer (&self->merged, g_bytes_unref);
  g_array_unref (self->conflicts);
  g_free (self);
}

/* The frame */

/* The bytes of the file without what stands in cells that can be changed. */
static GBytes *
make_skeleton (const DynoPvv *pvv)
{
  const char *text = g_bytes_get_data (pvv->bytes, NULL);
  GByteArray *skeleton = g_byte_array_new ();
  gsize done = 0;

  for (guint i = 0; i < pvv->items->len; i++)
    {
      const DynoPvvItem *item = g_ptr_array_index (pvv->items, i);

      for (guint c = 0; c < dyno_table_n_cells (item->table); c++)
        {
          const DynoTableCell *cell = &item->table->cells[c];

          g_byte_array_append (skeleton, (const guint8 *) text + done,
                               (guint) (item->begin + cell->offset - done));
          done = item->begin + cell->offset + cell->length;
        }
    }
  g_byte_array_append (skeleton, (const guint8 *) text + done,
                       (guint) (g_bytes_get_size (pvv->bytes) - done));

  return g_byte_array_free_to_bytes (skeleton);
}

static DynoPvvItem *
find_twin (const DynoPvv     *pvv,
           const DynoPvvItem *item)
{
  return dyno_pvv_find (pvv, item->table->name, (int) item->occurrence, NULL);
}

/* Labels that are texts are compared as what they are not: numbers. */
static gboolean
same_item (const DynoPvvItem *a,
           const DynoPvvItem *b)
{
  return dyno_table_same_axes (a->table, b->table)
         || (a->table->is_read_only && b->table->is_read_only
             && dyno_table_n_cells (a->table) == dyno_table_n_cells (b->table));
}

static gboolean
same_items (const DynoPvv *a,
            const DynoPvv *b)
{
  if (a->items->len != b->items->len)
    return FALSE;
  for (guint i = 0; i < a->items->len; i++)
    {
      const DynoPvvItem *item = g_ptr_array_index (a->items, i);
      const DynoPvvItem *twin = find_twin (b, item);

      if (twin == NULL || !same_item (item, twin))
        return FALSE;
    }

  return TRUE;
}

/* NULL where both sides changed what stands around the cells. */
static const DynoPvv *
choose_frame (const DynoPvv *base,
              const DynoPvv *ours,
              const DynoPvv *theirs)
{
  g_autoptr(GBytes) of_base = make_skeleton (base);
  g_autoptr(GBytes) of_ours = make_skeleton (ours);
  g_autoptr(GBytes) of_theirs = make_skeleton (theirs);

  if (g_bytes_equal (of_base, of_ours))
    return g_bytes_equal (of_base, of_theirs) ? base : theirs;
  if (g_bytes_equal (of_base, of_theirs) || g_bytes_equal (of_ours, of_theirs))
    return ours;
  if (same_items (base, ours) && same_items (base, theirs))
    return g_bytes_compare (of_ours, of_theirs) < 0 ? ours : theirs;
  if (same_items (base, ours))
    return theirs;

  return same_items (base, theirs) ? ours : NULL;
}

/* Items */

static gboolean
refuse (GError           **error,
        const DynoPvvItem *item)
{
  dyno_error_set (error, DYNO_ERROR_INVALID, "pvv_axes",
                  item != NULL
                      ? "Both tunes changed the item “%s”, one of them its axes: it cannot "
                        "be merged."
                      : "Both tunes changed items or axes%s: they cannot be merged.",
                  item != NULL ? item->table->name : "");

  return FALSE;
}

static void
add_conflict (Work                    *self,
              const DynoPvvItem       *item,
              const DynoMergeConflict *cell)
{
  DynoPvvConflict conflict = { g_strdup (item->table->name), item->occurrence, *cell };

  g_array_append_val (self->merge->conflicts, conflict);
}

/* The cells of the merge, written into the frame's item. */
static GBytes *
write_item (const DynoPvvItem *item,
            const DynoTable   *merged)
{
  g_autoptr(GPtrArray) texts = g_ptr_array_new_with_free_func (g_free);

  for (guint i = 0; i < dyno_table_n_cells (merged); i++)
    g_ptr_array_add (texts, dyno_table_text (merged, i));

  return dyno_table_replace (item->table, (const char *const *) texts->pdata);
}

static guint
count_changed (const DynoTable *base,
               const DynoTable *merged)
{
  guint n = 0;

  for (guint i = 0; i < dyno_table_n_cells (base); i++)
    n += base->cells[i].value != merged->cells[i].value
         && !(isnan (base->cells[i].value) && isnan (merged->cells[i].value));

  return n;
}

static gboolean
merge_cells (Work              *self,
             const DynoPvvItem *item,
             const DynoPvvItem *base,
             const DynoPvvItem *ours,
             const DynoPvvItem *theirs,
             GBytes           **bytes,
             GError           **error)
{
  DynoAnalysisError *cause = NULL;
  g_autoptr(DynoMerge) merge = dyno_merge_tables (base->table, ours->table, theirs->table,
                                                  self->prefer, NULL, &cause);

  if (merge == NULL)
    {
      dyno_error_set (error, DYNO_ERROR_INVALID, "pvv_axes", "%s", cause->message);
      dyno_analysis_error_free (cause);
      return FALSE;
    }
  for (guint i = 0; i < merge->conflicts->len; i++)
    add_conflict (self, item, &g_array_index (merge->conflicts, DynoMergeConflict, i));
  if (merge->merged != NULL)
    {
      self->merge->n_changed += count_changed (base->table, merge->merged);
      *bytes = write_item (item, merge->merged);
    }

  return TRUE;
}

/* An item with texts in it is one or the other, whole. */
static gboolean
merge_whole (Work              *self,
             const DynoPvvItem *item,
             const DynoPvvItem *base,
             const DynoPvvItem *ours,
             const DynoPvvItem *theirs,
             GBytes           **bytes)
{
  const DynoMergeConflict whole = { G_MAXUINT, NAN, NAN, NAN, NAN, NAN };
  gboolean we_did = !g_bytes_equal (base->table->bytes, ours->table->bytes);
  gboolean they_did = !g_bytes_equal (base->table->bytes, theirs->table->bytes);
  gboolean is_open = we_did && they_did
                     && !g_bytes_equal (ours->table->bytes, theirs->table->bytes);

  if (is_open && self->prefer == DYNO_MERGE_ASK)
    {
      add_conflict (self, item, &whole);
      return TRUE;
    }
  if (is_open)
    they_did = self->prefer == DYNO_MERGE_THEIRS;
  *bytes = g_bytes_ref ((they_did ? theirs : we_did ? ours : base)->table->bytes);
  self->merge->n_changed += we_did || they_did;

  return TRUE;
}

/* The frame changed the axes: the other side must not have touched the item. */
static gboolean
keep_item (Work              *self,
           const DynoPvvItem *item,
           const DynoPvvItem *base,
           GError           **error)
{
  const DynoPvvItem *other
      = find_twin (self->frame == self->ours ? self->theirs : self->ours, item);

  if (base == NULL || other == NULL || g_bytes_equal (base->table->bytes, other->table->bytes))
    return TRUE;

  return refuse (error, item);
}

static gboolean
merge_item (Work              *self,
            const DynoPvvItem *item,
            GBytes           **bytes,
            GError           **error)
{
  const DynoPvvItem *base = find_twin (self->base, item);
  const DynoPvvItem *ours = find_twin (self->ours, item);
  const DynoPvvItem *theirs = find_twin (self->theirs, item);

  if (base == NULL || ours == NULL || theirs == NULL || !same_item (base, ours)
      || !same_item (base, theirs))
    return keep_item (self, item, base, error);
  if (base->table->is_read_only || ours->table->is_read_only || theirs->table->is_read_only)
    return merge_whole (self, item, base, ours, theirs, bytes);

  return merge_cells (self, item, base, ours, theirs, bytes, error);
}

/* What the frame dropped, the other side must not have changed. */
static gboolean
check_dropped (const Work *self,
               GError    **error)
{
  const DynoPvv *other = self->frame == self->ours ? self->theirs : self->ours;

  for (guint i = 0; i < self->base->items->len; i++)
    {
      const DynoPvvItem *item = g_ptr_array_index (self->base->items, i);
      const DynoPvvItem *twin = find_twin (other, item);

      if (find_twin (self->frame, item) == NULL && twin != NULL
          && !g_bytes_equal (item->table->bytes, twin->table->bytes))
        return refuse (error, item);
    }

  return TRUE;
}

DynoPvvMerge *
dyno_pvv_merge (const DynoPvv  *base,
                const DynoPvv  *ours,
                const DynoPvv  *theirs,
                DynoMergePrefer prefer,
                GError        **error)
{
  g_autoptr(DynoPvvMerge) merge = g_new0 (DynoPvvMerge, 1);
  Work work = { merge, base, ours, theirs, choose_frame (base, ours, theirs), prefer };
  g_autoptr(GPtrArray) items = g_ptr_array_new_with_free_func ((GDestroyNotify) g_bytes_unref);

  merge->conflicts = g_array_new (FALSE, FALSE, sizeof (DynoPvvConflict));
  g_array_set_clear_func (merge->conflicts, conflict_clear);
  if (work.frame == NULL)
    {
      refuse (error, NULL);
      return NULL;
    }
  if (!check_dropped (&work, error))
    return NULL;
  for (guint i = 0; i < work.frame->items->len; i++)
    {
      GBytes *bytes = NULL;

      if (!merge_item (&work, work.frame->items->pdata[i], &bytes, error))
        return NULL;
      g_ptr_array_add (items, bytes);
    }
  if (merge->conflicts->len == 0)
    merge->merged = dyno_pvv_replace (work.frame, (GBytes *const *) items->pdata);

  return g_steal_pointer (&merge);
}
