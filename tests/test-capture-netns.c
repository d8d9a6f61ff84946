/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

#include "config.h"

#include <sched.h>
#include <string.h>

#include "dyno-capture.h"
#include "dyno-simulator.h"
#include "dyno-test.h"
#include "dyno-test-wire.h"

/* Interfaces that come and go, in a network namespace of this process alone: two
 * ends of a virtual cable, a simulated dyno at the one, a capture at the other.
 * Needs root and `ip`; skipped where they are missing. */

#define GROUP "239.255.77.10"
#define PORT 22345

static const char *why_not; /* NULL: the namespace is there */

typedef struct
{
  DynoCapture  *capture; /* (owned) */
  GMutex        lock;
  DynoGathered *out;     /* (owned) (lock) */
  guint         n_before; /* samples when the cable was plugged in again */
} Live;

static gboolean
run (const char *command)
{
  int status = 1;

  return g_spawn_command_line_sync (command, NULL, NULL, &status, NULL) && status == 0;
}

static void
let_in_own_packets (const char *name)
{
  static const char *const settings[] = { "accept_local", "rp_filter" };

  for (gsize i = 0; i < G_N_ELEMENTS (settings); i++)
    {
      g_autofree char *path
        = g_strdup_printf ("/proc/sys/net/ipv4/conf/%s/%s", name, settings[i]);

      g_file_set_contents_full (path, i == 0 ? "1" : "0", 1, G_FILE_SET_CONTENTS_NONE, 0644, NULL);
    }
}

static gboolean
plug_in (void)
{
  gboolean good = run ("ip link add v0 type veth peer name v1")
                  && run ("ip addr add 10.99.0.1/24 dev v0")
                  && run ("ip addr add 10.99.0.2/24 dev v1") && run ("ip link set v0 up")
                  && run ("ip link set v1 up");

  let_in_own_packets ("v0");
  let_in_own_packets ("v1");

  return good;
}

static void
enter_namespace (void)
{
  if (unshare (CLONE_NEWNET) != 0)
    why_not = "a network namespace needs root";
  else if (!run ("ip link set lo up") || !plug_in ())
    why_not = "the command ip cannot make a virtual cable here";
  let_in_own_packets ("all");
  run ("ip link del v0");
}

static gboolean
has_skipped (void)
{
  if (why_not != NULL)
    g_test_skip (why_not);

  return why_not != NULL;
}

static void
sink_cb (DynoBatch *batch,
         gpointer   user_data)
{
  Live *live = user_data;

  g_mutex_lock (&live->lock);
  dyno_gathered_push (batch, live->out);
  g_mutex_unlock (&live->lock);
}

static Live *
live_start (const char *interface)
{
  DynoCaptureConfig config = { .group = GROUP, .port = PORT, .interface = interface, .ttl = 1 };
  Live *live = g_new0 (Live, 1);

  g_mutex_init (&live->lock);
  live->out = dyno_gathered_new ();
  live->capture = dyno_capture_new (&config, sink_cb, live);
  dyno_capture_start (live->capture);

  return live;
}

static void
live_free (Live *live)
{
  dyno_capture_free (live->capture);
  dyno_gathered_free (live->out);
  g_mutex_clear (&live->lock);
  g_free (live);
}

G_DEFINE_AUTOPTR_CLEANUP_FUNC (Live, live_free)

static DynoCaptureState *
state_of (Live *live)
{
  DynoCaptureState *state;

  g_mutex_lock (&live->lock);
  state = live->out->state != NULL ? dyno_capture_state_ref (live->out->state)
                                   : dyno_capture_state_new ();
  g_mutex_unlock (&live->lock);

  return state;
}

static guint
count (Live          *live,
       DynoEventKind  kind)
{
  guint n;

  g_mutex_lock (&live->lock);
  n = dyno_gathered_count (live->out, kind);
  g_mutex_unlock (&live->lock);

  return n;
}

static gboolean
is_capturing (gpointer data)
{
  g_autoptr(DynoCaptureState) state = state_of (data);

  return state->link == DYNO_LINK_CAPTURING;
}

static gboolean
is_cut_off (gpointer data)
{
  return count (data, DYNO_EVENT_LOSS_OF_INPUT) == 1;
}

static gboolean
is_back (gpointer data)
{
  return count (data, DYNO_EVENT_LOSS_OF_INPUT) == 2;
}

static gboolean
has_more (gpointer data)
{
  Live *live = data;
  gboolean has;

  g_mutex_lock (&live->lock);
  has = live->out->samples->len > live->n_before;
  g_mutex_unlock (&live->lock);

  return has;
}

/* The kernel takes a moment until a new cable has a carrier. */
static DynoSimulator *
open_simulator (const DynoSimulatorConfig *config)
{
  DynoSimulator *simulator = NULL;

  for (int i = 0; simulator == NULL && i < 100; i++)
    {
      g_autoptr(GError) error = NULL;

      simulator = dyno_simulator_new (config, NULL, NULL, &error);
      if (simulator == NULL)
        g_usleep (50000);
    }

  return simulator;
}

