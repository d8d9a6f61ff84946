/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

#include "config.h"

#include "dyno-tune-private.h"

#include <string.h>

#include "dyno-error.h"

/* The bytes before a change are there again; part of dyno-tune.h. Nothing is computed:
 * the bytes were kept. */

typedef struct
{
  char *change_id; /* (owned) */
  char *comment;   /* (owned) (nullable) */
  char *made_by;   /* (owned) (nullable) */
  char *table_id;  /* (owned) (nullable) that the asker has seen, */
  int   version;   /* in this version */
} Order;

static void
order_free (gpointer data)
{
  Order *order = data;

  g_free (order->change_id);
  g_free (order->comment);
  g_free (order->made_by);
  g_free (order->table_id);
  g_free (order);
}

/* Which changes */

static DynoChangeRecord *
load_change (const DynoErrand *errand,
             const char       *id,
             GError          **error)
{
  DynoStore *store = errand->shop->store;

  dyno_store_get_change_async (store, id, errand->cancellable, dyno_await_cb, errand->await);

  return dyno_store_get_change_finish (store, dyno_await_wait (errand->await), error);
}

static GPtrArray *
list_changes (const DynoErrand *errand,
              const char       *table_id,
              GError          **error)
{
  DynoStore *store = errand->shop->store;

  dyno_store_list_changes_async (store, table_id, NULL, errand->cancellable, dyno_await_cb,
                                 errand->await);

  return dyno_store_list_changes_finish (store, dyno_await_wait (errand->await), error);
}

static DynoChangeMetadata *
read_metadata (const DynoChangeRecord *change)
{
  g_autoptr(GBytes) bytes = g_bytes_new (change->data, strlen (change->data));

  return dyno_change_metadata_parse (bytes, NULL);
}

static gboolean
may_undo (const DynoErrand       *errand,
          const DynoChangeRecord *change,
          GError                **error)
{
  g_autoptr(GPtrArray) changes = NULL;

  if (change->kind != DYNO_CHANGE_RECORD_APPLY && change->kind != DYNO_CHANGE_RECORD_MERGE)
    {
      dyno_error_set (error, DYNO_ERROR_CONFLICT, "not_an_apply",
                      "%s is no change that was applied. To go back to another state restore that "
                      "version of the table.",
                      change->id);
      return FALSE;
    }
  changes = list_changes (errand, change->table_id, error);
  for (guint i = 0; changes != NULL && i < changes->len; i++)
    {
      const DynoChangeRecord *later = g_ptr_array_index (changes, i);

      if (g_strcmp0 (later->undoes, change->id) != 0)
        continue;
      dyno_error_set (error, DYNO_ERROR_CONFLICT, "already_rolled_back",
                      "%s was rolled back before, by %s.", change->id, later->id);
      return FALSE;
    }

  return changes != NULL;
}

/* The row of another table that belongs to the same change. */
static DynoChangeRecord *
find_partner (const DynoErrand *errand,
              const char       *table_id,
              const char       *group,
              GError          **error)
{
  g_autoptr(GPtrArray) changes = list_changes (errand, table_id, error);

  for (guint i = 0; changes != NULL && i < changes->len; i++)
    {
      DynoChangeRecord *row = g_ptr_array_index (changes, i);
      g_autoptr(DynoChangeMetadata) metadata = NULL;

      if (row->kind != DYNO_CHANGE_RECORD_APPLY)
        continue;
      metadata = read_metadata (row);
      if (metadata != NULL && g_strcmp0 (metadata->group, group) == 0)
        return g_ptr_array_steal_index (changes, i);
    }
  if (changes != NULL)
    dyno_error_set (error, DYNO_ERROR_CORRUPT, NULL,
                    "The other table of this change has no row of it.");

  return NULL;
}

/* The change and those of its other tables, front first as it was applied. (transfer
 * full) */
static GPtrArray *
find_all (const DynoErrand *errand,
          const char       *change_id,
          GError          **error)
{
  g_autoptr(GPtrArray) all
    = g_ptr_array_new_with_free_func ((GDestroyNotify) dyno_change_record_free);
  g_autoptr(DynoChangeRecord) named = load_change (errand, change_id, error);
  g_autoptr(DynoChangeMetadata) metadata = named != NULL ? read_metadata (named) : NULL;

  if (named == NULL)
    return NULL;
  for (guint i = 0; metadata != NULL && i < metadata->table_ids->len; i++)
    {
      const char *table_id = g_ptr_array_index (metadata->table_ids, i);
      DynoChangeRecord *row = named != NULL && g_str_equal (table_id, named->table_id)
                                ? g_steal_pointer (&named)
                                : find_partner (errand, table_id, metadata->group, error);

      if (row == NULL)
        return NULL;
      g_ptr_array_add (all, row);
    }
  if (named != NULL)
    g_ptr_array_add (all, g_steal_pointer (&named));

  return g_steal_pointer (&all);
}

