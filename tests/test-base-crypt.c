/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

#include "config.h"

#include "dyno-clock.h"
#include "dyno-crypt.h"
#include "dyno-error.h"
#include "dyno-log.h"
#include "dyno-test.h"

static void
test_ids (void)
{
  g_autoptr(GHashTable) seen = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);

  for (int i = 0; i < 10000; i++)
    {
      char *id = dyno_crypt_new_id ("run");

      g_assert_true (dyno_crypt_is_id (id, "run"));
      g_assert_true (g_hash_table_add (seen, id));
    }
  g_assert_false (dyno_crypt_is_id ("run_short", "run"));
  g_assert_false (dyno_crypt_is_id ("job_01234567890123456789", "run"));
  g_assert_false (dyno_crypt_is_id ("run_0123456789012345678-", "run"));
  g_assert_false (dyno_crypt_is_id (NULL, "run"));
}

static void
test_sums (void)
{
  g_autofree char *empty = dyno_crypt_sha256_hex ("", 0);
  guint32 crc;

  g_assert_cmpstr (empty, ==,
                   "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
  g_assert_cmphex (dyno_crypt_crc32 (0, "123456789", 9), ==, 0xCBF43926);
  crc = dyno_crypt_crc32 (0, "1234", 4);
  g_assert_cmphex (dyno_crypt_crc32 (crc, "56789", 5), ==, 0xCBF43926);
}

/* Bit by bit, as the polynomial says it. */
static guint32
slow_crc32 (const guint8 *data,
            gsize         size)
{
  guint32 crc = 0xFFFFFFFF;

  for (gsize i = 0; i < size; i++)
    {
      crc ^= data[i];
      for (int bit = 0; bit < 8; bit++)
        crc = (crc & 1) != 0 ? crc >> 1 ^ 0xEDB88320u : crc >> 1;
    }

  return ~crc;
}

static void
test_crc_of_every_length (void)
{
  guint8 data[100];

  dyno_crypt_random (data, sizeof data);
  for (gsize begin = 0; begin < 9; begin++)
    {
      for (gsize size = 0; begin + size <= sizeof data; size++)
        g_assert_cmphex (dyno_crypt_crc32 (0, data + begin, size), ==,
                         slow_crc32 (data + begin, size));
    }
}

static void
test_sum_in_pieces (void)
{
  g_autoptr(DynoCryptSum) sum = dyno_crypt_sum_new ();
  g_autofree char *empty = dyno_crypt_sum_hex (sum);
  g_autofree char *pieces = NULL;
  g_autofree char *whole = dyno_crypt_sha256_hex ("abcdefgh", 8);

  g_assert_cmpstr (empty, ==,
                   "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
  dyno_crypt_sum_update (sum, "abc", 3);
  dyno_crypt_sum_update (sum, "", 0);
  dyno_crypt_sum_update (sum, "defgh", 5);
  pieces = dyno_crypt_sum_hex (sum);
  g_assert_cmpstr (pieces, ==, whole);
}

static void
test_clock (void)
{
  g_autoptr(DynoClock) clock = dyno_clock_new_fake (5, 1773480413000000);
  g_autofree char *text = NULL;
  gint64 real_us = 0;

  dyno_clock_advance (clock, 250000);
  g_assert_cmpint (dyno_clock_monotonic_us (clock), ==, 250005);
  text = dyno_clock_format_utc (dyno_clock_real_us (clock));
  g_assert_cmpstr (text, ==, "2026-03-14T09:26:53.250Z");
  g_assert_true (dyno_clock_parse_utc (text, &real_us));
  g_assert_cmpint (real_us, ==, dyno_clock_real_us (clock));
  g_assert_true (dyno_clock_parse_utc ("2026-03-14T10:26:53+01:00", &real_us));
  g_assert_cmpint (real_us, ==, 1773480413000000);
  g_assert_false (dyno_clock_parse_utc ("yesterday", &real_us));
}

static void
test_errors (void)
{
  g_autoptr(GError) error = NULL;
  g_autoptr(GError) copy = NULL;

  dyno_error_set (&error, DYNO_ERROR_INVALID, "import_no_time", "Line %d has no time.", 7);
  copy = g_error_copy (error);
  g_assert_error (copy, DYNO_ERROR, DYNO_ERROR_INVALID);
  g_assert_cmpstr (dyno_error_get_reason (copy), ==, "import_no_time");
  g_assert_cmpstr (copy->message, ==, "Line 7 has no time.");
  g_assert_cmpstr (dyno_error_code_name (DYNO_ERROR_TIMED_OUT), ==, "timed_out");
}

static void
test_log_line (void)
{
  g_autofree char *json = dyno_log_format (DYNO_LOG_JSON, 0, G_LOG_LEVEL_WARNING, "dyno-shop",
                                           "key dynoai_abcdefghijklmnop1234 \"quoted\"");
  g_autofree char *bearer = dyno_log_redact ("Authorization: Bearer abcdefgh12345678");

  g_assert_cmpstr (json, ==,
                   "{\"ts\":\"1970-01-01T00:00:00.000Z\",\"level\":\"WARNING\","
                   "\"room\":\"dyno-shop\",\"msg\":\"key [secret] \\\"quoted\\\"\"}");
  g_assert_cmpstr (bearer, ==, "Authorization: Bearer [secret]");
}

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/crypt/ids", test_ids);
  g_test_add_func ("/crypt/sums", test_sums);
  g_test_add_func ("/crypt/crc-of-every-length", test_crc_of_every_length);
  g_test_add_func ("/crypt/sum-in-pieces", test_sum_in_pieces);
  g_test_add_func ("/clock/fake-and-text", test_clock);
  g_test_add_func ("/error/reason", test_errors);
  g_test_add_func ("/log/line", test_log_line);

  return g_test_run ();
}
