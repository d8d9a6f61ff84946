/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

#pragma once

#include "dyno-arm-state.h"
#include "dyno-capture-state.h"
#include "dyno-channel.h"
#include "dyno-clock.h"
#include "dyno-preflight.h"
#include "dyno-units.h"

G_BEGIN_DECLS

/* The live ring: the newest values of every channel on the wire, for charts,
 * readouts and streams. One thread writes (dyno-capture, below "writer"); any
 * thread reads. One mutex, held for a copy of at most DYNO_LIVE_MAX_COPY
 * samples and for nothing else.
 *
 * - A channel has a dense index from 0, in the order of dyno_live_add (). At most
 *   one channel is bound to a canonical one.
 * - Values are SI (of the canonical channel, or of the quantity). NaN says that
 *   readings were refused or lost here: it breaks a line and is no value.
 * - Stamps are µs of the samples' own clock, on one axis for all channels; a late
 *   sample has a smaller stamp than the one before.
 * - A channel's ring holds 32,768 samples, or the power of two below it with
 *   which all rings together stay within 64 MiB.
 * - Samples have a running index from 0. A reader keeps the index up to which
 *   he has read; what he was too slow for is gone and skipped.
 * - dyno_live_clear () begins a new generation: channel indices, sample indices
 *   and stamps of an older one mean nothing any more.
 * - Beside the numbers stand the pictures that all faces read: the state of the
 *   capture (every 250 ms), of recording, and the last preflight.
 */

typedef struct _DynoLive DynoLive;

#define DYNO_LIVE_CAPACITY 32768
#define DYNO_LIVE_MAX_CHANNELS 4096
#define DYNO_LIVE_MAX_COPY 2048

/* How a channel is, worst last. The writer says what it knows of the wire;
 * age makes STALE and LOST of it (ui.md 1, 4). */
typedef enum
{
  DYNO_LIVE_OK,
  DYNO_LIVE_IDLE,      /* the drum or the engine stands: no alarm, whatever the age */
  DYNO_LIVE_SLOW,
  DYNO_LIVE_PEGGED,    /* a mixture at the end of its sensor, or a cold sensor */
  DYNO_LIVE_FROZEN,    /* the same bits although it must move */
  DYNO_LIVE_INVALID,   /* outside what it can be */
  DYNO_LIVE_STALE,     /* age > max (1 s, 5 periods) */
  DYNO_LIVE_LOST,      /* age > max (5 s, 10 periods), or the link is gone */
  DYNO_LIVE_NO_SIGNAL, /* announced, never valued */
  DYNO_LIVE_UNMAPPED,  /* no such channel; what a reader of a canonical channel finds */
  DYNO_N_LIVE_STATES
} DynoLiveState;

typedef struct
{
  double        value;     /* the newest that is a number; NaN before the first */
  gint64        t_us;      /* its stamp */
  gint64        age_us;    /* since it arrived, by the monotonic clock */
  gint64        period_us; /* median of the last 20 intervals; 0 while unknown */
  guint64       n_samples; /* since the channel was added; the running index of the next */
  DynoLiveState state;
} DynoLiveReading;

/* Where a reader of one channel is. Begin with DYNO_LIVE_CURSOR_INIT. */
typedef struct
{
  guint   generation;
  guint64 index;
} DynoLiveCursor;

#define DYNO_LIVE_CURSOR_INIT { 0, 0 }

DynoLive    *dyno_live_new          (DynoClock      *clock);
DynoLive    *dyno_live_ref          (DynoLive       *self);
void         dyno_live_unref        (DynoLive       *self);

/* Writer. The answer of _add () is the index, or −1 when all
 * DYNO_LIVE_MAX_CHANNELS are taken. Binding to −1 unbinds. */
int          dyno_live_add          (DynoLive       *self,
                                     const char     *name,
                                     DynoQuantity    quantity);
void         dyno_live_bind         (DynoLive       *self,
                                     DynoChannel     canonical,
                                     int             channel);
void         dyno_live_append       (DynoLive       *self,
                                     guint           channel,
                                     gsize           n,
                                     const gint64   *t_us,
                                     const double   *values);
void         dyno_live_set_state    (DynoLive       *self,
                                     guint           channel,
                                     DynoLiveState   state);
void         dyno_live_clear        (DynoLive       *self);
/* Takes a reference; NULL takes the picture away. Any thread. */
void         dyno_live_set_capture   (DynoLive         *self,
                                      DynoCaptureState *state);
void         dyno_live_set_arm       (DynoLive         *self,
                                      DynoArmState     *state);
void         dyno_live_set_preflight (DynoLive         *self,
                                      DynoPreflight    *preflight);

/* Readers. */
guint        dyno_live_generation   (DynoLive       *self); /* from 1 */
guint        dyno_live_n_channels   (DynoLive       *self);
gsize        dyno_live_capacity     (DynoLive       *self); /* samples a channel, now */
int          dyno_live_find         (DynoLive       *self,
                                     DynoChannel     canonical); /* −1: not bound */
int          dyno_live_find_name    (DynoLive       *self,
                                     const char     *name);      /* −1: no such */
/* (transfer full); NULL for a channel that is not there. */
char        *dyno_live_dup_name     (DynoLive       *self,
                                     guint           channel);
DynoQuantity dyno_live_quantity     (DynoLive       *self,
                                     guint           channel);
DynoChannel  dyno_live_canonical    (DynoLive       *self,
                                     guint           channel);

/* The present moment on the axis of the stamps: the newest stamp moved on by
 * the clock, so that a picture scrolls evenly between two datagrams and goes on
 * when they stop. 0 before the first sample. */
gint64       dyno_live_now_us       (DynoLive       *self);

/* The newest value; FALSE, with state UNMAPPED, for a channel that is not there. */
gboolean     dyno_live_get          (DynoLive        *self,
                                     int              channel,
                                     DynoLiveReading *reading);

/* Copies the samples from the cursor on, oldest first, at most `max` and at
 * most DYNO_LIVE_MAX_COPY, and moves the cursor behind them; fewer than asked
 * for: there are no more. A cursor of another generation begins anew. */
gsize        dyno_live_read         (DynoLive       *self,
                                     guint           channel,
                                     DynoLiveCursor *cursor,
                                     gint64         *t_us,
                                     double         *values,
                                     gsize           max);

/* The pictures. (transfer full) (nullable): NULL before the first. */
DynoCaptureState *dyno_live_ref_capture   (DynoLive *self);
DynoArmState     *dyno_live_ref_arm       (DynoLive *self);
DynoPreflight    *dyno_live_ref_preflight (DynoLive *self);

/* "ok", "no signal", … for people, not translated; never NULL. */
const char  *dyno_live_state_name   (DynoLiveState   state);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (DynoLive, dyno_live_unref)

G_END_DECLS
