/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

#include "config.h"

#include <math.h>
#include <string.h>

#include "dyno-await.h"
#include "dyno-capture.h"
#include "dyno-error.h"
#include "dyno-journal-file.h"
#include "dyno-netcheck.h"
#include "dyno-packet-ring.h"
#include "dyno-replay.h"
#include "dyno-simulator.h"
#include "dyno-test.h"
#include "dyno-test-wire.h"
#include "dyno-wire.h"

/* The wire itself: loopback, a private group, TTL 0, a port of this run. */

#define GROUP "239.255.77.10"
#define OTHER_GROUP "239.255.77.11"

static guint16 port;

/* A capture with all that came out of it. */
typedef struct
{
  DynoCapture    *capture;  /* (owned) */
  GMutex          lock;
  DynoGathered   *out;      /* (owned) (lock) */
  DynoPacketRing *ring;     /* (owned) (lock) */
  gulong          nap_us;   /* (lock) how long the sink sleeps at the next samples */
} Live;

static void
sink_cb (DynoBatch *batch,
         gpointer   user_data)
{
  Live *live = user_data;
  gulong nap_us = 0;

  g_mutex_lock (&live->lock);
  dyno_gathered_push (batch, live->out);
  dyno_packet_ring_push (live->ring, batch);
  if (batch->n_samples > 0)
    {
      nap_us = live->nap_us;
      live->nap_us = 0;
    }
  g_mutex_unlock (&live->lock);
  g_usleep (nap_us);
}

static Live *
live_new (const char *interface,
          int         receive_buffer)
{
  DynoCaptureConfig config = { .group = GROUP,
                               .port = port,
                               .interface = interface,
                               .ttl = 0,
                               .receive_buffer = receive_buffer };
  Live *live = g_new0 (Live, 1);

  g_mutex_init (&live->lock);
  live->out = dyno_gathered_new ();
  live->ring = dyno_packet_ring_new (DYNO_PACKET_RING_SPAN_US, DYNO_PACKET_RING_BYTES);
  live->capture = dyno_capture_new (&config, sink_cb, live);

  return live;
}

static Live *
live_start (void)
{
  Live *live = live_new ("lo", 0);

  dyno_capture_start (live->capture);

  return live;
}

static void
live_free (Live *live)
{
  dyno_capture_free (live->capture);
  dyno_gathered_free (live->out);
  dyno_packet_ring_free (live->ring);
  g_mutex_clear (&live->lock);
  g_free (live);
}

G_DEFINE_AUTOPTR_CLEANUP_FUNC (Live, live_free)

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

static gboolean
is_capturing (gpointer data)
{
  g_autoptr(DynoCaptureState) state = state_of (data);

  return state->link == DYNO_LINK_CAPTURING && state->chosen >= 0
         && state->providers[state->chosen].has_list;
}

static gboolean
is_listening (gpointer data)
{
  g_autoptr(DynoCaptureState) state = state_of (data);

  return state->link == DYNO_LINK_LISTENING;
}

static DynoSimulatorConfig
simulator_config (void)
{
  return (DynoSimulatorConfig){
    .group = GROUP, .port = port, .ttl = -1, .seed = 7, .noise = 1, .profile = "rt150-104"
  };
}

static DynoSimulator *
simulate (const DynoSimulatorConfig *config)
{
  g_autoptr(GError) error = NULL;
  DynoSimulator *simulator = dyno_simulator_new (config, NULL, NULL, &error);

  g_assert_no_error (error);
  g_assert_true (dyno_simulator_start (simulator, &error));
  g_assert_no_error (error);

  return simulator;
}

static gboolean
has_ended (gpointer data)
{
  return !dyno_simulator_is_running (data);
}

static gboolean
has_skipped (void)
{
  DynoWireConfig config = { .group = GROUP, .port = port, .ttl = 0 };
  g_autoptr(GError) error = NULL;
  g_autoptr(DynoWire) wire = dyno_wire_open (&config, &error);

  if (wire != NULL && dyno_wire_join (wire, 1, &error)
      && dyno_wire_send (wire, 1, (const guint8 *) "x", 1))
    return FALSE;
  g_test_skip (error != NULL ? error->message : "multicast on lo cannot be sent here");

  return TRUE;
}

