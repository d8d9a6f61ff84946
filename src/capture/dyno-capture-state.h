/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

#pragma once

#include <glib.h>

#include "dyno-binding.h"
#include "dyno-live-health.h"
#include "dyno-wire-channel.h"

G_BEGIN_DECLS

/* Everything the faces show of the wire, as one picture taken on the 250 ms
 * tick: link, interfaces, providers, channels. Immutable, reference counted,
 * any thread. Times are µs of the receive clock (monotonic) unless said
 * otherwise; "unknown" is NaN for a number. */

typedef enum
{
  DYNO_LINK_OFF,
  DYNO_LINK_JOINING,
  DYNO_LINK_LISTENING, /* no provider */
  DYNO_LINK_CONNECTED, /* the list is known */
  DYNO_LINK_CAPTURING, /* values flow */
  DYNO_LINK_SILENT,    /* nothing from the provider for 5 s */
  DYNO_LINK_GONE,      /* nothing for 65 s */
} DynoLink;

typedef enum
{
  DYNO_LINK_REASON_NONE,
  DYNO_LINK_REASON_NO_INTERFACE,
  DYNO_LINK_REASON_PORT_BUSY,
  DYNO_LINK_REASON_NO_TRAFFIC,      /* not even our own echo */
  DYNO_LINK_REASON_OWN_ECHO_ONLY,
  DYNO_LINK_REASON_NO_CHANNEL_INFO, /* 35 s without a list */
  DYNO_LINK_REASON_VERSION,         /* only peers we do not understand */
  DYNO_LINK_REASON_COLLISION,       /* another one speaks with our host id */
} DynoLinkReason;

/* What the channels of the provider in use say about the machine; a set. */
typedef enum
{
  DYNO_WARNING_RPM_ZERO_AT_WOT = 1 << 0,
  DYNO_WARNING_AFR_IMPLAUSIBLE = 1 << 1,
  DYNO_WARNING_CYLINDER_IMBALANCE = 1 << 2,
  DYNO_WARNING_SEVERAL_PROVIDERS = 1 << 3, /* none is pinned */
  DYNO_WARNING_ASK_PROVIDER = 1 << 4,      /* several, and none can be preferred */
  DYNO_WARNING_SMALL_BUFFER = 1 << 5,      /* below 1 MiB */
  DYNO_WARNING_LOOPBACK_ONLY = 1 << 6,     /* the provider is heard on lo alone */
  DYNO_WARNING_LIST_TOO_LARGE = 1 << 7,    /* values but never a list: large datagrams are lost */
} DynoCaptureWarning;

/* Messages and what became of them. */
typedef struct
{
  guint64 received;      /* messages, without duplicates and copies */
  guint64 lost;
  guint64 late;
  guint64 duplicates;
  guint64 copies;        /* the same over a second interface */
  guint64 malformed;
  guint64 trailing;
  guint64 remainder;
  guint64 unknown_key;
  guint64 not_for_us;
  guint64 samples;
  guint64 unresolved;    /* values whose channel never was announced: given up */
  guint64 bad_time;      /* values with a stamp far from those beside them */
} DynoHostCounts;

/* Datagrams that belong to no host. */
typedef struct
{
  guint64 datagrams;     /* received, ours included */
  guint64 own;
  guint64 malformed;
  guint64 bad_host;
  guint64 unnegotiated;
  guint64 truncated;
  guint64 refused;       /* over the limit of hosts or channels */
  guint64 kernel_drops;  /* SO_RXQ_OVFL */
  guint64 ring_drops;    /* what the journal's ring let go before its 120 s */
  guint64 file_drops;    /* what a stuck disk kept from the journal */
} DynoWireCounts;

typedef struct
{
  char    *name;      /* (owned) "eth0" */
  char    *mac;       /* (owned) "02:fc:00:00:00:01"; "" without one */
  guint32  index;
  guint32  address;   /* IPv4, host byte order; 0 without one */
  gboolean is_up;
  gboolean is_joined;
  gboolean is_loopback;
  guint64  datagrams; /* from others */
} DynoInterfaceState;

