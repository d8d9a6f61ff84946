/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

#include "config.h"

#include "dyno-import-keep.h"

#include <errno.h>
#include <fcntl.h>
#include <glib/gstdio.h>
#include <unistd.h>

#include "dyno-crypt.h"
#include "dyno-error.h"

#define COPY_BLOCK (1 << 20)

static gboolean
fail_io (const char  *path,
         int          reason,
         GError     **error)
{
  dyno_error_set (error, reason == ENOSPC ? DYNO_ERROR_UNAVAILABLE : DYNO_ERROR_INTERNAL,
                  reason == ENOSPC ? "disk_full" : "import_io",
                  "“%s” cannot be copied: %s. Check the disk and its free space.", path,
                  g_strerror (reason));

  return FALSE;
}

static gboolean
write_all (int           fd,
           const guint8 *bytes,
           gsize         size)
{
  while (size > 0)
    {
      gssize n = write (fd, bytes, size);

      if (n < 0 && errno != EINTR)
        return FALSE;
      if (n > 0)
        {
          bytes += n;
          size -= (gsize) n;
        }
    }

  return TRUE;
}

static gboolean
copy_bytes (int            from,
            int            to,
            DynoCryptSum  *sum,
            gint64        *total,
            GCancellable  *cancellable,
            GError       **error)
{
  g_autofree guint8 *block = g_malloc (COPY_BLOCK);
  gssize n;

  while ((n = read (from, block, COPY_BLOCK)) != 0)
    {
      if (n < 0 && errno == EINTR)
        continue;
      if (n < 0 || !write_all (to, block, (gsize) n))
        return fail_io ("the log", errno, error);
      dyno_crypt_sum_update (sum, block, (gsize) n);
      *total += n;
      if (g_cancellable_set_error_if_cancelled (cancellable, error))
        return FALSE;
    }

  return fsync (to) == 0 || fail_io ("the log", errno, error);
}

/* A log that grows while it is read is not the log that was read. */
static gboolean
is_same (const char    *path,
         DynoCryptSum  *sum,
         const char    *sha256,
         GError       **error)
{
  g_autofree char *copied = dyno_crypt_sum_hex (sum);

  if (g_str_equal (copied, sha256))
    return TRUE;

  dyno_error_set (error, DYNO_ERROR_CONFLICT, "import_io",
                  "“%s” changed while it was read. Import it again when it is finished.", path);

  return FALSE;
}

gboolean
dyno_import_keep (const char    *path,
                  const char    *kept,
                  const char    *sha256,
                  gint64        *size,
                  GCancellable  *cancellable,
                  GError       **error)
{
  g_autoptr(DynoCryptSum) sum = dyno_crypt_sum_new ();
  int from = g_open (path, O_RDONLY | O_CLOEXEC, 0);
  int to = from >= 0 ? g_open (kept, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600) : -1;
  gboolean is_kept = to >= 0 ? copy_bytes (from, to, sum, size, cancellable, error)
                               && is_same (path, sum, sha256, error)
                             : fail_io (path, errno, error);

  if (from >= 0)
    g_close (from, NULL);
  if (to >= 0)
    g_close (to, NULL);
  if (to >= 0 && !is_kept)
    g_unlink (kept);

  return is_kept;
}
