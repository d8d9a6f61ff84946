/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

#include "config.h"

#include "dyno-tune-private.h"

#include <math.h>

#include "dyno-crypt.h"
#include "dyno-error.h"

/* A tune that was edited in two places; part of dyno-tune.h. */

DynoTuneMergeRequest *
dyno_tune_merge_request_new (void)
{
  DynoTuneMergeRequest *self = g_new0 (DynoTuneMergeRequest, 1);

  self->choices = g_array_new (FALSE, FALSE, sizeof (DynoMergeChoice));

  return self;
}

void
dyno_tune_merge_request_free (DynoTuneMergeRequest *self)
{
  if (self == NULL)
    return;

  g_free (self->base);
  g_free (self->ours);
  g_free (self->theirs);
  g_array_unref (self->choices);
  g_free (self->output);
  g_free (self->made_by);
  g_free (self->comment);
  g_free (self);
}

static void
conflict_clear (gpointer data)
{
  g_free (((DynoPvvConflict *) data)->item);
}

static DynoTuneMerged *
merged_new (void)
{
  DynoTuneMerged *self = g_new0 (DynoTuneMerged, 1);

  self->conflicts = g_array_new (FALSE, FALSE, sizeof (DynoPvvConflict));
  g_array_set_clear_func (self->conflicts, conflict_clear);

  return self;
}

void
dyno_tune_merged_free (DynoTuneMerged *self)
{
  if (self == NULL)
    return;

  g_array_unref (self->conflicts);
  g_free (self->sha256_after);
  dyno_change_record_free (self->change);
  g_free (self);
}

static void
add_conflicts (DynoTuneMerged  *self,
               const char      *item,
               const DynoMerge *merge)
{
  for (guint i = 0; i < merge->conflicts->len; i++)
    {
      DynoPvvConflict conflict = { g_strdup (item), 0,
                                   g_array_index (merge->conflicts, DynoMergeConflict, i) };

      g_array_append_val (self->conflicts, conflict);
    }
}

static guint
count_changed (const DynoTable *from,
               const DynoTable *to)
{
  guint n = 0;

  for (guint i = 0; i < dyno_table_n_cells (from); i++)
    n += from->cells[i].value != to->cells[i].value
         && !(isnan (from->cells[i].value) && isnan (to->cells[i].value));

  return n;
}

/* Files */

static gboolean
write_output (const DynoTuneMergeRequest *request,
              GBytes                     *bytes,
              DynoTuneMerged             *self,
              GError                    **error)
{
  self->sha256_after = dyno_crypt_sha256_hex (g_bytes_get_data (bytes, NULL),
                                              g_bytes_get_size (bytes));

  return request->dry_run || request->output == NULL
         || dyno_tune_write_bytes (request->output, bytes, error);
}

/* Axes and cells of whole tunes. */
static gboolean
merge_tunes (const DynoTuneMergeRequest *request,
             const DynoTuneFile         *base,
             const DynoTuneFile         *ours,
             const DynoTuneFile         *theirs,
             DynoTuneMerged             *self,
             GError                    **error)
{
  g_autoptr(DynoPvvMerge) merge = dyno_pvv_merge (base->pvv, ours->pvv, theirs->pvv,
                                                  request->prefer, error);

  if (merge == NULL)
    return FALSE;
  self->n_changed = merge->n_changed;
  for (guint i = 0; i < merge->conflicts->len; i++)
    {
      DynoPvvConflict conflict = g_array_index (merge->conflicts, DynoPvvConflict, i);

      conflict.item = g_strdup (conflict.item);
      g_array_append_val (self->conflicts, conflict);
    }

  return merge->merged == NULL || write_output (request, merge->merged, self, error);
}

static DynoMerge *
merge_tables (const DynoTuneMergeRequest *request,
              const DynoTable            *base,
              const DynoTable            *ours,
              const DynoTable            *theirs,
              GError                    **error)
{
  DynoAnalysisError *cause = NULL;
  DynoMerge *merge = dyno_merge_tables (base, ours, theirs, request->prefer, request->choices,
                                        &cause);

  if (merge == NULL)
    dyno_tune_set_error (error, cause, "blank");

  return merge;
}

static gboolean
merge_csv (const DynoTuneMergeRequest *request,
           const DynoTuneFile         *base,
           const DynoTuneFile         *ours,
           const DynoTuneFile         *theirs,
           DynoTuneMerged             *self,
           GError                    **error)
{
  const DynoTable *table = ours->tables->pdata[0];
  g_autoptr(DynoMerge) merge = merge_tables (request, base->tables->pdata[0], table,
                                             theirs->tables->pdata[0], error);

  if (merge == NULL)
    return FALSE;
  add_conflicts (self, "table", merge);
  if (merge->merged == NULL)
    return TRUE;
  self->n_changed = count_changed (table, merge->merged);

  return write_output (request, merge->merged->bytes, self, error);
}

