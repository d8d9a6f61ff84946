/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

#pragma once

#include "dyno-import-reader.h"
#include "dyno-import-report.h"
#include "dyno-mlg-columns.h"

G_BEGIN_DECLS

/* The blocks of a MegaLogViewer binary log, read piece by piece: records
 * with their sum, markers, the counter that runs over both, and what stands between
 * them where the file is damaged. */

/* Bytes that a call must be given at least, unless they are the last: a search for
 * the next sound blocks goes so far. */
#define DYNO_MLG_LOOKAHEAD (256 * 1024)

typedef struct
{
  guint64 n_records;  /* with a right sum */
  guint64 n_markers;
  guint64 n_checksum; /* records with a wrong one: no rows */
  guint64 n_breaks;   /* of the counter */
  guint64 n_lost;     /* blocks that the counter says are missing, mod 256 a break */
  guint64 n_resyncs;
  guint64 n_skipped;  /* bytes between sound blocks */
  guint64 n_cut;      /* bytes of the last block, which the file ends in */
  guint64 n_unread;   /* bytes behind what could be made sense of */
} DynoMlgCounts;

typedef struct _DynoMlgBlocks DynoMlgBlocks;

/* Records go to `columns`, markers to the report. All (borrowed). */
DynoMlgBlocks *dyno_mlg_blocks_new  (const DynoMlg         *mlg,
                                     DynoMlgColumns        *columns,
                                     DynoImportReport      *report,
                                     const DynoImportWatch *watch);
void           dyno_mlg_blocks_free (DynoMlgBlocks         *self);

/* Reads what whole blocks there are; *n_used bytes are done with. FALSE when cancelled,
 * with import_corrupt where more than a tenth of the first 100 records are damaged. */
gboolean       dyno_mlg_blocks_read (DynoMlgBlocks         *self,
                                     const guint8          *bytes,
                                     gsize                  n,
                                     gboolean               is_last,
                                     double                 fraction,
                                     gsize                 *n_used,
                                     GError               **error);

const DynoMlgCounts *dyno_mlg_blocks_counts (const DynoMlgBlocks *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (DynoMlgBlocks, dyno_mlg_blocks_free)

G_END_DECLS
