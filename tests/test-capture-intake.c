/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

#include "config.h"

#include <math.h>
#include <string.h>

#include "dyno-node.h"
#include "dyno-test.h"
#include "dyno-test-wire.h"

#define MS 1000
#define S G_USEC_PER_SEC

static const DynoTestChannel bike[] = {
  { 0, "Engine RPM", 8 },       { 1, "Speed 1", 2 },
  { 2, "LC1 Volts Petrol AFR", 11 }, { 3, "Manifold Absolute Pressure", 7 },
  { 4, "Throttle Position", 16 }, { 5, "Pressure", 7 },
  { 6, "Power", 4 },            { 7, "Torque", 5 },
};

static const DynoEvent *
expect (DynoTestWire  *wire,
        DynoEventKind  kind,
        guint          n)
{
  g_test_message ("%s", dyno_event_kind_name (kind));
  g_assert_cmpuint (dyno_gathered_count (wire->out, kind), ==, n);

  return n > 0 ? dyno_gathered_last (wire->out, kind) : NULL;
}

static guint
bound_id (const DynoTestWire *wire,
          DynoChannel         canonical)
{
  return dyno_capture_state_bound (wire->out->state, canonical)->channel->id;
}

static void
test_a_provider_is_found (void)
{
  g_autoptr(DynoTestWire) wire = dyno_test_wire_new ();
  DynoTestProvider provider = { 0x3BBC, 1, "Dynojet Power Core" };
  const DynoChannelState *rpm;

  dyno_test_wire_start (wire, NULL);
  dyno_test_wire_wait (wire, S);
  g_assert_cmpint (wire->out->state->link, ==, DYNO_LINK_LISTENING);
  g_assert_cmpint (wire->out->state->chosen, ==, -1);

  dyno_test_provider_announce (&provider, wire, bike, G_N_ELEMENTS (bike));
  dyno_test_wire_wait (wire, 250 * MS);
  g_assert_cmpstr (expect (wire, DYNO_EVENT_PROVIDER_NEW, 1)->text, ==, "Dynojet Power Core");
  expect (wire, DYNO_EVENT_PROVIDER_CHOSEN, 1);
  expect (wire, DYNO_EVENT_CHANNEL_ADDED, G_N_ELEMENTS (bike));
  g_assert_cmpint (wire->out->state->link, ==, DYNO_LINK_CONNECTED);
  g_assert_cmpint (wire->out->state->chosen, ==, 0);
  g_assert_cmpuint (wire->out->state->n_channels, ==, G_N_ELEMENTS (bike));

  dyno_test_provider_value (&provider, wire, 0, 5000, 2712);
  dyno_test_wire_wait (wire, 250 * MS);
  g_assert_cmpint (wire->out->state->link, ==, DYNO_LINK_CAPTURING);
  rpm = dyno_capture_state_bound (wire->out->state, DYNO_CHANNEL_RPM);
  g_assert_nonnull (rpm);
  g_assert_cmpstr (rpm->channel->name, ==, "Engine RPM");
  g_assert_cmpfloat (rpm->last, ==, 2712);
  g_assert_cmpfloat (rpm->confidence, ==, 1);
  /* Barometric pressure is not MAP, and MAP is not there by value yet. */
  g_assert_cmpstr (dyno_capture_state_bound (wire->out->state, DYNO_CHANNEL_BARO)->channel->name,
                   ==, "Pressure");
  g_assert_cmpstr (dyno_capture_state_bound (wire->out->state, DYNO_CHANNEL_MAP)->channel->name,
                   ==, "Manifold Absolute Pressure");

  g_assert_cmpuint (wire->out->samples->len, ==, 1);
  g_assert_cmpfloat (g_array_index (wire->out->samples, DynoSample, 0).raw, ==, 2712);
  g_assert_cmpuint (g_array_index (wire->out->samples, DynoSample, 0).generation, ==, 1);
}

/* Time of a sample is the provider's, whatever the wire did to it. */
static void
test_sample_time (void)
{
  g_autoptr(DynoTestWire) wire = dyno_test_wire_new ();
  DynoTestProvider provider = { 0x3BBC, 1, "P" };
  static const gint64 jitter_us[] = { 0, 15000, 3000, 49000, 0, 31000 };
  const DynoSample *samples;

  dyno_test_wire_start (wire, NULL);
  dyno_test_provider_announce (&provider, wire, bike, 2);
  for (guint i = 0; i < 60; i++)
    {
      gint64 planned_us = wire->now_us + 50000;

      dyno_test_wire_wait (wire, 50000 + jitter_us[i % 6]);
      dyno_test_provider_value (&provider, wire, 0, G_MAXUINT32 - 1000 + 50 * i, (float) i);
      wire->now_us = MAX (planned_us, wire->now_us - jitter_us[i % 6]);
    }

  samples = (const DynoSample *) wire->out->samples->data;
  g_assert_cmpuint (wire->out->samples->len, ==, 60);
  for (guint i = 1; i < 60; i++)
    {
      g_assert_cmpint (samples[i].t_us - samples[i - 1].t_us, ==, 50000); /* over the wrap, too */
      g_assert_cmpint (samples[i].arrival_us, >=, samples[i - 1].arrival_us);
    }
  g_assert_cmpint (ABS (samples[0].t_us - samples[0].arrival_us), <, 50000);
}

