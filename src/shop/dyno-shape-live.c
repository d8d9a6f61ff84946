/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

#include "config.h"

#include "dyno-shape-private.h"

#include <math.h>

/* What is on the wire now; part of dyno-shape.h. */

/* What a gauge would show: nothing for a value that was refused or is old. */
static double
shown_value (const DynoChannelState *channel)
{
  guint refused = DYNO_SAMPLE_NOT_FINITE | DYNO_SAMPLE_OUT_OF_RANGE | DYNO_SAMPLE_PEGGED;
  gboolean is_old = channel->health == DYNO_HEALTH_STALE
                    || channel->health == DYNO_HEALTH_NO_SIGNAL;

  if (!isfinite (channel->last) || (channel->last_flags & refused) != 0 || is_old)
    return NAN;

  return (double) channel->last;
}

/* The shortest number that reads back to the float of the wire. */
static double
plain (double value)
{
  char text[G_ASCII_DTOSTR_BUF_SIZE];

  if (!isfinite (value))
    return NAN;
  for (int digits = 6; digits < 9; digits++)
    {
      char format[8];

      g_snprintf (format, sizeof format, "%%.%dg", digits);
      g_ascii_formatd (text, sizeof text, format, value);
      if ((float) g_ascii_strtod (text, NULL) == (float) value)
        break;
    }

  return g_ascii_strtod (text, NULL);
}

double
dyno_shape_wire_value (const DynoChannelState *channel)
{
  return plain (shown_value (channel));
}

static void
write_channel (DynoJsonWriter         *w,
               const DynoChannelState *channel)
{
  dyno_json_writer_begin_object (w);
  dyno_json_writer_add_integer (w, "id", channel->channel->id);
  dyno_json_writer_add_string (w, "name", channel->channel->display_name);
  dyno_json_writer_add_string (w, "unit", channel->unit->symbol);
  dyno_shape_add_channel (w, "canonical", channel->canonical);
  dyno_json_writer_add_rounded (w, "rate_hz", channel->rate_hz, 2);
  dyno_json_writer_add_number (w, "value", dyno_shape_wire_value (channel));
  dyno_json_writer_add_string (w, "health", dyno_health_name (channel->health));
  dyno_shape_add_text (w, "reason", channel->health_reason);
  dyno_json_writer_add_rounded (w, "age_s", channel->age_s, 3);
  dyno_json_writer_add_integer (w, "samples", (gint64) channel->n_samples);
  dyno_json_writer_end_object (w);
}

static void
write_provider (DynoJsonWriter         *w,
                const DynoCaptureState *state,
                guint                   index)
{
  const DynoProviderState *provider = &state->providers[index];
  g_autofree char *address = dyno_address_text (provider->address);

  dyno_json_writer_begin_object (w);
  dyno_shape_add_host (w, "host_id", provider->host_id);
  dyno_json_writer_add_string (w, "name", provider->name);
  dyno_json_writer_add_string (w, "address", address);
  dyno_json_writer_add_boolean (w, "chosen", provider->is_chosen);
  dyno_json_writer_add_boolean (w, "simulated", provider->is_simulator);
  dyno_json_writer_add_boolean (w, "silent", provider->is_silent);
  dyno_json_writer_add_rounded (w, "age_s", provider->age_s, 3);
  dyno_json_writer_add_rounded (w, "loss_pct", provider->loss_percent, 4);
  dyno_json_writer_add_integer (w, "received", (gint64) provider->counts.received);
  dyno_json_writer_add_integer (w, "lost", (gint64) provider->counts.lost);
  dyno_json_writer_add_integer (w, "malformed", (gint64) provider->counts.malformed);
  dyno_json_writer_name (w, "channels");
  dyno_json_writer_begin_array (w);
  for (guint i = 0; i < provider->n_channels; i++)
    write_channel (w, &state->channels[provider->first_channel + i]);
  dyno_json_writer_end_array (w);
  dyno_json_writer_end_object (w);
}

static void
write_stats (DynoJsonWriter         *w,
             const DynoCaptureState *state)
{
  DynoHostCounts sum = { 0 };

  for (guint i = 0; i < state->n_providers; i++)
    {
      const DynoHostCounts *counts = &state->providers[i].counts;

      sum.samples += counts->samples;
      sum.malformed += counts->malformed;
      sum.lost += counts->lost;
      sum.duplicates += counts->duplicates;
    }
  dyno_json_writer_name (w, "stats");
  dyno_json_writer_begin_object (w);
  dyno_json_writer_add_integer (w, "datagrams",
                                (gint64) (state->counts.datagrams - state->counts.own));
  dyno_json_writer_add_integer (w, "samples", (gint64) sum.samples);
  dyno_json_writer_add_integer (w, "malformed", (gint64) (sum.malformed + state->counts.malformed));
  dyno_json_writer_add_integer (w, "lost", (gint64) sum.lost);
  dyno_json_writer_add_integer (w, "duplicates", (gint64) sum.duplicates);
  dyno_json_writer_add_integer (w, "kernel_drops", (gint64) state->counts.kernel_drops);
  dyno_json_writer_end_object (w);
}

void
dyno_shape_providers (DynoJsonWriter         *w,
                      const DynoCaptureState *state)
{
  dyno_json_writer_begin_object (w);
  dyno_json_writer_add_string (w, "link", dyno_link_name (state->link));
  dyno_json_writer_add_string (w, "reason", dyno_link_reason_name (state->reason));
  dyno_json_writer_name (w, "providers");
  dyno_json_writer_begin_array (w);
  for (guint i = 0; i < state->n_providers; i++)
    {
      if (state->providers[i].is_provider)
        write_provider (w, state, i);
    }
  dyno_json_writer_end_array (w);
  write_stats (w, state);
  dyno_json_writer_end_object (w);
}

