/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

#include "config.h"

#include "dyno-stream-walk.h"

#include <math.h>

#define AT_ONCE 256 /* samples copied under the ring's lock */

typedef struct
{
  int            channel; /* of the ring; −1: not bound */
  DynoLiveCursor cursor;
  double         value;   /* the last that was passed; NaN: none, or refused */
  gboolean       is_known;
} Place;

struct _DynoStreamWalk
{
  DynoLive *live;     /* (owned) */
  guint64   channels;
  Place     places[DYNO_N_CHANNELS];
};

/* Stamps grow but for a late sample now and then: a search by halves. */
static void
place_after (DynoLive *live,
             Place    *place,
             gint64    after_us)
{
  guint generation = dyno_live_generation (live);
  guint64 capacity = dyno_live_capacity (live);
  DynoLiveReading now;
  guint64 low, high;

  dyno_live_get (live, place->channel, &now);
  high = now.n_samples;
  low = after_us == G_MAXINT64 ? high : high - MIN (high, capacity);
  while (low < high)
    {
      guint64 middle = low + (high - low) / 2;
      DynoLiveCursor cursor = { generation, middle };
      gint64 t_us = 0;
      double value;

      if (dyno_live_read (live, (guint) place->channel, &cursor, &t_us, &value, 1) == 1
          && t_us > after_us)
        high = middle;
      else
        low = middle + 1;
    }
  place->cursor = (DynoLiveCursor) { generation, low };
}

DynoStreamWalk *
dyno_stream_walk_new (DynoLive *live,
                      guint64   channels,
                      gint64    after_us)
{
  DynoStreamWalk *self = g_new0 (DynoStreamWalk, 1);
  guint generation = dyno_live_generation (live);

  self->live = dyno_live_ref (live);
  self->channels = channels;
  for (guint i = 0; i < DYNO_N_CHANNELS; i++)
    {
      self->places[i] = (Place) { .channel = dyno_live_find (live, (DynoChannel) i),
                                  .cursor = { generation, 0 },
                                  .value = NAN };
      if (self->places[i].channel >= 0)
        place_after (live, &self->places[i], after_us);
    }

  return self;
}

void
dyno_stream_walk_free (DynoStreamWalk *self)
{
  if (self == NULL)
    return;

  dyno_live_unref (self->live);
  g_free (self);
}

/* A channel that is bound anew begins where it stands; one of a new generation (the cursor of
 * the old one says so) with all its samples. FALSE: there is none. */
static gboolean
follow_binding (DynoStreamWalk *self,
                guint           canonical)
{
  Place *place = &self->places[canonical];
  int channel = dyno_live_find (self->live, (DynoChannel) canonical);

  if (channel != place->channel)
    {
      place->channel = channel;
      place->is_known = FALSE;
      if (channel >= 0 && place->cursor.generation == dyno_live_generation (self->live))
        place_after (self->live, place, G_MAXINT64);
    }

  return channel >= 0 && (self->channels & (G_GUINT64_CONSTANT (1) << canonical)) != 0;
}

/* At most AT_ONCE samples up to the stamp; the cursor stands behind them. */
static gsize
read_on (DynoStreamWalk *self,
         Place          *place,
         gint64          to_us,
         gint64         *t_us,
         double         *values)
{
  gsize n = dyno_live_read (self->live, (guint) place->channel, &place->cursor, t_us, values,
                            AT_ONCE);
  gsize n_good = 0;

  while (n_good < n && t_us[n_good] <= to_us)
    n_good++;
  place->cursor.index -= n - n_good;

  return n_good;
}

static void
write_samples (DynoJsonWriter *w,
               gsize           n,
               const gint64   *t_us,
               const double   *values)
{
  for (gsize i = 0; i < n; i++)
    {
      dyno_json_writer_begin_array (w);
      dyno_json_writer_rounded (w, (double) t_us[i] / 1000, 3);
      dyno_json_writer_rounded (w, values[i], 4);
      dyno_json_writer_end_array (w);
    }
}

static gsize
write_channel (DynoStreamWalk *self,
               DynoJsonWriter *w,
               guint           canonical,
               gint64          to_us)
{
  Place *place = &self->places[canonical];
  gint64 t_us[AT_ONCE];
  double values[AT_ONCE];
  gsize n = read_on (self, place, to_us, t_us, values);
  gsize n_all = n;

  if (n == 0)
    return 0;

  dyno_json_writer_name (w, dyno_channel_info ((DynoChannel) canonical)->name);
  dyno_json_writer_begin_array (w);
  write_samples (w, n, t_us, values);
  while (n == AT_ONCE)
    {
      n = read_on (self, place, to_us, t_us, values);
      write_samples (w, n, t_us, values);
      n_all += n;
    }
  dyno_json_writer_end_array (w);

  return n_all;
}

gsize
dyno_stream_walk_write_all (DynoStreamWalk *self,
                            DynoJsonWriter *w,
                            gint64          to_us)
{
  gsize n = 0;

  dyno_json_writer_name (w, "v");
  dyno_json_writer_begin_object (w);
  for (guint i = DYNO_CHANNEL_NONE + 1; i < DYNO_N_CHANNELS; i++)
    {
      if (follow_binding (self, i))
        n += write_channel (self, w, i, to_us);
    }
  dyno_json_writer_end_object (w);

  return n;
}

static void
pass (DynoStreamWalk *self,
      Place          *place,
      gint64          to_us)
{
  gint64 t_us[AT_ONCE];
  double values[AT_ONCE];
  gsize n;

  do
    {
      n = read_on (self, place, to_us, t_us, values);
      if (n > 0)
        {
          place->value = values[n - 1];
          place->is_known = TRUE;
        }
    }
  while (n == AT_ONCE);
}

void
dyno_stream_walk_write_latest (DynoStreamWalk *self,
                               DynoJsonWriter *w,
                               gint64          to_us)
{
  gboolean is_told[DYNO_N_CHANNELS] = { FALSE };

  dyno_json_writer_name (w, "v");
  dyno_json_writer_begin_object (w);
  for (guint i = DYNO_CHANNEL_NONE + 1; i < DYNO_N_CHANNELS; i++)
    {
      if (!follow_binding (self, i))
        continue;
      pass (self, &self->places[i], to_us);
      is_told[i] = self->places[i].is_known;
      if (is_told[i])
        dyno_json_writer_add_rounded (w, dyno_channel_info ((DynoChannel) i)->name,
                                      self->places[i].value, 4);
    }
  dyno_json_writer_end_object (w);

  dyno_json_writer_name (w, "s");
  dyno_json_writer_begin_object (w);
  for (guint i = DYNO_CHANNEL_NONE + 1; i < DYNO_N_CHANNELS; i++)
    {
      if (is_told[i] && !isfinite (self->places[i].value))
        dyno_json_writer_add_string (w, dyno_channel_info ((DynoChannel) i)->name, "invalid");
    }
  dyno_json_writer_end_object (w);
}
