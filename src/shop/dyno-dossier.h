/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

#pragma once

#include "dyno-archive.h"
#include "dyno-import-job.h"
#include "dyno-operation.h"
#include "dyno-pull-power.h"
#include "dyno-store.h"

G_BEGIN_DECLS

/* All that leaves the house with one run: what every export, report and archive is
 * made of. It comes from the store, from a log file or out of an archive, and goes
 * into an archive or into the store. Plain memory, one thread at a time. */

typedef struct
{
  DynoRun      *run;           /* (owned) with its long texts; the id of a file is of its sum */
  gboolean      is_stored;     /* it stands in the run book */
  DynoSamples  *samples;       /* (owned) */
  double       *confidence;    /* (owned) how sure each column is; NaN: nobody judged */
  GPtrArray    *marks;         /* (owned) of DynoRunMark */
  DynoVehicle  *vehicle;       /* (owned) (nullable) */
  DynoCustomer *customer;      /* (owned) (nullable) */
  char         *source_name;   /* (owned) (nullable) of the log, without folders */
  char         *source_sha256; /* (owned) (nullable) of the log or the journal */
  GBytes       *source;        /* (owned) (nullable) the log, unchanged */
  GBytes       *journal;       /* (owned) (nullable) the packets */
  GPtrArray    *analyses;      /* (owned) of DynoAnalysisRecord with results, by id */
  GPtrArray    *extras;        /* (owned) of DynoArchiveMember: other parts of an archive */
  char         *shop_id;       /* (owned) (nullable) of the shop that recorded it */
  char         *chain_head;    /* (owned) (nullable) hₙ */
  gboolean      is_redacted;

  DynoPowerOptions options;    /* how this shop looks at it; trim and fuel are the run's */
  DynoDrum         drum;       /* that `options` borrow */
  DynoDrum         reference;  /* what its dyno showed first */
  gboolean         has_reference;
  DynoPullPower   *power;      /* (owned) (nullable) by dyno_dossier_power () */
} DynoDossier;

DynoDossier   *dyno_dossier_new        (DynoRun                 *run,
                                        DynoSamples             *samples);
void           dyno_dossier_free       (DynoDossier             *self);

/* A run of the book by its id, with all its files. NOT_FOUND; CORRUPT where a file is
 * not what was recorded. Blocking. (transfer full) */
DynoDossier   *dyno_dossier_of_run     (const DynoErrand        *errand,
                                        const char              *run_id,
                                        GError                 **error);
/* A log, a packet journal or a run archive on disk. Needs no store. Errors of
 * dyno-import-job.h and dyno-archive.h. Blocking. (transfer full) */
DynoDossier   *dyno_dossier_of_file    (const DynoErrand        *errand,
                                        const DynoImportRequest *request,
                                        GError                 **error);

/* Gives it the way in which this shop looks at a run: what the two above do in the end. */
void           dyno_dossier_look        (DynoDossier             *self,
                                         const DynoErrand        *errand);

/* Takes customer, plate, VIN and notes out, and the files, in which they may stand. */
void           dyno_dossier_redact     (DynoDossier             *self);

/* The curve as this shop sees it: its correction, its dyno. (transfer none) */
const DynoPullPower *
               dyno_dossier_power      (DynoDossier             *self);
/* The curve that follows from the run alone, in every shop the same: by the standard
 * of its peaks, level 2, without what a shop knows of its dyno. (transfer full) */
DynoPullPower *dyno_dossier_own_power  (const DynoDossier       *self);

/* The dialect of the log; NULL for a recorded run. (transfer full) */
char          *dyno_dossier_dialect    (const DynoDossier       *self);

/* UTC ms when it was over; 0 where no clock was known. */
gint64         dyno_dossier_closed_ms  (const DynoDossier       *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (DynoDossier, dyno_dossier_free)

G_END_DECLS
