/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* The clock of one host (jetdrive.md §1.10): its 32-bit milliseconds extended
 * to 64 bits, restarts told from wraps and reordering, and the line to our own
 * clock: offset (our time − his time), latency and drift, from pongs where he
 * answers, else from the least lag of his values over 60 s.
 *
 * A plain struct, all zero at the beginning. All own times are µs of the
 * receive clock. Pure. */

#define DYNO_HOST_CLOCK_PONGS 8
#define DYNO_HOST_CLOCK_BUCKETS 12 /* of 5 s: together the 60 s */

typedef enum
{
  DYNO_HOST_CLOCK_GOOD,
  DYNO_HOST_CLOCK_BACK,    /* less than 5 s back: reordering */
  DYNO_HOST_CLOCK_RESTART, /* 5 s…2³¹ ms back, or 60 s ahead of arrival */
} DynoHostClockStep;

typedef struct
{
  gint64 at_us;      /* our time */
  gint64 offset_us;  /* latency taken off */
  gint64 rtt_us;
} DynoHostClockPong;

typedef struct
{
  gint64 at_us;
  gint64 offset_us;  /* the least of the slot */
} DynoHostClockBucket;

typedef struct
{
  gboolean            has_last;
  gint64              last_ms;         /* newest extended stamp of values */
  gint64              last_arrival_us; /* when it came */
  DynoHostClockPong   pongs[DYNO_HOST_CLOCK_PONGS];
  guint               n_pongs;         /* ever; the ring's place is its rest */
  DynoHostClockBucket buckets[DYNO_HOST_CLOCK_BUCKETS]; /* at_us 0: empty */
} DynoHostClock;

typedef struct
{
  gboolean is_known;
  gboolean is_measured; /* by pongs; else the least lag, latency unknown (0) */
  gint64   offset_us;   /* our time − his time, now */
  gint64   latency_us;
  double   drift_ppm;   /* our clock against his: positive, his is slow */
} DynoHostClockLine;

/* Judges a stamp against the newest one without changing anything. */
DynoHostClockStep dyno_host_clock_judge   (const DynoHostClock *self,
                                           guint32              time_ms,
                                           gint64               arrival_us,
                                           gint64              *extended_ms);

/* The newest stamp of a message that was not a restart, and when it was sent
 * as far as is known (arrival less the time in the kernel). */
void              dyno_host_clock_advance (DynoHostClock       *self,
                                           gint64               extended_ms,
                                           gint64               arrival_us);

/* A new clock begins; what was known of the old one is forgotten. */
void              dyno_host_clock_restart (DynoHostClock       *self);

/* A Pong: both stamps as they stood in it, ours in ms modulo 2³². FALSE where
 * the round trip is over 500 ms: then nothing is learnt. */
gboolean          dyno_host_clock_pong    (DynoHostClock       *self,
                                           guint32              host_ms,
                                           guint32              remote_ms,
                                           gint64               now_us);

/* Puts a least lag back as it was, from a key frame. */
void              dyno_host_clock_restore_lag (DynoHostClock   *self,
                                           gint64               at_us,
                                           gint64               offset_us);

/* What is known at `now_us`. */
void              dyno_host_clock_line    (const DynoHostClock *self,
                                           gint64               now_us,
                                           DynoHostClockLine   *line);

G_END_DECLS
