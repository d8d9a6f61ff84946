/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* Least and greatest of any stretch of a column without looking at all of it:
 * blocks of 64 values, then of 256, 1024, …. The values stay with their owner,
 * who passes them in each time; the pyramid knows how many it has reduced.
 * Values appended touch only the tail. NaN counts as nothing. */

typedef struct _DynoPyramid DynoPyramid;

#define DYNO_PYRAMID_BASE 64
#define DYNO_PYRAMID_FACTOR 4

/* Room for `capacity` values at once, so that reducing them allocates nothing. */
DynoPyramid *dyno_pyramid_new      (gsize         capacity);
void         dyno_pyramid_free     (DynoPyramid  *self);

/* How many values are reduced: those of a block that is not full are not. */
gsize        dyno_pyramid_n        (DynoPyramid  *self);

/* Reduces values up to `n`, at most `most` of them (G_MAXSIZE: all); TRUE when
 * nothing is left. */
gboolean     dyno_pyramid_reduce   (DynoPyramid  *self,
                                    const double *values,
                                    gsize         n,
                                    gsize         most);

/* Values from `n` on have changed: forgets what was reduced of them. */
void         dyno_pyramid_truncate (DynoPyramid  *self,
                                    gsize         n);

/* Over first ≤ i < last. Without a number there: +∞ and −∞. */
void         dyno_pyramid_range    (DynoPyramid  *self,
                                    const double *values,
                                    gsize         first,
                                    gsize         last,
                                    double       *min,
                                    double       *max);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (DynoPyramid, dyno_pyramid_free)

G_END_DECLS
