/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

#include "config.h"

#include "dyno-confidence.h"

#define UNSURE_PCT 1.0
#define VERY_UNSURE_PCT 2.0

static const struct
{
  const char *name;
  guint32     hits[DYNO_CONFIDENCE_SKIP]; /* at least, for high, medium, low */
} zones[DYNO_N_ZONES] = {
  { "cruise", { 100, 20, 3 } }, { "part", { 80, 15, 3 } }, { "wot", { 30, 10, 3 } },
  { "decel", { 50, 15, 3 } },   { "edge", { 30, 10, 3 } },
};

const char *
dyno_zone_name (DynoZone zone)
{
  g_return_val_if_fail (zone < DYNO_N_ZONES, NULL);

  return zones[zone].name;
}

const char *
dyno_confidence_name (DynoConfidence confidence)
{
  static const char *const names[DYNO_N_CONFIDENCES] = { "high", "medium", "low", "skip" };

  g_return_val_if_fail (confidence < DYNO_N_CONFIDENCES, NULL);

  return names[confidence];
}

DynoZone
dyno_zone_of (double       rpm,
              double       map_kpa,
              const double edge_rpm[2])
{
  if (rpm <= edge_rpm[0] || rpm >= edge_rpm[1])
    return DYNO_ZONE_EDGE;
  if (map_kpa <= 30)
    return DYNO_ZONE_DECEL;
  if (map_kpa >= 95)
    return DYNO_ZONE_WOT;

  return map_kpa >= 70 ? DYNO_ZONE_PART : DYNO_ZONE_CRUISE;
}

DynoConfidence
dyno_confidence_of (DynoZone zone,
                    guint32  hits,
                    double   se_pct)
{
  guint class = DYNO_CONFIDENCE_HIGH;

  while (class < DYNO_CONFIDENCE_SKIP && hits < zones[zone].hits[class])
    class++;
  if (se_pct > UNSURE_PCT)
    class++;
  if (se_pct > VERY_UNSURE_PCT)
    class++;

  return (DynoConfidence) MIN (class, DYNO_CONFIDENCE_SKIP);
}
