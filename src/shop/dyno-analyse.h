/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

#pragma once

#include <gio/gio.h>

#include "dyno-analysis.h"
#include "dyno-artefact.h"
#include "dyno-explain.h"
#include "dyno-pull-power.h"
#include "dyno-store-analyses.h"

G_BEGIN_DECLS

/* The VE analysis of 1 to 20 runs, or of samples at hand, as a job with progress
 * and cancel (kind "analyse"). The result of runs is kept in the store with its
 * fingerprint: the same runs, options and mathematics give the same one, and it is
 * kept once. */

typedef struct _DynoShop DynoShop;

/* One run to be analysed: by id, or as samples with the hash of what they were
 * read from. */
typedef struct
{
  char        *run_id;  /* (owned) (nullable) */
  DynoSamples *samples; /* (owned) (nullable) */
  char        *name;    /* (owned) (nullable) of that source, without folders */
  char        *sha256;  /* (owned) (nullable) of it */
} DynoAnalyseInput;

typedef struct
{
  GPtrArray     *inputs;      /* (owned) of DynoAnalyseInput, in the order of the analysis */
  DynoVeOptions *options;     /* (owned) (nullable) those of the first run's vehicle */
  GPtrArray     *settings;    /* (owned) of char *, name and value in turn: set upon these */
  gboolean       has_base;    /* the axes of a base table */
  DynoGridShape  base;
  char          *base_sha256; /* (owned) (nullable) of its content */
  GStrv          base_sums;   /* (owned) (nullable) of each table, where files name several */
  char          *base_table;  /* (owned) (nullable) table or tune of the store: gives both above */
  char          *base_paths[DYNO_VE_CYLINDERS]; /* (owned) (nullable) files of front and rear */
  DynoUnitSet    units;       /* of the maps of torque and power */
  char          *title;       /* (owned) (nullable) of the job */
} DynoAnalyseRequest;

/* Immutable, reference counted, any thread. */
typedef struct
{
  char            *id;           /* (owned) (nullable) ana_…; NULL: not kept */
  char           **run_ids;      /* (owned) (nullable) */
  char            *math_version; /* (owned) */
  char            *input_sha256; /* (owned) of the sums of the inputs in their order */
  char            *fingerprint;  /* (owned) "sha256:…" */
  char            *base_sha256;  /* (owned) (nullable) of the table it was made on */
  DynoVeResult    *result;       /* (owned) with the ledger of every sample */
  DynoPullPower   *power;        /* (owned) of the first run: sae-1990, level 2 */
  DynoCounsel     *counsel;      /* (owned) what the advisers say */
  GPtrArray       *files;        /* (owned) of DynoArtefact, by name; the manifest is the last */
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

/* Writes the files of an analysis, ledger.csv.gz and provenance.json into a folder
 * (made where it is missing), each whole or not at all; what stood there is gone when
 * the power fails just then, and can be made again. UNAVAILABLE where the disk refuses. */
void         dyno_analyse_write_async  (DynoShop             *shop,
                                        DynoAnalyse          *analyse,
                                        const char           *folder,
                                        GCancellable         *cancellable,
                                        GAsyncReadyCallback   callback,
                                        gpointer              user_data);
gboolean     dyno_analyse_write_finish (GAsyncResult         *result,
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
