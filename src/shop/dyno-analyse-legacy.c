/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

#include "config.h"

#include "dyno-analyse-legacy.h"

#include <string.h>

#include "dyno-analyse-private.h"
#include "dyno-artefact-legacy.h"
#include "dyno-crypt.h"
#include "dyno-error.h"
#include "dyno-fingerprint.h"
#include "dyno-legacy-base.h"
#include "dyno-shop-private.h"

typedef struct
{
  DynoAnalyseRequest *request; /* (owned) */
  char               *path;    /* (owned) of the log */
} Task;

static void
task_free (gpointer data)
{
  Task *task = data;

  dyno_analyse_request_free (task->request);
  g_free (task->path);
  g_free (task);
}

DynoLegacyAnalyse *
dyno_legacy_analyse_ref (DynoLegacyAnalyse *self)
{
  g_atomic_ref_count_inc (&self->n_refs);

  return self;
}

void
dyno_legacy_analyse_unref (DynoLegacyAnalyse *self)
{
  if (self == NULL || !g_atomic_ref_count_dec (&self->n_refs))
    return;

  g_free (self->input_sha256);
  g_free (self->fingerprint);
  g_free (self->options);
  g_free (self->result);
  g_clear_pointer (&self->files, g_ptr_array_unref);
  g_free (self);
}

/* The file's bytes, mapped. */
static GMappedFile *
open_file (const char  *path,
           GError     **error)
{
  g_autoptr(GError) cause = NULL;
  GMappedFile *file = g_mapped_file_new (path, FALSE, &cause);

  if (file == NULL)
    dyno_error_set (error,
                    g_error_matches (cause, G_FILE_ERROR, G_FILE_ERROR_NOENT)
                      ? DYNO_ERROR_NOT_FOUND : DYNO_ERROR_UNAVAILABLE,
                    "io", "%s cannot be read: %s", path, cause->message);

  return file;
}

static const char *
text_of (GMappedFile *file)
{
  const char *text = g_mapped_file_get_contents (file);

  return text != NULL ? text : "";
}

/* Base tables */

typedef struct
{
  double   cells[DYNO_LEGACY_CYLINDERS][DYNO_LEGACY_CELLS];
  gboolean is_given[DYNO_LEGACY_CYLINDERS];
  GString *sums;
} Bases;

static gboolean
read_base (Bases       *bases,
           guint        cylinder,
           const char  *path,
           GError     **error)
{
  g_autoptr(GMappedFile) file = open_file (path, error);
  g_autofree char *sum = NULL;
  DynoAnalysisError *cause = NULL;

  if (file == NULL)
    return FALSE;
  if (!dyno_legacy_base_read (text_of (file), g_mapped_file_get_length (file),
                              bases->cells[cylinder], &cause))
    {
      dyno_analyse_set_error (error, cause);
      g_prefix_error (error, "%s: ", path);
      return FALSE;
    }
  sum = dyno_crypt_sha256_hex (text_of (file), g_mapped_file_get_length (file));
  g_string_append_printf (bases->sums, "%s\n", sum);
  bases->is_given[cylinder] = TRUE;

  return TRUE;
}

static gboolean
read_bases (const DynoAnalyseRequest  *request,
            Bases                     *bases,
            GError                   **error)
{
  for (guint i = 0; i < DYNO_LEGACY_CYLINDERS; i++)
    {
      if (request->bases[i] != NULL && !read_base (bases, i, request->bases[i], error))
        return FALSE;
    }

  return TRUE;
}

/* The sum of both tables' sums; NULL without any. */
static char *
sum_bases (const Bases *bases)
{
  return bases->sums->len > 0 ? dyno_crypt_sha256_hex (bases->sums->str, bases->sums->len) : NULL;
}

/* The analysis */

static DynoLegacyResult *
compute (const DynoErrand     *errand,
         GMappedFile          *log,
         const DynoVeOptions  *options,
         const Bases          *bases,
         GError              **error)
{
  const double *const tables[] = { bases->is_given[0] ? bases->cells[0] : NULL,
                                   bases->is_given[1] ? bases->cells[1] : NULL };
  gint is_cancelled = FALSE;
  DynoProgress progress = { dyno_analyse_tell_cb, errand->job, &is_cancelled };
  gulong handler = g_cancellable_connect (errand->cancellable,
                                          G_CALLBACK (dyno_analyse_cancelled_cb), &is_cancelled,
                                          NULL);
  DynoAnalysisError *cause = NULL;
  DynoLegacyResult *result = dyno_legacy_run (text_of (log), g_mapped_file_get_length (log),
                                              options, tables, &progress, &cause);

  g_cancellable_disconnect (errand->cancellable, handler);
  if (result == NULL)
    dyno_analyse_set_error (error, cause);

  return result;
}

