/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

#include "config.h"

#include <math.h>
#include <string.h>

#include "dyno-align.h"
#include "dyno-correction.h"
#include "dyno-crypt.h"
#include "dyno-machine.h"
#include "dyno-power.h"
#include "dyno-signal.h"
#include "dyno-test.h"
#include "dyno-transmit.h"
#include "dyno-test-wire.h"

/* The samples of a machine, in their order. */
typedef struct
{
  guint  channel;
  gint64 t_ms;
  float  value;
} Seen;

static void
seen_cb (guint    channel,
         gint64   t_ms,
         float    value,
         gpointer user_data)
{
  Seen seen;

  memset (&seen, 0, sizeof seen); /* the padding is compared, too */
  seen.channel = channel;
  seen.t_ms = t_ms;
  seen.value = value;
  g_array_append_val ((GArray *) user_data, seen);
}

static GArray *
run_machine (const DynoMachineSetup *setup,
             guint                   ms)
{
  GArray *seen = g_array_new (FALSE, FALSE, sizeof (Seen));
  g_autoptr(GError) error = NULL;
  g_autoptr(DynoMachine) machine = dyno_machine_new (setup, seen_cb, seen, &error);

  g_assert_no_error (error);
  for (guint i = 0; i < ms; i++)
    dyno_machine_step (machine);

  return seen;
}

/* The profiles are those that the vectors mirror, row by row. */
static void
test_profiles (void)
{
  static const char *const names[] = { "car-33", "car-38", "rt150-41", "rt150-104" };
  g_autoptr(DynoJson) vectors = dyno_test_wire_vectors ();

  for (gsize i = 0; vectors != NULL && i < G_N_ELEMENTS (names); i++)
    {
      const DynoJson *rows = dyno_json_member (dyno_json_member (vectors, "profiles"), names[i]);
      const DynoProfile *profile = dyno_profile_find (names[i]);

      g_assert_cmpuint (dyno_profile_n_channels (profile), ==, dyno_json_n_elements (rows));
      for (guint c = 0; c < dyno_json_n_elements (rows); c++)
        {
          const DynoJson *row = dyno_json_element (rows, c);
          char name[64];
          DynoProfileChannel channel = dyno_profile_channel (profile, c, name);
          DynoKlhdvEntry entry;

          g_assert_cmpstr (channel.name, ==, dyno_json_get_string (row, "name"));
          g_assert_cmpint (channel.unit, ==, dyno_json_get_integer (row, "unit", -1));
          g_assert_cmpfloat (channel.rate_hz, ==, dyno_json_get_number (row, "rate_hz", -1));
          dyno_klhdv_set_entry (&entry, (guint16) c, channel.name, channel.unit);
          g_assert_cmpstr (entry.name, ==, dyno_json_get_string (row, "wire_name"));
          g_assert_true (channel.rate_hz == 0
                         || dyno_signal_find (channel.name, channel.unit) != 0);
        }
    }
}

/* jetdrive.md §11. */
static void
test_rates (void)
{
  static const struct
  {
    const char *profile;
    guint       per_second;
    double      scale;
  } rows[] = {
    { "demo-2", 20, 1 },      { "car-33", 474, 1 },       { "car-38", 501, 1 },
    { "rt150-41", 519, 1 },   { "rt150-104", 771, 1 },    { "rt150-104", 1000, 1.3 },
    { "rt150-104", 2000, 2.6 }, { "stress-a", 5250, 1 },  { "stress-b", 3900, 1 },
    { "torture", 100000, 1 },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      DynoMachineSetup setup = { .profile = rows[i].profile, .rate_scale = rows[i].scale };
      g_autoptr(GArray) seen = run_machine (&setup, 4000);

      dyno_assert_near (seen->len / 4.0 / rows[i].per_second, 1, 0.03);
    }
}