static void
test_clear_makes_a_generation (void)
{
  g_autoptr(DynoTestWire) wire = dyno_test_wire_new ();
  DynoTestProvider provider = { 0x3BBC, 1, "P" };
  static const DynoTestChannel moved[] = { { 1, "Engine RPM", 8 }, { 0, "Speed 1", 2 } };
  const DynoSample *samples;

  dyno_test_wire_start (wire, NULL);
  dyno_test_provider_announce (&provider, wire, bike, 2);
  dyno_test_provider_value (&provider, wire, 0, 1000, 3000);
  dyno_test_provider_clear (&provider, wire);
  g_assert_cmpuint (expect (wire, DYNO_EVENT_PROVIDER_CLEARED, 1)->generation, ==, 2);
  dyno_test_provider_clear (&provider, wire);
  expect (wire, DYNO_EVENT_PROVIDER_CLEARED, 1); /* nothing was left to forget */
  dyno_test_provider_announce (&provider, wire, moved, 2);
  dyno_test_provider_value (&provider, wire, 1, 1050, 3001);
  dyno_test_wire_wait (wire, 250 * MS);

  samples = (const DynoSample *) wire->out->samples->data;
  g_assert_cmpuint (wire->out->samples->len, ==, 2);
  g_assert_cmpuint (samples[0].channel, ==, 0);
  g_assert_cmpuint (samples[0].generation, ==, 1);
  g_assert_cmpuint (samples[1].generation, ==, 2);
  g_assert_cmpuint (samples[1].channel, >=, 2); /* never an old number */
  g_assert_cmpuint (dyno_capture_state_bound (wire->out->state, DYNO_CHANNEL_RPM)->channel->id,
                    ==, 1);
}

/* Ids that move without a word: no column ever has two meanings. */
static void
test_renamed_without_clear (void)
{
  g_autoptr(DynoTestWire) wire = dyno_test_wire_new ();
  DynoTestProvider provider = { 0x3BBC, 1, "P" };
  static const DynoTestChannel other[] = { { 0, "Speed 1", 2 }, { 1, "Engine RPM", 8 } };
  const DynoSample *samples;

  dyno_test_wire_start (wire, NULL);
  dyno_test_provider_announce (&provider, wire, bike, 2);
  dyno_test_provider_value (&provider, wire, 0, 1000, 3000);
  dyno_test_provider_announce (&provider, wire, other, 2);
  expect (wire, DYNO_EVENT_CHANNEL_REMOVED, 2);
  expect (wire, DYNO_EVENT_CHANNEL_ADDED, 4);
  dyno_test_provider_value (&provider, wire, 0, 1050, 88);
  samples = (const DynoSample *) wire->out->samples->data;
  g_assert_cmpuint (samples[0].channel, ==, 0);
  g_assert_cmpuint (samples[1].channel, ==, 2);
  /* Announced once more as it is: nothing happens. */
  dyno_test_provider_announce (&provider, wire, other, 2);
  expect (wire, DYNO_EVENT_CHANNEL_ADDED, 4);
}

static void
test_values_before_their_list (void)
{
  g_autoptr(DynoTestWire) wire = dyno_test_wire_new ();
  DynoTestProvider provider = { 0x3BBC, 1, "P" };
  DynoOutgoing outgoing;
  DynoKlhdvFrame frame;
  const DynoSample *samples;
  gint64 arrival_us;
  guint n_requests = 0;

  dyno_test_wire_start (wire, NULL);
  while (dyno_intake_next_outgoing (wire->intake, &outgoing))
    ;
  dyno_test_provider_announce (&provider, wire, bike, 1);
  arrival_us = wire->now_us;
  dyno_test_provider_value (&provider, wire, 1, 1000, 55);
  dyno_test_wire_wait (wire, 500 * MS);
  dyno_test_provider_value (&provider, wire, 0, 1500, 3000);
  g_assert_cmpuint (wire->out->samples->len, ==, 1);
  g_assert_nonnull (dyno_gathered_channel (wire->out, "chan_1"));
  g_assert_false (dyno_gathered_channel (wire->out, "chan_1")->is_resolved);
  while (dyno_intake_next_outgoing (wire->intake, &outgoing))
    {
      dyno_klhdv_decode (outgoing.data, outgoing.size, &frame);
      n_requests += frame.key == DYNO_KLHDV_REQUEST_INFO ? 1 : 0;
    }
  g_assert_cmpuint (n_requests, ==, 1);

  dyno_test_wire_wait (wire, 500 * MS);
  dyno_test_provider_announce (&provider, wire, bike, 2);
  samples = (const DynoSample *) wire->out->samples->data;
  g_assert_cmpuint (wire->out->samples->len, ==, 2);
  g_assert_cmphex (samples[1].flags, ==, DYNO_SAMPLE_UNRESOLVED_AT_ARRIVAL);
  g_assert_cmpint (samples[1].arrival_us, ==, arrival_us);
  g_assert_cmpint (samples[1].t_us, ==, samples[0].t_us - 500 * MS);
  expect (wire, DYNO_EVENT_CHANNEL_LIST, 1);
}

/* 256 values wait, not more; requests come once a second, five times, then
 * every 30 s. */
