/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

#include "config.h"

#include <string.h>

#include "dyno-crypt.h"
#include "dyno-klhdv.h"
#include "dyno-test.h"
#include "dyno-test-wire.h"

typedef struct
{
  guint8 *data; /* (owned) */
  gsize   size;
} Bytes;

static Bytes
from_hex (const char *hex)
{
  Bytes bytes;

  bytes.data = dyno_test_wire_from_hex (hex, &bytes.size);

  return bytes;
}

static const DynoJson *
find_datagram (const DynoJson *vectors,
               const char     *name)
{
  const DynoJson *rows = dyno_json_member (vectors, "datagrams");

  for (guint i = 0; i < dyno_json_n_elements (rows); i++)
    {
      if (g_strcmp0 (dyno_json_get_string (dyno_json_element (rows, i), "name"), name) == 0)
        return dyno_json_element (rows, i);
    }
  g_assert_not_reached ();
}

static Bytes
vector_bytes (const DynoJson *vectors,
              const char     *name)
{
  return from_hex (dyno_json_get_string (find_datagram (vectors, name), "hex"));
}

static const char *
verdict_name (DynoKlhdvVerdict verdict)
{
  static const char *const names[] = { "accept", "malformed", "malformed_value", "ignored_host",
                                       "ignored_key" };

  return names[verdict];
}

static guint
count_of (const char *name)
{
  static const char *const names[] = { "malformed", "bad_host", "trailing", "unknown_key",
                                       "unnegotiated", "remainder" };

  for (guint i = 0; i < G_N_ELEMENTS (names); i++)
    {
      if (g_str_equal (names[i], name))
        return 1u << i;
    }
  g_assert_not_reached ();
}

static guint
counts_of (const DynoJson *counters)
{
  guint counts = 0;

  for (guint i = 0; i < dyno_json_n_elements (counters); i++)
    counts |= count_of (dyno_json_string (dyno_json_element (counters, i)));

  return counts;
}

static void
check_entries (const DynoKlhdvFrame *frame,
               const DynoJson       *decoded)
{
  const DynoJson *rows = dyno_json_member (decoded, "channels");
  char name[DYNO_KLHDV_PROVIDER_TEXT];

  dyno_klhdv_read_provider (frame, name);
  g_assert_cmpstr (name, ==, dyno_json_get_string (decoded, "provider"));
  g_assert_cmpuint (dyno_klhdv_n_entries (frame), ==, dyno_json_n_elements (rows));

  for (guint i = 0; i < dyno_json_n_elements (rows); i++)
    {
      const DynoJson *row = dyno_json_element (rows, i);
      DynoKlhdvEntry entry;

      g_assert_true (dyno_klhdv_read_entry (frame, i, &entry));
      g_assert_cmpint (entry.id, ==, dyno_json_get_integer (row, "id", -1));
      g_assert_cmpint (entry.vendor, ==, dyno_json_get_integer (row, "vendor", -1));
      g_assert_cmpint (entry.unit, ==, dyno_json_get_integer (row, "unit", -1));
      g_assert_cmpstr (entry.name, ==, dyno_json_get_string (row, "name"));
      g_assert_cmpint (entry.is_full_width, ==, dyno_json_get_boolean (row, "full_width", -1));
    }
}

static void
check_records (const DynoKlhdvFrame *frame,
               const DynoJson       *decoded)
{
  const DynoJson *rows = dyno_json_member (decoded, "records");

  g_assert_cmpuint (dyno_klhdv_n_records (frame), ==, dyno_json_n_elements (rows));
  for (guint i = 0; i < dyno_json_n_elements (rows); i++)
    {
      const DynoJson *row = dyno_json_element (rows, i);
      guint32 bits;
      DynoKlhdvRecord record;

      g_assert_true (dyno_klhdv_read_record (frame, i, &record));
      memcpy (&bits, &record.value, sizeof bits);
      g_assert_cmpint (record.id, ==, dyno_json_get_integer (row, "id", -1));
      g_assert_cmpint (record.time_ms, ==, dyno_json_get_integer (row, "ts_ms", -1));
      g_assert_cmphex (bits, ==, g_ascii_strtoull (dyno_json_get_string (row, "bits"), NULL, 16));
    }
}

