/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

#pragma once

#include "dyno-health.h"
#include "dyno-operation.h"

G_BEGIN_DECLS

/* What is remembered between two looks, the looks of others, and the last report.
 * Carries its own locks. */
typedef struct _DynoHealthMemory DynoHealthMemory;

DynoHealthMemory *dyno_health_memory_new  (void);
void              dyno_health_memory_free (DynoHealthMemory *self);

/* Ends the watch; what it began is an operation of the shop. */
void              dyno_health_end_watch   (DynoShop         *shop);

/* How far the clock was set since the last look, µs. */
gint64            dyno_health_clock_jump  (DynoHealthMemory *self,
                                           DynoClock        *clock);

/* dyno-health-look.c: the shop's own components; ended by a row without a name. */
typedef struct
{
  const char *name;
  void      (*look) (const DynoErrand *errand,
                     DynoComponent    *self);
} DynoHealthLook;

extern const DynoHealthLook dyno_health_looks[];

/* Memory of the process; 0 unknown. */
guint64           dyno_health_rss_bytes    (void);
/* That of the settings. */
guint64           dyno_health_budget_bytes (DynoShop *shop);

G_END_DECLS
