/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

#include "config.h"

#include <crypt.h>
#include <string.h>

#include "dyno-crypt-password.h"
#include "dyno-error.h"
#include "dyno-test.h"

static GBytes *pepper;
static GBytes *other_pepper;

static void
test_form (void)
{
  g_autofree char *kept = dyno_crypt_password_hash (pepper, "correct horse battery");
  g_autofree char *again = dyno_crypt_password_hash (pepper, "correct horse battery");

  g_assert_true (g_str_has_prefix (kept, "hmac$2b$12$"));
  g_assert_cmpuint (strlen (kept), ==, 64);
  g_assert_cmpstr (kept, !=, again);
  g_assert_null (dyno_crypt_password_hash (pepper, "not \xff text at all"));
}

static void
test_right_and_wrong (void)
{
  g_autofree char *kept = dyno_crypt_password_hash (pepper, "correct horse battery");

  g_assert_cmpint (dyno_crypt_password_verify (pepper, "correct horse battery", kept), ==,
                   DYNO_PASSWORD_RIGHT);
  g_assert_cmpint (dyno_crypt_password_verify (pepper, "correct horse batterz", kept), ==,
                   DYNO_PASSWORD_WRONG);
  g_assert_cmpint (dyno_crypt_password_verify (pepper, "", kept), ==, DYNO_PASSWORD_WRONG);
  g_assert_cmpint (dyno_crypt_password_verify (other_pepper, "correct horse battery", kept), ==,
                   DYNO_PASSWORD_WRONG);
  g_assert_cmpint (dyno_crypt_password_verify (pepper, "correct \xff", kept), ==,
                   DYNO_PASSWORD_WRONG);
}

/* bcrypt alone would take these for the same. */
static void
test_behind_72_bytes (void)
{
  g_autofree char *long_one = g_strnfill (200, 'a');
  g_autofree char *kept = dyno_crypt_password_hash (pepper, long_one);

  long_one[150] = 'b';
  g_assert_cmpint (dyno_crypt_password_verify (pepper, long_one, kept), ==, DYNO_PASSWORD_WRONG);
}

/* é as one code point and as two. */
static void
test_normal_form (void)
{
  g_autofree char *kept = dyno_crypt_password_hash (pepper, "caf\xc3\xa9 au lait noir");

  g_assert_cmpint (dyno_crypt_password_verify (pepper, "cafe\xcc\x81 au lait noir", kept), ==,
                   DYNO_PASSWORD_RIGHT);
}

static char *
plain_bcrypt (const char *password,
              int         cost)
{
  struct crypt_data *data = g_new0 (struct crypt_data, 1);
  char setting[CRYPT_GENSALT_OUTPUT_SIZE];
  char *hash;

  crypt_gensalt_rn ("$2b$", (unsigned long) cost, "0123456789abcdef", 16, setting, sizeof setting);
  hash = g_strdup (crypt_r (password, setting, data));
  g_free (data);

  return hash;
}

static void
test_imported (void)
{
  g_autofree char *kept = plain_bcrypt ("correct horse battery", 5);

  g_assert_cmpint (dyno_crypt_password_verify (pepper, "correct horse battery", kept), ==,
                   DYNO_PASSWORD_RIGHT_OLD);
  g_assert_cmpint (dyno_crypt_password_verify (pepper, "wrong horse battery", kept), ==,
                   DYNO_PASSWORD_WRONG);
}

/* Nothing kept, or something that is no hash, must never be right: not even for the
 * password that another program would have made of it. */
