/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

#include "config.h"

#include "dyno-mapping-suggest.h"

#include <math.h>

#define UNIT_AFR    11 /* jetdrive.md 1.7 */
#define UNIT_LAMBDA 13

/* Names of jetdrive.md 3.1; those of the last are what its console exports. */

static const DynoTemplateRow rt150[] = {
  { DYNO_CHANNEL_RPM, "Engine RPM" },
  { DYNO_CHANNEL_MIX_F, "Air/Fuel Ratio 1" },
  { DYNO_CHANNEL_MIX_R, "Air/Fuel Ratio 2" },
  { DYNO_CHANNEL_MAP, "Manifold Absolute Pressure" },
  { DYNO_CHANNEL_TPS, "Throttle Position" },
  { DYNO_CHANNEL_FORCE, "Force Drum 1" },
  { DYNO_CHANNEL_SPEED, "Speed 1" },
  { DYNO_CHANNEL_POWER, "Power Drum 1 (uncorrected)" },
  { DYNO_CHANNEL_TORQUE, "Torque Drum 1 (uncorrected)" },
  { DYNO_CHANNEL_BARO, "Pressure" },
  { DYNO_CHANNEL_NONE, NULL }
};

static const DynoTemplateRow dynojet_424x[] = {
  { DYNO_CHANNEL_RPM, "Engine RPM" },
  { DYNO_CHANNEL_MIX_F, "Air/Fuel Ratio 1" },
  { DYNO_CHANNEL_MIX_R, "Air/Fuel Ratio 2" },
  { DYNO_CHANNEL_FORCE, "Force" },
  { DYNO_CHANNEL_SPEED, "Speed" },
  { DYNO_CHANNEL_POWER, "Power (uncorrected)" },
  { DYNO_CHANNEL_TORQUE, "Torque (uncorrected)" },
  { DYNO_CHANNEL_BARO, "Pressure" },
  { DYNO_CHANNEL_NONE, NULL }
};

static const DynoTemplateRow mustang_md250[] = {
  { DYNO_CHANNEL_RPM, "RPM" },
  { DYNO_CHANNEL_MIX_F, "AFR Front" },
  { DYNO_CHANNEL_MIX_R, "AFR Rear" },
  { DYNO_CHANNEL_MAP, "MAP" },
  { DYNO_CHANNEL_TPS, "TPS" },
  { DYNO_CHANNEL_SPEED, "Speed" },
  { DYNO_CHANNEL_POWER_CORR, "Power" },
  { DYNO_CHANNEL_TORQUE_CORR, "Torque" },
  { DYNO_CHANNEL_BARO, "Barometric Pressure" },
  { DYNO_CHANNEL_NONE, NULL }
};

static const DynoMappingTemplate templates[] = {
  { "dynojet_rt150", "Dynojet RT-150", rt150 },
  { "dynojet_424x", "Dynojet 424x", dynojet_424x },
  { "mustang_md250", "Mustang MD-250", mustang_md250 },
  { NULL }
};

const DynoMappingTemplate *
dyno_mapping_templates (void)
{
  return templates;
}

const DynoMappingTemplate *
dyno_mapping_template_find (const char *id)
{
  for (const DynoMappingTemplate *row = templates; row->id != NULL; row++)
    {
      if (g_strcmp0 (row->id, id) == 0)
        return row;
    }

  return NULL;
}

static const DynoChannelState *
find_named (const DynoCaptureState *state,
            guint                   provider,
            const char             *name)
{
  const DynoProviderState *heard = &state->providers[provider];

  for (guint i = 0; i < heard->n_channels; i++)
    {
      const DynoChannelState *channel = &state->channels[heard->first_channel + i];

      if (g_ascii_strcasecmp (channel->channel->display_name, name) == 0)
        return channel;
    }

  return NULL;
}

/* The line of that canonical channel, made where there is none. */
static DynoMappingLine *
line_for (DynoMappingCard *card,
          DynoChannel      canonical)
{
  DynoMappingLine *line;

  for (guint i = 0; i < card->lines->len; i++)
    {
      line = g_ptr_array_index (card->lines, i);
      if (line->canonical == canonical)
        return line;
    }

  line = g_new0 (DynoMappingLine, 1);
  line->canonical = canonical;
  g_ptr_array_add (card->lines, line);

  return line;
}

static void
follow_row (DynoMappingCard        *card,
            DynoChannel             canonical,
            const DynoChannelState *channel)
{
  DynoMappingLine *line;

  if (!dyno_mapping_check (channel->channel->unit_code, canonical, NULL))
    return;

  line = line_for (card, canonical);
  g_free (line->source_name);
  line->source_id = channel->channel->id;
  line->source_name = g_strdup (channel->channel->display_name);
  line->unit = channel->channel->unit;
  line->is_pinned = FALSE;
  line->confidence = 1;
  line->reason = "template";
}

DynoMappingCard *
dyno_mapping_suggest (const DynoCaptureState    *state,
                      guint                      provider,
                      const DynoMappingTemplate *kind)
{
  DynoMappingCard *card = dyno_mapping_card_new (state, provider);

  for (const DynoTemplateRow *row = kind != NULL ? kind->rows : NULL;
       row != NULL && row->name != NULL; row++)
    {
      const DynoChannelState *channel = find_named (state, provider, row->name);

      if (channel != NULL)
        follow_row (card, row->canonical, channel);
    }

  return card;
}

/* As check 7 of the preflight, by the last value alone. */
const char *
dyno_mapping_suspect (const DynoChannelState *channel)
{
  double value = (double) channel->last;

  if (!isfinite (value) || !dyno_channel_is_mixture (channel->canonical))
    return channel->canonical == DYNO_CHANNEL_RPM && value >= 10 && value <= 20 ? "afr" : NULL;
  if (value > 500)
    return "rpm";
  if (channel->channel->unit_code == UNIT_AFR && value >= 0.68 && value <= 1.36)
    return "lambda";

  return channel->channel->unit_code == UNIT_LAMBDA && value > 3 ? "afr" : NULL;
}
