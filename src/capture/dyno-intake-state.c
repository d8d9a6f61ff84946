/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

#include "config.h"

#include "dyno-intake-private.h"

#include <math.h>

#define TICKS_KEPT 40
#define UNIT_LAMBDA 13

static void
copy_interfaces (const DynoIntake *self,
                 DynoCaptureState *state)
{
  state->n_interfaces = self->interfaces->len;
  state->interfaces = g_new0 (DynoInterfaceState, state->n_interfaces);
  for (guint i = 0; i < state->n_interfaces; i++)
    {
      DynoInterfaceState *interface = &state->interfaces[i];

      *interface = g_array_index (self->interfaces, DynoInterfaceState, i);
      interface->name = g_strdup (interface->name);
      interface->mac = g_strdup (interface->mac);
    }
}

static double
age_s (gint64 now_us,
       gint64 then_us)
{
  return then_us != 0 ? (double) (now_us - then_us) * 1e-6 : NAN;
}

static double
share_of_window (const DynoHost *host,
                 guint64         now,
                 const guint64  *then)
{
  guint n = MIN (host->n_ticks, TICKS_KEPT);
  guint oldest = (host->n_ticks - n) % TICKS_KEPT;

  if (n == 0)
    return 0;

  return (double) (now - MIN (then[oldest], now)) / (n * 0.25);
}

static void
copy_counts (const DynoHost    *host,
             DynoProviderState *provider)
{
  guint n = MIN (host->n_ticks, TICKS_KEPT);
  guint oldest = (host->n_ticks - n) % TICKS_KEPT;
  guint64 lost_then = n > 0 ? MIN (host->lost_then[oldest], host->sequence.lost) : 0;

  provider->counts = host->counts;
  provider->counts.received = host->sequence.received;
  provider->counts.lost = host->sequence.lost;
  provider->counts.late = host->sequence.late;
  provider->counts.duplicates = host->sequence.duplicates;
  provider->counts.copies = host->sequence.copies;
  provider->loss_percent = dyno_sequence_loss_percent (
    host->sequence.received - (n > 0 ? host->received_then[oldest] : 0),
    host->sequence.lost - lost_then);
  provider->loss_total_percent
    = dyno_sequence_loss_percent (host->sequence.received, host->sequence.lost);
  provider->datagrams_hz = share_of_window (host, host->sequence.received, host->received_then);
  provider->samples_hz = share_of_window (host, host->counts.samples, host->samples_then);
}

static void
copy_clock (const DynoIntake  *self,
            DynoHost          *host,
            DynoProviderState *provider)
{
  DynoHostClockLine line;

  dyno_host_clock_line (&host->clock, self->now_us, &line);
  provider->offset_is_known = line.is_known;
  provider->offset_is_measured = line.is_measured;
  provider->offset_us = line.offset_us;
  provider->origin_us = host->has_origin ? host->origin_us : 0;
  provider->latency_us = line.latency_us;
  provider->drift_ppm = line.drift_ppm;
  dyno_host_jitter (host, &provider->jitter_p50_ms, &provider->jitter_p99_ms);
}

static void
copy_provider (const DynoIntake  *self,
               DynoHost          *host,
               DynoProviderState *provider)
{
  /* One that sends values before its list has no name yet. */
  provider->name = host->name[0] != '\0' ? g_strdup (host->name)
                                         : g_strdup_printf ("Provider 0x%04X", host->id);
  provider->host_id = host->id;
  provider->address = host->address;
  provider->port = host->port;
  provider->ifindex = host->ifindex;
  provider->generation = host->generation;
  provider->is_provider = host->is_provider;
  provider->is_chosen = host == self->chosen;
  provider->is_simulator = g_str_has_prefix (host->name, "DynoAI Simulator");
  provider->is_silent = host->presence != DYNO_HOST_ALIVE;
  provider->is_gone = host->presence == DYNO_HOST_GONE;
  provider->has_list = dyno_host_has_list (host);
  provider->is_incompatible = host->is_incompatible;
  provider->age_s = age_s (self->now_us, host->last_us);
  provider->value_age_s = age_s (self->now_us, host->last_values_us);
  copy_counts (host, provider);
  copy_clock (self, host, provider);
}

/* The unit that the values are in, whatever the code says. */
static const DynoUnit *
unit_of (const DynoSlot *slot)
{
  gboolean is_pulse
    = slot->canonical == DYNO_CHANNEL_PW_F || slot->canonical == DYNO_CHANNEL_PW_R;

  if (slot->health.unit_code == UNIT_LAMBDA && slot->health.has_other_unit)
    return dyno_unit_find ("AFR");
  if (is_pulse)
    return dyno_unit_find (slot->health.has_other_unit ? "ms" : "s");

  return slot->channel->unit;
}

static void
copy_binding (const DynoHost   *host,
              const DynoSlot   *slot,
              DynoChannelState *channel)
{
  const DynoBound *bound = dyno_binding_bound_to (host->binding, slot->canonical);

  channel->canonical = slot->canonical;
  channel->bound_reason = "";
  if (bound == NULL)
    return;

  channel->confidence = dyno_bound_confidence (bound);
  channel->bound_reason = dyno_bound_reason (bound);
  channel->is_pinned = bound->is_pinned;
  channel->is_provisional = bound->is_provisional;
}