static void
test_unknown_forms (void)
{
  static const char *const forms[] = {
    "", "hmac", "*0", "$1$abc$def", "$2b$12$short", "hmac$2y$12$", "x$2b$12$",
    "$2b$31$wQ3vJmXy0cNfE8aZtLh1OeGq5RkUb7sVdI2xPnMzYjTo4lCgBa6rW",
    "$2b$12$wQ3vJmXy0cNfE8aZtLh1Oe:!5RkUb7sVdI2xPnMzYjTo4lCgBa6rW",
  };

  g_assert_cmpint (dyno_crypt_password_verify (pepper, "correct horse battery", NULL), ==,
                   DYNO_PASSWORD_WRONG);
  for (guint i = 0; i < G_N_ELEMENTS (forms); i++)
    g_assert_cmpint (dyno_crypt_password_verify (pepper, "correct horse battery", forms[i]), ==,
                     DYNO_PASSWORD_WRONG);
}

static void
assert_refused (const char *password)
{
  g_autoptr(GError) error = NULL;

  g_assert_false (dyno_crypt_password_judge (password, "ana.lopez@shop.example", "Ana Maria",
                                             &error));
  g_assert_error (error, DYNO_ERROR, DYNO_ERROR_INVALID);
  g_assert_cmpstr (dyno_error_get_reason (error), ==, "password");
}

static void
assert_taken (const char *password)
{
  g_autoptr(GError) error = NULL;

  dyno_crypt_password_judge (password, "ana.lopez@shop.example", "Ana Maria", &error);
  g_assert_no_error (error);
}

static void
test_length (void)
{
  g_autofree char *longest = g_strdup ("");

  assert_refused ("");
  assert_refused ("q7Vx!mK2zR9");
  assert_taken ("q7Vx!mK2zR9p");
  /* Twelve code points of two bytes each; eleven are still too few. */
  assert_taken ("žščřďťňľĺŕúä");
  assert_refused ("žščřďťňľĺŕú");
  for (guint i = 0; i < 32; i++)
    {
      g_autofree char *before = g_steal_pointer (&longest);

      longest = g_strdup_printf ("%s%02xq%02xV!r", before, (i * 37) % 251, (i * 91) % 241);
    }
  g_assert_cmpuint (strlen (longest), ==, 256);
  assert_taken (longest);
  longest = g_realloc (longest, 258);
  memcpy (longest + 256, "x", 2);
  assert_refused (longest);
  assert_refused ("q7Vx!mK2zR9p\xff");
}

static void
test_own_words (void)
{
  assert_refused ("ana.lopez@shop.example");
  assert_refused ("my ANA.LOPEZ and q7Vx!");
  assert_refused ("q7Vx!mK2 ana maria");
  assert_refused ("DynoAI q7Vx!mK2zR9p");
  assert_taken ("analogue q7Vx!mK2zR9p");
}

static void
test_no_composition (void)
{
  assert_taken ("ruddy pelican gearbox violin");
}

static void
test_dictionary (void)
{
  if (!dyno_crypt_password_has_dictionary ())
    {
      g_test_skip ("This machine has no word list for passwords");
      return;
    }
  assert_refused ("administration");
  assert_refused ("aaaaaaaaaaaaaaaa");
  assert_refused ("incomprehensible");
}

int
main (int   argc,
      char *argv[])
{
  int status;

  g_test_init (&argc, &argv, NULL);
  pepper = g_bytes_new_static ("a pepper of thirty-two bytes: 1.", 32);
  other_pepper = g_bytes_new_static ("a pepper of thirty-two bytes: 2.", 32);

  g_test_add_func ("/base/password/form", test_form);
  g_test_add_func ("/base/password/right-and-wrong", test_right_and_wrong);
  g_test_add_func ("/base/password/behind-72-bytes", test_behind_72_bytes);
  g_test_add_func ("/base/password/normal-form", test_normal_form);
  g_test_add_func ("/base/password/imported", test_imported);
  g_test_add_func ("/base/password/unknown-forms", test_unknown_forms);
  g_test_add_func ("/base/password/length", test_length);
  g_test_add_func ("/base/password/own-words", test_own_words);
  g_test_add_func ("/base/password/no-composition", test_no_composition);
  g_test_add_func ("/base/password/dictionary", test_dictionary);

  status = g_test_run ();
  g_bytes_unref (pepper);
  g_bytes_unref (other_pepper);

  return status;
}
