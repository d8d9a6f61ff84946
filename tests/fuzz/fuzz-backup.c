/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

#include "config.h"

#include "dyno-backup-file.h"
#include "dyno-backup-pack.h"

#include <stdint.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

int LLVMFuzzerTestOneInput (const uint8_t *data, size_t size);

/* A file that begins like a backup and goes on with these bytes as its header. */
static void
try_header (int            fd,
            const uint8_t *data,
            size_t         size)
{
  guint32 length = GUINT32_TO_LE ((guint32) size);
  g_autofree char *path = g_strdup_printf ("/proc/self/fd/%d", fd);
  g_autoptr(DynoBackupSource) source = NULL;

  g_assert_cmpint (ftruncate (fd, 0), ==, 0);
  g_assert_cmpint (pwrite (fd, "DYNOBK1\n", 8, 0), ==, 8);
  g_assert_cmpint (pwrite (fd, &length, 4, 8), ==, 4);
  g_assert_cmpint (pwrite (fd, data, size, 12), ==, size);
  source = dyno_backup_source_new (path, NULL);
  if (source != NULL)
    {
      const DynoBackupHeader *header = dyno_backup_source_header (source);
      g_autoptr(GBytes) key = g_bytes_new_static ("0123456789abcdef0123456789abcdef", 32);

      g_assert_nonnull (header->install);
      g_assert_nonnull (header->counts);
      g_assert_cmpint (header->schema, >, 0);
      g_assert_false (dyno_backup_source_unlock (source, key, NULL));
    }
}

/* Headers as anybody may have written them, and names of members: what is taken leads
 * nowhere else. */
int
LLVMFuzzerTestOneInput (const uint8_t *data,
                        size_t         size)
{
  static int fd = -1;
  g_autofree char *name = g_strndup ((const char *) data, size);

  if (fd < 0)
    fd = memfd_create ("backup", MFD_CLOEXEC);
  try_header (fd, data, size);
  if (dyno_backup_is_member (name))
    {
      g_assert_true (name[0] != '/' && !g_str_has_prefix (name, "..")
                     && strstr (name, "/.") == NULL);
      g_assert_cmpuint (strlen (name), <, 140);
    }

  return 0;
}
