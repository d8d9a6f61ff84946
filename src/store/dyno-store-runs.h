/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

/* The run book: what is known of each run. Its samples stand in
 * dyno-store-samples.h, its files in dyno-store-files.h, recording one in
 * dyno-store-capture.h, lists and search in dyno-store-search.h. */

typedef struct _DynoStore DynoStore;

/* No stamp is known: any other number may be one. */
#define DYNO_NO_STAMP G_MININT64

typedef enum
{
  DYNO_RUN_PENDING,
  DYNO_RUN_PROCESSING,  /* being recorded or computed */
  DYNO_RUN_COMPLETE,
  DYNO_RUN_ERROR,
  DYNO_RUN_INTERRUPTED, /* shown as incomplete: cut short, or samples lost */
  DYNO_N_RUN_STATUSES
} DynoRunStatus;

typedef enum
{
  DYNO_SOURCE_CAPTURE,
  DYNO_SOURCE_UPLOAD,
  DYNO_SOURCE_SIMULATOR,
  DYNO_SOURCE_JETSTREAM,
  DYNO_SOURCE_WATCH,
  DYNO_N_RUN_SOURCES
} DynoRunSource;

/* The figures of the curve, with the correction and the smoothing they are of. */
typedef struct
{
  double power_kw;   /* NaN: none */
  double power_rpm;
  double torque_nm;
  double torque_rpm;
  double mean_afr;   /* measured mixture over the pull, AFR */
  char  *correction; /* (nullable) "sae-1990" */
  int    smoothing;  /* 0…5; −1: none */
  double factor;
} DynoRunPeaks;

typedef struct
{
  /* Given by the store. */
  char   *id;            /* NULL in a new run: one is made */
  gint64  number;        /* 1, 2, 3 … of the shop, never used again */
  gint64  revision;      /* grows with each change */
  gint64  created_ms;
  gint64  updated_ms;
  gint64  deleted_ms;    /* 0: not in the trash */
  char   *vehicle_label; /* (nullable) */
  char   *customer_id;   /* (nullable) of the vehicle */
  char   *customer_name; /* (nullable) */

  /* What people say of it: dyno_store_edit_run_async () changes these. */
  char    *title;        /* never NULL in what the store answers */
  char    *notes;        /* likewise */
  char   **tags;         /* (nullable) sorted; compared without case */
  gboolean is_starred;
  gboolean is_baseline;
  char    *vehicle_id;   /* (nullable) */
  int      gear;         /* 0: unknown */
  double   trim_start_s; /* by hand, from the start of the run; NaN: not trimmed */
  double   trim_end_s;

  /* What the machine knows: dyno_store_save_run_async () changes these. */
  DynoRunStatus status;
  DynoRunSource source;        /* fixed when the run is made */
  double        progress;      /* 0…1 */
  char         *error;         /* (nullable) sentence */
  gint64        started_ms;    /* 0 in a new run: now */
  double        duration_s;
  char         *provider;      /* (nullable) its name */
  gboolean      is_simulator;
  DynoRunPeaks  peaks;
  double        loss_pct;
  guint         n_gaps;
  char         *discarded;     /* (nullable) why the detector threw it away */
  gint64        origin_us;     /* the stamp that is 0 s of the run */
  gint64        roll_start_us; /* pre-roll, pull, post-roll; DYNO_NO_STAMP: unknown */
  gint64        run_start_us;
  gint64        run_end_us;
  gint64        roll_end_us;
  char         *origin_run_id; /* (nullable) trimmed or joined from, or its id in an archive */
  char         *derivation;    /* (nullable) version that made the samples of the packets */

  /* Long texts, JSON, changed with those above. NULL in lists; given as NULL
   * they stay as they are. */
  char *config;                /* (nullable) settings at the time */
  char *results;               /* (nullable) summary */
  char *mapping;               /* (nullable) channels and why */
  char *report;                /* (nullable) assumptions of the import */
  char *gaps;                  /* (nullable) [{from, to, lost}, …] */
} DynoRun;

