/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

#include "config.h"

#include <math.h>
#include <string.h>

#include "dyno-node.h"
#include "dyno-packet-ring.h"
#include "dyno-replay.h"
#include "dyno-test.h"
#include "dyno-test-wire.h"

/* A session with everything that can happen to one: loss, repeats, reordering,
 * unknown ids, Clear, silent renaming, restarts, a second provider, pins and
 * choices, λ that carries AFR, a pegged sensor. It is recorded; what is derived
 * from the record, from its beginning or from any key frame, must be what was
 * seen live, bit for bit. */

typedef struct
{
  DynoTestWire     *wire;
  guint64           chance;
  DynoTestProvider  provider;
  DynoTestProvider  other;
  gint64            his_us;  /* the provider's clock */
  float             same;    /* the value of a sensor that is stuck; NaN: none is */
  guint8            held[DYNO_KLHDV_DATAGRAM_SIZE];
  gsize             held_size;
} Session;

static const DynoTestChannel list_a[] = {
  { 0, "Engine RPM", 8 },       { 1, "Speed 1", 2 },      { 2, "Air/Fuel Ratio 1", 11 },
  { 3, "Lambda 2", 13 },        { 4, "Throttle Position", 16 },
  { 5, "Sensor Ready 1", 255 }, { 6, "Engine Speed", 8 }, { 7, "Engine Speed", 8 },
  { 8, "Injector Time Front", 255 }, { 9, "Manifold Absolute Pressure", 7 },
};
static const DynoTestChannel list_b[] = {
  { 0, "Speed 1", 2 },          { 1, "Engine RPM", 8 },   { 2, "Air/Fuel Ratio 1", 11 },
  { 3, "Desired Lambda", 13 },  { 40, "Throttle Position", 16 },
  { 5, "Sensor Ready 1", 255 }, { 6, "Engine Speed", 8 }, { 77, "Engine Speed", 8 },
};

static gboolean
is_chance (Session *s,
           guint    per_mille)
{
  return dyno_node_chance (&s->chance) % 1000 < per_mille;
}

static float
pick_value (Session *s)
{
  static const float odd[] = { NAN, INFINITY, -0.0f, 1e30f, 22.39f, 7.36f, 14.2f, 0.9f, 0 };

  if (!isnan (s->same))
    return s->same;
  if (is_chance (s, 300))
    return odd[dyno_node_chance (&s->chance) % G_N_ELEMENTS (odd)];

  return (float) (dyno_node_chance (&s->chance) % 100000) / 10;
}

static void
send_values (Session          *s,
             DynoTestProvider *provider)
{
  DynoKlhdvHeader header = { provider->host, provider->seq++, DYNO_KLHDV_ALL_HOSTS };
  DynoKlhdvRecord records[12];
  guint8 data[DYNO_KLHDV_DATAGRAM_SIZE];
  guint n = (guint) (dyno_node_chance (&s->chance) % G_N_ELEMENTS (records));
  gsize size;

  for (guint i = 0; i < n; i++)
    {
      records[i].id = (guint16) (dyno_node_chance (&s->chance) % (is_chance (s, 50) ? 100 : 10));
      records[i].time_ms = (guint32) (s->his_us / 1000) - (n - i);
      records[i].value = pick_value (s);
    }
  size = dyno_klhdv_write_values (data, &header, records, n);

  if (is_chance (s, 30))
    return; /* lost */
  if (s->held_size == 0 && is_chance (s, 100))
    {
      memcpy (s->held, data, size);
      s->held_size = size;
      return;
    }
  dyno_test_wire_hear (s->wire, data, size);
  if (is_chance (s, 200))
    {
      s->wire->ifindex = is_chance (s, 500) ? 3 : 2;
      s->wire->now_us += (gint64) (dyno_node_chance (&s->chance) % 80000);
      dyno_test_wire_hear (s->wire, data, size);
      s->wire->ifindex = 2;
    }
  if (s->held_size > 0 && is_chance (s, 300))
    {
      dyno_test_wire_hear (s->wire, s->held, s->held_size);
      s->held_size = is_chance (s, 300) ? s->held_size : 0;
    }
}

static void
announce (Session *s)
{
  if (is_chance (s, 500))
    dyno_test_provider_announce (&s->provider, s->wire, list_a, G_N_ELEMENTS (list_a));
  else
    dyno_test_provider_announce (&s->provider, s->wire, list_b, G_N_ELEMENTS (list_b));
}

