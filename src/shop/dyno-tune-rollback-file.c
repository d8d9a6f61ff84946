/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

#include "config.h"

#include "dyno-tune-private.h"

#include <string.h>

#include "dyno-crypt.h"
#include "dyno-error.h"

/* Rolling back by the files that applying wrote; part of dyno-tune.h. */

typedef struct
{
  char *current;  /* (owned) path */
  char *metadata; /* (owned) path */
  char *output;   /* (owned) path */
} Order;

static void
order_free (gpointer data)
{
  Order *order = data;

  g_free (order->current);
  g_free (order->metadata);
  g_free (order->output);
  g_free (order);
}

static DynoChangeMetadata *
read_metadata (const DynoErrand *errand,
               const char       *path,
               GError          **error)
{
  g_autoptr(GBytes) bytes = dyno_tune_read_bytes (path, errand->cancellable, error);
  g_autoptr(DynoChangeMetadata) metadata = NULL;
  DynoAnalysisError *cause = NULL;

  if (bytes == NULL)
    return NULL;
  metadata = dyno_change_metadata_parse (bytes, &cause);
  if (metadata == NULL)
    dyno_tune_set_error (error, cause, "tampered");
  else if (metadata->is_rollback)
    dyno_error_set (error, DYNO_ERROR_CONFLICT, "not_an_apply",
                    "%s describes a rolling back; it cannot be rolled back itself.", path);
  else if (metadata->rolled_back_at != NULL)
    dyno_error_set (error, DYNO_ERROR_CONFLICT, "already_rolled_back",
                    "The change in %s was rolled back before, at %s.", path,
                    metadata->rolled_back_at);
  else if (metadata->base == NULL)
    dyno_error_set (error, DYNO_ERROR_INVALID, "BAD_TABLE",
                    "%s does not hold the table as it was before.", path);
  else
    return g_steal_pointer (&metadata);

  return NULL;
}

/* What was done to that table; NULL: nothing. */
static const DynoChangeEdits *
find_edits (const DynoChangeMetadata *metadata,
            const DynoTuneFile       *file,
            const DynoTable          *table)
{
  for (guint i = 0; i < metadata->tables->len; i++)
    {
      const DynoChangeEdits *edits = g_ptr_array_index (metadata->tables, i);

      if (file->pvv == NULL || g_str_equal (edits->name, table->name))
        return edits;
    }

  return NULL;
}

/* Of one table, by its place in both files. (transfer full) (nullable) */
static char *
compare_table (const DynoChangeMetadata *metadata,
               const DynoTuneFile       *base,
               const DynoTuneFile       *current,
               guint                     place)
{
  const DynoTable *before = base->tables->pdata[place];
  const DynoTable *now = current->tables->pdata[place];
  const DynoChangeEdits *edits = find_edits (metadata, base, before);
  g_autoptr(DynoTable) applied = edits != NULL ? dyno_change_edits_replay (edits, before) : NULL;

  return dyno_change_differences (before, applied != NULL ? applied : before, now);
}

/* Which cells are not as they were applied, in all tables. (transfer full) (nullable) */
static char *
list_differences (const DynoChangeMetadata *metadata,
                  GBytes                   *current_bytes)
{
  g_autoptr(DynoTuneFile) base = dyno_tune_file_parse (metadata->base, NULL);
  g_autoptr(DynoTuneFile) current = dyno_tune_file_parse (current_bytes, NULL);
  g_autoptr(GString) all = g_string_new (NULL);

  if (base == NULL || current == NULL || base->tables->len != current->tables->len)
    return g_strdup ("it holds other tables");
  for (guint i = 0; i < base->tables->len; i++)
    {
      const DynoTable *table = base->tables->pdata[i];
      g_autofree char *cells = compare_table (metadata, base, current, i);

      if (cells != NULL)
        g_string_append_printf (all, "%s%s: %s", all->len > 0 ? "; " : "",
                                *table->name != '\0' ? table->name : "VE", cells);
    }

  return all->len > 0 ? g_string_free (g_steal_pointer (&all), FALSE) : NULL;
}

