/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

#include "config.h"

#include "dyno-folder-private.h"

#include <string.h>

#include "dyno-analyse-private.h"
#include "dyno-crypt.h"
#include "dyno-error.h"
#include "dyno-import-read.h"
#include "dyno-shop-private.h"
#include "dyno-tune-private.h"

/* The batch goes on in the asker's context: a file begins, its operation runs on a
 * thread of the pool, its end begins the next one. */

typedef struct
{
  DynoShop          *shop;       /* (borrowed) */
  char              *folder;     /* (owned) */
  char              *out;        /* (owned) (nullable) */
  guint              n_jobs;
  DynoFolderOrder    order;
  DynoFolderTell     tell;       /* (nullable) */
  gpointer           tell_data;  /* (borrowed) */
  DynoFolderSummary *summary;    /* (owned) */
  DynoJob           *job;        /* (owned) */
  guint              n_begun;
  guint              n_running;
  guint              n_ended;
  guint              n_told;
} Batch;

/* The work on one file. */
typedef struct
{
  GTask              *task;    /* (owned) of the batch */
  DynoFolderFile     *file;    /* (borrowed) */
  DynoImportRequest  *reading; /* (owned) */
  DynoAnalyseRequest *request; /* (owned) (nullable) */
  char               *out;     /* (owned) (nullable) */
  gboolean            is_kept; /* out */
} Work;

static void begin_files (GTask *task);

static void
file_free (gpointer data)
{
  DynoFolderFile *file = data;

  g_free (file->name);
  dyno_folder_figures_free (file->figures);
  g_clear_error (&file->failure);
  g_free (file);
}

void
dyno_folder_summary_free (DynoFolderSummary *self)
{
  if (self == NULL)
    return;

  g_ptr_array_unref (self->files);
  g_free (self);
}

static void
batch_free (gpointer data)
{
  Batch *self = data;

  g_assert (self->job == NULL);
  g_free (self->folder);
  g_free (self->out);
  dyno_folder_summary_free (self->summary);
  g_free (self);
}

static void
work_free (gpointer data)
{
  Work *work = data;

  g_clear_object (&work->task);
  dyno_import_request_free (work->reading);
  dyno_analyse_request_free (work->request);
  g_free (work->out);
  g_free (work);
}

const char *
dyno_folder_state_name (DynoFolderState state)
{
  static const char *const names[] = { "waiting", "done", "kept", "failed" };

  g_return_val_if_fail (state < G_N_ELEMENTS (names), "");

  return names[state];
}

/* One file, on a thread of the pool */

static char *
sum_file (const DynoErrand *errand,
          const char       *path,
          GError          **error)
{
  g_autoptr(GFile) file = g_file_new_for_path (path);
  g_autoptr(GFileInputStream) stream = g_file_read (file, errand->cancellable, error);
  g_autoptr(DynoCryptSum) sum = dyno_crypt_sum_new ();
  g_autofree guint8 *buffer = g_malloc (256 * 1024);
  gssize n = stream != NULL ? 1 : -1;

  while (n > 0)
    {
      n = g_input_stream_read (G_INPUT_STREAM (stream), buffer, 256 * 1024, errand->cancellable,
                               error);
      if (n > 0)
        dyno_crypt_sum_update (sum, buffer, (gsize) n);
    }

  return n == 0 ? dyno_crypt_sum_hex (sum) : NULL;
}

/* NULL where nothing is kept or the file cannot be read: reading it will say why. */
static DynoFolderFigures *
find_kept (const DynoErrand *errand,
           Work             *work)
{
  g_autofree char *sha256 = NULL;
  g_autofree char *key = NULL;
  g_autofree char *place = NULL;

  if (work->out == NULL)
    return NULL;
  place = g_build_filename (work->out, work->file->name, NULL);
  if (!g_file_test (place, G_FILE_TEST_IS_DIR))
    return NULL;
  sha256 = sum_file (errand, work->reading->path, NULL);
  if (sha256 == NULL)
    return NULL;
  key = dyno_folder_key (work->reading, work->request, sha256);

  return dyno_folder_find_kept (work->out, work->file->name, key);
}

static DynoAnalyse *
analyse (const DynoErrand        *errand,
         Work                    *work,
         const DynoImportOutcome *outcome,
         GError                 **error)
{
  dyno_analyse_request_add_log (work->request, outcome, work->file->name);

  return dyno_analyse_run (errand, work->request, error);
}

