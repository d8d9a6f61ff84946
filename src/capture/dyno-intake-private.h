/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

#pragma once

#include "dyno-intake.h"
#include "dyno-json.h"
#include "dyno-node.h"
#include "dyno-provider.h"

G_BEGIN_DECLS

/* What the files of the intake share:
 *
 *   dyno-intake.c         the door: datagrams in their order, batches out
 *   dyno-intake-values.c  lists, values, Clear and restart
 *   dyno-intake-input.c   inputs: commands and news of the sockets
 *   dyno-intake-talk.c    our side: id, pings, requests
 *   dyno-intake-record.c  records: written as things come in, read in a replay
 *   dyno-intake-tick.c    what time brings: silence, then the four below
 *   dyno-intake-choose.c  the provider in use
 *   dyno-intake-bind.c    which channel is what
 *   dyno-intake-judge.c   health of the channels and of the whole
 *   dyno-intake-link.c    how the link stands
 *   dyno-intake-state.c   the picture for the faces
 *   dyno-intake-key.c     key frames
 *   dyno-intake-restore.c the same, read
 */

#define DYNO_INTAKE_PAIRS 64

/* Times and counts of a key frame stay below it: JSON holds them exactly. */
#define DYNO_KEY_MOST (G_GINT64_CONSTANT (1) << 52)

typedef struct
{
  gint64 t_us;
  float  difference; /* rear − front, AFR */
} DynoMixturePair;

/* The machine of the provider in use over the last 2 s, for FROZEN. */
typedef struct
{
  float  speed_kmh[8]; /* one a tick, the oldest first */
  float  rpm[8];
  guint  n;
} DynoMotion;

struct _DynoIntake
{
  gboolean        keeps_records;
  gboolean        was_fed;        /* anything but a key frame came in */
  gint64          now_us;         /* arrival of the latest thing */
  gint64          next_tick_us;   /* 0 before the first thing */

  DynoHosts       hosts;
  DynoNode        node;
  gboolean        is_on;
  gint64          on_since_us;
  guint64         seed;
  gboolean        is_passive;

  GPtrArray      *pins;           /* (owned) of DynoPin */
  char           *wanted;         /* (owned) (nullable) name of the provider to use */
  guint32         expected;       /* its address; 0 any */
  DynoHost       *chosen;         /* (borrowed) (nullable) */
  gint64          chosen_us;
  gboolean        must_ask;       /* several providers and no rule */

  GArray         *interfaces;     /* (owned) of DynoInterfaceState, names owned */
  DynoLinkReason  trouble;        /* of the sockets: NONE, NO_INTERFACE, PORT_BUSY */
  guint           receive_buffer;
  guint16         tx_port;
  DynoWireCounts  counts;
  gint64          drops_us;       /* arrival of the last news of kernel drops */
  gint64          last_foreign_us;
  gint64          last_own_us;
  gint64          next_answer_us; /* no Pong to negotiating nodes before */

  DynoLink        link;           /* as told last */
  DynoLinkReason  reason;
  DynoOverall     overall;
  guint           warnings;
  DynoMotion      motion;
  DynoMixturePair pairs[DYNO_INTAKE_PAIRS];
  guint           n_pairs;        /* ever */
  gint64          front_t_us;
  float           front_afr;

  DynoSample     *samples;        /* (owned) this pass; grows only */
  guint           n_samples;
  guint           n_sample_places;
  GArray         *events;         /* (owned) of DynoEvent */
  GByteArray     *records;        /* (owned) */
  guint           n_records;
  gssize          key_at;
  gint64          pass_begin_us;  /* 0: nothing yet */
  gboolean        wants_state;    /* a tick ran, or the link changed */
  GQueue          outgoing;       /* of DynoOutgoing (owned) */

  gint64          key_us;         /* of the last key frame */
  gsize           key_size;
  gsize           bytes_since_key;
  gboolean        is_reading_key; /* a frame is being restored and has not ended yet */
  guint16         key_chosen;     /* its provider in use */
};

/* dyno-intake.c */
DynoEvent *dyno_intake_event         (DynoIntake              *self,
                                      DynoEventKind            kind,
                                      const DynoHost          *host);
/* The next sample of the pass, to be filled in place. */
DynoSample *dyno_intake_sample       (DynoIntake              *self);
DynoEvent *dyno_intake_channel_event (DynoIntake              *self,
                                      DynoEventKind            kind,
                                      const DynoHost          *host,
                                      DynoWireChannel         *channel);