/* The words of the API: what is not a recording is idle or armed. */
static const char *
capture_word (const DynoArmState *state)
{
  if (state->n_open > 0 && state->phase != DYNO_ARM_SAVING)
    return "recording";
  if (state->n_open > 0)
    return "stopping";

  return state->is_armed ? "armed" : "idle";
}

void
dyno_shape_capture (DynoJsonWriter      *w,
                    const DynoArmState  *state,
                    const DynoPreflight *preflight,
                    gint64               utc_minus_monotonic_us)
{
  dyno_json_writer_begin_object (w);
  dyno_json_writer_add_string (w, "state", capture_word (state));
  dyno_json_writer_add_string (w, "phase", dyno_arm_phase_name (state->phase));
  dyno_json_writer_add_string (w, "run_id", state->run_id);
  dyno_shape_add_host (w, "provider_id", state->host_id);
  dyno_json_writer_add_string (w, "provider", state->provider);
  dyno_json_writer_add_boolean (w, "simulated", state->is_simulator);
  dyno_shape_add_time_us (w, "since",
                          state->since_us > 0 ? state->since_us + utc_minus_monotonic_us : 0);
  dyno_json_writer_add_integer (w, "samples", (gint64) state->n_samples);
  dyno_json_writer_add_integer (w, "dropped", (gint64) state->n_lost);
  dyno_shape_add_text (w, "message", state->message);
  dyno_json_writer_name (w, "preflight");
  if (preflight == NULL)
    dyno_json_writer_null (w);
  else
    {
      dyno_json_writer_begin_object (w);
      dyno_json_writer_add_boolean (w, "passed", preflight->has_passed);
      dyno_shape_add_time_us (w, "at", preflight->time_us);
      dyno_json_writer_end_object (w);
    }
  dyno_json_writer_end_object (w);
}

/* Live values. A channel that shows nothing says why. */

typedef struct
{
  gboolean      is_silent;
  DynoLiveState state;
} Silence;

static gboolean
is_shown (const DynoLiveReading *reading)
{
  return isfinite (reading->value)
         && (reading->state == DYNO_LIVE_OK || reading->state == DYNO_LIVE_IDLE
             || reading->state == DYNO_LIVE_SLOW || reading->state == DYNO_LIVE_FROZEN);
}

static void
write_value (DynoJsonWriter *w,
             DynoLive       *live,
             DynoChannel     canonical,
             Silence        *silence)
{
  int channel = dyno_live_find (live, canonical);
  DynoLiveReading reading;

  if (channel < 0 || !dyno_live_get (live, channel, &reading))
    return;

  dyno_json_writer_add_rounded (w, dyno_channel_info (canonical)->name,
                                is_shown (&reading) ? reading.value : NAN, 4);
  silence->is_silent = !is_shown (&reading);
  silence->state = reading.state;
}

static void
write_silences (DynoJsonWriter *w,
                const Silence   silences[DYNO_N_CHANNELS])
{
  dyno_json_writer_name (w, "s");
  dyno_json_writer_begin_object (w);
  for (guint i = 0; i < DYNO_N_CHANNELS; i++)
    {
      g_autofree char *word = g_strdup (dyno_live_state_name (silences[i].state));

      if (silences[i].is_silent)
        dyno_json_writer_add_string (w, dyno_channel_info ((DynoChannel) i)->name,
                                     g_strdelimit (word, " ", '_'));
    }
  dyno_json_writer_end_object (w);
}

void
dyno_shape_live_values (DynoJsonWriter *w,
                        DynoLive       *live,
                        guint64         channels)
{
  Silence silences[DYNO_N_CHANNELS] = { { FALSE, DYNO_LIVE_OK } };

  dyno_json_writer_name (w, "v");
  dyno_json_writer_begin_object (w);
  for (guint i = DYNO_CHANNEL_NONE + 1; i < DYNO_N_CHANNELS; i++)
    {
      if ((channels & (G_GUINT64_CONSTANT (1) << i)) != 0)
        write_value (w, live, (DynoChannel) i, &silences[i]);
    }
  dyno_json_writer_end_object (w);
  write_silences (w, silences);
}

void
dyno_shape_live (DynoJsonWriter *w,
                 DynoLive       *live,
                 guint64         seq,
                 gint64          now_utc_us)
{
  g_autoptr(DynoCaptureState) state = dyno_live_ref_capture (live);
  g_autoptr(DynoArmState) arm = dyno_live_ref_arm (live);
  const DynoProviderState *provider
    = state != NULL && state->chosen >= 0 ? &state->providers[state->chosen] : NULL;

  dyno_json_writer_begin_object (w);
  dyno_json_writer_add_integer (w, "seq", (gint64) seq);
  dyno_shape_add_time_us (w, "t", now_utc_us);
  dyno_json_writer_add_string (w, "state", arm != NULL ? dyno_arm_phase_name (arm->phase)
                                                       : "no_dyno");
  dyno_json_writer_add_boolean (w, "simulated", provider != NULL && provider->is_simulator);
  dyno_shape_add_host (w, "provider_id", provider != NULL ? provider->host_id : 0);
  dyno_json_writer_add_rounded (w, "age_ms",
                                provider != NULL ? provider->value_age_s * 1000 : NAN, 0);
  dyno_shape_live_values (w, live, DYNO_CHANNELS_ALL);
  dyno_json_writer_end_object (w);
}
