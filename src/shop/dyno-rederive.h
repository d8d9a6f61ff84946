/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

#pragma once

#include "dyno-recording.h"
#include "dyno-replay.h"

G_BEGIN_DECLS

/* A run once more, from its packet journal: through the same intake and the same
 * take as live, so that the same seconds come out, byte for byte. Blocking; any
 * thread. */

/* Which part of the stream is the run; all zero: what the journal's note says, or
 * without one everything that the dyno in use said. */
typedef struct
{
  const char *provider; /* (nullable) */
  gint64      from_us;
  gint64      to_us;    /* G_MAXINT64: to the end of the file */
} DynoRunWindow;

typedef struct
{
  DynoRecordingNote  note;      /* run_id NULL: the journal has none */
  DynoReplayReport   report;
  DynoTake          *take;      /* (owned) finished */
  GPtrArray         *seconds;   /* (owned) of DynoSecond */
  gint64             utc_us;    /* wall clock less receive clock; 0 unknown */
  gboolean           is_simulator;
} DynoRederived;

/* INVALID "journal" for a file that is none, "import_no_data" where no dyno spoke;
 * NOT_FOUND; G_IO_ERROR_CANCELLED. (transfer full) */
DynoRederived *dyno_rederive       (const char           *path,
                                    const DynoRunWindow  *window,
                                    GCancellable         *cancellable,
                                    GError              **error);
void           dyno_rederived_free (DynoRederived        *self);

/* As samples, rows being the union of the stamps. (transfer full) */
DynoSamples   *dyno_rederived_samples (const DynoRederived *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (DynoRederived, dyno_rederived_free)

G_END_DECLS
