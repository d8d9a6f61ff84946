/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

#include "config.h"

#include "dyno-analyse-private.h"

#include <errno.h>
#include <glib/gstdio.h>
#include <string.h>

#include "dyno-artefact-private.h"
#include "dyno-crypt.h"
#include "dyno-error.h"
#include "dyno-ledger.h"
#include "dyno-shop-private.h"

/* Writing the files of an analysis; part of dyno-analyse.h. */

gboolean
dyno_analyse_files_put (const char   *folder,
                        const char   *name,
                        gconstpointer data,
                        gsize         size,
                        GError      **error)
{
  g_autofree char *path = g_build_filename (folder, name, NULL);
  g_autoptr(GError) failure = NULL;

  if (g_file_set_contents_full (path, data, (gssize) size,
                                G_FILE_SET_CONTENTS_CONSISTENT, 0644,
                                &failure))
    return TRUE;

  dyno_error_set (error, DYNO_ERROR_UNAVAILABLE, "io", "%s cannot be written: %s", path,
                  failure->message);

  return FALSE;
}

/* The only file that says when, where and by whom. */
static char *
provenance_json (DynoShop *shop)
{
  g_autofree char *now = dyno_clock_format_utc (dyno_clock_real_us (shop->clock));
  DynoJsonWriter *w = dyno_json_writer_new (TRUE);

  dyno_json_writer_begin_object (w);
  dyno_json_writer_add_string (w, "host", g_get_host_name ());
  dyno_json_writer_add_string (w, "program", "DynoAI " DYNO_VERSION);
  dyno_json_writer_add_string (w, "user", g_get_user_name ());
  dyno_json_writer_add_string (w, "written_at", now);
  dyno_json_writer_end_object (w);

  return dyno_json_writer_finish (w);
}

static gboolean
make_folder (const char *folder,
             GError    **error)
{
  if (g_mkdir_with_parents (folder, 0755) == 0)
    return TRUE;

  dyno_error_set (error, DYNO_ERROR_UNAVAILABLE, "io", "The folder %s cannot be made: %s", folder,
                  g_strerror (errno));

  return FALSE;
}

gboolean
dyno_analyse_files_write (const DynoErrand *errand,
                          GPtrArray        *files,
                          const char       *folder,
                          GError          **error)
{
  g_autofree char *provenance = provenance_json (errand->shop);

  if (!make_folder (folder, error))
    return FALSE;
  for (guint i = 0; i < files->len; i++)
    {
      const DynoArtefact *file = g_ptr_array_index (files, i);

      if (g_cancellable_set_error_if_cancelled (errand->cancellable, error)
          || (file->bytes != NULL
              && !dyno_analyse_files_put (folder, file->name, g_bytes_get_data (file->bytes, NULL),
                                          file->size, error)))
        return FALSE;
    }

  return dyno_analyse_files_put (folder, "provenance.json", provenance, strlen (provenance), error);
}

/* The ledger, which is on the disk before it is known */

static char *
sum_file (const char  *path,
          gsize       *size,
          GError     **error)
{
  g_autoptr(GError) failure = NULL;
  g_autoptr(GMappedFile) file = g_mapped_file_new (path, FALSE, &failure);

  if (file == NULL)
    {
      dyno_error_set (error, DYNO_ERROR_UNAVAILABLE, "io", "%s cannot be read again: %s", path,
                      failure->message);
      return NULL;
    }
  *size = g_mapped_file_get_length (file);

  return dyno_crypt_sha256_hex (g_mapped_file_get_contents (file), *size);
}

static DynoArtefact *
write_ledger (const DynoErrand   *errand,
              const DynoVeResult *result,
              const char         *folder,
              GError            **error)
{
  g_autofree char *path = g_build_filename (folder, DYNO_ARTEFACT_LEDGER, NULL);
  g_autofree char *sum = NULL;
  gsize size = 0;
  guint n_sensors = 0;

  if (!dyno_ledger_write (result, path, errand->cancellable, error))
    return NULL;
  sum = sum_file (path, &size, error);
  if (sum == NULL)
    return NULL;
  for (guint i = 0; i < DYNO_VE_CYLINDERS; i++)
    n_sensors += result->cylinders[i].has_sensor;

  return dyno_artefact_new_ledger (result->n_rows * n_sensors, size, sum);
}

