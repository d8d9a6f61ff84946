/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

#include "config.h"

#include "dyno-export-pcap.h"

#include <string.h>

#include "dyno-journal.h"

#define MAGIC_NS 0xA1B23C4Du
#define LINK_TYPE_IPV4 228u
#define MOST_BYTES 65535u
#define IP_HEADER 20u
#define UDP_HEADER 8u
#define PROTOCOL_UDP 17
#define NS_PER_S G_GINT64_CONSTANT (1000000000)

static void
put_u16 (GByteArray *out,
         guint16     value)
{
  guint16 little = GUINT16_TO_LE (value);

  g_byte_array_append (out, (const guint8 *) &little, sizeof little);
}

static void
put_u32 (GByteArray *out,
         guint32     value)
{
  guint32 little = GUINT32_TO_LE (value);

  g_byte_array_append (out, (const guint8 *) &little, sizeof little);
}

static void
put_head (GByteArray *out)
{
  put_u32 (out, MAGIC_NS);
  put_u16 (out, 2);
  put_u16 (out, 4);
  put_u32 (out, 0);
  put_u32 (out, 0);
  put_u32 (out, MOST_BYTES);
  put_u32 (out, LINK_TYPE_IPV4);
}

/* Headers of the network are big-endian. */
static void
set_u16 (guint8  *at,
         guint16  value)
{
  at[0] = (guint8) (value >> 8);
  at[1] = (guint8) value;
}

static void
set_u32 (guint8  *at,
         guint32  value)
{
  set_u16 (at, (guint16) (value >> 16));
  set_u16 (at + 2, (guint16) value);
}

/* RFC 1071, over the header of IPv4. */
static guint16
checksum (const guint8 *header)
{
  guint32 sum = 0;

  for (guint i = 0; i < IP_HEADER; i += 2)
    sum += (guint32) (header[i] << 8 | header[i + 1]);
  while (sum > 0xffff)
    sum = (sum & 0xffff) + (sum >> 16);

  return (guint16) ~sum;
}

static void
put_headers (GByteArray               *out,
             const DynoJournalHeader  *journal,
             const DynoJournalRecord  *record)
{
  guint8 header[IP_HEADER + UDP_HEADER] = { 0x45 };

  set_u16 (header + 2, (guint16) (sizeof header + record->size));
  header[8] = 1; /* a hop: it never leaves the network */
  header[9] = PROTOCOL_UDP;
  set_u32 (header + 12, record->address);
  set_u32 (header + 16, journal->group);
  set_u16 (header + 10, checksum (header));
  set_u16 (header + IP_HEADER, record->port);
  set_u16 (header + IP_HEADER + 2, journal->port);
  set_u16 (header + IP_HEADER + 4, (guint16) (UDP_HEADER + record->size));
  g_byte_array_append (out, header, sizeof header);
}

static void
put_packet (GByteArray               *out,
            const DynoJournalHeader  *journal,
            const DynoJournalRecord  *record)
{
  gint64 since_open_ns = record->arrival_us * 1000 - (gint64) journal->monotonic_ns;
  gint64 utc_ns = MAX ((gint64) journal->utc_ns + since_open_ns, 0);
  guint32 size = (guint32) (IP_HEADER + UDP_HEADER + record->size);

  if (size > MOST_BYTES)
    return;
  put_u32 (out, (guint32) (utc_ns / NS_PER_S));
  put_u32 (out, (guint32) (utc_ns % NS_PER_S));
  put_u32 (out, size);
  put_u32 (out, size);
  put_headers (out, journal, record);
  g_byte_array_append (out, record->payload, (guint) record->size);
}

GBytes *
dyno_export_pcap (GBytes  *journal,
                  GError **error)
{
  g_autoptr(DynoJournalReader) reader = dyno_journal_reader_new (journal, error);
  const DynoJournalRecord *record;
  GByteArray *out;

  if (reader == NULL)
    return NULL;
  out = g_byte_array_new ();
  put_head (out);
  while ((record = dyno_journal_reader_next (reader)) != NULL)
    {
      if (record->type == DYNO_JOURNAL_RECEIVED || record->type == DYNO_JOURNAL_SENT)
        put_packet (out, dyno_journal_reader_header (reader), record);
    }

  return g_byte_array_free_to_bytes (out);
}
