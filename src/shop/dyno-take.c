/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

#include "config.h"

#include "dyno-take.h"

#include <math.h>
#include <string.h>

#include "dyno-json.h"

/* Samples are gathered by channel until one comes whose stamp lies in a later
 * second of the run; then all that was gathered is given away as one second. What
 * comes late belongs to the second in hand. */

#define MOST_IN_A_SECOND 32768 /* readings of a channel: then the second is closed early */
#define MOST_GAPS 1000         /* listed; all are counted */
#define MOST_MARKS 1000
#define SILENCE_US G_USEC_PER_SEC

/* A channel of the run, and what it said in the second in hand. */
typedef struct
{
  DynoRunChannel  *described;  /* (owned) */
  DynoWireChannel *wire;       /* (owned) */
  gboolean         is_news;    /* the store does not know it, or not so */
  GArray          *t_us;       /* (owned) of gint64 */
  GArray          *raw;        /* (owned) of float */
  GArray          *flags;      /* (owned) of guint8 */
} Channel;

typedef struct
{
  gint64  from_us;
  gint64  to_us;
  guint64 n_lost;
} Gap;

struct _DynoTake
{
  char         *provider;     /* (owned) */
  gint64        from_us;
  gint64        to_us;
  DynoTakeFunc  func;
  gpointer      user_data;    /* (borrowed) */

  GPtrArray    *channels;     /* (owned) of Channel, by index in the run */
  GHashTable   *by_wire;      /* (owned) index on the wire to Channel */
  guint32       last_wire;    /* the channel found last, for the next look */
  Channel      *last_channel; /* (borrowed) (nullable) */
  gint64        second;       /* in hand */
  gint64        boundary_us;  /* first stamp of the next one */
  gboolean      has_any;      /* in the second in hand */

  gint64        last_us;
  gint64        last_arrival_us; /* 0: no sample yet */
  guint64       n_samples;
  GArray       *gaps;         /* (owned) of Gap */
  guint         n_gaps;
  guint64       gap_lost;     /* messages lost since the last sample */
  GPtrArray    *marks;        /* (owned) of DynoRunMark */
  gboolean      has_counts;
  guint64       first_lost;   /* of the provider, when it was first seen here */
  guint64       first_received;
  guint64       n_lost;
  guint64       n_received;
};

static void
channel_free (gpointer data)
{
  Channel *channel = data;

  dyno_run_channel_free (channel->described);
  dyno_wire_channel_unref (channel->wire);
  g_array_unref (channel->t_us);
  g_array_unref (channel->raw);
  g_array_unref (channel->flags);
  g_free (channel);
}

DynoTake *
dyno_take_new (const char   *provider,
               gint64        from_us,
               DynoTakeFunc  func,
               gpointer      user_data)
{
  DynoTake *self = g_new0 (DynoTake, 1);

  self->provider = g_strdup (provider);
  self->from_us = from_us;
  self->to_us = G_MAXINT64;
  self->func = func;
  self->user_data = user_data;
  self->channels = g_ptr_array_new_with_free_func (channel_free);
  self->by_wire = g_hash_table_new (NULL, NULL);
  self->last_wire = DYNO_NO_CHANNEL;
  self->boundary_us = from_us + G_USEC_PER_SEC;
  self->last_us = from_us;
  self->gaps = g_array_new (FALSE, FALSE, sizeof (Gap));
  self->marks = g_ptr_array_new_with_free_func ((GDestroyNotify) dyno_run_mark_free);

  return self;
}

void
dyno_take_free (DynoTake *self)
{
  if (self == NULL)
    return;

  g_hash_table_unref (self->by_wire);
  g_ptr_array_unref (self->channels);
  g_array_unref (self->gaps);
  g_ptr_array_unref (self->marks);
  g_free (self->provider);
  g_free (self);
}

void
dyno_take_set_end (DynoTake *self,
                   gint64    to_us)
{
  self->to_us = to_us;
}

/* Channels */

static gboolean
set_text (char      **text,
          const char *value)
{
  if (g_strcmp0 (*text, value) == 0)
    return FALSE;

  g_free (*text);
  *text = g_strdup (value);

  return TRUE;
}

static gboolean
is_same (double a,
         double b)
{
  return a == b || (isnan (a) && isnan (b));
}

/* What a channel is called and taken for. A meaning that it had once in the run
 * stays: its samples were taken for that. TRUE where something is new. */