static DynoSimulator *
simulate (const char *interface)
{
  DynoSimulatorConfig config = { .group = GROUP,
                                 .port = PORT,
                                 .interface = interface,
                                 .is_lan = TRUE,
                                 .ttl = 1,
                                 .profile = "demo-2",
                                 .cycle = "idle" };
  g_autoptr(GError) error = NULL;
  DynoSimulator *simulator = open_simulator (&config);

  g_assert_nonnull (simulator);
  g_assert_true (dyno_simulator_start (simulator, &error));
  g_assert_no_error (error);

  return simulator;
}

/* The cable is pulled and plugged in again under another number: the recording
 * goes on, the gap is marked. */
static void
test_cable (void)
{
  g_autoptr(DynoSimulator) simulator = NULL;
  g_autoptr(Live) live = NULL;
  g_autoptr(DynoCaptureState) state = NULL;

  if (has_skipped ())
    return;
  g_assert_true (plug_in ());
  live = live_start ("v0");
  simulator = simulate ("v1");
  dyno_test_wait_for (is_capturing, live, 20);

  g_assert_true (run ("ip link del v0"));
  dyno_test_wait_for (is_cut_off, live, 20);
  g_assert_cmpstr (dyno_gathered_last (live->out, DYNO_EVENT_LOSS_OF_INPUT)->text, ==,
                   "v0 went away");
  state = state_of (live);
  g_assert_cmpint (state->reason, ==, DYNO_LINK_REASON_NO_INTERFACE);
  g_clear_pointer (&simulator, dyno_simulator_free);

  g_assert_true (plug_in ());
  dyno_test_wait_for (is_back, live, 20);
  g_mutex_lock (&live->lock);
  live->n_before = live->out->samples->len;
  g_mutex_unlock (&live->lock);
  simulator = simulate ("v1");
  dyno_test_wait_for (has_more, live, 20);
  g_clear_pointer (&simulator, dyno_simulator_free);
  dyno_capture_stop (live->capture);
  run ("ip link del v0");
}

/* A machine with no network at all, not even a route: the dyno on lo is heard under one
 * id, and neither side takes its own echo for another's voice. */
static void
test_loopback_alone (void)
{
  g_autoptr(DynoSimulator) simulator = NULL;
  g_autoptr(Live) live = NULL;
  g_autoptr(DynoCaptureState) state = NULL;

  if (has_skipped ())
    return;
  live = live_start ("lo");
  simulator = simulate ("lo");
  dyno_test_wait_for (is_capturing, live, 20);
  live->n_before = 100;
  dyno_test_wait_for (has_more, live, 20);
  dyno_capture_stop (live->capture);
  state = state_of (live);
  g_assert_cmpuint (state->n_providers, ==, 1);
  g_assert_cmpuint (state->providers[0].address, ==, 0x7F000001);
  g_assert_cmpuint (count (live, DYNO_EVENT_COLLISION), ==, 0);
  g_assert_cmpuint (state->counts.own, >, 0);
}

static gboolean
is_settled (gpointer data)
{
  g_autoptr(DynoCaptureState) state = state_of (data);
  guint n_joined = 0;
  gboolean has_cable = FALSE;

  for (guint i = 0; i < state->n_interfaces; i++)
    {
      n_joined += state->interfaces[i].is_joined ? 1 : 0;
      has_cable |= state->interfaces[i].is_joined && g_str_equal (state->interfaces[i].name, "v0");
    }

  return n_joined == 1 && has_cable;
}

static gboolean
hears_all (gpointer data)
{
  g_autoptr(DynoCaptureState) state = state_of (data);
  guint n_joined = 0;

  for (guint i = 0; i < state->n_interfaces; i++)
    n_joined += state->interfaces[i].is_joined ? 1 : 0;

  return n_joined >= 3; /* lo and both ends */
}

/* "auto" listens everywhere, then where the dyno is, and everywhere again when it
 * fell silent. */
static void
test_auto (void)
{
  g_autoptr(DynoSimulator) simulator = NULL;
  g_autoptr(Live) live = NULL;

  if (has_skipped ())
    return;
  g_assert_true (plug_in ());
  live = live_start ("auto");
  dyno_test_wait_for (hears_all, live, 20);
  simulator = simulate ("v1");
  dyno_test_wait_for (is_capturing, live, 20);
  dyno_test_wait_for (is_settled, live, 20);
  g_clear_pointer (&simulator, dyno_simulator_free);
  dyno_test_wait_for (hears_all, live, 20);
  dyno_capture_stop (live->capture);
  run ("ip link del v0");
}

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  enter_namespace ();

  g_test_add_func ("/capture/netns/cable", test_cable);
  g_test_add_func ("/capture/netns/loopback-alone", test_loopback_alone);
  g_test_add_func ("/capture/netns/auto", test_auto);

  return g_test_run ();
}
