/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

#include "config.h"

#include <stdint.h>
#include <sys/mman.h>
#include <unistd.h>

#include "dyno-grid-file.h"

int LLVMFuzzerTestOneInput (const uint8_t *data,
                            size_t         size);

/* A file of any content: a grid with sound axes, or a sentence. */
static void
read_grid (const char *path)
{
  g_autoptr(GError) error = NULL;
  g_autoptr(DynoGrid) grid = dyno_grid_file_read (path, NULL, &error);

  if (grid == NULL)
    {
      g_assert_nonnull (error);
      g_assert_true (g_utf8_validate (error->message, -1, NULL));
      return;
    }

  dyno_grid_file_fill (grid, 1);
  for (guint i = 1; i < grid->shape.rpm.n; i++)
    g_assert_cmpfloat (grid->shape.rpm.at[i - 1], <, grid->shape.rpm.at[i]);
}

static void
read_target (const char *path)
{
  g_autoptr(GError) error = NULL;
  DynoTarget *target = dyno_grid_file_read_target (path, &error);

  g_assert_true ((target != NULL) == (error == NULL));
  dyno_target_free (target);
}

int
LLVMFuzzerTestOneInput (const uint8_t *data,
                        size_t         size)
{
  int fd = memfd_create ("grid", MFD_CLOEXEC);
  g_autofree char *path = g_strdup_printf ("/proc/self/fd/%d", fd);

  if (write (fd, data, size) != (ssize_t) size)
    g_error ("no memory for a file");
  read_grid (path);
  read_target (path);
  close (fd);

  return 0;
}