static void
test_found (void)
{
  DynoSimulatorConfig config = simulator_config ();
  g_autoptr(DynoSimulator) simulator = NULL;
  g_autoptr(Live) live = NULL;
  g_autoptr(DynoCaptureState) state = NULL;
  const DynoChannelState *rpm;

  if (has_skipped ())
    return;
  config.host_id = 0x3BBC;
  simulator = simulate (&config);
  live = live_start ();
  dyno_test_wait_for (is_capturing, live, 20);

  state = state_of (live);
  g_assert_cmpstr (state->providers[state->chosen].name, ==, "DynoAI Simulator");
  g_assert_true (state->providers[state->chosen].is_simulator);
  g_assert_cmpuint (state->providers[state->chosen].host_id, ==, 0x3BBC);
  g_assert_cmpuint (state->providers[state->chosen].n_channels, ==, 104);
  rpm = dyno_capture_state_bound (state, DYNO_CHANNEL_RPM);
  g_assert_nonnull (rpm);
  g_assert_cmpstr (rpm->channel->name, ==, "Engine RPM");
  g_assert_cmpfloat (rpm->last, >, 500);

  dyno_capture_stop (live->capture);
  g_clear_pointer (&state, dyno_capture_state_unref);
  state = state_of (live);
  g_assert_cmpint (state->link, ==, DYNO_LINK_OFF);
  g_assert_false (dyno_capture_is_running (live->capture));
  dyno_capture_stop (live->capture);
}

/* The totals of a truth file: messages sent with an id, dropped ones, samples. */
typedef struct
{
  guint64 n_sent;
  guint64 n_dropped;
  guint64 n_samples;
  guint64 n_samples_dropped;
} Truth;

static Truth
read_truth (const char *path)
{
  g_autofree char *text = dyno_test_read (path, NULL);
  g_auto(GStrv) lines = g_strsplit (text, "\n", -1);
  Truth truth = { 0 };

  for (guint i = 0; lines[i] != NULL && lines[i][0] != '\0'; i++)
    {
      g_autoptr(GError) error = NULL;
      g_autoptr(DynoJson) json = dyno_json_parse (lines[i], -1, &error);
      const char *event = dyno_json_get_string (json, "event");

      g_assert_no_error (error);
      if (g_str_equal (event, "sent"))
        truth.n_sent += (guint64) dyno_json_get_integer (json, "messages", 0);
      else if (g_str_equal (event, "dropped"))
        truth.n_dropped++;
      else if (g_str_equal (event, "channel"))
        {
          truth.n_samples += (guint64) dyno_json_get_integer (json, "samples", 0);
          truth.n_samples_dropped += (guint64) dyno_json_get_integer (json, "dropped", 0);
        }
    }

  return truth;
}

/* Loss, repeats and reordering: the counters say what the network really did,
 * message by message, and nothing that came is missing or there twice. */
static void
test_counters_equal_truth (void)
{
  g_autofree char *folder = dyno_test_make_folder ();
  g_autofree char *path = g_build_filename (folder, "truth.jsonl", NULL);
  DynoSimulatorConfig config = simulator_config ();
  g_autoptr(DynoSimulator) simulator = NULL;
  g_autoptr(Live) live = NULL;
  g_autoptr(DynoCaptureState) state = NULL;
  const DynoHostCounts *counts;
  Truth truth;

  if (has_skipped ())
    return;
  live = live_start ();
  dyno_test_wait_for (is_listening, live, 20);
  config.host_id = 0x3BBC;
  config.truth_path = path;
  config.speed = 10;
  config.rate_scale = 1;
  config.seconds = 4;
  /* The first and the last messages get through, so that no loss stays unseen. */
  config.scenario = "2 drop 5\n2 duplicate 5\n2 reorder 5 3\n30 drop 0\n30 duplicate 0\n"
                    "30 reorder 0 1\n";
  simulator = simulate (&config);
  dyno_test_wait_for (has_ended, simulator, 30);
  dyno_capture_stop (live->capture);

  truth = read_truth (path);
  state = state_of (live);
  counts = &state->providers[0].counts;
  g_assert_cmpuint (truth.n_dropped, >, 0);
  g_assert_cmpuint (counts->duplicates, >, 0);
  g_assert_cmpuint (counts->late, >, 0);
  g_assert_cmpuint (counts->lost, ==, truth.n_dropped);
  g_assert_cmpuint (counts->received, ==, truth.n_sent - truth.n_dropped);
  g_assert_cmpuint (state->counts.kernel_drops, ==, 0);
  g_assert_cmpuint (counts->samples + counts->unresolved, ==,
                    truth.n_samples - truth.n_samples_dropped);
  dyno_test_remove_folder (folder);
}

