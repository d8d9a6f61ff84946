/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

#pragma once

#include "dyno-shop.h"

G_BEGIN_DECLS

/* The preflight as the window runs it: one at a time, with its progress, and the last
 * result there is, whoever asked for it. Main thread.
 *
 * Signals: changed (progress, beginning); finished: it ended, see the getters. */

#define DYNO_TYPE_PREFLIGHT_RUNNER (dyno_preflight_runner_get_type ())
G_DECLARE_FINAL_TYPE (DynoPreflightRunner, dyno_preflight_runner, DYNO, PREFLIGHT_RUNNER, GObject)

/* Older than this it is run again before arming. */
#define DYNO_PREFLIGHT_MAX_AGE_S 600

DynoPreflightRunner *dyno_preflight_runner_new        (DynoShop            *shop);

/* Begins; nothing while one runs. */
void                 dyno_preflight_runner_start      (DynoPreflightRunner *self);
void                 dyno_preflight_runner_cancel     (DynoPreflightRunner *self);
gboolean             dyno_preflight_runner_is_running (DynoPreflightRunner *self);
/* Checks that can be judged by now, and how many seconds of sampling are left. */
guint                dyno_preflight_runner_get_done   (DynoPreflightRunner *self);
double               dyno_preflight_runner_get_left_s (DynoPreflightRunner *self);
/* The last result, NULL before one. (transfer full) */
DynoPreflight       *dyno_preflight_runner_ref_result (DynoPreflightRunner *self);
/* Why the last one did not end; NULL. (transfer none) */
const GError        *dyno_preflight_runner_get_error  (DynoPreflightRunner *self);
/* There is a result and it is young enough for arming. */
gboolean             dyno_preflight_runner_is_fresh   (DynoPreflightRunner *self);

/* Checks without a failure, of those that were judged: "9/9". */
void                 dyno_preflight_count             (const DynoPreflight *preflight,
                                                       guint               *n_good,
                                                       guint               *n_judged);

G_END_DECLS
