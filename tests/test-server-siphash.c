/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

#include "config.h"

#include "dyno-siphash.h"
#include "dyno-test.h"

/* The authors' own vectors: key 00 01 … 0f, message 00 01 … of the length that is
 * the index (vectors_sip64 of the reference code). */
static void
test_vectors (void)
{
  static const struct
  {
    gsize length;
    guint64 hash;
  } vectors[] = {
    { 0, 0x726fdb47dd0e0e31u },
    { 1, 0x74f839c593dc67fdu },
    { 7, 0xab0200f58b01d137u },
    { 8, 0x93f5f5799a932462u },
    { 15, 0xa129ca6149be45e5u },
  };
  const DynoSipKey key = { 0x0706050403020100u, 0x0f0e0d0c0b0a0908u };
  guint8 message[16];

  for (gsize i = 0; i < sizeof message; i++)
    message[i] = i;

  for (gsize i = 0; i < G_N_ELEMENTS (vectors); i++)
    g_assert_cmphex (dyno_siphash (&key, message, vectors[i].length), ==, vectors[i].hash);
}

static void
test_key_matters (void)
{
  const DynoSipKey one = { 1, 2 };
  const DynoSipKey two = { 1, 3 };

  g_assert_cmphex (dyno_siphash (&one, "abc", 3), !=, dyno_siphash (&two, "abc", 3));
  g_assert_cmphex (dyno_siphash (&one, "abc", 3), !=, dyno_siphash (&one, "abd", 3));
}

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/siphash/vectors", test_vectors);
  g_test_add_func ("/siphash/key-matters", test_key_matters);

  return g_test_run ();
}
