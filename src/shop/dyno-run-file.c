/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

#include "config.h"

#include "dyno-run-file.h"

#include <gio/gunixinputstream.h>
#include <glib/gstdio.h>
#include <sys/stat.h>

#include "dyno-beneath.h"
#include "dyno-error.h"
#include "dyno-shop-private.h"

typedef struct
{
  char *run_id;  /* (owned) */
  char *file_id; /* (owned) */
} Wanted;

static void
wanted_free (gpointer data)
{
  Wanted *wanted = data;

  g_free (wanted->run_id);
  g_free (wanted->file_id);
  g_free (wanted);
}

void
dyno_run_file_opened_free (DynoRunFileOpened *self)
{
  if (self == NULL)
    return;

  g_clear_pointer (&self->file, dyno_run_file_free);
  g_clear_object (&self->stream);
  g_free (self);
}

/* NULL where the run has none of that id. (transfer full) */
static DynoRunFile *
take_file (GPtrArray  *files,
           const char *file_id)
{
  for (guint i = 0; i < files->len; i++)
    {
      const DynoRunFile *file = g_ptr_array_index (files, i);

      if (g_str_equal (file->id, file_id))
        return g_ptr_array_steal_index (files, i);
    }

  return NULL;
}

static DynoRunFile *
find_file (const DynoErrand *errand,
           const Wanted     *wanted,
           GError          **error)
{
  DynoStore *store = errand->shop->store;
  g_autoptr(GPtrArray) files = NULL;
  g_autoptr(DynoRunFile) file = NULL;

  dyno_store_list_run_files_async (store, wanted->run_id, NULL, errand->cancellable,
                                   dyno_await_cb, errand->await);
  files = dyno_store_list_run_files_finish (store, dyno_await_wait (errand->await), error);
  if (files == NULL)
    return NULL;

  file = take_file (files, wanted->file_id);
  if (file == NULL)
    dyno_error_set (error, DYNO_ERROR_NOT_FOUND, NULL, "The run has no such file.");
  else if (file->removed_ms != 0)
    dyno_error_set (error, DYNO_ERROR_NOT_FOUND, "removed",
                    "This file was let go by the rules of the shop; its sum is kept.");
  else
    return g_steal_pointer (&file);

  return NULL;
}

static GInputStream *
open_file (const DynoErrand  *errand,
           const DynoRunFile *file,
           GError           **error)
{
  int fd = dyno_beneath_open (errand->shop->folders->data, file->path);
  struct stat about;

  if (fd >= 0 && fstat (fd, &about) == 0 && S_ISREG (about.st_mode)
      && about.st_size == file->bytes)
    return g_unix_input_stream_new (fd, TRUE);

  if (fd >= 0)
    g_close (fd, NULL);
  dyno_error_set (error, DYNO_ERROR_CORRUPT, "file",
                  "The file is not what was kept. Verify the runs to see what is wrong.");

  return NULL;
}

static gpointer
open_wanted (const DynoErrand *errand,
             gpointer          data,
             GError          **error)
{
  g_autoptr(DynoRunFileOpened) self = g_new0 (DynoRunFileOpened, 1);

  self->file = find_file (errand, data, error);
  if (self->file == NULL)
    return NULL;
  self->stream = open_file (errand, self->file, error);

  return self->stream != NULL ? g_steal_pointer (&self) : NULL;
}

static const DynoOperation open_operation = { "run-file-open", open_wanted,
                                              (GDestroyNotify) dyno_run_file_opened_free, TRUE };

void
dyno_run_file_open_async (DynoShop            *shop,
                          const char          *run_id,
                          const char          *file_id,
                          GCancellable        *cancellable,
                          GAsyncReadyCallback  callback,
                          gpointer             user_data)
{
  Wanted *wanted = g_new0 (Wanted, 1);

  wanted->run_id = g_strdup (run_id);
  wanted->file_id = g_strdup (file_id);
  dyno_operation_start (shop, &open_operation, wanted, wanted_free, cancellable, callback,
                        user_data);
}

DynoRunFileOpened *
dyno_run_file_open_finish (GAsyncResult *result,
                           GError      **error)
{
  return dyno_operation_finish (result, &open_operation, error);
}