static gboolean
place (const DynoErrand        *errand,
       const Work              *work,
       DynoAnalyse             *analyse,
       const DynoFolderFigures *figures,
       GError                 **error)
{
  g_autofree char *key = NULL;

  if (work->out == NULL)
    return TRUE;
  key = dyno_folder_key (work->reading, work->request, figures->sha256);

  return dyno_folder_place (errand, analyse, figures, work->out, work->file->name, key, error);
}

static DynoFolderFigures *
compute (const DynoErrand *errand,
         Work             *work,
         GError          **error)
{
  g_autoptr(DynoImportReading) reading
    = dyno_import_read (errand, work->reading, DYNO_STOICH_PETROL, FALSE, error);
  g_autoptr(DynoAnalyse) found
    = reading != NULL ? analyse (errand, work, reading->outcome, error) : NULL;
  g_autoptr(DynoFolderFigures) figures
    = found != NULL ? dyno_folder_figures_new (found, reading->outcome) : NULL;

  if (figures == NULL || !place (errand, work, found, figures, error))
    return NULL;

  return g_steal_pointer (&figures);
}

static DynoFolderFigures *
find_or_compute (const DynoErrand *errand,
                 Work             *work,
                 GError          **error)
{
  DynoFolderFigures *kept;

  if (!dyno_analyse_choose_options (errand, work->request, error)
      || !dyno_tune_take_base (errand, work->request, error))
    return NULL;
  kept = find_kept (errand, work);
  work->is_kept = kept != NULL;

  return kept != NULL ? kept : compute (errand, work, error);
}

