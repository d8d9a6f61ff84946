/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

#include "config.h"

#include <stdint.h>
#include <string.h>

#include "dyno-intake.h"

int LLVMFuzzerTestOneInput (const uint8_t *data, size_t size);

/* A sequence of datagrams and inputs: each begins with five bytes (what it is,
 * milliseconds since the one before, length). An intake with a journal is fed;
 * what it journals is fed to a second one, which must give the same samples. */

typedef struct
{
  DynoIntake *intake;
  GArray     *samples;
} Side;

static void
begin (Side    *side,
       gboolean keeps_records)
{
  side->intake = dyno_intake_new (keeps_records);
  side->samples = g_array_new (FALSE, FALSE, sizeof (DynoSample));
}

static void
end (Side *side)
{
  dyno_intake_free (side->intake);
  g_array_unref (side->samples);
}

static void
repeat (Side      *side,
        DynoBatch *batch)
{
  gsize size = 0, total;
  const guint8 *data
    = batch->records != NULL ? g_bytes_get_data (batch->records, &size) : NULL;
  DynoJournalRecord record;

  while (size > 0)
    {
      g_assert (dyno_journal_parse (data, size, &record, &total) == DYNO_JOURNAL_WHOLE);
      dyno_intake_record (side->intake, &record);
      data += total;
      size -= total;
    }
}

/* What one side has gathered; what it journalled goes to the other (nullable). */
static void
flush (Side   *side,
       Side   *other,
       gint64  now_us)
{
  DynoBatch *batch;
  DynoOutgoing outgoing;

  while (dyno_intake_next_outgoing (side->intake, &outgoing))
    g_assert (outgoing.size <= DYNO_KLHDV_DATAGRAM_SIZE);
  while ((batch = dyno_intake_take_batch (side->intake, now_us)) != NULL)
    {
      if (batch->n_samples > 0)
        g_array_append_vals (side->samples, batch->samples, batch->n_samples);
      if (other != NULL)
        repeat (other, batch);
      dyno_batch_unref (batch);
    }
}

static void
feed (DynoIntake   *intake,
      guint8        what,
      const guint8 *data,
      gsize         size,
      gint64        now_us)
{
  DynoDatagram datagram = { .data = data,
                            .size = size,
                            .address = 0x7F000001,
                            .port = 5000,
                            .ifindex = 1 + (what >> 2 & 1),
                            .arrival_us = now_us,
                            .kernel_us = what & 8 ? 0xFFFFFFFFu : 100 };

  if ((what & 3) == 0)
    dyno_intake_input (intake, (const char *) data, (gssize) size, now_us);
  else if ((what & 3) == 1)
    dyno_intake_counters (intake, size, 0, 0, now_us);
  else
    dyno_intake_datagram (intake, &datagram, (what & 16) != 0);
}

static void
compare (const Side *a,
         const Side *b)
{
  g_assert (a->samples->len == b->samples->len);
  for (guint i = 0; i < a->samples->len; i++)
    {
      const DynoSample *x = &g_array_index (a->samples, DynoSample, i);
      const DynoSample *y = &g_array_index (b->samples, DynoSample, i);

      g_assert (x->channel == y->channel && x->generation == y->generation && x->t_us == y->t_us
                && x->arrival_us == y->arrival_us && memcmp (&x->raw, &y->raw, sizeof x->raw) == 0
                && x->flags == y->flags);
    }
}

int
LLVMFuzzerTestOneInput (const uint8_t *data,
                        size_t         size)
{
  Side live, again;
  gint64 now_us = 1000000;

  begin (&live, TRUE);
  begin (&again, FALSE);
  dyno_intake_input (live.intake, "{\"event\":\"capture\",\"state\":\"start\"}", -1, now_us);
  while (size >= 5)
    {
      gsize length = MIN (data[3] | (gsize) data[4] << 8, size - 5);
      g_autofree guint8 *copy = g_malloc (MAX (length, 1));

      if (length > 0)
        memcpy (copy, data + 5, length);
      now_us += (gint64) (data[1] | data[2] << 8) * ((data[0] & 0xe0) == 0xe0 ? 1000 : 10);
      feed (live.intake, data[0], copy, length, now_us);
      if ((data[0] & 64) != 0)
        dyno_intake_advance (live.intake, now_us);
      flush (&live, &again, now_us);
      flush (&again, NULL, now_us);
      data += 5 + length;
      size -= 5 + length;
    }
  compare (&live, &again);
  end (&live);
  end (&again);

  return 0;
}
