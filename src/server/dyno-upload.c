/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

#include "config.h"

#include "dyno-upload.h"

#include <errno.h>
#include <fcntl.h>
#include <glib/gstdio.h>
#include <unistd.h>

#include "dyno-crypt.h"
#include "dyno-error.h"

struct _DynoUpload
{
  gatomicrefcount  ref_count;
  int              fd;     /* (owned) */
  char            *path;   /* (owned) /proc/self/fd/… */
  DynoCryptSum    *sum;    /* (owned) */
  char            *sha256; /* (owned) (nullable) until it is closed */
  guint64          size;
};

static void
set_failure (GError **error)
{
  int number = errno;

  dyno_error_set (error, DYNO_ERROR_UNAVAILABLE,
                  number == ENOSPC || number == EDQUOT ? "STORAGE_FULL" : "STORAGE",
                  "The upload could not be kept: %s.", g_strerror (number));
}

/* Where the file system has no files without a name, one that loses its name at once. */
static int
open_unnamed (const char *folder)
{
  int fd = open (folder, O_TMPFILE | O_RDWR | O_CLOEXEC, 0600);
  g_autofree char *name = NULL;

  if (fd >= 0)
    return fd;

  name = g_build_filename (folder, ".upload-XXXXXX", NULL);
  fd = g_mkstemp_full (name, O_RDWR | O_CLOEXEC, 0600);
  if (fd >= 0)
    g_unlink (name);

  return fd;
}

DynoUpload *
dyno_upload_new (const char  *folder,
                 GError     **error)
{
  int fd = open_unnamed (folder);
  DynoUpload *self;

  if (fd < 0)
    {
      set_failure (error);
      return NULL;
    }

  self = g_new0 (DynoUpload, 1);
  g_atomic_ref_count_init (&self->ref_count);
  self->fd = fd;
  self->path = g_strdup_printf ("/proc/self/fd/%d", fd);
  self->sum = dyno_crypt_sum_new ();

  return self;
}

DynoUpload *
dyno_upload_ref (DynoUpload *self)
{
  g_atomic_ref_count_inc (&self->ref_count);

  return self;
}

void
dyno_upload_unref (DynoUpload *self)
{
  if (!g_atomic_ref_count_dec (&self->ref_count))
    return;

  close (self->fd);
  g_clear_pointer (&self->path, g_free);
  g_clear_pointer (&self->sum, dyno_crypt_sum_free);
  g_clear_pointer (&self->sha256, g_free);
  g_free (self);
}

gboolean
dyno_upload_append (DynoUpload     *self,
                    gconstpointer   data,
                    gsize           size,
                    GError        **error)
{
  const guint8 *at = data;

  dyno_crypt_sum_update (self->sum, data, size);
  self->size += size;
  while (size > 0)
    {
      gssize written = write (self->fd, at, size);

      if (written < 0 && errno == EINTR)
        continue;
      if (written < 0)
        {
          set_failure (error);
          return FALSE;
        }
      at += written;
      size -= (gsize) written;
    }

  return TRUE;
}

void
dyno_upload_close (DynoUpload *self)
{
  if (self->sha256 == NULL)
    self->sha256 = dyno_crypt_sum_hex (self->sum);
}

const char *
dyno_upload_get_path (DynoUpload *self)
{
  return self->path;
}

guint64
dyno_upload_get_size (DynoUpload *self)
{
  return self->size;
}

const char *
dyno_upload_get_sha256 (DynoUpload *self)
{
  dyno_upload_close (self);

  return self->sha256;
}
