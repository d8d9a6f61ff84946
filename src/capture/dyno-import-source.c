/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

#include "config.h"

#include "dyno-import.h"

#include "dyno-error.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

/* Where the bytes of a log come from: memory or a file. */

typedef struct
{
  const guint8 *bytes;
  gsize         left;
} Memory;

static gssize
read_memory (gpointer data,
             void    *buffer,
             gsize    size,
             GError **error)
{
  Memory *memory = data;
  gsize n = MIN (size, memory->left);

  if (n > 0)
    memcpy (buffer, memory->bytes, n);
  memory->bytes += n;
  memory->left -= n;

  return (gssize) n;
}

DynoImportReport *
dyno_import_bytes (const char              *name,
                   gconstpointer            bytes,
                   gsize                    size,
                   const DynoImportOptions *options,
                   GCancellable            *cancellable,
                   DynoSamples            **samples,
                   GError                 **error)
{
  Memory memory = { bytes, size };
  DynoImportSource source = { name, size, read_memory, &memory };

  return dyno_import_run (&source, options, cancellable, samples, error);
}

typedef struct
{
  int         fd;
  const char *path;
} File;

static void
set_io_error (const char *path,
              int         reason,
              GError    **error)
{
  dyno_error_set (error, reason == ENOENT ? DYNO_ERROR_NOT_FOUND : DYNO_ERROR_INTERNAL, "import_io",
                  "“%s” cannot be read: %s. Check the path, its permissions and the disk.", path,
                  g_strerror (reason));
}

static gssize
read_file (gpointer data,
           void    *buffer,
           gsize    size,
           GError **error)
{
  const File *file = data;
  gssize n;

  do
    n = read (file->fd, buffer, size);
  while (n < 0 && errno == EINTR);
  if (n < 0)
    set_io_error (file->path, errno, error);

  return n;
}

DynoImportReport *
dyno_import_file (const char              *path,
                  const DynoImportOptions *options,
                  GCancellable            *cancellable,
                  DynoSamples            **samples,
                  GError                 **error)
{
  g_autofree char *base = g_path_get_basename (path);
  const char *name = options != NULL && options->name != NULL ? options->name : base;
  File file = { open (path, O_RDONLY | O_CLOEXEC), path };
  DynoImportSource source = { name, 0, read_file, &file };
  DynoImportReport *report;
  struct stat about;

  if (file.fd < 0)
    {
      set_io_error (path, errno, error);
      return NULL;
    }
  if (fstat (file.fd, &about) == 0 && S_ISREG (about.st_mode))
    source.size = (guint64) about.st_size;
  report = dyno_import_run (&source, options, cancellable, samples, error);
  close (file.fd);

  return report;
}
