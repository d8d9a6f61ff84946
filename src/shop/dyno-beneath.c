/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

#include "config.h"

#include "dyno-beneath.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/openat2.h>
#include <sys/syscall.h>
#include <unistd.h>

#define READING (O_RDONLY | O_CLOEXEC | O_NOCTTY | O_NONBLOCK)

static int
open_resolved (int         folder,
               const char *relative)
{
  struct open_how how = { .flags = READING,
                          .resolve = RESOLVE_BENEATH | RESOLVE_NO_SYMLINKS | RESOLVE_NO_MAGICLINKS };

  return (int) syscall (SYS_openat2, folder, relative, &how, sizeof how);
}

/* `folder` is closed. */
static int
step_into (int         folder,
           const char *name,
           int         flags)
{
  gboolean is_name = *name != '\0' && !g_str_equal (name, ".") && !g_str_equal (name, "..");
  int fd = is_name ? openat (folder, name, READING | O_NOFOLLOW | flags) : -1;
  int reason = is_name ? errno : EXDEV;

  close (folder);
  errno = reason;

  return fd;
}

static int
open_by_parts (int         folder,
               const char *relative)
{
  g_auto(GStrv) parts = g_strsplit (relative, "/", -1);
  int fd = dup (folder);

  for (guint i = 0; fd >= 0 && parts[i] != NULL; i++)
    fd = step_into (fd, parts[i], parts[i + 1] != NULL ? O_DIRECTORY : 0);

  return fd;
}

int
dyno_beneath_open (const char *folder,
                   const char *relative)
{
  int root = open (folder, O_PATH | O_DIRECTORY | O_CLOEXEC);
  int fd;
  int reason;

  if (root < 0)
    return -1;

  fd = open_resolved (root, relative);
  if (fd < 0 && (errno == ENOSYS || errno == EPERM))
    fd = open_by_parts (root, relative);
  reason = errno;
  close (root);
  errno = reason;

  return fd;
}
