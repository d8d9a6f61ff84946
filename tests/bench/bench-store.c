/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

#include "config.h"

#include <glib/gstdio.h>
#include <math.h>
#include <string.h>

#include "dyno-await.h"
#include "dyno-bench.h"
#include "dyno-store.h"

#define N_RUNS 10000

/* What a channel set says in a second: so many channels at that rate. */
typedef struct
{
  guint n_channels;
  guint rate_hz;
} Rate;

/* rt150-104 of jetdrive.md 11: 104 channels, 771 samples a second. */
static const Rate rt150[] = { { 19, 20 }, { 6, 10 }, { 4, 1 }, { 5, 5 }, { 3, 4 }, { 3, 13 },
                              { 64, 4 }, { 0, 0 } };
static const Rate torture[] = { { 1000, 100 }, { 0, 0 } };

typedef struct
{
  char      *folder;
  DynoAwait *await;
  DynoStore *store;
} Bench;

/* Seconds on their way to the disk. */
typedef struct
{
  int     n_open;
  GArray *ms; /* of double: from the call to its answer */
} Flow;

typedef struct
{
  Flow  *flow;
  gint64 begin_us;
} Call;

static void
check (const GError *error)
{
  if (error != NULL)
    g_error ("%s", error->message);
}

static void
figure (const char *what,
        const char *which,
        double      value,
        const char *unit)
{
  g_autofree char *name = g_strconcat (what, "_", which, NULL);

  dyno_bench_figure (name, value, unit);
}

static void
figure_times (const char *what,
              GArray     *ms)
{
  double *values = (double *) (gpointer) ms->data;

  figure (what, "p50", dyno_bench_quantile (values, ms->len, 0.5), "ms");
  figure (what, "p99", dyno_bench_quantile (values, ms->len, 0.99), "ms");
  figure (what, "max", dyno_bench_quantile (values, ms->len, 1), "ms");
}

static DynoSecond *
make_second (const Rate *rates,
             gint64      number)
{
  DynoSecond *second = dyno_second_new (number);
  guint channel = 0;
  gint64 t_us[100];
  float raw[100];

  for (; rates->n_channels > 0; rates++)
    {
      for (guint c = 0; c < rates->n_channels; c++, channel++)
        {
          for (guint i = 0; i < rates->rate_hz; i++)
            {
              t_us[i] = number * G_USEC_PER_SEC + i * (1000 / rates->rate_hz) * 1000 + channel % 7;
              raw[i] = (float) sin ((double) (number * rates->rate_hz + i + channel) / 50) * 1000;
            }
          dyno_second_add (second, channel, rates->rate_hz, t_us, raw, NULL);
        }
    }

  return second;
}

static char *
begin_run (Bench      *b,
           const Rate *rates)
{
  GPtrArray *channels = g_ptr_array_new_with_free_func ((GDestroyNotify) dyno_run_channel_free);
  g_autoptr(GError) error = NULL;
  g_autoptr(DynoRun) run = NULL;
  guint n = 0;

  for (; rates->n_channels > 0; rates++)
    n += rates->n_channels;
  for (guint i = 0; i < n; i++)
    {
      g_autofree char *name = g_strdup_printf ("Channel %u", i);
      DynoRunChannel *channel = dyno_run_channel_new (i, name);

      channel->channel = i < 16 ? (DynoChannel) (DYNO_CHANNEL_RPM + i) : DYNO_CHANNEL_NONE;
      g_ptr_array_add (channels, channel);
    }
  dyno_store_begin_run_async (b->store, dyno_run_new (), channels, NULL, dyno_await_cb, b->await);
  run = dyno_store_begin_run_finish (b->store, dyno_await_wait (b->await), &error);
  check (error);

  return g_strdup (run->id);
}

static void
appended_cb (GObject      *source,
             GAsyncResult *result,
             gpointer      data)
{
  Call *call = data;
  g_autoptr(GError) error = NULL;
  double ms = (double) (dyno_bench_now_us () - call->begin_us) / 1000;

  dyno_store_append_second_finish (NULL, result, &error);
  check (error);
  call->flow->n_open--;
  g_array_append_val (call->flow->ms, ms);
  g_free (call);
}

