/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

#pragma once

#include "dyno-finding.h"
#include "dyno-grid.h"
#include "dyno-knock.h"

G_BEGIN_DECLS

/* Rules of analysis.md 4.2 that look at cells. Grids are row-major with an entry a
 * cell, NaN without data; corrections are percent of fuel, lean positive. Each adds
 * its findings to `advice`. Any thread. */

/* A cell that disagrees with its neighbours far more than cells do elsewhere: R is
 * its distance to their mean, z = 0.6745 · (R − median) / MAD above 3.5. Score z.
 *
 * R is 1.0 percentage point at the least, a floor that the specification does not have: on
 * a smooth map the MAD is a few hundredths of a percent, and by z alone a cell is told off
 * for 0.1 %. One point is what smoothing (3.6) takes for noise between neighbours, and what
 * the best wideband sensors are good for (0.1 AFR is 0.7 %). */
void dyno_anomaly_spatial   (DynoAdvice          *advice,
                             const DynoGridShape *shape,
                             guint                cylinder,
                             const double        *limited_pct,
                             const guint32       *hits);
/* Rear against front at 2500–3800 1/min, 65–95 kPa, from 3 %. Score: percent. */
void dyno_anomaly_imbalance (DynoAdvice          *advice,
                             const DynoGridShape *shape,
                             const double        *front_pct,
                             const double        *rear_pct);
/* Lean at low speed and load (1500–2500, 35–50), not above (2500–3500, 65–80), by
 * 4 % and more: false air at the sensor. Score: the difference. */
void dyno_anomaly_leak      (DynoAdvice          *advice,
                             const DynoGridShape *shape,
                             guint                cylinder,
                             const double        *raw_pct);
/* Cells that knock by 1.5° and more, or of which only a count is known in two rows.
 * Hot from 48.9 °C. Score: how many; ten are listed. */
void dyno_anomaly_knock     (DynoAdvice          *advice,
                             const DynoGridShape *shape,
                             const DynoKnock     *knock);

G_END_DECLS