static void
test_determinism (void)
{
  DynoMachineSetup setup = { .seed = 5, .noise = 1 };
  g_autoptr(GArray) one = run_machine (&setup, 12000);
  g_autoptr(GArray) two = run_machine (&setup, 12000);
  g_autoptr(GArray) other = NULL;

  g_assert_cmpmem (one->data, one->len * sizeof (Seen), two->data, two->len * sizeof (Seen));
  setup.seed = 6;
  other = run_machine (&setup, 12000);
  g_assert_cmpuint (one->len, ==, other->len);
  g_assert_cmpint (memcmp (one->data, other->data, one->len * sizeof (Seen)), !=, 0);
}

static guint
channel_of (const char *profile,
            const char *wanted)
{
  const DynoProfile *found = dyno_profile_find (profile);

  for (guint i = 0; i < dyno_profile_n_channels (found); i++)
    {
      char name[64];

      if (g_str_equal (dyno_profile_channel (found, i, name).name, wanted))
        return i;
    }
  g_assert_not_reached ();
}

/* Channels of one moment agree with each other, noise and all (§4, §12.2). */
static void
test_consistency (void)
{
  DynoMachineSetup setup = { .profile = "rt150-41", .seed = 3, .noise = 1 };
  g_autoptr(GArray) seen = run_machine (&setup, 9000);
  guint force = channel_of ("rt150-41", "Force"), speed = channel_of ("rt150-41", "Speed");
  guint power = channel_of ("rt150-41", "Power (uncorrected)");
  guint torque = channel_of ("rt150-41", "Torque (uncorrected)");
  guint rpm = channel_of ("rt150-41", "Engine RPM"), gear = channel_of ("rt150-41", "Gear Ratio");
  guint corrected = channel_of ("rt150-41", "Power");
  guint factor = channel_of ("rt150-41", "Correction Factor");
  double last[41] = { 0 };
  gint64 when[41];
  guint n_checked = 0;

  memset (when, 0xff, sizeof when); /* never */
  for (guint i = 0; i < seen->len; i++)
    {
      const Seen *s = &g_array_index (seen, Seen, i);
      gint64 t_ms = s->t_ms;

      last[s->channel] = s->value;
      when[s->channel] = t_ms;
      if (when[force] != t_ms || when[speed] != t_ms || when[power] != t_ms || when[torque] != t_ms
          || when[rpm] != t_ms || when[gear] != t_ms || when[corrected] != t_ms
          || when[factor] != t_ms || fabs (last[power]) < 1)
        continue;
      dyno_assert_near (last[power], last[force] * last[speed] / 3600, 1e-6);
      dyno_assert_near (last[torque], 9549.296585513721 * last[power] / last[rpm], 1e-6);
      dyno_assert_near (last[corrected], last[factor] * last[power], 1e-6);
      dyno_assert_near (last[gear], last[rpm] / last[speed], 1e-6);
      n_checked++;
    }
  g_assert_cmpuint (n_checked, >, 60);
}

/* The samples of one instrument as a track of its canonical channel, up to the end of the
 * pull at 8.4 s. */
static DynoTrack
track_of (const GArray *seen,
          const char   *name,
          DynoChannel   channel,
          const char   *unit)
{
  guint place = channel_of ("rt150-104", name);
  gint64 *t_us = g_new (gint64, seen->len);
  double *values = g_new (double, seen->len);
  DynoTrack track = { .name = name, .module = "", .channel = channel, .scale = 1,
                      .unit = dyno_unit_find (unit), .t_us = t_us, .values = values };

  for (guint i = 0; i < seen->len; i++)
    {
      const Seen *s = &g_array_index (seen, Seen, i);

      if (s->channel != place || s->t_ms > 8400)
        continue;
      t_us[track.n] = s->t_ms * 1000;
      values[track.n++] = s->value;
    }

  return track;
}

/* Noise does not make a pull stronger: the peaks of the smoothed curve are those of the
 * engine (jetdrive.md 12.2, uncorrected), whatever the seed. */