static gboolean
redescribe (DynoRunChannel          *described,
            const DynoLineupChannel *now)
{
  gboolean is_new = set_text (&described->name, now->wire->name);

  is_new |= set_text (&described->module, now->wire->provider);
  is_new |= set_text (&described->unit, now->unit->symbol);
  is_new |= set_text (&described->unit_text, now->unit->symbol);
  if (described->occurrence != now->wire->occurrence - 1)
    {
      described->occurrence = now->wire->occurrence - 1;
      is_new = TRUE;
    }
  if (now->canonical != DYNO_CHANNEL_NONE
      && (described->channel != now->canonical
          || !is_same (described->confidence, now->confidence)))
    {
      described->channel = now->canonical;
      described->confidence = now->confidence;
      is_new = TRUE;
    }
  dyno_lineup_scale (now->unit, described->channel, &described->scale, &described->offset);

  return is_new;
}

static Channel *
add_channel (DynoTake                *self,
             const DynoLineupChannel *now)
{
  Channel *channel = g_new0 (Channel, 1);

  channel->described = dyno_run_channel_new (self->channels->len, now->wire->name);
  channel->described->wire_id = now->wire->id;
  channel->described->generation = now->wire->generation;
  redescribe (channel->described, now);
  channel->wire = dyno_wire_channel_ref (now->wire);
  channel->is_news = TRUE;
  channel->t_us = g_array_new (FALSE, FALSE, sizeof (gint64));
  channel->raw = g_array_new (FALSE, FALSE, sizeof (float));
  channel->flags = g_array_new (FALSE, FALSE, sizeof (guint8));
  g_ptr_array_add (self->channels, channel);
  g_hash_table_insert (self->by_wire, GUINT_TO_POINTER (now->wire->index), channel);

  return channel;
}

/* NULL for a channel that is not of our provider. */
static Channel *
find_channel (DynoTake         *self,
              const DynoLineup *lineup,
              guint32           wire)
{
  const DynoLineupChannel *now;
  Channel *channel;

  if (wire == self->last_wire)
    return self->last_channel;

  channel = g_hash_table_lookup (self->by_wire, GUINT_TO_POINTER (wire));
  if (channel == NULL)
    {
      now = dyno_lineup_find (lineup, wire);
      if (now == NULL || !g_str_equal (now->wire->provider, self->provider))
        return NULL;
      channel = add_channel (self, now);
    }
  self->last_wire = wire;
  self->last_channel = channel;

  return channel;
}

/* Meanings as they are now; after the samples of a batch. */
static void
follow_lineup (DynoTake         *self,
               const DynoLineup *lineup)
{
  for (guint i = 0; i < self->channels->len; i++)
    {
      Channel *channel = g_ptr_array_index (self->channels, i);
      const DynoLineupChannel *now = dyno_lineup_find (lineup, channel->wire->index);

      if (now != NULL && redescribe (channel->described, now))
        channel->is_news = TRUE;
    }
}

/* Seconds */

static void
move_channel (Channel    *channel,
              DynoSecond *second)
{
  if (channel->is_news)
    dyno_second_add_channel (second, dyno_run_channel_copy (channel->described));
  channel->is_news = FALSE;
  if (channel->t_us->len == 0)
    return;

  dyno_second_add (second, channel->described->index, channel->t_us->len,
                   (const gint64 *) (gpointer) channel->t_us->data,
                   (const float *) (gpointer) channel->raw->data,
                   (const guint8 *) channel->flags->data);
  g_array_set_size (channel->t_us, 0);
  g_array_set_size (channel->raw, 0);
  g_array_set_size (channel->flags, 0);
}

static void
close_second (DynoTake *self)
{
  DynoSecond *second;

  if (!self->has_any)
    return;

  second = dyno_second_new (self->second);
  for (guint i = 0; i < self->channels->len; i++)
    move_channel (g_ptr_array_index (self->channels, i), second);
  self->has_any = FALSE;
  self->second++;
  self->func (second, self->user_data);
}

static void
begin_second (DynoTake *self,
              gint64    t_us)
{
  gint64 second = (t_us - self->from_us) / G_USEC_PER_SEC;

  close_second (self);
  self->second = MAX (self->second, second);
  self->boundary_us = self->from_us + (second + 1) * G_USEC_PER_SEC;
}

