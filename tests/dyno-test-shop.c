/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

#include "config.h"

#include "dyno-test-shop.h"

#include "dyno-test.h"

#define LOOK_EVERY_US 20000

guint16
dyno_test_shop_port (void)
{
  static guint16 port = 0;

  if (port == 0)
    port = (guint16) g_random_int_range (23000, 60000);

  return port;
}

static void
event_cb (const DynoSimulatorEvent *event,
          gpointer                  user_data)
{
  DynoTestDyno *self = user_data;
  DynoTestPull pull = { event->t_s,           event->duration_s,     event->peak_power_kw,
                        event->peak_power_rpm, event->peak_torque_nm, event->peak_torque_rpm };

  g_mutex_lock (&self->lock);
  if (event->kind == DYNO_SIMULATOR_PULL_END)
    g_array_append_val (self->pulls, pull);
  self->is_ready |= event->kind == DYNO_SIMULATOR_READY;
  self->is_done |= event->kind == DYNO_SIMULATOR_DONE;
  g_mutex_unlock (&self->lock);
}

DynoSimulatorConfig
dyno_test_dyno_config (void)
{
  return (DynoSimulatorConfig){ .group = DYNO_TEST_SHOP_GROUP,
                                .port = dyno_test_shop_port (),
                                .ttl = -1,
                                .seed = 7,
                                .noise = 1,
                                .profile = "rt150-104" };
}

DynoTestDyno *
dyno_test_dyno_start (const DynoSimulatorConfig *config)
{
  DynoTestDyno *self = g_new0 (DynoTestDyno, 1);
  g_autoptr(GError) error = NULL;

  g_mutex_init (&self->lock);
  self->pulls = g_array_new (FALSE, FALSE, sizeof (DynoTestPull));
  self->simulator = dyno_simulator_new (config, event_cb, self, &error);
  g_assert_no_error (error);
  g_assert_true (dyno_simulator_start (self->simulator, &error));
  g_assert_no_error (error);

  return self;
}

void
dyno_test_dyno_free (DynoTestDyno *self)
{
  if (self == NULL)
    return;

  dyno_simulator_free (self->simulator);
  g_array_unref (self->pulls);
  g_mutex_clear (&self->lock);
  g_free (self);
}

guint
dyno_test_dyno_n_pulls (DynoTestDyno *self)
{
  g_autoptr(GMutexLocker) locker = g_mutex_locker_new (&self->lock);

  return self->pulls->len;
}

DynoTestPull
dyno_test_dyno_pull (DynoTestDyno *self,
                     guint         index)
{
  g_autoptr(GMutexLocker) locker = g_mutex_locker_new (&self->lock);

  g_assert_cmpuint (index, <, self->pulls->len);

  return g_array_index (self->pulls, DynoTestPull, index);
}

gboolean
dyno_test_shop_has_wire (void)
{
  DynoSimulatorConfig config = dyno_test_dyno_config ();
  g_autoptr(GError) error = NULL;
  g_autoptr(DynoSimulator) simulator = NULL;

  config.profile = "demo-2";
  config.cycle = "idle";
  simulator = dyno_simulator_new (&config, NULL, NULL, &error);
  g_assert_no_error (error);
  if (dyno_simulator_start (simulator, &error))
    return TRUE;
  g_test_skip ("Loopback does no multicast here.");

  return FALSE;
}

void
dyno_test_shop_set (DynoTestShop *f,
                    const char   *variable,
                    const char   *value)
{
  f->environment = g_environ_setenv (f->environment, variable, value, TRUE);
}

void
dyno_test_shop_open (DynoTestShop *f,
                     DynoShopFlags flags)
{
  DynoShopOptions options = { .data_dir = f->folder,
                              .environment = (const char *const *) f->environment,
                              .flags = flags };
  g_autoptr(GError) error = NULL;

  dyno_shop_open_async (&options, NULL, dyno_await_cb, f->await);
  f->shop = dyno_shop_open_finish (dyno_await_wait (f->await), &error);
  g_assert_no_error (error);
}

void
dyno_test_shop_close (DynoTestShop *f)
{
  g_autoptr(GError) error = NULL;

  if (f->shop == NULL)
    return;

  dyno_shop_close_async (f->shop, NULL, dyno_await_cb, f->await);
  dyno_shop_close_finish (f->shop, dyno_await_wait (f->await), &error);
  g_assert_no_error (error);
  g_clear_pointer (&f->shop, dyno_shop_unref);
}

void
dyno_test_shop_set_up (DynoTestShop *f,
                       gconstpointer flags)
{
  g_autofree char *port = g_strdup_printf ("%u", dyno_test_shop_port ());

  f->folder = dyno_test_make_folder ();
  f->await = dyno_await_new ();
  f->environment = g_new0 (char *, 1);
  dyno_test_shop_set (f, "JETDRIVE_MCAST_GROUP", DYNO_TEST_SHOP_GROUP);
  dyno_test_shop_set (f, "JETDRIVE_PORT", port);
  dyno_test_shop_set (f, "JETDRIVE_IFACE", "lo");
  dyno_test_shop_open (f, (DynoShopFlags) GPOINTER_TO_UINT (flags));
  g_assert_no_error (dyno_shop_get_trouble (f->shop));
}

void
dyno_test_shop_tear_down (DynoTestShop *f,
                          gconstpointer unused)
{
  dyno_test_shop_close (f);
  dyno_await_free (f->await);
  g_strfreev (f->environment);
  dyno_test_remove_folder (f->folder);
  g_free (f->folder);
}

void
dyno_test_shop_wait (DynoTestShop   *f,
                     DynoTestArmFunc is_so,
                     gpointer        data,
                     int             seconds)
{
  gint64 deadline = g_get_monotonic_time () + seconds * G_USEC_PER_SEC;

  while (TRUE)
    {
      g_autoptr(DynoArmState) state = dyno_live_ref_arm (dyno_shop_get_live (f->shop));

      if (is_so (state, data))
        return;
      if (g_get_monotonic_time () > deadline)
        g_error ("after %d s: phase %s, %u open, %u saved, %s", seconds,
                 dyno_arm_phase_name (state->phase), state->n_open, state->n_saved,
                 state->message != NULL ? state->message : "no message");
      g_usleep (LOOK_EVERY_US);
    }
}

static gboolean
has_phase (const DynoArmState *state,
           gpointer            data)
{
  return state->phase == (DynoArmPhase) GPOINTER_TO_UINT (data);
}

void
dyno_test_shop_wait_phase (DynoTestShop *f,
                           DynoArmPhase  phase,
                           int           seconds)
{
  dyno_test_shop_wait (f, has_phase, GUINT_TO_POINTER (phase), seconds);
}

static gboolean
has_saved (const DynoArmState *state,
           gpointer            data)
{
  return state->n_saved >= GPOINTER_TO_UINT (data) && state->n_open == 0;
}

void
dyno_test_shop_wait_saved (DynoTestShop *f,
                           guint         n_saved,
                           int           seconds)
{
  dyno_test_shop_wait (f, has_saved, GUINT_TO_POINTER (n_saved), seconds);
}

GPtrArray *
dyno_test_shop_runs (DynoTestShop *f)
{
  g_autoptr(DynoRunQuery) query = dyno_run_query_new ();
  g_autoptr(GError) error = NULL;
  g_autoptr(DynoRunPage) page = NULL;

  query->sort = DYNO_SORT_OLDEST;
  query->limit = 1000;
  page = dyno_test_ask (f, dyno_runbook_list, &error, query);
  g_assert_no_error (error);

  return g_steal_pointer (&page->runs);
}