static gboolean
write_all (const DynoErrand         *errand,
           const DynoChangeMetadata *metadata,
           GBytes                   *current,
           const char               *output,
           GError                  **error)
{
  g_autofree char *path = g_strconcat (output, ".change.json", NULL);
  g_autoptr(DynoChangeMetadata) note = dyno_change_metadata_new ();
  g_autofree char *json = NULL;
  g_autoptr(GBytes) bytes = NULL;

  note->is_rollback = TRUE;
  note->change_id = g_strdup (metadata->change_id);
  note->tool_version = g_strdup (DYNO_VERSION);
  note->applied_at = dyno_tune_now (errand);
  note->form = g_strdup (metadata->form);
  note->side = metadata->side;
  note->bytes_before = g_strdup (metadata->bytes_after);
  note->content_before = g_strdup (metadata->content_after);
  note->bytes_after = g_strdup (metadata->bytes_before);
  note->content_after = g_strdup (metadata->content_before);
  note->cells_changed = metadata->cells_changed;
  note->base = g_bytes_ref (current);
  json = dyno_change_metadata_to_json (note);
  bytes = g_bytes_new (json, strlen (json));

  return dyno_tune_write_bytes (output, metadata->base, error)
         && dyno_tune_write_bytes (path, bytes, error);
}

/* So that it is not taken back twice. From a medium that cannot be written the earlier
 * file is worth more than the mark. */
static void
mark_rolled_back (const DynoErrand   *errand,
                  DynoChangeMetadata *metadata,
                  const char         *path)
{
  g_autofree char *json = NULL;
  g_autoptr(GBytes) bytes = NULL;

  metadata->rolled_back_at = dyno_tune_now (errand);
  json = dyno_change_metadata_to_json (metadata);
  bytes = g_bytes_new (json, strlen (json));
  dyno_tune_write_bytes (path, bytes, NULL);
}

static gpointer
roll_back (const DynoErrand *errand,
           gpointer          data,
           GError          **error)
{
  const Order *order = data;
  g_autoptr(DynoChangeMetadata) metadata = read_metadata (errand, order->metadata, error);
  g_autoptr(GBytes) current = NULL;
  g_autoptr(GBytes) base = NULL;
  g_autofree char *differences = NULL;
  DynoAnalysisError *cause = NULL;
  DynoTuneRestored *restored;

  if (metadata == NULL)
    return NULL;
  current = dyno_tune_read_bytes (order->current, errand->cancellable, error);
  if (current == NULL)
    return NULL;
  differences = list_differences (metadata, current);
  base = dyno_change_undo (metadata->base, metadata->bytes_before, current, metadata->bytes_after,
                           differences, &cause);
  if (base == NULL)
    {
      dyno_tune_set_error (error, cause, "changed_since");
      return NULL;
    }
  if (!write_all (errand, metadata, current, order->output, error))
    return NULL;
  mark_rolled_back (errand, metadata, order->metadata);
  restored = g_new0 (DynoTuneRestored, 1);
  restored->changes = g_ptr_array_new ();
  restored->restored = g_strdup (order->output);
  restored->sha256_before = g_strdup (metadata->bytes_after);
  restored->sha256_after = g_strdup (metadata->bytes_before);

  return restored;
}

static const DynoOperation rollback_operation = { "tune-rollback-file", roll_back,
                                                  (GDestroyNotify) dyno_tune_restored_free, FALSE };

void
dyno_tune_rollback_file_async (DynoShop            *shop,
                               const char          *current,
                               const char          *metadata,
                               const char          *output,
                               GCancellable        *cancellable,
                               GAsyncReadyCallback  callback,
                               gpointer             user_data)
{
  Order *order = g_new0 (Order, 1);

  order->current = g_strdup (current);
  order->metadata = g_strdup (metadata);
  order->output = g_strdup (output);
  dyno_operation_start (shop, &rollback_operation, order, order_free, cancellable, callback,
                        user_data);
}

DynoTuneRestored *
dyno_tune_rollback_file_finish (GAsyncResult *result,
                                GError      **error)
{
  return dyno_operation_finish (result, &rollback_operation, error);
}