static void
note_gap (DynoTake *self,
          gint64    t_us,
          guint64   n_lost)
{
  Gap gap = { MIN (self->last_us, t_us), MAX (self->last_us, t_us), n_lost };

  self->n_gaps++;
  if (self->gaps->len < MOST_GAPS)
    g_array_append_val (self->gaps, gap);
}

static void
take_sample (DynoTake         *self,
             const DynoLineup *lineup,
             const DynoSample *sample)
{
  Channel *channel;

  if (sample->t_us < self->from_us || sample->t_us > self->to_us
      || (sample->flags & DYNO_SAMPLE_OTHER_PROVIDER) != 0)
    return;
  channel = find_channel (self, lineup, sample->channel);
  if (channel == NULL)
    return;

  if (sample->t_us >= self->boundary_us)
    begin_second (self, sample->t_us);
  else if (channel->t_us->len >= MOST_IN_A_SECOND)
    close_second (self);
  if (self->last_arrival_us != 0
      && (self->gap_lost > 0 || sample->arrival_us - self->last_arrival_us > SILENCE_US))
    note_gap (self, sample->t_us, self->gap_lost);

  g_array_append_val (channel->t_us, sample->t_us);
  g_array_append_val (channel->raw, sample->raw);
  g_array_append_val (channel->flags, sample->flags);
  self->has_any = TRUE;
  self->n_samples++;
  self->gap_lost = 0;
  self->last_us = MAX (self->last_us, sample->t_us);
  self->last_arrival_us = MAX (self->last_arrival_us, sample->arrival_us);
}

/* What stands between the samples */

static void
take_mark (DynoTake   *self,
           const char *json)
{
  g_autoptr(DynoJson) input = dyno_json_parse (json, -1, NULL);
  const char *text = dyno_json_get_string (input, "text");

  if (g_strcmp0 (dyno_json_get_string (input, "event"), "mark") != 0
      || self->marks->len >= MOST_MARKS || self->n_samples == 0)
    return;

  g_ptr_array_add (self->marks,
                   dyno_run_mark_new (self->last_us, "mark",
                                      (int) CLAMP (dyno_json_get_integer (input, "n", 0), 0, 9),
                                      text != NULL ? text : ""));
}

static void
take_boundary (DynoTake   *self,
               const char *why)
{
  if (self->n_samples > 0 && self->marks->len < MOST_MARKS)
    g_ptr_array_add (self->marks, dyno_run_mark_new (self->last_us, "generation", 0, why));
}

static void
take_event (DynoTake         *self,
            const DynoLineup *lineup,
            const DynoEvent  *event)
{
  gboolean is_ours = event->host_id != 0 && event->host_id == lineup->host_id;

  if (event->kind == DYNO_EVENT_INPUT && event->text != NULL)
    take_mark (self, event->text);
  else if (event->kind == DYNO_EVENT_GAP && is_ours && self->n_samples > 0)
    self->gap_lost += event->count;
  else if (event->kind == DYNO_EVENT_PROVIDER_CLEARED && is_ours)
    take_boundary (self, "The dyno began a new list of channels.");
  else if (event->kind == DYNO_EVENT_PROVIDER_RESTARTED && is_ours)
    take_boundary (self, "The dyno was started anew.");
}

/* What is late takes back what was lost, so the count may fall again. */
static void
take_counts (DynoTake               *self,
             const DynoCaptureState *state)
{
  const DynoHostCounts *counts;

  if (state->chosen < 0 || !g_str_equal (state->providers[state->chosen].name, self->provider))
    return;

  counts = &state->providers[state->chosen].counts;
  if (!self->has_counts || counts->received < self->first_received)
    {
      self->first_received = counts->received;
      self->first_lost = counts->lost;
      self->has_counts = TRUE;
    }
  self->n_received = counts->received - self->first_received;
  self->n_lost = counts->lost > self->first_lost ? counts->lost - self->first_lost : 0;
}

void
dyno_take_push (DynoTake         *self,
                const DynoLineup *lineup,
                const DynoBatch  *batch)
{
  guint event = 0;

  for (guint i = 0; i < batch->n_samples; i++)
    {
      while (event < batch->n_events && batch->events[event].at <= i)
        take_event (self, lineup, &batch->events[event++]);
      take_sample (self, lineup, &batch->samples[i]);
    }
  while (event < batch->n_events)
    take_event (self, lineup, &batch->events[event++]);

  if (batch->n_events > 0 || batch->state != NULL)
    follow_lineup (self, lineup);
  if (batch->state != NULL)
    take_counts (self, batch->state);
}

