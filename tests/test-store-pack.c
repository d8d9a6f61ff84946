/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

#include "config.h"

#include "dyno-error.h"
#include "dyno-pack.h"

#include <math.h>
#include <string.h>

static void
assert_block (gsize         n,
              const gint64 *t_us,
              const float  *raw,
              const guint8 *flags)
{
  g_autoptr(GBytes) packed = dyno_pack_block (n, t_us, raw, flags);
  g_autoptr(GBytes) again = NULL;
  g_auto(DynoUnpackedBlock) block = { 0 };
  g_autoptr(GError) error = NULL;

  g_assert_true (dyno_unpack_block (g_bytes_get_data (packed, NULL), g_bytes_get_size (packed),
                                    &block, &error));
  g_assert_no_error (error);
  g_assert_cmpmem (block.t_us, block.n * sizeof *t_us, t_us, n * sizeof *t_us);
  g_assert_cmpmem (block.raw, block.n * sizeof *raw, raw, n * sizeof *raw);
  for (gsize i = 0; i < n; i++)
    g_assert_cmpuint (block.flags[i], ==, flags != NULL ? flags[i] : 0);

  again = dyno_pack_block (block.n, block.t_us, block.raw, block.flags);
  g_assert_true (g_bytes_equal (packed, again));
}

static void
assert_chunk (gsize         n,
              const double *values,
              const guint8 *updates,
              const guint8 *reasons)
{
  g_autoptr(GBytes) packed = dyno_pack_chunk (n, values, updates, reasons);
  g_auto(DynoUnpackedChunk) chunk = { 0 };
  g_autoptr(GError) error = NULL;

  g_assert_true (dyno_unpack_chunk (g_bytes_get_data (packed, NULL), g_bytes_get_size (packed),
                                    &chunk, &error));
  g_assert_no_error (error);
  g_assert_cmpmem (chunk.values, chunk.n * sizeof *values, values, n * sizeof *values);
  if (updates != NULL)
    g_assert_cmpmem (chunk.updates, (n + 7) / 8, updates, (n + 7) / 8);
  else
    g_assert_null (chunk.updates);
  for (gsize i = 0; reasons != NULL && chunk.reasons != NULL && i < n; i++)
    g_assert_cmpuint (chunk.reasons[i], ==, reasons[i]);
}

static gsize
packed_chunk_size (const double *values,
                   gsize         n)
{
  g_autoptr(GBytes) packed = dyno_pack_chunk (n, values, NULL, NULL);

  return g_bytes_get_size (packed);
}

/* Payloads of quiet and signalling NaN, both zeros, both infinities, a subnormal. */
static const guint32 odd_floats[] = {
  0x7fc00000, 0x7fc0dead, 0xffc00001, 0x7f800001, 0x7fbfffff, 0x80000000,
  0x00000000, 0x7f800000, 0xff800000, 0x00000001, 0x3f800000, 0xc2f6e979,
};

static void
test_odd_floats (void)
{
  float raw[G_N_ELEMENTS (odd_floats)];
  gint64 t_us[G_N_ELEMENTS (odd_floats)];
  guint8 flags[G_N_ELEMENTS (odd_floats)];

  memcpy (raw, odd_floats, sizeof raw);
  for (guint i = 0; i < G_N_ELEMENTS (odd_floats); i++)
    {
      t_us[i] = 1000000 + i * 50000;
      flags[i] = i < 5 ? 1 : i == 9 ? 0x88 : 0;
    }
  assert_block (G_N_ELEMENTS (odd_floats), t_us, raw, flags);
  assert_block (G_N_ELEMENTS (odd_floats), t_us, raw, NULL);
  for (guint i = 0; i < G_N_ELEMENTS (odd_floats); i++)
    assert_block (1, &t_us[i], &raw[i], &flags[i]);
}

static void
test_odd_stamps (void)
{
  const gint64 t_us[] = { G_MAXINT64, G_MININT64, 0, -1, G_MAXINT64, 5, 5, 5, 4, G_MININT64 };
  const float raw[G_N_ELEMENTS (t_us)] = { 1, 2, 3, 4, 5, 6, 7, 8, 9, 10 };
  gint64 one = G_MININT64;

  assert_block (G_N_ELEMENTS (t_us), t_us, raw, NULL);
  assert_block (1, &one, raw, NULL);
}

static void
test_random_blocks (void)
{
  for (int round = 0; round < 2000; round++)
    {
      gint64 t_us[120];
      float raw[120];
      guint8 flags[120];
      gsize n = (gsize) g_test_rand_int_range (1, 121);
      gint64 t = (gint64) g_test_rand_int () * 1048576;
      gboolean is_flat = g_test_rand_bit ();

      for (gsize i = 0; i < n; i++)
        {
          guint32 bits = is_flat ? 0x42280000 : (guint32) g_test_rand_int ();

          t += g_test_rand_int_range (-3000, 60000);
          t_us[i] = t;
          memcpy (&raw[i], &bits, sizeof bits);
          flags[i] = g_test_rand_int_range (0, 20) == 0 ? (guint8) g_test_rand_int () : 0;
        }
      assert_block (n, t_us, raw, flags);
    }
}

