/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

#include "config.h"

#include "dyno-error.h"
#include "dyno-sealed-cursor.h"

static const guint8 key[DYNO_CURSOR_KEY_SIZE] = { 1, 2, 3 };
static const guint8 other_key[DYNO_CURSOR_KEY_SIZE] = { 1, 2, 4 };

#define PAYLOAD "78.4|run_4kP9sD2fG7hJ1lZ6xC3v"
#define FILTER  "/api/v1/runs\nstatus=complete"

static void
assert_refused (const guint8 *with,
                const char   *text,
                const char   *filter)
{
  g_autoptr(GError) error = NULL;

  g_assert_null (dyno_sealed_cursor_open (with, text, filter, &error));
  g_assert_error (error, DYNO_ERROR, DYNO_ERROR_INVALID);
  g_assert_cmpstr (dyno_error_get_reason (error), ==, "BAD_REQUEST");
}

static void
test_there_and_back (void)
{
  static const char *const payloads[] = { "a", "ab", "abc", PAYLOAD, "\xc3\xa9~\x7f?" };

  for (guint i = 0; i < G_N_ELEMENTS (payloads); i++)
    {
      g_autofree char *cursor = dyno_sealed_cursor_make (key, payloads[i], FILTER);
      g_autoptr(GError) error = NULL;
      g_autofree char *opened = dyno_sealed_cursor_open (key, cursor, FILTER, &error);

      g_assert_no_error (error);
      g_assert_cmpstr (opened, ==, payloads[i]);
      g_assert_null (strpbrk (cursor, "+/="));
    }
}

/* Negative case 36. */
static void
test_forged (void)
{
  g_autofree char *cursor = dyno_sealed_cursor_make (key, PAYLOAD, FILTER);
  g_autofree char *longer = g_strconcat (cursor, "AAAA", NULL);

  assert_refused (key, cursor, FILTER "\nq=x");
  assert_refused (key, cursor, "");
  assert_refused (other_key, cursor, FILTER);
  assert_refused (key, longer, FILTER);
  assert_refused (key, "", FILTER);
  assert_refused (key, "eyJ", FILTER);
  assert_refused (key, "AAAAAAAAAAAAAAAAAAAAAAAAAAAA", FILTER);
  assert_refused (key, "not base64!", FILTER);
}

/* Each bit of it counts but the filling ones of the last character. */
static void
test_every_character (void)
{
  g_autofree char *cursor = dyno_sealed_cursor_make (key, "0123456789abcdef01", FILTER);
  gsize length = strlen (cursor);

  for (gsize i = 0; i + 1 < length; i++)
    {
      g_autofree char *changed = g_strdup (cursor);

      changed[i] = changed[i] == 'A' ? 'B' : 'A';
      assert_refused (key, changed, FILTER);
    }
}

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/server/sealed-cursor/there-and-back", test_there_and_back);
  g_test_add_func ("/server/sealed-cursor/forged", test_forged);
  g_test_add_func ("/server/sealed-cursor/every-character", test_every_character);

  return g_test_run ();
}
