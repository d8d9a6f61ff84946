/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

#pragma once

#include "dyno-clock.h"

G_BEGIN_DECLS

/* Who comes in when the house is full (service.md 6). Thread dyno-server alone; it is
 * called and calls back there.
 *
 * A call goes at once while the calls in flight are under its priority's share of the
 * 64 places; the last places are thereby kept for those above it, and the vital go
 * always. Else it waits, among at most 128. It is shed where the queue is fuller than
 * its share. So much is an ordinary rush.
 *
 * When the longest wait has stayed over 20 ms for 100 ms (CoDel's measure of a queue
 * that does not drain), the house sheds until that is over: who cannot go at once is
 * shed, who waited longer than 100 ms is shed too, and of a priority the newest go
 * first, whose askers still listen. */

typedef enum
{
  DYNO_PRIORITY_VITAL,    /* P0: live, ready, health, capture stop and disarm; never shed */
  DYNO_PRIORITY_PROMPT,   /* P1: auth, live values, events; up to 95 % */
  DYNO_PRIORITY_ORDINARY, /* P2: all others; up to 85 % */
  DYNO_PRIORITY_HEAVY,    /* P3: analyses, imports, exports, reports, backups; up to 70 %, and
                           * never when memory is short */
  DYNO_N_PRIORITIES
} DynoPriority;

typedef enum
{
  DYNO_ADMISSION_GO,
  DYNO_ADMISSION_WAIT,
  DYNO_ADMISSION_SHED,    /* 503 OVERLOADED, Retry-After: 1 */
  DYNO_ADMISSION_EXPIRED, /* 504: its deadline passed while it waited */
} DynoAdmissionAnswer;

#define DYNO_ADMISSION_PLACES 64
#define DYNO_ADMISSION_QUEUE 128
#define DYNO_ADMISSION_TARGET_US (20 * 1000)
#define DYNO_ADMISSION_INTERVAL_US (100 * 1000)

typedef struct _DynoAdmission DynoAdmission;
typedef struct _DynoTicket    DynoTicket;

/* The end of a wait: GO, SHED or EXPIRED. After the last two the ticket is gone. May
 * call into the admission again. */
typedef void (*DynoAdmissionFunc)  (DynoAdmissionAnswer answer,
                                    gpointer            data);

/* How long a call waited before it went: 0 for most. */
typedef void (*DynoAdmissionDelay) (DynoPriority        priority,
                                    gint64              delay_us,
                                    gpointer            data);

typedef struct
{
  guint64 went, shed, expired;
  guint   waiting, in_flight; /* now */
} DynoAdmissionCounts;

/* `clock` (borrowed); `delay` (nullable). */
DynoAdmission       *dyno_admission_new         (DynoClock           *clock,
                                                 DynoAdmissionDelay   delay,
                                                 gpointer             delay_data);
/* Nothing may wait or be in flight. */
void                 dyno_admission_free        (DynoAdmission       *self);

/* `deadline_us` is monotonic. GO and WAIT give a ticket, the others NULL. `func` is
 * called only, and once, after WAIT. */
DynoAdmissionAnswer  dyno_admission_enter       (DynoAdmission       *self,
                                                 DynoPriority         priority,
                                                 gint64               deadline_us,
                                                 DynoAdmissionFunc    func,
                                                 gpointer             data,
                                                 DynoTicket         **ticket);
/* The call is done; or it waits no more, as its client is gone. */
void                 dyno_admission_leave       (DynoAdmission       *self,
                                                 DynoTicket          *ticket);

/* Ends waits whose time is over; from a timer, every 100 ms to 1 s. */
void                 dyno_admission_tick        (DynoAdmission       *self);

/* Resident memory is over 80 % of its budget: the heavy are shed. */
void                 dyno_admission_set_memory  (DynoAdmission       *self,
                                                 guint64              rss_bytes,
                                                 guint64              budget_bytes);

/* max (in flight / 64, waiting / 128). */
double               dyno_admission_get_load    (const DynoAdmission *self);
gboolean             dyno_admission_is_shedding (const DynoAdmission *self);
void                 dyno_admission_get_counts  (const DynoAdmission *self,
                                                 DynoPriority         priority,
                                                 DynoAdmissionCounts *counts);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (DynoAdmission, dyno_admission_free)

G_END_DECLS
