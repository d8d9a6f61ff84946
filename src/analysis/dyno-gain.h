/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

#pragma once

#include "dyno-curve.h"
#include "dyno-units.h"
#include "dyno-welch.h"

G_BEGIN_DECLS

/* Is the gain real? Pulls before (A) against pulls after (B): one test on the mean
 * power over the window, and one in each bin of 25 rpm, made to answer for each
 * other (analysis.md 2.7).
 *
 * A claim of any kind, gain, loss or partly, is to be wrong in at most 5 of 100
 * comparisons. Two questions asked at 5 % each would be wrong in up to 10, so the
 * 5 % are shared out: DYNO_GAIN_ALPHA_AREA for the window, DYNO_GAIN_ALPHA_BINS for
 * all bins together; by Bonferroni's inequality no dependence between them can
 * bring more than their sum. Nearly all goes to the window, since pulls differ
 * mostly by a factor that all their bins share. The sum stays below 5 % so that a
 * count of 1,000 comparisons does, too. Of five pulls a side, true 2 % are found in
 * 95 of 100 cases where pulls scatter by 0.7 %, in 80 by 0.9 % (no test at 5 % can
 * find them in 80 by 1 %).
 *
 * The pulls of a group must be exchangeable: what drifts from pull to pull (heat)
 * and falls together with the change is no business of a test. */

#define DYNO_GAIN_ALPHA_AREA 0.04
#define DYNO_GAIN_ALPHA_BINS 0.005
#define DYNO_GAIN_FEWEST 3    /* pulls a side */
#define DYNO_GAIN_MANY_MORE 30 /* beyond it the number of pulls is no advice */

typedef enum
{
  DYNO_GAIN_NOT_ENOUGH_RUNS,
  DYNO_GAIN_REAL_GAIN,
  DYNO_GAIN_REAL_LOSS,
  DYNO_GAIN_PARTLY,     /* not over the window, but in some of it */
  DYNO_GAIN_NOT_PROVED,
} DynoGainVerdict;

/* Neighbouring bins that are all better, or all worse. */
typedef struct
{
  double   from;
  double   to;
  gboolean is_loss;
} DynoGainStretch;

typedef struct
{
  DynoGainVerdict verdict;
  gboolean        is_over_speed;
  gsize           n_a;
  gsize           n_b;
  guint           missing_a; /* pulls to the fewest; 0 but for NOT_ENOUGH_RUNS */
  guint           missing_b;
  double          from;      /* the window */
  double          to;
  DynoWelch       area;      /* of the mean power over it, kW */
  double          area_pct;  /* its gain, of A */
  gsize           n;         /* bins; 0 for NOT_ENOUGH_RUNS */
  double         *x;         /* (owned) */
  DynoWelch      *bins;      /* (owned) kW */
  double         *holm;      /* (owned) p of the bins, adjusted */
  GArray         *stretches; /* (owned) of DynoGainStretch, for PARTLY */
  guint           more;      /* pulls a side that a gain of this size asks for, for
                                NOT_PROVED; above DYNO_GAIN_MANY_MORE: too many */
} DynoGain;

/* "not-enough-runs", "real-gain", …: the spelling of files and wire. */
const char *dyno_gain_verdict_name (DynoGainVerdict          verdict);

/* NULL when the runs have no common range, or not one quantity below the curves.
 * With too few runs the means of the window are there all the same. */
DynoGain   *dyno_gain_new          (const DynoCurve *const  *a,
                                    gsize                    n_a,
                                    const DynoCurve *const  *b,
                                    gsize                    n_b);
void        dyno_gain_free         (DynoGain                *self);

/* "+1.9 kW (1.3 … 2.5), real": what a customer is told. (transfer full) */
char       *dyno_gain_sentence     (const DynoGain          *self,
                                    DynoUnitSet              units);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (DynoGain, dyno_gain_free)

G_END_DECLS