/* One table */

/* The three states of a change. */
typedef struct
{
  DynoTableRecord *base;    /* (owned) */
  DynoTableRecord *applied; /* (owned) */
  DynoTableRecord *current; /* (owned) */
} States;

static void
states_clear (States *self)
{
  g_clear_pointer (&self->base, dyno_table_record_free);
  g_clear_pointer (&self->applied, dyno_table_record_free);
  g_clear_pointer (&self->current, dyno_table_record_free);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (States, states_clear)

static gboolean
load_states (const DynoErrand       *errand,
             const DynoChangeRecord *change,
             States                 *states,
             GError                **error)
{
  states->base = dyno_tune_load_record (errand, change->table_id, change->version_before, error);
  if (states->base != NULL)
    states->applied
        = dyno_tune_load_record (errand, change->table_id, change->version_after, error);
  if (states->applied != NULL)
    states->current = dyno_tune_load_record (errand, change->table_id, 0, error);

  return states->current != NULL;
}

static char *
list_differences (const States *states)
{
  g_autoptr(DynoTable) base = dyno_tune_open_record (states->base, NULL);
  g_autoptr(DynoTable) applied = dyno_tune_open_record (states->applied, NULL);
  g_autoptr(DynoTable) current = dyno_tune_open_record (states->current, NULL);

  if (base == NULL || applied == NULL || current == NULL)
    return g_strdup ("it cannot be read");

  return dyno_change_differences (base, applied, current);
}

/* What is noted of the rolling back, in the words of the change that it undoes. */
static char *
describe (const DynoErrand       *errand,
          const DynoChangeRecord *change,
          const States           *states,
          const Order            *order)
{
  g_autoptr(DynoChangeMetadata) metadata = dyno_change_metadata_new ();

  metadata->is_rollback = TRUE;
  metadata->change_id = g_strdup (change->id);
  metadata->applied_at = dyno_tune_now (errand);
  metadata->tool_version = g_strdup (DYNO_VERSION);
  metadata->comment = g_strdup (order->comment);
  metadata->user = g_strdup (order->made_by);
  metadata->bytes_before = g_strdup (states->applied->bytes_sha256);
  metadata->content_before = g_strdup (states->applied->content_sha256);
  metadata->bytes_after = g_strdup (states->base->bytes_sha256);
  metadata->content_after = g_strdup (states->base->content_sha256);
  metadata->cells_changed = (guint) change->cells_changed;

  return dyno_change_metadata_to_json (metadata);
}

static DynoChangeRecord *
make_row (const DynoErrand       *errand,
          const DynoChangeRecord *change,
          const States           *states,
          const Order            *order)
{
  DynoChangeRecord *row = g_new0 (DynoChangeRecord, 1);

  row->table_id = g_strdup (change->table_id);
  row->kind = DYNO_CHANGE_RECORD_ROLLBACK;
  row->made_by = g_strdup (order->made_by != NULL ? order->made_by : DYNO_TUNE_OWNER);
  row->analysis_id = g_strdup (change->analysis_id);
  row->undoes = g_strdup (change->id);
  row->sha256_before = g_strdup (states->current->content_sha256);
  row->sha256_after = g_strdup (states->base->content_sha256);
  row->cells_changed = change->cells_changed;
  row->comment = g_strdup (order->comment != NULL ? order->comment : "");
  row->data = describe (errand, change, states, order);
  row->bytes_after = g_bytes_ref (states->base->bytes);

  return row;
}

static DynoChangeRecord *
undo_one (const DynoErrand       *errand,
          const DynoChangeRecord *change,
          const Order            *order,
          States                 *states,
          GError                **error)
{
  g_autoptr(DynoChangeMetadata) metadata = read_metadata (change);
  g_autofree char *differences = NULL;
  g_autoptr(GBytes) base = NULL;
  DynoAnalysisError *cause = NULL;

  if (!may_undo (errand, change, error) || !load_states (errand, change, states, error))
    return NULL;
  differences = list_differences (states);
  base = dyno_change_undo (states->base->bytes,
                           metadata != NULL ? metadata->bytes_before : states->base->bytes_sha256,
                           states->current->bytes, states->applied->bytes_sha256, differences,
                           &cause);
  if (base != NULL)
    return make_row (errand, change, states, order);
  dyno_tune_set_error (error, cause, "changed_since");

  return NULL;
}

/* All of it */

static void
take_sums (DynoTuneRestored *self,
           GPtrArray        *before,
           GPtrArray        *after)
{
  self->sha256_before = dyno_tune_sum_of_sums ((const char *const *) before->pdata, before->len);
  self->sha256_after = dyno_tune_sum_of_sums ((const char *const *) after->pdata, after->len);
}

/* The table that was named is one of the change, in the version that was seen. */
static gboolean
is_as_seen (const DynoErrand *errand,
            const Order      *order,
            GPtrArray        *all,
            GError          **error)
{
  g_autoptr(DynoTableRecord) current = NULL;
  guint i = 0;

  if (order->table_id == NULL)
    return TRUE;
  while (i < all->len
         && !g_str_equal (((DynoChangeRecord *) all->pdata[i])->table_id, order->table_id))
    i++;
  if (i == all->len)
    {
      dyno_error_set (error, DYNO_ERROR_NOT_FOUND, NULL, "%s is no change of this table.",
                      order->change_id);
      return FALSE;
    }
  current = dyno_tune_load_record (errand, order->table_id, 0, error);

  return current != NULL && dyno_tune_is_as_seen (current, order->version, error);
}

static gpointer
roll_back (const DynoErrand *errand,
           gpointer          data,
           GError          **error)
{
  const Order *order = data;
  g_autoptr(GPtrArray) all = find_all (errand, order->change_id, error);
  g_autoptr(GPtrArray) rows
    = g_ptr_array_new_with_free_func ((GDestroyNotify) dyno_change_record_free);
  g_autoptr(GPtrArray) before = g_ptr_array_new_with_free_func (g_free);
  g_autoptr(GPtrArray) after = g_ptr_array_new_with_free_func (g_free);
  g_autofree char *vehicle_id = NULL;
  g_autoptr(DynoTuneRestored) restored = g_new0 (DynoTuneRestored, 1);

  if (all == NULL || !is_as_seen (errand, order, all, error))
    return NULL;
  for (guint i = 0; i < all->len; i++)
    {
      g_auto(States) states = { 0 };
      DynoChangeRecord *row = undo_one (errand, all->pdata[i], order, &states, error);

      if (row == NULL)
        return NULL;
      g_ptr_array_add (rows, row);
      g_ptr_array_add (before, g_strdup (states.current->bytes_sha256));
      g_ptr_array_add (after, g_strdup (states.base->bytes_sha256));
      g_free (vehicle_id);
      vehicle_id = g_strdup (states.current->vehicle_id);
      g_free (restored->restored);
      restored->restored = g_strdup_printf ("%d", states.base->version);
    }
  take_sums (restored, before, after);
  restored->changes = dyno_tune_add_changes (errand, g_steal_pointer (&rows), vehicle_id, error);

  return restored->changes != NULL ? g_steal_pointer (&restored) : NULL;
}

static const DynoOperation rollback_operation = { "tune-rollback", roll_back,
                                                  (GDestroyNotify) dyno_tune_restored_free, TRUE };

static Order *
order_new (const char *change_id,
           const char *comment,
           const char *made_by)
{
  Order *order = g_new0 (Order, 1);

  order->change_id = g_strdup (change_id);
  order->comment = g_strdup (comment);
  order->made_by = g_strdup (made_by);

  return order;
}

DynoTuneRestored *
dyno_tune_rollback (const DynoErrand *errand,
                    const char       *change_id,
                    const char       *comment,
                    const char       *made_by,
                    GError          **error)
{
  Order *order = order_new (change_id, comment, made_by);
  DynoTuneRestored *restored = roll_back (errand, order, error);

  order_free (order);

  return restored;
}

void
dyno_tune_rollback_async (DynoShop            *shop,
                          const char          *change_id,
                          const char          *comment,
                          const char          *made_by,
                          GCancellable        *cancellable,
                          GAsyncReadyCallback  callback,
                          gpointer             user_data)
{
  dyno_operation_start (shop, &rollback_operation, order_new (change_id, comment, made_by),
                        order_free, cancellable, callback, user_data);
}

void
dyno_tune_rollback_shown_async (DynoShop            *shop,
                                const char          *table_id,
                                int                  shown_version,
                                const char          *change_id,
                                const char          *comment,
                                const char          *made_by,
                                GCancellable        *cancellable,
                                GAsyncReadyCallback  callback,
                                gpointer             user_data)
{
  Order *order = order_new (change_id, comment, made_by);

  order->table_id = g_strdup (table_id);
  order->version = shown_version;
  dyno_operation_start (shop, &rollback_operation, order, order_free, cancellable, callback,
                        user_data);
}

DynoTuneRestored *
dyno_tune_rollback_finish (GAsyncResult *result,
                           GError      **error)
{
  return dyno_operation_finish (result, &rollback_operation, error);
}
