/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

#include "config.h"

#include "dyno-correlation.h"
#include "dyno-crypt.h"

static void
test_taken (void)
{
  g_autofree char *longest = g_strnfill (64, 'a');
  g_autofree char *taken = dyno_correlation_take ("a.B-9_z");
  g_autofree char *kept = dyno_correlation_take (longest);

  g_assert_cmpstr (taken, ==, "a.B-9_z");
  g_assert_cmpstr (kept, ==, longest);
}

static void
test_replaced (void)
{
  static const char *const bad[] = { NULL, "", "my id<script>", "a\nb", "caf\xc3\xa9" };
  g_autofree char *too_long = g_strnfill (65, 'a');
  g_autofree char *other = dyno_correlation_take (too_long);

  g_assert_cmpuint (strlen (other), ==, 36);
  for (guint i = 0; i < G_N_ELEMENTS (bad); i++)
    {
      g_autofree char *made = dyno_correlation_take (bad[i]);

      g_assert_true (dyno_correlation_is_valid (made));
      g_assert_cmpuint (strlen (made), ==, 36);
    }
}

/* RFC 9562, 5.7: 48 bits of time, version 7, variant 10. */
static void
test_uuid (void)
{
  g_autofree char *first = dyno_crypt_new_uuid (G_GINT64_CONSTANT (0x017F22E279B0));
  g_autofree char *second = dyno_crypt_new_uuid (G_GINT64_CONSTANT (0x017F22E279B0));

  g_assert_true (g_uuid_string_is_valid (first));
  g_assert_true (g_str_has_prefix (first, "017f22e2-79b0-7"));
  g_assert_nonnull (strchr ("89ab", first[19]));
  g_assert_cmpstr (first, !=, second);
}

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/server/correlation/taken", test_taken);
  g_test_add_func ("/server/correlation/replaced", test_replaced);
  g_test_add_func ("/server/correlation/uuid", test_uuid);

  return g_test_run ();
}
