/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

#include "config.h"

#include "dyno-lock.h"

#include <errno.h>
#include <fcntl.h>
#include <glib/gstdio.h>
#include <unistd.h>

#include "dyno-error.h"

struct _DynoLock
{
  int fd; /* (owned) */
};

static char *
dup_path (const char *folder)
{
  return g_build_filename (folder, "dynoai.lock", NULL);
}

static struct flock
whole_file (void)
{
  return (struct flock) { .l_type = F_WRLCK, .l_whence = SEEK_SET };
}

/* Two lines: the process id, the socket's path or nothing. */
static void
read_holder (const char *path,
             int        *pid,
             char      **socket_path)
{
  g_autofree char *text = NULL;
  g_auto(GStrv) lines = NULL;

  *pid = 0;
  *socket_path = NULL;
  if (!g_file_get_contents (path, &text, NULL, NULL))
    return;

  lines = g_strsplit (text, "\n", 3);
  if (lines[0] == NULL)
    return;
  *pid = (int) g_ascii_strtoll (lines[0], NULL, 10);
  if (lines[1] != NULL && *lines[1] != '\0')
    *socket_path = g_strdup (lines[1]);
}

static DynoLock *
refuse (const char *folder,
        const char *path,
        GError    **error)
{
  g_autofree char *socket_path = NULL;
  int pid;

  read_holder (path, &pid, &socket_path);
  dyno_error_set (error, DYNO_ERROR_CONFLICT, "folder_in_use",
                  "Another DynoAI (process %d%s%s) uses the data folder %s. Close it, or choose "
                  "another folder.",
                  pid, socket_path != NULL ? ", socket " : "",
                  socket_path != NULL ? socket_path : "", folder);

  return NULL;
}

static DynoLock *
fail (const char *path,
      GError    **error)
{
  dyno_error_set (error, DYNO_ERROR_UNAVAILABLE, errno == ENOSPC ? "disk_full" : "cannot_lock",
                  "The file %s cannot be used: %s. Check that the data folder belongs to you.",
                  path, g_strerror (errno));

  return NULL;
}

DynoLock *
dyno_lock_take (const char *folder,
                const char *socket_path,
                GError    **error)
{
  g_autofree char *path = dup_path (folder);
  g_autoptr(DynoLock) self = NULL;
  struct flock lock = whole_file ();

  if (g_mkdir_with_parents (folder, 0700) != 0)
    return fail (path, error);

  self = g_new0 (DynoLock, 1);
  self->fd = open (path, O_RDWR | O_CREAT | O_CLOEXEC, 0600);
  if (self->fd < 0)
    return fail (path, error);
  if (fcntl (self->fd, F_OFD_SETLK, &lock) != 0)
    return errno == EAGAIN || errno == EACCES ? refuse (folder, path, error) : fail (path, error);

  dyno_lock_set_socket (self, socket_path);

  return g_steal_pointer (&self);
}

void
dyno_lock_set_socket (DynoLock   *self,
                      const char *socket_path)
{
  g_autofree char *text =
      g_strdup_printf ("%d\n%s\n", (int) getpid (), socket_path != NULL ? socket_path : "");
  gsize size = strlen (text);

  /* A shorter text over a longer one must not leave its tail. */
  if (pwrite (self->fd, text, size, 0) != (gssize) size || ftruncate (self->fd, (off_t) size) != 0)
    g_warning ("The lock file cannot be written: %s", g_strerror (errno));
}

void
dyno_lock_free (DynoLock *self)
{
  if (self == NULL)
    return;

  if (self->fd >= 0)
    close (self->fd);
  g_free (self);
}

gboolean
dyno_lock_find_holder (const char *folder,
                       int        *pid,
                       char      **socket_path)
{
  g_autofree char *path = dup_path (folder);
  g_autofree char *found_socket = NULL;
  struct flock lock = whole_file ();
  int found_pid;
  int fd = open (path, O_RDWR | O_CLOEXEC);
  gboolean is_held;

  if (fd < 0)
    return FALSE;
  is_held = fcntl (fd, F_OFD_GETLK, &lock) == 0 && lock.l_type != F_UNLCK;
  close (fd);
  if (!is_held)
    return FALSE;

  read_holder (path, &found_pid, &found_socket);
  if (pid != NULL)
    *pid = found_pid;
  if (socket_path != NULL)
    *socket_path = g_steal_pointer (&found_socket);

  return TRUE;
}