static DynoTuneMerged *
merge_files (const DynoErrand           *errand,
             const DynoTuneMergeRequest *request,
             GError                    **error)
{
  g_autoptr(DynoTuneMerged) self = merged_new ();
  g_autoptr(DynoTuneFile) base = dyno_tune_file_read (request->base, errand->cancellable, error);
  g_autoptr(DynoTuneFile) ours = NULL;
  g_autoptr(DynoTuneFile) theirs = NULL;
  guint n_tunes;
  gboolean is_done;

  if (base != NULL)
    ours = dyno_tune_file_read (request->ours, errand->cancellable, error);
  if (ours != NULL)
    theirs = dyno_tune_file_read (request->theirs, errand->cancellable, error);
  if (theirs == NULL)
    return NULL;
  n_tunes = (base->pvv != NULL) + (ours->pvv != NULL) + (theirs->pvv != NULL);
  if (n_tunes == 0)
    is_done = merge_csv (request, base, ours, theirs, self, error);
  else if (n_tunes == 3)
    is_done = merge_tunes (request, base, ours, theirs, self, error);
  else
    {
      dyno_error_set (error, DYNO_ERROR_INVALID, "pvv_axes",
                      "All three must be tunes, or all three tables.");
      is_done = FALSE;
    }

  return is_done ? g_steal_pointer (&self) : NULL;
}

/* The store */

/* The same table of another place: by its id, or by its name in a file. */
static DynoTable *
load_theirs (const DynoErrand *errand,
             const char       *theirs,
             const DynoTable  *ours,
             GError          **error)
{
  g_autoptr(DynoTuneFile) file = NULL;
  g_autoptr(DynoTableRecord) record = NULL;
  int place = 0;

  if (dyno_crypt_is_id (theirs, "tbl"))
    {
      record = dyno_tune_load_record (errand, theirs, 0, error);
      return record != NULL ? dyno_tune_open_record (record, error) : NULL;
    }
  file = dyno_tune_file_read (theirs, errand->cancellable, error);
  if (file == NULL)
    return NULL;
  if (file->pvv != NULL)
    place = dyno_tune_file_find_name (file, ours->name, error);

  return place >= 0 ? dyno_table_ref (file->tables->pdata[place]) : NULL;
}

static gboolean
keep_merge (const DynoErrand           *errand,
            const DynoTuneMergeRequest *request,
            const DynoTableRecord      *record,
            const DynoTable            *ours,
            const DynoTable            *merged,
            DynoTuneMerged             *self,
            GError                    **error)
{
  g_autoptr(GPtrArray) rows
    = g_ptr_array_new_with_free_func ((GDestroyNotify) dyno_change_record_free);
  DynoChangeRecord *row = dyno_tune_make_change (record->id, DYNO_CHANGE_RECORD_MERGE, ours,
                                                 merged);
  g_autoptr(GPtrArray) kept = NULL;

  row->made_by = g_strdup (request->made_by != NULL ? request->made_by : DYNO_TUNE_OWNER);
  row->comment = g_strdup (request->comment != NULL ? request->comment : "");
  row->cells_changed = (int) self->n_changed;
  g_ptr_array_add (rows, row);
  kept = dyno_tune_add_changes (errand, g_steal_pointer (&rows), record->vehicle_id, error);
  if (kept == NULL)
    return FALSE;
  self->change = g_ptr_array_steal_index (kept, 0);

  return TRUE;
}

static DynoTuneMerged *
merge_kept (const DynoErrand           *errand,
            const DynoTuneMergeRequest *request,
            GError                    **error)
{
  g_autoptr(DynoTuneMerged) self = merged_new ();
  g_autoptr(DynoTableRecord) base_record
    = dyno_tune_load_record (errand, request->ours, MAX (request->base_version, 1), error);
  g_autoptr(DynoTableRecord) record = NULL;
  g_autoptr(DynoTable) base = NULL;
  g_autoptr(DynoTable) ours = NULL;
  g_autoptr(DynoTable) theirs = NULL;
  g_autoptr(DynoMerge) merge = NULL;

  if (base_record != NULL)
    record = dyno_tune_load_record (errand, request->ours, 0, error);
  if (record != NULL && dyno_tune_is_as_seen (record, request->shown_version, error))
    base = dyno_tune_open_record (base_record, error);
  if (base != NULL)
    ours = dyno_tune_open_record (record, error);
  if (ours != NULL)
    theirs = load_theirs (errand, request->theirs, ours, error);
  if (theirs != NULL)
    merge = merge_tables (request, base, ours, theirs, error);
  if (merge == NULL)
    return NULL;
  add_conflicts (self, ours->name, merge);
  if (merge->merged == NULL)
    return g_steal_pointer (&self);
  self->n_changed = count_changed (ours, merge->merged);
  self->sha256_after = dyno_table_bytes_sha256 (merge->merged);
  if (!request->dry_run && self->n_changed > 0
      && !keep_merge (errand, request, record, ours, merge->merged, self, error))
    return NULL;

  return g_steal_pointer (&self);
}

static gpointer
merge (const DynoErrand *errand,
       gpointer          data,
       GError          **error)
{
  const DynoTuneMergeRequest *request = data;

  return dyno_crypt_is_id (request->ours, "tbl") ? merge_kept (errand, request, error)
                                                 : merge_files (errand, request, error);
}

static const DynoOperation merge_operation = { "tune-merge", merge,
                                               (GDestroyNotify) dyno_tune_merged_free, FALSE };

void
dyno_tune_merge_async (DynoShop             *shop,
                       DynoTuneMergeRequest *request,
                       GCancellable         *cancellable,
                       GAsyncReadyCallback   callback,
                       gpointer              user_data)
{
  dyno_operation_start (shop, &merge_operation, request,
                        (GDestroyNotify) dyno_tune_merge_request_free, cancellable, callback,
                        user_data);
}

DynoTuneMerged *
dyno_tune_merge_finish (GAsyncResult *result,
                        GError      **error)
{
  return dyno_operation_finish (result, &merge_operation, error);
}
