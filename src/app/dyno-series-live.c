/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

/* A series that follows a channel of the live ring. Its points lie in arrays an
 * eighth longer than what is kept; when they are full the newest are moved to the
 * front, so that appending moves nothing else and allocates nothing. */

#include "config.h"

#include "dyno-series-private.h"

#include <math.h>
#include <string.h>

#define ROOM (DYNO_SERIES_LIVE_POINTS + DYNO_SERIES_LIVE_POINTS / 8)
#define FIRST_ROOM 4096

/* A sample later than this many others is too late to be put in its place. */
#define MOST_LATE 256

void
dyno_series_set_live (DynoSeries *self,
                      DynoLive   *live)
{
  g_return_if_fail (DYNO_IS_SERIES (self));
  g_return_if_fail (live != NULL);

  if (self->live == live)
    return;

  dyno_live_ref (live);
  dyno_series_drop_points (self);
  self->live = live;
  self->live_channel = -1;
  self->is_bound = FALSE;
  self->cursor = (DynoLiveCursor) DYNO_LIVE_CURSOR_INIT;
  self->low = dyno_pyramid_new (ROOM);
}

/* Room for `n` more points at the end. */
static void
make_room (DynoSeries *self,
           gsize       n)
{
  gsize n_dropped;

  if (self->n_all + n <= self->n_room)
    return;

  if (self->n_room < ROOM)
    {
      self->n_room = self->n_room == 0 ? FIRST_ROOM : MIN (2 * self->n_room, ROOM);
      self->own_x = g_renew (double, self->own_x, self->n_room);
      self->own_y = g_renew (double, self->own_y, self->n_room);
      self->data.x = self->own_x;
      self->data.y = self->own_y;
      return;
    }

  n_dropped = self->n_all - DYNO_SERIES_LIVE_POINTS;
  self->n_all = DYNO_SERIES_LIVE_POINTS;
  memmove (self->own_x, self->own_x + n_dropped, self->n_all * sizeof (double));
  memmove (self->own_y, self->own_y + n_dropped, self->n_all * sizeof (double));
  dyno_pyramid_truncate (self->low, 0);
}

/* Keeps x in order: a late point goes to its place, a much too late one is left
 * out. */
static void
append_point (DynoSeries *self,
              double      x,
              double      y)
{
  gsize at = self->n_all;

  while (at > 0 && self->own_x[at - 1] > x)
    {
      if (self->n_all - --at > MOST_LATE)
        return;
    }

  if (at < self->n_all)
    {
      memmove (self->own_x + at + 1, self->own_x + at, (self->n_all - at) * sizeof (double));
      memmove (self->own_y + at + 1, self->own_y + at, (self->n_all - at) * sizeof (double));
      dyno_pyramid_truncate (self->low, at);
    }
  self->own_x[at] = x;
  self->own_y[at] = y;
  self->n_all++;
}

/* Before the first late point in `t_us`, x of the newest point that stays. */
static double
least_x (const DynoSeries *self,
         const gint64     *t_us,
         gsize             n)
{
  double least = self->n_all > 0 ? self->own_x[self->n_all - 1] : -INFINITY;

  for (gsize i = 0; i < n; i++)
    least = fmin (least, (double) t_us[i] / G_USEC_PER_SEC);

  return least;
}

/* A new generation has a time axis of its own: begin anew. Bound to another
 * channel of the same generation, the series goes on with what that one brings
 * from now on. */
static void
find_channel (DynoSeries *self)
{
  guint generation = dyno_live_generation (self->live);
  int channel = self->channel != DYNO_CHANNEL_NONE ? dyno_live_find (self->live, self->channel)
                                                   : dyno_live_find_name (self->live, self->name);

  if (generation != self->cursor.generation)
    {
      self->cursor = (DynoLiveCursor) { .generation = generation };
      self->n_all = 0;
      self->data.n = 0;
      dyno_pyramid_truncate (self->low, 0);
      dyno_series_touch (self, -INFINITY);
    }
  else if (channel >= 0 && self->live_channel >= 0 && channel != self->live_channel)
    {
      DynoLiveReading reading;

      dyno_live_get (self->live, channel, &reading);
      self->cursor.index = reading.n_samples;
    }
  if (channel >= 0)
    self->live_channel = channel;
  self->is_bound = channel >= 0;
}

static void
note_gap (DynoSeries *self)
{
  DynoLiveReading reading;

  dyno_live_get (self->live, self->live_channel, &reading);
  self->data.gap_x = fmax (0.5, 10.0 * (double) reading.period_us / G_USEC_PER_SEC);
}

/* A copy of the ring at a time, through one buffer on the stack. */
static gsize
pull_piece (DynoSeries *self)
{
  gint64 t_us[512];
  double values[512];
  gsize n = dyno_live_read (self->live, (guint) self->live_channel, &self->cursor, t_us, values,
                            G_N_ELEMENTS (t_us));

  if (n == 0)
    return 0;

  dyno_series_touch (self, least_x (self, t_us, n));
  make_room (self, n);
  for (gsize i = 0; i < n; i++)
    append_point (self, (double) t_us[i] / G_USEC_PER_SEC, values[i]);
  dyno_pyramid_reduce (self->low, self->own_y, self->n_all, G_MAXSIZE);
  self->data.n = self->n_all;

  return n;
}

gboolean
dyno_series_pull (DynoSeries *self)
{
  gboolean has_come = FALSE;

  if (self->live == NULL)
    return FALSE;

  find_channel (self);
  if (!self->is_bound)
    return FALSE;

  while (pull_piece (self) > 0)
    has_come = TRUE;
  if (has_come)
    note_gap (self);

  return has_come;
}
