/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

#include "config.h"

#include "dyno-live-grid.h"

#include <math.h>

#include "dyno-target.h"

#define HOLDS_US (G_USEC_PER_SEC / 2)  /* so long a value stands for the next */
#define ACTIVE_US (2 * G_USEC_PER_SEC)
#define LEAST_AFR 3.0                  /* below it is λ */
#define STOICHIOMETRIC 14.7
#define LEAST_RPM 400                  /* slower, and the engine stands */

typedef struct
{
  gint64 t_us;
  double value;
} Sample;

/* One channel, oldest first, and the newest of it that is not younger than a moment. */
typedef struct
{
  GArray *samples; /* (owned) of Sample */
  guint   next;
} Track;

static void
track_read (Track       *track,
            DynoLive    *live,
            DynoChannel  canonical)
{
  DynoLiveCursor cursor = DYNO_LIVE_CURSOR_INIT;
  gint64 t_us[DYNO_LIVE_MAX_COPY];
  double values[DYNO_LIVE_MAX_COPY];
  int channel = dyno_live_find (live, canonical);
  gsize n = channel >= 0 ? DYNO_LIVE_MAX_COPY : 0;

  track->samples = g_array_new (FALSE, FALSE, sizeof (Sample));
  while (n == DYNO_LIVE_MAX_COPY)
    {
      n = dyno_live_read (live, (guint) channel, &cursor, t_us, values, DYNO_LIVE_MAX_COPY);
      for (gsize i = 0; i < n; i++)
        g_array_append_val (track->samples, ((Sample) { t_us[i], values[i] }));
    }
}

/* NaN where there is none, or it is too old. Moments grow from call to call. */
static double
track_at (Track  *track,
          gint64  t_us)
{
  const Sample *sample;

  while (track->next < track->samples->len
         && g_array_index (track->samples, Sample, track->next).t_us <= t_us)
    track->next++;
  if (track->next == 0)
    return NAN;

  sample = &g_array_index (track->samples, Sample, track->next - 1);

  return t_us - sample->t_us <= HOLDS_US ? sample->value : NAN;
}

static double
as_afr (double mixture)
{
  return mixture < LEAST_AFR ? mixture * STOICHIOMETRIC : mixture;
}

enum
{
  RPM,
  MAP,
  FRONT,
  REAR,
  WANTED,
  N_TRACKS
};

static const DynoChannel channels[N_TRACKS] = { DYNO_CHANNEL_RPM, DYNO_CHANNEL_MAP,
                                                DYNO_CHANNEL_MIX_F, DYNO_CHANNEL_MIX_R,
                                                DYNO_CHANNEL_TARGET };

/* Mean of the cylinders that have a reading. */
static double
mixture_at (Track  tracks[N_TRACKS],
            gint64 t_us)
{
  double front = as_afr (track_at (&tracks[FRONT], t_us));
  double rear = as_afr (track_at (&tracks[REAR], t_us));

  if (isfinite (front) && isfinite (rear))
    return (front + rear) / 2;

  return isfinite (front) ? front : rear;
}

static void
add_sample (DynoLiveGrid     *self,
            Track             tracks[N_TRACKS],
            const DynoTarget *target,
            const Sample     *rpm)
{
  double map = track_at (&tracks[MAP], rpm->t_us);
  double mixture = mixture_at (tracks, rpm->t_us);
  double wanted = as_afr (track_at (&tracks[WANTED], rpm->t_us));
  guint cell;

  self->active = -1;
  if (!(rpm->value >= LEAST_RPM) || !dyno_axis_holds (&self->shape.rpm, rpm->value)
      || !dyno_axis_holds (&self->shape.load, map))
    return;

  cell = dyno_axis_nearest (&self->shape.rpm, rpm->value) * self->shape.load.n
         + dyno_axis_nearest (&self->shape.load, map);
  self->active = (int) cell;
  if (!isfinite (mixture))
    return;

  if (!isfinite (wanted))
    wanted = dyno_target_afr (target, rpm->value, map);
  self->hits[cell]++;
  self->n_used++;
  self->error_pct[cell] += (100 * (mixture / wanted - 1) - self->error_pct[cell])
                           / self->hits[cell];
}

static void
forget_empty_cells (DynoLiveGrid *self)
{
  for (guint i = 0; i < dyno_grid_shape_cells (&self->shape); i++)
    {
      if (self->hits[i] == 0)
        self->error_pct[i] = NAN;
    }
}

static void
fill (DynoLiveGrid *self,
      DynoLive     *live,
      Track         tracks[N_TRACKS])
{
  g_autoptr(DynoTarget) target = dyno_target_new_default ();
  GArray *speeds = tracks[RPM].samples;

  for (guint i = 0; i < speeds->len; i++)
    add_sample (self, tracks, target, &g_array_index (speeds, Sample, i));
  self->n_samples = speeds->len;
  if (speeds->len == 0
      || dyno_live_now_us (live) - g_array_index (speeds, Sample, speeds->len - 1).t_us > ACTIVE_US)
    self->active = -1;
  forget_empty_cells (self);
}

DynoLiveGrid *
dyno_live_grid_new (DynoLive *live)
{
  DynoLiveGrid *self = g_new0 (DynoLiveGrid, 1);
  Track tracks[N_TRACKS] = { { NULL } };
  guint n_cells;

  dyno_grid_shape_named (&self->shape, "11x9");
  self->active = -1;
  n_cells = dyno_grid_shape_cells (&self->shape);
  self->hits = g_new0 (guint32, n_cells);
  self->error_pct = g_new0 (double, n_cells);
  for (guint i = 0; i < N_TRACKS; i++)
    track_read (&tracks[i], live, channels[i]);
  fill (self, live, tracks);
  for (guint i = 0; i < N_TRACKS; i++)
    g_array_unref (tracks[i].samples);

  return self;
}

void
dyno_live_grid_free (DynoLiveGrid *self)
{
  if (self == NULL)
    return;

  g_free (self->hits);
  g_free (self->error_pct);
  g_free (self);
}
