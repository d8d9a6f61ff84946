/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

#include "config.h"

#include "dyno-tune-private.h"

#include <string.h>

#include "dyno-crypt.h"
#include "dyno-error.h"

/* A change becomes true: in one transaction of the store, or as files; part of
 * dyno-tune.h. */

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

static gboolean
may_apply (const DynoTuneRequest *request,
           const DynoTunePreview *preview,
           GError               **error)
{
  return is_as_shown (request, preview, error) && is_open (preview->change, error)
         && changes_anything (preview->change, error);
}

/* Into the store */

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
  g_autoptr(DynoJson) data = dyno_json_parse_limited (change->data, -1, &dyno_json_limits_own, NULL);

  return fingerprint != NULL
         && g_strcmp0 (dyno_json_get_string (data, "fingerprint"), fingerprint) == 0;
}

/* The same correction twice is a mistake, unless it was taken back between. */
static gboolean
is_new (const DynoErrand  *errand,
        const char        *table_id,
        const DynoChange  *change,
        GError           **error)
{
  DynoStore *store = errand->shop->store;
  g_autoptr(GPtrArray) changes = NULL;

  dyno_store_list_changes_async (store, table_id, NULL, NULL, dyno_await_cb, errand->await);
  changes = dyno_store_list_changes_finish (store, dyno_await_wait (errand->await), error);
  if (changes == NULL)
    return FALSE;
  for (guint i = 0; i < changes->len; i++)
    {
      const DynoChangeRecord *old = g_ptr_array_index (changes, i);

      if (old->kind != DYNO_CHANGE_RECORD_APPLY || was_undone (changes, old->id)
          || !has_fingerprint (old, change->fingerprint))
        continue;
      dyno_error_set (error, DYNO_ERROR_CONFLICT, "ALREADY_APPLIED",
                      "This correction was applied to the table before (%s). Make new runs, or "
                      "roll that back first.",
                      old->id);
      return FALSE;
    }

  return TRUE;
}

/* What the rows of one change share. */
typedef struct
{
  const DynoErrand      *errand;
  const DynoTuneRequest *request;
  const DynoTunePreview *preview;
  char                  *group; /* (owned) */
  char                  *now;   /* (owned) */
} Applying;

static void
take_sums (DynoChangeMetadata    *metadata,
           const DynoChangeTable *table)
{
  metadata->bytes_before = dyno_table_bytes_sha256 (table->base);
  metadata->content_before = dyno_table_content_sha256 (table->base);
  metadata->bytes_after = dyno_table_bytes_sha256 (table->after);
  metadata->content_after = dyno_table_content_sha256 (table->after);
}

static DynoChangeMetadata *
describe (const Applying *self,
          guint           first,
          guint           end)
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
make_row (const Applying *self,
          guint           index)
{
  const DynoChangeTable *table = self->preview->change->tables[index];
  g_autoptr(DynoChangeMetadata) metadata = describe (self, index, index + 1);
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
apply_in_store (const Applying        *self,
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
      if (!is_new (self->errand, subject->records[i]->id, change, error))
        return NULL;
      g_ptr_array_add (rows, make_row (self, i));
    }

  return dyno_tune_add_changes (self->errand, g_steal_pointer (&rows),
                                subject->records[0]->vehicle_id, error);
}

/* Into files */

static gboolean
is_other_file (const char *output,
               const char *source)
{
  g_autoptr(GFile) to = g_file_new_for_commandline_arg (output);
  g_autoptr(GFile) from = g_file_new_for_commandline_arg (source);

  return !g_file_equal (to, from);
}

static gboolean
outputs_are_good (const DynoTuneRequest *request,
                  const DynoTuneSubject *subject,
                  GError               **error)
{
  if (request->outputs->len != subject->n_files)
    {
      dyno_error_set (error, DYNO_ERROR_INVALID, NULL,
                      "Each base file needs an output: %u are there, %u were named.",
                      subject->n_files, request->outputs->len);
      return FALSE;
    }
  for (guint o = 0; o < request->outputs->len; o++)
    {
      for (guint i = 0; i < subject->n_files; i++)
        {
          if (is_other_file (request->outputs->pdata[o], subject->files[i]->path))
            continue;
          dyno_error_set (error, DYNO_ERROR_INVALID, "over_source",
                          "%s is the base itself: write to another file.", subject->files[i]->path);
          return FALSE;
        }
    }

  return TRUE;
}