static void
disturb (Session *s)
{
  static const char *const inputs[] = {
    "{\"event\":\"pin\",\"provider\":\"P\",\"channel\":\"Engine Speed\",\"unit\":8,"
    "\"occurrence\":2,\"canonical\":\"rpm\"}",
    "{\"event\":\"unpin\",\"provider\":\"P\",\"channel\":\"Engine Speed\",\"unit\":8,"
    "\"occurrence\":2}",
    "{\"event\":\"provider\",\"name\":\"Other\"}",
    "{\"event\":\"provider\",\"name\":null}",
    "{\"event\":\"mark\",\"text\":\"jet 190\"}",
  };

  if (is_chance (s, 8))
    dyno_test_provider_clear (&s->provider, s->wire);
  if (is_chance (s, 15))
    announce (s);
  if (is_chance (s, 20))
    s->same = isnan (s->same) ? 7.36f : NAN;
  if (is_chance (s, 4))
    s->his_us += 55 * G_USEC_PER_SEC;
  if (is_chance (s, 10))
    s->provider.seq = (guint8) dyno_node_chance (&s->chance);
  if (is_chance (s, 4))
    s->his_us = (gint64) (dyno_node_chance (&s->chance) % 1000000);
  if (is_chance (s, 2))
    s->provider.host++;
  if (is_chance (s, 10))
    dyno_test_wire_input (s->wire, inputs[dyno_node_chance (&s->chance) % G_N_ELEMENTS (inputs)]);
  if (is_chance (s, 10))
    dyno_test_provider_announce (&s->other, s->wire, list_a, 4);
  if (is_chance (s, 200))
    send_values (s, &s->other);
  if (is_chance (s, 5))
    dyno_intake_counters (s->wire->intake, dyno_node_chance (&s->chance) % 100, 0, 0,
                          s->wire->now_us);
  if (is_chance (s, 3))
    dyno_test_provider_ping (&s->provider, s->wire, DYNO_KLHDV_ALL_HOSTS, 1);
}

static DynoTestWire *
run_session (guint64 seed,
             guint   n_steps)
{
  Session s = { .wire = dyno_test_wire_new (),
                .chance = seed,
                .provider = { 0x3BBC, 1, "P" },
                .other = { 0x1111, 9, "Other" },
                .his_us = 5 * G_USEC_PER_SEC,
                .same = NAN };

  dyno_test_wire_start (s.wire, NULL);
  announce (&s);
  for (guint i = 0; i < n_steps; i++)
    {
      gint64 step_us = is_chance (&s, 5) ? 6 * G_USEC_PER_SEC
                                         : 30000 + (gint64) (dyno_node_chance (&s.chance) % 40000);

      dyno_test_wire_wait (s.wire, step_us);
      s.his_us += step_us;
      send_values (&s, &s.provider);
      disturb (&s);
    }
  dyno_test_wire_input (s.wire, "{\"event\":\"capture\",\"state\":\"stop\"}");

  return s.wire;
}

/* The records of a session as a file, from the batch `first` and the offset in it. */
static GBytes *
make_file (const DynoGathered *live,
           guint               first,
           gsize               offset)
{
  GByteArray *file = g_byte_array_new ();
  DynoJournalHeader header = { .group = 0xE000020A, .port = 22344 };

  g_byte_array_set_size (file, DYNO_JOURNAL_HEADER_SIZE);
  dyno_journal_write_header (file->data, &header);
  for (guint i = first; i < live->batches->len; i++)
    {
      const DynoBatch *batch = g_ptr_array_index (live->batches, i);
      gsize size;
      const guint8 *data;

      if (batch->records == NULL)
        continue;
      data = g_bytes_get_data (batch->records, &size);
      if (i == first)
        {
          data += offset;
          size -= offset;
        }
      g_byte_array_append (file, data, (guint) size);
    }

  return g_byte_array_free_to_bytes (file);
}

static DynoGathered *
derive (GBytes *file)
{
  DynoGathered *out = dyno_gathered_new ();
  g_autoptr(GError) error = NULL;
  g_autoptr(DynoJournalReader) reader = dyno_journal_reader_new (file, &error);
  g_auto(DynoReplayReport) report = { 0 };

  g_assert_no_error (error);
  dyno_replay_derive_from (reader, 0, dyno_gathered_push, out, NULL, &report, &error);
  g_assert_no_error (error);
  g_assert_cmpuint (report.n_samples, ==, out->samples->len);
  g_assert_cmpstr (report.complaint, ==, "it has no end record");

  return out;
}

