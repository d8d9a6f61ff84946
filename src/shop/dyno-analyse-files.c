/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

#include "config.h"

#include "dyno-analyse-private.h"

#include <errno.h>
#include <glib/gstdio.h>
#include <string.h>

#include "dyno-error.h"
#include "dyno-shop-private.h"

/* Writing the files of an analysis; part of dyno-analyse.h. */

typedef struct
{
  GPtrArray *files;  /* (owned) of DynoArtefact */
  char      *folder; /* (owned) */
} Writing;

static void
writing_free (gpointer data)
{
  Writing *writing = data;

  g_ptr_array_unref (writing->files);
  g_free (writing->folder);
  g_free (writing);
}

static gboolean
write_file (const char   *folder,
            const char   *name,
            gconstpointer data,
            gsize         size,
            GError      **error)
{
  g_autofree char *path = g_build_filename (folder, name, NULL);
  g_autoptr(GError) failure = NULL;

  if (g_file_set_contents_full (path, data, (gssize) size,
                                G_FILE_SET_CONTENTS_CONSISTENT | G_FILE_SET_CONTENTS_DURABLE, 0644,
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

static gpointer
write_files (const DynoErrand *errand,
             gpointer          data,
             GError          **error)
{
  const Writing *writing = data;
  g_autofree char *provenance = provenance_json (errand->shop);

  if (g_mkdir_with_parents (writing->folder, 0755) != 0)
    {
      dyno_error_set (error, DYNO_ERROR_UNAVAILABLE, "io", "The folder %s cannot be made: %s",
                      writing->folder, g_strerror (errno));
      return NULL;
    }
  for (guint i = 0; i < writing->files->len; i++)
    {
      const DynoArtefact *file = g_ptr_array_index (writing->files, i);

      if (g_cancellable_set_error_if_cancelled (errand->cancellable, error)
          || !write_file (writing->folder, file->name, g_bytes_get_data (file->bytes, NULL),
                          g_bytes_get_size (file->bytes), error))
        return NULL;
    }

  return write_file (writing->folder, "provenance.json", provenance, strlen (provenance), error)
           ? DYNO_OPERATION_DONE : NULL;
}

static const DynoOperation write_operation = { "analysis-write", write_files, NULL, FALSE };

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
  dyno_analyse_files_write_async (shop, self->files, folder, cancellable, callback, user_data);
}

gboolean
dyno_analyse_write_finish (GAsyncResult *result,
                           GError      **error)
{
  return dyno_operation_finish (result, &write_operation, error) != NULL;
}