static void
assert_same_wire (const DynoWireChannel *a,
                  const DynoWireChannel *b)
{
  g_assert_cmpstr (a->provider, ==, b->provider);
  g_assert_cmpstr (a->name, ==, b->name);
  g_assert_cmpuint (a->generation, ==, b->generation);
  g_assert_cmpuint (a->id, ==, b->id);
  g_assert_cmpuint (a->unit_code, ==, b->unit_code);
  g_assert_cmpuint (a->occurrence, ==, b->occurrence);
}

static void
assert_same (const DynoGathered *live,
             guint               first,
             const DynoGathered *derived)
{
  g_assert_cmpuint (live->samples->len - first, ==, derived->samples->len);
  for (guint i = 0; i < derived->samples->len; i++)
    {
      const DynoSample *a = &g_array_index (live->samples, DynoSample, first + i);
      const DynoSample *b = &g_array_index (derived->samples, DynoSample, i);

      g_assert_cmpuint (a->channel, ==, b->channel);
      g_assert_cmpuint (a->generation, ==, b->generation);
      g_assert_cmpint (a->t_us, ==, b->t_us);
      g_assert_cmpint (a->arrival_us, ==, b->arrival_us);
      g_assert_cmpmem (&a->raw, sizeof a->raw, &b->raw, sizeof b->raw);
      g_assert_cmphex (a->flags, ==, b->flags);
      assert_same_wire (g_ptr_array_index (live->wires, a->channel),
                        g_ptr_array_index (derived->wires, b->channel));
    }
}

static DynoJournalResult *
write_journal (Live       *live,
               const char *path,
               gint64      since_us)
{
  g_autoptr(DynoJournal) journal = dyno_journal_new (dyno_clock_get_system ());
  g_autoptr(DynoAwait) await = dyno_await_new ();
  g_autoptr(GPtrArray) records = NULL;
  g_autoptr(GError) error = NULL;
  DynoJournalFile *file;
  DynoJournalResult *result;
  gint64 begin_us = 0;

  g_mutex_lock (&live->lock);
  records = dyno_packet_ring_copy_since (live->ring, since_us, &begin_us);
  g_mutex_unlock (&live->lock);
  file = dyno_journal_begin (journal, path, "run_test", GROUP, port, records, begin_us);
  dyno_journal_file_finish_async (file, g_get_monotonic_time (), dyno_await_cb, await);
  result = dyno_journal_file_finish (dyno_await_wait (await), &error);
  g_assert_no_error (error);
  g_assert_cmpint (result->status, ==, DYNO_JOURNAL_FILE_WRITING);

  return result;
}

static DynoGathered *
derive (const char *path)
{
  DynoGathered *derived = dyno_gathered_new ();
  g_auto(DynoReplayReport) report = { 0 };
  g_autoptr(GError) error = NULL;

  dyno_replay_derive (path, 0, dyno_gathered_push, derived, NULL, &report, &error);
  g_assert_no_error (error);
  g_assert_true (report.is_complete);

  return derived;
}

/* A session over the socket against what its journal gives: all of it, and a run
 * with pre-roll from the middle. */
static void
test_journal_gives_the_same (void)
{
  g_autofree char *folder = dyno_test_make_folder ();
  g_autofree char *whole = g_build_filename (folder, "whole.jdj", NULL);
  g_autofree char *run = g_build_filename (folder, "run.jdj", NULL);
  DynoSimulatorConfig config = simulator_config ();
  g_autoptr(DynoSimulator) simulator = NULL;
  g_autoptr(Live) live = NULL;
  g_autoptr(DynoGathered) from_whole = NULL;
  g_autoptr(DynoGathered) from_run = NULL;
  g_autoptr(DynoJournalResult) a = NULL;
  g_autoptr(DynoJournalResult) b = NULL;
  gint64 end_us;

  if (has_skipped ())
    return;
  live = live_start ();
  dyno_test_wait_for (is_listening, live, 20);
  config.speed = 8;
  config.seconds = 9;
  config.scenario = "0 drop 3\n0 duplicate 5\n0 reorder 5 2\n5 page-drop 1\n5 clear\n8 rename 5 "
                    "\"Digital RPM 1\"\n12 renumber silent\n16 renumber clear\n20 nan 7 3\n"
                    "24 restart\n40 restart-same-id\n44 peg 14 2\n";
  simulator = simulate (&config);
  dyno_test_wait_for (has_ended, simulator, 40);
  dyno_capture_stop (live->capture);
  end_us = g_get_monotonic_time ();
  a = write_journal (live, whole, 0);
  b = write_journal (live, run, end_us - 3 * G_USEC_PER_SEC);

  from_whole = derive (whole);
  g_assert_cmpuint (from_whole->samples->len, >, 20000);
  assert_same (live->out, live->out->samples->len - from_whole->samples->len, from_whole);
  from_run = derive (run);
  g_assert_cmpuint (from_run->samples->len, >, 5000);
  g_assert_cmpuint (from_run->samples->len, <, from_whole->samples->len);
  assert_same (live->out, live->out->samples->len - from_run->samples->len, from_run);
  dyno_test_remove_folder (folder);
}

