/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

/* What SQLite reports, in our words. */

#include "config.h"

#include <sys/statvfs.h>

#include "dyno-db-private.h"
#include "dyno-error.h"

static const struct
{
  int           status; /* a primary or an extended result code */
  DynoErrorCode code;
  const char   *reason;
  const char   *sentence;
} failures[] = {
  { SQLITE_FULL, DYNO_ERROR_UNAVAILABLE, "disk_full",
    "The disk is full, so nothing was stored. Make room, then try again." },
  { SQLITE_READONLY, DYNO_ERROR_UNAVAILABLE, "read_only",
    "The data folder cannot be written, so nothing was stored. Check its permissions and whether "
    "the disk is mounted read-only." },
  { SQLITE_BUSY, DYNO_ERROR_UNAVAILABLE, "busy",
    "Another program is using the database. Close it, then try again." },
  { SQLITE_LOCKED, DYNO_ERROR_UNAVAILABLE, "busy",
    "Another program is using the database. Close it, then try again." },
  { SQLITE_CANTOPEN, DYNO_ERROR_UNAVAILABLE, "cannot_open",
    "The database cannot be opened. Check that the data folder is there and belongs to you." },
  { SQLITE_PERM, DYNO_ERROR_UNAVAILABLE, "cannot_open",
    "The database may not be opened. Check that the data folder belongs to you." },
  { SQLITE_AUTH, DYNO_ERROR_UNAVAILABLE, "cannot_open",
    "The database may not be opened. Check that the data folder belongs to you." },
  { SQLITE_CORRUPT, DYNO_ERROR_CORRUPT, "database",
    "The database is damaged. Restore the last backup; the journals of the runs are not touched." },
  { SQLITE_NOTADB, DYNO_ERROR_CORRUPT, "database",
    "The file dynoai.db is no database. Restore the last backup, or choose another data folder." },
  { SQLITE_IOERR, DYNO_ERROR_UNAVAILABLE, "io",
    "The disk reported an error, so nothing was stored. Check the disk, then try again." },
  { SQLITE_TOOBIG, DYNO_ERROR_TOO_LARGE, "too_large",
    "This is too large for the database (256 MiB a piece)." },
  { SQLITE_NOMEM, DYNO_ERROR_UNAVAILABLE, "memory",
    "There is not enough memory. Close other programs, then try again." },
  { SQLITE_CONSTRAINT_FOREIGNKEY, DYNO_ERROR_CONFLICT, "reference",
    "Something still belongs to this, or what it belongs to is gone." },
  { SQLITE_CONSTRAINT_UNIQUE, DYNO_ERROR_CONFLICT, "exists", "This is stored already." },
  { SQLITE_CONSTRAINT_PRIMARYKEY, DYNO_ERROR_CONFLICT, "exists", "This is stored already." },
  { SQLITE_CONSTRAINT_ROWID, DYNO_ERROR_CONFLICT, "exists", "This is stored already." },
  { SQLITE_CONSTRAINT, DYNO_ERROR_INVALID, "constraint",
    "A value is not of the kind that is stored here." },
};

/* A disk with errors turns read-only under our feet (errors=remount-ro). */
static int
explain_io_error (DynoDb *self,
                  int     status)
{
  struct statvfs disk;

  if ((status & 0xff) == SQLITE_IOERR && statvfs (self->path, &disk) == 0
      && (disk.f_flag & ST_RDONLY) != 0)
    return SQLITE_READONLY;

  return status;
}

void
dyno_db_set_error (DynoDb  *self,
                   int      status,
                   GError **error)
{
  if (status == SQLITE_INTERRUPT)
    {
      g_set_error_literal (error, G_IO_ERROR, G_IO_ERROR_CANCELLED, "The operation was cancelled.");
      return;
    }

  g_info ("%s: %s (%d)", self->path, sqlite3_errmsg (self->handle), status);
  status = explain_io_error (self, status);
  for (guint i = 0; i < G_N_ELEMENTS (failures); i++)
    {
      if (failures[i].status != status && failures[i].status != (status & 0xff))
        continue;
      dyno_error_set (error, failures[i].code, failures[i].reason, "%s", failures[i].sentence);
      return;
    }
  dyno_error_set (error, DYNO_ERROR_INTERNAL, "sql", "The database refused a statement: %s.",
                  sqlite3_errmsg (self->handle));
}
