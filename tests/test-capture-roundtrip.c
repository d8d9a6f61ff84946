/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

#include "config.h"

#include <math.h>
#include <string.h>

#include "dyno-align.h"
#include "dyno-analysis.h"
#include "dyno-capture.h"
#include "dyno-pulls.h"
#include "dyno-simulator.h"
#include "dyno-test-wire.h"
#include "dyno-test.h"

/* From the virtual engine over the wire into the mathematics and back: the error
 * that was planted is the error that is found, and runs begin and end where the
 * throttle did. Time is simulated, many times faster than real. */

#define GROUP "239.255.77.10"

typedef struct
{
  DynoCapture  *capture; /* (owned) */
  GMutex        lock;
  DynoGathered *out;     /* (owned) (lock) */
} Live;

static guint16 port;

static void
sink_cb (DynoBatch *batch,
         gpointer   user_data)
{
  Live *live = user_data;

  g_mutex_lock (&live->lock);
  dyno_gathered_push (batch, live->out);
  g_mutex_unlock (&live->lock);
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

static gboolean
has_ended (gpointer data)
{
  return !dyno_simulator_is_running (data);
}

static gboolean
listens (gpointer data)
{
  Live *live = data;
  gboolean does;

  g_mutex_lock (&live->lock);
  does = live->out->state != NULL && live->out->state->link == DYNO_LINK_LISTENING;
  g_mutex_unlock (&live->lock);

  return does;
}

/* A whole simulation, captured; the truth file's lines come out. */
static Live *
capture_all (DynoSimulatorConfig *config,
             GPtrArray           *truth)
{
  DynoCaptureConfig capture = { .group = GROUP, .port = port, .interface = "lo", .ttl = 0 };
  g_autofree char *folder = dyno_test_make_folder ();
  g_autofree char *path = g_build_filename (folder, "truth.jsonl", NULL);
  g_autofree char *text = NULL;
  g_auto(GStrv) lines = NULL;
  g_autoptr(GError) error = NULL;
  g_autoptr(DynoSimulator) simulator = NULL;
  Live *live = g_new0 (Live, 1);

  g_mutex_init (&live->lock);
  live->out = dyno_gathered_new ();
  live->capture = dyno_capture_new (&capture, sink_cb, live);
  dyno_capture_start (live->capture);
  dyno_test_wait_for (listens, live, 20);

  config->group = GROUP;
  config->port = port;
  config->ttl = -1;
  config->truth_path = path;
  simulator = dyno_simulator_new (config, NULL, NULL, &error);
  g_assert_no_error (error);
  g_assert_true (dyno_simulator_start (simulator, &error));
  dyno_test_wait_for (has_ended, simulator, 90);
  dyno_capture_stop (live->capture);

  text = dyno_test_read (path, NULL);
  lines = g_strsplit (text, "\n", -1);
  for (guint i = 0; lines[i] != NULL && lines[i][0] != '\0'; i++)
    g_ptr_array_add (truth, dyno_json_parse (lines[i], -1, NULL));
  dyno_test_remove_folder (folder);

  return live;
}

/* The column that serves a canonical channel in the end; −1 without. */
static int
column_of (const Live  *live,
           DynoChannel  canonical)
{
  int column = -1;

  for (guint i = 0; i < live->out->batches->len; i++)
    {
      const DynoBatch *batch = g_ptr_array_index (live->out->batches, i);

      for (guint e = 0; e < batch->n_events; e++)
        {
          if (batch->events[e].kind == DYNO_EVENT_CHANNEL_BOUND
              && batch->events[e].canonical == canonical)
            column = (int) batch->events[e].channel;
        }
    }

  return column;
}

/* The samples of a column as they came. */
typedef struct
{
  GArray *t_us;   /* (owned) of gint64 */
  GArray *values; /* (owned) of double */
} Column;

static int
compare_times (gconstpointer a,
               gconstpointer b)
{
  const DynoSample *x = a;
  const DynoSample *y = b;

  return x->t_us < y->t_us ? -1 : x->t_us > y->t_us;
}

static Column
read_column (const Live *live,
             int         column)
{
  Column read = { g_array_new (FALSE, FALSE, sizeof (gint64)),
                  g_array_new (FALSE, FALSE, sizeof (double)) };
  g_autoptr(GArray) samples = g_array_new (FALSE, FALSE, sizeof (DynoSample));

  for (guint i = 0; i < live->out->samples->len; i++)
    {
      const DynoSample *sample = &g_array_index (live->out->samples, DynoSample, i);

      if ((int) sample->channel == column)
        g_array_append_vals (samples, sample, 1);
    }
  g_array_sort (samples, compare_times);
  for (guint i = 0; i < samples->len; i++)
    {
      const DynoSample *sample = &g_array_index (samples, DynoSample, i);
      double value = sample->raw;

      g_array_append_val (read.t_us, sample->t_us);
      g_array_append_val (read.values, value);
    }

  return read;
}

static void
column_clear (Column *column)
{
  g_array_unref (column->t_us);
  g_array_unref (column->values);
}

static DynoSamples *
align_all (const Live *live)
{
  static const DynoChannel wanted[]
    = { DYNO_CHANNEL_RPM,         DYNO_CHANNEL_MAP, DYNO_CHANNEL_TPS,   DYNO_CHANNEL_MIX_F,
        DYNO_CHANNEL_MIX_R,       DYNO_CHANNEL_IAT, DYNO_CHANNEL_SPEED, DYNO_CHANNEL_TARGET,
        DYNO_CHANNEL_ENGINE_TEMP, DYNO_CHANNEL_VBATT };
  Column columns[G_N_ELEMENTS (wanted)];
  DynoTrack tracks[G_N_ELEMENTS (wanted)];
  DynoSamples *samples;
  gint64 origin_us = G_MAXINT64;

  for (gsize i = 0; i < G_N_ELEMENTS (wanted); i++)
    {
      int column = column_of (live, wanted[i]);
      const DynoWireChannel *wire;

      g_assert_cmpint (column, >=, 0);
      wire = g_ptr_array_index (live->out->wires, column);
      columns[i] = read_column (live, column);
      g_assert_cmpuint (columns[i].t_us->len, >, 100);
      tracks[i] = (DynoTrack){ .name = wire->display_name,
                               .module = "",
                               .channel = wanted[i],
                               .unit = wire->unit,
                               .scale = wire->unit->scale,
                               .offset = wire->unit->offset,
                               .n = columns[i].t_us->len,
                               .t_us = (const gint64 *) (gpointer) columns[i].t_us->data,
                               .values = (const double *) (gpointer) columns[i].values->data };
      origin_us = MIN (origin_us, g_array_index (columns[i].t_us, gint64, 0));
    }
  samples = dyno_align (tracks, G_N_ELEMENTS (tracks), origin_us);
  for (gsize i = 0; i < G_N_ELEMENTS (wanted); i++)
    column_clear (&columns[i]);

  return samples;
}

static void
check_map (double noise,
           double most_off,
           double most_off_on_average)
{
  DynoSimulatorConfig config
    = { .cycle = "cells", .speed = 25, .seed = 4, .noise = noise };
  g_autoptr(GPtrArray) truth = g_ptr_array_new_with_free_func ((GDestroyNotify) dyno_json_free);
  g_autoptr(Live) live = capture_all (&config, truth);
  g_autoptr(DynoSamples) samples = align_all (live);
  g_autoptr(DynoVeOptions) options = dyno_ve_options_new ();
  g_autoptr(DynoVeResult) result = NULL;
  DynoAnalysisError *error = NULL;
  DynoGridShape shape;
  guint n_checked = 0;
  double worst = 0, sum = 0;

  dyno_grid_shape_named (&shape, "11x9");
  result = dyno_analysis_run (&samples, 1, options, NULL, NULL, &error);
  g_assert_null (error);
  g_assert_cmpuint (result->n_cells, ==, dyno_grid_shape_cells (&shape));
  for (guint c = 0; c < DYNO_VE_CYLINDERS; c++)
    {
      for (guint i = 0; i < result->n_cells; i++)
        {
          const DynoVeCell *cell = &result->cylinders[c].cells[i];
          double rpm = shape.rpm.at[i / shape.load.n], map_kpa = shape.load.at[i % shape.load.n];
          double expected = dyno_test_planted (truth, rpm, map_kpa, c == 0 ? "front" : "rear");

          if (cell->hits < 20)
            continue;
          g_assert_false (isnan (expected));
          g_test_message ("%s %.0f rpm %.0f kPa: %.4f, planted %.4f, %u hits",
                          c == 0 ? "front" : "rear", rpm, map_kpa, cell->factor, expected,
                          cell->hits);
          worst = fmax (worst, fabs (cell->factor / expected - 1));
          sum += cell->factor / expected - 1;
          n_checked++;
        }
    }
  g_assert_cmpuint (n_checked, >=, 80);
  g_assert_cmpfloat (worst, <=, most_off);
  g_assert_cmpfloat (fabs (sum / n_checked), <=, most_off_on_average);
}

static void
test_error_map (void)
{
  check_map (1, 0.010, 0.003);
}

static void
test_error_map_without_noise (void)
{
  check_map (0, 0.002, 0.002);
}

/* Runs */

static void
event_cb (const DynoPullEvent *event,
          gpointer             user_data)
{
  if (event->kind == DYNO_PULL_KEPT || event->kind == DYNO_PULL_DISCARDED)
    g_array_append_vals (user_data, event, 1);
}

/* A capture followed as it went, with the bindings of each moment. */
typedef struct
{
  DynoChannel canonical[4096]; /* by column */
  DynoPulls  *pulls;           /* (owned) */
  GArray     *runs;            /* (owned) of DynoPullEvent */
  GArray     *power_t_us;      /* (owned) of gint64 */
  GArray     *power_kw;        /* (owned) of double */
  gboolean    with_switch;
} Follower;

static void
follow_event (Follower        *self,
              const DynoEvent *event)
{
  if (event->kind == DYNO_EVENT_CHANNEL_BOUND && event->channel < G_N_ELEMENTS (self->canonical))
    self->canonical[event->channel] = event->canonical;
  if (event->kind == DYNO_EVENT_PROVIDER_CLEARED || event->kind == DYNO_EVENT_PROVIDER_RESTARTED)
    dyno_pulls_provider_gone (self->pulls, event->arrival_us);
}

static void
follow_sample (Follower         *self,
               const Live       *live,
               const DynoSample *sample)
{
  const DynoWireChannel *wire = g_ptr_array_index (live->out->wires, sample->channel);
  DynoChannel canonical = self->canonical[sample->channel];
  double value = dyno_unit_to_si (wire->unit, sample->raw);

  if ((sample->flags & DYNO_SAMPLE_LATE) != 0
      || (canonical == DYNO_CHANNEL_SAMPLING && !self->with_switch))
    return;
  dyno_pulls_push (self->pulls, canonical, sample->t_us, value);
  if (canonical != DYNO_CHANNEL_POWER_CORR)
    return;
  g_array_append_val (self->power_t_us, sample->t_us);
  g_array_append_val (self->power_kw, value);
}

static void
follow (Follower   *self,
        const Live *live)
{
  for (guint b = 0; b < live->out->batches->len; b++)
    {
      const DynoBatch *batch = g_ptr_array_index (live->out->batches, b);
      guint e = 0;

      for (guint i = 0; i <= batch->n_samples; i++)
        {
          for (; e < batch->n_events && batch->events[e].at <= i; e++)
            follow_event (self, &batch->events[e]);
          if (i < batch->n_samples)
            follow_sample (self, live, &batch->samples[i]);
        }
    }
  dyno_pulls_finish (self->pulls);
}

static Follower *
follower_new (gboolean with_switch)
{
  Follower *self = g_new0 (Follower, 1);

  self->runs = g_array_new (FALSE, FALSE, sizeof (DynoPullEvent));
  self->power_t_us = g_array_new (FALSE, FALSE, sizeof (gint64));
  self->power_kw = g_array_new (FALSE, FALSE, sizeof (double));
  self->with_switch = with_switch;
  self->pulls = dyno_pulls_new (event_cb, self->runs);
  dyno_pulls_set_bound (self->pulls, DYNO_CHANNEL_SPEED, TRUE);
  dyno_pulls_set_bound (self->pulls, DYNO_CHANNEL_ACCEL, TRUE);

  return self;
}

static void
follower_free (Follower *self)
{
  dyno_pulls_free (self->pulls);
  g_array_unref (self->runs);
  g_array_unref (self->power_t_us);
  g_array_unref (self->power_kw);
  g_free (self);
}

G_DEFINE_AUTOPTR_CLEANUP_FUNC (Follower, follower_free)

/* The n-th line of that event. */
static const DynoJson *
truth_line (const GPtrArray *truth,
            const char      *event,
            guint            n)
{
  for (guint i = 0; i < truth->len; i++)
    {
      const DynoJson *line = g_ptr_array_index (truth, i);

      if (g_strcmp0 (dyno_json_get_string (line, "event"), event) == 0 && n-- == 0)
        return line;
    }

  return NULL;
}

static double
peak_of (const Follower      *follower,
         const DynoPullEvent *run)
{
  double peak = 0;

  for (guint i = 0; i < follower->power_t_us->len; i++)
    {
      gint64 t_us = g_array_index (follower->power_t_us, gint64, i);

      if (t_us >= run->start_us && t_us <= run->end_us)
        peak = fmax (peak, g_array_index (follower->power_kw, double, i));
    }

  return peak;
}

static void
check_runs (const char *profile,
            double      noise,
            double      peak_tolerance,
            gboolean    with_switch,
            const char *scenario)
{
  /* A restart takes real time, and its clock begins on ours. */
  DynoSimulatorConfig config = { .profile = profile,
                                 .cycle = "pulls",
                                 .n_pulls = scenario != NULL ? 2 : 3,
                                 .speed = scenario != NULL ? 1 : 8,
                                 .seed = 2,
                                 .noise = noise,
                                 .scenario = scenario };
  g_autoptr(GPtrArray) truth = g_ptr_array_new_with_free_func ((GDestroyNotify) dyno_json_free);
  g_autoptr(Live) live = capture_all (&config, truth);
  g_autoptr(Follower) follower = follower_new (with_switch);
  gint64 origin_us = g_array_index (live->out->samples, DynoSample, 0).t_us;

  follow (follower, live);
  g_assert_cmpuint (follower->runs->len, ==, config.n_pulls);
  for (guint i = 0; i < follower->runs->len; i++)
    {
      const DynoPullEvent *run = &g_array_index (follower->runs, DynoPullEvent, i);
      const DynoJson *end = truth_line (truth, "pull_end", i);
      double start_s = dyno_json_get_number (truth_line (truth, "pull_start", i), "t_s", NAN);
      double end_s = dyno_json_get_number (end, "t_s", 0);

      g_assert_cmpint (run->kind, ==, DYNO_PULL_KEPT);
      g_assert_cmpfloat (fabs ((double) (run->start_us - origin_us) * 1e-6 - start_s), <, 0.3);
      g_assert_cmpfloat (fabs ((double) (run->end_us - origin_us) * 1e-6 - end_s), <, 0.6);
      g_assert_cmpfloat (fabs (peak_of (follower, run)
                                 / dyno_json_get_number (end, "peak_power_kw", 0)
                               - 1), <, peak_tolerance);
    }
}

static void
test_runs_by_the_drum (void)
{
  check_runs ("rt150-104", 0, 0.01, FALSE, NULL);
}

static void
test_runs_by_the_switch (void)
{
  check_runs ("rt150-104", 0, 0.01, TRUE, NULL);
}

static void
test_runs_of_a_car (void)
{
  check_runs ("car-38", 0, 0.01, FALSE, NULL);
}

/* Moved ids, a restart between two pulls, 2 % loss and noise: still two. */
static void
test_runs_under_faults (void)
{
  check_runs ("rt150-104", 1, 0.02, FALSE,
              "0 drop 2\n3 renumber silent\n9 drop 0\n10 restart\n14 drop 2\n");
}

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  port = (guint16) (24500 + g_random_int_range (0, 2000));

  g_test_add_func ("/capture/roundtrip/error-map", test_error_map);
  g_test_add_func ("/capture/roundtrip/error-map-without-noise", test_error_map_without_noise);
  g_test_add_func ("/capture/roundtrip/runs-by-the-drum", test_runs_by_the_drum);
  g_test_add_func ("/capture/roundtrip/runs-by-the-switch", test_runs_by_the_switch);
  g_test_add_func ("/capture/roundtrip/runs-of-a-car", test_runs_of_a_car);
  g_test_add_func ("/capture/roundtrip/runs-under-faults", test_runs_under_faults);

  return g_test_run ();
}
