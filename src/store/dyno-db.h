/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

/* One connection to the database, set up as service.md 9.1 says: WAL, FULL,
 * foreign keys, defensive, limits. It belongs to the thread that uses it; only
 * its owner may hand it to another.
 *
 * What SQLite reports becomes a DYNO_ERROR whose reason word is disk_full,
 * read_only, busy, io, database, …; an interrupt is G_IO_ERROR_CANCELLED. */

/* "DYNO", in the head of every database file of ours. */
#define DYNO_DB_APPLICATION_ID 0x44594E4F

typedef struct _DynoDb DynoDb;

typedef enum
{
  DYNO_DB_CREATE, /* read and write; made, readable by its owner only, where it is missing */
  DYNO_DB_WRITE,
  DYNO_DB_READ,
  DYNO_DB_FROZEN, /* read what nobody writes: no side files beside it */
} DynoDbMode;

typedef enum
{
  DYNO_DB_CHECK_PAGES,      /* quick_check */
  DYNO_DB_CHECK_INDEXES,    /* integrity_check: pages, and that indexes agree */
  DYNO_DB_CHECK_REFERENCES, /* foreign_key_check */
} DynoDbCheck;

DynoDb  *dyno_db_open             (const char    *path,
                                   DynoDbMode     mode,
                                   GError       **error);
void     dyno_db_close            (DynoDb        *self);
/* Closing will leave the log beside the database, as evidence. Else the last
 * connection that closes moves it into the database and removes it. */
void     dyno_db_keep_log         (DynoDb        *self);

/* Text of ours, one or more statements, without parameters. */
gboolean dyno_db_exec             (DynoDb        *self,
                                   const char    *sql,
                                   GError       **error);

gboolean dyno_db_begin            (DynoDb        *self,
                                   gboolean       is_write,
                                   GError       **error);
gboolean dyno_db_commit           (DynoDb        *self,
                                   GError       **error);
/* Never fails: what is not committed is gone in any case. */
void     dyno_db_rollback         (DynoDb        *self);
/* FALSE after SQLite itself rolled back, as it does when the disk is full. */
gboolean dyno_db_is_in_transaction (DynoDb       *self);

/* A part of a transaction that can be undone alone; they do not nest. */
gboolean dyno_db_savepoint        (DynoDb        *self,
                                   GError       **error);
gboolean dyno_db_release          (DynoDb        *self,
                                   GError       **error);
void     dyno_db_undo_savepoint   (DynoDb        *self);

/* Rows that the last INSERT, UPDATE or DELETE touched. */
gint64   dyno_db_n_changed        (DynoDb        *self);
/* The rowid that the last INSERT gave. */
gint64   dyno_db_last_number      (DynoDb        *self);

/* The value of a pragma; 0 or NULL where it has none. */
gint64   dyno_db_pragma           (DynoDb        *self,
                                   const char    *name);
char    *dyno_db_dup_pragma       (DynoDb        *self,
                                   const char    *name);

/* Adds a line of text a finding. FALSE only where the check itself could not
 * run. */
gboolean dyno_db_check            (DynoDb        *self,
                                   DynoDbCheck    check,
                                   GPtrArray     *findings,
                                   GError       **error);

/* SHA-256 (hexadecimal) over every table, index, view and trigger. */
char    *dyno_db_dup_schema_sum   (DynoDb        *self,
                                   GError       **error);

/* Bytes in the write-ahead log after the last commit of this connection. */
gsize    dyno_db_wal_bytes        (DynoDb        *self);
/* Moves what readers allow of the log into the database, without waiting for
 * them; `is_truncate` also empties the file. `is_complete` (nullable) says
 * whether all was moved, and emptied. */
gboolean dyno_db_checkpoint       (DynoDb        *self,
                                   gboolean       is_truncate,
                                   gboolean      *is_complete,
                                   GError       **error);

/* While set, a long read stops with G_IO_ERROR_CANCELLED soon after the
 * cancellable is triggered. Only for reads: an interrupted write would undo its
 * whole transaction. (borrowed) (nullable) */
void     dyno_db_set_cancellable  (DynoDb        *self,
                                   GCancellable  *cancellable);

/* Fills `error` from SQLite's last report on this connection. */
void     dyno_db_set_error        (DynoDb        *self,
                                   int            status,
                                   GError       **error);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (DynoDb, dyno_db_close)

G_END_DECLS