static void
test_a_list_that_never_comes (void)
{
  g_autoptr(DynoTestWire) wire = dyno_test_wire_new ();
  DynoTestProvider provider = { 0x3BBC, 1, "P" };
  DynoOutgoing outgoing;
  DynoKlhdvFrame frame;
  guint n_requests = 0;

  dyno_test_wire_start (wire, NULL);
  while (dyno_intake_next_outgoing (wire->intake, &outgoing))
    ;
  for (guint i = 0; i < 400; i++)
    {
      dyno_test_provider_value (&provider, wire, 9, 1000 + 100 * i, 1);
      dyno_test_wire_wait (wire, 100 * MS);
      while (dyno_intake_next_outgoing (wire->intake, &outgoing))
        {
          dyno_klhdv_decode (outgoing.data, outgoing.size, &frame);
          n_requests += frame.key == DYNO_KLHDV_REQUEST_INFO && frame.header.host != 0 ? 1 : 0;
        }
    }
  g_assert_cmpuint (wire->out->samples->len, ==, 0);
  g_assert_cmpuint (wire->out->state->providers[0].counts.unresolved, ==, 400 - 256);
  g_assert_cmpuint (n_requests, <=, 6);
  g_assert_cmpuint (n_requests, >=, 4);
  g_assert_cmpint (wire->out->state->reason, ==, DYNO_LINK_REASON_NO_CHANNEL_INFO);
  g_assert_true (wire->out->state->warnings & DYNO_WARNING_LIST_TOO_LARGE);
}

static void
test_clock_restart (void)
{
  g_autoptr(DynoTestWire) wire = dyno_test_wire_new ();
  DynoTestProvider provider = { 0x3BBC, 1, "P" };
  const DynoSample *samples;

  dyno_test_wire_start (wire, NULL);
  dyno_test_provider_announce (&provider, wire, bike, 2);
  dyno_test_provider_value (&provider, wire, 0, 600000, 3000);
  dyno_test_wire_wait (wire, 50 * MS);
  dyno_test_provider_value (&provider, wire, 0, 100, 900);
  g_assert_cmpuint (expect (wire, DYNO_EVENT_PROVIDER_RESTARTED, 1)->generation, ==, 2);
  dyno_test_wire_wait (wire, 50 * MS);
  dyno_test_provider_announce (&provider, wire, bike, 2);
  samples = (const DynoSample *) wire->out->samples->data;
  g_assert_cmpuint (wire->out->samples->len, ==, 2);
  g_assert_cmpuint (samples[1].generation, ==, 2);
  g_assert_cmpint (samples[1].t_us, >, samples[0].t_us); /* on our clock it is later */

  /* An orderly restart, Clear and list first, is one new generation, not two. */
  dyno_test_wire_wait (wire, 10 * S);
  dyno_test_provider_value (&provider, wire, 0, 10150, 900);
  dyno_test_provider_clear (&provider, wire);
  dyno_test_provider_announce (&provider, wire, bike, 2);
  dyno_test_provider_value (&provider, wire, 0, 50, 900);
  expect (wire, DYNO_EVENT_PROVIDER_RESTARTED, 1);
  g_assert_cmpuint (expect (wire, DYNO_EVENT_PROVIDER_CLEARED, 1)->generation, ==, 3);
  samples = (const DynoSample *) wire->out->samples->data;
  g_assert_cmpuint (samples[wire->out->samples->len - 1].generation, ==, 3);
}

/* One absurd stamp among good ones is that value's trouble alone. */
static void
test_absurd_stamp (void)
{
  g_autoptr(DynoTestWire) wire = dyno_test_wire_new ();
  DynoTestProvider provider = { 0x3BBC, 1, "P" };
  DynoKlhdvHeader header = { 0x3BBC, 2, DYNO_KLHDV_ALL_HOSTS };
  DynoKlhdvRecord records[] = { { 0, 5000, 1 }, { 1, 0xFFFFFFFF, 2 }, { 0, 5010, 3 } };
  guint8 data[DYNO_KLHDV_DATAGRAM_SIZE];
  const DynoSample *samples;

  dyno_test_wire_start (wire, NULL);
  dyno_test_provider_announce (&provider, wire, bike, 2);
  dyno_test_wire_hear (wire, data, dyno_klhdv_write_values (data, &header, records, 3));
  dyno_test_wire_wait (wire, 250 * MS);
  samples = (const DynoSample *) wire->out->samples->data;
  g_assert_cmpuint (wire->out->samples->len, ==, 3);
  g_assert_cmpint (samples[1].t_us, ==, samples[2].t_us);
  g_assert_cmpuint (wire->out->state->providers[0].counts.bad_time, ==, 1);
  expect (wire, DYNO_EVENT_PROVIDER_RESTARTED, 0);
}

/* The same provider under a new id is one provider, its bindings follow. */
static void
test_restart_under_new_id (void)
{
  g_autoptr(DynoTestWire) wire = dyno_test_wire_new ();
  DynoTestProvider before = { 0x1111, 1, "Shop Dyno" };
  DynoTestProvider after = { 0x2222, 1, "Shop Dyno" };

  dyno_test_wire_start (wire, NULL);
  dyno_test_provider_announce (&before, wire, bike, G_N_ELEMENTS (bike));
  dyno_test_provider_value (&before, wire, 0, 5000, 3000);
  dyno_test_wire_wait (wire, 250 * MS);
  dyno_test_provider_announce (&after, wire, bike, G_N_ELEMENTS (bike));
  dyno_test_provider_value (&after, wire, 0, 100, 3100);
  dyno_test_wire_wait (wire, 250 * MS);

  g_assert_cmpuint (expect (wire, DYNO_EVENT_PROVIDER_REPLACED, 1)->count, ==, 0x1111);
  g_assert_cmpuint (wire->out->state->n_providers, ==, 1);
  g_assert_cmpint (wire->out->state->chosen, ==, 0);
  g_assert_cmpuint (wire->out->state->providers[0].host_id, ==, 0x2222);
  g_assert_cmpuint (wire->out->state->providers[0].generation, ==, 2);
  g_assert_cmpfloat (dyno_capture_state_bound (wire->out->state, DYNO_CHANNEL_RPM)->last, ==, 3100);
}

