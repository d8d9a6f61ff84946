/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

#pragma once

#include <gio/gio.h>

#include "dyno-clock.h"
#include "dyno-journal.h"

G_BEGIN_DECLS

/* The writing of journals: one worker (thread dyno-journal) that owns the open
 * files, written in blocks of at most 250 ms with fdatasync each second. Who
 * gives the records never waits: a stuck disk costs memory up to 64 MiB, then
 * records (counted); a full disk ends the journal and nothing else. */

#define DYNO_JOURNAL_BLOCK_US 250000
#define DYNO_JOURNAL_MOST_PENDING (64 * 1024 * 1024)

typedef struct _DynoJournal     DynoJournal;
typedef struct _DynoJournalFile DynoJournalFile;

typedef enum
{
  DYNO_JOURNAL_FILE_WRITING,
  DYNO_JOURNAL_FILE_FULL,   /* no room on the disk: it ends here, and is whole up to here */
  DYNO_JOURNAL_FILE_FAILED, /* could not be opened or written */
} DynoJournalFileStatus;

/* What was written. */
typedef struct
{
  char                 *path;      /* (owned) */
  guint64               length;    /* bytes */
  char                 *sha256;    /* (owned) of these bytes, hexadecimal */
  guint64               n_records; /* the end record not counted */
  guint64               n_dropped; /* records that a stuck or full disk cost */
  DynoJournalFileStatus status;
  char                 *complaint; /* (owned) (nullable) a sentence where not WRITING */
} DynoJournalResult;

/* Starts the worker. `clock` is borrowed. */
DynoJournal          *dyno_journal_new          (DynoClock           *clock);
/* Writes all that was given and joins the thread. Each file must have been
 * given to dyno_journal_file_finish_async () before. */
void                  dyno_journal_free         (DynoJournal         *self);

/* Begins a new file (one that is there already is left alone: FAILED); never
 * blocks: the status says what became of it. `run_id` is NULL for a day's
 * journal. `records` (nullable, of GBytes) is what
 * dyno_packet_ring_copy_since () gave. `first_us` is the arrival of the first of
 * them, or now. (transfer full): end it with _finish_async. */
DynoJournalFile      *dyno_journal_begin        (DynoJournal         *self,
                                                 const char          *path,
                                                 const char          *run_id,
                                                 const char          *group,
                                                 guint16              port,
                                                 GPtrArray           *records,
                                                 gint64               first_us);

/* One thread at a time. Whole records, as DynoBatch.records; `now_us` is the
 * batch's end_us, it paces the blocks. */
void                  dyno_journal_file_append  (DynoJournalFile     *file,
                                                 GBytes              *records,
                                                 gint64               now_us);

/* Any thread. */
DynoJournalFileStatus dyno_journal_file_status  (DynoJournalFile     *file);
guint64               dyno_journal_file_dropped (DynoJournalFile     *file);

/* Writes the rest, the end record (arrival `end_us`), fdatasync, close. Takes
 * `file` over. The answer comes in the caller's context; a file that failed is
 * a result, not an error. Cannot be cancelled. */
void                  dyno_journal_file_finish_async (DynoJournalFile     *file,
                                                      gint64               end_us,
                                                      GAsyncReadyCallback  callback,
                                                      gpointer             user_data);
DynoJournalResult    *dyno_journal_file_finish  (GAsyncResult        *result,
                                                 GError             **error);
void                  dyno_journal_result_free  (DynoJournalResult   *result);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (DynoJournal, dyno_journal_free)
G_DEFINE_AUTOPTR_CLEANUP_FUNC (DynoJournalResult, dyno_journal_result_free)

G_END_DECLS
