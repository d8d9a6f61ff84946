/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

/* Packets of a journal as pcap (jetdrive.md §13). */

#include "config.h"

#include "dyno-export-pcap.h"

#include <gio/gio.h>
#include <string.h>

#include "dyno-error.h"
#include "dyno-journal.h"
#include "dyno-test.h"

#define GROUP 0xE000020Au /* 224.0.2.10 */
#define SENDER 0xC0A80105u

static void
add_record (GByteArray      *out,
            DynoJournalType  type,
            const char      *payload,
            gint64           arrival_us)
{
  DynoJournalRecord record = { .type = type,
                               .port = 40000,
                               .address = SENDER,
                               .arrival_us = arrival_us,
                               .kernel_us = DYNO_JOURNAL_KERNEL_UNKNOWN,
                               .payload = (const guint8 *) payload,
                               .size = strlen (payload) };

  dyno_journal_append (out, &record);
}

static GBytes *
make_journal (void)
{
  DynoJournalHeader header = { .utc_ns = G_GUINT64_CONSTANT (1789000000250000000),
                               .monotonic_ns = G_GUINT64_CONSTANT (5000000000),
                               .group = GROUP,
                               .port = 22344 };
  GByteArray *out = g_byte_array_new ();

  g_byte_array_set_size (out, DYNO_JOURNAL_HEADER_SIZE);
  dyno_journal_write_header (out->data, &header);
  add_record (out, DYNO_JOURNAL_EVENT, "{\"event\":\"start\"}", 5000000);
  add_record (out, DYNO_JOURNAL_RECEIVED, "odd", 5500001);
  add_record (out, DYNO_JOURNAL_SENT, "even", 6000000);

  return g_byte_array_free_to_bytes (out);
}

/* The sum over a header with its checksum is 0xffff: RFC 1071. */
static guint32
header_sum (const guint8 *at)
{
  guint32 sum = 0;

  for (guint i = 0; i < 20; i += 2)
    sum += (guint32) (at[i] << 8 | at[i + 1]);

  return (sum & 0xffff) + (sum >> 16);
}

static void
test_packets_come_out (void)
{
  static const guint8 head[] = { 0x4d, 0x3c, 0xb2, 0xa1, 2, 0, 4, 0, 0, 0, 0, 0,
                                 0,    0,    0,    0, 0xff, 0xff, 0, 0, 228, 0, 0, 0 };
  g_autoptr(GBytes) journal = make_journal ();
  g_autoptr(GError) error = NULL;
  g_autoptr(GBytes) pcap = dyno_export_pcap (journal, &error);
  gsize size;
  const guint8 *data = g_bytes_get_data (pcap, &size);
  const guint8 *first = data + sizeof head;
  const guint8 *ip = first + 16;
  guint32 numbers[4];

  g_assert_no_error (error);
  /* Two packets: the event is none. */
  g_assert_cmpuint (size, ==, sizeof head + 2 * (16 + 28) + 3 + 4);
  g_assert_cmpmem (data, sizeof head, head, sizeof head);
  memcpy (numbers, first, sizeof numbers);
  g_assert_cmpuint (GUINT32_FROM_LE (numbers[0]), ==, 1789000000);
  g_assert_cmpuint (GUINT32_FROM_LE (numbers[1]), ==, 750001000);
  g_assert_cmpuint (GUINT32_FROM_LE (numbers[2]), ==, 31);
  g_assert_cmpuint (GUINT32_FROM_LE (numbers[3]), ==, 31);
  g_assert_cmpuint (header_sum (ip), ==, 0xffff);
  g_assert_cmpmem (ip + 12, 8, "\xC0\xA8\x01\x05\xE0\x00\x02\x0A", 8);
  g_assert_cmpmem (ip + 20, 8, "\x9C\x40\x57\x48\x00\x0B\x00\x00", 8);
  g_assert_cmpmem (ip + 28, 3, "odd", 3);
}

static void
test_anything_else_is_refused (void)
{
  g_autoptr(GBytes) log = g_bytes_new_static ("Time,RPM\n", 9);
  g_autoptr(GError) error = NULL;

  g_assert_null (dyno_export_pcap (log, &error));
  g_assert_error (error, DYNO_ERROR, DYNO_ERROR_INVALID);
}

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/shop/pcap/packets", test_packets_come_out);
  g_test_add_func ("/shop/pcap/refused", test_anything_else_is_refused);

  return g_test_run ();
}