void
dyno_take_finish (DynoTake *self)
{
  close_second (self);
}

gint64
dyno_take_from_us (const DynoTake *self)
{
  return self->from_us;
}

gint64
dyno_take_last_us (const DynoTake *self)
{
  return self->last_us;
}

guint64
dyno_take_n_samples (const DynoTake *self)
{
  return self->n_samples;
}

guint64
dyno_take_n_lost (const DynoTake *self)
{
  return self->n_lost;
}

double
dyno_take_loss_pct (const DynoTake *self)
{
  guint64 n = self->n_received + self->n_lost;

  return n > 0 ? 100.0 * (double) self->n_lost / (double) n : NAN;
}

guint
dyno_take_n_gaps (const DynoTake *self)
{
  return self->n_gaps;
}

guint
dyno_take_n_marks (const DynoTake *self)
{
  return self->marks->len;
}

GPtrArray *
dyno_take_dup_channels (const DynoTake *self)
{
  GPtrArray *channels
    = g_ptr_array_new_with_free_func ((GDestroyNotify) dyno_run_channel_free);

  for (guint i = 0; i < self->channels->len; i++)
    {
      const Channel *channel = g_ptr_array_index (self->channels, i);

      g_ptr_array_add (channels, dyno_run_channel_copy (channel->described));
    }

  return channels;
}

GPtrArray *
dyno_take_dup_marks (const DynoTake *self)
{
  GPtrArray *marks = g_ptr_array_new_with_free_func ((GDestroyNotify) dyno_run_mark_free);

  for (guint i = 0; i < self->marks->len; i++)
    {
      const DynoRunMark *mark = g_ptr_array_index (self->marks, i);

      g_ptr_array_add (marks, dyno_run_mark_new (mark->t_us, mark->kind, mark->n, mark->text));
    }

  return marks;
}

static double
seconds_of_run (const DynoTake *self,
                gint64          t_us)
{
  return (double) (t_us - self->from_us) / G_USEC_PER_SEC;
}

char *
dyno_take_gaps_json (const DynoTake *self)
{
  DynoJsonWriter *w = dyno_json_writer_new (FALSE);

  dyno_json_writer_begin_array (w);
  for (guint i = 0; i < self->gaps->len; i++)
    {
      const Gap *gap = &g_array_index (self->gaps, Gap, i);

      dyno_json_writer_begin_object (w);
      dyno_json_writer_add_rounded (w, "from", seconds_of_run (self, gap->from_us), 6);
      dyno_json_writer_add_rounded (w, "to", seconds_of_run (self, gap->to_us), 6);
      dyno_json_writer_add_integer (w, "lost", (gint64) gap->n_lost);
      dyno_json_writer_end_object (w);
    }
  dyno_json_writer_end_array (w);

  return dyno_json_writer_finish (w);
}

static void
write_mapping (DynoJsonWriter       *w,
               const DynoRunChannel *channel)
{
  dyno_json_writer_name (w, dyno_channel_info (channel->channel)->name);
  dyno_json_writer_begin_object (w);
  dyno_json_writer_add_integer (w, "source_id", channel->wire_id);
  dyno_json_writer_add_string (w, "source_name", channel->name);
  dyno_json_writer_add_string (w, "unit", channel->unit);
  dyno_json_writer_add_string (w, "provider", channel->module);
  dyno_json_writer_add_rounded (w, "confidence", channel->confidence, 3);
  dyno_json_writer_end_object (w);
}

/* Of several channels with one meaning the latest is named. */
char *
dyno_take_mapping_json (const DynoTake *self)
{
  const DynoRunChannel *by_canonical[DYNO_N_CHANNELS] = { NULL };
  DynoJsonWriter *w = dyno_json_writer_new (FALSE);

  for (guint i = 0; i < self->channels->len; i++)
    {
      const Channel *channel = g_ptr_array_index (self->channels, i);

      by_canonical[channel->described->channel] = channel->described;
    }
  dyno_json_writer_begin_object (w);
  for (guint i = DYNO_CHANNEL_NONE + 1; i < DYNO_N_CHANNELS; i++)
    {
      if (by_canonical[i] != NULL)
        write_mapping (w, by_canonical[i]);
    }
  dyno_json_writer_end_object (w);

  return dyno_json_writer_finish (w);
}
