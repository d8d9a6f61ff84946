/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

#pragma once

#include <glib.h>

#include "dyno-binding.h"
#include "dyno-capture-state.h"
#include "dyno-crypt.h"
#include "dyno-host-clock.h"
#include "dyno-klhdv.h"
#include "dyno-live-health.h"
#include "dyno-sequence.h"
#include "dyno-wire-channel.h"

G_BEGIN_DECLS

/* The hosts that were heard and what each of them announced (jetdrive.md §1.12):
 * merged channel lists, generations, values whose channel is not known yet.
 * Bounded whatever the wire says: 64 hosts, 4096 channels a host.
 *
 * This file keeps the tables; what follows from them (events, samples, replies)
 * is the business of dyno-intake. Pure. */

#define DYNO_HOSTS_MOST 64
#define DYNO_HOST_CHANNELS_MOST 4096
#define DYNO_HOST_PENDING 256
#define DYNO_HOST_GAPS 256
#define DYNO_HOST_NO_SLOT G_MAXUINT16

#define DYNO_HOST_SILENT_US (5 * G_USEC_PER_SEC)
#define DYNO_HOST_GONE_US (65 * G_USEC_PER_SEC)
#define DYNO_HOST_FORGOTTEN_US (600 * G_USEC_PER_SEC)

typedef struct
{
  DynoWireChannel *channel;      /* (owned) */
  DynoLiveHealth   health;
  DynoChannel      canonical;    /* by the binding */
  guint            last_flags;
  double           low;          /* plausible while live; ±∞ without a canonical channel */
  double           high;
  guint16          ready_slot;   /* of its "Sensor Ready"; DYNO_HOST_NO_SLOT without */
  DynoHealth       told_health;  /* as the last event said it */
} DynoSlot;

/* A value that waits for its channel. */
typedef struct
{
  guint16 id;
  float   value;
  gint64  t_us;
  gint64  arrival_us;
} DynoPending;

typedef enum
{
  DYNO_HOST_ALIVE,
  DYNO_HOST_SILENT,
  DYNO_HOST_GONE,
} DynoHostPresence;

typedef struct
{
  guint16           id;
  guint32           address;
  guint16           port;
  guint32           ifindex;
  gint64            first_us;         /* arrivals */
  gint64            last_us;
  gint64            last_values_us;   /* 0 before any */
  gint64            last_info_us;     /* 0 before any */
  DynoHostPresence  presence;
  gboolean          is_incompatible;
  gboolean          is_provider;      /* it announced channels or sent values */

  char             *name;             /* (owned) "" before the first list; kept over a Clear */
  guint32           generation;       /* from 1 */
  gboolean          has_origin;
  gint64            origin_us;
  DynoSequence      sequence;
  DynoHostClock     clock;
  DynoHostCounts    counts;

  GPtrArray        *slots;            /* (owned) of DynoSlot; each keeps its number */
  guint16          *pages[256];       /* (owned) id to slot number; NULL: none of these ids */
  DynoBinding      *binding;          /* (owned) */
  gboolean          list_is_new;      /* changed since the resolver last looked */
  gboolean          list_was_told;    /* that it is complete */
  gboolean          has_spoken;       /* values came since the list was last emptied */
  guint8            set_sum[DYNO_SHA256_SIZE]; /* of the last whole list, kept over a Clear */
  gboolean          has_set_sum;

  DynoPending      *pending;          /* (owned) (nullable) a ring */
  guint             n_pending;        /* in the ring */
  guint             first_pending;
  guint             n_requests;       /* unanswered, since something was missing */
  gint64            next_request_us;
  gint64            next_ping_us;
  gint64            next_pong_us;     /* no earlier answer to its pings */

  float            *gaps_ms;          /* (owned) (nullable) a ring: from flush to flush */
  guint             n_gaps;           /* ever */
  guint             n_gaps_judged;    /* of them, when the two below were computed */
  double            jitter_p50_ms;
  double            jitter_p99_ms;
  gint64            flush_us;         /* when the last flush began to arrive; 0 before any */
  guint64           received_then[40]; /* at the last 40 ticks: 10 s */
  guint64           lost_then[40];
  guint64           samples_then[40];
  guint             n_ticks;
} DynoHost;

