/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

#include "config.h"

#include "dyno-tune-private.h"

#include "dyno-crypt.h"
#include "dyno-error.h"

/* A change becomes true: in one transaction of the store, or as files
 * (dyno-tune-apply-files.c); part of dyno-tune.h. */

/* May it */

static gboolean
is_as_shown (const DynoTuneRequest *request,
             const DynoTunePreview *preview,
             GError               **error)
{
  if (request->preview_sha256 == NULL
      || g_str_equal (request->preview_sha256, preview->change->preview_sha256))
    return TRUE;

  dyno_error_set (error, DYNO_ERROR_CONFLICT, "PREVIEW_CHANGED",
                  "The table or the correction is not what was shown any more. Look at the new "
                  "preview.");

  return FALSE;
}

static gboolean
is_open (const DynoChange *change,
         GError          **error)
{
  g_autoptr(GString) codes = g_string_new (NULL);
  const DynoChangeBlock *first;

  if (change->blocks->len == 0)
    return TRUE;
  first = g_ptr_array_index (change->blocks, 0);
  for (guint i = 0; i < change->blocks->len; i++)
    {
      const DynoChangeBlock *block = g_ptr_array_index (change->blocks, i);

      g_string_append_printf (codes, "%s%s", i > 0 ? ", " : "", block->code);
      if (block->n_cells > 0)
        g_string_append_printf (codes, " (%u cells)", block->n_cells);
    }
  dyno_error_set (error, DYNO_ERROR_CONFLICT, "CHANGE_BLOCKED", "Nothing was applied: %s. %s",
                  codes->str, first->text);

  return FALSE;
}

static gboolean
changes_anything (const DynoChange *change,
                  GError          **error)
{
  if (dyno_change_n_changed (change) > 0)
    return TRUE;

  dyno_error_set (error, DYNO_ERROR_CONFLICT, "unchanged",
                  "No cell would be other than it is: what is left of the correction rounds to "
                  "the numbers that stand there.");

  return FALSE;
}

/* Was it done before */

static gboolean
was_undone (GPtrArray  *changes,
            const char *id)
{
  for (guint i = 0; i < changes->len; i++)
    {
      if (g_strcmp0 (((DynoChangeRecord *) changes->pdata[i])->undoes, id) == 0)
        return TRUE;
    }

  return FALSE;
}

static gboolean
has_fingerprint (const DynoChangeRecord *change,
                 const char             *fingerprint)
{
  g_autoptr(DynoJson) data
      = dyno_json_parse_limited (change->data, -1, &dyno_json_limits_own, NULL);

  return fingerprint != NULL
         && g_strcmp0 (dyno_json_get_string (data, "fingerprint"), fingerprint) == 0;
}

static DynoAnalysisRecord *
load_analysis (const DynoErrand *errand,
               const char       *id)
{
  DynoStore *store = errand->shop->store;

  if (id == NULL)
    return NULL;
  dyno_store_get_analysis_async (store, id, NULL, dyno_await_cb, errand->await);

  return dyno_store_get_analysis_finish (store, dyno_await_wait (errand->await), NULL);
}

/* The same runs under the same options. On the changed table they were analysed again, so
 * that their fingerprints differ; what they ask for is in the table all the same. */
static gboolean
is_of_same_runs (const DynoErrand         *errand,
                 const DynoChangeRecord   *old,
                 const DynoAnalysisRecord *present)
{
  g_autoptr(DynoAnalysisRecord) earlier
    = present != NULL ? load_analysis (errand, old->analysis_id) : NULL;

  return earlier != NULL
         && g_strv_equal ((const char *const *) earlier->run_ids,
                          (const char *const *) present->run_ids)
         && g_strcmp0 (earlier->options, present->options) == 0;
}

/* The same correction twice is a mistake, unless it was taken back between. */
static gboolean
is_new (const DynoErrand  *errand,
        const char        *table_id,
        const DynoChange  *change,
        GError           **error)
{
  DynoStore *store = errand->shop->store;
  g_autoptr(DynoAnalysisRecord) analysis = load_analysis (errand, change->result_id);
  g_autoptr(GPtrArray) changes = NULL;

  dyno_store_list_changes_async (store, table_id, NULL, NULL, dyno_await_cb, errand->await);
  changes = dyno_store_list_changes_finish (store, dyno_await_wait (errand->await), error);
  if (changes == NULL)
    return FALSE;
  for (guint i = 0; i < changes->len; i++)
    {
      const DynoChangeRecord *old = g_ptr_array_index (changes, i);

      if (old->kind != DYNO_CHANGE_RECORD_APPLY || was_undone (changes, old->id)
          || !(has_fingerprint (old, change->fingerprint)
               || is_of_same_runs (errand, old, analysis)))
        continue;
      dyno_error_set (error, DYNO_ERROR_CONFLICT, "ALREADY_APPLIED",
                      "This correction was applied to the table before (%s). Make new runs, or "
                      "roll that back first.",
                      old->id);
      return FALSE;
    }

  return TRUE;
}

/* Before anything else forbids it: what is in the table already says most. */
static gboolean
are_new (const DynoErrand      *errand,
         const DynoTuneSubject *subject,
         const DynoChange      *change,
         GError               **error)
{
  for (guint i = 0; i < subject->n_tables; i++)
    {
      if (subject->records[i] != NULL
          && !is_new (errand, subject->records[i]->id, change, error))
        return FALSE;
    }

  return TRUE;
}

