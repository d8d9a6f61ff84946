/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

#pragma once

#include <gio/gio.h>

#include "dyno-analyse.h"
#include "dyno-change.h"
#include "dyno-pvv-merge.h"
#include "dyno-store-changes.h"
#include "dyno-store-tables.h"
#include "dyno-tune-file.h"

G_BEGIN_DECLS

/* Tunes of the shop's vehicles and what is done to their tables: import, preview,
 * apply, roll back, merge, export. What came before which change is in
 * dyno-timeline.h. Every function also works on files, without a store: where a table
 * id is asked for, a path will do.
 *
 * A preview writes nothing and has a sum; who applies may demand that very sum, and
 * then gets exactly what was shown, or CONFLICT "PREVIEW_CHANGED". Front and rear are
 * one transaction. A change of the store is told on the bus (DYNO_TOPIC_VEHICLE,
 * subject: the vehicle of the tune). */

typedef struct _DynoShop DynoShop;

/* Import */

typedef struct
{
  char         *path;
  DynoTableSide side; /* of a CSV table; a tune knows */
} DynoTuneImportFile;

typedef struct
{
  GPtrArray    *files;      /* (owned) of DynoTuneImportFile: one tune, or one or two CSV */
  char         *vehicle_id; /* (owned) (nullable) */
  char         *name;       /* (owned) (nullable) else that of the first file */
  DynoTableKind kind;       /* of CSV tables */
  char         *made_by;    /* (owned) (nullable) */
} DynoTuneImport;

DynoTuneImport *dyno_tune_import_new    (void);
void            dyno_tune_import_free   (DynoTuneImport      *self);
void            dyno_tune_import_add    (DynoTuneImport      *self,
                                         const char          *path,
                                         DynoTableSide        side);

/* `import` is taken over. Keeps the file whole and each of its tables as version 1. A
 * file is a tune, a CSV table, or JSON (dyno-tune-json.h). Of CSV tables the file that is
 * kept is all of them, one behind the other. INVALID "BAD_TABLE" or a
 * reason of dyno-pvv.h, NOT_FOUND. (element-type DynoTableRecord) */
void            dyno_tune_import_async  (DynoShop            *shop,
                                         DynoTuneImport      *import,
                                         GCancellable        *cancellable,
                                         GAsyncReadyCallback  callback,
                                         gpointer             user_data);
GPtrArray      *dyno_tune_import_finish (GAsyncResult        *result,
                                         GError             **error);

/* Each filter may be NULL; kind "ve" means both of them. (element-type
 * DynoTableRecord) */
void            dyno_tune_list_async    (DynoShop            *shop,
                                         const char          *vehicle_id,
                                         const char          *kind,
                                         const char          *cylinder,
                                         GCancellable        *cancellable,
                                         GAsyncReadyCallback  callback,
                                         gpointer             user_data);
GPtrArray      *dyno_tune_list_finish   (GAsyncResult        *result,
                                         GError             **error);

/* One table in one of its versions. */
typedef struct
{
  DynoTableRecord *record; /* (owned) (nullable) of a file */
  DynoTable       *table;  /* (owned) */
} DynoTuneTable;

void            dyno_tune_table_free    (DynoTuneTable       *self);
/* `table` is an id or a path; of a tune file `name` says which. `version` 0: the
 * present one. NOT_FOUND, CORRUPT. */
void            dyno_tune_get_async     (DynoShop            *shop,
                                         const char          *table,
                                         int                  version,
                                         const char          *name,
                                         GCancellable        *cancellable,
                                         GAsyncReadyCallback  callback,
                                         gpointer             user_data);
DynoTuneTable  *dyno_tune_get_finish    (GAsyncResult        *result,
                                         GError             **error);
/* Takes a stored table out of the lists; its history stays. `shown_version` (0: any) is
 * the one that the person saw: CONFLICT "stale". NOT_FOUND. */
void            dyno_tune_delete_async  (DynoShop            *shop,
                                         const char          *table_id,
                                         int                  shown_version,
                                         GCancellable        *cancellable,
                                         GAsyncReadyCallback  callback,
                                         gpointer             user_data);
gboolean        dyno_tune_delete_finish (GAsyncResult        *result,
                                         GError             **error);

/* Preview and apply */

typedef struct
{
  char         *base; /* (owned) table id, tune id or path */
  DynoTableSide side; /* of a CSV table */
} DynoTuneBase;