static void
wait_for (Flow *flow,
          int   at_most)
{
  while (flow->n_open > at_most)
    g_main_context_iteration (g_main_context_get_thread_default (), TRUE);
}

/* A recording as fast as it goes, `at_most` seconds on their way. */
static char *
record (Bench      *b,
        const char *what,
        const Rate *rates,
        int         n_seconds,
        int         at_most)
{
  g_autofree char *run_id = begin_run (b, rates);
  Flow flow = { 0, g_array_new (FALSE, FALSE, sizeof (double)) };
  double rss = 0;
  gint64 begin_us = dyno_bench_now_us ();
  gint64 cpu_us = dyno_bench_process_us ();
  gsize n_samples = 0;
  double wall_s;

  for (int i = 0; i < n_seconds; i++)
    {
      DynoSecond *second = make_second (rates, i);
      Call *call = g_new0 (Call, 1);

      /* By then SQLite's own cache of 16 MiB is full. */
      if (i == n_seconds / 2)
        rss = dyno_bench_rss_mib ();
      n_samples += dyno_second_n_samples (second);
      call->flow = &flow;
      call->begin_us = dyno_bench_now_us ();
      flow.n_open++;
      dyno_store_append_second_async (b->store, run_id, second, NULL, appended_cb, call);
      wait_for (&flow, at_most);
    }
  wait_for (&flow, 0);
  wall_s = (double) (dyno_bench_now_us () - begin_us) / 1e6;

  figure (what, "times_real_time", n_seconds / wall_s, "x");
  figure (what, "rate", (double) n_samples / wall_s, "samples/s");
  figure (what, "data", (double) n_samples * 13 / wall_s / 1e6, "MB/s");
  figure (what, "cpu", (double) (dyno_bench_process_us () - cpu_us) / 1e4 / n_seconds,
          "% of a core in real time");
  figure (what, "memory_growth_2nd_half", dyno_bench_rss_mib () - rss, "MiB");
  figure_times (what, flow.ms);
  g_array_unref (flow.ms);

  return g_steal_pointer (&run_id);
}

static void
load (Bench          *b,
      const char     *what,
      const char     *run_id,
      const DynoLoad *part)
{
  g_autoptr(GArray) ms = g_array_new (FALSE, FALSE, sizeof (double));

  for (int i = 0; i < 20; i++)
    {
      g_autoptr(GError) error = NULL;
      g_autoptr(DynoSamples) samples = NULL;
      gint64 begin_us = dyno_bench_now_us ();
      double took;

      dyno_store_load_samples_async (b->store, run_id, part, NULL, dyno_await_cb, b->await);
      samples = dyno_store_load_samples_finish (b->store, dyno_await_wait (b->await), &error);
      check (error);
      took = (double) (dyno_bench_now_us () - begin_us) / 1000;
      g_array_append_val (ms, took);
    }
  figure_times (what, ms);
}

static void
kept_cb (GObject      *source,
         GAsyncResult *result,
         gpointer      data)
{
  g_autoptr(GError) error = NULL;
  g_autoptr(DynoRun) run = dyno_store_import_run_finish (NULL, result, &error);

  check (error);
  ((Flow *) data)->n_open--;
}

static DynoRun *
make_run (int         i,
          const char *vehicle_id)
{
  static const char *const words[] = { "baseline", "stage", "pipes", "leaner", "retarded", "knock",
                                       "hot",      "cold",  "humid", "filter", "street",   "drag" };
  DynoRun *run = dyno_run_new ();

  run->status = i % 50 == 0 ? DYNO_RUN_INTERRUPTED : DYNO_RUN_COMPLETE;
  run->source = i % 3 == 0 ? DYNO_SOURCE_UPLOAD : DYNO_SOURCE_CAPTURE;
  run->title = g_strdup_printf ("%s %s %d", words[i % 12], words[i / 12 % 12], i);
  run->notes = g_strdup_printf ("%s at %d rpm, %s again, customer wants %s", words[i / 7 % 12],
                                2000 + i % 40 * 100, words[i / 11 % 12], words[i / 5 % 12]);
  run->tags = g_strsplit (i % 4 == 0 ? "stage2,dyno-day" : "stage1", ",", -1);
  run->vehicle_id = g_strdup (vehicle_id);
  run->started_ms = 1700000000000 + (gint64) i * 3600000;
  run->peaks.power_kw = 50 + i * 7919 % 1000 / 10.0;
  run->peaks.torque_nm = 100 + i % 60;
  run->peaks.mean_afr = 12.5 + i % 20 / 10.0;
  run->results = g_strnfill (2000, ' ');

  return run;
}

