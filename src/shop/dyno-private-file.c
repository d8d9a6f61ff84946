/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

#include "config.h"

#include "dyno-private-file.h"

#include <errno.h>
#include <fcntl.h>
#include <glib/gstdio.h>
#include <sys/stat.h>
#include <unistd.h>

#include "dyno-crypt-seal.h"
#include "dyno-error.h"

static gboolean
may_be_read (int          file,
             const char  *path,
             gsize        most,
             gsize       *size,
             GError     **error)
{
  struct stat about;

  if (fstat (file, &about) != 0 || !S_ISREG (about.st_mode))
    dyno_error_set (error, DYNO_ERROR_INVALID, "private_file", "%s is no file.", path);
  else if ((about.st_mode & (S_IRWXG | S_IRWXO)) != 0)
    dyno_error_set (error, DYNO_ERROR_INVALID, "private_file",
                    "Others may read %s. Take their rights away: chmod 600.", path);
  else if ((gsize) about.st_size > most)
    dyno_error_set (error, DYNO_ERROR_INVALID, "private_file",
                    "%s is longer than %" G_GSIZE_FORMAT " bytes.", path, most);
  else
    {
      *size = (gsize) about.st_size;
      return TRUE;
    }

  return FALSE;
}

/* What a file that grows meanwhile gained is left out. */
static GBytes *
read_all (int    file,
          gsize  size)
{
  g_autofree guint8 *data = g_malloc (size + 1);
  gsize n = 0;
  gssize more = 1;
  GBytes *bytes;

  while (n < size && more > 0)
    {
      more = read (file, data + n, size - n);
      n += more > 0 ? (gsize) more : 0;
    }
  bytes = more < 0 ? NULL : dyno_crypt_secret_new (data, n);
  dyno_crypt_wipe (data, size);

  return bytes;
}

GBytes *
dyno_private_file_read (const char  *path,
                        gsize        most,
                        GError     **error)
{
  int file = g_open (path, O_RDONLY | O_CLOEXEC | O_NONBLOCK, 0);
  GBytes *content = NULL;
  gsize size;

  if (file < 0)
    {
      dyno_error_set (error, DYNO_ERROR_INVALID, "private_file", "%s cannot be opened: %s.", path,
                      g_strerror (errno));
      return NULL;
    }
  if (may_be_read (file, path, most, &size, error))
    {
      content = read_all (file, size);
      if (content == NULL)
        dyno_error_set (error, DYNO_ERROR_INVALID, "private_file", "%s cannot be read.", path);
    }
  close (file);

  return content;
}