static gboolean
has_samples (gpointer data)
{
  Live *live = data;
  gboolean has;

  g_mutex_lock (&live->lock);
  has = live->out->samples->len > 500;
  g_mutex_unlock (&live->lock);

  return has;
}

/* Two clients hear one provider; who listens to another group hears nothing. */
static void
test_two_clients (void)
{
  DynoSimulatorConfig config = simulator_config ();
  g_autoptr(DynoSimulator) simulator = NULL;
  g_autoptr(DynoSimulator) foreign = NULL;
  g_autoptr(Live) one = NULL;
  g_autoptr(Live) two = NULL;
  g_autoptr(DynoCaptureState) state = NULL;

  if (has_skipped ())
    return;
  one = live_start ();
  two = live_start ();
  config.group = OTHER_GROUP;
  config.name = "Foreign";
  foreign = simulate (&config);
  config.group = GROUP;
  config.name = NULL;
  config.host_id = 0x1111;
  simulator = simulate (&config);
  dyno_test_wait_for (has_samples, one, 20);
  dyno_test_wait_for (has_samples, two, 20);

  state = state_of (one);
  for (guint i = 0; i < state->n_providers; i++)
    g_assert_cmpstr (state->providers[i].name, !=, "Foreign");
  g_assert_cmpuint (state->counts.own, >, 0); /* our echo was heard, and told */
}

static gboolean
is_busy (gpointer data)
{
  g_autoptr(DynoCaptureState) state = state_of (data);

  return state->reason == DYNO_LINK_REASON_PORT_BUSY;
}

static void
test_busy_port (void)
{
  g_autoptr(GSocket) hog = g_socket_new (G_SOCKET_FAMILY_IPV4, G_SOCKET_TYPE_DATAGRAM,
                                         G_SOCKET_PROTOCOL_UDP, NULL);
  g_autoptr(GInetAddress) any = g_inet_address_new_any (G_SOCKET_FAMILY_IPV4);
  g_autoptr(GSocketAddress) address = g_inet_socket_address_new (any, port);
  g_autoptr(Live) live = NULL;
  g_autoptr(GPtrArray) checks = NULL;
  DynoNetcheckConfig netcheck = { .group = GROUP, .port = port, .interface = "lo", .listen_us = 1 };
  gboolean says_so = FALSE;

  if (has_skipped ())
    return;
  g_assert_true (g_socket_bind (hog, address, FALSE, NULL));
  live = live_start ();
  dyno_test_wait_for (is_busy, live, 20);
  checks = dyno_netcheck_run (&netcheck, NULL);
  for (guint i = 0; i < checks->len; i++)
    {
      const DynoCheck *check = g_ptr_array_index (checks, i);

      says_so |= g_str_equal (check->name, "port") && check->status == DYNO_CHECK_FAIL;
    }
  g_assert_true (says_so);

  g_assert_true (g_socket_close (hog, NULL));
  dyno_test_wait_for (is_listening, live, 20);
}

static gboolean
was_replaced (gpointer data)
{
  return count (data, DYNO_EVENT_PROVIDER_REPLACED) == 1;
}

static gboolean
is_single (gpointer data)
{
  g_autoptr(DynoCaptureState) state = state_of (data);
  guint n = 0;

  for (guint i = 0; i < state->n_providers; i++)
    n += state->providers[i].is_provider ? 1 : 0;

  return n == 1 && state->chosen >= 0;
}

static gboolean
collided (gpointer data)
{
  g_autoptr(DynoCaptureState) state = state_of (data);

  return count (data, DYNO_EVENT_COLLISION) >= 1 && state->own_id != 0;
}

static gboolean
saw_version (gpointer data)
{
  return count (data, DYNO_EVENT_PROVIDER_VERSION) >= 1;
}

static gboolean
has_two (gpointer data)
{
  g_autoptr(DynoCaptureState) state = state_of (data);

  return (state->warnings & DYNO_WARNING_SEVERAL_PROVIDERS) != 0;
}