/* A steady channel costs what its floats cost and one byte a stamp. */
static void
test_block_is_small (void)
{
  gint64 t_us[100];
  float raw[100];
  g_autoptr(GBytes) moving = NULL;
  g_autoptr(GBytes) still = NULL;

  for (int i = 0; i < 100; i++)
    {
      t_us[i] = 1789000000000 + i * 10000;
      raw[i] = (float) i * 1.5f;
    }
  moving = dyno_pack_block (100, t_us, raw, NULL);
  g_assert_cmpuint (g_bytes_get_size (moving), <=, 100 * 5 + 20);

  for (int i = 0; i < 100; i++)
    raw[i] = 101.325f;
  still = dyno_pack_block (100, t_us, raw, NULL);
  g_assert_cmpuint (g_bytes_get_size (still), <=, 100 + 24);
}

static void
test_damage_is_seen (void)
{
  gint64 t_us[40];
  float raw[40];
  guint8 flags[40];
  double values[40];
  g_autoptr(GBytes) block = NULL;
  g_autoptr(GBytes) chunk = NULL;

  for (int i = 0; i < 40; i++)
    {
      t_us[i] = i * 777;
      raw[i] = (float) i;
      flags[i] = i % 7 == 0;
      values[i] = i * 0.25;
    }
  block = dyno_pack_block (40, t_us, raw, flags);
  chunk = dyno_pack_chunk (40, values, flags, flags);

  for (int which = 0; which < 2; which++)
    {
      GBytes *packed = which == 0 ? block : chunk;
      gsize size = g_bytes_get_size (packed);

      for (gsize bit = 0; bit < size * 8; bit++)
        {
          g_autofree guint8 *bad = g_memdup2 (g_bytes_get_data (packed, NULL), size);
          DynoUnpackedBlock b;
          DynoUnpackedChunk c;
          g_autoptr(GError) error = NULL;

          bad[bit / 8] ^= (guint8) (1 << (bit % 8));
          if (which == 0)
            g_assert_false (dyno_unpack_block (bad, size, &b, &error));
          else
            g_assert_false (dyno_unpack_chunk (bad, size, &c, &error));
          g_assert_error (error, DYNO_ERROR, DYNO_ERROR_CORRUPT);
        }
      for (gsize cut = 0; cut < size; cut++)
        {
          DynoUnpackedBlock b;
          DynoUnpackedChunk c;

          g_assert_false (dyno_unpack_block (g_bytes_get_data (packed, NULL), cut, &b, NULL));
          g_assert_false (dyno_unpack_chunk (g_bytes_get_data (packed, NULL), cut, &c, NULL));
        }
    }
}

static void
test_chunks (void)
{
  const double plain[] = { G_PI, -1e300, 5e-324, 0.1 + 0.2, INFINITY, -0.0, 1 / 3.0 };
  const double decimals[] = { 12.34, NAN, -7.4, 0, 14.69, NAN, 6694.3, 0.001 };
  const double flat[] = { NAN, NAN, NAN };
  const double wide[] = { 9e15, 0.1 };
  const guint8 updates[] = { 0xa5 };
  const guint8 reasons[] = { 0, 3, 3, 0, 0, 1, 0, 0 };

  assert_chunk (G_N_ELEMENTS (plain), plain, NULL, NULL);
  assert_chunk (G_N_ELEMENTS (decimals), decimals, NULL, NULL);
  assert_chunk (G_N_ELEMENTS (decimals), decimals, updates, reasons);
  assert_chunk (G_N_ELEMENTS (flat), flat, updates, NULL);
  assert_chunk (G_N_ELEMENTS (wide), wide, NULL, reasons);
  assert_chunk (1, plain, updates, reasons);
}

/* Numbers as logs print them: never lost, and in a quarter of the bytes. */
static void
test_decimals_are_small (void)
{
  g_autofree double *values = g_new (double, 8192);

  for (int digits = 0; digits <= 6; digits++)
    {
      char format[8];

      g_snprintf (format, sizeof format, "%%.%df", digits);
      for (int i = 0; i < 8192; i++)
        {
          char text[G_ASCII_DTOSTR_BUF_SIZE];

          g_ascii_formatd (text, sizeof text, format, 2000 + 5 * sin (i / 40.0));
          values[i] = g_ascii_strtod (text, NULL);
        }
      assert_chunk (8192, values, NULL, NULL);
      if (digits <= 2)
        g_assert_cmpuint (packed_chunk_size (values, 8192), <, 8192 * 2);
    }
}

static void
test_random_chunks (void)
{
  for (int round = 0; round < 2000; round++)
    {
      double values[200];
      gsize n = (gsize) g_test_rand_int_range (1, 201);

      for (gsize i = 0; i < n; i++)
        {
          guint64 bits = (guint64) g_test_rand_int () << 32 | (guint32) g_test_rand_int ();

          if (round % 2 == 0)
            memcpy (&values[i], &bits, sizeof bits);
          else
            values[i] = g_test_rand_int_range (-100000, 100000) / 1000.0;
        }
      assert_chunk (n, values, NULL, NULL);
    }
}

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/pack/block/odd-floats", test_odd_floats);
  g_test_add_func ("/pack/block/odd-stamps", test_odd_stamps);
  g_test_add_func ("/pack/block/random", test_random_blocks);
  g_test_add_func ("/pack/block/small", test_block_is_small);
  g_test_add_func ("/pack/damage", test_damage_is_seen);
  g_test_add_func ("/pack/chunk/kinds", test_chunks);
  g_test_add_func ("/pack/chunk/decimals", test_decimals_are_small);
  g_test_add_func ("/pack/chunk/random", test_random_chunks);

  return g_test_run ();
}
