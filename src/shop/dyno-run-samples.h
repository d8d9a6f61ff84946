/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

#pragma once

#include <gio/gio.h>

#include "dyno-json.h"

G_BEGIN_DECLS

/* The samples of a run for somebody who draws them: some channels, a stretch of time, and
 * no more points than asked for, without losing a peak.
 *
 * Where there are more rows than points, the rows are gathered into half as many buckets,
 * and each gives two points, at the times of its first and its last row: the least and the
 * greatest reading of the channel in it, in the order in which they came. */

typedef struct _DynoShop DynoShop;

#define DYNO_RUN_SAMPLES_MOST_CHANNELS 32
#define DYNO_RUN_SAMPLES_FEWEST_POINTS 10
#define DYNO_RUN_SAMPLES_MOST_POINTS 20000

typedef struct
{
  char  **channels;   /* (nullable) canonical names, or of an extra channel as its source
                       * spells it; NULL: the canonical ones that the run has, 32 at most */
  double  from_s;     /* rows from_s ≤ time ≤ to_s; NaN: no limit */
  double  to_s;
  guint   max_points;
} DynoRunSamplesWanted;

typedef struct
{
  double from_s;
  double to_s;
  double lost;   /* messages; NaN: not known */
} DynoRunGap;

typedef struct
{
  gsize    n;
  double  *t_s;     /* (owned) never falling */
  char   **names;   /* (owned) of the channels, ended by NULL */
  double **values;  /* (owned) a column a name, SI, mixture in AFR of petrol, NaN: missing;
                     * the column of a channel that the run does not have is NULL */
  GArray  *gaps;    /* (owned) of DynoRunGap, within the stretch */
  gboolean is_whole; /* every row is a point */
} DynoRunSamples;

void            dyno_run_samples_free   (DynoRunSamples             *self);

/* `wanted` is copied. NOT_FOUND; CORRUPT; INVALID "channel" for a name that is neither
 * canonical nor of the run. */
void            dyno_run_samples_async  (DynoShop                   *shop,
                                         const char                 *run_id,
                                         const DynoRunSamplesWanted *wanted,
                                         GCancellable               *cancellable,
                                         GAsyncReadyCallback         callback,
                                         gpointer                    user_data);
DynoRunSamples *dyno_run_samples_finish (GAsyncResult               *result,
                                         GError                    **error);

/* {"t_s":[…],"channels":{name:[…]},"gaps":[{"from_s","to_s","lost"}]}; null for missing, and
 * for the whole of a channel that is not there. */
void            dyno_run_samples_shape  (DynoJsonWriter             *w,
                                         const DynoRunSamples       *self);
/* The same as CSV: a line of names, t_s first; empty for missing. (transfer full) */
GBytes         *dyno_run_samples_csv    (const DynoRunSamples       *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (DynoRunSamples, dyno_run_samples_free)

G_END_DECLS