static void
test_field_problems (void)
{
  DynoSimulatorConfig config = simulator_config ();
  g_autoptr(DynoSimulator) simulator = NULL;
  g_autoptr(Live) live = NULL;
  g_autoptr(DynoCaptureState) state = NULL;
  g_autoptr(GError) error = NULL;

  if (has_skipped ())
    return;
  live = live_start ();
  simulator = simulate (&config);
  dyno_test_wait_for (is_capturing, live, 20);

  g_assert_true (dyno_simulator_command (simulator, "restart", &error));
  dyno_test_wait_for (was_replaced, live, 20);
  dyno_test_wait_for (is_single, live, 20);

  g_assert_true (dyno_simulator_command (simulator, "collide", &error));
  dyno_test_wait_for (collided, live, 20);
  dyno_test_wait_for (is_capturing, live, 20);

  g_assert_true (dyno_simulator_command (simulator, "version 12", &error));
  dyno_test_wait_for (saw_version, live, 20);

  g_assert_true (dyno_simulator_command (simulator, "second \"Other Dyno\"", &error));
  dyno_test_wait_for (has_two, live, 20);
  state = state_of (live);
  g_assert_cmpstr (state->providers[state->chosen].name, ==, "DynoAI Simulator");

  g_assert_false (dyno_simulator_command (simulator, "explode", &error));
  g_assert_error (error, DYNO_ERROR, DYNO_ERROR_INVALID);
}

/* Counts what a provider says to a storm of requests. */
static void
test_storm (void)
{
  DynoSimulatorConfig config = simulator_config ();
  DynoWireConfig wire_config = { .group = GROUP, .port = port, .ttl = 0 };
  g_autoptr(DynoSimulator) simulator = NULL;
  g_autoptr(DynoWire) wire = NULL;
  DynoDatagram datagrams[DYNO_WIRE_MOST_AT_ONCE];
  DynoKlhdvFrame frame;
  guint n, n_pages = 0;
  gint64 end_us;

  if (has_skipped ())
    return;
  config.profile = "demo-2";
  config.host_id = 0x2222;
  simulator = simulate (&config);
  wire = dyno_wire_open (&wire_config, NULL);
  g_assert_true (dyno_wire_join (wire, 1, NULL));
  end_us = g_get_monotonic_time () + 2 * G_USEC_PER_SEC;
  while (g_get_monotonic_time () < end_us)
    {
      DynoKlhdvHeader header = { 0x7777, 0, DYNO_KLHDV_ALL_HOSTS };
      guint8 data[DYNO_KLHDV_DATAGRAM_SIZE];

      dyno_wire_send (wire, 1, data,
                      dyno_klhdv_write_empty (data, &header, DYNO_KLHDV_REQUEST_INFO));
      while ((n = dyno_wire_receive (wire, datagrams)) > 0)
        {
          for (guint i = 0; i < n; i++)
            {
              dyno_klhdv_decode (datagrams[i].data, datagrams[i].size, &frame);
              n_pages += frame.key == DYNO_KLHDV_CHANNEL_INFO ? 1 : 0;
            }
        }
      g_usleep (2000);
    }
  g_assert_cmpuint (n_pages, >=, 4);
  g_assert_cmpuint (n_pages, <=, 10); /* four a second, the first by itself */
}

static void
send_values (DynoWire *wire,
             guint8    seq)
{
  DynoKlhdvHeader header = { 0x5555, seq, DYNO_KLHDV_ALL_HOSTS };
  DynoKlhdvRecord records[140];
  guint8 data[DYNO_KLHDV_DATAGRAM_SIZE];

  for (guint i = 0; i < G_N_ELEMENTS (records); i++)
    records[i] = (DynoKlhdvRecord){ 0, 1000 + seq, seq };
  dyno_wire_send (wire, 1, data,
                  dyno_klhdv_write_values (data, &header, records, G_N_ELEMENTS (records)));
}

static gboolean
has_list (gpointer data)
{
  return count (data, DYNO_EVENT_CHANNEL_ADDED) == 1;
}

static gboolean
has_first_values (gpointer data)
{
  Live *live = data;
  gboolean has;

  g_mutex_lock (&live->lock);
  has = live->out->samples->len > 0;
  g_mutex_unlock (&live->lock);

  return has;
}

static gboolean
has_last_values (gpointer data)
{
  Live *live = data;
  gboolean has;

  g_mutex_lock (&live->lock);
  has = live->out->samples->len > 0
        && g_array_index (live->out->samples, DynoSample, live->out->samples->len - 1).raw == 122;
  g_mutex_unlock (&live->lock);

  return has;
}

/* A receiver that sleeps and a buffer that is too small: what is missing is
 * counted to the last datagram, by the kernel and by the numbers. */
