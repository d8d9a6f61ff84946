/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

#pragma once

#include "dyno-cycle.h"
#include "dyno-error.h"
#include "dyno-grid.h"
#include "dyno-profile.h"

G_BEGIN_DECLS

/* A whole virtual dyno without a wire: the bike, its operator, its instruments
 * and a profile that says which of them are read how often. Simulated time in
 * ms; the same setup gives the same samples. Pure. */

typedef struct _DynoMachine DynoMachine;

/* `ve_error` NULL: the demonstration's map unless `is_exact`. */
typedef struct
{
  const char     *profile;      /* NULL: "rt150-104" */
  const char     *engine;       /* NULL: that of the profile */
  const char     *cycle;        /* NULL: "pulls" */
  int             gear;         /* 0: the engine's first */
  guint           n_pulls;
  double          period_s;     /* 0: 12, four20 30 */
  double          rate_scale;   /* 0: 1 */
  guint64         seed;
  double          noise;
  gboolean        is_exact;     /* no VE error at all */
  const DynoGrid *ve_error;     /* (nullable) percent; the same for both cylinders */
  const DynoGrid *table;        /* (nullable) correction factors applied, front */
  const DynoGrid *table_rear;   /* (nullable) as `table` where NULL */
} DynoMachineSetup;

/* A sample of the channel of that place in the profile. */
typedef void (*DynoMachineFunc) (guint     channel,
                                 gint64    t_ms,
                                 float     value,
                                 gpointer  user_data);

/* DYNO_ERROR_INVALID for a profile, engine, cycle or gear nobody knows. */
DynoMachine       *dyno_machine_new        (const DynoMachineSetup *setup,
                                            DynoMachineFunc         func,
                                            gpointer                user_data,
                                            GError                **error);
void               dyno_machine_free       (DynoMachine            *self);

/* One millisecond on. */
DynoCycleNews      dyno_machine_step       (DynoMachine            *self);
gint64             dyno_machine_time_ms    (const DynoMachine      *self);

const DynoProfile *dyno_machine_profile    (const DynoMachine      *self);
DynoBike          *dyno_machine_bike       (DynoMachine            *self);
DynoCycle         *dyno_machine_cycle      (DynoMachine            *self);

/* The planted truth: what the mixture's error was, by cell of the 11x9 grid,
 * mean of 1 + e/100 over the samples that fell there. Calls `func` for each cell
 * that was met. */
typedef void (*DynoMachineTruth) (double    rpm,
                                  double    map_kpa,
                                  guint     n,
                                  double    front,
                                  double    rear,
                                  gpointer  user_data);
void               dyno_machine_tell_truth (const DynoMachine      *self,
                                            DynoMachineTruth        func,
                                            gpointer                user_data);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (DynoMachine, dyno_machine_free)

G_END_DECLS