static void
assert_same_channel (const DynoGathered *live,
                     const DynoGathered *derived,
                     guint32             index)
{
  const DynoWireChannel *a = g_ptr_array_index (live->wires, index);
  const DynoWireChannel *b = g_ptr_array_index (derived->wires, index);

  g_assert_cmpstr (a->provider, ==, b->provider);
  g_assert_cmpuint (a->generation, ==, b->generation);
  g_assert_cmpuint (a->id, ==, b->id);
  g_assert_cmpstr (a->name, ==, b->name);
  g_assert_cmpuint (a->unit_code, ==, b->unit_code);
  g_assert_cmpuint (a->occurrence, ==, b->occurrence);
}

/* The samples of `derived` are those of `live` from `first` on. */
static void
assert_same_samples (const DynoGathered *live,
                     guint               first,
                     const DynoGathered *derived)
{
  g_assert_cmpuint (derived->samples->len, ==, live->samples->len - first);
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
      assert_same_channel (live, derived, a->channel);
    }
}

static gboolean
is_same_event (const DynoEvent *a,
               const DynoEvent *b)
{
  return a->kind == b->kind && a->arrival_us == b->arrival_us && a->host_id == b->host_id
         && a->generation == b->generation && a->channel == b->channel
         && a->canonical == b->canonical && a->count == b->count
         && g_strcmp0 (a->text, b->text) == 0;
}

static GPtrArray *
list_events (const DynoGathered *gathered)
{
  GPtrArray *events = g_ptr_array_new ();

  for (guint i = 0; i < gathered->batches->len; i++)
    {
      const DynoBatch *batch = g_ptr_array_index (gathered->batches, i);

      for (guint j = 0; j < batch->n_events; j++)
        g_ptr_array_add (events, (gpointer) &batch->events[j]);
    }

  return events;
}

/* The whole session again: samples, events, counters, bit for bit. */
static void
test_from_the_beginning (void)
{
  for (guint64 seed = 1; seed <= 5; seed++)
    {
      g_autoptr(DynoTestWire) wire = run_session (seed, 3000);
      g_autoptr(GBytes) file = make_file (wire->out, 0, 0);
      g_autoptr(DynoGathered) derived = derive (file);
      g_autoptr(GPtrArray) seen = list_events (wire->out);
      g_autoptr(GPtrArray) again = list_events (derived);

      g_assert_cmpuint (wire->out->samples->len, >, 5000);
      assert_same_samples (wire->out, 0, derived);
      g_assert_cmpuint (seen->len, ==, again->len);
      for (guint i = 0; i < seen->len; i++)
        g_assert_true (is_same_event (g_ptr_array_index (seen, i), g_ptr_array_index (again, i)));
      g_assert_cmpmem (&wire->out->state->counts, sizeof wire->out->state->counts,
                       &derived->state->counts, sizeof derived->state->counts);
    }
}

/* The samples that came before the batch, and in it before the key frame: a key
 * frame ends a tick, so what came before it in its batch had come before. */
static guint
samples_before (const DynoGathered *live,
                guint               batch_index)
{
  const DynoBatch *batch = g_ptr_array_index (live->batches, batch_index);
  guint n = 0;
  gint64 key_us;
  DynoJournalRecord record;
  gsize size, total;
  const guint8 *data = g_bytes_get_data (batch->records, &size);

  g_assert_cmpint (dyno_journal_parse (data + batch->key_at, size - (gsize) batch->key_at, &record,
                                       &total), ==, DYNO_JOURNAL_WHOLE);
  key_us = record.arrival_us;
  for (guint i = 0; i < batch_index; i++)
    n += ((DynoBatch *) g_ptr_array_index (live->batches, i))->n_samples;
  /* In this test a batch is one step: what is in it came at or after the tick. */
  for (guint i = 0; i < batch->n_samples; i++)
    g_assert_cmpint (batch->end_us, >=, key_us);

  return n;
}