/* Two of one name that both speak stay two. */
static void
test_two_providers (void)
{
  g_autoptr(DynoTestWire) wire = dyno_test_wire_new ();
  DynoTestProvider one = { 0x1111, 1, "Shop Dyno" };
  DynoTestProvider two = { 0x2222, 1, "Other Dyno" };
  const DynoSample *samples;

  dyno_test_wire_start (wire, NULL);
  dyno_test_provider_announce (&one, wire, bike, 2);
  dyno_test_provider_announce (&two, wire, bike, 2);
  dyno_test_provider_value (&one, wire, 0, 5000, 3000);
  dyno_test_provider_value (&two, wire, 0, 9000, 7000);
  dyno_test_wire_wait (wire, 250 * MS);
  g_assert_cmpuint (wire->out->state->n_providers, ==, 2);
  g_assert_cmpint (wire->out->state->chosen, ==, 0);
  g_assert_true (wire->out->state->warnings & DYNO_WARNING_SEVERAL_PROVIDERS);
  samples = (const DynoSample *) wire->out->samples->data;
  g_assert_cmphex (samples[0].flags, ==, 0);
  g_assert_cmphex (samples[1].flags, ==, DYNO_SAMPLE_OTHER_PROVIDER);
  g_assert_cmpuint (samples[0].channel, !=, samples[1].channel);

  dyno_test_wire_input (wire, "{\"event\":\"provider\",\"name\":\"Other Dyno\"}");
  dyno_test_wire_wait (wire, 250 * MS);
  g_assert_cmpint (wire->out->state->chosen, ==, 1);
  g_assert_cmpfloat (dyno_capture_state_bound (wire->out->state, DYNO_CHANNEL_RPM)->last, ==, 7000);

  /* The pinned one goes: nobody takes its place. */
  dyno_test_wire_input (wire, "{\"event\":\"provider\",\"name\":\"Third Dyno\"}");
  dyno_test_wire_wait (wire, 250 * MS);
  g_assert_cmpint (wire->out->state->chosen, ==, -1);
}

static void
test_dynojet_is_preferred (void)
{
  g_autoptr(DynoTestWire) wire = dyno_test_wire_new ();
  DynoTestProvider one = { 0x1111, 1, "Lab" };
  DynoTestProvider two = { 0x2222, 1, "Dynojet Power Core" };
  DynoTestProvider three = { 0x3333, 1, "Third" };

  dyno_test_wire_start (wire, NULL);
  dyno_test_provider_announce (&one, wire, bike, 2);
  dyno_test_provider_announce (&two, wire, bike, 2);
  dyno_test_wire_wait (wire, 250 * MS);
  g_assert_cmpint (wire->out->state->chosen, ==, 1);

  /* Once it is in use, a newcomer changes nothing. */
  for (guint i = 0; i < 20; i++)
    {
      dyno_test_provider_value (&two, wire, 0, 1000 + 250 * i, 3000);
      dyno_test_provider_value (&three, wire, 0, 1000 + 250 * i, 3000);
      dyno_test_wire_wait (wire, 250 * MS);
    }
  dyno_test_provider_announce (&three, wire, bike, 2);
  dyno_test_wire_wait (wire, 250 * MS);
  g_assert_cmpint (wire->out->state->chosen, ==, 1);
}

static void
test_silence (void)
{
  g_autoptr(DynoTestWire) wire = dyno_test_wire_new ();
  DynoTestProvider provider = { 0x3BBC, 1, "P" };

  dyno_test_wire_start (wire, NULL);
  dyno_test_provider_announce (&provider, wire, bike, 2);
  dyno_test_provider_value (&provider, wire, 0, 1000, 3000);
  dyno_test_wire_wait (wire, 4 * S);
  g_assert_cmpint (wire->out->state->link, ==, DYNO_LINK_CAPTURING);
  dyno_test_wire_wait (wire, 2 * S);
  g_assert_cmpint (wire->out->state->link, ==, DYNO_LINK_SILENT);
  g_assert_cmpint (wire->out->state->overall, ==, DYNO_OVERALL_STALE);
  expect (wire, DYNO_EVENT_PROVIDER_SILENT, 1);

  dyno_test_provider_value (&provider, wire, 0, 7000, 3000);
  dyno_test_wire_wait (wire, 250 * MS);
  expect (wire, DYNO_EVENT_PROVIDER_BACK, 1);
  g_assert_cmpint (wire->out->state->link, ==, DYNO_LINK_CAPTURING);

  dyno_test_wire_wait (wire, 66 * S);
  expect (wire, DYNO_EVENT_PROVIDER_GONE, 1);
  g_assert_cmpint (wire->out->state->link, ==, DYNO_LINK_GONE);
  dyno_test_wire_wait (wire, 540 * S);
  expect (wire, DYNO_EVENT_PROVIDER_FORGOTTEN, 1);
  g_assert_cmpuint (wire->out->state->n_providers, ==, 0);
  g_assert_cmpint (wire->out->state->link, ==, DYNO_LINK_LISTENING);
}

