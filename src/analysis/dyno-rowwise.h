/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

#pragma once

#include "dyno-finding.h"
#include "dyno-ve-set.h"

G_BEGIN_DECLS

/* Channels as one number in every row, for advisers that need several of them at
 * one instant: a reading where there is one, linear between readings, NaN across a
 * gap, before the first and behind the last (analysis.md 1.1, 3.4). Rows that the
 * operator brushed out are NaN.
 *
 * A column without update bits whose numbers repeat is taken for one that is held
 * between readings only when these come every 0.25 s or faster: a throttle that
 * stands still for seconds and then snaps is no slow sensor. Any thread. */

typedef struct
{
  DynoNumbers numbers; /* (borrowed) in SI, n_rows; null: the samples have no such channel */
  double     *owned;   /* (owned) (nullable) `numbers`, unless the column itself will do */
} DynoRowwise;

/* The samples must outlive it. */
DynoRowwise dyno_rowwise_open    (const DynoSamples   *samples,
                                  DynoChannel          channel);
void        dyno_rowwise_clear   (DynoRowwise         *self);
/* What an adviser needs in every run, DYNO_CHANNEL_TIME for stamps of its own; the
 * list ends with DYNO_CHANNEL_NONE. What is absent in one is lacking by name. */
void        dyno_rowwise_require (DynoAdvice          *advice,
                                  const DynoVeSet     *set,
                                  const DynoChannel   *needed);

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (DynoRowwise, dyno_rowwise_clear)

G_END_DECLS