/* Which of people's fields an edit changes. */
typedef enum
{
  DYNO_RUN_TITLE    = 1 << 0,
  DYNO_RUN_NOTES    = 1 << 1,
  DYNO_RUN_TAGS     = 1 << 2,
  DYNO_RUN_STAR     = 1 << 3,
  DYNO_RUN_BASELINE = 1 << 4,
  DYNO_RUN_VEHICLE  = 1 << 5,
  DYNO_RUN_GEAR     = 1 << 6,
  DYNO_RUN_TRIM     = 1 << 7,
} DynoRunFields;

/* A text that the notes had. */
typedef struct
{
  gint64 written_ms;
  char  *text;
} DynoRunNote;

/* Something that happened at one moment of a run. */
typedef struct
{
  gint64 seq;  /* given by the store: 1, 2, 3 … of the run */
  gint64 t_us; /* on the run's clock; from its start for an imported run */
  char  *kind; /* "mark", "gap", "generation", … */
  int    n;    /* the operator's number 1…9; 0: none */
  char  *text;
} DynoRunMark;

typedef struct
{
  char *tag;
  guint n_runs;
} DynoRunTag;

/* All numbers unknown, status PENDING, source CAPTURE. */
DynoRun    *dyno_run_new           (void);
void        dyno_run_free          (DynoRun     *self);
void        dyno_run_note_free     (DynoRunNote *self);
DynoRunMark *
            dyno_run_mark_new      (gint64       t_us,
                                    const char  *kind,
                                    int          n,
                                    const char  *text);
void        dyno_run_mark_free     (DynoRunMark *self);
void        dyno_run_tag_free      (DynoRunTag  *self);

/* "pending", "capture", …; find answers −1 for a word that is none. */
const char *dyno_run_status_name   (DynoRunStatus status);
int         dyno_run_status_find   (const char   *name);
const char *dyno_run_source_name   (DynoRunSource source);
int         dyno_run_source_find   (const char   *name);

/* One run with its long texts, in the trash or not. NOT_FOUND. */
void       dyno_store_get_run_async           (DynoStore           *self,
                                               const char          *run_id,
                                               GCancellable        *cancellable,
                                               GAsyncReadyCallback  callback,
                                               gpointer             user_data);
DynoRun   *dyno_store_get_run_finish          (DynoStore           *self,
                                               GAsyncResult        *result,
                                               GError             **error);

/* Changes those of people's fields that `fields` names. `run` (transfer full)
 * carries them, the id, and the revision that was shown (0: any). Earlier notes
 * are kept; what is typed within five minutes counts as one text. Answers the
 * run as it is now. NOT_FOUND for run or vehicle; CONFLICT "stale" when the run
 * has changed since. */
void       dyno_store_edit_run_async          (DynoStore           *self,
                                               DynoRun             *run,
                                               DynoRunFields        fields,
                                               GCancellable        *cancellable,
                                               GAsyncReadyCallback  callback,
                                               gpointer             user_data);
DynoRun   *dyno_store_edit_run_finish         (DynoStore           *self,
                                               GAsyncResult        *result,
                                               GError             **error);

/* Writes all of the machine's fields of `run` (transfer full). NOT_FOUND. */
void       dyno_store_save_run_async          (DynoStore           *self,
                                               DynoRun             *run,
                                               GCancellable        *cancellable,
                                               GAsyncReadyCallback  callback,
                                               gpointer             user_data);
gboolean   dyno_store_save_run_finish         (DynoStore           *self,
                                               GAsyncResult        *result,
                                               GError             **error);

/* Runs of status PENDING or PROCESSING, oldest first: after a start those that
 * were left so by the last one. (element-type DynoRun) */
void       dyno_store_list_unfinished_async   (DynoStore           *self,
                                               GCancellable        *cancellable,
                                               GAsyncReadyCallback  callback,
                                               gpointer             user_data);
GPtrArray *dyno_store_list_unfinished_finish  (DynoStore           *self,
                                               GAsyncResult        *result,
                                               GError             **error);

/* Into the trash, or back out of it; all of them or none. NOT_FOUND; CONFLICT
 * "in_hand" for a run that is being recorded. */
void       dyno_store_trash_runs_async        (DynoStore           *self,
                                               const char *const   *run_ids,
                                               GCancellable        *cancellable,
                                               GAsyncReadyCallback  callback,
                                               gpointer             user_data);
