/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

#pragma once

#include "dyno-ve-result.h"

G_BEGIN_DECLS

/* What became of one row of a log for one cylinder, and why (analysis.md 3.9): the
 * other direction of dyno-explain.h. Pure, any thread; worked out again from the runs,
 * to the same bits as the analysis. */

typedef struct
{
  guint    cylinder;
  guint    run;        /* from 0 */
  gsize    row;        /* of the run, from 0 */
  double   time_s;     /* of the run: when the mixture was read */
  double   delay_s;    /* from the cylinder to the reading; NaN: not known in this row */
  double   rpm;        /* when that mixture was made; NaN: missing, as below */
  double   map_kpa;
  double   mix_afr;    /* as read, AFR of petrol as the target */
  double   target_afr;
  DynoGate reason;
  guint    cell;       /* that it counts for; DYNO_NO_CELL: for none */
  double   factor;     /* fuel that it asks for; NaN where it does not count */
} DynoVeSample;

/* Of `n` rows of the set, ascending and of one run, into `samples`. The cylinder has a
 * sensor. */
void     dyno_ve_read_samples       (const DynoVeResult *result,
                                     guint               cylinder,
                                     const gsize        *rows,
                                     gsize               n,
                                     DynoVeSample       *samples);

/* The row of a run that is nearest to a moment, as a row of the set. FALSE for a moment
 * that lies before or behind the run by more than a gap. */
gboolean dyno_ve_result_find_moment (const DynoVeResult *result,
                                     guint               run,
                                     double              time_s,
                                     gsize              *row);

/* One sentence: what was seen and why it counts or not. (transfer full) */
char    *dyno_ve_sample_sentence    (const DynoVeResult *result,
                                     const DynoVeSample *sample);

G_END_DECLS
