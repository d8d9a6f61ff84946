/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

#pragma once

#include "dyno-bike.h"

G_BEGIN_DECLS

/* The operator of the virtual dyno (jetdrive.md §12.2): what he does with
 * throttle, brake and gear, millisecond by millisecond of simulated time.
 *
 *   pulls  rolls in gear; first pull after 5 s, then one every period
 *   pull   rest, roll up, settle, pull, coast, brake, rest
 *   cells  load control over 8 engine speeds × 7 manifold pressures
 *   idle   the engine idles, the drum stands
 *
 * Pure; the bike is the caller's. */

typedef enum
{
  DYNO_CYCLE_PULLS,
  DYNO_CYCLE_PULL,
  DYNO_CYCLE_CELLS,
  DYNO_CYCLE_IDLE,
} DynoCycleKind;

typedef struct
{
  DynoCycleKind kind;
  guint         n_pulls;  /* 0: endless (PULLS), one (PULL) */
  double        period_s; /* from pull to pull */
} DynoCycleSetup;

typedef enum
{
  DYNO_CYCLE_NOTHING,
  DYNO_CYCLE_PULL_STARTS, /* the throttle opens */
  DYNO_CYCLE_PULL_ENDS,   /* it shuts; dyno_bike_figures () are of the pull */
  DYNO_CYCLE_CELL_HELD,   /* a cell is reached and held from here on */
  DYNO_CYCLE_OVER,        /* nothing more comes by itself */
} DynoCycleNews;

typedef struct _DynoCycle DynoCycle;

/* FALSE for a name that is no cycle. */
gboolean           dyno_cycle_find        (const char           *name,
                                           DynoCycleKind        *kind);
/* NULL-terminated, the default first. */
const char *const *dyno_cycle_names       (void);

/* Puts the bike where the cycle begins. `bike` is borrowed. */
DynoCycle         *dyno_cycle_new         (DynoBike             *bike,
                                           const DynoCycleSetup *setup);
void               dyno_cycle_free        (DynoCycle            *self);

/* One millisecond: acts, then lets the bike run. */
DynoCycleNews      dyno_cycle_step        (DynoCycle            *self);

/* The dyno's own "Sampling" switch: on during a pull, and during `cells`. */
gboolean           dyno_cycle_is_sampling (const DynoCycle      *self);
double             dyno_cycle_sampling_s  (const DynoCycle      *self);
/* Of the cell being held; FALSE outside `cells`, and while it is approached. */
gboolean           dyno_cycle_cell        (const DynoCycle      *self,
                                           double               *rpm,
                                           double               *map_kpa);

/* The operator changes his mind. */
void               dyno_cycle_drive       (DynoCycle            *self,
                                           DynoCycleKind         kind);
void               dyno_cycle_throttle    (DynoCycle            *self,
                                           double                tps_pct);
void               dyno_cycle_brake       (DynoCycle            *self,
                                           double                brake_n);
/* FALSE for a gear the engine does not have. */
gboolean           dyno_cycle_gear        (DynoCycle            *self,
                                           int                   gear);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (DynoCycle, dyno_cycle_free)

G_END_DECLS
