/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

/* From axes and tracks to rows: the last step of reading samples.bin. */

#include "config.h"

#include "dyno-archive-samples-private.h"

#include <math.h>

/* Numbers that a joining of axes may make of a file: 1 GiB of them. */
#define MOST_JOINED (G_GUINT64_CONSTANT (1) << 27)

gboolean
dyno_archive_parts_are_too_wide (const DynoArchiveParts *self)
{
  guint64 n_rows = 0;

  if (self->axes->len == 1)
    return FALSE;
  for (guint i = 0; i < self->axes->len; i++)
    n_rows += ((const DynoArchiveAxis *) self->axes->pdata[i])->n;

  return n_rows > MOST_JOINED / MAX (self->tracks->len, 1);
}

/* The earliest stamp that no axis has given yet; NaN when all are through. */
static double
next_stamp (const GPtrArray *axes,
            const gsize     *heads)
{
  double t = NAN;

  for (guint i = 0; i < axes->len; i++)
    {
      const DynoArchiveAxis *axis = g_ptr_array_index (axes, i);

      if (heads[i] < axis->n && !(axis->t[heads[i]] >= t))
        t = axis->t[heads[i]];
    }

  return t;
}

/* The union of all stamps; each axis learns where its own are. */
static double *
join_axes (const GPtrArray *axes,
           gsize           *n_rows)
{
  g_autofree gsize *heads = g_new0 (gsize, axes->len);
  GArray *rows = g_array_new (FALSE, FALSE, sizeof (double));
  double t;

  for (guint i = 0; i < axes->len; i++)
    {
      DynoArchiveAxis *axis = g_ptr_array_index (axes, i);

      axis->rows = g_new (gsize, MAX (axis->n, 1));
    }
  while (!isnan (t = next_stamp (axes, heads)))
    {
      for (guint i = 0; i < axes->len; i++)
        {
          DynoArchiveAxis *axis = g_ptr_array_index (axes, i);

          if (heads[i] < axis->n && axis->t[heads[i]] == t)
            axis->rows[heads[i]++] = rows->len;
        }
      g_array_append_val (rows, t);
    }
  *n_rows = rows->len;

  return (double *) g_array_free (rows, FALSE);
}

/* What stands on an axis of its own, in rows of all. A reading there is an update. */
static void
spread_track (DynoArchiveTrack *track,
              gsize             n_rows)
{
  const DynoArchiveAxis *axis = track->axis;
  double *values = g_new (double, MAX (n_rows, 1));
  guint8 *updates = g_malloc0 (n_rows / 8 + 1);
  guint8 *reasons = track->reasons != NULL ? g_malloc0 (MAX (n_rows, 1)) : NULL;

  for (gsize i = 0; i < n_rows; i++)
    values[i] = NAN;
  for (gsize i = 0; i < axis->n; i++)
    {
      gsize row = axis->rows[i];

      values[row] = track->values[i];
      if (track->updates != NULL ? (track->updates[i / 8] >> (i % 8) & 1) != 0
                                 : !isnan (values[row]))
        updates[row / 8] |= (guint8) (1u << (row % 8));
      if (reasons != NULL)
        reasons[row] = track->reasons[i];
    }
  g_free (track->values);
  g_free (track->updates);
  g_free (track->reasons);
  track->values = values;
  track->updates = updates;
  track->reasons = reasons;
}

static void
give_track (DynoSamplesBuilder      *builder,
            DynoArchiveTrack        *track,
            const DynoArchiveColumn *note)
{
  const DynoUnit *unit = dyno_unit_find (track->unit);
  guint index
    = dyno_samples_builder_take (builder, track->name, note != NULL ? note->module : "",
                                 track->channel, unit != NULL ? unit : dyno_unit_none (),
                                 g_steal_pointer (&track->values));

  dyno_samples_builder_set_scale (builder, index, note != NULL ? note->unit_text : track->unit,
                                  track->scale, track->offset);
  if (track->updates != NULL)
    dyno_samples_builder_take_updates (builder, index, g_steal_pointer (&track->updates));
  if (track->reasons != NULL)
    dyno_samples_builder_take_reasons (builder, index, g_steal_pointer (&track->reasons));
}

static void
give_excluded (DynoSamplesBuilder     *builder,
               const DynoArchiveNotes *notes,
               gsize                   n_rows)
{
  gsize done = 0;
  guint8 *bits;

  if (notes == NULL || notes->excluded->len < 2)
    return;
  bits = g_malloc0 (n_rows / 8 + 1);
  for (guint i = 0; i + 1 < notes->excluded->len; i += 2)
    {
      gsize first = MAX (g_array_index (notes->excluded, gsize, i), done);
      gsize last = g_array_index (notes->excluded, gsize, i + 1);

      for (gsize row = first; row <= last && row < n_rows; row++)
        bits[row / 8] |= (guint8) (1u << (row % 8));
      done = MAX (done, last);
    }
  dyno_samples_builder_take_excluded (builder, bits);
}

DynoSamples *
dyno_archive_parts_join (DynoArchiveParts       *self,
                         const DynoArchiveNotes *notes)
{
  const DynoArchiveAxis *only = g_ptr_array_index (self->axes, 0);
  gsize n_rows = only->n;
  gboolean is_joined = self->axes->len > 1;
  double *time_s = is_joined ? join_axes (self->axes, &n_rows) : NULL;
  DynoSamplesBuilder *builder = dyno_samples_builder_new (n_rows);
  gboolean has_notes = notes != NULL && notes->columns->len == self->tracks->len;

  for (guint i = 0; i < self->tracks->len; i++)
    {
      DynoArchiveTrack *track = g_ptr_array_index (self->tracks, i);

      if (is_joined)
        spread_track (track, n_rows);
      give_track (builder, track, has_notes ? notes->columns->pdata[i] : NULL);
    }
  if (!is_joined)
    time_s = g_memdup2 (only->t, MAX (n_rows, 1) * sizeof (double));
  if (notes == NULL || notes->has_time)
    dyno_samples_builder_take_time (builder, g_steal_pointer (&time_s));
  g_free (time_s);
  give_excluded (builder, notes, n_rows);

  return dyno_samples_builder_finish (builder);
}
