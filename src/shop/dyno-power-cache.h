/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

#pragma once

#include "dyno-pull-power.h"

G_BEGIN_DECLS

/* The curves that were made last, by run, its revision and the options, so that
 * looking at a run again, or changing the smoothing back, costs nothing. A mutex,
 * held for a look. */

typedef struct _DynoPowerCache DynoPowerCache;

DynoPowerCache *dyno_power_cache_new  (void);
void            dyno_power_cache_free (DynoPowerCache *self);

/* (transfer full) (nullable) */
DynoPullPower  *dyno_power_cache_find (DynoPowerCache *self,
                                       const char     *key);
void            dyno_power_cache_put  (DynoPowerCache *self,
                                       const char     *key,
                                       DynoPullPower  *power);
/* The samples of a run, where they are at hand; so that only the curve is made
 * anew. (transfer full) (nullable) */
DynoSamples    *dyno_power_cache_samples (DynoPowerCache *self,
                                          const char     *run_key);

G_END_DECLS
