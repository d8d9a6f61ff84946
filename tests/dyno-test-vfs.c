/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

#include "config.h"

#include "dyno-test-vfs.h"

#include <sqlite3.h>
#include <stdatomic.h>
#include <string.h>

/* The real file follows in the same memory. */
typedef struct
{
  sqlite3_file  base;
  sqlite3_file *real;
} FaultFile;

static sqlite3_vfs *real_vfs;
static sqlite3_vfs fault_vfs;
static atomic_int fault;
static atomic_uint countdown; /* operations until the failure */
static atomic_uint n_operations;
static atomic_bool has_failed;
static atomic_bool is_full;
static atomic_bool is_broken;

static gboolean
fails_now (void)
{
  guint n = ++n_operations;

  if (fault == DYNO_FAULT_NONE || n < countdown || (fault == DYNO_FAULT_ONCE && n > countdown))
    return FALSE;
  has_failed = TRUE;

  return TRUE;
}

static sqlite3_file *
real (sqlite3_file *file)
{
  return ((FaultFile *) file)->real;
}

static int
file_close (sqlite3_file *file)
{
  return real (file)->pMethods->xClose (real (file));
}

static int
file_read (sqlite3_file *file,
           void         *data,
           int           size,
           sqlite3_int64 offset)
{
  if (fails_now ())
    return SQLITE_IOERR_READ;

  return real (file)->pMethods->xRead (real (file), data, size, offset);
}

static int
file_write (sqlite3_file *file,
            const void   *data,
            int           size,
            sqlite3_int64 offset)
{
  sqlite3_int64 present = 0;

  if (fails_now ())
    return SQLITE_IOERR_WRITE;
  if (is_broken)
    return SQLITE_IOERR_WRITE;
  real (file)->pMethods->xFileSize (real (file), &present);
  if (is_full && offset + size > present)
    return SQLITE_FULL;

  return real (file)->pMethods->xWrite (real (file), data, size, offset);
}

static int
file_truncate (sqlite3_file *file,
               sqlite3_int64 size)
{
  if (fails_now ())
    return SQLITE_IOERR_TRUNCATE;

  return real (file)->pMethods->xTruncate (real (file), size);
}

static int
file_sync (sqlite3_file *file,
           int           flags)
{
  if (fails_now ())
    return SQLITE_IOERR_FSYNC;

  return real (file)->pMethods->xSync (real (file), flags);
}

static int
file_size (sqlite3_file  *file,
           sqlite3_int64 *size)
{
  if (fails_now ())
    return SQLITE_IOERR_FSTAT;

  return real (file)->pMethods->xFileSize (real (file), size);
}

static int
file_lock (sqlite3_file *file,
           int           lock)
{
  return real (file)->pMethods->xLock (real (file), lock);
}

static int
file_unlock (sqlite3_file *file,
             int           lock)
{
  return real (file)->pMethods->xUnlock (real (file), lock);
}

static int
file_check_lock (sqlite3_file *file,
                 int          *answer)
{
  return real (file)->pMethods->xCheckReservedLock (real (file), answer);
}

static int
file_control (sqlite3_file *file,
              int           op,
              void         *arg)
{
  return real (file)->pMethods->xFileControl (real (file), op, arg);
}

static int
file_sector (sqlite3_file *file)
{
  return real (file)->pMethods->xSectorSize (real (file));
}

static int
file_traits (sqlite3_file *file)
{
  return real (file)->pMethods->xDeviceCharacteristics (real (file));
}

static int
shm_map (sqlite3_file   *file,
         int             page,
         int             size,
         int             extend,
         void volatile **memory)
{
  if (fails_now ())
    return SQLITE_IOERR_SHMMAP;

  return real (file)->pMethods->xShmMap (real (file), page, size, extend, memory);
}

static int
shm_lock (sqlite3_file *file,
          int           offset,
          int           n,
          int           flags)
{
  return real (file)->pMethods->xShmLock (real (file), offset, n, flags);
}

static void
shm_barrier (sqlite3_file *file)
{
  real (file)->pMethods->xShmBarrier (real (file));
}

static int
shm_unmap (sqlite3_file *file,
           int           is_delete)
{
  return real (file)->pMethods->xShmUnmap (real (file), is_delete);
}

static const sqlite3_io_methods methods = {
  .iVersion = 2,
  .xClose = file_close,
  .xRead = file_read,
  .xWrite = file_write,
  .xTruncate = file_truncate,
  .xSync = file_sync,
  .xFileSize = file_size,
  .xLock = file_lock,
  .xUnlock = file_unlock,
  .xCheckReservedLock = file_check_lock,
  .xFileControl = file_control,
  .xSectorSize = file_sector,
  .xDeviceCharacteristics = file_traits,
  .xShmMap = shm_map,
  .xShmLock = shm_lock,
  .xShmBarrier = shm_barrier,
  .xShmUnmap = shm_unmap,
};

static int
vfs_open (sqlite3_vfs     *vfs,
          sqlite3_filename name,
          sqlite3_file    *file,
          int              flags,
          int             *out_flags)
{
  FaultFile *self = (FaultFile *) file;
  int status;

  file->pMethods = NULL;
  if (fails_now ())
    return SQLITE_CANTOPEN;
  self->real = (sqlite3_file *) (gpointer) &self[1];
  status = real_vfs->xOpen (real_vfs, name, self->real, flags, out_flags);
  if (self->real->pMethods != NULL)
    file->pMethods = &methods;

  return status;
}

static int
vfs_delete (sqlite3_vfs *vfs,
            const char  *name,
            int          is_synced)
{
  if (fails_now ())
    return SQLITE_IOERR_DELETE;

  return real_vfs->xDelete (real_vfs, name, is_synced);
}

void
dyno_test_vfs_install (void)
{
  real_vfs = sqlite3_vfs_find (NULL);
  fault_vfs = *real_vfs;
  fault_vfs.pNext = NULL;
  fault_vfs.zName = "dyno-test-fault";
  fault_vfs.szOsFile = (int) sizeof (FaultFile) + real_vfs->szOsFile;
  fault_vfs.xOpen = vfs_open;
  fault_vfs.xDelete = vfs_delete;
  sqlite3_vfs_register (&fault_vfs, TRUE);
}

void
dyno_test_vfs_fail_at (DynoFault f,
                       guint     n)
{
  fault = DYNO_FAULT_NONE;
  n_operations = 0;
  has_failed = FALSE;
  countdown = n;
  fault = f;
}

void
dyno_test_vfs_heal (void)
{
  dyno_test_vfs_fail_at (DYNO_FAULT_NONE, 0);
}

guint
dyno_test_vfs_n_operations (void)
{
  return n_operations;
}

gboolean
dyno_test_vfs_has_failed (void)
{
  return has_failed;
}

void
dyno_test_vfs_set_full (gboolean full)
{
  is_full = full;
}

void
dyno_test_vfs_set_broken (gboolean broken)
{
  is_broken = broken;
}