/* Of all tables of a file. */
static char *
sum_contents (const DynoTuneSubject *subject,
              const DynoChange      *change,
              guint                  file,
              gboolean               is_after)
{
  char *sums[DYNO_CHANGE_TABLES] = { NULL };
  guint n = 0;
  char *sum;

  for (guint i = 0; i < change->n_tables; i++)
    {
      if (subject->file_of[i] == file)
        sums[n++] = dyno_table_content_sha256 (is_after ? change->tables[i]->after
                                                        : change->tables[i]->base);
    }
  sum = dyno_tune_sum_of_sums ((const char *const *) sums, n);
  for (guint i = 0; i < n; i++)
    g_free (sums[i]);

  return sum;
}

static char *
describe_file (const Applying        *self,
               const DynoTuneSubject *subject,
               guint                  file,
               GBytes                *output)
{
  const DynoChange *change = self->preview->change;
  gboolean is_tune = subject->files[file]->pvv != NULL;
  guint first = is_tune ? 0 : subject->file_of[0] == file ? 0 : 1;
  g_autoptr(DynoChangeMetadata) metadata
    = describe (self, first, is_tune ? change->n_tables : first + 1);

  metadata->change_id = g_strdup (self->group);
  metadata->base = g_bytes_ref (subject->files[file]->bytes);
  metadata->bytes_before = g_strdup (subject->files[file]->sha256);
  metadata->content_before = sum_contents (subject, change, file, FALSE);
  metadata->bytes_after = dyno_crypt_sha256_hex (g_bytes_get_data (output, NULL),
                                                 g_bytes_get_size (output));
  metadata->content_after = sum_contents (subject, change, file, TRUE);

  return dyno_change_metadata_to_json (metadata);
}

static char *
metadata_path (const DynoTuneRequest *request,
               guint                  file)
{
  if (request->metadata != NULL && request->outputs->len == 1)
    return g_strdup (request->metadata);

  return g_strconcat (request->outputs->pdata[file], ".change.json", NULL);
}

/* The description first: a table that nobody could take back is not written. */
static gboolean
write_one (const Applying        *self,
           const DynoTuneSubject *subject,
           guint                  file,
           GPtrArray             *files,
           GError               **error)
{
  const char *path = self->request->outputs->pdata[file];
  g_autofree char *metadata = metadata_path (self->request, file);
  g_autoptr(GBytes) output = dyno_tune_subject_output (subject, self->preview->change, file);
  g_autofree char *json = describe_file (self, subject, file, output);
  g_autoptr(GBytes) bytes = g_bytes_new (json, strlen (json));

  if (!is_other_file (metadata, path))
    {
      dyno_error_set (error, DYNO_ERROR_INVALID, "over_source",
                      "Output and its description are both %s.", path);
      return FALSE;
    }
  if (!dyno_tune_write_bytes (metadata, bytes, error) || !dyno_tune_write_bytes (path, output, error))
    return FALSE;
  g_ptr_array_add (files, g_strdup (path));
  g_ptr_array_add (files, g_steal_pointer (&metadata));

  return TRUE;
}

static gboolean
apply_in_files (const Applying        *self,
                const DynoTuneSubject *subject,
                GPtrArray             *files,
                GError               **error)
{
  if (!outputs_are_good (self->request, subject, error))
    return FALSE;
  for (guint i = 0; i < subject->n_files; i++)
    {
      if (!write_one (self, subject, i, files, error))
        return FALSE;
    }

  return TRUE;
}

/* All of it */

static gpointer
apply (const DynoErrand *errand,
       gpointer          data,
       GError          **error)
{
  const DynoTuneRequest *request = data;
  g_autoptr(DynoTuneSubject) subject = NULL;
  g_autoptr(DynoTunePreview) preview = dyno_tune_preview_make (errand, request, &subject, error);
  g_autoptr(DynoTuneApplied) applied = NULL;
  g_autofree char *group = dyno_crypt_new_id ("chg");
  g_autofree char *now = dyno_tune_now (errand);
  Applying self = { errand, request, preview, group, now };

  if (preview == NULL || !may_apply (request, preview, error))
    return NULL;
  applied = g_new0 (DynoTuneApplied, 1);
  applied->preview = g_steal_pointer (&preview);
  applied->made_ms = dyno_clock_real_us (errand->shop->clock) / 1000;
  applied->files = g_ptr_array_new_with_free_func (g_free);
  if (subject->n_files > 0)
    applied->changes = apply_in_files (&self, subject, applied->files, error) ? g_ptr_array_new ()
                                                                              : NULL;
  else
    applied->changes = apply_in_store (&self, subject, error);

  return applied->changes != NULL ? g_steal_pointer (&applied) : NULL;
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