static void
test_peaks_with_noise (void)
{
  for (guint64 seed = 1; seed <= 20; seed++)
    {
      DynoMachineSetup setup = { .seed = seed, .noise = 1, .n_pulls = 1 };
      g_autoptr(GArray) seen = run_machine (&setup, 9000);
      DynoTrack tracks[] = { track_of (seen, "Force", DYNO_CHANNEL_FORCE, "N"),
                             track_of (seen, "Speed", DYNO_CHANNEL_SPEED, "km/h"),
                             track_of (seen, "Engine RPM", DYNO_CHANNEL_RPM, "rpm") };
      g_autoptr(DynoSamples) samples = dyno_align (tracks, G_N_ELEMENTS (tracks), 0);
      g_autoptr(DynoPower) power = NULL;
      DynoPowerOptions options;

      dyno_power_options_init (&options);
      options.standard = DYNO_STANDARD_NONE;
      power = dyno_power_new (samples, &options);
      dyno_assert_near (power->peak_power.value / 78.505, 1, 0.01);
      dyno_assert_near (power->peak_torque.value / 161.037, 1, 0.01);
      for (guint i = 0; i < G_N_ELEMENTS (tracks); i++)
        {
          g_free ((gpointer) tracks[i].t_us);
          g_free ((gpointer) tracks[i].values);
        }
    }
}

/* The unnamed channel never speaks; the drum's are silent at rest. */
static void
test_silent_channels (void)
{
  DynoMachineSetup setup = { .cycle = "idle", .noise = 1 };
  g_autoptr(GArray) seen = run_machine (&setup, 10000);
  guint speed = channel_of ("rt150-104", "Speed"), sampling = channel_of ("rt150-104", "Sampling");
  guint rpm = channel_of ("rt150-104", "Engine RPM");
  guint n_rpm = 0;

  for (guint i = 0; i < seen->len; i++)
    {
      guint channel = g_array_index (seen, Seen, i).channel;

      g_assert_cmpuint (channel, !=, 0);
      g_assert_cmpuint (channel, !=, speed);
      g_assert_cmpuint (channel, !=, sampling);
      n_rpm += channel == rpm ? 1 : 0;
    }
  g_assert_cmpuint (n_rpm, ==, 200);
}

/* What an operator does, with the figures of §12.2 (tolerance 1 %). */
static void
check_pulls (const char *profile,
             double      duration_s,
             double      peak_kw,
             double      peak_rpm,
             double      sae)
{
  DynoMachineSetup setup = { .profile = profile, .n_pulls = 2 };
  GArray *seen = g_array_new (FALSE, FALSE, sizeof (Seen));
  g_autoptr(DynoMachine) machine = dyno_machine_new (&setup, seen_cb, seen, NULL);
  guint n_starts = 0, n_ends = 0;
  gint64 start_ms = 0, first_ms = 0;
  DynoCycleNews news = DYNO_CYCLE_NOTHING;

  for (guint i = 0; i < 200000 && news != DYNO_CYCLE_OVER; i++)
    {
      news = dyno_machine_step (machine);
      if (news == DYNO_CYCLE_PULL_STARTS)
        {
          start_ms = dyno_machine_time_ms (machine);
          if (n_starts++ == 0)
            first_ms = start_ms;
          g_assert_true (dyno_cycle_is_sampling (dyno_machine_cycle (machine)));
        }
      if (news == DYNO_CYCLE_PULL_ENDS)
        {
          DynoBikeFigures figures;

          n_ends++;
          dyno_bike_figures (dyno_machine_bike (machine), &figures);
          dyno_assert_near ((dyno_machine_time_ms (machine) - start_ms) / 1000.0 / duration_s, 1,
                            0.02);
          dyno_assert_near (figures.peak_power_kw / peak_kw, 1, 0.01);
          dyno_assert_near (figures.peak_power_rpm / peak_rpm, 1, 0.01);
          dyno_assert_near (figures.peak_power_corr_kw / (peak_kw * sae), 1, 0.01);
          g_assert_false (dyno_cycle_is_sampling (dyno_machine_cycle (machine)));
        }
    }
  g_assert_cmpint (news, ==, DYNO_CYCLE_OVER);
  g_assert_cmpuint (n_starts, ==, 2);
  g_assert_cmpuint (n_ends, ==, 2);
  g_assert_cmpint (ABS (first_ms - 5000), <=, 2);
  g_array_unref (seen);
}

