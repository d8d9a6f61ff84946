/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

#pragma once

#include "dyno-grid.h"
#include "dyno-target.h"

G_BEGIN_DECLS

/* What burns in the two cylinders of the virtual bike and what its sensors see
 * of it: target · (1 + error) / correction, after the time through the pipe and
 * a first-order lag. Cylinder 0 is the front, 1 the rear. One step is 1 ms. */

#define DYNO_BIKE_CYLINDERS 2

typedef struct _DynoBikeMixture DynoBikeMixture;

typedef struct
{
  double target_afr;
  double error_pct[DYNO_BIKE_CYLINDERS];  /* of the VE table; positive is lean */
  double factor[DYNO_BIKE_CYLINDERS];     /* the correction applied so far */
  double afr[DYNO_BIKE_CYLINDERS];        /* in the cylinder now */
  double sensed_afr[DYNO_BIKE_CYLINDERS]; /* at the sensor now, without noise */
} DynoBikeMixtureState;

/* The map of jetdrive.md 12.2, −4…+6 % on 11x9. (transfer full) */
DynoGrid        *dyno_bike_demo_error            (void);

DynoBikeMixture *dyno_bike_mixture_new           (void);
void             dyno_bike_mixture_free          (DynoBikeMixture       *self);

/* `front_pct` may be NULL: no error; its empty cells mean none. The rear cylinder
 * has `rear_offset_pct` more. */
void             dyno_bike_mixture_set_error     (DynoBikeMixture       *self,
                                                  const DynoGrid        *front_pct,
                                                  double                 rear_offset_pct);
/* Correction tables (1.05 = 5 % more fuel); NULL or an empty cell is 1. */
void             dyno_bike_mixture_set_factor    (DynoBikeMixture       *self,
                                                  const DynoGrid        *front,
                                                  const DynoGrid        *rear);
/* Delay = base_ms + flow_ms_rpm / rpm (at most 2000 ms), then the lag. Default
 * 40, 180000, 60. */
void             dyno_bike_mixture_set_sensor    (DynoBikeMixture       *self,
                                                  double                 base_ms,
                                                  double                 flow_ms_rpm,
                                                  double                 lag_ms);

/* The engine has always stood at this point: no echo of an earlier one. */
void             dyno_bike_mixture_settle        (DynoBikeMixture       *self,
                                                  double                 rpm,
                                                  double                 map_kpa,
                                                  DynoBikeMixtureState  *state);
/* One millisecond on. */
void             dyno_bike_mixture_step          (DynoBikeMixture       *self,
                                                  double                 rpm,
                                                  double                 map_kpa,
                                                  DynoBikeMixtureState  *state);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (DynoBikeMixture, dyno_bike_mixture_free)

G_END_DECLS