/* Something comes in at that time: runs the ticks before it; answers when it
 * counts as coming. */
gint64     dyno_intake_arrive        (DynoIntake              *self,
                                      gint64                   arrival_us);

/* dyno-intake-record.c */
void       dyno_intake_record_datagram (DynoIntake            *self,
                                      const DynoDatagram      *datagram,
                                      gboolean                 is_own);
void       dyno_intake_append        (DynoIntake              *self,
                                      const DynoJournalRecord *record);
void       dyno_intake_append_json   (DynoIntake              *self,
                                      const char              *json,
                                      gsize                    length);

/* dyno-intake-values.c */
void       dyno_intake_take_info     (DynoIntake              *self,
                                      DynoHost                *host,
                                      const DynoKlhdvFrame    *frame);
void       dyno_intake_take_values   (DynoIntake              *self,
                                      DynoHost                *host,
                                      const DynoKlhdvFrame    *frame,
                                      gint64                   sent_us);
void       dyno_intake_take_clear    (DynoIntake              *self,
                                      DynoHost                *host);
void       dyno_intake_drop_host     (DynoIntake              *self,
                                      DynoHost                *host);
/* "Sensor Ready N" of each mixture channel. */
void       dyno_intake_link_sensors  (DynoHost                *host);

/* dyno-intake-input.c */
void       dyno_intake_apply         (DynoIntake              *self,
                                      const DynoJson          *input);
void       dyno_intake_set_interfaces (DynoIntake             *self,
                                      const DynoJson          *rows);
/* Short enough for its place on the wire, and without control characters. */
gboolean   dyno_intake_is_clean      (const char              *text,
                                      gsize                    room);
void       dyno_intake_add_pin       (DynoIntake              *self,
                                      const DynoJson          *input);

/* dyno-intake-talk.c */
void       dyno_intake_start_talk    (DynoIntake              *self);
void       dyno_intake_take_ping     (DynoIntake              *self,
                                      DynoHost                *host,
                                      const DynoKlhdvFrame    *frame);
void       dyno_intake_take_pong     (DynoIntake              *self,
                                      DynoHost                *host,
                                      const DynoKlhdvFrame    *frame);
void       dyno_intake_talk          (DynoIntake              *self);

/* dyno-intake-tick.c */
void       dyno_intake_tick          (DynoIntake              *self);

/* dyno-intake-choose.c */
void       dyno_intake_choose        (DynoIntake              *self);
/* Providers that are alive. */
guint      dyno_intake_n_providers   (DynoIntake              *self);

/* dyno-intake-bind.c */
void       dyno_intake_bind          (DynoIntake              *self,
                                      DynoHost                *host);
void       dyno_intake_apply_bindings (DynoIntake             *self,
                                      DynoHost                *host);
void       dyno_intake_pin_host      (DynoIntake              *self,
                                      DynoHost                *host);

/* dyno-intake-judge.c */
const DynoSlot *
           dyno_host_bound_slot      (const DynoHost          *host,
                                      DynoChannel              canonical);
void       dyno_intake_note_motion   (DynoIntake              *self);
void       dyno_intake_witness       (DynoIntake              *self,
                                      const DynoHost          *host,
                                      DynoHealthWitness       *witness);
void       dyno_intake_judge_channels (DynoIntake             *self,
                                      DynoHost                *host);
DynoOverall dyno_intake_judge_overall (DynoIntake             *self);
/* Sets of DynoCaptureWarning. */
guint      dyno_intake_machine_warnings (DynoIntake           *self);

/* dyno-intake-link.c */
guint      dyno_intake_wire_warnings (DynoIntake              *self);
void       dyno_intake_judge_link    (DynoIntake              *self);

/* dyno-intake-state.c */
DynoCaptureState *
           dyno_intake_make_state    (DynoIntake              *self);

/* dyno-intake-key.c */
void       dyno_intake_write_key     (DynoIntake              *self);

/* dyno-intake-restore.c */
/* TRUE where the event is part of a key frame or begins a file. */
gboolean   dyno_intake_read_key      (DynoIntake              *self,
                                      const DynoJson          *event);
/* Something else came: a frame that has not ended counts for nothing. */
void       dyno_intake_drop_key      (DynoIntake              *self);

G_END_DECLS