static void
fill_book (Bench *b)
{
  g_autoptr(DynoSamples) nothing = dyno_samples_builder_finish (dyno_samples_builder_new (0));
  g_autoptr(GPtrArray) vehicles = g_ptr_array_new_with_free_func (g_free);
  Flow flow = { 0, NULL };
  gint64 begin_us = dyno_bench_now_us ();

  for (int i = 0; i < 300; i++)
    {
      g_autofree char *label = g_strdup_printf ("Bike %d Rosa", i);
      g_autoptr(DynoVehicle) vehicle = NULL;

      dyno_store_ensure_vehicle_async (b->store, label, NULL, dyno_await_cb, b->await);
      vehicle = dyno_store_ensure_vehicle_finish (b->store, dyno_await_wait (b->await), NULL);
      g_ptr_array_add (vehicles, g_strdup (vehicle->id));
    }
  for (int i = 0; i < N_RUNS; i++)
    {
      flow.n_open++;
      dyno_store_import_run_async (b->store, make_run (i, vehicles->pdata[i % 300]), nothing, NULL,
                                   NULL, NULL, NULL, kept_cb, &flow);
      wait_for (&flow, 200);
    }
  wait_for (&flow, 0);
  dyno_bench_figure ("fill_runs", N_RUNS / ((double) (dyno_bench_now_us () - begin_us) / 1e6),
                     "runs/s");
}

static void
search (Bench      *b,
        const char *what,
        const char *text,
        DynoRunSort sort)
{
  g_autoptr(DynoRunQuery) query = dyno_run_query_new ();
  g_autoptr(GArray) ms = g_array_new (FALSE, FALSE, sizeof (double));
  gint64 n_found = 0;

  dyno_run_query_parse (query, text, NULL);
  query->sort = sort;
  for (int i = 0; i < 100; i++)
    {
      g_autoptr(GError) error = NULL;
      g_autoptr(DynoRunPage) page = NULL;
      gint64 begin_us = dyno_bench_now_us ();
      double took;

      dyno_store_list_runs_async (b->store, query, NULL, dyno_await_cb, b->await);
      page = dyno_store_list_runs_finish (b->store, dyno_await_wait (b->await), &error);
      check (error);
      took = (double) (dyno_bench_now_us () - begin_us) / 1000;
      g_array_append_val (ms, took);
      n_found = page->n_found;
    }
  figure (what, "found", (double) n_found, "runs");
  figure_times (what, ms);
}

static void
commit (Bench *b)
{
  g_autoptr(GArray) ms = g_array_new (FALSE, FALSE, sizeof (double));
  const char *keys[] = { "key" };
  const char *values[] = { "1" };

  for (int i = 0; i < 1000; i++)
    {
      gint64 begin_us = dyno_bench_now_us ();
      double took;

      dyno_store_set_settings_async (b->store, 1, keys, values, NULL, dyno_await_cb, b->await);
      dyno_store_set_settings_finish (b->store, dyno_await_wait (b->await), NULL);
      took = (double) (dyno_bench_now_us () - begin_us) / 1000;
      g_array_append_val (ms, took);
    }
  figure_times ("commit_alone", ms);
}

