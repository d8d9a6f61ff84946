/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

#pragma once

#include <gio/gio.h>

#include "dyno-curve-compare.h"
#include "dyno-gain.h"
#include "dyno-pull-power.h"
#include "dyno-repeat.h"

G_BEGIN_DECLS

/* 2 to 20 runs over each other: their curves, all made anew with one correction and
 * one level of smoothing, what each makes more than the baseline, how well they
 * repeat, and, of a group before and a group after, whether the gain is real
 * (analysis.md 2.5, 2.7). Computed in GLib's pool. */

typedef struct _DynoShop DynoShop;

#define DYNO_COMPARE_FEWEST 2
#define DYNO_COMPARE_MOST 20
/* Said where is_uncorrected; for gettext in the faces. */
#define DYNO_COMPARE_UNCORRECTED \
  "One of the runs has no weather: all are compared without correction."

/* What stands below the curves. Each point knows its time as well, so that a chart
 * over time needs no other answer. */
typedef enum
{
  DYNO_COMPARE_OVER_RPM,
  DYNO_COMPARE_OVER_SPEED,
} DynoCompareX;

typedef struct
{
  char        *run_id;    /* (owned) (nullable) NULL: the samples */
  DynoSamples *samples;   /* (owned) (nullable) */
  char        *name;      /* (owned) (nullable) of the samples; a run has its own */
  gboolean     is_before; /* of the group that the others are held against */
} DynoCompareInput;

typedef struct
{
  GPtrArray        *inputs;      /* (owned) of DynoCompareInput, in the order shown */
  gint              baseline;    /* index; −1: the first that is before, else the run that is
                                    pinned as one, else the first */
  DynoCompareX      x;
  gboolean          has_options; /* else the shop's correction and smoothing */
  DynoPowerOptions  options;     /* what it borrows must live until the answer */
} DynoCompareRequest;

typedef struct
{
  char          *run_id;    /* (owned) (nullable) */
  char          *name;      /* (owned) the run's title, or the file */
  gboolean       is_before;
  gboolean       is_pinned; /* as baseline, in the run book */
  DynoPullPower *power;     /* (owned) with the passport of its correction */
  DynoCurve     *curve;     /* (owned) over the x of the comparison */
  DynoCurveGain *gain;      /* (owned) (nullable) against the baseline; NULL: it is that */
} DynoCompareSeries;

/* Immutable, reference counted, any thread. */
typedef struct
{
  DynoCompareX     x;
  double           from;        /* the window: the common range of all */
  double           to;
  guint            baseline;
  gboolean         has_groups;  /* some were named as those of before */
  DynoStandard     standard;    /* of all; NONE where one of them has no weather */
  gboolean         is_uncorrected; /* for that reason */
  GPtrArray       *series;      /* (owned) of DynoCompareSeries */
  DynoRepeat      *all;         /* (owned) */
  DynoRepeat      *before;      /* (owned) (nullable) of two runs or more */
  DynoRepeat      *after;       /* (owned) (nullable) */
  DynoGain        *gain;        /* (owned) after against before; without groups: all
                                   others against the baseline */
  gatomicrefcount  n_refs;
} DynoCompare;

/* "rpm", "speed"; FALSE for another word. */
gboolean            dyno_compare_x_find              (const char          *name,
                                                      DynoCompareX        *x);
const char         *dyno_compare_x_name              (DynoCompareX         x);

DynoCompareRequest *dyno_compare_request_new         (void);
void                dyno_compare_request_free        (DynoCompareRequest  *self);
void                dyno_compare_request_add_run     (DynoCompareRequest  *self,
                                                      const char          *run_id,
                                                      gboolean             is_before);
void                dyno_compare_request_add_samples (DynoCompareRequest  *self,
                                                      DynoSamples         *samples,
                                                      const char          *name,
                                                      gboolean             is_before);

DynoCompare        *dyno_compare_ref                 (DynoCompare         *self);
void                dyno_compare_unref               (DynoCompare         *self);

/* `request` is taken over. Needs no store for samples alone. INVALID for fewer than
 * two runs, for one without a pull ("no_pull") or without the x ("no_rpm",
 * "no_speed"), for a baseline that is not one of them and for runs without a common
 * range ("no_common_range"); TOO_LARGE beyond twenty; NOT_FOUND. */
void                dyno_compare_async               (DynoShop            *shop,
                                                      DynoCompareRequest  *request,
                                                      GCancellable        *cancellable,
                                                      GAsyncReadyCallback  callback,
                                                      gpointer             user_data);
DynoCompare        *dyno_compare_finish              (GAsyncResult        *result,
                                                      GError             **error);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (DynoCompare, dyno_compare_unref)
G_DEFINE_AUTOPTR_CLEANUP_FUNC (DynoCompareRequest, dyno_compare_request_free)

G_END_DECLS
