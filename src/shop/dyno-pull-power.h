/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

#pragma once

#include <gio/gio.h>

#include "dyno-power.h"
#include "dyno-selfcheck.h"

G_BEGIN_DECLS

/* The power curve of a run or of samples, and what the same run says of the dyno
 * (analysis.md 2). Computed in GLib's pool; the last few of the run book are kept,
 * so that changing back costs nothing. */

typedef struct _DynoShop DynoShop;

/* Immutable, reference counted, any thread. */
typedef struct
{
  DynoPower            *power;         /* (owned) never NULL; without points it says why */
  DynoSamples          *samples;       /* (owned) that it was made of */
  gboolean              has_selfcheck; /* force, acceleration and speed were there */
  DynoSelfcheck         selfcheck;
  DynoSelfcheckVerdict  verdict;       /* against the reference of the run's dyno */
  gboolean              has_reference;
  DynoDrum              reference;     /* what that dyno showed first */
  gboolean              has_coast_down; /* no pull, but the drum rolling out, its mass known */
  DynoSelfcheck         coast_down;
  gatomicrefcount       n_refs;
} DynoPullPower;

DynoPullPower *dyno_pull_power_ref    (DynoPullPower          *self);
void           dyno_pull_power_unref  (DynoPullPower          *self);

/* The computing alone: pure, on the calling thread. `reference` (nullable) is what
 * the dyno showed first. */
DynoPullPower *dyno_pull_power_make   (DynoSamples            *samples,
                                       const DynoPowerOptions *options,
                                       const DynoDrum         *reference);

/* The shop's own way to look at a run: ui.correction and ui.smoothing. Change what
 * you like before giving it. A drum that is not given is that of the dyno, or of its
 * plate (dyno.drum1_…), for runs that have no force. */
void           dyno_pull_power_defaults (DynoShop             *shop,
                                         DynoPowerOptions     *options);

/* Of a run by its id; a trim that was set by hand is kept to, where `options` has
 * none. `options` NULL: the defaults; what it borrows must live until the answer.
 * NOT_FOUND, CORRUPT. */
void           dyno_pull_power_run_async     (DynoShop               *shop,
                                              const char             *run_id,
                                              const DynoPowerOptions *options,
                                              GCancellable           *cancellable,
                                              GAsyncReadyCallback     callback,
                                              gpointer                user_data);
/* Of samples at hand; works without a store. */
void           dyno_pull_power_samples_async (DynoShop               *shop,
                                              DynoSamples            *samples,
                                              const DynoPowerOptions *options,
                                              GCancellable           *cancellable,
                                              GAsyncReadyCallback     callback,
                                              gpointer                user_data);
/* For both. */
DynoPullPower *dyno_pull_power_finish        (GAsyncResult           *result,
                                              GError                **error);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (DynoPullPower, dyno_pull_power_unref)

G_END_DECLS
