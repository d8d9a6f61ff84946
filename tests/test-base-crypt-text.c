/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

#include "config.h"

#include "dyno-crypt-text.h"
#include "dyno-crypt.h"

#include <string.h>

static void
assert_base62 (const char *bytes,
               gsize       size,
               guint       n_digits,
               const char *expected)
{
  g_autofree char *text = dyno_crypt_base62 ((const guint8 *) bytes, size, n_digits);

  g_assert_cmpstr (text, ==, expected);
}

static void
test_base62 (void)
{
  assert_base62 ("\0", 1, 3, "000");
  assert_base62 ("\x3d", 1, 3, "00z");
  assert_base62 ("\x3e", 1, 3, "010");
  assert_base62 ("\xff\xff\xff\xff", 4, 6, "4gfFC3");
  assert_base62 ("\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff"
                 "\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff",
                 32, 43, "yhjskwdA6OZ1AL1YmHWZWm8LLG7HjnuCA2j5rOw8Xp1");
}

static void
test_tokens (void)
{
  static const guint8 zeros[DYNO_TOKEN_RAW_SIZE];
  g_autofree char *zero = dyno_crypt_make_token ("dynoai_", zeros);
  g_autofree char *token = dyno_crypt_new_token ("dynoai_");
  g_autofree char *other = dyno_crypt_new_token ("dynoai_");

  g_assert_cmpstr (zero, ==, "dynoai_000000000000000000000000000000000000000000015DhIR");
  g_assert_cmpuint (strlen (zero), ==, 56);
  g_assert_true (dyno_crypt_is_token (zero, "dynoai_"));
  g_assert_true (dyno_crypt_is_token (token, "dynoai_"));
  g_assert_false (dyno_crypt_is_token (token, "dynort_"));
  g_assert_cmpstr (token, !=, other);
}

/* One character other than it was, at each place, and the sum shows it. */
static void
test_token_changed (void)
{
  g_autofree char *token = dyno_crypt_new_token ("dynoai_");
  g_autofree char *longer = g_strconcat (token, "0", NULL);
  g_autofree char *shorter = g_strndup (token, strlen (token) - 1);

  for (gsize i = 0; token[i] != '\0'; i++)
    {
      char kept = token[i];

      token[i] = kept == 'x' ? 'y' : 'x';
      g_assert_false (dyno_crypt_is_token (token, "dynoai_"));
      token[i] = '-';
      g_assert_false (dyno_crypt_is_token (token, "dynoai_"));
      token[i] = kept;
    }
  g_assert_false (dyno_crypt_is_token (longer, "dynoai_"));
  g_assert_false (dyno_crypt_is_token (shorter, "dynoai_"));
  g_assert_false (dyno_crypt_is_token ("", "dynoai_"));
}

static void
test_base64url (void)
{
  guint8 data[66];

  dyno_crypt_random (data, sizeof data);
  for (gsize size = 0; size <= sizeof data; size++)
    {
      g_autofree char *text = dyno_crypt_base64url (data, size);
      g_autoptr(GBytes) back = dyno_crypt_from_base64url (text, strlen (text));

      g_assert_nonnull (back);
      g_assert_cmpmem (g_bytes_get_data (back, NULL), g_bytes_get_size (back), data, size);
      g_assert_cmpuint (strcspn (text, "+/="), ==, strlen (text));
    }
}

static void
test_base64url_is_strict (void)
{
  static const char *const wrong[] = { "A",    "A===", "AA==", "A A", "AB+/", "AAA=", "AAAAA",
                                       "AB",   "AAB",  "AA\n", "AA.", "ÄA",   "==",   "AA=A" };
  g_autoptr(GBytes) right = dyno_crypt_from_base64url ("-_-_rest", 4);

  g_assert_nonnull (right);
  for (guint i = 0; i < G_N_ELEMENTS (wrong); i++)
    {
      g_test_message ("“%s”", wrong[i]);
      g_assert_null (dyno_crypt_from_base64url (wrong[i], strlen (wrong[i])));
    }
  g_assert_null (dyno_crypt_from_base64url ("AA\0A", 4));
}

static void
test_hex (void)
{
  g_autoptr(GBytes) bytes = dyno_crypt_from_hex ("00fFa9", 6);
  g_autoptr(GBytes) nothing = dyno_crypt_from_hex ("", 0);

  g_assert_cmpmem (g_bytes_get_data (bytes, NULL), g_bytes_get_size (bytes), "\0\xff\xa9", 3);
  g_assert_cmpuint (g_bytes_get_size (nothing), ==, 0);
  g_assert_null (dyno_crypt_from_hex ("00f", 3));
  g_assert_null (dyno_crypt_from_hex ("0g", 2));
  g_assert_null (dyno_crypt_from_hex (" 1", 2));
}

static void
test_codes (void)
{
  g_autofree char *code = dyno_crypt_new_code (DYNO_CODE_SHORT);
  g_autofree char *recovery = dyno_crypt_new_code (DYNO_CODE_LONG);
  g_autofree char *same = dyno_crypt_normal_code (code, DYNO_CODE_SHORT);
  g_autofree char *typed = dyno_crypt_normal_code (" abcd-efgh oil 12", DYNO_CODE_SHORT);

  g_assert_cmpuint (strlen (code), ==, 13);
  g_assert_cmpuint (strlen (recovery), ==, 26);
  g_assert_cmpuint (strcspn (recovery, "ILOU"), ==, 26);
  g_assert_cmpstr (same, ==, code);
  g_assert_cmpstr (typed, ==, "ABCDEFGH01112");
  g_assert_null (dyno_crypt_normal_code (code, DYNO_CODE_LONG));
  g_assert_null (dyno_crypt_normal_code (recovery, DYNO_CODE_SHORT));
  g_assert_null (dyno_crypt_normal_code ("ABCDEFGH0111U", DYNO_CODE_SHORT));
  g_assert_null (dyno_crypt_normal_code ("ABCDEFGH0111é", DYNO_CODE_SHORT));
  g_assert_null (dyno_crypt_normal_code ("", DYNO_CODE_SHORT));
}

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/crypt/base62", test_base62);
  g_test_add_func ("/crypt/token", test_tokens);
  g_test_add_func ("/crypt/token/changed", test_token_changed);
  g_test_add_func ("/crypt/base64url", test_base64url);
  g_test_add_func ("/crypt/base64url/strict", test_base64url_is_strict);
  g_test_add_func ("/crypt/hex", test_hex);
  g_test_add_func ("/crypt/codes", test_codes);

  return g_test_run ();
}
