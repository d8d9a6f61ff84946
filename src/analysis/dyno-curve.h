/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* A power curve: points of ascending engine speed, or of drum speed where no
 * engine speed is known (then without torque). Smoothing and figures are those
 * of analysis.md 2.4 and 2.5. Missing is NaN. */

#define DYNO_CURVE_LEVELS 6       /* 0…5 */
#define DYNO_CURVE_DEFAULT_LEVEL 2
#define DYNO_CURVE_GRID_RPM 5.0
#define DYNO_CURVE_GRID_KMH 0.25
#define DYNO_CURVE_TABLE_RPM 250.0 /* from row to row of a printed table */
#define DYNO_CURVE_TABLE_KMH 10.0

typedef struct
{
  gboolean is_over_speed; /* x is km/h, not 1/min */
  gboolean is_pair;       /* power and torque are two readings: neither follows from the other */
  guint    level;
  gsize    n;
  double  *x;             /* (owned) strictly ascending */
  double  *time_s;        /* (owned) of the log */
  double  *power_kw;      /* (owned) */
  double  *torque_nm;     /* (owned) NaN over speed */
  double  *afr;           /* (owned) */
  double  *map_kpa;       /* (owned) */
} DynoCurve;

typedef struct
{
  double value; /* NaN for a curve without points */
  double x;
  double time_s;
} DynoPeak;

/* n points, all NaN. */
DynoCurve     *dyno_curve_new          (gsize             n,
                                        gboolean          is_over_speed);
void           dyno_curve_free         (DynoCurve        *self);

/* Half-width of the window of a level in 1/min; 0 for level 0. */
double         dyno_curve_half_rpm     (guint             level);
/* Local quadratic least squares over ±half points, cut at the ends; exact for any
 * quadratic. `smoothed` has room for n. */
void           dyno_curve_filter       (const double     *values,
                                        gsize             n,
                                        guint             half,
                                        double           *smoothed);
/* Linear at the multiples of `step` inside the curve. */
DynoCurve     *dyno_curve_resample     (const DynoCurve  *self,
                                        double            step);
/* Level 0 is a copy. Torque is smoothed and power follows from it, so that the
 * two still belong together; over speed power itself is smoothed. */
DynoCurve     *dyno_curve_smooth       (const DynoCurve  *self,
                                        guint             level);
/* One of the curve's own columns at n ascending x, between its points linear, NaN
 * outside them. */
void           dyno_curve_column_at    (const DynoCurve  *self,
                                        const double     *column,
                                        const double     *x,
                                        gsize             n,
                                        double           *values);
/* Power and torque times a factor, in place. */
void           dyno_curve_scale        (DynoCurve        *self,
                                        double            factor);

/* The lowest x on ties. */
DynoPeak       dyno_curve_peak_power   (const DynoCurve  *self);
DynoPeak       dyno_curve_peak_torque  (const DynoCurve  *self);

/* Mean power and torque between two x, NaN outside the curve. */
void           dyno_curve_mean         (const DynoCurve  *self,
                                        double            from,
                                        double            to,
                                        double           *power_kw,
                                        double           *torque_nm);
/* The common range of some curves over one quantity, shrunk to multiples of 50 rpm
 * or 5 km/h; FALSE without one. */
gboolean       dyno_curve_window       (const DynoCurve *const *curves,
                                        gsize             n,
                                        double           *from,
                                        double           *to);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (DynoCurve, dyno_curve_free)

G_END_DECLS
