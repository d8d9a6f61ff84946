/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

#include "config.h"

#include "dyno-error.h"
#include "dyno-origin.h"

static const char *const hosts[] = { "Dyno.Example", "proxy.example:8443", "[fd00::7]:99", NULL };
static const char *const origins[] = { "https://Board.example", "http://localhost:3000", NULL };

static DynoOrigin *
make (void)
{
  DynoOriginOptions options = { hosts, origins };
  g_autoptr(GError) error = NULL;
  DynoOrigin *self = dyno_origin_new (&options, &error);

  g_assert_no_error (error);

  return self;
}

/* Negative case 10, vector 32. */
static void
test_hosts (void)
{
  static const struct { const char *host; gboolean is_ours; } cases[] = {
    { "localhost:5001", TRUE },     { "LOCALHOST:5001", TRUE },  { "127.0.0.1:5001", TRUE },
    { "127.8.9.1:5001", TRUE },     { "[::1]:5001", TRUE },      { "localhost", FALSE },
    { "localhost:80", FALSE },      { "localhost:5002", FALSE }, { "evil.example:5001", FALSE },
    { "evil.example", FALSE },      { "dyno.example:5001", TRUE }, { "dyno.example", TRUE },
    { "dyno.example:1", FALSE },    { "proxy.example:8443", TRUE }, { "proxy.example:5001", FALSE },
    { "proxy.example", FALSE },     { "[fd00::7]:99", TRUE },    { "[::1:5001", FALSE },
    { "localhost:", FALSE },        { "localhost:0", FALSE },    { "localhost:5001x", FALSE },
    { "", FALSE },                  { "8.8.8.8:5001", FALSE },
    { "localhost.evil.example:5001", FALSE },
    { NULL, FALSE },
  };
  g_autoptr(DynoOrigin) origin = make ();

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_test_message ("%s", cases[i].host);
      g_assert_cmpint (dyno_origin_knows (origin, cases[i].host, DYNO_LISTENER_LOOPBACK, 5001,
                                          FALSE), ==, cases[i].is_ours);
    }
}

static void
test_own_names (void)
{
  g_autoptr(DynoOrigin) origin = make ();
  g_autofree char *name = g_strdup_printf ("%s:443", g_get_host_name ());
  g_autofree char *local = g_strdup_printf ("%s.local", g_get_host_name ());

  g_assert_true (dyno_origin_knows (origin, name, DYNO_LISTENER_LAN, 443, TRUE));
  g_assert_true (dyno_origin_knows (origin, local, DYNO_LISTENER_LAN, 443, TRUE));
  g_assert_false (dyno_origin_knows (origin, local, DYNO_LISTENER_LAN, 5443, TRUE));
  g_assert_true (dyno_origin_knows (origin, "localhost", DYNO_LISTENER_ADMIN, 0, FALSE));
  g_assert_false (dyno_origin_knows (origin, "dyno.example", DYNO_LISTENER_ADMIN, 0, FALSE));
}

static void
test_origins (void)
{
  static const struct { const char *origin; DynoOriginVerdict verdict; } cases[] = {
    { NULL, DYNO_ORIGIN_ABSENT },
    { "http://localhost:5001", DYNO_ORIGIN_OURS },
    { "https://localhost:5001", DYNO_ORIGIN_FOREIGN },
    { "http://localhost:5002", DYNO_ORIGIN_FOREIGN },
    { "https://board.example", DYNO_ORIGIN_LISTED },
    { "https://board.example:444", DYNO_ORIGIN_FOREIGN },
    { "https://board.example.evil.example", DYNO_ORIGIN_FOREIGN },
    { "http://localhost:3000", DYNO_ORIGIN_LISTED },
    { "null", DYNO_ORIGIN_FOREIGN },
    { "", DYNO_ORIGIN_FOREIGN },
  };
  g_autoptr(DynoOrigin) origin = make ();

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    g_assert_cmpint (dyno_origin_judge (origin, cases[i].origin, "localhost:5001", FALSE), ==,
                     cases[i].verdict);
}

/* Part of negative case 28. */
static void
test_bad_settings (void)
{
  static const char *const bad[] = { "*", "https://*.example", "board.example", "https://a/b",
                                     "https://a?x", "https://u@a", "https://", "" };

  for (guint i = 0; i < G_N_ELEMENTS (bad); i++)
    {
      const char *const list[] = { bad[i], NULL };
      DynoOriginOptions options = { NULL, list };
      g_autoptr(GError) error = NULL;

      g_test_message ("%s", bad[i]);
      g_assert_null (dyno_origin_new (&options, &error));
      g_assert_error (error, DYNO_ERROR, DYNO_ERROR_INVALID);
    }
}

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/server/origin/hosts", test_hosts);
  g_test_add_func ("/server/origin/own-names", test_own_names);
  g_test_add_func ("/server/origin/origins", test_origins);
  g_test_add_func ("/server/origin/bad-settings", test_bad_settings);

  return g_test_run ();
}