/* Files, ledger and manifest; the ledger is written by then. */
static GPtrArray *
list_outputs (const DynoAnalyse *analyse,
              DynoArtefact      *ledger)
{
  GPtrArray *all = g_ptr_array_new_with_free_func ((GDestroyNotify) dyno_artefact_free);
  DynoManifestFacts facts = { analyse->math_version, analyse->fingerprint, analyse->inputs,
                              analyse->base_sha256,
                              (const char *const *) analyse->base_sums };

  for (guint i = 0; i < analyse->files->len; i++)
    g_ptr_array_add (all, dyno_artefact_copy (g_ptr_array_index (analyse->files, i)));
  g_ptr_array_add (all, ledger);
  dyno_artefacts_sort (all);
  g_ptr_array_add (all, dyno_artefact_make_manifest (analyse->result, analyse->power, all,
                                                     &facts));

  return all;
}

GPtrArray *
dyno_analyse_write (const DynoErrand   *errand,
                    const DynoAnalyse  *analyse,
                    const char         *folder,
                    GError            **error)
{
  g_autoptr(GPtrArray) all = NULL;
  DynoArtefact *ledger;

  if (!make_folder (folder, error))
    return NULL;
  ledger = write_ledger (errand, analyse->result, folder, error);
  if (ledger == NULL)
    return NULL;
  all = list_outputs (analyse, ledger);

  return dyno_analyse_files_write (errand, all, folder, error) ? g_steal_pointer (&all) : NULL;
}

/* The operation: of an analysis, or of files as they are. */
typedef struct
{
  GPtrArray   *files;   /* (owned) (nullable) of DynoArtefact */
  DynoAnalyse *analyse; /* (owned) (nullable) */
  char        *folder;  /* (owned) */
} Writing;

static void
writing_free (gpointer data)
{
  Writing *writing = data;

  g_clear_pointer (&writing->files, g_ptr_array_unref);
  dyno_analyse_unref (writing->analyse);
  g_free (writing->folder);
  g_free (writing);
}

static gpointer
write_files (const DynoErrand *errand,
             gpointer          data,
             GError          **error)
{
  const Writing *writing = data;

  if (writing->analyse != NULL)
    return dyno_analyse_write (errand, writing->analyse, writing->folder, error);

  return dyno_analyse_files_write (errand, writing->files, writing->folder, error)
           ? g_ptr_array_ref (writing->files) : NULL;
}

static const DynoOperation write_operation = { "analysis-write", write_files,
                                               (GDestroyNotify) g_ptr_array_unref, FALSE };

void
dyno_analyse_files_write_async (DynoShop            *shop,
                                GPtrArray           *files,
                                const char          *folder,
                                GCancellable        *cancellable,
                                GAsyncReadyCallback  callback,
                                gpointer             user_data)
{
  Writing *writing = g_new0 (Writing, 1);

  writing->files = g_ptr_array_ref (files);
  writing->folder = g_strdup (folder);
  dyno_operation_start (shop, &write_operation, writing, writing_free, cancellable, callback,
                        user_data);
}

void
dyno_analyse_write_async (DynoShop            *shop,
                          DynoAnalyse         *self,
                          const char          *folder,
                          GCancellable        *cancellable,
                          GAsyncReadyCallback  callback,
                          gpointer             user_data)
{
  Writing *writing = g_new0 (Writing, 1);

  writing->analyse = dyno_analyse_ref (self);
  writing->folder = g_strdup (folder);
  dyno_operation_start (shop, &write_operation, writing, writing_free, cancellable, callback,
                        user_data);
}

void
dyno_analyse_write_failure_async (DynoShop            *shop,
                                  const GError        *failure,
                                  const char          *folder,
                                  GCancellable        *cancellable,
                                  GAsyncReadyCallback  callback,
                                  gpointer             user_data)
{
  g_autoptr(GPtrArray) files
    = g_ptr_array_new_with_free_func ((GDestroyNotify) dyno_artefact_free);

  g_ptr_array_add (files, dyno_artefact_make_failure (failure));
  dyno_analyse_files_write_async (shop, files, folder, cancellable, callback, user_data);
}

GPtrArray *
dyno_analyse_write_finish (GAsyncResult *result,
                           GError      **error)
{
  return dyno_operation_finish (result, &write_operation, error);
}
