/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

#pragma once

#include "dyno-analyse.h"
#include "dyno-import-job.h"

G_BEGIN_DECLS

/* The VE analysis of a folder of logs: each file for itself, several at once, as one
 * job (kind "analyse-folder", unit "files"); hidden files and folders in it are left
 * alone. What cannot be read does not keep the others out.
 *
 * With `out` each file gets a folder of its name there, whole or not at all; one that
 * is there already for the same bytes, options and program, and whose files have the
 * sums of its manifest, is kept and not computed again. So a batch that was stopped
 * goes on where it was. What is answered does not depend on how many files are worked
 * on at once. The folder of a file that failed holds its manifest with the error, and
 * nothing older; the file is read again the next time. */

typedef enum
{
  DYNO_FOLDER_WAITING, /* not yet, or never: the batch was stopped before */
  DYNO_FOLDER_DONE,
  DYNO_FOLDER_KEPT,    /* was there already */
  DYNO_FOLDER_FAILED,
} DynoFolderState;

/* What stands of a file in the summary. NaN where there is none. */
typedef struct
{
  char   *sha256;        /* (owned) of the file */
  char   *dialect;       /* (owned) "" of a packet journal */
  char   *fingerprint;   /* (owned) "sha256:…" */
  guint64 rows;
  guint64 hits_front;    /* readings that count */
  guint64 hits_rear;
  guint   cells_front;   /* with a correction */
  guint   cells_rear;
  double  least_pct;     /* of the corrections */
  double  most_pct;
  double  peak_power_kw;
  double  peak_power_rpm;
  double  peak_torque_nm;
  double  peak_torque_rpm;
  char  **warnings;      /* (owned) sentences of reading and analysis */
} DynoFolderFigures;

typedef struct
{
  char              *name;    /* (owned) without folders */
  DynoFolderState    state;
  DynoFolderFigures *figures; /* (owned) (nullable) DONE and KEPT */
  GError            *failure; /* (owned) (nullable) FAILED */
} DynoFolderFile;

typedef struct
{
  GPtrArray *files;  /* (owned) of DynoFolderFile, by name */
  guint      n[DYNO_FOLDER_FAILED + 1]; /* by state */
} DynoFolderSummary;

/* How files are read and what is computed: asked once a file, on the asker's thread.
 * (transfer full), NULL with an error, which is then that of the file. */
typedef struct
{
  DynoImportRequest  *(*read)    (const char  *path,
                                  GError     **error);
  DynoAnalyseRequest *(*analyse) (GError     **error);
} DynoFolderOrder;

/* A file has ended, in the order of the names whatever ended first; in the asker's
 * context. `n_ended` of `n` have. */
typedef void (*DynoFolderTell) (const DynoFolderFile *file,
                                guint                 n_ended,
                                guint                 n,
                                gpointer              data);

/* "waiting", "done", "kept", "failed" */
const char        *dyno_folder_state_name   (DynoFolderState          state);

/* `out` may be NULL; `n_jobs` 0: a file a processor; `tell` may be NULL. NOT_FOUND for
 * a folder without files. Cancelling ends the files in hand and begins no other: what
 * is finished stays, and the summary says what was left. */
void               dyno_folder_async        (DynoShop                *shop,
                                             const char              *folder,
                                             const char              *out,
                                             guint                    n_jobs,
                                             const DynoFolderOrder   *order,
                                             DynoFolderTell           tell,
                                             gpointer                 tell_data,
                                             GCancellable            *cancellable,
                                             GAsyncReadyCallback      callback,
                                             gpointer                 user_data);
DynoFolderSummary *dyno_folder_finish       (GAsyncResult            *result,
                                             GError                 **error);
void               dyno_folder_summary_free (DynoFolderSummary       *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (DynoFolderSummary, dyno_folder_summary_free)

G_END_DECLS
