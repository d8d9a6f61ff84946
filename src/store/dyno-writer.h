/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

#pragma once

#include "dyno-call.h"

G_BEGIN_DECLS

/* The one thread that writes, dyno-store-w. It gathers what comes within 5 ms,
 * at most 64 calls, into one transaction, each call in a savepoint of its own,
 * and answers them all after the commit. It alone moves the write-ahead log
 * into the database: in passing at 4 MiB, completely when nothing is to be done
 * and at the end. */

typedef struct _DynoWriter DynoWriter;

typedef struct
{
  guint64 n_calls;
  guint64 n_commits;
  guint64 n_checkpoints;
} DynoWriterCounts;

/* Takes `db` over. `clock` is borrowed. */
DynoWriter *dyno_writer_new        (DynoDb           *db,
                                    DynoClock        *clock);

/* Any thread. */
void        dyno_writer_push       (DynoWriter       *self,
                                    GTask            *call);
guint       dyno_writer_n_waiting  (DynoWriter       *self);
void        dyno_writer_get_counts (DynoWriter       *self,
                                    DynoWriterCounts *counts);

/* Does what is queued, empties the log, closes the connection. May be called
 * twice. */
void        dyno_writer_stop       (DynoWriter       *self);
void        dyno_writer_free       (DynoWriter       *self);

G_END_DECLS