typedef struct
{
  GPtrArray *hosts;      /* (owned) of DynoHost, in the order of their discovery */
  guint32    next_index; /* of the next DynoWireChannel */
} DynoHosts;

/* What merging an entry of a list did. */
typedef enum
{
  DYNO_MERGE_SAME,
  DYNO_MERGE_ADDED,
  DYNO_MERGE_REPLACED, /* the id means something else now: a new column */
  DYNO_MERGE_FULL,
} DynoMerge;

void             dyno_hosts_init             (DynoHosts             *self,
                                              guint32                first_index);
void             dyno_hosts_clear            (DynoHosts             *self);
DynoHost        *dyno_hosts_find             (const DynoHosts       *self,
                                              guint16                id);
/* Adds a host; NULL where the table is full of hosts that may not go. Whoever
 * has to go comes out in `evicted` (transfer full, nullable). */
DynoHost        *dyno_hosts_add              (DynoHosts             *self,
                                              guint16                id,
                                              const DynoHost        *chosen,
                                              gint64                 now_us,
                                              DynoHost             **evicted);
/* Takes it out of the table without freeing it. */
void             dyno_hosts_steal            (DynoHosts             *self,
                                              DynoHost              *host);
void             dyno_host_free              (DynoHost              *host);

DynoSlot        *dyno_host_slot              (const DynoHost        *self,
                                              guint16                id);
guint            dyno_host_slot_number       (const DynoHost        *self,
                                              guint16                id);

/* Merges one entry; on ADDED and REPLACED `slot` is it, on REPLACED `old`
 * (transfer full) what it was. */
DynoMerge        dyno_host_merge             (DynoHosts             *hosts,
                                              DynoHost              *self,
                                              const DynoKlhdvEntry  *entry,
                                              DynoSlot             **slot,
                                              DynoWireChannel      **old);

/* Counts the n-th of each name by id after entries were merged. For each slot
 * whose descriptor had to be replaced, `changed` is called. */
void             dyno_host_number_names      (DynoHost              *self,
                                              const char            *name,
                                              void                 (*changed) (DynoHost *host,
                                                                               DynoSlot *slot,
                                                                               gpointer  user_data),
                                              gpointer               user_data);

/* Clear or restart: the next generation, an empty map. The slots go. */
void             dyno_host_forget_list       (DynoHost              *self);
gboolean         dyno_host_has_list          (const DynoHost        *self);

/* SHA-256 over the sorted (name, unit, occurrence) of the list. */
void             dyno_host_sum_list          (const DynoHost        *self,
                                              guint8                 sum[DYNO_SHA256_SIZE]);

/* Waiting values. The oldest goes where the ring is full: TRUE. */
gboolean         dyno_host_push_pending      (DynoHost              *self,
                                              const DynoPending     *pending);
/* The next waiting value whose id is known now, taken out; FALSE: none. */
gboolean         dyno_host_pop_pending       (DynoHost              *self,
                                              DynoPending           *pending);
void             dyno_host_drop_pending      (DynoHost              *self);

/* Values were sent: datagrams close to each other are one flush. */
void             dyno_host_note_flush        (DynoHost              *self,
                                              gint64                 sent_us);
/* How far the gaps between flushes are from their median, ms. NaN before any. */
void             dyno_host_jitter            (DynoHost              *self,
                                              double                *p50_ms,
                                              double                *p99_ms);

/* Slots by id. (transfer full), freed by g_free; `n` of them. */
DynoSlot       **dyno_host_sorted_slots      (const DynoHost        *self,
                                              guint                 *n);

G_END_DECLS
