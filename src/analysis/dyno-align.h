/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

#pragma once

#include "dyno-samples.h"

G_BEGIN_DECLS

/* Joins channels with stamps of their own into rows: the sorted union of all
 * stamps, NaN where a channel has no reading, update bits set where it has one.
 * Nothing is held, nothing is invented. Two readings of one channel with one
 * stamp make two rows. */

typedef struct
{
  const char     *name;
  const char     *module;  /* "" where there is none */
  DynoChannel     channel;
  const DynoUnit *unit;
  double          scale;   /* as in DynoColumn */
  double          offset;
  gsize           n;
  const gint64   *t_us;    /* any origin, never decreasing */
  const double   *values;  /* of the source */
} DynoTrack;

/* Time is counted from `origin_us`, which must not be later than any stamp. */
DynoSamples *dyno_align (const DynoTrack *tracks,
                         guint            n_tracks,
                         gint64           origin_us);

G_END_DECLS