static void
care (Bench *b)
{
  g_autofree char *copy = g_build_filename (b->folder, "copy.db", NULL);
  g_autoptr(DynoStoreInfo) info = NULL;
  g_autoptr(DynoStoreCheck) checked = NULL;
  g_autoptr(GError) error = NULL;
  gint64 begin_us = dyno_bench_now_us ();

  dyno_store_info_async (b->store, NULL, dyno_await_cb, b->await);
  info = dyno_store_info_finish (b->store, dyno_await_wait (b->await), &error);
  check (error);
  dyno_bench_figure ("database", (double) info->bytes / 1e6, "MB");
  dyno_bench_figure ("writes_per_commit", (double) info->n_writes / (double) info->n_commits, "");

  begin_us = dyno_bench_now_us ();
  dyno_store_check_async (b->store, NULL, dyno_await_cb, b->await);
  checked = dyno_store_check_finish (b->store, dyno_await_wait (b->await), &error);
  check (error);
  if (!checked->is_ok)
    g_error ("%s", (char *) checked->findings->pdata[0]);
  dyno_bench_figure ("check", (double) (dyno_bench_now_us () - begin_us) / 1e6, "s");

  begin_us = dyno_bench_now_us ();
  dyno_store_backup_async (b->store, copy, NULL, dyno_await_cb, b->await);
  dyno_store_backup_finish (b->store, dyno_await_wait (b->await), &error);
  check (error);
  dyno_bench_figure ("backup", (double) (dyno_bench_now_us () - begin_us) / 1e6, "s");
}

static void
remove_folder (const char *folder)
{
  g_autoptr(GDir) dir = g_dir_open (folder, 0, NULL);
  const char *name;

  while (dir != NULL && (name = g_dir_read_name (dir)) != NULL)
    {
      g_autofree char *path = g_build_filename (folder, name, NULL);

      g_unlink (path);
    }
  g_rmdir (folder);
}

static void
open_store (Bench *b)
{
  g_autoptr(GError) error = NULL;

  b->folder = g_dir_make_tmp ("dyno-bench-XXXXXX", &error);
  check (error);
  b->await = dyno_await_new ();
  dyno_store_open_async (b->folder, DYNO_STORE_CREATE, NULL, NULL, dyno_await_cb, b->await);
  b->store = dyno_store_open_finish (dyno_await_wait (b->await), &error);
  check (error);
}

int
main (void)
{
  Bench b = { NULL, NULL, NULL };
  DynoLoad canonical = { .canonical = DYNO_LOAD_CANONICAL };
  DynoLoad window = { .canonical = DYNO_LOAD_CANONICAL, .from_s = 1800, .to_s = 1810 };
  g_autofree char *short_run = NULL;
  g_autofree char *hour = NULL;
  g_autofree char *wild = NULL;

  dyno_bench_begin ("store");
  open_store (&b);
  commit (&b);
  short_run = record (&b, "pull_104_10s", rt150, 10, 0);
  hour = record (&b, "capture_104_1h", rt150, 3600, 10);
  wild = record (&b, "capture_1000x100_60s", torture, 60, 10);
  load (&b, "load_pull_all", short_run, NULL);
  load (&b, "load_pull_canonical", short_run, &canonical);
  load (&b, "load_hour_window", hour, &window);
  fill_book (&b);
  search (&b, "list_newest", "", DYNO_SORT_NEWEST);
  search (&b, "list_power", "", DYNO_SORT_POWER_DOWN);
  search (&b, "list_vehicle", "", DYNO_SORT_VEHICLE_UP);
  search (&b, "search_word", "knock", DYNO_SORT_NEWEST);
  search (&b, "search_words", "rosa pipes leaner 2100", DYNO_SORT_NEWEST);
  search (&b, "search_letter", "s", DYNO_SORT_NEWEST);
  search (&b, "search_terms", "tag:stage2 >80kW <13.0afr vehicle:rosa pipes", DYNO_SORT_NEWEST);
  care (&b);
  dyno_bench_figure ("peak_memory", dyno_bench_peak_mib (), "MiB");

  dyno_store_free (b.store);
  dyno_await_free (b.await);
  remove_folder (b.folder);
  g_free (b.folder);

  return 0;
}