/* What is to be done. Corrections are one of the three. */
typedef struct
{
  GPtrArray         *bases;       /* (owned) of DynoTuneBase: one or two */
  char              *table_name;  /* (owned) (nullable) of a tune: that table only */
  DynoAnalyse       *analyse;     /* (owned) (nullable) at hand */
  char              *analysis_id; /* (owned) (nullable) kept */
  char              *corrections; /* (owned) (nullable) folder of `analyze --out`, or grid CSV */
  DynoChangeOptions *options;     /* (owned) */
  char              *preview_sha256; /* (owned) (nullable) what was shown; for apply */
  int                shown_version; /* of the first base, as the person saw it; 0: any; for apply */
  char              *comment;     /* (owned) (nullable) */
  char              *made_by;     /* (owned) (nullable) */
  GPtrArray         *outputs;     /* (owned) of char *: paths, one a base file; for apply */
  char              *metadata;    /* (owned) (nullable) else <output>.change.json */
} DynoTuneRequest;

DynoTuneRequest *dyno_tune_request_new      (void);
void             dyno_tune_request_free     (DynoTuneRequest   *self);
void             dyno_tune_request_add_base (DynoTuneRequest   *self,
                                             const char        *base,
                                             DynoTableSide      side);

/* One table of a preview, where it is from. */
typedef struct
{
  char *table_id; /* (owned) (nullable) */
  int   version;  /* 0 without a store */
} DynoTuneTarget;

/* Immutable; counted. */
typedef struct
{
  DynoChange     *change;        /* (owned) */
  DynoTuneTarget  targets[DYNO_CHANGE_TABLES]; /* (owned) one a table of the change */
  guint           lead;          /* which of them the request named first */
  char           *sha256_before; /* (owned) of the file, of the table, or of both tables' sums */
  char           *sha256_after;  /* (owned) (nullable) while something is blocked */
  gatomicrefcount n_refs;
} DynoTunePreview;

DynoTunePreview *dyno_tune_preview_ref      (DynoTunePreview   *self);
void             dyno_tune_preview_unref    (DynoTunePreview   *self);

/* `request` is taken over. An analysis of stored runs that was made on another grid is
 * made again on the axes of the table. INVALID
 * "GRID_MISMATCH", "BAD_TABLE"; CONFLICT "legacy-math"; NOT_FOUND. */
void             dyno_tune_preview_async    (DynoShop            *shop,
                                             DynoTuneRequest     *request,
                                             GCancellable        *cancellable,
                                             GAsyncReadyCallback  callback,
                                             gpointer             user_data);
DynoTunePreview *dyno_tune_preview_finish   (GAsyncResult        *result,
                                             GError             **error);

/* What was applied. */
typedef struct
{
  DynoTunePreview *preview; /* (owned) */
  GPtrArray       *changes; /* (owned) of DynoChangeRecord; empty for files */
  GPtrArray       *files;   /* (owned) of char *: outputs, each followed by its metadata */
  gint64           made_ms; /* UTC */
} DynoTuneApplied;

void             dyno_tune_applied_free     (DynoTuneApplied     *self);
/* As the preview, and: CONFLICT "stale", "PREVIEW_CHANGED", "CHANGE_BLOCKED",
 * "unchanged" (nothing would be other), "ALREADY_APPLIED"; INVALID "over_source". */
void             dyno_tune_apply_async      (DynoShop            *shop,
                                             DynoTuneRequest     *request,
                                             GCancellable        *cancellable,
                                             GAsyncReadyCallback  callback,
                                             gpointer             user_data);
DynoTuneApplied *dyno_tune_apply_finish     (GAsyncResult        *result,
                                             GError             **error);

/* Rolling back */

typedef struct
{
  GPtrArray *changes;       /* (owned) of DynoChangeRecord; empty for files */
  char      *restored;      /* (owned) version or path that is there again */
  char      *sha256_before; /* (owned) of the bytes that were there, */
  char      *sha256_after;  /* (owned) and of those that are there now */
} DynoTuneRestored;

void              dyno_tune_restored_free   (DynoTuneRestored    *self);
/* The bytes before a change, of all its tables. CONFLICT "not_an_apply",
 * "already_rolled_back", "changed_since" (the sentence lists the cells); CORRUPT. */
void              dyno_tune_rollback_async  (DynoShop            *shop,
                                             const char          *change_id,
                                             const char          *comment,
                                             const char          *made_by,
                                             GCancellable        *cancellable,
                                             GAsyncReadyCallback  callback,
                                             gpointer             user_data);
DynoTuneRestored *dyno_tune_rollback_finish (GAsyncResult        *result,
                                             GError             **error);
/* The same for who names a table of the change and the version of it that he saw:
 * NOT_FOUND where the change is none of that table's, CONFLICT "stale" for another
 * version. The answer is that of dyno_tune_rollback_finish (). */
