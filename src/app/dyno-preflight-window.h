/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

#pragma once

#include <adwaita.h>

#include "dyno-preflight-runner.h"

G_BEGIN_DECLS

/* The preflight to be read: a row a check with what was found and what mends it, how
 * far it is, and the way to arm: at once when nothing failed, else with a reason that
 * goes into the run.
 *
 * Signals:
 *   fix (int kind)           what mends that DynoPreflightKind is wanted
 *   arm (const char *reason) NULL: it passed */

#define DYNO_TYPE_PREFLIGHT_WINDOW (dyno_preflight_window_get_type ())
G_DECLARE_FINAL_TYPE (DynoPreflightWindow, dyno_preflight_window, DYNO, PREFLIGHT_WINDOW, AdwWindow)

/* A reason shorter than that is none. */
#define DYNO_PREFLIGHT_LEAST_REASON 8

/* `arms`: somebody wants to arm: it does so by itself when nothing failed. */
GtkWidget *dyno_preflight_window_new (DynoPreflightRunner *runner,
                                      gboolean             arms);

G_END_DECLS
