/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

#include "config.h"

#include "dyno-analyze-folder.h"

#include "dyno-analysis-text.h"
#include "dyno-analyze-options.h"
#include "dyno-error.h"
#include "dyno-failure.h"
#include "dyno-print.h"
#include "dyno-progress-bar.h"
#include "dyno-shape.h"
#include "dyno-subject.h"

#include <string.h>

/* Everything happens on the main thread but the work itself, which the shop does
 * on others: a file is read, analysed, written, told; then the next begins. */

typedef struct
{
  DynoCtl         *ctl;       /* (borrowed) */
  const char      *path;      /* (borrowed) */
  const char      *out;       /* (borrowed) (nullable) */
  GPtrArray       *names;     /* (owned) of utf8, sorted */
  DynoProgressBar *bar;       /* (owned) */
  guint            n_jobs;
  guint            n_begun;
  guint            n_running;
  guint            n_done;
  int              status;
} Folder;

typedef struct
{
  Folder      *folder;  /* (borrowed) outlives its files */
  const char  *name;    /* (borrowed) */
  char        *path;    /* (owned) */
  DynoAnalyse *analyse; /* (owned) (nullable) */
} File;

static void
file_free (File *self)
{
  g_free (self->path);
  g_clear_pointer (&self->analyse, dyno_analyse_unref);
  g_free (self);
}

G_DEFINE_AUTOPTR_CLEANUP_FUNC (File, file_free)

static void begin_files (Folder *self);

static void
tell (const File *file)
{
  DynoCtl *ctl = file->folder->ctl;
  g_autofree char *line = NULL;
  DynoJsonWriter *w;

  if (!ctl->is_json)
    {
      line = dyno_analysis_text_line (file->analyse->result);
      dyno_print_line ("%s: %s", file->name, line);
      return;
    }

  w = dyno_json_writer_new (FALSE);
  dyno_json_writer_begin_object (w);
  dyno_json_writer_add_string (w, "file", file->name);
  dyno_json_writer_name (w, "analysis");
  dyno_shape_analyse (w, file->analyse);
  dyno_json_writer_end_object (w);
  dyno_print_json (w);
}

