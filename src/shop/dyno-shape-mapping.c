/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

#include "config.h"

#include "dyno-shape-mapping.h"

#include <math.h>

#include "dyno-binding.h"

/* "mph → km/h"; null where nothing is changed. */
static void
write_transform (DynoJsonWriter        *w,
                 const DynoMappingLine *line)
{
  const char *to = dyno_channel_info (line->canonical)->unit;
  gboolean is_same = line->unit == NULL || g_str_equal (line->unit->symbol, to);
  g_autofree char *text
    = is_same ? NULL : g_strdup_printf ("%s → %s", line->unit->symbol, to);

  dyno_json_writer_add_string (w, "transform", text);
}

static void
write_line (DynoJsonWriter        *w,
            const DynoMappingLine *line)
{
  dyno_json_writer_name (w, dyno_channel_info (line->canonical)->name);
  dyno_json_writer_begin_object (w);
  dyno_json_writer_name (w, "source_id");
  if (line->source_id >= 0)
    dyno_json_writer_integer (w, line->source_id);
  else
    dyno_json_writer_null (w);
  dyno_json_writer_add_string (w, "source_name", line->source_name);
  write_transform (w, line);
  dyno_json_writer_add_boolean (w, "enabled", TRUE);
  dyno_json_writer_add_boolean (w, "pinned", line->is_pinned);
  dyno_json_writer_end_object (w);
}

void
dyno_shape_mapping_members (DynoJsonWriter        *w,
                            const DynoMappingCard *card)
{
  dyno_json_writer_add_string (w, "signature", card->signature);
  dyno_json_writer_add_string (w, "provider", card->provider);
  dyno_json_writer_add_boolean (w, "heard", card->is_heard);
  dyno_json_writer_add_integer (w, "version", card->version);
  dyno_json_writer_name (w, "channels");
  dyno_json_writer_begin_object (w);
  for (guint i = 0; i < card->lines->len; i++)
    write_line (w, g_ptr_array_index (card->lines, i));
  dyno_json_writer_end_object (w);
}

void
dyno_shape_template (DynoJsonWriter            *w,
                     const DynoMappingTemplate *kind)
{
  dyno_json_writer_begin_object (w);
  dyno_json_writer_add_string (w, "id", kind->id);
  dyno_json_writer_add_string (w, "title", kind->title);
  dyno_json_writer_name (w, "channels");
  dyno_json_writer_begin_object (w);
  for (const DynoTemplateRow *row = kind->rows; row->name != NULL; row++)
    dyno_json_writer_add_string (w, dyno_channel_info (row->canonical)->name, row->name);
  dyno_json_writer_end_object (w);
  dyno_json_writer_end_object (w);
}

/* Overall: the least of those that a tune needs. */
static void
write_confidence (DynoJsonWriter        *w,
                  const DynoMappingCard *card)
{
  double overall = card->lines->len > 0 ? 1 : 0;

  dyno_json_writer_name (w, "confidence");
  dyno_json_writer_begin_object (w);
  dyno_json_writer_name (w, "items");
  dyno_json_writer_begin_array (w);
  for (guint i = 0; i < card->lines->len; i++)
    {
      const DynoMappingLine *line = g_ptr_array_index (card->lines, i);
      const DynoBindingRow *row = dyno_binding_find_row (line->canonical);

      if (row != NULL && row->need != DYNO_NEED_NONE)
        overall = MIN (overall, line->confidence);
      dyno_json_writer_begin_object (w);
      dyno_json_writer_add_string (w, "canonical", dyno_channel_info (line->canonical)->name);
      dyno_json_writer_add_rounded (w, "confidence", line->confidence, 2);
      dyno_json_writer_add_string (w, "reason", line->reason);
      dyno_json_writer_end_object (w);
    }
  dyno_json_writer_end_array (w);
  dyno_json_writer_add_rounded (w, "overall", overall, 2);
  dyno_json_writer_end_object (w);
}

static gboolean
has_line (const DynoMappingCard *card,
          DynoChannel            canonical)
{
  for (guint i = 0; i < card->lines->len; i++)
    {
      if (((DynoMappingLine *) g_ptr_array_index (card->lines, i))->canonical == canonical)
        return TRUE;
    }

  return FALSE;
}

static void
write_missing (DynoJsonWriter        *w,
               const DynoMappingCard *card)
{
  dyno_json_writer_name (w, "missing_required");
  dyno_json_writer_begin_array (w);
  for (guint i = 0; i < DYNO_BINDING_ROWS; i++)
    {
      const DynoBindingRow *row = &dyno_binding_rows[i];

      if (row->need == DYNO_NEED_REQUIRED && !has_line (card, row->canonical))
        dyno_json_writer_string (w, dyno_channel_info (row->canonical)->name);
    }
  dyno_json_writer_end_array (w);
}

static void
write_suspects (DynoJsonWriter         *w,
                const DynoCaptureState *state,
                guint                   provider)
{
  const DynoProviderState *heard = &state->providers[provider];

  dyno_json_writer_name (w, "suspected_mislabels");
  dyno_json_writer_begin_array (w);
  for (guint i = 0; i < heard->n_channels; i++)
    {
      const DynoChannelState *channel = &state->channels[heard->first_channel + i];
      const char *carries = dyno_mapping_suspect (channel);

      if (carries == NULL)
        continue;
      dyno_json_writer_begin_object (w);
      dyno_json_writer_add_string (w, "canonical", dyno_channel_info (channel->canonical)->name);
      dyno_json_writer_add_string (w, "source_name", channel->channel->display_name);
      dyno_json_writer_add_string (w, "carries", carries);
      dyno_json_writer_end_object (w);
    }
  dyno_json_writer_end_array (w);
}

void
dyno_shape_suggestion (DynoJsonWriter         *w,
                       const DynoMappingCard  *card,
                       const DynoCaptureState *state,
                       guint                   provider)
{
  dyno_json_writer_begin_object (w);
  dyno_shape_mapping_members (w, card);
  write_confidence (w, card);
  write_missing (w, card);
  write_suspects (w, state, provider);
  dyno_json_writer_end_object (w);
}