static void
copy_channel (const DynoIntake *self,
              const DynoHost   *host,
              const DynoSlot   *slot,
              DynoChannelState *channel)
{
  const DynoLiveHealth *health = &slot->health;

  channel->channel = dyno_wire_channel_ref (slot->channel);
  channel->is_resolved = TRUE;
  copy_binding (host, slot, channel);
  channel->unit = unit_of (slot);
  channel->health = health->state;
  channel->health_reason = health->reason;
  channel->age_s = health->n_samples > 0 ? age_s (self->now_us, health->last_arrival_us) : NAN;
  channel->rate_hz = health->rate_hz;
  channel->period_s = health->period_s;
  channel->last = health->n_samples > 0 ? health->last : NAN;
  channel->last_flags = slot->last_flags;
  channel->low = health->low;
  channel->high = health->high;
  channel->last_t_us = health->last_t_us;
  channel->n_samples = health->n_samples;
  channel->n_invalid = health->n_invalid;
  channel->n_late = health->n_late;
  channel->n_gaps = health->n_gaps;
}

/* Values without an announcement stand as "chan_7". */
static void
copy_pending (const DynoIntake  *self,
              const DynoHost    *host,
              const DynoPending *pending,
              DynoChannelState  *channel)
{
  char name[16];
  DynoWireChannel fields = { .index = DYNO_NO_CHANNEL,
                             .host_id = host->id,
                             .id = pending->id,
                             .generation = host->generation,
                             .unit_code = DYNO_KLHDV_UNIT_NONE,
                             .occurrence = 1,
                             .name = name,
                             .provider = host->name };

  g_snprintf (name, sizeof name, "chan_%u", pending->id);
  channel->channel = dyno_wire_channel_new (&fields);
  channel->unit = channel->channel->unit;
  channel->bound_reason = "";
  channel->health_reason = "";
  channel->health = DYNO_HEALTH_OK;
  channel->age_s = age_s (self->now_us, pending->arrival_us);
  channel->last = pending->value;
  channel->last_flags = DYNO_SAMPLE_UNRESOLVED_AT_ARRIVAL;
  channel->low = NAN;
  channel->high = NAN;
  channel->last_t_us = pending->t_us;
}

/* The newest waiting value of each unknown id. (transfer container) */
static GPtrArray *
newest_pending (const DynoHost *host)
{
  GPtrArray *newest = g_ptr_array_new ();

  for (guint back = host->n_pending; back > 0; back--)
    {
      DynoPending *pending
        = &host->pending[(host->first_pending + back - 1) % DYNO_HOST_PENDING];
      gboolean is_there = FALSE;

      for (guint i = 0; i < newest->len && !is_there; i++)
        is_there = ((DynoPending *) g_ptr_array_index (newest, i))->id == pending->id;
      if (!is_there)
        g_ptr_array_add (newest, pending);
    }

  return newest;
}

static void
copy_channels (const DynoIntake *self,
               DynoCaptureState *state,
               guint             provider,
               GArray           *channels)
{
  const DynoHost *host = g_ptr_array_index (self->hosts.hosts, provider);
  g_autoptr(GPtrArray) waiting = newest_pending (host);
  guint n;
  g_autofree DynoSlot **slots = dyno_host_sorted_slots (host, &n);

  state->providers[provider].first_channel = channels->len;
  state->providers[provider].n_channels = n + waiting->len;
  for (guint i = 0; i < n + waiting->len; i++)
    {
      DynoChannelState channel = { .provider = provider };

      if (i < n)
        copy_channel (self, host, slots[i], &channel);
      else
        copy_pending (self, host, g_ptr_array_index (waiting, i - n), &channel);
      if (host == self->chosen && channel.canonical != DYNO_CHANNEL_NONE)
        state->bound[channel.canonical] = (int) channels->len;
      g_array_append_val (channels, channel);
    }
}

DynoCaptureState *
dyno_intake_make_state (DynoIntake *self)
{
  DynoCaptureState *state = dyno_capture_state_new ();
  GArray *channels = g_array_new (FALSE, TRUE, sizeof (DynoChannelState));

  state->time_us = self->now_us;
  state->link = self->link;
  state->reason = self->reason;
  state->overall = self->overall;
  state->warnings = self->warnings;
  state->own_id = self->node.id;
  state->is_passive = self->is_passive;
  state->receive_buffer = self->receive_buffer;
  state->counts = self->counts;
  copy_interfaces (self, state);

  state->n_providers = self->hosts.hosts->len;
  state->providers = g_new0 (DynoProviderState, state->n_providers);
  for (guint i = 0; i < state->n_providers; i++)
    {
      DynoHost *host = g_ptr_array_index (self->hosts.hosts, i);

      copy_provider (self, host, &state->providers[i]);
      copy_channels (self, state, i, channels);
      if (host == self->chosen)
        state->chosen = (int) i;
    }
  state->n_channels = channels->len;
  state->channels = (DynoChannelState *) g_array_free (channels, FALSE);

  return state;
}
