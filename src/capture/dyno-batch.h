/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

#pragma once

#include <glib.h>

#include "dyno-capture-state.h"

G_BEGIN_DECLS

/* What one pass of the receiver gives (at most 50 ms): the samples, the events
 * that stand between them, the datagrams they came from as finished records of
 * the packet journal, and every 250 ms the state. Immutable, reference counted,
 * any thread; a consumer that keeps a part keeps a reference on the batch (or
 * on `records`, or on `state`).
 *
 * Two times, both int64 µs on the monotonic receive clock:
 *
 *   t_us        when the provider measured the value: its clock, extended to 64
 *               bits, moved by an origin that is fixed for a (host, generation),
 *               so it never jumps inside a generation. Plot, detect and store
 *               by it.
 *   arrival_us  when the datagram was read. Never decreases. For lag and
 *               silence only.
 *
 * A value that came before its channel was announced is given when the list
 * arrives, with the t_us and arrival_us of its own and a flag. */

#define DYNO_NO_CHANNEL G_MAXUINT32

typedef struct
{
  guint32 channel;    /* DynoWireChannel.index */
  guint32 generation; /* of the provider's list */
  gint64  t_us;
  gint64  arrival_us;
  float   raw;        /* the bits of the wire, in the wire's unit */
  guint8  flags;      /* set of DynoSampleFlag */
} DynoSample;

typedef enum
{
  /* A provider: host_id, generation, text = its name. */
  DYNO_EVENT_PROVIDER_NEW,       /* its first channel list */
  DYNO_EVENT_PROVIDER_RENAMED,
  DYNO_EVENT_PROVIDER_REPLACED,  /* restarted under this new id; count = the old id */
  DYNO_EVENT_PROVIDER_SILENT,    /* 5 s without a datagram */
  DYNO_EVENT_PROVIDER_BACK,      /* heard again after silence */
  DYNO_EVENT_PROVIDER_GONE,      /* 65 s */
  DYNO_EVENT_PROVIDER_FORGOTTEN, /* 10 min, or evicted */
  DYNO_EVENT_PROVIDER_CHOSEN,    /* the one in use from here on; host_id 0: none */
  DYNO_EVENT_PROVIDER_CLEARED,   /* Clear: generation is the new one, all columns end here */
  DYNO_EVENT_PROVIDER_RESTARTED, /* its clock began anew: as CLEARED */
  DYNO_EVENT_PROVIDER_VERSION,   /* ignored; count = its version */

  /* A channel: channel, wire. */
  DYNO_EVENT_CHANNEL_ADDED,      /* a column begins */
  DYNO_EVENT_CHANNEL_CHANGED,    /* new descriptor of the same column (display name) */
  DYNO_EVENT_CHANNEL_REMOVED,    /* the column ends */
  DYNO_EVENT_CHANNEL_BOUND,      /* canonical from here on; NONE: released. Of the provider
                                    in use and of the others alike */
  DYNO_EVENT_CHANNEL_HEALTH,     /* count = DynoHealth */
  DYNO_EVENT_CHANNEL_LIST,       /* of a provider: complete, or complete again */

  /* The wire. */
  DYNO_EVENT_LINK,               /* count = DynoLink, text = reason word */
  DYNO_EVENT_GAP,                /* count = messages lost, host_id */
  DYNO_EVENT_LOSS_OF_INPUT,      /* the network went away or came back: a gap in time;
                                    text says which interface */
  DYNO_EVENT_KERNEL_DROPS,       /* count = datagrams */
  DYNO_EVENT_SMALL_BUFFER,       /* count = bytes granted; text = what to do */
  DYNO_EVENT_COLLISION,          /* host_id = the id that was ours */
  DYNO_EVENT_OVERALL,            /* count = DynoOverall of the provider in use */

  /* What came in by command, in its place in the stream: text = its JSON. */
  DYNO_EVENT_INPUT,
} DynoEventKind;

typedef struct
{
  DynoEventKind    kind;
  gint64           arrival_us;
  guint            at;         /* it stands before samples[at] */
  guint16          host_id;
  guint32          generation;
  guint32          channel;    /* DYNO_NO_CHANNEL where none is meant */
  DynoChannel      canonical;
  guint64          count;
  DynoWireChannel *wire;       /* (owned) (nullable) */
  char            *text;       /* (owned) (nullable) */
} DynoEvent;

typedef struct
{
  const DynoSample *samples;   /* (owned) */
  guint             n_samples;
  const DynoEvent  *events;    /* (owned) */
  guint             n_events;

  /* Whole records in the form of jetdrive.md §13, arrivals never decreasing:
   * for DynoPacketRing and DynoJournal as they are. */
  GBytes           *records;   /* (owned) (nullable) NULL: none */
  guint             n_records;
  gssize            key_at;    /* offset of the last key frame that begins here; −1 none */

  gint64            begin_us;  /* arrival of the first thing in it */
  gint64            end_us;    /* the receive clock when it was closed */
  DynoCaptureState *state;     /* (owned) (nullable) on the tick and when the link changed */

  gatomicrefcount   n_refs;
} DynoBatch;

/* Where batches go: called on the thread that makes them, must not block, must
 * not call back into the capture. The batch is (transfer none). */
typedef void (*DynoBatchSink) (DynoBatch *batch,
                               gpointer   user_data);

/* Takes the arrays over (g_free, and what events own). */
DynoBatch  *dyno_batch_new       (DynoSample *samples,
                                  guint       n_samples,
                                  DynoEvent  *events,
                                  guint       n_events);
DynoBatch  *dyno_batch_ref       (DynoBatch  *self);
void        dyno_batch_unref     (DynoBatch  *self);

/* "provider_new", "channel_added", … for logs and tests. */
const char *dyno_event_kind_name (DynoEventKind kind);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (DynoBatch, dyno_batch_unref)

G_END_DECLS
