/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

#include "config.h"

#include "dyno-error.h"
#include "dyno-forwarded.h"
#include "dyno-test.h"

typedef struct
{
  const char *trust;
  const char *peer;
  const char *lines;
  const char *client; /* NULL: refused */
  DynoForwardedSource source;
} Row;

static char *
resolve (const Row            *row,
         DynoForwardedSource  *source,
         GError              **error)
{
  g_autoptr(DynoForwarded) forwarded = dyno_forwarded_new (row->trust, NULL);
  g_autoptr(GInetAddress) peer = g_inet_address_new_from_string (row->peer);
  g_autoptr(GInetAddress) client = NULL;

  g_assert_nonnull (forwarded);
  client = dyno_forwarded_resolve (forwarded, peer, row->lines, source, error);

  return client != NULL ? g_inet_address_to_string (client) : NULL;
}

static void
test_resolve (void)
{
  static const Row rows[] = {
    { "false", "127.0.0.1", NULL, "127.0.0.1", DYNO_FORWARDED_NONE },
    { "false", "127.0.0.1", "192.0.2.1", "127.0.0.1", DYNO_FORWARDED_IGNORED },
    { "true", "127.0.0.1", "192.0.2.1", "192.0.2.1", DYNO_FORWARDED_TAKEN },
    { "true", "::1", "192.0.2.1", "192.0.2.1", DYNO_FORWARDED_TAKEN },
    { "true", "::ffff:127.0.0.1", "192.0.2.1", "192.0.2.1", DYNO_FORWARDED_TAKEN },
    { "true", "192.168.1.5", "192.0.2.1", "192.168.1.5", DYNO_FORWARDED_IGNORED },
    { "true", "192.168.1.5", "rubbish", "192.168.1.5", DYNO_FORWARDED_IGNORED },
    /* From the right, past the trusted, and no further. */
    { "10.0.0.0/8", "10.0.0.1", "1.1.1.1, 192.0.2.1, 10.0.0.9, 10.0.0.2", "192.0.2.1",
      DYNO_FORWARDED_TAKEN },
    { "10.0.0.0/8", "10.0.0.1", "rubbish, 192.0.2.1", "192.0.2.1", DYNO_FORWARDED_TAKEN },
    { "10.0.0.0/8", "10.0.0.1", "10.0.0.3,10.0.0.2", "10.0.0.3", DYNO_FORWARDED_TAKEN },
    { "10.0.0.0/8", "10.0.0.1", "127.0.0.1", "127.0.0.1", DYNO_FORWARDED_TAKEN },
    /* Forms of an address. */
    { "true", "127.0.0.1", "192.0.2.1:8080", "192.0.2.1", DYNO_FORWARDED_TAKEN },
    { "true", "127.0.0.1", "2001:db8::1", "2001:db8::1", DYNO_FORWARDED_TAKEN },
    { "true", "127.0.0.1", "[2001:db8::1]", "2001:db8::1", DYNO_FORWARDED_TAKEN },
    { "true", "127.0.0.1", "[2001:db8::1]:443", "2001:db8::1", DYNO_FORWARDED_TAKEN },
    { "true", "127.0.0.1", "::ffff:192.0.2.1", "192.0.2.1", DYNO_FORWARDED_TAKEN },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      g_autoptr(GError) error = NULL;
      DynoForwardedSource source;
      g_autofree char *client = resolve (&rows[i], &source, &error);

      g_assert_no_error (error);
      g_assert_cmpstr (client, ==, rows[i].client);
      g_assert_cmpint (source, ==, rows[i].source);
    }
}

static void
test_garbage (void)
{
  static const char *const bad[] = {
    "", ",", "192.0.2.1,", "unknown", "192.0.2.256", "192.0.2.1:99999", "192.0.2.1:", "192.0.2.1:x",
    "[192.0.2.1]", "[2001:db8::1", "[2001:db8::1]x", "[2001:db8::1]:", "fe80::1%eth0", "_hidden",
    "1", "192.0.2.1 192.0.2.2", "rubbish, 127.0.0.1", "\xff", "192.0.2.1:+5",
  };

  for (gsize i = 0; i < G_N_ELEMENTS (bad); i++)
    {
      g_autoptr(GError) error = NULL;
      DynoForwardedSource source;
      Row row = { "true", "127.0.0.1", bad[i], NULL, 0 };
      g_autofree char *client = resolve (&row, &source, &error);

      if (client != NULL)
        g_error ("“%s” was read as %s", bad[i], client);
      g_assert_error (error, DYNO_ERROR, DYNO_ERROR_INVALID);
      g_assert_cmpstr (dyno_error_get_reason (error), ==, "BAD_REQUEST");
    }
}

static void
test_too_long (void)
{
  g_autoptr(GString) lines = g_string_new ("192.0.2.1");
  DynoForwardedSource source;
  Row row = { "true", "127.0.0.1", NULL, NULL, 0 };

  for (int i = 0; i < 31; i++)
    g_string_append (lines, ",127.0.0.1");
  row.lines = lines->str;
  {
    g_autofree char *client = resolve (&row, &source, NULL);

    g_assert_cmpstr (client, ==, "192.0.2.1");
  }

  g_string_append (lines, ",127.0.0.1");
  row.lines = lines->str;
  g_assert_null (resolve (&row, &source, NULL));
}

static void
test_setting (void)
{
  g_autoptr(GError) error = NULL;

  for (const char *const *word = (const char *const[]) { "TRUE", "off", "1", "", "10.0.0.0/8", NULL };
       *word != NULL; word++)
    {
      g_autoptr(DynoForwarded) forwarded = dyno_forwarded_new (*word, &error);

      g_assert_no_error (error);
      g_assert_nonnull (forwarded);
    }

  g_assert_null (dyno_forwarded_new ("10.0.0.1/8", &error));
  g_assert_error (error, DYNO_ERROR, DYNO_ERROR_INVALID);
  g_assert_true (g_str_has_prefix (error->message, "TRUST_PROXY: "));
}

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/forwarded/resolve", test_resolve);
  g_test_add_func ("/forwarded/garbage", test_garbage);
  g_test_add_func ("/forwarded/too-long", test_too_long);
  g_test_add_func ("/forwarded/setting", test_setting);

  return g_test_run ();
}
