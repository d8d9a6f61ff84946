/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

#include "config.h"

#include "dyno-align.h"

#include <math.h>

/* A merge of sorted lists in two passes: the first makes the rows' stamps, the
 * second puts each reading into its row. A stamp stands as often as the track
 * that has it most often. */

/* Adds the stamps of `track` that `rows` lacks; both sorted. (transfer full) */
static GArray *
merge_stamps (GArray          *rows,
              const DynoTrack *track)
{
  GArray *merged =
      g_array_sized_new (FALSE, FALSE, sizeof (gint64), rows->len + (guint) MIN (track->n, 4096));
  gsize i = 0;
  gsize j = 0;

  while (i < rows->len || j < track->n)
    {
      gint64 a = i < rows->len ? g_array_index (rows, gint64, i) : G_MAXINT64;
      gint64 b = j < track->n ? track->t_us[j] : G_MAXINT64;
      gint64 next = MIN (a, b);

      if (a == next && i < rows->len)
        i++;
      if (b == next && j < track->n)
        j++;
      g_array_append_val (merged, next);
    }
  g_array_unref (rows);

  return merged;
}

static void
place_track (DynoSamplesBuilder *builder,
             const DynoTrack    *track,
             const GArray       *rows)
{
  double *values = g_new (double, MAX (rows->len, 1));
  guint8 *updates = g_new0 (guint8, rows->len / 8 + 1);
  gsize j = 0;
  guint index;

  for (guint i = 0; i < rows->len; i++)
    {
      values[i] = NAN;
      if (j < track->n && track->t_us[j] == g_array_index (rows, gint64, i))
        {
          values[i] = track->values[j++];
          updates[i / 8] |= (guint8) (1 << (i % 8));
        }
    }
  g_assert (j == track->n);

  index = dyno_samples_builder_take (builder, track->name, track->module, track->channel,
                                     track->unit, values);
  dyno_samples_builder_set_scale (builder, index, track->unit->symbol, track->scale, track->offset);
  dyno_samples_builder_take_updates (builder, index, updates);
}

DynoSamples *
dyno_align (const DynoTrack *tracks,
            guint            n_tracks,
            gint64           origin_us)
{
  GArray *rows = g_array_new (FALSE, FALSE, sizeof (gint64));
  DynoSamplesBuilder *builder;
  double *time;

  for (guint i = 0; i < n_tracks; i++)
    rows = merge_stamps (rows, &tracks[i]);

  time = g_new (double, MAX (rows->len, 1));
  for (guint i = 0; i < rows->len; i++)
    time[i] = (double) (g_array_index (rows, gint64, i) - origin_us) / 1e6;

  builder = dyno_samples_builder_new (rows->len);
  dyno_samples_builder_take_time (builder, time);
  for (guint i = 0; i < n_tracks; i++)
    place_track (builder, &tracks[i], rows);
  g_array_unref (rows);

  return dyno_samples_builder_finish (builder);
}
