/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

#pragma once

#include <gio/gio.h>

#include "dyno-analyse-input.h"
#include "dyno-analysis.h"
#include "dyno-artefact.h"
#include "dyno-explain.h"
#include "dyno-import-job.h"
#include "dyno-pull-power.h"
#include "dyno-store-analyses.h"
#include "dyno-table.h"

G_BEGIN_DECLS

/* The VE analysis of 1 to 20 runs, or of samples at hand, as a job with progress
 * and cancel (kind "analyse"). The result of runs is kept in the store with its
 * fingerprint: the same runs, options and mathematics give the same one, and it is
 * kept once. */

typedef struct _DynoShop DynoShop;

typedef struct
{
  GPtrArray     *inputs;      /* (owned) of DynoAnalyseInput, in the order of the analysis */
  DynoVeOptions *options;     /* (owned) (nullable) those of the first run's vehicle */
  GPtrArray     *settings;    /* (owned) of char *, name and value in turn: set upon these */
  /* (owned) (nullable) What the correction is for, of front and rear: id of a table or a
   * tune, or a file. The same word twice is one table of both, or a tune with a pair. */
  char          *bases[DYNO_VE_CYLINDERS];
  DynoTable     *base_tables[DYNO_VE_CYLINDERS]; /* (owned) (nullable) read from these */
  char          *base_sha256; /* (owned) (nullable) of their content; of two that of both sums */
  GStrv          base_sums;   /* (owned) (nullable) of the content of each, where they are two */
  DynoUnitSet    units;       /* of the maps of torque and power */
  char          *title;       /* (owned) (nullable) of the job */
  char          *id;          /* (owned) (nullable) ana_… that was promised: the result is kept */
                              /* under it, also where the same one is kept already */
} DynoAnalyseRequest;

/* Immutable, reference counted, any thread. */
typedef struct
{
  char            *id;           /* (owned) (nullable) ana_…; NULL: not kept */
  char           **run_ids;      /* (owned) (nullable) */
  char            *math_version; /* (owned) */
  char            *input_sha256; /* (owned) of the sums of the inputs in their order */
  char            *fingerprint;  /* (owned) "sha256:…": of `files`, options and inputs */
  char            *base_sha256;  /* (owned) (nullable) of the table it was made on */
  GStrv            base_sums;    /* (owned) (nullable) of each of a pair of them */
  DynoVeResult    *result;       /* (owned) with the ledger of every sample */
  DynoPullPower   *power;        /* (owned) of the first run: sae-1990, level 2 */
  DynoCounsel     *counsel;      /* (owned) what the advisers say */
  GPtrArray       *inputs;       /* (owned) of DynoAnalyseInput */
  GPtrArray       *files;        /* (owned) of DynoArtefact, by name: those that every analysis has */
  gatomicrefcount  n_refs;
} DynoAnalyse;

DynoAnalyseRequest *dyno_analyse_request_new         (void);
void                dyno_analyse_request_free        (DynoAnalyseRequest  *self);
void                dyno_analyse_request_add_run     (DynoAnalyseRequest  *self,
                                                      const char          *run_id);
void                dyno_analyse_request_add_samples (DynoAnalyseRequest  *self,
                                                      DynoSamples         *samples,
                                                      const char          *name,
                                                      const char          *sha256);
/* A log that was read, with all that is known of it; `name` without folders. */
void                dyno_analyse_request_add_log     (DynoAnalyseRequest  *self,
                                                      const DynoImportOutcome *log,
                                                      const char          *name);

/* One option by name, the value as JSON or as a bare word: "min_hits" "3"; the others
 * stay as they would be without it. INVALID names option, value and what is allowed. */
gboolean            dyno_analyse_request_set         (DynoAnalyseRequest  *self,
                                                      const char          *option,
                                                      const char          *value,
                                                      GError             **error);

/* The settings name the legacy mathematics: dyno-analyse-legacy.h. */
gboolean            dyno_analyse_request_is_legacy   (const DynoAnalyseRequest *self);

DynoAnalyse *dyno_analyse_ref      (DynoAnalyse          *self);
void         dyno_analyse_unref    (DynoAnalyse          *self);

/* `request` is taken over. `job_id` (nullable) is where the job's id goes, at
 * once; free it. INVALID names option or channel; NOT_FOUND; TOO_LARGE beyond 20
 * runs. */
void         dyno_analyse_async    (DynoShop             *shop,
                                    DynoAnalyseRequest   *request,
                                    char                **job_id,
                                    GCancellable         *cancellable,
                                    GAsyncReadyCallback   callback,
                                    gpointer              user_data);
DynoAnalyse *dyno_analyse_finish   (GAsyncResult         *result,
                                    GError              **error);

/* Writes the files of an analysis, ledger.csv.gz, manifest.json and provenance.json into
 * a folder (made where it is missing), each whole or not at all; what stood there is gone
 * when the power fails just then, and can be made again. UNAVAILABLE where the disk
 * refuses.
 *
 * Ledger and manifest are made here and not before: the ledger is as large as the log,
 * and nobody waits for it who writes nothing. So the manifest lists it with its sum, and
 * the fingerprint, which an analysis has without being written, does not know it.
 *
 * What was written: `files`, the ledger (without its bytes) and, last, the manifest.
 * (transfer full) (element-type DynoArtefact) */
void         dyno_analyse_write_async  (DynoShop             *shop,
                                        DynoAnalyse          *analyse,
                                        const char           *folder,
                                        GCancellable         *cancellable,
                                        GAsyncReadyCallback   callback,
                                        gpointer              user_data);
GPtrArray   *dyno_analyse_write_finish (GAsyncResult         *result,
                                        GError              **error);

/* The manifest of an analysis that failed, and provenance.json; the answer is that of
 * dyno_analyse_write_finish (). */
void         dyno_analyse_write_failure_async (DynoShop             *shop,
                                               const GError         *failure,
                                               const char           *folder,
                                               GCancellable         *cancellable,
                                               GAsyncReadyCallback   callback,
                                               gpointer              user_data);

/* Kept analyses of a run, newest first, without their results. (element-type
 * DynoAnalysisRecord) */
void         dyno_analyse_list_async  (DynoShop             *shop,
                                       const char           *run_id,
                                       GCancellable         *cancellable,
                                       GAsyncReadyCallback   callback,
                                       gpointer              user_data);
GPtrArray   *dyno_analyse_list_finish (GAsyncResult         *result,
                                       GError              **error);

/* The kept JSON of an analysis, as dyno_shape_analyse () wrote it. NOT_FOUND. */
void         dyno_analyse_load_async  (DynoShop             *shop,
                                       const char           *analysis_id,
                                       GCancellable         *cancellable,
                                       GAsyncReadyCallback   callback,
                                       gpointer              user_data);
DynoAnalysisRecord *
             dyno_analyse_load_finish (GAsyncResult         *result,
                                       GError              **error);

/* The story of the cell nearest to (rpm, kPa); cylinder 0 is the front. INVALID
 * for a point outside the grid. Any thread, pure. (transfer full) */
DynoVeStory *dyno_analyse_explain     (DynoAnalyse          *self,
                                       guint                 cylinder,
                                       double                rpm,
                                       double                map_kpa,
                                       GError              **error);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (DynoAnalyse, dyno_analyse_unref)
G_DEFINE_AUTOPTR_CLEANUP_FUNC (DynoAnalyseRequest, dyno_analyse_request_free)

G_END_DECLS
