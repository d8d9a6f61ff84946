/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

#include "config.h"

#include "dyno-test-shop.h"

#include "dyno-test-log.h"
#include "dyno-test.h"

#define LOOK_EVERY_US 20000

static guint16 port = 0;

void
dyno_test_shop_use_port (guint16 other)
{
  port = other;
}

guint16
dyno_test_shop_port (void)
{
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
                              .flags = flags,
                              .clock = f->clock };
  g_autoptr(GError) error = NULL;

  f->flags = flags;
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
dyno_test_shop_prepare (DynoTestShop *f,
                        char         *folder)
{
  g_autofree char *text = g_strdup_printf ("%u", dyno_test_shop_port ());

  f->folder = folder;
  f->await = dyno_await_new ();
  f->environment = g_new0 (char *, 1);
  dyno_test_shop_set (f, "JETDRIVE_MCAST_GROUP", DYNO_TEST_SHOP_GROUP);
  dyno_test_shop_set (f, "JETDRIVE_PORT", text);
  dyno_test_shop_set (f, "JETDRIVE_IFACE", "lo");
}

void
dyno_test_shop_set_up (DynoTestShop *f,
                       gconstpointer flags)
{
  dyno_test_shop_prepare (f, dyno_test_make_folder ());
  dyno_test_shop_open (f, (DynoShopFlags) GPOINTER_TO_UINT (flags));
  g_assert_no_error (dyno_shop_get_trouble (f->shop));
}

void
dyno_test_shop_tear_down (DynoTestShop *f,
                          gconstpointer unused)
{
  dyno_test_shop_close (f);
  g_clear_pointer (&f->clock, dyno_clock_free);
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

void
dyno_test_shop_arm (DynoTestShop *f,
                    guint         n_runs)
{
  DynoArmOptions options = { .n_runs = n_runs };
  g_autoptr(GError) error = NULL;

  g_assert_true (dyno_test_ask (f, dyno_arm_arm, &error, &options));
  g_assert_no_error (error);
}

GPtrArray *
dyno_test_shop_record (DynoTestShop *f,
                       guint         n)
{
  DynoSimulatorConfig config = dyno_test_dyno_config ();
  DynoTestDyno *dyno;

  config.speed = 5;
  config.period_s = 10;
  dyno = dyno_test_dyno_start (&config);
  dyno_test_shop_wait_phase (f, DYNO_ARM_LIVE, 20);
  dyno_test_shop_arm (f, n);
  dyno_test_shop_wait_saved (f, n, 60);
  dyno_test_dyno_free (dyno);

  return dyno_test_shop_runs (f);
}

/* Two seconds of rolling, the pull, three seconds of coasting, twenty rows a second. */
DynoSamples *
dyno_test_pull_samples (double           noise,
                        DynoBikeFigures *figures)
{
  g_autoptr(DynoBike) bike = dyno_bike_new (dyno_bike_engine_find ("twin114"));
  DynoBikeSensors *sensors = dyno_bike_sensors_new (5, noise);
  g_autoptr(DynoTestLog) log = dyno_test_log_new ();
  DynoBikeFigures made;

  dyno_bike_place (bike, 2000);
  dyno_bike_command_accel (bike, 0);
  dyno_test_log_record (log, bike, sensors, 40, 50);
  dyno_bike_begin_figures (bike);
  dyno_bike_command_throttle (bike, 100, 0);
  while (dyno_bike_state (bike)->rpm < 0.98 * 5800)
    dyno_test_log_record (log, bike, sensors, 1, 50);
  dyno_bike_figures (bike, figures != NULL ? figures : &made);
  dyno_bike_command_throttle (bike, 0, 0);
  dyno_test_log_record (log, bike, sensors, 60, 50);
  dyno_bike_sensors_free (sensors);

  return dyno_test_log_finish (log, NULL);
}

DynoStore *
dyno_test_shop_open_store (DynoTestShop *f)
{
  g_autoptr(GError) error = NULL;
  DynoStore *store;

  g_assert_null (f->shop);
  dyno_store_open_async (f->folder, DYNO_STORE_CREATE, f->clock, NULL, dyno_await_cb, f->await);
  store = dyno_store_open_finish (dyno_await_wait (f->await), &error);
  g_assert_no_error (error);

  return store;
}

void
dyno_test_shop_close_store (DynoTestShop *f,
                            DynoStore    *store)
{
  g_autoptr(GError) error = NULL;

  dyno_store_close_async (store, NULL, dyno_await_cb, f->await);
  dyno_store_close_finish (store, dyno_await_wait (f->await), &error);
  g_assert_no_error (error);
  dyno_store_free (store);
}

char *
dyno_test_shop_keep (DynoTestShop *f,
                     const char   *title,
                     DynoSamples  *samples)
{
  g_autoptr(DynoSamples) none = dyno_samples_builder_finish (dyno_samples_builder_new (0));
  g_autoptr(GError) error = NULL;
  g_autoptr(DynoRun) kept = NULL;
  DynoRun *run = dyno_run_new ();
  DynoStore *store;

  run->title = g_strdup (title);
  run->status = DYNO_RUN_COMPLETE;
  run->source = DYNO_SOURCE_UPLOAD;
  dyno_test_shop_close (f);
  store = dyno_test_shop_open_store (f);
  dyno_store_import_run_async (store, run, samples != NULL ? samples : none, NULL, NULL, NULL,
                               NULL, dyno_await_cb, f->await);
  kept = dyno_store_import_run_finish (store, dyno_await_wait (f->await), &error);
  g_assert_no_error (error);
  dyno_test_shop_close_store (f, store);
  dyno_test_shop_open (f, f->flags);

  return g_strdup (kept->id);
}

DynoVerifyReport *
dyno_test_shop_verify (DynoTestShop *f)
{
  g_autoptr(GError) error = NULL;
  DynoVerifyReport *report;

  dyno_verify_all_async (f->shop, TRUE, NULL, dyno_await_cb, f->await);
  report = dyno_verify_finish (dyno_await_wait (f->await), &error);
  g_assert_no_error (error);
  for (guint i = 0; i < report->findings->len; i++)
    g_test_message ("%s", ((DynoVerifyFinding *) g_ptr_array_index (report->findings, i))->text);

  return report;
}

void
dyno_test_shop_assert_verified (DynoTestShop *f)
{
  g_autoptr(DynoVerifyReport) report = dyno_test_shop_verify (f);

  g_assert_true (report->is_ok);
}