/* Told, with its error or without; then the next may begin. Takes both. */
static void
end_file (File   *taken,
          GError *failure)
{
  g_autoptr(File) file = taken;
  g_autoptr(GError) cause = failure;
  Folder *self = file->folder;

  self->n_running--;
  self->n_done++;
  dyno_progress_bar_hide (self->bar);
  if (cause == NULL)
    {
      tell (file);
    }
  else if (!g_error_matches (cause, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    {
      int status;

      g_prefix_error (&cause, "%s: ", file->name);
      status = dyno_failure_print (cause, self->ctl->is_json);
      self->status = self->status == DYNO_EXIT_DONE ? status : self->status;
    }
  dyno_progress_bar_set (self->bar, (double) self->n_done / self->names->len, NULL);
  begin_files (self);
}

static void
written_cb (GObject      *source,
            GAsyncResult *result,
            gpointer      user_data)
{
  GError *cause = NULL;

  dyno_analyse_write_finish (result, &cause);
  end_file (user_data, cause);
}

static void
analysed_cb (GObject      *source,
             GAsyncResult *result,
             gpointer      user_data)
{
  File *file = user_data;
  Folder *self = file->folder;
  GError *cause = NULL;
  g_autofree char *folder = NULL;

  file->analyse = dyno_analyse_finish (result, &cause);
  if (file->analyse == NULL || self->out == NULL)
    {
      end_file (file, cause);
      return;
    }
  folder = g_build_filename (self->out, file->name, NULL);
  dyno_analyse_write_async (self->ctl->shop, file->analyse, folder, self->ctl->cancellable,
                            written_cb, file);
}

static void
read_cb (GObject      *source,
         GAsyncResult *result,
         gpointer      user_data)
{
  File *file = user_data;
  GError *cause = NULL;
  g_autoptr(DynoImportOutcome) outcome = dyno_import_job_finish (result, &cause);
  DynoAnalyseRequest *request
    = outcome != NULL ? dyno_analyze_options_request (&cause) : NULL;

  if (request == NULL)
    {
      end_file (file, cause);
      return;
    }
  dyno_analyse_request_add_samples (request, outcome->samples, file->name, outcome->sha256);
  dyno_analyse_async (file->folder->ctl->shop, request, NULL, file->folder->ctl->cancellable,
                      analysed_cb, file);
}

static void
begin_file (Folder     *self,
            const char *name)
{
  File *file = g_new0 (File, 1);
  GError *cause = NULL;
  DynoImportRequest *request;

  file->folder = self;
  file->name = name;
  file->path = g_build_filename (self->path, name, NULL);
  self->n_running++;
  request = dyno_subject_request (file->path, &cause);
  if (request == NULL)
    end_file (file, cause);
  else
    dyno_import_job_read_async (self->ctl->shop, request, self->ctl->cancellable, read_cb, file);
}

static void
begin_files (Folder *self)
{
  while (self->n_running < self->n_jobs && self->n_begun < self->names->len
         && !dyno_ctl_is_over (self->ctl))
    begin_file (self, self->names->pdata[self->n_begun++]);
}

static int
compare_names (gconstpointer a,
               gconstpointer b)
{
  return strcmp (*(const char *const *) a, *(const char *const *) b);
}

static GPtrArray *
list_names (const char  *path,
            GError     **error)
{
  GPtrArray *names = g_ptr_array_new_with_free_func (g_free);
  g_autoptr(GError) cause = NULL;
  g_autoptr(GDir) folder = g_dir_open (path, 0, &cause);
  const char *name;

  while (folder != NULL && (name = g_dir_read_name (folder)) != NULL)
    {
      g_autofree char *whole = g_build_filename (path, name, NULL);

      if (*name != '.' && g_file_test (whole, G_FILE_TEST_IS_REGULAR))
        g_ptr_array_add (names, g_strdup (name));
    }
  g_ptr_array_sort (names, compare_names);
  if (names->len > 0)
    return names;

  dyno_error_set (error, DYNO_ERROR_NOT_FOUND, "folder", "There are no files in %s%s%s.", path,
                  cause != NULL ? ": " : "", cause != NULL ? cause->message : "");
  g_ptr_array_unref (names);

  return NULL;
}

/* What the options say is the same for all files: wrong is wrong at once. */
static gboolean
options_are_good (GError **error)
{
  g_autoptr(DynoAnalyseRequest) request = dyno_analyze_options_request (error);
  g_autoptr(DynoImportRequest) reading = request != NULL ? dyno_subject_request ("", error) : NULL;

  return reading != NULL;
}

gboolean
dyno_analyze_folder (DynoCtl     *ctl,
                     const char  *path,
                     const char  *out,
                     guint        n_jobs,
                     int         *status,
                     GError     **error)
{
  Folder self = { .ctl = ctl, .path = path, .out = out,
                  .n_jobs = n_jobs > 0 ? n_jobs : g_get_num_processors () };

  if (!options_are_good (error))
    return FALSE;
  self.names = list_names (path, error);
  if (self.names == NULL)
    return FALSE;
  if (dyno_ctl_open_shop (ctl, DYNO_SHOP_NO_STORE | DYNO_SHOP_NO_CAPTURE, error) != NULL)
    {
      self.bar = dyno_progress_bar_new (ctl, path);
      begin_files (&self);
      /* Ctrl-C cancels what runs: it ends soon, and has to before `self` goes. */
      while (self.n_running > 0)
        g_main_context_iteration (g_main_context_get_thread_default (), TRUE);
      dyno_progress_bar_free (self.bar);
      *status = self.status;
    }
  g_ptr_array_unref (self.names);

  return ctl->shop != NULL;
}
