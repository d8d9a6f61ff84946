/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* Where in the map a cell lies, and how far its number can be trusted (the tables
 * of analysis.md 3.7). */

typedef enum
{
  DYNO_ZONE_CRUISE,
  DYNO_ZONE_PART,
  DYNO_ZONE_WOT,
  DYNO_ZONE_DECEL,
  DYNO_ZONE_EDGE,
  DYNO_N_ZONES
} DynoZone;

typedef enum
{
  DYNO_CONFIDENCE_HIGH,
  DYNO_CONFIDENCE_MEDIUM,
  DYNO_CONFIDENCE_LOW,
  DYNO_CONFIDENCE_SKIP, /* the cell is left alone */
  DYNO_N_CONFIDENCES
} DynoConfidence;

/* "cruise", …; "high", … */
const char    *dyno_zone_name       (DynoZone       zone);
const char    *dyno_confidence_name (DynoConfidence confidence);

/* `edge_rpm` are the speeds at or below and at or above which a cell is edge. */
DynoZone       dyno_zone_of         (double         rpm,
                                     double         map_kpa,
                                     const double   edge_rpm[2]);
/* By hits, one class less above 1 % of standard error, two above 2 %; `se_pct` NaN
 * counts as none. */
DynoConfidence dyno_confidence_of   (DynoZone       zone,
                                     guint32        hits,
                                     double         se_pct);

G_END_DECLS
