/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

#pragma once

#include "dyno-change-metadata.h"
#include "dyno-operation.h"
#include "dyno-shop-private.h"
#include "dyno-tune.h"

G_BEGIN_DECLS

/* What the files of dyno-tune.h share. Blocking, on a thread that may wait. */

#define DYNO_TUNE_OWNER "local:owner" /* who does what nobody has a name for */

/* The tables that are worked on, and where they are from. */
typedef struct
{
  guint            n_tables;
  DynoTable       *tables[DYNO_CHANGE_TABLES];  /* (owned) */
  DynoTableRecord *records[DYNO_CHANGE_TABLES]; /* (owned) (nullable) of the store */
  guint            n_files;
  DynoTuneFile    *files[DYNO_CHANGE_TABLES];   /* (owned) */
  guint            file_of[DYNO_CHANGE_TABLES]; /* of each table */
  guint            place_of[DYNO_CHANGE_TABLES]; /* of each table in its file */
} DynoTuneSubject;

DynoTuneSubject *dyno_tune_subject_load   (const DynoErrand       *errand,
                                           const DynoTuneRequest  *request,
                                           GError                **error);
void             dyno_tune_subject_free   (DynoTuneSubject        *self);
/* A file with the tables of the change in it. (transfer full) */
GBytes          *dyno_tune_subject_output (const DynoTuneSubject  *self,
                                           const DynoChange       *change,
                                           guint                   file);

/* The corrections that the request names, on the grid of the subject where they can be
 * made again. (transfer full) */
DynoCorrections *dyno_tune_corrections_load (const DynoErrand      *errand,
                                             const DynoTuneRequest *request,
                                             const DynoTuneSubject *subject,
                                             GError               **error);

/* Of a folder of `analyze --out`; CONFLICT where a file is not what the manifest says.
 * (transfer full) */
DynoCorrections *dyno_tune_folder_load    (const DynoErrand      *errand,
                                           const char            *path,
                                           GError               **error);
/* FALSE for a file out of a folder that is not for use. */
gboolean         dyno_tune_folder_allows  (const DynoErrand      *errand,
                                           const char            *path,
                                           GError               **error);

/* The sum of the content of all its tables. (transfer full) */
char            *dyno_tune_sum_contents   (const DynoTuneSubject *subject);
/* These as the base tables of an analysis. INVALID "base_kind", "GRID_MISMATCH". */
gboolean         dyno_tune_give_base      (DynoAnalyseRequest    *request,
                                           const DynoTuneSubject *subject,
                                           GError               **error);
/* The same with those that the request's `bases` name, once. */
gboolean         dyno_tune_take_base      (const DynoErrand      *errand,
                                           DynoAnalyseRequest    *request,
                                           GError               **error);

/* All of a preview. (transfer full) */
DynoTunePreview *dyno_tune_preview_make   (const DynoErrand      *errand,
                                           const DynoTuneRequest *request,
                                           DynoTuneSubject      **subject,
                                           GError               **error);

/* What all tables and files of one applying share. */
typedef struct
{
  const DynoErrand      *errand;
  const DynoTuneRequest *request;
  const DynoTunePreview *preview;
  char                  *group; /* (borrowed) chg_… of the files, and what binds the rows */
  char                  *now;   /* (borrowed) */
} DynoTuneApplying;

/* What is noted of the tables `first` up to before `end`; sums are the caller's.
 * (transfer full) */
DynoChangeMetadata *dyno_tune_describe    (const DynoTuneApplying *self,
                                           guint                   first,
                                           guint                   end);
/* Adds each output and its description to `files`. */
gboolean         dyno_tune_apply_in_files (const DynoTuneApplying *self,
                                           const DynoTuneSubject  *subject,
                                           GPtrArray              *files,
                                           GError                **error);

/* What the mathematics refused, for people: REFUSED is CONFLICT with `refused` as its
 * reason. `cause` is taken over. */
void             dyno_tune_set_error      (GError               **error,
                                           DynoAnalysisError     *cause,
                                           const char            *refused);

/* A version of a stored table (0: the present one), with its bytes checked; and what
 * they mean. */
DynoTableRecord *dyno_tune_load_record    (const DynoErrand      *errand,
                                           const char            *table_id,
                                           int                    version,
                                           GError               **error);
DynoTable       *dyno_tune_open_record    (const DynoTableRecord *record,
                                           GError               **error);
/* FALSE with CONFLICT "stale" where it is not `shown_version` (0: any). */
gboolean         dyno_tune_is_as_seen     (const DynoTableRecord *record,
                                           int                    shown_version,
                                           GError               **error);

/* What dyno_tune_apply_async () and dyno_tune_rollback_async () do, for those whose own
 * operation it is a part of. (transfer full) */
DynoTuneApplied  *dyno_tune_apply         (const DynoErrand      *errand,
                                           const DynoTuneRequest *request,
                                           GError               **error);
DynoTuneRestored *dyno_tune_rollback      (const DynoErrand      *errand,
                                           const char            *change_id,
                                           const char            *comment,
                                           const char            *made_by,
                                           GError               **error);

/* A tune that came as .pvv, with its tables as they are now. (transfer full) */
GBytes          *dyno_tune_whole          (const DynoErrand      *errand,
                                           const char            *tune_id,
                                           GError               **error);

/* What dyno_tune_get_async () answers. */
DynoTuneTable   *dyno_tune_load_table     (const DynoErrand      *errand,
                                           const char            *table,
                                           int                    version,
                                           const char            *name,
                                           GError               **error);

/* A change of a table that is shown to be on `before` and gets the bytes of `after`.
 * (transfer full) */
DynoChangeRecord *dyno_tune_make_change   (const char            *table_id,
                                           DynoChangeRecordKind   kind,
                                           const DynoTable       *before,
                                           const DynoTable       *after);
/* `changes` are taken over; told on the bus. (element-type DynoChangeRecord) */
GPtrArray       *dyno_tune_add_changes    (const DynoErrand      *errand,
                                           GPtrArray             *changes,
                                           const char            *vehicle_id,
                                           GError               **error);

/* "…": the sum of sums, each on a line; of one the sum itself. (transfer full) */
char            *dyno_tune_sum_of_sums    (const char *const     *sums,
                                           guint                  n);
char            *dyno_tune_now            (const DynoErrand      *errand);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (DynoTuneSubject, dyno_tune_subject_free)

G_END_DECLS
