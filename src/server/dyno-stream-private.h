/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

#pragma once

#include "dyno-shop.h"
#include "dyno-stream-queue.h"
#include "dyno-stream-walk.h"
#include "dyno-stream.h"

G_BEGIN_DECLS

/* Of the files dyno-stream*.c. */

typedef struct _DynoStreamClient DynoStreamClient;
typedef struct _DynoStreamGroup  DynoStreamGroup;

struct _DynoStreams
{
  DynoShop      *shop;           /* (borrowed) */
  DynoLive      *live;           /* (borrowed) the shop's */
  DynoClock     *clock;          /* (borrowed) the shop's */
  char          *boot;           /* (owned) */
  gint64         born_us;        /* number 0, monotonic */
  guint64        last_seq;       /* that was given */
  DynoStreamLog *log;            /* (owned) */
  char          *last_capture;   /* (owned) (nullable) as it was told last */
  GPtrArray     *clients;        /* (owned) borrowed: each is its request's own */
  GPtrArray     *groups;         /* (owned) of DynoStreamGroup */
  GSource       *timer;          /* (owned) (nullable) the one of all */
  guint          subscription;   /* to the bus; 0: none */
  gint64         look_us;        /* when pings and credentials are looked at next */
  guint          generation;     /* of the live ring, */
  guint64        generation_seq; /* known since */
  gboolean       is_draining;
};

/* dyno-stream.c */
guint64           dyno_streams_next_seq         (DynoStreams          *self);
/* The live ring is of another generation: what was before cannot be told any more. */
void              dyno_streams_note_generation  (DynoStreams          *self);
void              dyno_streams_move_timer       (DynoStreams          *self);

/* dyno-stream-news.c: the bus */
void              dyno_streams_subscribe        (DynoStreams          *self);
void              dyno_streams_unsubscribe      (DynoStreams          *self);

/* dyno-stream-hold.c: whether the credential is still good for these topics. */
gboolean          dyno_stream_holds             (DynoShop             *shop,
                                                 const DynoPrincipal  *principal,
                                                 guint                 topics);

/* dyno-stream-group.c: those who get the same live frames */
DynoStreamGroup  *dyno_stream_group_join        (DynoStreams          *streams,
                                                 const DynoStreamWish *wish);
void              dyno_stream_group_leave       (DynoStreams          *streams,
                                                 DynoStreamGroup      *group);
gint64            dyno_stream_group_next_us     (DynoStreamGroup      *self);
/* Sends a frame where its time has come. */
void              dyno_stream_group_turn        (DynoStreamGroup      *self,
                                                 DynoStreams          *streams,
                                                 guint64               seq,
                                                 gint64                now_us);

/* dyno-stream-client.c */
void              dyno_stream_client_new        (DynoStreams          *streams,
                                                 DynoRequest          *request,
                                                 const DynoStreamWish *wish);
/* `seq` of a live frame; 0: anything else. Not for one that is behind. */
void              dyno_stream_client_send       (DynoStreamClient     *self,
                                                 GBytes               *bytes,
                                                 guint64               seq);
void              dyno_stream_client_tell       (DynoStreamClient     *self,
                                                 const DynoStreamEvent *event);
DynoStreamGroup  *dyno_stream_client_get_group  (DynoStreamClient     *self);
DynoPrincipal    *dyno_stream_client_principal  (DynoStreamClient     *self);
/* Good-bye with that reason; nothing else follows. */
void              dyno_stream_client_end        (DynoStreamClient     *self,
                                                 const char           *reason);
/* Once a second: ping, credential, and the end of one that does not take its good-bye. */
void              dyno_stream_client_look       (DynoStreamClient     *self,
                                                 gint64                now_us);
void              dyno_stream_client_check      (DynoStreamClient     *self);

/* dyno-stream-missed.c: what a client gets first that comes back. */
typedef struct
{
  gboolean        is_behind;
  guint64         at;   /* all up to that number is told */
  DynoStreamWalk *walk; /* (owned) (nullable) through the live ring */
} DynoStreamMissed;

/* By Last-Event-ID (nullable); what cannot be told any more is put as a gap. */
void              dyno_stream_missed_begin      (DynoStreamMissed     *self,
                                                 DynoStreams          *streams,
                                                 const DynoStreamWish *wish,
                                                 const char           *last_id,
                                                 DynoStreamQueue      *queue);
/* Puts the next piece into the queue. */
void              dyno_stream_missed_step       (DynoStreamMissed     *self,
                                                 DynoStreams          *streams,
                                                 const DynoStreamWish *wish,
                                                 const DynoPrincipal  *principal,
                                                 DynoStreamQueue      *queue);
void              dyno_stream_missed_clear      (DynoStreamMissed     *self);

/* Whether that principal is told of an event at all. */
gboolean          dyno_stream_may_see           (const DynoPrincipal  *principal,
                                                 const DynoStreamEvent *event);

G_END_DECLS
