/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

#pragma once

#include "dyno-day-journal.h"
#include "dyno-feed.h"
#include "dyno-record.h"
#include "dyno-trigger.h"

G_BEGIN_DECLS

/* What the files of the record share:
 *
 *   dyno-record.c          the sink: batches to all who want them
 *   dyno-record-run.c      runs: begun, ended, judged, saved
 *   dyno-record-command.c  what people ask for
 *   dyno-record-picture.c  what people see
 */

struct _DynoRecord
{
  DynoRecordParts    parts;       /* texts owned */
  DynoLive          *live;        /* (borrowed) */
  DynoCapture       *capture;     /* (borrowed) (nullable) */
  GMainContext      *context;     /* (owned) answers to the thread of the sink */
  GAsyncQueue       *asked;       /* (owned) of GTask: commands on their way */
  gint               next_token;  /* (atomic) */
  gint               is_drained;  /* (atomic) */

  /* thread of the sink */
  DynoLineup        *lineup;      /* (owned) */
  DynoFeed          *feed;        /* (owned) */
  DynoTrigger       *trigger;     /* (owned) */
  DynoPacketRing    *ring;        /* (owned) */
  DynoDayJournal    *day;         /* (owned) (nullable) the whole day is kept */
  GQueue             history;     /* of DynoBatch (owned), the oldest first */
  gboolean           has_start;   /* the oldest is the first batch since the capture began */
  DynoBatch         *batch;       /* (borrowed) in hand */
  gint64             now_us;      /* receive clock */
  GPtrArray         *recordings;  /* (owned) of DynoRecording, not yet done */
  DynoRecording     *current;     /* (borrowed) (nullable) whose pull is not judged yet */
  guint              n_pending;   /* answers to come to `context` */
  GHashTable        *waiting;     /* (owned) commands that were overtaken: token to GTask */
  gboolean           is_ending;   /* the capture has stopped */

  char              *vehicle_id;  /* (owned) (nullable) of the next runs */
  char              *wanted;      /* (owned) (nullable) provider that was chosen by name */
  char              *title;       /* (owned) (nullable) of the next run */
  char              *override;    /* (owned) (nullable) why it was armed all the same */
  guint              n_wanted;    /* kept runs until it disarms; 0: as the settings say */
  gboolean           stays_armed;
  gint64             post_roll_us; /* of the settings when the run in hand began */

  /* for the picture */
  DynoCaptureState  *state;       /* (owned) (nullable) the latest */
  DynoArmPhase       phase;
  gint64             since_us;
  gint64             saved_us;    /* when a run was saved last; 0 never */
  DynoRecording     *saved;       /* (owned) (nullable) that run */
  char              *failure;     /* (owned) (nullable) sentence: the store failed */
  GArray            *discards;    /* (owned) of DynoArmDiscard */
  guint              n_saved;
  gboolean           is_stale;    /* the picture is to be made anew */
};

/* dyno-record-run.c */
void     dyno_record_take_pull   (const DynoPullEvent *event,
                                  gpointer             self);
void     dyno_record_feed_runs   (DynoRecord          *self,
                                  const DynoBatch     *batch);
void     dyno_record_end_runs    (DynoRecord          *self);
void     dyno_record_look_after  (DynoRecord          *self);

/* dyno-record-command.c */
void     dyno_record_take_inputs (DynoRecord          *self,
                                  const DynoBatch     *batch);
void     dyno_record_refuse_all  (DynoRecord          *self);

/* dyno-record-picture.c */
void     dyno_record_show        (DynoRecord          *self);

G_END_DECLS
