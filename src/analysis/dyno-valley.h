/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

#pragma once

#include "dyno-surface.h"

G_BEGIN_DECLS

/* The spark valley (analysis.md 4.10): a band of engine speed at high load in which
 * the ignition is retarded and comes back above it, as it does where an engine runs
 * at its knock limit. Pure. */

typedef enum
{
  DYNO_VALLEY_FRONT,
  DYNO_VALLEY_REAR,
  DYNO_VALLEY_BOTH, /* one spark channel for both cylinders */
} DynoValleyCylinder;

typedef struct
{
  DynoValleyCylinder cylinder;
  double             rpm;         /* of the lowest spark */
  double             rpm_low;     /* of the band that is half as deep or deeper */
  double             rpm_high;
  double             depth_deg;   /* mean of the drop before and the rise behind */
  double             least_deg;   /* spark in the valley */
  double             before_deg;  /* most spark at lower speed */
  double             behind_deg;  /* and at higher speed */
  double             map_kpa;     /* mean of the columns looked at */
  double             confidence;  /* 0…1 */
} DynoValley;

/* At most one a cylinder. */
typedef struct
{
  DynoValley valleys[2];
  guint      n;
} DynoValleys;

#define DYNO_VALLEY_MAP 80 /* kPa: high load begins here */

/* "front", "rear", "both" */
const char *dyno_valley_cylinder_name (DynoValleyCylinder   cylinder);

/* FALSE: there is none, or fewer than five engine speeds with data at high load. */
gboolean    dyno_valley_find          (const DynoGrid      *spark,
                                       DynoValley          *valley);
void        dyno_valleys_find         (const DynoSurfaces  *surfaces,
                                       DynoValleys         *valleys);
/* NULL: none there. */
const DynoValley *
            dyno_valleys_get          (const DynoValleys   *self,
                                       DynoValleyCylinder   cylinder);

/* A finding a valley; score: its depth. Lacks "spark" without a spark channel.
 * (transfer full) */
DynoAdvice *dyno_valleys_advise       (const DynoValleys   *self,
                                       const DynoSurfaces  *surfaces);

G_END_DECLS
