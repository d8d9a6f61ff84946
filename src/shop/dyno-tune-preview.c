/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

#include "config.h"

#include "dyno-tune-private.h"

#include "dyno-crypt.h"
#include "dyno-error.h"

/* What a correction would do; part of dyno-tune.h. */

static char *
sum_bytes (GBytes *bytes)
{
  return dyno_crypt_sha256_hex (g_bytes_get_data (bytes, NULL), g_bytes_get_size (bytes));
}

/* The sums of what is changed: files, or tables of the store. */
static void
take_sums (DynoTunePreview       *self,
           const DynoTuneSubject *subject)
{
  gboolean is_file = subject->n_files > 0;
  gboolean is_open = self->change->blocks->len > 0;
  guint n = is_file ? subject->n_files : subject->n_tables;
  char *before[DYNO_CHANGE_TABLES] = { NULL };
  char *after[DYNO_CHANGE_TABLES] = { NULL };

  for (guint i = 0; i < n; i++)
    {
      g_autoptr(GBytes) output = NULL;

      before[i] = is_file ? g_strdup (subject->files[i]->sha256)
                          : dyno_table_bytes_sha256 (subject->tables[i]);
      if (is_open)
        continue;
      output = is_file ? dyno_tune_subject_output (subject, self->change, i)
                       : g_bytes_ref (self->change->tables[i]->after->bytes);
      after[i] = sum_bytes (output);
    }
  self->sha256_before = dyno_tune_sum_of_sums ((const char *const *) before, n);
  if (!is_open)
    self->sha256_after = dyno_tune_sum_of_sums ((const char *const *) after, n);
  for (guint i = 0; i < n; i++)
    {
      g_free (before[i]);
      g_free (after[i]);
    }
}

/* Front comes before rear; the asker may have named the rear one. */
static guint
find_lead (const DynoTuneRequest *request,
           const DynoTuneSubject *tables)
{
  const DynoTuneBase *first = request->bases->len > 0 ? request->bases->pdata[0] : NULL;
  const DynoTableRecord *second = tables->n_tables > 1 ? tables->records[1] : NULL;

  return first != NULL && second != NULL && g_str_equal (second->id, first->base) ? 1 : 0;
}

DynoTunePreview *
dyno_tune_preview_make (const DynoErrand      *errand,
                        const DynoTuneRequest *request,
                        DynoTuneSubject      **subject,
                        GError               **error)
{
  g_autoptr(DynoTuneSubject) tables = dyno_tune_subject_load (errand, request, error);
  g_autoptr(DynoCorrections) corrections = NULL;
  DynoAnalysisError *cause = NULL;
  DynoChange *change;
  DynoTunePreview *self;

  if (tables == NULL)
    return NULL;
  corrections = dyno_tune_corrections_load (errand, request, tables, error);
  if (corrections == NULL)
    return NULL;
  change = dyno_change_prepare (tables->tables, tables->n_tables, corrections, request->options,
                                &cause);
  if (change == NULL)
    {
      dyno_tune_set_error (error, cause, "legacy-math");
      return NULL;
    }
  self = g_new0 (DynoTunePreview, 1);
  g_atomic_ref_count_init (&self->n_refs);
  self->change = change;
  self->lead = find_lead (request, tables);
  for (guint i = 0; i < tables->n_tables; i++)
    {
      if (tables->records[i] == NULL)
        continue;
      self->targets[i].table_id = g_strdup (tables->records[i]->id);
      self->targets[i].version = tables->records[i]->version;
    }
  if (tables->n_tables > 0)
    take_sums (self, tables);
  if (subject != NULL)
    *subject = g_steal_pointer (&tables);

  return self;
}

static gpointer
preview (const DynoErrand *errand,
         gpointer          data,
         GError          **error)
{
  return dyno_tune_preview_make (errand, data, NULL, error);
}

static const DynoOperation preview_operation = { "tune-preview", preview,
                                                 (GDestroyNotify) dyno_tune_preview_unref, FALSE };

void
dyno_tune_preview_async (DynoShop            *shop,
                         DynoTuneRequest     *request,
                         GCancellable        *cancellable,
                         GAsyncReadyCallback  callback,
                         gpointer             user_data)
{
  dyno_operation_start (shop, &preview_operation, request,
                        (GDestroyNotify) dyno_tune_request_free, cancellable, callback, user_data);
}

DynoTunePreview *
dyno_tune_preview_finish (GAsyncResult *result,
                          GError      **error)
{
  return dyno_operation_finish (result, &preview_operation, error);
}