static void
test_incompatible_version (void)
{
  g_autoptr(DynoTestWire) wire = dyno_test_wire_new ();
  DynoTestProvider strange = { 0x2222, 0, "Strange" };
  DynoTestProvider good = { 0x3BBC, 0, "Good" };

  dyno_test_wire_start (wire, NULL);
  dyno_test_provider_ping (&strange, wire, DYNO_KLHDV_ALL_HOSTS, 10);
  dyno_test_provider_ping (&strange, wire, DYNO_KLHDV_ALL_HOSTS, 10);
  dyno_test_provider_announce (&strange, wire, bike, 2);
  dyno_test_wire_wait (wire, 250 * MS);
  g_assert_cmpuint (expect (wire, DYNO_EVENT_PROVIDER_VERSION, 1)->count, ==, 10);
  g_assert_cmpint (wire->out->state->reason, ==, DYNO_LINK_REASON_VERSION);
  expect (wire, DYNO_EVENT_PROVIDER_NEW, 0);
  dyno_test_provider_announce (&good, wire, bike, 2);
  dyno_test_wire_wait (wire, 250 * MS);
  g_assert_cmpint (wire->out->state->link, ==, DYNO_LINK_CONNECTED);
}

/* Drawn after listening and asking, never 0, 0xFFFF or an id that was heard. */
static void
test_own_id (void)
{
  g_autoptr(DynoTestWire) wire = dyno_test_wire_new ();
  DynoTestProvider provider = { 0x3BBC, 1, "P" };
  DynoOutgoing outgoing;
  DynoKlhdvFrame frame;
  DynoKlhdvPing ping;
  guint16 own;
  guint n_pongs = 0, n_pings = 0;

  dyno_test_wire_start (wire, NULL);
  g_assert_true (dyno_intake_next_outgoing (wire->intake, &outgoing));
  dyno_klhdv_decode (outgoing.data, outgoing.size, &frame);
  g_assert_cmpuint (frame.key, ==, DYNO_KLHDV_REQUEST_INFO);
  g_assert_cmpuint (frame.header.host, ==, 0);
  dyno_test_wire_wait (wire, 500 * MS);
  g_assert_true (dyno_intake_next_outgoing (wire->intake, &outgoing));
  dyno_klhdv_decode (outgoing.data, outgoing.size, &frame);
  g_assert_cmpuint (frame.key, ==, DYNO_KLHDV_PING);
  g_assert_cmpuint (frame.header.host, ==, 0);
  g_assert_cmpuint (frame.header.destination, ==, DYNO_KLHDV_ALL_HOSTS);
  g_assert_cmpuint (wire->out->state->own_id, ==, 0);
  dyno_test_wire_wait (wire, 1250 * MS);
  own = wire->out->state->own_id;
  g_assert_cmpuint (own, !=, 0);
  g_assert_cmpuint (own, !=, 0xFFFF);

  /* A Ping is answered with a Pong, and by a Ping where the clock is unknown. */
  dyno_test_provider_ping (&provider, wire, own, 1);
  dyno_test_wire_wait (wire, 250 * MS);
  while (dyno_intake_next_outgoing (wire->intake, &outgoing))
    {
      dyno_klhdv_decode (outgoing.data, outgoing.size, &frame);
      if (frame.key == DYNO_KLHDV_PONG)
        {
          n_pongs++;
          g_assert_true (dyno_klhdv_read_ping (&frame, &ping));
          g_assert_cmpuint (ping.host_ms, ==, 1000);
          g_assert_cmpuint (frame.header.destination, ==, 0x3BBC);
        }
      if (frame.key == DYNO_KLHDV_PING)
        {
          n_pings++;
          g_assert_cmpuint (frame.header.destination, ==, 0x3BBC);
        }
      if (frame.key != DYNO_KLHDV_REQUEST_INFO)
        g_assert_cmpuint (frame.header.host, ==, own);
    }
  g_assert_cmpuint (n_pongs, ==, 1);
  g_assert_cmpuint (n_pings, ==, 1);

  /* For another one, or with another id in it: no answer. */
  dyno_test_provider_ping (&provider, wire, (guint16) (own + 1), 1);
  dyno_test_wire_wait (wire, 250 * MS);
  g_assert_false (dyno_intake_next_outgoing (wire->intake, &outgoing));
  g_assert_cmpuint (wire->out->state->providers[0].counts.not_for_us, ==, 1);
}

static void
test_collision (void)
{
  g_autoptr(DynoTestWire) wire = dyno_test_wire_new ();
  DynoTestProvider thief = { 0, 1, "Thief" };
  guint16 own;

  dyno_test_wire_start (wire, NULL);
  dyno_test_wire_wait (wire, 2 * S);
  own = wire->out->state->own_id;
  g_assert_cmpuint (own, !=, 0);
  thief.host = own;
  dyno_test_provider_announce (&thief, wire, bike, 2);
  g_assert_cmpuint (expect (wire, DYNO_EVENT_COLLISION, 1)->host_id, ==, own);
  dyno_test_wire_wait (wire, 250 * MS);
  g_assert_cmpuint (wire->out->state->own_id, ==, 0);
  g_assert_cmpint (wire->out->state->reason, ==, DYNO_LINK_REASON_COLLISION);
  dyno_test_wire_wait (wire, 1 * S);
  g_assert_cmpuint (wire->out->state->own_id, !=, 0);
  g_assert_cmpuint (wire->out->state->own_id, !=, own);
  /* What he says counts all the same. */
  g_assert_cmpuint (wire->out->state->n_providers, ==, 1);
}

