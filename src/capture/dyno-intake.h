/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

#pragma once

#include <glib.h>

#include "dyno-batch.h"
#include "dyno-journal.h"
#include "dyno-klhdv.h"
#include "dyno-wire.h"

G_BEGIN_DECLS

/* The client half of JETDRIVE as one pure machine: what goes in are datagrams,
 * inputs (commands and news of the sockets, as JSON) and counters, each with its
 * arrival; what comes out are batches and messages to send. It reads no clock,
 * opens nothing and draws chance from a seed it was given, so the live capture,
 * a replay of its journal and a test run the same code and get the same bits.
 *
 * Ticks: at each 250 ms boundary of arrival time, before the first thing at or
 * after it. Arrival never decreases: what comes with an earlier one counts as
 * coming now.
 *
 * Everything that goes in is written as journal records into the batches, in
 * the order it came, and every few seconds a key frame: events from which a
 * fresh intake continues as this one does (jetdrive.md §13).
 *
 * Inputs are JSON objects with a member "event":
 *
 *   capture     state "start" (seed, passive, provider, expected, pins,
 *               first_index) or "stop"
 *   interfaces  what is joined: interfaces, tx_port, buffer, trouble
 *   pin, unpin  provider, channel, unit, occurrence, canonical (null: nothing)
 *   provider    name (null: by rule)
 *   passive     on
 *   rejoin      the memberships were renewed
 *   anything else stands in the journal and in the batch for who knows it
 *
 * Not locked; one thread at a time. */

#define DYNO_TICK_US 250000

/* The version of the derivation: the same journal and the same number give the
 * same samples, bit for bit. */
#define DYNO_DERIVATION_VERSION 1

typedef struct _DynoIntake DynoIntake;

typedef struct
{
  guint8  data[DYNO_KLHDV_DATAGRAM_SIZE];
  gsize   size;
  guint32 ifindex; /* 0: over every joined interface */
} DynoOutgoing;

/* `keeps_records`: batches carry journal records and key frames; a replay has
 * its own file and needs none. */
DynoIntake *dyno_intake_new           (gboolean                 keeps_records);
void        dyno_intake_free          (DynoIntake              *self);

/* `is_own`: sent by us, told by the local address and our port. */
void        dyno_intake_datagram      (DynoIntake              *self,
                                       const DynoDatagram      *datagram,
                                       gboolean                 is_own);
/* `json` is an object with "event"; anything else is ignored. */
void        dyno_intake_input         (DynoIntake              *self,
                                       const char              *json,
                                       gssize                   length,
                                       gint64                   arrival_us);
/* Totals since the start; ring and file are kept for the record only. */
void        dyno_intake_counters      (DynoIntake              *self,
                                       guint64                  kernel_drops,
                                       guint64                  ring_drops,
                                       guint64                  file_drops,
                                       gint64                   arrival_us);
/* The two clocks side by side, for the journal. */
void        dyno_intake_clock_pair    (DynoIntake              *self,
                                       gint64                   utc_ns,
                                       gint64                   arrival_us);
/* One record of a journal, whatever it is. */
void        dyno_intake_record        (DynoIntake              *self,
                                       const DynoJournalRecord *record);
/* Runs the ticks up to `now_us`. */
void        dyno_intake_advance       (DynoIntake              *self,
                                       gint64                   now_us);
/* When the next tick is due; G_MAXINT64 before anything came in. */
gint64      dyno_intake_next_tick     (const DynoIntake        *self);

/* All since the last call as a batch closed at `now_us`; NULL where there is
 * nothing more. Call until then: a picture of many channels takes its time, so
 * it comes in a batch of its own behind the samples. */
DynoBatch  *dyno_intake_take_batch    (DynoIntake              *self,
                                       gint64                   now_us);
/* The next message to send; FALSE: none. */
gboolean    dyno_intake_next_outgoing (DynoIntake              *self,
                                       DynoOutgoing            *outgoing);

/* The index that the next new channel will get. */
guint32     dyno_intake_next_index    (const DynoIntake        *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (DynoIntake, dyno_intake_free)

G_END_DECLS
