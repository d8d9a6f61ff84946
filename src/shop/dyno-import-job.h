/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

#pragma once

#include <gio/gio.h>

#include "dyno-import.h"
#include "dyno-store-runs.h"

G_BEGIN_DECLS

/* Logs of other programs, packet journals and run archives into runs (formats.md A, D).
 * A preview says what would be read; an import does it, as a job with progress and
 * cancel (kind "import"), and keeps a log unchanged as source/<run id>. What was
 * confirmed about its columns is remembered for the next one with the same header.
 *
 * Errors: those of formats.md A.11 as reason words ("import_no_time", …); CONFLICT
 * "import_duplicate", which names the run; NOT_FOUND for a path that is not there;
 * G_IO_ERROR_CANCELLED. Nothing is kept then. */

typedef struct _DynoShop DynoShop;

/* What is to be imported and how. Strings and lists are (owned), all but `path`
 * may be NULL; what they mean is said in dyno-import.h. */
typedef struct
{
  char    *path;
  char    *name;       /* as people know it; NULL: the last part of the path */
  char    *vehicle;    /* id or label; an unknown label makes a vehicle */
  char    *title;
  char    *notes;
  char   **tags;
  char   **map;        /* "COLUMN=channel" */
  char   **unit;       /* "COLUMN=unit" */
  double   rate_hz;    /* 0: the stamps */
  gboolean row_index;
  char    *dialect;
  char    *header;
  char    *delimiter;
  char    *decimal;
  gboolean force;
  gboolean again;      /* also what was imported before */
  gboolean as_new;     /* a run archive: as another run than the one that it was */
  gboolean analyses;   /* what is new is analysed too, as its vehicle wants it */
  char    *run_id;     /* that the run of a log will have; NULL: one is made */
  DynoRunSource source; /* UPLOAD; WATCH, JETSTREAM for those who fetch files */
} DynoImportRequest;

/* What came out of it. */
typedef struct
{
  DynoRun          *run;     /* (owned) (nullable) NULL: a preview, or without a store */
  DynoImportReport *report;  /* (owned) (nullable) of a log; NULL: a journal, an archive */
  DynoSamples      *samples; /* (owned) (nullable) NULL: a preview */
  char             *sha256;  /* (owned) of the file */
  gboolean          is_archive; /* of a run archive: a run that was packed elsewhere */
  gboolean          is_known;   /* of a run archive: `run` was there already, nothing was kept */
  char             *notice;     /* (owned) (nullable) sentences: in what the two differ */
} DynoImportOutcome;

DynoImportRequest *dyno_import_request_new     (const char           *path);
void               dyno_import_request_free    (DynoImportRequest    *self);
void               dyno_import_outcome_free    (DynoImportOutcome    *self);

/* What an import would find, without samples and without keeping anything. The
 * request is (transfer full) in all three. */
void               dyno_import_job_preview_async (DynoShop            *shop,
                                                  DynoImportRequest   *request,
                                                  GCancellable        *cancellable,
                                                  GAsyncReadyCallback  callback,
                                                  gpointer             user_data);
/* The samples of a file, for work on files alone. Needs no store. */
void               dyno_import_job_read_async    (DynoShop            *shop,
                                                  DynoImportRequest   *request,
                                                  GCancellable        *cancellable,
                                                  GAsyncReadyCallback  callback,
                                                  gpointer             user_data);
/* Into the run book. `job_id` (nullable) is where the job's id goes, at once. */
void               dyno_import_job_async         (DynoShop            *shop,
                                                  DynoImportRequest   *request,
                                                  char               **job_id,
                                                  GCancellable        *cancellable,
                                                  GAsyncReadyCallback  callback,
                                                  gpointer             user_data);
/* For all three. */
DynoImportOutcome *dyno_import_job_finish        (GAsyncResult        *result,
                                                  GError             **error);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (DynoImportRequest, dyno_import_request_free)
G_DEFINE_AUTOPTR_CLEANUP_FUNC (DynoImportOutcome, dyno_import_outcome_free)

G_END_DECLS
