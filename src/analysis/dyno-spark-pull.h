/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

#pragma once

#include <math.h>

#include <glib.h>

G_BEGIN_DECLS

/* From knock to spark, one cell at a time (analysis.md 4.1): the arithmetic of the
 * original in its order of operations, shared by the product and the legacy
 * engine. */

#define DYNO_SPARK_HOT_F 120.0 /* intake air at or above it is hot */
/* 120 °F, a hair below: the conversion of a log in °F may fall short by a last bit. */
#define DYNO_SPARK_HOT_C 48.888
#define DYNO_SPARK_LEAST_KNOCK 0.5 /* ° of retard below which nothing is pulled */

/* Degrees, 0 or negative: knock never advances a cell. */
static inline double
dyno_spark_pull (double   knock_deg,
                 gboolean is_hot)
{
  double pull;

  if (!(knock_deg >= DYNO_SPARK_LEAST_KNOCK))
    return 0;
  pull = -fmin (2, fmax (0.5, knock_deg / 3 * 2));

  return is_hot ? pull - 0.5 : pull;
}

/* The rear rule: rows 3000 and 3500 of columns 80 and 95 on the original's grid. */
static inline gboolean
dyno_spark_in_rear_rule (double rpm,
                         double map_kpa)
{
  return rpm >= 2800 && rpm <= 3600 && map_kpa >= 75 && map_kpa <= 95;
}

/* What the rule adds to a rear cell: `rule_deg` of retard whatever its sign, and
 * `hot_extra_deg` (0 or negative) when hot. */
static inline double
dyno_spark_add_rear_rule (double   pull_deg,
                          double   rule_deg,
                          double   hot_extra_deg,
                          gboolean is_hot)
{
  double pull = pull_deg - fabs (rule_deg);

  return is_hot ? pull + hot_extra_deg : pull;
}

G_END_DECLS