static void
check_ping (const DynoKlhdvFrame *frame,
            const DynoJson       *decoded)
{
  const char *member = frame->key == DYNO_KLHDV_PING ? "data" : "echo";
  g_autofree char *echo = NULL;
  DynoKlhdvPing ping;

  g_assert_true (dyno_klhdv_read_ping (frame, &ping));
  echo = dyno_crypt_hex (ping.data, ping.size);
  g_assert_cmpint (ping.version, ==, dyno_json_get_integer (decoded, "version", -1));
  g_assert_cmpint (ping.clock_ms, ==, dyno_json_get_integer (decoded, "clock_ms", 0));
  g_assert_cmpint (ping.host_ms, ==, dyno_json_get_integer (decoded, "host_ts", 0));
  g_assert_cmpint (ping.remote_ms, ==, dyno_json_get_integer (decoded, "remote_ts", 0));
  g_assert_cmpstr (echo, ==, dyno_json_get_string (decoded, member));
  g_assert_cmpint (dyno_klhdv_is_compatible (ping.version), ==,
                   dyno_json_get_boolean (decoded, "compatible", -1));
}

static void
check_control (const DynoKlhdvFrame *frame,
               const DynoJson       *decoded)
{
  const char *member = frame->key < DYNO_KLHDV_LOGGING ? "command" : "state";
  DynoKlhdvControl control;

  g_assert_true (dyno_klhdv_read_control (frame, &control));
  g_assert_cmpint (control.state, ==, dyno_json_get_integer (decoded, member, -1));
  g_assert_cmpint (control.time_ms, ==, dyno_json_get_integer (decoded, "time_ms", 0));
  g_assert_cmpint (control.type, ==, dyno_json_get_integer (decoded, "type", 0));
  g_assert_cmpfloat (control.target, ==, dyno_json_get_number (decoded, "target", 0));
}

static void
check_fields (const DynoKlhdvFrame *frame,
              const DynoJson       *decoded)
{
  if (dyno_json_member (decoded, "channels") != NULL)
    check_entries (frame, decoded);
  else if (dyno_json_member (decoded, "records") != NULL)
    check_records (frame, decoded);
  else if (dyno_json_member (decoded, "version") != NULL)
    check_ping (frame, decoded);
  else if (frame->key >= DYNO_KLHDV_REQUEST_LOGGING)
    check_control (frame, decoded);
}

static void
check_datagram (const DynoJson *row)
{
  const DynoJson *decoded = dyno_json_member (row, "decoded");
  Bytes bytes = from_hex (dyno_json_get_string (row, "hex"));
  DynoKlhdvFrame frame;

  g_test_message ("%s", dyno_json_get_string (row, "name"));
  dyno_klhdv_decode (bytes.data, bytes.size, &frame);
  g_assert_cmpstr (verdict_name (frame.verdict), ==, dyno_json_get_string (row, "verdict"));
  g_assert_cmphex (frame.counts, ==, counts_of (dyno_json_member (row, "counters")));
  g_assert_cmpint (frame.is_tracked, ==, dyno_json_get_boolean (row, "sequence_tracked", -1));
  if (dyno_json_member (decoded, "key") != NULL)
    {
      g_assert_cmpint (frame.key, ==, dyno_json_get_integer (decoded, "key", -1));
      g_assert_cmpint (frame.length, ==, dyno_json_get_integer (decoded, "length", -1));
      g_assert_cmpint (frame.header.host, ==, dyno_json_get_integer (decoded, "host", -1));
      g_assert_cmpint (frame.header.seq, ==, dyno_json_get_integer (decoded, "seq", -1));
      g_assert_cmpint (frame.header.destination, ==,
                       dyno_json_get_integer (decoded, "destination", -1));
    }
  if (frame.verdict == DYNO_KLHDV_ACCEPTED)
    check_fields (&frame, decoded);
  g_free (bytes.data);
}

static void
test_decode_vectors (void)
{
  g_autoptr(DynoJson) vectors = dyno_test_wire_vectors ();
  const DynoJson *rows = dyno_json_member (vectors, "datagrams");

  if (vectors == NULL)
    return;

  g_assert_cmpuint (dyno_json_n_elements (rows), ==, 39);
  for (guint i = 0; i < dyno_json_n_elements (rows); i++)
    check_datagram (dyno_json_element (rows, i));
}

static gsize
encode_info (const DynoKlhdvFrame *frame,
             guint8               *out)
{
  g_autofree DynoKlhdvEntry *entries = g_new0 (DynoKlhdvEntry, dyno_klhdv_n_entries (frame) + 1);
  char name[DYNO_KLHDV_PROVIDER_TEXT];

  dyno_klhdv_read_provider (frame, name);
  for (guint i = 0; i < dyno_klhdv_n_entries (frame); i++)
    dyno_klhdv_read_entry (frame, i, &entries[i]);

  return dyno_klhdv_write_info (out, &frame->header, name, entries, dyno_klhdv_n_entries (frame));
}

