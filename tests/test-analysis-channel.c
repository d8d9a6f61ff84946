/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

#include "config.h"

#include "dyno-channel.h"
#include "dyno-test.h"
#include "dyno-units.h"

#include <math.h>

static void
test_list_is_whole (void)
{
  for (guint i = DYNO_CHANNEL_NONE + 1; i < DYNO_N_CHANNELS; i++)
    {
      const DynoChannelInfo *info = dyno_channel_info ((DynoChannel) i);

      g_assert_nonnull (info->name);
      g_assert_cmpstr (info->name, !=, "");
      g_assert_cmpstr (info->title, !=, "");
      g_assert_nonnull (dyno_unit_find (info->unit));
      g_assert_cmpfloat (info->low, <, info->high);
      g_assert_cmpint (dyno_channel_find (info->name), ==, i);
    }
}

/* analysis.md 1.2: a few rows by hand. */
static void
test_ranges (void)
{
  const DynoChannelInfo *map = dyno_channel_info (DYNO_CHANNEL_MAP);

  g_assert_cmpfloat (map->low, ==, 0);
  g_assert_cmpfloat (map->high, ==, 400);
  g_assert_cmpfloat (map->warn_low, ==, 20);
  g_assert_cmpfloat (map->warn_high, ==, 250);
  g_assert_true (isnan (dyno_channel_info (DYNO_CHANNEL_TPS)->warn_low));
  g_assert_cmpfloat (dyno_channel_info (DYNO_CHANNEL_FORCE)->high, ==, 22000);
  g_assert_cmpstr (dyno_channel_info (DYNO_CHANNEL_ACCEL)->unit, ==, "m/s²");
}

static void
test_unknown_names (void)
{
  g_assert_cmpint (dyno_channel_find ("RPM"), ==, DYNO_CHANNEL_NONE);
  g_assert_cmpint (dyno_channel_find (""), ==, DYNO_CHANNEL_NONE);
  g_assert_cmpint (dyno_channel_find (NULL), ==, DYNO_CHANNEL_NONE);
  g_assert_cmpstr (dyno_channel_info (DYNO_N_CHANNELS)->name, ==, "");
}

static void
test_mixture (void)
{
  g_assert_true (dyno_channel_is_mixture (DYNO_CHANNEL_MIX_F));
  g_assert_true (dyno_channel_is_mixture (DYNO_CHANNEL_TARGET));
  g_assert_false (dyno_channel_is_mixture (DYNO_CHANNEL_TPS));
  g_assert_false (dyno_channel_is_mixture (DYNO_CHANNEL_SPARK_F));
}

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/analysis/channel/list-is-whole", test_list_is_whole);
  g_test_add_func ("/analysis/channel/ranges", test_ranges);
  g_test_add_func ("/analysis/channel/unknown-names", test_unknown_names);
  g_test_add_func ("/analysis/channel/mixture", test_mixture);

  return g_test_run ();
}