gboolean   dyno_store_trash_runs_finish       (DynoStore           *self,
                                               GAsyncResult        *result,
                                               GError             **error);
void       dyno_store_restore_runs_async      (DynoStore           *self,
                                               const char *const   *run_ids,
                                               GCancellable        *cancellable,
                                               GAsyncReadyCallback  callback,
                                               gpointer             user_data);
gboolean   dyno_store_restore_runs_finish     (DynoStore           *self,
                                               GAsyncResult        *result,
                                               GError             **error);

/* One run into the trash that somebody has seen at a revision (0: any). Beside the
 * errors above: CONFLICT "stale". */
void       dyno_store_trash_run_async         (DynoStore           *self,
                                               const char          *run_id,
                                               gint64               revision,
                                               GCancellable        *cancellable,
                                               GAsyncReadyCallback  callback,
                                               gpointer             user_data);
gboolean   dyno_store_trash_run_finish        (DynoStore           *self,
                                               GAsyncResult        *result,
                                               GError             **error);

/* Ends runs for ever, with all that hangs on them: those named (NOT_FOUND,
 * CONFLICT "in_hand"), or with `run_ids` NULL what is in the trash since before
 * `before_ms`. Their links of the chain stay, marked as removed. Answers the
 * paths, relative to the data folder, of the files that nobody needs now; the
 * caller removes them. (element-type utf8) */
void       dyno_store_purge_runs_async        (DynoStore           *self,
                                               const char *const   *run_ids,
                                               gint64               before_ms,
                                               GCancellable        *cancellable,
                                               GAsyncReadyCallback  callback,
                                               gpointer             user_data);
GPtrArray *dyno_store_purge_runs_finish       (DynoStore           *self,
                                               GAsyncResult        *result,
                                               GError             **error);

/* What the notes said, newest first: the first is what they say now.
 * (element-type DynoRunNote) */
void       dyno_store_list_run_notes_async    (DynoStore           *self,
                                               const char          *run_id,
                                               GCancellable        *cancellable,
                                               GAsyncReadyCallback  callback,
                                               gpointer             user_data);
GPtrArray *dyno_store_list_run_notes_finish   (DynoStore           *self,
                                               GAsyncResult        *result,
                                               GError             **error);

/* Adds marks (transfer full, element-type DynoRunMark) to a run. NOT_FOUND. */
void       dyno_store_add_run_marks_async     (DynoStore           *self,
                                               const char          *run_id,
                                               GPtrArray           *marks,
                                               GCancellable        *cancellable,
                                               GAsyncReadyCallback  callback,
                                               gpointer             user_data);
gboolean   dyno_store_add_run_marks_finish    (DynoStore           *self,
                                               GAsyncResult        *result,
                                               GError             **error);

/* The marks of a run by stamp. (element-type DynoRunMark) */
void       dyno_store_list_run_marks_async    (DynoStore           *self,
                                               const char          *run_id,
                                               GCancellable        *cancellable,
                                               GAsyncReadyCallback  callback,
                                               gpointer             user_data);
GPtrArray *dyno_store_list_run_marks_finish   (DynoStore           *self,
                                               GAsyncResult        *result,
                                               GError             **error);

/* Every tag with the number of its runs outside the trash, most used first.
 * (element-type DynoRunTag) */
void       dyno_store_list_run_tags_async     (DynoStore           *self,
                                               GCancellable        *cancellable,
                                               GAsyncReadyCallback  callback,
                                               gpointer             user_data);
GPtrArray *dyno_store_list_run_tags_finish    (DynoStore           *self,
                                               GAsyncResult        *result,
                                               GError             **error);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (DynoRun, dyno_run_free)
G_DEFINE_AUTOPTR_CLEANUP_FUNC (DynoRunNote, dyno_run_note_free)
G_DEFINE_AUTOPTR_CLEANUP_FUNC (DynoRunMark, dyno_run_mark_free)
G_DEFINE_AUTOPTR_CLEANUP_FUNC (DynoRunTag, dyno_run_tag_free)

G_END_DECLS