static gsize
encode_values (const DynoKlhdvFrame *frame,
               guint8               *out)
{
  g_autofree DynoKlhdvRecord *records
      = g_new0 (DynoKlhdvRecord, dyno_klhdv_n_records (frame) + 1);

  for (guint i = 0; i < dyno_klhdv_n_records (frame); i++)
    dyno_klhdv_read_record (frame, i, &records[i]);

  return dyno_klhdv_write_values (out, &frame->header, records, dyno_klhdv_n_records (frame));
}

/* What was read, written again. */
static gsize
encode (const DynoKlhdvFrame *frame,
        guint8               *out)
{
  DynoKlhdvPing ping;
  DynoKlhdvControl control;

  if (frame->key == DYNO_KLHDV_CHANNEL_INFO)
    return encode_info (frame, out);
  if (frame->key == DYNO_KLHDV_CHANNEL_VALUES)
    return encode_values (frame, out);
  if (dyno_klhdv_read_ping (frame, &ping))
    return frame->key == DYNO_KLHDV_PING ? dyno_klhdv_write_ping (out, &frame->header, &ping)
                                         : dyno_klhdv_write_pong (out, &frame->header, &ping);
  if (dyno_klhdv_read_control (frame, &control))
    return dyno_klhdv_write_control (out, &frame->header, (DynoKlhdvKey) frame->key, &control);

  return dyno_klhdv_write_empty (out, &frame->header, (DynoKlhdvKey) frame->key);
}

/* All V and P vectors come back to the byte but those whose reading mends them:
 * V11 (bad names), V16 (the other form of the time). */
static void
test_encode_vectors (void)
{
  g_autoptr(DynoJson) vectors = dyno_test_wire_vectors ();
  const DynoJson *rows = dyno_json_member (vectors, "datagrams");
  guint n_checked = 0;

  for (guint i = 0; i < dyno_json_n_elements (rows); i++)
    {
      const DynoJson *row = dyno_json_element (rows, i);
      const char *name = dyno_json_get_string (row, "name");
      guint8 out[DYNO_KLHDV_DATAGRAM_SIZE];
      DynoKlhdvFrame frame;
      Bytes bytes;

      if (name[0] == 'N' || g_str_equal (name, "V11") || g_str_equal (name, "V16"))
        continue;
      bytes = from_hex (dyno_json_get_string (row, "hex"));
      g_test_message ("%s", name);
      dyno_klhdv_decode (bytes.data, bytes.size, &frame);
      g_assert_cmpmem (out, encode (&frame, out), bytes.data, bytes.size);
      n_checked++;
      g_free (bytes.data);
    }
  if (vectors != NULL)
    g_assert_cmpuint (n_checked, ==, 22);
}

static void
test_limits (void)
{
  g_assert_cmpuint (dyno_klhdv_entries_fit (1400), ==, 39);
  g_assert_cmpuint (dyno_klhdv_records_fit (1400), ==, 140);
  g_assert_cmpuint (dyno_klhdv_entries_fit (256), ==, 6);
  g_assert_cmpuint (dyno_klhdv_records_fit (256), ==, 25);
  g_assert_cmpuint (dyno_klhdv_entries_fit (1464), ==, 41);
  g_assert_cmpuint (dyno_klhdv_records_fit (1464), ==, 146);
  g_assert_cmpuint (dyno_klhdv_records_fit (0), ==, 25);
  g_assert_cmpuint (dyno_klhdv_records_fit (65000), ==, 146);
}

/* Reads everything a frame can give. */
static void
read_all (const guint8 *data,
          gsize         size)
{
  char provider[DYNO_KLHDV_PROVIDER_TEXT];
  DynoKlhdvFrame frame;
  DynoKlhdvEntry entry;
  DynoKlhdvRecord record;
  DynoKlhdvPing ping;
  DynoKlhdvControl control;

  dyno_klhdv_decode (data, size, &frame);
  dyno_klhdv_read_provider (&frame, provider);
  g_assert_true (g_utf8_validate (provider, -1, NULL));
  for (guint i = 0; dyno_klhdv_read_entry (&frame, i, &entry); i++)
    g_assert_true (g_utf8_validate (entry.name, -1, NULL) && entry.name[0] != '\0');
  for (guint i = 0; dyno_klhdv_read_record (&frame, i, &record); i++)
    g_assert_cmpuint (i, <, 6550);
  if (dyno_klhdv_read_ping (&frame, &ping))
    g_assert_cmpuint (ping.size, <, size);
  dyno_klhdv_read_control (&frame, &control);
}