static void
test_passive_is_mute (void)
{
  g_autoptr(DynoTestWire) wire = dyno_test_wire_new ();
  DynoTestProvider provider = { 0x3BBC, 1, "P" };
  DynoOutgoing outgoing;

  dyno_test_wire_start (wire, ",\"passive\":true");
  dyno_test_wire_wait (wire, 5 * S);
  dyno_test_provider_ping (&provider, wire, DYNO_KLHDV_ALL_HOSTS, 1);
  dyno_test_provider_value (&provider, wire, 3, 1000, 1);
  dyno_test_wire_wait (wire, 5 * S);
  g_assert_false (dyno_intake_next_outgoing (wire->intake, &outgoing));
  g_assert_cmpuint (wire->out->state->own_id, ==, 0);
}

static void
test_duplicate_names (void)
{
  g_autoptr(DynoTestWire) wire = dyno_test_wire_new ();
  DynoTestProvider provider = { 0x3BBC, 1, "P" };
  static const DynoTestChannel late[] = { { 80, "Engine Speed", 8 } };
  static const DynoTestChannel early[] = { { 44, "Engine Speed", 8 } };

  /* The page with the second one comes first. */
  dyno_test_wire_start (wire, NULL);
  dyno_test_provider_announce (&provider, wire, late, 1);
  g_assert_cmpstr (dyno_gathered_last (wire->out, DYNO_EVENT_CHANNEL_ADDED)->wire->display_name,
                   ==, "Engine Speed");
  dyno_test_provider_announce (&provider, wire, early, 1);
  g_assert_cmpuint (expect (wire, DYNO_EVENT_CHANNEL_CHANGED, 1)->channel, ==, 0);
  dyno_test_wire_wait (wire, 250 * MS);
  g_assert_cmpuint (dyno_gathered_channel (wire->out, "Engine Speed")->channel->id, ==, 44);
  g_assert_cmpuint (dyno_gathered_channel (wire->out, "Engine Speed #2")->channel->id, ==, 80);
  g_assert_cmpuint (dyno_gathered_channel (wire->out, "Engine Speed #2")->channel->index, ==, 0);
}

static void
test_pins_by_name (void)
{
  g_autoptr(DynoTestWire) wire = dyno_test_wire_new ();
  DynoTestProvider provider = { 0x3BBC, 1, "P" };
  static const DynoTestChannel list[] = { { 3, "Engine Speed", 8 }, { 9, "Engine Speed", 8 } };
  static const DynoTestChannel moved[] = { { 30, "Engine Speed", 8 }, { 90, "Engine Speed", 8 } };

  dyno_test_wire_start (wire, ",\"pins\":[{\"provider\":\"P\",\"channel\":\"Engine Speed\","
                              "\"unit\":8,\"occurrence\":2,\"canonical\":\"rpm\"}]");
  dyno_test_provider_announce (&provider, wire, list, 2);
  dyno_test_wire_wait (wire, 250 * MS);
  g_assert_cmpuint (bound_id (wire, DYNO_CHANNEL_RPM), ==, 9);
  g_assert_true (dyno_capture_state_bound (wire->out->state, DYNO_CHANNEL_RPM)->is_pinned);

  dyno_test_provider_clear (&provider, wire);
  dyno_test_provider_announce (&provider, wire, moved, 2);
  dyno_test_wire_wait (wire, 250 * MS);
  g_assert_cmpuint (bound_id (wire, DYNO_CHANNEL_RPM), ==, 90);

  dyno_test_wire_input (wire, "{\"event\":\"unpin\",\"provider\":\"P\",\"channel\":\"Engine "
                              "Speed\",\"unit\":8,\"occurrence\":2}");
  dyno_test_wire_wait (wire, 250 * MS);
  g_assert_cmpuint (bound_id (wire, DYNO_CHANNEL_RPM), ==, 30);
}

static void
test_malformed (void)
{
  g_autoptr(DynoJson) vectors = dyno_test_wire_vectors ();
  const DynoJson *rows = dyno_json_member (vectors, "datagrams");
  g_autoptr(DynoTestWire) wire = dyno_test_wire_new ();
  const DynoCaptureState *state;

  if (vectors == NULL)
    return;
  dyno_test_wire_start (wire, NULL);
  for (guint i = 0; i < dyno_json_n_elements (rows); i++)
    {
      const DynoJson *row = dyno_json_element (rows, i);
      gsize size;
      g_autofree guint8 *data = dyno_test_wire_from_hex (dyno_json_get_string (row, "hex"), &size);

      if (dyno_json_get_string (row, "name")[0] == 'N')
        dyno_test_wire_hear (wire, data, size);
    }
  dyno_test_wire_wait (wire, 250 * MS);
  state = wire->out->state;
  g_assert_cmpuint (state->counts.datagrams, ==, 15);
  g_assert_cmpuint (state->counts.malformed, ==, 6);    /* N1 N2 N4 N8 N9 N14 */
  g_assert_cmpuint (state->counts.bad_host, ==, 1);     /* N6 */
  g_assert_cmpuint (state->counts.unnegotiated, ==, 1); /* N13 */
  g_assert_cmpuint (state->n_providers, ==, 2);
  g_assert_cmpuint (state->providers[0].counts.malformed + state->providers[1].counts.malformed, ==,
                    3);                                 /* N3 N10 N11 */
  g_assert_cmpuint (state->providers[0].counts.trailing, ==, 1);
  g_assert_cmpuint (state->providers[1].counts.unknown_key, ==, 1);
  g_assert_cmpuint (state->providers[0].counts.remainder, ==, 2);
}

