/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

#include "config.h"

#include "dyno-error.h"
#include "dyno-test-shop.h"
#include "dyno-test.h"

/* The demonstration, and which channel is what. */

static DynoCaptureState *
now (DynoTestShop *f)
{
  return dyno_live_ref_capture (dyno_shop_get_live (f->shop));
}

static gboolean
demo (DynoTestShop          *f,
      const DynoDemoOptions *options,
      GError               **error)
{
  return dyno_test_ask (f, dyno_demo_start, error, options);
}

/* In one call a dyno that is heard over the wire, and marked as what it is. */
static void
test_demo (DynoTestShop *f,
           gconstpointer unused)
{
  DynoDemoOptions options = { .n_pulls = 1, .speed = 4, .is_exact = TRUE };
  DynoDemoOptions other = { .profile = "demo-2", .cycle = "idle" };
  DynoDemoOptions unknown = { .profile = "nobody" };
  g_autoptr(GError) error = NULL;
  g_autoptr(GError) bad = NULL;
  g_autoptr(GPtrArray) runs = NULL;
  g_autoptr(DynoArmState) state = NULL;
  DynoDemoOptions pulls = { .period_s = 10, .speed = 4, .is_exact = TRUE };

  if (!dyno_test_shop_has_wire ())
    return;
  g_assert_false (demo (f, &unknown, &bad));
  g_assert_error (bad, DYNO_ERROR, DYNO_ERROR_INVALID);
  g_assert_false (dyno_demo_is_running (f->shop));
  g_assert_true (demo (f, &options, &error));
  g_assert_no_error (error);
  g_assert_true (dyno_demo_is_running (f->shop));
  g_assert_true (demo (f, &pulls, &error));
  dyno_test_shop_wait_phase (f, DYNO_ARM_LIVE, 20);
  state = dyno_live_ref_arm (dyno_shop_get_live (f->shop));
  g_assert_true (state->is_simulator);
  dyno_test_shop_arm (f, 1);
  dyno_test_shop_wait_saved (f, 1, 40);
  runs = dyno_test_shop_runs (f);
  g_assert_cmpint (((DynoRun *) runs->pdata[0])->source, ==, DYNO_SOURCE_SIMULATOR);

  g_assert_true (demo (f, &other, &error));
  g_assert_true (dyno_test_ask0 (f, dyno_demo_stop, &error));
  g_assert_false (dyno_demo_is_running (f->shop));
  dyno_test_shop_wait_phase (f, DYNO_ARM_NO_DYNO, 20);
}

static const DynoChannelState *
find_channel (const DynoCaptureState *state,
              const char             *name)
{
  for (guint i = 0; i < state->n_channels; i++)
    {
      if (g_str_equal (state->channels[i].channel->name, name))
        return &state->channels[i];
    }
  g_error ("no channel %s", name);
}

typedef struct
{
  DynoTestShop *shop;
  DynoChannel   canonical;
  const char   *name; /* (nullable): not bound by a pin */
} Wish;

static gboolean
is_bound_so (gpointer data)
{
  const Wish *wish = data;
  g_autoptr(DynoCaptureState) state = now (wish->shop);
  const DynoChannelState *bound = dyno_capture_state_bound (state, wish->canonical);

  if (wish->name == NULL)
    return bound == NULL || !bound->is_pinned;

  return bound != NULL && bound->is_pinned && g_str_equal (bound->channel->name, wish->name);
}

static void
wait_bound (DynoTestShop *f,
            DynoChannel   canonical,
            const char   *name)
{
  Wish wish = { f, canonical, name };

  dyno_test_wait_for (is_bound_so, &wish, 20);
}

/* The operator's word holds at once, after a restart of the dyno with other ids,
 * and on the next day. */
static void
test_pin (DynoTestShop *f,
          gconstpointer unused)
{
  DynoSimulatorConfig config = dyno_test_dyno_config ();
  g_autoptr(DynoCaptureState) state = NULL;
  g_autoptr(DynoPin) pin = NULL;
  g_autoptr(DynoPin) impossible = NULL;
  g_autoptr(GPtrArray) pins = NULL;
  g_autoptr(GPtrArray) none = NULL;
  g_autoptr(GError) error = NULL;
  g_autoptr(GError) bad = NULL;
  const DynoChannelState *channel;
  DynoTestDyno *dyno;

  if (!dyno_test_shop_has_wire ())
    return;
  config.cycle = "idle";
  dyno = dyno_test_dyno_start (&config);
  dyno_test_shop_wait_phase (f, DYNO_ARM_LIVE, 20);
  state = now (f);
  channel = find_channel (state, "Engine RPM");
  pin = dyno_pin_new (state->providers[state->chosen].name, "Engine RPM",
                      channel->channel->unit_code, channel->channel->occurrence,
                      DYNO_CHANNEL_RPM);
  impossible = dyno_pin_new (state->providers[state->chosen].name, "Engine RPM",
                             channel->channel->unit_code, channel->channel->occurrence,
                             DYNO_CHANNEL_MAP);
  g_assert_false (dyno_test_ask (f, dyno_mapping_pin, &bad, impossible));
  g_assert_error (bad, DYNO_ERROR, DYNO_ERROR_INVALID);

  g_assert_true (dyno_test_ask (f, dyno_mapping_pin, &error, pin));
  g_assert_no_error (error);
  wait_bound (f, DYNO_CHANNEL_RPM, "Engine RPM");
  g_assert_true (dyno_simulator_command (dyno->simulator, "restart", &error));
  dyno_test_shop_close (f);
  dyno_test_shop_open (f, DYNO_SHOP_DEFAULT);
  dyno_test_shop_wait_phase (f, DYNO_ARM_LIVE, 30);
  wait_bound (f, DYNO_CHANNEL_RPM, "Engine RPM");
  pins = dyno_test_ask (f, dyno_mapping_list, &error, NULL);
  g_assert_cmpuint (pins->len, ==, 1);

  g_assert_true (dyno_test_ask (f, dyno_mapping_unpin, &error, pin));
  wait_bound (f, DYNO_CHANNEL_RPM, NULL);
  none = dyno_test_ask (f, dyno_mapping_list, &error, NULL);
  g_assert_cmpuint (none->len, ==, 0);
  dyno_test_dyno_free (dyno);
}

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);
  DYNO_TEST_SHOP_ADD ("/shop/wire/demo", test_demo);
  DYNO_TEST_SHOP_ADD ("/shop/wire/pin", test_pin);

  return g_test_run ();
}