static void
test_small_buffer (void)
{
  DynoWireConfig config = { .group = GROUP, .port = port, .ttl = 0 };
  DynoKlhdvHeader header = { 0x5555, 0, DYNO_KLHDV_ALL_HOSTS };
  g_autoptr(DynoWire) wire = NULL;
  g_autoptr(Live) live = NULL;
  g_autoptr(DynoCaptureState) state = NULL;
  DynoKlhdvEntry entry;
  guint8 data[DYNO_KLHDV_DATAGRAM_SIZE];

  if (has_skipped ())
    return;
  live = live_new ("lo", 20000);
  dyno_capture_start (live->capture);
  dyno_test_wait_for (is_listening, live, 20);
  wire = dyno_wire_open (&config, NULL);
  dyno_klhdv_set_entry (&entry, 0, "Load", 255);
  dyno_wire_send (wire, 1, data, dyno_klhdv_write_info (data, &header, "Burst", &entry, 1));
  dyno_test_wait_for (has_list, live, 20);
  g_mutex_lock (&live->lock);
  live->nap_us = 500000;
  g_mutex_unlock (&live->lock);
  send_values (wire, 1);
  dyno_test_wait_for (has_first_values, live, 20);
  for (guint8 seq = 2; seq <= 121; seq++)
    send_values (wire, seq);
  g_usleep (800000);
  send_values (wire, 122); /* what the kernel dropped shows behind it */
  dyno_test_wait_for (has_last_values, live, 20);
  dyno_capture_stop (live->capture);

  state = state_of (live);
  g_assert_cmpuint (state->providers[0].counts.lost, >, 20);
  g_assert_cmpuint (state->providers[0].counts.lost, ==, state->counts.kernel_drops);
  g_assert_cmpuint (state->providers[0].counts.received + state->providers[0].counts.lost, ==, 123);
  g_assert_cmpuint (live->out->samples->len, ==,
                    140 * (122 - state->providers[0].counts.lost));
  g_assert_cmpuint (count (live, DYNO_EVENT_KERNEL_DROPS), >=, 1);
  g_assert_cmpuint (count (live, DYNO_EVENT_SMALL_BUFFER), ==, 1);
}

/* Whatever malformed things other nodes say, the provider is heard. */
static void
test_malformed_on_the_wire (void)
{
  DynoSimulatorConfig config = simulator_config ();
  g_autoptr(DynoSimulator) simulator = NULL;
  g_autoptr(Live) live = NULL;
  g_autoptr(DynoCaptureState) state = NULL;

  if (has_skipped ())
    return;
  live = live_start ();
  dyno_test_wait_for (is_listening, live, 20);
  config.seconds = 3;
  config.host_id = 0x0101;
  config.scenario = "0.2 malformed N1\n0.2 malformed N4\n0.2 malformed N8\n0.2 malformed N14\n"
                    "0.4 malformed N6\n0.5 malformed N13\n0.6 fuzz 500\n";
  simulator = simulate (&config);
  dyno_test_wait_for (has_ended, simulator, 20);
  dyno_capture_stop (live->capture);
  state = state_of (live);
  g_assert_cmpuint (state->counts.malformed, >=, 4);
  g_assert_cmpuint (state->counts.bad_host, >=, 1);
  g_assert_cmpuint (state->counts.unnegotiated, >=, 1);
  g_assert_cmpuint (live->out->samples->len, >, 500);
}

static void
check_refused (const char *group,
               const char *interface,
               gboolean    is_lan,
               int         ttl,
               const char *scenario,
               gboolean    is_refused)
{
  DynoSimulatorConfig config = simulator_config ();
  g_autoptr(GError) error = NULL;
  g_autoptr(DynoSimulator) simulator = NULL;

  config.group = group;
  config.interface = interface;
  config.is_lan = is_lan;
  config.ttl = ttl;
  config.scenario = scenario;
  simulator = dyno_simulator_new (&config, NULL, NULL, &error);
  if (is_refused)
    g_assert_nonnull (error);
  else
    g_assert_no_error (error);
}

static void
test_malformed_is_refused (void)
{
  g_autoptr(DynoSimulator) simulator = NULL;
  DynoSimulatorConfig config = simulator_config ();
  g_autoptr(GError) error = NULL;

  check_refused (GROUP, "lo", FALSE, 0, "1 malformed N1\n2 fuzz 3", FALSE);
  check_refused ("224.0.2.10", "lo", FALSE, 0, "1 malformed N1", TRUE);
  check_refused ("224.0.2.10", "lo", FALSE, 0, "1 fuzz 1", TRUE);
  check_refused (GROUP, "lo", FALSE, 1, "1 malformed N1", TRUE);
  check_refused ("224.0.2.10", "lo", FALSE, 0, "1 drop 1", FALSE);
  check_refused (GROUP, "lo", FALSE, 0, "1 malformed N16", TRUE);

  config.group = "224.0.2.10";
  simulator = dyno_simulator_new (&config, NULL, NULL, &error);
  g_assert_no_error (error);
  g_assert_false (dyno_simulator_command (simulator, "fuzz 10", &error));
  g_assert_error (error, DYNO_ERROR, DYNO_ERROR_DENIED);
}

