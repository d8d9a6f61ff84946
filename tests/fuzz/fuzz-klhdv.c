/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

#include "config.h"

#include <stdint.h>
#include <string.h>

#include "dyno-klhdv.h"

int LLVMFuzzerTestOneInput (const uint8_t *data, size_t size);

/* What was read of a list is written again and must read the same. */
static void
write_again (const DynoKlhdvFrame *frame)
{
  DynoKlhdvEntry entries[64];
  DynoKlhdvEntry back;
  DynoKlhdvFrame again;
  char provider[DYNO_KLHDV_PROVIDER_TEXT];
  guint8 out[DYNO_KLHDV_DATAGRAM_SIZE];
  guint n = MIN (dyno_klhdv_n_entries (frame), dyno_klhdv_entries_fit (DYNO_KLHDV_VALUE_LIMIT));
  gsize size;

  dyno_klhdv_read_provider (frame, provider);
  g_assert (g_utf8_validate (provider, -1, NULL));
  for (guint i = 0; i < n; i++)
    {
      g_assert (dyno_klhdv_read_entry (frame, i, &entries[i]));
      g_assert (g_utf8_validate (entries[i].name, -1, NULL) && entries[i].name[0] != '\0');
    }

  size = dyno_klhdv_write_info (out, &frame->header, provider, entries, n);
  g_assert (dyno_klhdv_decode (out, size, &again) == DYNO_KLHDV_ACCEPTED);
  g_assert (dyno_klhdv_n_entries (&again) == n);
  for (guint i = 0; i < n; i++)
    {
      g_assert (dyno_klhdv_read_entry (&again, i, &back));
      g_assert (back.id == entries[i].id && back.unit == entries[i].unit);
      g_assert (strncmp (back.name, entries[i].name, strlen (back.name)) == 0
                || strlen (entries[i].name) > DYNO_KLHDV_NAME_SIZE);
    }
}

int
LLVMFuzzerTestOneInput (const uint8_t *data,
                        size_t         size)
{
  DynoKlhdvFrame frame;
  DynoKlhdvRecord record;
  DynoKlhdvPing ping;
  DynoKlhdvControl control;
  DynoKlhdvEntry entry;
  guint32 sum = 0;

  dyno_klhdv_decode (data, size, &frame);
  for (guint i = 0; dyno_klhdv_read_record (&frame, i, &record); i++)
    sum += record.id + record.time_ms;
  if (dyno_klhdv_read_ping (&frame, &ping))
    {
      for (gsize i = 0; i < ping.size; i++)
        sum += ping.data[i];
    }
  if (dyno_klhdv_read_control (&frame, &control))
    sum += control.state;
  for (guint i = 0; dyno_klhdv_read_entry (&frame, i, &entry); i++)
    sum += (guint8) entry.name[0];
  if (frame.verdict == DYNO_KLHDV_ACCEPTED && frame.key == DYNO_KLHDV_CHANNEL_INFO)
    write_again (&frame);

  return sum == 0xFFFFFFFFu ? -1 : 0;
}
