/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

#include "config.h"

#include "dyno-intake-private.h"

#include <string.h>

/* Journal records: what comes in is written, what is written can come in again. */

void
dyno_intake_append (DynoIntake              *self,
                    const DynoJournalRecord *record)
{
  guint before = self->records->len;

  if (self->pass_begin_us == 0)
    self->pass_begin_us = self->now_us;
  if (!self->keeps_records)
    return;

  dyno_journal_append (self->records, record);
  self->bytes_since_key += self->records->len - before;
  self->n_records++;
}

void
dyno_intake_append_json (DynoIntake *self,
                         const char *json,
                         gsize       length)
{
  DynoJournalRecord record = { .type = DYNO_JOURNAL_EVENT,
                               .arrival_us = self->now_us,
                               .kernel_us = DYNO_JOURNAL_KERNEL_UNKNOWN,
                               .payload = (const guint8 *) json,
                               .size = length };

  dyno_intake_append (self, &record);
}

void
dyno_intake_record_datagram (DynoIntake         *self,
                             const DynoDatagram *datagram,
                             gboolean            is_own)
{
  DynoJournalRecord record = { .type = DYNO_JOURNAL_RECEIVED,
                               .flags = (guint8) ((is_own ? DYNO_JOURNAL_OWN : 0)
                                                  | (datagram->is_truncated
                                                       ? DYNO_JOURNAL_TRUNCATED : 0)),
                               .port = datagram->port,
                               .address = datagram->address,
                               .ifindex = datagram->ifindex,
                               .arrival_us = self->now_us,
                               .kernel_us = datagram->kernel_us,
                               .payload = datagram->data,
                               .size = MIN (datagram->size, DYNO_JOURNAL_MOST_PAYLOAD) };

  dyno_intake_append (self, &record);
}

static void
put_u64 (guint8  *at,
         guint64  value)
{
  value = GUINT64_TO_LE (value);
  memcpy (at, &value, sizeof value);
}

static guint64
get_u64 (const guint8 *at)
{
  guint64 value;

  memcpy (&value, at, sizeof value);

  return GUINT64_FROM_LE (value);
}

static void
append_numbers (DynoIntake      *self,
                DynoJournalType  type,
                const guint8    *payload,
                gsize            size)
{
  DynoJournalRecord record = { .type = type,
                               .arrival_us = self->now_us,
                               .kernel_us = DYNO_JOURNAL_KERNEL_UNKNOWN,
                               .payload = payload,
                               .size = size };

  dyno_intake_append (self, &record);
}

void
dyno_intake_counters (DynoIntake *self,
                      guint64     kernel_drops,
                      guint64     ring_drops,
                      guint64     file_drops,
                      gint64      arrival_us)
{
  guint8 payload[24];

  dyno_intake_arrive (self, arrival_us);
  put_u64 (payload, kernel_drops);
  put_u64 (payload + 8, ring_drops);
  put_u64 (payload + 16, file_drops);
  append_numbers (self, DYNO_JOURNAL_COUNTERS, payload, sizeof payload);

  if (kernel_drops > self->counts.kernel_drops)
    {
      dyno_intake_event (self, DYNO_EVENT_KERNEL_DROPS, NULL)->count
        = kernel_drops - self->counts.kernel_drops;
      self->drops_us = self->now_us;
    }
  self->counts.kernel_drops = kernel_drops;
  self->counts.ring_drops = ring_drops;
  self->counts.file_drops = file_drops;
}

void
dyno_intake_clock_pair (DynoIntake *self,
                        gint64      utc_ns,
                        gint64      arrival_us)
{
  guint8 payload[16];

  dyno_intake_arrive (self, arrival_us);
  put_u64 (payload, (guint64) utc_ns);
  put_u64 (payload + 8, (guint64) self->now_us * 1000);
  append_numbers (self, DYNO_JOURNAL_CLOCK, payload, sizeof payload);
}

static void
replay_datagram (DynoIntake              *self,
                 const DynoJournalRecord *record)
{
  DynoDatagram datagram = { .data = record->payload,
                            .size = record->size,
                            .address = record->address,
                            .port = record->port,
                            .ifindex = record->ifindex,
                            .arrival_us = record->arrival_us,
                            .kernel_us = record->kernel_us,
                            .is_truncated = (record->flags & DYNO_JOURNAL_TRUNCATED) != 0 };

  dyno_intake_datagram (self, &datagram, (record->flags & DYNO_JOURNAL_OWN) != 0);
}

void
dyno_intake_record (DynoIntake              *self,
                    const DynoJournalRecord *record)
{
  switch (record->type)
    {
    case DYNO_JOURNAL_RECEIVED:
      replay_datagram (self, record);
      break;
    case DYNO_JOURNAL_EVENT:
      dyno_intake_input (self, (const char *) record->payload, (gssize) record->size,
                         record->arrival_us);
      break;
    case DYNO_JOURNAL_COUNTERS:
      if (record->size == 24)
        dyno_intake_counters (self, get_u64 (record->payload), get_u64 (record->payload + 8),
                              get_u64 (record->payload + 16), record->arrival_us);
      break;
    case DYNO_JOURNAL_CLOCK:
      if (record->size == 16)
        dyno_intake_clock_pair (self, (gint64) get_u64 (record->payload), record->arrival_us);
      break;
    case DYNO_JOURNAL_SENT: /* what we said follows from what we heard */
    case DYNO_JOURNAL_END:
    default:
      break;
    }
}