static gpointer
command_thread (gpointer data)
{
  Live *live = data;
  DynoPin *pin = dyno_pin_new ("DynoAI Simulator", "Engine Speed", 8, 2, DYNO_CHANNEL_RPM);

  for (guint i = 0; i < 50; i++)
    {
      dyno_capture_pin (live->capture, pin);
      dyno_capture_note (live->capture, "{\"event\":\"mark\",\"text\":\"x\"}");
      dyno_capture_choose_provider (live->capture, i % 2 == 0 ? "DynoAI Simulator" : NULL);
      dyno_capture_set_passive (live->capture, i % 3 == 0);
      dyno_capture_set_interface (live->capture, i % 5 == 0 ? "auto" : "lo");
      if (i % 7 == 0)
        dyno_capture_start (live->capture);
      if (i % 11 == 0)
        dyno_capture_stop (live->capture);
      dyno_capture_unpin (live->capture, pin);
      dyno_capture_count_drops (live->capture, i, i);
    }
  dyno_pin_free (pin);

  return NULL;
}

/* Two hundred starts and stops, with commands from four threads between them. */
static void
test_start_and_stop (void)
{
  DynoSimulatorConfig config = simulator_config ();
  g_autoptr(DynoSimulator) simulator = NULL;
  g_autoptr(Live) live = NULL;
  g_autoptr(DynoCaptureState) state = NULL;
  GThread *threads[4];

  if (has_skipped ())
    return;
  simulator = simulate (&config);
  live = live_new ("lo", 0);
  for (guint i = 0; i < 200; i++)
    {
      dyno_capture_start (live->capture);
      dyno_capture_start (live->capture);
      dyno_capture_stop (live->capture);
    }
  dyno_capture_start (live->capture);
  for (guint i = 0; i < G_N_ELEMENTS (threads); i++)
    threads[i] = g_thread_new ("test", command_thread, live);
  for (guint i = 0; i < G_N_ELEMENTS (threads); i++)
    g_thread_join (threads[i]);
  dyno_capture_stop (live->capture);
  state = state_of (live);
  g_assert_cmpint (state->link, ==, DYNO_LINK_OFF);
  g_assert_false (dyno_capture_is_running (live->capture));
}

/* Numbers of columns go on from one capture to the next. */
static void
test_indices_are_never_used_again (void)
{
  DynoSimulatorConfig config = simulator_config ();
  g_autoptr(DynoSimulator) simulator = NULL;
  g_autoptr(Live) live = NULL;
  guint32 last;

  if (has_skipped ())
    return;
  simulator = simulate (&config);
  live = live_start ();
  dyno_test_wait_for (is_capturing, live, 20);
  dyno_capture_stop (live->capture);
  last = live->out->wires->len;
  g_assert_cmpuint (last, >=, 104);
  dyno_capture_start (live->capture);
  dyno_test_wait_for (is_capturing, live, 20);
  dyno_capture_stop (live->capture);
  g_assert_cmpuint (live->out->wires->len, >=, last + 104);
}

typedef struct
{
  char                 *path;
  DynoReplayWireConfig  config;
  DynoReplayReport      report;
  gint                  is_done; /* (atomic) */
} Sending;

static gpointer
send_thread (gpointer data)
{
  Sending *sending = data;
  g_autoptr(GError) error = NULL;

  dyno_replay_send (sending->path, &sending->config, NULL, &sending->report, &error);
  g_assert_no_error (error);
  g_atomic_int_set (&sending->is_done, TRUE);

  return NULL;
}

static gboolean
is_sent (gpointer data)
{
  Sending *sending = data;

  return g_atomic_int_get (&sending->is_done);
}