static void
test_pulls (void)
{
  check_pulls ("rt150-104", 3.531, 78.505, 5001, 1.00977);
  check_pulls ("car-38", 17.145, 96.784, 5500, 1.2219);
}

/* Rest, slow roll, settle, pull, coast, brake, rest. */
static void
test_single_pull (void)
{
  DynoMachineSetup setup = { .cycle = "pull" };
  GArray *seen = g_array_new (FALSE, FALSE, sizeof (Seen));
  g_autoptr(DynoMachine) machine = dyno_machine_new (&setup, seen_cb, seen, NULL);
  double most_before = 0;
  guint n_starts = 0;
  DynoCycleNews news = DYNO_CYCLE_NOTHING;

  for (guint i = 0; i < 400000 && news != DYNO_CYCLE_OVER; i++)
    {
      const DynoBikeState *state = dyno_bike_state (dyno_machine_bike (machine));

      if (n_starts == 0)
        most_before = MAX (most_before, state->accel_kmh_s);
      news = dyno_machine_step (machine);
      n_starts += news == DYNO_CYCLE_PULL_STARTS ? 1 : 0;
    }
  g_assert_cmpint (news, ==, DYNO_CYCLE_OVER);
  g_assert_cmpuint (n_starts, ==, 1);
  g_assert_cmpfloat (most_before, <, 3); /* nothing in it that looks like a run */
  g_assert_cmpfloat (dyno_bike_state (dyno_machine_bike (machine))->speed_kmh, <, 0.5);
  g_array_unref (seen);
}

static void
truth_cb (double   rpm,
          double   map_kpa,
          guint    n,
          double   front,
          double   rear,
          gpointer user_data)
{
  g_autoptr(DynoGrid) demo = dyno_bike_demo_error ();
  guint *n_cells = user_data;

  if (n < 40)
    return;
  (*n_cells)++;
  dyno_assert_near (front, 1 + dyno_grid_interpolate (demo, rpm, map_kpa) / 100, 0.01);
  dyno_assert_near (rear - front, 0.015, 1e-9);
}

/* 56 cells, each held for 3 s; the truth is the planted map. */
static void
test_cells (void)
{
  DynoMachineSetup setup = { .profile = "demo-2", .cycle = "cells" };
  GArray *seen = g_array_new (FALSE, FALSE, sizeof (Seen));
  g_autoptr(DynoMachine) machine = dyno_machine_new (&setup, seen_cb, seen, NULL);
  guint n_held = 0, n_cells = 0, ms = 0;
  double rpm, map_kpa;
  DynoCycleNews news = DYNO_CYCLE_NOTHING;

  for (; ms < 400000 && news != DYNO_CYCLE_OVER; ms++)
    {
      news = dyno_machine_step (machine);
      if (news != DYNO_CYCLE_CELL_HELD)
        continue;
      n_held++;
      g_assert_true (dyno_cycle_cell (dyno_machine_cycle (machine), &rpm, &map_kpa));
      dyno_assert_near (dyno_bike_state (dyno_machine_bike (machine))->rpm / rpm, 1, 0.01);
      dyno_assert_near (dyno_bike_state (dyno_machine_bike (machine))->map_kpa / map_kpa, 1, 0.02);
    }
  g_assert_cmpuint (n_held, ==, 56);
  g_assert_cmpuint (ms, >, 56 * 4000);
  dyno_machine_tell_truth (machine, truth_cb, &n_cells);
  g_assert_cmpuint (n_cells, >=, 50);
  g_array_unref (seen);
}

static void
test_unknown_names (void)
{
  static const DynoMachineSetup setups[]
    = { { .profile = "none" }, { .engine = "none" }, { .cycle = "none" }, { .gear = 9 } };

  for (gsize i = 0; i < G_N_ELEMENTS (setups); i++)
    {
      g_autoptr(GError) error = NULL;

      g_assert_null (dyno_machine_new (&setups[i], seen_cb, NULL, &error));
      g_assert_error (error, DYNO_ERROR, DYNO_ERROR_INVALID);
    }
}

