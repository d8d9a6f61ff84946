/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

#include "config.h"

#include "dyno-providers-text.h"

#include "dyno-listing.h"
#include "dyno-live-health.h"
#include "dyno-print.h"

#include <math.h>

/* A value as the wire has it: three decimals and no more digits than a float has. */
static char *
value_text (float value)
{
  double size = fabs ((double) value);

  if (!isfinite (value))
    return NULL;

  return dyno_print_number ((double) value, size >= 1000 ? 0 : size >= 100 ? 1 : 3);
}

static void
add_channel (DynoListing            *listing,
             const DynoChannelState *channel,
             gboolean                with_values)
{
  const char *unit = channel->unit != NULL ? channel->unit->symbol : "";

  dyno_listing_add_f (listing, "%u", channel->channel->id);
  dyno_listing_add (listing, channel->channel->display_name);
  dyno_listing_add (listing, channel->canonical != DYNO_CHANNEL_NONE
                               ? dyno_channel_info (channel->canonical)->name
                               : NULL);
  dyno_listing_take (listing, with_values ? value_text (channel->last) : NULL);
  dyno_listing_add (listing, unit);
  dyno_listing_take (listing,
                     channel->rate_hz > 0 ? dyno_print_number (channel->rate_hz, 1) : NULL);
  if (*channel->health_reason != '\0')
    dyno_listing_add_f (listing, "%s: %s", dyno_health_name (channel->health),
                        channel->health_reason);
  else
    dyno_listing_add (listing, dyno_health_name (channel->health));
}

static void
append_channels (GString                 *text,
                 const DynoCaptureState  *state,
                 const DynoProviderState *provider,
                 gboolean                 with_values,
                 guint                    width)
{
  static const char *const columns[]
    = { ">id", "channel", "meaning", ">value", "unit", ">Hz", "state", NULL };
  g_autoptr(DynoListing) listing = dyno_listing_new (columns);
  g_autofree char *lines = NULL;

  for (guint i = 0; i < provider->n_channels; i++)
    add_channel (listing, &state->channels[provider->first_channel + i], with_values);
  lines = dyno_listing_format (listing, width);
  g_string_append (text, lines);
}

static void
append_provider (GString                 *text,
                 const DynoProviderState *provider,
                 gboolean                 is_only)
{
  g_autofree char *name = dyno_print_clean (provider->name);
  g_autofree char *address = dyno_address_text (provider->address);
  g_autofree char *rate = dyno_print_number (provider->samples_hz, 0);
  g_autofree char *loss = dyno_print_number (provider->loss_percent, 2);

  g_string_append_printf (text, "%s  0x%04X  %s:%u\n%u channels, %s values/s, %s %% lost%s%s%s%s\n",
                          *name != '\0' ? name : "(no name yet)", provider->host_id, address,
                          provider->port, provider->n_channels, rate, loss,
                          provider->is_chosen && !is_only ? ", in use" : "",
                          provider->is_silent ? ", silent" : "", provider->is_gone ? ", gone" : "",
                          provider->is_incompatible ? ", of a version nobody understands" : "");
}

static void
append_sums (GString                *text,
             const DynoCaptureState *state)
{
  guint64 malformed = state->counts.malformed;
  guint64 samples = 0;
  guint64 lost = 0;
  guint64 duplicates = 0;

  for (guint i = 0; i < state->n_providers; i++)
    {
      const DynoHostCounts *counts = &state->providers[i].counts;

      malformed += counts->malformed;
      samples += counts->samples;
      lost += counts->lost;
      duplicates += counts->duplicates;
    }
  g_string_append_printf (text,
                          "%" G_GUINT64_FORMAT " datagrams, %" G_GUINT64_FORMAT
                          " values, %" G_GUINT64_FORMAT " malformed, %" G_GUINT64_FORMAT
                          " lost, %" G_GUINT64_FORMAT " duplicates\n",
                          state->counts.datagrams - state->counts.own, samples, malformed, lost,
                          duplicates);
}

char *
dyno_providers_text (const DynoCaptureState *state,
                     gboolean                with_values,
                     guint                   width)
{
  GString *text = g_string_new (NULL);

  for (guint i = 0; i < state->n_providers; i++)
    {
      append_provider (text, &state->providers[i], state->n_providers == 1);
      g_string_append_c (text, '\n');
      append_channels (text, state, &state->providers[i], with_values, width);
      g_string_append_c (text, '\n');
    }
  append_sums (text, state);

  return g_string_free (text, FALSE);
}
