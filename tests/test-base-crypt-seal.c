/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

#include "config.h"

#include "dyno-crypt-seal.h"
#include "dyno-crypt.h"

#include <string.h>

static GBytes *
from_hex (const char *text)
{
  gsize size = strlen (text) / 2;
  g_autofree guint8 *data = g_malloc (size + 1);

  for (gsize i = 0; i < size; i++)
    data[i] = (guint8) (g_ascii_xdigit_value (text[2 * i]) << 4
                        | g_ascii_xdigit_value (text[2 * i + 1]));

  return g_bytes_new (data, size);
}

static char *
to_hex (GBytes *bytes)
{
  gsize size;
  const guint8 *data = g_bytes_get_data (bytes, &size);

  return dyno_crypt_hex (data, size);
}

/* RFC 4231, 4.3 and 4.7. */
static void
test_hmac (void)
{
  static const char text[] = "what do ya want for nothing?";
  static const char large[] = "Test Using Larger Than Block-Size Key - Hash Key First";
  g_autoptr(GBytes) jefe = g_bytes_new_static ("Jefe", 4);
  g_autoptr(GBytes) key = NULL;
  g_autofree char *first = NULL;
  g_autofree char *second = NULL;
  guint8 mac[DYNO_HMAC_SIZE];
  guint8 aa[131];

  dyno_crypt_hmac (jefe, text, strlen (text), mac);
  first = dyno_crypt_hex (mac, sizeof mac);
  g_assert_cmpstr (first, ==,
                   "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843");
  memset (aa, 0xaa, sizeof aa);
  key = g_bytes_new (aa, sizeof aa);
  dyno_crypt_hmac (key, large, strlen (large), mac);
  second = dyno_crypt_hex (mac, sizeof mac);
  g_assert_cmpstr (second, ==,
                   "60e431591ee0b67f0d8a26aacbf5b77f8e0bc6213728c5140546040f0ee37f54");
}

/* RFC 5869, A.3: no salt, no info. */
static void
test_hkdf (void)
{
  g_autoptr(GBytes) key = from_hex ("0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b");
  g_autoptr(GBytes) derived = dyno_crypt_hkdf (key, "", 42);
  g_autoptr(GBytes) other = dyno_crypt_hkdf (key, "dynoai/wrap/v1", 42);
  g_autofree char *hex = to_hex (derived);

  g_assert_cmpstr (hex, ==,
                   "8da4e775a563c18f715f802a063c5a31b8a11f5c5ee1879ec3454e5f3c738d2d"
                   "9d201395faa4b61a96c8");
  g_assert_false (g_bytes_equal (derived, other));
}

/* McGrew and Viega, "The Galois/Counter Mode of Operation", test case 16. */
static void
test_seal_as_published (void)
{
  g_autoptr(GBytes) key
      = from_hex ("feffe9928665731c6d6a8f9467308308feffe9928665731c6d6a8f9467308308");
  g_autoptr(GBytes) nonce = from_hex ("cafebabefacedbaddecaf888");
  g_autoptr(GBytes) label = from_hex ("feedfacedeadbeeffeedfacedeadbeefabaddad2");
  g_autoptr(GBytes) text = from_hex ("d9313225f88406e5a55909c5aff5269a86a7a9531534f7da2e4c303d8a31"
                                     "8a721c3c0c95956809532fcf0e2449a6b525b16aedf5aa0de657ba637b39");
  g_autoptr(GBytes) sealed = dyno_crypt_seal (key, g_bytes_get_data (nonce, NULL), label, text);
  g_autofree char *hex = to_hex (sealed);

  g_assert_cmpstr (hex, ==,
                   "522dc1f099567d07f47f37a32a84427d643a8cdcbfe5c0c97598a2bd2555d1aa8cb08e48590dbb"
                   "3da7b08b1056828838c5f61e6393ba7a0abcc9f66276fc6ece0f4e1768cddf8853bb2d551b");
}

/* Each bit of what was sealed, and the label, count. */
static void
test_open (void)
{
  static const guint8 nonce[DYNO_SEAL_NONCE_SIZE] = { 1, 2, 3 };
  g_autoptr(GBytes) key = from_hex ("000102030405060708090a0b0c0d0e0f"
                                    "101112131415161718191a1b1c1d1e1f");
  g_autoptr(GBytes) label = g_bytes_new_static ("jwt", 3);
  g_autoptr(GBytes) other = g_bytes_new_static ("tls", 3);
  g_autoptr(GBytes) text = g_bytes_new_static ("a private key", 13);
  g_autoptr(GBytes) sealed = dyno_crypt_seal (key, nonce, label, text);
  g_autoptr(GBytes) opened = dyno_crypt_open (key, nonce, label, sealed);
  g_autoptr(GBytes) cut = g_bytes_new_from_bytes (sealed, 0, DYNO_SEAL_TAG_SIZE - 1);
  gsize size;
  const guint8 *data = g_bytes_get_data (sealed, &size);

  g_assert_true (g_bytes_equal (opened, text));
  g_assert_cmpuint (size, ==, 13 + DYNO_SEAL_TAG_SIZE);
  g_assert_null (dyno_crypt_open (key, nonce, other, sealed));
  g_assert_null (dyno_crypt_open (key, nonce, label, cut));
  for (gsize bit = 0; bit < 8 * size; bit++)
    {
      g_autofree guint8 *changed = g_memdup2 (data, size);
      g_autoptr(GBytes) bytes = NULL;

      changed[bit / 8] ^= (guint8) (1u << bit % 8);
      bytes = g_bytes_new (changed, size);
      g_assert_null (dyno_crypt_open (key, nonce, label, bytes));
    }
}

static void
test_empty_text (void)
{
  static const guint8 nonce[DYNO_SEAL_NONCE_SIZE] = { 9 };
  g_autoptr(GBytes) key = dyno_crypt_secret_new ("0123456789abcdef0123456789abcdef", 32);
  g_autoptr(GBytes) nothing = g_bytes_new (NULL, 0);
  g_autoptr(GBytes) sealed = dyno_crypt_seal (key, nonce, nothing, nothing);
  g_autoptr(GBytes) opened = dyno_crypt_open (key, nonce, nothing, sealed);

  g_assert_nonnull (opened);
  g_assert_cmpuint (g_bytes_get_size (opened), ==, 0);
}

static void
test_equal (void)
{
  g_assert_true (dyno_crypt_equal ("abcd", "abcd", 4));
  g_assert_true (dyno_crypt_equal ("abcd", "abce", 3));
  g_assert_false (dyno_crypt_equal ("abcd", "abce", 4));
  g_assert_false (dyno_crypt_equal ("xbcd", "abcd", 4));
}

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/crypt/hmac", test_hmac);
  g_test_add_func ("/crypt/hkdf", test_hkdf);
  g_test_add_func ("/crypt/seal/as-published", test_seal_as_published);
  g_test_add_func ("/crypt/seal/open", test_open);
  g_test_add_func ("/crypt/seal/empty", test_empty_text);
  g_test_add_func ("/crypt/equal", test_equal);

  return g_test_run ();
}