/* A journal on the wire again is heard as a provider with the same channels. */
static void
test_replay_on_the_wire (void)
{
  g_autofree char *folder = dyno_test_make_folder ();
  g_autofree char *path = g_build_filename (folder, "run.jdj", NULL);
  DynoSimulatorConfig config = simulator_config ();
  g_autoptr(DynoSimulator) simulator = NULL;
  g_autoptr(Live) first = NULL;
  g_autoptr(Live) second = NULL;
  g_autoptr(DynoJournalResult) result = NULL;
  Sending sending = { .config = { .group = GROUP, .port = port, .ttl = -1, .speed = 4 } };
  GThread *thread;

  if (has_skipped ())
    return;
  first = live_start ();
  dyno_test_wait_for (is_listening, first, 20);
  config.seconds = 5;
  config.name = "Recorded Dyno";
  simulator = simulate (&config);
  dyno_test_wait_for (has_ended, simulator, 20);
  dyno_capture_stop (first->capture);
  result = write_journal (first, path, 0);

  second = live_start ();
  dyno_test_wait_for (is_listening, second, 20);
  sending.path = path;
  thread = g_thread_new ("test", send_thread, &sending);
  dyno_test_wait_for (is_sent, &sending, 30);
  g_thread_join (thread);
  dyno_capture_stop (second->capture);

  g_assert_cmpuint (sending.report.n_samples, >, 1000);
  g_assert_cmpuint (second->out->samples->len, ==, sending.report.n_samples);
  g_assert_cmpuint (second->out->samples->len, ==, first->out->samples->len);
  for (guint i = 0; i < second->out->samples->len; i++)
    {
      const DynoSample *a = &g_array_index (first->out->samples, DynoSample, i);
      const DynoSample *b = &g_array_index (second->out->samples, DynoSample, i);
      const DynoWireChannel *x = g_ptr_array_index (first->out->wires, a->channel);
      const DynoWireChannel *y = g_ptr_array_index (second->out->wires, b->channel);

      g_assert_cmpstr (x->name, ==, y->name);
      g_assert_cmpuint (x->id, ==, y->id);
      g_assert_cmpmem (&a->raw, sizeof a->raw, &b->raw, sizeof b->raw);
      if (i > 0)
        g_assert_cmpint (a->t_us - (a - 1)->t_us, ==, b->t_us - (b - 1)->t_us);
    }
  dyno_replay_report_clear (&sending.report);
  dyno_test_remove_folder (folder);
}

static void
test_netcheck (void)
{
  DynoSimulatorConfig config = simulator_config ();
  DynoNetcheckConfig netcheck
    = { .group = GROUP, .port = port, .interface = "lo", .listen_us = 500000 };
  g_autoptr(DynoSimulator) simulator = NULL;
  g_autoptr(GPtrArray) alone = NULL;
  g_autoptr(GPtrArray) together = NULL;
  gboolean was_quiet = FALSE, was_heard = FALSE;

  if (has_skipped ())
    return;
  alone = dyno_netcheck_run (&netcheck, NULL);
  config.host_id = 0x1234;
  simulator = simulate (&config);
  together = dyno_netcheck_run (&netcheck, NULL);
  for (guint i = 0; i < alone->len; i++)
    {
      const DynoCheck *check = g_ptr_array_index (alone, i);

      was_quiet |= g_str_equal (check->name, "probe lo") && check->status == DYNO_CHECK_WARN;
      g_assert_true (check->status == DYNO_CHECK_OK || check->fix[0] != '\0');
    }
  for (guint i = 0; i < together->len; i++)
    {
      const DynoCheck *check = g_ptr_array_index (together, i);

      was_heard |= g_str_equal (check->name, "probe lo") && check->status == DYNO_CHECK_OK;
    }
  g_assert_true (was_quiet);
  g_assert_true (was_heard);
}

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  port = (guint16) (22345 + g_random_int_range (0, 2000));

  g_test_add_func ("/capture/live/found", test_found);
  g_test_add_func ("/capture/live/counters-equal-truth", test_counters_equal_truth);
  g_test_add_func ("/capture/live/journal-gives-the-same", test_journal_gives_the_same);
  g_test_add_func ("/capture/live/two-clients", test_two_clients);
  g_test_add_func ("/capture/live/busy-port", test_busy_port);
  g_test_add_func ("/capture/live/field-problems", test_field_problems);
  g_test_add_func ("/capture/live/storm", test_storm);
  g_test_add_func ("/capture/live/small-buffer", test_small_buffer);
  g_test_add_func ("/capture/live/malformed-on-the-wire", test_malformed_on_the_wire);
  g_test_add_func ("/capture/live/malformed-is-refused", test_malformed_is_refused);
  g_test_add_func ("/capture/live/start-and-stop", test_start_and_stop);
  g_test_add_func ("/capture/live/indices-are-never-used-again",
                   test_indices_are_never_used_again);
  g_test_add_func ("/capture/live/replay-on-the-wire", test_replay_on_the_wire);
  g_test_add_func ("/capture/live/netcheck", test_netcheck);

  return g_test_run ();
}
