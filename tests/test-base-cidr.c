/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

#include "config.h"

#include "dyno-cidr.h"
#include "dyno-error.h"
#include "dyno-test.h"

static gboolean
contains (const DynoCidrList *list,
          const char         *text)
{
  g_autoptr(GInetAddress) address = g_inet_address_new_from_string (text);

  g_assert_nonnull (address);
  return dyno_cidr_list_contains (list, address);
}

static void
test_contains (void)
{
  g_autoptr(GError) error = NULL;
  g_autoptr(DynoCidrList) list = NULL;

  list = dyno_cidr_list_parse ("10.0.0.0/8, 192.168.1.7\n2001:db8::/32", &error);
  g_assert_no_error (error);
  g_assert_cmpuint (dyno_cidr_list_length (list), ==, 3);

  g_assert_true (contains (list, "10.255.0.1"));
  g_assert_false (contains (list, "11.0.0.0"));
  g_assert_true (contains (list, "192.168.1.7"));
  g_assert_false (contains (list, "192.168.1.8"));
  g_assert_true (contains (list, "2001:db8:ffff::1"));
  g_assert_false (contains (list, "2001:db9::1"));
  g_assert_true (contains (list, "::ffff:10.1.2.3"));
  g_assert_false (contains (list, "::ffff:11.1.2.3"));
}

static void
test_format (void)
{
  g_autoptr(DynoCidrList) list = dyno_cidr_list_parse (" 10.0.0.0/8 ,, ::1 ", NULL);
  g_autoptr(DynoCidrList) empty = dyno_cidr_list_parse ("", NULL);
  g_autofree char *text = dyno_cidr_list_format (list);
  g_autofree char *none = dyno_cidr_list_format (empty);

  g_assert_cmpstr (text, ==, "10.0.0.0/8,::1");
  g_assert_cmpstr (none, ==, "");
  g_assert_false (contains (empty, "127.0.0.1"));
}

static void
test_refused (void)
{
  static const char *const bad[] = {
    "10.0.0.1/8", "10.0.0.0/33", "10.0.0/24", "localhost", "1.2.3.4/", "::1/129", "/8", "1.2.3.4/-1",
  };

  for (gsize i = 0; i < G_N_ELEMENTS (bad); i++)
    {
      g_autoptr(GError) error = NULL;
      g_autofree char *text = g_strdup_printf ("127.0.0.1, %s", bad[i]);

      g_assert_null (dyno_cidr_list_parse (text, &error));
      g_assert_error (error, DYNO_ERROR, DYNO_ERROR_INVALID);
      g_assert_nonnull (strstr (error->message, bad[i]));
    }
}

static void
test_too_many (void)
{
  g_autoptr(GString) text = g_string_new (NULL);
  g_autoptr(DynoCidrList) list = NULL;

  for (int i = 0; i < DYNO_CIDR_MAX; i++)
    g_string_append_printf (text, "10.0.0.%d ", i);
  list = dyno_cidr_list_parse (text->str, NULL);
  g_assert_nonnull (list);

  g_string_append (text, "10.1.0.0");
  g_assert_null (dyno_cidr_list_parse (text->str, NULL));
}

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/cidr/contains", test_contains);
  g_test_add_func ("/cidr/format", test_format);
  g_test_add_func ("/cidr/refused", test_refused);
  g_test_add_func ("/cidr/too-many", test_too_many);

  return g_test_run ();
}
