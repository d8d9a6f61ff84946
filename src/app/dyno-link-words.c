/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

#include "config.h"

#include "dyno-link-words.h"

#include "dyno-wording.h"

#include <glib/gi18n.h>
#include <math.h>

DynoStatus
dyno_link_words_loss (double loss_percent)
{
  if (isnan (loss_percent))
    return DYNO_STATUS_OFF;
  if (loss_percent >= DYNO_LINK_LOSS_FAILS)
    return DYNO_STATUS_FAULT;

  return loss_percent >= DYNO_LINK_LOSS_WARNS ? DYNO_STATUS_WARN : DYNO_STATUS_OK;
}

/* What the warnings of the capture mean, gravest first. */
static const char *
warning_text (guint warnings)
{
  static const struct
  {
    guint       warning;
    const char *text;
  } texts[] = {
    { DYNO_WARNING_ASK_PROVIDER, N_ ("Several dynos are heard: choose one.") },
    { DYNO_WARNING_LIST_TOO_LARGE,
      N_ ("Values come but never a channel list: large datagrams are lost. Lower the packet size "
          "in the program of the dyno.") },
    { DYNO_WARNING_SEVERAL_PROVIDERS,
      N_ ("Several dynos are heard and none was chosen by hand.") },
    { DYNO_WARNING_RPM_ZERO_AT_WOT,
      N_ ("The throttle is open but engine speed reads zero: check the pickup or the mapping.") },
    { DYNO_WARNING_AFR_IMPLAUSIBLE,
      N_ ("The mixture cannot be true: check the sensor and its free air calibration.") },
    { DYNO_WARNING_CYLINDER_IMBALANCE, N_ ("Front and rear mixture are far apart.") },
    { DYNO_WARNING_SMALL_BUFFER,
      N_ ("The receive buffer is small: raise net.core.rmem_max to 8 MiB.") },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (texts); i++)
    {
      if ((warnings & texts[i].warning) != 0)
        return _ (texts[i].text);
    }

  return NULL;
}

static guint
count_bad (const DynoCaptureState  *state,
           const DynoProviderState *provider)
{
  guint n_bad = 0;

  for (guint i = 0; i < provider->n_channels; i++)
    {
      const DynoChannelState *channel = &state->channels[provider->first_channel + i];

      n_bad += channel->canonical != DYNO_CHANNEL_NONE
               && (channel->health == DYNO_HEALTH_FROZEN || channel->health == DYNO_HEALTH_INVALID
                   || channel->health == DYNO_HEALTH_STALE);
    }

  return n_bad;
}

static char *
describe_silence (const DynoCaptureState  *state,
                  const DynoProviderState *provider,
                  DynoStatus              *status)
{
  g_autofree char *age = dyno_wording_age (provider->age_s);

  *status = DYNO_STATUS_FAULT;

  return g_strdup_printf (_ ("%s has been silent for %s. Check cable, switch and power, and "
                             "whether its program still runs."),
                          provider->name, age);
}

static char *
describe_flow (const DynoCaptureState  *state,
               const DynoProviderState *provider,
               DynoStatus              *status)
{
  g_autofree char *loss = dyno_wording_percent (provider->loss_percent);
  const char *warning = warning_text (state->warnings);
  guint n_bad = count_bad (state, provider);

  *status = dyno_link_words_loss (provider->loss_percent);
  if (*status == DYNO_STATUS_FAULT || *status == DYNO_STATUS_WARN)
    return g_strdup_printf (_ ("%s of the messages were lost over the last 10 s. Use a cable "
                               "instead of WLAN, and a switch that does nothing else."), loss);
  if (warning != NULL)
    {
      *status = DYNO_STATUS_WARN;
      return g_strdup (warning);
    }
  if (n_bad > 0)
    {
      *status = DYNO_STATUS_WARN;
      return g_strdup_printf (ngettext ("The link is good, but %u channel that is needed is not.",
                                        "The link is good, but %u channels that are needed are "
                                        "not.", n_bad), n_bad);
    }

  *status = DYNO_STATUS_OK;

  return g_strdup_printf (_ ("The link is good: nothing was lost over the last 10 s, %.0f values "
                             "a second."), provider->samples_hz);
}

char *
dyno_link_words_summary (const DynoCaptureState *state,
                         DynoStatus             *status)
{
  const DynoProviderState *provider;
  const char *reason;

  *status = DYNO_STATUS_OFF;
  if (state == NULL)
    return g_strdup (_ ("Not listening."));
  if (state->chosen < 0)
    {
      reason = dyno_link_reason_text (state->reason);
      return g_strdup (*reason != '\0' ? reason : _ ("Listening; no dyno has been heard yet."));
    }

  provider = &state->providers[state->chosen];
  if (provider->is_silent || provider->is_gone)
    return describe_silence (state, provider, status);

  return describe_flow (state, provider, status);
}