static char *
make_fingerprint (const DynoLegacyAnalyse *self,
                  const char              *base_sha256)
{
  g_autofree DynoFingerprintOutput *outputs = g_new (DynoFingerprintOutput, self->files->len);
  const char *const inputs[] = { self->input_sha256 };

  for (guint i = 0; i < self->files->len; i++)
    {
      const DynoArtefact *file = self->files->pdata[i];

      outputs[i] = (DynoFingerprintOutput){ file->name, file->sha256 };
    }

  return dyno_fingerprint (dyno_math_version_name (DYNO_MATH_LEGACY_CLI_1_2), self->options, inputs,
                           G_N_ELEMENTS (inputs), base_sha256, outputs, self->files->len);
}

static void
describe (DynoLegacyAnalyse *self,
          GMappedFile       *log,
          const char        *path,
          const Bases       *bases)
{
  g_autofree char *base_sha256 = sum_bases (bases);
  g_autoptr(GBytes) bytes = g_mapped_file_get_bytes (log);
  g_autoptr(GPtrArray) inputs
    = g_ptr_array_new_with_free_func ((GDestroyNotify) dyno_analyse_input_free);
  DynoAnalyseInput *input = dyno_analyse_input_new ();
  DynoManifestFacts facts;

  self->input_sha256 = dyno_crypt_sha256_hex (text_of (log), g_mapped_file_get_length (log));
  self->files = dyno_artefacts_make_legacy (self->result);
  self->fingerprint = make_fingerprint (self, base_sha256);
  input->name = g_path_get_basename (path);
  input->bytes = (gint64) g_mapped_file_get_length (log);
  input->sha256 = g_strdup (self->input_sha256);
  g_ptr_array_add (inputs, input);
  facts = (DynoManifestFacts){ .math_version = dyno_math_version_name (DYNO_MATH_LEGACY_CLI_1_2),
                               .fingerprint = self->fingerprint, .inputs = inputs,
                               .base_sha256 = base_sha256 };
  g_ptr_array_add (self->files,
                   dyno_artefact_make_legacy_manifest (self->result, self->options, bytes,
                                                       self->files, &facts));
}

static gboolean
analyse_log (const DynoErrand           *errand,
             const Task                 *task,
             DynoLegacyAnalyse          *self,
             Bases                      *bases,
             GError                    **error)
{
  g_autoptr(DynoVeOptions) options = dyno_ve_options_new ();
  g_autoptr(GMappedFile) log = NULL;

  if (!dyno_analyse_apply_settings (task->request, options, error)
      || !read_bases (task->request, bases, error))
    return FALSE;
  log = open_file (task->path, error);
  if (log == NULL)
    return FALSE;
  self->options = dyno_ve_options_canonical (options);
  self->result = compute (errand, log, options, bases, error);
  if (self->result == NULL)
    return FALSE;
  dyno_job_set_message (errand->job, "export");
  describe (self, log, task->path, bases);

  return TRUE;
}

static gpointer
analyse (const DynoErrand *errand,
         gpointer          data,
         GError          **error)
{
  g_autoptr(DynoLegacyAnalyse) self = g_new0 (DynoLegacyAnalyse, 1);
  g_autofree Bases *bases = g_new0 (Bases, 1);
  g_autoptr(GString) sums = g_string_new (NULL);

  g_atomic_ref_count_init (&self->n_refs);
  bases->sums = sums;
  dyno_job_set_message (errand->job, "load");
  if (!analyse_log (errand, data, self, bases, error))
    return NULL;
  dyno_job_set_progress (errand->job, 1, 1);

  return g_steal_pointer (&self);
}

static const DynoOperation operation = { "analyse-legacy", analyse,
                                         (GDestroyNotify) dyno_legacy_analyse_unref, FALSE };

void
dyno_legacy_analyse_async (DynoShop            *shop,
                           DynoAnalyseRequest  *request,
                           const char          *path,
                           GCancellable        *cancellable,
                           GAsyncReadyCallback  callback,
                           gpointer             user_data)
{
  DynoJobOffer offer = { "analyse", "Legacy VE analysis", "share", NULL, NULL };
  Task *task = g_new0 (Task, 1);

  task->request = request;
  task->path = g_strdup (path);
  dyno_operation_start_job (shop, &operation, &offer, task, task_free, cancellable, callback,
                            user_data);
}

DynoLegacyAnalyse *
dyno_legacy_analyse_finish (GAsyncResult *result,
                            GError      **error)
{
  return dyno_operation_finish (result, &operation, error);
}

void
dyno_legacy_analyse_write_async (DynoShop            *shop,
                                 DynoLegacyAnalyse   *self,
                                 const char          *folder,
                                 GCancellable        *cancellable,
                                 GAsyncReadyCallback  callback,
                                 gpointer             user_data)
{
  dyno_analyse_files_write_async (shop, self->files, folder, cancellable, callback, user_data);
}

gboolean
dyno_legacy_analyse_write_finish (GAsyncResult *result,
                                  GError      **error)
{
  g_autoptr(GPtrArray) written = dyno_analyse_write_finish (result, error);

  return written != NULL;
}