typedef struct
{
  char           *name;          /* (owned) "" before the first list */
  guint16         host_id;
  guint32         address;       /* IPv4, host byte order */
  guint16         port;
  guint32         ifindex;
  guint32         generation;    /* of its list, from 1 */
  gboolean        is_provider;   /* it announced channels or sent values; else just a node */
  gboolean        is_chosen;     /* the one in use */
  gboolean        is_simulator;  /* by its name */
  gboolean        is_silent;     /* 5 s */
  gboolean        is_gone;       /* 65 s */
  gboolean        has_list;      /* every id seen in values is known */
  gboolean        is_incompatible; /* version 0 or ≥ 10 */
  double          age_s;         /* since its last datagram */
  double          value_age_s;   /* since its last values; NaN before any */
  double          loss_percent;  /* over 10 s */
  double          loss_total_percent;
  DynoHostCounts  counts;
  gboolean        offset_is_known;
  gboolean        offset_is_measured; /* by pongs */
  gint64          offset_us;     /* receive clock − provider clock, tracked */
  gint64          origin_us;     /* the same as samples carry it; 0 before any */
  gint64          latency_us;
  double          drift_ppm;
  double          jitter_p50_ms; /* of the gaps between flushes, from their median; */
  double          jitter_p99_ms; /* NaN unknown */
  double          datagrams_hz;
  double          samples_hz;
  guint           first_channel; /* its channels in `channels` */
  guint           n_channels;
} DynoProviderState;

typedef struct
{
  DynoWireChannel *channel;       /* (owned) */
  guint            provider;      /* in `providers` */
  DynoChannel      canonical;     /* NONE: an extra channel */
  double           confidence;    /* 0…1 of the binding */
  const char      *bound_reason;  /* "pinned", "name", "prefix", "pattern", "" */
  gboolean         is_pinned;
  gboolean         is_provisional; /* bound, but it has not lived yet */
  gboolean         is_resolved;   /* FALSE: values without an announcement, "chan_7" */
  const DynoUnit  *unit;          /* as the values show it: λ that carries AFR is AFR */
  DynoHealth       health;
  const char      *health_reason; /* "" or a word */
  double           age_s;         /* since the last value by arrival; NaN before any */
  double           rate_hz;
  double           period_s;      /* median of sample time; 0 unknown */
  float            last;          /* raw; NaN before any */
  guint            last_flags;    /* set of DynoSampleFlag */
  float            low;           /* of the finite values; NaN before any */
  float            high;
  gint64           last_t_us;
  guint64          n_samples;
  guint64          n_invalid;
  guint64          n_late;
  guint64          n_gaps;
} DynoChannelState;

typedef struct
{
  gint64              time_us;     /* of the tick */
  DynoLink            link;
  DynoLinkReason      reason;
  DynoOverall         overall;     /* of the provider in use */
  guint               warnings;    /* set of DynoCaptureWarning */
  guint16             own_id;      /* 0 while negotiating or passive */
  gboolean            is_passive;
  guint               receive_buffer; /* bytes granted; 0 unknown */
  DynoWireCounts      counts;

  DynoInterfaceState *interfaces;  /* (owned) */
  guint               n_interfaces;
  DynoProviderState  *providers;   /* (owned) in the order of their discovery */
  guint               n_providers;
  int                 chosen;      /* in `providers`; −1 none */
  DynoChannelState   *channels;    /* (owned) grouped by provider, sorted by id */
  guint               n_channels;
  /* Canonical channel of the provider in use to its place in `channels`; −1. */
  int                 bound[DYNO_N_CHANNELS];

  gatomicrefcount     n_refs;
} DynoCaptureState;

DynoCaptureState       *dyno_capture_state_new   (void);
DynoCaptureState       *dyno_capture_state_ref   (DynoCaptureState       *self);
void                    dyno_capture_state_unref (DynoCaptureState       *self);

/* The channel bound to `canonical` at the provider in use, or NULL. */
const DynoChannelState *dyno_capture_state_bound (const DynoCaptureState *self,
                                                  DynoChannel             canonical);
/* By DynoWireChannel.index, or NULL. */
const DynoChannelState *dyno_capture_state_find  (const DynoCaptureState *self,
                                                  guint32                 index);

/* "off", "joining", …; "none", "no_interface", … */
const char             *dyno_link_name           (DynoLink                link);
const char             *dyno_link_reason_name    (DynoLinkReason          reason);
/* What to tell a person and what he can do; "" for NONE. */
const char             *dyno_link_reason_text    (DynoLinkReason          reason);

/* "192.0.2.2" of an address in host byte order. (transfer full) */
char                   *dyno_address_text        (guint32                 address);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (DynoCaptureState, dyno_capture_state_unref)

G_END_DECLS