static gboolean
may_apply (const DynoErrand      *errand,
           const DynoTuneRequest *request,
           const DynoTuneSubject *subject,
           const DynoTunePreview *preview,
           GError               **error)
{
  const DynoTableRecord *first = subject->records[preview->lead];

  return (first == NULL || dyno_tune_is_as_seen (first, request->shown_version, error))
         && is_as_shown (request, preview, error)
         && are_new (errand, subject, preview->change, error) && is_open (preview->change, error)
         && changes_anything (preview->change, error);
}

/* Into the store */

static void
take_sums (DynoChangeMetadata    *metadata,
           const DynoChangeTable *table)
{
  metadata->bytes_before = dyno_table_bytes_sha256 (table->base);
  metadata->content_before = dyno_table_content_sha256 (table->base);
  metadata->bytes_after = dyno_table_bytes_sha256 (table->after);
  metadata->content_after = dyno_table_content_sha256 (table->after);
}

DynoChangeMetadata *
dyno_tune_describe (const DynoTuneApplying *self,
                    guint                   first,
                    guint                   end)
{
  DynoChangeMetadata *metadata = dyno_change_metadata_of (self->preview->change, first, end);

  metadata->group = g_strdup (self->group);
  metadata->applied_at = g_strdup (self->now);
  metadata->comment = g_strdup (self->request->comment != NULL ? self->request->comment : "");
  metadata->user = g_strdup (self->request->made_by != NULL ? self->request->made_by
                                                            : DYNO_TUNE_OWNER);
  metadata->form = g_strdup (self->preview->change->tables[first]->base->form->name);

  return metadata;
}

static DynoChangeRecord *
make_row (const DynoTuneApplying *self,
          guint           index)
{
  const DynoChangeTable *table = self->preview->change->tables[index];
  g_autoptr(DynoChangeMetadata) metadata = dyno_tune_describe (self, index, index + 1);
  DynoChangeRecord *row = dyno_tune_make_change (self->preview->targets[index].table_id,
                                                 DYNO_CHANGE_RECORD_APPLY, table->base,
                                                 table->after);

  take_sums (metadata, table);
  for (guint i = 0; i < self->preview->change->n_tables; i++)
    {
      if (self->preview->change->tables[i]->n_changed > 0)
        g_ptr_array_add (metadata->table_ids, g_strdup (self->preview->targets[i].table_id));
    }
  row->made_by = g_strdup (metadata->user);
  row->comment = g_strdup (metadata->comment);
  row->analysis_id = g_strdup (metadata->result_id);
  row->cells_changed = (int) table->set->edits->len;
  row->data = dyno_change_metadata_to_json (metadata);

  return row;
}

static GPtrArray *
apply_in_store (const DynoTuneApplying        *self,
                const DynoTuneSubject *subject,
                GError               **error)
{
  const DynoChange *change = self->preview->change;
  g_autoptr(GPtrArray) rows
    = g_ptr_array_new_with_free_func ((GDestroyNotify) dyno_change_record_free);

  for (guint i = 0; i < change->n_tables; i++)
    {
      if (change->tables[i]->n_changed == 0)
        continue;
      g_ptr_array_add (rows, make_row (self, i));
    }

  return dyno_tune_add_changes (self->errand, g_steal_pointer (&rows),
                                subject->records[0]->vehicle_id, error);
}

/* All of it */

DynoTuneApplied *
dyno_tune_apply (const DynoErrand      *errand,
                 const DynoTuneRequest *request,
                 GError               **error)
{
  g_autoptr(DynoTuneSubject) subject = NULL;
  g_autoptr(DynoTunePreview) preview = dyno_tune_preview_make (errand, request, &subject, error);
  g_autoptr(DynoTuneApplied) applied = NULL;
  g_autofree char *group = dyno_crypt_new_id ("chg");
  g_autofree char *now = dyno_tune_now (errand);
  DynoTuneApplying self = { errand, request, preview, group, now };

  if (preview == NULL || !may_apply (errand, request, subject, preview, error))
    return NULL;
  applied = g_new0 (DynoTuneApplied, 1);
  applied->preview = g_steal_pointer (&preview);
  applied->made_ms = dyno_clock_real_us (errand->shop->clock) / 1000;
  applied->files = g_ptr_array_new_with_free_func (g_free);
  if (subject->n_files > 0)
    applied->changes = dyno_tune_apply_in_files (&self, subject, applied->files, error)
                           ? g_ptr_array_new ()
                           : NULL;
  else
    applied->changes = apply_in_store (&self, subject, error);

  return applied->changes != NULL ? g_steal_pointer (&applied) : NULL;
}

static gpointer
apply (const DynoErrand *errand,
       gpointer          data,
       GError          **error)
{
  return dyno_tune_apply (errand, data, error);
}

static const DynoOperation apply_operation = { "tune-apply", apply,
                                               (GDestroyNotify) dyno_tune_applied_free, FALSE };

void
dyno_tune_apply_async (DynoShop            *shop,
                       DynoTuneRequest     *request,
                       GCancellable        *cancellable,
                       GAsyncReadyCallback  callback,
                       gpointer             user_data)
{
  dyno_operation_start (shop, &apply_operation, request, (GDestroyNotify) dyno_tune_request_free,
                        cancellable, callback, user_data);
}

DynoTuneApplied *
dyno_tune_apply_finish (GAsyncResult *result,
                        GError      **error)
{
  return dyno_operation_finish (result, &apply_operation, error);
}