/* The error is told anyway: a disk that takes no manifest adds none. */
static void
place_failure (const DynoErrand *errand,
               const Work       *work,
               const GError     *failure)
{
  if (work->out != NULL && !g_error_matches (failure, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    dyno_folder_place_failure (errand, failure, work->out, work->file->name, NULL);
}

static gpointer
do_file (const DynoErrand *errand,
         gpointer          data,
         GError          **error)
{
  Work *work = data;
  GError *failure = NULL;
  DynoFolderFigures *figures = find_or_compute (errand, work, &failure);

  if (figures == NULL)
    {
      place_failure (errand, work, failure);
      g_propagate_error (error, failure);
    }

  return figures;
}

static const DynoOperation file_operation
  = { "analyse-folder-file", do_file, (GDestroyNotify) dyno_folder_figures_free, FALSE };

/* The batch, in the asker's context */

static void
tell_in_order (Batch *self)
{
  GPtrArray *files = self->summary->files;

  while (self->n_told < files->len
         && ((DynoFolderFile *) files->pdata[self->n_told])->state != DYNO_FOLDER_WAITING)
    {
      if (self->tell != NULL)
        self->tell (files->pdata[self->n_told], self->n_ended, files->len, self->tell_data);
      self->n_told++;
    }
}

static void
end_batch (GTask *task)
{
  Batch *self = g_task_get_task_data (task);

  for (guint i = 0; i < self->summary->files->len; i++)
    self->summary->n[((DynoFolderFile *) self->summary->files->pdata[i])->state]++;
  dyno_job_end (g_steal_pointer (&self->job), NULL);
  g_task_return_pointer (task, g_steal_pointer (&self->summary),
                         (GDestroyNotify) dyno_folder_summary_free);
}

/* A file that was stopped in the middle waits for the next time. */
static void
end_file (Batch             *self,
          DynoFolderFile    *file,
          DynoFolderFigures *figures,
          gboolean           is_kept,
          GError            *failure)
{
  file->figures = figures;
  if (figures != NULL)
    file->state = is_kept ? DYNO_FOLDER_KEPT : DYNO_FOLDER_DONE;
  else if (g_error_matches (failure, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    g_error_free (failure);
  else
    {
      file->state = DYNO_FOLDER_FAILED;
      file->failure = failure;
    }
  self->n_ended++;
  dyno_job_set_progress (self->job, self->n_ended, self->summary->files->len);
  tell_in_order (self);
}

static void
file_done_cb (GObject      *source,
              GAsyncResult *result,
              gpointer      user_data)
{
  Work *work = user_data;
  g_autoptr(GTask) task = g_object_ref (work->task);
  Batch *self = g_task_get_task_data (task);
  GError *failure = NULL;
  DynoFolderFigures *figures = dyno_operation_finish (result, &file_operation, &failure);

  self->n_running--;
  end_file (self, work->file, figures, work->is_kept, failure);
  work_free (work);
  begin_files (task);
}

static void
begin_file (GTask          *task,
            DynoFolderFile *file)
{
  Batch *self = g_task_get_task_data (task);
  g_autofree char *path = g_build_filename (self->folder, file->name, NULL);
  DynoJobOffer offer = { "analyse", file->name, "share", NULL, NULL };
  GError *failure = NULL;
  Work *work = g_new0 (Work, 1);

  work->task = g_object_ref (task);
  work->file = file;
  work->out = g_strdup (self->out);
  work->reading = self->order.read (path, &failure);
  work->request = work->reading != NULL ? self->order.analyse (&failure) : NULL;
  if (work->request == NULL)
    {
      work_free (work);
      end_file (self, file, NULL, FALSE, failure);
      return;
    }
  self->n_running++;
  dyno_operation_start_job (self->shop, &file_operation, &offer, work, NULL,
                            dyno_job_cancellable (self->job), file_done_cb, work);
}

static void
begin_files (GTask *task)
{
  Batch *self = g_task_get_task_data (task);
  GPtrArray *files = self->summary->files;

  while (self->n_running < self->n_jobs && self->n_begun < files->len
         && !g_cancellable_is_cancelled (dyno_job_cancellable (self->job)))
    begin_file (task, files->pdata[self->n_begun++]);
  if (self->n_running == 0)
    end_batch (task);
}

static int
compare_files (gconstpointer a,
               gconstpointer b)
{
  const DynoFolderFile *x = *(const DynoFolderFile *const *) a;
  const DynoFolderFile *y = *(const DynoFolderFile *const *) b;

  return strcmp (x->name, y->name);
}

static DynoFolderSummary *
list_files (const char *path,
            GError    **error)
{
  g_autoptr(DynoFolderSummary) summary = g_new0 (DynoFolderSummary, 1);
  g_autoptr(GError) cause = NULL;
  g_autoptr(GDir) folder = g_dir_open (path, 0, &cause);
  const char *name;

  summary->files = g_ptr_array_new_with_free_func (file_free);
  while (folder != NULL && (name = g_dir_read_name (folder)) != NULL)
    {
      g_autofree char *whole = g_build_filename (path, name, NULL);
      DynoFolderFile *file;

      if (*name == '.' || !g_file_test (whole, G_FILE_TEST_IS_REGULAR))
        continue;
      file = g_new0 (DynoFolderFile, 1);
      file->name = g_strdup (name);
      g_ptr_array_add (summary->files, file);
    }
  g_ptr_array_sort (summary->files, compare_files);
  if (summary->files->len > 0)
    return g_steal_pointer (&summary);

  dyno_error_set (error, DYNO_ERROR_NOT_FOUND, "folder", "There are no files in %s%s%s.", path,
                  cause != NULL ? ": " : "", cause != NULL ? cause->message : "");

  return NULL;
}

void
dyno_folder_async (DynoShop              *shop,
                   const char            *folder,
                   const char            *out,
                   guint                  n_jobs,
                   const DynoFolderOrder *order,
                   DynoFolderTell         tell,
                   gpointer               tell_data,
                   GCancellable          *cancellable,
                   GAsyncReadyCallback    callback,
                   gpointer               user_data)
{
  g_autoptr(GTask) task = g_task_new (NULL, NULL, callback, user_data);
  Batch *self = g_new0 (Batch, 1);
  GError *error = NULL;

  g_task_set_source_tag (task, dyno_folder_async);
  g_task_set_task_data (task, self, batch_free);
  self->shop = shop;
  self->folder = g_strdup (folder);
  self->out = g_strdup (out);
  self->n_jobs = n_jobs > 0 ? n_jobs : g_get_num_processors ();
  self->order = *order;
  self->tell = tell;
  self->tell_data = tell_data;
  self->summary = list_files (folder, &error);
  if (self->summary == NULL)
    {
      g_task_return_error (task, error);
      return;
    }
  self->job = dyno_jobs_begin (shop->jobs, "analyse-folder", folder, "files", cancellable);
  begin_files (task);
}

DynoFolderSummary *
dyno_folder_finish (GAsyncResult *result,
                    GError      **error)
{
  return g_task_propagate_pointer (G_TASK (result), error);
}