void              dyno_tune_rollback_shown_async (DynoShop            *shop,
                                                  const char          *table_id,
                                                  int                  shown_version,
                                                  const char          *change_id,
                                                  const char          *comment,
                                                  const char          *made_by,
                                                  GCancellable        *cancellable,
                                                  GAsyncReadyCallback  callback,
                                                  gpointer             user_data);
/* The same by the files of `apply`; writes `output` and its own metadata beside it. */
void              dyno_tune_rollback_file_async  (DynoShop            *shop,
                                                  const char          *current,
                                                  const char          *metadata,
                                                  const char          *output,
                                                  GCancellable        *cancellable,
                                                  GAsyncReadyCallback  callback,
                                                  gpointer             user_data);
DynoTuneRestored *dyno_tune_rollback_file_finish (GAsyncResult        *result,
                                                  GError             **error);

/* Merging */

typedef struct
{
  char           *base;         /* (owned) (nullable) path; of a stored table: base_version */
  char           *ours;         /* (owned) table id or path */
  char           *theirs;       /* (owned) table id or path */
  int             base_version; /* of `ours`; 0: as imported */
  int             shown_version; /* of `ours` in the store, as the person saw it; 0: any */
  DynoMergePrefer prefer;
  GArray         *choices;      /* (owned) of DynoMergeChoice */
  gboolean        dry_run;
  char           *output;       /* (owned) (nullable) path; for files */
  char           *made_by;      /* (owned) (nullable) */
  char           *comment;      /* (owned) (nullable) */
} DynoTuneMergeRequest;

typedef struct
{
  guint             n_changed;    /* cells that are not as ours were */
  GArray           *conflicts;    /* (owned) of DynoPvvConflict: open ones */
  char             *sha256_after; /* (owned) (nullable) while conflicts are open */
  DynoChangeRecord *change;       /* (owned) (nullable) of the store */
} DynoTuneMerged;

DynoTuneMergeRequest *dyno_tune_merge_request_new  (void);
void                  dyno_tune_merge_request_free (DynoTuneMergeRequest *self);
void                  dyno_tune_merged_free        (DynoTuneMerged       *self);
/* `request` is taken over. Open conflicts are an answer, and nothing is written then.
 * INVALID "pvv_axes", "GRID_MISMATCH". */
void                  dyno_tune_merge_async        (DynoShop             *shop,
                                                    DynoTuneMergeRequest *request,
                                                    GCancellable         *cancellable,
                                                    GAsyncReadyCallback   callback,
                                                    gpointer              user_data);
DynoTuneMerged       *dyno_tune_merge_finish       (GAsyncResult         *result,
                                                    GError              **error);

/* Export */

typedef enum
{
  DYNO_TUNE_PVV,  /* the imported tune with the tables as they are now, all else its bytes */
  DYNO_TUNE_CSV,  /* one table, padding cut */
  DYNO_TUNE_TEXT, /* one table to be pasted: values, tab and LF, nothing at the end */
} DynoTuneFormat;

/* `table` is an id of a table or of a tune; `version` of the table, 0: the present one.
 * CONFLICT "INCOMPLETE_TABLE" lists blank cells of DYNO_TUNE_TEXT unless `holes` may be
 * blank; INVALID "format" where the tune was not imported as such. */
void    dyno_tune_export_async  (DynoShop            *shop,
                                 const char          *table,
                                 int                  version,
                                 DynoTuneFormat       format,
                                 gboolean             holes,
                                 GCancellable        *cancellable,
                                 GAsyncReadyCallback  callback,
                                 gpointer             user_data);
GBytes *dyno_tune_export_finish (GAsyncResult        *result,
                                 GError             **error);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (DynoTuneImport, dyno_tune_import_free)
G_DEFINE_AUTOPTR_CLEANUP_FUNC (DynoTuneTable, dyno_tune_table_free)
G_DEFINE_AUTOPTR_CLEANUP_FUNC (DynoTuneRequest, dyno_tune_request_free)
G_DEFINE_AUTOPTR_CLEANUP_FUNC (DynoTunePreview, dyno_tune_preview_unref)
G_DEFINE_AUTOPTR_CLEANUP_FUNC (DynoTuneApplied, dyno_tune_applied_free)
G_DEFINE_AUTOPTR_CLEANUP_FUNC (DynoTuneRestored, dyno_tune_restored_free)
G_DEFINE_AUTOPTR_CLEANUP_FUNC (DynoTuneMergeRequest, dyno_tune_merge_request_free)
G_DEFINE_AUTOPTR_CLEANUP_FUNC (DynoTuneMerged, dyno_tune_merged_free)

G_END_DECLS
