/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

#include "config.h"

#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "dyno-await.h"
#include "dyno-bench.h"
#include "dyno-capture.h"
#include "dyno-journal-file.h"
#include "dyno-klhdv.h"
#include "dyno-packet-ring.h"
#include "dyno-simulator.h"
#include "dyno-wire.h"

/* The load levels L1…L5 of jetdrive.md §11 on loopback: a sender of its own
 * thread against a capture with packet ring and journal on.
 *
 *   bench-capture-wire [SECONDS [LEVEL]]
 *
 * LEVEL is one of L1 L2 L3 L4-stock L4-large L5 discovery; without it all.
 * Channel 0 of each host carries the moment of sending in the bits of its value,
 * so the latency is from the sender to the sink. */

#define GROUP "239.255.77.10"
#define FLUSH_US 50000
#define MOST_LATENCIES 4000000

typedef struct
{
  const char *name;
  guint       n_hosts;
  guint       n_channels;
  guint       per_flush;      /* samples of one host in 50 ms */
  int         receive_buffer; /* 0: the default */
  guint       burst;          /* datagrams back to back, once; 0: a steady load */
} Level;

static const Level levels[] = {
  { "L1", 1, 104, 100, 0, 0 },      { "L2", 1, 104, 1000, 0, 0 },
  { "L3", 1, 1000, 5000, 0, 0 },    { "L4-stock", 1, 140, 0, 106496, 64 },
  { "L4-large", 1, 140, 0, 0, 1000 }, { "L5", 64, 104, 104, 0, 0 },
};

typedef struct
{
  const Level     *level;
  guint16          port;
  double           seconds;
  atomic_bool      is_heard;   /* the lists are known */
  guint64          n_sent;     /* samples */
  guint64          n_datagrams;

  DynoPacketRing  *ring;
  DynoJournalFile *file;
  guint64          n_samples;
  guint64          n_lost;
  guint64          n_drops;
  guint64          n_known;    /* channels */
  guint32         *first_of;   /* (owned) channel index to 1 where it carries the time */
  double          *latencies_ms;
  gsize            n_latencies;
} Run;

static void
note_latency (Run              *run,
              const DynoSample *sample,
              guint32           now)
{
  guint32 bits;

  if (sample->channel >= 70000 || run->first_of[sample->channel] == 0
      || run->n_latencies >= MOST_LATENCIES)
    return;
  memcpy (&bits, &sample->raw, sizeof bits);
  run->latencies_ms[run->n_latencies++] = (double) (now - bits) / 1000;
}

static void
sink_cb (DynoBatch *batch,
         gpointer   user_data)
{
  Run *run = user_data;
  guint32 now = (guint32) g_get_monotonic_time ();

  for (guint i = 0; i < batch->n_events; i++)
    {
      const DynoEvent *event = &batch->events[i];

      if (event->kind == DYNO_EVENT_CHANNEL_ADDED)
        {
          run->n_known++;
          if (event->wire->id == 0 && event->channel < 70000)
            run->first_of[event->channel] = 1;
        }
      if (event->kind == DYNO_EVENT_KERNEL_DROPS)
        run->n_drops += event->count;
    }
  if (run->n_known == run->level->n_hosts * run->level->n_channels)
    atomic_store (&run->is_heard, TRUE);
  for (guint i = 0; i < batch->n_samples; i++)
    note_latency (run, &batch->samples[i], now);
  run->n_samples += batch->n_samples;
  dyno_packet_ring_push (run->ring, batch);
  if (batch->records != NULL)
    dyno_journal_file_append (run->file, batch->records, batch->end_us);
  if (batch->state != NULL)
    {
      run->n_lost = 0;
      for (guint i = 0; i < batch->state->n_providers; i++)
        run->n_lost += batch->state->providers[i].counts.lost;
    }
}

static void
send_list (Run      *run,
           DynoWire *wire,
           guint     host,
           guint8   *seq)
{
  for (guint first = 0; first < run->level->n_channels; first += 39)
    {
      guint n = MIN (39, run->level->n_channels - first);
      DynoKlhdvHeader header = { (guint16) (host + 1), (*seq)++, DYNO_KLHDV_ALL_HOSTS };
      DynoKlhdvEntry entries[39];
      guint8 data[DYNO_KLHDV_DATAGRAM_SIZE];
      char name[32], provider[32];

      for (guint i = 0; i < n; i++)
        {
          g_snprintf (name, sizeof name, "Load %u", first + i);
          dyno_klhdv_set_entry (&entries[i], (guint16) (first + i), name, 255);
        }
      g_snprintf (provider, sizeof provider, "Load %u", host);
      dyno_wire_send (wire, 1, data, dyno_klhdv_write_info (data, &header, provider, entries, n));
    }
}