/* A flood of host ids leaves those that stream alone. */
static void
test_host_limit (void)
{
  g_autoptr(DynoTestWire) wire = dyno_test_wire_new ();
  DynoTestProvider provider = { 0x3BBC, 1, "P" };

  dyno_test_wire_start (wire, NULL);
  dyno_test_provider_announce (&provider, wire, bike, 2);
  for (guint16 i = 1; i < 2000; i++)
    {
      DynoTestProvider other = { i, 0, "" };

      dyno_test_provider_ping (&other, wire, DYNO_KLHDV_ALL_HOSTS, 1);
    }
  dyno_test_provider_value (&provider, wire, 0, 1000, 3000);
  dyno_test_wire_wait (wire, 250 * MS);
  g_assert_cmpuint (wire->out->state->n_providers, ==, 64);
  g_assert_cmpuint (wire->out->samples->len, ==, 1);
  g_assert_cmpint (wire->out->state->chosen, ==, 0);
}

static void
test_channel_limit (void)
{
  g_autoptr(DynoTestWire) wire = dyno_test_wire_new ();
  DynoTestProvider provider = { 0x3BBC, 1, "P" };
  g_autofree DynoTestChannel *many = g_new0 (DynoTestChannel, 5000);

  dyno_test_wire_start (wire, NULL);
  for (guint i = 0; i < 5000; i++)
    many[i] = (DynoTestChannel){ (guint16) (i * 13), "x", 255 };
  dyno_test_provider_announce (&provider, wire, many, 5000);
  dyno_test_wire_wait (wire, 250 * MS);
  g_assert_cmpuint (wire->out->state->n_channels, ==, 4096);
  g_assert_cmpuint (wire->out->state->counts.refused, ==, 5000 - 4096);
}

static void
test_health_and_overall (void)
{
  g_autoptr(DynoTestWire) wire = dyno_test_wire_new ();
  DynoTestProvider provider = { 0x3BBC, 1, "P" };

  dyno_test_wire_start (wire, NULL);
  dyno_test_provider_announce (&provider, wire, bike, G_N_ELEMENTS (bike));
  for (guint i = 0; i < 100; i++)
    {
      guint32 ms = 1000 + 50 * i;

      dyno_test_provider_value (&provider, wire, 0, ms, 3000 + (float) i);
      dyno_test_provider_value (&provider, wire, 1, ms, 80 + 0.1f * (float) i);
      dyno_test_provider_value (&provider, wire, 2, ms, i == 0 ? 12.9f : 13.0f);
      dyno_test_provider_value (&provider, wire, 3, ms, 95 + 0.01f * (float) i);
      dyno_test_provider_value (&provider, wire, 4, ms, 100);
      dyno_test_provider_value (&provider, wire, 6, ms, 50 + (float) i);
      dyno_test_provider_value (&provider, wire, 7, ms, 100 + (float) i);
      dyno_test_wire_wait (wire, 50 * MS);
    }
  /* All but the mixture move: it is frozen, and it is required. */
  g_assert_cmpint (dyno_gathered_channel (wire->out, "LC1 Volts Petrol AFR")->health, ==,
                   DYNO_HEALTH_FROZEN);
  g_assert_cmpint (wire->out->state->overall, ==, DYNO_OVERALL_CRITICAL);
  g_assert_cmpint (dyno_gathered_channel (wire->out, "Engine RPM")->health, ==, DYNO_HEALTH_OK);
  g_assert_cmpint (dyno_gathered_channel (wire->out, "Pressure")->health, ==,
                   DYNO_HEALTH_NO_SIGNAL);
  for (guint i = 0; i < 50; i++)
    {
      guint32 ms = 6000 + 50 * i;

      for (guint16 id = 0; id < 8; id++)
        dyno_test_provider_value (&provider, wire, id, ms, 13.0f + (float) (i % 7) + id);
      dyno_test_wire_wait (wire, 50 * MS);
    }
  g_assert_cmpint (dyno_gathered_channel (wire->out, "LC1 Volts Petrol AFR")->health, ==,
                   DYNO_HEALTH_OK);
  g_assert_cmpuint (dyno_gathered_count (wire->out, DYNO_EVENT_CHANNEL_HEALTH), >, 8);
}

static void
test_gap_and_loss (void)
{
  g_autoptr(DynoTestWire) wire = dyno_test_wire_new ();
  DynoTestProvider provider = { 0x3BBC, 1, "P" };

  dyno_test_wire_start (wire, NULL);
  dyno_test_provider_announce (&provider, wire, bike, 2);
  for (guint i = 0; i < 100; i++)
    {
      provider.seq += i % 10 == 9 ? 1 : 0;
      dyno_test_provider_value (&provider, wire, 0, 1000 + 50 * i, (float) i);
      dyno_test_wire_wait (wire, 50 * MS);
    }
  g_assert_cmpuint (expect (wire, DYNO_EVENT_GAP, 10)->count, ==, 1);
  dyno_assert_near (wire->out->state->providers[0].loss_total_percent, 1000.0 / 111, 1e-9);
  dyno_assert_near (wire->out->state->providers[0].loss_percent, 9.1, 0.3);
}