/* The provider half: what it says, message by message, as GBytes. */
static void
said_cb (const guint8 *data,
         gsize         size,
         gpointer      user_data)
{
  g_ptr_array_add (user_data, g_bytes_new (data, size));
}

static DynoKlhdvFrame
frame_at (GPtrArray *said,
          guint      index)
{
  DynoKlhdvFrame frame;
  gsize size;
  const guint8 *data = g_bytes_get_data (g_ptr_array_index (said, index), &size);

  dyno_klhdv_decode (data, size, &frame);
  g_assert_cmpint (frame.verdict, ==, DYNO_KLHDV_ACCEPTED);

  return frame;
}

static void
hear (DynoTransmit *transmit,
      guint8        key,
      guint16       host,
      guint16       destination,
      gint64        now_us)
{
  guint8 data[DYNO_KLHDV_DATAGRAM_SIZE];
  DynoKlhdvHeader header = { host, 0, destination };
  DynoKlhdvPing ping = { .version = 1, .clock_ms = 77, .data = (const guint8 *) "abc", .size = 3 };
  gsize size = key == DYNO_KLHDV_PING ? dyno_klhdv_write_ping (data, &header, &ping)
                                      : dyno_klhdv_write_empty (data, &header, (DynoKlhdvKey) key);

  dyno_transmit_hear (transmit, data, size, now_us);
}

