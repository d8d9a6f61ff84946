/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

#include "config.h"

#include "dyno-shape-curve.h"

#include <math.h>

#include "dyno-shape-private.h"

/* Of a point, in the order in which they are written; the first are the axes. */
enum
{
  RPM,
  SPEED,
  TIME,
  DISTANCE,
  POWER,
  TORQUE,
  AFR,
  MAP,
  N_COLUMNS
};

static const struct
{
  const char *axis;   /* (nullable) */
  const char *member;
  double      step;
  const char *missing; /* (nullable) the word where the axis is not there */
} columns[N_COLUMNS] = {
  [RPM] = { "rpm", "rpm", 50, "no_rpm" },
  [SPEED] = { "speed", "speed_kmh", 1, "no_speed" },
  [TIME] = { "time", "time_s", 0.05, "no_time" },
  [DISTANCE] = { "distance", "distance_m", 1, "no_speed" },
  [POWER] = { NULL, "power_kw", 0, NULL },
  [TORQUE] = { NULL, "torque_nm", 0, NULL },
  [AFR] = { NULL, "afr", 0, NULL },
  [MAP] = { NULL, "map_kpa", 0, NULL },
};

typedef struct
{
  gsize   n;
  double *values[N_COLUMNS]; /* (owned) NaN: missing */
} Points;

static void
points_clear (Points *points)
{
  for (guint i = 0; i < N_COLUMNS; i++)
    g_free (points->values[i]);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Points, points_clear)

gboolean
dyno_curve_axis_find (const char    *name,
                      DynoCurveAxis *axis)
{
  for (guint i = 0; i < DYNO_N_CURVE_AXES; i++)
    {
      if (!g_str_equal (columns[i].axis, name))
        continue;
      *axis = (DynoCurveAxis) i;
      return TRUE;
    }

  return FALSE;
}

/* The columns */

/* Speed at the moments of the curve, linear between the readings around them. */
static void
read_speed (const DynoPullPower *power,
            const double        *time_s,
            Points              *points)
{
  const DynoColumn *speed = dyno_samples_find (power->samples, DYNO_CHANNEL_SPEED);
  const double *rows_s = dyno_samples_time (power->samples);
  gsize n = dyno_samples_n_rows (power->samples);
  gsize row = 0;

  for (gsize i = 0; i < points->n; i++)
    {
      double from;
      double to;

      while (row + 2 < n && rows_s[row + 1] <= time_s[i])
        row++;
      from = dyno_column_si (speed, row);
      to = dyno_column_si (speed, MIN (row + 1, n - 1));
      points->values[SPEED][i] =
        row + 1 < n && rows_s[row + 1] > rows_s[row]
          ? from + (to - from) * CLAMP ((time_s[i] - rows_s[row]) / (rows_s[row + 1] - rows_s[row]), 0, 1)
          : from;
    }
}

/* By the trapezium, 1 km/h = 1/3.6 m/s. */
static void
sum_distance (Points *points)
{
  const double *speed = points->values[SPEED];
  const double *time_s = points->values[TIME];
  double way = 0;

  for (gsize i = 0; i < points->n; i++)
    {
      if (i > 0)
        way += (speed[i - 1] + speed[i]) / 2 / 3.6 * (time_s[i] - time_s[i - 1]);
      points->values[DISTANCE][i] = way;
    }
}

static void
read_points (const DynoPullPower *power,
             Points              *points)
{
  const DynoCurve *curve = power->power->curve;

  points->n = curve->n;
  for (guint i = 0; i < N_COLUMNS; i++)
    {
      points->values[i] = g_new (double, MAX (curve->n, 1));
      for (gsize k = 0; k < curve->n; k++)
        points->values[i][k] = NAN;
    }
  read_speed (power, curve->time_s, points);
  for (gsize i = 0; i < curve->n; i++)
    {
      points->values[curve->is_over_speed ? SPEED : RPM][i] = curve->x[i];
      points->values[TIME][i] = curve->time_s[i] - curve->time_s[0];
      points->values[POWER][i] = curve->power_kw[i];
      points->values[TORQUE][i] = curve->torque_nm[i];
      points->values[AFR][i] = curve->afr[i];
      points->values[MAP][i] = curve->map_kpa[i];
    }
  sum_distance (points);
}

/* On the wire */

static double
between (const double *values,
         gsize         i,
         double        share)
{
  return share == 0 ? values[i] : values[i] + (values[i + 1] - values[i]) * share;
}

static void
write_point (DynoJsonWriter *w,
             const Points   *points,
             gsize           i,
             double          share)
{
  dyno_json_writer_begin_object (w);
  for (guint c = 0; c < N_COLUMNS; c++)
    dyno_json_writer_add_rounded (w, columns[c].member, between (points->values[c], i, share), 4);
  dyno_json_writer_end_object (w);
}

static gboolean
has_axis (const Points  *points,
          DynoCurveAxis  axis)
{
  for (gsize i = 0; i < points->n; i++)
    {
      if (isnan (points->values[axis][i]))
        return FALSE;
    }

  return points->n > 1;
}

/* At the multiples of the step, each between the first two points that are around it: where
 * the drum slows down for a moment, no x is there twice. */
static void
write_points (DynoJsonWriter *w,
              const Points   *points,
              DynoCurveAxis   axis)
{
  const double *x = points->values[axis];
  double step = columns[axis].step;
  double at = ceil (x[0] / step) * step;

  for (gsize i = 0; i + 1 < points->n; i++)
    {
      for (; at >= x[i] && at < x[i + 1]; at += step)
        write_point (w, points, i, (at - x[i]) / (x[i + 1] - x[i]));
    }
}

static void
write_warnings (DynoJsonWriter  *w,
                const DynoPower *power)
{
  dyno_json_writer_name (w, "warnings");
  dyno_json_writer_begin_array (w);
  for (guint i = 0; i < DYNO_N_POWER_WARNINGS; i++)
    {
      if ((power->warnings >> i & 1) != 0)
        dyno_json_writer_string (w, dyno_power_warning_code (i));
    }
  dyno_json_writer_end_array (w);
}

static const char *
why_none (const DynoPower *power,
          const Points    *points,
          DynoCurveAxis    axis)
{
  if (power->trim != DYNO_TRIM_OK)
    return dyno_trim_reason_name (power->trim);

  return has_axis (points, axis) ? NULL : columns[axis].missing;
}

void
dyno_shape_curve (DynoJsonWriter      *w,
                  const DynoPullPower *self,
                  DynoCurveAxis        axis)
{
  const DynoPower *power = self->power;
  g_auto(Points) points = { 0 };

  read_points (self, &points);
  dyno_json_writer_begin_object (w);
  dyno_json_writer_add_string (w, "x", columns[axis].axis);
  dyno_json_writer_name (w, "curve");
  dyno_json_writer_begin_array (w);
  if (has_axis (&points, axis))
    write_points (w, &points, axis);
  dyno_json_writer_end_array (w);
  dyno_shape_add_peaks (w, power);
  dyno_json_writer_name (w, "correction");
  dyno_shape_correction (w, &power->correction);
  dyno_json_writer_add_string (w, "no_curve", why_none (power, &points, axis));
  dyno_json_writer_add_integer (w, "smoothing", power->curve->level);
  write_warnings (w, power);
  dyno_json_writer_end_object (w);
}