static void
test_far_future (void)
{
  g_autoptr(DynoTestWire) wire = dyno_test_wire_new ();
  DynoTestProvider provider = { 0x3BBC, 1, "P" };

  dyno_test_wire_start (wire, NULL);
  dyno_test_provider_announce (&provider, wire, bike, 2);
  wire->now_us = G_MAXINT64; /* a journal can say anything: no endless walk, no overflow */
  dyno_test_provider_announce (&provider, wire, bike, 2);
  expect (wire, DYNO_EVENT_PROVIDER_FORGOTTEN, 1);
  wire->now_us = 0;
  dyno_test_provider_announce (&provider, wire, bike, 2);
}

static void
test_interfaces (void)
{
  g_autoptr(DynoTestWire) wire = dyno_test_wire_new ();

  dyno_test_wire_start (wire, NULL);
  dyno_test_wire_input (wire, "{\"event\":\"interfaces\",\"trouble\":\"no_interface\","
                              "\"interfaces\":[{\"name\":\"eth0\",\"mac\":\"02:00:00:00:00:01\","
                              "\"index\":2,\"up\":false,\"joined\":false}]}");
  g_assert_cmpstr (expect (wire, DYNO_EVENT_LOSS_OF_INPUT, 1)->text, ==, "eth0 went away");
  g_assert_cmpint (wire->out->state->link, ==, DYNO_LINK_JOINING);
  g_assert_cmpint (wire->out->state->reason, ==, DYNO_LINK_REASON_NO_INTERFACE);
  dyno_test_wire_input (wire, "{\"event\":\"interfaces\",\"buffer\":212992,"
                              "\"interfaces\":[{\"name\":\"eth0\",\"mac\":\"02:00:00:00:00:01\","
                              "\"index\":7,\"up\":true,\"joined\":true}]}");
  expect (wire, DYNO_EVENT_LOSS_OF_INPUT, 2);
  g_assert_cmpuint (expect (wire, DYNO_EVENT_SMALL_BUFFER, 1)->count, ==, 212992);
  dyno_test_wire_wait (wire, 250 * MS);
  g_assert_cmpint (wire->out->state->link, ==, DYNO_LINK_LISTENING);
  dyno_test_wire_wait (wire, 6 * S);
  g_assert_cmpint (wire->out->state->reason, ==, DYNO_LINK_REASON_NO_TRAFFIC);

  /* Left by our own will is no loss. */
  dyno_test_wire_input (wire, "{\"event\":\"interfaces\",\"buffer\":212992,"
                              "\"interfaces\":[{\"name\":\"eth0\",\"mac\":\"02:00:00:00:00:01\","
                              "\"index\":7,\"address\":\"10.0.0.1\",\"up\":true,"
                              "\"joined\":false}]}");
  dyno_test_wire_input (wire, "{\"event\":\"interfaces\",\"buffer\":212992,"
                              "\"interfaces\":[{\"name\":\"eth0\",\"mac\":\"02:00:00:00:00:01\","
                              "\"index\":7,\"address\":\"10.0.0.1\",\"up\":true,"
                              "\"joined\":true}]}");
  expect (wire, DYNO_EVENT_LOSS_OF_INPUT, 2);
}

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/capture/intake/a-provider-is-found", test_a_provider_is_found);
  g_test_add_func ("/capture/intake/sample-time", test_sample_time);
  g_test_add_func ("/capture/intake/clear-makes-a-generation", test_clear_makes_a_generation);
  g_test_add_func ("/capture/intake/renamed-without-clear", test_renamed_without_clear);
  g_test_add_func ("/capture/intake/values-before-their-list", test_values_before_their_list);
  g_test_add_func ("/capture/intake/a-list-that-never-comes", test_a_list_that_never_comes);
  g_test_add_func ("/capture/intake/clock-restart", test_clock_restart);
  g_test_add_func ("/capture/intake/absurd-stamp", test_absurd_stamp);
  g_test_add_func ("/capture/intake/restart-under-new-id", test_restart_under_new_id);
  g_test_add_func ("/capture/intake/two-providers", test_two_providers);
  g_test_add_func ("/capture/intake/dynojet-is-preferred", test_dynojet_is_preferred);
  g_test_add_func ("/capture/intake/silence", test_silence);
  g_test_add_func ("/capture/intake/incompatible-version", test_incompatible_version);
  g_test_add_func ("/capture/intake/own-id", test_own_id);
  g_test_add_func ("/capture/intake/collision", test_collision);
  g_test_add_func ("/capture/intake/passive-is-mute", test_passive_is_mute);
  g_test_add_func ("/capture/intake/duplicate-names", test_duplicate_names);
  g_test_add_func ("/capture/intake/pins-by-name", test_pins_by_name);
  g_test_add_func ("/capture/intake/malformed", test_malformed);
  g_test_add_func ("/capture/intake/host-limit", test_host_limit);
  g_test_add_func ("/capture/intake/channel-limit", test_channel_limit);
  g_test_add_func ("/capture/intake/health-and-overall", test_health_and_overall);
  g_test_add_func ("/capture/intake/gap-and-loss", test_gap_and_loss);
  g_test_add_func ("/capture/intake/far-future", test_far_future);
  g_test_add_func ("/capture/intake/interfaces", test_interfaces);

  return g_test_run ();
}