/* From every key frame there is. */
static void
test_from_key_frames (void)
{
  guint n_frames = 0;

  for (guint64 seed = 11; seed <= 22; seed++)
    {
      g_autoptr(DynoTestWire) wire = run_session (seed, 1200);

      for (guint i = 0; i < wire->out->batches->len; i++)
        {
          const DynoBatch *batch = g_ptr_array_index (wire->out->batches, i);
          g_autoptr(GBytes) file = NULL;
          g_autoptr(DynoGathered) derived = NULL;

          if (batch->key_at < 0)
            continue;
          n_frames++;
          file = make_file (wire->out, i, (gsize) batch->key_at);
          derived = derive (file);
          assert_same_samples (wire->out, samples_before (wire->out, i), derived);
        }
    }
  g_assert_cmpuint (n_frames, >, 100);
}

/* What the ring gives can be derived from its first byte. */
static void
test_pre_roll (void)
{
  g_autoptr(DynoTestWire) wire = run_session (21, 2000);
  g_autoptr(DynoPacketRing) ring
    = dyno_packet_ring_new (DYNO_PACKET_RING_SPAN_US, DYNO_PACKET_RING_BYTES);
  g_autoptr(GPtrArray) pieces = NULL;
  g_autoptr(GByteArray) file = g_byte_array_new ();
  g_autoptr(GBytes) bytes = NULL;
  g_autoptr(DynoGathered) derived = NULL;
  DynoJournalHeader header = { .port = 1 };
  gint64 begin_us;

  for (guint i = 0; i < wire->out->batches->len; i++)
    dyno_packet_ring_push (ring, g_ptr_array_index (wire->out->batches, i));
  pieces = dyno_packet_ring_copy_since (ring, wire->now_us - 20 * G_USEC_PER_SEC, &begin_us);
  g_assert_cmpint (begin_us, <=, wire->now_us - 20 * G_USEC_PER_SEC);
  g_assert_cmpint (begin_us, >=, wire->now_us - 40 * G_USEC_PER_SEC);

  g_byte_array_set_size (file, DYNO_JOURNAL_HEADER_SIZE);
  dyno_journal_write_header (file->data, &header);
  for (guint i = 0; i < pieces->len; i++)
    {
      gsize size;
      const guint8 *data = g_bytes_get_data (g_ptr_array_index (pieces, i), &size);

      g_byte_array_append (file, data, (guint) size);
    }
  bytes = g_bytes_new (file->data, file->len);
  derived = derive (bytes);
  g_assert_cmpuint (derived->samples->len, >, 500);
  assert_same_samples (wire->out, wire->out->samples->len - derived->samples->len, derived);
}

/* A frame that is cut in the middle counts for nothing, and hurts nothing. */
static void
test_cut_frame (void)
{
  g_autoptr(DynoTestWire) wire = run_session (31, 400);

  for (guint i = 0; i < wire->out->batches->len; i++)
    {
      const DynoBatch *batch = g_ptr_array_index (wire->out->batches, i);
      g_autoptr(DynoIntake) intake = dyno_intake_new (TRUE);
      g_autoptr(DynoBatch) derived = NULL;
      const guint8 *data;
      DynoJournalRecord record;
      gsize size, total;

      if (batch->key_at < 0 || i < 20)
        continue;
      data = g_bytes_get_data (batch->records, &size);
      data += batch->key_at;
      size -= (gsize) batch->key_at;
      for (guint n = 0; n < 3; n++)
        {
          g_assert_cmpint (dyno_journal_parse (data, size, &record, &total), ==,
                           DYNO_JOURNAL_WHOLE);
          dyno_intake_record (intake, &record);
          data += total;
          size -= total;
        }
      dyno_intake_input (intake, "{\"event\":\"mark\"}", -1, wire->now_us);
      derived = dyno_intake_take_batch (intake, wire->now_us);
      g_assert_nonnull (derived);
      g_assert_cmpuint (derived->n_events, ==, 1);
      g_assert_cmpint (derived->events[0].kind, ==, DYNO_EVENT_INPUT);
      return;
    }
  g_assert_not_reached ();
}

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/capture/replay/from-the-beginning", test_from_the_beginning);
  g_test_add_func ("/capture/replay/from-key-frames", test_from_key_frames);
  g_test_add_func ("/capture/replay/pre-roll", test_pre_roll);
  g_test_add_func ("/capture/replay/cut-frame", test_cut_frame);

  return g_test_run ();
}
