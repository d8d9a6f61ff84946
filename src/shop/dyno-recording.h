/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

#pragma once

#include "dyno-bus.h"
#include "dyno-config.h"
#include "dyno-journal-file.h"
#include "dyno-json.h"
#include "dyno-packet-ring.h"
#include "dyno-pulls.h"
#include "dyno-store.h"
#include "dyno-take.h"

G_BEGIN_DECLS

/* One run on its way from the stream to the disk:
 *
 *   open     samples go second by second to the store, datagrams to the journal
 *   posted   everything was given; the store has still to acknowledge some of it
 *   closing  on GLib's pool: the journal ends, the figures are computed, the run
 *            is finished in one transaction
 *   done     it stands in the run book, or the reason why not is known
 *
 * Everything but "closing" happens on the thread of the sink, which never waits:
 * answers of the store come to a context that this thread runs dry in passing. */

/* What recordings share. Borrowed by them; outlives them. */
typedef struct
{
  DynoStore   *store;    /* (borrowed) */
  DynoJournal *journal;  /* (borrowed) */
  DynoConfig  *config;   /* (borrowed) */
  DynoClock   *clock;    /* (borrowed) */
  DynoBus     *bus;      /* (borrowed) */
  char        *data_dir; /* (owned) */
  char        *group;    /* (owned) of the wire, for the journal's header */
  guint16      port;
} DynoRecordParts;

/* What a run begins with. */
typedef struct
{
  const char    *provider;
  gboolean       is_simulator;
  gint64         from_us;      /* first stamp, pre-roll included */
  gint64         start_us;     /* of the pull */
  DynoPullTrigger trigger;
  gint64         started_ms;   /* UTC of `start_us` */
  gint64         now_us;       /* receive clock */
  const char    *vehicle_id;   /* (nullable) */
  const char    *title;        /* (nullable) */
  const char    *config;       /* JSON of the settings, kept with the run */
  GPtrArray     *records;      /* of GBytes: the journal's beginning; the note is added */
  gint64         records_us;   /* arrival of its first record */
} DynoRecordingStart;

typedef enum
{
  DYNO_RECORDING_OPEN,
  DYNO_RECORDING_POSTED,
  DYNO_RECORDING_CLOSING,
  DYNO_RECORDING_DONE,
} DynoRecordingPhase;

/* Read by the record for its picture; written by dyno-recording.c alone. */
typedef struct
{
  const DynoRecordParts *parts;        /* (borrowed) */
  char                  *run_id;       /* (owned) */
  gint64                 number;       /* 0: not yet known */
  char                  *provider;     /* (owned) */
  gboolean               is_simulator;
  char                  *vehicle_id;   /* (owned) (nullable) */
  char                  *title;        /* (owned) (nullable) */
  char                  *config;       /* (owned) */
  gint64                 started_ms;
  DynoTake              *take;         /* (owned) */
  DynoJournalFile       *file;         /* (owned) (nullable) until the closing takes it */

  guint                  pull;         /* the detector's number of it */
  DynoPullTrigger        trigger;
  DynoPullEnd            end;          /* NONE: the pull runs */
  DynoPullDiscard        discard;
  gboolean               is_settled;   /* the verdict is there */
  gint64                 start_us;
  gint64                 end_us;       /* last stamp of the pull; valid with `end` */
  gint64                 roll_end_us;  /* valid when settled */
  double                 span_rpm;

  DynoRecordingPhase     phase;
  gboolean               is_cut;       /* the program ended before the pull did */
  gboolean               is_incomplete; /* samples are missing in the store */
  gboolean               is_known;     /* the store has begun the run */
  char                  *complaint;    /* (owned) (nullable) */
  guint                  n_unanswered; /* verbs that the store has not answered */
  guint                 *n_pending;    /* (borrowed) the same of all recordings */
  gboolean               is_history;   /* what is pushed now came before the run began, */
  guint                  n_history;    /* in so many seconds, posted at once */
  DynoRun               *saved;        /* (owned) (nullable) as the book has it, when done */
  GError                *failure;      /* (owned) (nullable) why the book has it not */

  double                 power_kw;     /* highest so far */
  double                 power_rpm;
  double                 torque_nm;
  double                 torque_rpm;
  double                 rpm;          /* last heard in the pull */
  DynoChannel            power;        /* which of the dyno's figures are followed */
  DynoChannel            torque;
  gint64                 end_arrival_us; /* receive clock, when it was posted */
} DynoRecording;

/* Answers of the store and of the closing come to the thread default context.
 * `n_pending` counts what is still to come to it. */
DynoRecording *dyno_recording_new       (const DynoRecordParts    *parts,
                                         const DynoRecordingStart *start,
                                         guint                    *n_pending);
/* Only when DONE. */
void           dyno_recording_free      (DynoRecording            *self);

/* Samples of the history (`is_history`: their datagrams are in the journal already)
 * or of the batch in hand. */
void           dyno_recording_push      (DynoRecording            *self,
                                         const DynoLineup         *lineup,
                                         const DynoBatch          *batch,
                                         gboolean                  is_history);
/* ENDED, RESUMED, TAKEN_OVER, KEPT or DISCARDED of its pull. */
void           dyno_recording_take_event (DynoRecording           *self,
                                          const DynoPullEvent     *event,
                                          gint64                   post_roll_us);
/* `now_us` of the samples: is the post-roll over? */
gboolean       dyno_recording_is_over   (const DynoRecording      *self,
                                         gint64                    now_us);
/* No more samples. `now_us` of the receive clock. */
void           dyno_recording_end       (DynoRecording            *self,
                                         gint64                    now_us);
/* Once in a while: begins the closing when the store has answered, looks after the
 * journal. TRUE: something changed that people should see. */
gboolean       dyno_recording_look_after (DynoRecording           *self);

/* The journal's note of a run, from which it is made again after a crash. */
typedef struct
{
  char           *run_id;       /* (owned) */
  char           *provider;     /* (owned) */
  gboolean        is_simulator;
  char           *vehicle_id;   /* (owned) (nullable) */
  char           *title;        /* (owned) (nullable) */
  char           *config;       /* (owned) (nullable) JSON */
  gint64          started_ms;
  gint64          from_us;
  gint64          start_us;
  DynoPullTrigger trigger;
  gboolean        has_end;      /* the note of the end is there, too */
  gint64          end_us;
  gint64          roll_end_us;
  DynoPullDiscard discard;
} DynoRecordingNote;

void           dyno_recording_note_clear (DynoRecordingNote       *note);
/* Takes an event of a journal: TRUE where it was a note of a run. */
gboolean       dyno_recording_note_read  (DynoRecordingNote       *note,
                                          const DynoJson          *event);

/* journal/<run id>.jdj, relative to the data folder. (transfer full) */
char          *dyno_recording_journal_path (const char            *run_id);

G_END_DECLS
