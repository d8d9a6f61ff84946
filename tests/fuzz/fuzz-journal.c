/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

#include "config.h"

#include <stdint.h>
#include <string.h>

#include "dyno-crypt.h"
#include "dyno-journal.h"
#include "dyno-replay.h"

int LLVMFuzzerTestOneInput (const uint8_t *data, size_t size);

#define MOST_SAMPLES 200000

static void
count_cb (DynoBatch *batch,
          gpointer   user_data)
{
  *(guint64 *) user_data += batch->n_samples;
}

/* Arrivals at most 20 s apart: longer ones only cost ticks. */
static void
mend_arrival (guint8  *record,
              guint64 *now_ns)
{
  guint64 arrival_ns;

  memcpy (&arrival_ns, record + 16, sizeof arrival_ns);
  *now_ns += GUINT64_FROM_LE (arrival_ns) % 20000000000u;
  arrival_ns = GUINT64_TO_LE (*now_ns);
  memcpy (record + 16, &arrival_ns, sizeof arrival_ns);
}

/* The checksums stand between the fuzzer and the records: they are made right, so
 * that what is in them is tried. */
static void
mend (guint8 *data,
      gsize   size)
{
  gsize at = DYNO_JOURNAL_HEADER_SIZE;
  guint64 now_ns = 1000000000;
  guint32 sum;

  if (size < DYNO_JOURNAL_HEADER_SIZE)
    return;
  sum = GUINT32_TO_LE (dyno_crypt_crc32 (0, data, 60));
  memcpy (data + 60, &sum, sizeof sum);

  while (at + DYNO_JOURNAL_RECORD_SIZE <= size)
    {
      guint32 total;

      memcpy (&total, data + at, sizeof total);
      total = GUINT32_FROM_LE (total);
      if (total < DYNO_JOURNAL_RECORD_SIZE || total > size - at)
        return;
      mend_arrival (data + at, &now_ns);
      sum = dyno_crypt_crc32 (0, data + at, 28);
      sum = dyno_crypt_crc32 (sum, data + at + 32, total - 32);
      sum = GUINT32_TO_LE (sum);
      memcpy (data + at + 28, &sum, sizeof sum);
      at += total;
    }
}

int
LLVMFuzzerTestOneInput (const uint8_t *data,
                        size_t         size)
{
  g_autofree guint8 *copy = g_malloc (MAX (size, 1));
  g_autoptr(GBytes) bytes = NULL;
  g_autoptr(DynoJournalReader) reader = NULL;
  g_auto(DynoReplayReport) report = { 0 };
  guint64 n_samples = 0;

  if (size > 0)
    memcpy (copy, data, size);
  if (size > 0 && (data[size - 1] & 1) != 0)
    mend (copy, size);
  bytes = g_bytes_new_static (copy, size);
  reader = dyno_journal_reader_new (bytes, NULL);
  if (reader == NULL)
    return 0;

  dyno_replay_derive_from (reader, 0, count_cb, &n_samples, NULL, &report, NULL);
  g_assert (report.n_samples == n_samples && n_samples < MOST_SAMPLES);
  g_assert (dyno_journal_reader_position (reader) <= size);

  return 0;
}