/* Every prefix and every change of one byte: nothing outside is read (the
 * copies end where the datagram ends) and no answer is out of bounds. */
static void
test_damage (void)
{
  static const char *const names[] = { "V1", "V2", "V5" };
  g_autoptr(DynoJson) vectors = dyno_test_wire_vectors ();

  for (gsize n = 0; vectors != NULL && n < G_N_ELEMENTS (names); n++)
    {
      Bytes bytes = vector_bytes (vectors, names[n]);

      for (gsize cut = 0; cut < bytes.size; cut++)
        {
          g_autofree guint8 *copy = g_memdup2 (bytes.data, MAX (cut, 1));
          DynoKlhdvFrame frame;

          read_all (copy, cut);
          g_assert_cmpint (dyno_klhdv_decode (copy, cut, &frame), ==, DYNO_KLHDV_MALFORMED);
        }
      for (gsize at = 0; at < bytes.size; at++)
        {
          guint8 good = bytes.data[at];

          for (int change = 1; change < 256; change++)
            {
              bytes.data[at] = (guint8) (good ^ change);
              read_all (bytes.data, bytes.size);
            }
          bytes.data[at] = good;
        }
      g_free (bytes.data);
    }
}

static void
test_names_are_cut_between_characters (void)
{
  DynoKlhdvEntry entry;
  DynoKlhdvEntry back;
  DynoKlhdvFrame frame;
  DynoKlhdvHeader header = { 1, 0, DYNO_KLHDV_ALL_HOSTS };
  guint8 out[DYNO_KLHDV_DATAGRAM_SIZE];
  gsize size;

  dyno_klhdv_set_entry (&entry, 7, "0123456789012345678901234567\xe2\x82\xac", 1);
  g_assert_cmpuint (strlen (entry.name), ==, 28);
  g_assert_false (entry.is_full_width);
  dyno_klhdv_set_entry (&entry, 7, "012345678901234567890123456789x", 1);
  g_assert_true (entry.is_full_width);

  size = dyno_klhdv_write_info (out, &header, "", &entry, 1);
  dyno_klhdv_decode (out, size, &frame);
  g_assert_true (dyno_klhdv_read_entry (&frame, 0, &back));
  g_assert_cmpstr (back.name, ==, "012345678901234567890123456789");
  g_assert_true (back.is_full_width);
  g_assert_false (dyno_klhdv_read_entry (&frame, 1, &back));
}

/* §1.7: code, factor to a US unit. */
static void
test_units (void)
{
  static const struct
  {
    guint8      code;
    const char *us;
    double      factor;
  } rows[] = {
    { 1, "ft", 3.280840 },      { 1, "mi", 0.000621371192 },   { 2, "mph", 0.621371192 },
    { 3, "lbf", 0.224808943 },  { 4, "hp", 1.341022089 },      { 5, "lbf·ft", 0.737562149 },
    { 7, "inHg", 0.295299831 }, { 7, "psi", 0.145037738 },     { 9, "rpm/mph", 1.609344 },
    { 10, "mph/s", 0.621371192 }, { 10, "g", 0.028325450 },    { 12, "lb/h", 2.204622622 },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      double scale, offset;

      g_assert_true (dyno_unit_line (dyno_klhdv_unit (rows[i].code), dyno_unit_find (rows[i].us),
                                     &scale, &offset));
      dyno_assert_near (scale / rows[i].factor, 1.0, 3e-7);
    }
  for (int code = 0; code <= 16; code++)
    {
      const DynoUnit *unit = dyno_klhdv_unit ((guint8) code);

      dyno_assert_near (dyno_unit_from_si (unit, dyno_unit_to_si (unit, 123.456)), 123.456, 1e-9);
    }
  g_assert_cmpstr (dyno_klhdv_unit (6)->symbol, ==, "°C");
  g_assert_true (dyno_klhdv_unit (17) == dyno_unit_none ());
  g_assert_true (dyno_klhdv_unit (254) == dyno_unit_none ());
  g_assert_true (dyno_klhdv_unit (255) == dyno_unit_none ());
}

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/capture/klhdv/decode-vectors", test_decode_vectors);
  g_test_add_func ("/capture/klhdv/encode-vectors", test_encode_vectors);
  g_test_add_func ("/capture/klhdv/limits", test_limits);
  g_test_add_func ("/capture/klhdv/damage", test_damage);
  g_test_add_func ("/capture/klhdv/names-are-cut-between-characters",
                   test_names_are_cut_between_characters);
  g_test_add_func ("/capture/klhdv/units", test_units);

  return g_test_run ();
}