/* `n` samples, full datagrams. */
static void
send_values (Run      *run,
             DynoWire *wire,
             guint     host,
             guint8   *seq,
             guint     n,
             guint    *next)
{
  while (n > 0)
    {
      DynoKlhdvHeader header = { (guint16) (host + 1), (*seq)++, DYNO_KLHDV_ALL_HOSTS };
      DynoKlhdvRecord records[140];
      guint8 data[DYNO_KLHDV_DATAGRAM_SIZE];
      guint some = MIN (n, G_N_ELEMENTS (records));
      guint32 now = (guint32) g_get_monotonic_time ();

      for (guint i = 0; i < some; i++)
        {
          records[i].id = (guint16) ((*next)++ % run->level->n_channels);
          records[i].time_ms = now / 1000;
          records[i].value = (float) *next;
          if (records[i].id == 0)
            memcpy (&records[i].value, &now, sizeof now);
        }
      dyno_wire_send (wire, 1, data, dyno_klhdv_write_values (data, &header, records, some));
      run->n_sent += some;
      run->n_datagrams++;
      n -= some;
    }
}

static void
wait_for_lists (Run      *run,
                DynoWire *wire,
                guint8   *seqs)
{
  for (guint attempt = 0; attempt < 50 && !atomic_load (&run->is_heard); attempt++)
    {
      for (guint host = 0; host < run->level->n_hosts; host++)
        send_list (run, wire, host, &seqs[host]);
      g_usleep (100000);
    }
}

static gpointer
sender_thread (gpointer data)
{
  Run *run = data;
  DynoWireConfig config = { .group = GROUP, .port = run->port, .ttl = 0 };
  g_autoptr(DynoWire) wire = dyno_wire_open (&config, NULL);
  guint8 seqs[64] = { 0 };
  guint next[64] = { 0 };
  gint64 begin_us, flush_us;

  wait_for_lists (run, wire, seqs);
  if (run->level->burst > 0)
    {
      send_values (run, wire, 0, &seqs[0], run->level->burst * 140, &next[0]);
      g_usleep (300000);
      send_values (run, wire, 0, &seqs[0], 140, &next[0]); /* what was dropped shows behind it */
      g_usleep (500000);
      return NULL;
    }

  begin_us = flush_us = g_get_monotonic_time ();
  while ((double) (flush_us - begin_us) < run->seconds * 1e6)
    {
      for (guint host = 0; host < run->level->n_hosts; host++)
        send_values (run, wire, host, &seqs[host], run->level->per_flush, &next[host]);
      flush_us += FLUSH_US;
      g_usleep ((gulong) MAX (flush_us - g_get_monotonic_time (), 0));
    }
  g_usleep (500000);

  return NULL;
}

static void
figure (const Level *level,
        const char  *name,
        double       value,
        const char  *unit)
{
  g_autofree char *full = g_strdup_printf ("%s_%s", level->name, name);

  dyno_bench_figure (full, value, unit);
}

static void
report (Run    *run,
        double  cpu_us,
        double  wall_us)
{
  const Level *level = run->level;
  double missing = (double) run->n_sent - (double) run->n_samples;

  figure (level, "sent", (double) run->n_sent, "samples");
  figure (level, "received", (double) run->n_samples, "samples");
  figure (level, "missing", missing, "samples");
  figure (level, "lost", (double) run->n_lost, "messages");
  figure (level, "kernel_drops", (double) run->n_drops, "datagrams");
  if (level->burst == 0)
    {
      figure (level, "cpu", 100 * cpu_us / wall_us, "%");
      figure (level, "cpu_per_datagram", cpu_us / (double) MAX (run->n_datagrams, 1), "us");
      figure (level, "latency_p50",
              dyno_bench_quantile (run->latencies_ms, run->n_latencies, 0.5), "ms");
      figure (level, "latency_p99",
              dyno_bench_quantile (run->latencies_ms, run->n_latencies, 0.99), "ms");
    }
  figure (level, "ring", (double) dyno_packet_ring_n_bytes (run->ring) / 1048576, "MiB");
  figure (level, "rss", dyno_bench_rss_mib (), "MiB");
}