static void
test_provider_half (void)
{
  g_autoptr(GPtrArray) said = g_ptr_array_new_with_free_func ((GDestroyNotify) g_bytes_unref);
  DynoTransmitConfig config = { .name = "P", .seed = 9 };
  g_autoptr(DynoTransmit) transmit = dyno_transmit_new (&config, said_cb, said);
  DynoKlhdvEntry entries[104];
  DynoKlhdvFrame frame;
  DynoKlhdvPing pong;
  gint64 us = 1000000;
  guint16 id;

  for (guint i = 0; i < G_N_ELEMENTS (entries); i++)
    dyno_klhdv_set_entry (&entries[i], (guint16) i, "Channel", 255);
  dyno_transmit_set_channels (transmit, entries, G_N_ELEMENTS (entries), FALSE);
  dyno_transmit_start (transmit, us);
  dyno_transmit_step (transmit, us);
  g_assert_cmpuint (said->len, ==, 0);
  dyno_transmit_step (transmit, us + 250000);
  frame = frame_at (said, 0);
  g_assert_cmpuint (frame.key, ==, DYNO_KLHDV_PING);
  g_assert_cmpuint (frame.header.host, ==, 0);
  hear (transmit, DYNO_KLHDV_REQUEST_INFO, 0x4444, DYNO_KLHDV_ALL_HOSTS, us + 300000);
  dyno_transmit_step (transmit, us + 1240000);
  g_assert_cmpuint (said->len, ==, 1);

  /* Clear, three pages, then nothing until it is asked. */
  us += 1250000;
  dyno_transmit_step (transmit, us);
  g_assert_true (dyno_transmit_is_ready (transmit));
  id = dyno_transmit_host_id (transmit);
  g_assert_cmpuint (id, !=, 0);
  g_assert_cmpuint (id, !=, 0x4444);
  g_assert_cmpuint (said->len, ==, 5);
  g_assert_cmpuint (frame_at (said, 1).key, ==, DYNO_KLHDV_CLEAR);
  for (guint i = 0; i < 3; i++)
    {
      static const guint16 lengths[] = { 50 + 39 * 34, 50 + 39 * 34, 50 + 26 * 34 };

      frame = frame_at (said, 2 + i);
      g_assert_cmpuint (frame.key, ==, DYNO_KLHDV_CHANNEL_INFO);
      g_assert_cmpuint (frame.length, ==, lengths[i]);
      g_assert_cmpuint (frame.header.host, ==, id);
    }

  /* Requests: an answer at most every 250 ms. */
  for (guint i = 0; i < 100; i++)
    {
      hear (transmit, DYNO_KLHDV_REQUEST_INFO, 0x4444, id, us + i * 10000);
      dyno_transmit_step (transmit, us + i * 10000);
    }
  g_assert_cmpuint (said->len, ==, 5 + 3 * 3);
  us += 1250000;
  dyno_transmit_step (transmit, us); /* the last of them */
  g_assert_cmpuint (said->len, ==, 5 + 4 * 3);

  /* A Ping: a Pong with both stamps and the echo, and one Ping back; only a Pong
   * for a node without an id; nothing for others. */
  dyno_transmit_set_clock (transmit, 4711);
  hear (transmit, DYNO_KLHDV_PING, 0x4444, id, us);
  g_assert_cmpuint (said->len, ==, 17 + 2);
  frame = frame_at (said, 17);
  g_assert_cmpuint (frame.key, ==, DYNO_KLHDV_PONG);
  g_assert_cmpuint (frame.header.destination, ==, 0x4444);
  g_assert_true (dyno_klhdv_read_ping (&frame, &pong));
  g_assert_cmpuint (pong.host_ms, ==, 77);
  g_assert_cmpuint (pong.remote_ms, ==, 4711);
  g_assert_cmpmem (pong.data, pong.size, "abc", 3);
  g_assert_cmpuint (frame_at (said, 18).key, ==, DYNO_KLHDV_PING);
  hear (transmit, DYNO_KLHDV_PING, 0, DYNO_KLHDV_ALL_HOSTS, us + 20000);
  g_assert_cmpuint (said->len, ==, 20);
  hear (transmit, DYNO_KLHDV_PING, 0x4444, (guint16) (id + 1), us + 40000);
  g_assert_cmpuint (said->len, ==, 20);

  /* Values: 140 a message, numbers without a hole. */
  for (guint i = 0; i < 300; i++)
    dyno_transmit_queue (transmit, 1, i, (float) i);
  dyno_transmit_flush (transmit);
  g_assert_cmpuint (said->len, ==, 23);
  g_assert_cmpuint (frame_at (said, 20).length, ==, 1400);
  g_assert_cmpuint (frame_at (said, 22).length, ==, 200);
  for (guint i = 2; i < said->len; i++)
    g_assert_cmpuint (frame_at (said, i).header.seq, ==,
                      (guint8) (frame_at (said, i - 1).header.seq + 1));

  /* After 30 s the pages by themselves. */
  dyno_transmit_step (transmit, us + 30 * G_USEC_PER_SEC);
  g_assert_cmpuint (said->len, ==, 26);

  /* Our id from another mouth: silence, a new id, Clear and list under it. */
  hear (transmit, DYNO_KLHDV_CLEAR, id, DYNO_KLHDV_ALL_HOSTS, us + 31 * G_USEC_PER_SEC);
  g_assert_false (dyno_transmit_is_ready (transmit));
  dyno_transmit_queue (transmit, 1, 1, 1);
  dyno_transmit_flush (transmit);
  g_assert_cmpuint (said->len, ==, 26);
  dyno_transmit_step (transmit, us + 32 * G_USEC_PER_SEC);
  g_assert_cmpuint (said->len, ==, 30);
  g_assert_cmpuint (dyno_transmit_host_id (transmit), !=, id);
  g_assert_cmpuint (frame_at (said, 26).key, ==, DYNO_KLHDV_CLEAR);
}

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/capture/simulator/profiles", test_profiles);
  g_test_add_func ("/capture/simulator/rates", test_rates);
  g_test_add_func ("/capture/simulator/determinism", test_determinism);
  g_test_add_func ("/capture/simulator/consistency", test_consistency);
  g_test_add_func ("/capture/simulator/peaks-with-noise", test_peaks_with_noise);
  g_test_add_func ("/capture/simulator/silent-channels", test_silent_channels);
  g_test_add_func ("/capture/simulator/pulls", test_pulls);
  g_test_add_func ("/capture/simulator/single-pull", test_single_pull);
  g_test_add_func ("/capture/simulator/cells", test_cells);
  g_test_add_func ("/capture/simulator/unknown-names", test_unknown_names);
  g_test_add_func ("/capture/simulator/provider-half", test_provider_half);

  return g_test_run ();
}