static void
run_level (const Level *level,
           double       seconds)
{
  g_autofree char *folder = g_dir_make_tmp ("dyno-bench-XXXXXX", NULL);
  g_autofree char *path = g_build_filename (folder, "bench.jdj", NULL);
  g_autoptr(DynoJournal) journal = dyno_journal_new (dyno_clock_get_system ());
  g_autoptr(DynoAwait) await = dyno_await_new ();
  Run run = { .level = level, .seconds = seconds };
  DynoCaptureConfig config = { .group = GROUP, .interface = "lo", .ttl = 0,
                               .receive_buffer = level->receive_buffer };
  g_autoptr(DynoCapture) capture = NULL;
  DynoJournalResult *result;
  gint64 begin_us, cpu_us;

  run.port = config.port = (guint16) (22345 + g_random_int_range (0, 2000));
  run.first_of = g_new0 (guint32, 70000);
  run.latencies_ms = g_new (double, MOST_LATENCIES);
  run.ring = dyno_packet_ring_new (DYNO_PACKET_RING_SPAN_US, DYNO_PACKET_RING_BYTES);
  run.file = dyno_journal_begin (journal, path, NULL, GROUP, config.port, NULL,
                                 g_get_monotonic_time ());
  capture = dyno_capture_new (&config, sink_cb, &run);
  dyno_capture_start (capture);
  g_usleep (300000);
  begin_us = g_get_monotonic_time ();
  cpu_us = dyno_capture_thread_us (capture);
  g_thread_join (g_thread_new ("sender", sender_thread, &run));
  cpu_us = dyno_capture_thread_us (capture) - cpu_us;
  begin_us = g_get_monotonic_time () - begin_us;
  dyno_capture_stop (capture);
  report (&run, (double) cpu_us, (double) begin_us);

  dyno_journal_file_finish_async (run.file, g_get_monotonic_time (), dyno_await_cb, await);
  result = dyno_journal_file_finish (dyno_await_wait (await), NULL);
  figure (level, "journal", (double) result->length / 1048576, "MiB");
  figure (level, "journal_dropped", (double) result->n_dropped, "records");
  dyno_journal_result_free (result);
  dyno_packet_ring_free (run.ring);
  unlink (path);
  rmdir (folder);
  g_free (run.first_of);
  g_free (run.latencies_ms);
}

/* From the start of a capture to a provider that speaks already: its name, its
 * whole list, its first value. */
typedef struct
{
  gint64  begin_us;
  guint   n_known;
  gint64  provider_us; /* 0: not yet */
  gint64  list_us;
  gint64  value_us;
} Discovery;

static void
discovery_cb (DynoBatch *batch,
              gpointer   user_data)
{
  Discovery *found = user_data;
  gint64 since_us = g_get_monotonic_time () - found->begin_us;

  for (guint i = 0; i < batch->n_events; i++)
    {
      if (batch->events[i].kind == DYNO_EVENT_PROVIDER_NEW && found->provider_us == 0)
        found->provider_us = since_us;
      if (batch->events[i].kind == DYNO_EVENT_CHANNEL_ADDED && ++found->n_known == 104)
        found->list_us = since_us;
    }
  if (batch->n_samples > 0 && found->value_us == 0)
    found->value_us = since_us;
}

static void
measure_discovery (void)
{
  enum { N = 20 };
  guint16 port = (guint16) (22345 + g_random_int_range (0, 2000));
  DynoSimulatorConfig config = { .group = GROUP, .port = port, .ttl = -1, .noise = 1 };
  DynoCaptureConfig capture_config
    = { .group = GROUP, .port = port, .interface = "lo", .ttl = 0 };
  g_autoptr(DynoSimulator) simulator = dyno_simulator_new (&config, NULL, NULL, NULL);
  double provider_ms[N], list_ms[N], value_ms[N];

  dyno_simulator_start (simulator, NULL);
  g_usleep (2 * G_USEC_PER_SEC);
  for (guint i = 0; i < N; i++)
    {
      Discovery found = { .begin_us = g_get_monotonic_time () };
      g_autoptr(DynoCapture) capture = dyno_capture_new (&capture_config, discovery_cb, &found);

      dyno_capture_start (capture);
      g_usleep (1500000 + (gulong) g_random_int_range (0, 50000));
      dyno_capture_stop (capture);
      provider_ms[i] = (double) found.provider_us / 1000;
      list_ms[i] = (double) found.list_us / 1000;
      value_ms[i] = (double) found.value_us / 1000;
    }
  dyno_bench_figure ("discovery_provider_worst", dyno_bench_quantile (provider_ms, N, 1), "ms");
  dyno_bench_figure ("discovery_list_worst", dyno_bench_quantile (list_ms, N, 1), "ms");
  dyno_bench_figure ("discovery_value_worst", dyno_bench_quantile (value_ms, N, 1), "ms");
}

int
main (int   argc,
      char *argv[])
{
  double seconds = argc > 1 ? g_ascii_strtod (argv[1], NULL) : 10;

  dyno_bench_begin ("capture-wire");
  for (gsize i = 0; i < G_N_ELEMENTS (levels); i++)
    {
      if (argc < 3 || g_str_equal (argv[2], levels[i].name))
        run_level (&levels[i], seconds);
    }
  if (argc < 3 || g_str_equal (argv[2], "discovery"))
    measure_discovery ();

  return 0;
}
